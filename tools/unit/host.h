/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A TCP of one connection, RFC 9293 section 3.10, to know the truth that the
 * state machine has to tell from the segments.  It sends one segment at a time,
 * keeps nothing that comes out of order, and has no options.
 */
#ifndef _UNIT_HOST_H
#define _UNIT_HOST_H

#include "fsm.h"

/**
 * struct tcp - one end, as it is
 * @state: enum tct_state; CLOSED is a listener's too
 * @passive: a listener before the first SYN
 * @iss: its initial sequence number
 * @una: oldest number not acknowledged
 * @nxt: next number to be sent
 * @rcv: next number expected
 * @todo: octets that its user has yet to send
 * @chunk: how much of that goes into a segment
 * @close: its user closes when all is sent
 * @deaf: times that a listener ignores the handshake's last ACK (its accept
 *	queue is full)
 * @tries: transmissions of what is at @una
 * @timer: time of the next, or 0
 * @out: where segments go
 */
struct tcp {
	u8 state;
	bool passive;
	u32 iss;
	u32 una;
	u32 nxt;
	u32 rcv;
	u32 todo;
	u32 chunk;
	bool close;
	unsigned int deaf;
	unsigned int tries;
	u64 timer;
	void (*out)(struct tcp *tcp, const struct tct_segment *seg);
};

void tcp_connect(struct tcp *tcp, u64 now);
void tcp_receive(struct tcp *tcp, const struct tct_segment *seg, u64 now);
void tcp_timer(struct tcp *tcp, u64 now);

#endif /* _UNIT_HOST_H */
