// SPDX-License-Identifier: GPL-2.0
/*
 * The rule of evidence, as a check on what happened: which steps a segment may
 * make its sender take, and which its receiver.  Written from RFC 9293, figure
 * 5, and from what fsm.h says is taken back.
 */
#include <string.h>

#include "rules.h"

#define IN(state)	(1U << TCT_##state)

/* Which states the other end may be in */
static const unsigned int pairs[TCT_STATE_MAX] = {
	/* a RST ends one end in any state of the other */
	[TCT_CLOSED] = (1U << TCT_STATE_MAX) - 1,
	/* FIN_WAIT_1: RFC 7413, a server that closes before the last ACK */
	[TCT_SYN_SENT] = IN(CLOSED) | IN(SYN_SENT) | IN(SYN_RECEIVED) |
			 IN(FIN_WAIT_1),
	/* the client in the wait for the accept queue; both, if SYNs crossed */
	[TCT_SYN_RECEIVED] = IN(CLOSED) | IN(SYN_SENT) | IN(SYN_RECEIVED) |
			     IN(ESTABLISHED) | IN(FIN_WAIT_1),
	[TCT_ESTABLISHED] = IN(CLOSED) | IN(SYN_RECEIVED) | IN(ESTABLISHED) |
			    IN(FIN_WAIT_1),
	/* with CLOSE_WAIT and LAST_ACK when the ACK of its FIN was lost */
	[TCT_FIN_WAIT_1] = IN(CLOSED) | IN(SYN_SENT) | IN(SYN_RECEIVED) |
			   IN(ESTABLISHED) | IN(FIN_WAIT_1) | IN(CLOSE_WAIT) |
			   IN(CLOSING) | IN(LAST_ACK),
	[TCT_FIN_WAIT_2] = IN(CLOSED) | IN(CLOSE_WAIT) | IN(CLOSING) |
			   IN(LAST_ACK),
	[TCT_CLOSE_WAIT] = IN(CLOSED) | IN(FIN_WAIT_1) | IN(FIN_WAIT_2),
	[TCT_CLOSING] = IN(CLOSED) | IN(FIN_WAIT_1) | IN(FIN_WAIT_2) |
			IN(CLOSING) | IN(LAST_ACK) | IN(TIME_WAIT),
	[TCT_LAST_ACK] = IN(CLOSED) | IN(FIN_WAIT_1) | IN(FIN_WAIT_2) |
			 IN(CLOSING) | IN(TIME_WAIT),
	[TCT_TIME_WAIT] = IN(CLOSED) | IN(CLOSING) | IN(LAST_ACK) |
			  IN(TIME_WAIT),
};

/* What its own segment without a FIN, and what with one, makes of an end */
static const unsigned int sends[TCT_STATE_MAX] = {
	[TCT_SYN_SENT] = IN(SYN_RECEIVED) | IN(ESTABLISHED) | IN(CLOSE_WAIT),
	[TCT_SYN_RECEIVED] = IN(ESTABLISHED) | IN(CLOSE_WAIT),
	[TCT_ESTABLISHED] = IN(CLOSE_WAIT),
	[TCT_FIN_WAIT_1] = IN(CLOSING),
	[TCT_FIN_WAIT_2] = IN(TIME_WAIT),
};

static const unsigned int sends_fin[TCT_STATE_MAX] = {
	[TCT_CLOSED] = IN(LAST_ACK),
	[TCT_SYN_SENT] = IN(FIN_WAIT_1) | IN(LAST_ACK) | IN(CLOSING),
	[TCT_SYN_RECEIVED] = IN(FIN_WAIT_1) | IN(LAST_ACK) | IN(CLOSING),
	[TCT_ESTABLISHED] = IN(FIN_WAIT_1) | IN(LAST_ACK) | IN(CLOSING),
	[TCT_FIN_WAIT_1] = IN(CLOSING),
	[TCT_FIN_WAIT_2] = IN(FIN_WAIT_1) | IN(CLOSING),
	/* CLOSING: it had been sent before, and was overtaken */
	[TCT_CLOSE_WAIT] = IN(LAST_ACK) | IN(CLOSING),
	[TCT_TIME_WAIT] = IN(CLOSING),
};

/* What another's segment makes of an end: only what it need not answer */
static const unsigned int receives[TCT_STATE_MAX] = {
	[TCT_SYN_RECEIVED] = IN(ESTABLISHED),
	[TCT_FIN_WAIT_1] = IN(FIN_WAIT_2),
	[TCT_CLOSING] = IN(TIME_WAIT),
	[TCT_LAST_ACK] = IN(CLOSED),
};

static unsigned int may_send(u8 state, u8 flags)
{
	switch (flags & (TCT_SYN | TCT_ACK | TCT_FIN | TCT_RST)) {
	case TCT_SYN:
		return state == TCT_CLOSED ? IN(SYN_SENT) : 0;
	case TCT_SYN | TCT_ACK:
		if (state == TCT_ESTABLISHED)
			return IN(SYN_RECEIVED);
		if (state == TCT_CLOSED || state == TCT_SYN_SENT)
			return IN(SYN_RECEIVED) | IN(ESTABLISHED);
		return 0;
	case TCT_FIN | TCT_ACK:
		return sends[state] | sends_fin[state];
	case TCT_ACK:
		return sends[state];
	default:
		return IN(CLOSED);
	}
}

/* The same for an end that was thought CLOSED, or that nobody knows yet */
static unsigned int may_begin(const struct tct_end *e, u8 flags)
{
	unsigned int may = 0;

	if (e->flags & TCT_END_RESET)
		may |= 1U << tct_end_before(e) |
		       may_send(tct_end_before(e), flags);
	if (e->flags & TCT_END_SEEN || flags & TCT_RST)
		return may;
	if (flags & TCT_SYN)
		return may | IN(SYN_RECEIVED);
	/* picked up; or the old connection refuses the new */
	return may | IN(ESTABLISHED) | may_send(TCT_ESTABLISHED, flags) |
	       1U << e->prev;
}

bool rules_pair_possible(const struct tct_fsm *f)
{
	unsigned int who;

	/* what has refused a SYN, in silence since, is of another connection */
	for (who = 0; who < 2; who++)
		if (f->end[who].state == TCT_SYN_SENT &&
		    !(f->end[!who].flags & TCT_END_SEEN))
			return true;
	return pairs[f->end[0].state] & 1U << f->end[1].state;
}

/* Of an endpoint that talks to itself a segment is two steps, of which one may
 * undo the other: these are for one
 */
static const char *step_broken(const struct tct_fsm *old,
			       const struct tct_fsm *new, u32 ev, u64 now)
{
	struct tct_fsm was = *old;
	unsigned int who;
	bool moved = false;

	for (who = 0; who < 2; who++) {
		bool same = new->end[who].state == old->end[who].state;

		u64 since = same ? tct_since(&old->end[who]) : now;

		if ((tct_since(&new->end[who]) ^ since) & TCT_WHEN_MASK)
			return "an end's time is not that of its last change";
		moved |= !same;
	}
	if (moved != !!(ev & TCT_EV_STATE))
		return "TCT_EV_STATE is wrong";
	if (!moved && new->reason != old->reason)
		return "a reason, and no change";
	if (!(ev & (TCT_EV_WINDOW | TCT_EV_PAWS)))
		return NULL;
	if (ev & TCT_EV_PAWS)
		ev &= ~(TCT_EV_RETRANS | TCT_EV_OOO);
	if (ev != TCT_EV_WINDOW && ev != TCT_EV_PAWS)
		return "out of window, and more";
	was.flags |= new->flags & (TCT_F_CHALLENGED | TCT_F_DUE_0 |
				   TCT_F_DUE_1);
	/* the responder has sent a SYN besides its SYN-ACK */
	if (old->end[1].flags & TCT_END_SYN)
		was.flags |= new->flags & TCT_F_SIMOPEN;
	/* what is due is waited for */
	was.flags &= new->flags | ~TCT_F_STEADY;
	if (memcmp(&was, new, sizeof(was)))
		return "out of window, yet something changed";
	return NULL;
}

const char *rules_broken(const struct tct_fsm *old, const struct tct_fsm *new,
			 u32 ev, u64 now)
{
	if (new->end[0].state >= TCT_STATE_MAX ||
	    new->end[1].state >= TCT_STATE_MAX)
		return "not a state";
	if (!rules_pair_possible(new))
		return "the ends cannot be in these states at once";
	if (tct_fsm_class(new) >= TCT_CLASS_MAX)
		return "not a class";
	if (new->reason >= TCT_WHY_MAX)
		return "not a reason";
	if (new->flags & TCT_F_SELF)
		return NULL;
	return step_broken(old, new, ev, now);
}

const char *rules_broken_by(const struct tct_fsm *old,
			    const struct tct_fsm *new, unsigned int from,
			    const struct tct_segment *seg)
{
	const struct tct_end *s = &old->end[from], *r = &old->end[!from];
	unsigned int may;

	/* each of its segments is one of both ends */
	if (new->flags & TCT_F_SELF)
		return NULL;

	may = 1U << s->state | may_send(s->state, seg->flags);
	if (s->state == TCT_CLOSED || !(s->flags & TCT_END_SEEN))
		may |= may_begin(s, seg->flags);
	if (!(may & 1U << new->end[from].state))
		return "this segment does not bring its sender there";

	may = 1U << r->state;
	may |= seg->flags & TCT_RST ? IN(CLOSED) : receives[r->state];
	/* who was believed to have been answered elsewhere was not */
	if (seg->flags & TCT_SYN && old->flags & TCT_F_UNANSWERED)
		may |= IN(SYN_SENT);
	if (!(may & 1U << new->end[!from].state))
		return "this segment does not bring its receiver there";
	return NULL;
}
