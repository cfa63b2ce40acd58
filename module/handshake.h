/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a connection opens: SYNs, SYN-ACKs, and what answers them.  Part of the
 * state machine; pure C, like fsm.h.
 */
#ifndef _TCT_HANDSHAKE_H
#define _TCT_HANDSHAKE_H

#include "fsm.h"

/**
 * tct_handshake_syn() - a SYN without ACK
 * @f: the flow
 * @from: its sender
 * @seg: the segment
 * @now: ticks
 *
 * Return: event mask.
 */
u32 tct_handshake_syn(struct tct_fsm *f, unsigned int from,
		      const struct tct_segment *seg, u64 now);

/**
 * tct_handshake_synack() - a SYN with ACK
 * @f: the flow
 * @from: its sender
 * @seg: the segment
 * @now: ticks
 *
 * Return: event mask.
 */
u32 tct_handshake_synack(struct tct_fsm *f, unsigned int from,
			 const struct tct_segment *seg, u64 now);

/**
 * tct_handshake_challenge() - what was sent a SYN answers with neither SYN nor RST
 * @f: the flow
 * @from: who answers
 * @seg: the segment
 * @now: ticks
 *
 * A connection that it still has on this tuple speaks (RFC 9293 section
 * 3.10.7.4, fourth; RFC 5961 section 4; RFC 6191 for TIME_WAIT).
 *
 * Return: event mask.
 */
u32 tct_handshake_challenge(struct tct_fsm *f, unsigned int from,
			    const struct tct_segment *seg, u64 now);

/**
 * tct_handshake_done() - the handshake's last ACK is seen
 * @f: the flow
 *
 * Return: TCT_EV_RTT_ACK the first time.
 */
u32 tct_handshake_done(struct tct_fsm *f);

/**
 * tct_handshake_hear() - an end thought reset, or never heard before, speaks
 * @f: the flow
 * @from: the end
 * @now: ticks
 *
 * Return: TCT_EV_STATE if that is a change.
 */
u32 tct_handshake_hear(struct tct_fsm *f, unsigned int from, u64 now);

#endif /* _TCT_HANDSHAKE_H */
