// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl replay FILE: the flows of a capture, as the module would see them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <linux/seq_file.h>

#include "capture.h"
#include "ctl.h"
#include "flows.h"
#include "frame.h"
#include "json.h"
#include "print.h"
#include "progress.h"

#define REPLAY_QUEUE	32	/* segments between parser and table */
#define REPLAY_STRIDE	8192	/* packets between two looks at the clock */

/* Counted beside the parser's verdicts */
enum replay_count {
	REPLAY_TRACKED = TCT_PARSE_MAX,
	REPLAY_NOT_IP,
	REPLAY_RST,
	REPLAY_NOMEM,
	REPLAY_LATE,
	REPLAY_COUNTS
};

static const char * const replay_names[REPLAY_COUNTS] = {
	[TCT_PARSE_OTHER]	= "not_tcp",
	[TCT_PARSE_FRAGMENT]	= "untracked_fragment",
	[TCT_PARSE_SHORT]	= "untracked_short",
	[TCT_PARSE_HEADER]	= "untracked_header",
	[TCT_PARSE_FLAGS]	= "untracked_flags",
	[REPLAY_TRACKED]	= "packets_tracked",
	[REPLAY_NOT_IP]		= "not_ip",
	[REPLAY_RST]		= "untracked_rst",
	[REPLAY_NOMEM]		= "untracked_nomem",
	[REPLAY_LATE]		= "late",
};

/* A segment on its way to the table */
struct replay_item {
	struct tct_parsed parsed;
	u32 hash;
	u64 when;
};

/**
 * struct replay - one run
 * @options: -
 * @cap: the capture
 * @flows: the table
 * @print: the output
 * @progress: the bar
 * @when: the capture's time, ns; never goes back
 * @queue: segments that were parsed, a ring: what they need of the table comes
 *	into the cache meanwhile
 * @head: where the next goes
 * @waiting: how many there are
 * @count: by verdict or enum replay_count
 */
struct replay {
	const struct ctl_options *options;
	struct capture cap;
	struct flows flows;
	struct print print;
	struct progress progress;
	u64 when;
	struct replay_item queue[REPLAY_QUEUE];
	unsigned int head;
	unsigned int waiting;
	u64 count[REPLAY_COUNTS];
};

static u32 replay_clock_us;

/* us, never 0, as in the kernel */
u32 tct_clock_us(void)
{
	return replay_clock_us;
}

static void replay_ended(void *arg, const struct tct_snapshot *snap, u64 now)
{
	struct replay *replay = arg;

	if (!replay->options->live)
		print_flow(&replay->print, snap, now);
}

static struct replay_item *replay_item(struct replay *replay, unsigned int age)
{
	return &replay->queue[(replay->head - age) % REPLAY_QUEUE];
}

/* The oldest segment that waits */
static void replay_track(struct replay *replay)
{
	struct replay_item *item = replay_item(replay, replay->waiting--);

	flows_advance(&replay->flows, item->when);
	replay_clock_us = (u32)(item->when / 1000) | 1;
	switch (flows_track(&replay->flows, &item->parsed, item->hash)) {
	case FLOWS_TRACKED:
		replay->count[REPLAY_TRACKED]++;
		break;
	case FLOWS_RST:
		replay->count[REPLAY_RST]++;
		break;
	case FLOWS_NOMEM:
		replay->count[REPLAY_NOMEM]++;
		break;
	}
}

static enum tct_verdict replay_parse(struct replay *replay,
				     struct tct_parsed *parsed,
				     struct sk_buff *skb)
{
	switch (frame_find_ip(skb, replay->cap.link)) {
	case FRAME_IPV4:
		return tct_parse_ipv4(parsed, skb);
	case FRAME_IPV6:
		return tct_parse_ipv6(parsed, skb);
	case FRAME_SHORT:
		return TCT_PARSE_SHORT;
	default:
		replay->count[REPLAY_NOT_IP]++;
		return TCT_PARSE_OK;
	}
}

static void replay_packet(struct replay *replay, struct sk_buff *skb)
{
	struct replay_item *item = replay_item(replay, 0);
	u64 others = replay->count[REPLAY_NOT_IP];
	enum tct_verdict verdict;

	verdict = replay_parse(replay, &item->parsed, skb);
	if (verdict != TCT_PARSE_OK) {
		replay->count[verdict]++;
		return;
	}
	if (replay->count[REPLAY_NOT_IP] != others)
		return;
	item->when = replay->when;
	item->hash = flows_hash(&replay->flows, &item->parsed.key);
	replay->head++;
	replay->waiting++;
	if (replay->waiting >= REPLAY_QUEUE / 2)
		flows_fetch(&replay->flows,
			    replay_item(replay, REPLAY_QUEUE / 2)->hash);
	if (replay->waiting == REPLAY_QUEUE)
		replay_track(replay);
}

/* Return: as capture_next(), but 0 if the output failed. */
static int replay_packets(struct replay *replay)
{
	struct sk_buff skb;
	u64 when;
	int more;

	while ((more = capture_next(&replay->cap, &skb, &when)) > 0) {
		if (when < replay->when)
			replay->count[REPLAY_LATE]++;
		else
			replay->when = when;
		replay_packet(replay, &skb);
		if (replay->print.eager)
			while (replay->waiting)
				replay_track(replay);
		if (replay->print.error)
			return 0;
		if (!(replay->cap.packets % REPLAY_STRIDE))
			progress_show(&replay->progress,
				      capture_offset(&replay->cap),
				      replay->cap.packets);
	}
	while (replay->waiting)
		replay_track(replay);
	flows_advance(&replay->flows, replay->when);
	return more;
}

/* One line of key=value words, or as JSON an object of its own kind */
static void replay_stats(struct replay *replay)
{
	struct seq_file m = { 0 };
	unsigned int i;

	seq_put_decimal_ull(&m, "packets=", replay->cap.packets);
	for (i = 0; i < REPLAY_COUNTS; i++) {
		if (!replay_names[i])
			continue;
		seq_putc(&m, ' ');
		seq_puts(&m, replay_names[i]);
		seq_put_decimal_ull(&m, "=", replay->count[i]);
	}
	seq_put_decimal_ull(&m, " flows_created=", replay->flows.born);
	seq_put_decimal_ull(&m, " flows_reused=", replay->flows.reused);
	seq_put_decimal_ull(&m, " flows_most=", replay->flows.most);
	seq_put_decimal_ull(&m, " flows_printed=", replay->print.lines);
	if (replay->options->json) {
		seq_puts(&replay->print.out, "{\"statistics\":");
		json_from_line(&replay->print.out, m.buf, m.count);
		replay->print.out.buf[replay->print.out.count - 1] = '}';
		seq_putc(&replay->print.out, '\n');
	} else if (!m.failed) {
		fprintf(stderr, "%.*s\n", (int)m.count, m.buf);
	}
	free(m.buf);
}

/* What is left when the capture is over */
static void replay_rest(struct replay *replay)
{
	enum flows_order order = replay->options->live ? FLOWS_BY_KEY :
							 FLOWS_BY_TIME;

	if (!flows_each(&replay->flows, order, print_flow, &replay->print))
		replay->print.error = ENOMEM;
}

static int replay_finish(struct replay *replay, bool damaged)
{
	int status = CTL_OK;

	progress_clear(&replay->progress);
	if (!replay->print.error)
		replay_rest(replay);
	if (!replay->print.error && replay->options->stats)
		replay_stats(replay);
	print_flush(&replay->print);
	if (damaged) {
		fprintf(stderr, "tcptrackctl: %s: %s\n", replay->cap.name,
			replay->cap.error);
		status = CTL_DATA;
	}
	if (replay->print.error) {
		/* who reads no further has what he wants */
		if (replay->print.error != EPIPE)
			fprintf(stderr, "tcptrackctl: standard output: %s\n",
				strerror(replay->print.error));
		status = CTL_DATA;
	}
	if (replay->count[REPLAY_NOMEM]) {
		fprintf(stderr, "tcptrackctl: no memory for %llu flows\n",
			replay->count[REPLAY_NOMEM]);
		status = CTL_DATA;
	}
	return status;
}

int replay_run(const struct ctl_options *options, int argc, char **argv)
{
	static struct replay replay;
	int status = CTL_DATA;

	if (argc != 1) {
		fprintf(stderr, "tcptrackctl: replay takes one FILE: "
			"see 'tcptrackctl replay help'\n");
		return CTL_USAGE;
	}
	replay.options = options;
	replay.print.json = options->json;
	if (!capture_open(&replay.cap, argv[0])) {
		fprintf(stderr, "tcptrackctl: %s: %s\n", replay.cap.name,
			replay.cap.error);
	} else if (!flows_init(&replay.flows, replay_ended, &replay)) {
		fprintf(stderr, "tcptrackctl: no memory\n");
	} else {
		progress_init(&replay.progress, replay.cap.size);
		replay.print.progress = &replay.progress;
		replay.print.eager = !replay.cap.size;
		status = replay_finish(&replay, replay_packets(&replay) < 0);
	}
	capture_close(&replay.cap);
	if (replay.flows.slot)
		flows_exit(&replay.flows);
	print_exit(&replay.print);
	return status;
}
