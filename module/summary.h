/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What anybody may know of a namespace's flows: how many there are.
 */
#ifndef _TCT_SUMMARY_H
#define _TCT_SUMMARY_H

#include "netns.h"

/**
 * struct tct_summary - a namespace in numbers
 * @stats: its counters, by state pair too; NULL while tracking is off
 * @time_wait: flows in class TIME_WAIT
 * @flows: in the table
 * @flows_max: at most
 * @half_open: of @flows, half-open ones
 * @half_open_max: at most
 * @buckets: size of the hash table
 * @enabled: tracking is on; all but the caps is 0 otherwise
 */
struct tct_summary {
	const struct tct_stats __percpu *stats;
	unsigned long time_wait;
	u32 flows;
	u32 flows_max;
	u32 half_open;
	u32 half_open_max;
	u32 buckets;
	bool enabled;
};

/**
 * tct_summary_take() - sum a namespace up
 * @tn: the namespace
 * @summary: filled; its counters are there while @tn->lock is held
 *
 * Costs by the CPUs, not by the flows.
 *
 * Context: process, @tn->lock held.
 */
void tct_summary_take(struct tct_net *tn, struct tct_summary *summary);

#endif /* _TCT_SUMMARY_H */
