// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "handshake.h"
#include "seq.h"
#include "state.h"

/* SYN-ACKs are repeated after 1, 2, 4 ... s (RFC 6298), 120 s at most */
#define TCT_SYNACK_SHIFT_MAX	8
#define TCT_SYNACK_RTO_MAX	(120U * HZ)

u32 tct_handshake_done(struct tct_fsm *f)
{
	if (f->flags & TCT_F_HS_DONE)
		return 0;
	f->flags |= TCT_F_HS_DONE;
	return TCT_EV_RTT_ACK;
}

u32 tct_handshake_hear(struct tct_fsm *f, unsigned int from, u64 now)
{
	struct tct_end *s = &f->end[from];

	if (s->flags & TCT_END_RESET) {
		u8 state = tct_end_before(s);

		s->flags &= ~(TCT_END_RESET | TCT_END_UNCONF);
		return tct_end_set(f, from, state, TCT_WHY_ALIVE, now);
	}
	if (s->flags & TCT_END_SEEN)
		return 0;
	f->flags &= ~TCT_F_UNANSWERED;
	if (s->state == TCT_CLOSED && f->flags & TCT_F_PICKUP)
		return tct_end_set(f, from, TCT_ESTABLISHED, TCT_WHY_PICKUP,
				   now);
	return 0;
}

u32 tct_handshake_challenge(struct tct_fsm *f, unsigned int from,
			    const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from];

	/* what a RST in answer will have as its sequence number */
	s->ack = seg->ack;
	s->flags = TCT_END_ACKED;
	f->flags |= TCT_F_CHALLENGED;
	if (f->end[!from].state == TCT_SYN_SENT)
		f->flags &= ~TCT_F_UNANSWERED;
	if (s->prev == TCT_CLOSED)
		return TCT_EV_CHALLENGE;
	return TCT_EV_CHALLENGE | tct_end_set(f, from, s->prev,
					      TCT_WHY_REFUSED_REUSE, now);
}

/* A SYN-ACK was sent now, the last one was at synack_at: by when will the next
 * have been seen, if there is one?
 */
static u32 tct_handshake_due(const struct tct_fsm *f, u64 now)
{
	/* a second after the first */
	u32 rto = HZ / 2 << min_t(u8, f->synacks, TCT_SYNACK_SHIFT_MAX);

	/* some may have been lost before they came here */
	rto = max(rto, min(2 * ((u32)now - f->synack_at), TCT_SYNACK_RTO_MAX));
	/* a quarter for rounding timers, half a second for what is slow */
	return (u32)now + rto + rto / 4 + HZ / 2;
}

/* The SYN-ACK is repeated: either its ACK never came, or it came and had no
 * effect, because the accept queue is full.  Each repetition draws a new ACK at
 * once, which proves nothing: the next due repetition is waited for.
 */
static u32 tct_handshake_synack_again(struct tct_fsm *f, unsigned int from,
				      u64 now)
{
	struct tct_end *s = &f->end[from];
	u32 ev = TCT_EV_RETRANS;

	/* an old one, which says nothing */
	if (s->state != TCT_SYN_RECEIVED && !(s->state == TCT_ESTABLISHED &&
					      s->flags & TCT_END_UNCONF))
		return TCT_EV_RETRANS | TCT_EV_REFRESH;
	/* doubled on its way, or the answer to a doubled SYN: a repetition for
	 * want of an ACK comes after a second (RFC 6298 section 2)
	 */
	if ((u32)now - f->synack_at < HZ / 2)
		return TCT_EV_RETRANS | TCT_EV_REFRESH;
	f->synacks = min(f->synacks + 1, 255);
	f->synack_due = tct_handshake_due(f, now);
	f->synack_at = now;
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
static u32 tct_handshake_take_back(struct tct_fsm *f, unsigned int who,
				   const struct tct_segment *seg, u64 now)
{
	struct tct_end *e = &f->end[who];

	if (!(f->flags & TCT_F_UNANSWERED) || !(f->flags & TCT_F_PICKUP))
		return 0;
	f->flags &= ~(TCT_F_PICKUP | TCT_F_HS_DONE);
	e->nxt = seg->ack;
	e->flags &= TCT_END_SYN | TCT_END_SEEN | TCT_END_WSOPT |
		    TCT_END_SACKOK | TCT_END_TS | TCT_END_SIGNED;
	return tct_end_set(f, who, TCT_SYN_SENT, TCT_WHY_SYNACK, now);
}

/* May the end send a SYN-ACK with another number than that of its SYN, if there
 * was one?  Then what is known of it is forgotten: it is of another connection.
 */
static bool tct_handshake_may_synack(struct tct_fsm *f, unsigned int who)
{
	struct tct_end *s = &f->end[who], *r = &f->end[!who];
	struct tct_end old = *s;
	u8 state = tct_end_before(s);

	/* known by the SYN-ACK that answered it */
	if (s->flags & TCT_END_SYN && !(s->flags & TCT_END_SEEN))
		return false;
	/* Until its receiver has answered, a SYN-ACK may be replaced: by that of
	 * a later syncookie, of another server behind a balancer, or of a
	 * listener that a RST in its receiver's name has sent back to be one.
	 */
	if (s->flags & TCT_END_SEEN) {
		if (state != TCT_SYN_RECEIVED || r->state != TCT_SYN_SENT)
			return false;
		if (r->flags & TCT_END_WSOPT)
			r->wscale = TCT_WSCALE_MAX;
	}
	/* and what refused the SYN before, a TIME_WAIT, is gone */
	memset(s, 0, sizeof(*s));
	if (old.flags & TCT_END_SEEN)
		s->state = old.state;
	s->since_lo = old.since_lo;
	s->since_hi = old.since_hi;
	return true;
}

/* RFC 5961 section 4.2: whatever its number, a SYN on a connection that is open
 * draws a challenge ACK
 */
static u32 tct_handshake_refuse(struct tct_fsm *f, unsigned int to)
{
	if (f->end[to].state >= TCT_ESTABLISHED)
		f->flags |= TCT_F_DUE(to);
	return TCT_EV_WINDOW;
}

u32 tct_handshake_synack(struct tct_fsm *f, unsigned int from,
			 const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];
	bool again = s->flags & TCT_END_SYN && s->isn == seg->seq;
	u32 ev = 0;

	/* It must answer this connection's SYN, and be its sender's only one */
	if (!(r->flags & TCT_END_SYN) || !tct_after(seg->ack, r->isn) ||
	    tct_after(seg->ack, r->nxt))
		return tct_handshake_refuse(f, !from);
	if (tct_seq_old_ts(s, r, seg))
		return TCT_EV_PAWS | (again ? TCT_EV_RETRANS : 0);
	if (again && s->flags & TCT_END_RESET &&
	    tct_end_before(s) <= TCT_SYN_RECEIVED) {
		ev = tct_handshake_hear(f, from, now);
		/* thought to have given up, it is waited for as before */
		if (s->state == TCT_SYN_RECEIVED && r->flags & TCT_END_ACKED) {
			f->flags |= TCT_F_ACCEPT_WAIT;
			f->synack_due = tct_handshake_due(f, now);
		}
	}
	if (again && s->state != TCT_SYN_SENT)
		return ev | tct_handshake_synack_again(f, from, now);
	if (!again && !tct_handshake_may_synack(f, from))
		return tct_handshake_refuse(f, !from);
	if (!again)
		ev |= tct_handshake_take_back(f, !from, seg, now);

	f->flags &= ~TCT_F_UNANSWERED;
	/* RFC 7413 section 4.2.2: it took data that came with the SYN */
	if (tct_after(seg->ack, r->isn + 1))
		f->flags |= TCT_F_FASTOPEN;
	f->synacks = 1;
	f->synack_at = now;
	tct_end_learn_syn(s, r, seg);
	tct_fsm_settle_wscale(f);
	ev |= tct_end_input(f, from, TCT_IN_SENT_SYNACK, TCT_WHY_SYNACK, now);
	if (!(f->flags & TCT_F_SIMOPEN))
		ev |= TCT_EV_RTT_SYNACK;

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
		ev |= tct_handshake_done(f);
	}
	return ev | TCT_EV_REFRESH;
}

/* The connection's own SYN, once more or late.  Of an end that is CLOSED it may be
 * the next one's, but RFC 6191 section 2 lets no TIME_WAIT believe that unless
 * its timestamp is a new one.
 */
static bool tct_handshake_is_own_syn(const struct tct_end *s,
				     const struct tct_end *r,
				     const struct tct_segment *seg)
{
	if (!(s->flags & TCT_END_SYN) || s->isn != seg->seq)
		return false;
	if (s->state != TCT_CLOSED)
		return true;
	return r->state == TCT_TIME_WAIT &&
	       !(seg->flags & TCT_OPT_TS && s->flags & TCT_END_TS &&
		 tct_after(seg->tsval, s->ts));
}

u32 tct_handshake_syn(struct tct_fsm *f, unsigned int from,
		      const struct tct_segment *seg, u64 now)
{
	struct tct_end *s = &f->end[from], *r = &f->end[!from];

	if (tct_handshake_is_own_syn(s, r, seg)) {
		/* late, after the SYN-ACK that it sent as well */
		if (from)
			f->flags |= TCT_F_SIMOPEN;
		if (s->state != TCT_SYN_SENT)
			return tct_handshake_refuse(f, !from);
		/* known by its SYN-ACK only, until now */
		if (!(s->flags & TCT_END_SEEN)) {
			f->flags &= ~TCT_F_UNANSWERED;
			tct_end_learn_syn(s, r, seg);
			tct_fsm_settle_wscale(f);
		}
		return TCT_EV_RETRANS;
	}
	if (s->state == TCT_CLOSED && !(s->flags & TCT_END_SEEN) &&
	    r->state == TCT_SYN_SENT) {
		f->flags &= ~TCT_F_UNANSWERED;
		f->flags |= TCT_F_SIMOPEN;
		tct_end_learn_syn(s, r, seg);
		return TCT_EV_REFRESH | tct_end_input(f, from, TCT_IN_SENT_SYN,
						      TCT_WHY_SYN, now);
	}
	if (tct_fsm_reusable(f))
		return TCT_EV_REUSE;

	/* RFC 5961 section 4: it will draw a challenge ACK, whose answer, a
	 * RST or nothing, tells whether the sender means it.
	 */
	f->flags |= TCT_F_CHALLENGED | TCT_F_DUE(!from);
	return TCT_EV_WINDOW;
}

