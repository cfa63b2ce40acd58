/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Header prediction: the shortest way through the state machine.  Pure C, like
 * fsm.h.
 */
#ifndef _TCT_PREDICT_H
#define _TCT_PREDICT_H

#include "seq.h"

/* Bits of a distance that is negative, or larger than the largest window */
#define TCT_PREDICT_FAR	0xc0000000U

/**
 * enum tct_predicted - what came of a prediction
 * @TCT_PREDICT_NOT: nothing was changed: tct_fsm_step_slow() has to see it
 * @TCT_PREDICT_PLAIN: the segment has been accounted
 * @TCT_PREDICT_NOTE: it has been, and the detail part is to have a note of it:
 *	tct_account_note()
 */
enum tct_predicted {
	TCT_PREDICT_NOT,
	TCT_PREDICT_PLAIN,
	TCT_PREDICT_NOTE,
};

/* Is it the first of its kind, or has it to do with an RTT sample: one that it
 * opens, as none was in this tick, or one that is open of what the other end sent?
 */
static __always_inline bool
tct_predict_is_notable(const struct tct_fsm *f, const struct tct_detail *d,
		       unsigned int from, const struct tct_segment *seg,
		       u64 now)
{
	const struct tct_end *s = &f->end[from], *r = &f->end[!from];

	if (r->flags & TCT_END_TIMED &&
	    !tct_before(seg->ack, d->end[!from].timed_end))
		return true;
	if (!seg->len)
		return !(f->flags & TCT_F_PURE(from));
	if (s->flags & TCT_END_TIMED)
		return false;
	return s->tick != (u8)now || !(s->flags & TCT_END_DATA);
}

/**
 * tct_predict() - account the segment that follows in sequence
 * @f: the flow
 * @d: its detail part, or NULL
 * @from: the end that sent it, 0 or 1
 * @seg: a valid segment
 * @now: ticks
 *
 * On an open connection on which nothing is awaited, of a segment that is
 * within both windows, brings news, and is nothing special, tct_fsm_step_slow()
 * would do only this, and return TCT_EV_REFRESH.
 *
 * Return: whether it was one, and has been accounted.
 */
static __always_inline enum tct_predicted
tct_predict(struct tct_fsm *f, const struct tct_detail *d, unsigned int from,
	    const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	u32 acked = seg->ack - s->ack;
	u32 edge;

	if (!(f->flags & TCT_F_STEADY) || seg->seq != s->nxt || !seg->window ||
	    (seg->flags & ~(TCT_PSH | TCT_OPT_TS)) != TCT_ACK)
		return TCT_PREDICT_NOT;
	/* less than tct_in_window() grants: nothing is before its edge, or far
	 * from it; and a duplicate ACK is none
	 */
	if ((acked | (r->edge - seg->seq) | seg->len) & TCT_PREDICT_FAR ||
	    acked > r->nxt - s->ack || !(seg->len | acked))
		return TCT_PREDICT_NOT;
	/* acknowledgments have gone once round */
	if (seg->ack - r->isn < acked)
		return TCT_PREDICT_NOT;
	if (seg->flags & TCT_OPT_TS) {
		if (!(s->flags & TCT_END_TS) || tct_before(seg->tsval, s->ts))
			return TCT_PREDICT_NOT;
		/* RFC 7323 section 4.3, as tct_end_learn() */
		if (seg->seq == r->ack)
			s->ts = seg->tsval;
	}

	s->nxt = seg->seq + seg->len;
	s->ack = seg->ack;
	edge = seg->ack + ((u32)seg->window << s->wscale);
	if (tct_after(edge, s->edge))
		s->edge = edge;
	s->window = seg->window;
	if (seg->window > s->maxwin)
		s->maxwin = seg->window;
	s->flags |= seg->flags & TCT_PSH;

	if (likely(!tct_predict_is_notable(f, d, from, seg, now)))
		return TCT_PREDICT_PLAIN;
	if (seg->len)
		s->flags |= TCT_END_DATA;
	else
		f->flags |= TCT_F_PURE(from);
	return TCT_PREDICT_NOTE;
}

/**
 * tct_fsm_step() - account a segment of a known flow
 * @f: the flow
 * @d: its detail part, or NULL
 * @from: the end that sent it, 0 or 1
 * @seg: a valid segment
 * @now: ticks
 *
 * Return: event mask.
 */
static __always_inline u32 tct_fsm_step(struct tct_fsm *f, struct tct_detail *d,
					unsigned int from,
					const struct tct_segment *seg, u64 now)
{
	if (likely(tct_predict(f, d, from, seg, now)))
		return TCT_EV_REFRESH;
	return tct_fsm_step_slow(f, d, from, seg, now);
}

#endif /* _TCT_PREDICT_H */
