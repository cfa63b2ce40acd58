// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <libmnl/libmnl.h>

#include "ctl.h"
#include "filter.h"

static void set_end(struct record *record, enum record_side side,
		    const char *addr, uint16_t port, unsigned int state,
		    uint64_t since)
{
	struct record_end *end = &record->end[side];

	record->family = strchr(addr, ':') ? AF_INET6 : AF_INET;
	assert_int_equal(inet_pton(record->family, addr, end->addr), 1);
	end->port = port;
	end->state = state;
	end->since = since;
}

/* The flow that the cases are about */
static void set_record(struct record *record)
{
	memset(record, 0, sizeof(*record));
	set_end(record, RECORD_SRC, "10.0.1.1", 40004,
		TCPTRACK_STATE_FIN_WAIT_2, 4208);
	set_end(record, RECORD_DST, "10.0.2.1", 80,
		TCPTRACK_STATE_CLOSE_WAIT, 4300);
	record->age = 10000;
	record->idle = 4208;
	record->class = TCPTRACK_CLASS_HALF_CLOSED;
	record->flags = TCPTRACK_FLOW_F_SRC_UNCONFIRMED;
}

static void parse(struct filter *filter, const char *text)
{
	char copy[4096], *words[] = { copy };

	assert_in_range(strlen(text), 0, sizeof(copy) - 1);
	memcpy(copy, text, strlen(text) + 1);
	if (!filter_parse(filter, 0, 1, words))
		fail_msg("'%s': %s", text, filter->error);
}

static bool matches(const char *text, const struct record *record)
{
	struct filter filter;
	bool match;

	parse(&filter, text);
	match = filter_matches(&filter, record);
	filter_free(&filter);
	return match;
}

/* Texts that match the flow, and that do not */
static void check(const char *const *yes, const char *const *no,
		  const struct record *record)
{
	for (; *yes; yes++)
		if (!matches(*yes, record))
			fail_msg("'%s' does not match", *yes);
	for (; *no; no++)
		if (matches(*no, record))
			fail_msg("'%s' matches", *no);
}

static void states(void **state)
{
	static const char *const yes[] = {
		"state fin-wait-2", "state FIN_WAIT_2", "state close-wait",
		"state all", "state connected", "state synchronized",
		"state big", "state established state close-wait",
		"exclude established", "exclude bucket", "excl time-wait",
		"state connected exclude syn-sent", "src-state fin-wait-2",
		"dst-state = close-wait", "dst-state != fin-wait-2",
		"src-state connected", NULL,
	};
	static const char *const no[] = {
		"state established", "state bucket", "state closed",
		"exclude fin-wait-2", "exclude close-wait", "exclude all",
		"state fin-wait-2 exclude close-wait", "exclude connected",
		"src-state close-wait", "dst-state != close-wait", NULL,
	};
	struct record record;

	(void)state;
	set_record(&record);
	check(yes, no, &record);
}

static void addresses(void **state)
{
	static const char *const yes[] = {
		"src 10.0.1.1", "src = 10.0.1.1", "src eq 10.0.1.1",
		"src 10.0.1.0/24", "src 10.0.1.255/24", "src 10.0.0.0/8",
		"src 0.0.0.0/0", "src *", "src 10.0.1.1:40004",
		"dst 10.0.2.1:80", "dst 10.0.0.0/8:80", "dst :80", "dst *:80",
		"dst :http", "dst inet:*", "dst inet:10.0.2.1",
		"dst != 10.0.2.2", "dst != 10.0.2.1:81", "host 10.0.1.1",
		"host 10.0.2.1:80", "host 10.0.1.1:40004", "dst 10.0.2.1/31",
		"dst ne ::1", NULL,
	};
	static const char *const no[] = {
		"src 10.0.1.2", "src 10.0.2.0/24", "src != 10.0.1.1",
		"src ::1", "src ::/0", "dst inet6:*", "dst 10.0.2.1:81",
		"host 10.0.2.1:40004", "host 10.0.3.0/24",
		"dst 10.0.2.0/32", "dst != 10.0.0.0/8", NULL,
	};
	struct record record;

	(void)state;
	set_record(&record);
	check(yes, no, &record);
}

static void addresses_of_ipv6(void **state)
{
	static const char *const yes[] = {
		"src fd00::1", "src [fd00::1]", "src [fd00::1]:40004",
		"src fd00::/16", "src [fd00::]/16", "src [fd00::]/16:40004",
		"src fd00::3/126", "src ::/0", "dst inet6:fd00::2",
		"dst inet6:[fd00::2]:80", "host fd00::2", NULL,
	};
	static const char *const no[] = {
		"src fd00::2", "src [fd00::1]:80", "src 0.0.0.0/0",
		"src inet:*", "src fd00::2/127", "src ::1.2.3.4", NULL,
	};
	struct record record;

	(void)state;
	set_record(&record);
	set_end(&record, RECORD_SRC, "fd00::1", 40004, 0, 0);
	set_end(&record, RECORD_DST, "fd00::2", 80, 0, 0);
	check(yes, no, &record);
}

static void ports(void **state)
{
	static const char *const yes[] = {
		"dport 80", "dport = 80", "dport=80", "dport == :80",
		"dport :http", "dport http", "dport >= 80", "dport <= 80",
		"dport > 79", "dport < 81", "dport != 81", "dport ge 80",
		"dport le 80", "dport gt 79", "dport lt 81", "dport ne 81",
		"dport neq 81", "dport>=80", "sport > 1024", "port 80",
		"port 40004", "dport *", "sport inet:40004",
		"dport > 0", "dport <= 65535", NULL,
	};
	static const char *const no[] = {
		"dport 81", "dport > 80", "dport < 80", "dport != 80",
		"sport < 1024", "port 81", "dport inet6:80", "dport < 0",
		"dport > 65535", "dport >= 65535", "dport <= 0", NULL,
	};
	struct record record;

	(void)state;
	set_record(&record);
	check(yes, no, &record);
}

static void times_and_words(void **state)
{
	static const char *const yes[] = {
		"age > 5s", "age = 10", "age >= 10s", "age < 1m",
		"src-since > 4.2", "dst-since >= 4300ms", "since > 4.25",
		"since < 4.25", "idle <= 4208ms", "class half-closed",
		"class = half_closed", "class != closed",
		"flag src_unconfirmed", "flag src-unconfirmed",
		"flag != unanswered", NULL,
	};
	static const char *const no[] = {
		"age > 10", "age < 10", "src-since > 4.25", "idle > 4208ms",
		"since > 5", "class closed", "class != half-closed",
		"flag unanswered", "flag != src_unconfirmed", "age < 0",
		NULL,
	};
	struct record record;

	(void)state;
	set_record(&record);
	check(yes, no, &record);
}

static void expressions(void **state)
{
	static const char *const yes[] = {
		"", " ", "all", "not sport 1", "! sport 1", "!sport 1",
		"sport 1 or dport 80", "sport 1 || dport 80",
		"sport 1 | dport 80", "dport 80 and sport 40004",
		"dport 80 & sport 40004", "dport 80 && sport 40004",
		"dport 80 sport 40004", "(dport 80)", "( ( dport 80 ) )",
		/* "and" before "or", "not" before both */
		"dport 80 or sport 1 and sport 2",
		"sport 1 and sport 2 or dport 80",
		"not sport 1 or sport 2", "not not dport 80",
		"not sport 1 dport 80", "not (sport 1 or sport 2)",
		"dport 80 (sport 1 or sport 40004)",
		"state fin-wait-2 ( dport = :80 or dport = :443 )", NULL,
	};
	static const char *const no[] = {
		"not all", "not dport 80", "sport 1 and dport 80",
		"(dport 80 or sport 1) and sport 2", "not (dport 80)",
		"not sport 1 sport 2", "dport 80 sport 1", NULL,
	};
	struct record record;

	(void)state;
	set_record(&record);
	check(yes, no, &record);
}

static void nonsense(void **state)
{
	static const char *const bad[][2] = {
		{ "foo", "'foo' begins no condition" },
		{ "= 5", "'=' begins no condition" },
		{ "dport", "'dport' needs a port" },
		{ "dport =", "'dport' needs a port" },
		{ "dport ( 80 )", "'dport' needs a port, not '('" },
		{ "dport and", "'dport' needs a port, not 'and'" },
		{ "dport 65536", "port 65536 is more than 65535" },
		{ "dport nonesuch", "'nonesuch' is no port and no service" },
		{ "dport :", "':' needs a port" },
		{ "dport -1", "'-1' is no port and no service" },
		{ "src 10.0.0", "'10.0.0' is no address" },
		{ "src 10.0.0.0/33", "prefix length 33 is more than 32" },
		{ "src fd00::/129", "'129' is no prefix length" },
		{ "src 10.0.0.0/x", "'x' is no prefix length" },
		{ "src 10.0.0.0/", "'' is no prefix length" },
		{ "src 10.0.0.1:", "'10.0.0.1:' needs a port" },
		{ "src inet:", "'inet:' needs an address" },
		{ "src inet6:10.0.0.1", "'10.0.0.1' is of another family" },
		{ "src [fd00::1", "'[fd00::1' is no address" },
		{ "src [fd00::1]x", "'[fd00::1]x' is no address" },
		{ "src < 10.0.0.1", "'src' is = or !=, no more" },
		{ "flag > reused", "'flag' is = or !=, no more" },
		{ "flag nonesuch", "'nonesuch' is no flag" },
		{ "class nonesuch", "'nonesuch' is no class" },
		{ "state nonesuch", "'nonesuch' is no state" },
		{ "state", "'state' needs a state" },
		{ "state listening", "state 'listening' is no connection's" },
		{ "state all exclude", "'exclude' needs a state" },
		{ "age > soon", "'soon' is no time" },
		{ "(dport 80", "'(' is not closed" },
		{ "dport 80)", "')' closes nothing" },
		{ "()", "')' begins no condition" },
		{ "not", "there is no condition" },
		{ "dport 80 or", "there is no condition" },
		{ "dport 80 and or sport 1", "'or' begins no condition" },
		{ "or dport 80", "'or' begins no condition" },
	};
	struct filter filter;
	size_t i;

	(void)state;
	for (i = 0; i < CTL_COUNT(bad); i++) {
		char copy[64], *words[] = { copy };

		snprintf(copy, sizeof(copy), "%s", bad[i][0]);
		if (filter_parse(&filter, 0, 1, words))
			fail_msg("'%s' is understood", copy);
		assert_string_equal(filter.error, bad[i][1]);
		filter_free(&filter);
	}
}

/* As long, as deep and as many as there may be, and one more */
static void limits(void **state)
{
	static char text[64 << 10];
	char *words[1] = { text };
	struct filter filter;
	size_t i, len;

	(void)state;
	memset(text, 0, sizeof(text));
	for (i = 0; i < 64; i++)
		text[i] = '(';
	memcpy(text + 64, "all", 3);
	memset(text + 67, ')', 64);
	assert_true(filter_parse(&filter, 0, 1, words));
	filter_free(&filter);
	memset(text, '(', 65);
	assert_false(filter_parse(&filter, 0, 1, words));
	filter_free(&filter);
	for (i = 0, len = 0; i < 2048; i++)
		len += sprintf(text + len, "all ");
	assert_true(filter_parse(&filter, 0, 1, words));
	filter_free(&filter);
	strcat(text, "all");
	assert_false(filter_parse(&filter, 0, 1, words));
	filter_free(&filter);
	sprintf(text, "src %097d", 0);
	assert_false(filter_parse(&filter, 0, 1, words));
	filter_free(&filter);
}

static void words_are_joined(void **state)
{
	char *words[5] = { "dport", "=", ":80 or", "sport", "1" };
	struct filter filter;
	struct record record;

	(void)state;
	set_record(&record);
	assert_true(filter_parse(&filter, 0, 5, words));
	assert_true(filter_matches(&filter, &record));
	filter_free(&filter);
	assert_true(filter_parse(&filter, AF_INET6, 5, words));
	assert_false(filter_matches(&filter, &record));
	filter_free(&filter);
	assert_true(filter_parse(&filter, AF_INET, 0, NULL));
	assert_true(filter_matches(&filter, &record));
	filter_free(&filter);
}

static bool is_exact(const char *text)
{
	struct filter filter;
	bool exact;

	parse(&filter, text);
	exact = filter.exact;
	filter_free(&filter);
	return exact;
}

static void what_the_kernel_can_tell(void **state)
{
	static const char *const yes[] = {
		"", "all", "src 10.0.0.0/8 dst 10.0.0.1:80 state time-wait",
		"dport > 80 and dport < 90", "src 10.0.0.0/8 src 10.1.0.0/16",
		"exclude time-wait exclude closed", "host ::1 age > 5",
		"src-state established dst-state close-wait",
		"flag pickup flag != reused class half-open",
		"state established exclude time-wait idle > 5m", NULL,
	};
	static const char *const no[] = {
		"dport 80 or dport 81", "not dport 80", "dport != 80",
		"host ::1 port 80", "host ::1 state time-wait",
		"dport 80 dport 81", "src 10.0.0.0/8 src 11.0.0.0/8",
		"src 10.0.0.0/8 dst ::1", "class closed class half-open",
		"src-state closed src-state established",
		"src 10.0.0.1 (dport 80 or dport 81)", "exclude all", NULL,
	};
	size_t i;

	(void)state;
	for (i = 0; yes[i]; i++)
		if (!is_exact(yes[i]))
			fail_msg("'%s' is not exact", yes[i]);
	for (i = 0; no[i]; i++)
		if (is_exact(no[i]))
			fail_msg("'%s' is exact", no[i]);
}

static bool is_tuple(const char *text)
{
	struct filter filter;
	bool tuple;

	parse(&filter, text);
	tuple = filter_is_tuple(&filter);
	filter_free(&filter);
	return tuple;
}

static void tuples(void **state)
{
	(void)state;
	assert_true(is_tuple("src 10.0.0.1:5 dst 10.0.0.2:80"));
	assert_true(is_tuple("src [::1]:5 and dst [::2]:80"));
	assert_true(is_tuple("src 10.0.0.1 sport 5 dst 10.0.0.2 dport 80"));
	assert_false(is_tuple(""));
	assert_false(is_tuple("src 10.0.0.1:5"));
	assert_false(is_tuple("src 10.0.0.1 dst 10.0.0.2:80"));
	assert_false(is_tuple("src 10.0.0.0/31:5 dst 10.0.0.2:80"));
	assert_false(is_tuple("src 10.0.0.1:5 dst 10.0.0.2:80 age > 5"));
	assert_false(is_tuple("src 10.0.0.1:5 dst 10.0.0.2 dport > 80"));
	assert_false(is_tuple("src 1.1.1.1:5 dst 1.1.1.2:80 exclude closed"));
	assert_false(is_tuple("src 10.0.0.1:5 or dst 10.0.0.2:80"));
	assert_false(is_tuple("src 10.0.0.1:5 dst [::1]:80"));
}

/* What the kernel has been told, as it says it when it is asked */
static void told(struct filter_terms *terms, const struct filter *filter)
{
	char buf[1024] = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	filter_put_any(nlh, 1, &filter->kernel);
	filter_get(terms, mnl_nlmsg_get_payload(nlh));
}

/* Printed and read again, it says the same to the kernel, to the octet */
static void same_again(const char *text)
{
	struct filter filter, again;
	struct filter_terms terms;
	char printed[1024] = "";
	FILE *file = fmemopen(printed, sizeof(printed), "w");

	assert_non_null(file);
	parse(&filter, text);
	assert_true(filter.exact);
	told(&terms, &filter);
	filter_print(file, &terms);
	fclose(file);
	parse(&again, printed);
	if (!again.exact)
		fail_msg("'%s', printed '%s', is not exact", text, printed);
	told(&again.kernel, &again);
	if (memcmp(&again.kernel, &terms, sizeof(terms)))
		fail_msg("'%s' was printed '%s'", text, printed);
	filter_free(&filter);
	filter_free(&again);
}

static void printed_and_read(void **state)
{
	static const char *const texts[] = {
		"all", "dport 443", "sport >= 1024 sport < 5000", "port > 80",
		"host inet6:*", "src 10.0.0.0/8", "dst [fd00::]/16:80",
		"host fd00::1", "host 10.0.0.1:80", "src 10.1.2.3:5 dst :80",
		"src-state established", "dst-state != closed",
		"state established state syn-sent", "exclude time-wait",
		"since > 1.5s", "src-since <= 200ms dst-since >= 1h",
		"age < 5m idle >= 1d", "class half-open", "class != closed",
		"flag unanswered flag != pickup flag accept-wait",
	};
	size_t i;

	(void)state;
	for (i = 0; i < CTL_COUNT(texts); i++)
		same_again(texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(addresses),
		cmocka_unit_test(addresses_of_ipv6),
		cmocka_unit_test(ports),
		cmocka_unit_test(times_and_words),
		cmocka_unit_test(expressions),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(limits),
		cmocka_unit_test(words_are_joined),
		cmocka_unit_test(what_the_kernel_can_tell),
		cmocka_unit_test(tuples),
		cmocka_unit_test(printed_and_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
