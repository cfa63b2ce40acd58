// SPDX-License-Identifier: GPL-2.0
/*
 * Percentiles: never too small, never an eighth too large.
 */
#include "conn.h"
#include "spread.h"

static struct tct_spread spread;

static int empty(void **state)
{
	(void)state;
	memset(&spread, 0, sizeof(spread));
	return 0;
}

static void slots_follow_each_other(void **state)
{
	unsigned int slot;

	(void)state;
	for (slot = 0; slot < TCT_SPREAD_SLOTS; slot++) {
		u32 most = tct_spread_most(slot);

		assert_int_equal(tct_spread_slot(most), slot);
		if (slot + 1 < TCT_SPREAD_SLOTS)
			assert_int_equal(tct_spread_slot(most + 1), slot + 1);
	}
	assert_int_equal(tct_spread_most(TCT_SPREAD_SLOTS - 1), U32_MAX);
}

static void an_eighth_at_most(void **state)
{
	u32 number;

	(void)state;
	for (number = 1; number < U32_MAX / 3; number = number * 3 / 2 + 1) {
		u32 most = tct_spread_most(tct_spread_slot(number));

		assert_true(most >= number && most - number <= number / 8);
	}
}

static void of_none(void **state)
{
	(void)state;
	assert_int_equal(tct_spread_at(&spread, 50), 0);
	assert_int_equal(tct_spread_at(&spread, 100), 0);
}

static void of_one(void **state)
{
	(void)state;
	tct_spread_add(&spread, 1000);
	assert_int_equal(tct_spread_at(&spread, 1), 1000);
	assert_int_equal(tct_spread_at(&spread, 100), 1000);
}

/* 1 to 1000: exact would be the percent times ten */
static void of_many(void **state)
{
	unsigned int percent;
	u32 number;

	(void)state;
	for (number = 1000; number; number--)
		tct_spread_add(&spread, number);
	for (percent = 1; percent <= 100; percent++) {
		u32 exact = percent * 10, is = tct_spread_at(&spread, percent);

		assert_true(is >= exact && is - exact <= exact / 8);
	}
	assert_int_equal(tct_spread_at(&spread, 100), 1000);
	assert_int_equal(spread.n, 1000);
}

static void most_are_the_least(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 90; i++)
		tct_spread_add(&spread, 0);
	for (i = 0; i < 10; i++)
		tct_spread_add(&spread, U32_MAX);
	assert_int_equal(tct_spread_at(&spread, 90), 0);
	assert_int_equal(tct_spread_at(&spread, 91), U32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_follow_each_other),
		cmocka_unit_test(an_eighth_at_most),
		cmocka_unit_test_setup(of_none, empty),
		cmocka_unit_test_setup(of_one, empty),
		cmocka_unit_test_setup(of_many, empty),
		cmocka_unit_test_setup(most_are_the_least, empty),
	};

	return cmocka_run_group_tests_name("spread", tests, NULL, NULL);
}
