// SPDX-License-Identifier: GPL-2.0
/*
 * What a segment that was accepted is: new, repeated, late, a duplicate ACK, a
 * keep-alive, a window probe; and what its window says.  Sections are of RFC
 * 9293 where no RFC is named.
 */
#include "conn.h"

#define KIND	(RETRANS | OOO | GAP | DUPACK | KEEPALIVE | PROBE | CHALLENGE)

#define expect_kind(c, kind)	expect_num(c, (c)->ev & KIND, kind)

/* 3.10.7.4, seventh: what fills a hole is late, and not repeated */
static void holes(struct conn *c)
{
	struct tct_segment seg[6];
	unsigned int i;

	establish(c);
	for (i = 0; i < ARRAY_SIZE(seg); i++)
		seg[i] = make(c, A, DATA, 100);
	feed(c, A, seg[0]);
	expect_kind(c, 0);
	feed(c, A, seg[4]);
	expect_kind(c, GAP);
	/* from the left, from the right, and the last of it */
	feed(c, A, seg[1]);
	expect_kind(c, OOO);
	feed(c, A, seg[3]);
	expect_kind(c, OOO);
	feed(c, A, seg[2]);
	expect_kind(c, OOO);
	feed(c, A, seg[5]);
	expect_kind(c, 0);
	/* by now all of them were seen */
	for (i = 0; i < ARRAY_SIZE(seg); i++) {
		feed(c, A, seg[i]);
		expect_kind(c, RETRANS);
	}
}

/* What was acknowledged is missing no longer, whoever has not seen it */
static void hole_acknowledged(struct conn *c)
{
	struct tct_segment seg[4];
	unsigned int i;
	struct conn at;

	establish(c);
	for (i = 0; i < ARRAY_SIZE(seg); i++)
		seg[i] = make(c, A, DATA, 100);
	feed(c, A, seg[3]);
	expect_kind(c, GAP);
	at = *c;
	c->host[B].rcv = seg[3].seq + 100;
	ack(c, B);
	for (i = 0; i < ARRAY_SIZE(seg); i++) {
		feed(c, A, seg[i]);
		expect_kind(c, RETRANS);
	}

	*c = at;
	c->host[B].rcv = seg[1].seq;
	ack(c, B);
	feed(c, A, seg[0]);
	expect_kind(c, RETRANS);
	feed(c, A, seg[1]);
	expect_kind(c, OOO);
	feed(c, A, seg[2]);
	expect_kind(c, OOO);
	feed(c, A, seg[2]);
	expect_kind(c, RETRANS);
}

/* ... of either end by itself */
static void holes_of_both(struct conn *c)
{
	struct tct_segment a, b;

	establish(c);
	a = make(c, A, DATA, 100);
	b = make(c, B, DATA, 100);
	feed(c, A, make(c, A, DATA, 100));
	expect_kind(c, GAP);
	feed(c, B, make(c, B, DATA, 100));
	expect_kind(c, GAP);
	feed(c, A, a);
	expect_kind(c, OOO);
	feed(c, A, a);
	expect_kind(c, RETRANS);
	feed(c, B, b);
	expect_kind(c, OOO);
	feed(c, B, b);
	expect_kind(c, RETRANS);
}

/* RFC 5681 section 2: nothing new, and something to be acknowledged */
static void duplicate_acks(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	/* (a): nothing is outstanding */
	ack(c, B);
	expect_kind(c, 0);
	seg = lose(c, A, DATA, 100);
	lose(c, A, DATA, 100);
	ack(c, B);
	expect_kind(c, DUPACK);
	ack(c, B);
	expect_kind(c, DUPACK);
	/* (e): a window update */
	c->host[B].window++;
	ack(c, B);
	expect_kind(c, 0);
	/* (b): no data */
	data(c, B, 10);
	expect_kind(c, 0);
	/* (d): progress */
	c->host[B].rcv = seg.seq + 100;
	ack(c, B);
	expect_kind(c, 0);
	ack(c, B);
	expect_kind(c, DUPACK);
	receive(c, B);
	ack(c, B);
	expect_kind(c, 0);
	ack(c, B);
	expect_kind(c, 0);
}

/* 3.8.4: one before what is acknowledged, with an octet or none; any number of
 * times, from either end; and the answer to it
 */
static void keep_alives(struct conn *c)
{
	struct tct_segment seg;
	unsigned int i, from;

	establish(c);
	data(c, A, 100);
	data(c, B, 100);
	ack(c, A);
	for (i = 0; i < 4; i++)
		for (from = A; from <= B; from++) {
			seg = make(c, from, ACK, 0);
			seg.seq--;
			seg.len = i & 1;
			feed(c, from, seg);
			expect_kind(c, KEEPALIVE);
			ack(c, !from);
			expect_kind(c, 0);
			expect(c, ESTABLISHED, ESTABLISHED);
		}
	/* two octets are data again */
	seg = make(c, A, ACK, 0);
	seg.seq -= 2;
	seg.len = 2;
	feed(c, A, seg);
	expect_kind(c, RETRANS);
}

/* 3.8.1: the last octet, not acknowledged yet, is repeated */
static void one_octet_again(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = lose(c, A, DATA, 1);
	feed(c, A, seg);
	expect_kind(c, RETRANS);
}

/* 3.8.6.1: to a window that is shut the same is a probe; so is one octet beyond
 * it
 */
static void probes(struct conn *c)
{
	struct tct_segment seg;
	struct conn at;

	establish(c);
	data(c, A, 5000);
	c->host[B].window = 0;
	ack(c, B);
	at = *c;
	seg = make(c, A, ACK, 0);
	seg.seq--;
	feed(c, A, seg);
	expect_kind(c, PROBE);
	ack(c, B);
	feed(c, A, seg);
	expect_kind(c, PROBE);

	*c = at;
	seg = lose(c, A, DATA, 1);
	expect_kind(c, PROBE);
	feed(c, A, seg);
	expect_kind(c, PROBE);
	/* it is open again */
	c->host[B].window = 5000;
	receive(c, B);
	ack(c, B);
	seg = make(c, A, ACK, 0);
	seg.seq--;
	feed(c, A, seg);
	expect_kind(c, KEEPALIVE);
}

/* 3.8.6: a window becomes nothing, and something again; old ACKs do not say so */
static void zero_windows(struct conn *c)
{
	struct tct_segment old;
	unsigned int i;

	establish(c);
	old = make(c, B, ACK, 0);
	for (i = 0; i < 2; i++) {
		data(c, A, 1000);
		c->host[B].window = 0;
		ack(c, B);
		expect_num(c, c->ev & (ZEROWIN | OPENWIN), ZEROWIN);
		ack(c, B);
		expect_num(c, c->ev & (ZEROWIN | OPENWIN), 0);
		feed(c, B, old);
		expect_num(c, c->ev & (ZEROWIN | OPENWIN), 0);
		c->host[B].window = 5000;
		ack(c, B);
		expect_num(c, c->ev & (ZEROWIN | OPENWIN), OPENWIN);
		ack(c, B);
		expect_num(c, c->ev & (ZEROWIN | OPENWIN), 0);
	}
}

/* 3.4: acknowledgments pass where they began, every 4 GiB */
static void wraps(struct conn *c)
{
	unsigned int n = 0, i;

	c->host[B].synopts = TCT_OPT_WSCALE;
	c->host[B].wscale = 14;
	c->host[A].synopts = TCT_OPT_WSCALE;
	c->host[B].window = 65535;
	establish(c);
	for (i = 0; i < 14; i++) {
		data(c, A, 1U << 30);
		expect_num(c, c->ev & WINDOW, 0);
		ack(c, B);
		n += !!(c->ev & WRAP);
	}
	expect_num(c, n, 3);
}

/* Who closed first, by FIN or RST */
static void first_to_close(struct conn *c)
{
	struct conn start = *c, at;
	unsigned int i;

	for (i = A; i <= B; i++) {
		*c = start;
		establish(c);
		at = *c;
		fin(c, i);
		expect_num(c, !!(c->f.flags & TCT_F_CLOSER_1), i);
		fin(c, !i);
		ack(c, i);
		expect_num(c, !!(c->f.flags & TCT_F_CLOSER_1), i);

		*c = at;
		rst(c, i);
		expect_num(c, !!(c->f.flags & TCT_F_CLOSER_1), i);
		expect_num(c, !!(c->f.flags & TCT_F_RST_1), i);

		/* the last word is another thing */
		*c = at;
		fin(c, i);
		rst(c, !i);
		expect_num(c, !!(c->f.flags & TCT_F_CLOSER_1), i);
		expect_num(c, !!(c->f.flags & TCT_F_RST_1), !i);
	}
}

/* An end that was thought dead is alive once, and goes on from there */
static void alive_and_on(struct conn *c)
{
	establish(c);
	rst(c, A);
	data(c, B, 10);
	expect(c, CLOSED, ESTABLISHED);
	fin(c, B);
	expect(c, CLOSED, FIN_WAIT_1);
	c->host[B].nxt--;
	fin(c, B);
	expect(c, CLOSED, FIN_WAIT_1);
	ack(c, B);
	expect(c, CLOSED, FIN_WAIT_1);
	ack(c, A);
	expect(c, CLOSE_WAIT, FIN_WAIT_2);
	ack(c, A);
	ack(c, B);
	expect(c, CLOSE_WAIT, FIN_WAIT_2);
}

/* The first that is heard of an end is old: the other has acknowledged more */
static void heard_late(struct conn *c)
{
	struct tct_segment first, second;

	midstream(c);
	first = make(c, B, DATA, 100);
	second = make(c, B, DATA, 100);
	receive(c, A);
	ack(c, A);
	feed(c, B, first);
	expect(c, ESTABLISHED, ESTABLISHED);
	feed(c, B, second);
	expect_kind(c, RETRANS);
	expect_num(c, end(c, A)->nxt, c->host[A].nxt);
	data(c, B, 100);
	expect_kind(c, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(holes),
		scenario(hole_acknowledged),
		scenario(holes_of_both),
		scenario(duplicate_acks),
		scenario(keep_alives),
		scenario(one_octet_again),
		scenario(probes),
		scenario(zero_windows),
		scenario(wraps),
		scenario(first_to_close),
		scenario(alive_and_on),
		scenario(heard_late),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
