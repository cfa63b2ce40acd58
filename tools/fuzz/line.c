// SPDX-License-Identifier: GPL-2.0
/*
 * A flow as a line: all fields, in order, each with what it may be.
 */
#include <string.h>

#include <linux/kernel.h>
#include <linux/seq_file.h>

#include "fill.h"
#include "play.h"

#define LINE_COUNTER	"0123456789"
#define LINE_TIME	LINE_COUNTER "."
#define LINE_NAME	"abcdefghijklmnopqrstuvwxyz0123456789_"
#define LINE_NAMES	LINE_NAME ","
#define LINE_STATE	"ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123"

/* Fields in their order, and of which characters their values are */
static const struct {
	const char *name;
	const char *chars;
} line_fields[] = {
	{ "family", LINE_NAME }, { "src", LINE_TIME ":abcdef" },
	{ "sport", LINE_COUNTER }, { "dst", LINE_TIME ":abcdef" },
	{ "dport", LINE_COUNTER }, { "src_state", LINE_STATE },
	{ "src_since", LINE_TIME }, { "dst_state", LINE_STATE },
	{ "dst_since", LINE_TIME }, { "age", LINE_TIME },
	{ "idle", LINE_TIME }, { "timeout", LINE_TIME },
	{ "class", LINE_NAME }, { "reason", LINE_NAME },
	{ "flags", LINE_NAMES }, { "end", LINE_NAME },
	{ "conn_state", LINE_STATE }, { "zeek", "SHADFRGTWshadfrgtw" },
	{ "src_packets", LINE_COUNTER }, { "src_bytes", LINE_COUNTER },
	{ "src_acked", LINE_COUNTER }, { "src_retrans", LINE_COUNTER },
	{ "src_ooo", LINE_COUNTER }, { "src_dupack", LINE_COUNTER },
	{ "src_keepalive", LINE_COUNTER }, { "src_probe", LINE_COUNTER },
	{ "src_zerowin", LINE_COUNTER }, { "src_zerowin_time", LINE_TIME },
	{ "src_outwin", LINE_COUNTER }, { "src_paws", LINE_COUNTER },
	{ "src_challenge", LINE_COUNTER }, { "src_ce", LINE_COUNTER },
	{ "src_rtt", LINE_TIME }, { "src_rtt_min", LINE_TIME },
	{ "src_rtt_last", LINE_TIME }, { "src_mss", LINE_COUNTER },
	{ "src_wscale", LINE_COUNTER }, { "src_seen", LINE_NAMES },
	{ "dst_packets", LINE_COUNTER }, { "dst_bytes", LINE_COUNTER },
	{ "dst_acked", LINE_COUNTER }, { "dst_retrans", LINE_COUNTER },
	{ "dst_ooo", LINE_COUNTER }, { "dst_dupack", LINE_COUNTER },
	{ "dst_keepalive", LINE_COUNTER }, { "dst_probe", LINE_COUNTER },
	{ "dst_zerowin", LINE_COUNTER }, { "dst_zerowin_time", LINE_TIME },
	{ "dst_outwin", LINE_COUNTER }, { "dst_paws", LINE_COUNTER },
	{ "dst_challenge", LINE_COUNTER }, { "dst_ce", LINE_COUNTER },
	{ "dst_rtt", LINE_TIME }, { "dst_rtt_min", LINE_TIME },
	{ "dst_rtt_last", LINE_TIME }, { "dst_mss", LINE_COUNTER },
	{ "dst_wscale", LINE_COUNTER }, { "dst_seen", LINE_NAMES },
	{ "rtt", LINE_TIME }, { "rtt_server", LINE_TIME },
	{ "rtt_client", LINE_TIME },
	{ "history", LINE_NAMES LINE_STATE ":/@." },
	{ "src_sock", "-" }, { "dst_sock", "-" }, { "differs", "-" },
	{ "src_syns", "-" }, { "src_syn_next", "-" }, { "src_syn_left", "-" },
	{ "dst_syns", "-" }, { "dst_syn_next", "-" }, { "dst_syn_left", "-" },
};

/* One field. Return: what follows it. */
static const char *line_field(const char *at, unsigned int field, char after)
{
	const char *name = line_fields[field].name;
	size_t len = strlen(name);

	if (strncmp(at, name, len) || at[len] != '=')
		fuzz_fail("no field %s at: %.80s", name, at);
	at += len + 1;
	len = *at == '-' ? 1 : strspn(at, line_fields[field].chars);
	if (!len || at[len] != after)
		fuzz_fail("%s is not well-formed: %.80s", name, at);
	return at + len + 1;
}

/* A letter stands once */
static void line_letters(const char *line)
{
	const char *at = strstr(line, " zeek=") + 6;

	for (; *at != ' '; at++)
		fuzz_assert(!memchr(at + 1, *at, strcspn(at + 1, " ")));
}

static void line_ages(const struct tct_snapshot *snap, u64 now)
{
	unsigned int who;
	u64 age = (now - snap->created) & TCT_WHEN_MASK;

	/* or a TIME_WAIT is older than the connection that it refuses */
	if (snap->fsm.flags & TCT_F_REUSED)
		return;
	for (who = 0; who < 2; who++)
		fuzz_assert(((now - tct_since(&snap->fsm.end[who])) &
			     TCT_WHEN_MASK) <= age);
}

void check_line(struct play *play)
{
	static struct seq_file m;
	struct tct_snapshot snap;
	unsigned int i;
	const char *at;

	m.count = 0;
	memset(&snap, 0xa5, sizeof(snap));
	tct_flow_snapshot(&play->flow, &snap);
	tct_fill_line(&m, &snap, NULL, play->now);
	seq_putc(&m, '\0');
	fuzz_assert(!m.failed && strlen(m.buf) == m.count - 1);
	at = m.buf;
	for (i = 0; i < ARRAY_SIZE(line_fields); i++)
		at = line_field(at, i, i + 1 < ARRAY_SIZE(line_fields) ?
				       ' ' : '\n');
	fuzz_assert(!*at);
	line_letters(m.buf);
	line_ages(&snap, play->now);
	if (play->trace)
		fprintf(stderr, "%s", m.buf);
}
