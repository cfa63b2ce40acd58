/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables for people.  The first rows are kept back until it is known how wide
 * the columns must be, so that any number of rows takes little memory.
 *
 * On a terminal a table fits it if it can: columns are left out, the last is
 * cut.  Elsewhere it has all, whatever the terminal.
 */
#ifndef _CTL_TABLE_H
#define _CTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TABLE_COLUMNS	12	/* at the most */

enum table_color {
	TABLE_PLAIN,
	TABLE_GOOD,
	TABLE_FAIR,
	TABLE_BAD,
};

/**
 * struct table_column - a column
 * @head: its heading
 * @width: at least so wide
 * @right: flush right
 * @rank: of those that do not fit the highest goes first; 0: stays
 */
struct table_column {
	const char *head;
	unsigned int width;
	bool right;
	unsigned int rank;
};

/**
 * struct table - a table that is being printed
 * @file: where
 * @columns: -
 * @n: number of them
 * @limit: columns of the terminal; 0: there is none
 * @color: use colours
 * @headed: has a line of headings, if it has rows
 * @oneline: what stands below a row goes into it
 * @kept: rows that are kept back, or NULL
 * @text: @kept's
 * @size: octets of @text
 * @rows: rows of it
 * @settled: how wide columns are is known
 * @width: of each; 0: left out
 * @cut: the last is cut at its width
 * @at: the cell that comes next
 * @gap: blanks that are due before it
 */
struct table {
	FILE *file;
	const struct table_column *columns;
	size_t n;
	unsigned int limit;
	bool color;
	bool headed;
	bool oneline;
	FILE *kept;
	char *text;
	size_t size;
	unsigned int rows;
	bool settled;
	unsigned int width[TABLE_COLUMNS];
	bool cut;
	size_t at;
	unsigned int gap;
};

/**
 * table_init() - begin a table
 * @table: -
 * @file: where it is printed
 * @columns: -
 * @n: number of them
 */
void table_init(struct table *table, FILE *file,
		const struct table_column *columns, size_t n);

/**
 * table_stream() - print rows as they come
 * @table: without any yet
 *
 * Columns are as wide as they are at least, and there are no headings.
 */
void table_stream(struct table *table);

/**
 * table_cell() - the next cell of a row
 * @table: -
 * @color: -
 * @text: -
 */
void table_cell(struct table *table, enum table_color color, const char *text);

/**
 * table_below() - a line below a row, that belongs to it
 * @table: with all cells of the row
 * @text: -
 */
void table_below(struct table *table, const char *text);

/**
 * table_end_row() - end a row
 * @table: with all its cells, and what is below them
 */
void table_end_row(struct table *table);

/**
 * table_finish() - print what is kept back
 * @table: -
 */
void table_finish(struct table *table);

/**
 * table_terminal() - how wide is standard output?
 *
 * Return: columns; 0: it is no terminal.
 */
unsigned int table_terminal(void);

#endif /* _CTL_TABLE_H */
