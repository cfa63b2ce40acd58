// SPDX-License-Identifier: GPL-2.0
/*
 * Timestamps: what PAWS rejects, and what it must not.  Sections are of RFC
 * 7323 where no RFC is named.
 */
#include "conn.h"

/* Clocks that soon pass 2^31 and 2^32 */
static const u32 clocks[] = { 1000, 0x7ffffff0, 0xfffffff0 };

/* @seg with a timestamp; sent and seen */
static void stamped(struct conn *c, unsigned int from, struct tct_segment seg,
		    u32 tsval)
{
	seg.flags |= TCT_OPT_TS;
	seg.tsval = tsval;
	feed(c, from, seg);
}

/* ... and received */
static void says(struct conn *c, unsigned int from, u8 flags, u32 len,
		 u32 tsval)
{
	stamped(c, from, make(c, from, flags, len), tsval);
	receive(c, !from);
}

/* Both clocks say 10 more than @clock then */
static void establish_stamped(struct conn *c, u32 clock)
{
	says(c, A, SYN, 0, clock);
	says(c, B, SYNACK, 0, clock);
	says(c, A, ACK, 0, clock + 10);
	says(c, B, ACK, 0, clock + 10);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* For each clock from the same start */
static void for_clocks(struct conn *c, void (*play)(struct conn *c, u32 clock))
{
	struct conn start = *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		*c = start;
		play(c, clocks[i]);
	}
}

static void old_data_at(struct conn *c, u32 clock)
{
	struct tct_segment seg;

	establish_stamped(c, clock);
	says(c, A, DATA, 100, clock + 20);
	says(c, B, ACK, 0, clock + 20);
	seg = make(c, A, DATA, 100);
	stamped(c, A, seg, clock + 15);
	expect_ev(c, PAWS);
	expect(c, ESTABLISHED, ESTABLISHED);
	/* half of all timestamps are old */
	stamped(c, A, seg, clock + 20 - 0x7fffffff);
	expect_ev(c, PAWS);
	/* the same one is not */
	stamped(c, A, seg, clock + 20);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
}

/* 5.3, R1 */
static void old_data(struct conn *c)
{
	for_clocks(c, old_data_at);
}

static void old_fin_at(struct conn *c, u32 clock)
{
	struct tct_segment seg;

	establish_stamped(c, clock);
	says(c, A, DATA, 100, clock + 20);
	says(c, B, ACK, 0, clock + 20);
	seg = make(c, A, FIN, 0);
	stamped(c, A, seg, clock + 5);
	expect_ev(c, PAWS);
	expect(c, ESTABLISHED, ESTABLISHED);
	stamped(c, A, seg, clock + 30);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	receive(c, B);
	/* an ACK of it by a segment that is old */
	seg = make(c, B, DATA, 10);
	stamped(c, B, seg, clock + 1);
	expect_ev(c, PAWS);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	stamped(c, B, seg, clock + 30);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* 5.3, R1: nothing of it is looked at, also no FIN and no ACK of one */
static void old_fin(struct conn *c)
{
	for_clocks(c, old_fin_at);
}

static void rst_is_exempt_at(struct conn *c, u32 clock)
{
	struct conn at;

	establish_stamped(c, clock);
	says(c, A, DATA, 100, clock + 20);
	says(c, B, ACK, 0, clock + 20);
	at = *c;
	stamped(c, A, make(c, A, RST, 0), clock + 1);
	expect(c, CLOSED, CLOSED);

	*c = at;
	rst(c, A);
	expect(c, CLOSED, CLOSED);
}

/* 5.2 and 5.3, R1: "and if the RST bit is not set" */
static void rst_is_exempt(struct conn *c)
{
	for_clocks(c, rst_is_exempt_at);
}

/* 4.3, (2): TS.Recent comes of what begins no later than the last ACK that was
 * sent.  A segment behind a gap must not make the one that fills it old.
 */
static void not_by_what_is_ahead(struct conn *c)
{
	struct tct_segment first, second;

	establish_stamped(c, 1000);
	first = make(c, A, DATA, 100);
	second = make(c, A, DATA, 100);
	stamped(c, A, second, 1100);
	stamped(c, A, first, 1050);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
	receive(c, B);
	says(c, B, ACK, 0, 1100);
	/* whose timestamp is the one that counts */
	stamped(c, A, make(c, A, DATA, 100), 1045);
	expect_ev(c, PAWS);
}

/* 4.3: a window of segments in flight may be overtaken by one another */
static void reordered_in_flight(struct conn *c)
{
	struct tct_segment seg[4];
	int i;

	establish_stamped(c, 1000);
	for (i = 0; i < 4; i++)
		seg[i] = make(c, A, DATA, 100);
	for (i = 3; i >= 0; i--) {
		stamped(c, A, seg[i], 1020 + 10 * i);
		expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
	}
}

/* 3.2: "SHOULD silently drop" where it lacks the option; Linux does not
 * (tcp_fast_parse_options())
 */
static void missing(struct conn *c)
{
	establish_stamped(c, 1000);
	data(c, A, 100);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
	fin(c, A);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* 5.3, R1: each direction has a clock of its own */
static void two_clocks(struct conn *c)
{
	says(c, A, SYN, 0, 5000);
	says(c, B, SYNACK, 0, 100);
	says(c, A, ACK, 0, 5001);
	says(c, B, DATA, 100, 105);
	says(c, A, DATA, 100, 5002);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
	says(c, B, DATA, 100, 106);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
	stamped(c, A, make(c, A, DATA, 100), 107);
	expect_ev(c, PAWS);
}

/* 5.3, R1, in SYN_RECEIVED (Linux: tcp_check_req()) */
static void in_syn_received(struct conn *c)
{
	says(c, A, SYN, 0, 1000);
	says(c, B, SYNACK, 0, 1000);
	stamped(c, A, make(c, A, ACK, 0), 900);
	expect_ev(c, PAWS);
	expect(c, SYN_SENT, SYN_RECEIVED);
	says(c, A, ACK, 0, 1010);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* 5.3, R1, in TIME_WAIT: an old FIN is not the FIN again */
static void in_time_wait(struct conn *c)
{
	struct tct_segment seg;

	establish_stamped(c, 1000);
	says(c, A, FIN, 0, 1020);
	says(c, B, ACK, 0, 1020);
	seg = make(c, B, FIN, 0);
	stamped(c, B, seg, 1030);
	receive(c, A);
	says(c, A, ACK, 0, 1030);
	expect(c, TIME_WAIT, CLOSED);
	stamped(c, B, seg, 1005);
	expect_ev(c, PAWS | RETRANS);
	expect(c, TIME_WAIT, CLOSED);
	stamped(c, B, seg, 1040);
	expect(c, TIME_WAIT, LAST_ACK);
	expect_num(c, c->ev & LINGER, LINGER);
}

/* Linux, tcp_disordered_ack(): an ACK that was overtaken and says nothing new is
 * no news, and is no sign of wrapped numbers
 */
static void overtaken_ack(struct conn *c)
{
	establish_stamped(c, 1000);
	says(c, B, DATA, 100, 1020);
	says(c, A, ACK, 0, 1021);
	says(c, B, DATA, 100, 1025);
	says(c, A, ACK, 0, 1030);
	/* 3.8.4 of RFC 9293: two ACKs alike, which change places */
	stamped(c, A, make(c, A, ACK, 0), 1028);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
}

/* Of an end that has sent none nothing can be old */
static void first_timestamp(struct conn *c)
{
	establish(c);
	stamped(c, A, make(c, A, DATA, 100), 0x90000000);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
}

/* 5.3, R1: what is not believed has crossed the wire all the same */
static void old_data_repeated(struct conn *c)
{
	struct tct_segment seg;

	establish_stamped(c, 1000);
	seg = make(c, A, DATA, 100);
	stamped(c, A, seg, 1020);
	receive(c, B);
	says(c, B, ACK, 0, 1020);
	stamped(c, A, make(c, A, DATA, 100), 1030);
	stamped(c, A, seg, 1020);
	expect_ev(c, PAWS | RETRANS);
	seg = make(c, A, ACK, 0);
	stamped(c, A, seg, 1020);
	expect_ev(c, PAWS);
}

/* 5.3, R1: after the RST was not received the old are still old */
static void old_when_thought_dead(struct conn *c)
{
	establish_stamped(c, 1000);
	says(c, B, DATA, 100, 1050);
	says(c, A, ACK, 0, 1050);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	stamped(c, B, make(c, B, DATA, 100), 1020);
	expect_ev(c, PAWS);
	expect(c, CLOSED, CLOSED);
	c->host[B].nxt -= 100;
	says(c, B, DATA, 100, 1060);
	expect(c, CLOSED, ESTABLISHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(old_data),
		scenario(old_fin),
		scenario(old_data_repeated),
		scenario(rst_is_exempt),
		scenario(not_by_what_is_ahead),
		scenario(reordered_in_flight),
		scenario(missing),
		scenario(two_clocks),
		scenario(in_syn_received),
		scenario(in_time_wait),
		scenario(overtaken_ack),
		scenario(first_timestamp),
		scenario(old_when_thought_dead),
	};

	return cmocka_run_group_tests_name("paws", tests, NULL, NULL);
}
