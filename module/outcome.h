/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a connection came out, told from its record.  Pure C, like fsm.h.
 */
#ifndef _TCT_OUTCOME_H
#define _TCT_OUTCOME_H

#include "fsm.h"

/**
 * enum tct_outcome - why a connection is over
 * @TCT_OUTCOME_NONE: it is not
 * @TCT_OUTCOME_FIN: both ends closed
 * @TCT_OUTCOME_REFUSED: a RST answered the SYN
 * @TCT_OUTCOME_HALF_OPEN: a RST ended the handshake
 * @TCT_OUTCOME_ABORTED: an end of the open connection sent a RST
 * @TCT_OUTCOME_TIME_WAIT: a RST ended a TIME_WAIT
 * @TCT_OUTCOME_STRAY: a RST came from an end that had no connection any more
 * @TCT_OUTCOME_SILENCE: an end gave up without a word
 * @TCT_OUTCOME_MAX: number of outcomes
 */
enum tct_outcome {
	TCT_OUTCOME_NONE,
	TCT_OUTCOME_FIN,
	TCT_OUTCOME_REFUSED,
	TCT_OUTCOME_HALF_OPEN,
	TCT_OUTCOME_ABORTED,
	TCT_OUTCOME_TIME_WAIT,
	TCT_OUTCOME_STRAY,
	TCT_OUTCOME_SILENCE,
	TCT_OUTCOME_MAX
};

/**
 * enum tct_conn_state - Zeek's conn_state, decided as Zeek does
 * @TCT_CONN_S0: a SYN, no answer
 * @TCT_CONN_S1: established, not over
 * @TCT_CONN_SF: established, both closed
 * @TCT_CONN_REJ: a SYN, refused
 * @TCT_CONN_S2: established, initiator closed
 * @TCT_CONN_S3: established, responder closed
 * @TCT_CONN_RSTO: established, initiator sent a RST
 * @TCT_CONN_RSTR: responder sent a RST
 * @TCT_CONN_RSTOS0: a SYN, then a RST from the same end
 * @TCT_CONN_RSTRH: a SYN-ACK, then a RST from the same end; no SYN seen
 * @TCT_CONN_SH: a SYN, then a FIN; no SYN-ACK seen
 * @TCT_CONN_SHR: a SYN-ACK, then a FIN; no SYN seen
 * @TCT_CONN_OTH: mid-stream, and what is none of these
 * @TCT_CONN_MAX: number of them
 */
enum tct_conn_state {
	TCT_CONN_S0,
	TCT_CONN_S1,
	TCT_CONN_SF,
	TCT_CONN_REJ,
	TCT_CONN_S2,
	TCT_CONN_S3,
	TCT_CONN_RSTO,
	TCT_CONN_RSTR,
	TCT_CONN_RSTOS0,
	TCT_CONN_RSTRH,
	TCT_CONN_SH,
	TCT_CONN_SHR,
	TCT_CONN_OTH,
	TCT_CONN_MAX
};

/**
 * tct_outcome() - why a connection is over
 * @f: the flow
 * @by: who closed first, or sent the RST, or gave up: 0 initiator, 1 responder;
 *	valid unless TCT_OUTCOME_NONE is returned
 *
 * Return: enum tct_outcome.
 */
enum tct_outcome tct_outcome(const struct tct_fsm *f, unsigned int *by);

/**
 * tct_outcome_conn_state() - Zeek's view of a connection
 * @f: the flow
 * @payload: whether either end has sent any
 *
 * Return: enum tct_conn_state.
 */
enum tct_conn_state tct_outcome_conn_state(const struct tct_fsm *f,
					   bool payload);

/**
 * tct_outcome_name() - name of an outcome; that of who it is by goes before it
 * @outcome: enum tct_outcome
 *
 * Return: the name.
 */
const char *tct_outcome_name(unsigned int outcome);

/**
 * tct_conn_state_name() - Zeek's name of a conn_state
 * @state: enum tct_conn_state
 *
 * Return: the name.
 */
const char *tct_conn_state_name(unsigned int state);

/**
 * tct_outcome_acked() - payload of an end that the other has acknowledged
 * @f: the flow
 * @d: its detail part
 * @who: the end
 *
 * Return: octets.
 */
u64 tct_outcome_acked(const struct tct_fsm *f, const struct tct_detail *d,
		      unsigned int who);

#endif /* _TCT_OUTCOME_H */
