// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>

#include "stats.h"

static const char * const tct_stat_names[TCT_STAT_MAX] = {
#define X(name) [TCT_STAT_##name] = #name,
	TCT_STATS(X)
#undef X
};

const char *tct_stat_name(enum tct_stat which)
{
	return tct_stat_names[which];
}

u64 tct_stats_sum(const struct tct_stats __percpu *stats, enum tct_stat which)
{
	u64 sum = 0;
	int cpu;

	if (!stats)
		return 0;
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->count[which]);
	return sum;
}

unsigned long tct_stats_pair(const struct tct_stats __percpu *stats,
			     enum tct_state initiator, enum tct_state responder)
{
	unsigned int i = initiator * TCT_STATE_MAX + responder;
	long sum = 0;
	int cpu;

	if (!stats)
		return 0;
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->pair[i]);
	/* CPUs are read one after the other: a flow that moves meanwhile may
	 * be missed in both or counted as -1
	 */
	return max(sum, 0L);
}
