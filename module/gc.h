/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Room for flows, and their end: eviction, expiry, deletion, flush.
 */
#ifndef _TCT_GC_H
#define _TCT_GC_H

#include <linux/types.h>

struct tct_shard;
struct tct_snapshot;
struct tct_table;

/**
 * tct_gc_init() - prepare a new table's expiry
 * @table: not yet published
 *
 * Context: process.
 */
void tct_gc_init(struct tct_table *table);

/**
 * tct_gc_exit() - end expiry and free all flows
 * @table: stopped, see tct_table_stop()
 *
 * Context: process.
 */
void tct_gc_exit(struct tct_table *table);

/**
 * tct_gc_shard() - end a few of the flows whose time is over
 * @table: where
 * @shard: of these
 * @now: ticks; does not go back
 *
 * Context: process, RCU read side.
 * Return: whether there may be more.
 */
bool tct_gc_shard(struct tct_table *table, struct tct_shard *shard, u64 now);

/**
 * tct_gc_reserve() - make room for a new flow, which will be half-open
 * @table: where
 * @hash: of its key
 *
 * Counts it; evicts others if a cap is reached: of the half-open first if they
 * are over their own, then closed, TIME_WAIT, closing, the oldest of a shard.
 * Last, one half-open flow for the other: or else a flood, once it has filled a
 * table, would keep new connections out of it.
 *
 * Context: RCU read side, BH off, no lock held.
 * Return: false: there is no room. Nothing is counted then.
 */
bool tct_gc_reserve(struct tct_table *table, u32 hash);

/**
 * tct_gc_unreserve() - the reserved flow was not made after all
 * @table: where
 *
 * Context: BH off.
 */
void tct_gc_unreserve(struct tct_table *table);

/**
 * tct_gc_del() - delete a flow by request
 * @table: where
 * @snap: the flow; another connection that has its tuple by now is let be
 *
 * Context: process, RCU read side.
 * Return: 0; -ENOENT: it is gone already; -EAGAIN: somebody else is looking
 * whether to end it, and will be done in a moment.
 */
int tct_gc_del(struct tct_table *table, const struct tct_snapshot *snap);

#endif /* _TCT_GC_H */
