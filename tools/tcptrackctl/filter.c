// SPDX-License-Identifier: GPL-2.0
/*
 * A filter is a tree.  Its leaves are what the kernel's own filter can say, so
 * that those that are joined by "and" at the top can be put into one, as long as
 * they do not ask two things of the same kind.  The kernel then sends a superset
 * of what matches.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ctl.h"
#include "filter.h"

#define FILTER_ANY_NUMBER	{ 0, UINT64_MAX }

#define FILTER_ANY_END { \
	.port = { 0, UINT16_MAX }, \
	.states = UINT32_MAX, \
	.since = FILTER_ANY_NUMBER, \
}

const struct filter_terms filter_all = {
	.end = { FILTER_ANY_END, FILTER_ANY_END, FILTER_ANY_END },
	.age = FILTER_ANY_NUMBER,
	.idle = FILTER_ANY_NUMBER,
	.classes = UINT32_MAX,
};

static unsigned int filter_full_prefix(int family)
{
	return family == AF_INET ? 32 : 128;
}

static bool filter_is_open(const struct filter_range *range, uint64_t limit)
{
	return !range->min && range->max == limit;
}

static bool filter_is_any(const struct filter_match *match)
{
	return !match->family && filter_is_open(&match->port, UINT16_MAX) &&
	       match->states == UINT32_MAX && filter_is_open(&match->since, UINT64_MAX);
}

static bool filter_in_range(const struct filter_range *range, uint64_t number)
{
	return number >= range->min && number <= range->max;
}

static bool filter_in_set(uint32_t set, unsigned int number)
{
	/* what only a later module knows is in no set that was named */
	return set == UINT32_MAX || (number < 32 && set >> number & 1);
}

static bool filter_in_prefix(const uint8_t *addr, const uint8_t *with,
			     unsigned int prefix)
{
	unsigned int whole = prefix / 8, rest = prefix % 8;

	return !memcmp(addr, with, whole) &&
	       (!rest || !((addr[whole] ^ with[whole]) >> (8 - rest)));
}

static bool filter_match_end(const struct filter_match *match, int family,
			     const struct record_end *end)
{
	if (match->family &&
	    (match->family != family ||
	     !filter_in_prefix(end->addr, match->addr, match->prefix)))
		return false;
	return filter_in_range(&match->port, end->port) &&
	       filter_in_set(match->states, end->state) &&
	       filter_in_range(&match->since, end->since);
}

static bool filter_match_terms(const struct filter_terms *terms,
			       const struct record *record)
{
	const struct record_end *src = &record->end[RECORD_SRC];
	const struct record_end *dst = &record->end[RECORD_DST];
	const struct filter_match *any = &terms->end[FILTER_ANY];
	int family = record->family;

	if (terms->family && terms->family != family)
		return false;
	return filter_match_end(&terms->end[FILTER_SRC], family, src) &&
	       filter_match_end(&terms->end[FILTER_DST], family, dst) &&
	       (filter_match_end(any, family, src) ||
		filter_match_end(any, family, dst)) &&
	       filter_in_range(&terms->age, record->age) &&
	       filter_in_range(&terms->idle, record->idle) &&
	       filter_in_set(terms->classes, record->class) &&
	       (record->flags & terms->flags) == terms->flags &&
	       !(record->flags & terms->flags_not);
}

static bool filter_match_node(const struct filter_node *node,
			      const struct record *record)
{
	switch (node->op) {
	case FILTER_TERMS:
		return filter_match_terms(&node->terms, record);
	case FILTER_NOT:
		return !filter_match_node(node->left, record);
	case FILTER_AND:
		return filter_match_node(node->left, record) &&
		       filter_match_node(node->right, record);
	default:
		return filter_match_node(node->left, record) ||
		       filter_match_node(node->right, record);
	}
}

bool filter_matches(const struct filter *filter, const struct record *record)
{
	return !filter->root || filter_match_node(filter->root, record);
}

/* Return: false: there is nothing in both. */
static bool filter_join_range(struct filter_range *to,
			      const struct filter_range *from)
{
	if (to->min < from->min)
		to->min = from->min;
	if (to->max > from->max)
		to->max = from->max;
	return to->min <= to->max;
}

/* Return: false: neither prefix is part of the other. */
static bool filter_join_address(struct filter_match *to,
				const struct filter_match *from)
{
	const struct filter_match *shorter = to;

	if (!from->family)
		return true;
	if (to->family) {
		if (to->family != from->family)
			return false;
		if (from->prefix < to->prefix)
			shorter = from;
		if (!filter_in_prefix(to->addr, from->addr, shorter->prefix))
			return false;
		if (shorter == from)
			return true;
	}
	to->family = from->family;
	memcpy(to->addr, from->addr, sizeof(to->addr));
	to->prefix = from->prefix;
	return true;
}

static bool filter_join_end(struct filter_match *to,
			    const struct filter_match *from)
{
	to->states &= from->states;
	return to->states && filter_join_address(to, from) &&
	       filter_join_range(&to->port, &from->port) &&
	       filter_join_range(&to->since, &from->since);
}

/* One end may do for one condition and the other end for another */
static bool filter_join_any(struct filter_match *to,
			    const struct filter_match *from)
{
	if (filter_is_any(from))
		return true;
	if (!filter_is_any(to))
		return false;
	*to = *from;
	return filter_join_end(to, &filter_all.end[FILTER_ANY]);
}

/* Return: false: one filter cannot say both, and @to has not changed. */
static bool filter_join(struct filter_terms *to,
			const struct filter_terms *from)
{
	struct filter_terms both = *to;

	if (!both.family)
		both.family = from->family;
	both.classes &= from->classes;
	both.flags |= from->flags;
	both.flags_not |= from->flags_not;
	if ((from->family && both.family != from->family) || !both.classes ||
	    !filter_join_end(&both.end[FILTER_SRC], &from->end[FILTER_SRC]) ||
	    !filter_join_end(&both.end[FILTER_DST], &from->end[FILTER_DST]) ||
	    !filter_join_any(&both.end[FILTER_ANY], &from->end[FILTER_ANY]) ||
	    !filter_join_range(&both.age, &from->age) ||
	    !filter_join_range(&both.idle, &from->idle))
		return false;
	*to = both;
	return true;
}

static void filter_compile_node(struct filter *filter,
				const struct filter_node *node)
{
	if (node->op == FILTER_AND) {
		filter_compile_node(filter, node->left);
		filter_compile_node(filter, node->right);
	} else if (node->op != FILTER_TERMS ||
		   !filter_join(&filter->kernel, &node->terms)) {
		filter->exact = false;
	}
}

void filter_compile(struct filter *filter)
{
	filter->kernel = filter_all;
	filter->exact = true;
	if (filter->root)
		filter_compile_node(filter, filter->root);
}

static bool filter_is_endpoint(const struct filter_match *match)
{
	return match->family &&
	       match->prefix == filter_full_prefix(match->family) &&
	       match->port.min == match->port.max &&
	       match->states == UINT32_MAX && filter_is_open(&match->since, UINT64_MAX);
}

bool filter_is_tuple(const struct filter *filter)
{
	const struct filter_terms *terms = &filter->kernel;

	return filter->exact && filter_is_endpoint(&terms->end[FILTER_SRC]) &&
	       filter_is_endpoint(&terms->end[FILTER_DST]) &&
	       filter_is_any(&terms->end[FILTER_ANY]) &&
	       filter_is_open(&terms->age, UINT64_MAX) &&
	       filter_is_open(&terms->idle, UINT64_MAX) &&
	       terms->classes == UINT32_MAX && !terms->flags &&
	       !terms->flags_not;
}

bool filter_is_half_open(const struct filter *filter)
{
	const uint32_t half = 1U << TCPTRACK_STATE_SYN_SENT |
			      1U << TCPTRACK_STATE_SYN_RECV;
	unsigned int side;

	for (side = 0; side < FILTER_SIDES; side++)
		if (!(filter->kernel.end[side].states & ~half))
			return true;
	return filter->kernel.classes == 1U << TCPTRACK_CLASS_HALF_OPEN;
}

static void filter_free_node(struct filter_node *node)
{
	if (!node)
		return;
	filter_free_node(node->left);
	filter_free_node(node->right);
	free(node);
}

void filter_free(struct filter *filter)
{
	filter_free_node(filter->root);
	filter->root = NULL;
}
