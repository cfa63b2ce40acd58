/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of key=value words as JSON.
 */
#ifndef _REPLAY_JSON_H
#define _REPLAY_JSON_H

#include <linux/seq_file.h>

/**
 * json_from_line() - a line as an object, on a line of its own
 * @m: where to print it
 * @line: key=value words with single spaces between; no newline
 * @len: octets of it
 *
 * What looks like a number is one.  "-" is null, in a list an empty one.
 */
void json_from_line(struct seq_file *m, const char *line, size_t len);

#endif /* _REPLAY_JSON_H */
