/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What top shows, as text: the same on the screen and in a pipe.
 */
#ifndef _CTL_TOP_TEXT_H
#define _CTL_TOP_TEXT_H

#include <stddef.h>

#include "top_scan.h"

#define TOP_LINE	512	/* octets of a line, at the most */
#define TOP_PIPE	132	/* columns, where there is no terminal */

/**
 * struct top_layout - columns, by the width
 * @width: of a line
 * @sort: what rows are sorted by: its column is there in any case
 * @all: flows are of several namespaces
 * @wide: there is room for all columns
 * @addr: columns of an address
 */
struct top_layout {
	unsigned int width;
	enum top_sort sort;
	bool all;
	bool wide;
	unsigned int addr;
};

/**
 * top_layout() - find out which columns fit
 * @layout: the result
 * @width: columns of the terminal
 * @sort: -
 * @all: flows are of several namespaces
 */
void top_layout(struct top_layout *layout, unsigned int width,
		enum top_sort sort, bool all);

/**
 * top_layout_is_full() - does it show what is not in brief records?
 * @layout: -
 *
 * Return: whether.
 */
bool top_layout_is_full(const struct top_layout *layout);

/**
 * top_print_table() - how full the table is
 * @line: TOP_LINE octets
 * @scan: -
 */
void top_print_table(char *line, const struct top_scan *scan);

/**
 * top_print_pairs() - the pairs of states with the most flows
 * @line: TOP_LINE octets
 * @scan: -
 * @width: columns; so many pairs as fit
 */
void top_print_pairs(char *line, const struct top_scan *scan,
		     unsigned int width);

/**
 * top_print_pass() - what was read
 * @line: TOP_LINE octets
 * @scan: -
 * @order: -
 */
void top_print_pass(char *line, const struct top_scan *scan,
		    const struct top_order *order);

/**
 * top_print_head() - the headings
 * @line: TOP_LINE octets
 * @layout: -
 */
void top_print_head(char *line, const struct top_layout *layout);

/**
 * top_print_row() - a flow
 * @line: TOP_LINE octets
 * @row: -
 * @layout: -
 */
void top_print_row(char *line, const struct top_row *row,
		   const struct top_layout *layout);

#endif /* _CTL_TOP_TEXT_H */
