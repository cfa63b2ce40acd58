// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl replay FILE: the flows of a capture, as the module would see them.
 */
#include <errno.h>
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>

#include "capture.h"
#include "ctl.h"
#include "flows.h"
#include "frame.h"
#include "line.h"
#include "print.h"
#include "progress.h"

#define REPLAY_QUEUE	32	/* segments between parser and table */
#define REPLAY_NETID	1	/* a capture is one namespace */
#define REPLAY_HEADERS	128	/* octets of IP and TCP headers, at the most */
#define REPLAY_PACKET	(256 << 10)	/* what libpcap reads, at the most */
#define REPLAY_STRIDE	8192	/* packets between two looks at the clock */

/* Counted beside the parser's verdicts */
enum replay_count {
	REPLAY_TRACKED = TCT_BAD_FLAGS + 1,
	REPLAY_RST,
	REPLAY_NOMEM,
	REPLAY_LATE,
	REPLAY_COUNTS
};

static const char * const replay_names[REPLAY_COUNTS] = {
	[TCT_NOT_TCP]		= "not_tcp",
	[TCT_FRAGMENT]		= "untracked_fragment",
	[TCT_SHORT]		= "untracked_short",
	[TCT_BAD_HEADER]	= "untracked_header",
	[TCT_BAD_FLAGS]		= "untracked_flags",
	[REPLAY_TRACKED]	= "packets_tracked",
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
 * @packet: the packet that is parsed, its headers aligned
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
	u8 packet[REPLAY_PACKET] __aligned(8);
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
	replay_clock_us = item->when / 1000;
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

/* Copy the packet to where its headers are aligned, as in the kernel.
 * @len: how much of it may be headers; the length on the wire stays
 */
static void replay_align(struct replay *replay, struct sk_buff *skb,
			 unsigned int len)
{
	ASAN_UNPOISON_MEMORY_REGION(replay->packet, sizeof(replay->packet));
	/* the usual case, by a length that the compiler knows */
	if (len == REPLAY_HEADERS && skb->caplen >= REPLAY_HEADERS) {
		memcpy(replay->packet, skb->data, REPLAY_HEADERS);
		skb->caplen = REPLAY_HEADERS;
	} else {
		skb->caplen = min(skb->caplen, len);
		memcpy(replay->packet, skb->data, skb->caplen);
	}
	skb->data = replay->packet;
	ASAN_POISON_MEMORY_REGION(replay->packet + skb->caplen,
				  sizeof(replay->packet) - skb->caplen);
}

/* What the stack has seen to before a packet comes to the module's hooks: there
 * is an IP header, of this version
 */
static bool replay_has_header(const struct sk_buff *skb, unsigned int version,
			      unsigned int len, enum tct_verdict *verdict)
{
	if (skb->caplen < len)
		*verdict = TCT_SHORT;
	else if (skb->data[0] >> 4 != version)
		*verdict = TCT_BAD_HEADER;
	else
		return true;
	return false;
}

static enum tct_verdict replay_parse_ipv4(struct replay *replay,
					  struct tct_parsed *parsed,
					  struct sk_buff *skb)
{
	enum tct_verdict verdict;

	if (!replay_has_header(skb, 4, sizeof(struct iphdr), &verdict))
		return verdict;
	replay_align(replay, skb, REPLAY_HEADERS);
	if (ip_hdr(skb)->protocol != IPPROTO_TCP)
		return TCT_NOT_TCP;
	return tct_parse_ipv4(parsed, skb, REPLAY_NETID);
}

static enum tct_verdict replay_parse_ipv6(struct replay *replay,
					  struct tct_parsed *parsed,
					  struct sk_buff *skb)
{
	unsigned int len = sizeof(replay->packet);
	enum tct_verdict verdict;

	if (!replay_has_header(skb, 6, sizeof(struct ipv6hdr), &verdict))
		return verdict;
	/* a chain of headers may be as long as the packet */
	if (skb->data[offsetof(struct ipv6hdr, nexthdr)] == IPPROTO_TCP)
		len = REPLAY_HEADERS;
	replay_align(replay, skb, len);
	return tct_parse_ipv6(parsed, skb, REPLAY_NETID);
}

static enum tct_verdict replay_parse(struct replay *replay,
				     struct tct_parsed *parsed,
				     struct sk_buff *skb)
{
	switch (frame_find_ip(skb, replay->cap.link)) {
	case FRAME_IPV4:
		return replay_parse_ipv4(replay, parsed, skb);
	case FRAME_IPV6:
		return replay_parse_ipv6(replay, parsed, skb);
	case FRAME_SHORT:
		return TCT_SHORT;
	default:
		return TCT_NOT_TCP;
	}
}

static void replay_packet(struct replay *replay, struct sk_buff *skb)
{
	struct replay_item *item = replay_item(replay, 0);
	enum tct_verdict verdict;

	verdict = replay_parse(replay, &item->parsed, skb);
	if (verdict != TCT_PARSED) {
		replay->count[verdict]++;
		return;
	}
	item->when = replay->when;
	item->hash = flows_hash(&replay->flows, &item->parsed.key);
	replay->head++;
	replay->waiting++;
	/* each waits for what the step before it brings */
	if (replay->waiting >= REPLAY_QUEUE / 3)
		flows_fetch(&replay->flows,
			    replay_item(replay, REPLAY_QUEUE / 3)->hash);
	if (replay->waiting >= 2 * REPLAY_QUEUE / 3)
		flows_fetch_detail(&replay->flows,
				   replay_item(replay,
					       2 * REPLAY_QUEUE / 3)->hash);
	if (replay->waiting == REPLAY_QUEUE)
		replay_track(replay);
}

/* Return: as capture_next(), but 0 if the output failed. */
static int replay_packets(struct replay *replay)
{
	struct sk_buff skb = { 0 };
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
	struct json *json = &replay->print.json;
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
	if (json->file) {
		json_open(json, '{');
		json_key(json, "statistics");
		line_to_json(json, m.buf, m.count);
		json_close(json, '}');
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
		ctl_complain("%s: %s", replay->cap.name, replay->cap.error);
		status = CTL_DATA;
	}
	if (replay->print.error) {
		/* who reads no further has what he wants */
		if (replay->print.error != EPIPE)
			ctl_complain("standard output: %s",
				     strerror(replay->print.error));
		status = CTL_DATA;
	}
	if (replay->count[REPLAY_NOMEM]) {
		ctl_complain("no memory for %llu flows",
			     replay->count[REPLAY_NOMEM]);
		status = CTL_DATA;
	}
	return status;
}

static int replay_file(struct replay *replay, const char *name)
{
	int status = CTL_DATA;

	if (!capture_open(&replay->cap, name)) {
		ctl_complain("%s: %s", replay->cap.name, replay->cap.error);
	} else if (!flows_init(&replay->flows, replay_ended, replay)) {
		ctl_complain("no memory");
	} else {
		progress_init(&replay->progress, replay->cap.size);
		replay->print.progress = &replay->progress;
		replay->print.eager = !replay->cap.size;
		status = replay_finish(replay, replay_packets(replay) < 0);
	}
	capture_close(&replay->cap);
	if (replay->flows.slot)
		flows_exit(&replay->flows);
	print_exit(&replay->print);
	return status;
}

static int replay_run(const struct ctl_options *options, int argc, char **argv)
{
	struct replay *replay;
	int status;

	if (argc != 1)
		return ctl_misused("see 'tcptrackctl replay help': one FILE");
	replay = calloc(1, sizeof(*replay));
	if (!replay) {
		ctl_complain("no memory");
		return CTL_DATA;
	}
	replay->options = options;
	if (options->json) {
		replay->print.json.file = stdout;
		replay->print.json.pretty = options->pretty;
	}
	status = replay_file(replay, argv[0]);
	free(replay);
	return status;
}

const struct ctl_object replay_object = {
	.word = "replay",
	.run = replay_run,
	.help =
	"Usage: tcptrackctl [ -json ] [ -statistics ] replay [ -live ] FILE\n"
	"\n"
	"Prints the flows of a capture (pcap or pcapng; '-' is standard input)\n"
	"as the module would have seen them: each when it ends, and the rest\n"
	"when the capture does, in the order of their first packets.\n"
	"\n"
	"  -live         only flows that live when the capture ends, by key\n"
	"  -statistics   what was read, and what was not tracked and why\n"
};
