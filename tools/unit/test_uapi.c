// SPDX-License-Identifier: GPL-2.0
/*
 * The numbers that netlink gives are the module's own: each stands for the same
 * word in include/uapi/linux/tcptrack.h as in /proc.
 */
#include <strings.h>

#include "conn.h"
#include "differ.h"
#include "names.h"
#include "outcome.h"

#include "../../include/uapi/linux/tcptrack.h"

struct word {
	unsigned int value;
	const char *word;
};

#define STATE(word)	{ TCPTRACK_STATE_##word, #word }
static const struct word states[] = {
	STATE(CLOSED), STATE(SYN_SENT), STATE(ESTABLISHED), STATE(FIN_WAIT_1),
	STATE(FIN_WAIT_2), STATE(CLOSE_WAIT), STATE(CLOSING), STATE(LAST_ACK),
	STATE(TIME_WAIT),
	/* as ss has it */
	{ TCPTRACK_STATE_SYN_RECV, "SYN_RECEIVED" },
};

#define CLASS(word)	{ TCPTRACK_CLASS_##word, #word }
static const struct word classes[] = {
	CLASS(HALF_OPEN), CLASS(ESTABLISHED), CLASS(HALF_CLOSED),
	CLASS(CLOSING), CLASS(TIME_WAIT), CLASS(CLOSED),
};

#define REASON(word)	{ TCPTRACK_REASON_##word, #word }
static const struct word reasons[] = {
	REASON(NONE), REASON(SYN), REASON(SYNACK), REASON(ACK), REASON(PICKUP),
	REASON(FIN), REASON(FIN_ACK), REASON(RST), REASON(SYNACK_AGAIN),
	REASON(FIN_AGAIN), REASON(SILENCE), REASON(ALIVE), REASON(REUSE),
	REASON(REFUSED_REUSE),
};

#define END(word)	{ TCPTRACK_END_##word, #word }
static const struct word ends[] = {
	END(FIN), END(REFUSED), END(RST_HALF_OPEN), END(RST_ABORTED),
	END(RST_TIME_WAIT), END(RST_STRAY), END(SILENCE),
};

#define FLAG(word)	{ TCPTRACK_FLOW_F_##word, #word }
static const struct word flags[] = {
	FLAG(PICKUP), FLAG(UNANSWERED), FLAG(SRC_UNCONFIRMED),
	FLAG(DST_UNCONFIRMED), FLAG(SIMULTANEOUS_OPEN), FLAG(ACCEPT_WAIT),
	FLAG(CHALLENGED), FLAG(REUSED), FLAG(SELF), FLAG(FAST_OPEN),
};

#define SEEN(word)	{ TCPTRACK_SEEN_##word, #word }
static const struct word seen[] = {
	SEEN(WSCALE), SEEN(SACK), SEEN(TIMESTAMPS), SEEN(SIGNED), SEEN(PSH),
	SEEN(URG), SEEN(ECE), SEEN(CWR),
};

#define DIFFERS(word)	{ TCPTRACK_DIFFERS_##word, #word }
static const struct word differs[] = {
	DIFFERS(UNSENT_FIN), DIFFERS(ZERO_WINDOW), DIFFERS(DEFER_ACCEPT),
	DIFFERS(ACCEPT_QUEUE), DIFFERS(SYNCOOKIE), DIFFERS(RST_LOST),
	DIFFERS(ACK_LOST), DIFFERS(BACKLOG), DIFFERS(ACK_PENDING),
	DIFFERS(SILENCE), DIFFERS(LATE_FIN), DIFFERS(DIED_SILENTLY),
	DIFFERS(FIN_WAIT_2_EXPIRED), DIFFERS(TIME_WAIT_EXPIRED),
	DIFFERS(TIME_WAIT_OVERFLOW), DIFFERS(PICKUP), DIFFERS(EARLY),
	DIFFERS(OTHER),
};

#define N(words)	(sizeof(words) / sizeof((words)[0]))

static void expect_named(const struct word *words, size_t n,
			 const char *(*name)(unsigned int), unsigned int max)
{
	size_t i;

	assert_int_equal(n, max);
	for (i = 0; i < n; i++)
		assert_int_equal(strcasecmp(words[i].word,
					    name(words[i].value)), 0);
}

static void enums_are_the_modules(void **state)
{
	(void)state;
	expect_named(states, N(states), tct_state_name, TCT_STATE_MAX);
	expect_named(classes, N(classes), tct_class_name, TCT_CLASS_MAX);
	expect_named(reasons, N(reasons), tct_reason_name, TCT_WHY_MAX);
	assert_int_equal(TCPTRACK_STATE_MAX, TCT_STATE_MAX - 1);
	assert_int_equal(TCPTRACK_CLASS_MAX, TCT_CLASS_MAX - 1);
	assert_int_equal(TCPTRACK_REASON_MAX, TCT_WHY_MAX - 1);
}

/* Those after them are of records, not of connections */
static void ends_are_the_modules(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(TCPTRACK_END_NONE, TCT_OUTCOME_NONE);
	assert_int_equal(N(ends), TCT_OUTCOME_MAX - 1);
	for (i = 0; i < N(ends); i++)
		assert_int_equal(strcasecmp(ends[i].word,
					    tct_outcome_name(ends[i].value)),
				 0);
}

static void differences_are_the_modules(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(N(differs), TCT_DIFF_MAX);
	assert_int_equal(TCPTRACK_DIFFERS_MASK, (1 << TCT_DIFF_MAX) - 1);
	for (i = 0; i < N(differs); i++) {
		assert_int_equal(differs[i].value, 1 << i);
		assert_int_equal(strcasecmp(differs[i].word,
					    tct_difference_name(i)), 0);
	}
}

/* Bit by bit, all that are set in turn */
static void flow_flags_are_the_modules(void **state)
{
	struct tct_fsm f = { .flags = 0xffff };
	size_t n;

	(void)state;
	assert_int_equal(TCT_FLAGS, N(flags));
	for (n = 0; n < N(flags); n++) {
		assert_int_equal(flags[n].value, 1 << n);
		assert_int_equal(strcasecmp(flags[n].word,
					    tct_flag_words[n].text), 0);
	}
	f.end[0].flags = 0xffff;
	f.end[1].flags = 0xffff;
	assert_int_equal(tct_flag_bits(&f), TCPTRACK_FLOW_F_MASK);
}

static void flow_flags_are_told_apart(void **state)
{
	struct tct_fsm f = { .flags = TCT_F_SELF | TCT_F_HS_DONE };

	(void)state;
	f.end[1].flags = TCT_END_UNCONF;
	assert_int_equal(tct_flag_bits(&f), TCPTRACK_FLOW_F_SELF |
			 TCPTRACK_FLOW_F_DST_UNCONFIRMED);
}

static void seen_flags_are_the_modules(void **state)
{
	struct tct_end end = { .flags = 0xffff };
	size_t n;

	(void)state;
	assert_int_equal(TCT_SEEN, N(seen));
	for (n = 0; n < N(seen); n++) {
		assert_int_equal(seen[n].value, 1 << n);
		assert_int_equal(strcasecmp(seen[n].word,
					    tct_seen_words[n].text), 0);
	}
	assert_int_equal(tct_seen_bits(&end), TCPTRACK_SEEN_MASK);
	end.flags = TCT_END_TS | TCT_ECE | TCT_END_SEEN;
	assert_int_equal(tct_seen_bits(&end), TCPTRACK_SEEN_TIMESTAMPS |
			 TCPTRACK_SEEN_ECE);
}

static void seen_flags_are_told_apart(void **state)
{
	static const struct {
		u16 flag;
		u32 bit;
	} pairs[] = {
		{ TCT_END_WSOPT, TCPTRACK_SEEN_WSCALE },
		{ TCT_END_SACKOK, TCPTRACK_SEEN_SACK },
		{ TCT_END_TS, TCPTRACK_SEEN_TIMESTAMPS },
		{ TCT_END_SIGNED, TCPTRACK_SEEN_SIGNED },
		{ TCT_PSH, TCPTRACK_SEEN_PSH },
		{ TCT_URG, TCPTRACK_SEEN_URG },
		{ TCT_ECE, TCPTRACK_SEEN_ECE },
		{ TCT_CWR, TCPTRACK_SEEN_CWR },
	};
	struct tct_end end = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < N(pairs); i++) {
		end.flags = pairs[i].flag;
		assert_int_equal(tct_seen_bits(&end), pairs[i].bit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enums_are_the_modules),
		cmocka_unit_test(ends_are_the_modules),
		cmocka_unit_test(differences_are_the_modules),
		cmocka_unit_test(flow_flags_are_the_modules),
		cmocka_unit_test(flow_flags_are_told_apart),
		cmocka_unit_test(seen_flags_are_the_modules),
		cmocka_unit_test(seen_flags_are_told_apart),
	};

	return cmocka_run_group_tests_name("uapi", tests, NULL, NULL);
}
