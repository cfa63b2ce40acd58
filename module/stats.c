// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>

#include "stats.h"

static const char * const tct_stat_names[TCT_STAT_MAX] = {
	[TCT_STAT_packets_tracked] = "packets_tracked",
	[TCT_STAT_out_of_window] = "out_of_window",
	[TCT_STAT_retransmitted] = "retransmitted",
	[TCT_STAT_out_of_order] = "out_of_order",
	[TCT_STAT_paws_rejected] = "paws_rejected",
	[TCT_STAT_untracked_fragment] = "untracked_fragment",
	[TCT_STAT_untracked_short] = "untracked_short",
	[TCT_STAT_untracked_header] = "untracked_header",
	[TCT_STAT_untracked_flags] = "untracked_flags",
	[TCT_STAT_untracked_checksum] = "untracked_checksum",
	[TCT_STAT_untracked_rst] = "untracked_rst",
	[TCT_STAT_untracked_full] = "untracked_full",
	[TCT_STAT_untracked_nomem] = "untracked_nomem",
	[TCT_STAT_flows_created] = "flows_created",
	[TCT_STAT_flows_picked_up] = "flows_picked_up",
	[TCT_STAT_flows_reused] = "flows_reused",
	[TCT_STAT_detail_nomem] = "detail_nomem",
	[TCT_STAT_evicted_half_open] = "evicted_half_open",
	[TCT_STAT_evicted_closed] = "evicted_closed",
	[TCT_STAT_evicted_time_wait] = "evicted_time_wait",
	[TCT_STAT_evicted_closing] = "evicted_closing",
	[TCT_STAT_expired_half_open] = "expired_half_open",
	[TCT_STAT_expired_established] = "expired_established",
	[TCT_STAT_expired_half_closed] = "expired_half_closed",
	[TCT_STAT_expired_closing] = "expired_closing",
	[TCT_STAT_expired_time_wait] = "expired_time_wait",
	[TCT_STAT_expired_closed] = "expired_closed",
	[TCT_STAT_flows_deleted] = "flows_deleted",
	[TCT_STAT_table_grown] = "table_grown",
	[TCT_STAT_table_nomem] = "table_nomem",
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
