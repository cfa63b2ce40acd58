// SPDX-License-Identifier: GPL-2.0
/*
 * EXPRESSION := EXPRESSION or EXPRESSION
 *             | EXPRESSION [ and ] EXPRESSION
 *             | not EXPRESSION | ( EXPRESSION ) | PREDICATE
 *
 * in increasing order of precedence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter_parser.h"

#define FILTER_DEPTH	64	/* of parentheses and "not" */
#define FILTER_NODES	4096	/* in all */

static struct filter_node *filter_new(struct filter_parser *parser,
				      enum filter_op op,
				      struct filter_node *left,
				      struct filter_node *right)
{
	struct filter_node *node;

	if (parser->nodes == FILTER_NODES) {
		filter_fail(parser->filter, "more than %d conditions",
			    FILTER_NODES);
		return NULL;
	}
	node = calloc(1, sizeof(*node));
	if (!node) {
		filter_fail(parser->filter, "no memory");
		return NULL;
	}
	parser->nodes++;
	node->op = op;
	node->left = left;
	node->right = right;
	node->terms = filter_all;
	return node;
}

static void filter_drop(struct filter_node *node)
{
	struct filter rest = { .root = node };

	filter_free(&rest);
}

/* Put an operator above what it is for; if that fails, nothing is left of it */
static struct filter_node *filter_above(struct filter_parser *parser,
					enum filter_op op,
					struct filter_node *left,
					struct filter_node *right)
{
	struct filter_node *node = NULL;

	if (left && (right || op == FILTER_NOT))
		node = filter_new(parser, op, left, right);
	if (!node) {
		filter_drop(left);
		filter_drop(right);
	}
	return node;
}

static struct filter_node *filter_parse_predicate(struct filter_parser *parser)
{
	struct filter_node *node = filter_new(parser, FILTER_TERMS, NULL, NULL);
	bool negate;

	if (!node)
		return NULL;
	if (!filter_predicate(parser, &node->terms, &negate)) {
		filter_drop(node);
		return NULL;
	}
	return negate ? filter_above(parser, FILTER_NOT, node, NULL) : node;
}

static struct filter_node *filter_parse_group(struct filter_parser *parser)
{
	struct filter_node *node;

	filter_lex_next(&parser->lex);
	node = filter_expression(parser);
	if (!node)
		return NULL;
	if (parser->lex.token != FILTER_RIGHT) {
		filter_fail(parser->filter, "'(' is not closed");
		filter_drop(node);
		return NULL;
	}
	filter_lex_next(&parser->lex);
	return node;
}

static struct filter_node *filter_parse_not(struct filter_parser *parser)
{
	struct filter_node *node;

	if (parser->lex.token != FILTER_T_NOT &&
	    parser->lex.token != FILTER_LEFT)
		return filter_parse_predicate(parser);
	if (parser->depth == FILTER_DEPTH) {
		filter_fail(parser->filter, "more than %d '(' or 'not' in %s",
			    FILTER_DEPTH, "each other");
		return NULL;
	}
	parser->depth++;
	if (parser->lex.token == FILTER_LEFT) {
		node = filter_parse_group(parser);
	} else {
		filter_lex_next(&parser->lex);
		node = filter_above(parser, FILTER_NOT,
				    filter_parse_not(parser), NULL);
	}
	parser->depth--;
	return node;
}

static bool filter_goes_on(const struct filter_lex *lex)
{
	return lex->token != FILTER_T_OR && lex->token != FILTER_RIGHT &&
	       lex->token != FILTER_END;
}

static struct filter_node *filter_parse_and(struct filter_parser *parser)
{
	struct filter_node *node = filter_parse_not(parser);

	while (node && filter_goes_on(&parser->lex)) {
		if (parser->lex.token == FILTER_T_AND)
			filter_lex_next(&parser->lex);
		node = filter_above(parser, FILTER_AND, node,
				    filter_parse_not(parser));
	}
	return node;
}

struct filter_node *filter_expression(struct filter_parser *parser)
{
	struct filter_node *node = filter_parse_and(parser);

	while (node && parser->lex.token == FILTER_T_OR) {
		filter_lex_next(&parser->lex);
		node = filter_above(parser, FILTER_OR, node,
				    filter_parse_and(parser));
	}
	return node;
}

static bool filter_parse_text(struct filter *filter, const char *text)
{
	struct filter_parser parser = { { .at = text }, filter };

	filter_lex_next(&parser.lex);
	if (parser.lex.token == FILTER_END)
		return true;
	filter->root = filter_expression(&parser);
	if (!filter->root)
		return false;
	if (parser.lex.token != FILTER_END)
		return filter_fail(filter, "'%s' closes nothing",
				   parser.lex.word);
	return true;
}

/* The arguments as one text: ss(8) takes an expression in one or in several */
static char *filter_join_words(int argc, char **argv)
{
	size_t size = 1;
	char *text, *at;
	int i;

	for (i = 0; i < argc; i++)
		size += strlen(argv[i]) + 1;
	text = malloc(size);
	if (!text)
		return NULL;
	for (i = 0, at = text; i < argc; i++)
		at += sprintf(at, "%s ", argv[i]);
	*at = '\0';
	return text;
}

static bool filter_add_family(struct filter *filter, int family)
{
	struct filter_parser parser = { .filter = filter };
	struct filter_node *node;

	node = filter_new(&parser, FILTER_TERMS, NULL, NULL);
	if (!node)
		return false;
	node->terms.family = family;
	if (filter->root)
		node = filter_above(&parser, FILTER_AND, node, filter->root);
	filter->root = node;
	return node;
}

bool filter_parse(struct filter *filter, int family, int argc, char **argv)
{
	char *text = filter_join_words(argc, argv);
	bool done;

	memset(filter, 0, sizeof(*filter));
	if (!text)
		return filter_fail(filter, "no memory");
	done = filter_parse_text(filter, text) &&
	       (!family || filter_add_family(filter, family));
	if (done)
		filter_compile(filter);
	free(text);
	return done;
}
