// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>

#include "host.h"

#define WINDOW	20000
#define TRIES	40		/* more than any loss here survives */
#define SYNACK_TRIES	6	/* 1 + tcp_synack_retries */

static bool before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

static void tcp_emit(struct tcp *tcp, u8 flags, u32 seq, u32 len)
{
	struct tct_segment seg = {
		.seq = seq, .len = len, .segs = 1, .window = WINDOW,
		.flags = flags,
	};

	if (flags & TCT_ACK)
		seg.ack = tcp->rcv;
	tcp->out(tcp, &seg);
}

static void tcp_ack(struct tcp *tcp)
{
	tcp_emit(tcp, TCT_ACK, tcp->nxt, 0);
}

static bool tcp_has_closed(const struct tcp *tcp)
{
	return tcp->state == TCT_FIN_WAIT_1 || tcp->state == TCT_CLOSING ||
	       tcp->state == TCT_LAST_ACK;
}

/* RFC 6298 section 5: what is at @una, for the first time or again */
static void tcp_transmit(struct tcp *tcp, u64 now)
{
	u32 len = tcp->nxt - tcp->una;
	u64 rto = tcp->state == TCT_SYN_SENT ||
		  tcp->state == TCT_SYN_RECEIVED ? HZ : HZ / 5;

	if (tcp->tries++ == TRIES) {
		tcp->timer = 0;
		return;
	}
	if (tcp->state == TCT_SYN_RECEIVED && tcp->tries > SYNACK_TRIES) {
		tcp->state = TCT_CLOSED;
		tcp->una = tcp->nxt;
		tcp->timer = 0;
		return;
	}
	tcp->timer = now + (rto << (tcp->tries < 7 ? tcp->tries - 1 : 6));
	if (tcp->state == TCT_SYN_SENT)
		tcp_emit(tcp, TCT_SYN, tcp->iss, 0);
	else if (tcp->state == TCT_SYN_RECEIVED)
		tcp_emit(tcp, TCT_SYN | TCT_ACK, tcp->iss, 0);
	else if (tcp_has_closed(tcp))
		tcp_emit(tcp, TCT_FIN | TCT_ACK, tcp->una, len - 1);
	else
		tcp_emit(tcp, TCT_PSH | TCT_ACK, tcp->una, len);
}

/* Something new, if nothing is on its way: data, then the FIN */
static void tcp_push(struct tcp *tcp, u64 now)
{
	u32 len = tcp->todo < tcp->chunk ? tcp->todo : tcp->chunk;

	if (tcp->una != tcp->nxt || (tcp->state != TCT_ESTABLISHED &&
				     tcp->state != TCT_CLOSE_WAIT))
		return;
	tcp->todo -= len;
	tcp->nxt += len;
	if (!tcp->todo && tcp->close) {
		tcp->nxt++;
		tcp->state = tcp->state == TCT_ESTABLISHED ? TCT_FIN_WAIT_1 :
			     TCT_LAST_ACK;
	}
	tcp->tries = 0;
	if (tcp->una != tcp->nxt)
		tcp_transmit(tcp, now);
}

static void tcp_begin(struct tcp *tcp, u8 state, u64 now)
{
	tcp->state = state;
	tcp->una = tcp->iss;
	tcp->nxt = tcp->iss + 1;
	tcp->tries = 0;
	tcp_transmit(tcp, now);
}

void tcp_connect(struct tcp *tcp, u64 now)
{
	tcp_begin(tcp, TCT_SYN_SENT, now);
}

/* RFC 9293 section 3.10.7.3 */
static void tcp_in_syn_sent(struct tcp *tcp, const struct tct_segment *seg,
			    u64 now)
{
	if (!(seg->flags & TCT_SYN) ||
	    (seg->flags & TCT_ACK && seg->ack != tcp->nxt))
		return;
	tcp->rcv = seg->seq + 1;
	if (!(seg->flags & TCT_ACK)) {
		tcp_begin(tcp, TCT_SYN_RECEIVED, now);
		return;
	}
	tcp->una = seg->ack;
	tcp->timer = 0;
	tcp->state = TCT_ESTABLISHED;
	if (!tcp->todo && !tcp->close)
		tcp_ack(tcp);
}

/* RFC 9293 section 3.10.7.4, fifth. Return: whether the rest is looked at. */
static bool tcp_take_ack(struct tcp *tcp, const struct tct_segment *seg)
{
	if (before(tcp->nxt, seg->ack)) {
		tcp_ack(tcp);
		return false;
	}
	if (tcp->state == TCT_SYN_RECEIVED) {
		if (seg->ack != tcp->nxt)
			return false;
		if (tcp->passive && tcp->deaf) {
			tcp->deaf--;
			return false;
		}
		tcp->state = TCT_ESTABLISHED;
	}
	if (!before(tcp->una, seg->ack))
		return true;
	tcp->una = seg->ack;
	tcp->tries = 0;
	if (tcp->una != tcp->nxt)
		return true;
	tcp->timer = 0;
	if (tcp->state == TCT_FIN_WAIT_1)
		tcp->state = TCT_FIN_WAIT_2;
	else if (tcp->state == TCT_CLOSING)
		tcp->state = TCT_TIME_WAIT;
	else if (tcp->state == TCT_LAST_ACK)
		tcp->state = TCT_CLOSED;
	return true;
}

/* RFC 9293 section 3.10.7.4, seventh and eighth */
static void tcp_take_data(struct tcp *tcp, const struct tct_segment *seg)
{
	bool fin = seg->flags & TCT_FIN;
	u32 end = seg->seq + seg->len + fin;

	if (end == seg->seq)
		return;
	if (!before(tcp->rcv, seg->seq) && before(tcp->rcv, end)) {
		tcp->rcv = end;
		if (fin && tcp->state == TCT_ESTABLISHED)
			tcp->state = TCT_CLOSE_WAIT;
		else if (fin && tcp->state == TCT_FIN_WAIT_1)
			tcp->state = TCT_CLOSING;
		else if (fin && tcp->state == TCT_FIN_WAIT_2)
			tcp->state = TCT_TIME_WAIT;
	}
	tcp_ack(tcp);
}

void tcp_receive(struct tcp *tcp, const struct tct_segment *seg, u64 now)
{
	if (tcp->state == TCT_CLOSED) {
		/* one that is over stays silent, for simplicity */
		if (!tcp->passive || tcp->una != tcp->nxt ||
		    seg->flags != TCT_SYN)
			return;
		tcp->rcv = seg->seq + 1;
		tcp_begin(tcp, TCT_SYN_RECEIVED, now);
		return;
	}
	if (tcp->state == TCT_SYN_SENT) {
		tcp_in_syn_sent(tcp, seg, now);
	} else if (seg->flags == TCT_SYN) {
		/* the same again */
		if (tcp->state == TCT_SYN_RECEIVED)
			tcp_emit(tcp, TCT_SYN | TCT_ACK, tcp->iss, 0);
		else
			tcp_ack(tcp);
	} else if (tcp_take_ack(tcp, seg)) {
		if (seg->flags & TCT_SYN)
			tcp_ack(tcp);
		else
			tcp_take_data(tcp, seg);
	}
	tcp_push(tcp, now);
}

void tcp_timer(struct tcp *tcp, u64 now)
{
	if (tcp->timer && tcp->timer <= now)
		tcp_transmit(tcp, now);
}
