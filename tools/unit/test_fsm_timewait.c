// SPDX-License-Identifier: GPL-2.0
/*
 * A SYN into TIME_WAIT, from either side, by timestamp and by number; what a RST
 * does there; and RSTs that Linux takes or leaves on other grounds.  Sections
 * are of RFC 6191 where no RFC is named.
 */
#include "conn.h"

static void stamped(struct conn *c, unsigned int from, struct tct_segment seg,
		    u32 tsval)
{
	seg.flags |= TCT_OPT_TS;
	seg.tsval = tsval;
	feed(c, from, seg);
}

/* A has closed first: TIME_WAIT, CLOSED; B's last timestamp is 1040 */
static void finish_stamped(struct conn *c)
{
	static const struct {
		u8 from;
		u8 flags;
		u32 tsval;
	} plan[] = {
		{ A, SYN, 1000 }, { B, SYNACK, 1000 }, { A, ACK, 1010 },
		{ B, DATA, 1020 }, { A, FIN, 1020 }, { B, ACK, 1030 },
		{ B, FIN, 1040 }, { A, ACK, 1040 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(plan); i++) {
		stamped(c, plan[i].from,
			make(c, plan[i].from, plan[i].flags,
			     plan[i].flags == DATA ? 500 : 0), plan[i].tsval);
		receive(c, !plan[i].from);
	}
	expect(c, TIME_WAIT, CLOSED);
}

/* B's next SYN, @off from where its last number was */
static struct tct_segment next_syn(struct conn *c, s32 off)
{
	c->host[B].isn = c->host[B].nxt + off;
	c->host[B].nxt = c->host[B].isn;
	return make(c, B, SYN, 0);
}

static void expect_reused(struct conn *c)
{
	expect(c, CLOSED, SYN_SENT);
	expect_num(c, c->ev & REUSE, REUSE);
	expect_initiator(c, B);
	expect_num(c, c->f.flags & (TCT_F_REUSED | TCT_F_CHALLENGED),
		   TCT_F_REUSED);
}

/* Refused: what B sent it has sent, but A is where it was */
static void expect_refused(struct conn *c)
{
	expect(c, TIME_WAIT, SYN_SENT);
	expect_num(c, c->f.flags & TCT_F_CHALLENGED, TCT_F_CHALLENGED);
	expect_class(c, HALF_OPEN);
}

/* 2: no timestamps: a number beyond all that were used */
static void accepted_by_number(struct conn *c)
{
	static const s32 off[] = { 1, 2, 1000, 70000, INT32_MAX };
	struct conn start = *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		*c = start;
		finish(c);
		feed(c, B, next_syn(c, off[i]));
		expect_reused(c);
	}
}

static void refused_by_number(struct conn *c)
{
	static const s32 off[] = { -3, -1000, -70000, INT32_MIN + 1 };
	struct conn start = *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		u64 then;

		*c = start;
		finish(c);
		then = since(c, A);
		feed(c, B, next_syn(c, off[i]));
		expect_refused(c);
		expect_num(c, since(c, A), then);
		expect_num(c, since(c, B), c->now & ((1ULL << 40) - 1));
	}
}

/* RFC 9293 section 3.6.1 has the number larger than the largest that was used;
 * Linux, tcp_timewait_state_process(), than that by one
 */
static void refused_at_the_edge(struct conn *c)
{
	finish(c);
	feed(c, B, next_syn(c, 0));
	expect_refused(c);
}

/* 2: a newer timestamp, whatever the number */
static void accepted_by_timestamp(struct conn *c)
{
	static const s32 off[] = { 0, -2, -1000, INT32_MIN + 1, 1, 100000 };
	struct conn start = *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		*c = start;
		finish_stamped(c);
		stamped(c, B, next_syn(c, off[i]), 1041);
		expect_reused(c);
	}
}

/* 2: an older one, whatever the number */
static void refused_by_timestamp(struct conn *c)
{
	static const s32 off[] = { 0, -2, -1000, INT32_MIN + 1, 1, 100000 };
	struct conn start = *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		*c = start;
		finish_stamped(c);
		stamped(c, B, next_syn(c, off[i]), 1039);
		expect_refused(c);
	}
}

/* 2: the same one, or none any more: the number decides */
static void same_timestamp(struct conn *c)
{
	struct conn at;

	finish_stamped(c);
	at = *c;
	stamped(c, B, next_syn(c, 1), 1040);
	expect_reused(c);

	*c = at;
	stamped(c, B, next_syn(c, -1000), 1040);
	expect_refused(c);

	*c = at;
	feed(c, B, next_syn(c, 1));
	expect_reused(c);

	*c = at;
	feed(c, B, next_syn(c, -1000));
	expect_refused(c);
}

/* Linux does not look at a timestamp where there was none before; RFC 6191 would
 * accept it
 */
static void new_timestamp(struct conn *c)
{
	struct conn at;

	finish(c);
	at = *c;
	stamped(c, B, next_syn(c, 1), 5000);
	expect_reused(c);

	*c = at;
	stamped(c, B, next_syn(c, -1000), 5000);
	expect_refused(c);
}

/* Who waits itself need ask nobody: it has ended that */
static void by_who_waits(struct conn *c)
{
	static const s32 off[] = { 1, 0, -1000, 100000, INT32_MIN + 1 };
	struct conn start = *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		*c = start;
		finish_stamped(c);
		c->host[A].isn = c->host[A].nxt + off[i];
		stamped(c, A, make(c, A, SYN, 0), 1);
		expect(c, SYN_SENT, CLOSED);
		expect_num(c, c->ev & REUSE, REUSE);
		expect_initiator(c, A);
	}
}

/* The old connection's own SYN, late: of neither end a new one */
static void late_syn(struct conn *c)
{
	struct tct_segment a, b;

	a = make(c, A, SYN, 0);
	b = make(c, B, SYN, 0);
	conn_init(c, c->host[A].isn, c->host[B].isn, c->now);
	cross(c, SYN, SYN);
	lose(c, A, SYNACK, 0);
	lose(c, B, SYNACK, 0);
	data(c, A, 10);
	data(c, B, 10);
	fin(c, A);
	ack(c, B);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
	feed(c, A, a);
	expect(c, TIME_WAIT, CLOSED);
	expect_ev(c, WINDOW);
	feed(c, B, b);
	expect(c, TIME_WAIT, CLOSED);
	expect_ev(c, WINDOW);
}

/* RFC 9293 section 3.10.7.3, first, and 3.10.7.4, second: the refusal, the RST it
 * draws, the SYN again, and a new connection in which nothing is old
 */
static void refused_then_accepted(struct conn *c)
{
	struct tct_segment old, seg;

	finish_stamped(c);
	old = make(c, A, ACK, 0);
	seg = next_syn(c, -1000);
	stamped(c, B, seg, 900);
	expect_refused(c);
	stamped(c, A, old, 1050);
	expect(c, TIME_WAIT, SYN_SENT);
	expect_num(c, c->ev & CHALLENGE, CHALLENGE);
	feed(c, B, (struct tct_segment){ .flags = RST, .seq = old.ack });
	expect(c, CLOSED, SYN_SENT);
	stamped(c, B, seg, 910);
	expect_num(c, end(c, B)->state, TCT_SYN_SENT);
	receive(c, A);
	c->host[A].isn += 1000000;
	stamped(c, A, make(c, A, SYNACK, 0), 7);
	receive(c, B);
	stamped(c, B, make(c, B, ACK, 0), 920);
	expect(c, ESTABLISHED, ESTABLISHED);
	/* older than all of the old connection's */
	stamped(c, A, make(c, A, DATA, 100), 8);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
	receive(c, B);
	stamped(c, B, make(c, B, DATA, 100), 930);
	expect_num(c, c->ev & (PAWS | WINDOW | REFRESH), REFRESH);
	expect_flags(c, TCT_F_REUSED | TCT_F_CHALLENGED | TCT_F_HS_DONE);
}

/* Nothing of the old connection in the new one, but what refuses it */
static void nothing_leaks(struct conn *c)
{
	struct tct_segment seg;
	struct tct_fsm want;
	struct conn fresh;

	c->host[A].synopts = TCT_OPT_SACKOK | TCT_OPT_SIGNED | TCT_OPT_WSCALE;
	c->host[B].synopts = c->host[A].synopts;
	c->host[A].wscale = 5;
	c->host[B].wscale = 6;
	finish_stamped(c);
	c->host[B].synopts = 0;
	seg = next_syn(c, 100000);
	stamped(c, B, seg, 2000);
	expect_reused(c);

	conn_init(&fresh, 0, 0, c->now - 1);
	stamped(&fresh, B, seg, 2000);
	want = fresh.f;
	want.flags |= TCT_F_REUSED;
	want.reason = TCT_WHY_REUSE;
	want.end[1].prev = TCT_TIME_WAIT;
	assert_memory_equal(&c->f, &want, sizeof(want));
}

/* RFC 1337 section 3, fix F1 (Linux: tcp_rfc1337): no RST ends a TIME_WAIT */
static void rfc1337(struct conn *c)
{
	struct tct_segment seg;

	finish(c);
	seg = make(c, B, RST, 0);
	seg.flags |= TCT_OPT_RFC1337;
	feed(c, B, seg);
	expect(c, TIME_WAIT, CLOSED);
	seg.flags &= ~TCT_OPT_RFC1337;
	feed(c, B, seg);
	expect(c, CLOSED, CLOSED);
}

/* ... and hinders none elsewhere */
static void rfc1337_only_in_time_wait(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = make(c, B, RST, 0);
	seg.flags |= TCT_OPT_RFC1337;
	feed(c, B, seg);
	expect(c, CLOSED, CLOSED);
}

/* RFC 5961 section 3.2, and Linux, tcp_validate_incoming(): the rightmost edge of
 * what was SACKed is as good as the left edge of the window
 */
static void rst_at_sack(struct conn *c)
{
	struct tct_segment seg, sack;
	struct conn at;

	c->host[A].synopts = TCT_OPT_SACKOK;
	c->host[B].synopts = TCT_OPT_SACKOK;
	establish(c);
	make(c, A, DATA, 100);
	seg = make(c, A, DATA, 100);
	feed(c, A, seg);
	make(c, A, DATA, 100);
	feed(c, A, make(c, A, DATA, 100));
	sack = make(c, B, ACK, 0);
	sack.flags |= TCT_OPT_SACK;
	sack.sack = seg.seq + 100;
	feed(c, B, sack);
	at = *c;
	/* not at its left edge, nor behind it, nor before */
	seg = make(c, A, RST, 0);
	seg.seq = sack.sack - 100;
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	seg.seq = sack.sack + 1;
	feed(c, A, seg);
	expect_ev(c, WINDOW);
	seg.seq = sack.sack;
	feed(c, A, seg);
	expect(c, CLOSED, CLOSED);

	/* once all of that is acknowledged it is any number */
	*c = at;
	receive(c, B);
	ack(c, B);
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
}

/* ... where the SYNs permitted SACK */
static void rst_at_sack_not_permitted(struct conn *c)
{
	struct tct_segment seg, sack;

	establish(c);
	make(c, A, DATA, 100);
	seg = make(c, A, DATA, 100);
	feed(c, A, seg);
	feed(c, A, make(c, A, DATA, 100));
	sack = make(c, B, ACK, 0);
	sack.flags |= TCT_OPT_SACK;
	sack.sack = seg.seq + 100;
	feed(c, B, sack);
	seg = make(c, A, RST, 0);
	seg.seq = sack.sack;
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
}

/* RFC 2385 section 2, RFC 5925 section 7.5: where both signed their SYNs a RST
 * counts if it is signed
 */
static void unsigned_rst(struct conn *c)
{
	struct tct_segment seg;

	c->host[A].synopts = TCT_OPT_SIGNED;
	c->host[B].synopts = TCT_OPT_SIGNED;
	establish(c);
	seg = make(c, A, RST, 0);
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	seg.flags |= TCT_OPT_SIGNED;
	feed(c, A, seg);
	expect(c, CLOSED, CLOSED);
}

/* ... and where only one did neither does */
static void unsigned_rst_of_one(struct conn *c)
{
	struct conn start = *c;
	unsigned int i;

	for (i = A; i <= B; i++) {
		*c = start;
		c->host[i].synopts = TCT_OPT_SIGNED;
		establish(c);
		rst(c, A);
		expect(c, CLOSED, CLOSED);
	}
}

/* RFC 5961 sections 3.2 and 4.2: the ACK that an RST within the window draws, or
 * a SYN, is one once, and closes nothing
 */
static void challenge_ack(struct conn *c)
{
	struct tct_segment seg;
	unsigned int i;

	establish(c);
	data(c, A, 100);
	ack(c, B);
	ack(c, B);
	expect_num(c, c->ev & CHALLENGE, 0);
	for (i = 0; i < 2; i++) {
		seg = make(c, A, RST, 0);
		seg.seq += 10;
		if (i)
			seg = (struct tct_segment){ .flags = SYN, .seq = 5 };
		feed(c, A, seg);
		expect_ev(c, WINDOW);
		ack(c, B);
		expect_num(c, c->ev & CHALLENGE, CHALLENGE);
		expect(c, ESTABLISHED, ESTABLISHED);
		ack(c, B);
		expect_num(c, c->ev & CHALLENGE, 0);
	}
}

/* ... and no challenge ACK is what brings news */
static void no_challenge_ack(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = make(c, A, RST, 0);
	seg.seq += 10;
	feed(c, A, seg);
	data(c, A, 10);
	ack(c, B);
	expect_num(c, c->ev & CHALLENGE, 0);

	/* nor does a RST outside the window draw one */
	seg.seq -= 1000;
	feed(c, A, seg);
	ack(c, B);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(accepted_by_number),
		scenario(refused_by_number),
		scenario(refused_at_the_edge),
		scenario(accepted_by_timestamp),
		scenario(refused_by_timestamp),
		scenario(same_timestamp),
		scenario(new_timestamp),
		scenario(by_who_waits),
		scenario(late_syn),
		scenario(refused_then_accepted),
		scenario(nothing_leaks),
		scenario(rfc1337),
		scenario(rfc1337_only_in_time_wait),
		scenario(rst_at_sack),
		scenario(rst_at_sack_not_permitted),
		scenario(unsigned_rst),
		scenario(unsigned_rst_of_one),
		scenario(challenge_ack),
		scenario(no_challenge_ack),
	};

	return cmocka_run_group_tests_name("timewait", tests, NULL, NULL);
}
