// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "limit.h"

/* A flow takes up to about 460 bytes with its detail and its share of the
 * buckets: one for each 16 KiB of memory leaves 97 % to others.
 */
#define TCT_BYTES_PER_FLOW_SHIFT	14
#define TCT_DEFAULT_MAX_LEAST		16384UL
#define TCT_DEFAULT_MAX_MOST		1048576UL

unsigned int tct_limit_children __read_mostly;
unsigned int tct_limit_global __read_mostly;

static atomic_t tct_flows_children = ATOMIC_INIT(0);
static atomic_t tct_flows_all = ATOMIC_INIT(0);
static atomic64_t tct_buckets_children = ATOMIC64_INIT(0);

/* buckets that all children may have for each flow that they may have */
#define TCT_BUCKETS_PER_FLOW	4

unsigned int tct_limit_default_max(void)
{
	unsigned long flows = totalram_pages() >>
			      (TCT_BYTES_PER_FLOW_SHIFT - PAGE_SHIFT);

	return clamp(flows, TCT_DEFAULT_MAX_LEAST, TCT_DEFAULT_MAX_MOST);
}

void __init tct_limit_init(unsigned int max)
{
	tct_limit_children = tct_limit_default_max() / 4;
	tct_limit_global = min_t(u64, (u64)max + tct_limit_children, INT_MAX);
}

bool tct_limit_exceeded(bool child)
{
	if (child && atomic_read(&tct_flows_children) >
		     (int)READ_ONCE(tct_limit_children))
		return true;
	return atomic_read(&tct_flows_all) > (int)READ_ONCE(tct_limit_global);
}

bool tct_limit_charge(bool child)
{
	if (child)
		atomic_inc(&tct_flows_children);
	atomic_inc(&tct_flows_all);
	return !tct_limit_exceeded(child);
}

void tct_limit_uncharge(bool child)
{
	if (child)
		atomic_dec(&tct_flows_children);
	atomic_dec(&tct_flows_all);
}

bool tct_limit_charge_buckets(u32 buckets)
{
	s64 most = (s64)TCT_BUCKETS_PER_FLOW * READ_ONCE(tct_limit_children);

	if (atomic64_add_return(buckets, &tct_buckets_children) <= most)
		return true;
	tct_limit_uncharge_buckets(buckets);
	return false;
}

void tct_limit_uncharge_buckets(u32 buckets)
{
	atomic64_sub(buckets, &tct_buckets_children);
}
