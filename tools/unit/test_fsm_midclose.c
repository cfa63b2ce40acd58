// SPDX-License-Identifier: GPL-2.0
/*
 * Flows first seen while they are being closed, from either side and from one
 * only.  Sections are of RFC 9293.
 */
#include "conn.h"

/* The same with either end first */
static void swap(struct conn *c)
{
	struct host h = c->host[A];

	c->host[A] = c->host[B];
	c->host[B] = h;
}

/* 3.6, case 1: the FIN went by before; its ACK alone says nothing of it, and the
 * other's FIN is what is known of the close
 */
static void after_the_first_fin(struct conn *c)
{
	midstream(c);
	c->host[A].nxt++;
	receive(c, B);
	ack(c, B);
	expect(c, CLOSED, ESTABLISHED);
	data(c, B, 100);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_flags(c, TCT_F_PICKUP | TCT_F_HS_DONE);
	fin(c, B);
	expect(c, ESTABLISHED, FIN_WAIT_1);
	ack(c, A);
	/* in truth TIME_WAIT and CLOSED: it lives as half-closed does */
	expect(c, CLOSE_WAIT, FIN_WAIT_2);
	expect_class(c, HALF_CLOSED);
}

/* 3.8.1: ... until the FIN is repeated */
static void first_fin_again(struct conn *c)
{
	struct tct_segment seg;

	midstream(c);
	seg = make(c, A, FIN, 0);
	receive(c, B);
	data(c, B, 100);
	expect(c, CLOSED, ESTABLISHED);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.6, case 1: at the FIN, then both ways to the end */
static void at_the_first_fin(struct conn *c)
{
	midstream(c);
	fin(c, A);
	expect(c, FIN_WAIT_1, CLOSED);
	expect_class(c, HALF_OPEN);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	expect_flags(c, TCT_F_PICKUP | TCT_F_HS_DONE);
	expect_class(c, HALF_CLOSED);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* ... answered by the other's FIN in one segment */
static void at_the_first_fin_both_at_once(struct conn *c)
{
	midstream(c);
	fin(c, A);
	fin(c, B);
	expect(c, FIN_WAIT_2, LAST_ACK);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.6, case 3: FINs that cross */
static void at_crossing_fins(struct conn *c)
{
	midstream(c);
	cross(c, FIN, FIN);
	expect(c, FIN_WAIT_1, FIN_WAIT_1);
	ack(c, A);
	expect(c, CLOSING, FIN_WAIT_2);
	ack(c, B);
	expect(c, TIME_WAIT, TIME_WAIT);
}

/* 3.6: at the second FIN, and the ACK of it */
static void at_the_second_fin(struct conn *c)
{
	midstream(c);
	c->host[A].nxt++;
	receive(c, B);
	fin(c, B);
	expect(c, CLOSED, FIN_WAIT_1);
	ack(c, A);
	expect(c, CLOSE_WAIT, FIN_WAIT_2);
}

/* The last ACK of all: somebody is alive, more is not known */
static void at_the_last_ack(struct conn *c)
{
	midstream(c);
	ack(c, A);
	expect(c, ESTABLISHED, CLOSED);
	expect_class(c, HALF_OPEN);
	/* and 3.10.7.4, second, what is said to that */
	rst(c, B);
	expect(c, CLOSED, CLOSED);
	expect_class(c, CLOSED);
}

/* One direction only, from the SYN on */
static void initiator_only(struct conn *c)
{
	syn(c, A);
	c->host[B].nxt++;
	receive(c, A);
	ack(c, A);
	expect(c, ESTABLISHED, CLOSED);
	data(c, A, 100);
	c->host[B].nxt += 500;
	receive(c, A);
	ack(c, A);
	expect_num(c, c->ev & WINDOW, 0);
	fin(c, A);
	expect(c, FIN_WAIT_1, CLOSED);
	c->host[B].nxt++;
	receive(c, A);
	ack(c, A);
	expect(c, FIN_WAIT_1, CLOSED);
	expect_flags(c, TCT_F_PICKUP | TCT_F_UNANSWERED | TCT_F_HS_DONE);
	expect_class(c, HALF_OPEN);
}

/* ... from the SYN-ACK on: the other end is known by what is acknowledged */
static void responder_only(struct conn *c)
{
	c->host[A].nxt++;
	receive(c, B);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_initiator(c, A);
	c->host[A].nxt += 100;
	receive(c, B);
	data(c, B, 1000);
	expect_num(c, c->ev & WINDOW, 0);
	fin(c, B);
	expect(c, SYN_SENT, FIN_WAIT_1);
	expect_num(c, c->f.flags & TCT_F_UNANSWERED, TCT_F_UNANSWERED);
	expect_class(c, HALF_OPEN);
	expect_num(c, c->ev & WINDOW, 0);
}

/* Who is first seen to acknowledge acknowledges what came before we looked */
static void acknowledges_the_unseen(struct conn *c)
{
	struct tct_segment seg;

	midstream(c);
	seg = make(c, A, DATA, 1000);
	make(c, A, DATA, 1000);
	receive(c, B);
	/* repeated, though it has arrived */
	feed(c, A, seg);
	expect(c, ESTABLISHED, CLOSED);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	data(c, A, 1000);
	expect_ev(c, REFRESH);
}

static void after_the_first_fin_swapped(struct conn *c)
{
	swap(c);
	c->guess = true;
	after_the_first_fin(c);
}

static void at_the_first_fin_swapped(struct conn *c)
{
	swap(c);
	c->guess = true;
	at_the_first_fin(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(after_the_first_fin),
		scenario(after_the_first_fin_swapped),
		scenario(first_fin_again),
		scenario(at_the_first_fin),
		scenario(at_the_first_fin_swapped),
		scenario(at_the_first_fin_both_at_once),
		scenario(at_crossing_fins),
		scenario(at_the_second_fin),
		scenario(at_the_last_ack),
		scenario(initiator_only),
		scenario(responder_only),
		scenario(acknowledges_the_unseen),
	};

	return cmocka_run_group_tests_name("midclose", tests, NULL, NULL);
}
