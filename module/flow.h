/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flow record: what is kept of one connection.
 */
#ifndef _TCT_FLOW_H
#define _TCT_FLOW_H

#include <linux/rculist.h>
#include <linux/rculist_nulls.h>
#include <linux/spinlock.h>

#include "fsm.h"
#include "tuple.h"

#define TCT_HISTORY	6
#define TCT_WHEN_MASK	((1ULL << 40) - 1)

/**
 * struct tct_change - one change of states
 * @when: ticks; as many bits as 34 years take
 * @initiator: its state after the change
 * @responder: its state after the change
 * @why: enum tct_reason
 */
struct tct_change {
	u64 when : 40;
	u64 initiator : 8;
	u64 responder : 8;
	u64 why : 8;
};

/**
 * struct tct_detail - what only connections that were established have
 * @retrans: segments that repeated what was sent, by end
 * @history: the last changes of states, a ring
 * @changes: entries of the ring that are in use
 * @next: entry to be written next
 */
struct tct_detail {
	u32 retrans[2];
	struct tct_change history[TCT_HISTORY];
	u8 changes;
	u8 next;
};

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
 * @packets: segments on the wire, by end
 * @bytes: TCP payload octets, repetitions included, by end
 * @created: time of the first segment, ticks
 * @rtt: of the handshake, us; 0: unknown; while @rtt_open the time of the SYN
 * @class: enum tct_class
 * @initiator_high: whether end 0 is the key's high endpoint
 * @rtt_open: a sample of @rtt is being taken
 * @detail: what only established connections have, or NULL
 * @wheel: timer wheel; under the shard's lock; unhashed: claimed, see shard.h
 * @queue: its class, by age; under the shard's lock
 *
 * Comes from a cache that is type-safe by RCU: a reader may hold a pointer to a
 * flow that has been freed and made into another.  So @lock and @node stay
 * valid for ever, and what a look-up found is compared again under @lock.
 *
 * An established packet reads the first cache line (up to @hash) and writes the
 * second and third (up to @created).
 */
struct tct_flow {
	struct hlist_nulls_node node;
	struct tct_key key;
	spinlock_t lock;	/* Protects and Ordering: see above */
	u32 hash;

	u32 seen;
	u32 deadline;
	struct tct_fsm fsm;
	u64 packets[2];
	u64 bytes[2];

	u64 created;
	u32 rtt;
	u8 class;
	bool initiator_high;
	bool rtt_open;
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
 * @rtt: valid if @rtt_known
 * @class: -
 * @initiator_high: -
 * @rtt_known: the handshake's RTT was taken
 * @has_detail: the flow has a detail part
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
	u32 rtt;
	u8 class;
	bool initiator_high;
	bool rtt_known;
	bool has_detail;
};

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
 *
 * Context: softirq or BH off.
 * Return: false if it should have one and there is no memory.
 */
bool tct_flow_set_detail(struct tct_flow *flow, bool want);

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

#endif /* _TCT_FLOW_H */
