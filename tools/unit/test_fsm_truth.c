// SPDX-License-Identifier: GPL-2.0
/*
 * Two TCPs talk over a road that loses, repeats and reorders.  When all is said,
 * and nothing is on its way, the state machine must know their states.
 */
#include <stdlib.h>

#include "host.h"
#include "random.h"

#define FLIGHT	64
#define ROUNDS	5000

/**
 * struct road - what happens to segments
 * @before: percentage lost before they are seen
 * @after: ... and after
 * @twice: percentage repeated on each half of the road
 * @reorder: each takes its own time
 * @crossed: both open
 * @deaf: most last ACKs of a handshake that B ignores
 */
struct road {
	unsigned int before;
	unsigned int after;
	unsigned int twice;
	bool reorder;
	bool crossed;
	unsigned int deaf;
};

/**
 * struct net - two hosts, the road between them, and who watches it
 * @c: what is seen
 * @tcp: the hosts
 * @flight: segments on their way, either to the watcher or past it
 * @last: when the last segment of each half of each direction arrives
 * @road: the road
 * @r: chance
 * @jitter: largest delay of each half
 */
static struct net {
	struct conn c;
	struct tcp tcp[2];
	struct {
		struct tct_segment seg;
		unsigned int from;
		bool seen;
		u64 when;
	} flight[FLIGHT];
	u64 last[2][2];
	const struct road *road;
	struct random r;
	unsigned int jitter;
} net;

static void net_put(const struct tct_segment *seg, unsigned int from, bool seen)
{
	unsigned int loss = seen ? net.road->after : net.road->before;
	unsigned int copies = random_percent(&net.r, net.road->twice) ? 2 : 1;
	unsigned int i;
	u64 when;

	if (random_percent(&net.r, loss))
		return;
	for (i = 0; i < FLIGHT && copies; i++) {
		if (net.flight[i].when)
			continue;
		when = net.c.now + 1 + random_below(&net.r, net.jitter);
		if (!net.road->reorder && when <= net.last[seen][from])
			when = net.last[seen][from] + 1;
		net.last[seen][from] = when;
		net.flight[i].seg = *seg;
		net.flight[i].from = from;
		net.flight[i].seen = seen;
		net.flight[i].when = when;
		copies--;
	}
}

static void net_out(struct tcp *tcp, const struct tct_segment *seg)
{
	net_put(seg, tcp - net.tcp, false);
}

/* The next thing to happen: an arrival, a timer, or the watcher's patience.
 * Return: its time, or 0 if nothing will.
 */
static u64 net_next(void)
{
	u64 next = 0;
	unsigned int i;

	for (i = 0; i < FLIGHT; i++)
		if (net.flight[i].when && (!next || net.flight[i].when < next))
			next = net.flight[i].when;
	for (i = A; i <= B; i++)
		if (net.tcp[i].timer && (!next || net.tcp[i].timer < next))
			next = net.tcp[i].timer;
	if (net.c.f.flags & TCT_F_ACCEPT_WAIT) {
		u64 due = net.c.now + (u32)(net.c.f.synack_due -
					    (u32)net.c.now);

		if (!next || due < next)
			next = due;
	}
	return next;
}

static void net_arrivals(void)
{
	unsigned int i;

	for (i = 0; i < FLIGHT; i++) {
		struct tct_segment seg = net.flight[i].seg;
		unsigned int from = net.flight[i].from;

		if (!net.flight[i].when || net.flight[i].when > net.c.now)
			continue;
		net.flight[i].when = 0;
		if (net.flight[i].seen) {
			tcp_receive(&net.tcp[!from], &seg, net.c.now);
			continue;
		}
		/* feed() counts a tick for each */
		net.c.now--;
		feed(&net.c, from, seg);
		net_put(&seg, from, true);
	}
}

static void net_run(void)
{
	unsigned int i;
	u64 next;

	while ((next = net_next())) {
		net.c.now = next;
		if (net.c.f.flags & TCT_F_ACCEPT_WAIT &&
		    net.c.f.synack_due == (u32)next)
			timeout(&net.c, next);
		net_arrivals();
		for (i = A; i <= B; i++)
			tcp_timer(&net.tcp[i], net.c.now);
	}
}

static void net_init(const struct road *road, u64 seed)
{
	unsigned int i;

	memset(&net, 0, sizeof(net));
	net.road = road;
	net.r.state = seed;
	net.jitter = 1 + random_below(&net.r, 40);
	conn_init(&net.c, random_u32(&net.r), random_u32(&net.r), 1000);
	/* the hosts have the clock */
	net.c.hasty = true;
	for (i = A; i <= B; i++) {
		struct tcp *tcp = &net.tcp[i];

		tcp->iss = net.c.host[i].isn;
		tcp->chunk = 1 + random_below(&net.r, 2000);
		tcp->out = net_out;
		if (random_percent(&net.r, 60))
			tcp->todo = random_below(&net.r, 5000);
		tcp->close = random_percent(&net.r, 70);
	}
	net.tcp[B].passive = !road->crossed;
	net.tcp[B].deaf = random_below(&net.r, road->deaf + 1);
}

/* What only the silence that follows tells, where segments are lost or repeated
 * (by whom cannot be seen): whether a FIN that came again and its ACK had crossed,
 * whether the last of the SYN-ACKs did get its ACK, or there was a last one.
 */
static bool silence_tells(u8 seen, u8 is)
{
	return (seen == TCT_FIN_WAIT_1 && is == TCT_FIN_WAIT_2) ||
	       (seen == TCT_CLOSING && is == TCT_TIME_WAIT) ||
	       (seen == TCT_LAST_ACK && is == TCT_CLOSED) ||
	       (seen == TCT_SYN_RECEIVED && is == TCT_CLOSED) ||
	       (seen == TCT_SYN_SENT && is == TCT_ESTABLISHED &&
		net.road->before) ||
	       (seen == TCT_CLOSED && is == TCT_ESTABLISHED &&
		net.c.f.synacks > 5) ||
	       (seen == TCT_ESTABLISHED && is == TCT_CLOSED &&
		(net.c.f.synacks > 1 || net.road->before));
}

/* What nothing tells, where segments are lost before they are seen or come by in
 * another order: whether FINs crossed
 */
static bool nothing_tells(u8 seen, u8 is)
{
	return (seen == TCT_CLOSED || seen == TCT_LAST_ACK ||
		seen == TCT_CLOSING || seen == TCT_TIME_WAIT) &&
	       (is == TCT_CLOSED || is == TCT_TIME_WAIT);
}

static bool same_state(u8 seen, u8 is)
{
	const struct road *road = net.road;

	return seen == is ||
	       ((road->before || road->after || road->twice) &&
		silence_tells(seen, is)) ||
	       ((road->before || road->reorder) && nothing_tells(seen, is));
}

static void play(void **state)
{
	const char *env = getenv("UNIT_SEED");
	u64 seed = env ? strtoull(env, NULL, 0) : 20260101;
	unsigned int i;

	for (i = 1; i <= ROUNDS; i++) {
		net_init(*state, seed * ROUNDS + i);
		tcp_connect(&net.tcp[A], net.c.now);
		if (net.road->crossed)
			tcp_connect(&net.tcp[B], net.c.now);
		net_run();
		if (!same_state(end(&net.c, A)->state, net.tcp[A].state) ||
		    !same_state(end(&net.c, B)->state, net.tcp[B].state))
			conn_expect(&net.c, net.tcp[A].state,
				    net.tcp[B].state, __FILE__, __LINE__);
	}
}

#define road(what, ...) \
	{ .name = what, .test_func = play, \
	  .initial_state = &(struct road){ __VA_ARGS__ } }

int main(void)
{
	const struct CMUnitTest tests[] = {
		road("quiet", 0),
		road("lossy", .after = 10),
		road("bad", .after = 30),
		road("repeats", .twice = 20),
		road("accept queue is full", .deaf = 3),
		road("accept queue is full, lossy", .deaf = 3, .after = 10),
		road("both open", .crossed = true),
		road("both open, lossy", .crossed = true, .after = 10),
		road("lossy before it is seen", .before = 10),
		road("bad on both halves", .before = 20, .after = 20),
		road("reorders", .reorder = true),
		road("reorders, repeats", .reorder = true, .twice = 20),
		road("reorders, lossy", .reorder = true, .before = 10,
		     .after = 10),
		road("both open, reorders", .crossed = true, .reorder = true),
		road("both open, reorders, lossy", .crossed = true,
		     .reorder = true, .before = 10, .after = 10, .twice = 10),
	};

	return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
