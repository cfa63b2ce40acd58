/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shards: where flows wait for their time, and in what order they are evicted.
 *
 * A flow belongs to one shard for life, by its hash.  There it is on a timer
 * wheel, by its deadline, and, if its class may be evicted, on that class's
 * queue, by the time it entered the class.
 *
 * The wheel is lazy: a packet only moves the flow's deadline.  When the slot
 * comes round, a flow whose deadline has moved is filed again.  A deadline that
 * comes nearer, by a change of class or of a sysctl, is filed at once.
 *
 * Who takes a flow off the wheel has claimed it: only the claimant may kill the
 * flow, and must file it again otherwise.  So a pointer to a claimed flow stays
 * good without any lock.
 */
#ifndef _TCT_SHARD_H
#define _TCT_SHARD_H

#include <linux/cache.h>
#include <linux/jiffies.h>

#include "flow.h"

#define TCT_WHEEL_LEVELS	5
#define TCT_WHEEL_SLOTS		64	/* of a level */
#define TCT_WHEEL_SHIFT		4	/* a level is 16 times coarser */
#define TCT_WHEEL_TICK		(HZ / 4)

/**
 * struct tct_shard - a part of a table's flows
 * @lock: Protects: all below, and @wheel and @queue of the shard's flows.
 *	Ordering: innermost; inside bucket and flow locks. BH off.
 * @tick: wheel tick that has been reached
 * @level: levels of @tick that have been taken to @due
 * @filed: flows on the wheel or on @due
 * @due: flows whose slot has come round
 * @queue: evictable flows by class, oldest first
 * @slot: the wheel
 */
struct tct_shard {
	spinlock_t lock;	/* Protects: all of this, and see above */
	unsigned int level;
	unsigned int filed;
	u64 tick;
	struct hlist_head due;
	struct list_head queue[TCT_CLASS_MAX];
	struct hlist_head slot[TCT_WHEEL_LEVELS][TCT_WHEEL_SLOTS];
} ____cacheline_aligned_in_smp;

/**
 * tct_shard_init() - make an empty shard
 * @shard: what to set up
 * @now: ticks
 *
 * Context: process.
 */
void tct_shard_init(struct tct_shard *shard, u64 now);

/**
 * tct_shard_is_due() - is the time of a claimed flow over?
 * @deadline: the flow's
 * @now: ticks
 *
 * It is at the next tick of the wheel.  So when flows end does not depend on how
 * often somebody looks, nor on when they were filed.
 *
 * Return: whether.
 */
bool tct_shard_is_due(u32 deadline, u64 now);

/**
 * tct_shard_file() - put a new or claimed flow on the wheel and its queue
 * @shard: the flow's
 * @flow: locked
 * @now: ticks
 */
void tct_shard_file(struct tct_shard *shard, struct tct_flow *flow, u64 now);

/**
 * tct_shard_move() - file again a flow whose class or deadline has changed
 * @shard: the flow's
 * @flow: locked
 * @now: ticks
 *
 * A flow that somebody has claimed is left to the claimant.
 */
void tct_shard_move(struct tct_shard *shard, struct tct_flow *flow, u64 now);

/**
 * tct_shard_claim() - claim this flow
 * @shard: the flow's
 * @flow: locked, alive
 *
 * Return: false if somebody else has.
 */
bool tct_shard_claim(struct tct_shard *shard, struct tct_flow *flow);

/**
 * tct_shard_claim_due() - claim flows whose slot has come round
 * @shard: which
 * @flows: filled with the claimed ones
 * @max: how many at most
 * @now: ticks
 *
 * Context: BH off.
 * Return: how many; 0: the wheel stands at @now.
 */
unsigned int tct_shard_claim_due(struct tct_shard *shard,
				 struct tct_flow **flows, unsigned int max,
				 u64 now);

/**
 * tct_shard_claim_oldest() - claim the flow that has been in a class longest
 * @shard: which
 * @class: which
 *
 * Context: BH off.
 * Return: the flow, or NULL if there is none.
 */
struct tct_flow *tct_shard_claim_oldest(struct tct_shard *shard,
					enum tct_class class);

/**
 * tct_shard_claim_any() - claim flows, due or not, to empty the shard
 * @shard: which
 * @flows: filled with the claimed ones
 * @max: how many at most
 *
 * Context: BH off.
 * Return: how many; 0: the shard is empty.
 */
unsigned int tct_shard_claim_any(struct tct_shard *shard,
				 struct tct_flow **flows, unsigned int max);

#endif /* _TCT_SHARD_H */
