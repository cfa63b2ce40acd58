/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON (RFC 8259), written as it comes: nothing is kept, so that a list may be
 * as long as it likes.
 */
#ifndef _CTL_JSON_H
#define _CTL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_BUFFER	4096

/**
 * struct json - a document, or several
 * @file: where it goes; its errors are the caller's to look for
 * @pretty: indented, for people
 * @depth: arrays and objects that are open
 * @lines: the outermost of them is an array: its elements stand a line each
 * @comma: the next value or key is not the first where it stands
 * @keyed: the next value belongs to the key before it
 * @len: octets in @buf
 * @buf: what has not gone to @file yet; all has when a document is complete
 */
struct json {
	FILE *file;
	bool pretty;
	unsigned int depth;
	bool lines;
	bool comma;
	bool keyed;
	size_t len;
	char buf[JSON_BUFFER];
};

/**
 * json_open() - begin an array or object
 * @json: where
 * @bracket: '[' or '{'
 */
void json_open(struct json *json, char bracket);

/**
 * json_close() - end it
 * @json: where
 * @bracket: ']' or '}'
 */
void json_close(struct json *json, char bracket);

/**
 * json_key() - the key of the value that comes next
 * @json: where, in an object
 * @key: a word, of letters, digits and '_'
 */
void json_key(struct json *json, const char *key);

/**
 * json_end_key() - the same, of a key in two parts
 * @json: where, in an object
 * @end: -
 * @key: "key" of "end" is "end_key"
 */
void json_end_key(struct json *json, const char *end, const char *key);

/**
 * json_text() - a string that is not terminated
 * @json: where
 * @text: octets; what is not UTF-8 among them is taken for Latin-1
 * @len: number of them
 */
void json_text(struct json *json, const char *text, size_t len);

/**
 * json_string() - a string
 * @json: where
 * @text: it; NULL: null
 */
void json_string(struct json *json, const char *text);

/**
 * json_digits() - a number as it was written elsewhere
 * @json: where
 * @digits: a number by RFC 8259 section 6
 * @len: octets of it
 */
void json_digits(struct json *json, const char *digits, size_t len);

/**
 * json_number() - a number
 * @json: where
 * @number: -
 */
void json_number(struct json *json, uint64_t number);

/**
 * json_fixed() - a number with decimals
 * @json: where
 * @number: it, times ten to the power of @decimals
 * @decimals: 1 to 9
 */
void json_fixed(struct json *json, uint64_t number, unsigned int decimals);

/**
 * json_null() - nothing known
 * @json: where
 */
void json_null(struct json *json);

#endif /* _CTL_JSON_H */
