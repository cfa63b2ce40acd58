// SPDX-License-Identifier: GPL-2.0
/*
 * The stack keeps when its timer runs next and how often it did. What follows
 * from that is computed here as its timer functions do it.
 */
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <net/inet_connection_sock.h>
#include <net/tcp.h>

#include "retry.h"

/* Repetitions of a SYN that come at one interval, before it doubles; Kbuild looks
 * whether the kernel has that
 */
static unsigned int tct_syn_linear(const struct net *net)
{
#ifdef TCT_HAVE_SYN_LINEAR
	return READ_ONCE(net->ipv4.sysctl_tcp_syn_linear_timeouts);
#else
	return 0;
#endif
}

#define TCT_RETRY_LATE	(HZ / 20)	/* that a timer may be, at the most */

static u32 tct_retry_until(unsigned long expires)
{
	return max((long)(expires - jiffies), 0L);
}

/* reqsk_timeout(), for a time to come */
static u32 tct_retry_backoff(u32 timeout, unsigned int times)
{
	return min((u64)timeout << min(times, 31U), (u64)TCP_RTO_MAX);
}

/* inet_connection_sock.c, reqsk_timer_handler(): a queue that is more than half
 * full gives up sooner
 */
static unsigned int tct_retry_limit(const struct sock *listener)
{
	const struct inet_connection_sock *icsk = inet_csk(listener);
	const struct request_sock_queue *queue = &icsk->icsk_accept_queue;
	unsigned int limit = READ_ONCE(icsk->icsk_syn_retries) ?:
		READ_ONCE(sock_net(listener)->ipv4.sysctl_tcp_synack_retries);
	int qlen = reqsk_queue_len(queue);
	int young = reqsk_queue_len_young(queue) * 2;

	if (qlen * 2 <= max(8U, READ_ONCE(listener->sk_max_ack_backlog)))
		return limit;
	for (; limit > 2 && qlen >= young; young *= 2)
		limit--;
	return limit;
}

/* Same, syn_ack_recalc(): one that has had its ACK, and waits for data, is not
 * repeated before its last period
 */
void tct_retry_request(struct request_sock *req, const struct sock *listener,
		       struct tct_sock *sock)
{
	const struct inet_connection_sock *icsk = inet_csk(listener);
	u8 defer = READ_ONCE(icsk->icsk_accept_queue.rskq_defer_accept);
	unsigned int last = tct_retry_limit(listener), from = 0, times;
	u32 left = tct_retry_until(READ_ONCE(req->rsk_timer.expires));

	if (defer && inet_rsk(req)->acked) {
		last = max_t(unsigned int, last, defer);
		from = defer - 1;
	}
	sock->retry.sent = req->num_retrans + 1;
	sock->retry.next = TCT_RETRY_NEVER;
	for (times = req->num_timeout; times < last; times++) {
		if (sock->retry.next == TCT_RETRY_NEVER && times >= from)
			sock->retry.next = left;
		left += tct_retry_backoff(req->timeout, times + 1);
	}
	sock->retry.left = left;
}

/* tcp_timer.c, tcp_model_timeout(): what so many repetitions take, linear ones
 * aside
 */
static u32 tct_retry_model(unsigned int times)
{
	const unsigned int doubled = ilog2(TCP_RTO_MAX / TCP_TIMEOUT_INIT);

	if (times <= doubled)
		return ((2U << times) - 1) * TCP_TIMEOUT_INIT;
	return ((2U << doubled) - 1) * TCP_TIMEOUT_INIT +
	       (times - doubled) * TCP_RTO_MAX;
}

/**
 * struct tct_connect - a socket in SYN_SENT, played on
 * @times: repetitions
 * @rto: ticks between two
 * @spent: ticks since the first SYN
 * @most: @times may not be more
 * @linear: of these, so many come at one interval
 * @limit: @spent may not be more, once it was repeated
 * @clamped: the last interval ends at @limit
 */
struct tct_connect {
	unsigned int times;
	u32 rto;
	u32 spent;
	unsigned int most;
	unsigned int linear;
	u32 limit;
	bool clamped;
};

static void tct_connect_init(struct tct_connect *c, const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct net *net = sock_net(sk);
	u32 timeout = READ_ONCE(icsk->icsk_user_timeout);
	unsigned int retries = READ_ONCE(icsk->icsk_syn_retries) ?:
			       READ_ONCE(net->ipv4.sysctl_tcp_syn_retries);

	c->times = READ_ONCE(icsk->icsk_retransmits);
	c->rto = READ_ONCE(icsk->icsk_rto);
	c->spent = msecs_to_jiffies((u32)div_u64(tcp_clock_us(),
						 USEC_PER_MSEC) -
				    READ_ONCE(tcp_sk(sk)->retrans_stamp));
	c->linear = tct_syn_linear(net);
	c->most = retries + c->linear;
	c->clamped = timeout;
	c->limit = timeout ? msecs_to_jiffies(timeout) :
			     tct_retry_model(retries);
}

/* tcp_write_timeout(): a timer runs late, never early */
static bool tct_connect_is_over(const struct tct_connect *c, u32 left)
{
	return c->times >= c->most ||
	       (c->times && c->spent + left + TCT_RETRY_LATE >= c->limit);
}

/* tcp_retransmit_timer().  Return: ticks until the timer runs again. */
static u32 tct_connect_repeat(struct tct_connect *c, u32 left)
{
	if (++c->times > c->linear)
		c->rto = tct_retry_backoff(c->rto, 1);
	if (!c->clamped)
		return c->rto;
	return clamp_t(s32, c->limit - c->spent - left, 1, c->rto);
}

void tct_retry_connect(const struct sock *sk, struct tct_sock *sock)
{
	u32 left = tct_retry_until(READ_ONCE(inet_csk(sk)->icsk_timeout));
	struct tct_connect c;

	tct_connect_init(&c, sk);
	sock->retry.sent = c.times + 1;
	sock->retry.next = tct_connect_is_over(&c, left) ? TCT_RETRY_NEVER :
							   left;
	while (!tct_connect_is_over(&c, left))
		left += tct_connect_repeat(&c, left);
	sock->retry.left = left;
}
