// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl top
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "listing.h"
#include "top_view.h"
#include "units.h"

#define TOP_INTERVAL	2000		/* ms, unless it is said */
#define TOP_SLICE	20000000ULL	/* ns for flows between keys */
#define TOP_NS		1000000ULL	/* of a ms */
#define TOP_LATER	500		/* ms between looks at what runs */

/**
 * struct top - what is to be shown
 * @scan: -
 * @view: -
 * @batch: in a pipe, not on a screen
 * @signals: -
 * @told: to stop
 * @count: so many times; 0: until it is told to stop
 * @limit: so many flows, of a batch
 * @expression: which flows
 */
struct top {
	struct top_scan scan;
	struct top_view view;
	bool batch;
	int signals;
	bool told;
	uint64_t count;
	uint64_t limit;
	char expression[TOP_FILTER];
};

static void top_print(struct top *top)
{
	const struct top_best *best = top_scan_rows(&top->scan);
	struct top_layout layout;
	char line[TOP_LINE];
	size_t i;

	top_layout(&layout, TOP_PIPE, top->view.order.sort,
		   top->scan.options->all);
	top_print_table(line, &top->scan);
	puts(line);
	top_print_pairs(line, &top->scan, layout.width);
	puts(line);
	top_print_pass(line, &top->scan, &top->view.order);
	puts(line);
	putchar('\n');
	top_print_head(line, &layout);
	puts(line);
	for (i = 0; i < best->n && i < top->limit; i++) {
		top_print_row(line, &best->row[i], &layout);
		puts(line);
	}
}

static bool top_told_to_stop(struct top *top)
{
	top->told = top->told || interrupt_came(top->signals);
	return top->told;
}

/* One pass, whatever it takes.  Return: exit status. */
static int top_pass(struct top *top)
{
	struct top_scan *scan = &top->scan;

	top_scan_begin(scan, &top->view.typed.filter, &top->view.order, true);
	while (scan->running && !top_told_to_stop(top))
		top_scan_step(scan);
	if (!scan->error[0])
		return CTL_OK;
	ctl_complain("%s", scan->error);
	return CTL_DATA;
}

/* Until then, or until it is told to stop */
static void top_sleep(struct top *top, uint64_t until)
{
	struct pollfd fd = { top->signals, POLLIN };
	uint64_t now = top_clock();

	if (now < until)
		poll(&fd, 1, (until - now + TOP_NS - 1) / TOP_NS);
}

static int top_batch(struct top *top)
{
	int status = top_pass(top);
	uint64_t n = 1;

	while (status == CTL_OK && !top_told_to_stop(top)) {
		top_print(top);
		status = ctl_flush();
		if (status != CTL_OK || n++ == top->count)
			break;
		top_sleep(top, top->scan.began + top->view.interval);
		if (top_told_to_stop(top))
			break;
		putchar('\n');
		status = top_pass(top);
	}
	return status;
}

/* Slices, as long as nobody need notice */
static void top_read(struct top_scan *scan)
{
	uint64_t end = top_clock() + TOP_SLICE;

	do {
		top_scan_step(scan);
	} while (scan->running && top_clock() < end);
}

/* Return: until when nothing happens by itself, ms; -1: for ever. */
static int top_patience(const struct top_view *view)
{
	uint64_t next = view->scan->began + view->interval, now = top_clock();

	if (view->scan->running)
		return TOP_LATER;
	if (view->paused)
		return -1;
	return next > now ? (next - now + TOP_NS - 1) / TOP_NS : 0;
}

static void top_turn(struct top *top)
{
	struct top_view *view = &top->view;
	struct top_scan *scan = &top->scan;
	struct pollfd fds[] = {
		{ STDIN_FILENO, POLLIN },
		{ top_scan_fd(scan), POLLIN },
		{ top->signals, POLLIN },
	};
	int ready = poll(fds, CTL_COUNT(fds), top_patience(view));

	/* the terminal is gone */
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		view->quit = true;
	if (ready > 0 && fds[1].revents)
		top_read(scan);
	/* a size that has changed interrupts, and is a key */
	top_view_keys(view);
	if (view->anew || (!scan->running && !top_patience(view))) {
		view->anew = false;
		top_scan_begin(scan, &view->typed.filter, &view->order,
			       top_view_is_full(view));
	}
}

static int top_screen(struct top *top)
{
	struct top_view *view = &top->view;
	uint64_t passes = 0;
	bool ran = false;

	if (!top_view_begin(view, top->scan.options->color))
		return CTL_DATA;
	while (!view->quit && !top_told_to_stop(top) &&
	       (!top->count || passes < top->count)) {
		top_view_draw(view);
		top_turn(top);
		passes += ran && !top->scan.running;
		ran = top->scan.running;
	}
	top_view_end();
	return CTL_OK;
}

static bool top_take_sort(struct top *top, const char *word)
{
	unsigned int i;

	for (i = 0; i < TOP_SORTS; i++) {
		if (!ctl_begins(top_sort_words[i], word))
			continue;
		top->view.order.sort = i;
		return true;
	}
	return false;
}

static bool top_take_interval(struct top *top, const char *word)
{
	uint64_t ms;

	if (!units_parse_ms(word, &ms) || !ms || ms > UINT32_MAX)
		return false;
	top->view.interval = ms * TOP_NS;
	return true;
}

static bool top_take_count(struct top *top, const char *word)
{
	return units_parse_number(word, &top->count) && top->count;
}

static bool top_take_limit(struct top *top, const char *word)
{
	return units_parse_number(word, &top->limit) && top->limit;
}

/* Words with a value */
static const struct {
	const char *word;
	bool (*take)(struct top *top, const char *value);
	const char *what;
} top_words[] = {
	{ "sort", top_take_sort, "'state', 'age', 'rate', 'rtt' or 'retrans'" },
	{ "interval", top_take_interval, "a time, such as '500ms'" },
	{ "count", top_take_count, "a number, 1 or more" },
	{ "limit", top_take_limit, "a number, 1 or more" },
};

/* Return: words that were taken; 0: it is none of these; -1: they are wrong. */
static int top_take(struct top *top, int argc, char **argv)
{
	unsigned int i;

	if (!strcmp(argv[0], "batch")) {
		top->batch = true;
		return 1;
	}
	if (!strcmp(argv[0], "reverse")) {
		top->view.order.reverse = true;
		return 1;
	}
	for (i = 0; i < CTL_COUNT(top_words); i++) {
		if (strcmp(argv[0], top_words[i].word))
			continue;
		if (argc > 1 && top_words[i].take(top, argv[1]))
			return 2;
		ctl_misused("top: '%s' needs %s", argv[0], top_words[i].what);
		return -1;
	}
	return 0;
}

/* What is left is the filter, whose words a screen has in one line */
static bool top_take_filter(struct top *top, int argc, char **argv)
{
	struct filter filter;
	size_t len = 0;
	int i;

	if (!filter_read(&filter, top->scan.options, argc, argv))
		return false;
	filter_free(&filter);
	for (i = 0; i < argc; i++) {
		len += snprintf(top->expression + len,
				sizeof(top->expression) - len, "%s%s",
				i ? " " : "", argv[i]);
		if (len >= sizeof(top->expression)) {
			ctl_misused("top: the filter is longer than %zu octets",
				    sizeof(top->expression) - 1);
			return false;
		}
	}
	return top_view_type(&top->view, top->expression);
}

static int top_show(struct top *top)
{
	int status;

	top->signals = interrupt_open();
	if (top->signals < 0)
		return CTL_DATA;
	status = top->batch ? top_batch(top) : top_screen(top);
	top_scan_close(&top->scan);
	interrupt_close(top->signals);
	return status;
}

static int top_run(const struct ctl_options *options, int argc, char **argv)
{
	struct top *top = calloc(1, sizeof(*top));
	int words = 1, status = CTL_USAGE;

	if (!top) {
		ctl_complain("top: %s", strerror(ENOMEM));
		return CTL_DATA;
	}
	top->scan.options = options;
	top->limit = TOP_BEST;
	top->view.scan = &top->scan;
	top->view.family = options->family;
	top->view.order.sort = TOP_RATE;
	top->view.interval = TOP_INTERVAL * TOP_NS;
	top->batch = !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO);
	while (argc && words > 0) {
		words = top_take(top, argc, argv);
		if (words > 0) {
			argc -= words;
			argv += words;
		}
	}
	if (words >= 0 && options->json)
		ctl_misused("top has no JSON: see 'tcptrackctl flow list'");
	else if (words >= 0 && top_take_filter(top, argc, argv))
		status = top_show(top);
	filter_free(&top->view.typed.filter);
	free(top);
	return status;
}

const struct ctl_object top_object = {
	"top", top_run,
	"Usage: tcptrackctl [ -all ] top [ batch ] [ sort KEY ] [ reverse ]\n"
	"                   [ interval TIME ] [ count NUMBER ] [ limit NUMBER ]\n"
	"                   [ FILTER ]\n"
	"KEY := { state | age | rate | rtt | retrans }\n"
	"\n"
	"Shows flows on the whole screen, again and again; '?' shows the keys. With\n"
	"'batch', or in a pipe, prints them. FILTER is as of 'tcptrackctl flow'.\n",
	true,
};
