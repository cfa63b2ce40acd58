// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers, times and addresses as text, beside what printf() makes of them.
 */
#include <inttypes.h>

#include <linux/jiffies.h>

#include "conn.h"
#include "text.h"

#define ROOM	64

static void expect_text(char *end, char *text, const char *want)
{
	*end = '\0';
	assert_string_equal(text, want);
}

static void expect_number(u64 number)
{
	char text[ROOM], want[ROOM];

	snprintf(want, sizeof(want), "%" PRIu64, (uint64_t)number);
	expect_text(tct_text_number(text, number), text, want);
}

/* Each number of digits, at both its ends and with zeros within */
static void numbers(void **state)
{
	u64 power = 1;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1100000; i++)
		expect_number(i);
	for (i = 0; i < 20; i++) {
		expect_number(power - 1);
		expect_number(power);
		expect_number(power + 1);
		expect_number(power + power / 1000);
		power *= 10;
	}
	expect_number(~0ULL);
	expect_number(1000001000001ULL);
}

static void expect_ticks(u64 ticks)
{
	char text[ROOM], want[ROOM];

	snprintf(want, sizeof(want), "%" PRIu64 ".%03u", (uint64_t)ticks / HZ,
		 (unsigned int)(ticks % HZ * 1000 / HZ));
	expect_text(tct_text_ticks(text, ticks), text, want);
}

static void ticks(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 200000; i++)
		expect_ticks(i);
	for (i = 0; i < 48; i++)
		expect_ticks(1ULL << i);
}

static void expect_us(u32 us)
{
	char text[ROOM], want[ROOM];

	snprintf(want, sizeof(want), "%u.%06u", us / 1000000, us % 1000000);
	expect_text(tct_text_us(text, us), text, want);
}

static void microseconds(void **state)
{
	u32 us;

	(void)state;
	for (us = 0; us < 1100000; us++)
		expect_us(us);
	for (us = 9999990; us < 10000010; us++)
		expect_us(us);
	expect_us(~0U);
}

/* Each octet, in each place */
static void addresses(void **state)
{
	char text[ROOM], want[ROOM];
	unsigned int i, at;

	(void)state;
	for (i = 0; i < 256; i++) {
		for (at = 0; at < 4; at++) {
			u8 addr[4] = { 0, 10, 100, 255 };

			addr[at] = i;
			snprintf(want, sizeof(want), "%u.%u.%u.%u", addr[0],
				 addr[1], addr[2], addr[3]);
			expect_text(tct_text_ipv4(text, addr), text, want);
		}
	}
}

static void words(void **state)
{
	static const struct tct_word word = TCT_WORD("word");
	char text[ROOM], *at = text;

	(void)state;
	at = tct_text_literal(at, "a longer literal of 31 octets: ");
	at = tct_text_word(at, &word);
	at = tct_text_char(at, ' ');
	expect_text(tct_text_string(at, "string"), text,
		    "a longer literal of 31 octets: word string");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(ticks),
		cmocka_unit_test(microseconds),
		cmocka_unit_test(addresses),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
