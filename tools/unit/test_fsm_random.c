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

static unsigned int rounds = 200000;
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
	unsigned int i, j;
	struct random r;
	struct conn c;

	(void)state;
	start(&r);
	for (i = 0; i < rounds; i++)
		play(&r, &c);

	/* ... and what comes leads everywhere */
	for (i = 0; i < stages_count; i++) {
		unsigned int a = stages[i].a, b = stages[i].b;

		assert_true(visits[a][b] + visits[b][a]);
	}
	for (i = 0; i < TCT_STATE_MAX; i++)
		for (j = 0; j < TCT_STATE_MAX; j++)
			if (i == TCT_ESTABLISHED && j == TCT_ESTABLISHED)
				assert_true(visits[i][j] > rounds);
}

/* The rule of evidence: who alone sends, however well, takes no other end
 * anywhere but where the last thing that the other sent needs no answer
 */
static void from_one_side(void **state)
{
	const struct stage *stage;
	unsigned int i, n, from;
	struct conn c, at;
	struct random r;

	(void)state;
	start(&r);
	for (n = 0; n < rounds / 20 / stages_count; n++) {
		random_conn(&r, &c);
		c.self = false;
		c.guess = false;
		/* the stages need room */
		c.host[A].window |= 4096;
		c.host[B].window |= 4096;
		for_each_stage(&c, stage) {
			at = c;
			for (from = A; from <= B; from++) {
				u8 other, before;

				c = at;
				before = end(&c, !from)->state;
				for (i = 0; i < STEPS; i++) {
					feed(&c, from,
					     random_segment(&r, &c, from));
					if (c.ev & REUSE)
						before = TCT_CLOSED;
					other = end(&c, !from)->state;
					if (other != before &&
					    other != TCT_CLOSED &&
					    other != TCT_ESTABLISHED &&
					    other != TCT_FIN_WAIT_2 &&
					    other != TCT_TIME_WAIT)
						conn_fail(&c, __FILE__,
							  __LINE__,
							  "believed");
				}
			}
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
