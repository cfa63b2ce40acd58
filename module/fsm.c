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
#include "seq.h"
#include "state.h"

/* SYN-ACKs are repeated after 1, 2, 4 ... s (RFC 6298), 120 s at most */
#define TCT_SYNACK_SHIFT_MAX	7
#define TCT_SYNACK_RTO_MAX	(120U * HZ)

/* tcp_synack_retries' default: after so many repetitions comes no other */
#define TCT_SYNACK_RETRIES	5

static u32 tct_fsm_finish_handshake(struct tct_fsm *f)
{
	if (f->flags & TCT_F_HS_DONE)
		return 0;
	f->flags |= TCT_F_HS_DONE;
	/* Karn: a repeated SYN or SYN-ACK makes the sample ambiguous */
	return f->flags & TCT_F_HS_AGAIN ? 0 : TCT_EV_RTT_DONE;
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
			ev |= tct_fsm_finish_handshake(f);
			r->flags |= TCT_END_UNCONF;
		}
	}
	/* A SYN_RECEIVED end that sends anything but a SYN-ACK has had the
	 * ACK of its SYN, or would have nothing to send.
	 */
	if (s->state == TCT_SYN_RECEIVED && r->flags & TCT_END_ACKED &&
	    tct_after(r->ack, s->isn)) {
		ev |= tct_end_input(f, from, TCT_IN_ACKED_SYN, TCT_WHY_ACK,
				    now);
	}
	if (s->state == TCT_ESTABLISHED)
		s->flags &= ~TCT_END_UNCONF;

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

static u32 tct_fsm_fin(struct tct_fsm *f, unsigned int from, u32 end, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];

	if (!(s->flags & TCT_END_FIN)) {
		/* what has been received is not closed afterwards */
		if (tct_before(end, r->flags & TCT_END_ACKED ? r->ack : s->nxt))
			return 0;
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

/* An end that was thought reset, or never heard before, sends a segment */
static u32 tct_fsm_hear(struct tct_fsm *f, unsigned int from, u64 now)
{
	struct tct_end *s = &f->end[from];

	if (s->flags & TCT_END_RESET) {
		s->flags &= ~(TCT_END_RESET | TCT_END_UNCONF);
		return tct_end_set(f, from, s->prev, TCT_WHY_ALIVE, now);
	}
	if (s->flags & TCT_END_SEEN)
		return 0;
	f->flags &= ~TCT_F_UNANSWERED;
	if (s->state == TCT_CLOSED && f->flags & TCT_F_PICKUP)
		return tct_end_set(f, from, TCT_ESTABLISHED, TCT_WHY_PICKUP,
				   now);
	return 0;
}

/* The responder of an unanswered SYN sends neither SYN-ACK nor RST: a
 * connection that it still has on this tuple speaks (RFC 9293 section
 * 3.10.7.4, fourth; RFC 5961 section 4; RFC 6191 for TIME_WAIT).
 */
static u32 tct_fsm_challenge(struct tct_fsm *f, unsigned int from,
			     const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from];

	/* what a RST in answer will have as its sequence number */
	s->ack = seg->ack;
	s->flags = TCT_END_ACKED;
	f->flags |= TCT_F_CHALLENGED;
	f->flags &= ~TCT_F_UNANSWERED;
	if (s->prev == TCT_CLOSED)
		return 0;
	return tct_end_set(f, from, s->prev, TCT_WHY_REFUSED_REUSE, now);
}

/* It goes on after its SYN, so it was answered, on a path that is not ours: from
 * here on the flow is as one picked up, of which one end is heard.
 */
static u32 tct_fsm_one_sided(struct tct_fsm *f, unsigned int from,
			     const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from];

	if (!tct_after(seg->seq, s->isn))
		return 0;
	f->flags |= TCT_F_PICKUP | TCT_F_HS_DONE;
	f->end[0].wscale = TCT_WSCALE_MAX;
	f->end[1].wscale = TCT_WSCALE_MAX;
	return tct_end_set(f, from, TCT_ESTABLISHED, TCT_WHY_PICKUP, now);
}

/* RFC 9293 section 3.10.7.3: an end in SYN_SENT sends nothing that does not
 * acknowledge the other's SYN, unless the answers go another way
 */
static bool tct_fsm_is_premature(const struct tct_end *s,
				 const struct tct_end *r,
				 const struct tct_segment *seg, bool alone)
{
	if ((s->flags & TCT_END_RESET ? s->prev : s->state) != TCT_SYN_SENT)
		return false;
	if (alone)
		return s->flags & TCT_END_RESET ||
		       !tct_after(seg->seq, s->isn);
	return !(r->flags & TCT_END_SYN) || !tct_after(seg->ack, r->isn);
}

/* Neither SYN nor RST */
static u32 tct_fsm_segment(struct tct_fsm *f, unsigned int from,
			   const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	bool alone = f->flags & TCT_F_UNANSWERED && !(r->flags & TCT_END_SEEN);
	u32 end = tct_seg_end(seg);
	u32 ev;

	if (!(s->flags & TCT_END_SEEN) && r->state == TCT_SYN_SENT)
		return tct_fsm_challenge(f, from, seg, now);
	if (unlikely(tct_fsm_is_premature(s, r, seg, alone)))
		return TCT_EV_WINDOW;
	if (unlikely(!tct_in_window(s, r, seg, end)))
		return TCT_EV_WINDOW;

	ev = TCT_EV_REFRESH;
	if (unlikely(s->state == TCT_SYN_SENT && alone))
		ev |= tct_fsm_one_sided(f, from, seg, now);
	if (tct_is_repeat(s, seg, end))
		ev |= TCT_EV_RETRANS;
	if (unlikely(s->flags & TCT_END_RESET || !(s->flags & TCT_END_SEEN)))
		ev |= tct_fsm_hear(f, from, now);
	if (likely(seg->flags & TCT_ACK))
		ev |= tct_fsm_ack(f, from, seg, now);
	tct_end_learn(s, seg, end);
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

static u32 tct_fsm_rst(struct tct_fsm *f, unsigned int from,
		       const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	u32 ev;

	if (!tct_rst_counts(s, r, seg))
		return TCT_EV_WINDOW;

	ev = tct_end_reset(f, !from, now);
	if (ev)
		r->flags |= TCT_END_UNCONF;
	/* A REJECT rule speaks in the name of an end, but is not that end.  And
	 * an end in SYN_SENT that refuses a wrong acknowledgment stays there
	 * (RFC 9293 section 3.10.7.3, first).
	 */
	if (!(seg->opts & TCT_OPT_FORGED) &&
	    (s->state != TCT_SYN_SENT || seg->seq == s->nxt)) {
		ev |= tct_end_reset(f, from, now);
		if (!(s->flags & TCT_END_SEEN))
			f->flags &= ~TCT_F_UNANSWERED;
	}
	f->flags &= ~TCT_F_ACCEPT_WAIT;
	return ev;
}

/* The SYN-ACK is repeated: either its ACK never came, or it came and had no
 * effect, because the accept queue is full.  Each repetition draws a new ACK at
 * once, which proves nothing: the next due repetition is waited for.
 */
static u32 tct_fsm_synack_again(struct tct_fsm *f, unsigned int from, u64 now)
{
	struct tct_end *s = &f->end[from];
	u32 ev = TCT_EV_RETRANS;
	u32 rto = HZ;

	f->flags |= TCT_F_HS_AGAIN;
	/* an old one, which says nothing */
	if (s->state != TCT_SYN_RECEIVED && !(s->state == TCT_ESTABLISHED &&
					      s->flags & TCT_END_UNCONF))
		return TCT_EV_RETRANS | TCT_EV_REFRESH;
	f->synacks = min(f->synacks + 1, 255);
	rto <<= min(f->synacks - 1, TCT_SYNACK_SHIFT_MAX);
	/* some may have been lost before they came here */
	rto = max(rto, min(2 * ((u32)now - f->synack_at), TCT_SYNACK_RTO_MAX));
	f->synack_at = now;
	/* a quarter for rounding timers, half a second for what is slow */
	f->synack_due = (u32)now + rto + rto / 4 + HZ / 2;
	if (s->state == TCT_ESTABLISHED && s->flags & TCT_END_UNCONF) {
		s->flags &= ~TCT_END_UNCONF;
		f->flags |= TCT_F_ACCEPT_WAIT;
		ev |= tct_end_input(f, from, TCT_IN_SYNACK_AGAIN,
				    TCT_WHY_SYNACK_AGAIN, now);
	}
	return ev | TCT_EV_REFRESH;
}

/* The answer to its SYN comes by here after all: what was sent in its name before
 * that is not its word, as everybody could
 */
static u32 tct_fsm_take_back(struct tct_fsm *f, unsigned int who,
			     const struct tct_segment *seg, u64 now)
{
	struct tct_end *e = &f->end[who];

	if (!(f->flags & TCT_F_UNANSWERED) || !(f->flags & TCT_F_PICKUP))
		return 0;
	f->flags &= ~(TCT_F_PICKUP | TCT_F_HS_DONE);
	f->flags |= TCT_F_HS_AGAIN;
	e->nxt = seg->ack;
	e->flags &= TCT_END_SYN | TCT_END_SEEN | TCT_END_WSOPT;
	return tct_end_set(f, who, TCT_SYN_SENT, TCT_WHY_SYNACK, now);
}

/* May the end send a SYN-ACK with another number than that of its SYN, if there
 * was one?  Then what is known of it is forgotten: it is of another connection.
 */
static bool tct_fsm_may_synack(struct tct_fsm *f, unsigned int who)
{
	struct tct_end *s = &f->end[who], *r = &f->end[!who];
	u8 state = TCT_CLOSED;

	/* known by the SYN-ACK that answered it */
	if (s->flags & TCT_END_SYN && !(s->flags & TCT_END_SEEN))
		return false;
	/* Until its receiver has answered, a SYN-ACK may be replaced: by that of
	 * a later syncookie, or of another server behind a balancer.
	 */
	if (s->flags & TCT_END_SEEN) {
		if (s->state != TCT_SYN_RECEIVED || r->state != TCT_SYN_SENT)
			return false;
		f->flags |= TCT_F_HS_AGAIN;
		if (r->flags & TCT_END_WSOPT)
			r->wscale = TCT_WSCALE_MAX;
		state = TCT_SYN_RECEIVED;
	}
	/* and what refused the SYN before, a TIME_WAIT, is gone */
	memset(s, 0, sizeof(*s));
	s->state = state;
	return true;
}

static u32 tct_fsm_synack(struct tct_fsm *f, unsigned int from,
			  const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	bool again = s->flags & TCT_END_SYN && s->isn == seg->seq;
	u32 ev = 0;

	/* It must answer this connection's SYN, and be its sender's only one */
	if (!(r->flags & TCT_END_SYN) || !tct_after(seg->ack, r->isn) ||
	    tct_after(seg->ack, r->nxt))
		return TCT_EV_WINDOW;
	if (again && s->flags & TCT_END_RESET && s->prev <= TCT_SYN_RECEIVED) {
		ev = tct_fsm_hear(f, from, now);
		/* thought to have given up, it is waited for as before */
		if (r->flags & TCT_END_ACKED)
			f->flags |= TCT_F_ACCEPT_WAIT;
	}
	if (again && s->state != TCT_SYN_SENT)
		return ev | tct_fsm_synack_again(f, from, now);
	if (!again && !tct_fsm_may_synack(f, from))
		return TCT_EV_WINDOW;
	if (!again)
		ev |= tct_fsm_take_back(f, !from, seg, now);

	f->flags &= ~TCT_F_UNANSWERED;
	f->synacks = 1;
	f->synack_at = now;
	tct_end_learn_syn(s, seg);
	tct_fsm_settle_wscale(f);
	ev |= tct_end_input(f, from, TCT_IN_SENT_SYNACK, TCT_WHY_SYNACK, now);

	/* Simultaneous open, RFC 9293 section 3.5 figure 7: the second SYN-ACK
	 * acknowledges its receiver's SYN, and its sender has been sent the
	 * acknowledgment of its own.
	 */
	if (r->state == TCT_SYN_RECEIVED) {
		ev |= tct_end_input(f, !from, TCT_IN_SYN_ACKED, TCT_WHY_ACK,
				    now);
		ev |= tct_end_input(f, from, TCT_IN_SYN_ACKED, TCT_WHY_ACK,
				    now);
		s->flags |= TCT_END_UNCONF;
		r->flags |= TCT_END_UNCONF;
		ev |= tct_fsm_finish_handshake(f);
	}
	return ev | TCT_EV_REFRESH;
}

static u32 tct_fsm_syn(struct tct_fsm *f, unsigned int from,
		       const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];

	if (s->flags & TCT_END_SYN && s->isn == seg->seq &&
	    s->state != TCT_CLOSED) {
		if (s->state != TCT_SYN_SENT)
			return TCT_EV_WINDOW;
		f->flags |= TCT_F_HS_AGAIN;
		/* known by its SYN-ACK only, until now */
		if (!(s->flags & TCT_END_SEEN)) {
			f->flags &= ~TCT_F_UNANSWERED;
			tct_end_learn_syn(s, seg);
			tct_fsm_settle_wscale(f);
		}
		return TCT_EV_RETRANS;
	}
	if (s->state == TCT_CLOSED && !(s->flags & TCT_END_SEEN) &&
	    r->state == TCT_SYN_SENT) {
		f->flags &= ~TCT_F_UNANSWERED;
		f->flags |= TCT_F_SIMOPEN;
		tct_end_learn_syn(s, seg);
		return TCT_EV_REFRESH | tct_end_input(f, from, TCT_IN_SENT_SYN,
						      TCT_WHY_SYN, now);
	}
	if (tct_fsm_reusable(f))
		return TCT_EV_REUSE;

	/* RFC 5961 section 4: it will draw a challenge ACK, whose answer, a
	 * RST or nothing, tells whether the sender means it.
	 */
	f->flags |= TCT_F_CHALLENGED;
	return TCT_EV_WINDOW;
}

static u32 tct_fsm_one(struct tct_fsm *f, unsigned int from,
		       const struct tct_segment *seg, u64 now)
{
	if (likely(!(seg->flags & (TCT_SYN | TCT_RST))))
		return tct_fsm_segment(f, from, seg, now);
	if (seg->flags & TCT_RST)
		return tct_fsm_rst(f, from, seg, now);
	if (seg->flags & TCT_ACK)
		return tct_fsm_synack(f, from, seg, now);
	return tct_fsm_syn(f, from, seg, now);
}

/* Which flags an end has that is open, has spoken and waits for nothing */
#define TCT_END_STEADY_MASK	(TCT_END_SEEN | TCT_END_ACKED | TCT_END_FIN | \
				 TCT_END_RESET | TCT_END_UNCONF)
#define TCT_END_STEADY		(TCT_END_SEEN | TCT_END_ACKED)

static bool tct_end_is_steady(const struct tct_end *e)
{
	return e->state == TCT_ESTABLISHED &&
	       (e->flags & TCT_END_STEADY_MASK) == TCT_END_STEADY;
}

/* Header prediction: of the segment that follows in sequence on an open
 * connection, within both windows, tct_fsm_segment() would do only this.
 * Return: it was one, and has been accounted.
 */
static bool tct_fsm_predicted(struct tct_fsm *f, unsigned int from,
			      const struct tct_segment *seg)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	u32 end = seg->seq + seg->len;
	u32 win, edge;

	if ((seg->flags & ~TCT_PSH) != TCT_ACK || seg->seq != s->nxt ||
	    !tct_end_is_steady(s) || !tct_end_is_steady(r) ||
	    f->flags & TCT_F_SELF)
		return false;
	/* the same as tct_in_window() asks, or less than it grants */
	if (tct_after(seg->seq, r->edge) || tct_before(end, r->ack) ||
	    r->nxt - seg->ack > TCT_OLD_WINDOW || tct_before(seg->ack, s->ack))
		return false;

	win = (u32)seg->window << s->wscale;
	edge = seg->ack + win;
	s->nxt = end;
	s->ack = seg->ack;
	if (tct_after(edge, s->edge))
		s->edge = edge;
	if (win > s->maxwin)
		s->maxwin = win;
	return true;
}

u32 tct_fsm_step(struct tct_fsm *f, unsigned int from,
		 const struct tct_segment *seg, u64 now)
{
	u32 ev;

	if (likely(tct_fsm_predicted(f, from, seg)))
		return TCT_EV_REFRESH;
	ev = tct_fsm_one(f, from, seg, now);

	/* An endpoint connected to itself: each segment is one of both ends,
	 * and the connection a simultaneous open (RFC 9293 section 3.5).
	 */
	if (unlikely(f->flags & TCT_F_SELF) && !(ev & TCT_EV_REUSE))
		ev |= tct_fsm_one(f, !from, seg, now) & ~TCT_EV_REUSE;
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
	tct_end_learn(s, seg, tct_seg_end(seg));
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

	f->flags = TCT_F_PICKUP | TCT_F_UNANSWERED | TCT_F_HS_AGAIN;
	f->synacks = 1;
	f->synack_at = now;
	i->state = TCT_SYN_SENT;
	i->isn = seg->ack - 1;
	i->nxt = seg->ack;
	i->flags = TCT_END_SYN;
	/* the option is there only if the SYN had it; its shift is not */
	if (seg->opts & TCT_OPT_WSCALE) {
		i->wscale = TCT_WSCALE_MAX;
		i->flags |= TCT_END_WSOPT;
	}
	r->state = TCT_SYN_RECEIVED;
	tct_end_learn_syn(r, seg);
	f->reason = TCT_WHY_SYNACK;
	return TCT_EV_STATE | TCT_EV_RESPONDER;
}

static u32 tct_fsm_open_syn(struct tct_fsm *f, const struct tct_segment *seg,
			    u64 now)
{
	f->flags = TCT_F_UNANSWERED;
	tct_end_learn_syn(&f->end[0], seg);
	return TCT_EV_RTT_OPEN | tct_end_input(f, 0, TCT_IN_SENT_SYN,
					       TCT_WHY_SYN, now);
}

u32 tct_fsm_open(struct tct_fsm *f, const struct tct_segment *seg, bool guess,
		 u64 now)
{
	u32 ev;

	memset(f, 0, sizeof(*f));
	f->since[0] = now;
	f->since[1] = now;
	if (seg->flags & TCT_RST)
		return TCT_EV_REFUSED;
	if (!(seg->flags & TCT_SYN))
		ev = tct_fsm_pickup(f, seg, guess, now);
	else if (seg->flags & TCT_ACK)
		ev = tct_fsm_open_synack(f, seg, now);
	else
		ev = tct_fsm_open_syn(f, seg, now);

	if (unlikely(seg->opts & TCT_OPT_SELF)) {
		f->flags |= TCT_F_SELF;
		ev |= tct_fsm_one(f, !!(ev & TCT_EV_RESPONDER) ^ 1, seg, now);
	}
	return ev;
}

u32 tct_fsm_reopen(struct tct_fsm *f, unsigned int from,
		   const struct tct_segment *seg, u64 now)
{
	u8 prev = f->end[!from].state;
	u32 ev;

	ev = tct_fsm_open(f, seg, false, now);
	f->flags |= TCT_F_REUSED;
	f->reason = TCT_WHY_REUSE;
	if (prev == TCT_TIME_WAIT)
		f->end[1].prev = prev;
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
	e->prev = TCT_SYN_RECEIVED;
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
