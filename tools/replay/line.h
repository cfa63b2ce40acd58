/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of key=value words as JSON.
 */
#ifndef _REPLAY_LINE_H
#define _REPLAY_LINE_H

#include <stddef.h>

struct json;

/**
 * line_to_json() - a line as an object
 * @json: where
 * @line: key=value words with single spaces between; no newline
 * @len: octets of it
 *
 * What looks like a number is one.  "-" is null, in a list an empty one.
 */
void line_to_json(struct json *json, const char *line, size_t len);

#endif /* _REPLAY_LINE_H */
