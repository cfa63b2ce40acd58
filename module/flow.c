// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "flow.h"
#include "letters.h"

static struct kmem_cache *tct_flow_cache __ro_after_init;
static struct kmem_cache *tct_detail_cache __ro_after_init;

/* Runs when the page is made, not at each allocation: what a late reader may
 * still look at survives the flow.
 */
static void tct_flow_ctor(void *obj)
{
	struct tct_flow *flow = obj;

	memset(flow, 0, sizeof(*flow));
	spin_lock_init(&flow->lock);
}

int __init tct_flow_cache_init(void)
{
#if !defined(CONFIG_DEBUG_SPINLOCK) && !defined(CONFIG_DEBUG_LOCK_ALLOC)
	BUILD_BUG_ON(offsetof(struct tct_flow, seen) != 64);
	BUILD_BUG_ON(offsetof(struct tct_flow, created_lo) > 192);
	/* the allocator's own pointer goes behind it: 256 with that */
	BUILD_BUG_ON(sizeof(struct tct_flow) > 248);
	BUILD_BUG_ON(sizeof(struct tct_detail) > 192);
#endif
	tct_flow_cache = kmem_cache_create("tcptrack_flow",
					   sizeof(struct tct_flow), 0,
					   SLAB_TYPESAFE_BY_RCU |
					   SLAB_HWCACHE_ALIGN, tct_flow_ctor);
	if (!tct_flow_cache)
		return -ENOMEM;
	tct_detail_cache = kmem_cache_create("tcptrack_detail",
					     sizeof(struct tct_detail), 0, 0,
					     NULL);
	if (!tct_detail_cache) {
		kmem_cache_destroy(tct_flow_cache);
		return -ENOMEM;
	}
	return 0;
}

void tct_flow_cache_exit(void)
{
	kmem_cache_destroy(tct_detail_cache);
	kmem_cache_destroy(tct_flow_cache);
}

struct tct_flow *tct_flow_alloc(void)
{
	return kmem_cache_alloc(tct_flow_cache, GFP_ATOMIC | __GFP_NOWARN);
}

void tct_flow_free(struct tct_flow *flow)
{
	kmem_cache_free(tct_flow_cache, flow);
}

/* With what happened before anybody counted it */
static void tct_detail_begin(const struct tct_flow *flow, u64 now)
{
	struct tct_detail *detail = flow->detail;
	const struct tct_fsm *fsm = &flow->fsm;
	unsigned int who;

	tct_letters_begin(detail, fsm);
	for (who = 0; who < 2; who++) {
		detail->end[who].retrans = flow->repeats[who];
		if (!(fsm->end[who].flags & TCT_END_ACKED) ||
		    fsm->end[who].window)
			continue;
		detail->end[who].zerowin = 1;
		detail->end[who].zerowin_time = -(u32)now;
	}
}

bool tct_flow_set_detail(struct tct_flow *flow, bool want, u64 now)
{
	unsigned int who;

	lockdep_assert_held(&flow->lock);

	if (want == !!flow->detail)
		return true;
	if (want) {
		flow->detail = kmem_cache_zalloc(tct_detail_cache,
						 GFP_ATOMIC | __GFP_NOWARN);
		if (!flow->detail)
			return false;
		tct_detail_begin(flow, now);
		return true;
	}
	/* an open RTT sample lies in it */
	for (who = 0; who < 2; who++)
		flow->fsm.end[who].flags &= ~TCT_END_TIMED;
	kmem_cache_free(tct_detail_cache, flow->detail);
	flow->detail = NULL;
	return true;
}

void tct_flow_record(struct tct_flow *flow, u64 now)
{
	struct tct_detail *detail = flow->detail;
	unsigned int at;

	lockdep_assert_held(&flow->lock);

	if (!detail)
		return;
	at = detail->next;
	detail->when_lo[at] = now;
	detail->when_hi[at] = now >> 32;
	detail->states[at] = flow->fsm.end[0].state << 4 |
			     flow->fsm.end[1].state;
	detail->why[at] = flow->fsm.reason;
	detail->next = (at + 1) % TCT_CHANGES;
	if (detail->changes < TCT_CHANGES)
		detail->changes++;
}

void __tct_flow_snapshot(const struct tct_flow *flow,
			 struct tct_snapshot *snap, bool detail)
{
	lockdep_assert_held(&flow->lock);

	snap->key = flow->key;
	snap->fsm = flow->fsm;
	memcpy(snap->packets, flow->packets, sizeof(snap->packets));
	memcpy(snap->bytes, flow->bytes, sizeof(snap->bytes));
	snap->created = tct_flow_created(flow);
	snap->seen = flow->seen;
	snap->deadline = flow->deadline;
	memcpy(snap->rtt, flow->rtt, sizeof(snap->rtt));
	snap->rtt_known = flow->rtt_known;
	snap->class = flow->class;
	snap->initiator_high = flow->initiator_high;
	snap->has_detail = detail && flow->detail;
	snap->expired = false;
	if (snap->has_detail)
		snap->detail = *flow->detail;
}

void tct_flow_snapshot(struct tct_flow *flow, struct tct_snapshot *snap)
{
	spin_lock(&flow->lock);
	__tct_flow_snapshot(flow, snap, true);
	spin_unlock(&flow->lock);
}

u32 tct_snapshot_zerowin(const struct tct_snapshot *snap, unsigned int who,
			 u64 now)
{
	u32 time = snap->detail.end[who].zerowin_time;

	if (snap->fsm.end[who].window ||
	    !(snap->fsm.end[who].flags & TCT_END_ACKED))
		return time;
	if (snap->class == TCT_CLASS_TIME_WAIT ||
	    snap->class == TCT_CLASS_CLOSED)
		return time + snap->seen;
	return time + (u32)now;
}
