/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sequence numbers: what an endpoint has sent, acknowledged and offered, and
 * which segments belong to that.  Pure C, like fsm.h.
 */
#ifndef _TCT_SEQ_H
#define _TCT_SEQ_H

#include <linux/minmax.h>

#include "fsm.h"

/* Old segments are believed this far behind the window: one unscaled window,
 * as an endpoint that advertised zero may still be sent what was in flight.
 */
#define TCT_OLD_WINDOW	65535U

/* RFC 7323 section 2.3: larger shifts are taken as 14 */
#define TCT_WSCALE_MAX	14

/**
 * tct_before() - compare sequence numbers, RFC 9293 section 3.4
 * @a: one
 * @b: the other; less than 2^31 apart
 *
 * Return: whether @a comes before @b, wrap-around included.
 */
static inline bool tct_before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

/**
 * tct_after() - compare sequence numbers, as tct_before()
 * @a: one
 * @b: the other
 *
 * Return: whether @a comes after @b.
 */
static inline bool tct_after(u32 a, u32 b)
{
	return tct_before(b, a);
}

/**
 * tct_seg_end() - where a segment ends
 * @seg: the segment
 *
 * Return: the sequence number after its last; SYN and FIN count one each.
 */
static inline u32 tct_seg_end(const struct tct_segment *seg)
{
	return seg->seq + seg->len + !!(seg->flags & TCT_SYN) +
	       !!(seg->flags & TCT_FIN);
}

/**
 * tct_end_maxwin() - the largest window an end has offered
 * @e: the end
 *
 * Return: octets.
 */
static inline u32 tct_end_maxwin(const struct tct_end *e)
{
	return (u32)e->maxwin << e->wscale;
}

/**
 * tct_end_learn() - what any segment but a RST says of its sender
 * @s: the sender
 * @r: the receiver
 * @seg: the segment, in window
 * @end: where it ends
 *
 * Return: TCT_EV_ZEROWIN, TCT_EV_OPENWIN, TCT_EV_WRAP.
 */
u32 tct_end_learn(struct tct_end *s, struct tct_end *r,
		  const struct tct_segment *seg, u32 end);

/**
 * tct_end_learn_syn() - what a SYN or SYN-ACK says of its sender
 * @s: the sender
 * @r: the receiver
 * @seg: the segment
 */
void tct_end_learn_syn(struct tct_end *s, struct tct_end *r,
		       const struct tct_segment *seg);

/**
 * tct_fsm_settle_wscale() - both ends have sent their SYN
 * @f: the flow
 *
 * RFC 7323 section 2.2: scaling is used only if both SYNs carried the option.
 */
void tct_fsm_settle_wscale(struct tct_fsm *f);

/**
 * tct_seq_old_ts() - does PAWS reject the segment?
 * @s: its sender
 * @r: its receiver
 * @seg: neither SYN nor RST
 *
 * RFC 7323 section 5.3, R1.  Linux: one tick older is not old, nor is an ACK
 * that says nothing new (tcp_input.c, tcp_paws_discard()).
 *
 * Return: whether its timestamp is older than what its receiver has had.
 */
bool tct_seq_old_ts(const struct tct_end *s, const struct tct_end *r,
		    const struct tct_segment *seg);

/**
 * tct_seq_judge() - is what the segment brings new, repeated or late?
 * @f: the flow
 * @d: its detail part, or NULL: then nothing is ever late
 * @from: the segment's sender
 * @seg: in window, neither SYN nor RST; not learnt yet
 * @end: where it ends
 *
 * Return: any of TCT_EV_RETRANS, _OOO, _GAP, _DUPACK, _KEEPALIVE, _PROBE and
 * _CHALLENGE.
 */
u32 tct_seq_judge(struct tct_fsm *f, struct tct_detail *d, unsigned int from,
		  const struct tct_segment *seg, u32 end);

/**
 * tct_seq_judge_old() - does what PAWS rejects bring what was seen before?
 * @f: the flow
 * @d: its detail part, or NULL: then nothing is ever late
 * @from: the segment's sender
 * @seg: neither SYN nor RST
 * @end: where it ends
 *
 * It has crossed the wire once more, whatever its receiver makes of it, who
 * lacks what it lacked.
 *
 * Return: TCT_EV_RETRANS, TCT_EV_OOO, or 0.
 */
u32 tct_seq_judge_old(const struct tct_fsm *f, struct tct_detail *d,
		      unsigned int from, const struct tct_segment *seg,
		      u32 end);

/**
 * tct_ack_may_be_ahead() - may an end acknowledge what was not seen?
 * @s: the end
 * @r: the other one
 * @ack: the acknowledgment, after all that @r was seen to send
 *
 * Within the window that it has offered that is our loss, beyond it is nonsense.
 * Before it has offered one there is none, unless the other end was picked up, of
 * which more than was seen went by before.
 *
 * Return: whether.
 */
static inline bool tct_ack_may_be_ahead(const struct tct_end *s,
					const struct tct_end *r, u32 ack)
{
	if (r->flags & TCT_END_FIN)
		return false;
	if (s->flags & TCT_END_ACKED)
		return ack - s->ack <= s->edge - s->ack;
	return !(r->flags & TCT_END_SYN) &&
	       ack - r->nxt <= TCT_OLD_WINDOW << TCT_WSCALE_MAX;
}

/**
 * tct_ack_is_old() - is an acknowledgment too old to be believed?
 * @s: the end that sends it
 * @r: the other one
 * @ack: the acknowledgment, not after what @r has sent
 *
 * RFC 5961 section 5.2.  The highest so far is not, however far beyond the window
 * the other end may have sent.  And before its SYN there is nothing: an end whose
 * first acknowledgment lay there would have taken more than was ever sent.
 *
 * Return: whether.
 */
static inline bool tct_ack_is_old(const struct tct_end *s,
				  const struct tct_end *r, u32 ack)
{
	/* a challenge, of who is not SEEN, is of another connection */
	const u32 own = TCT_END_SEEN | TCT_END_ACKED;
	bool acked = (s->flags & own) == own;

	if (!acked && r->flags & TCT_END_SYN &&
	    r->nxt - ack > r->nxt - r->isn)
		return true;
	if (!tct_before(ack, r->nxt - max(tct_end_maxwin(s),
					  TCT_OLD_WINDOW) - 1))
		return false;
	return !acked || tct_before(ack, s->ack);
}

/* What tct_in_window() says */
enum tct_fit {
	TCT_FITS,
	TCT_FITS_NOT_SEQ,	/* the sequence number is not acceptable */
	TCT_FITS_NOT_ACK,	/* the acknowledgment is not */
};

/**
 * tct_in_window() - would the receiver take the segment?
 * @s: its sender
 * @r: its receiver; what it must have sent, as @seg acknowledges it, is noted
 * @seg: the segment
 * @end: where it ends
 *
 * RFC 9293 section 3.10.7.4, first, from where we stand: between the ends, so
 * that what the receiver has and what it has said may lie a window apart.  And
 * RFC 5961 section 5, for what it acknowledges.
 *
 * Return: enum tct_fit.
 */
static inline enum tct_fit tct_in_window(struct tct_end *s, struct tct_end *r,
					 const struct tct_segment *seg, u32 end)
{
	if (r->flags & TCT_END_ACKED) {
		if (tct_after(seg->seq, r->edge))
			return TCT_FITS_NOT_SEQ;
		/* two windows ahead of it no comparison holds: its end may seem
		 * old, and what is old may seem new
		 */
		if (tct_before(seg->seq, r->ack) &&
		    (tct_before(end, r->ack - max(tct_end_maxwin(r),
						  TCT_OLD_WINDOW)) ||
		     (s->flags & TCT_END_SEEN && tct_after(seg->seq, s->nxt))))
			return TCT_FITS_NOT_SEQ;
	}
	if ((s->flags & TCT_END_FIN) && tct_after(end, s->nxt))
		return TCT_FITS_NOT_SEQ;

	if (!(seg->flags & TCT_ACK) ||
	    !(r->flags & (TCT_END_SEEN | TCT_END_SYN)))
		return TCT_FITS;
	if (tct_after(seg->ack, r->nxt)) {
		if (!tct_ack_may_be_ahead(s, r, seg->ack))
			return TCT_FITS_NOT_ACK;
		r->nxt = seg->ack;
		/* it took what was not seen, or what PAWS refused here */
		r->flags &= ~TCT_END_TS;
	}
	return tct_ack_is_old(s, r, seg->ack) ? TCT_FITS_NOT_ACK : TCT_FITS;
}

/**
 * tct_rst_counts() - would the receiver take the RST?
 * @f: the flow
 * @d: its detail part, or NULL
 * @from: the RST's sender
 * @seg: the RST
 *
 * RFC 9293 section 3.10.7.3 and 3.10.7.4, second; RFC 5961 section 3: only at
 * exactly the sequence number that it expects, which is what it has
 * acknowledged or, if that acknowledgment is still to come, what was sent to it.
 *
 * Return: whether the connection ends by it.
 */
bool tct_rst_counts(const struct tct_fsm *f, const struct tct_detail *d,
		    unsigned int from, const struct tct_segment *seg);

/**
 * tct_rst_is_near() - does a RST that does not count draw a challenge ACK?
 * @r: its receiver
 * @seg: the RST
 *
 * RFC 5961 section 3.2: in the window, but not at its left edge.  Linux: or at
 * its right edge (tcp_sequence()), and not in TIME_WAIT
 * (tcp_timewait_state_process()).
 *
 * Return: whether.
 */
static inline bool tct_rst_is_near(const struct tct_end *r,
				   const struct tct_segment *seg)
{
	return r->flags & TCT_END_ACKED && tct_after(seg->seq, r->ack) &&
	       !tct_after(seg->seq, r->edge) && r->state != TCT_TIME_WAIT;
}

#endif /* _TCT_SEQ_H */
