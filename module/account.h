/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One segment into one flow: states, counters, times.  The table is not known
 * here: the same code serves packets and captures.
 */
#ifndef _TCT_ACCOUNT_H
#define _TCT_ACCOUNT_H

#include "flow.h"
#include "limit.h"
#include "parse.h"
#include "predict.h"

/**
 * tct_clock_us() - the time for RTT samples
 *
 * Provided by who feeds the segments: clock.c for packets, replay for captures.
 *
 * Context: any. Return: us; wraps in 71 minutes.
 */
u32 tct_clock_us(void);

/**
 * tct_account_new() - begin a flow with its first segment
 * @flow: locked, its key set
 * @p: the packet
 * @now: ticks
 *
 * Return: event mask.
 */
u32 tct_account_new(struct tct_flow *flow, const struct tct_parsed *p, u64 now);

/**
 * tct_account_slow() - account what tct_predict() did not take
 * @flow: locked
 * @p: the packet
 * @now: ticks
 *
 * Return: event mask; with TCT_EV_REUSE nothing was done: the segment opens the
 * tuple's next connection, and tct_account_reuse() is to see it.
 */
u32 tct_account_slow(struct tct_flow *flow, const struct tct_parsed *p,
		     u64 now);

/**
 * tct_account_reuse() - a connection that is over gives its record to the next
 * @flow: locked; what it was is lost
 * @p: the packet that opens it
 * @now: ticks
 *
 * Return: event mask.
 */
u32 tct_account_reuse(struct tct_flow *flow, const struct tct_parsed *p,
		      u64 now);

/**
 * tct_account_packet() - count a segment
 * @flow: locked
 * @seg: the segment
 * @end: of its sender
 * @now: ticks
 */
static inline void tct_account_packet(struct tct_flow *flow,
				      const struct tct_segment *seg,
				      unsigned int end, u64 now)
{
	flow->seen = now;
	flow->packets[end] += seg->segs;
	flow->bytes[end] += seg->len;
}

/**
 * tct_account_note() - note a segment for which tct_predict() asks it
 * @flow: locked
 * @seg: the segment
 * @end: of its sender
 * @now: ticks
 */
void tct_account_note(struct tct_flow *flow, const struct tct_segment *seg,
		      unsigned int end, u64 now);

/**
 * tct_account_predicted() - account the segment that follows in sequence
 * @flow: locked
 * @seg: the segment
 * @end: of its sender
 * @now: ticks
 *
 * Return: whether it was one.  It restarts the flow's timeout then, since only
 * an established flow is predicted.  If not, tct_account_slow() is to see it.
 */
static __always_inline bool
tct_account_predicted(struct tct_flow *flow, const struct tct_segment *seg,
		      unsigned int end, u64 now)
{
	enum tct_predicted predicted;

	predicted = tct_predict(&flow->fsm, flow->detail, end, seg, now);
	if (unlikely(predicted == TCT_PREDICT_NOT))
		return false;
	tct_account_packet(flow, seg, end, now);
	if (unlikely(predicted == TCT_PREDICT_NOTE))
		tct_account_note(flow, seg, end, now);
	return true;
}

/* What tct_account_settle() returns */
#define TCT_SETTLED_REFILE	1	/* class or deadline want filing again */
#define TCT_SETTLED_NOMEM	2	/* no memory for the detail part */

/**
 * tct_account_settle() - after a change of states: class, detail, deadline
 * @flow: locked, its fsm already changed
 * @config: timeouts
 * @now: ticks
 *
 * Return: mask of TCT_SETTLED_*.
 */
unsigned int tct_account_settle(struct tct_flow *flow,
				const struct tct_config *config, u64 now);

/**
 * tct_account_is_refreshed() - does a segment restart the flow's timeout?
 * @flow: locked
 * @ev: what came of the segment
 *
 * Return: whether a flow of its class lives on by it.
 */
bool tct_account_is_refreshed(const struct tct_flow *flow, u32 ev);

#endif /* _TCT_ACCOUNT_H */
