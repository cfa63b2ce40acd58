// SPDX-License-Identifier: GPL-2.0
/*
 * The ways to every pair of states.  Each is a behaviour that a test of its own
 * looks at more closely.
 */
#include "stage.h"

static void syn_sent(struct conn *c)
{
	syn(c, A);
}

static void syn_received(struct conn *c)
{
	syn(c, A);
	synack(c, B);
}

static void syns_crossed(struct conn *c)
{
	cross(c, SYN, SYN);
}

static void one_synack_crossed(struct conn *c)
{
	cross(c, SYN, SYN);
	lose(c, A, SYNACK, 0);
}

static void fast_open_closed(struct conn *c)
{
	say(c, A, SYN, 10);
	synack(c, B);
	fin(c, B);
}

static void accept_wait(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	feed(c, B, seg);
}

static void accept_wait_closed(struct conn *c)
{
	accept_wait(c);
	fin(c, A);
}

static void fin_sent(struct conn *c)
{
	establish(c);
	fin(c, A);
}

static void fin_acked(struct conn *c)
{
	fin_sent(c);
	ack(c, B);
}

static void fin_acked_again(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = fin(c, A);
	ack(c, B);
	feed(c, A, seg);
}

static void both_closed(struct conn *c)
{
	fin_acked(c);
	fin(c, B);
}

static void both_closed_first_again(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = fin(c, A);
	ack(c, B);
	fin(c, B);
	feed(c, A, seg);
}

static void last_ack_of_unacked(struct conn *c)
{
	both_closed_first_again(c);
	ack(c, A);
}

static void time_wait(struct conn *c)
{
	both_closed(c);
	ack(c, A);
}

static void time_wait_again(struct conn *c)
{
	struct tct_segment seg;

	fin_acked(c);
	seg = fin(c, B);
	ack(c, A);
	feed(c, B, seg);
}

static void fins_crossed(struct conn *c)
{
	establish(c);
	cross(c, FIN, FIN);
}

static void fins_crossed_one_acked(struct conn *c)
{
	fins_crossed(c);
	ack(c, B);
}

static void fins_crossed_one_again(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = make(c, A, FIN, 0);
	feed(c, A, seg);
	lose(c, B, FIN, 0);
	receive(c, A);
	receive(c, B);
	ack(c, B);
	feed(c, A, seg);
}

static void fins_crossed_both_acked(struct conn *c)
{
	fins_crossed(c);
	ack(c, B);
	ack(c, A);
}

static void fins_crossed_other_acked(struct conn *c)
{
	fins_crossed_one_again(c);
	ack(c, A);
}

/* Of both FINs the ACK was lost */
static void fins_crossed_again(struct conn *c)
{
	struct tct_segment a, b;

	establish(c);
	a = make(c, A, FIN, 0);
	b = make(c, B, FIN, 0);
	feed(c, A, a);
	feed(c, B, b);
	receive(c, A);
	receive(c, B);
	ack(c, B);
	ack(c, A);
	feed(c, A, a);
	feed(c, B, b);
}

static void refused(struct conn *c)
{
	syn(c, A);
	say(c, B, RSTACK, 0);
}

static void picked_up(struct conn *c)
{
	midstream(c);
	data(c, A, 10);
}

static void picked_up_closed(struct conn *c)
{
	midstream(c);
	fin(c, A);
}

static void forge(struct conn *c, unsigned int from)
{
	struct tct_segment seg = make(c, from, RST, 0);

	seg.flags |= TCT_OPT_FORGED;
	feed(c, from, seg);
}

static void established_forged(struct conn *c)
{
	establish(c);
	forge(c, B);
}

static void fin_sent_forged(struct conn *c)
{
	fin_sent(c);
	forge(c, B);
}

static void syn_received_forged(struct conn *c)
{
	syn(c, A);
	synack(c, B);
	forge(c, A);
}

static void time_wait_forged(struct conn *c)
{
	fins_crossed_both_acked(c);
	forge(c, B);
}

static void reset(struct conn *c)
{
	establish(c);
	rst(c, A);
}

/* B has not got A's RST, and goes on */
static void reset_lost(struct conn *c)
{
	reset(c);
	data(c, B, 10);
}

#define STAGE(fn, a, b, class) \
	{ fn, TCT_##a, TCT_##b, TCT_CLASS_##class }

const struct stage stages[] = {
	STAGE(syn_sent, SYN_SENT, CLOSED, HALF_OPEN),
	STAGE(syn_received, SYN_SENT, SYN_RECEIVED, HALF_OPEN),
	STAGE(syns_crossed, SYN_SENT, SYN_SENT, HALF_OPEN),
	STAGE(one_synack_crossed, SYN_RECEIVED, SYN_SENT, HALF_OPEN),
	STAGE(fast_open_closed, SYN_SENT, FIN_WAIT_1, HALF_OPEN),
	STAGE(syn_received_forged, SYN_SENT, CLOSED, HALF_OPEN),
	STAGE(establish, ESTABLISHED, ESTABLISHED, ESTABLISHED),
	STAGE(accept_wait, ESTABLISHED, SYN_RECEIVED, HALF_OPEN),
	STAGE(accept_wait_closed, FIN_WAIT_1, SYN_RECEIVED, HALF_OPEN),
	STAGE(picked_up, ESTABLISHED, CLOSED, HALF_OPEN),
	STAGE(picked_up_closed, FIN_WAIT_1, CLOSED, HALF_OPEN),
	STAGE(fin_sent, FIN_WAIT_1, ESTABLISHED, CLOSING),
	STAGE(fin_acked, FIN_WAIT_2, CLOSE_WAIT, HALF_CLOSED),
	STAGE(fin_acked_again, FIN_WAIT_1, CLOSE_WAIT, CLOSING),
	STAGE(both_closed, FIN_WAIT_2, LAST_ACK, CLOSING),
	STAGE(both_closed_first_again, FIN_WAIT_1, LAST_ACK, CLOSING),
	STAGE(last_ack_of_unacked, CLOSING, CLOSED, CLOSING),
	STAGE(time_wait_again, TIME_WAIT, LAST_ACK, CLOSING),
	STAGE(fins_crossed, FIN_WAIT_1, FIN_WAIT_1, CLOSING),
	STAGE(fins_crossed_one_acked, FIN_WAIT_2, CLOSING, CLOSING),
	STAGE(fins_crossed_one_again, FIN_WAIT_1, CLOSING, CLOSING),
	STAGE(fins_crossed_other_acked, CLOSING, TIME_WAIT, CLOSING),
	STAGE(fins_crossed_again, CLOSING, CLOSING, CLOSING),
	STAGE(established_forged, CLOSED, ESTABLISHED, CLOSING),
	STAGE(fin_sent_forged, CLOSED, ESTABLISHED, CLOSING),
	STAGE(reset_lost, CLOSED, ESTABLISHED, CLOSING),
	STAGE(fins_crossed_both_acked, TIME_WAIT, TIME_WAIT, TIME_WAIT),
	STAGE(time_wait, TIME_WAIT, CLOSED, TIME_WAIT),
	STAGE(time_wait_forged, CLOSED, TIME_WAIT, TIME_WAIT),
	STAGE(refused, CLOSED, CLOSED, CLOSED),
	STAGE(reset, CLOSED, CLOSED, CLOSED),
};

const unsigned int stages_count = ARRAY_SIZE(stages);

bool stage_next(struct conn *c, const struct conn *start,
		const struct stage **stage)
{
	*stage = *stage ? *stage + 1 : stages;
	if (*stage == stages + stages_count)
		return false;
	*c = *start;
	(*stage)->go(c);
	conn_expect(c, (*stage)->a, (*stage)->b, __FILE__, __LINE__);
	return true;
}
