// SPDX-License-Identifier: GPL-2.0
/*
 * What is counted of a connection, and what is told of it when it is over.
 * Initiator and responder number their octets from 1000 and from 5000.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include "account.h"
#include "letters.h"
#include "outcome.h"

#define ISN_A	1000
#define ISN_B	5000
#define WINDOW	60000

enum { A, B };

static struct tct_config config = {
	.timeout = { 100, 100, 100, 100, 100, 100 },
	.keep_detail = true,
};

static struct tct_flow *flow;
static struct tct_parsed p;
static u32 clock_us;
static bool opened;
static u64 ticks;

u32 tct_clock_us(void)
{
	return clock_us;
}

static int begin(void **state)
{
	(void)state;
	clock_us = 0xfffffff0;
	ticks = 1000;
	opened = false;
	assert_int_equal(tct_flow_cache_init(), 0);
	flow = tct_flow_alloc();
	assert_non_null(flow);
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (opened)
		tct_flow_set_detail(flow, false, ticks);
	tct_flow_free(flow);
	tct_flow_cache_exit();
	return 0;
}

/* A segment, which tests may change before they show it.  Numbers count from
 * the SYNs'.
 */
static struct tct_segment *seg(unsigned int from, u32 flags, u32 seq, u32 ack,
			       u32 len)
{
	p.dir = from;
	p.seg = (struct tct_segment){
		.seq = (from == A ? ISN_A : ISN_B) + seq,
		.ack = flags & TCT_ACK ? (from == A ? ISN_B : ISN_A) + ack : 0,
		.len = len, .segs = 1, .window = WINDOW, .flags = flags,
	};
	return &p.seg;
}

/* As the packet path does it */
static u32 show(void)
{
	unsigned int from = p.dir ^ flow->initiator_high;
	u32 ev;

	ticks++;
	if (!opened) {
		flow->class = TCT_CLASS_HALF_OPEN;
		ev = tct_account_new(flow, &p, ticks);
		opened = true;
	} else {
		if (tct_account_predicted(flow, &p.seg, from, ticks))
			return TCT_EV_REFRESH;
		ev = tct_account_slow(flow, &p, ticks);
		if (ev & TCT_EV_REUSE)
			ev |= tct_account_reuse(flow, &p, ticks);
	}
	if (ev & (TCT_EV_STATE | TCT_EV_REUSE))
		tct_account_settle(flow, &config, ticks);
	return ev;
}

static u32 say(unsigned int from, u32 flags, u32 seq, u32 ack, u32 len)
{
	seg(from, flags, seq, ack, len);
	return show();
}

static void establish(void)
{
	say(A, TCT_SYN, 0, 0, 0);
	say(B, TCT_SYN | TCT_ACK, 0, 1, 0);
	say(A, TCT_ACK, 1, 1, 0);
	say(B, TCT_ACK, 1, 1, 0);
	assert_non_null(flow->detail);
}

static const struct tct_end_detail *of(unsigned int who)
{
	assert_non_null(flow->detail);
	return &flow->detail->end[who];
}

static void expect_story(const char *outcome, unsigned int by,
			 const char *conn_state, const char *zeek)
{
	bool payload = flow->bytes[0] | flow->bytes[1];
	char buf[TCT_LETTERS + 1];
	enum tct_conn_state state;
	unsigned int who;

	assert_string_equal(tct_outcome_name(tct_outcome(&flow->fsm, &who)),
			    outcome);
	if (*outcome != '-')
		assert_int_equal(who, by);
	state = tct_outcome_conn_state(&flow->fsm, payload);
	assert_string_equal(tct_conn_state_name(state), conn_state);
	tct_letters_print(&flow->fsm, flow->detail, buf);
	assert_string_equal(buf, zeek);
}

/* Both halves, over a clock that wraps */
static void handshake_in_halves(void **state)
{
	(void)state;
	say(A, TCT_SYN, 0, 0, 0);
	clock_us += 1000;
	say(B, TCT_SYN | TCT_ACK, 0, 1, 0);
	clock_us += 300;
	say(A, TCT_ACK, 1, 1, 0);
	assert_int_equal(flow->rtt_known, TCT_RTT_SERVER | TCT_RTT_CLIENT);
	assert_int_equal(flow->rtt[0], 1000);
	assert_int_equal(flow->rtt[1], 300);
}

/* Karn: of what was sent twice there is no sample, but of the other half */
static void handshake_sent_twice(void **state)
{
	(void)state;
	say(A, TCT_SYN, 0, 0, 0);
	say(A, TCT_SYN, 0, 0, 0);
	say(B, TCT_SYN | TCT_ACK, 0, 1, 0);
	clock_us += 300;
	say(A, TCT_ACK, 1, 1, 0);
	assert_int_equal(flow->rtt_known, TCT_RTT_CLIENT);
	assert_int_equal(flow->rtt[1], 300);
}

static void synack_sent_twice(void **state)
{
	(void)state;
	say(A, TCT_SYN, 0, 0, 0);
	clock_us += 700;
	say(B, TCT_SYN | TCT_ACK, 0, 1, 0);
	say(B, TCT_SYN | TCT_ACK, 0, 1, 0);
	say(A, TCT_ACK, 1, 1, 0);
	assert_int_equal(flow->rtt_known, TCT_RTT_SERVER);
	assert_int_equal(flow->rtt[0], 700);
}

static void rtt_of_data(void **state)
{
	(void)state;
	establish();
	say(A, TCT_ACK, 1, 1, 100);
	clock_us += 8000;
	say(B, TCT_ACK, 1, 101, 0);
	assert_int_equal(of(A)->rtt_min, 8000);
	assert_int_equal(of(A)->srtt, 8000);
	say(A, TCT_ACK, 101, 1, 100);
	clock_us += 16000;
	say(B, TCT_ACK, 1, 201, 0);
	assert_int_equal(of(A)->rtt_min, 8000);
	assert_int_equal(of(A)->srtt, 9000);
	assert_int_equal(of(A)->rtt_last, 16000);
	say(A, TCT_ACK, 201, 1, 100);
	clock_us += 1000;
	say(B, TCT_ACK, 1, 301, 0);
	assert_int_equal(of(A)->rtt_min, 1000);
	assert_int_equal(of(A)->srtt, 8000);
	assert_int_equal(of(B)->srtt, 0);
}

/* RFC 6298 section 3 */
static void no_rtt_of_repeated_data(void **state)
{
	(void)state;
	establish();
	say(A, TCT_ACK, 1, 1, 100);
	say(A, TCT_ACK, 1, 1, 100);
	clock_us += 8000;
	say(B, TCT_ACK, 1, 101, 0);
	assert_int_equal(of(A)->srtt, 0);
}

static void with_ts(u32 tsval, u32 tsecr)
{
	p.seg.flags |= TCT_OPT_TS;
	p.seg.tsval = tsval;
	p.seg.tsecr = tsecr;
}

/* RFC 7323 section 4: timestamps tell which of the two is acknowledged */
static void rtt_of_repeated_data_by_timestamps(void **state)
{
	u32 echo;

	for (echo = 50; echo <= 60; echo += 10) {
		end(state);
		begin(state);
		establish();
		seg(A, TCT_ACK, 1, 1, 100);
		with_ts(50, 0);
		show();
		clock_us += 5000;
		seg(A, TCT_ACK, 1, 1, 100);
		with_ts(60, 0);
		show();
		clock_us += 2000;
		seg(B, TCT_ACK, 1, 101, 0);
		with_ts(9, echo);
		show();
		assert_int_equal(of(A)->srtt, echo == 60 ? 2000 : 0);
	}
}

static void what_is_counted(void **state)
{
	(void)state;
	establish();
	say(A, TCT_ACK, 1, 1, 100);
	say(A, TCT_ACK, 201, 1, 100);		/* 101 to 200 are missing */
	say(B, TCT_ACK, 1, 101, 0);
	say(B, TCT_ACK, 1, 101, 0);
	assert_int_equal(of(B)->dupacks, 1);
	say(A, TCT_ACK, 101, 1, 100);
	assert_int_equal(of(A)->ooo, 1);
	say(A, TCT_ACK, 101, 1, 100);
	assert_int_equal(of(A)->retrans, 1);
	assert_int_equal(of(A)->ooo, 1);
	say(B, TCT_ACK, 1, 301, 0);
	say(A, TCT_ACK, 300, 1, 0);
	assert_int_equal(of(A)->keepalives, 1);
	seg(A, TCT_ACK | TCT_OPT_CE, 301, 1, 10)->segs = 3;
	show();
	assert_int_equal(of(A)->ce, 3);
	say(A, TCT_ACK, 301 + 200000, 1, 10);
	assert_int_equal(of(A)->outwin, 1);
	assert_int_equal(of(A)->retrans, 1);
	assert_int_equal(flow->packets[A], 11);
	assert_int_equal(tct_outcome_acked(&flow->fsm, flow->detail, A), 300);
}

/* GRO puts new octets behind old ones */
static void repeated_in_part(void **state)
{
	(void)state;
	establish();
	say(A, TCT_ACK, 1, 1, 3000);
	seg(A, TCT_ACK, 1501, 1, 6000)->segs = 4;
	show();
	assert_int_equal(of(A)->retrans, 1);
	seg(A, TCT_ACK, 1501, 1, 6000)->segs = 4;
	show();
	assert_int_equal(of(A)->retrans, 5);
}

static void zero_window(void **state)
{
	(void)state;
	establish();
	say(A, TCT_ACK, 1, 1, 100);
	seg(B, TCT_ACK, 1, 101, 0)->window = 0;
	show();
	assert_int_equal(of(B)->zerowin, 1);
	ticks += 500;
	say(A, TCT_ACK, 100, 1, 0);
	assert_int_equal(of(A)->probes, 1);
	assert_int_equal(of(A)->keepalives, 0);
	seg(B, TCT_ACK, 1, 101, 0)->window = 0;
	show();
	assert_int_equal(of(B)->zerowin, 1);
	assert_int_equal(of(B)->zerowin_time + (u32)ticks, 502);
	say(B, TCT_ACK, 1, 101, 0);
	assert_int_equal(of(B)->zerowin_time, 503);
	seg(B, TCT_ACK, 1, 101, 0)->window = 0;
	show();
	assert_int_equal(of(B)->zerowin, 2);
}

static void paws_and_challenges(void **state)
{
	(void)state;
	establish();
	seg(A, TCT_ACK, 1, 1, 100);
	with_ts(1000, 0);
	show();
	seg(A, TCT_ACK, 101, 1, 100);
	with_ts(900, 0);
	assert_int_equal(show(), TCT_EV_PAWS);
	assert_int_equal(of(A)->paws, 1);
	assert_int_equal(flow->fsm.end[A].nxt, ISN_A + 101);
	/* RFC 5961 section 3: in the window, but not exact */
	say(A, TCT_RST, 150, 0, 0);
	say(B, TCT_ACK, 1, 1, 0);
	assert_int_equal(of(B)->challenges, 1);
	assert_int_equal(of(B)->dupacks, 0);
	assert_int_equal(flow->fsm.end[A].state, TCT_ESTABLISHED);
	flow->detail->end[A].paws = U16_MAX;
	seg(A, TCT_ACK, 101, 1, 100);
	with_ts(900, 0);
	show();
	assert_int_equal(of(A)->paws, U16_MAX);
}

/* RFC 7323 section 5.5: a clock that has gone half round in a silence */
static void timestamps_after_a_silence(void **state)
{
	(void)state;
	establish();
	seg(A, TCT_ACK, 1, 1, 100);
	with_ts(1000, 0);
	show();
	ticks += 2148ULL * HZ;
	seg(A, TCT_ACK, 101, 1, 100);
	with_ts(1000 + 0x90000000, 0);
	assert_int_equal(show() & TCT_EV_PAWS, 0);
	assert_int_equal(of(A)->paws, 0);
	assert_int_equal(flow->fsm.end[A].nxt, ISN_A + 201);
}

/* What its receiver acknowledges it took, whatever its timestamp was to us */
static void timestamp_of_nobody(void **state)
{
	(void)state;
	establish();
	seg(A, TCT_ACK, 1, 1, 100);
	with_ts(1000 + 0x7fffff00U, 0);		/* lost behind us */
	show();
	seg(A, TCT_ACK, 1, 1, 100);
	with_ts(1001, 0);
	show();
	seg(A, TCT_ACK, 101, 1, 100);
	with_ts(1002, 0);
	assert_int_equal(show() & TCT_EV_PAWS, TCT_EV_PAWS);
	say(B, TCT_ACK, 1, 201, 0);
	seg(A, TCT_ACK, 201, 1, 100);
	with_ts(1003, 0);
	assert_int_equal(show() & TCT_EV_PAWS, 0);
	assert_int_equal(flow->fsm.end[A].nxt, ISN_A + 301);
}

/* A challenge that did not come is none later */
static void challenge_that_did_not_come(void **state)
{
	(void)state;
	establish();
	say(A, TCT_RST, 150, 0, 0);
	say(A, TCT_ACK, 1, 1, 100);
	say(B, TCT_ACK, 1, 101, 0);
	say(A, TCT_ACK, 101, 1, 100);
	say(B, TCT_ACK, 1, 101, 0);
	assert_int_equal(of(B)->challenges, 0);
	assert_int_equal(of(B)->dupacks, 1);
}

/* RFC 7323 section 4.2: a delayed ACK echoes the first of the two */
static void rtt_by_a_delayed_ack(void **state)
{
	(void)state;
	establish();
	seg(A, TCT_ACK, 1, 1, 100);
	with_ts(1024, 0);
	show();
	clock_us += 5000;
	seg(B, TCT_ACK, 1, 101, 0);
	with_ts(9, 1020);
	show();
	assert_int_equal(of(A)->srtt, 5000);
}

/* More than 4 GiB, each step within the window */
static void acknowledged_beyond_32_bits(void **state)
{
	u32 step = 700 << 20, seq = 1;
	unsigned int i;

	(void)state;
	seg(A, TCT_SYN | TCT_OPT_WSCALE, 0, 0, 0)->wscale = 14;
	show();
	seg(B, TCT_SYN | TCT_ACK | TCT_OPT_WSCALE, 0, 1, 0)->wscale = 14;
	show();
	say(A, TCT_ACK, 1, 1, 0);
	for (i = 0; i < 20; i++) {
		say(A, TCT_ACK, seq, 1, step);
		seq += step;
		say(B, TCT_ACK, 1, seq, 0);
	}
	assert_int_equal(tct_outcome_acked(&flow->fsm, flow->detail, A),
			 20ULL * step);
	assert_int_equal(flow->bytes[A], 20ULL * step);
	say(A, TCT_FIN | TCT_ACK, seq, 1, 0);
	say(B, TCT_ACK, 1, seq + 1, 0);
	assert_int_equal(tct_outcome_acked(&flow->fsm, flow->detail, A),
			 20ULL * step);
}

static void ends_in_order(void **state)
{
	(void)state;
	establish();
	say(A, TCT_ACK, 1, 1, 10);
	expect_story("-", 0, "S1", "ShAaD");
	say(B, TCT_ACK, 1, 11, 20);
	say(B, TCT_FIN | TCT_ACK, 21, 11, 0);
	expect_story("-", 0, "S3", "ShAaDdf");
	say(A, TCT_ACK, 11, 22, 0);
	say(A, TCT_FIN | TCT_ACK, 11, 22, 0);
	expect_story("-", 0, "SF", "ShAaDdfF");
	say(B, TCT_ACK, 22, 12, 0);
	expect_story("fin", B, "SF", "ShAaDdfF");
	assert_int_equal(flow->class, TCT_CLASS_TIME_WAIT);
	assert_int_equal(flow->detail->changes, TCT_CHANGES);
	say(A, TCT_RST, 12, 0, 0);
	expect_story("rst_time_wait", A, "RSTO", "ShAaDdfFR");
}

/* TIME_WAIT keeps no detail: what each end did is known, but not in what order */
static void without_detail(void **state)
{
	(void)state;
	config.keep_detail = false;
	establish();
	say(A, TCT_FIN | TCT_ACK, 1, 1, 0);
	say(B, TCT_FIN | TCT_ACK, 1, 2, 0);
	say(A, TCT_ACK, 2, 2, 0);
	assert_null(flow->detail);
	expect_story("fin", A, "SF", "ShAaFf");
	config.keep_detail = true;
}

static void refused(void **state)
{
	(void)state;
	say(A, TCT_SYN, 0, 0, 0);
	expect_story("-", 0, "S0", "S");
	say(B, TCT_RST | TCT_ACK, 0, 1, 0);
	expect_story("refused", B, "REJ", "Sr");
}

static void aborted(void **state)
{
	(void)state;
	establish();
	say(A, TCT_RST, 1, 0, 0);
	expect_story("rst_aborted", A, "RSTO", "ShAaR");
}

static void aborted_by_responder(void **state)
{
	(void)state;
	establish();
	say(B, TCT_RST | TCT_ACK, 1, 1, 0);
	expect_story("rst_aborted", B, "RSTR", "ShAar");
}

static void given_up_half_open(void **state)
{
	(void)state;
	say(A, TCT_SYN, 0, 0, 0);
	say(A, TCT_RST, 1, 0, 0);
	expect_story("rst_half_open", A, "RSTOS0", "SR");
}

static void half_open_reset(void **state)
{
	(void)state;
	say(A, TCT_SYN, 0, 0, 0);
	say(B, TCT_SYN | TCT_ACK, 0, 1, 0);
	say(A, TCT_RST, 1, 0, 0);
	expect_story("rst_half_open", A, "RSTO", "ShR");
}

/* It has closed and forgotten, and is sent something after all */
static void stray(void **state)
{
	(void)state;
	establish();
	say(A, TCT_FIN | TCT_ACK, 1, 1, 0);
	say(B, TCT_FIN | TCT_ACK, 1, 2, 0);
	say(A, TCT_ACK, 2, 2, 0);
	say(B, TCT_RST, 2, 0, 0);
	expect_story("rst_time_wait", B, "RSTR", "ShAaFfr");
}

static void picked_up(void **state)
{
	(void)state;
	say(A, TCT_ACK, 1, 1, 10);
	expect_story("-", 0, "OTH", "D");
	say(B, TCT_ACK, 1, 11, 0);
	say(A, TCT_FIN | TCT_ACK, 11, 1, 0);
	expect_story("-", 0, "SH", "DaF");
	assert_int_equal(tct_outcome_acked(&flow->fsm, flow->detail, A), 0);
}

static void synack_first(void **state)
{
	(void)state;
	say(B, TCT_SYN | TCT_ACK, 0, 1, 0);
	expect_story("-", 0, "OTH", "h");
	say(B, TCT_RST, 1, 0, 0);
	expect_story("rst_half_open", B, "RSTRH", "hr");
}

/* Nothing of the old connection is in the new one's counters */
static void reused(void **state)
{
	(void)state;
	establish();
	say(A, TCT_ACK, 1, 1, 10);
	say(A, TCT_RST, 11, 0, 0);
	say(A, TCT_SYN, 900000, 0, 0);
	assert_null(flow->detail);
	assert_int_equal(flow->packets[A], 1);
	assert_int_equal(flow->bytes[A], 0);
	assert_int_equal(flow->created_lo, (u32)ticks);
	assert_int_equal(flow->rtt_known, 0);
	expect_story("-", 0, "S0", "S");
}

#define test(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(handshake_in_halves),
		test(handshake_sent_twice),
		test(synack_sent_twice),
		test(rtt_of_data),
		test(no_rtt_of_repeated_data),
		test(rtt_of_repeated_data_by_timestamps),
		test(what_is_counted),
		test(repeated_in_part),
		test(zero_window),
		test(paws_and_challenges),
		test(timestamps_after_a_silence),
		test(timestamp_of_nobody),
		test(challenge_that_did_not_come),
		test(rtt_by_a_delayed_ack),
		test(acknowledged_beyond_32_bits),
		test(ends_in_order),
		test(without_detail),
		test(refused),
		test(aborted),
		test(aborted_by_responder),
		test(given_up_half_open),
		test(half_open_reset),
		test(stray),
		test(picked_up),
		test(synack_first),
		test(reused),
	};

	return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
