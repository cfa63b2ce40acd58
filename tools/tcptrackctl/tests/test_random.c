// SPDX-License-Identifier: GPL-2.0
/*
 * Filters at random: an expression is made together with the answer that it
 * should give for a flow, by other means; and what the kernel is asked for must
 * never leave out what matches.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "ctl.h"
#include "filter.h"

#define RUNS	20000

/* An expression that grows */
struct expression {
	char text[1 << 16];
	size_t len;
	const struct record *record;
};

static uint32_t seed = 1;

/* xorshift: the same on every machine */
static uint32_t any(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static void random_record(struct record *record)
{
	unsigned int side;

	memset(record, 0, sizeof(*record));
	record->family = any(4) ? AF_INET : AF_INET6;
	for (side = 0; side < RECORD_SIDES; side++) {
		struct record_end *end = &record->end[side];

		end->addr[0] = 10;
		end->addr[3] = any(4);
		end->port = any(4);
		end->state = any(3);
		end->since = any(4) * 1000;
	}
	record->age = any(4) * 1000;
	record->class = any(3);
	record->flags = any(4);
}

__printf(2, 3)
static void add(struct expression *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	e->len += vsnprintf(e->text + e->len, sizeof(e->text) - e->len, format,
			    args);
	va_end(args);
	assert_in_range(e->len, 0, sizeof(e->text) - 1);
}

static const char *const ends[] = { "src", "dst" };

static bool add_port(struct expression *e)
{
	static const char *const ops[] = { "", "=", "!=", "<", ">", "<=",
					   "ge" };
	unsigned int side = any(2), op = any(7), port = any(4);
	unsigned int is = e->record->end[side].port;

	add(e, "%cport %s %u", *ends[side], ops[op], port);
	switch (op) {
	case 2:
		return is != port;
	case 3:
		return is < port;
	case 4:
		return is > port;
	case 5:
		return is <= port;
	case 6:
		return is >= port;
	default:
		return is == port;
	}
}

static bool add_host(struct expression *e)
{
	unsigned int host = any(4), bits = any(3), negate = any(2), i;
	bool match[RECORD_SIDES];

	for (i = 0; i < RECORD_SIDES; i++) {
		unsigned int is = e->record->end[i].addr[3];

		match[i] = e->record->family == AF_INET &&
			   is >> bits == host >> bits;
	}
	i = any(3);
	add(e, "%s %s 10.0.0.%u/%u", i == 2 ? "host" : ends[i],
	    negate ? "!=" : "", host, 32 - bits);
	return (i == 2 ? match[0] || match[1] : match[i]) != negate;
}

static bool add_states(struct expression *e)
{
	static const char *const words[] = { "closed", "syn-sent", "syn-recv" };
	unsigned int in = any(3), out = any(3), kind = any(3);
	const struct record_end *end = e->record->end;
	bool is_in, is_out;

	is_in = end[0].state == in || end[1].state == in;
	is_out = end[0].state == out || end[1].state == out;
	if (kind != 1)
		add(e, "state %s ", words[in]);
	if (kind != 0)
		add(e, "exclude %s ", words[out]);
	return (kind == 1 || is_in) && (kind == 0 || !is_out);
}

static bool add_rest(struct expression *e)
{
	const struct record *record = e->record;
	unsigned int number = any(4);

	switch (any(4)) {
	case 0:
		add(e, "age >= %us", number);
		return record->age >= number * 1000;
	case 1:
		add(e, "since < %us", number);
		return record->end[0].since < number * 1000 ||
		       record->end[1].since < number * 1000;
	case 2:
		add(e, "class %s", number ? "established" : "!= half-open");
		return record->class == 1 || (!number && record->class);
	default:
		add(e, "flag %s pickup", number ? "" : "ne");
		return (record->flags & TCPTRACK_FLOW_F_PICKUP) != !number;
	}
}

/* Return: whether it matches. */
static bool add_expression(struct expression *e, unsigned int depth)
{
	bool left, right;

	switch (depth ? any(8) : 4 + any(4)) {
	case 0:
		add(e, "not (");
		left = add_expression(e, depth - 1);
		add(e, ")");
		return !left;
	case 1:
		add(e, "(");
		left = add_expression(e, depth - 1);
		add(e, ") or (");
		right = add_expression(e, depth - 1);
		add(e, ")");
		return left || right;
	case 2:
	case 3:
		add(e, "(");
		left = add_expression(e, depth - 1);
		add(e, any(2) ? ") and (" : ") (");
		right = add_expression(e, depth - 1);
		add(e, ")");
		return left && right;
	case 4:
		return add_port(e);
	case 5:
		return add_host(e);
	case 6:
		return add_states(e);
	default:
		return add_rest(e);
	}
}

static void check(struct expression *e, bool want)
{
	struct filter_node node = { .op = FILTER_TERMS };
	struct filter kernel = { .root = &node }, filter;
	char *words[1] = { e->text };
	bool sent;

	if (!filter_parse(&filter, 0, 1, words))
		fail_msg("'%s': %s", e->text, filter.error);
	if (filter_matches(&filter, e->record) != want)
		fail_msg("'%s' should be %d", e->text, want);
	node.terms = filter.kernel;
	sent = filter_matches(&kernel, e->record);
	if (filter.exact ? sent != want : want && !sent)
		fail_msg("'%s': the kernel says %d", e->text, sent);
	filter_free(&filter);
}

static void random_filters(void **state)
{
	static struct expression e;
	struct record record;
	unsigned int i;
	bool want;

	(void)state;
	for (i = 0; i < RUNS; i++) {
		random_record(&record);
		e.len = 0;
		e.record = &record;
		want = add_expression(&e, any(6));
		check(&e, want);
	}
}

/* Words of the language in no order: no crash, and an error where it is due */
static void random_words(void **state)
{
	static const char *const words[] = {
		"(", ")", "and", "or", "not", "!", "=", "!=", "<", "src", "dst",
		"sport", "port", "state", "exclude", "all", "established",
		"10.0.0.1", "[::1]:80", ":80", "80", "5m", "age", "flag",
		"reused", "class", "[", "/", ":", "inet6:", "*",
	};
	struct filter filter;
	unsigned int i, n;

	(void)state;
	for (i = 0; i < RUNS; i++) {
		char *argv[8];

		for (n = 0; n < 8; n++)
			argv[n] = (char *)words[any(sizeof(words) /
						    sizeof(*words))];
		if (!filter_parse(&filter, 0, any(9), argv))
			assert_true(*filter.error);
		filter_free(&filter);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_filters),
		cmocka_unit_test(random_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
