// SPDX-License-Identifier: GPL-2.0
/*
 * Which segments are of the connection, which are repeated, and which are
 * neither.  Sections are of RFC 9293 where no RFC is named.
 */
#include "conn.h"

static void scale(struct conn *c, unsigned int host, u8 shift)
{
	c->host[host].synopts = TCT_OPT_WSCALE;
	c->host[host].wscale = shift;
}

/* How far beyond what it acknowledges the host has offered a window */
static u32 offered(struct conn *c, unsigned int host)
{
	return end(c, host)->edge - end(c, host)->ack;
}

/* 3.10.7.4, first: data up to the right edge, which a probe may touch */
static void right_edge(struct conn *c)
{
	struct tct_segment seg;
	struct conn at;

	establish(c);
	at = *c;
	seg = make(c, A, DATA, 10);
	seg.seq += 4990;
	feed(c, A, seg);
	expect_ev(c, REFRESH | GAP);

	*c = at;
	seg.seq += 10;
	feed(c, A, seg);
	expect_ev(c, REFRESH | GAP);

	*c = at;
	seg.seq++;
	feed(c, A, seg);
	expect_ev(c, WINDOW);

	*c = at;
	seg = make(c, B, DATA, 10);
	seg.seq += 4001;
	feed(c, B, seg);
	expect_ev(c, WINDOW);
}

/* 3.10.7.4, first: the edge moves with the ACKs, and does not move back (3.8.6:
 * what was offered may have been used)
 */
static void edge_moves_forward(struct conn *c)
{
	u32 edge;

	establish(c);
	data(c, A, 3000);
	ack(c, B);
	expect_num(c, end(c, B)->edge, c->host[B].rcv + 5000);
	edge = end(c, B)->edge;
	c->host[B].window = 100;
	data(c, B, 10);
	expect_num(c, end(c, B)->edge, edge);
	lose(c, A, DATA, 5000);
	expect_ev(c, REFRESH);
	expect_num(c, end(c, B)->maxwin, 5000);
	c->host[B].window = 6000;
	data(c, B, 10);
	expect_num(c, end(c, B)->edge, edge + 1000);
	expect_num(c, end(c, B)->maxwin, 6000);
	/* an ACK out of order takes nothing back */
	c->host[B].rcv -= 500;
	c->host[B].window = 1000;
	data(c, B, 10);
	expect_num(c, end(c, B)->edge, edge + 1000);
	expect_num(c, end(c, B)->ack, c->host[B].rcv + 500);
}

/* 3.10.7.4, first: old segments are answered, and believed, as far back as they
 * may have been sent; here one window of 64 KiB
 */
static void old_duplicates(struct conn *c)
{
	static const struct {
		s32 end;
		u32 ev;
	} old[] = {
		{ 0, REFRESH | RETRANS },
		{ -10, REFRESH | RETRANS },
		{ -65535, REFRESH | RETRANS },
		{ -65536, WINDOW },
		{ -1000000, WINDOW },
		{ INT32_MIN + 200, WINDOW },
	};
	struct tct_segment seg;
	unsigned int i;

	establish(c);
	data(c, A, 100);
	ack(c, B);
	for (i = 0; i < ARRAY_SIZE(old); i++) {
		seg = make(c, A, DATA, 100);
		c->host[A].nxt -= 100;
		seg.seq += old[i].end - 100;
		feed(c, A, seg);
		expect_ev(c, old[i].ev);
		expect(c, ESTABLISHED, ESTABLISHED);
	}
}

/* ... or the largest that was offered, if that was larger */
static void old_duplicates_in_large_window(struct conn *c)
{
	struct tct_segment seg;

	scale(c, A, 0);
	scale(c, B, 7);
	establish(c);
	data(c, A, 10);
	ack(c, B);
	seg = make(c, A, DATA, 100);
	seg.seq -= (5000 << 7) + 100;
	feed(c, A, seg);
	expect_ev(c, REFRESH | RETRANS);
	seg.seq--;
	feed(c, A, seg);
	expect_ev(c, WINDOW);
}

/* 3.10.7.4, fifth, and RFC 5961 section 5.2: ACKs of what was sent, and of as
 * much before that as the sender of the ACK ever offered
 */
static void old_acks(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	data(c, A, 100);
	seg = make(c, B, ACK, 0);
	seg.ack -= 100;
	feed(c, B, seg);
	expect_ev(c, REFRESH | DUPACK);
	seg.ack = c->host[A].nxt - 65536;
	feed(c, B, seg);
	expect_ev(c, REFRESH);
	seg.ack--;
	feed(c, B, seg);
	expect_ev(c, WINDOW);
	seg.ack = c->host[A].nxt - 0x7fffffff;
	feed(c, B, seg);
	expect_ev(c, WINDOW);
}

/* RFC 5961 section 5.2: the largest window counts here as well */
static void old_acks_in_large_window(struct conn *c)
{
	struct tct_segment seg;

	scale(c, A, 0);
	scale(c, B, 7);
	establish(c);
	seg = make(c, B, ACK, 0);
	seg.ack -= (5000 << 7) + 1;
	feed(c, B, seg);
	expect_ev(c, REFRESH);
	seg.ack--;
	feed(c, B, seg);
	expect_ev(c, WINDOW);
}

/* 3.10.7.4, fifth: an ACK of what we did not see sent is of what got past us,
 * if its sender had offered that much
 */
static void ack_of_the_unseen(struct conn *c)
{
	struct tct_segment seg, more;
	struct conn at;

	establish(c);
	at = *c;
	seg = make(c, A, DATA, 5000);
	receive(c, B);
	ack(c, B);
	expect_ev(c, REFRESH);
	expect_num(c, end(c, A)->nxt, c->host[A].nxt);
	feed(c, A, seg);
	expect_ev(c, REFRESH | RETRANS);
	data(c, A, 10);
	expect_ev(c, REFRESH);

	*c = at;
	make(c, A, DATA, 5001);
	receive(c, B);
	more = make(c, B, ACK, 0);
	feed(c, B, more);
	expect_ev(c, WINDOW);
	expect_num(c, end(c, A)->nxt, seg.seq);
}

/* 3.8.4: a keep-alive repeats an octet, or none, on purpose */
static void keep_alive(struct conn *c)
{
	struct tct_segment seg;
	unsigned int len;

	establish(c);
	data(c, A, 100);
	ack(c, B);
	for (len = 0; len <= 1; len++) {
		seg = make(c, A, ACK, 0);
		seg.seq--;
		seg.len = len;
		feed(c, A, seg);
		expect_ev(c, REFRESH | KEEPALIVE);
		feed(c, A, seg);
		expect_ev(c, REFRESH | KEEPALIVE);
		ack(c, B);
		expect_ev(c, REFRESH);
	}
	expect(c, ESTABLISHED, ESTABLISHED);
	/* one octet further back is the octet again */
	seg.seq--;
	feed(c, A, seg);
	expect_ev(c, REFRESH | RETRANS);
	/* as are two */
	seg.len = 2;
	feed(c, A, seg);
	expect_ev(c, REFRESH | RETRANS);
}

/* 3.8.6.1: a probe brings the octet at the edge of a window that is shut, again
 * and again
 */
static void zero_window_probe(struct conn *c)
{
	struct tct_segment seg;
	unsigned int i;

	establish(c);
	lose(c, A, DATA, 5000);
	receive(c, B);
	c->host[B].window = 0;
	ack(c, B);
	expect_num(c, offered(c, B), 0);
	seg = make(c, A, DATA, 1);
	for (i = 0; i < 5; i++) {
		feed(c, A, seg);
		expect_ev(c, REFRESH | PROBE);
		ack(c, B);
		expect_ev(c, REFRESH | DUPACK);
		expect(c, ESTABLISHED, ESTABLISHED);
	}
	/* what is not a probe has no place there */
	seg.seq++;
	seg.len = 100;
	feed(c, A, seg);
	expect_ev(c, WINDOW);
	/* the window opens: the same octet, with more behind it */
	c->host[B].window = 5000;
	ack(c, B);
	seg.seq--;
	feed(c, A, seg);
	expect_ev(c, REFRESH | RETRANS);
}

/* 3.8.6.1: Linux probes with an old number instead, and no data */
static void zero_window_probe_without_data(struct conn *c)
{
	struct tct_segment seg;

	establish(c);
	data(c, A, 5000);
	c->host[B].window = 0;
	ack(c, B);
	seg = make(c, A, ACK, 0);
	seg.seq--;
	feed(c, A, seg);
	expect_ev(c, REFRESH | PROBE);
	feed(c, A, seg);
	expect_ev(c, REFRESH | PROBE);
}

/* RFC 7323 section 2.2: windows are shifted once both have said so, a SYN's
 * never
 */
static void scaled(struct conn *c)
{
	scale(c, A, 7);
	scale(c, B, 3);
	syn(c, A);
	synack(c, B);
	expect_num(c, offered(c, B), 5000);
	ack(c, A);
	expect_num(c, offered(c, A), 4000 << 7);
	ack(c, B);
	expect_num(c, offered(c, B), 5000 << 3);
	expect_num(c, end(c, A)->maxwin, 4000);
}

/* RFC 7323 section 2.2: one end's offer is none */
static void scaled_by_one(struct conn *c)
{
	struct conn start = *c;

	scale(c, A, 7);
	establish(c);
	expect_num(c, offered(c, A), 4000);
	expect_num(c, offered(c, B), 5000);

	*c = start;
	scale(c, B, 7);
	establish(c);
	expect_num(c, offered(c, A), 4000);
	expect_num(c, offered(c, B), 5000);
}

/* RFC 7323 section 2.3: no more than 14 */
static void scaled_too_far(struct conn *c)
{
	scale(c, A, 15);
	scale(c, B, 255);
	establish(c);
	expect_num(c, end(c, A)->wscale, 14);
	expect_num(c, end(c, B)->wscale, 14);
	c->host[A].window = 65535;
	ack(c, A);
	expect_num(c, offered(c, A), 65535U << 14);
	data(c, B, 10);
	expect_ev(c, REFRESH);
}

/* RFC 7323 section 2.2: 14 itself is good, and 0 is an offer */
static void scaled_to_the_limits(struct conn *c)
{
	scale(c, A, 14);
	scale(c, B, 0);
	establish(c);
	expect_num(c, offered(c, A), 4000 << 14);
	expect_num(c, offered(c, B), 5000);
}

/* RFC 7323 section 2.2: SYNs that cross are an offer and an offer */
static void scaled_in_simultaneous_open(struct conn *c)
{
	struct conn start = *c;

	scale(c, A, 2);
	scale(c, B, 4);
	cross(c, SYN, SYN);
	cross(c, SYNACK, SYNACK);
	expect_num(c, offered(c, A), 4000);
	data(c, A, 10);
	data(c, B, 10);
	expect_num(c, offered(c, A), 4000 << 2);
	expect_num(c, offered(c, B), 5000 << 4);

	*c = start;
	scale(c, B, 4);
	cross(c, SYN, SYN);
	c->host[B].synopts = 0;
	cross(c, SYNACK, SYNACK);
	data(c, A, 10);
	data(c, B, 10);
	expect_num(c, offered(c, A), 4000);
	expect_num(c, offered(c, B), 5000);
}

/* RFC 7323 section 2.2: of two different SYN-ACKs the last one's offer counts */
static void scaled_by_second_synack(struct conn *c)
{
	struct conn start = *c;

	/* the first had none: A's shift is not known any more */
	scale(c, A, 2);
	syn(c, A);
	synack(c, B);
	c->host[B].isn -= 77;
	scale(c, B, 4);
	synack(c, B);
	expect_num(c, end(c, B)->nxt, c->host[B].nxt);
	expect_num(c, end(c, B)->wscale, 4);
	ack(c, A);
	expect_num(c, offered(c, A), 4000 << 14);

	*c = start;
	scale(c, A, 2);
	scale(c, B, 4);
	syn(c, A);
	synack(c, B);
	c->host[B].isn -= 77;
	c->host[B].synopts = 0;
	synack(c, B);
	ack(c, A);
	expect_num(c, offered(c, A), 4000);
	ack(c, B);
	expect_num(c, offered(c, B), 5000);
}

/* 3.4: megabytes, across 2^32 and 2^31, and all of it in order */
static void long_transfer(struct conn *c)
{
	unsigned int i;

	scale(c, A, 7);
	scale(c, B, 7);
	establish(c);
	for (i = 0; i < 200; i++) {
		data(c, A, 60000);
		expect_ev(c, REFRESH);
		if (i % 2)
			continue;
		ack(c, B);
		expect_ev(c, REFRESH);
	}
	expect_num(c, end(c, A)->nxt, c->host[A].nxt);
	expect_num(c, end(c, B)->ack, c->host[A].nxt - 60000);
	fin(c, A);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

/* 3.10.7.4, first: before anything has answered its SYN a host sends nothing
 * but SYNs.  If its answer passes here after all, what had its name on it before
 * was not its own, and leaves nothing: everybody can send that.
 */
static void stray_before_synack(struct conn *c)
{
	static const s32 off[] = {
		1, 1000, -1000, 1000000, -1000000, INT32_MAX, INT32_MIN,
	};
	static const u8 flags[] = { ACK, DATA, FIN };
	struct tct_segment seg;
	unsigned int i;

	syn(c, A);
	for (i = 0; i < 3 * ARRAY_SIZE(off); i++) {
		seg = make(c, A, ACK, 0);
		seg.flags = flags[i % 3];
		seg.len = seg.flags == ACK ? 0 : 10;
		seg.seq += off[i / 3];
		seg.ack = off[i / 3];
		feed(c, A, seg);
		expect_num(c, end(c, B)->state, TCT_CLOSED);
		expect_class(c, HALF_OPEN);
	}
	synack(c, B);
	expect_num(c, end(c, B)->state, TCT_SYN_RECEIVED);
	expect_class(c, HALF_OPEN);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_class(c, ESTABLISHED);
	data(c, A, 10);
	expect_ev(c, REFRESH);
	data(c, B, 10);
	expect_ev(c, REFRESH);
	fin(c, A);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(right_edge),
		scenario(edge_moves_forward),
		scenario(old_duplicates),
		scenario(old_duplicates_in_large_window),
		scenario(old_acks),
		scenario(old_acks_in_large_window),
		scenario(ack_of_the_unseen),
		scenario(keep_alive),
		scenario(zero_window_probe),
		scenario(zero_window_probe_without_data),
		scenario(scaled),
		scenario(scaled_by_one),
		scenario(scaled_too_far),
		scenario(scaled_to_the_limits),
		scenario(scaled_in_simultaneous_open),
		scenario(scaled_by_second_synack),
		scenario(long_transfer),
		scenario(stray_before_synack),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
