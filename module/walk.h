/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A walk over the table, one bucket a step under its lock.
 */
#ifndef _TCT_WALK_H
#define _TCT_WALK_H

#include "table.h"

/**
 * struct tct_walk - where a walk stands
 * @number: of the table that it began with; 0: there was none
 * @cursor: bucket of the next step, counted in reversed bits
 * @done: no step is left
 * @torn: ... because that table was gone: not all flows were seen
 * @snap: flows of the last step
 * @n: how many
 * @room: how many fit
 *
 * It may be kept for as long as one likes: it refers to nothing.  Each flow
 * that lives from the first step to the last is seen exactly once, growth
 * included: the cursor counts with its bits reversed, so that the buckets into
 * which one splits take its place in the order.
 */
struct tct_walk {
	u64 number;
	u32 cursor;
	bool done;
	bool torn;
	struct tct_snapshot *snap;
	unsigned int n;
	unsigned int room;
};

/**
 * tct_walk_init() - prepare a walk
 * @walk: what to set up
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int tct_walk_init(struct tct_walk *walk);

/**
 * tct_walk_exit() - free what a walk holds
 * @walk: the walk
 *
 * Context: process.
 */
void tct_walk_exit(struct tct_walk *walk);

/**
 * tct_walk_start() - begin at the first bucket
 * @walk: the walk
 * @slot: where the namespace's table is published; NULL there: off, no flows
 */
void tct_walk_start(struct tct_walk *walk, struct tct_table __rcu **slot);

/**
 * tct_walk_step() - take snapshots of the next bucket that has flows
 * @walk: the walk
 * @slot: as above; if the table is another one by now, the walk is over
 *
 * Context: process; may sleep.
 * Return: number of flows in @walk->snap; 0: the end; -ENOMEM; -EINTR: a fatal
 * signal is pending.
 */
int tct_walk_step(struct tct_walk *walk, struct tct_table __rcu **slot);

#endif /* _TCT_WALK_H */
