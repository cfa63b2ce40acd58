// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow_print.h"
#include "moment.h"
#include "top_view.h"

/* Its macros are words that others use */
#include <term.h>

#define TOP_HEADER	5	/* lines above the rows */
#define TOP_HEAD	4	/* of these, the one with the headings */
#define TOP_ESCAPE	27
#define TOP_CONTROL(c)	((c) & 0x1f)

static const char *const top_help[] = {
	"s a b t x   sort by state, age, rate (octets a second), RTT, retransmissions",
	"< >         sort by the column before, the next",
	"r           the other way round",
	"/           filter: an expression as in 'tcptrackctl flow list'",
	"            Enter keeps it, Esc takes the one before, Ctrl-U empties it",
	"arrows, PgUp, PgDn, Home, End   scroll",
	"space, p    pause, and go on",
	"+ -         longer and shorter intervals",
	"q           quit",
	"",
	"Any key goes back.",
};

/* What initscr() does not survive */
static bool top_knows_terminal(void)
{
	const char *name = getenv("TERM");
	bool good = false;
	int error;

	if (setupterm(NULL, STDOUT_FILENO, &error) == OK) {
		good = cursor_address && clear_screen;
		del_curterm(cur_term);
	}
	if (good)
		return true;
	ctl_complain("the terminal '%s' cannot be drawn on: use 'top batch'",
		     name ? name : "");
	return false;
}

bool top_view_begin(struct top_view *view, bool color)
{
	if (!top_knows_terminal())
		return false;
	/* keys that begin with Esc come at once: Esc need not wait long */
	set_escdelay(50);
	initscr();
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	if (color && has_colors() && start_color() != ERR &&
	    use_default_colors() != ERR) {
		init_pair(TABLE_GOOD, COLOR_GREEN, -1);
		init_pair(TABLE_FAIR, COLOR_YELLOW, -1);
		init_pair(TABLE_BAD, COLOR_RED, -1);
	}
	view->anew = true;
	return true;
}

void top_view_end(void)
{
	endwin();
}

static size_t top_page(void)
{
	int rows = LINES - TOP_HEADER;

	return rows > 1 ? rows : 1;
}

static void top_view_layout(const struct top_view *view,
			    struct top_layout *layout)
{
	top_layout(layout, COLS, view->order.sort, view->scan->options->all);
}

bool top_view_is_full(const struct top_view *view)
{
	struct top_layout layout;

	top_view_layout(view, &layout);
	return top_layout_is_full(&layout);
}

static void top_draw_line(int y, const char *text)
{
	mvaddnstr(y, 0, text, COLS);
}

/* What is typed, or else what is wrong, or else the filter */
static void top_draw_prompt(const struct top_view *view)
{
	const struct top_typed *typed = &view->typed;
	size_t room = COLS > 8 ? COLS - 8 : 0, len = strlen(typed->text);

	if (!view->typing && view->scan->error[0]) {
		attron(A_BOLD);
		top_draw_line(3, view->scan->error);
		attroff(A_BOLD);
		return;
	}
	if (view->typing || typed->text[0]) {
		top_draw_line(3, "filter: ");
		addstr(typed->text + (len > room ? len - room : 0));
	}
	if (view->typing)
		addch('_' | A_REVERSE);
	if (typed->error[0]) {
		attron(COLOR_PAIR(TABLE_BAD) | A_BOLD);
		mvprintw(2, 0, "%.*s", COLS, typed->error);
		clrtoeol();
		attroff(COLOR_PAIR(TABLE_BAD) | A_BOLD);
	}
}

static void top_scroll(struct top_view *view, long rows)
{
	size_t n = top_scan_rows(view->scan)->n, page = top_page();
	long last = n > page ? n - page : 0, first = view->first + rows;

	view->first = first < 0 ? 0 : first > last ? last : first;
}

static void top_draw_rows(struct top_view *view)
{
	const struct top_best *best = top_scan_rows(view->scan);
	struct top_layout layout;
	char line[TOP_LINE];
	size_t i;

	top_view_layout(view, &layout);
	top_print_head(line, &layout);
	attron(A_REVERSE);
	mvprintw(TOP_HEAD, 0, "%-*.*s", COLS, COLS, line);
	attroff(A_REVERSE);
	top_scroll(view, 0);
	for (i = 0; i < top_page() && view->first + i < best->n; i++) {
		const struct top_row *row = &best->row[view->first + i];
		int color = COLOR_PAIR(flow_state_color(row->state[RECORD_SRC]));

		top_print_row(line, row, &layout);
		attron(color);
		top_draw_line(TOP_HEADER + i, line);
		attroff(color);
	}
}

static void top_draw_help(void)
{
	size_t i;

	top_draw_line(0, "tcptrackctl top");
	for (i = 0; i < CTL_COUNT(top_help); i++)
		top_draw_line(i + 2, top_help[i]);
}

void top_view_draw(struct top_view *view)
{
	char line[TOP_LINE];

	erase();
	if (view->help) {
		top_draw_help();
		refresh();
		return;
	}
	top_print_table(line, view->scan);
	top_draw_line(0, line);
	top_print_pairs(line, view->scan, COLS);
	top_draw_line(1, line);
	top_print_pass(line, view->scan, &view->order);
	top_draw_line(2, line);
	if (view->paused)
		addstr("; paused");
	top_draw_rows(view);
	top_draw_prompt(view);
	refresh();
}

bool top_view_type(struct top_view *view, const char *text)
{
	struct top_typed *typed = &view->typed;
	char copy[TOP_FILTER], *words[] = { copy };
	struct filter filter;

	snprintf(copy, sizeof(copy), "%s", text);
	memmove(typed->text, copy, sizeof(copy));
	if (!filter_parse(&filter, view->family, 1, words)) {
		snprintf(typed->error, sizeof(typed->error), "%s",
			 filter.error);
		filter_free(&filter);
		return false;
	}
	typed->error[0] = '\0';
	filter_free(&typed->filter);
	typed->filter = filter;
	view->anew = true;
	return true;
}

static void top_key_typing(struct top_view *view, int key)
{
	char text[TOP_FILTER];
	size_t len;

	snprintf(text, sizeof(text), "%s", view->typed.text);
	len = strlen(text);
	if (key == '\r' || key == '\n' || key == KEY_ENTER) {
		/* what means nothing is not kept */
		view->typing = view->typed.error[0];
		return;
	}
	if (key == TOP_ESCAPE) {
		view->typing = false;
		snprintf(text, sizeof(text), "%s", view->kept);
	} else if (key == TOP_CONTROL('u')) {
		text[0] = '\0';
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		text[len ? len - 1 : 0] = '\0';
	} else if (key < 256 && isprint(key) && len + 1 < sizeof(text)) {
		text[len] = key;
		text[len + 1] = '\0';
	} else {
		return;
	}
	top_view_type(view, text);
}

static void top_sort_by(struct top_view *view, enum top_sort sort)
{
	view->order.sort = sort;
	view->first = 0;
	view->anew = true;
	top_best_sort(top_scan_rows(view->scan), &view->order);
}

/* Return: whether it is one that scrolls. */
static bool top_key_scroll(struct top_view *view, int key)
{
	long page = top_page();

	switch (key) {
	case KEY_UP:
		top_scroll(view, -1);
		return true;
	case KEY_DOWN:
		top_scroll(view, 1);
		return true;
	case KEY_PPAGE:
		top_scroll(view, -page);
		return true;
	case KEY_NPAGE:
		top_scroll(view, page);
		return true;
	case KEY_HOME:
		view->first = 0;
		return true;
	case KEY_END:
		top_scroll(view, TOP_BEST);
		return true;
	default:
		return false;
	}
}

static void top_set_interval(struct top_view *view, bool longer)
{
	uint64_t least = MOMENT_SECOND / 8, most = 64 * MOMENT_SECOND;

	if (longer && view->interval < most)
		view->interval *= 2;
	else if (!longer && view->interval > least)
		view->interval /= 2;
}

static void top_key(struct top_view *view, int key)
{
	static const char sorts[TOP_SORTS + 1] = "sabtx";
	const char *sort = key < 256 && key ? strchr(sorts, key) : NULL;
	unsigned int now = view->order.sort;

	if (sort) {
		top_sort_by(view, sort - sorts);
	} else if (key == '>' || key == '<') {
		now += key == '>' ? 1 : TOP_SORTS - 1;
		top_sort_by(view, now % TOP_SORTS);
	} else if (key == 'r') {
		view->order.reverse = !view->order.reverse;
		top_sort_by(view, now);
	} else if (key == '/') {
		view->typing = true;
		memcpy(view->kept, view->typed.text, sizeof(view->kept));
	} else if (key == ' ' || key == 'p') {
		view->paused = !view->paused;
	} else if (key == '?' || key == 'h') {
		view->help = true;
	} else if (key == '+' || key == '-') {
		top_set_interval(view, key == '+');
	} else if (key == 'q' || key == TOP_CONTROL('c')) {
		view->quit = true;
	} else {
		top_key_scroll(view, key);
	}
}

bool top_view_keys(struct top_view *view)
{
	bool any = false;
	int key;

	for (key = getch(); key != ERR; key = getch()) {
		any = true;
		/* other columns may fit now */
		if (key == KEY_RESIZE)
			view->anew = true;
		else if (view->help)
			view->help = false;
		else if (view->typing && !top_key_scroll(view, key))
			top_key_typing(view, key);
		else if (!view->typing)
			top_key(view, key);
	}
	return any;
}
