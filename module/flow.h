/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flow record: what is kept of one connection.
 */
#ifndef _TCT_FLOW_H
#define _TCT_FLOW_H

#include <linux/rculist.h>
#include <linux/rculist_nulls.h>
#include <linux/spinlock.h>

#include "detail.h"
#include "fsm.h"
#include "tuple.h"

/* struct tct_flow.rtt_open and .rtt_known: the handshake's two halves */
#define TCT_RTT_SERVER	1	/* SYN to SYN-ACK: beyond here, towards it */
#define TCT_RTT_CLIENT	2	/* SYN-ACK to ACK */

/**
 * struct tct_flow - the base record
 * @node: its chain; under the bucket's lock
 * @key: the two endpoints; @key.meta is 0 once the flow is dead
 * @lock: Protects: @key and all below but @wheel and @queue.
 *	Ordering: bucket lock, then this, then the shard's lock. BH off.
 * @hash: of the key
 * @seen: time of the last segment, ticks
 * @deadline: end of its time, ticks
 * @fsm: both endpoints
 * @repeats: SYNs and SYN-ACKs sent again, by end, while there is no @detail to
 *	count them; saturating
 * @packets: segments on the wire, by end
 * @bytes: TCP payload octets, repetitions included, by end
 * @created_lo: time of the first segment, ticks: low 32 bits of 40
 * @created_hi: ... and the high ones
 * @class: enum tct_class
 * @initiator_high: whether end 0 is the key's high endpoint
 * @rtt_open: TCT_RTT_*, samples of @rtt that are being taken
 * @rtt_known: ... that have been
 * @rtt: of the handshake's halves, us; while open the time of its first segment
 * @detail: what only established connections have, or NULL
 * @wheel: timer wheel; under the shard's lock; unhashed: claimed, see shard.h
 * @queue: its class, by age; under the shard's lock
 *
 * Comes from a cache that is type-safe by RCU: a reader may hold a pointer to a
 * flow that has been freed and made into another.  So @lock and @node stay
 * valid for ever, and what a look-up found is compared again under @lock.
 *
 * An established packet reads the first cache line (up to @hash) and writes the
 * second and third (up to @created_lo).
 */
struct tct_flow {
	struct hlist_nulls_node node;
	struct tct_key key;
	spinlock_t lock;	/* Protects and Ordering: see above */
	u32 hash;

	u32 seen;
	u32 deadline;
	struct tct_fsm fsm;
	u8 repeats[2];
	u64 packets[2];
	u64 bytes[2];

	u32 created_lo;
	u8 created_hi;
	u8 class;
	bool initiator_high;
	u8 rtt_open : 4;
	u8 rtt_known : 4;
	u32 rtt[2];
	struct tct_detail *detail;

	struct hlist_node wheel;
	struct list_head queue;
};

/**
 * struct tct_snapshot - a flow as it was at one moment: all that readers see
 * @key: as in struct tct_flow, like those without a word below
 * @fsm: -
 * @detail: valid if @has_detail
 * @packets: -
 * @bytes: -
 * @created: -
 * @seen: -
 * @deadline: -
 * @rtt: each valid by @rtt_known
 * @class: -
 * @initiator_high: -
 * @rtt_known: TCT_RTT_*
 * @has_detail: the flow has a detail part
 * @expired: its time is over, and these are the states in which that was so;
 *	false in a snapshot, until who ends the flow says otherwise
 */
struct tct_snapshot {
	struct tct_key key;
	struct tct_fsm fsm;
	struct tct_detail detail;
	u64 packets[2];
	u64 bytes[2];
	u64 created;
	u32 seen;
	u32 deadline;
	u32 rtt[2];
	u8 class;
	bool initiator_high;
	u8 rtt_known;
	bool has_detail;
	bool expired;
};

/**
 * tct_flow_set_created() - when a connection began
 * @flow: locked
 * @now: ticks
 */
static inline void tct_flow_set_created(struct tct_flow *flow, u64 now)
{
	flow->created_lo = now;
	flow->created_hi = now >> 32;
}

/**
 * tct_flow_created() - when a connection began
 * @flow: locked
 *
 * Return: ticks, 40 bits of them.
 */
static inline u64 tct_flow_created(const struct tct_flow *flow)
{
	return (u64)flow->created_hi << 32 | flow->created_lo;
}

/**
 * tct_flow_cache_init() - make the slab caches
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int tct_flow_cache_init(void);

/**
 * tct_flow_cache_exit() - destroy the slab caches; every flow has been freed
 *
 * Context: module exit.
 */
void tct_flow_cache_exit(void);

/**
 * tct_flow_alloc() - take a flow from the cache
 *
 * Context: any. Its lock is ready, its key is dead, nothing else is set.
 * Return: the flow, or NULL.
 */
struct tct_flow *tct_flow_alloc(void);

/**
 * tct_flow_free() - give a flow back
 * @flow: unhashed, dead, on no list; or fresh from tct_flow_alloc()
 *
 * Context: any; not under @flow->lock.
 */
void tct_flow_free(struct tct_flow *flow);

/**
 * tct_flow_set_detail() - give the flow its detail part, or take it
 * @flow: locked
 * @want: whether it shall have one
 * @now: ticks
 *
 * Context: softirq or BH off.
 * Return: false if it should have one and there is no memory.
 */
bool tct_flow_set_detail(struct tct_flow *flow, bool want, u64 now);

/**
 * tct_flow_record() - write the present states into the history
 * @flow: locked
 * @now: ticks
 */
void tct_flow_record(struct tct_flow *flow, u64 now);

/**
 * tct_flow_snapshot() - copy a flow, consistently
 * @flow: in its chain, the bucket's lock held, so that it cannot die
 * @snap: what to fill
 */
void tct_flow_snapshot(struct tct_flow *flow, struct tct_snapshot *snap);

/**
 * __tct_flow_snapshot() - copy a flow that is locked
 * @flow: locked
 * @snap: what to fill
 * @detail: with its detail part, if it has one
 */
void __tct_flow_snapshot(const struct tct_flow *flow,
			 struct tct_snapshot *snap, bool detail);

/**
 * tct_snapshot_zerowin() - for how long an end has offered no window
 * @snap: a flow that has its detail part
 * @who: the end
 * @now: ticks
 *
 * It may still not; but who is gone offers nothing.
 *
 * Return: ticks.
 */
u32 tct_snapshot_zerowin(const struct tct_snapshot *snap, unsigned int who,
			 u64 now);

#endif /* _TCT_FLOW_H */
