// SPDX-License-Identifier: GPL-2.0
/*
 * Header prediction: whatever the segment, the shortcut leads where the long way
 * does.  feed() goes both; here are the segments for which it may be taken, and
 * those that are nearly so.
 */
#include "conn.h"
#include "predict.h"

/* An RTT sample is open, or every segment with data would begin one */
static void sample(struct conn *c, unsigned int host)
{
	end(c, host)->flags |= TCT_END_TIMED | TCT_END_DATA;
	c->d.end[host ^ c->initiator].timed_end = end(c, host)->nxt +
						  0x40000000;
	c->f.flags |= TCT_F_PURE_0 | TCT_F_PURE_1;
}

static bool is_predicted(const struct conn *c, unsigned int from,
			 const struct tct_segment *seg)
{
	struct tct_fsm f = c->f;

	return tct_predict(&f, &c->d, from ^ c->initiator, seg, c->now + 1);
}

static void stamp(struct tct_segment *seg, u32 tsval)
{
	seg->flags |= TCT_OPT_TS;
	seg->tsval = tsval;
}

/* All around where both ends are. Return: how many took the shortcut. */
static unsigned int around(struct conn *c, unsigned int from)
{
	static const u32 lens[] = { 0, 1, 1460 };
	static const u32 wins[] = { 0, 1, 4000, 5000, 65535 };
	static const u32 flags[] = {
		TCT_ACK, TCT_ACK | TCT_PSH, TCT_ACK | TCT_URG,
		TCT_ACK | TCT_FIN, TCT_ACK | TCT_ECE, TCT_ACK | TCT_CWR,
	};
	const struct tct_end *s = end(c, from), *r = end(c, !from);
	const u32 seqs[] = {
		s->nxt, s->nxt - 1, s->nxt + 1, r->ack, r->edge, r->edge + 1,
		s->nxt - 100000,
	};
	const u32 acks[] = {
		s->ack, s->ack - 1, s->ack + 1, r->nxt, r->nxt - 1,
		r->nxt + 1, r->nxt - 65535, r->nxt - 65536, r->nxt - 65537,
		s->edge, s->edge + 1,
	};
	struct conn start = *c;
	unsigned int i, n = 1, predicted = 0;

	n *= ARRAY_SIZE(lens) * ARRAY_SIZE(wins) * ARRAY_SIZE(flags);
	n *= ARRAY_SIZE(seqs) * ARRAY_SIZE(acks) * 4;
	for (i = 0; i < n; i++) {
		struct tct_segment seg = { .segs = 1 };
		unsigned int j = i;

		seg.len = lens[j % ARRAY_SIZE(lens)];
		j /= ARRAY_SIZE(lens);
		seg.window = wins[j % ARRAY_SIZE(wins)];
		j /= ARRAY_SIZE(wins);
		seg.flags = flags[j % ARRAY_SIZE(flags)];
		j /= ARRAY_SIZE(flags);
		seg.seq = seqs[j % ARRAY_SIZE(seqs)];
		j /= ARRAY_SIZE(seqs);
		seg.ack = acks[j % ARRAY_SIZE(acks)];
		j /= ARRAY_SIZE(acks);
		if (j)
			stamp(&seg, start.f.end[from ^ c->initiator].ts + j - 2);
		*c = start;
		predicted += is_predicted(c, from, &seg);
		feed(c, from, seg);
	}
	*c = start;
	return predicted;
}

static unsigned int both_around(struct conn *c)
{
	sample(c, A);
	sample(c, B);
	return around(c, A) + around(c, B);
}

/* One pair of numbers: there are many segments */
static bool is_one_of(const struct conn *c)
{
	return c->host[A].isn == c->host[B].isn && c->now == 1000000;
}

static void plain(struct conn *c)
{
	if (!is_one_of(c))
		return;
	establish(c);
	assert_int_not_equal(both_around(c), 0);
	data(c, A, 1000);
	both_around(c);
	ack(c, B);
	data(c, B, 1000);
	data(c, B, 1000);
	both_around(c);
}

static void stamped(struct conn *c)
{
	struct tct_segment seg;
	unsigned int i;

	if (!is_one_of(c))
		return;
	establish(c);
	for (i = 0; i < 6; i++) {
		seg = make(c, i & 1, DATA, 100);
		stamp(&seg, 0xfffffffe + i);
		feed(c, i & 1, seg);
		receive(c, !(i & 1));
		assert_int_not_equal(both_around(c), 0);
	}
}

/* More in flight than old segments are believed for */
static void large_windows(struct conn *c)
{
	unsigned int i;

	if (!is_one_of(c))
		return;
	c->host[A].synopts = TCT_OPT_WSCALE;
	c->host[B].synopts = TCT_OPT_WSCALE;
	c->host[A].wscale = 14;
	c->host[B].wscale = 7;
	c->host[A].window = 60000;
	c->host[B].window = 60000;
	establish(c);
	for (i = 0; i < 5; i++) {
		lose(c, B, DATA, 190000000);
		both_around(c);
	}
	receive(c, A);
	ack(c, A);
	both_around(c);
	/* offered long ago, and little since */
	c->host[A].window = 1;
	c->host[B].window = 1;
	ack(c, B);
	ack(c, A);
	for (i = 0; i < 3; i++) {
		lose(c, B, DATA, 10000);
		lose(c, A, DATA, 5000000);
		both_around(c);
	}
}

static void picked_up(struct conn *c)
{
	if (!is_one_of(c))
		return;
	midstream(c);
	data(c, A, 100);
	data(c, B, 100);
	ack(c, A);
	both_around(c);
}

/* Beyond the window, by more than old acknowledgments are believed */
static void window_overrun(struct conn *c)
{
	if (!is_one_of(c))
		return;
	establish(c);
	lose(c, B, DATA, 4000);
	lose(c, B, DATA, 61535);
	both_around(c);
	lose(c, A, DATA, 5000);
	lose(c, A, DATA, 61535);
	both_around(c);
}

static void window_overrun_far(struct conn *c)
{
	if (!is_one_of(c))
		return;
	establish(c);
	lose(c, B, DATA, 4000);
	lose(c, B, DATA, 0x7fff0000);
	both_around(c);
}

/* Octets are missing */
static void with_a_hole(struct conn *c)
{
	struct tct_segment seg;

	if (!is_one_of(c))
		return;
	establish(c);
	make(c, A, DATA, 1000);
	seg = make(c, A, DATA, 1000);
	feed(c, A, seg);
	both_around(c);
	receive(c, B);
	ack(c, B);
	both_around(c);
}

/* What is awaited, or special, takes the long way */
static void not_steady(struct conn *c)
{
	struct tct_segment seg;

	syn(c, A);
	synack(c, B);
	ack(c, A);
	seg = make(c, A, DATA, 10);
	sample(c, A);
	assert_false(is_predicted(c, A, &seg));
	ack(c, B);
	sample(c, A);
	assert_true(is_predicted(c, A, &seg));
	fin(c, B);
	assert_false(is_predicted(c, A, &seg));
	seg = make(c, A, DATA, 10);
	assert_false(is_predicted(c, A, &seg));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario(plain),
		scenario(stamped),
		scenario(large_windows),
		scenario(picked_up),
		scenario(window_overrun),
		scenario(window_overrun_far),
		scenario(with_a_hole),
		scenario(not_steady),
	};

	return cmocka_run_group_tests_name("predict", tests, NULL, NULL);
}
