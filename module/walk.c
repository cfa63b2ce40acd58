// SPDX-License-Identifier: GPL-2.0
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "walk.h"

#define TCT_WALK_ROOM	16	/* flows of a bucket, to begin with */
#define TCT_WALK_BATCH	128	/* buckets in one RCU read side */

int tct_walk_init(struct tct_walk *walk)
{
	memset(walk, 0, sizeof(*walk));
	walk->snap = kvmalloc_array(TCT_WALK_ROOM, sizeof(*walk->snap),
				    GFP_KERNEL_ACCOUNT);
	if (!walk->snap)
		return -ENOMEM;
	walk->room = TCT_WALK_ROOM;
	return 0;
}

void tct_walk_exit(struct tct_walk *walk)
{
	kvfree(walk->snap);
}

void tct_walk_start(struct tct_walk *walk, struct tct_table __rcu **slot)
{
	const struct tct_table *table;

	rcu_read_lock();
	table = rcu_dereference(*slot);
	walk->number = table ? table->number : 0;
	rcu_read_unlock();
	walk->cursor = 0;
	walk->n = 0;
	walk->done = !walk->number;
	walk->torn = false;
}

/* More room for a bucket that is longer than any before */
static int tct_walk_grow(struct tct_walk *walk, unsigned int need)
{
	unsigned int room = roundup_pow_of_two(need + 1);
	struct tct_snapshot *snap;

	snap = kvmalloc_array(room, sizeof(*snap), GFP_KERNEL_ACCOUNT);
	if (!snap)
		return -ENOMEM;
	kvfree(walk->snap);
	walk->snap = snap;
	walk->room = room;
	return 0;
}

/* Return: flows in the chain, which may be more than there is room for. */
static unsigned int tct_walk_chain(struct tct_walk *walk,
				   const struct tct_array *array, u32 i,
				   unsigned int n)
{
	struct hlist_nulls_node *node;
	struct tct_flow *flow;

	hlist_nulls_for_each_entry_rcu(flow, node, &array->bucket[i], node) {
		if (n < walk->room)
			tct_flow_snapshot(flow, &walk->snap[n]);
		n++;
	}
	return n;
}

/* Without its lock, so that a table of empty buckets costs little.  A growth moves
 * flows away only after it has published where to: who finds the chain empty
 * for that reason, and asks for @next after it, finds that.
 */
static bool tct_walk_is_empty(const struct tct_array *array, u32 i)
{
	const struct hlist_nulls_node *first;

	/* before @next is read; it was published before a flow was moved */
	first = smp_load_acquire(&array->bucket[i].first);
	return is_a_nulls(first) && !rcu_access_pointer(array->next);
}

/* Add one to the reversed number: the carry goes down from the highest bit */
static void tct_walk_advance(struct tct_walk *walk, u32 mask)
{
	u32 cursor = walk->cursor & mask, bit = (mask + 1) / 2;

	for (; cursor & bit; bit /= 2)
		cursor -= bit;
	walk->cursor = cursor | bit;
	walk->done = !bit;
}

/* One bucket of the array, and while the table grows those of the next array
 * that it becomes: one lock covers them.
 */
static unsigned int tct_walk_bucket(struct tct_walk *walk,
				    struct tct_table *table)
{
	/* its low bits are the bucket's in an array of any size */
	spinlock_t *lock = tct_table_lock(table, walk->cursor);
	struct tct_array *array, *next;
	unsigned int n;
	u32 i;

	array = rcu_dereference(table->array);
	i = walk->cursor & array->mask;
	if (tct_walk_is_empty(array, i)) {
		tct_walk_advance(walk, array->mask);
		return 0;
	}
	spin_lock_bh(lock);
	array = rcu_dereference(table->array);
	next = rcu_dereference(array->next);
	i = walk->cursor & array->mask;
	n = tct_walk_chain(walk, array, i, 0);
	if (next) {
		n = tct_walk_chain(walk, next, i, n);
		n = tct_walk_chain(walk, next, i | (array->mask + 1), n);
	}
	spin_unlock_bh(lock);
	if (n <= walk->room)
		tct_walk_advance(walk, array->mask);
	return n;
}

int tct_walk_step(struct tct_walk *walk, struct tct_table __rcu **slot)
{
	struct tct_table *table;
	unsigned int n, i;
	int err;

	walk->n = 0;
	while (!walk->done) {
		if (fatal_signal_pending(current))
			return -EINTR;
		n = 0;
		rcu_read_lock();
		table = rcu_dereference(*slot);
		if (!table || table->number != walk->number) {
			walk->torn = true;
			walk->done = true;
		}
		for (i = 0; i < TCT_WALK_BATCH && !walk->done && !n; i++)
			n = tct_walk_bucket(walk, table);
		rcu_read_unlock();
		if (n > walk->room) {
			err = tct_walk_grow(walk, n);
			if (err)
				return err;
			continue;
		}
		if (n) {
			walk->n = n;
			return n;
		}
		cond_resched();
	}
	return 0;
}
