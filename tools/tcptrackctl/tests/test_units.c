// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ctl.h"
#include "units.h"

static void times(void **state)
{
	static const struct {
		const char *text;
		uint64_t ms;
	} good[] = {
		{ "0", 0 },
		{ "90", 90000 },
		{ "1.5", 1500 },
		{ "1.5s", 1500 },
		{ "200ms", 200 },
		{ "0.5ms", 0 },
		{ "1.9999999999999999999999ms", 1 },
		{ "3m12s", 192000 },
		{ "3min12sec", 192000 },
		{ "1h", 3600000 },
		{ "0.5d", 43200000 },
		{ "5d03h", 442800000 },
		{ "1m30", 90000 },
		{ "18446744073709551615ms", UINT64_MAX },
	};
	static const char *const bad[] = {
		"", "s", "-1", "+1", " 1", "1 ", "1x", "1.", ".5", "1..2",
		"0x10", "1sm", "18446744073709551616ms", "18446744073709552",
		"9999999999999999999999", "213503982335d",
		"18446744073709551615ms1ms",
	};
	uint64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < CTL_COUNT(good); i++) {
		if (!units_parse_ms(good[i].text, &ms))
			fail_msg("'%s' is refused", good[i].text);
		if (ms != good[i].ms)
			fail_msg("'%s' is %llu", good[i].text,
				 (unsigned long long)ms);
	}
	for (i = 0; i < CTL_COUNT(bad); i++)
		if (units_parse_ms(bad[i], &ms))
			fail_msg("'%s' is taken for %llu", bad[i],
				 (unsigned long long)ms);
}

static void numbers(void **state)
{
	uint64_t number;

	(void)state;
	assert_true(units_parse_number("0", &number));
	assert_int_equal(number, 0);
	assert_true(units_parse_number("18446744073709551615", &number));
	assert_true(number == UINT64_MAX);
	assert_false(units_parse_number("18446744073709551616", &number));
	assert_false(units_parse_number("", &number));
	assert_false(units_parse_number("-1", &number));
	assert_false(units_parse_number("1a", &number));
}

static void times_for_people(void **state)
{
	static const struct {
		uint64_t ms;
		const char *text;
	} times[] = {
		{ 0, "0ms" },
		{ 999, "999ms" },
		{ 1000, "1.0s" },
		{ 4208, "4.2s" },
		{ 59999, "59.9s" },
		{ 60000, "1m00s" },
		{ 192000, "3m12s" },
		{ 3600000, "1h00m" },
		{ 86399999, "23h59m" },
		{ 86400000, "1d00h" },
		{ 442800000, "5d03h" },
		{ UINT64_MAX, "213503982334d14h" },
	};
	char text[UNITS_ROOM];
	uint64_t again;
	size_t i;

	(void)state;
	for (i = 0; i < CTL_COUNT(times); i++) {
		assert_string_equal(units_print_ms(text, times[i].ms),
				    times[i].text);
		/* what is printed may be said */
		assert_true(units_parse_ms(text, &again));
		assert_true(again <= times[i].ms);
	}
	assert_string_equal(units_print_us(text, 7), "0.007ms");
	assert_string_equal(units_print_us(text, 151267), "151.267ms");
	assert_string_equal(units_print_us(text, 1500000), "1.5s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(numbers),
		cmocka_unit_test(times_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
