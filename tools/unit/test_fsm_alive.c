// SPDX-License-Identifier: GPL-2.0
/*
 * Who goes on was not reset.  Sections are of RFC 9293 where no RFC is named.
 */
#include "conn.h"

/* 3.10.7.4, second, and the rule of evidence: a RST counts as delivered until its
 * receiver goes on
 */
static void alive_when_it_goes_on(struct conn *c)
{
	establish(c);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	data(c, B, 10);
	expect(c, CLOSED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, ALIVE);
	expect_unconf(c, 0, 0);
	expect_class(c, CLOSING);
	data(c, B, 10);
	expect_ev(c, REFRESH);
	/* A's host has nothing there, and says so again */
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_ev(c, STATE);
}

/* ... not even who is supposed to have sent the RST */
static void rst_was_another(struct conn *c)
{
	establish(c);
	rst(c, A);
	data(c, A, 10);
	expect(c, ESTABLISHED, CLOSED);
	expect_why(c, ALIVE);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);
	expect_unconf(c, 0, 0);
}

/* Alive is who speaks as part of this connection, not with any number */
static void alive_only_in_window(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	rst(c, A);
	seg = make(c, B, DATA, 10);
	seg.seq += 1000000;
	feed(c, B, seg);
	expect(c, CLOSED, CLOSED);
	expect_ev(c, WINDOW);
}

/* It is in the state that it was in, and moves on from there */
static void alive_in_its_state(struct conn *c)
{
	establish(c);
	fin(c, A);
	ack(c, B);
	rst(c, A);
	data(c, B, 10);
	expect(c, CLOSED, CLOSE_WAIT);
	expect_num(c, end(c, B)->flags & TCT_END_UNCONF, 0);
	fin(c, B);
	expect(c, CLOSED, LAST_ACK);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_class(c, CLOSED);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* ... which may be the ACK of a FIN that went before the RST */
static void alive_by_ack_of_fin(struct conn *c)
{
	establish(c);
	fin(c, A);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	ack(c, B);
	expect(c, CLOSED, CLOSE_WAIT);
	expect_why(c, FIN_ACK);
}

/* The same for a FIN that comes again, because its ACK was a RST that got lost */
static void alive_by_fin_again(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	fin(c, A);
	ack(c, B);
	seg = fin(c, B);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	feed(c, B, seg);
	expect(c, CLOSED, LAST_ACK);
	expect_ev(c, STATE | REFRESH | RETRANS | LINGER);
	expect_why(c, ALIVE);
}

/* ... and then neither the RST nor the ACK before it had come through */
static void alive_by_fin_again_unacked(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = fin(c, A);
	ack(c, B);
	rst(c, B);
	expect(c, CLOSED, CLOSED);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, CLOSED);
	expect_unconf(c, 0, 0);
}

/* ... and for a SYN-ACK: a half-open connection that was reset in vain */
static void alive_by_synack_again(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = synack(c, B);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	feed(c, B, seg);
	expect(c, CLOSED, SYN_RECEIVED);
	expect_why(c, ALIVE);
	expect_class(c, HALF_OPEN);
	/* there is no ACK that it could have missed */
	expect_flags(c, 0);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_class(c, CLOSED);
}

/* ... but not where the handshake was over: then it is an old one */
static void not_alive_by_old_synack(struct conn *c)
{
	establish(c);
	rst(c, A);
	feed(c, B, c->log[1].seg);
	expect(c, CLOSED, CLOSED);
	expect_ev(c, RETRANS | REFRESH);
}

/* ... and for a SYN: the refusal did not come through */
static void alive_by_syn_again(struct conn *c)
{
	struct tct_segment seg = syn(c, A);

	say(c, B, RSTACK, 0);
	expect(c, CLOSED, CLOSED);
	feed(c, A, seg);
	expect(c, SYN_SENT, CLOSED);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* A forged refusal that was lost: the server answers the repeated SYN */
static void forged_refusal_lost(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = make(c, B, RSTACK, 0);
	seg.flags |= TCT_OPT_FORGED;
	feed(c, B, seg);
	synack(c, B);
	expect_num(c, end(c, B)->state, TCT_SYN_RECEIVED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* Of who was refused only a SYN says that it was not, or what acknowledges a
 * SYN-ACK: anything else everybody can send
 */
static void forged_refusal_stays(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = make(c, B, RSTACK, 0);
	seg.flags |= TCT_OPT_FORGED;
	feed(c, B, seg);
	data(c, A, 10);
	expect(c, CLOSED, CLOSED);
	expect_ev(c, WINDOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(alive_when_it_goes_on),
		scenario(rst_was_another),
		scenario(alive_only_in_window),
		scenario(alive_in_its_state),
		scenario(alive_by_ack_of_fin),
		scenario(alive_by_fin_again),
		scenario(alive_by_fin_again_unacked),
		scenario(alive_by_synack_again),
		scenario(not_alive_by_old_synack),
		scenario(alive_by_syn_again),
		scenario(forged_refusal_lost),
		scenario(forged_refusal_stays),
	};

	return cmocka_run_group_tests_name("alive", tests, NULL, NULL);
}
