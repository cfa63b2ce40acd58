// SPDX-License-Identifier: GPL-2.0
/*
 * Buckets: look-up, insertion, growth.
 */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "account.h"
#include "lookup.h"

#define TCT_TABLE_MAX_BUCKETS	BIT(26)
#define TCT_TABLE_MAX_SHARDS	16

/* numbers the arrays, so that equal buckets of two end in different markers */
static atomic_t tct_array_number = ATOMIC_INIT(0);
static atomic64_t tct_table_number = ATOMIC64_INIT(0);

/* arrays larger than the first are counted where the namespace is a child */
static bool tct_array_is_charged(const struct tct_table *table, u32 buckets)
{
	return table->child && buckets > TCT_TABLE_MIN_BUCKETS;
}

static void tct_array_free(const struct tct_table *table,
			   struct tct_array *array)
{
	if (tct_array_is_charged(table, array->mask + 1))
		tct_limit_uncharge_buckets(array->mask + 1);
	kvfree(array);
}

static struct tct_array *tct_array_alloc(u32 buckets)
{
	struct tct_array *array;
	u32 i;

	/* rather long chains than somebody killed for want of memory */
	array = kvmalloc(struct_size(array, bucket, buckets),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN |
			 __GFP_RETRY_MAYFAIL);
	if (!array)
		return NULL;
	RCU_INIT_POINTER(array->next, NULL);
	array->mask = buckets - 1;
	/* one bit of the marker is spent on being odd */
	array->nulls = atomic_inc_return(&tct_array_number) & 0x3fffffff;
	for (i = 0; i < buckets; i++) {
		INIT_HLIST_NULLS_HEAD(&array->bucket[i],
				      tct_bucket_nulls(array, i));
		if (!(i % 65536))
			cond_resched();
	}
	return array;
}

/* Beyond one flow a bucket; after a growth that failed, a second later */
static void tct_table_want_growth(struct tct_table *table,
				  const struct tct_array *array)
{
	if (likely(atomic_read(&table->count) <= array->mask + 1) ||
	    array->mask + 1 >= TCT_TABLE_MAX_BUCKETS ||
	    READ_ONCE(table->dying) ||
	    time_before(jiffies, READ_ONCE(table->grow_after)))
		return;
	queue_work(system_unbound_wq, &table->grow);
}

struct tct_flow *tct_table_find_slow(struct tct_table *table,
				     const struct tct_key *key, u32 hash,
				     struct tct_flow *fresh)
{
	spinlock_t *lock = tct_table_lock(table, hash);
	struct tct_array *array, *next;
	struct tct_flow *flow;

	spin_lock(lock);
	flow = tct_table_look(table, key, hash, tct_key_is_ipv4(key));
	if (!flow)
		flow = fresh;
	if (flow) {
		spin_lock(&flow->lock);
		__release(&flow->lock);	/* sparse: as above */
	}
	if (flow && flow == fresh) {
		flow->key = *key;
		flow->hash = hash;
		array = rcu_dereference(table->array);
		next = rcu_dereference(array->next);
		if (next)
			array = next;
		/* Publishes the flow: whoever finds it waits for its lock */
		hlist_nulls_add_head_rcu(&flow->node,
					 &array->bucket[hash & array->mask]);
		tct_table_want_growth(table, array);
	}
	spin_unlock(lock);
	return flow;
}

static bool tct_table_take(struct tct_table *table, struct tct_snapshot *snap)
{
	u32 hash = tct_key_hash(&snap->key, &table->secret);
	spinlock_t *lock = tct_table_lock(table, hash);
	struct tct_flow *flow;

	spin_lock_bh(lock);
	flow = tct_table_find(table, &snap->key, hash,
			      tct_key_is_ipv4(&snap->key));
	if (flow) {
		__acquire(&flow->lock);	/* sparse: it was locked when found */
		spin_unlock(&flow->lock);
		/* the bucket's lock keeps it alive */
		tct_flow_snapshot(flow, snap);
	}
	spin_unlock_bh(lock);
	return flow;
}

bool tct_table_snapshot(struct tct_table __rcu **slot, u64 same,
			struct tct_snapshot *snap)
{
	struct tct_table *table;
	bool found = false;

	rcu_read_lock();
	table = rcu_dereference(*slot);
	if (table && (!same || table->number == same))
		found = tct_table_take(table, snap);
	rcu_read_unlock();
	return found;
}

void __tct_table_kill(struct tct_table *table, struct tct_flow *flow)
{
	lockdep_assert_held(tct_table_lock(table, flow->hash));
	lockdep_assert_held(&flow->lock);

	hlist_nulls_del_rcu(&flow->node);
	flow->key.meta = 0;
	tct_flow_set_detail(flow, false, 0);
	this_cpu_dec(table->stats->pair[tct_flow_pair(flow)]);
	if (flow->class == TCT_CLASS_HALF_OPEN)
		atomic_dec(&table->half_open);
	atomic_dec(&table->count);
	tct_limit_uncharge(table->child);
}

void tct_table_settle(struct tct_table *table, struct tct_flow *flow, int old,
		      u64 now)
{
	struct tct_shard *shard = tct_table_shard(table, flow->hash);
	unsigned int settled;
	u8 was;

	lockdep_assert_held(&flow->lock);

	if (old >= 0)
		this_cpu_dec(table->stats->pair[old]);
	this_cpu_inc(table->stats->pair[tct_flow_pair(flow)]);

	if (old < 0)
		flow->class = TCT_CLASS_HALF_OPEN;	/* as reserved */
	was = flow->class;
	settled = tct_account_settle(flow, rcu_dereference(table->config), now);
	if (settled & TCT_SETTLED_NOMEM)
		tct_table_stat(table, detail_nomem);
	if (was != flow->class && was == TCT_CLASS_HALF_OPEN)
		atomic_dec(&table->half_open);
	if (was != flow->class && flow->class == TCT_CLASS_HALF_OPEN)
		atomic_inc(&table->half_open);

	if (old < 0)
		tct_shard_file(shard, flow, now);
	else if (settled & TCT_SETTLED_REFILE)
		tct_shard_move(shard, flow, now);
}

/* Context: process. A lock covers what bucket @i is, and what it becomes. */
static void tct_table_move_bucket(struct tct_table *table,
				  struct tct_array *from, struct tct_array *to,
				  u32 i)
{
	spinlock_t *lock = tct_table_lock(table, i);
	struct hlist_nulls_node *n;
	struct tct_flow *flow;

	spin_lock_bh(lock);
	while (!is_a_nulls(n = from->bucket[i].first)) {
		flow = hlist_nulls_entry(n, struct tct_flow, node);
		hlist_nulls_del_rcu(&flow->node);
		hlist_nulls_add_head_rcu(&flow->node,
					 &to->bucket[flow->hash & to->mask]);
	}
	spin_unlock_bh(lock);
}

static struct tct_array *tct_table_larger(struct tct_table *table, u32 buckets)
{
	bool charged = tct_array_is_charged(table, buckets);
	struct tct_array *array;

	if (charged && !tct_limit_charge_buckets(buckets))
		return NULL;
	array = tct_array_alloc(buckets);
	if (!array && charged)
		tct_limit_uncharge_buckets(buckets);
	return array;
}

static void tct_table_grow(struct work_struct *work)
{
	struct tct_table *table = container_of(work, struct tct_table, grow);
	struct tct_array *from, *to;
	u32 i;

	/* only this worker changes it */
	from = rcu_dereference_protected(table->array, true);
	while (!READ_ONCE(table->dying) &&
	       atomic_read(&table->count) > from->mask + 1 &&
	       from->mask + 1 < TCT_TABLE_MAX_BUCKETS) {
		to = tct_table_larger(table, 2 * (from->mask + 1));
		if (!to) {
			tct_table_stat(table, table_nomem);
			WRITE_ONCE(table->grow_after, jiffies + HZ);
			return;
		}
		/* From here on new flows go to the new array.  One inserted
		 * into the old by who did not see this yet is moved below: he
		 * held the bucket's lock.
		 */
		rcu_assign_pointer(from->next, to);
		for (i = 0; i <= from->mask; i++) {
			tct_table_move_bucket(table, from, to, i);
			cond_resched();
		}
		rcu_assign_pointer(table->array, to);
		tct_table_stat(table, table_grown);
		synchronize_rcu();
		tct_array_free(table, from);
		from = to;
	}
}

static struct tct_shard *tct_table_alloc_shards(unsigned int n)
{
	struct tct_shard *shard;
	unsigned int i;

	shard = kvcalloc(n, sizeof(*shard), GFP_KERNEL_ACCOUNT);
	for (i = 0; shard && i < n; i++)
		tct_shard_init(&shard[i], get_jiffies_64());
	return shard;
}

struct tct_table *tct_table_alloc(u32 netid, bool child,
				  struct tct_config *config)
{
	struct tct_array *array = tct_array_alloc(TCT_TABLE_MIN_BUCKETS);
	struct tct_table *table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	unsigned int i, shards;

	shards = clamp_t(unsigned int, roundup_pow_of_two(num_possible_cpus()),
			 1, TCT_TABLE_MAX_SHARDS);
	if (!array || !table)
		goto err_table;
	table->stats = alloc_percpu_gfp(struct tct_stats, GFP_KERNEL_ACCOUNT);
	table->shard = tct_table_alloc_shards(shards);
	table->lock = kvmalloc_array(TCT_TABLE_LOCKS, sizeof(*table->lock),
				     GFP_KERNEL_ACCOUNT);
	if (!table->stats || !table->shard || !table->lock)
		goto err_parts;

	for (i = 0; i < TCT_TABLE_LOCKS; i++)
		spin_lock_init(&table->lock[i]);
	get_random_bytes(&table->secret, sizeof(table->secret));
	table->netid = netid;
	table->number = atomic64_inc_return(&tct_table_number);
	table->child = child;
	table->shard_mask = shards - 1;
	table->grow_after = jiffies;
	RCU_INIT_POINTER(table->array, array);
	RCU_INIT_POINTER(table->config, config);
	INIT_WORK(&table->grow, tct_table_grow);
	return table;

err_parts:
	kvfree(table->lock);
	kvfree(table->shard);
	free_percpu(table->stats);
err_table:
	kfree(table);
	kvfree(array);
	return NULL;
}

void tct_table_stop(struct tct_table *table)
{
	WRITE_ONCE(table->dying, true);
	cancel_work_sync(&table->grow);
}

void tct_table_free(struct tct_table *table)
{
	WARN_ON_ONCE(atomic_read(&table->count));

	tct_array_free(table, rcu_dereference_protected(table->array, true));
	kvfree(table->lock);
	kvfree(table->shard);
	free_percpu(table->stats);
	kfree(table);
}
