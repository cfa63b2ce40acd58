/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words and signs of filter expressions.
 */
#ifndef _CTL_FILTER_LEX_H
#define _CTL_FILTER_LEX_H

#include <stdbool.h>
#include <stddef.h>

#define FILTER_WORD	96	/* octets of a word, at the most */

enum filter_token {
	FILTER_END,
	FILTER_TEXT,
	FILTER_LEFT,	/* ( */
	FILTER_RIGHT,	/* ) */
	FILTER_T_NOT,
	FILTER_T_AND,
	FILTER_T_OR,
	FILTER_EQ,
	FILTER_NE,
	FILTER_LT,
	FILTER_LE,
	FILTER_GT,
	FILTER_GE,
	FILTER_BAD,	/* a word that is too long, or a sign that is none */
};

/**
 * struct filter_lex - where one is in an expression
 * @at: what is behind the token
 * @token: that was read last
 * @word: as it was written, cut at FILTER_WORD
 */
struct filter_lex {
	const char *at;
	enum filter_token token;
	char word[FILTER_WORD + 1];
};

/**
 * filter_lex_next() - read a token
 * @lex: -
 */
void filter_lex_next(struct filter_lex *lex);

/**
 * filter_lex_is_compare() - does a token compare?
 * @token: -
 *
 * Return: whether.
 */
static inline bool filter_lex_is_compare(enum filter_token token)
{
	return token >= FILTER_EQ && token <= FILTER_GE;
}

#endif /* _CTL_FILTER_LEX_H */
