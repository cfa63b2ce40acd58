// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "ctl.h"
#include "filter_parser.h"
#include "names.h"
#include "units.h"

/* What a word that begins a predicate is about */
enum filter_kind {
	FILTER_K_ALL,
	FILTER_K_STATES,
	FILTER_K_HOST,
	FILTER_K_PORT,
	FILTER_K_STATE,
	FILTER_K_SINCE,
	FILTER_K_AGE,
	FILTER_K_IDLE,
	FILTER_K_CLASS,
	FILTER_K_FLAG,
};

static const struct filter_keyword {
	const char *word;
	enum filter_kind kind;
	enum filter_side side;
	const char *value;	/* what follows it */
} filter_keywords[] = {
	{ "all",	FILTER_K_ALL,	FILTER_ANY },
	{ "state",	FILTER_K_STATES, FILTER_ANY,	"a state" },
	{ "exclude",	FILTER_K_STATES, FILTER_ANY,	"a state" },
	{ "excl",	FILTER_K_STATES, FILTER_ANY,	"a state" },
	{ "src",	FILTER_K_HOST,	FILTER_SRC,	"an address" },
	{ "dst",	FILTER_K_HOST,	FILTER_DST,	"an address" },
	{ "host",	FILTER_K_HOST,	FILTER_ANY,	"an address" },
	{ "sport",	FILTER_K_PORT,	FILTER_SRC,	"a port" },
	{ "dport",	FILTER_K_PORT,	FILTER_DST,	"a port" },
	{ "port",	FILTER_K_PORT,	FILTER_ANY,	"a port" },
	{ "src-state",	FILTER_K_STATE,	FILTER_SRC,	"a state" },
	{ "dst-state",	FILTER_K_STATE,	FILTER_DST,	"a state" },
	{ "since",	FILTER_K_SINCE,	FILTER_ANY,	"a time" },
	{ "src-since",	FILTER_K_SINCE,	FILTER_SRC,	"a time" },
	{ "dst-since",	FILTER_K_SINCE,	FILTER_DST,	"a time" },
	{ "age",	FILTER_K_AGE,	FILTER_ANY,	"a time" },
	{ "idle",	FILTER_K_IDLE,	FILTER_ANY,	"a time" },
	{ "class",	FILTER_K_CLASS,	FILTER_ANY,	"a class" },
	{ "flag",	FILTER_K_FLAG,	FILTER_ANY,	"a flag" },
};

static bool filter_is_set(enum filter_kind kind)
{
	return kind == FILTER_K_STATE || kind == FILTER_K_CLASS ||
	       kind == FILTER_K_FLAG;
}

/* Return: whether there is a value for a predicate. */
static bool filter_want(struct filter_parser *parser,
			const struct filter_keyword *keyword)
{
	if (parser->lex.token == FILTER_TEXT)
		return true;
	if (parser->lex.token == FILTER_END)
		return filter_fail(parser->filter, "'%s' needs %s",
				   keyword->word, keyword->value);
	return filter_fail(parser->filter, "'%s' needs %s, not '%s'",
			   keyword->word, keyword->value, parser->lex.word);
}

/* Take an operator off; "=" goes without saying */
static enum filter_token filter_take_compare(struct filter_parser *parser)
{
	enum filter_token token = parser->lex.token;

	if (!filter_lex_is_compare(token))
		return FILTER_EQ;
	filter_lex_next(&parser->lex);
	return token;
}

/* Make a range that is one number what compares like that with it.  That it is
 * another number is said by negation.
 */
static void filter_compare(struct filter_range *range, enum filter_token token,
			   uint64_t limit)
{
	static const struct filter_range none = { 1, 0 };

	switch (token) {
	case FILTER_LT:
		if (!range->max--)
			*range = none;
		else
			range->min = 0;
		break;
	case FILTER_LE:
		range->min = 0;
		break;
	case FILTER_GT:
		if (range->min++ == limit)
			*range = none;
		else
			range->max = limit;
		break;
	case FILTER_GE:
		range->max = limit;
		break;
	default:
		break;
	}
}

static bool filter_port(struct filter_parser *parser,
			struct filter_terms *terms, enum filter_side side,
			enum filter_token token)
{
	struct filter_range *port = &terms->end[side].port;

	if (!filter_value_port(parser->filter, parser->lex.word, terms, port))
		return false;
	/* any port is neither more nor less than another */
	if (port->min == port->max)
		filter_compare(port, token, UINT16_MAX);
	return true;
}

static bool filter_time(struct filter_parser *parser,
			struct filter_range *range, enum filter_token token)
{
	uint64_t ms;

	if (!units_parse_ms(parser->lex.word, &ms))
		return filter_fail(parser->filter, "'%s' is no time",
				   parser->lex.word);
	range->min = ms;
	range->max = ms;
	filter_compare(range, token, UINT64_MAX);
	return true;
}

/* A set of one word.  Return: whether there is such a word. */
static bool filter_word(struct filter_parser *parser,
			const struct names *names, const char *what,
			uint32_t *set)
{
	int number = names_find(names, parser->lex.word);

	if (number < 0)
		return filter_fail(parser->filter, "'%s' is no %s",
				   parser->lex.word, what);
	*set = 1U << number;
	return true;
}

/* What is one of a set is not one of another, which the kernel can tell, too */
static bool filter_set(struct filter_parser *parser, struct filter_terms *terms,
		       const struct filter_keyword *keyword, bool negate)
{
	uint32_t set = 0;

	switch (keyword->kind) {
	case FILTER_K_CLASS:
		if (!filter_word(parser, &names_classes, "class", &set))
			return false;
		terms->classes = negate ? ~set : set;
		return true;
	case FILTER_K_FLAG:
		return filter_word(parser, &names_flags, "flag", negate ?
				   &terms->flags_not : &terms->flags);
	default:
		if (!filter_value_states(parser->filter, parser->lex.word,
					 &set))
			return false;
		terms->end[keyword->side].states = negate ? ~set : set;
		return true;
	}
}

/* What follows the operator */
static bool filter_value(struct filter_parser *parser,
			 struct filter_terms *terms,
			 const struct filter_keyword *keyword,
			 enum filter_token token)
{
	switch (keyword->kind) {
	case FILTER_K_PORT:
		return filter_port(parser, terms, keyword->side, token);
	case FILTER_K_SINCE:
		return filter_time(parser, &terms->end[keyword->side].since,
				   token);
	case FILTER_K_AGE:
		return filter_time(parser, &terms->age, token);
	case FILTER_K_IDLE:
		return filter_time(parser, &terms->idle, token);
	default:
		break;
	}
	if (token != FILTER_EQ && token != FILTER_NE)
		return filter_fail(parser->filter, "'%s' is = or !=, no more",
				   keyword->word);
	if (keyword->kind == FILTER_K_HOST)
		return filter_value_host(parser->filter, parser->lex.word,
					 terms, keyword->side);
	return filter_set(parser, terms, keyword, token == FILTER_NE);
}

static const struct filter_keyword *filter_find(const struct filter_lex *lex)
{
	size_t i;

	if (lex->token != FILTER_TEXT)
		return NULL;
	for (i = 0; i < CTL_COUNT(filter_keywords); i++)
		if (!strcmp(filter_keywords[i].word, lex->word))
			return &filter_keywords[i];
	return NULL;
}

/* As in ss(8) "state" and "exclude" that follow each other go together: the
 * former add up, the latter take away.  An end is in one of those, and none in
 * any of these.
 */
static bool filter_states(struct filter_parser *parser,
			  struct filter_terms *terms,
			  const struct filter_keyword *keyword)
{
	uint32_t in = 0, out = 0;

	while (keyword && keyword->kind == FILTER_K_STATES) {
		if (!filter_want(parser, keyword) ||
		    !filter_value_states(parser->filter, parser->lex.word,
					 *keyword->word == 'e' ? &out : &in))
			return false;
		filter_lex_next(&parser->lex);
		keyword = filter_find(&parser->lex);
		if (keyword && keyword->kind == FILTER_K_STATES)
			filter_lex_next(&parser->lex);
	}
	if (in)
		terms->end[FILTER_ANY].states = in;
	terms->end[FILTER_SRC].states = ~out;
	terms->end[FILTER_DST].states = ~out;
	return true;
}

bool filter_predicate(struct filter_parser *parser, struct filter_terms *terms,
		      bool *negate)
{
	const struct filter_keyword *keyword = filter_find(&parser->lex);
	enum filter_token token;

	*negate = false;
	if (!keyword)
		return filter_fail(parser->filter, parser->lex.word[0] ?
				   "'%s' begins no condition" :
				   "there is no condition%s",
				   parser->lex.word);
	filter_lex_next(&parser->lex);
	if (keyword->kind == FILTER_K_ALL)
		return true;
	if (keyword->kind == FILTER_K_STATES)
		return filter_states(parser, terms, keyword);
	token = filter_take_compare(parser);
	*negate = token == FILTER_NE && !filter_is_set(keyword->kind);
	if (!filter_want(parser, keyword) ||
	    !filter_value(parser, terms, keyword, token))
		return false;
	filter_lex_next(&parser->lex);
	return true;
}
