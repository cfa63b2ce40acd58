// SPDX-License-Identifier: GPL-2.0
/*
 * How connections begin.  Sections are of RFC 9293 where no RFC is named.
 */
#include "conn.h"

/* 3.5, figure 6: each segment of the handshake, and what it says */
static void handshake(struct conn *c)
{
	syn(c, A);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, STATE);
	expect_flags(c, TCT_F_UNANSWERED);
	expect_class(c, HALF_OPEN);
	expect_why(c, SYN);
	expect_unconf(c, 0, 0);
	expect_since(c, A, c->now);
	expect_since(c, B, c->now);

	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, STATE | REFRESH);
	expect_flags(c, 0);
	expect_class(c, HALF_OPEN);
	expect_why(c, SYNACK);

	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_flags(c, TCT_F_HS_DONE);
	expect_class(c, ESTABLISHED);
	expect_why(c, ACK);
	expect_unconf(c, 0, 1);

	/* B speaks: the last ACK has arrived */
	data(c, B, 10);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, REFRESH);
	expect_unconf(c, 0, 0);
	expect_why(c, ACK);
	expect_initiator(c, A);
}

/* 3.10.7.3: data may come with the ACK that ends the handshake, or, if that was
 * lost, in its place
 */
static void handshake_ends_with_data(struct conn *c)
{
	syn(c, A);
	synack(c, B);
	data(c, A, 100);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	ack(c, A);
	expect_ev(c, REFRESH);
	expect_unconf(c, 0, 1);
}

/* 3.10.4: an end that is ESTABLISHED may close at once */
static void handshake_ends_with_fin(struct conn *c)
{
	syn(c, A);
	synack(c, B);
	fin(c, A);
	expect(c, FIN_WAIT_1, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	expect_class(c, CLOSING);
	expect_why(c, FIN);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* RFC 7413 section 3: data on the SYN, acknowledged by the SYN-ACK */
static void syn_with_data(struct conn *c)
{
	say(c, A, SYN, 100);
	expect(c, SYN_SENT, CLOSED);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* RFC 7413 section 3: the cookie was not good, the data is sent again */
static void syn_with_data_refused(struct conn *c)
{
	say(c, A, SYN, 100);
	c->host[B].rcv = c->host[A].isn + 1;
	lose(c, B, SYNACK, 0);
	expect(c, SYN_SENT, SYN_RECEIVED);
	receive(c, A);
	c->host[A].nxt = c->host[A].isn + 1;
	data(c, A, 100);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH | RETRANS);
}

/* RFC 7413 section 4.2.2: the server answers before the handshake's last ACK.
 * That it speaks does not mean that its SYN was acknowledged.
 */
static void server_speaks_before_last_ack(struct conn *c)
{
	say(c, A, SYN, 100);
	synack(c, B);
	data(c, B, 1000);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, REFRESH);
	expect_class(c, HALF_OPEN);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* RFC 7413 section 4.2.2, 3.10.4: ... and closes: FIN_WAIT_1 follows
 * SYN_RECEIVED
 */
static void server_closes_before_last_ack(struct conn *c)
{
	say(c, A, SYN, 100);
	synack(c, B);
	say(c, B, FIN, 50);
	expect(c, SYN_SENT, FIN_WAIT_1);
	expect_class(c, HALF_OPEN);
	ack(c, A);
	expect(c, CLOSE_WAIT, FIN_WAIT_2);
	expect_class(c, HALF_CLOSED);
	fin(c, A);
	ack(c, B);
	expect(c, CLOSED, TIME_WAIT);
}

/* 3.10.7.3: the ACK of a SYN-ACK that does not acknowledge it ends nothing */
static void ack_before_synack(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	synack(c, B);
	seg = make(c, A, ACK, 0);
	seg.ack = c->host[B].isn;
	feed(c, A, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	seg.ack = c->host[B].isn - 1;
	feed(c, A, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* 3.10.7.4, fifth: so does one of what was never sent */
static void ack_beyond_synack(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	synack(c, B);
	seg = make(c, A, ACK, 0);
	seg.ack++;
	feed(c, A, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, WINDOW);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* 3.10.7.4, fifth: a FIN whose ACK is not acceptable is not looked at, and its
 * sender is none that has had the SYN-ACK
 */
static void fin_before_synack(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	synack(c, B);
	seg = make(c, A, FIN, 0);
	c->host[A].nxt--;
	seg.ack = c->host[B].isn;
	feed(c, A, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_num(c, end(c, A)->flags & TCT_END_FIN, 0);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);
	data(c, A, 100);
	expect_ev(c, REFRESH);
}

/* 3.10.7.3: a SYN-ACK must acknowledge this SYN, or it answers another */
static void synack_of_another_syn(struct conn *c)
{
	static const s32 off[] = { -1, 1, -1000, 1000, INT32_MAX, INT32_MIN };
	struct tct_segment seg;
	unsigned int i;

	syn(c, A);
	seg = make(c, B, SYNACK, 0);
	for (i = 0; i < ARRAY_SIZE(off); i++) {
		struct tct_segment other = seg;

		other.ack += off[i];
		feed(c, B, other);
		expect(c, SYN_SENT, CLOSED);
		expect_ev(c, WINDOW);
		expect_flags(c, TCT_F_UNANSWERED);
	}
	feed(c, B, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
}

/* 3.10.7.3: as long as the client has not answered, another number replaces the
 * first (a later syncookie, another server behind a balancer).  Which of them
 * the time is measured to nobody knows.
 */
static void second_different_synack(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	synack(c, B);
	c->host[B].isn += 77;
	seg = synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, REFRESH);
	expect_flags(c, 0);
	expect_num(c, end(c, B)->isn, c->host[B].isn);
	expect_num(c, c->f.synacks, 1);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	data(c, B, 10);
	expect_ev(c, REFRESH);
	/* now it has */
	seg.seq += 77;
	feed(c, B, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
}

/* ... nor once it has and B has not spoken since */
static void different_synack_after_last_ack(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	seg = synack(c, B);
	ack(c, A);
	seg.seq += 77;
	feed(c, B, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	expect_unconf(c, 0, 1);
}

/* 3.10.1: a client that gave up and tries once more, with another number, has
 * begun another connection
 */
static void another_syn_unanswered(struct conn *c)
{
	syn(c, A);
	renew(c);
	syn(c, A);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, REUSE | STATE);
	expect_num(c, end(c, A)->isn, c->host[A].isn);
	synack(c, B);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* RFC 5961 section 4: the connection's own SYN once more draws an ACK at most */
static void old_syn_when_established(struct conn *c)
{
	struct tct_segment seg = syn(c, A);

	synack(c, B);
	ack(c, A);
	feed(c, A, seg);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	expect_unconf(c, 0, 1);
	expect_flags(c, TCT_F_HS_DONE);
}

/* RFC 5961 section 4: another SYN changes nothing by itself */
static void syn_into_live_connection(struct conn *c)
{
	struct tct_segment seg;
	unsigned int from;

	establish(c);
	for (from = A; from <= B; from++) {
		seg = make(c, from, SYN, 0);
		c->host[from].nxt = c->host[from].isn + 1;
		seg.seq += 1000;
		feed(c, from, seg);
		expect(c, ESTABLISHED, ESTABLISHED);
		expect_ev(c, WINDOW);
		expect_flags(c, TCT_F_HS_DONE | TCT_F_CHALLENGED);
		ack(c, !from);
		expect(c, ESTABLISHED, ESTABLISHED);
		expect_ev(c, REFRESH | CHALLENGE);
	}
	data(c, A, 10);
	expect_ev(c, REFRESH);
}

/* 3.5.1, figure 9: A has crashed and begins anew.  B's ACK draws a RST at the
 * number that B expects, and the next SYN a SYN-ACK.
 */
static void half_open_connection_discovered(struct conn *c)
{
	struct tct_segment old, seg;

	establish(c);
	data(c, A, 10);
	ack(c, B);
	old = make(c, B, ACK, 0);
	renew(c);
	syn(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, WINDOW);
	feed(c, B, old);
	expect(c, ESTABLISHED, ESTABLISHED);
	seg = make(c, A, RST, 0);
	seg.seq = old.ack;
	feed(c, A, seg);
	expect_num(c, end(c, B)->state, TCT_CLOSED);
	syn(c, A);
	expect(c, SYN_SENT, CLOSED);
	synack(c, B);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* The rule of evidence: a spoofed client cannot come to ESTABLISHED by an ACK that
 * it sends before there is anything to acknowledge, nor by what its server says
 * to that
 */
static void spoofed_ack_before_synack(struct conn *c)
{
	static const s32 off[] = { 0, 1, 2, 1000, -1000, INT32_MAX };
	struct conn start = *c;
	struct tct_segment seg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		*c = start;
		syn(c, A);
		seg = make(c, A, ACK, 0);
		seg.ack = c->host[B].isn + off[i];
		feed(c, A, seg);
		expect_class(c, HALF_OPEN);
		synack(c, B);
		expect_class(c, HALF_OPEN);
		/* what Linux answers to a segment outside its window */
		ack(c, B);
		expect_num(c, end(c, B)->state, TCT_SYN_RECEIVED);
		expect_class(c, HALF_OPEN);
		/* it was a client after all */
		ack(c, A);
		expect(c, ESTABLISHED, ESTABLISHED);
		expect_class(c, ESTABLISHED);
		data(c, A, 10);
		expect_ev(c, REFRESH);
	}
}

/* 3.10.7.4: the same while B is in SYN_RECEIVED */
static void syn_into_half_open_connection(struct conn *c)
{
	struct tct_segment seg = syn(c, A);

	synack(c, B);
	seg.seq += 12345;
	feed(c, A, seg);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_ev(c, WINDOW);
	expect_flags(c, TCT_F_CHALLENGED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* 3.10.7.3, first: to a SYN that neither a SYN-ACK nor a RST answers, but an
 * ACK, comes from a connection that B still has; who that is nobody knows
 */
static void syn_answered_by_ack(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	c->host[B].nxt += 5000000;
	seg = make(c, B, ACK, 0);
	seg.ack += 7000000;
	feed(c, B, seg);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, CHALLENGE);
	expect_flags(c, TCT_F_CHALLENGED);
	expect_class(c, HALF_OPEN);
	feed(c, B, seg);
	expect(c, SYN_SENT, CLOSED);
	feed(c, A, (struct tct_segment){ .flags = RST, .seq = seg.ack });
	expect_num(c, end(c, A)->state, TCT_SYN_SENT);
	syn(c, A);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, RETRANS);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(handshake),
		scenario(handshake_ends_with_data),
		scenario(handshake_ends_with_fin),
		scenario(syn_with_data),
		scenario(syn_with_data_refused),
		scenario(server_speaks_before_last_ack),
		scenario(server_closes_before_last_ack),
		scenario(ack_before_synack),
		scenario(ack_beyond_synack),
		scenario(fin_before_synack),
		scenario(synack_of_another_syn),
		scenario(second_different_synack),
		scenario(different_synack_after_last_ack),
		scenario(another_syn_unanswered),
		scenario(old_syn_when_established),
		scenario(syn_into_live_connection),
		scenario(half_open_connection_discovered),
		scenario(spoofed_ack_before_synack),
		scenario(syn_into_half_open_connection),
		scenario(syn_answered_by_ack),
	};

	return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
