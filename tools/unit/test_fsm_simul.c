// SPDX-License-Identifier: GPL-2.0
/*
 * Both ends open at once, and one end that is both.  Sections are of RFC 9293.
 */
#include "conn.h"

/* 3.5, figure 7: SYNs cross, then SYN-ACKs */
static void simultaneous_open(struct conn *c)
{
	lose(c, A, SYN, 0);
	expect_flags(c, TCT_F_UNANSWERED);
	lose(c, B, SYN, 0);
	expect(c, SYN_SENT, SYN_SENT);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, SYN);
	expect_flags(c, TCT_F_SIMOPEN);
	expect_class(c, HALF_OPEN);
	receive(c, A);
	receive(c, B);

	lose(c, A, SYNACK, 0);
	expect(c, SYN_RECEIVED, SYN_SENT);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, SYNACK);
	lose(c, B, SYNACK, 0);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, ACK);
	expect_flags(c, TCT_F_SIMOPEN | TCT_F_HS_DONE);
	expect_class(c, ESTABLISHED);
	/* neither has shown that it got the other's */
	expect_unconf(c, 1, 1);
	data(c, A, 10);
	expect_unconf(c, 0, 1);
	data(c, B, 10);
	expect_unconf(c, 0, 0);
	expect_initiator(c, A);
}

/* ... in the other order */
static void synacks_cross_in_other_order(struct conn *c)
{
	cross(c, SYN, SYN);
	lose(c, B, SYNACK, 0);
	expect(c, SYN_SENT, SYN_RECEIVED);
	lose(c, A, SYNACK, 0);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* 3.5: one of the SYN-ACKs is lost, its sender goes on with an ACK */
static void simultaneous_open_ends_with_ack(struct conn *c)
{
	cross(c, SYN, SYN);
	lose(c, A, SYNACK, 0);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_unconf(c, 1, 0);
}

/* 3.10.7.3: who acknowledges a SYN has had it, also where its SYN-ACK got lost
 * before us; what became of its own SYN is not said
 */
static void ack_of_crossed_syn(struct conn *c)
{
	cross(c, SYN, SYN);
	lose(c, A, ACK, 0);
	expect(c, SYN_RECEIVED, SYN_SENT);
	expect_why(c, ACK);
	expect_class(c, HALF_OPEN);
	lose(c, B, SYNACK, 0);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* ... and closes at once: 3.10.4 */
static void fin_of_crossed_syn(struct conn *c)
{
	cross(c, SYN, SYN);
	lose(c, A, FIN, 0);
	expect(c, FIN_WAIT_1, SYN_SENT);
	expect_class(c, HALF_OPEN);
	receive(c, B);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* 3.10.7.3: B's SYN was lost after us: an ordinary handshake */
static void one_syn_lost(struct conn *c)
{
	cross(c, SYN, SYN);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_unconf(c, 0, 1);
}

/* RFC 6298 section 3, Karn */
static void no_rtt_after_repeats(struct conn *c)
{
	struct tct_segment seg;

	lose(c, A, SYN, 0);
	seg = lose(c, B, SYN, 0);
	feed(c, B, seg);
	expect(c, SYN_SENT, SYN_SENT);
	expect_ev(c, RETRANS);
	receive(c, A);
	receive(c, B);
	cross(c, SYNACK, SYNACK);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* Neither SYN-ACK came through, both come again: silence tells of both */
static void both_synacks_again(struct conn *c)
{
	struct tct_segment a, b;

	cross(c, SYN, SYN);
	a = lose(c, A, SYNACK, 0);
	b = lose(c, B, SYNACK, 0);
	feed(c, A, a);
	expect(c, SYN_RECEIVED, ESTABLISHED);
	feed(c, B, b);
	expect(c, SYN_RECEIVED, SYN_RECEIVED);
	expect_class(c, HALF_OPEN);
	timeout(c, c->now + 100000);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);
}

/* ... or it is A's only that comes again */
static void one_synack_again(struct conn *c)
{
	struct tct_segment seg;

	cross(c, SYN, SYN);
	seg = lose(c, A, SYNACK, 0);
	lose(c, B, SYNACK, 0);
	feed(c, A, seg);
	expect(c, SYN_RECEIVED, ESTABLISHED);
	timeout(c, c->now + 100000);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_why(c, SILENCE);
}

/* 3.10.7.3: a SYN into SYN_SENT that was refused meanwhile */
static void simultaneous_open_refused(struct conn *c)
{
	cross(c, SYN, SYN);
	say(c, B, RSTACK, 0);
	expect(c, CLOSED, CLOSED);
	expect_class(c, CLOSED);
}

/* 3.5: an end that connects to itself has its own SYN as an answer */
static void self_handshake(struct conn *c)
{
	c->self = true;
	syn(c, A);
	expect(c, SYN_SENT, SYN_SENT);
	expect_ev(c, STATE | REFRESH);
	expect_flags(c, TCT_F_SELF | TCT_F_SIMOPEN);
	synack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_flags(c, TCT_F_SELF | TCT_F_SIMOPEN | TCT_F_HS_DONE);
	expect_class(c, ESTABLISHED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, REFRESH);
	expect_unconf(c, 0, 0);
}

/* 3.6, figure 13: it closes both directions with one FIN */
static void self_life(struct conn *c)
{
	struct tct_segment seg;

	self_handshake(c);
	seg = data(c, A, 100);
	expect_ev(c, REFRESH);
	ack(c, A);
	expect_ev(c, REFRESH);
	feed(c, A, seg);
	expect_ev(c, REFRESH | RETRANS);
	fin(c, A);
	expect(c, FIN_WAIT_1, FIN_WAIT_1);
	expect_ev(c, STATE | REFRESH);
	expect_class(c, CLOSING);
	ack(c, A);
	expect(c, TIME_WAIT, TIME_WAIT);
	expect_class(c, TIME_WAIT);
	renew(c);
	syn(c, A);
	expect(c, SYN_SENT, SYN_SENT);
	expect_num(c, c->ev & REUSE, REUSE);
	expect_flags(c, TCT_F_SELF | TCT_F_SIMOPEN | TCT_F_REUSED);
	synack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* 3.10.7.4, second: a RST to itself */
static void self_reset(struct conn *c)
{
	self_handshake(c);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_class(c, CLOSED);
	data(c, A, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_why(c, ALIVE);
}

/* RFC 5961 section 4 */
static void self_challenge(struct conn *c)
{
	struct tct_segment seg;

	self_handshake(c);
	seg = make(c, A, SYN, 0);
	seg.seq += 1000;
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	expect_num(c, c->f.flags & TCT_F_CHALLENGED, TCT_F_CHALLENGED);
}

/* Seen first in mid-stream, both ends have spoken at once */
static void self_pickup(struct conn *c)
{
	struct conn start = *c;

	c->self = true;
	c->host[A].nxt++;
	receive(c, A);
	data(c, A, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);
	expect_flags(c, TCT_F_SELF | TCT_F_PICKUP | TCT_F_HS_DONE);
	fin(c, A);
	expect(c, FIN_WAIT_1, FIN_WAIT_1);
	ack(c, A);
	expect(c, TIME_WAIT, TIME_WAIT);

	*c = start;
	c->self = true;
	c->host[A].nxt++;
	receive(c, A);
	fin(c, A);
	expect(c, FIN_WAIT_1, FIN_WAIT_1);
	ack(c, A);
	expect(c, TIME_WAIT, TIME_WAIT);

	*c = start;
	c->self = true;
	c->host[A].nxt++;
	receive(c, A);
	synack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(simultaneous_open),
		scenario(synacks_cross_in_other_order),
		scenario(simultaneous_open_ends_with_ack),
		scenario(ack_of_crossed_syn),
		scenario(fin_of_crossed_syn),
		scenario(one_syn_lost),
		scenario(no_rtt_after_repeats),
		scenario(both_synacks_again),
		scenario(one_synack_again),
		scenario(simultaneous_open_refused),
		scenario(self_handshake),
		scenario(self_life),
		scenario(self_reset),
		scenario(self_challenge),
		scenario(self_pickup),
	};

	return cmocka_run_group_tests_name("simul", tests, NULL, NULL);
}
