// SPDX-License-Identifier: GPL-2.0
/*
 * Segments by chance, from one side and from both.  After each, conn.c sees to
 * rules.h.  UNIT_SEED in the environment is another seed, UNIT_ROUNDS another
 * number of connections.
 */
#include <stdlib.h>

#include "random.h"
#include "stage.h"

#define STEPS	20	/* segments a connection */
#define ROUNDS	200000	/* connections */

static unsigned int rounds = ROUNDS;
static u64 seed = 20260101;

static void start(struct random *r)
{
	r->state = seed * 2 + 1;
	print_message("seed %llu, %u rounds\n", (unsigned long long)seed,
		      rounds);
}

/* How often each pair of states was come to */
static unsigned int visits[TCT_STATE_MAX][TCT_STATE_MAX];

static void play(struct random *r, struct conn *c)
{
	unsigned int i, from;

	random_conn(r, c);
	for (i = 0; i < STEPS; i++) {
		from = c->self ? A : random_below(r, 2);
		feed(c, from, random_segment(r, c, from));
		if (c->opened)
			visits[c->f.end[0].state][c->f.end[1].state]++;
		if (random_percent(r, 2) && c->opened)
			timeout(c, c->now + random_below(r, 10000));
	}
}

/* The rules hold, whatever comes */
static void from_both_sides(void **state)
{
	unsigned int i;
	struct random r;
	struct conn c;

	(void)state;
	start(&r);
	for (i = 0; i < rounds; i++)
		play(&r, &c);

	/* ... and what comes leads everywhere, if enough does */
	if (rounds < ROUNDS)
		return;
	for (i = 0; i < stages_count; i++) {
		unsigned int a = stages[i].a, b = stages[i].b;

		assert_true(visits[a][b] + visits[b][a]);
	}
	assert_true(visits[TCT_ESTABLISHED][TCT_ESTABLISHED] > rounds);
}

/* Where may an end be that was @before, and has sent nothing since? */
static bool may_be(u8 before, u8 now)
{
	switch (now) {
	case TCT_CLOSED:
		return true;
	case TCT_ESTABLISHED:
		return before == TCT_SYN_RECEIVED;
	case TCT_FIN_WAIT_2:
		return before == TCT_FIN_WAIT_1;
	case TCT_TIME_WAIT:
		return before == TCT_CLOSING;
	default:
		return false;
	}
}

static void play_alone(struct random *r, struct conn *c, unsigned int from)
{
	u8 now, before = end(c, !from)->state;
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		feed(c, from, random_segment(r, c, from));
		if (c->ev & REUSE)
			before = TCT_CLOSED;
		now = end(c, !from)->state;
		/* it was in TIME_WAIT, and will refuse */
		if (c->ev & REUSE && now == TCT_TIME_WAIT)
			before = now;
		if (now != before && !may_be(before, now))
			conn_fail(c, __FILE__, __LINE__,
				  "%c moved %c", "AB"[from], "BA"[from]);
	}
}

/* The rule of evidence: who alone sends, however well, takes no other end
 * anywhere but where the last thing that the other sent needs no answer
 */
static void from_one_side(void **state)
{
	struct conn c, first, at;
	unsigned int n;
	struct random r;

	(void)state;
	start(&r);
	for (n = 0; n < rounds / 20 / stages_count; n++) {
		const struct stage *stage = NULL;

		random_conn(&r, &first);
		first.self = false;
		first.guess = false;
		/* the stages need room */
		first.host[A].window |= 4096;
		first.host[B].window |= 4096;
		while (stage_next(&c, &first, &stage)) {
			at = c;
			play_alone(&r, &c, A);
			c = at;
			play_alone(&r, &c, B);
		}
	}
}

/* A client that never got the SYN-ACK, because it is none, does not become
 * ESTABLISHED, and its server neither, whatever is sent in its name
 */
static void spoofed_client(void **state)
{
	struct tct_segment seg;
	struct random r;
	unsigned int i, n;
	struct conn c;

	(void)state;
	start(&r);
	for (n = 0; n < rounds / 20; n++) {
		bool answered = random_percent(&r, 50);
		u32 off;

		conn_init(&c, random_u32(&r), random_u32(&r), n);
		syn(&c, A);
		if (answered)
			synack(&c, B);
		for (i = 0; i < STEPS; i++) {
			seg = random_segment(&r, &c, A);
			/* Unanswered it may be one whose answers pass elsewhere:
			 * half-open.  A SYN that begins anew is a client of its
			 * own, and who guesses the number is, as far as anybody
			 * can tell, the client
			 */
			if ((seg.flags & (SYN | ACK)) == SYN)
				continue;
			off = seg.ack - c.host[B].isn;
			if (answered && off - 1 < 0x7fffffff)
				seg.ack = c.host[B].isn - off;
			feed(&c, A, seg);
			if (end(&c, B)->state > TCT_SYN_RECEIVED ||
			    tct_fsm_class(&c.f) % TCT_CLASS_CLOSED ||
			    (end(&c, A)->state > TCT_SYN_SENT && answered))
				conn_fail(&c, __FILE__, __LINE__,
					  "a spoofed client is believed");
		}
	}
}

/* Nor does a client, or who has its name, because of what a server sends */
static void spoofed_server(void **state)
{
	struct random r;
	unsigned int i, n;
	struct conn c;

	(void)state;
	start(&r);
	for (n = 0; n < rounds / 20; n++) {
		struct tct_segment seg;

		conn_init(&c, random_u32(&r), random_u32(&r), n);
		syn(&c, A);
		for (i = 0; i < STEPS; i++) {
			seg = random_segment(&r, &c, B);
			/* a client of its own, as above */
			if ((seg.flags & (SYN | ACK)) == SYN)
				continue;
			feed(&c, B, seg);
			if (end(&c, A)->state > TCT_SYN_SENT)
				conn_fail(&c, __FILE__, __LINE__,
					  "a spoofed server is believed");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_both_sides),
		cmocka_unit_test(from_one_side),
		cmocka_unit_test(spoofed_client),
		cmocka_unit_test(spoofed_server),
	};
	const char *env;

	env = getenv("UNIT_SEED");
	if (env)
		seed = strtoull(env, NULL, 0);
	env = getenv("UNIT_ROUNDS");
	if (env)
		rounds = strtoul(env, NULL, 0);
	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
