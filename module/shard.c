// SPDX-License-Identifier: GPL-2.0
#include <linux/math64.h>
#include <linux/minmax.h>

#include "shard.h"

void tct_shard_init(struct tct_shard *shard, u64 now)
{
	unsigned int i, j;

	spin_lock_init(&shard->lock);
	shard->tick = div_u64(now, TCT_WHEEL_TICK);
	shard->level = TCT_WHEEL_LEVELS;
	shard->filed = 0;
	INIT_HLIST_HEAD(&shard->due);
	for (i = 0; i < TCT_CLASS_MAX; i++)
		INIT_LIST_HEAD(&shard->queue[i]);
	for (i = 0; i < TCT_WHEEL_LEVELS; i++)
		for (j = 0; j < TCT_WHEEL_SLOTS; j++)
			INIT_HLIST_HEAD(&shard->slot[i][j]);
}

/* The first tick of the wheel that begins after the deadline */
static u64 tct_wheel_due(u32 deadline, u64 now)
{
	return div_u64(now + (s32)(deadline - (u32)now), TCT_WHEEL_TICK) + 1;
}

bool tct_shard_is_due(u32 deadline, u64 now)
{
	return tct_wheel_due(deadline, now) <= div_u64(now, TCT_WHEEL_TICK);
}

/* established and half-closed flows are never evicted: no queue to keep */
static bool tct_class_is_queued(unsigned int class)
{
	return class != TCT_CLASS_ESTABLISHED && class != TCT_CLASS_HALF_CLOSED;
}

/* A slot is never late: on the coarse levels it comes round early, and the flow
 * is filed again on a finer one.
 */
static struct hlist_head *tct_wheel_slot(struct tct_shard *shard,
					 u32 deadline, u64 now)
{
	u64 tick = max(div_u64(now, TCT_WHEEL_TICK), shard->tick);
	u64 due = tct_wheel_due(deadline, now);
	unsigned int level = 0;
	u32 ahead;

	/* nothing is filed into a past that the wheel has left, even if
	 * another CPU has turned it since @now was read
	 */
	ahead = due > tick ? due - tick : 1;
	while (ahead >= (TCT_WHEEL_SLOTS - 1) << (level * TCT_WHEEL_SHIFT)) {
		if (level == TCT_WHEEL_LEVELS - 1) {
			ahead = ((TCT_WHEEL_SLOTS - 1) <<
				 (level * TCT_WHEEL_SHIFT)) - 1;
			break;
		}
		level++;
	}
	tick = (tick + ahead) >> (level * TCT_WHEEL_SHIFT);
	return &shard->slot[level][tick & (TCT_WHEEL_SLOTS - 1)];
}

static void __tct_shard_file(struct tct_shard *shard, struct tct_flow *flow,
			     u64 now)
{
	lockdep_assert_held(&shard->lock);

	/* an empty wheel need not be turned to the present */
	if (!shard->filed++) {
		shard->tick = div_u64(now, TCT_WHEEL_TICK);
		shard->level = TCT_WHEEL_LEVELS;
	}
	hlist_add_head(&flow->wheel,
		       tct_wheel_slot(shard, flow->deadline, now));
	if (tct_class_is_queued(flow->class))
		list_add_tail(&flow->queue, &shard->queue[flow->class]);
	else
		INIT_LIST_HEAD(&flow->queue);
}

static void __tct_shard_claim(struct tct_shard *shard, struct tct_flow *flow)
{
	lockdep_assert_held(&shard->lock);

	shard->filed--;
	hlist_del_init(&flow->wheel);
	list_del_init(&flow->queue);
}

void tct_shard_file(struct tct_shard *shard, struct tct_flow *flow, u64 now)
{
	lockdep_assert_held(&flow->lock);

	spin_lock(&shard->lock);
	__tct_shard_file(shard, flow, now);
	spin_unlock(&shard->lock);
}

void tct_shard_move(struct tct_shard *shard, struct tct_flow *flow, u64 now)
{
	lockdep_assert_held(&flow->lock);

	spin_lock(&shard->lock);
	if (!hlist_unhashed(&flow->wheel)) {
		__tct_shard_claim(shard, flow);
		__tct_shard_file(shard, flow, now);
	}
	spin_unlock(&shard->lock);
}

bool tct_shard_claim(struct tct_shard *shard, struct tct_flow *flow)
{
	bool filed;

	lockdep_assert_held(&flow->lock);

	spin_lock(&shard->lock);
	filed = !hlist_unhashed(&flow->wheel);
	if (filed)
		__tct_shard_claim(shard, flow);
	spin_unlock(&shard->lock);
	return filed;
}

/* Turn the wheel until something is due. Return: false at the present. */
static bool __tct_wheel_turn(struct tct_shard *shard, u64 target)
{
	unsigned int shift;

	lockdep_assert_held(&shard->lock);

	while (hlist_empty(&shard->due)) {
		if (shard->level == TCT_WHEEL_LEVELS) {
			if (!shard->filed || shard->tick >= target)
				return false;
			shard->tick++;
			shard->level = 0;
		}
		shift = shard->level * TCT_WHEEL_SHIFT;
		if (shard->tick & ((1ULL << shift) - 1)) {
			/* the coarser levels' slots do not begin here */
			shard->level = TCT_WHEEL_LEVELS;
			continue;
		}
		hlist_move_list(&shard->slot[shard->level]
				[(shard->tick >> shift) & (TCT_WHEEL_SLOTS - 1)],
				&shard->due);
		shard->level++;
	}
	return true;
}

unsigned int tct_shard_claim_due(struct tct_shard *shard,
				 struct tct_flow **flows, unsigned int max,
				 u64 now)
{
	u64 target = div_u64(now, TCT_WHEEL_TICK);
	unsigned int n = 0;

	spin_lock(&shard->lock);
	while (n < max && __tct_wheel_turn(shard, target)) {
		flows[n] = hlist_entry(shard->due.first, struct tct_flow,
				       wheel);
		__tct_shard_claim(shard, flows[n++]);
	}
	spin_unlock(&shard->lock);
	return n;
}

struct tct_flow *tct_shard_claim_oldest(struct tct_shard *shard,
					enum tct_class class)
{
	struct tct_flow *flow;

	if (list_empty(&shard->queue[class]))
		return NULL;
	spin_lock(&shard->lock);
	flow = list_first_entry_or_null(&shard->queue[class], struct tct_flow,
					queue);
	if (flow)
		__tct_shard_claim(shard, flow);
	spin_unlock(&shard->lock);
	return flow;
}

unsigned int tct_shard_claim_any(struct tct_shard *shard,
				 struct tct_flow **flows, unsigned int max)
{
	unsigned int n = 0, i = 0;
	struct hlist_head *head;

	spin_lock(&shard->lock);
	head = &shard->due;
	while (n < max) {
		if (!hlist_empty(head)) {
			flows[n] = hlist_entry(head->first, struct tct_flow,
					       wheel);
			__tct_shard_claim(shard, flows[n++]);
		} else if (i < TCT_WHEEL_LEVELS * TCT_WHEEL_SLOTS) {
			head = &shard->slot[i / TCT_WHEEL_SLOTS]
					   [i % TCT_WHEEL_SLOTS];
			i++;
		} else {
			break;
		}
	}
	spin_unlock(&shard->lock);
	return n;
}
