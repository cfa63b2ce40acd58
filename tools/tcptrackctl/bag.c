// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bag.h"

#define BAG_SLOTS	64	/* to begin with */

/* FNV-1a: the keys are this host's own endpoints, and those that it calls */
static size_t bag_hash(const struct bag *bag, const void *key)
{
	const uint8_t *at = key;
	uint64_t hash = 14695981039346656037ULL;
	size_t i;

	for (i = 0; i < bag->key; i++)
		hash = (hash ^ at[i]) * 1099511628211ULL;
	return (hash ^ hash >> 32) & (bag->slots - 1);
}

/* Return: where the item of a key is, or would be. */
static void **bag_slot(const struct bag *bag, const void *key)
{
	size_t at = bag_hash(bag, key);

	while (bag->slot[at] && memcmp(bag->slot[at], key, bag->key))
		at = (at + 1) & (bag->slots - 1);
	return &bag->slot[at];
}

/* Return: whether there is room for another one. */
static bool bag_grow(struct bag *bag)
{
	struct bag grown = *bag;
	size_t i;

	if (bag->n < bag->slots / 2)
		return true;
	grown.slots = bag->slots ? bag->slots * 2 : BAG_SLOTS;
	grown.slot = calloc(grown.slots, sizeof(*grown.slot));
	if (!grown.slot)
		return false;
	for (i = 0; i < bag->slots; i++)
		if (bag->slot[i])
			*bag_slot(&grown, bag->slot[i]) = bag->slot[i];
	free(bag->slot);
	*bag = grown;
	return true;
}

void *bag_get(struct bag *bag, const void *key)
{
	void **slot;

	if (!bag_grow(bag))
		return NULL;
	slot = bag_slot(bag, key);
	if (*slot)
		return *slot;
	*slot = calloc(1, bag->size);
	if (!*slot)
		return NULL;
	memcpy(*slot, key, bag->key);
	bag->n++;
	return *slot;
}

void bag_sort(struct bag *bag, int (*compare)(const void *, const void *))
{
	size_t i, n = 0;

	if (!bag->n)
		return;
	for (i = 0; i < bag->slots; i++)
		if (bag->slot[i])
			bag->slot[n++] = bag->slot[i];
	memset(bag->slot + n, 0, (bag->slots - n) * sizeof(*bag->slot));
	qsort(bag->slot, n, sizeof(*bag->slot), compare);
}

void bag_free(struct bag *bag)
{
	size_t i;

	for (i = 0; i < bag->slots; i++)
		free(bag->slot[i]);
	free(bag->slot);
}
