// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/minmax.h>

#include "seq.h"

/* The header's window, and whether it has become nothing, or something again */
static u32 tct_end_learn_window(struct tct_end *s,
				const struct tct_segment *seg)
{
	u32 ev = 0;

	/* RFC 9293 section 3.10.7.4, fifth: an old segment's is no news */
	if (tct_before(seg->ack, s->ack))
		return 0;
	if (!seg->window && (s->window || !(s->flags & TCT_END_ACKED)))
		ev = TCT_EV_ZEROWIN;
	else if (seg->window && !s->window && s->flags & TCT_END_ACKED)
		ev = TCT_EV_OPENWIN;
	s->window = seg->window;
	return ev;
}

/* RFC 7323 section 4.3: TS.Recent is of what began no later than the last
 * acknowledgment that was sent
 */
static void tct_end_learn_ts(struct tct_end *s, const struct tct_end *r,
			     const struct tct_segment *seg)
{
	if (!(seg->flags & TCT_OPT_TS))
		return;
	if (s->flags & TCT_END_TS &&
	    (tct_before(seg->tsval, s->ts) ||
	     (r->flags & TCT_END_ACKED && tct_after(seg->seq, r->ack))))
		return;
	s->flags |= TCT_END_TS;
	s->ts = seg->tsval;
}

/* Is it the first acknowledgment to be believed?  Of an end whose peer is not heard
 * any is; one further than a window from the last begins anew.
 */
static bool tct_end_acks_anew(const struct tct_end *s, const struct tct_end *r,
			      const struct tct_segment *seg)
{
	const u32 far = 65535U << TCT_WSCALE_MAX;

	if (!(s->flags & TCT_END_ACKED))
		return true;
	return !(r->flags & (TCT_END_SEEN | TCT_END_SYN)) &&
	       seg->ack - s->ack + far > 2 * far;
}

u32 tct_end_learn(struct tct_end *s, struct tct_end *r,
		  const struct tct_segment *seg, u32 end)
{
	u32 win = seg->window, units = seg->window;
	u32 ev;

	tct_end_learn_ts(s, r, seg);
	if (!(s->flags & TCT_END_SEEN)) {
		/* what it may have challenged a SYN with is of another */
		s->flags &= ~TCT_END_ACKED;
		s->nxt = end;
		/* what has been acknowledged it had sent */
		if (r->flags & TCT_END_ACKED && tct_after(r->ack, end))
			s->nxt = r->ack;
	} else if (tct_after(end, s->nxt)) {
		s->nxt = end;
	}
	s->flags |= TCT_END_SEEN | (seg->flags & TCT_END_HEADER);
	if (seg->len)
		s->flags |= TCT_END_DATA;
	if (!(seg->flags & TCT_ACK))
		return 0;

	/* RFC 7323 section 2.2: the window of a SYN is never scaled */
	if (seg->flags & TCT_SYN)
		units = (win + (1U << s->wscale) - 1) >> s->wscale;
	else
		win <<= s->wscale;
	if (tct_end_acks_anew(s, r, seg)) {
		s->ack = seg->ack;
		s->edge = seg->ack + win;
		if (!(r->flags & TCT_END_SYN))
			r->isn = seg->ack - 1;
	}
	ev = tct_end_learn_window(s, seg);
	s->flags |= TCT_END_ACKED;
	if (tct_after(seg->ack, s->ack)) {
		if (seg->ack - r->isn < s->ack - r->isn)
			ev |= TCT_EV_WRAP;
		s->ack = seg->ack;
	}
	if (tct_after(seg->ack + win, s->edge))
		s->edge = seg->ack + win;
	s->maxwin = max_t(u32, s->maxwin, units);
	return ev;
}

void tct_end_learn_syn(struct tct_end *s, struct tct_end *r,
		       const struct tct_segment *seg)
{
	/* what was known before it spoke is of another connection, or a guess */
	if (!(s->flags & TCT_END_SEEN)) {
		s->flags = 0;
		s->wscale = 0;
	}
	/* what was acknowledged before it began was not this connection's */
	if (r->flags & TCT_END_ACKED && !tct_after(r->ack, seg->seq))
		r->flags &= ~TCT_END_ACKED;
	s->isn = seg->seq;
	s->flags |= TCT_END_SYN;
	if (seg->flags & TCT_OPT_WSCALE) {
		s->wscale = min_t(u8, seg->wscale, TCT_WSCALE_MAX);
		s->flags |= TCT_END_WSOPT;
	}
	if (seg->flags & TCT_OPT_MSS)
		s->mss = seg->mss;
	if (seg->flags & TCT_OPT_SACKOK)
		s->flags |= TCT_END_SACKOK;
	if (seg->flags & TCT_OPT_SIGNED)
		s->flags |= TCT_END_SIGNED;
	tct_end_learn(s, r, seg, tct_seg_end(seg));
	/* it is not scaled, and only later windows say whether it would be */
	if (!(seg->flags & TCT_ACK))
		s->window = seg->window;
}

void tct_fsm_settle_wscale(struct tct_fsm *f)
{
	unsigned int who;

	if (f->end[0].flags & f->end[1].flags & TCT_END_WSOPT)
		return;
	for (who = 0; who < 2; who++) {
		struct tct_end *e = &f->end[who];

		e->maxwin = min(tct_end_maxwin(e), 65535U);
		e->wscale = 0;
	}
}

/* An ACK that repeats the last: RFC 5681 section 2, but for (a) */
static bool tct_seq_is_same_ack(const struct tct_end *s,
				const struct tct_segment *seg)
{
	return !seg->len && !(seg->flags & (TCT_SYN | TCT_FIN | TCT_RST)) &&
	       seg->flags & TCT_ACK && s->flags & TCT_END_ACKED &&
	       seg->ack == s->ack && seg->window == s->window;
}

bool tct_seq_old_ts(const struct tct_end *s, const struct tct_end *r,
		    const struct tct_segment *seg)
{
	if (!(seg->flags & TCT_OPT_TS) || !(s->flags & TCT_END_TS) ||
	    !(r->flags & TCT_END_ACKED) || (s32)(s->ts - seg->tsval) <= 1)
		return false;
	/* Linux: some stacks begin with 0, which says nothing */
	if (!s->ts)
		return false;
	return seg->seq != r->ack || !tct_seq_is_same_ack(s, seg);
}

/* RFC 9293 section 3.8.4: what has been acknowledged is sent once more, so that
 * the other end must answer; to an end that offers no window it is a probe
 * (section 3.8.6.1).
 */
static u32 tct_seq_judge_probe(const struct tct_end *s, const struct tct_end *r,
			       const struct tct_segment *seg, u32 end)
{
	bool heard = r->flags & TCT_END_ACKED;
	bool shut = heard && !r->window;

	if (seg->len > 1 || seg->flags & TCT_FIN || !(s->flags & TCT_END_SEEN))
		return 0;
	/* it is the newest that its sender has to say, not an ACK that the FIN
	 * overtook
	 */
	if (s->flags & TCT_END_ACKED && tct_before(seg->ack, s->ack))
		return 0;
	/* nothing else is outstanding, or it would be repeated instead */
	if (seg->seq == s->nxt - 1 && (heard ? r->ack == s->nxt : !seg->len))
		return shut ? TCT_EV_PROBE : TCT_EV_KEEPALIVE;
	/* one octet beyond the window */
	if (seg->len && shut && end == r->edge + 1)
		return TCT_EV_PROBE;
	return 0;
}

/* Does the segment lie where octets are missing? */
static bool tct_hole_covers(const struct tct_end_detail *d, u32 from, u32 to)
{
	return d->hole_lo != d->hole_hi && !tct_before(from, d->hole_lo) &&
	       !tct_after(to, d->hole_hi);
}

/* Then what it brings is missing no more */
static bool tct_hole_fill(struct tct_end_detail *d, u32 from, u32 to)
{
	if (!tct_hole_covers(d, from, to))
		return false;
	if (from == d->hole_lo)
		d->hole_lo = to;
	else if (to == d->hole_hi)
		d->hole_hi = from;
	return true;
}

static void tct_hole_open(struct tct_end_detail *d, u32 from, u32 to)
{
	if (d->hole_lo == d->hole_hi)
		d->hole_lo = from;
	d->hole_hi = to;
}

/* What the receiver has acknowledged it has, whoever saw it */
static void tct_hole_acked(struct tct_end_detail *d, u32 ack, u32 nxt)
{
	/* distances from what was sent: a hole may be of long ago */
	u32 flight = nxt - ack;

	if (d->hole_lo == d->hole_hi || nxt - d->hole_lo <= flight)
		return;
	d->hole_lo = nxt - d->hole_hi < flight ? ack : d->hole_hi;
}

static u32 tct_seq_judge_data(const struct tct_end *s, const struct tct_end *r,
			      struct tct_end_detail *ed,
			      const struct tct_segment *seg, u32 end)
{
	if (!(s->flags & TCT_END_SEEN) || seg->seq == s->nxt)
		return 0;
	/* not with the ACK: that may have been predicted */
	if (ed && r->flags & TCT_END_ACKED)
		tct_hole_acked(ed, r->ack, s->nxt);
	if (tct_after(seg->seq, s->nxt)) {
		if (ed)
			tct_hole_open(ed, s->nxt, seg->seq);
		return TCT_EV_GAP;
	}
	if (ed && tct_hole_fill(ed, seg->seq, end))
		return TCT_EV_OOO;
	return TCT_EV_RETRANS;
}

u32 tct_seq_judge_old(const struct tct_fsm *f, struct tct_detail *d,
		      unsigned int from, const struct tct_segment *seg,
		      u32 end)
{
	const struct tct_end *s = &f->end[from], *r = &f->end[!from];

	if (!(s->flags & TCT_END_SEEN) || end == seg->seq ||
	    !tct_before(seg->seq, s->nxt))
		return 0;
	if (!d)
		return TCT_EV_RETRANS;
	if (r->flags & TCT_END_ACKED)
		tct_hole_acked(&d->end[from], r->ack, s->nxt);
	return tct_hole_covers(&d->end[from], seg->seq, end) ? TCT_EV_OOO :
							       TCT_EV_RETRANS;
}

/* Is what @d remembers as SACKed by @s beyond what it has acknowledged, and no more
 * than @r has sent?  Else it is of long ago, or of never.
 */
static bool tct_sack_is_valid(const struct tct_end *s, const struct tct_end *r,
			      const struct tct_end_detail *d)
{
	return tct_after(d->sack, s->ack) && !tct_after(d->sack, r->nxt);
}

u32 tct_seq_judge(struct tct_fsm *f, struct tct_detail *d, unsigned int from,
		  const struct tct_segment *seg, u32 end)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	u32 ev = tct_seq_judge_probe(s, r, seg, end);

	if (d && seg->flags & TCT_OPT_SACK &&
	    (!tct_sack_is_valid(s, r, &d->end[from]) ||
	     !tct_before(seg->sack, d->end[from].sack)))
		d->end[from].sack = seg->sack;
	if (ev)
		return ev;
	if (end != seg->seq)
		return tct_seq_judge_data(s, r, d ? &d->end[from] : NULL, seg,
					  end);
	/* its number says that there were octets before it */
	if (d && s->flags & TCT_END_SEEN && tct_after(seg->seq, s->nxt)) {
		if (r->flags & TCT_END_ACKED)
			tct_hole_acked(&d->end[from], r->ack, s->nxt);
		tct_hole_open(&d->end[from], s->nxt, seg->seq);
	}
	if (!tct_seq_is_same_ack(s, seg)) {
		/* it goes on, so it owes nothing */
		if (tct_after(seg->ack, s->ack))
			f->flags &= ~TCT_F_DUE(from);
		return 0;
	}
	if (f->flags & TCT_F_DUE(from)) {
		f->flags &= ~TCT_F_DUE(from);
		return TCT_EV_CHALLENGE;
	}
	/* RFC 5681 section 2 (a): there is something to be acknowledged */
	return r->flags & TCT_END_SEEN && tct_after(r->nxt, seg->ack) ?
	       TCT_EV_DUPACK : 0;
}

/* Linux: ... and one before it, where some stacks repeat their FIN's number */
static bool tct_rst_after_fin(const struct tct_end *s, const struct tct_end *r,
			      const struct tct_segment *seg)
{
	return s->flags & TCT_END_FIN && seg->seq == s->nxt - 1 &&
	       (r->state == TCT_CLOSE_WAIT || r->state == TCT_CLOSING ||
		r->state == TCT_LAST_ACK);
}

/* Linux: ... and at the rightmost edge that the receiver has SACKed */
static bool tct_rst_at_sack(const struct tct_end *s, const struct tct_end *r,
			    const struct tct_end_detail *d,
			    const struct tct_segment *seg)
{
	return r->flags & TCT_END_SACKOK && tct_sack_is_valid(r, s, d) &&
	       seg->seq == d->sack;
}

bool tct_rst_counts(const struct tct_fsm *f, const struct tct_detail *d,
		    unsigned int from, const struct tct_segment *seg)
{
	const struct tct_end *s = &f->end[from], *r = &f->end[!from];

	/* RFC 2385 section 2, RFC 5925 section 7.5: unsigned, it is no segment */
	if (s->flags & r->flags & TCT_END_SIGNED &&
	    !(seg->flags & TCT_OPT_SIGNED))
		return false;
	if (seg->flags & TCT_ACK && r->state == TCT_SYN_SENT)
		return tct_after(seg->ack, r->isn) &&
		       !tct_after(seg->ack, r->nxt);
	if (tct_rst_after_fin(s, r, seg))
		return true;
	if (d && tct_rst_at_sack(s, r, &d->end[!from], seg))
		return true;
	return (s->flags & TCT_END_SEEN && seg->seq == s->nxt) ||
	       (r->flags & TCT_END_ACKED && seg->seq == r->ack);
}
