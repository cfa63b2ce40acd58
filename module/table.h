/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flow table of one network namespace.
 *
 * Chains end in a nulls marker that names their bucket, so that a lockless
 * reader who strayed over a reused flow into another chain notices and starts
 * again.  A lockless miss is never final: it is confirmed under the bucket's
 * lock before anything follows from it.
 *
 * The table grows and never shrinks while it is on.  A worker moves the flows
 * bucket by bucket into an array of twice the size; a lock covers a bucket of
 * the old array together with the two buckets that it becomes.
 */
#ifndef _TCT_TABLE_H
#define _TCT_TABLE_H

#include <linux/atomic.h>
#include <linux/workqueue.h>

#include "limit.h"
#include "shard.h"
#include "stats.h"

#define TCT_TABLE_LOCKS		256	/* at most TCT_TABLE_MIN_BUCKETS */
#define TCT_TABLE_MIN_BUCKETS	1024

/**
 * struct tct_array - the buckets
 * @next: array that the flows are being moved to, or NULL
 * @mask: number of buckets less one
 * @nulls: number of this array, in the nulls markers' high bits
 * @bucket: the chains
 */
struct tct_array {
	struct tct_array __rcu *next;
	u32 mask;
	u32 nulls;
	struct hlist_nulls_head bucket[];
};

/**
 * struct tct_table - flows of a namespace in which tracking is on
 * @array: buckets; published by the growth worker
 * @config: the namespace's, published by sysctl
 * @stats: counters
 * @events: the namespace's
 * @secret: key of the hash
 * @netid: number of the namespace, in the keys
 * @number: the table's own, never given to another, nor 0: by it one who comes
 *	again knows whether it is still this one. Its address may be that of the
 *	next.
 * @shard_mask: number of shards less one
 * @child: not the initial namespace
 * @dying: set by tct_table_stop(): no more work is to be queued
 * @grow_after: jiffies before which growth is not tried again
 * @shard: the shards
 * @lock: bucket locks, by hash.
 *	Protects: the chains. Ordering: outermost; then flow, then shard. BH off.
 * @count: flows in the table
 * @half_open: of these, in class half-open
 * @gc: expiry, see gc.h
 * @grow: growth
 */
struct tct_table {
	struct tct_array __rcu *array;
	struct tct_config __rcu *config;
	struct tct_stats __percpu *stats;
	struct tct_events *events;
	hsiphash_key_t secret;
	u32 netid;
	unsigned int shard_mask;
	u64 number;
	bool child;
	bool dying;
	unsigned long grow_after;
	struct tct_shard *shard;
	spinlock_t *lock;	/* Protects: the chains */

	/* written for each new flow and each that ends */
	atomic_t count ____cacheline_aligned_in_smp;
	atomic_t half_open;
	struct delayed_work gc;
	struct work_struct grow;
};

/**
 * tct_table_alloc() - make an empty table
 * @netid: number of the namespace
 * @child: not the initial one
 * @config: published as the table's
 *
 * Context: process. Return: the table, or NULL: no memory.
 */
struct tct_table *tct_table_alloc(u32 netid, bool child,
				  struct tct_config *config);

/**
 * tct_table_stop() - end the table's growth, for good
 * @table: no packet can reach it: hooks are off and a grace period has passed
 *	since
 *
 * Context: process.
 */
void tct_table_stop(struct tct_table *table);

/**
 * tct_table_free() - free a table
 * @table: stopped and empty
 *
 * Context: process.
 */
void tct_table_free(struct tct_table *table);

/**
 * tct_table_find_slow() - confirm a miss, and make the flow if asked
 * @table: where
 * @key: its key
 * @hash: of the key
 * @fresh: flow to insert on a miss, from tct_flow_alloc(), or NULL
 *
 * Two CPUs with the same SYN make one flow: the second finds the first's.
 *
 * Context: RCU read side, BH off.
 * Return: the flow, locked: @fresh, with only its key set, or the one that was
 * there; NULL if there is none and none was given.
 */
struct tct_flow *tct_table_find_slow(struct tct_table *table,
				     const struct tct_key *key, u32 hash,
				     struct tct_flow *fresh);

/**
 * tct_table_snapshot() - take a snapshot of a flow by its key
 * @slot: where the namespace's table is published; NULL there: off, no flows
 * @same: only if the table is still that of this number; 0: any
 * @snap: its key says which; filled
 *
 * Context: process.
 * Return: false if there is no such flow; @snap is as it was.
 */
bool tct_table_snapshot(struct tct_table __rcu **slot, u64 same,
			struct tct_snapshot *snap);

/**
 * tct_table_settle() - after a change of states: class, deadline, counters
 * @table: where
 * @flow: locked, its fsm already changed
 * @old: the state pair before; negative for a new flow
 * @now: ticks
 */
void tct_table_settle(struct tct_table *table, struct tct_flow *flow, int old,
		      u64 now);

/**
 * tct_flow_pair() - the state pair of a flow
 * @flow: locked
 *
 * Return: index of struct tct_stats.pair.
 */
static inline int tct_flow_pair(const struct tct_flow *flow)
{
	return flow->fsm.end[0].state * TCT_STATE_MAX + flow->fsm.end[1].state;
}

/**
 * tct_table_shard() - the shard of a flow
 * @table: where
 * @hash: of its key; the low bits choose the bucket, so not they
 *
 * Return: the shard.
 */
static inline struct tct_shard *tct_table_shard(struct tct_table *table,
						u32 hash)
{
	return &table->shard[(hash >> 24) & table->shard_mask];
}

/**
 * tct_table_refresh() - restart the timeout of a flow
 * @table: where
 * @flow: locked
 * @now: ticks
 */
static inline void tct_table_refresh(struct tct_table *table,
				     struct tct_flow *flow, u64 now)
{
	const struct tct_config *config = rcu_dereference(table->config);
	u32 deadline = (u32)now + config->timeout[flow->class];
	bool nearer = (s32)(deadline - flow->deadline) < 0;

	WRITE_ONCE(flow->deadline, deadline);
	/* only after a timeout was lowered: the wheel would be late */
	if (unlikely(nearer))
		tct_shard_move(tct_table_shard(table, flow->hash), flow, now);
}

/**
 * tct_table_lock() - the lock of a bucket, in an array of any size
 * @table: where
 * @hash: of a key in it
 *
 * Return: the lock.
 */
static inline spinlock_t *tct_table_lock(struct tct_table *table, u32 hash)
{
	return &table->lock[hash & (TCT_TABLE_LOCKS - 1)];
}

#define tct_table_stat_add(table, name, n) \
	this_cpu_add((table)->stats->count[TCT_STAT_##name], n)
#define tct_table_stat(table, name)	tct_table_stat_add(table, name, 1)

/**
 * __tct_table_kill() - take a claimed flow out of the table
 * @table: where
 * @flow: claimed, see shard.h; locked, its bucket's lock held
 *
 * The caller unlocks both and then calls tct_flow_free().
 */
void __tct_table_kill(struct tct_table *table, struct tct_flow *flow);

#endif /* _TCT_TABLE_H */
