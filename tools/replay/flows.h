/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flows that live, and the capture's time, by which they end.
 */
#ifndef _REPLAY_FLOWS_H
#define _REPLAY_FLOWS_H

#include "account.h"
#include "shard.h"

struct flows_slot;

/**
 * typedef flows_ended_t - what is done with a flow that has ended
 * @arg: as given to flows_init()
 * @snap: the flow
 * @now: when it ended, ticks
 */
typedef void flows_ended_t(void *arg, const struct tct_snapshot *snap, u64 now);

/**
 * struct flows - a table of flows, looked up by key
 * @slot: open addressing, linear probing, at most half full; a power of two
 * @mask: number of slots less 1
 * @count: flows in it
 * @born: flows that there have been
 * @most: flows that there were at one time at the most
 * @reused: flows whose record another took over, on the same key
 * @now: time that has been reached, ticks; never goes back
 * @secret: of the hash: who chooses addresses does not choose the slots
 * @shard: where flows wait for their end
 * @ended: told of each flow that ends before the capture does
 * @arg: for @ended
 */
struct flows {
	struct flows_slot *slot;
	u32 mask;
	u32 count;
	u64 born;
	u64 most;
	u64 reused;
	u64 now;
	hsiphash_key_t secret;
	struct tct_shard shard;
	flows_ended_t *ended;
	void *arg;
};

/* What became of a segment */
enum flows_result {
	FLOWS_TRACKED,
	FLOWS_RST,	/* a RST of no flow makes none */
	FLOWS_NOMEM,
};

/* In what order flows_each() goes */
enum flows_order {
	FLOWS_BY_KEY,
	FLOWS_BY_TIME,	/* of their first packet */
};

/**
 * flows_init() - make an empty table
 * @flows: filled
 * @ended: told of flows that end
 * @arg: for @ended
 *
 * Return: false: no memory.
 */
bool flows_init(struct flows *flows, flows_ended_t *ended, void *arg);

/**
 * flows_exit() - free it all; nobody is told
 * @flows: what flows_init() has been called for
 */
void flows_exit(struct flows *flows);

/**
 * flows_advance() - it is later now: end the flows whose time is over
 * @flows: the table
 * @when: the capture's time, ns; it does not go back
 */
void flows_advance(struct flows *flows, u64 when);

/**
 * flows_hash() - hash of a key, and make its slot come into the cache
 * @flows: the table
 * @key: the key
 *
 * Return: the hash.
 */
u32 flows_hash(const struct flows *flows, const struct tct_key *key);

/**
 * flows_fetch() - make a flow come into the cache, whose slot is there
 * @flows: the table
 * @hash: of its key
 *
 * Which slot it is is a guess, as is what becomes of the flow until it is used.
 */
void flows_fetch(const struct flows *flows, u32 hash);

/**
 * flows_fetch_detail() - make its detail come, too, once the flow is there
 * @flows: the table
 * @hash: of its key
 */
void flows_fetch_detail(const struct flows *flows, u32 hash);

/**
 * flows_track() - account a segment, now
 * @flows: the table
 * @p: the segment
 * @hash: of its key
 *
 * Return: what became of it.
 */
enum flows_result flows_track(struct flows *flows, const struct tct_parsed *p,
			      u32 hash);

/**
 * flows_each() - show all that live, in order
 * @flows: the table
 * @order: which
 * @show: called for each
 * @arg: for @show
 *
 * Return: false: no memory.
 */
bool flows_each(struct flows *flows, enum flows_order order,
		flows_ended_t *show, void *arg);

#endif /* _REPLAY_FLOWS_H */
