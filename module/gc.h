/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The end of flows: expiry, eviction, flush.
 */
#ifndef _TCT_GC_H
#define _TCT_GC_H

#include <linux/workqueue.h>

struct tct_table;

/** tct_gc_work() - expire what is due, in slices; struct tct_table.gc */
void tct_gc_work(struct work_struct *work);

/** tct_gc_flush() - free all flows of a table. Context: process. */
void tct_gc_flush(struct tct_table *table);

#endif /* _TCT_GC_H */
