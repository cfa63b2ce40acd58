// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "ctl.h"
#include "filter_lex.h"

#define FILTER_BLANKS	" \t\n"
#define FILTER_SIGNS	"()!=<>&|"

/* Longer signs before those that they begin with */
static const struct {
	const char *sign;
	enum filter_token token;
} filter_signs[] = {
	{ "(",	FILTER_LEFT },
	{ ")",	FILTER_RIGHT },
	{ "!=",	FILTER_NE },
	{ "!",	FILTER_T_NOT },
	{ "==",	FILTER_EQ },
	{ "=",	FILTER_EQ },
	{ "<=",	FILTER_LE },
	{ "<",	FILTER_LT },
	{ ">=",	FILTER_GE },
	{ ">",	FILTER_GT },
	{ "&&",	FILTER_T_AND },
	{ "&",	FILTER_T_AND },
	{ "||",	FILTER_T_OR },
	{ "|",	FILTER_T_OR },
};

static const struct {
	const char *word;
	enum filter_token token;
} filter_words[] = {
	{ "not",	FILTER_T_NOT },
	{ "and",	FILTER_T_AND },
	{ "or",		FILTER_T_OR },
	{ "eq",		FILTER_EQ },
	{ "ne",		FILTER_NE },
	{ "neq",	FILTER_NE },
	{ "lt",		FILTER_LT },
	{ "le",		FILTER_LE },
	{ "leq",	FILTER_LE },
	{ "gt",		FILTER_GT },
	{ "ge",		FILTER_GE },
	{ "geq",	FILTER_GE },
};

static enum filter_token filter_lex_sign(struct filter_lex *lex)
{
	size_t i;

	for (i = 0; i < CTL_COUNT(filter_signs); i++) {
		size_t len = strlen(filter_signs[i].sign);

		if (strncmp(lex->at, filter_signs[i].sign, len))
			continue;
		memcpy(lex->word, filter_signs[i].sign, len + 1);
		lex->at += len;
		return filter_signs[i].token;
	}
	return FILTER_BAD;
}

static enum filter_token filter_lex_word(struct filter_lex *lex, size_t len)
{
	size_t i, kept = len < FILTER_WORD ? len : FILTER_WORD;

	memcpy(lex->word, lex->at, kept);
	lex->word[kept] = '\0';
	lex->at += len;
	if (kept < len)
		return FILTER_BAD;
	for (i = 0; i < CTL_COUNT(filter_words); i++)
		if (!strcmp(lex->word, filter_words[i].word))
			return filter_words[i].token;
	return FILTER_TEXT;
}

void filter_lex_next(struct filter_lex *lex)
{
	size_t len;

	lex->at += strspn(lex->at, FILTER_BLANKS);
	len = strcspn(lex->at, FILTER_BLANKS FILTER_SIGNS);
	if (len) {
		lex->token = filter_lex_word(lex, len);
	} else if (*lex->at) {
		lex->token = filter_lex_sign(lex);
	} else {
		lex->token = FILTER_END;
		lex->word[0] = '\0';
	}
}
