// SPDX-License-Identifier: GPL-2.0
#include "summary.h"

static unsigned long
tct_summary_time_wait(const struct tct_stats __percpu *stats)
{
	unsigned long n = tct_stats_pair(stats, TCT_TIME_WAIT, TCT_TIME_WAIT);

	return n + tct_stats_pair(stats, TCT_TIME_WAIT, TCT_CLOSED) +
	       tct_stats_pair(stats, TCT_CLOSED, TCT_TIME_WAIT);
}

void tct_summary_take(struct tct_net *tn, struct tct_summary *summary)
{
	struct tct_table *table;

	memset(summary, 0, sizeof(*summary));
	summary->flows_max = tn->config->max;
	summary->half_open_max = tn->config->half_open_max;
	table = rcu_dereference_protected(tn->table,
					  lockdep_is_held(&tn->lock));
	if (!table)
		return;
	summary->enabled = true;
	summary->stats = table->stats;
	summary->flows = max(atomic_read(&table->count), 0);
	summary->half_open = max(atomic_read(&table->half_open), 0);
	summary->time_wait = tct_summary_time_wait(table->stats);
	rcu_read_lock();
	summary->buckets = rcu_dereference(table->array)->mask + 1;
	rcu_read_unlock();
}
