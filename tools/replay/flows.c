// SPDX-License-Identifier: GPL-2.0
/*
 * What table.c, gc.c and packet.c do in the kernel, for one thread: look-up,
 * expiry, and who calls whom.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <linux/minmax.h>

#include "flows.h"

#define FLOWS_MIN_SLOTS	1024
#define FLOWS_BATCH	32
#define FLOWS_AHEAD	8	/* when all are shown */
#define CACHE_LINE	64
#define NSEC_PER_TICK	(1000000000ULL / HZ)

/* Deadlines are compared as 32-bit differences: time goes in steps, each longer
 * than any timeout.  So a clock that jumps costs no more than what lives.
 */
#define FLOWS_STEP	(30ULL * 24 * 60 * 60 * HZ)

/* Those of a namespace whose sysctls nobody has touched */
static const struct tct_config flows_config = {
	.timeout = {
		[TCT_CLASS_HALF_OPEN]	= 131 * HZ,
		[TCT_CLASS_ESTABLISHED]	= 5U * 24 * 60 * 60 * HZ,
		[TCT_CLASS_HALF_CLOSED]	= 5U * 24 * 60 * 60 * HZ,
		[TCT_CLASS_CLOSING]	= 300 * HZ,
		[TCT_CLASS_TIME_WAIT]	= 60 * HZ,
		[TCT_CLASS_CLOSED]	= 10 * HZ,
	},
	/* but for this: what else would one replay a capture for? */
	.keep_detail = true,
};

/**
 * struct flows_slot - where a flow is found
 * @flow: or NULL
 * @hash: of its key
 * @serial: in the order of first packets; wraps
 */
struct flows_slot {
	struct tct_flow *flow;
	u32 hash;
	u32 serial;
};

bool flows_init(struct flows *flows, flows_ended_t *ended, void *arg)
{
	memset(flows, 0, sizeof(*flows));
	flows->ended = ended;
	flows->arg = arg;
	if (tct_flow_cache_init())
		return false;
	flows->slot = calloc(FLOWS_MIN_SLOTS, sizeof(*flows->slot));
	if (!flows->slot)
		return false;
	flows->mask = FLOWS_MIN_SLOTS - 1;
	/* without it the table works, too */
	if (getrandom(&flows->secret, sizeof(flows->secret), GRND_NONBLOCK) < 0)
		memset(&flows->secret, 0, sizeof(flows->secret));
	tct_shard_init(&flows->shard, 0);
	return true;
}

static void flows_free(struct tct_flow *flow)
{
	tct_flow_set_detail(flow, false, 0);
	tct_flow_free(flow);
}

void flows_exit(struct flows *flows)
{
	u32 i;

	for (i = 0; flows->slot && i <= flows->mask; i++)
		if (flows->slot[i].flow)
			flows_free(flows->slot[i].flow);
	free(flows->slot);
	flows->slot = NULL;
	tct_flow_cache_exit();
}

/* Return: the key's slot, or the empty one where it would be. */
static struct flows_slot *flows_find(const struct flows *flows,
				     const struct tct_key *key, u32 hash)
{
	struct flows_slot *slot;
	u32 i;

	for (i = hash;; i++) {
		slot = &flows->slot[i & flows->mask];
		if (!slot->flow || (slot->hash == hash &&
				    tct_key_equal(&slot->flow->key, key)))
			return slot;
	}
}

static bool flows_grow(struct flows *flows)
{
	struct flows_slot *old = flows->slot, *slot;
	u32 i, at, n = flows->mask + 1;

	/* the mask is of 32 bits */
	slot = n < 1U << 31 ? calloc(2UL * n, sizeof(*slot)) : NULL;
	if (!slot)
		return false;
	flows->slot = slot;
	flows->mask = 2 * n - 1;
	for (i = 0; i < n; i++) {
		if (!old[i].flow)
			continue;
		for (at = old[i].hash; slot[at & flows->mask].flow; at++)
			;
		slot[at & flows->mask] = old[i];
	}
	free(old);
	return true;
}

/* Take the slot's flow out, and close the gap */
static void flows_remove(struct flows *flows, struct flows_slot *slot)
{
	u32 gap = slot - flows->slot, i = gap;

	for (;;) {
		slot = &flows->slot[++i & flows->mask];
		if (!slot->flow)
			break;
		/* it may move back as far as where its hash says */
		if (((i - slot->hash) & flows->mask) >=
		    ((i - gap) & flows->mask)) {
			flows->slot[gap & flows->mask] = *slot;
			gap = i;
		}
	}
	flows->slot[gap & flows->mask].flow = NULL;
	flows->count--;
}

static void flows_end(struct flows *flows, struct tct_flow *flow, u64 now)
{
	struct tct_snapshot snap;

	tct_flow_snapshot(flow, &snap);
	snap.expired = true;
	flows->ended(flows->arg, &snap, now);
	flows_remove(flows, flows_find(flows, &flow->key, flow->hash));
	flows_free(flow);
}

/* The time of the flow was over at @when. Return: whether it goes on. */
static bool flows_time_out(struct tct_flow *flow, u64 when)
{
	if (flow->fsm.flags & TCT_F_ACCEPT_WAIT &&
	    (s32)(flow->fsm.synack_due - (u32)when) > 0) {
		/* repeated since: the wait begins again */
		flow->deadline = flow->fsm.synack_due;
		return true;
	}
	if (!tct_fsm_timeout(&flow->fsm, when))
		return false;
	tct_account_settle(flow, &flows_config, when);
	return true;
}

/* The flow has been claimed, since its slot came round until @limit */
static void flows_expire(struct flows *flows, struct tct_flow *flow, u64 limit)
{
	u64 when;

	while (tct_shard_is_due(flow->deadline, limit)) {
		/* what follows happens at the deadline, not when we look */
		when = limit + (s32)(flow->deadline - (u32)limit);
		if (!flows_time_out(flow, when)) {
			flows_end(flows, flow, when);
			return;
		}
	}
	tct_shard_file(&flows->shard, flow, limit);
}

static void flows_turn(struct flows *flows, u64 limit)
{
	struct tct_flow *flow[FLOWS_BATCH];
	unsigned int i, n;

	do {
		n = tct_shard_claim_due(&flows->shard, flow, FLOWS_BATCH,
					limit);
		for (i = 0; i < n; i++)
			flows_expire(flows, flow[i], limit);
	} while (n);
}

void flows_advance(struct flows *flows, u64 when)
{
	u64 target = when / NSEC_PER_TICK, limit;

	if (target <= flows->now)
		return;
	do {
		limit = target;
		if (flows->count)
			limit = min(target, flows->now + FLOWS_STEP);
		flows_turn(flows, limit);
		flows->now = limit;
	} while (limit != target);
}

u32 flows_hash(const struct flows *flows, const struct tct_key *key)
{
	u32 hash = tct_key_hash(key, &flows->secret);

	__builtin_prefetch(&flows->slot[hash & flows->mask]);
	return hash;
}

static void flows_prefetch(const void *at, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i += CACHE_LINE)
		__builtin_prefetch((const char *)at + i, 1);
}

void flows_fetch(const struct flows *flows, u32 hash)
{
	const struct flows_slot *slot = &flows->slot[hash & flows->mask];

	if (slot->flow)
		flows_prefetch(slot->flow, sizeof(*slot->flow));
}

void flows_fetch_detail(const struct flows *flows, u32 hash)
{
	const struct flows_slot *slot = &flows->slot[hash & flows->mask];

	if (slot->flow && slot->flow->detail)
		flows_prefetch(slot->flow->detail, sizeof(struct tct_detail));
}

static void flows_refresh(struct tct_flow *flow, u64 now)
{
	flow->deadline = (u32)now + flows_config.timeout[flow->class];
}

static enum flows_result flows_open(struct flows *flows,
				    struct flows_slot *slot,
				    const struct tct_parsed *p, u32 hash)
{
	struct tct_flow *flow;

	if (p->seg.flags & TCT_RST)
		return FLOWS_RST;
	if (flows->count > flows->mask / 2) {
		if (!flows_grow(flows))
			return FLOWS_NOMEM;
		slot = flows_find(flows, &p->key, hash);
	}
	flow = tct_flow_alloc();
	if (!flow)
		return FLOWS_NOMEM;
	flow->key = p->key;
	flow->hash = hash;
	tct_account_new(flow, p, flows->now);
	tct_account_settle(flow, &flows_config, flows->now);
	tct_shard_file(&flows->shard, flow, flows->now);
	slot->flow = flow;
	slot->hash = hash;
	slot->serial = flows->born++;
	flows->count++;
	if (flows->most < flows->count)
		flows->most = flows->count;
	return FLOWS_TRACKED;
}

/* What tct_predict() did not take */
static void flows_slow(struct flows *flows, struct flows_slot *slot,
		       const struct tct_parsed *p)
{
	struct tct_flow *flow = slot->flow;
	unsigned int settled;
	struct tct_snapshot old;
	u32 ev;

	ev = tct_account_slow(flow, p, flows->now);
	if (ev & TCT_EV_REUSE) {
		tct_flow_snapshot(flow, &old);
		flows->ended(flows->arg, &old, flows->now);
		ev |= tct_account_reuse(flow, p, flows->now);
		flows->reused++;
		slot->serial = flows->born++;
	}
	if (ev & (TCT_EV_STATE | TCT_EV_REUSE)) {
		settled = tct_account_settle(flow, &flows_config, flows->now);
		if (settled & TCT_SETTLED_REFILE)
			tct_shard_move(&flows->shard, flow, flows->now);
	} else if (tct_account_is_refreshed(flow, ev)) {
		flows_refresh(flow, flows->now);
	}
}

enum flows_result flows_track(struct flows *flows, const struct tct_parsed *p,
			      u32 hash)
{
	struct flows_slot *slot = flows_find(flows, &p->key, hash);

	struct tct_flow *flow = slot->flow;
	unsigned int end;

	if (!flow)
		return flows_open(flows, slot, p, hash);
	end = p->dir ^ flow->initiator_high;
	if (likely(tct_account_predicted(flow, &p->seg, end, flows->now)))
		flows_refresh(flow, flows->now);
	else
		flows_slow(flows, slot, p);
	return FLOWS_TRACKED;
}

/* What flows are sorted by */
struct flows_place {
	struct tct_flow *flow;
	u64 created;
	u32 serial;
};

/* Serials wrap, but hardly twice among the flows of one tick */
static int flows_compare_time(const void *va, const void *vb)
{
	const struct flows_place *a = va, *b = vb;

	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	return (s32)(a->serial - b->serial) < 0 ? -1 : 1;
}

/* By family, addresses and ports, as they are on the wire, low endpoint first */
static int flows_compare_key(const void *va, const void *vb)
{
	const struct tct_key *a = &((const struct flows_place *)va)->flow->key;
	const struct tct_key *b = &((const struct flows_place *)vb)->flow->key;
	int order = tct_key_is_ipv4(b) - tct_key_is_ipv4(a);

	if (!order)
		order = memcmp(a->addr, b->addr, sizeof(a->addr));
	if (!order)
		order = memcmp(&a->meta, &b->meta, sizeof(a->meta));
	return order;
}

static struct flows_place *flows_sort(const struct flows *flows,
				      enum flows_order order)
{
	struct flows_place *all;
	struct tct_flow *flow;
	u32 i, n = 0;

	/* one more: nothing is no size */
	all = malloc((flows->count + 1UL) * sizeof(*all));
	if (!all)
		return NULL;
	for (i = 0; i <= flows->mask; i++) {
		flow = flows->slot[i].flow;
		if (!flow)
			continue;
		all[n].flow = flow;
		all[n].created = (u64)flow->created_hi << 32 | flow->created_lo;
		all[n++].serial = flows->slot[i].serial;
	}
	qsort(all, n, sizeof(*all), order == FLOWS_BY_KEY ?
	      flows_compare_key : flows_compare_time);
	return all;
}

bool flows_each(struct flows *flows, enum flows_order order,
		flows_ended_t *show, void *arg)
{
	struct flows_place *all = flows_sort(flows, order);
	struct tct_snapshot snap;
	u32 i;

	if (!all)
		return false;
	for (i = 0; i < flows->count; i++) {
		if (i + FLOWS_AHEAD < flows->count)
			flows_prefetch(all[i + FLOWS_AHEAD].flow,
				       sizeof(*all->flow));
		tct_flow_snapshot(all[i].flow, &snap);
		show(arg, &snap, flows->now);
	}
	free(all);
	return true;
}
