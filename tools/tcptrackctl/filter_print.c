// SPDX-License-Identifier: GPL-2.0
/*
 * The way back: from what the kernel has been told to an expression.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include "address.h"
#include "filter.h"
#include "names.h"
#include "units.h"

/* The words of conditions about an end */
static const struct {
	const char *host;
	const char *port;
	const char *state;
	const char *since;
} filter_words[FILTER_SIDES] = {
	[FILTER_SRC]	= { "src", "sport", "src-state", "src-since" },
	[FILTER_DST]	= { "dst", "dport", "dst-state", "dst-since" },
	[FILTER_ANY]	= { "host", "port", "state", "since" },
};

static void filter_get_range(struct filter_range *range,
			     const struct nlattr *min, const struct nlattr *max)
{
	if (min)
		range->min = record_number(min);
	if (max)
		range->max = record_number(max);
}

static void filter_get_address(struct filter_match *match,
			       const struct nlattr *const *attr)
{
	const struct nlattr *addr = attr[TCPTRACK_A_MATCH_ADDR4];
	size_t len = 4;

	match->family = AF_INET;
	if (!addr) {
		addr = attr[TCPTRACK_A_MATCH_ADDR6];
		match->family = AF_INET6;
		len = 16;
	}
	if (!addr || mnl_attr_get_payload_len(addr) != len) {
		match->family = 0;
		return;
	}
	memcpy(match->addr, mnl_attr_get_payload(addr), len);
	match->prefix = 8 * len;
	if (attr[TCPTRACK_A_MATCH_PREFIX_LEN])
		match->prefix = record_number(attr[TCPTRACK_A_MATCH_PREFIX_LEN]);
}

static void filter_get_match(struct filter_match *match,
			     const struct nlattr *nest)
{
	const struct nlattr *attr[TCPTRACK_A_MATCH_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_MATCH_MAX };

	if (!nest || mnl_attr_parse_nested(nest, record_attr, &attrs) < 0)
		return;
	filter_get_address(match, attr);
	if (attr[TCPTRACK_A_MATCH_PORT_MIN])
		match->port.min =
			ntohs(record_number(attr[TCPTRACK_A_MATCH_PORT_MIN]));
	if (attr[TCPTRACK_A_MATCH_PORT_MAX])
		match->port.max =
			ntohs(record_number(attr[TCPTRACK_A_MATCH_PORT_MAX]));
	if (attr[TCPTRACK_A_MATCH_STATES])
		match->states = record_number(attr[TCPTRACK_A_MATCH_STATES]);
	filter_get_range(&match->since, attr[TCPTRACK_A_MATCH_SINCE_MIN],
			 attr[TCPTRACK_A_MATCH_SINCE_MAX]);
}

void filter_get(struct filter_terms *terms, const struct nlattr *nest)
{
	const struct nlattr *attr[TCPTRACK_A_FILTER_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_FILTER_MAX };

	*terms = filter_all;
	if (mnl_attr_parse_nested(nest, record_attr, &attrs) < 0)
		return;
	terms->family = record_number(attr[TCPTRACK_A_FILTER_FAMILY]);
	filter_get_match(&terms->end[FILTER_SRC], attr[TCPTRACK_A_FILTER_SRC]);
	filter_get_match(&terms->end[FILTER_DST], attr[TCPTRACK_A_FILTER_DST]);
	filter_get_match(&terms->end[FILTER_ANY], attr[TCPTRACK_A_FILTER_ANY]);
	filter_get_range(&terms->age, attr[TCPTRACK_A_FILTER_AGE_MIN],
			 attr[TCPTRACK_A_FILTER_AGE_MAX]);
	filter_get_range(&terms->idle, attr[TCPTRACK_A_FILTER_IDLE_MIN],
			 attr[TCPTRACK_A_FILTER_IDLE_MAX]);
	if (attr[TCPTRACK_A_FILTER_CLASSES])
		terms->classes = record_number(attr[TCPTRACK_A_FILTER_CLASSES]);
	terms->flags = record_number(attr[TCPTRACK_A_FILTER_FLAGS]);
	terms->flags_not = record_number(attr[TCPTRACK_A_FILTER_FLAGS_NOT]);
}

/* Names of a set: one of them, or all but those that are not in it */
static void filter_print_set(FILE *file, const char *word,
			     const struct names *names, uint32_t set)
{
	uint32_t all = (1U << names->n) - 1;
	unsigned int i;

	set &= all;
	if (set && !(set & (set - 1))) {
		fprintf(file, " %s = %s", word,
			names_word(names, __builtin_ctz(set)));
		return;
	}
	for (i = 0; i < names->n; i++)
		if (!(set >> i & 1))
			fprintf(file, " %s != %s", word, names_word(names, i));
}

/* "state" alone has words of its own that add up, and that it takes away */
static void filter_print_states(FILE *file, enum filter_side side,
				uint32_t set)
{
	unsigned int i;

	if (side != FILTER_ANY) {
		filter_print_set(file, filter_words[side].state, &names_states,
				 set);
		return;
	}
	for (i = 0; i < names_states.n; i++)
		if (set >> i & 1)
			fprintf(file, " state %s", names_word(&names_states, i));
}

static void filter_print_times(FILE *file, const char *word,
			       const struct filter_range *range)
{
	if (range->min)
		fprintf(file, " %s >= %" PRIu64 "ms", word, range->min);
	if (range->max != UINT64_MAX)
		fprintf(file, " %s <= %" PRIu64 "ms", word, range->max);
}

static void filter_print_ports(FILE *file, const char *word,
			       const struct filter_range *port)
{
	if (port->min == port->max) {
		fprintf(file, " %s %" PRIu64, word, port->min);
		return;
	}
	if (port->min)
		fprintf(file, " %s >= %" PRIu64, word, port->min);
	if (port->max < UINT16_MAX)
		fprintf(file, " %s <= %" PRIu64, word, port->max);
}

/* ADDRESS[/PREFIX][:PORT] */
static void filter_print_host(FILE *file, const char *word,
			      const struct filter_match *match)
{
	unsigned int full = match->family == AF_INET ? 32 : 128;
	bool one = match->port.min == match->port.max;
	bool bracket = one && match->family == AF_INET6;
	char addr[ADDRESS_ROOM];

	addr[address_print(addr, match->family, match->addr)] = '\0';
	fprintf(file, bracket ? " %s [%s]" : " %s %s", word, addr);
	if (match->prefix != full)
		fprintf(file, "/%u", match->prefix);
	if (one)
		fprintf(file, ":%" PRIu64, match->port.min);
}

static void filter_print_match(FILE *file, enum filter_side side,
			       const struct filter_match *match)
{
	if (match->family)
		filter_print_host(file, filter_words[side].host, match);
	if (!match->family || match->port.min != match->port.max)
		filter_print_ports(file, filter_words[side].port, &match->port);
	if (match->states != UINT32_MAX)
		filter_print_states(file, side, match->states);
	filter_print_times(file, filter_words[side].since, &match->since);
}

static void filter_print_flags(FILE *file, const char *op, uint32_t flags)
{
	unsigned int i;

	for (i = 0; i < names_flags.n; i++)
		if (flags >> i & 1)
			fprintf(file, " flag %s %s", op,
				names_word(&names_flags, i));
}

void filter_print(FILE *file, const struct filter_terms *terms)
{
	const struct filter_match *end = terms->end;
	unsigned int side;

	/* an address says its family, too */
	if (terms->family && !end[FILTER_SRC].family &&
	    !end[FILTER_DST].family && !end[FILTER_ANY].family)
		fputs(terms->family == AF_INET ? " host inet:*" :
		      " host inet6:*", file);
	for (side = 0; side < FILTER_SIDES; side++)
		filter_print_match(file, side, &end[side]);
	filter_print_times(file, "age", &terms->age);
	filter_print_times(file, "idle", &terms->idle);
	if (terms->classes != UINT32_MAX)
		filter_print_set(file, "class", &names_classes, terms->classes);
	filter_print_flags(file, "=", terms->flags);
	filter_print_flags(file, "!=", terms->flags_not);
}
