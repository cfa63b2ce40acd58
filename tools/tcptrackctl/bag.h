/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sums by key: as many as there are keys, whatever is added up.
 */
#ifndef _CTL_BAG_H
#define _CTL_BAG_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct bag - items, each of which begins with its key
 * @key: octets of a key
 * @size: octets of an item
 * @slot: items, by hash; NULL: free
 * @slots: number of @slot, a power of 2
 * @n: items
 */
struct bag {
	size_t key;
	size_t size;
	void **slot;
	size_t slots;
	size_t n;
};

/**
 * bag_get() - the item of a key; the first time all else in it is zero
 * @bag: @key and @size set
 * @key: without holes in it
 *
 * Return: the item; NULL: no memory.
 */
void *bag_get(struct bag *bag, const void *key);

/**
 * bag_sort() - put the items in order, the first at the first slot
 * @bag: no items are got any more
 * @compare: as of qsort(), of pointers to items
 */
void bag_sort(struct bag *bag, int (*compare)(const void *, const void *));

/**
 * bag_free() - free its memory
 * @bag: -
 */
void bag_free(struct bag *bag);

#endif /* _CTL_BAG_H */
