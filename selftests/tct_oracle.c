// SPDX-License-Identifier: GPL-2.0
/*
 * tct_oracle --client NS --router NS --server NS [--connections N] [--seed S]
 *	[--first K] [--batch N] [--want N] [--mode NAME] [--ss]
 *	[--patience MS] [--strict] [--verbose]
 *	[--limit S]
 *
 * Connections K to K+N-1 of those that seed S means, in batches: in each round
 * one thing is done to each connection, and when it has come to rest it is
 * judged. --first replays a batch, if it is a multiple of --batch.
 * Exits 0 if all but one in a hundred came to rest, all that did agreed, and
 * every state was seen --want times.
 */
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>

#include "tct_oracle.h"

#define LOOK_US		50000	/* from one look to the next */
#define EXTRA_ROUNDS	10	/* for those that never came to rest */

/* The kernel's defaults; ends that give up soon, and keep few TIME_WAITs. */
static const struct mode modes[] = {
	{ "plain", 6, 60, 8, 6, 5, 0, 65536, 0 },
	{ "hasty", 6, 1, 1, 1, 1, 0, 4, 1000 },
	{ "plain", 6, 60, 8, 6, 5, 0, 65536, 0 },
	{ "cookies", 4, 60, 8, 6, 5, 2, 65536, 0 },
};

#define NR_MODES	(sizeof(modes) / sizeof(*modes))

static unsigned int never;	/* connections that could not be judged */

struct oracle oracle = { .seed = 1, .batch = 150, .patience_ms = 3000 };

void die(const char *what)
{
	printf("# tct_oracle: ");
	fflush(stdout);
	perror(what);
	exit(2);
}

__u64 now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000ULL + ts.tv_nsec / 1000;
}

void enter(enum view view)
{
	if (setns(oracle.ns[view], CLONE_NEWNET))
		die("setns");
}

/* pick - below n; each connection has random numbers of its own */
unsigned int pick(struct conn *c, unsigned int n)
{
	__u64 z = c->rng += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (z ^ z >> 31) % n;
}

struct conn *conn_of(unsigned int port)
{
	unsigned int i = port - oracle.conn[0].port;

	return port >= oracle.conn[0].port && i < oracle.conns ?
	       &oracle.conn[i] : NULL;
}

/* note - what was done to it, for who has to find out */
void note(struct conn *c, const char *fmt, ...)
{
	size_t at = strlen(c->did);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->did + at, sizeof(c->did) - at, fmt, ap);
	va_end(ap);
}

static void setup_batch(unsigned int first, unsigned int n)
{
	struct conn *c;
	unsigned int i;

	memset(oracle.conn, 0, n * sizeof(*oracle.conn));
	oracle.conns = n;
	for (i = 0; i < n; i++) {
		c = &oracle.conn[i];
		c->id = first + i;
		c->port = FIRST_PORT + c->id % PORTS;
		c->rng = oracle.seed * 0xd1342543de82ef95ULL + c->id;
		c->end[CLIENT].fd = -1;
		c->end[SERVER].fd = -1;
		c->end[CLIENT].reading = true;
		c->end[SERVER].reading = true;
	}
}

static void setup_mode(const struct mode *mode)
{
	static const enum view ends[SIDES] = { VIEW_C, VIEW_S };
	unsigned int i;

	oracle.mode = mode;
	for (i = 0; i < SIDES; i++) {
		look_set(ends[i], "tcp_fin_timeout", mode->fin_timeout);
		look_set(ends[i], "tcp_orphan_retries", mode->orphan_retries);
		look_set(ends[i], "tcp_syn_retries", mode->syn_retries);
		look_set(ends[i], "tcp_synack_retries", mode->synack_retries);
		look_set(ends[i], "tcp_syncookies", mode->syncookies);
		look_set(ends[i], "tcp_max_tw_buckets", mode->max_tw_buckets);
		look_set(ends[i], "tcp_max_syn_backlog", 4096);
	}
}

static void serve_for(__u64 us)
{
	__u64 end = now_us() + us;

	do {
		walk_serve();
		usleep(5000);
	} while (now_us() < end);
}

/*
 * look - sockets, queues, flows, queues, sockets. Whoever's sockets are the same
 * in the first and the last, while nothing is on its way, can be judged. Returns
 * how many are still to be.
 */
static unsigned int look(void)
{
	unsigned int i, left = 0;
	struct conn *c;
	bool empty;

	look_sockets();
	empty = diag_queues_empty();
	if (empty) {
		look_flows();
		empty = diag_queues_empty();
	}
	look_sockets();
	tap_drain();
	for (i = 0; i < oracle.conns; i++) {
		c = &oracle.conn[i];
		if (!c->judged && empty)
			c->judged = judge(c);
		left += !c->judged;
	}
	return left;
}

/* settle - judge each connection, or those never judged, as soon as it rests */
static void settle(bool all)
{
	__u64 end = now_us() + oracle.patience_ms * 1000ULL;
	struct conn *c;

	for (c = oracle.conn; c < oracle.conn + oracle.conns; c++)
		c->judged = !all && c->judgements;
	serve_for(LOOK_US + oracle.mode->settle_ms * 1000ULL);
	while (look() && now_us() < end)
		serve_for(LOOK_US);
	for (c = oracle.conn; c < oracle.conn + oracle.conns; c++)
		if (!c->judged)
			judge_restless(c);
}

static unsigned int never_judged(void)
{
	unsigned int i, never = 0;

	for (i = 0; i < oracle.conns; i++)
		never += !oracle.conn[i].judgements;
	return never;
}

static void run_batch(unsigned int first, unsigned int n,
		      const struct mode *mode)
{
	__u64 begun = now_us();
	unsigned int round;
	struct conn *c;

	setup_batch(first, n);
	setup_mode(mode);
	walk_begin();
	for (round = 0; round < mode->rounds; round++) {
		walk_step(round);
		settle(true);
	}
	for (round = 0; never_judged() && round < EXTRA_ROUNDS; round++)
		settle(false);
	for (c = oracle.conn; c < oracle.conn + n; c++) {
		if (c->judgements)
			continue;
		judge_never(c);
		never++;
	}
	walk_end();
	printf("# %u to %u, %s: %.1f s\n", first, first + n - 1, mode->name,
	       (now_us() - begun) / 1e6);
	fflush(stdout);
}

static void open_ns(enum view view, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	oracle.ns[view] = open(path, O_RDONLY | O_CLOEXEC);
	if (oracle.ns[view] < 0)
		die(path);
}

static const struct mode *mode_of(unsigned int batch, const char *name)
{
	unsigned int i;

	for (i = 0; name && i < NR_MODES; i++)
		if (!strcmp(modes[i].name, name))
			return &modes[i];
	return &modes[batch % NR_MODES];
}

static struct {
	unsigned int first, n, want, limit;
	const char *mode;
} asked = { .n = 300 };

static bool take_option(int opt, const char *value)
{
	static const char numbers[] = "nfbwpl";
	unsigned int *const number[] = {
		&asked.n, &asked.first, &oracle.batch, &asked.want,
		&oracle.patience_ms, &asked.limit
	};
	static const char flags[] = "vot";
	bool *const flag[] = {
		&oracle.verbose, &oracle.run_ss, &oracle.strict
	};
	static const char spaces[] = "crs";

	if (strchr(numbers, opt))
		*number[strchr(numbers, opt) - numbers] = atoi(value);
	else if (strchr(flags, opt))
		*flag[strchr(flags, opt) - flags] = true;
	else if (strchr(spaces, opt))
		open_ns(strchr(spaces, opt) - spaces, value);
	else if (opt == 'S')
		oracle.seed = strtoull(value, NULL, 0);
	else if (opt == 'm')
		asked.mode = value;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "client", 1, NULL, 'c' }, { "router", 1, NULL, 'r' },
		{ "server", 1, NULL, 's' }, { "connections", 1, NULL, 'n' },
		{ "seed", 1, NULL, 'S' }, { "first", 1, NULL, 'f' },
		{ "batch", 1, NULL, 'b' }, { "want", 1, NULL, 'w' },
		{ "mode", 1, NULL, 'm' }, { "verbose", 0, NULL, 'v' },
		{ "ss", 0, NULL, 'o' }, { "strict", 0, NULL, 't' },
		{ "patience", 1, NULL, 'p' }, { "limit", 1, NULL, 'l' },
		{ }
	};
	struct rlimit files = { 16384, 16384 };
	__u64 begun = now_us();
	unsigned int i, first, now;
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take_option(opt, optarg))
			return 2;
	if (!oracle.batch || oracle.batch > MAX_BATCH)
		return 2;
	setrlimit(RLIMIT_NOFILE, &files);
	oracle.conn = calloc(MAX_BATCH, sizeof(*oracle.conn));
	tap_open();
	diag_open();
	for (i = 0; i < asked.n; i += now) {
		if (asked.limit && now_us() - begun > asked.limit * 1000000ULL)
			break;
		first = asked.first + i;
		now = asked.n - i < oracle.batch ? asked.n - i : oracle.batch;
		run_batch(first, now, mode_of(first / oracle.batch,
					      asked.mode));
	}
	printf("# %u connections\n", i);
	judge_report();
	printf("# never at rest %u, segments lost by the taps %lu\n", never,
	       tap_lost());
	/* a SYN-ACK's repetitions may be half a minute apart */
	return never * 100 > i || tap_lost() || judge_failed(asked.want);
}
