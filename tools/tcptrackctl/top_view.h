/* SPDX-License-Identifier: GPL-2.0 */
/*
 * top's full screen, and what keys do.
 */
#ifndef _CTL_TOP_VIEW_H
#define _CTL_TOP_VIEW_H

#include "top_text.h"

#define TOP_FILTER	512	/* octets of an expression that is typed */

/**
 * struct top_typed - an expression that is typed, and what it means
 * @text: -
 * @filter: of the last text that meant something
 * @error: why this one does not; empty: it does
 */
struct top_typed {
	char text[TOP_FILTER];
	struct filter filter;
	char error[FILTER_ERROR];
};

/**
 * struct top_view - what is on the screen
 * @scan: flows
 * @family: AF_INET or AF_INET6, or 0
 * @order: of the rows
 * @first: the row that is at the top
 * @interval: from one pass to the next, ns
 * @paused: nothing is read
 * @typing: keys go to the expression
 * @help: the keys are shown instead
 * @quit: -
 * @anew: what is to be read has changed
 * @typed: -
 * @kept: the expression before one began to type
 */
struct top_view {
	struct top_scan *scan;
	int family;
	struct top_order order;
	size_t first;
	uint64_t interval;
	bool paused;
	bool typing;
	bool help;
	bool quit;
	bool anew;
	struct top_typed typed;
	char kept[TOP_FILTER];
};

/**
 * top_view_begin() - take the screen
 * @view: -
 * @color: use colours
 *
 * Return: false: the terminal is not up to it; it has been said.
 */
bool top_view_begin(struct top_view *view, bool color);

/**
 * top_view_end() - give it back
 */
void top_view_end(void);

/**
 * top_view_draw() - draw all of it
 * @view: -
 */
void top_view_draw(struct top_view *view);

/**
 * top_view_keys() - do what the keys say that were pressed
 * @view: -
 *
 * Return: whether there were any.
 */
bool top_view_keys(struct top_view *view);

/**
 * top_view_type() - make an expression the filter
 * @view: -
 * @text: as in 'flow list'
 *
 * Return: false: it means nothing, and the filter is the one before.
 */
bool top_view_type(struct top_view *view, const char *text);

/**
 * top_view_is_full() - does the screen show what is not in brief records?
 * @view: -
 *
 * Return: whether.
 */
bool top_view_is_full(const struct top_view *view);

#endif /* _CTL_TOP_VIEW_H */
