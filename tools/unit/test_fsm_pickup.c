// SPDX-License-Identifier: GPL-2.0
/*
 * Flows first seen in mid-stream: RFC 9293 says nothing of them.  Until both
 * ends have spoken such a flow is one end's word.
 */
#include "conn.h"

/* One end's word: it says that it is ESTABLISHED, and of the other nothing */
static void by_data(struct conn *c)
{
	midstream(c);
	data(c, A, 10);
	expect(c, ESTABLISHED, CLOSED);
	expect_ev(c, STATE);
	expect_why(c, PICKUP);
	expect_flags(c, TCT_F_PICKUP | TCT_F_UNANSWERED | TCT_F_HS_DONE);
	expect_class(c, HALF_OPEN);
	expect_initiator(c, A);
	expect_since(c, A, c->now);
	expect_since(c, B, c->now);
	data(c, A, 10);
	expect(c, ESTABLISHED, CLOSED);
	expect_ev(c, REFRESH);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, PICKUP);
	expect_flags(c, TCT_F_PICKUP | TCT_F_HS_DONE);
	expect_class(c, ESTABLISHED);
	expect_unconf(c, 0, 0);
	data(c, B, 10);
	expect_ev(c, REFRESH);
}

/* ... and goes on like any other */
static void by_ack_until_closed(struct conn *c)
{
	midstream(c);
	ack(c, A);
	expect(c, ESTABLISHED, CLOSED);
	data(c, B, 1000);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	fin(c, B);
	expect(c, ESTABLISHED, FIN_WAIT_1);
	fin(c, A);
	expect(c, LAST_ACK, FIN_WAIT_2);
	ack(c, B);
	expect(c, CLOSED, TIME_WAIT);
	expect_class(c, TIME_WAIT);
}

/* Who of the two called is a guess of the caller's */
static void guessed_responder(struct conn *c)
{
	c->guess = true;
	midstream(c);
	data(c, A, 10);
	expect_ev(c, STATE | RESPONDER);
	expect_initiator(c, B);
	expect(c, ESTABLISHED, CLOSED);
	data(c, B, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
	fin(c, B);
	expect(c, ESTABLISHED, FIN_WAIT_1);
}

/* 3.5: no guess is needed where there is a SYN or a SYN-ACK */
static void guess_is_not_for_syns(struct conn *c)
{
	struct conn start = *c;

	c->guess = true;
	establish(c);
	expect_initiator(c, A);

	*c = start;
	c->guess = true;
	c->host[A].nxt++;
	receive(c, B);
	synack(c, B);
	expect_initiator(c, A);
}

/* 3.10.4: a FIN is the first thing seen */
static void by_fin(struct conn *c)
{
	midstream(c);
	fin(c, A);
	expect(c, FIN_WAIT_1, CLOSED);
	expect_ev(c, STATE);
	expect_why(c, PICKUP);
	expect_class(c, HALF_OPEN);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	expect_ev(c, STATE | REFRESH);
	expect_class(c, HALF_CLOSED);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* ... with data, and answered by a FIN */
static void by_fin_with_data(struct conn *c)
{
	midstream(c);
	say(c, A, FIN, 100);
	expect(c, FIN_WAIT_1, CLOSED);
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* The SYN went by before we looked: its sender and number are in the SYN-ACK.
 * There is no time to measure from.
 */
static void by_synack(struct conn *c)
{
	c->host[A].nxt++;
	receive(c, B);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, STATE | RESPONDER);
	expect_why(c, SYNACK);
	expect_flags(c, TCT_F_PICKUP | TCT_F_UNANSWERED);
	expect_class(c, HALF_OPEN);
	expect_initiator(c, A);
	expect_num(c, end(c, A)->isn, c->host[A].isn);
	expect_num(c, end(c, A)->nxt, c->host[A].nxt);
	feed(c, B, c->last);
	expect_ev(c, RETRANS | REFRESH);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, ACK);
	expect_flags(c, TCT_F_PICKUP | TCT_F_HS_DONE);
	expect_class(c, ESTABLISHED);
	expect_unconf(c, 0, 1);
}

/* ... whose ACK is lost: as if the SYN had been seen */
static void by_synack_last_ack_lost(struct conn *c)
{
	struct tct_segment seg;

	c->host[A].nxt++;
	receive(c, B);
	seg = synack(c, B);
	ack(c, A);
	feed(c, B, seg);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_num(c, c->f.synacks, 2);
	expect_num(c, c->f.flags & TCT_F_ACCEPT_WAIT, TCT_F_ACCEPT_WAIT);
	/* RFC 6298 section 5.5: as if it were the second, after 1 s */
	expect_num(c, (u32)(c->f.synack_due - (u32)c->now), 3000);
}

/* ... and the SYN comes again: A has spoken now, and it is known how it scales
 * its windows
 */
static void by_synack_then_syn(struct conn *c)
{
	struct tct_segment seg;

	c->host[A].synopts = TCT_OPT_WSCALE;
	c->host[A].wscale = 3;
	c->host[B].synopts = TCT_OPT_WSCALE;
	c->host[B].wscale = 5;
	seg = make(c, A, SYN, 0);
	receive(c, B);
	synack(c, B);
	feed(c, A, seg);
	receive(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_num(c, c->ev & RETRANS, RETRANS);
	expect_num(c, c->f.flags & TCT_F_UNANSWERED, 0);
	expect_num(c, end(c, A)->wscale, 3);
	expect_num(c, end(c, B)->wscale, 5);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* RFC 7323 section 2.3: how A scales its windows stays unknown: as much as can
 * be, if at all
 */
static void by_synack_scaling(struct conn *c)
{
	struct conn start = *c;

	c->host[B].synopts = TCT_OPT_WSCALE;
	c->host[B].wscale = 5;
	c->host[A].nxt++;
	receive(c, B);
	synack(c, B);
	expect_num(c, end(c, A)->wscale, 14);
	expect_num(c, end(c, B)->wscale, 5);
	ack(c, A);
	expect_num(c, end(c, A)->edge - c->host[A].rcv, 4000 << 14);

	*c = start;
	c->host[A].nxt++;
	receive(c, B);
	synack(c, B);
	ack(c, A);
	expect_num(c, end(c, A)->edge - c->host[A].rcv, 4000);
	ack(c, B);
	expect_num(c, end(c, B)->edge - c->host[B].rcv, 5000);
}

/* RFC 7323 section 2.2: ... if at all */
static void by_synack_then_syn_without_scaling(struct conn *c)
{
	struct tct_segment seg;

	c->host[B].synopts = TCT_OPT_WSCALE;
	c->host[B].wscale = 5;
	seg = make(c, A, SYN, 0);
	receive(c, B);
	synack(c, B);
	feed(c, A, seg);
	expect_num(c, end(c, A)->wscale, 0);
	expect_num(c, end(c, B)->wscale, 0);
}

/* ... and a second SYN-ACK has another number */
static void by_synack_then_second_synack(struct conn *c)
{
	c->host[B].synopts = TCT_OPT_WSCALE;
	c->host[B].wscale = 5;
	c->host[A].nxt++;
	receive(c, B);
	synack(c, B);
	c->host[B].isn += 77;
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_num(c, end(c, A)->wscale, 14);
	expect_num(c, end(c, B)->wscale, 5);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* RFC 5961 section 4: a SYN into it, also one whose number is that of nothing */
static void syn_into_picked_up(struct conn *c)
{
	struct tct_segment seg;

	midstream(c);
	data(c, A, 10);
	ack(c, B);
	seg = make(c, A, SYN, 0);
	seg.seq = 0;
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	expect_flags(c, TCT_F_PICKUP | TCT_F_HS_DONE | TCT_F_CHALLENGED);
}

/* 3.10.7.3: another SYN than the SYN-ACK answers */
static void by_synack_then_another_syn(struct conn *c)
{
	struct tct_segment seg = make(c, A, SYN, 0);

	receive(c, B);
	synack(c, B);
	seg.seq -= 1000;
	feed(c, A, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, WINDOW);
	expect_num(c, c->f.flags & TCT_F_CHALLENGED, TCT_F_CHALLENGED);
}

/* 3.10.7.3: nor is A's own SYN-ACK, with another number, of this connection */
static void by_synack_then_another_synack(struct conn *c)
{
	struct tct_segment seg = make(c, A, SYNACK, 0);

	receive(c, B);
	synack(c, B);
	seg.seq -= 1000;
	seg.ack = c->host[B].isn + 1;
	feed(c, A, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, WINDOW);
}

/* RFC 5961 section 3.2: a RST at the number that was acknowledged ends it, though
 * its sender was never heard of
 */
static void reset_by_the_silent(struct conn *c)
{
	struct tct_segment seg;
	struct conn at;

	midstream(c);
	data(c, A, 10);
	at = *c;
	rst(c, B);
	expect(c, CLOSED, CLOSED);
	expect_class(c, CLOSED);
	expect_flags(c, TCT_F_PICKUP | TCT_F_HS_DONE);

	*c = at;
	seg = make(c, B, RST, 0);
	seg.seq++;
	feed(c, B, seg);
	expect(c, ESTABLISHED, CLOSED);
	expect_ev(c, WINDOW);
}

/* A SYN, and then its sender goes on: it was answered, on another path */
static void one_sided(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	c->host[B].nxt++;
	receive(c, A);
	/* nothing of before the SYN is of this connection */
	seg = make(c, A, ACK, 0);
	seg.seq = c->host[A].isn;
	feed(c, A, seg);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, WINDOW);

	ack(c, A);
	expect(c, ESTABLISHED, CLOSED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, PICKUP);
	expect_flags(c, TCT_F_PICKUP | TCT_F_UNANSWERED | TCT_F_HS_DONE);
	expect_class(c, HALF_OPEN);
	data(c, A, 100);
	expect_ev(c, REFRESH);
	/* its SYN has said that it scales nothing */
	expect_num(c, end(c, A)->edge - c->host[A].rcv, 4000);
	fin(c, A);
	expect(c, FIN_WAIT_1, CLOSED);
	expect_class(c, HALF_OPEN);
}

/* ... which then leads by here as well */
static void one_sided_joined(struct conn *c)
{
	syn(c, A);
	c->host[B].nxt++;
	receive(c, A);
	ack(c, A);
	data(c, B, 100);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, PICKUP);
	expect_flags(c, TCT_F_PICKUP | TCT_F_HS_DONE);
	expect_class(c, ESTABLISHED);
	expect_num(c, end(c, B)->edge - c->host[B].rcv, 5000 << 14);
}

/* ... or had not been: there is the SYN-ACK, and the ACK is still to come */
static void one_sided_taken_back(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = make(c, A, ACK, 0);
	seg.ack = 12345;
	feed(c, A, seg);
	expect(c, ESTABLISHED, CLOSED);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, SYNACK);
	expect_flags(c, 0);
	expect_class(c, HALF_OPEN);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	/* when it was sent is not known any more */
	expect_ev(c, STATE | REFRESH);
	expect_flags(c, TCT_F_HS_DONE);
}

/* ... with the scaling that is left to know */
static void one_sided_taken_back_scaling(struct conn *c)
{
	struct conn start = *c;
	struct tct_segment seg;

	c->host[A].synopts = TCT_OPT_WSCALE;
	c->host[A].wscale = 2;
	c->host[B].synopts = TCT_OPT_WSCALE;
	c->host[B].wscale = 3;
	syn(c, A);
	feed(c, A, make(c, A, ACK, 0));
	seg = synack(c, B);
	feed(c, B, seg);
	expect_ev(c, RETRANS | REFRESH);
	ack(c, A);
	expect_num(c, end(c, A)->edge - c->host[A].rcv, 4000 << 2);
	ack(c, B);
	expect_num(c, end(c, B)->edge - c->host[B].rcv, 5000 << 3);

	*c = start;
	syn(c, A);
	feed(c, A, make(c, A, ACK, 0));
	synack(c, B);
	ack(c, A);
	expect_num(c, end(c, A)->edge - c->host[A].rcv, 4000);
}

/* Who has sent a RST in B's name was not B, when B goes on */
static void reset_by_another(struct conn *c)
{
	midstream(c);
	data(c, A, 10);
	rst(c, B);
	expect(c, CLOSED, CLOSED);
	data(c, B, 10);
	expect_num(c, end(c, B)->state, TCT_ESTABLISHED);
	data(c, A, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);
}

/* RFC 7323 section 2.3: windows are taken for as large as can be */
static void liberal_windows(struct conn *c)
{
	struct tct_segment seg;
	struct conn at;

	midstream(c);
	ack(c, A);
	expect_num(c, end(c, A)->edge - c->host[A].rcv, 4000 << 14);
	at = *c;
	seg = make(c, B, DATA, 10);
	seg.seq += 4000 << 14;
	feed(c, B, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_num(c, end(c, B)->edge - c->host[B].rcv, 5000 << 14);

	/* ... but there are windows */
	*c = at;
	seg.seq++;
	feed(c, B, seg);
	expect(c, ESTABLISHED, CLOSED);
	expect_ev(c, WINDOW);
	expect_flags(c, TCT_F_PICKUP | TCT_F_UNANSWERED | TCT_F_HS_DONE);
}

/* The tuple is free for who finds it so: 3.10.7.4, fourth */
static void syn_after_one_voice(struct conn *c)
{
	midstream(c);
	data(c, A, 10);
	renew(c);
	syn(c, B);
	expect(c, CLOSED, SYN_SENT);
	expect_num(c, c->ev & REUSE, REUSE);
	synack(c, A);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_flags(c, TCT_F_REUSED | TCT_F_HS_DONE);
}

/* A GSO segment stands for many, and is one step */
static void by_large_segment(struct conn *c)
{
	struct tct_segment seg;

	midstream(c);
	seg = make(c, A, DATA, 65160);
	seg.segs = 45;
	feed(c, A, seg);
	receive(c, B);
	expect(c, ESTABLISHED, CLOSED);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_num(c, end(c, B)->ack, c->host[A].nxt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(by_data),
		scenario(by_ack_until_closed),
		scenario(guessed_responder),
		scenario(guess_is_not_for_syns),
		scenario(by_fin),
		scenario(by_fin_with_data),
		scenario(by_synack),
		scenario(by_synack_last_ack_lost),
		scenario(by_synack_then_syn),
		scenario(by_synack_scaling),
		scenario(by_synack_then_syn_without_scaling),
		scenario(by_synack_then_second_synack),
		scenario(syn_into_picked_up),
		scenario(by_synack_then_another_syn),
		scenario(by_synack_then_another_synack),
		scenario(reset_by_the_silent),
		scenario(one_sided),
		scenario(one_sided_joined),
		scenario(one_sided_taken_back),
		scenario(one_sided_taken_back_scaling),
		scenario(reset_by_another),
		scenario(liberal_windows),
		scenario(syn_after_one_voice),
		scenario(by_large_segment),
	};

	return cmocka_run_group_tests_name("pickup", tests, NULL, NULL);
}
