// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that come in another order than they were sent, or after a long time,
 * and windows that shrink or shut.  Sections are of RFC 9293.
 */
#include "conn.h"

/* Ticks of so many hours */
#define HOURS(n)	((u64)(n) * 3600 * 1000)

/* 3.10.7.4, eighth: the FIN is acknowledged when all before it has come */
static void fin_before_data(struct conn *c)
{
	struct tct_segment a, b, f;

	establish(c);
	a = make(c, A, DATA, 1000);
	b = make(c, A, DATA, 500);
	f = make(c, A, FIN, 0);
	feed(c, A, f);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	/* B says what it misses */
	ack(c, B);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	feed(c, A, b);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_num(c, c->ev & (STATE | WINDOW), 0);
	ack(c, B);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	c->host[B].rcv += 1000;
	feed(c, A, a);
	/* up to the hole, up to the FIN, and all */
	ack(c, B);
	c->host[B].rcv += 500;
	ack(c, B);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	c->host[B].rcv++;
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* ... in FIN_WAIT_2, where data still come behind the other's FIN */
static void last_fin_before_data(struct conn *c)
{
	struct tct_segment d, f;

	establish(c);
	fin(c, A);
	ack(c, B);
	d = make(c, B, DATA, 1000);
	f = make(c, B, FIN, 0);
	feed(c, B, f);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, FIN_WAIT_2, LAST_ACK);
	feed(c, B, d);
	expect(c, FIN_WAIT_2, LAST_ACK);
	receive(c, A);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.10.7.4, seventh: data in any order are all of the connection */
static void data_in_any_order(struct conn *c)
{
	static const unsigned int order[] = { 3, 1, 0, 2, 4 };
	struct tct_segment seg[5];
	unsigned int i;

	establish(c);
	for (i = 0; i < ARRAY_SIZE(seg); i++)
		seg[i] = make(c, A, DATA, 100);
	for (i = 0; i < ARRAY_SIZE(seg); i++) {
		feed(c, A, seg[order[i]]);
		expect(c, ESTABLISHED, ESTABLISHED);
		expect_num(c, c->ev & (WINDOW | STATE), 0);
		ack(c, B);
	}
	receive(c, B);
	ack(c, B);
	expect_num(c, end(c, A)->nxt, c->host[A].nxt);
	expect_num(c, end(c, B)->ack, c->host[A].nxt);
}

/* An ACK's number says what was sent before it and was not seen: what comes
 * there later is late, and only then is it repeated
 */
static void data_overtaken_by_ack(struct conn *c)
{
	struct tct_segment d;

	establish(c);
	d = make(c, A, DATA, 100);
	ack(c, A);
	feed(c, A, d);
	expect_ev(c, REFRESH | OOO);
	feed(c, A, d);
	expect_ev(c, REFRESH | RETRANS);
}

/* 3.6: who has closed may receive for as long as the other likes: hours, and
 * more octets than there are numbers
 */
static void half_closed_for_hours(struct conn *c)
{
	u64 sent = 0;

	c->host[A].synopts = TCT_OPT_WSCALE;
	c->host[A].wscale = 14;
	c->host[B].synopts = TCT_OPT_WSCALE;
	c->host[A].window = 60000;
	establish(c);
	fin(c, A);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	while (sent < 5ULL << 30) {
		c->now += HOURS(1);
		data(c, B, 900000000);
		sent += 900000000;
		expect_ev(c, REFRESH);
		expect_class(c, HALF_CLOSED);
		ack(c, A);
		expect_num(c, c->ev & ~WRAP, REFRESH);
		expect(c, FIN_WAIT_2, CLOSE_WAIT);
	}
	c->now += HOURS(100);
	/* 3.8.4: neither end has died */
	c->host[B].nxt--;
	say(c, B, ACK, 1);
	expect_num(c, c->ev & (WINDOW | STATE | REFRESH), REFRESH);
	ack(c, A);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.8.6.1: a window that is shut keeps no FIN from being sent: Linux sends it
 * with the last octets, or as the probe
 */
static void fin_into_zero_window(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	data(c, A, 5000);
	c->host[B].window = 0;
	ack(c, B);
	/* it is not acknowledged, and comes again */
	seg = lose(c, A, FIN, 0);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_num(c, c->ev & WINDOW, 0);
	ack(c, B);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_num(c, c->ev & WINDOW, 0);
	c->host[B].window = 5000;
	ack(c, B);
	feed(c, A, seg);
	expect_num(c, c->ev & WINDOW, 0);
	receive(c, B);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* 3.8.6: a window that shrinks takes nothing back of what was sent into it, and
 * what is beyond where it ever was is not believed
 */
static void shrunk_window(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	c->host[B].window = 100;
	ack(c, B);
	/* sent before that came */
	seg = make(c, A, DATA, 5000);
	feed(c, A, seg);
	expect_num(c, c->ev & (WINDOW | REFRESH), REFRESH);
	c->host[B].rcv += 100;
	c->host[B].window = 0;
	ack(c, B);
	expect_num(c, c->ev & WINDOW, 0);
	/* sent again when there is room */
	feed(c, A, seg);
	expect_num(c, c->ev & (WINDOW | RETRANS), RETRANS);
	seg.seq += 5001;
	feed(c, A, seg);
	expect_ev(c, WINDOW);
	seg.flags = FIN;
	feed(c, A, seg);
	expect_ev(c, WINDOW);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* 3.10.7.4, first: of a segment that begins within the window the end may lie
 * beyond it, and is cut off.  So may its FIN be.
 */
static void window_exceeded(struct conn *c)
{
	establish(c);
	lose(c, A, FIN, 6000);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	c->host[B].rcv += 5000;
	ack(c, B);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	c->host[A].nxt -= 1001;
	fin(c, A);
	expect_num(c, c->ev & (STATE | WINDOW), 0);
	expect(c, FIN_WAIT_1, ESTABLISHED);
}

/* 3.8.1: the last ACK of all is lost, more than once */
static void last_ack_lost_again(struct conn *c)
{
	struct tct_segment seg;
	unsigned int i;

	establish(c);
	fin(c, A);
	ack(c, B);
	seg = fin(c, B);
	for (i = 0; i < 3; i++) {
		ack(c, A);
		expect(c, TIME_WAIT, CLOSED);
		expect_unconf(c, 1, 1);
		c->now += HOURS(1) / 3600;
		feed(c, B, seg);
		expect(c, TIME_WAIT, LAST_ACK);
		expect_num(c, c->ev & LINGER, LINGER);
	}
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
	expect_class(c, TIME_WAIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(fin_before_data),
		scenario(last_fin_before_data),
		scenario(data_in_any_order),
		scenario(data_overtaken_by_ack),
		scenario(half_closed_for_hours),
		scenario(fin_into_zero_window),
		scenario(shrunk_window),
		scenario(window_exceeded),
		scenario(last_ack_lost_again),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
