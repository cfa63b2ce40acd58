// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "top_best.h"

void top_best_begin(struct top_best *best, const struct top_order *order)
{
	best->order = *order;
	best->n = 0;
}

static bool top_is_after(const struct top_best *best, size_t a, size_t b)
{
	return top_row_compare(&best->row[a], &best->row[b], &best->order) > 0;
}

static void top_swap(struct top_best *best, size_t a, size_t b)
{
	struct top_row row = best->row[a];

	best->row[a] = best->row[b];
	best->row[b] = row;
}

static void top_rise(struct top_best *best, size_t at)
{
	while (at && top_is_after(best, at, (at - 1) / 2)) {
		top_swap(best, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static void top_sink(struct top_best *best)
{
	size_t at = 0, last, side;

	for (;;) {
		last = at;
		for (side = 2 * at + 1; side <= 2 * at + 2; side++)
			if (side < best->n && top_is_after(best, side, last))
				last = side;
		if (last == at)
			return;
		top_swap(best, at, last);
		at = last;
	}
}

void top_best_add(struct top_best *best, const struct top_row *row)
{
	if (best->n < TOP_BEST) {
		best->row[best->n] = *row;
		top_rise(best, best->n++);
	} else if (top_row_compare(row, &best->row[0], &best->order) < 0) {
		best->row[0] = *row;
		top_sink(best);
	}
}

static int top_compare(const void *a, const void *b, void *order)
{
	return top_row_compare(a, b, order);
}

/* Return: where a key is, or would be. */
static uint32_t top_slot(const struct top_best *best,
			 const struct flow_key *key)
{
	uint32_t at = flow_key_hash(key) & (TOP_SLOTS - 1);

	while (best->slot[at] &&
	       !flow_key_same(&best->row[best->slot[at] - 1].key, key))
		at = (at + 1) & (TOP_SLOTS - 1);
	return at;
}

void top_best_sort(struct top_best *best, const struct top_order *order)
{
	size_t i;

	best->order = *order;
	qsort_r(best->row, best->n, sizeof(best->row[0]), top_compare,
		&best->order);
	memset(best->slot, 0, sizeof(best->slot));
	for (i = 0; i < best->n; i++)
		best->slot[top_slot(best, &best->row[i].key)] = i + 1;
}

void top_best_end(struct top_best *best)
{
	struct top_order order = best->order;

	top_best_sort(best, &order);
}

const struct top_row *top_best_find(const struct top_best *best,
				    const struct flow_key *key)
{
	uint32_t index = best->slot[top_slot(best, key)];

	return index ? &best->row[index - 1] : NULL;
}
