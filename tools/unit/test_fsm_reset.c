// SPDX-License-Identifier: GPL-2.0
/*
 * Resets: which count, for whom, and what takes them back.  Sections are of
 * RFC 9293 where no RFC is named.
 */
#include "stage.h"

/* RST as the host would send it, @off octets from where it should be */
static struct tct_segment rst_at(struct conn *c, unsigned int from, s32 off)
{
	struct tct_segment seg = make(c, from, RST, 0);

	seg.seq += off;
	return seg;
}

/* 3.10.7.3, second: a closed port answers a SYN */
static void refused(struct conn *c)
{
	syn(c, A);
	say(c, B, RSTACK, 0);
	expect(c, CLOSED, CLOSED);
	expect_ev(c, STATE);
	expect_class(c, CLOSED);
	expect_why(c, RST);
	expect_flags(c, 0);
	expect_unconf(c, 1, 0);
	expect_num(c, end(c, A)->prev, TCT_SYN_SENT);
}

/* 3.10.7.3, first and second: ... if it acknowledges that SYN */
static void refusal_of_another_syn(struct conn *c)
{
	static const s32 off[] = { -1, 1, 1000, -1000, INT32_MIN };
	struct tct_segment seg;
	unsigned int i;

	syn(c, A);
	for (i = 0; i < ARRAY_SIZE(off); i++) {
		seg = make(c, B, RSTACK, 0);
		seg.ack += off[i];
		feed(c, B, seg);
		expect(c, SYN_SENT, CLOSED);
		expect_ev(c, WINDOW);
		expect_flags(c, TCT_F_UNANSWERED);
	}
}

/* RFC 7413 section 3: with data on the SYN, any part of it may be acknowledged */
static void fast_open_refused(struct conn *c)
{
	struct conn start = *c;

	say(c, A, SYN, 100);
	say(c, B, RSTACK, 0);
	expect(c, CLOSED, CLOSED);

	*c = start;
	say(c, A, SYN, 100);
	c->host[B].rcv = c->host[A].isn + 1;
	say(c, B, RSTACK, 0);
	expect(c, CLOSED, CLOSED);

	*c = start;
	say(c, A, SYN, 100);
	c->host[B].rcv = c->host[A].isn + 102;
	say(c, B, RSTACK, 0);
	expect(c, SYN_SENT, CLOSED);
}

/* 3.10.7.3, second: without an ACK it has nothing to do with the SYN */
static void refusal_without_ack(struct conn *c)
{
	syn(c, A);
	rst(c, B);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, WINDOW);
	feed(c, B, rst_at(c, B, c->host[A].isn + 1));
	expect(c, SYN_SENT, CLOSED);
}

/* 3.10.7.3: the server gives up what it had answered */
static void refused_after_synack(struct conn *c)
{
	syn(c, A);
	synack(c, B);
	say(c, B, RSTACK, 0);
	expect(c, CLOSED, CLOSED);
	expect_unconf(c, 1, 0);
}

/* 3.10.7.4, second: a host that wants nothing of a SYN-ACK; so ends a scan */
static void synack_refused(struct conn *c)
{
	syn(c, A);
	synack(c, B);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_ev(c, STATE);
	expect_class(c, CLOSED);
	expect_unconf(c, 0, 1);
}

/* 3.10.5: ... or of its own SYN.  The other end has still said nothing: who sends
 * both cannot make a flow of more than half-open.
 */
static void syn_taken_back(struct conn *c)
{
	struct conn start = *c;

	syn(c, A);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_flags(c, TCT_F_UNANSWERED);
	expect_class(c, CLOSED);
	expect_unconf(c, 0, 0);

	*c = start;
	midstream(c);
	data(c, A, 10);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_class(c, CLOSED);
	data(c, A, 10);
	expect(c, ESTABLISHED, CLOSED);
	expect_class(c, HALF_OPEN);
}

/* 3.10.7.4, second, and 3.10.5: both ends of a connection in any state are
 * CLOSED by a RST of either that has the number the other expects
 */
static void rst_in_every_state(struct conn *c)
{
	const struct stage *stage = NULL;
	struct conn start = *c;
	struct conn at;

	while (stage_next(c, &start, &stage)) {
		/* between two SYN_SENT it needs an ACK: 3.10.7.3 */
		u8 flags = stage->a == TCT_SYN_SENT ? RSTACK : RST;

		at = *c;
		if (stage->a == TCT_CLOSED)
			continue;

		say(c, A, RST, 0);
		expect(c, CLOSED, CLOSED);
		expect_class(c, CLOSED);
		expect_ev(c, STATE);

		*c = at;
		say(c, B, flags, 0);
		expect(c, CLOSED, CLOSED);
		expect_class(c, CLOSED);
		expect_why(c, RST);
		expect_num(c, !!(end(c, A)->flags & TCT_END_UNCONF), 1);
		/* and again: nothing more */
		feed(c, B, c->last);
		expect(c, CLOSED, CLOSED);
	}
}

/* RFC 5961 section 3.2: elsewhere in the window it draws a challenge ACK, and
 * outside not even that
 */
static void rst_not_exact(struct conn *c)
{
	static const s32 off[] = {
		-2000, 1, 2, 1000, 4000, 4999, 5001, 70000,
		INT32_MAX, INT32_MIN,
	};
	const struct stage *stage = NULL;
	struct conn start = *c;
	unsigned int i, from;

	while (stage_next(c, &start, &stage)) {
		for (from = A; from <= B; from++)
			for (i = 0; i < ARRAY_SIZE(off); i++) {
				feed(c, from, rst_at(c, from, off[i]));
				conn_expect(c, stage->a, stage->b, __FILE__,
					    __LINE__);
				expect_ev(c, WINDOW);
			}
	}
}

/* RFC 5961 section 3.2: one below as well, where no FIN has been received */
static void rst_one_below(struct conn *c)
{
	establish(c);
	feed(c, A, rst_at(c, A, -1));
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	feed(c, B, rst_at(c, B, -1));
	expect_ev(c, WINDOW);
	fin(c, A);
	ack(c, B);
	/* A has not closed its other direction: B's is at B's number */
	feed(c, B, rst_at(c, B, -1));
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	expect_ev(c, WINDOW);
}

/* Linux takes a RST at the number of the FIN that it has received, which some
 * stacks send
 */
static void rst_at_the_fin(struct conn *c)
{
	struct conn at;

	establish(c);
	fin(c, A);
	ack(c, B);
	at = *c;
	feed(c, A, rst_at(c, A, -1));
	expect(c, CLOSED, CLOSED);

	*c = at;
	fin(c, B);
	feed(c, A, rst_at(c, A, -1));
	expect(c, CLOSED, CLOSED);

	*c = at;
	fin(c, B);
	ack(c, A);
	feed(c, B, rst_at(c, B, -1));
	expect(c, TIME_WAIT, CLOSED);
	expect_ev(c, WINDOW);
}

/* ... when FINs crossed as well */
static void rst_at_the_fin_in_closing(struct conn *c)
{
	establish(c);
	cross(c, FIN, FIN);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSING);
	feed(c, A, rst_at(c, A, -1));
	expect(c, CLOSED, CLOSED);
}

/* ... but not one that it has not received */
static void rst_at_a_fin_in_flight(struct conn *c)
{
	establish(c);
	lose(c, A, FIN, 100);
	feed(c, A, rst_at(c, A, -1));
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_ev(c, WINDOW);
}

/* RFC 5961 section 3.2: an ACK field does not help a RST that is elsewhere, nor
 * hurt one that is not
 */
static void rst_with_ack(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	data(c, A, 10);
	seg = make(c, B, RSTACK, 0);
	seg.seq += 10;
	feed(c, B, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	seg.seq -= 10;
	seg.ack -= 1000000;
	feed(c, B, seg);
	expect(c, CLOSED, CLOSED);
}

/* RFC 5961 section 3.2: what was sent may not have arrived: RCV.NXT is anywhere
 * between what is acknowledged and what was sent, and known at both
 */
static void rst_with_data_in_flight(struct conn *c)
{
	struct conn at;

	establish(c);
	data(c, A, 100);
	ack(c, B);
	lose(c, A, DATA, 500);
	at = *c;
	rst(c, A);
	expect(c, CLOSED, CLOSED);

	*c = at;
	feed(c, A, rst_at(c, A, -500));
	expect(c, CLOSED, CLOSED);

	*c = at;
	feed(c, A, rst_at(c, A, -600));
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
}

/* A REJECT rule answers in the name of an end, which knows nothing of it */
static void forged(struct conn *c)
{
	struct tct_segment seg;
	struct conn at;

	establish(c);
	at = *c;
	seg = rst_at(c, A, 0);
	seg.flags |= TCT_OPT_FORGED;
	feed(c, A, seg);
	expect(c, ESTABLISHED, CLOSED);
	expect_ev(c, STATE);
	expect_unconf(c, 0, 1);
	expect_class(c, CLOSING);

	*c = at;
	seg = rst_at(c, B, 0);
	seg.flags |= TCT_OPT_FORGED;
	feed(c, B, seg);
	expect(c, CLOSED, ESTABLISHED);
	expect_class(c, CLOSING);
}

/* ... as well to a SYN, of which its supposed sender never hears */
static void forged_refusal(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = make(c, B, RSTACK, 0);
	seg.flags |= TCT_OPT_FORGED;
	feed(c, B, seg);
	expect(c, CLOSED, CLOSED);
	expect_flags(c, TCT_F_UNANSWERED);
	expect_class(c, CLOSED);
}

/* 3.10.7.1: a RST into nothing makes nothing */
static void rst_creates_nothing(struct conn *c)
{
	rst(c, A);
	expect_ev(c, REFUSED);
	say(c, B, RSTACK, 0);
	expect_ev(c, REFUSED);
	c->self = true;
	rst(c, A);
	expect_ev(c, REFUSED);
}

/* A RST ends the wait for an accept queue as it ends all else */
static void rst_ends_accept_wait(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	feed(c, B, seg);
	expect_flags(c, TCT_F_ACCEPT_WAIT | TCT_F_HS_DONE);
	rst(c, A);
	expect(c, CLOSED, CLOSED);
	expect_flags(c, TCT_F_HS_DONE);
	timeout(c, c->now + 100000);
	expect(c, CLOSED, CLOSED);
	expect_ev(c, NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(refused),
		scenario(refusal_of_another_syn),
		scenario(fast_open_refused),
		scenario(refusal_without_ack),
		scenario(refused_after_synack),
		scenario(synack_refused),
		scenario(syn_taken_back),
		scenario(rst_in_every_state),
		scenario(rst_not_exact),
		scenario(rst_one_below),
		scenario(rst_at_the_fin),
		scenario(rst_at_the_fin_in_closing),
		scenario(rst_at_a_fin_in_flight),
		scenario(rst_with_ack),
		scenario(rst_with_data_in_flight),
		scenario(forged),
		scenario(forged_refusal),
		scenario(rst_creates_nothing),
		scenario(rst_ends_accept_wait),
	};

	return cmocka_run_group_tests_name("reset", tests, NULL, NULL);
}
