/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which flows: ss(8)'s expressions, evaluated here exactly, and as far as the
 * kernel can, there first.
 */
#ifndef _CTL_FILTER_H
#define _CTL_FILTER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "record.h"

/* Ends that a condition is about; the first two as in struct record */
enum filter_side {
	FILTER_SRC = RECORD_SRC,
	FILTER_DST = RECORD_DST,
	FILTER_ANY,		/* one of them, whichever */
	FILTER_SIDES
};

/**
 * struct filter_range - numbers
 * @min: the least
 * @max: the greatest; less than @min: there is none
 */
struct filter_range {
	uint64_t min;
	uint64_t max;
};

/**
 * struct filter_match - what an end must be, all of it at once
 * @family: AF_INET or AF_INET6: @addr counts; 0: any address
 * @addr: -
 * @prefix: leading bits of it that count, not 0
 * @port: -
 * @states: set of states, by bit
 * @since: time in its state, ms
 */
struct filter_match {
	int family;
	uint8_t addr[16];
	unsigned int prefix;
	struct filter_range port;
	uint32_t states;
	struct filter_range since;
};

/**
 * struct filter_terms - what a flow must be, all of it at once; this is what the
 * kernel can tell
 * @family: AF_INET or AF_INET6, also that of addresses in @end; 0: either
 * @end: the ends, and that which one of them must be
 * @age: ms
 * @idle: ms
 * @classes: set of classes, by bit
 * @flags: TCPTRACK_FLOW_F_* that must be set
 * @flags_not: those that must not
 */
struct filter_terms {
	int family;
	struct filter_match end[FILTER_SIDES];
	struct filter_range age;
	struct filter_range idle;
	uint32_t classes;
	uint32_t flags;
	uint32_t flags_not;
};

enum filter_op {
	FILTER_TERMS,
	FILTER_NOT,	/* not left */
	FILTER_AND,
	FILTER_OR,
};

/**
 * struct filter_node - an expression
 * @op: -
 * @left: -
 * @right: -
 * @terms: of FILTER_TERMS
 */
struct filter_node {
	enum filter_op op;
	struct filter_node *left;
	struct filter_node *right;
	struct filter_terms terms;
};

#define FILTER_ERROR	240	/* octets of a message, at the most */

/**
 * struct filter - an expression, and what the kernel can tell of it
 * @root: the expression; NULL: every flow matches
 * @kernel: what must hold in any case
 * @exact: that is all
 * @error: why filter_parse() has failed
 */
struct filter {
	struct filter_node *root;
	struct filter_terms kernel;
	bool exact;
	char error[FILTER_ERROR];
};

extern const struct filter_terms filter_all;

/**
 * filter_parse() - make a filter
 * @filter: the result; to be freed by filter_free() in any case
 * @family: AF_INET or AF_INET6, or 0: either
 * @argc: number of @argv
 * @argv: the expression
 *
 * Return: whether it was understood.
 */
bool filter_parse(struct filter *filter, int family, int argc, char **argv);

/**
 * filter_free() - free a filter's memory
 * @filter: -
 */
void filter_free(struct filter *filter);

/**
 * filter_compile() - find out what the kernel can tell
 * @filter: with its expression
 */
void filter_compile(struct filter *filter);

/**
 * filter_matches() - does a flow match?
 * @filter: -
 * @record: the flow
 *
 * Return: whether.
 */
bool filter_matches(const struct filter *filter, const struct record *record);

/**
 * filter_is_tuple() - does it name one flow?
 * @filter: -
 *
 * Return: whether it says both addresses and both ports, and nothing else.
 */
bool filter_is_tuple(const struct filter *filter);

/**
 * filter_is_half_open() - does it name half-open flows only?
 * @filter: -
 *
 * Return: whether an end must be in SYN_SENT or SYN_RECEIVED, or the class is
 * that.
 */
bool filter_is_half_open(const struct filter *filter);

/**
 * filter_put() - put what the kernel can tell into a request
 * @nlh: the request, with room for 512 octets
 * @type: of the nest
 * @terms: -
 *
 * Where every flow matches, nothing is put.
 */
void filter_put(struct nlmsghdr *nlh, uint16_t type,
		const struct filter_terms *terms);

/**
 * filter_put_any() - the same, where also that every flow matches must be said
 * @nlh: the request, with room for 512 octets
 * @type: of the nest
 * @terms: -
 */
void filter_put_any(struct nlmsghdr *nlh, uint16_t type,
		    const struct filter_terms *terms);

/**
 * filter_get() - take what the kernel has been told apart
 * @terms: the result
 * @nest: the filter
 */
void filter_get(struct filter_terms *terms, const struct nlattr *nest);

/**
 * filter_print() - an expression for people, that filter_parse() understands
 * @file: where
 * @terms: what it says
 *
 * Of what an end must be all at once the expression says no more than that some
 * end is each of that.
 */
void filter_print(FILE *file, const struct filter_terms *terms);

/**
 * filter_put_tuple() - put the one flow that a filter names into a request
 * @nlh: the request, with room for 512 octets
 * @terms: filter_is_tuple()
 */
void filter_put_tuple(struct nlmsghdr *nlh, const struct filter_terms *terms);

#endif /* _CTL_FILTER_H */
