/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What attributes are called, and what they are: the fields of
 * /proc/net/tcptrack and /proc/net/tcptrack_listen.
 */
#ifndef _CTL_FIELD_H
#define _CTL_FIELD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "json.h"
#include "names.h"

struct nlattr;

enum field_kind {
	FIELD_NUMBER,
	FIELD_MS,
	FIELD_US,
	FIELD_TEXT,
	FIELD_WORD,	/* one of names */
	FIELD_FLAGS,	/* a set of names */
	FIELD_SWITCH,	/* 1: the attribute is there; 0: it is not */
};

/**
 * struct field - a field of a flow, of each of its ends, or of a listener
 * @attr: its attribute
 * @kind: -
 * @count: it counts: -statistics shows it, not -details
 * @key: what it is called; of an end, behind "src_" or "dst_"
 * @names: of FIELD_WORD and FIELD_FLAGS
 */
struct field {
	uint16_t attr;
	enum field_kind kind;
	bool count;
	const char *key;
	const struct names *names;
};

/* Fields of a flow before and after its ends', and these */
#define FIELD_FLOW_BRIEF	6	/* that a brief record has */
#define FIELD_FLOW		8
#define FIELD_END_BRIEF		2	/* that a brief record has */
#define FIELD_END		20

#define FIELD_RETRY		3	/* of an end, the last of all */
#define FIELD_LISTENER		20	/* behind address and port */
#define FIELD_SERVICE		12

extern const struct field field_flow[FIELD_FLOW];
extern const struct field field_end[FIELD_END];
extern const struct field field_retry[FIELD_RETRY];
extern const struct field field_listener[FIELD_LISTENER];
extern const struct field field_service[FIELD_SERVICE];

/**
 * field_json() - the value of a field as JSON
 * @json: where, behind its key
 * @field: -
 * @attr: its attribute; NULL: not known
 */
void field_json(struct json *json, const struct field *field,
		const struct nlattr *attr);

/**
 * field_json_flags() - a set of words as JSON
 * @json: where
 * @names: -
 * @flags: -
 */
void field_json_flags(struct json *json, const struct names *names,
		      uint32_t flags);

/**
 * field_print() - a field for people: its name and value
 * @file: where
 * @field: -
 * @attr: its attribute; NULL: not known
 *
 * What is not known, empty or zero is left out.
 */
void field_print(FILE *file, const struct field *field,
		 const struct nlattr *attr);

/**
 * field_print_flags() - a set of words, with commas between
 * @file: where
 * @names: -
 * @flags: -
 */
void field_print_flags(FILE *file, const struct names *names, uint32_t flags);

#endif /* _CTL_FIELD_H */
