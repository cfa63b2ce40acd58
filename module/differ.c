// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include "differ.h"

/* include/net/tcp.h, TCP_TIMEWAIT_LEN; it is not a setting */
#define TCT_TIME_WAIT_TICKS	(60U * HZ)

/* Sets of kinds and of states */
#define NONE	BIT(TCT_SOCK_NONE)
#define FULL	BIT(TCT_SOCK_FULL)
#define REQ	BIT(TCT_SOCK_REQUEST)
#define TW	BIT(TCT_SOCK_TIMEWAIT)
#define LIVES	(FULL | REQ | TW)

#define S_CL	BIT(TCT_CLOSED)
#define S_SS	BIT(TCT_SYN_SENT)
#define S_SR	BIT(TCT_SYN_RECEIVED)
#define S_ES	BIT(TCT_ESTABLISHED)
#define S_F1	BIT(TCT_FIN_WAIT_1)
#define S_F2	BIT(TCT_FIN_WAIT_2)
#define S_CW	BIT(TCT_CLOSE_WAIT)
#define S_CG	BIT(TCT_CLOSING)
#define S_LA	BIT(TCT_LAST_ACK)
#define S_TW	BIT(TCT_TIME_WAIT)
#define S_FIN	(S_F1 | S_F2 | S_CW | S_CG | S_LA | S_TW)
#define S_ANY	(BIT(TCT_STATE_MAX) - 1)

/* What a row asks for beside the states: the stack's facts are the low bits */
#define N_RESET		0x0100	/* CLOSED by a RST */
#define N_UNCONF	0x0200	/* rests on a segment that is not answered */
#define N_SILENCE	0x0400	/* ... or on a silence, or waits for one */
#define N_OWN_FIN	0x0800	/* it has sent its FIN */
#define N_PEER_FIN	0x1000	/* the other end has sent its FIN */
#define N_PEER_SYN	0x2000	/* the other end has sent its SYN */
#define N_OVER		0x4000	/* its time in this state is over */
#define N_PICKUP	0x8000

/**
 * struct tct_differ_row - when a difference is explained, and by what
 * @kinds: of the socket
 * @wire: the end's states by the wire
 * @sock: the socket's states
 * @need: all of these must be so
 * @what: then it is this
 */
struct tct_differ_row {
	u8 kinds;
	u16 wire;
	u16 sock;
	u16 need;
	u8 what;
};

/* The first that fits is the answer.  Sources: see enum tct_difference. */
static const struct tct_differ_row tct_differ_rows[] = {
	/* syncookies.c: half-open without a socket; or the ACK came when the
	 * accept queue was full: nothing is kept of it
	 */
	{ NONE, S_SR, S_CL, TCT_SOCK_COOKIES, TCT_DIFF_SYNCOOKIE },
	{ NONE, S_ES, S_CL, TCT_SOCK_COOKIES | N_UNCONF, TCT_DIFF_SYNCOOKIE },
	/* tcp_ipv4.c, tcp_v4_timewait_ack(); RFC 9293 section 3.10.8 */
	{ NONE, S_TW, S_CL, N_OVER, TCT_DIFF_TIME_WAIT_EXPIRED },
	/* tcp.c, __tcp_close(); tcp_input.c, tcp_rcv_state_process() */
	{ NONE, S_F2, S_CL, N_OVER, TCT_DIFF_FIN_WAIT_2_EXPIRED },
	/* tcp_minisocks.c, tcp_time_wait(): for either state */
	{ NONE, S_TW | S_F2, S_CL, TCT_SOCK_OVERFLOW,
	  TCT_DIFF_TIME_WAIT_OVERFLOW },
	/* tcp_timer.c, tcp_write_timeout() and tcp_out_of_resources();
	 * inet_connection_sock.c, reqsk_timer_handler()
	 */
	{ NONE, S_ANY, S_CL, 0, TCT_DIFF_DIED_SILENTLY },

	/* RFC 9293 section 3.8.3: more SYN-ACKs may follow than are awaited */
	{ LIVES, S_CL, S_ANY, N_SILENCE, TCT_DIFF_SILENCE },
	/* RFC 5961 section 3.2; RFC 1337; filters behind this point */
	{ LIVES, S_CL, S_ANY, N_RESET, TCT_DIFF_RST_LOST },

	/* tcp_minisocks.c, tcp_check_req() */
	{ REQ, S_ES, S_SR, TCT_SOCK_ACKED | TCT_SOCK_DEFER,
	  TCT_DIFF_DEFER_ACCEPT },
	{ REQ, S_ES, S_SR, TCT_SOCK_ACKED, TCT_DIFF_ACCEPT_QUEUE },
	/* fsm.h: a repetition was due and did not come */
	{ REQ, S_ES, S_SR, N_SILENCE, TCT_DIFF_SILENCE },
	{ REQ, S_ES, S_SR, N_UNCONF, TCT_DIFF_ACK_LOST },
	/* RFC 9293 section 3.10.7.2: the SYN-ACK is to follow */
	{ REQ, S_CL, S_SR, N_PEER_SYN, TCT_DIFF_ACK_PENDING },
	/* fsm.h: its ACK was answered to a repeated SYN-ACK, and did count */
	{ FULL | TW, S_SR, S_ES | S_FIN, N_SILENCE, TCT_DIFF_SILENCE },

	/* tcp.c, tcp_close_state() at close(), not when the FIN is sent */
	{ FULL, S_LA, S_CG, 0, TCT_DIFF_LATE_FIN },
	{ FULL, S_CL, S_CG, N_OWN_FIN, TCT_DIFF_LATE_FIN },
	{ TW, S_LA | S_CL, S_TW, N_OWN_FIN, TCT_DIFF_LATE_FIN },

	/* the wire is ahead: sock.h, sk_add_backlog(); RFC 9293 section 3.8.1 */
	{ FULL, S_F2, S_F1, TCT_SOCK_BACKLOG, TCT_DIFF_BACKLOG },
	{ FULL, S_TW, S_CG, TCT_SOCK_BACKLOG, TCT_DIFF_BACKLOG },
	{ FULL, S_CL, S_LA, TCT_SOCK_BACKLOG, TCT_DIFF_BACKLOG },
	{ FULL, S_ES, S_SR, TCT_SOCK_BACKLOG, TCT_DIFF_BACKLOG },
	{ FULL, S_F2, S_F1, N_UNCONF, TCT_DIFF_ACK_LOST },
	{ FULL, S_TW, S_CG, N_UNCONF, TCT_DIFF_ACK_LOST },
	{ FULL, S_CL, S_LA, N_UNCONF, TCT_DIFF_ACK_LOST },
	{ FULL, S_ES, S_SR, N_UNCONF, TCT_DIFF_ACK_LOST },

	/* the socket is ahead by what it received: RFC 9293 section 3.8.6.3;
	 * tcp_input.c, tcp_fin() and tcp_rcv_synsent_state_process()
	 */
	{ FULL, S_SS, S_SR | S_ES, N_PEER_SYN, TCT_DIFF_ACK_PENDING },
	{ FULL, S_SR | S_ES, S_CW, N_PEER_FIN, TCT_DIFF_ACK_PENDING },
	{ FULL | TW, S_F1, S_CG | S_TW, N_PEER_FIN, TCT_DIFF_ACK_PENDING },
	{ FULL | TW, S_F2, S_TW, N_PEER_FIN, TCT_DIFF_ACK_PENDING },

	/* ... by what passed before this flow was picked up */
	{ FULL | TW, S_CL | S_SS | S_SR | S_ES, S_ES | S_FIN, N_PICKUP,
	  TCT_DIFF_PICKUP },
	{ FULL | TW, S_F1 | S_CW, S_FIN, N_PICKUP, TCT_DIFF_PICKUP },

	/* ... or by what it is about to send, of the tuple's next connection
	 * too (RFC 9293 section 3.3.2, figure 5)
	 */
	{ FULL | REQ, S_CL | S_TW, S_SS | S_SR, 0, TCT_DIFF_EARLY },
	{ FULL, S_SS, S_SR | S_ES | S_FIN, 0, TCT_DIFF_EARLY },
	{ FULL | TW, S_SR, S_ES | S_FIN, 0, TCT_DIFF_EARLY },
	{ FULL | TW, S_ES, S_FIN, 0, TCT_DIFF_EARLY },
	{ FULL | TW, S_F1, S_F2 | S_CG | S_TW, 0, TCT_DIFF_EARLY },
	{ FULL, S_CW, S_LA, 0, TCT_DIFF_EARLY },
	{ FULL | TW, S_F2 | S_CG, S_TW, 0, TCT_DIFF_EARLY },

	{ LIVES, S_ANY, S_ANY, 0, TCT_DIFF_OTHER },
};

static const char * const tct_difference_names[TCT_DIFF_MAX] = {
	[TCT_DIFF_UNSENT_FIN]		= "unsent_fin",
	[TCT_DIFF_ZERO_WINDOW]		= "zero_window",
	[TCT_DIFF_DEFER_ACCEPT]		= "defer_accept",
	[TCT_DIFF_ACCEPT_QUEUE]		= "accept_queue",
	[TCT_DIFF_SYNCOOKIE]		= "syncookie",
	[TCT_DIFF_RST_LOST]		= "rst_lost",
	[TCT_DIFF_ACK_LOST]		= "ack_lost",
	[TCT_DIFF_BACKLOG]		= "backlog",
	[TCT_DIFF_ACK_PENDING]		= "ack_pending",
	[TCT_DIFF_SILENCE]		= "silence",
	[TCT_DIFF_LATE_FIN]		= "late_fin",
	[TCT_DIFF_DIED_SILENTLY]	= "died_silently",
	[TCT_DIFF_FIN_WAIT_2_EXPIRED]	= "fin_wait_2_expired",
	[TCT_DIFF_TIME_WAIT_EXPIRED]	= "time_wait_expired",
	[TCT_DIFF_TIME_WAIT_OVERFLOW]	= "time_wait_overflow",
	[TCT_DIFF_PICKUP]		= "pickup",
	[TCT_DIFF_EARLY]		= "early",
	[TCT_DIFF_OTHER]		= "other",
};

const char *tct_difference_name(unsigned int difference)
{
	return tct_difference_names[difference];
}

/* What is so of this end, and this socket, of all that a row may ask for */
static u16 tct_differ_given(const struct tct_fsm *f, unsigned int who,
			    const struct tct_sock *sock, u64 now)
{
	const struct tct_end *e = &f->end[who], *peer = &f->end[!who];
	u64 spent = (now - tct_since(e)) & TCT_WHEN_MASK;
	u16 given = sock->facts;

	if (e->flags & TCT_END_RESET)
		given |= N_RESET;
	if (e->flags & TCT_END_UNCONF)
		given |= N_UNCONF;
	if (f->flags & TCT_F_ACCEPT_WAIT || f->reason == TCT_WHY_SILENCE)
		given |= N_SILENCE;
	if (e->flags & TCT_END_FIN)
		given |= N_OWN_FIN;
	if (peer->flags & TCT_END_FIN)
		given |= N_PEER_FIN;
	if (peer->flags & TCT_END_SYN)
		given |= N_PEER_SYN;
	if (f->flags & TCT_F_PICKUP)
		given |= N_PICKUP;
	if (spent >= (e->state == TCT_TIME_WAIT ? TCT_TIME_WAIT_TICKS :
						  sock->fin_timeout))
		given |= N_OVER;
	return given;
}

/* The state without the FIN that is still to be sent (RFC 9293 section 3.10.4)
 */
static u8 tct_sock_state_unsent(u8 state)
{
	switch (state) {
	case TCT_FIN_WAIT_1:
		return TCT_ESTABLISHED;
	case TCT_CLOSING:
	case TCT_LAST_ACK:
		return TCT_CLOSE_WAIT;
	}
	return state;
}

u32 tct_differ(const struct tct_fsm *f, unsigned int who,
	       const struct tct_sock *sock, u64 now)
{
	const struct tct_differ_row *row = tct_differ_rows;
	u8 wire = f->end[who].state, state = sock->state;
	u32 found = 0;
	u16 given;

	if (sock->kind == TCT_SOCK_ABSENT || wire == state)
		return 0;
	if (sock->kind == TCT_SOCK_FULL && sock->facts & TCT_SOCK_UNSENT &&
	    tct_sock_state_unsent(state) != state &&
	    !(f->end[who].flags & TCT_END_FIN)) {
		state = tct_sock_state_unsent(state);
		found = BIT(TCT_DIFF_UNSENT_FIN);
		if (sock->facts & TCT_SOCK_ZERO_WINDOW)
			found |= BIT(TCT_DIFF_ZERO_WINDOW);
		if (wire == state)
			return found;
	}
	given = tct_differ_given(f, who, sock, now);
	/* the last rows take whatever comes */
	while (!(row->kinds & BIT(sock->kind) && row->wire & BIT(wire) &&
		 row->sock & BIT(state) && !(row->need & ~given)))
		row++;
	return found | BIT(row->what);
}
