// SPDX-License-Identifier: GPL-2.0
/*
 * The table of states.  A segment is an observation of two ends: what it says of
 * its sender and what it says of its receiver are two inputs, each looked up
 * here.
 */
#include "state.h"

#define TO(state)	(TCT_##state + 1)

/* Next state of the end by input and state; 0 is "no change".
 * Sections are of RFC 9293.
 */
static const u8 tct_next[TCT_IN_MAX][TCT_STATE_MAX] = {
	[TCT_IN_SENT_SYN] = {
		[TCT_CLOSED]		= TO(SYN_SENT),		/* 3.10.1 */
	},
	[TCT_IN_SENT_SYNACK] = {
		[TCT_CLOSED]		= TO(SYN_RECEIVED),	/* 3.10.7.2 */
		[TCT_SYN_SENT]		= TO(SYN_RECEIVED),	/* 3.10.7.3 */
	},
	[TCT_IN_ACKED_SYN] = {
		[TCT_SYN_SENT]		= TO(ESTABLISHED),	/* 3.10.7.3 */
		[TCT_SYN_RECEIVED]	= TO(ESTABLISHED),	/* 3.10.7.4 */
	},
	[TCT_IN_SENT_FIN] = {
		[TCT_SYN_RECEIVED]	= TO(FIN_WAIT_1),	/* 3.10.4 */
		[TCT_ESTABLISHED]	= TO(FIN_WAIT_1),	/* 3.10.4 */
		[TCT_CLOSE_WAIT]	= TO(LAST_ACK),		/* 3.10.4 */
	},
	[TCT_IN_ACKED_FIN] = {
		/* 3.10.7.4, eighth: check the FIN bit */
		[TCT_SYN_RECEIVED]	= TO(CLOSE_WAIT),
		[TCT_ESTABLISHED]	= TO(CLOSE_WAIT),
		[TCT_FIN_WAIT_1]	= TO(CLOSING),
		[TCT_FIN_WAIT_2]	= TO(TIME_WAIT),
	},
	[TCT_IN_SYNACK_AGAIN] = {
		/* 3.8.1: it repeats what it believes unacknowledged */
		[TCT_ESTABLISHED]	= TO(SYN_RECEIVED),
	},
	[TCT_IN_FIN_AGAIN] = {
		/* 3.8.1, the same for a FIN */
		[TCT_FIN_WAIT_2]	= TO(FIN_WAIT_1),
		[TCT_TIME_WAIT]		= TO(CLOSING),
		[TCT_CLOSED]		= TO(LAST_ACK),
	},
	[TCT_IN_RST] = {
		/* 3.10.5 for its sender; 3.10.7.3 and 3.10.7.4, second:
		 * check the RST bit, for its receiver
		 */
		[TCT_SYN_SENT]		= TO(CLOSED),
		[TCT_SYN_RECEIVED]	= TO(CLOSED),
		[TCT_ESTABLISHED]	= TO(CLOSED),
		[TCT_FIN_WAIT_1]	= TO(CLOSED),
		[TCT_FIN_WAIT_2]	= TO(CLOSED),
		[TCT_CLOSE_WAIT]	= TO(CLOSED),
		[TCT_CLOSING]		= TO(CLOSED),
		[TCT_LAST_ACK]		= TO(CLOSED),
		[TCT_TIME_WAIT]		= TO(CLOSED),
	},
	[TCT_IN_SYN_ACKED] = {
		/* 3.10.7.4, fifth: check the ACK field */
		[TCT_SYN_RECEIVED]	= TO(ESTABLISHED),
	},
	[TCT_IN_FIN_ACKED] = {
		/* 3.10.7.4, fifth: check the ACK field */
		[TCT_FIN_WAIT_1]	= TO(FIN_WAIT_2),
		[TCT_CLOSING]		= TO(TIME_WAIT),
		[TCT_LAST_ACK]		= TO(CLOSED),
	},
};

u32 tct_end_set(struct tct_fsm *f, unsigned int who, u8 state, u8 why, u64 now)
{
	if (f->end[who].state == state)
		return 0;
	f->end[who].state = state;
	if (f->end[0].state != TCT_SYN_RECEIVED &&
	    f->end[1].state != TCT_SYN_RECEIVED)
		f->flags &= ~TCT_F_ACCEPT_WAIT;
	f->end[who].since_lo = now;
	f->end[who].since_hi = now >> 32;
	f->reason = why;
	return TCT_EV_STATE;
}

u32 tct_end_input(struct tct_fsm *f, unsigned int who, enum tct_input in,
		  u8 why, u64 now)
{
	u8 next = tct_next[in][f->end[who].state];

	return next ? tct_end_set(f, who, next - 1, why, now) : 0;
}

enum tct_class tct_fsm_class(const struct tct_fsm *f)
{
	const struct tct_end *a = &f->end[0], *b = &f->end[1];
	unsigned int fins = !!(a->flags & TCT_END_FIN) +
			    !!(b->flags & TCT_END_FIN);

	if (a->state == TCT_CLOSED && b->state == TCT_CLOSED)
		return TCT_CLASS_CLOSED;
	if (f->flags & TCT_F_UNANSWERED || a->state == TCT_SYN_SENT ||
	    a->state == TCT_SYN_RECEIVED || b->state == TCT_SYN_SENT ||
	    b->state == TCT_SYN_RECEIVED)
		return TCT_CLASS_HALF_OPEN;
	if ((a->state == TCT_TIME_WAIT || a->state == TCT_CLOSED) &&
	    (b->state == TCT_TIME_WAIT || b->state == TCT_CLOSED))
		return TCT_CLASS_TIME_WAIT;
	/* a FIN without its ACK is repeated or given up: no half-close yet */
	if (a->state == TCT_CLOSED || b->state == TCT_CLOSED || fins == 2 ||
	    a->state == TCT_FIN_WAIT_1 || b->state == TCT_FIN_WAIT_1)
		return TCT_CLASS_CLOSING;
	return fins ? TCT_CLASS_HALF_CLOSED : TCT_CLASS_ESTABLISHED;
}
