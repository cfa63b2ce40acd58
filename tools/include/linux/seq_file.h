/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is printed goes to a buffer that grows.
 */
#ifndef _TOOLS_LINUX_SEQ_FILE_H
#define _TOOLS_LINUX_SEQ_FILE_H

#include <stdlib.h>
#include <string.h>

#include <linux/minmax.h>
#include <linux/types.h>

/**
 * struct seq_file - the buffer
 * @buf: what was printed
 * @count: octets of it
 * @size: octets that it has room for
 * @failed: no memory: what did not fit is lost
 */
struct seq_file {
	char *buf;
	size_t count;
	size_t size;
	bool failed;
};

static noinline bool seq_grow(struct seq_file *m, size_t len)
{
	size_t size = m->size ? m->size : 4096;
	char *buf;

	while (size - m->count < len)
		size *= 2;
	buf = realloc(m->buf, size);
	if (!buf) {
		m->failed = true;
		return false;
	}
	m->buf = buf;
	m->size = size;
	return true;
}

static inline bool seq_room(struct seq_file *m, size_t len)
{
	return likely(m->size - m->count >= len) || seq_grow(m, len);
}

static inline int seq_write(struct seq_file *m, const void *data, size_t len)
{
	if (!seq_room(m, len))
		return -1;
	memcpy(m->buf + m->count, data, len);
	m->count += len;
	return 0;
}

static inline void seq_putc(struct seq_file *m, char c)
{
	if (seq_room(m, 1))
		m->buf[m->count++] = c;
}

static inline void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}

static inline void seq_put_decimal_ull(struct seq_file *m, const char *before,
				       unsigned long long number)
{
	char digits[20];
	size_t at = sizeof(digits);

	seq_puts(m, before);
	do {
		digits[--at] = '0' + number % 10;
		number /= 10;
	} while (number);
	seq_write(m, digits + at, sizeof(digits) - at);
}

/* Room as in a page */
static inline size_t seq_get_buf(struct seq_file *m, char **buf)
{
	if (!seq_room(m, 4096))
		return 0;
	*buf = m->buf + m->count;
	return m->size - m->count;
}

static inline void seq_commit(struct seq_file *m, int count)
{
	if (count < 0)
		m->failed = true;
	else
		m->count += count;
}

int scnprintf(char *buf, size_t size, const char *format, ...);

#endif
