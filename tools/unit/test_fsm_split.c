// SPDX-License-Identifier: GPL-2.0
/*
 * Handshakes that are allowed and that nobody expects, and data in the SYN.
 * Sections are of RFC 9293 where no RFC is named.
 */
#include "conn.h"

/* 3.10.7.3, fourth: the called host answers by a SYN of its own, in four steps;
 * the caller sees a simultaneous open, the called host is in SYN_RECEIVED
 */
static void split_in_four(struct conn *c)
{
	syn(c, A);
	syn(c, B);
	expect(c, SYN_SENT, SYN_SENT);
	expect_flags(c, TCT_F_SIMOPEN);
	synack(c, A);
	expect(c, SYN_RECEIVED, SYN_SENT);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);
	expect_initiator(c, A);
	expect_unconf(c, 1, 0);
	data(c, A, 10);
	expect_ev(c, REFRESH);
	data(c, B, 10);
	expect_ev(c, REFRESH);
	fin(c, A);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* ... in five: an ACK before that SYN, which looks like an old connection's */
static void split_in_five(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = make(c, B, ACK, 0);
	seg.seq += 12345;
	feed(c, B, seg);
	expect_num(c, end(c, A)->state, TCT_SYN_SENT);
	expect_flags(c, TCT_F_CHALLENGED);
	syn(c, B);
	expect(c, SYN_SENT, SYN_SENT);
	expect_num(c, c->f.flags & TCT_F_SIMOPEN, TCT_F_SIMOPEN);
	synack(c, A);
	expect(c, SYN_RECEIVED, SYN_SENT);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);
	data(c, A, 10);
	expect_ev(c, REFRESH);
	data(c, B, 10);
	expect_ev(c, REFRESH);
}

/* ... and where the ACK is lost the caller says its SYN-ACK again */
static void split_last_ack_lost(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	syn(c, B);
	seg = synack(c, A);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	feed(c, A, seg);
	expect(c, SYN_RECEIVED, ESTABLISHED);
	expect_num(c, c->ev & (RETRANS | WINDOW), RETRANS);
	ack(c, B);
	data(c, A, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* RFC 7413 section 4.2.2: the server takes as much of the SYN's data as it
 * likes; the rest is sent again
 */
static void fast_open_acknowledged_partly(struct conn *c)
{
	struct tct_segment seg;

	say(c, A, SYN, 100);
	c->host[B].rcv -= 60;
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	c->host[A].nxt -= 60;
	seg = data(c, A, 60);
	expect_num(c, seg.seq, c->host[A].isn + 41);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_num(c, c->ev & (RETRANS | WINDOW), RETRANS);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	data(c, A, 10);
	expect_num(c, c->ev & (RETRANS | WINDOW), 0);
	expect_num(c, end(c, B)->ack, c->host[A].isn + 101);
}

/* ... but never more than there was: 3.10.7.3, first */
static void fast_open_acknowledged_too_far(struct conn *c)
{
	say(c, A, SYN, 100);
	c->host[B].rcv++;
	synack(c, B);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, WINDOW);
}

/* ... nor less than the SYN */
static void fast_open_syn_not_acknowledged(struct conn *c)
{
	say(c, A, SYN, 100);
	c->host[B].rcv = c->host[A].isn;
	synack(c, B);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, WINDOW);
}

/* RFC 7413 section 4.2.2: data before the handshake's last ACK, from both ends,
 * and the FIN of the client with it
 */
static void fast_open_both_ways(struct conn *c)
{
	say(c, A, SYN, 100);
	synack(c, B);
	data(c, B, 1000);
	expect(c, SYN_SENT, SYN_RECEIVED);
	fin(c, A);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.10.7.4, second: RFC 5961 section 3.2 holds in SYN_RECEIVED, too */
static void rst_in_syn_received(struct conn *c)
{
	static const s32 off[] = { -1, 1, 100, 4000, -100, 70000, INT32_MIN };
	struct tct_segment seg;
	unsigned int i;

	syn(c, A);
	synack(c, B);
	for (i = 0; i < ARRAY_SIZE(off); i++) {
		seg = make(c, A, i & 1 ? RST : RSTACK, 0);
		seg.seq += off[i];
		feed(c, A, seg);
		expect(c, SYN_SENT, SYN_RECEIVED);
		expect_ev(c, WINDOW);
	}
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_unconf(c, 0, 1);
}

/* ... and after SYNs have crossed, for either end */
static void rst_in_crossed_syn_received(struct conn *c)
{
	struct tct_segment seg;
	struct conn at;

	cross(c, SYN, SYN);
	lose(c, A, SYNACK, 0);
	expect(c, SYN_RECEIVED, SYN_SENT);
	at = *c;
	seg = make(c, B, RST, 0);
	seg.seq += 100;
	feed(c, B, seg);
	expect(c, SYN_RECEIVED, SYN_SENT);
	expect_ev(c, WINDOW);
	say(c, B, RSTACK, 0);
	expect(c, CLOSED, CLOSED);

	*c = at;
	say(c, A, RSTACK, 0);
	expect(c, CLOSED, CLOSED);
}

/* 3.10.7.2, third: a REJECT rule in A's name sends B back to LISTEN.  What A's
 * repeated SYN makes of it then has another number.
 */
static void another_synack_after_forged_rst(struct conn *c)
{
	struct tct_segment seg, s;

	s = syn(c, A);
	synack(c, B);
	seg = make(c, A, RST, 0);
	seg.flags |= TCT_OPT_FORGED;
	feed(c, A, seg);
	expect(c, SYN_SENT, CLOSED);
	feed(c, A, s);
	expect(c, SYN_SENT, CLOSED);
	c->host[B].isn -= 1000000;
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	data(c, A, 10);
	expect_ev(c, REFRESH);
	data(c, B, 10);
	expect_ev(c, REFRESH);
}

/* 3.4.1: the SYN has its sender's first number.  Nothing is before it, and of a
 * FIN not even that is.
 */
static void nothing_before_the_syn(struct conn *c)
{
	static const u8 flags[] = { ACK, DATA, FIN };
	struct conn at;
	unsigned int i;

	syn(c, A);
	synack(c, B);
	at = *c;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		struct tct_segment seg;

		*c = at;
		seg = make(c, A, flags[i], 0);
		seg.seq = c->host[A].isn - 1;
		feed(c, A, seg);
		expect(c, SYN_SENT, SYN_RECEIVED);
		expect_ev(c, WINDOW);
		seg.seq = c->host[A].isn - 60000;
		feed(c, A, seg);
		expect(c, SYN_SENT, SYN_RECEIVED);
		expect_ev(c, WINDOW);
		if (flags[i] != FIN)
			continue;
		seg.seq = c->host[A].isn;
		feed(c, A, seg);
		expect(c, SYN_SENT, SYN_RECEIVED);
		expect_ev(c, WINDOW);
	}
}

/* 3.10.7.3, first: nothing that B says before A's SYN was acknowledged is this
 * connection's, once B has acknowledged it
 */
static void nothing_acknowledges_less_than_the_syn(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	synack(c, B);
	seg = make(c, B, DATA, 10);
	seg.ack = c->host[A].isn;
	feed(c, B, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, WINDOW);
	seg.flags = FIN;
	feed(c, B, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, WINDOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(split_in_four),
		scenario(split_in_five),
		scenario(split_last_ack_lost),
		scenario(fast_open_acknowledged_partly),
		scenario(fast_open_acknowledged_too_far),
		scenario(fast_open_syn_not_acknowledged),
		scenario(fast_open_both_ways),
		scenario(rst_in_syn_received),
		scenario(rst_in_crossed_syn_received),
		scenario(another_synack_after_forged_rst),
		scenario(nothing_before_the_syn),
		scenario(nothing_acknowledges_less_than_the_syn),
	};

	return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
