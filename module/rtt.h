/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Round-trip times, as seen from here: from a segment to its acknowledgment.
 * One sample an end is open at a time, one a tick at most is opened.  Pure C.
 */
#ifndef _TCT_RTT_H
#define _TCT_RTT_H

#include <linux/minmax.h>

#include "seq.h"

/**
 * tct_rtt_open() - time a segment
 * @s: its sender
 * @sd: detail of the sender
 * @seg: it has payload, and is new
 * @us: the time, us
 * @now: ticks
 */
static inline void tct_rtt_open(struct tct_end *s, struct tct_end_detail *sd,
				const struct tct_segment *seg, u32 us, u64 now)
{
	s->flags |= TCT_END_TIMED;
	s->tick = now;
	sd->timed_end = tct_seg_end(seg);
	sd->timed_at = us;
	sd->timed_again = 0;
}

/**
 * tct_rtt_again() - the sender repeats something while a sample is open
 * @s: the sender
 * @sd: detail of the sender
 * @seg: the repetition
 * @us: the time, us
 *
 * Karn: what is acknowledged next is ambiguous (RFC 6298 section 3), unless
 * timestamps tell (RFC 7323 section 4): then the repetition is timed instead.
 */
static inline void tct_rtt_again(struct tct_end *s, struct tct_end_detail *sd,
				 const struct tct_segment *seg, u32 us)
{
	if (!(seg->flags & TCT_OPT_TS)) {
		s->flags &= ~TCT_END_TIMED;
		return;
	}
	sd->timed_at = us;
	sd->timed_ts = seg->tsval;
	sd->timed_again = 1;
}

/**
 * tct_rtt_close() - an open sample's segment is acknowledged
 * @r: the segment's sender
 * @rd: detail of that end
 * @seg: the acknowledgment
 * @us: the time, us
 */
static inline void tct_rtt_close(struct tct_end *r, struct tct_end_detail *rd,
				 const struct tct_segment *seg, u32 us)
{
	u32 rtt = max(us - rd->timed_at, 1U);

	r->flags &= ~TCT_END_TIMED;
	/* it answers what was sent before the repetition, or may */
	if (rd->timed_again && (!(seg->flags & TCT_OPT_TS) ||
				(seg->tsecr - rd->timed_ts) & 0x4000))
		return;
	rd->rtt_last = rtt;
	if (!rd->srtt) {
		rd->srtt = rtt;
		rd->rtt_min = rtt;
		return;
	}
	/* 64 bits: a sample may be of more than 2^31 us */
	rd->srtt = max((u32)(rd->srtt + ((s64)rtt - rd->srtt) / 8), 1U);
	rd->rtt_min = min(rd->rtt_min, rtt);
}

#endif /* _TCT_RTT_H */
