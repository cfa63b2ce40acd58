// SPDX-License-Identifier: GPL-2.0
/*
 * How connections end in good order.  Sections are of RFC 9293.
 */
#include "conn.h"

/* 3.6, figure 12, with @x closing first.  A and B are as expect() has them. */
static void close_by(struct conn *c, unsigned int x)
{
	unsigned int y = !x;

	establish(c);
	data(c, x, 10);
	data(c, y, 20);
	fin(c, x);
	expect_num(c, end(c, x)->state, TCT_FIN_WAIT_1);
	expect_num(c, end(c, y)->state, TCT_ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, FIN);
	expect_class(c, CLOSING);
	expect_since(c, x, c->now);

	ack(c, y);
	expect_num(c, end(c, x)->state, TCT_FIN_WAIT_2);
	expect_num(c, end(c, y)->state, TCT_CLOSE_WAIT);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, FIN_ACK);
	expect_class(c, HALF_CLOSED);
	expect_since(c, x, c->now);
	expect_since(c, y, c->now);

	fin(c, y);
	expect_num(c, end(c, x)->state, TCT_FIN_WAIT_2);
	expect_num(c, end(c, y)->state, TCT_LAST_ACK);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, FIN);
	expect_class(c, CLOSING);

	ack(c, x);
	expect_num(c, end(c, x)->state, TCT_TIME_WAIT);
	expect_num(c, end(c, y)->state, TCT_CLOSED);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, FIN_ACK);
	expect_class(c, TIME_WAIT);
	expect_num(c, !!(end(c, y)->flags & TCT_END_UNCONF), 1);
}

static void close_by_initiator(struct conn *c)
{
	close_by(c, A);
}

static void close_by_responder(struct conn *c)
{
	close_by(c, B);
}

/* 3.10.7.4, fifth: who had received the FIN and has the ACK of its own is in
 * doubt until something comes of it
 */
static void fin_ack_is_unconfirmed(struct conn *c)
{
	establish(c);
	fin(c, A);
	expect_unconf(c, 0, 0);
	ack(c, B);
	expect_unconf(c, 1, 0);
	fin(c, B);
	ack(c, A);
	expect_num(c, !!(end(c, B)->flags & TCT_END_UNCONF), 1);
}

/* 3.10.7.4, eighth: the second FIN acknowledges the first: no CLOSE_WAIT to be
 * seen
 */
static void fin_with_ack_of_fin(struct conn *c)
{
	establish(c);
	fin(c, A);
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, FIN);
	expect_class(c, CLOSING);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.10.7.4, seventh and eighth: FINs with data */
static void fin_with_data(struct conn *c)
{
	establish(c);
	say(c, A, FIN, 100);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	say(c, B, FIN, 200);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.10.7.4, fifth: the ACK of the data before the FIN is not the FIN's */
static void ack_below_fin(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	say(c, A, FIN, 100);
	seg = make(c, B, ACK, 0);
	seg.ack--;
	feed(c, B, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_ev(c, REFRESH);
	seg.ack -= 50;
	feed(c, B, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* 3.10.7.4, fifth: and one beyond it is of what nobody sent */
static void ack_beyond_fin(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	fin(c, A);
	seg = make(c, B, ACK, 0);
	seg.ack++;
	feed(c, B, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_ev(c, WINDOW);
}

/* 3.6: who has closed goes on to receive, and to acknowledge */
static void half_closed(struct conn *c)
{
	unsigned int i;

	establish(c);
	fin(c, A);
	ack(c, B);
	for (i = 0; i < 20; i++) {
		data(c, B, 1000);
		expect(c, FIN_WAIT_2, CLOSE_WAIT);
		expect_ev(c, REFRESH);
		ack(c, A);
		expect(c, FIN_WAIT_2, CLOSE_WAIT);
		expect_ev(c, REFRESH);
		expect_class(c, HALF_CLOSED);
	}
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.10.4: data of before the FIN is still on its way, and repeated */
static void data_repeated_after_fin(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = lose(c, A, DATA, 500);
	fin(c, A);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_ev(c, REFRESH | RETRANS);
}

/* 3.10.4: nothing comes after a FIN */
static void data_after_fin(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	fin(c, A);
	seg = make(c, A, DATA, 1);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_ev(c, WINDOW);
	seg.seq--;
	feed(c, A, seg);
	expect_ev(c, REFRESH | RETRANS);
	seg = make(c, A, FIN, 0);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_ev(c, WINDOW);
}

/* 3.10.7.4, eighth: only the same FIN is the FIN again */
static void another_fin_within(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	data(c, A, 100);
	seg = fin(c, A);
	ack(c, B);
	seg.seq -= 50;
	feed(c, A, seg);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	expect_ev(c, REFRESH | RETRANS);
}

/* 3.6, figure 13: both close at once; B's ACK is seen first */
static void simultaneous_close(struct conn *c)
{
	establish(c);
	cross(c, FIN, FIN);
	expect(c, FIN_WAIT_1, FIN_WAIT_1);
	expect_class(c, CLOSING);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSING);
	expect_class(c, CLOSING);
	expect_unconf(c, 1, 0);
	ack(c, A);
	expect(c, TIME_WAIT, TIME_WAIT);
	expect_class(c, TIME_WAIT);
}

/* ... or A's */
static void simultaneous_close_other_order(struct conn *c)
{
	establish(c);
	data(c, B, 100);
	cross(c, FIN, FIN);
	ack(c, A);
	expect(c, CLOSING, FIN_WAIT_2);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, FIN_ACK);
	ack(c, B);
	expect(c, TIME_WAIT, TIME_WAIT);
	expect_ev(c, STATE | REFRESH);
	expect_why(c, FIN_ACK);
}

/* 3.6, case 3: the FINs crossed, and B's came by after its ACK of A's: between
 * the two B seems to be in CLOSE_WAIT
 */
static void fin_overtaken_by_ack(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = make(c, B, FIN, 0);
	fin(c, A);
	lose(c, B, ACK, 0);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	feed(c, B, seg);
	expect(c, FIN_WAIT_2, CLOSING);
	expect_ev(c, STATE | REFRESH | OOO);
	expect_why(c, FIN);
	expect_class(c, CLOSING);
	receive(c, A);
	ack(c, A);
	expect(c, TIME_WAIT, TIME_WAIT);
}

/* ... or it was lost before us, and B's acknowledgment of earlier data had told of
 * it
 */
static void fin_lost_before_us(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	data(c, A, 100);
	seg = make(c, B, FIN, 0);
	lose(c, B, ACK, 0);
	fin(c, A);
	lose(c, B, ACK, 0);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	seg.ack = c->host[B].rcv;
	feed(c, B, seg);
	expect(c, FIN_WAIT_2, CLOSING);
	receive(c, A);
	ack(c, A);
	expect(c, TIME_WAIT, TIME_WAIT);
}

/* ... unless that was an ACK sent after A's FIN was acknowledged */
static void fin_lost_before_us_in_close_wait(struct conn *c)
{
	struct tct_segment a, seg;

	establish(c);
	a = fin(c, A);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	seg = make(c, B, FIN, 0);
	feed(c, A, a);
	lose(c, B, ACK, 0);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	feed(c, B, seg);
	expect(c, FIN_WAIT_2, LAST_ACK);
}

/* An old SYN-ACK says nothing of all that */
static void old_synack_while_closing(struct conn *c)
{
	struct tct_segment synack, seg;

	establish(c);
	synack = c->log[1].seg;
	seg = make(c, B, FIN, 0);
	fin(c, A);
	lose(c, B, ACK, 0);
	feed(c, B, synack);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	expect_ev(c, RETRANS | REFRESH);
	feed(c, B, seg);
	expect(c, FIN_WAIT_2, CLOSING);
}

static void old_synack_before_fin(struct conn *c)
{
	struct conn start = *c;

	establish(c);
	fin(c, A);
	ack(c, B);
	feed(c, B, c->log[1].seg);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);

	*c = start;
	establish(c);
	fin(c, B);
	ack(c, A);
	feed(c, B, c->log[1].seg);
	expect(c, CLOSE_WAIT, FIN_WAIT_2);
	fin(c, A);
	expect(c, LAST_ACK, FIN_WAIT_2);
}

/* ... but where it is data that comes late, the FIN after it is in order */
static void data_overtaken_by_ack(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = make(c, B, DATA, 100);
	fin(c, A);
	lose(c, B, ACK, 0);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	feed(c, B, seg);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.10.7.4, eighth: a FIN counts where it stands, and the ACK of it is the ACK
 * of the FIN.  What was seen beyond it, and never acknowledged, nobody sent.
 */
static void fin_below_what_was_seen(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = make(c, A, DATA, 10);
	c->host[A].nxt -= 10;
	seg.seq += 1000;
	feed(c, A, seg);
	expect_ev(c, REFRESH | GAP);
	fin(c, A);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_num(c, end(c, A)->nxt, c->host[A].nxt);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	feed(c, A, seg);
	expect_ev(c, WINDOW);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.10.7.4, fifth: nothing but a repeated FIN concerns who waits or is gone */
static void time_wait_stays(struct conn *c)
{
	finish(c);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
	expect_ev(c, REFRESH);
	ack(c, B);
	expect(c, TIME_WAIT, CLOSED);
	expect_ev(c, REFRESH);
	timeout(c, c->now + 60000);
	expect(c, TIME_WAIT, CLOSED);
	expect_ev(c, NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(close_by_initiator),
		scenario(close_by_responder),
		scenario(fin_ack_is_unconfirmed),
		scenario(fin_with_ack_of_fin),
		scenario(fin_with_data),
		scenario(ack_below_fin),
		scenario(ack_beyond_fin),
		scenario(half_closed),
		scenario(data_repeated_after_fin),
		scenario(data_after_fin),
		scenario(another_fin_within),
		scenario(simultaneous_close),
		scenario(simultaneous_close_other_order),
		scenario(fin_overtaken_by_ack),
		scenario(fin_lost_before_us),
		scenario(fin_lost_before_us_in_close_wait),
		scenario(old_synack_while_closing),
		scenario(old_synack_before_fin),
		scenario(data_overtaken_by_ack),
		scenario(fin_below_what_was_seen),
		scenario(time_wait_stays),
	};

	return cmocka_run_group_tests_name("close", tests, NULL, NULL);
}
