// SPDX-License-Identifier: GPL-2.0
/*
 * The end of flows.  Each claims the flow from its shard (shard.h), so that two
 * ends cannot come to one flow.  All but deletion claim first; then bucket and
 * flow are locked, and what the claim was made for is looked at again.
 */
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include <uapi/linux/tcptrack.h>

#include "event.h"
#include "gc.h"
#include "lookup.h"

#define TCT_GC_BATCH	32			/* flows with BH off */
#define TCT_GC_SLICE	NSEC_PER_MSEC		/* then others run */

/* by class; established and half-closed flows are never evicted */
static const enum tct_stat tct_stat_expired[TCT_CLASS_MAX] = {
	[TCT_CLASS_HALF_OPEN]	= TCT_STAT_expired_half_open,
	[TCT_CLASS_ESTABLISHED]	= TCT_STAT_expired_established,
	[TCT_CLASS_HALF_CLOSED]	= TCT_STAT_expired_half_closed,
	[TCT_CLASS_CLOSING]	= TCT_STAT_expired_closing,
	[TCT_CLASS_TIME_WAIT]	= TCT_STAT_expired_time_wait,
	[TCT_CLASS_CLOSED]	= TCT_STAT_expired_closed,
};

/* All but reuse come here */
static void __tct_gc_kill(struct tct_table *table, struct tct_flow *flow,
			  int removal, u64 now)
{
	tct_event_end(table, flow, removal, now);
	__tct_table_kill(table, flow);
}

/* The time of the flow was over at @when. Return: whether it goes on. */
static bool tct_gc_time_out(struct tct_table *table, struct tct_flow *flow,
			    u64 when)
{
	int pair = tct_flow_pair(flow);

	if (flow->fsm.flags & TCT_F_ACCEPT_WAIT &&
	    (s32)(flow->fsm.synack_due - (u32)when) > 0) {
		/* repeated since: the wait begins again */
		WRITE_ONCE(flow->deadline, flow->fsm.synack_due);
		return true;
	}
	if (!tct_fsm_timeout(&flow->fsm, when))
		return false;
	tct_table_settle(table, flow, pair, when);
	tct_event_change(table, flow, pair, when);
	return true;
}

/* The claimed flow's time is over, unless it has been given more.
 * Return: whether it was killed.
 */
static bool tct_gc_expire(struct tct_table *table, struct tct_flow *flow,
			  u64 now)
{
	spinlock_t *lock = tct_table_lock(table, flow->hash);
	bool dead = false;

	spin_lock(lock);
	spin_lock(&flow->lock);
	/* what follows happens at the deadline, not when we look */
	while (!dead && tct_shard_is_due(flow->deadline, now))
		dead = !tct_gc_time_out(table, flow, now +
					(s32)(flow->deadline - (u32)now));
	if (dead) {
		this_cpu_inc(table->stats->count[tct_stat_expired[flow->class]]);
		__tct_gc_kill(table, flow, TCPTRACK_REMOVAL_EXPIRED, now);
	} else {
		tct_shard_file(tct_table_shard(table, flow->hash), flow, now);
	}
	spin_unlock(&flow->lock);
	spin_unlock(lock);
	return dead;
}

bool tct_gc_shard(struct tct_table *table, struct tct_shard *shard, u64 now)
{
	struct tct_flow *flow[TCT_GC_BATCH];
	unsigned int i, n;

	local_bh_disable();
	n = tct_shard_claim_due(shard, flow, TCT_GC_BATCH, now);
	for (i = 0; i < n; i++)
		if (tct_gc_expire(table, flow[i], now))
			tct_flow_free(flow[i]);
	local_bh_enable();
	return n;
}

static void tct_gc_work(struct work_struct *work)
{
	struct tct_table *table = container_of(to_delayed_work(work),
					       struct tct_table, gc);
	u64 until = ktime_get_ns() + TCT_GC_SLICE;
	unsigned long delay = TCT_WHEEL_TICK;
	unsigned int i;

	for (i = 0; i <= table->shard_mask && delay; i++) {
		/* tct_table_refresh() reads what sysctl publishes */
		rcu_read_lock();
		while (delay && tct_gc_shard(table, &table->shard[i],
					     get_jiffies_64()))
			if (ktime_get_ns() > until)
				delay = 0;
		rcu_read_unlock();
	}
	/* Whoever makes the count nonzero again starts us again */
	if (!READ_ONCE(table->dying) && atomic_read(&table->count))
		queue_delayed_work(system_unbound_wq, &table->gc, delay);
}

/* The table has its first flow: see to expiry */
static void tct_gc_start(struct tct_table *table)
{
	if (!READ_ONCE(table->dying))
		queue_delayed_work(system_unbound_wq, &table->gc,
				   TCT_WHEEL_TICK);
}

/* Kill the claimed flow if it is still in the class, else file it again.
 * Return: whether it was killed.
 */
static bool tct_gc_evict_one(struct tct_table *table, struct tct_flow *flow,
			     enum tct_class class)
{
	spinlock_t *lock = tct_table_lock(table, flow->hash);
	u64 now = get_jiffies_64();
	bool dead = false;

	spin_lock(lock);
	spin_lock(&flow->lock);
	if (flow->class == class) {
		__tct_gc_kill(table, flow, TCPTRACK_REMOVAL_EVICTED, now);
		dead = true;
	} else {
		tct_shard_file(tct_table_shard(table, flow->hash), flow, now);
	}
	spin_unlock(&flow->lock);
	spin_unlock(lock);
	if (dead)
		tct_flow_free(flow);
	return dead;
}

/* Evict the oldest of a class, from the shard that needs room if it has any.
 * Return: whether there was one.
 */
static bool tct_gc_evict(struct tct_table *table, u32 hash,
			 enum tct_class class, enum tct_stat stat)
{
	unsigned int i, at = tct_table_shard(table, hash) - table->shard;
	struct tct_shard *shard;
	struct tct_flow *flow;

	for (i = 0; i <= table->shard_mask; i++) {
		shard = &table->shard[(at + i) & table->shard_mask];
		flow = tct_shard_claim_oldest(shard, class);
		if (flow && tct_gc_evict_one(table, flow, class)) {
			this_cpu_inc(table->stats->count[stat]);
			return true;
		}
	}
	return false;
}

static bool tct_table_over(struct tct_table *table,
			   const struct tct_config *config)
{
	return atomic_read(&table->count) > (int)config->max ||
	       tct_limit_exceeded(table->child);
}

static bool tct_gc_make_room(struct tct_table *table, u32 hash,
			     const struct tct_config *config)
{
	/* twice: so that a cap that was lowered is reached in the end */
	int i;

	for (i = 0; i < 2 && atomic_read(&table->half_open) >
			     (int)config->half_open_max; i++)
		if (!tct_gc_evict(table, hash, TCT_CLASS_HALF_OPEN,
				  TCT_STAT_evicted_half_open))
			return false;
	for (i = 0; i < 2 && tct_table_over(table, config); i++)
		if (!tct_gc_evict(table, hash, TCT_CLASS_CLOSED,
				  TCT_STAT_evicted_closed) &&
		    !tct_gc_evict(table, hash, TCT_CLASS_TIME_WAIT,
				  TCT_STAT_evicted_time_wait) &&
		    !tct_gc_evict(table, hash, TCT_CLASS_CLOSING,
				  TCT_STAT_evicted_closing) &&
		    !tct_gc_evict(table, hash, TCT_CLASS_HALF_OPEN,
				  TCT_STAT_evicted_half_open))
			return false;
	return true;
}

bool tct_gc_reserve(struct tct_table *table, u32 hash)
{
	const struct tct_config *config = rcu_dereference(table->config);
	int count, half_open;
	bool over;

	/* counted first, so that two CPUs cannot both take the last place */
	half_open = atomic_inc_return(&table->half_open);
	count = atomic_inc_return(&table->count);
	over = !tct_limit_charge(table->child);
	over |= half_open > (int)config->half_open_max;
	over |= count > (int)config->max;
	if (unlikely(count == 1))
		tct_gc_start(table);
	if (likely(!over))
		return true;
	if (tct_gc_make_room(table, hash, config))
		return true;
	tct_gc_unreserve(table);
	return false;
}

void tct_gc_unreserve(struct tct_table *table)
{
	atomic_dec(&table->half_open);
	atomic_dec(&table->count);
	tct_limit_uncharge(table->child);
}

/* Locked here, unlike elsewhere, before it is claimed: it cannot die meanwhile */
static int __tct_gc_del(struct tct_table *table, struct tct_flow *flow,
			u64 created)
{
	if (tct_flow_created(flow) != created)
		return -ENOENT;
	if (!tct_shard_claim(tct_table_shard(table, flow->hash), flow))
		return -EAGAIN;
	__tct_gc_kill(table, flow, TCPTRACK_REMOVAL_DELETED, get_jiffies_64());
	tct_table_stat(table, flows_deleted);
	return 0;
}

int tct_gc_del(struct tct_table *table, const struct tct_snapshot *snap)
{
	u32 hash = tct_key_hash(&snap->key, &table->secret);
	spinlock_t *lock = tct_table_lock(table, hash);
	struct tct_flow *flow;
	int err = -ENOENT;

	spin_lock_bh(lock);
	flow = tct_table_find(table, &snap->key, hash,
			      tct_key_is_ipv4(&snap->key));
	if (flow) {
		__acquire(&flow->lock);	/* sparse: it was locked when found */
		err = __tct_gc_del(table, flow, snap->created);
		spin_unlock(&flow->lock);
	}
	spin_unlock_bh(lock);
	if (!err)
		tct_flow_free(flow);
	return err;
}

static void tct_gc_stop(struct tct_table *table, struct tct_flow *flow)
{
	spinlock_t *lock = tct_table_lock(table, flow->hash);

	spin_lock(lock);
	spin_lock(&flow->lock);
	__tct_gc_kill(table, flow, TCPTRACK_REMOVAL_STOPPED, get_jiffies_64());
	spin_unlock(&flow->lock);
	spin_unlock(lock);
	tct_flow_free(flow);
}

void tct_gc_init(struct tct_table *table)
{
	INIT_DELAYED_WORK(&table->gc, tct_gc_work);
}

void tct_gc_exit(struct tct_table *table)
{
	struct tct_flow *flow[TCT_GC_BATCH];
	unsigned int i, j, n;

	cancel_delayed_work_sync(&table->gc);
	for (i = 0; i <= table->shard_mask; i++) {
		do {
			local_bh_disable();
			n = tct_shard_claim_any(&table->shard[i], flow,
						TCT_GC_BATCH);
			for (j = 0; j < n; j++)
				tct_gc_stop(table, flow[j]);
			local_bh_enable();
			cond_resched();
		} while (n);
	}
}
