// SPDX-License-Identifier: GPL-2.0
/*
 * The next connection on the tuple.  Sections are of RFC 9293 where no RFC is
 * named.
 */
#include "stage.h"

/* 3.10.7.4, fourth, RFC 6191: the host that waits 2 MSL opens again */
static void reused_by_who_waited(struct conn *c)
{
	finish(c);
	renew(c);
	syn(c, A);
	expect(c, SYN_SENT, CLOSED);
	expect_ev(c, REUSE | STATE);
	expect_why(c, REUSE);
	expect_flags(c, TCT_F_UNANSWERED | TCT_F_REUSED);
	expect_class(c, HALF_OPEN);
	expect_initiator(c, A);
	expect_since(c, A, c->now);
	expect_since(c, B, c->now);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	expect_flags(c, TCT_F_REUSED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
}

/* ... or the other does, who is then the initiator */
static void reused_by_who_was_closed(struct conn *c)
{
	finish(c);
	renew(c);
	syn(c, B);
	expect(c, CLOSED, SYN_SENT);
	expect_ev(c, REUSE | STATE);
	expect_initiator(c, B);
	synack(c, A);
	expect(c, SYN_RECEIVED, SYN_SENT);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	expect_ev(c, STATE | REFRESH);
	fin(c, A);
	ack(c, B);
	expect(c, FIN_WAIT_2, CLOSE_WAIT);
}

/* Nothing of the old connection is left in the new one */
static void nothing_leaks(struct conn *c)
{
	struct tct_segment seg;
	struct tct_fsm want;
	struct conn fresh;
	unsigned int i;

	for (i = A; i <= B; i++) {
		c->host[i].synopts = TCT_OPT_WSCALE;
		c->host[i].wscale = 7;
	}
	syn(c, A);
	feed(c, A, c->last);
	seg = synack(c, B);
	ack(c, A);
	feed(c, B, seg);
	data(c, B, 100);
	data(c, A, 100);
	fin(c, A);
	ack(c, B);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
	renew(c);
	for (i = A; i <= B; i++)
		c->host[i].synopts = 0;
	seg = syn(c, B);

	conn_init(&fresh, 0, 0, c->now - 1);
	feed(&fresh, B, seg);
	want = fresh.f;
	want.flags |= TCT_F_REUSED;
	want.reason = TCT_WHY_REUSE;
	want.end[1].prev = TCT_TIME_WAIT;
	assert_memory_equal(&c->f, &want, sizeof(want));
}

/* 3.10.7.4, fourth, RFC 6191: TIME_WAIT may refuse, by an ACK of the old
 * connection; the SYN is then repeated
 */
static void reuse_refused(struct conn *c)
{
	struct tct_segment old;

	finish(c);
	old = make(c, A, ACK, 0);
	renew(c);
	syn(c, B);
	expect(c, CLOSED, SYN_SENT);
	feed(c, A, old);
	expect(c, TIME_WAIT, SYN_SENT);
	expect_ev(c, STATE | CHALLENGE);
	expect_why(c, REFUSED_REUSE);
	expect_flags(c, TCT_F_REUSED | TCT_F_CHALLENGED);
	expect_class(c, HALF_OPEN);
	feed(c, B, (struct tct_segment){ .flags = RST, .seq = old.ack });
	expect_num(c, end(c, B)->state, TCT_SYN_SENT);
	syn(c, B);
	expect_num(c, end(c, B)->state, TCT_SYN_SENT);
	expect_ev(c, RETRANS);
	synack(c, A);
	expect(c, SYN_RECEIVED, SYN_SENT);
	expect_ev(c, STATE | REFRESH);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
	/* Karn: the SYN was repeated */
	expect_ev(c, STATE | REFRESH);
}

/* 3.10.7.3, first, and 3.10.7.4, second: the refusal draws a RST at the very
 * number that TIME_WAIT expects, which ends it (RFC 1337 describes that); who
 * sends the RST stays in SYN_SENT
 */
static void refusal_draws_rst(struct conn *c)
{
	struct tct_segment old;

	finish(c);
	old = make(c, A, ACK, 0);
	renew(c);
	syn(c, B);
	feed(c, A, old);
	expect(c, TIME_WAIT, SYN_SENT);
	feed(c, B, (struct tct_segment){ .flags = RST, .seq = old.ack + 1 });
	expect(c, TIME_WAIT, SYN_SENT);
	feed(c, B, (struct tct_segment){ .flags = RST, .seq = old.ack });
	expect(c, CLOSED, SYN_SENT);
	expect_class(c, HALF_OPEN);
	syn(c, B);
	synack(c, A);
	expect(c, SYN_RECEIVED, SYN_SENT);
	ack(c, B);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* The RST was lost, TIME_WAIT refuses once more.  Its old numbers may lie near
 * the new ones: they are still not those of this connection.
 */
static void refused_twice(struct conn *c)
{
	static const s32 off[] = {
		0x20000000, 1, 1000, 50000, -1, -1000, -50000, -0x20000000,
	};
	struct conn start = *c;
	struct tct_segment old;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		*c = start;
		finish(c);
		old = make(c, A, ACK, 0);
		renew(c);
		c->host[B].isn = old.ack + off[i];
		c->host[B].nxt = c->host[B].isn;
		syn(c, B);
		feed(c, A, old);
		expect(c, TIME_WAIT, SYN_SENT);
		syn(c, B);
		expect(c, TIME_WAIT, SYN_SENT);
		feed(c, A, old);
		expect(c, TIME_WAIT, SYN_SENT);
		syn(c, B);
		synack(c, A);
		expect(c, SYN_RECEIVED, SYN_SENT);
		ack(c, B);
		expect(c, ESTABLISHED, ESTABLISHED);
		data(c, A, 10);
		expect_ev(c, REFRESH);
	}
}

/* 3.5.1, figure 9: it is not a TIME_WAIT that B has, but all of a connection
 * whose other end is gone
 */
static void live_end_refuses(struct conn *c)
{
	struct tct_segment old;

	establish(c);
	rst(c, A);
	data(c, B, 10);
	expect(c, CLOSED, ESTABLISHED);
	old = make(c, B, ACK, 0);
	renew(c);
	syn(c, A);
	expect(c, SYN_SENT, CLOSED);
	expect_num(c, c->ev & REUSE, REUSE);
	feed(c, B, old);
	expect_num(c, end(c, A)->state, TCT_SYN_SENT);
	expect_num(c, c->f.flags & TCT_F_CHALLENGED, TCT_F_CHALLENGED);
	expect_class(c, HALF_OPEN);
	feed(c, A, (struct tct_segment){ .flags = RST, .seq = old.ack });
	expect(c, SYN_SENT, CLOSED);
	syn(c, A);
	synack(c, B);
	expect(c, SYN_SENT, SYN_RECEIVED);
	ack(c, A);
	expect(c, ESTABLISHED, ESTABLISHED);
}

/* 3.10.7.4, fourth: only where an end is done may a SYN open anew; anywhere
 * else it changes nothing (RFC 5961 section 4)
 */
static void when_a_tuple_is_free(struct conn *c)
{
	const struct stage *stage = NULL;
	struct conn start = *c;
	unsigned int from;
	struct conn at;
	bool done;

	while (stage_next(c, &start, &stage)) {
		at = *c;
		done = stage->a == TCT_CLOSED || stage->a == TCT_TIME_WAIT ||
		       stage->b == TCT_CLOSED || stage->b == TCT_TIME_WAIT;
		for (from = A; from <= B; from++) {
			struct tct_end *e;

			*c = at;
			e = end(c, from);
			/* who is called may call: a simultaneous open */
			if (!(e->flags & TCT_END_SEEN) &&
			    end(c, !from)->state == TCT_SYN_SENT)
				continue;
			renew(c);
			syn(c, from);
			expect_ev(c, done ? REUSE | STATE : WINDOW);
			if (done) {
				expect_initiator(c, from);
				expect_num(c, end(c, from)->state,
					   TCT_SYN_SENT);
				expect_num(c, end(c, !from)->state,
					   TCT_CLOSED);
			} else {
				conn_expect(c, stage->a, stage->b, __FILE__,
					    __LINE__);
				expect_num(c, c->f.flags & TCT_F_CHALLENGED,
					   TCT_F_CHALLENGED);
			}
		}
	}
}

/* RFC 6191 section 2: the old connection's SYN is not the next one's */
static void old_syn_in_time_wait(struct conn *c)
{
	struct tct_segment seg = syn(c, A);

	synack(c, B);
	ack(c, A);
	fin(c, A);
	fin(c, B);
	ack(c, A);
	expect(c, TIME_WAIT, CLOSED);
	feed(c, A, seg);
	expect(c, TIME_WAIT, CLOSED);
	expect_ev(c, WINDOW);
}

/* 3.10.7.4, first: what is left of the old connection is not in the new one's
 * window
 */
static void old_segments_in_new_connection(struct conn *c)
{
	struct tct_segment a, b, s;

	establish(c);
	a = data(c, A, 100);
	b = data(c, B, 100);
	fin(c, A);
	s = fin(c, B);
	ack(c, A);
	renew(c);
	establish(c);
	feed(c, A, a);
	expect_ev(c, WINDOW);
	feed(c, B, b);
	expect_ev(c, WINDOW);
	feed(c, B, s);
	expect_ev(c, WINDOW);
	s.flags = RST;
	feed(c, B, s);
	expect_ev(c, WINDOW);
	expect(c, ESTABLISHED, ESTABLISHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(reused_by_who_waited),
		scenario(reused_by_who_was_closed),
		scenario(nothing_leaks),
		scenario(reuse_refused),
		scenario(refusal_draws_rst),
		scenario(refused_twice),
		scenario(live_end_refuses),
		scenario(when_a_tuple_is_free),
		scenario(old_syn_in_time_wait),
		scenario(old_segments_in_new_connection),
	};

	return cmocka_run_group_tests_name("reuse", tests, NULL, NULL);
}
