/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of a namespace, a copy a CPU.  /proc/net/stat/tcptrack shows the
 * sums by the names below.
 */
#ifndef _TCT_STATS_H
#define _TCT_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "fsm.h"

/* All count from when tracking was turned on */
enum tct_stat {
	/* segments (of a GRO or GSO packet, each) accounted to a flow */
	TCT_STAT_packets_tracked,
	/* segments that changed nothing, being out of their flow's window */
	TCT_STAT_out_of_window,
	/* segments that repeated what was already sent */
	TCT_STAT_retransmitted,
	/* segments that came after later ones, into a hole that was seen */
	TCT_STAT_out_of_order,
	/* segments with too old a timestamp: PAWS, RFC 7323 section 5 */
	TCT_STAT_paws_rejected,
	/* packets not tracked: fragments other than the first */
	TCT_STAT_untracked_fragment,
	/* ... shorter than their headers say */
	TCT_STAT_untracked_short,
	/* ... IP or TCP header malformed (lengths, data offset) */
	TCT_STAT_untracked_header,
	/* ... combination of flags that no stack sends or takes */
	TCT_STAT_untracked_flags,
	/* ... TCP checksum wrong */
	TCT_STAT_untracked_checksum,
	/* ... RST that belongs to no flow */
	TCT_STAT_untracked_rst,
	/* ... no flow made: a cap is reached and nothing may be evicted */
	TCT_STAT_untracked_full,
	/* ... no flow made: no memory */
	TCT_STAT_untracked_nomem,
	/* flows made, from a SYN or picked up */
	TCT_STAT_flows_created,
	/* ... of which the first segment seen was not a SYN */
	TCT_STAT_flows_picked_up,
	/* connections opened on the tuple of one that was over */
	TCT_STAT_flows_reused,
	/* flows that go without history and retransmissions: no memory */
	TCT_STAT_detail_nomem,
	/* flows evicted to make room, by class */
	TCT_STAT_evicted_half_open,
	TCT_STAT_evicted_closed,
	TCT_STAT_evicted_time_wait,
	TCT_STAT_evicted_closing,
	/* flows whose timeout passed, by class */
	TCT_STAT_expired_half_open,
	TCT_STAT_expired_established,
	TCT_STAT_expired_half_closed,
	TCT_STAT_expired_closing,
	TCT_STAT_expired_time_wait,
	TCT_STAT_expired_closed,
	/* flows deleted by request */
	TCT_STAT_flows_deleted,
	/* times the table grew */
	TCT_STAT_table_grown,
	/* times it could not, for want of memory or by the children's ceiling */
	TCT_STAT_table_nomem,
	TCT_STAT_MAX
};

/**
 * struct tct_stats - one CPU's share
 * @count: by enum tct_stat
 * @pair: flows by state pair, initiator's times TCT_STATE_MAX plus
 *	responder's.  A flow may be counted on one CPU and discounted on
 *	another: only the sum over all CPUs has a meaning.
 */
struct tct_stats {
	u64 count[TCT_STAT_MAX];
	long pair[TCT_STATE_MAX * TCT_STATE_MAX];
};

/**
 * tct_stat_name() - name of a counter, as in /proc/net/stat/tcptrack
 * @which: the counter
 *
 * Return: the name.
 */
const char *tct_stat_name(enum tct_stat which);

/**
 * tct_stats_sum() - sum a counter over all CPUs
 * @stats: of a namespace; NULL: 0
 * @which: the counter
 *
 * Context: any.
 * Return: the sum.
 */
u64 tct_stats_sum(const struct tct_stats __percpu *stats, enum tct_stat which);

/**
 * tct_stats_pair() - flows in a state pair now
 * @stats: of a namespace; NULL: 0
 * @initiator: the initiator's state
 * @responder: the responder's
 *
 * Context: any.
 * Return: flows; while some change state, about that many.
 */
unsigned long tct_stats_pair(const struct tct_stats __percpu *stats,
			     enum tct_state initiator, enum tct_state responder);

#endif /* _TCT_STATS_H */
