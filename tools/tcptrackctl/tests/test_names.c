// SPDX-License-Identifier: GPL-2.0
/*
 * The client's words are the module's, number by number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/tcptrack.h>

#include "ctl.h"
#include "names.h"
#include "vocabulary.h"

static void same(const struct names *names, const struct vocabulary *module)
{
	unsigned int i;

	for (i = 0; module->word(i); i++) {
		if (i >= names->n)
			fail_msg("%s %s has no word", module->what,
				 module->word(i));
		assert_string_equal(names->word[i], module->word(i));
	}
	assert_int_equal(names->n, i);
}

static void words_are_the_modules(void **state)
{
	(void)state;
	same(&names_states, &vocabulary_states);
	same(&names_classes, &vocabulary_classes);
	same(&names_reasons, &vocabulary_reasons);
	same(&names_flags, &vocabulary_flags);
	same(&names_seen, &vocabulary_seen);
	same(&names_differs, &vocabulary_differs);
}

/* netlink has more reasons than /proc, which shows no flow that is gone */
static void ends_are_the_modules(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; vocabulary_ends.word(i); i++)
		assert_string_equal(names_ends.word[i],
				    vocabulary_ends.word(i));
	assert_int_equal(names_ends.n, TCPTRACK_END_MAX + 1);
}

static void all_of_the_spec_has_a_word(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(names_states.n, TCPTRACK_STATE_MAX + 1);
	assert_int_equal(names_classes.n, TCPTRACK_CLASS_MAX + 1);
	assert_int_equal(names_reasons.n, TCPTRACK_REASON_MAX + 1);
	assert_int_equal((1U << names_flags.n) - 1, TCPTRACK_FLOW_F_MASK);
	assert_int_equal((1U << names_seen.n) - 1, TCPTRACK_SEEN_MASK);
	assert_int_equal((1U << names_differs.n) - 1, TCPTRACK_DIFFERS_MASK);
	assert_int_equal(names_limits.n, TCPTRACK_LIMIT_MAX + 1);
	assert_int_equal(names_counters.n, TCPTRACK_A_STATS_MAX + 1);
	for (i = TCPTRACK_A_STATS_PACKETS_TRACKED; i < names_counters.n; i++)
		assert_non_null(names_counters.word[i]);
	assert_int_equal(names_removals.n, TCPTRACK_REMOVAL_MAX + 1);
	assert_int_equal(names_settings.n, TCPTRACK_A_CONFIG_MAX + 1);
	for (i = TCPTRACK_A_CONFIG_ENABLED; i < names_settings.n; i++)
		if (i != TCPTRACK_A_CONFIG_NETNS_FD)
			assert_non_null(names_settings.word[i]);
}

static void words_are_found(void **state)
{
	(void)state;
	assert_int_equal(names_find(&names_states, "TIME_WAIT"),
			 TCPTRACK_STATE_TIME_WAIT);
	assert_int_equal(names_find(&names_states, "time-wait"),
			 TCPTRACK_STATE_TIME_WAIT);
	assert_int_equal(names_find(&names_states, "time-wai"), -1);
	assert_int_equal(names_find(&names_states, "time-waits"), -1);
	assert_int_equal(names_find(&names_states, ""), -1);
	assert_int_equal(names_find(&names_settings, "Half-Open-max"),
			 TCPTRACK_A_CONFIG_HALF_OPEN_MAX);
}

static void of_a_later_module(void **state)
{
	(void)state;
	assert_string_equal(names_word(&names_states, 10), "unknown");
	assert_string_equal(names_word(&names_states, UINT32_MAX), "unknown");
	assert_string_equal(names_word(&names_counters, 0), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_the_modules),
		cmocka_unit_test(ends_are_the_modules),
		cmocka_unit_test(all_of_the_spec_has_a_word),
		cmocka_unit_test(words_are_found),
		cmocka_unit_test(of_a_later_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
