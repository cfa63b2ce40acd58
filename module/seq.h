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
 * tct_end_learn() - what any segment but a RST says of its sender
 * @s: the sender
 * @seg: the segment
 * @end: where it ends
 */
static inline void tct_end_learn(struct tct_end *s,
				 const struct tct_segment *seg, u32 end)
{
	u32 win = seg->window;

	if (!(s->flags & TCT_END_SEEN) || tct_after(end, s->nxt))
		s->nxt = end;
	s->flags |= TCT_END_SEEN;

	if (!(seg->flags & TCT_ACK))
		return;

	/* RFC 7323 section 2.2: the window of a SYN is never scaled */
	if (!(seg->flags & TCT_SYN))
		win <<= s->wscale;
	if (!(s->flags & TCT_END_ACKED)) {
		s->flags |= TCT_END_ACKED;
		s->ack = seg->ack;
		s->edge = seg->ack + win;
	}
	if (tct_after(seg->ack, s->ack))
		s->ack = seg->ack;
	if (tct_after(seg->ack + win, s->edge))
		s->edge = seg->ack + win;
	s->maxwin = max(s->maxwin, win);
}

/**
 * tct_end_learn_syn() - what a SYN or SYN-ACK says of its sender
 * @s: the sender
 * @seg: the segment
 */
static inline void tct_end_learn_syn(struct tct_end *s,
				     const struct tct_segment *seg)
{
	/* what was known before it spoke is of another connection, or a guess */
	if (!(s->flags & TCT_END_SEEN)) {
		s->flags = 0;
		s->wscale = 0;
	}
	s->isn = seg->seq;
	s->flags |= TCT_END_SYN;
	if (seg->opts & TCT_OPT_WSCALE) {
		s->wscale = min_t(u8, seg->wscale, TCT_WSCALE_MAX);
		s->flags |= TCT_END_WSOPT;
	}
	tct_end_learn(s, seg, tct_seg_end(seg));
}

/**
 * tct_fsm_settle_wscale() - both ends have sent their SYN
 * @f: the flow
 *
 * RFC 7323 section 2.2: scaling is used only if both SYNs carried the option.
 */
static inline void tct_fsm_settle_wscale(struct tct_fsm *f)
{
	if (f->end[0].flags & f->end[1].flags & TCT_END_WSOPT)
		return;
	f->end[0].wscale = 0;
	f->end[1].wscale = 0;
}

/**
 * tct_in_window() - would the receiver take the segment?
 * @s: its sender
 * @r: its receiver; what it must have sent, as @seg acknowledges it, is noted
 * @seg: the segment
 * @end: where it ends
 *
 * RFC 9293 section 3.10.7.4, first, from where we stand: between the ends, so
 * that what the receiver has and what it has said may lie a window apart.
 *
 * Return: whether it belongs to this connection.
 */
static inline bool tct_in_window(struct tct_end *s, struct tct_end *r,
				 const struct tct_segment *seg, u32 end)
{
	if (r->flags & TCT_END_ACKED) {
		if (tct_after(seg->seq, r->edge))
			return false;
		if (tct_before(end, r->ack - max(r->maxwin, TCT_OLD_WINDOW)))
			return false;
	}
	if ((s->flags & TCT_END_FIN) && tct_after(end, s->nxt))
		return false;

	if (!(seg->flags & TCT_ACK) || !(r->flags & TCT_END_SEEN))
		return true;
	if (tct_after(seg->ack, r->nxt)) {
		/* It acknowledges what we did not see.  Within the window it
		 * offered that is our loss, beyond it is nonsense.
		 */
		if (!(s->flags & TCT_END_ACKED) || r->flags & TCT_END_FIN ||
		    tct_after(seg->ack, s->edge))
			return false;
		r->nxt = seg->ack;
	}
	return !tct_before(seg->ack,
			   r->nxt - max(s->maxwin, TCT_OLD_WINDOW) - 1);
}

/**
 * tct_is_repeat() - does the segment bring nothing new?
 * @s: its sender
 * @seg: the segment
 * @end: where it ends
 *
 * A keep-alive repeats one octet on purpose (RFC 9293 section 3.8.4): not meant.
 *
 * Return: whether all of it was sent before.
 */
static inline bool tct_is_repeat(const struct tct_end *s,
				 const struct tct_segment *seg, u32 end)
{
	if (!(s->flags & TCT_END_SEEN) || end == seg->seq ||
	    tct_after(end, s->nxt))
		return false;
	return seg->len != 1 || end != s->nxt || seg->flags & TCT_FIN;
}

/**
 * tct_rst_counts() - would the receiver take the RST?
 * @s: its sender
 * @r: its receiver
 * @seg: the RST
 *
 * RFC 9293 section 3.10.7.3 and 3.10.7.4, second; RFC 5961 section 3: only at
 * exactly the sequence number that it expects, which is what it has
 * acknowledged or, if that acknowledgment is still to come, what was sent to it.
 *
 * Return: whether the connection ends by it.
 */
static inline bool tct_rst_counts(const struct tct_end *s,
				  const struct tct_end *r,
				  const struct tct_segment *seg)
{
	if (seg->flags & TCT_ACK && r->state == TCT_SYN_SENT)
		return tct_after(seg->ack, r->isn) &&
		       !tct_after(seg->ack, r->nxt);
	/* Linux: ... and one before, where some stacks repeat their FIN's */
	if (s->flags & TCT_END_FIN && seg->seq == s->nxt - 1 &&
	    (r->state == TCT_CLOSE_WAIT || r->state == TCT_CLOSING ||
	     r->state == TCT_LAST_ACK))
		return true;
	return (s->flags & TCT_END_SEEN && seg->seq == s->nxt) ||
	       (r->flags & TCT_END_ACKED && seg->seq == r->ack);
}

#endif /* _TCT_SEQ_H */
