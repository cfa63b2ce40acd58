// SPDX-License-Identifier: GPL-2.0
/*
 * An end's state by the wire beside its socket's.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/kernel.h>

#include "differ.h"

#define D(name)		(1U << TCT_DIFF_##name)
#define FIN_TIMEOUT	(60 * 1000)
#define NOW		(1000 * 1000)

/**
 * struct scene - an end, its socket, and how they differ
 * @wire: state by the wire
 * @kind: of socket
 * @sock: state by the socket
 * @facts: TCT_SOCK_*
 * @want: what tct_differ() says
 * @end: TCT_END_* of the end
 * @peer: TCT_END_* of the other end
 * @flow: TCT_F_*
 * @reason: of the flow
 * @spent: ticks in the state
 */
struct scene {
	u8 wire, kind, sock;
	u16 facts;
	u32 want;
	u16 end, peer, flow;
	u8 reason;
	u32 spent;
};

static u32 differ(const struct scene *s, unsigned int who)
{
	struct tct_sock sock = {
		.kind = s->kind,
		.state = s->sock,
		.facts = s->facts,
		.fin_timeout = FIN_TIMEOUT,
	};
	struct tct_fsm f = { .flags = s->flow, .reason = s->reason };

	f.end[who].state = s->wire;
	f.end[who].flags = s->end;
	f.end[!who].flags = s->peer;
	f.end[who].since_lo = NOW - s->spent;
	return tct_differ(&f, who, &sock, NOW);
}

static void play(const struct scene *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		u32 found = differ(&s[i], 0);

		if (found != s[i].want || differ(&s[i], 1) != found)
			fail_msg("scene %zu: %#x, not %#x", i, found,
				 s[i].want);
	}
}

/* What only looks different */
static void equal(void **state)
{
	static const struct scene scenes[] = {
		{ TCT_SYN_RECEIVED, TCT_SOCK_REQUEST, TCT_SYN_RECEIVED,
		  TCT_SOCK_ACKED },
		{ TCT_FIN_WAIT_2, TCT_SOCK_TIMEWAIT, TCT_FIN_WAIT_2 },
		{ TCT_TIME_WAIT, TCT_SOCK_TIMEWAIT, TCT_TIME_WAIT },
		{ TCT_CLOSED, TCT_SOCK_NONE, TCT_CLOSED },
		{ TCT_FIN_WAIT_1, TCT_SOCK_FULL, TCT_FIN_WAIT_1,
		  .end = TCT_END_FIN },
		/* data that are not sent yet are no difference */
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_ESTABLISHED,
		  TCT_SOCK_UNSENT | TCT_SOCK_ZERO_WINDOW },
		{ TCT_CLOSE_WAIT, TCT_SOCK_FULL, TCT_CLOSE_WAIT,
		  TCT_SOCK_UNSENT },
	};

	(void)state;
	play(scenes, ARRAY_SIZE(scenes));
}

/* Of an end that is elsewhere nothing is known, so nothing differs */
static void absent(void **state)
{
	struct scene s = { .kind = TCT_SOCK_ABSENT };

	(void)state;
	for (s.wire = 0; s.wire < TCT_STATE_MAX; s.wire++)
		assert_int_equal(differ(&s, 0), 0);
}

static void unsent_fin(void **state)
{
	static const struct scene scenes[] = {
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_FIN_WAIT_1,
		  TCT_SOCK_UNSENT, D(UNSENT_FIN) },
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_FIN_WAIT_1,
		  TCT_SOCK_UNSENT | TCT_SOCK_ZERO_WINDOW,
		  D(UNSENT_FIN) | D(ZERO_WINDOW) },
		{ TCT_CLOSE_WAIT, TCT_SOCK_FULL, TCT_LAST_ACK,
		  TCT_SOCK_UNSENT, D(UNSENT_FIN) },
		{ TCT_CLOSE_WAIT, TCT_SOCK_FULL, TCT_CLOSING,
		  TCT_SOCK_UNSENT, D(UNSENT_FIN) },
		/* and what is left differs as well */
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_LAST_ACK,
		  TCT_SOCK_UNSENT, D(UNSENT_FIN) | D(ACK_PENDING),
		  .peer = TCT_END_FIN },
		{ TCT_CLOSED, TCT_SOCK_FULL, TCT_FIN_WAIT_1,
		  TCT_SOCK_UNSENT, D(UNSENT_FIN) | D(RST_LOST),
		  .end = TCT_END_RESET },
		/* nothing waits, or the FIN was seen */
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_FIN_WAIT_1, 0,
		  D(EARLY) },
		{ TCT_FIN_WAIT_2, TCT_SOCK_FULL, TCT_FIN_WAIT_1,
		  TCT_SOCK_UNSENT, D(ACK_LOST),
		  .end = TCT_END_FIN | TCT_END_UNCONF },
		{ TCT_LAST_ACK, TCT_SOCK_FULL, TCT_CLOSING, 0, D(LATE_FIN),
		  .end = TCT_END_FIN },
		{ TCT_CLOSED, TCT_SOCK_FULL, TCT_CLOSING, 0, D(LATE_FIN),
		  .end = TCT_END_FIN },
		{ TCT_CLOSED, TCT_SOCK_TIMEWAIT, TCT_TIME_WAIT, 0,
		  D(LATE_FIN), .end = TCT_END_FIN | TCT_END_UNCONF },
	};

	(void)state;
	play(scenes, ARRAY_SIZE(scenes));
}

static void handshake(void **state)
{
	static const struct scene scenes[] = {
		{ TCT_ESTABLISHED, TCT_SOCK_REQUEST, TCT_SYN_RECEIVED,
		  TCT_SOCK_ACKED | TCT_SOCK_DEFER, D(DEFER_ACCEPT),
		  .end = TCT_END_UNCONF },
		{ TCT_ESTABLISHED, TCT_SOCK_REQUEST, TCT_SYN_RECEIVED,
		  TCT_SOCK_ACKED, D(ACCEPT_QUEUE), .end = TCT_END_UNCONF },
		{ TCT_ESTABLISHED, TCT_SOCK_REQUEST, TCT_SYN_RECEIVED,
		  TCT_SOCK_DEFER, D(ACK_LOST), .end = TCT_END_UNCONF },
		{ TCT_ESTABLISHED, TCT_SOCK_REQUEST, TCT_SYN_RECEIVED, 0,
		  D(SILENCE), .reason = TCT_WHY_SILENCE },
		{ TCT_CLOSED, TCT_SOCK_REQUEST, TCT_SYN_RECEIVED, 0,
		  D(SILENCE), .end = TCT_END_RESET,
		  .reason = TCT_WHY_SILENCE },
		{ TCT_SYN_RECEIVED, TCT_SOCK_FULL, TCT_ESTABLISHED, 0,
		  D(SILENCE), .flow = TCT_F_ACCEPT_WAIT },
		{ TCT_CLOSED, TCT_SOCK_REQUEST, TCT_SYN_RECEIVED, 0,
		  D(ACK_PENDING), .peer = TCT_END_SYN },
		{ TCT_SYN_SENT, TCT_SOCK_FULL, TCT_ESTABLISHED, 0,
		  D(ACK_PENDING), .peer = TCT_END_SYN },
		{ TCT_SYN_SENT, TCT_SOCK_FULL, TCT_ESTABLISHED, 0, D(EARLY) },
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_SYN_RECEIVED,
		  TCT_SOCK_BACKLOG, D(BACKLOG), .end = TCT_END_UNCONF },
		{ TCT_SYN_RECEIVED, TCT_SOCK_NONE, TCT_CLOSED,
		  TCT_SOCK_COOKIES, D(SYNCOOKIE) },
		{ TCT_ESTABLISHED, TCT_SOCK_NONE, TCT_CLOSED,
		  TCT_SOCK_COOKIES, D(SYNCOOKIE), .end = TCT_END_UNCONF },
		/* it has said something since: a cookie it no longer is */
		{ TCT_ESTABLISHED, TCT_SOCK_NONE, TCT_CLOSED,
		  TCT_SOCK_COOKIES, D(DIED_SILENTLY) },
		/* the next connection's */
		{ TCT_TIME_WAIT, TCT_SOCK_REQUEST, TCT_SYN_RECEIVED, 0,
		  D(EARLY) },
		{ TCT_TIME_WAIT, TCT_SOCK_FULL, TCT_SYN_SENT, 0, D(EARLY) },
	};

	(void)state;
	play(scenes, ARRAY_SIZE(scenes));
}

static void lost(void **state)
{
	static const struct scene scenes[] = {
		{ TCT_CLOSED, TCT_SOCK_FULL, TCT_ESTABLISHED, 0, D(RST_LOST),
		  .end = TCT_END_RESET | TCT_END_UNCONF },
		{ TCT_CLOSED, TCT_SOCK_TIMEWAIT, TCT_TIME_WAIT, 0,
		  D(RST_LOST), .end = TCT_END_RESET | TCT_END_FIN },
		{ TCT_FIN_WAIT_2, TCT_SOCK_FULL, TCT_FIN_WAIT_1, 0,
		  D(ACK_LOST), .end = TCT_END_FIN | TCT_END_UNCONF },
		{ TCT_FIN_WAIT_2, TCT_SOCK_FULL, TCT_FIN_WAIT_1,
		  TCT_SOCK_BACKLOG, D(BACKLOG),
		  .end = TCT_END_FIN | TCT_END_UNCONF },
		{ TCT_CLOSED, TCT_SOCK_FULL, TCT_LAST_ACK, 0, D(ACK_LOST),
		  .end = TCT_END_FIN | TCT_END_UNCONF },
		{ TCT_TIME_WAIT, TCT_SOCK_FULL, TCT_CLOSING, 0, D(ACK_LOST),
		  .end = TCT_END_FIN | TCT_END_UNCONF },
		{ TCT_TIME_WAIT, TCT_SOCK_FULL, TCT_CLOSING,
		  TCT_SOCK_BACKLOG, D(BACKLOG),
		  .end = TCT_END_FIN | TCT_END_UNCONF },
		{ TCT_CLOSED, TCT_SOCK_FULL, TCT_LAST_ACK,
		  TCT_SOCK_BACKLOG, D(BACKLOG),
		  .end = TCT_END_FIN | TCT_END_UNCONF },
		/* a simultaneous open's */
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_SYN_RECEIVED, 0,
		  D(ACK_LOST), .end = TCT_END_UNCONF },
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_CLOSE_WAIT, 0,
		  D(ACK_PENDING), .peer = TCT_END_FIN },
		{ TCT_FIN_WAIT_1, TCT_SOCK_FULL, TCT_CLOSING, 0,
		  D(ACK_PENDING), .peer = TCT_END_FIN },
		{ TCT_FIN_WAIT_2, TCT_SOCK_TIMEWAIT, TCT_TIME_WAIT, 0,
		  D(ACK_PENDING), .peer = TCT_END_FIN },
	};

	(void)state;
	play(scenes, ARRAY_SIZE(scenes));
}

static void no_socket(void **state)
{
	static const struct scene scenes[] = {
		{ TCT_ESTABLISHED, TCT_SOCK_NONE, TCT_CLOSED, 0,
		  D(DIED_SILENTLY) },
		{ TCT_SYN_SENT, TCT_SOCK_NONE, TCT_CLOSED, 0,
		  D(DIED_SILENTLY) },
		{ TCT_FIN_WAIT_2, TCT_SOCK_NONE, TCT_CLOSED, 0,
		  D(FIN_WAIT_2_EXPIRED), .spent = FIN_TIMEOUT },
		{ TCT_FIN_WAIT_2, TCT_SOCK_NONE, TCT_CLOSED, 0,
		  D(DIED_SILENTLY), .spent = FIN_TIMEOUT - 1 },
		{ TCT_FIN_WAIT_2, TCT_SOCK_NONE, TCT_CLOSED,
		  TCT_SOCK_OVERFLOW, D(TIME_WAIT_OVERFLOW),
		  .spent = FIN_TIMEOUT - 1 },
		{ TCT_TIME_WAIT, TCT_SOCK_NONE, TCT_CLOSED, 0,
		  D(TIME_WAIT_EXPIRED), .spent = 60 * 1000 },
		{ TCT_TIME_WAIT, TCT_SOCK_NONE, TCT_CLOSED,
		  TCT_SOCK_OVERFLOW, D(TIME_WAIT_OVERFLOW) },
		{ TCT_TIME_WAIT, TCT_SOCK_NONE, TCT_CLOSED, 0,
		  D(DIED_SILENTLY), .spent = 60 * 1000 - 1 },
		{ TCT_LAST_ACK, TCT_SOCK_NONE, TCT_CLOSED, 0,
		  D(DIED_SILENTLY), .spent = FIN_TIMEOUT },
	};

	(void)state;
	play(scenes, ARRAY_SIZE(scenes));
}

static void picked_up(void **state)
{
	static const struct scene scenes[] = {
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_FIN_WAIT_2, 0, D(PICKUP),
		  .flow = TCT_F_PICKUP },
		{ TCT_CLOSED, TCT_SOCK_FULL, TCT_ESTABLISHED, 0, D(PICKUP),
		  .flow = TCT_F_PICKUP },
		{ TCT_ESTABLISHED, TCT_SOCK_FULL, TCT_FIN_WAIT_2, 0, D(EARLY) },
		{ TCT_FIN_WAIT_1, TCT_SOCK_FULL, TCT_CLOSING, 0, D(PICKUP),
		  .flow = TCT_F_PICKUP },
		{ TCT_SYN_RECEIVED, TCT_SOCK_FULL, TCT_ESTABLISHED, 0,
		  D(EARLY) },
		{ TCT_FIN_WAIT_1, TCT_SOCK_FULL, TCT_FIN_WAIT_2, 0, D(EARLY) },
		{ TCT_CLOSE_WAIT, TCT_SOCK_FULL, TCT_LAST_ACK, 0, D(EARLY) },
		{ TCT_CLOSING, TCT_SOCK_TIMEWAIT, TCT_TIME_WAIT, 0, D(EARLY) },
		{ TCT_FIN_WAIT_2, TCT_SOCK_FULL, TCT_ESTABLISHED, 0, D(OTHER),
		  .flow = TCT_F_PICKUP },
	};

	(void)state;
	play(scenes, ARRAY_SIZE(scenes));
}

static u32 seen;

static void try_all(struct scene *s)
{
	static const u16 ends[] = {
		0, TCT_END_RESET, TCT_END_UNCONF, TCT_END_FIN,
		TCT_END_FIN | TCT_END_UNCONF,
	};
	static const u16 peers[] = { 0, TCT_END_FIN, TCT_END_SYN };
	static const u16 flows[] = { 0, TCT_F_PICKUP, TCT_F_ACCEPT_WAIT };
	unsigned int i, j, k;
	u32 found;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		for (j = 0; j < ARRAY_SIZE(peers); j++)
			for (k = 0; k < ARRAY_SIZE(flows); k++) {
				s->end = ends[i];
				s->peer = peers[j];
				s->flow = flows[k];
				found = differ(s, 0);
				seen |= found;
				assert_int_equal(found >> TCT_DIFF_MAX, 0);
				if (s->wire == s->sock) {
					assert_int_equal(found, 0);
					continue;
				}
				assert_int_not_equal(found, 0);
				/* one cause, beside a FIN that waits */
				found &= ~(D(UNSENT_FIN) | D(ZERO_WINDOW));
				assert_int_equal(found & (found - 1), 0);
			}
}

/* Whatever comes has an answer, and each answer comes */
static void complete(void **state)
{
	struct scene s = { 0 };

	(void)state;
	for (s.facts = 0; s.facts < 0x100; s.facts++)
		for (s.wire = 0; s.wire < TCT_STATE_MAX; s.wire++) {
			s.kind = TCT_SOCK_NONE;
			s.sock = TCT_CLOSED;
			s.spent = s.facts & 1 ? 2 * FIN_TIMEOUT : 0;
			try_all(&s);
			for (s.kind++; s.kind <= TCT_SOCK_TIMEWAIT; s.kind++)
				for (s.sock = 0; s.sock < TCT_STATE_MAX;
				     s.sock++)
					try_all(&s);
		}
	assert_int_equal(seen, (1U << TCT_DIFF_MAX) - 1);
}

static void names(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < TCT_DIFF_MAX; i++) {
		const char *c = tct_difference_name(i);

		assert_non_null(c);
		for (; *c; c++)
			assert_true(islower(*c) || isdigit(*c) || *c == '_');
		for (j = 0; j < i; j++)
			assert_string_not_equal(tct_difference_name(i),
						tct_difference_name(j));
	}
	assert_string_equal(tct_difference_name(TCT_DIFF_UNSENT_FIN),
			    "unsent_fin");
	assert_string_equal(tct_difference_name(TCT_DIFF_OTHER), "other");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal),
		cmocka_unit_test(absent),
		cmocka_unit_test(unsent_fin),
		cmocka_unit_test(handshake),
		cmocka_unit_test(lost),
		cmocka_unit_test(no_socket),
		cmocka_unit_test(picked_up),
		cmocka_unit_test(complete),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
