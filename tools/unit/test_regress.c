// SPDX-License-Identifier: GPL-2.0
/*
 * What is counted of a flow beside its states.
 */
#include <linux/jiffies.h>

#include "account.h"
#include "conn.h"
#include "letters.h"
#include "outcome.h"

static const struct tct_config config = {
	.timeout = { 1000, 1000, 1000, 1000, 1000, 1000 },
	.keep_detail = true,
};

static u32 clock_us;

u32 tct_clock_us(void)
{
	return clock_us;
}

static int begin(void **state)
{
	(void)state;
	return tct_flow_cache_init();
}

static int end_tests(void **state)
{
	(void)state;
	tct_flow_cache_exit();
	return 0;
}

/* As the packet path does it */
static u32 account(struct tct_flow *flow, unsigned int dir,
		   struct tct_segment seg, u64 now)
{
	struct tct_parsed p = { .seg = seg, .dir = dir };
	u32 ev;

	p.seg.segs = 1;
	if (!flow->seen) {
		ev = tct_account_new(flow, &p, now);
		tct_account_settle(flow, &config, now);
		return ev;
	}
	ev = tct_account_slow(flow, &p, now);
	if (ev & TCT_EV_REUSE)
		ev |= tct_account_reuse(flow, &p, now);
	if (ev & (TCT_EV_STATE | TCT_EV_REUSE))
		tct_account_settle(flow, &config, now);
	return ev;
}

static void establish_flow(struct tct_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	account(flow, A, SEG(.flags = SYN, .seq = 99, .window = 500), 1);
	account(flow, B, SEG(.flags = SYNACK, .seq = 199, .ack = 100,
			     .window = 500), 2);
	account(flow, A, SEG(.flags = ACK, .seq = 100, .ack = 200,
			     .window = 500), 3);
	assert_non_null(flow->detail);
}

static void end_flow(struct tct_flow *flow)
{
	tct_flow_set_detail(flow, false, 0);
}

/* A zero window of an endpoint that talks to itself is one of both ends */
static void zero_window_of_self(void **state)
{
	struct tct_segment seg = { .flags = ACK | TCT_OPT_SELF };
	struct tct_flow flow = { 0 };
	unsigned int who;

	(void)state;
	account(&flow, A, seg, 1000);
	seg.window = 1;
	account(&flow, A, seg, 1300);
	for (who = 0; who < 2; who++) {
		assert_int_equal(flow.detail->end[who].zerowin, 1);
		assert_int_equal(flow.detail->end[who].zerowin_time, 300);
	}
	end_flow(&flow);
}

/* So are 4 GiB that it has acknowledged to itself */
static void wrap_of_self(void **state)
{
	struct tct_segment seg = { .flags = ACK | TCT_OPT_SELF,
				   .window = 65535 };
	struct tct_flow flow = { 0 };
	unsigned int i, who;

	(void)state;
	for (i = 0; i < 9; i++, seg.seq += 1U << 29, seg.ack += 1U << 29)
		account(&flow, A, seg, 1000 + i);
	for (who = 0; who < 2; who++)
		assert_int_equal(tct_outcome_acked(&flow.fsm, flow.detail, who),
				 1ULL << 32);
	end_flow(&flow);
}

/* The number that the SYN had comes round once more */
static void acked_once_round(void **state)
{
	struct tct_detail d = { .ack_wraps = { 0, 1 } };
	struct tct_fsm f = { 0 };

	(void)state;
	f.end[0].isn = 99;
	f.end[1].flags = TCT_END_ACKED;
	f.end[1].ack = 99;
	assert_int_equal(tct_outcome_acked(&f, &d, 0), 0xffffffff);
	f.end[1].ack = 100;
	assert_int_equal(tct_outcome_acked(&f, &d, 0), 1ULL << 32);
	d.ack_wraps[1] = 0;
	assert_int_equal(tct_outcome_acked(&f, &d, 0), 0);
}

/* An end in SYN_SENT answers the SYN-ACK with one of its own */
static void synack_answers_synack(void **state)
{
	struct tct_flow flow = { 0 };

	(void)state;
	clock_us = 1000000;
	account(&flow, A, SEG(.flags = SYN, .seq = 99), 1);
	clock_us += 50;
	account(&flow, B, SEG(.flags = SYNACK, .seq = 199, .ack = 100), 2);
	clock_us += 70;
	account(&flow, A, SEG(.flags = SYNACK, .seq = 99, .ack = 200), 3);
	assert_int_equal(flow.rtt_known, TCT_RTT_SERVER | TCT_RTT_CLIENT);
	assert_int_equal(flow.rtt[0], 50);
	assert_int_equal(flow.rtt[1], 70);
	end_flow(&flow);
}

/* A sample of more than 2^31 us makes the mean larger */
static void rtt_of_an_hour(void **state)
{
	struct tct_flow flow;

	(void)state;
	clock_us = 0;
	establish_flow(&flow);
	account(&flow, A, SEG(.flags = DATA, .seq = 100, .len = 1, .ack = 200,
			      .window = 500), 10);
	clock_us = 800;
	account(&flow, B, SEG(.flags = ACK, .seq = 200, .ack = 101,
			      .window = 500), 11);
	assert_int_equal(flow.detail->end[0].srtt, 800);
	account(&flow, A, SEG(.flags = DATA, .seq = 101, .len = 1, .ack = 200,
			      .window = 500), 12);
	clock_us += 3600000000U;
	account(&flow, B, SEG(.flags = ACK, .seq = 200, .ack = 102,
			      .window = 500), 13);
	assert_int_equal(flow.detail->end[0].rtt_last, 3600000000U);
	assert_int_equal(flow.detail->end[0].srtt, 800 + 3599999200U / 8);
	assert_int_equal(flow.detail->end[0].rtt_min, 800);
	end_flow(&flow);
}

/* Whether tct_predict() takes the next is not to be seen in the letters */
static void letters_before_detail(void **state)
{
	struct tct_segment seg = { .flags = DATA, .seq = 100, .len = 10,
				   .ack = 200, .window = 500 };
	char letters[TCT_LETTERS + 1];
	struct tct_flow flow = { 0 };

	(void)state;
	account(&flow, A, seg, 1);
	seg.seq += 10;
	seg.len = 0;
	account(&flow, A, seg, 2);
	account(&flow, B, SEG(.flags = ACK, .seq = 200, .ack = 110,
			      .window = 500), 3);
	tct_letters_print(&flow.fsm, flow.detail, letters);
	assert_string_equal(letters, "ADa");
	end_flow(&flow);
}

/* One of its ends rejects what the other takes: the states have changed */
static void fin_of_self_by_an_old_clock(void **state)
{
	struct tct_segment seg = { .flags = ACK | TCT_OPT_SELF,
				   .window = 65535, .seq = 1, .len = 1000 };
	struct tct_flow flow = { 0 };
	u32 ev;

	(void)state;
	account(&flow, A, seg, 1000);
	seg.flags |= TCT_OPT_TS;
	seg.tsval = 100;
	seg.ack = 5000;
	account(&flow, A, seg, 1001);
	seg.flags |= TCT_FIN;
	seg.tsval = 50;
	seg.seq = 5000;
	ev = account(&flow, A, seg, 1000 + 3000U * HZ);
	assert_true(ev & TCT_EV_STATE);
	assert_int_equal(flow.fsm.end[0].state, TCT_FIN_WAIT_1);
	assert_int_equal(flow.class, TCT_CLASS_CLOSING);
	end_flow(&flow);
}

/* B answers a SYN, is reset in silence's stead, and repeats its answer at once: when
 * the next is due is known
 */
static void synack_after_rst(void **state)
{
	struct tct_flow flow = { 0 };

	(void)state;
	account(&flow, A, SEG(.flags = SYN, .seq = 99), 1000);
	account(&flow, B, SEG(.flags = SYNACK, .seq = 199, .ack = 100,
			      .window = 500), 1000);
	account(&flow, B, SEG(.flags = RSTACK, .seq = 200, .ack = 100), 1001);
	assert_int_equal(flow.fsm.end[1].state, TCT_CLOSED);
	account(&flow, A, SEG(.flags = FIN, .seq = 100, .ack = 200,
			      .window = 500), 1002);
	account(&flow, B, SEG(.flags = SYNACK, .seq = 199, .ack = 100,
			      .window = 500), 1002);
	assert_int_equal(flow.fsm.end[1].state, TCT_SYN_RECEIVED);
	assert_true(flow.fsm.flags & TCT_F_ACCEPT_WAIT);
	assert_in_range(flow.fsm.synack_due, 1002 + HZ, 1002 + 4 * HZ);
	end_flow(&flow);
}

/* At the end of the largest window, and much of it: tct_predict() takes it */
static void large_at_the_edge(void **state)
{
	u32 edge = 100 + (65535U << 14);
	struct tct_flow flow = { 0 };

	(void)state;
	account(&flow, B, SEG(.flags = ACK, .seq = 3, .ack = 100,
			      .window = 65535), 1);
	account(&flow, A, SEG(.flags = ACK, .seq = edge, .ack = 3,
			      .window = 500), 2);
	assert_int_equal(account(&flow, A, SEG(.flags = ACK, .seq = edge,
					       .len = 500000, .ack = 3,
					       .window = 500), 3),
			 TCT_EV_REFRESH);
	end_flow(&flow);
}

/* As old as it may be, while more than a window is under way: it is no news */
static void old_is_not_new(void **state)
{
	u32 far = 65535U << 14;
	struct tct_flow flow = { 0 };

	(void)state;
	account(&flow, B, SEG(.flags = ACK, .seq = 3, .ack = 100,
			      .window = 65535), 1);
	account(&flow, A, SEG(.flags = ACK, .seq = 100 + far, .ack = 3,
			      .window = 500), 2);
	account(&flow, A, SEG(.flags = ACK, .seq = 100 + far, .len = 65535,
			      .ack = 3, .window = 500), 3);
	assert_int_equal(account(&flow, A, SEG(.flags = ACK, .seq = 100 - far,
					       .ack = 3, .window = 500), 4),
			 TCT_EV_WINDOW);
	end_flow(&flow);
}

/* What A sends where nobody answers may lie anywhere; from where B is heard, what it
 * said last counts
 */
static void far_acks_of_one(void **state)
{
	const struct tct_end *a;
	struct tct_flow flow = { 0 };

	(void)state;
	account(&flow, A, SEG(.flags = ACK, .seq = 100, .ack = 0x80000001,
			      .window = 500), 1);
	account(&flow, A, SEG(.flags = ACK, .seq = 100, .ack = 1333,
			      .window = 500), 2);
	a = &flow.fsm.end[flow.fsm.end[1].flags & TCT_END_SEEN ? 1 : 0];
	assert_int_equal(a->ack, 1333);
	assert_int_equal(a->edge, 1333 + (500U << 14));
	end_flow(&flow);
}

/* After so many SYN-ACKs B is thought to have given up.  That it was no RST is
 * known also after what A says next.
 */
static void silence_is_no_rst(void **state)
{
	struct tct_segment again = SEG(.flags = SYNACK, .seq = 199, .ack = 100,
				       .window = 500);
	struct tct_flow flow;
	unsigned int by;
	u64 now = 10;

	(void)state;
	establish_flow(&flow);
	flow.fsm.synacks = 5;
	now += HZ;
	account(&flow, B, again, now);
	assert_int_equal(flow.fsm.end[1].state, TCT_SYN_RECEIVED);
	now = flow.fsm.synack_due;
	assert_int_equal(tct_fsm_timeout(&flow.fsm, now), TCT_EV_STATE);
	tct_account_settle(&flow, &config, now);
	account(&flow, A, SEG(.flags = FIN, .seq = 100, .ack = 200,
			      .window = 500), now + 1);
	assert_int_equal(flow.fsm.end[0].state, TCT_FIN_WAIT_1);
	assert_int_equal(tct_outcome_conn_state(&flow.fsm, false), TCT_CONN_S2);
	/* a RST of A's own is one */
	account(&flow, A, SEG(.flags = RST, .seq = 101), now + 2);
	assert_int_equal(tct_outcome_conn_state(&flow.fsm, false),
			 TCT_CONN_RSTO);
	assert_int_equal(tct_outcome(&flow.fsm, &by), TCT_OUTCOME_HALF_OPEN);
	assert_int_equal(by, 0);
	end_flow(&flow);
}

/* A TIME_WAIT refuses a SYN, and a REJECT rule's RST closes it. When the SYN's
 * sender goes on, who answers is not that TIME_WAIT come back.
 */
static void answer_is_not_the_old_end(void **state)
{
	struct tct_flow flow;
	struct tct_fsm *f = &flow.fsm;

	(void)state;
	establish_flow(&flow);
	account(&flow, A, SEG(.flags = FIN, .seq = 100, .ack = 200,
			      .window = 500), 4);
	account(&flow, B, SEG(.flags = FIN, .seq = 200, .ack = 101,
			      .window = 500), 5);
	account(&flow, A, SEG(.flags = ACK, .seq = 101, .ack = 201,
			      .window = 500), 6);
	account(&flow, B, SEG(.flags = SYN, .seq = 150, .window = 500), 7);
	assert_int_equal(f->end[1].state, TCT_TIME_WAIT);
	account(&flow, B, SEG(.flags = RST | TCT_OPT_FORGED, .seq = 151), 8);
	assert_int_equal(f->end[1].state, TCT_CLOSED);
	account(&flow, B, SEG(.flags = FIN, .seq = 151, .ack = 300,
			      .window = 500), 9);
	assert_int_equal(f->end[0].state, TCT_FIN_WAIT_1);
	account(&flow, A, SEG(.flags = ACK, .seq = 300, .ack = 152,
			      .window = 500), 10);
	assert_int_equal(f->end[0].state, TCT_FIN_WAIT_2);
	assert_int_equal(f->end[1].state, TCT_CLOSE_WAIT);
	end_flow(&flow);
}

/* What PAWS rejects leaves the hole where it is */
static void rejected_fills_no_hole(void **state)
{
	struct tct_segment seg = { .flags = DATA | TCT_OPT_TS, .seq = 100,
				   .len = 10, .ack = 200, .window = 500,
				   .tsval = 50 };
	struct tct_flow flow;
	u32 ev;

	(void)state;
	establish_flow(&flow);
	account(&flow, A, seg, 10);
	account(&flow, B, SEG(.flags = ACK, .seq = 200, .ack = 110,
			      .window = 500), 11);
	seg.seq = 120;
	account(&flow, A, seg, 12);
	seg.seq = 110;
	seg.tsval = 40;
	ev = account(&flow, A, seg, 13);
	assert_int_equal(ev, TCT_EV_PAWS | TCT_EV_OOO);
	seg.tsval = 51;
	ev = account(&flow, A, seg, 14);
	assert_int_equal(ev, TCT_EV_REFRESH | TCT_EV_OOO);
	end_flow(&flow);
}

/* A bare ACK of an end that opened at the same time may answer the other's SYN,
 * doubled on its way: its own SYN-ACK, repeated, still says SYN_RECEIVED
 */
static void bare_ack_proves_nothing(void **state)
{
	struct tct_segment again = SEG(.flags = SYNACK, .seq = 199, .ack = 100,
				       .window = 500);
	struct tct_segment last = SEG(.flags = ACK, .seq = 100, .ack = 200,
				      .window = 500);
	struct tct_flow flow;
	struct tct_end *b = &flow.fsm.end[1];

	(void)state;
	establish_flow(&flow);
	account(&flow, B, SEG(.flags = SYN, .seq = 199, .window = 500), 4);
	assert_true(flow.fsm.flags & TCT_F_SIMOPEN);
	account(&flow, A, last, 5);
	account(&flow, B, SEG(.flags = ACK, .seq = 200, .ack = 100,
			      .window = 500), 6);
	assert_int_equal(b->state, TCT_ESTABLISHED);
	account(&flow, B, again, 6 + HZ);
	assert_int_equal(b->state, TCT_SYN_RECEIVED);
	account(&flow, A, last, 7 + HZ);
	assert_int_equal(b->state, TCT_SYN_RECEIVED);
	end_flow(&flow);
}

/* Nor does that of a request which waits for room in the accept queue, and is
 * sent a keep-alive
 */
static void kept_alive_while_it_waits(void **state)
{
	struct tct_segment again = SEG(.flags = SYNACK, .seq = 199, .ack = 100,
				       .window = 500);
	struct tct_flow flow;
	struct tct_end *b = &flow.fsm.end[1];

	(void)state;
	establish_flow(&flow);
	account(&flow, B, again, 3 + HZ);
	assert_int_equal(b->state, TCT_SYN_RECEIVED);
	account(&flow, A, SEG(.flags = ACK, .seq = 99, .ack = 200,
			      .window = 500), 4 + HZ);
	account(&flow, B, SEG(.flags = ACK, .seq = 200, .ack = 100,
			      .window = 500), 5 + HZ);
	assert_int_equal(b->state, TCT_SYN_RECEIVED);
	account(&flow, B, SEG(.flags = DATA, .seq = 200, .ack = 100, .len = 10,
			      .window = 500), 6 + HZ);
	assert_int_equal(b->state, TCT_ESTABLISHED);
	end_flow(&flow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zero_window_of_self),
		cmocka_unit_test(wrap_of_self),
		cmocka_unit_test(acked_once_round),
		cmocka_unit_test(synack_answers_synack),
		cmocka_unit_test(rtt_of_an_hour),
		cmocka_unit_test(letters_before_detail),
		cmocka_unit_test(fin_of_self_by_an_old_clock),
		cmocka_unit_test(synack_after_rst),
		cmocka_unit_test(large_at_the_edge),
		cmocka_unit_test(old_is_not_new),
		cmocka_unit_test(far_acks_of_one),
		cmocka_unit_test(silence_is_no_rst),
		cmocka_unit_test(answer_is_not_the_old_end),
		cmocka_unit_test(rejected_fills_no_hole),
		cmocka_unit_test(bare_ack_proves_nothing),
		cmocka_unit_test(kept_alive_while_it_waits),
	};

	return cmocka_run_group_tests_name("regress", tests, begin,
					   end_tests);
}
