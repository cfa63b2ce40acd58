// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "flow.h"

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
	BUILD_BUG_ON(offsetof(struct tct_flow, created) > 192);
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

bool tct_flow_set_detail(struct tct_flow *flow, bool want)
{
	lockdep_assert_held(&flow->lock);

	if (want == !!flow->detail)
		return true;
	if (want) {
		flow->detail = kmem_cache_zalloc(tct_detail_cache,
						 GFP_ATOMIC | __GFP_NOWARN);
		return flow->detail;
	}
	kmem_cache_free(tct_detail_cache, flow->detail);
	flow->detail = NULL;
	return true;
}

void tct_flow_record(struct tct_flow *flow, u64 now)
{
	struct tct_detail *detail = flow->detail;
	struct tct_change *change;

	lockdep_assert_held(&flow->lock);

	if (!detail)
		return;
	change = &detail->history[detail->next];
	change->when = now;
	change->initiator = flow->fsm.end[0].state;
	change->responder = flow->fsm.end[1].state;
	change->why = flow->fsm.reason;
	detail->next = (detail->next + 1) % TCT_HISTORY;
	detail->changes = min(detail->changes + 1, TCT_HISTORY);
}

void tct_flow_snapshot(struct tct_flow *flow, struct tct_snapshot *snap)
{
	spin_lock(&flow->lock);
	snap->key = flow->key;
	snap->fsm = flow->fsm;
	memcpy(snap->packets, flow->packets, sizeof(snap->packets));
	memcpy(snap->bytes, flow->bytes, sizeof(snap->bytes));
	snap->created = flow->created;
	snap->seen = flow->seen;
	snap->deadline = flow->deadline;
	snap->rtt = flow->rtt;
	snap->rtt_known = flow->rtt && !flow->rtt_open;
	snap->class = flow->class;
	snap->initiator_high = flow->initiator_high;
	snap->has_detail = flow->detail;
	if (flow->detail)
		snap->detail = *flow->detail;
	spin_unlock(&flow->lock);
}
