/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a key to its flow: inline, as every packet does it.
 */
#ifndef _TCT_LOOKUP_H
#define _TCT_LOOKUP_H

#include "table.h"

/**
 * tct_bucket_nulls() - the marker that ends a chain
 * @array: the buckets
 * @i: which
 *
 * Return: its value.
 */
static inline unsigned long tct_bucket_nulls(const struct tct_array *array,
					     u32 i)
{
	return (unsigned long)array->nulls << 32 | i;
}

/**
 * tct_array_find() - look a flow up in an array
 * @array: the buckets
 * @key: the flow's key
 * @hash: of the key
 * @ipv4: whether it is one of IPv4
 *
 * Context: RCU read side.
 * Return: a flow that had the key, or NULL.
 */
static __always_inline struct tct_flow *
tct_array_find(const struct tct_array *array, const struct tct_key *key,
	       u32 hash, bool ipv4)
{
	u32 i = hash & array->mask;
	struct hlist_nulls_node *n;
	struct tct_flow *flow;

	do {
		hlist_nulls_for_each_entry_rcu(flow, n, &array->bucket[i],
					       node)
			if (__tct_key_equal(&flow->key, key, ipv4))
				return flow;
	} while (get_nulls_value(n) != tct_bucket_nulls(array, i));
	return NULL;
}

/**
 * tct_table_look() - look a flow up
 * @table: where
 * @key: its key
 * @hash: of the key
 * @ipv4: whether it is one of IPv4
 *
 * Both arrays while the table grows: a flow is in one or the other, or, for a
 * lockless reader who looks as it is moved, in neither.
 *
 * Context: RCU read side.
 * Return: a flow that had the key, or NULL.
 */
static __always_inline struct tct_flow *
tct_table_look(struct tct_table *table, const struct tct_key *key, u32 hash,
	       bool ipv4)
{
	struct tct_array *array = rcu_dereference(table->array);
	struct tct_flow *flow;

	do {
		flow = tct_array_find(array, key, hash, ipv4);
		if (likely(flow))
			return flow;
		array = rcu_dereference(array->next);
	} while (unlikely(array));
	return NULL;
}

/**
 * tct_table_find() - look a flow up, and lock it
 * @table: where
 * @key: its key
 * @hash: of the key
 * @ipv4: whether it is one of IPv4
 *
 * Context: RCU read side, BH off.
 * Return: the flow, locked, or NULL: a miss, to be confirmed by
 * tct_table_find_slow().
 */
static __always_inline struct tct_flow *
tct_table_find(struct tct_table *table, const struct tct_key *key, u32 hash,
	       bool ipv4)
{
	struct tct_flow *flow = tct_table_look(table, key, hash, ipv4);

	if (unlikely(!flow))
		return NULL;
	spin_lock(&flow->lock);
	/* it may have died, and be another by now */
	if (likely(__tct_key_equal(&flow->key, key, ipv4))) {
		__release(&flow->lock);	/* sparse: the caller takes it on */
		return flow;
	}
	spin_unlock(&flow->lock);
	return NULL;
}

#endif /* _TCT_LOOKUP_H */
