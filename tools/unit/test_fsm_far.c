// SPDX-License-Identifier: GPL-2.0
/*
 * What the fuzzer found: numbers of another connection, numbers half the circle
 * away, and ends that were thought reset.
 */
#include "conn.h"
#include "predict.h"

static u32 show(struct tct_fsm *f, unsigned int from, struct tct_segment seg)
{
	seg.segs = 1;
	seg.window = 500;
	return tct_fsm_step_slow(f, NULL, from, &seg, 10);
}

/* Of one side only the SYN and more are seen, then the other acknowledges what
 * was before the SYN
 */
static void first_ack_before_syn(void **state)
{
	struct tct_segment syn_seg = { .flags = SYN, .seq = 1000 };
	struct tct_fsm f;
	u32 ev;

	(void)state;
	tct_fsm_open(&f, &syn_seg, false, 1);
	show(&f, 0, SEG(.flags = DATA, .seq = 1001, .len = 10, .ack = 70));
	ev = show(&f, 1, SEG(.flags = ACK, .seq = 70, .ack = 900));
	assert_int_equal(ev, TCT_EV_WINDOW);
	assert_false(f.end[1].flags & TCT_END_ACKED);
	ev = show(&f, 1, SEG(.flags = ACK, .seq = 70, .ack = 1001));
	assert_true(ev & TCT_EV_REFRESH);
	assert_int_equal(f.end[1].ack, 1001);
}

/* What a challenge acknowledged is no acknowledgment of who speaks later */
static void challenge_is_forgotten(void **state)
{
	struct tct_segment syn_seg = { .flags = SYN, .seq = 0xa0000000 };
	struct tct_fsm f;

	(void)state;
	tct_fsm_open(&f, &syn_seg, false, 1);
	show(&f, 1, SEG(.flags = ACK, .seq = 7, .ack = 0x60000000));
	show(&f, 1, SEG(.flags = RSTACK, .ack = 0xa0000001));
	/* nor does it make another as old acceptable */
	show(&f, 1, SEG(.flags = DATA, .seq = 7, .len = 1, .ack = 0x60000000));
	assert_false(f.end[1].flags & TCT_END_SEEN);
	show(&f, 1, SEG(.flags = FIN, .seq = 7, .ack = 0xa0000001));
	assert_int_equal(f.end[1].ack, 0xa0000001);
}

/* Linux: of 2^31 - 1 a timestamp is newer */
static void timestamp_far_ahead(void **state)
{
	struct tct_end s = { .flags = TCT_END_TS | TCT_END_SEEN };
	struct tct_end r = { .flags = TCT_END_ACKED | TCT_END_SEEN };
	struct tct_segment seg = { .flags = ACK | TCT_OPT_TS, .seq = 1 };

	(void)state;
	s.ts = 100;
	seg.tsval = 100 + 0x7fffffffU;
	assert_false(tct_seq_old_ts(&s, &r, &seg));
	seg.tsval = 100 + 0x80000001U;
	assert_true(tct_seq_old_ts(&s, &r, &seg));
	seg.tsval = 98;
	assert_true(tct_seq_old_ts(&s, &r, &seg));
	seg.tsval = 99;
	assert_false(tct_seq_old_ts(&s, &r, &seg));
	/* of 0 none is older: some stacks begin with it */
	s.ts = 0;
	seg.tsval = 0x90000000;
	assert_false(tct_seq_old_ts(&s, &r, &seg));
}

/* SYNs cross, a RST ends both, and a SYN-ACK of who had sent no other shows that
 * it did not: no repetition is waited for
 */
static void nothing_is_due(void **state)
{
	struct tct_segment syn_seg = { .flags = SYN, .seq = 0 };
	struct tct_fsm f;

	(void)state;
	tct_fsm_open(&f, &syn_seg, false, 1);
	show(&f, 1, SEG(.flags = SYN, .seq = 0));
	show(&f, 0, SEG(.flags = SYNACK, .seq = 0, .ack = 1));
	show(&f, 0, SEG(.flags = RST, .seq = 1));
	assert_int_equal(f.end[1].state, TCT_CLOSED);
	assert_int_equal(f.end[1].prev, TCT_SYN_SENT);
	show(&f, 1, SEG(.flags = SYNACK, .seq = 0, .ack = 1));
	assert_int_equal(f.end[1].state, TCT_SYN_RECEIVED);
	assert_false(f.flags & TCT_F_ACCEPT_WAIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_ack_before_syn),
		cmocka_unit_test(challenge_is_forgotten),
		cmocka_unit_test(timestamp_far_ahead),
		cmocka_unit_test(nothing_is_due),
	};

	return cmocka_run_group_tests_name("far", tests, NULL, NULL);
}
