/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of one endpoint, and what changes it.  Pure C, like fsm.h.
 */
#ifndef _TCT_STATE_H
#define _TCT_STATE_H

#include "fsm.h"

/* What a segment says of one end */
enum tct_input {
	TCT_IN_SENT_SYN,
	TCT_IN_SENT_SYNACK,
	TCT_IN_ACKED_SYN,	/* it acknowledged the other end's SYN */
	TCT_IN_SENT_FIN,
	TCT_IN_ACKED_FIN,	/* it acknowledged the other end's FIN */
	TCT_IN_SYNACK_AGAIN,
	TCT_IN_FIN_AGAIN,
	TCT_IN_RST,		/* it sent a RST, or one was sent to it */
	TCT_IN_SYN_ACKED,	/* its SYN was acknowledged */
	TCT_IN_FIN_ACKED,	/* its FIN was acknowledged */
	TCT_IN_MAX
};

/**
 * tct_end_set() - put an end into a state
 * @f: the flow
 * @who: the end
 * @state: enum tct_state
 * @why: enum tct_reason
 * @now: ticks
 *
 * Return: TCT_EV_STATE if that is a change.
 */
u32 tct_end_set(struct tct_fsm *f, unsigned int who, u8 state, u8 why, u64 now);

/**
 * tct_end_input() - change an end's state as the table says
 * @f: the flow
 * @who: the end
 * @in: what was learnt of it
 * @why: enum tct_reason
 * @now: ticks
 *
 * Return: TCT_EV_STATE if that is a change.
 */
u32 tct_end_input(struct tct_fsm *f, unsigned int who, enum tct_input in,
		  u8 why, u64 now);

/**
 * tct_fsm_reusable() - may a SYN open the next connection on the tuple?
 * @f: the flow
 *
 * RFC 9293 section 3.10.7.4, first and fourth; RFC 6191.
 *
 * Return: whether either end is done with this one.
 */
static inline bool tct_fsm_reusable(const struct tct_fsm *f)
{
	return f->end[0].state == TCT_CLOSED ||
	       f->end[0].state == TCT_TIME_WAIT ||
	       f->end[1].state == TCT_CLOSED ||
	       f->end[1].state == TCT_TIME_WAIT;
}

#endif /* _TCT_STATE_H */
