// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that can be shown has a word.
 */
#include <ctype.h>

#include <linux/bits.h>

#include "conn.h"
#include "names.h"

/* A word that is good for key=value: no spaces, no punctuation */
static void expect_word(const char *word, bool upper)
{
	assert_non_null(word);
	assert_true(*word);
	for (; *word; word++)
		assert_true(*word == '_' || isdigit(*word) ||
			    (upper ? isupper(*word) : islower(*word)));
}

static void expect_words(const char *(*name)(unsigned int), unsigned int n,
			 bool upper)
{
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		expect_word(name(i), upper);
		for (j = 0; j < i; j++)
			assert_string_not_equal(name(i), name(j));
	}
}

static void states_have_names(void **state)
{
	(void)state;
	expect_words(tct_state_name, TCT_STATE_MAX, true);
	assert_string_equal(tct_state_name(TCT_CLOSED), "CLOSED");
	assert_string_equal(tct_state_name(TCT_SYN_SENT), "SYN_SENT");
	assert_string_equal(tct_state_name(TCT_SYN_RECEIVED), "SYN_RECEIVED");
	assert_string_equal(tct_state_name(TCT_ESTABLISHED), "ESTABLISHED");
	assert_string_equal(tct_state_name(TCT_FIN_WAIT_1), "FIN_WAIT_1");
	assert_string_equal(tct_state_name(TCT_FIN_WAIT_2), "FIN_WAIT_2");
	assert_string_equal(tct_state_name(TCT_CLOSE_WAIT), "CLOSE_WAIT");
	assert_string_equal(tct_state_name(TCT_CLOSING), "CLOSING");
	assert_string_equal(tct_state_name(TCT_LAST_ACK), "LAST_ACK");
	assert_string_equal(tct_state_name(TCT_TIME_WAIT), "TIME_WAIT");
}

static void classes_have_names(void **state)
{
	(void)state;
	expect_words(tct_class_name, TCT_CLASS_MAX, false);
	assert_string_equal(tct_class_name(TCT_CLASS_HALF_OPEN), "half_open");
	assert_string_equal(tct_class_name(TCT_CLASS_TIME_WAIT), "time_wait");
}

static void reasons_have_names(void **state)
{
	(void)state;
	expect_words(tct_reason_name, TCT_WHY_MAX, false);
	assert_string_equal(tct_reason_name(TCT_WHY_NONE), "none");
	assert_string_equal(tct_reason_name(TCT_WHY_SYNACK_AGAIN),
			    "synack_again");
}

/* The names of all flags that are set, each followed by a space */
static const char *flags_of(u16 flags, u8 end_0, u8 end_1)
{
	struct tct_fsm f = { .flags = flags };
	static char names[512];
	unsigned int i;
	size_t len = 0;

	f.end[0].flags = end_0;
	f.end[1].flags = end_1;
	names[0] = '\0';
	for (i = 0; i < TCT_FLAGS; i++)
		if (tct_flag_bits(&f) & BIT(i))
			len += snprintf(names + len, sizeof(names) - len,
					"%s ", tct_flag_words[i].text);
	return names;
}

static void flags_have_names(void **state)
{
	(void)state;
	assert_string_equal(flags_of(TCT_F_PICKUP, 0, 0), "pickup ");
	assert_string_equal(flags_of(TCT_F_UNANSWERED, 0, 0), "unanswered ");
	assert_string_equal(flags_of(TCT_F_SIMOPEN, 0, 0),
			    "simultaneous_open ");
	assert_string_equal(flags_of(TCT_F_ACCEPT_WAIT, 0, 0), "accept_wait ");
	assert_string_equal(flags_of(TCT_F_CHALLENGED, 0, 0), "challenged ");
	assert_string_equal(flags_of(TCT_F_REUSED, 0, 0), "reused ");
	assert_string_equal(flags_of(TCT_F_SELF, 0, 0), "self ");
	assert_string_equal(flags_of(0, TCT_END_UNCONF, 0),
			    "src_unconfirmed ");
	assert_string_equal(flags_of(0, 0, TCT_END_UNCONF),
			    "dst_unconfirmed ");
}

/* What is for the state machine's own use is not shown */
static void other_flags_have_none(void **state)
{
	u8 other = ~TCT_END_UNCONF;

	(void)state;
	assert_string_equal(flags_of(0, 0, 0), "");
	assert_string_equal(flags_of(TCT_F_HS_DONE, other,
				     other), "");
}

static void flags_come_one_by_one(void **state)
{
	(void)state;
	assert_string_equal(flags_of(0xffff, 0xff, 0xff),
			    "pickup unanswered src_unconfirmed dst_unconfirmed simultaneous_open accept_wait challenged reused self fast_open ");
	assert_string_equal(flags_of(TCT_F_PICKUP | TCT_F_SELF, 0,
				     TCT_END_UNCONF),
			    "pickup dst_unconfirmed self ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_have_names),
		cmocka_unit_test(classes_have_names),
		cmocka_unit_test(reasons_have_names),
		cmocka_unit_test(flags_have_names),
		cmocka_unit_test(other_flags_have_none),
		cmocka_unit_test(flags_come_one_by_one),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
