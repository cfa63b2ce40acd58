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

#define LINE_END(end) \
	{ end "_packets", LINE_COUNTER }, { end "_bytes", LINE_COUNTER }, \
	{ end "_acked", LINE_COUNTER }, { end "_retrans", LINE_COUNTER }, \
	{ end "_ooo", LINE_COUNTER }, { end "_dupack", LINE_COUNTER }, \
	{ end "_keepalive", LINE_COUNTER }, { end "_probe", LINE_COUNTER }, \
	{ end "_zerowin", LINE_COUNTER }, { end "_zerowin_time", LINE_TIME }, \
	{ end "_outwin", LINE_COUNTER }, { end "_paws", LINE_COUNTER }, \
	{ end "_challenge", LINE_COUNTER }, { end "_ce", LINE_COUNTER }, \
	{ end "_rtt", LINE_TIME }, { end "_rtt_min", LINE_TIME }, \
	{ end "_rtt_last", LINE_TIME }, { end "_mss", LINE_COUNTER }, \
	{ end "_wscale", LINE_COUNTER }, { end "_seen", LINE_NAMES }

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
	LINE_END("src"), LINE_END("dst"),
	{ "rtt", LINE_TIME }, { "rtt_server", LINE_TIME },
	{ "rtt_client", LINE_TIME },
	{ "history", LINE_NAMES LINE_STATE ":/@." },
	{ "src_sock", "-" }, { "dst_sock", "-" }, { "differs", "-" },
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
