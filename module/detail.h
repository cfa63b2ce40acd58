/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The detail part of a flow: what only connections that were established have.
 * Pure C, like fsm.h.
 */
#ifndef _TCT_DETAIL_H
#define _TCT_DETAIL_H

#include <linux/types.h>

#define TCT_CHANGES	5	/* changes of states that are remembered */
#define TCT_LETTERS	12	/* letters of Zeek's history, 5 bits each */

/**
 * struct tct_end_detail - of one end
 * @retrans: segments that repeated octets which had been seen before
 * @ooo: segments that filled a hole: sent, or at least seen, out of order
 * @dupacks: duplicate ACKs it sent (RFC 5681 section 2)
 * @keepalives: keep-alives it sent (RFC 9293 section 3.8.4)
 * @probes: window probes it sent (RFC 9293 section 3.8.6.1)
 * @outwin: segments it sent that lay outside the receiver's window, or
 *	acknowledged what was never sent
 * @ce: packets it sent that a router marked CE (RFC 3168 section 5)
 * @zerowin_time: ticks for which it offered no window.  While it does, less the
 *	time since which: a reader adds the present time
 * @sack: rightmost edge of its SACK blocks; meaningless once acknowledged
 * @hole_lo: octets that it sent and nobody has seen here begin,
 * @hole_hi: and end; equal: there are none.  Of several holes the hull
 * @rtt_min: least time from its data to their acknowledgment, us
 * @srtt: smoothed (RFC 6298 section 2, alpha 1/8), us; 0: there is no sample
 * @rtt_last: last sample, us
 * @timed_end: a sample is taken of the segment that ends here
 * @timed_at: ... and was seen then, us; both with TCT_END_TIMED
 * @timed_ts: low bits of the repetition's timestamp, with @timed_again
 * @timed_again: something was repeated since
 * @zerowin: times it offered a zero window, saturating
 * @paws: segments it sent that PAWS rejects (RFC 7323 section 5), saturating
 * @challenges: challenge ACKs it sent (RFC 5961), saturating
 */
struct tct_end_detail {
	u32 retrans;
	u32 ooo;
	u32 dupacks;
	u32 keepalives;
	u32 probes;
	u32 outwin;
	u32 ce;
	u32 zerowin_time;
	u32 sack;
	u32 hole_lo;
	u32 hole_hi;
	u32 rtt_min;
	u32 srtt;
	u32 rtt_last;
	u32 timed_end;
	u32 timed_at;
	u16 timed_ts : 15;
	u16 timed_again : 1;
	u16 zerowin;
	u16 paws;
	u16 challenges;
};

/**
 * struct tct_detail - both ends, and how the flow got where it is
 * @letters: Zeek's history, 5 bits a letter, the first in the lowest; 0 ends it
 * @end: initiator, responder
 * @ack_wraps: times each end's acknowledgments went once round, 4 GiB each
 * @when_lo: time of each change, ticks: low 32 bits of 40; a ring
 * @when_hi: ... and the high ones
 * @states: initiator's state times 16, plus responder's, after the change
 * @why: enum tct_reason
 * @changes: entries of the ring that are in use
 * @next: entry to be written next
 */
struct tct_detail {
	u64 letters;
	struct tct_end_detail end[2];
	u16 ack_wraps[2];
	u32 when_lo[TCT_CHANGES];
	u8 when_hi[TCT_CHANGES];
	u8 states[TCT_CHANGES];
	u8 why[TCT_CHANGES];
	u8 changes : 4;
	u8 next : 4;
};

#endif /* _TCT_DETAIL_H */
