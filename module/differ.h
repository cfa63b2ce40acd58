/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the wire says of an end beside what its socket says: are they the same,
 * and if not, why may that be.  Pure C, like fsm.h: sock.c looks the socket up
 * and takes from it the facts that are judged here.
 */
#ifndef _TCT_DIFFER_H
#define _TCT_DIFFER_H

#include "fsm.h"

/**
 * enum tct_sock_kind - what stands for an end in this host
 * @TCT_SOCK_ABSENT: not this host's end
 * @TCT_SOCK_NONE: nothing, though the end's address is this host's
 * @TCT_SOCK_FULL: a socket
 * @TCT_SOCK_REQUEST: a request socket: SYN_RECEIVED, in the SYN queue
 * @TCT_SOCK_TIMEWAIT: a small socket: TIME_WAIT, or FIN_WAIT_2 without process
 */
enum tct_sock_kind {
	TCT_SOCK_ABSENT,
	TCT_SOCK_NONE,
	TCT_SOCK_FULL,
	TCT_SOCK_REQUEST,
	TCT_SOCK_TIMEWAIT,
};

/* struct tct_sock.facts: what only the stack knows */
#define TCT_SOCK_UNSENT		0x0001	/* data or FIN wait to be sent */
#define TCT_SOCK_ZERO_WINDOW	0x0002	/* ... as the other's window is 0 */
#define TCT_SOCK_ORPHAN		0x0004	/* no process has it open */
#define TCT_SOCK_BACKLOG	0x0008	/* segments wait for who holds it */
#define TCT_SOCK_ACKED		0x0010	/* request: had its ACK, kept it not */
#define TCT_SOCK_DEFER		0x0020	/* its listener defers accept */
#define TCT_SOCK_COOKIES	0x0040	/* none: its listener sends cookies */
#define TCT_SOCK_OVERFLOW	0x0080	/* none: TIME_WAITs were refused here */

#define TCT_RETRY_NEVER	(~0U)

/**
 * struct tct_retry - how far a half-open socket is
 * @sent: SYNs or SYN-ACKs that it has sent; 0: it is not half-open
 * @next: ticks until it repeats that; TCT_RETRY_NEVER: it will not
 * @left: ticks until it gives up
 */
struct tct_retry {
	u32 sent;
	u32 next;
	u32 left;
};

/**
 * struct tct_sock - an end's socket, as found
 * @kind: enum tct_sock_kind
 * @state: enum tct_state, of a small socket its substate; CLOSED if none
 * @facts: TCT_SOCK_*
 * @fin_timeout: of this namespace, ticks; valid where there is none
 * @retry: of one that is half-open
 */
struct tct_sock {
	u8 kind;
	u8 state;
	u16 facts;
	u32 fin_timeout;
	struct tct_retry retry;
};

/**
 * enum tct_difference - why wire and socket say different things of an end
 * @TCT_DIFF_UNSENT_FIN: close() or shutdown() was called, and the FIN waits
 *	behind data that may not be sent yet.  The stack calls that FIN_WAIT_1
 *	or LAST_ACK already (net/ipv4/tcp.c, __tcp_close(): "RFC state is
 *	ESTABLISHED"); by RFC 9293 section 3.10.4 the FIN is not sent
 * @TCT_DIFF_ZERO_WINDOW: with @TCT_DIFF_UNSENT_FIN: what it waits for is the
 *	other end's window (RFC 9293 section 3.8.6.1)
 * @TCT_DIFF_DEFER_ACCEPT: the listener ignores the handshake's ACK until there
 *	are data (net/ipv4/tcp_minisocks.c, tcp_check_req())
 * @TCT_DIFF_ACCEPT_QUEUE: the handshake's ACK had no effect, since the accept
 *	queue was full or there was no memory (same, listen_overflow)
 * @TCT_DIFF_SYNCOOKIE: a cookie stands for the socket: there is none until the
 *	ACK brings it back (RFC 4987 section 3.6; net/ipv4/syncookies.c)
 * @TCT_DIFF_RST_LOST: the RST was dropped behind this point, or refused (RFC
 *	5961 section 3.2, RFC 1337): the socket lives on
 * @TCT_DIFF_ACK_LOST: an ACK that counts as delivered was dropped between this
 *	point and the socket
 * @TCT_DIFF_BACKLOG: the segment has arrived, and waits until the process that
 *	holds the socket lets go (net/ipv4/tcp_ipv4.c, tcp_add_backlog())
 * @TCT_DIFF_ACK_PENDING: the SYN, SYN-ACK or FIN has arrived, and its
 *	acknowledgment is not sent yet (RFC 9293 section 3.8.6.3)
 * @TCT_DIFF_SILENCE: the state by the wire rests on a silence, or waits for one:
 *	SYN-ACKs were repeated after their ACK
 * @TCT_DIFF_LATE_FIN: close() came before the other's FIN, but its own FIN was
 *	sent after it: the stack goes through CLOSING and TIME_WAIT, though by
 *	the wire it is LAST_ACK (__tcp_close(): "we enter time-wait state, when
 *	it is not required really")
 * @TCT_DIFF_DIED_SILENTLY: there is no socket any more, and nothing was sent to
 *	say so: retransmissions exhausted, orphan given up, connect() given up or
 *	closed (net/ipv4/tcp_timer.c; RFC 9293 section 3.8.3), TCP_REPAIR
 * @TCT_DIFF_FIN_WAIT_2_EXPIRED: an orphan in FIN_WAIT_2 was given up after
 *	tcp_fin_timeout (__tcp_close(): "a BSD violating of the RFC")
 * @TCT_DIFF_TIME_WAIT_EXPIRED: its 60 s are over (TCP_TIMEWAIT_LEN)
 * @TCT_DIFF_TIME_WAIT_OVERFLOW: there were more than tcp_max_tw_buckets, or no
 *	memory (net/ipv4/tcp_minisocks.c, tcp_time_wait())
 * @TCT_DIFF_PICKUP: the flow was picked up, and what the socket knows passed
 *	before
 * @TCT_DIFF_EARLY: the socket is ahead: its segment has not passed here yet
 * @TCT_DIFF_OTHER: none of these: a bug here, or in the stack
 * @TCT_DIFF_MAX: number of them
 */
enum tct_difference {
	TCT_DIFF_UNSENT_FIN,
	TCT_DIFF_ZERO_WINDOW,
	TCT_DIFF_DEFER_ACCEPT,
	TCT_DIFF_ACCEPT_QUEUE,
	TCT_DIFF_SYNCOOKIE,
	TCT_DIFF_RST_LOST,
	TCT_DIFF_ACK_LOST,
	TCT_DIFF_BACKLOG,
	TCT_DIFF_ACK_PENDING,
	TCT_DIFF_SILENCE,
	TCT_DIFF_LATE_FIN,
	TCT_DIFF_DIED_SILENTLY,
	TCT_DIFF_FIN_WAIT_2_EXPIRED,
	TCT_DIFF_TIME_WAIT_EXPIRED,
	TCT_DIFF_TIME_WAIT_OVERFLOW,
	TCT_DIFF_PICKUP,
	TCT_DIFF_EARLY,
	TCT_DIFF_OTHER,
	TCT_DIFF_MAX
};

/**
 * struct tct_sockets - both ends of a flow, by their sockets
 * @end: initiator, responder
 * @differ: of each, mask of BIT(enum tct_difference)
 */
struct tct_sockets {
	struct tct_sock end[2];
	u32 differ[2];
};

/**
 * tct_differ() - compare an end's state by the wire with its socket's
 * @f: the flow
 * @who: the end
 * @sock: its socket, looked up at about the same time
 * @now: ticks
 *
 * Equal is also what only looks different: a request socket in SYN_RECEIVED, a
 * FIN_WAIT_2 kept among the TIME_WAITs, a CLOSED end without a socket.
 *
 * Return: mask of BIT(enum tct_difference); 0: they are equal, or the end is
 * not this host's.
 */
u32 tct_differ(const struct tct_fsm *f, unsigned int who,
	       const struct tct_sock *sock, u64 now);

/**
 * tct_difference_name() - name of a difference
 * @difference: enum tct_difference
 *
 * Return: the name.
 */
const char *tct_difference_name(unsigned int difference);

#endif /* _TCT_DIFFER_H */
