/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The first of any number of flows, in bounded memory.
 */
#ifndef _CTL_TOP_BEST_H
#define _CTL_TOP_BEST_H

#include "top_row.h"

#define TOP_BEST	8192	/* flows that are kept */
#define TOP_SLOTS	32768	/* of the hash table; a power of 2 */

/**
 * struct top_best - the flows that come first
 * @order: -
 * @n: number of @row
 * @row: a heap with the last of them on top; sorted in the end
 * @slot: index of a row by its key, and 1; 0: none.  Filled in the end.
 */
struct top_best {
	struct top_order order;
	size_t n;
	struct top_row row[TOP_BEST];
	uint32_t slot[TOP_SLOTS];
};

/**
 * top_best_begin() - begin anew
 * @best: -
 * @order: -
 */
void top_best_begin(struct top_best *best, const struct top_order *order);

/**
 * top_best_add() - a flow
 * @best: begun
 * @row: it is kept if it is one of those that come first
 */
void top_best_add(struct top_best *best, const struct top_row *row);

/**
 * top_best_end() - that was the last
 * @best: its rows are sorted now
 */
void top_best_end(struct top_best *best);

/**
 * top_best_sort() - put what is kept in another order
 * @best: ended
 * @order: -
 */
void top_best_sort(struct top_best *best, const struct top_order *order);

/**
 * top_best_find() - is it among them?
 * @best: ended
 * @key: -
 *
 * Return: the flow, or NULL.
 */
const struct top_row *top_best_find(const struct top_best *best,
				    const struct flow_key *key);

#endif /* _CTL_TOP_BEST_H */
