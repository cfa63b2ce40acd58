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

/* name, meaning; all count from when tracking was turned on */
#define TCT_STATS(X)							\
	/* segments (of a GRO or GSO packet, each) accounted to a flow */ \
	X(packets_tracked)						\
	/* segments that changed nothing, being out of their flow's window */ \
	X(out_of_window)						\
	/* segments that repeated what was already sent */		\
	X(retransmitted)						\
	/* packets not tracked: fragments other than the first */	\
	X(untracked_fragment)						\
	/* ... shorter than their headers say */			\
	X(untracked_short)						\
	/* ... IP or TCP header malformed (lengths, data offset) */	\
	X(untracked_header)						\
	/* ... combination of flags that no stack sends or takes */	\
	X(untracked_flags)						\
	/* ... TCP checksum wrong */					\
	X(untracked_checksum)						\
	/* ... RST that belongs to no flow */				\
	X(untracked_rst)						\
	/* ... no flow made: a cap is reached and nothing may be evicted */ \
	X(untracked_full)						\
	/* ... no flow made: no memory */				\
	X(untracked_nomem)						\
	/* flows made, from a SYN or picked up */			\
	X(flows_created)						\
	/* ... of which the first segment seen was not a SYN */		\
	X(flows_picked_up)						\
	/* connections opened on the tuple of one that was over */	\
	X(flows_reused)							\
	/* flows that go without history and retransmissions: no memory */ \
	X(detail_nomem)							\
	/* flows evicted to make room, by class */			\
	X(evicted_half_open)						\
	X(evicted_closed)						\
	X(evicted_time_wait)						\
	X(evicted_closing)						\
	/* flows whose timeout passed, by class */			\
	X(expired_half_open)						\
	X(expired_established)						\
	X(expired_half_closed)						\
	X(expired_closing)						\
	X(expired_time_wait)						\
	X(expired_closed)						\
	/* times the table grew, and times it could not for want of memory */ \
	X(table_grown)							\
	X(table_nomem)

enum tct_stat {
#define X(name) TCT_STAT_##name,
	TCT_STATS(X)
#undef X
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

/** tct_stat_name() - name of a counter, as in /proc/net/stat/tcptrack */
const char *tct_stat_name(enum tct_stat which);

/** tct_stats_sum() - sum a counter over all CPUs; @stats may be NULL */
u64 tct_stats_sum(const struct tct_stats __percpu *stats, enum tct_stat which);

/** tct_stats_pair() - flows in a state pair now; @stats may be NULL */
unsigned long tct_stats_pair(const struct tct_stats __percpu *stats,
			     enum tct_state initiator, enum tct_state responder);

#endif /* _TCT_STATS_H */
