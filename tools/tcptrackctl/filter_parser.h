/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between the grammar of filter expressions and their predicates.
 */
#ifndef _CTL_FILTER_PARSER_H
#define _CTL_FILTER_PARSER_H

#include "filter_lex.h"
#include "filter_value.h"

/**
 * struct filter_parser - what is being understood
 * @lex: the token that is looked at
 * @filter: the result, and why it cannot be understood
 * @depth: parentheses and "not" that are open
 * @nodes: made so far
 */
struct filter_parser {
	struct filter_lex lex;
	struct filter *filter;
	unsigned int depth;
	unsigned int nodes;
};

/**
 * filter_expression() - understand an expression, as far as it goes
 * @parser: at its first token; behind its last afterwards
 *
 * Return: the expression; NULL: it is none; there is a message.
 */
struct filter_node *filter_expression(struct filter_parser *parser);

/**
 * filter_predicate() - understand a predicate
 * @parser: at its first word; behind it afterwards
 * @terms: filter_all; the result
 * @negate: set if what is meant is all but that
 *
 * Return: false: it is none; there is a message.
 */
bool filter_predicate(struct filter_parser *parser, struct filter_terms *terms,
		      bool *negate);

#endif /* _CTL_FILTER_PARSER_H */
