// SPDX-License-Identifier: GPL-2.0
/*
 * The TCP state machine.  See fsm.h for the rule of evidence, and state.c for the
 * table of states.
 */
#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "fsm.h"
#include "handshake.h"
#include "seq.h"
#include "state.h"

/* tcp_synack_retries' default: after so many repetitions comes no other */
#define TCT_SYNACK_RETRIES	5

/* May the end that sends this still wait for the ACK of its SYN?  Then it answers
 * what it refuses with an ACK of nothing new: a full accept queue's request does
 * so to keep-alives (RFC 9293 section 3.10.7.4, first), and who has opened at the
 * same time to the other's SYN if that comes twice (RFC 5961 section 4.2).
 */
static bool tct_fsm_proves_nothing(const struct tct_fsm *f,
				   const struct tct_end *s,
				   const struct tct_segment *seg)
{
	return f->flags & (TCT_F_ACCEPT_WAIT | TCT_F_SIMOPEN) &&
	       !(f->flags & TCT_F_SELF) && s->flags & TCT_END_SYN &&
	       s->flags & TCT_END_ACKED && !seg->len &&
	       !(seg->flags & TCT_FIN) && seg->seq == s->isn + 1 &&
	       !tct_after(seg->ack, s->ack);
}

/* The acknowledgment field: what the sender has received */
static u32 tct_fsm_ack(struct tct_fsm *f, unsigned int from,
		       const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	u32 ev = 0;

	if (r->flags & TCT_END_SYN && tct_after(seg->ack, r->isn)) {
		/* It has had the SYN.  Whether its own was received shows in
		 * what the other end sends.
		 */
		if (s->state == TCT_SYN_SENT)
			ev |= tct_end_input(f, from, r->state == TCT_SYN_SENT ?
					    TCT_IN_SENT_SYNACK :
					    TCT_IN_ACKED_SYN,
					    TCT_WHY_ACK, now);
		if (r->state == TCT_SYN_RECEIVED &&
		    !(f->flags & TCT_F_ACCEPT_WAIT)) {
			ev |= tct_end_input(f, !from, TCT_IN_SYN_ACKED,
					    TCT_WHY_ACK, now);
			ev |= tct_handshake_done(f);
			r->flags |= TCT_END_UNCONF;
		}
	}
	/* A SYN_RECEIVED end that sends anything but a SYN-ACK has had the
	 * ACK of its SYN, or would have nothing to send.
	 */
	if (!tct_fsm_proves_nothing(f, s, seg)) {
		if (s->state == TCT_SYN_RECEIVED && r->flags & TCT_END_ACKED &&
		    tct_after(r->ack, s->isn))
			ev |= tct_end_input(f, from, TCT_IN_ACKED_SYN,
					    TCT_WHY_ACK, now);
		if (s->state == TCT_ESTABLISHED)
			s->flags &= ~TCT_END_UNCONF;
	}

	if (r->flags & TCT_END_FIN && !tct_before(seg->ack, r->nxt)) {
		if (s->state == TCT_ESTABLISHED)
			f->fin_at = !(s->flags & TCT_END_SEEN) ||
				    tct_after(seg->seq, s->nxt) ? seg->seq :
								  s->nxt;
		ev |= tct_end_input(f, from, TCT_IN_ACKED_FIN, TCT_WHY_FIN_ACK,
				    now);
		if (tct_end_input(f, !from, TCT_IN_FIN_ACKED, TCT_WHY_FIN_ACK,
				  now)) {
			r->flags |= TCT_END_UNCONF;
			ev |= TCT_EV_STATE;
		}
	}
	return ev;
}

/* Before its FIN or RST is noted: is it the connection's first? */
static void tct_fsm_closes(struct tct_fsm *f, unsigned int from)
{
	if ((f->end[0].flags | f->end[1].flags) &
	    (TCT_END_FIN | TCT_END_RESET))
		return;
	if (from)
		f->flags |= TCT_F_CLOSER_1;
	else
		f->flags &= ~TCT_F_CLOSER_1;
}

static u32 tct_fsm_fin(struct tct_fsm *f, unsigned int from, u32 end, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];

	if (!(s->flags & TCT_END_FIN)) {
		/* what has been received is not closed afterwards */
		if (tct_before(end, r->flags & TCT_END_ACKED ? r->ack : s->nxt))
			return 0;
		tct_fsm_closes(f, from);
		s->flags |= TCT_END_FIN;
		/* and what was seen beyond, and is not acknowledged, never was */
		s->nxt = end;
		/* It had been sent before the other's was acknowledged: they
		 * crossed (RFC 9293 section 3.6, case 3)
		 */
		if (s->state == TCT_CLOSE_WAIT && !tct_after(end, f->fin_at))
			return tct_end_set(f, from, TCT_CLOSING, TCT_WHY_FIN,
					   now);
		return tct_end_input(f, from, TCT_IN_SENT_FIN, TCT_WHY_FIN,
				     now);
	}
	if (end != s->nxt)
		return 0;
	s->flags &= ~TCT_END_UNCONF;
	return TCT_EV_LINGER | tct_end_input(f, from, TCT_IN_FIN_AGAIN,
					     TCT_WHY_FIN_AGAIN, now);
}

/* It goes on after its SYN, so it was answered, on a path that is not ours: from
 * here on the flow is as one picked up, of which one end is heard.
 */
static u32 tct_fsm_one_sided(struct tct_fsm *f, unsigned int from,
			     const struct tct_segment *seg, u64 now)
{
	struct tct_end *r = &f->end[!from];

	if (!tct_after(seg->seq, f->end[from].isn))
		return 0;
	f->flags |= TCT_F_PICKUP | TCT_F_HS_DONE;
	/* its own scale is in its SYN, whether or not it is used */
	r->wscale = TCT_WSCALE_MAX;
	/* what a RST closed there is not what has answered */
	r->flags &= ~(TCT_END_RESET | TCT_END_UNCONF);
	r->prev = TCT_CLOSED;
	return tct_end_set(f, from, TCT_ESTABLISHED, TCT_WHY_PICKUP, now);
}

static bool tct_state_opens(u8 state)
{
	return state == TCT_SYN_SENT || state == TCT_SYN_RECEIVED;
}

/* RFC 9293 section 3.4.1: the SYN has its sender's first number.  Asked in the
 * handshake only: later that number is one of any.
 */
static bool tct_fsm_is_before_syn(const struct tct_end *s,
				  const struct tct_segment *seg)
{
	return s->flags & TCT_END_SYN &&
	       tct_before(seg->seq, s->isn + !!(seg->flags & TCT_FIN));
}

/* RFC 9293 section 3.10.7.3: an end in SYN_SENT sends nothing that does not
 * acknowledge the other's SYN, unless the answers go another way.  Nor does one
 * that has answered that SYN.
 */
static bool tct_fsm_is_premature(const struct tct_end *s,
				 const struct tct_end *r,
				 const struct tct_segment *seg, bool alone)
{
	u8 state = tct_end_before(s);

	if (likely(!tct_state_opens(state) && !tct_state_opens(r->state)))
		return false;
	if (tct_fsm_is_before_syn(s, seg))
		return true;
	if (alone)
		return s->flags & TCT_END_RESET || seg->seq == s->isn;
	return !(r->flags & TCT_END_SYN) || !tct_after(seg->ack, r->isn);
}

/* Neither SYN nor RST */
static u32 tct_fsm_segment(struct tct_fsm *f, struct tct_detail *d,
			   unsigned int from, const struct tct_segment *seg,
			   u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	bool alone = f->flags & TCT_F_UNANSWERED &&
		     !(r->flags & TCT_END_SEEN) && r->state == TCT_CLOSED;
	u32 end = tct_seg_end(seg);
	enum tct_fit fit;
	u32 ev;

	/* a TIME_WAIT that was not heard is of the connection before */
	if (!(s->flags & TCT_END_SEEN) &&
	    (r->state == TCT_SYN_SENT || s->state == TCT_TIME_WAIT))
		return tct_handshake_challenge(f, from, seg, now);
	if (unlikely(tct_fsm_is_premature(s, r, seg, alone)))
		return TCT_EV_WINDOW;
	if (unlikely(tct_seq_old_ts(s, r, seg)))
		return TCT_EV_PAWS | tct_seq_judge_old(f, d, from, seg, end);
	fit = tct_in_window(s, r, seg, end);
	if (unlikely(fit != TCT_FITS)) {
		if (fit == TCT_FITS_NOT_ACK)
			f->flags |= TCT_F_DUE(!from);
		return TCT_EV_WINDOW;
	}

	ev = TCT_EV_REFRESH;
	if (unlikely(s->state == TCT_SYN_SENT && alone))
		ev |= tct_fsm_one_sided(f, from, seg, now);
	ev |= tct_seq_judge(f, d, from, seg, end);
	if (unlikely(s->flags & TCT_END_RESET || !(s->flags & TCT_END_SEEN)))
		ev |= tct_handshake_hear(f, from, now);
	if (likely(seg->flags & TCT_ACK))
		ev |= tct_fsm_ack(f, from, seg, now);
	ev |= tct_end_learn(s, r, seg, end);
	if (end == seg->seq)
		f->flags |= TCT_F_PURE(from);
	if (seg->flags & TCT_FIN)
		ev |= tct_fsm_fin(f, from, end, now);
	return ev;
}

static u32 tct_end_reset(struct tct_fsm *f, unsigned int who, u64 now)
{
	struct tct_end *e = &f->end[who];
	u8 prev = e->state;
	u32 ev;

	ev = tct_end_input(f, who, TCT_IN_RST, TCT_WHY_RST, now);
	if (ev) {
		e->prev = prev;
		e->flags |= TCT_END_RESET;
	}
	return ev;
}

static u32 tct_fsm_rst(struct tct_fsm *f, const struct tct_detail *d,
		       unsigned int from, const struct tct_segment *seg,
		       u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	u32 ev = 0;

	if (!tct_rst_counts(f, d, from, seg)) {
		if (tct_rst_is_near(r, seg))
			f->flags |= TCT_F_DUE(!from);
		return TCT_EV_WINDOW;
	}

	tct_fsm_closes(f, from);
	/* RFC 1337 section 3, fix F1 */
	if (!(seg->flags & TCT_OPT_RFC1337 && r->state == TCT_TIME_WAIT))
		ev = tct_end_reset(f, !from, now);
	if (ev)
		r->flags |= TCT_END_UNCONF;
	/* A REJECT rule speaks in the name of an end, but is not that end.  And
	 * an end in SYN_SENT that refuses a wrong acknowledgment stays there
	 * (RFC 9293 section 3.10.7.3, first).
	 */
	if (!(seg->flags & TCT_OPT_FORGED) &&
	    (s->state != TCT_SYN_SENT || seg->seq == s->nxt)) {
		ev |= tct_end_reset(f, from, now);
		if (!(s->flags & TCT_END_SEEN))
			f->flags &= ~TCT_F_UNANSWERED;
	}
	f->flags &= ~(TCT_F_ACCEPT_WAIT | (ev ? TCT_F_RST_1 : 0));
	if (ev && from)
		f->flags |= TCT_F_RST_1;
	return ev;
}

static u32 tct_fsm_one(struct tct_fsm *f, struct tct_detail *d,
		       unsigned int from, const struct tct_segment *seg,
		       u64 now)
{
	if (likely(!(seg->flags & (TCT_SYN | TCT_RST))))
		return tct_fsm_segment(f, d, from, seg, now);
	if (seg->flags & TCT_RST)
		return tct_fsm_rst(f, d, from, seg, now);
	if (seg->flags & TCT_ACK)
		return tct_handshake_synack(f, from, seg, now);
	return tct_handshake_syn(f, from, seg, now);
}

/* Which flags an end has that is open, has spoken and waits for nothing */
#define TCT_END_STEADY_MASK	(TCT_END_SEEN | TCT_END_ACKED | TCT_END_FIN | \
				 TCT_END_RESET | TCT_END_UNCONF)
#define TCT_END_STEADY		(TCT_END_SEEN | TCT_END_ACKED)

static bool tct_end_is_steady(const struct tct_end *e)
{
	return e->state == TCT_ESTABLISHED && e->window &&
	       (e->flags & TCT_END_STEADY_MASK) == TCT_END_STEADY;
}

/* May tct_predict() be asked of the next segment? */
static void tct_fsm_steady(struct tct_fsm *f)
{
	if (tct_end_is_steady(&f->end[0]) && tct_end_is_steady(&f->end[1]) &&
	    !(f->flags & (TCT_F_SELF | TCT_F_DUE_0 | TCT_F_DUE_1)))
		f->flags |= TCT_F_STEADY;
	else
		f->flags &= ~TCT_F_STEADY;
}

u32 tct_fsm_step_slow(struct tct_fsm *f, struct tct_detail *d,
		      unsigned int from, const struct tct_segment *seg, u64 now)
{
	u32 ev = tct_fsm_one(f, d, from, seg, now);

	/* An endpoint connected to itself: each segment is one of both ends,
	 * and the connection a simultaneous open (RFC 9293 section 3.5).
	 */
	if (unlikely(f->flags & TCT_F_SELF) && !(ev & TCT_EV_REUSE))
		ev |= tct_fsm_one(f, d, !from, seg, now) & ~TCT_EV_REUSE;
	tct_fsm_steady(f);
	return ev;
}

/* The first segment is neither SYN nor SYN-ACK */
static u32 tct_fsm_pickup(struct tct_fsm *f, const struct tct_segment *seg,
			  unsigned int from, u64 now)
{
	struct tct_end *s = &f->end[from];

	f->flags = TCT_F_PICKUP | TCT_F_UNANSWERED | TCT_F_HS_DONE;
	/* The SYNs are past: take the scale for the largest there is */
	f->end[0].wscale = TCT_WSCALE_MAX;
	f->end[1].wscale = TCT_WSCALE_MAX;
	s->state = TCT_ESTABLISHED;
	tct_end_learn(s, &f->end[!from], seg, tct_seg_end(seg));
	if (seg->flags & TCT_FIN)
		tct_fsm_fin(f, from, s->nxt, now);
	f->reason = TCT_WHY_PICKUP;
	return TCT_EV_STATE | (from ? TCT_EV_RESPONDER : 0);
}

/* The first segment is a SYN-ACK: the initiator's SYN is known only by it */
static u32 tct_fsm_open_synack(struct tct_fsm *f, const struct tct_segment *seg,
			       u64 now)
{
	struct tct_end *i = &f->end[0], *r = &f->end[1];

	f->flags = TCT_F_PICKUP | TCT_F_UNANSWERED;
	f->synacks = 1;
	f->synack_at = now;
	i->state = TCT_SYN_SENT;
	i->isn = seg->ack - 1;
	i->nxt = seg->ack;
	i->flags = TCT_END_SYN;
	/* the option is there only if the SYN had it; its shift is not */
	if (seg->flags & TCT_OPT_WSCALE) {
		i->wscale = TCT_WSCALE_MAX;
		i->flags |= TCT_END_WSOPT;
	}
	r->state = TCT_SYN_RECEIVED;
	tct_end_learn_syn(r, i, seg);
	f->reason = TCT_WHY_SYNACK;
	return TCT_EV_STATE | TCT_EV_RESPONDER;
}

static u32 tct_fsm_open_syn(struct tct_fsm *f, const struct tct_segment *seg,
			    u64 now)
{
	f->flags = TCT_F_UNANSWERED;
	tct_end_learn_syn(&f->end[0], &f->end[1], seg);
	return TCT_EV_RTT_SYN | tct_end_input(f, 0, TCT_IN_SENT_SYN,
					       TCT_WHY_SYN, now);
}

u32 tct_fsm_open(struct tct_fsm *f, const struct tct_segment *seg, bool guess,
		 u64 now)
{
	unsigned int who;
	u32 ev;

	memset(f, 0, sizeof(*f));
	for (who = 0; who < 2; who++) {
		f->end[who].since_lo = now;
		f->end[who].since_hi = now >> 32;
	}
	if (seg->flags & TCT_RST)
		return TCT_EV_REFUSED;
	if (!(seg->flags & TCT_SYN))
		ev = tct_fsm_pickup(f, seg, guess, now);
	else if (seg->flags & TCT_ACK)
		ev = tct_fsm_open_synack(f, seg, now);
	else
		ev = tct_fsm_open_syn(f, seg, now);

	if (unlikely(seg->flags & TCT_OPT_SELF)) {
		f->flags |= TCT_F_SELF;
		ev |= tct_fsm_one(f, NULL, !!(ev & TCT_EV_RESPONDER) ^ 1, seg,
				  now);
	}
	return ev;
}

/* RFC 6191 section 2, as Linux does it (tcp_timewait_state_process()): does an
 * end in TIME_WAIT give way to a SYN?
 */
static bool tct_fsm_yields(const struct tct_end *s, const struct tct_end *r,
			   const struct tct_segment *seg)
{
	bool ts = seg->flags & TCT_OPT_TS && s->flags & TCT_END_TS;

	if (ts && tct_before(seg->tsval, s->ts))
		return false;
	return tct_after(seg->seq, r->ack) ||
	       (ts && tct_after(seg->tsval, s->ts));
}

u32 tct_fsm_reopen(struct tct_fsm *f, unsigned int from,
		   const struct tct_segment *seg, u64 now)
{
	struct tct_end s = f->end[from], r = f->end[!from];
	struct tct_end *peer = &f->end[1];
	u32 ev;

	ev = tct_fsm_open(f, seg, false, now);
	f->flags |= TCT_F_REUSED;
	f->reason = TCT_WHY_REUSE;
	if (r.state != TCT_TIME_WAIT || f->flags & TCT_F_SELF)
		return ev;
	peer->prev = TCT_TIME_WAIT;
	if (tct_fsm_yields(&s, &r, seg))
		return ev;
	/* it will answer with an ACK, and stay */
	f->flags |= TCT_F_CHALLENGED;
	f->reason = TCT_WHY_REFUSED_REUSE;
	peer->state = TCT_TIME_WAIT;
	peer->since_lo = r.since_lo;
	peer->since_hi = r.since_hi;
	return ev;
}

/* A SYN-ACK that was repeated after its ACK is due again and does not come.
 * Either an ACK had its effect after all, or the end has given up, which it does
 * in silence (RFC 9293 section 3.8.3); each is taken back if the end speaks.
 */
static u32 tct_end_silent(struct tct_fsm *f, unsigned int who, u64 now)
{
	struct tct_end *e = &f->end[who];

	if (e->state != TCT_SYN_RECEIVED)
		return 0;
	e->flags |= TCT_END_UNCONF;
	if (f->synacks <= TCT_SYNACK_RETRIES)
		return tct_end_input(f, who, TCT_IN_SYN_ACKED, TCT_WHY_SILENCE,
				     now);
	e->prev = TCT_PREV_SILENT;
	e->flags |= TCT_END_RESET;
	return tct_end_set(f, who, TCT_CLOSED, TCT_WHY_SILENCE, now);
}

u32 tct_fsm_timeout(struct tct_fsm *f, u64 now)
{
	if (!(f->flags & TCT_F_ACCEPT_WAIT) ||
	    tct_before((u32)now, f->synack_due))
		return 0;
	return tct_end_silent(f, 0, now) | tct_end_silent(f, 1, now);
}
