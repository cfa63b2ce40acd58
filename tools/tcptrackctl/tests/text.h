/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is printed, as text.
 */
#ifndef _TEXT_H
#define _TEXT_H

#include <stdio.h>
#include <stdlib.h>

/**
 * struct text - a file that is read as text
 * @file: where one prints
 * @at: what was printed, after text_end()
 * @size: octets of it
 */
struct text {
	FILE *file;
	char *at;
	size_t size;
};

static inline void text_begin(struct text *text)
{
	text->file = open_memstream(&text->at, &text->size);
	assert_non_null(text->file);
}

/* Compare what was printed, and forget it */
static inline void text_end(struct text *text, const char *want)
{
	fclose(text->file);
	assert_string_equal(text->at, want);
	free(text->at);
}

#endif /* _TEXT_H */
