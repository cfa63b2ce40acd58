// SPDX-License-Identifier: GPL-2.0
/*
 * What is received, and what is missing, adds up to what there was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tally.h"

static const struct tally_key cpu0 = { 7, 0, 1 }, cpu1 = { 7, 1, 1 };

static void is(struct tally *tally, uint64_t received, uint64_t lost)
{
	assert_int_equal(tally->received, received);
	assert_int_equal(tally->lost, lost);
	assert_int_equal(tally->generated, received + lost);
}

static void hear(struct tally *tally, const struct tally_key *key,
		 uint64_t from, uint64_t to)
{
	for (; from <= to; from++)
		assert_int_equal(tally_event(tally, key, from), 0);
}

static void all_are_there(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	hear(&tally, &cpu0, 1, 5);
	is(&tally, 5, 0);
	assert_int_equal(tally_last(&tally, &cpu0, 5), 0);
	is(&tally, 5, 0);
	tally_free(&tally);
}

static void what_was_before_is_not_ours(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	assert_int_equal(tally_base(&tally, &cpu0, 1000), 0);
	assert_int_equal(tally_last(&tally, &cpu0, 1000), 0);
	is(&tally, 0, 0);
	hear(&tally, &cpu0, 1001, 1003);
	is(&tally, 3, 0);
	tally_free(&tally);
}

/* Between joining and the answer: they are known, so they count */
static void what_was_heard_before_the_base(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	assert_int_equal(tally_base(&tally, &cpu0, 1000), 0);
	hear(&tally, &cpu0, 998, 1000);
	is(&tally, 3, 0);
	hear(&tally, &cpu0, 1002, 1002);
	is(&tally, 4, 1);
	tally_free(&tally);
}

static void gaps_of_several_cpus(void **state)
{
	struct tally tally = { 0 };
	struct tally_key topic = cpu0, netns = cpu0;

	(void)state;
	topic.topic = 2;
	netns.netns = 8;
	hear(&tally, &cpu0, 1, 10);
	hear(&tally, &cpu1, 3, 3);
	hear(&tally, &topic, 5, 5);
	is(&tally, 12, 6);
	hear(&tally, &cpu0, 14, 14);
	hear(&tally, &netns, 2, 3);
	is(&tally, 15, 10);
	hear(&tally, &cpu1, 4, 4);
	is(&tally, 16, 10);
	tally_free(&tally);
}

static void gap_at_the_end(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	hear(&tally, &cpu0, 1, 3);
	assert_int_equal(tally_last(&tally, &cpu0, 7), 0);
	assert_int_equal(tally_last(&tally, &cpu1, 2), 0);
	is(&tally, 3, 6);
	/* said twice, and after more was heard */
	hear(&tally, &cpu0, 8, 9);
	assert_int_equal(tally_last(&tally, &cpu0, 7), 0);
	assert_int_equal(tally_last(&tally, &cpu1, 2), 0);
	is(&tally, 5, 6);
	tally_free(&tally);
}

static void of_a_namespace_that_took_an_inode(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	hear(&tally, &cpu0, 1, 100);
	hear(&tally, &cpu0, 1, 2);
	is(&tally, 102, 0);
	hear(&tally, &cpu0, 2, 2);
	is(&tally, 103, 1);
	tally_free(&tally);
}

static void numbers_as_high_as_they_go(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	assert_int_equal(tally_base(&tally, &cpu0, UINT64_MAX - 3), 0);
	hear(&tally, &cpu0, UINT64_MAX - 1, UINT64_MAX - 1);
	assert_int_equal(tally_last(&tally, &cpu0, UINT64_MAX), 0);
	is(&tally, 1, 2);
	tally_free(&tally);
}

/* Against an account by another way: a number each, on many CPUs */
static void at_random(void **state)
{
	struct tally tally = { 0 };
	uint64_t last[300] = { 0 }, received = 0, generated = 0;
	unsigned int i, n;

	(void)state;
	srand(1);
	for (i = 0; i < 200000; i++) {
		n = rand() % 300;
		last[n]++;
		generated++;
		if (rand() % 3) {
			struct tally_key key = { n / 100, n % 100, n % 3 };

			hear(&tally, &key, last[n], last[n]);
			received++;
		}
	}
	for (n = 0; n < 300; n++) {
		struct tally_key key = { n / 100, n % 100, n % 3 };

		assert_int_equal(tally_last(&tally, &key, last[n]), 0);
	}
	is(&tally, received, generated - received);
	tally_free(&tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_there),
		cmocka_unit_test(what_was_before_is_not_ours),
		cmocka_unit_test(what_was_heard_before_the_base),
		cmocka_unit_test(gaps_of_several_cpus),
		cmocka_unit_test(gap_at_the_end),
		cmocka_unit_test(of_a_namespace_that_took_an_inode),
		cmocka_unit_test(numbers_as_high_as_they_go),
		cmocka_unit_test(at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
