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

/**
 * struct tct_change - one change of states
 * @when: ticks, low 32 bits
 * @state: initiator's and responder's after it
 * @why: enum tct_reason
 */
struct tct_change {
	u32 when;
	u8 state[2];
	u8 why;
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
 *
 * Comes from a cache that is type-safe by RCU: a reader may hold a pointer to a
 * flow that has been freed and made into another.  So @lock and @node stay
 * valid for ever, and what a look-up found is compared again under @lock.
 *
 * An established packet reads the first line (look-up) and writes the second
 * and third.
 */
struct tct_flow {
	/* look-up */
	struct hlist_nulls_node node;	/* chain; bucket lock */
	struct tct_key key;		/* meta is 0 once the flow is dead */
	/* Protects: everything below and the key.
	 * Ordering: bucket lock, then this, then the shard's lock.
	 */
	spinlock_t lock;
	u32 hash;

	/* written by every packet */
	u32 seen;			/* last segment, ticks */
	u32 deadline;			/* end of its time, ticks */
	struct tct_fsm fsm;
	u64 packets[2];			/* segments on the wire, by end */
	u64 bytes[2];			/* TCP payload octets, by end */

	u64 created;			/* ticks */
	u32 rtt;			/* us; 0 unknown; stamp while open */
	u8 class;			/* enum tct_class */
	bool initiator_high;		/* which endpoint of the key end 0 is */
	bool rtt_open;			/* @rtt is the time of the SYN */
	struct tct_detail *detail;	/* or NULL */

	/* owned by the shard, under its lock */
	struct hlist_node wheel;	/* unhashed: claimed, see shard.h */
	struct list_head queue;		/* its class, by age */
};

/**
 * struct tct_snapshot - a flow as it was at one moment
 *
 * All that readers ever see.  Fields as in struct tct_flow.
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

/** tct_flow_cache_init() - make the slab caches. Return: 0 or -ENOMEM. */
int tct_flow_cache_init(void);

/** tct_flow_cache_exit() - destroy them; every flow has been freed */
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
