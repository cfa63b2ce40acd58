// SPDX-License-Identifier: GPL-2.0
/*
 * What is sent again, and what that says of what was thought delivered.
 * Sections are of RFC 9293 where no RFC is named.
 */
#include "conn.h"

/* 3.8.1: a SYN without an answer is repeated.  It wins the flow no time. */
static void syn_again(struct conn *c)
{
	struct tct_segment seg = syn(c, A);
	unsigned int i;

	for (i = 0; i < 6; i++) {
		feed(c, A, seg);
		expect(c, SYN_SENT, CLOSED);
		expect_ev(c, RETRANS);
		expect_flags(c, TCT_F_UNANSWERED);
	}
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, STATE | REFRESH);
}

/* RFC 6298 section 3, Karn: nobody knows which SYN was answered */
static void no_rtt_after_syn_again(struct conn *c)
{
	struct tct_segment seg = syn(c, A);

	feed(c, A, seg);
	synack(c, B);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_flags(c, TCT_F_HS_DONE);
}

/* 3.8.1: a SYN sent again after its answer was seen: the answer was lost */
static void syn_again_after_synack(struct conn *c)
{
	struct tct_segment a = syn(c, A), b = synack(c, B);

	feed(c, A, a);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, RETRANS);
	feed(c, B, b);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, RETRANS | REFRESH);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* 3.8.1: SYN-ACKs without an answer */
static void synack_again(struct conn *c)
{
	struct tct_segment seg;
	unsigned int i;

	syn(c, A);
	seg = synack(c, B);
	for (i = 0; i < 6; i++) {
		feed(c, B, seg);
		expect(c, SYN_SENT, SYN_RECEIVED);
		expect_ev(c, RETRANS | REFRESH);
		expect_flags(c, 0);
	}
	expect_num(c, c->f.synacks, 7);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_unconf(c, 0, 1);
}

/* RFC 6298 section 3, Karn: one sample at most, whatever follows */
static void one_rtt_sample(struct conn *c)
{
	syn(c, A);
	synack(c, B);
	ack(c, A);
	expect_ev(c, STATE | REFRESH);
	feed(c, A, c->last);
	expect_ev(c, REFRESH);
	ack(c, B);
	expect_ev(c, REFRESH);
	data(c, A, 10);
	expect_ev(c, REFRESH);
}

/* 3.8.1: a FIN whose ACK was not seen */
static void fin_again(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = fin(c, A);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_ev(c, RETRANS | REFRESH | LINGER);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	expect_unconf(c, 1, 0);
}

/* A FIN whose ACK was seen, and did not arrive: back to FIN_WAIT_1 */
static void ack_of_fin_lost(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = fin(c, A);
	ack(c, B);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, CLOSE_WAIT);
	expect_ev(c, STATE | RETRANS | REFRESH | LINGER);
	expect_why(c, FIN_AGAIN);
	expect_unconf(c, 0, 0);
	/* once more: it is there already */
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, CLOSE_WAIT);
	expect_ev(c, RETRANS | REFRESH | LINGER);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
	expect_why(c, FIN_ACK);
}

/* The same in TIME_WAIT's face: LAST_ACK, and 2 MSL begin anew (3.10.7.4,
 * eighth)
 */
static void last_ack_of_fin_lost(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	fin(c, A);
	ack(c, B);
	seg = fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
	expect_class(c, TIME_WAIT);
	feed(c, B, seg);
	expect(c, TIME_WAIT, LAST_ACK);
	expect_ev(c, STATE | RETRANS | REFRESH | LINGER);
	expect_why(c, FIN_AGAIN);
	expect_class(c, CLOSING);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
	expect_class(c, TIME_WAIT);
}

/* After a simultaneous close: CLOSING */
static void ack_of_crossed_fin_lost(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = make(c, A, FIN, 0);
	feed(c, A, seg);
	lose(c, B, FIN, 0);
	receive(c, A);
	receive(c, B);
	ack(c, A);
	ack(c, B);
	expect(c, TIME_WAIT, TIME_WAIT);
	feed(c, A, seg);
	expect(c, CLOSING, TIME_WAIT);
	expect_ev(c, STATE | RETRANS | REFRESH | LINGER);
	expect_why(c, FIN_AGAIN);
	ack(c, B);
	expect(c, TIME_WAIT, TIME_WAIT);
}

/* 3.8.1: a FIN sent again together with data that was sent before it */
static void fin_again_with_data(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	data(c, A, 100);
	fin(c, A);
	ack(c, B);
	seg = make(c, A, ACK, 0);
	seg.flags = FIN;
	seg.seq -= 101;
	seg.len = 100;
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, CLOSE_WAIT);
	expect_ev(c, STATE | RETRANS | REFRESH | LINGER);
	/* with one octet it is no keep-alive */
	seg.seq += 99;
	seg.len = 1;
	feed(c, A, seg);
	expect_ev(c, RETRANS | REFRESH | LINGER);
}

/* 3.10.7.4, first: a FIN below what has been acknowledged is an old one, of
 * another connection or of none.  B drops it.
 */
static void old_fin(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	seg = make(c, A, FIN, 0);
	c->host[A].nxt--;
	data(c, A, 100);
	ack(c, B);
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	/* the last octet but one */
	seg.seq += 98;
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_num(c, end(c, A)->flags & TCT_END_FIN, 0);
	expect_class(c, ESTABLISHED);
	data(c, A, 100);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, REFRESH);
}

/* 3.8.1: a FIN that got past us, the ACK of which we saw, is sent again: better
 * late than never
 */
static void fin_seen_late(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	data(c, A, 100);
	seg = make(c, A, FIN, 0);
	receive(c, B);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	feed(c, A, seg);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* 3.8.1: data sent again, whole, in part, and with new data behind it */
static void data_again(struct conn *c)
{
	struct tct_segment seg, part;

	establish(c);
	seg = data(c, A, 100);
	expect_ev(c, REFRESH);
	feed(c, A, seg);
	expect_ev(c, REFRESH | RETRANS);
	part = seg;
	part.len = 50;
	feed(c, A, part);
	expect_ev(c, REFRESH | RETRANS);
	part.seq += 50;
	feed(c, A, part);
	expect_ev(c, REFRESH | RETRANS);
	part.len = 51;
	feed(c, A, part);
	expect_ev(c, REFRESH | RETRANS);
	expect_num(c, end(c, A)->nxt, part.seq + part.len);
}

/* 3.8.1: ... and what is filled into a gap is late, but new, once */
static void gap_is_filled(struct conn *c)
{
	struct tct_segment lost;

	establish(c);
	lost = make(c, A, DATA, 100);
	data(c, A, 100);
	expect_ev(c, REFRESH | GAP);
	feed(c, A, lost);
	expect_ev(c, REFRESH | OOO);
	feed(c, A, lost);
	expect_ev(c, REFRESH | RETRANS);
	expect_num(c, end(c, A)->nxt, lost.seq + 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(syn_again),
		scenario(no_rtt_after_syn_again),
		scenario(syn_again_after_synack),
		scenario(synack_again),
		scenario(one_rtt_sample),
		scenario(fin_again),
		scenario(ack_of_fin_lost),
		scenario(last_ack_of_fin_lost),
		scenario(ack_of_crossed_fin_lost),
		scenario(fin_again_with_data),
		scenario(old_fin),
		scenario(fin_seen_late),
		scenario(data_again),
		scenario(gap_is_filled),
	};

	return cmocka_run_group_tests_name("lost", tests, NULL, NULL);
}
