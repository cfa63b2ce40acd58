// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "moment.h"
#include "names.h"
#include "netns.h"
#include "top_text.h"
#include "units.h"

#define TOP_STATE_WIDTH	12
#define TOP_AGE_WIDTH	5
#define TOP_VALUE_WIDTH	6
#define TOP_NETNS_WIDTH	10
#define TOP_FLAGS_WIDTH	16
#define TOP_ADDR_LEAST	12
#define TOP_ADDR_MOST	47	/* of IPv6 with a port */
#define TOP_PAIR	64	/* octets of a pair of states and a number */

/* Columns that only a wide line has, beside that which it is sorted by */
static const struct {
	enum top_sort sort;
	const char *head;
} top_values[] = {
	{ TOP_RATE,	"RATE" },
	{ TOP_RTT,	"RTT" },
	{ TOP_RETRANS,	"RETRAN" },
};

#define TOP_VALUES	CTL_COUNT(top_values)

/* A line that is being put together */
struct top_line {
	char *text;
	size_t len;
};

static void top_put(struct top_line *line, const char *format, ...)
{
	size_t room = TOP_LINE - line->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line->text + line->len, room, format, args);
	va_end(args);
	if (len > 0)
		line->len += (size_t)len < room ? (size_t)len : room - 1;
}

static bool top_shows(const struct top_layout *layout, enum top_sort sort)
{
	/* where there is room for one, rates are what changes */
	return layout->wide || sort == layout->sort ||
	       (sort == TOP_RATE && layout->sort != TOP_RTT &&
		layout->sort != TOP_RETRANS);
}

void top_layout(struct top_layout *layout, unsigned int width,
		enum top_sort sort, bool all)
{
	unsigned int rest = width < TOP_LINE ? width : TOP_LINE - 1;
	unsigned int narrow, wide;

	narrow = 2 * (TOP_STATE_WIDTH + 2) + TOP_AGE_WIDTH +
		 TOP_VALUE_WIDTH + 1;
	if (all)
		narrow += TOP_NETNS_WIDTH + 1;
	wide = narrow + (TOP_VALUES - 1) * (TOP_VALUE_WIDTH + 1) +
	       TOP_FLAGS_WIDTH + 1;
	layout->width = rest;
	layout->sort = sort;
	layout->all = all;
	layout->wide = rest >= wide + 2 * 21 + 1;
	rest -= layout->wide ? wide : narrow < rest ? narrow : rest;
	layout->addr = rest / 2;
	if (layout->addr < TOP_ADDR_LEAST)
		layout->addr = TOP_ADDR_LEAST;
	if (layout->addr > TOP_ADDR_MOST)
		layout->addr = TOP_ADDR_MOST;
}

bool top_layout_is_full(const struct top_layout *layout)
{
	return top_shows(layout, TOP_RTT) || top_shows(layout, TOP_RETRANS);
}

/* As much of both ends of a text as fits: of an address the port stays */
static void top_put_cut(struct top_line *line, const char *text,
			unsigned int width)
{
	size_t len = strlen(text);
	unsigned int tail = width / 2;

	if (len <= width)
		top_put(line, "%-*s", width, text);
	else
		top_put(line, "%.*s~%s", width - tail - 1, text,
			text + len - tail);
}

static void top_put_end(struct top_line *line, const struct top_row *row,
			enum record_side side, const struct top_layout *layout)
{
	char text[ADDRESS_ROOM];

	address_print_endpoint(text, row->key.family, row->key.addr[side],
			       row->key.port[side], false);
	top_put_cut(line, text, layout->addr);
	top_put(line, " %-*s ", TOP_STATE_WIDTH,
		names_word(&names_states, row->state[side]));
}

/* To three digits: a value has few columns */
static void top_put_number(struct top_line *line, uint64_t number)
{
	static const char units[] = "KMGTPE";
	unsigned int unit = 0;
	double rest = number;

	if (number < 10000) {
		top_put(line, " %*" PRIu64, TOP_VALUE_WIDTH, number);
		return;
	}
	for (rest /= 1000; rest >= 999.5; rest /= 1000)
		unit++;
	top_put(line, " %*.*f%c", TOP_VALUE_WIDTH - 1, rest < 99.95, rest,
		units[unit]);
}

static void top_put_us(struct top_line *line, uint64_t us)
{
	char text[UNITS_ROOM];

	if (!us)
		snprintf(text, sizeof(text), "-");
	else if (us < 1000)
		snprintf(text, sizeof(text), "%" PRIu64 "us", us);
	else if (us < 999500)
		snprintf(text, sizeof(text), "%.*fms", us < 99950, us / 1000.0);
	else
		units_print_us(text, us);
	top_put(line, " %*s", TOP_VALUE_WIDTH, text);
}

static void top_put_value(struct top_line *line, const struct top_row *row,
			  enum top_sort sort)
{
	if (sort == TOP_RATE)
		top_put_number(line, row->rate);
	else if (sort == TOP_RETRANS)
		top_put_number(line, row->retrans);
	else
		top_put_us(line, row->rtt);
}

static void top_put_flags(struct top_line *line, uint32_t flags)
{
	const char *between = " ";
	unsigned int i;

	for (i = 0; i < names_flags.n; i++) {
		if (!(flags >> i & 1))
			continue;
		top_put(line, "%s%s", between, names_word(&names_flags, i));
		between = ",";
	}
}

/* No blanks at the end, and nothing beyond the width */
static void top_finish(struct top_line *line, unsigned int width)
{
	if (line->len > width)
		line->len = width;
	while (line->len && line->text[line->len - 1] == ' ')
		line->len--;
	line->text[line->len] = '\0';
}

void top_print_row(char *text, const struct top_row *row,
		   const struct top_layout *layout)
{
	struct top_line line = { .text = text };
	char label[NETNS_ROOM];
	unsigned int i;

	if (layout->all) {
		top_put_cut(&line, netns_label(label, row->key.netns),
			    TOP_NETNS_WIDTH);
		top_put(&line, " ");
	}
	top_put_end(&line, row, RECORD_SRC, layout);
	top_put_end(&line, row, RECORD_DST, layout);
	top_put(&line, "%*s", TOP_AGE_WIDTH, units_print_ms(label, row->age));
	for (i = 0; i < TOP_VALUES; i++)
		if (top_shows(layout, top_values[i].sort))
			top_put_value(&line, row, top_values[i].sort);
	if (layout->wide)
		top_put_flags(&line, row->flags);
	top_finish(&line, layout->width);
}

void top_print_head(char *text, const struct top_layout *layout)
{
	static const char *const ends[RECORD_SIDES] = { "SRC", "DST" };
	struct top_line line = { .text = text };
	unsigned int i;

	if (layout->all)
		top_put(&line, "%-*s ", TOP_NETNS_WIDTH, "NETNS");
	for (i = 0; i < RECORD_SIDES; i++)
		top_put(&line, "%-*s %-*s ", layout->addr, ends[i],
			TOP_STATE_WIDTH, "STATE");
	top_put(&line, "%*s", TOP_AGE_WIDTH, "AGE");
	for (i = 0; i < TOP_VALUES; i++)
		if (top_shows(layout, top_values[i].sort))
			top_put(&line, " %*s", TOP_VALUE_WIDTH,
				top_values[i].head);
	if (layout->wide)
		top_put(&line, " FLAGS");
	top_finish(&line, layout->width);
}

void top_print_table(char *text, const struct top_scan *scan)
{
	const struct top_sums *sums = &scan->sums;
	struct top_line line = { .text = text };
	char now[MOMENT_ROOM];

	/* to the second */
	moment_print(now, moment_now(), MOMENT_CLOCK);
	top_put(&line, "%.8s flows %" PRIu64 " of %" PRIu64, now, sums->flows,
		sums->max);
	if (sums->max)
		top_put(&line, " (%.1f%%)", 100.0 * sums->flows / sums->max);
	top_put(&line, " half-open %" PRIu64 " time-wait %" PRIu64,
		sums->half_open, sums->time_wait);
	if (sums->full || sums->nomem)
		top_put(&line, " untracked %" PRIu64, sums->full + sums->nomem);
}

/* The pair that has the most flows, of those that have less than @below, or as
 * many and come after @at.  Return: its index; -1: there is none.
 */
static int top_next_pair(const struct top_sums *sums, uint64_t below, int at)
{
	const uint64_t *flows = sums->pair[0];
	int n = sizeof(sums->pair) / sizeof(*flows), best = -1, i;

	for (i = 0; i < n; i++)
		if (flows[i] &&
		    (flows[i] < below || (flows[i] == below && i > at)) &&
		    (best < 0 || flows[i] > flows[best]))
			best = i;
	return best;
}

void top_print_pairs(char *text, const struct top_scan *scan,
		     unsigned int width)
{
	int n = TCPTRACK_STATE_MAX + 1, at;
	struct top_line line = { .text = text };
	char pair[TOP_PAIR];
	uint64_t flows;

	*text = '\0';
	at = top_next_pair(&scan->sums, UINT64_MAX, -1);
	while (at >= 0) {
		flows = scan->sums.pair[at / n][at % n];
		snprintf(pair, sizeof(pair), "%s%s/%s %" PRIu64,
			 line.len ? "  " : "",
			 names_word(&names_states, at / n),
			 names_word(&names_states, at % n), flows);
		if (line.len + strlen(pair) > width)
			return;
		top_put(&line, "%s", pair);
		at = top_next_pair(&scan->sums, flows, at);
	}
}

void top_print_pass(char *text, const struct top_scan *scan,
		    const struct top_order *order)
{
	struct top_line line = { .text = text };
	char took[UNITS_ROOM];

	top_put(&line, "by %s%s", top_sort_words[order->sort],
		order->reverse ? ", the least first" : "");
	if (scan->ended)
		top_put(&line, ": %" PRIu64 " match, read in %s", scan->found,
			units_print_us(took, scan->took / 1000));
	if (scan->running && top_clock() - scan->began > 500000000)
		top_put(&line, "; reading, %" PRIu64, scan->counted);
}
