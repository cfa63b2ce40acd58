// SPDX-License-Identifier: GPL-2.0
/*
 * The handshake's last ACK has no effect: it was lost, or the accept queue is
 * full.  Sections are of RFC 9293 where no RFC is named.
 */
#include "conn.h"

#define SECOND	1000	/* ticks, see linux/jiffies.h */

/* The SYN-ACK comes again after its ACK: the ACK was lost, or had no effect */
static void last_ack_lost(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	feed(c, B, seg);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_ev(c, STATE | RETRANS | REFRESH);
	expect_why(c, SYNACK_AGAIN);
	expect_flags(c, TCT_F_HS_DONE | TCT_F_ACCEPT_WAIT);
	expect_class(c, HALF_OPEN);
	expect_unconf(c, 0, 0);

	/* each repetition draws an ACK, which proves nothing */
	ack(c, A);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_ev(c, REFRESH);
	data(c, A, 10);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_ev(c, REFRESH);
	expect_flags(c, TCT_F_HS_DONE | TCT_F_ACCEPT_WAIT);
}

/* ... until B sends what it can send only in ESTABLISHED */
static void accepted_by_speaking(struct conn *c)
{
	last_ack_lost(c);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, ACK);
	expect_flags(c, TCT_F_HS_DONE);
	expect_unconf(c, 0, 0);
	expect_class(c, ESTABLISHED);
}

/* 3.10.4: ... of which a FIN is one */
static void accepted_by_closing(struct conn *c)
{
	last_ack_lost(c);
	fin(c, B);
	expect(c, ESTABLISHED, FIN_WAIT_1);
	expect_flags(c, TCT_F_HS_DONE);
	ack(c, A);
	expect(c, CLOSE_WAIT, FIN_WAIT_2);
}

/* ... or does not send the next SYN-ACK when that is due */
static void accepted_by_silence(struct conn *c)
{
	u64 due;

	last_ack_lost(c);
	due = c->now + (u32)(c->f.synack_due - (u32)c->now);
	timeout(c, due - 1);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_ev(c, NOTHING);
	timeout(c, due);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE);
	expect_why(c, SILENCE);
	expect_flags(c, TCT_F_HS_DONE);
	expect_class(c, ESTABLISHED);
	/* from here on silence means that the flow is over */
	timeout(c, due + SECOND);
	expect_ev(c, NOTHING);
	data(c, A, 10);
	expect_ev(c, REFRESH);
	data(c, B, 10);
	expect_ev(c, REFRESH);
}

/* Silence was too short: the next SYN-ACK comes all the same */
static void silence_was_too_short(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	feed(c, B, seg);
	timeout(c, c->now + 60 * SECOND);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_unconf(c, 0, 1);
	feed(c, B, seg);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_why(c, SYNACK_AGAIN);
	expect_class(c, HALF_OPEN);
	data(c, B, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* 3.8.3: after as many SYN-ACKs as a stack sends B has given up, in silence */
static void given_up(struct conn *c)
{
	struct tct_segment seg;
	unsigned int i;
	struct conn at;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	for (i = 0; i < 5; i++)
		feed(c, B, seg);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	timeout(c, c->now + 300 * SECOND);
	expect(c, ESTABLISHED, CLOSED);
	expect_ev(c, STATE);
	expect_why(c, SILENCE);
	expect_class(c, CLOSING);
	expect_unconf(c, 0, 1);
	expect_flags(c, TCT_F_HS_DONE);
	timeout(c, c->now + 1);
	expect_ev(c, NOTHING);
	at = *c;

	/* ... unless it has not: */
	data(c, B, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);

	*c = at;
	feed(c, B, seg);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_class(c, HALF_OPEN);
	/* and the ACK that this draws proves as little as those before */
	ack(c, A);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_flags(c, TCT_F_HS_DONE | TCT_F_ACCEPT_WAIT);
	data(c, B, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* ... and one fewer is not enough */
static void not_given_up(struct conn *c)
{
	struct tct_segment seg;
	unsigned int i;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	for (i = 0; i < 4; i++)
		feed(c, B, seg);
	timeout(c, c->now + 300 * SECOND);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* Some SYN-ACKs were lost before us: the wait is for what follows the interval
 * that was seen
 */
static void synacks_lost_before_us(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	c->hasty = true;
	c->now += 7 * SECOND - 2;
	feed(c, B, seg);
	expect_num(c, (u32)(c->f.synack_due - (u32)c->now),
		   14 * SECOND + 14 * SECOND / 4 + SECOND / 2);
	c->now += 14 * SECOND - 1;
	feed(c, B, seg);
	expect_num(c, (u32)(c->f.synack_due - (u32)c->now),
		   28 * SECOND + 28 * SECOND / 4 + SECOND / 2);
	/* RFC 6298 section 2.5: 120 s at most */
	c->now += 1000 * SECOND;
	feed(c, B, seg);
	expect_num(c, (u32)(c->f.synack_due - (u32)c->now),
		   120 * SECOND + 120 * SECOND / 4 + SECOND / 2);
}

/* RFC 6298 sections 2.4 and 5.5: the next SYN-ACK is due after 1, 2, 4 ... s
 * from this one, with some grace, and no sooner
 */
static void synack_due_backs_off(struct conn *c)
{
	struct tct_segment seg;
	u32 rto = SECOND;
	unsigned int i;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	for (i = 2; i < 300; i++) {
		feed(c, B, seg);
		rto = i <= 8 ? 2 * rto : rto;
		if (rto < 120 * SECOND)
			expect_num(c, (u32)(c->f.synack_due - (u32)c->now),
				   rto + rto / 4 + SECOND / 2);
		/* RFC 6298 section 2.5: the stack's limit is 120 s */
		expect_num(c, (u32)(c->f.synack_due - (u32)c->now) >
			   120 * SECOND, i >= 8);
		expect_num(c, (u32)(c->f.synack_due - (u32)c->now) <
			   180 * SECOND, 1);
		expect_num(c, c->f.synacks, i < 255 ? i : 255);
		expect(c, ESTABLISHED, SYN_RECEIVED);
	}
}

/* Which repetition is waited for: the last one's successor */
static void silence_counts_from_the_last_synack(struct conn *c)
{
	struct tct_segment seg;
	u64 due;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	c->now += SECOND;
	feed(c, B, seg);
	due = c->now + (u32)(c->f.synack_due - (u32)c->now);
	c->now += 2 * SECOND;
	feed(c, B, seg);
	expect_ev(c, RETRANS | REFRESH);
	timeout(c, due);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_ev(c, NOTHING);
	timeout(c, due + 10 * SECOND);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* Without that wait silence is no evidence */
static void silence_proves_nothing_else(struct conn *c)
{
	syn(c, A);
	timeout(c, c->now + 100 * SECOND);
	expect_ev(c, NOTHING);
	synack(c, B);
	timeout(c, c->now + 100 * SECOND);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, NOTHING);
	ack(c, A);
	timeout(c, c->now + 100 * SECOND);
	expect_ev(c, NOTHING);
	fin(c, A);
	timeout(c, c->now + 100 * SECOND);
	expect_ev(c, NOTHING);
	expect(c, FIN_WAIT_1, ESTABLISHED);
}

/* An old SYN-ACK, after B has shown that it is ESTABLISHED, says nothing new */
static void old_synack_when_confirmed(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	ack(c, B);
	feed(c, B, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, RETRANS | REFRESH);
	expect_flags(c, TCT_F_HS_DONE);
	expect_num(c, c->f.synacks, 1);
}

/* 3.10.7.3: nor does another server's, while B is waited for */
static void different_synack_in_accept_wait(struct conn *c)
{
	struct tct_segment seg;

	last_ack_lost(c);
	seg = c->log[1].seg;
	seg.seq += 77;
	feed(c, B, seg);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_ev(c, WINDOW);
}

/* A closes while B's accept queue is full: B takes the FIN only later */
static void closed_in_accept_wait(struct conn *c)
{
	last_ack_lost(c);
	fin(c, A);
	expect(c, FIN_WAIT_1, SYN_RECEIVED);
	expect_class(c, HALF_OPEN);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	expect_flags(c, TCT_F_HS_DONE);
}

/* RFC 6298 section 2: what comes again at once was doubled by the network, or
 * answers a SYN that was; nothing is repeated before a second
 */
static void synack_doubled(struct conn *c)
{
	struct tct_segment seg;

	c->hasty = true;
	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	feed(c, B, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, REFRESH | RETRANS);
	expect_flags(c, TCT_F_HS_DONE);
	c->now += SECOND / 2;
	feed(c, B, seg);
	expect(c, ESTABLISHED, SYN_RECEIVED);
	expect_flags(c, TCT_F_HS_DONE | TCT_F_ACCEPT_WAIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(last_ack_lost),
		scenario(accepted_by_speaking),
		scenario(accepted_by_closing),
		scenario(accepted_by_silence),
		scenario(silence_was_too_short),
		scenario(given_up),
		scenario(not_given_up),
		scenario(synacks_lost_before_us),
		scenario(synack_due_backs_off),
		scenario(silence_counts_from_the_last_synack),
		scenario(silence_proves_nothing_else),
		scenario(old_synack_when_confirmed),
		scenario(different_synack_in_accept_wait),
		scenario(closed_in_accept_wait),
		scenario(synack_doubled),
	};

	return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
