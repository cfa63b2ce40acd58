// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl.h"
#include "table.h"

#define TABLE_SAMPLE	256	/* rows that are kept back */
#define TABLE_LAST	10	/* the last column is cut to no less */

/* How a row that is kept back is written down: one of these, the colour, the
 * text and its end
 */
#define TABLE_CELL	'c'
#define TABLE_BELOW	'b'
#define TABLE_END	'e'

static const char *const table_colors[] = {
	[TABLE_PLAIN]	= "",
	[TABLE_GOOD]	= "\033[32m",
	[TABLE_FAIR]	= "\033[33m",
	[TABLE_BAD]	= "\033[31m",
};

void table_init(struct table *table, FILE *file,
		const struct table_column *columns, size_t n)
{
	size_t i;

	memset(table, 0, sizeof(*table));
	table->file = file;
	table->columns = columns;
	table->n = n;
	table->headed = true;
	for (i = 0; i < n; i++) {
		table->width[i] = strlen(columns[i].head);
		if (table->width[i] < columns[i].width)
			table->width[i] = columns[i].width;
	}
	/* without memory for it, columns are as wide as they are at least */
	table->kept = open_memstream(&table->text, &table->size);
	table->settled = !table->kept;
}

unsigned int table_terminal(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col;
}

static void table_blanks(struct table *table, unsigned int n)
{
	while (n--)
		putc_unlocked(' ', table->file);
}

static unsigned int table_cut(const struct table *table, size_t at,
			      unsigned int len)
{
	if (table->cut && at == table->n - 1 && len > table->width[at])
		return table->width[at] - 1;
	return len;
}

static void table_put_cell(struct table *table, enum table_color color,
			   const char *text)
{
	const char *on = table->color ? table_colors[color] : "";
	unsigned int len = strlen(text), shown, width;
	size_t at = table->at++;

	width = table->width[at];
	if (!len && width)
		table->gap += width + 1;
	if (!len || !width)
		return;
	shown = table_cut(table, at, len);
	if (table->columns[at].right && len < width)
		table->gap += width - len;
	table_blanks(table, table->gap);
	fputs(on, table->file);
	fwrite_unlocked(text, 1, shown, table->file);
	if (shown < len)
		putc_unlocked('+', table->file);
	if (*on)
		fputs("\033[0m", table->file);
	table->gap = 1;
	if (!table->columns[at].right && len < width)
		table->gap += width - len;
}

static void table_put_below(struct table *table, const char *text)
{
	putc_unlocked(table->oneline ? '\\' : '\n', table->file);
	putc_unlocked('\t', table->file);
	fputs(text, table->file);
}

static void table_put_end(struct table *table)
{
	putc_unlocked('\n', table->file);
	table->at = 0;
	table->gap = 0;
}

/* Columns that the table takes, the last one as narrow as it may be */
static unsigned int table_width(const struct table *table)
{
	unsigned int width = 0, last = table->width[table->n - 1];
	size_t i;

	for (i = 0; i < table->n - 1; i++)
		if (table->width[i])
			width += table->width[i] + 1;
	return width + (last < TABLE_LAST ? last : TABLE_LAST);
}

/* Leave the least important out.  Return: false: all that are left must stay. */
static bool table_drop_column(struct table *table)
{
	size_t i, worst = 0;

	for (i = 1; i < table->n; i++)
		if (table->width[i] && (!table->width[worst] ||
					table->columns[i].rank >
					table->columns[worst].rank))
			worst = i;
	if (!table->columns[worst].rank)
		return false;
	table->width[worst] = 0;
	return true;
}

static void table_fit(struct table *table)
{
	unsigned int *last = &table->width[table->n - 1], least, width;

	while (table_width(table) > table->limit && table_drop_column(table))
		;
	least = *last < TABLE_LAST ? *last : TABLE_LAST;
	width = table_width(table);
	if (!*last || width > table->limit)
		return;
	table->cut = true;
	*last = table->limit - width + least;
}

static void table_replay(struct table *table)
{
	const char *at = table->text, *end = at + table->size;

	while (at < end) {
		char kind = at[0], color = at[1];

		at += 2;
		if (kind == TABLE_CELL)
			table_put_cell(table, color, at);
		else if (kind == TABLE_BELOW)
			table_put_below(table, at);
		else
			table_put_end(table);
		at += strlen(at) + 1;
	}
}

/* Now the columns are as wide as they are */
static void table_settle(struct table *table)
{
	size_t i;

	table->settled = true;
	if (fclose(table->kept)) {
		ctl_complain("no memory for a table");
		table->size = 0;
	}
	if (table->limit)
		table_fit(table);
	if (table->headed && table->rows) {
		for (i = 0; i < table->n; i++)
			table_put_cell(table, TABLE_PLAIN,
				       table->columns[i].head);
		table_put_end(table);
	}
	table_replay(table);
	free(table->text);
}

void table_finish(struct table *table)
{
	if (!table->settled)
		table_settle(table);
}

void table_stream(struct table *table)
{
	table->headed = false;
	table_finish(table);
}

static void table_keep(struct table *table, char kind, char color,
		       const char *text)
{
	putc_unlocked(kind, table->kept);
	putc_unlocked(color, table->kept);
	fwrite_unlocked(text, 1, strlen(text) + 1, table->kept);
}

void table_cell(struct table *table, enum table_color color, const char *text)
{
	size_t len = strlen(text);

	if (table->settled) {
		table_put_cell(table, color, text);
		return;
	}
	table_keep(table, TABLE_CELL, color, text);
	if (table->width[table->at] < len)
		table->width[table->at] = len;
	table->at++;
}

void table_below(struct table *table, const char *text)
{
	if (table->settled)
		table_put_below(table, text);
	else
		table_keep(table, TABLE_BELOW, TABLE_PLAIN, text);
}

void table_end_row(struct table *table)
{
	if (table->settled) {
		table_put_end(table);
		return;
	}
	table_keep(table, TABLE_END, TABLE_PLAIN, "");
	table->at = 0;
	if (++table->rows == TABLE_SAMPLE)
		table_settle(table);
}
