// SPDX-License-Identifier: GPL-2.0
/*
 * The stack has its listeners in the buckets of lhash2, those of all namespaces
 * together, each under a lock that is taken when a socket begins or ends to
 * listen, and never for a packet. A bucket may be as long as a SO_REUSEPORT group
 * is, so it is walked in batches. Between two of them the lock is free, and a
 * reference to the socket where the walk goes on keeps that place.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <net/inet_hashtables.h>
#include <net/sock_reuseport.h>
#include <net/tcp.h>

#include "listener.h"

#define TCT_LISTENERS_BATCH	128	/* sockets under the lock at a time */

static const char * const tct_limit_source_names[TCT_LIMIT_SOURCE_MAX] = {
	[TCT_LIMIT_BACKLOG]		= "backlog",
	[TCT_LIMIT_SOMAXCONN]		= "somaxconn",
	[TCT_LIMIT_MAX_SYN_BACKLOG]	= "tcp_max_syn_backlog",
};

const char *tct_limit_source_name(unsigned int source)
{
	return tct_limit_source_names[source];
}

/* tcp.c, retrans_to_secs() */
unsigned int tct_listener_defer(const struct tct_listener *listener)
{
	unsigned int times, period = TCP_TIMEOUT_INIT / HZ, seconds = 0;

	for (times = 0; times < listener->defer_accept; times++) {
		seconds += period;
		period = min_t(unsigned int, period * 2, TCP_RTO_MAX / HZ);
	}
	return seconds;
}

/* tcp_synq_no_recent_overflow() takes a stamp that was never written for one of
 * jiffies 0, which is five minutes after boot.
 */
bool tct_listener_overflowed(const struct sock *listener)
{
	u32 stamp = READ_ONCE(tcp_sk(listener)->rx_opt.ts_recent_stamp);

	if (listener->sk_reuseport) {
		const struct sock_reuseport *reuse =
			rcu_dereference(listener->sk_reuseport_cb);

		if (reuse)
			stamp = READ_ONCE(reuse->synq_overflow_ts);
	}
	return stamp && !tcp_synq_no_recent_overflow(listener);
}

static u32 tct_listener_group(const struct sock *sk)
{
	const struct sock_reuseport *reuse =
		rcu_dereference(sk->sk_reuseport_cb);

	return reuse ? READ_ONCE(reuse->num_socks) : 0;
}

/* tcp_input.c, tcp_conn_request(): what it asks of either queue */
static void tct_listener_take_limits(struct tct_listener *listener,
				     const struct sock *sk)
{
	const struct net *net = sock_net(sk);
	u32 unproven = READ_ONCE(net->ipv4.sysctl_max_syn_backlog);

	listener->syncookies = READ_ONCE(net->ipv4.sysctl_tcp_syncookies);
	if (!IS_ENABLED(CONFIG_SYN_COOKIES))
		listener->syncookies = 0;
	listener->accept_limit = READ_ONCE(sk->sk_max_ack_backlog);
	listener->accept_source = TCT_LIMIT_BACKLOG;
	if (listener->accept_limit == READ_ONCE(net->core.sysctl_somaxconn))
		listener->accept_source = TCT_LIMIT_SOMAXCONN;
	listener->syn_limit = listener->accept_limit;
	listener->syn_source = listener->accept_source;
	/* the last quarter is for peers that are known */
	unproven -= unproven >> 2;
	if (!listener->syncookies && unproven < listener->syn_limit) {
		listener->syn_limit = unproven;
		listener->syn_source = TCT_LIMIT_MAX_SYN_BACKLOG;
	}
}

static void tct_listener_take_queues(struct tct_listener *listener,
				     const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct request_sock_queue *queue = &icsk->icsk_accept_queue;

	listener->accept_queue = READ_ONCE(sk->sk_ack_backlog);
	listener->syn_queue = reqsk_queue_len(queue);
	listener->syn_young = reqsk_queue_len_young(queue);
	listener->fastopen_queue = READ_ONCE(queue->fastopenq.qlen);
	listener->fastopen_limit = READ_ONCE(queue->fastopenq.max_qlen);
	listener->defer_accept = READ_ONCE(queue->rskq_defer_accept);
	listener->syncnt = READ_ONCE(icsk->icsk_syn_retries);
	listener->synack_retries = listener->syncnt ?:
		READ_ONCE(sock_net(sk)->ipv4.sysctl_tcp_synack_retries);
}

static void tct_listener_take_local(struct tct_listener *listener,
				    const struct sock *sk)
{
	listener->local.port = htons(inet_sk(sk)->inet_num);
	listener->ipv4 = sk->sk_family == AF_INET;
	listener->local.addr.s6_addr32[0] = inet_sk(sk)->inet_rcv_saddr;
#if IS_ENABLED(CONFIG_IPV6)
	if (listener->ipv4)
		return;
	listener->v6only = ipv6_only_sock(sk);
	if (ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr))
		listener->ipv4 = true;
	else
		listener->local.addr = sk->sk_v6_rcv_saddr;
#endif
}

static void tct_listener_take(struct tct_listener *listener, struct sock *sk)
{
	memset(listener, 0, sizeof(*listener));
	tct_listener_take_local(listener, sk);
	tct_listener_take_queues(listener, sk);
	tct_listener_take_limits(listener, sk);
	listener->drops = atomic_read(&sk->sk_drops);
	listener->ifindex = READ_ONCE(sk->sk_bound_dev_if);
	listener->inode = sock_i_ino(sk);
	listener->uid = sock_i_uid(sk);
	rcu_read_lock();
	listener->reuseport = tct_listener_group(sk);
	listener->cookies_recent = tct_listener_overflowed(sk);
	rcu_read_unlock();
}

static bool tct_listener_matches(const struct tct_listener *listener,
				 const struct tct_listener_match *match)
{
	if (!match)
		return true;
	return (!match->port || match->port == listener->local.port) &&
	       (!match->inode || match->inode == listener->inode) &&
	       (!match->has_addr ||
		(match->ipv4 == listener->ipv4 &&
		 ipv6_addr_equal(&match->addr, &listener->local.addr)));
}

/* Is it in this bucket still? It may have ended, and listen elsewhere by now. */
static bool tct_listener_is_in(const struct sock *sk,
			       struct inet_hashinfo *hashinfo,
			       const struct inet_listen_hashbucket *bucket)
{
	u16 port = inet_sk(sk)->inet_num;
	u32 hash;

	if (sk_unhashed(sk) || inet_sk_state_load(sk) != TCP_LISTEN)
		return false;
	hash = ipv4_portaddr_hash(sock_net(sk), inet_sk(sk)->inet_rcv_saddr,
				  port);
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6)
		hash = ipv6_portaddr_hash(sock_net(sk), &sk->sk_v6_rcv_saddr,
					  port);
#endif
	return inet_lhash2_bucket(hashinfo, hash) == bucket;
}

static int tct_listeners_reserve(struct tct_listeners *set, unsigned int more)
{
	struct tct_listener *listener;
	size_t room;

	if (set->room - set->n >= more)
		return 0;
	room = roundup_pow_of_two(set->n + more);
	listener = kvmalloc_array(room, sizeof(*listener), GFP_KERNEL_ACCOUNT);
	if (!listener)
		return -ENOMEM;
	if (set->n)
		memcpy(listener, set->listener, set->n * sizeof(*listener));
	kvfree(set->listener);
	set->listener = listener;
	set->room = room;
	return 0;
}

/**
 * struct tct_bucket_walk - where the walk of a bucket is
 * @hashinfo: of the namespace
 * @bucket: -
 * @begun: listeners that the set had before
 * @at: socket after which the next batch begins, referenced; NULL: none
 */
struct tct_bucket_walk {
	struct inet_hashinfo *hashinfo;
	struct inet_listen_hashbucket *bucket;
	unsigned int begun;
	struct sock *at;
};

/* Return: the socket after which the next batch begins, or NULL: that was the
 * last one.
 */
static struct sock *tct_bucket_batch(struct tct_listeners *set,
				     const struct net *net,
				     const struct tct_listener_match *match,
				     const struct tct_bucket_walk *walk)
{
	const struct hlist_nulls_node *node = walk->bucket->nulls_head.first;
	struct sock *sk = NULL;
	unsigned int seen;

	lockdep_assert_held(&walk->bucket->lock);

	if (walk->at && tct_listener_is_in(walk->at, walk->hashinfo,
					   walk->bucket))
		node = walk->at->sk_nulls_node.next;
	else
		set->n = walk->begun;
	for (seen = 0; !is_a_nulls(node); node = node->next) {
		if (seen++ == TCT_LISTENERS_BATCH) {
			sock_hold(sk);
			return sk;
		}
		sk = hlist_nulls_entry(node, struct sock, sk_nulls_node);
		if (!net_eq(sock_net(sk), net))
			continue;
		tct_listener_take(&set->listener[set->n], sk);
		set->n += tct_listener_matches(&set->listener[set->n], match);
	}
	return NULL;
}

static int tct_bucket_collect(struct tct_listeners *set, const struct net *net,
			      const struct tct_listener_match *match,
			      struct tct_bucket_walk *walk)
{
	struct sock *next;
	int err;

	walk->begun = set->n;
	walk->at = NULL;
	do {
		err = fatal_signal_pending(current) ? -EINTR :
		      tct_listeners_reserve(set, TCT_LISTENERS_BATCH);
		if (err)
			break;
		spin_lock(&walk->bucket->lock);
		next = tct_bucket_batch(set, net, match, walk);
		spin_unlock(&walk->bucket->lock);
		if (walk->at)
			sock_put(walk->at);
		walk->at = next;
		cond_resched();
	} while (walk->at);
	if (walk->at)
		sock_put(walk->at);
	return err;
}

int tct_listeners_collect(struct tct_listeners *set, struct net *net,
			  const struct tct_listener_match *match)
{
	struct tct_bucket_walk walk = {
		.hashinfo = net->ipv4.tcp_death_row.hashinfo,
	};
	unsigned int i;
	int err = 0;

	set->n = 0;
	for (i = 0; i <= walk.hashinfo->lhash2_mask && !err; i++) {
		walk.bucket = &walk.hashinfo->lhash2[i];
		if (!hlist_nulls_empty(&walk.bucket->nulls_head))
			err = tct_bucket_collect(set, net, match, &walk);
	}
	return err;
}

void tct_listeners_free(struct tct_listeners *set)
{
	kvfree(set->listener);
	set->listener = NULL;
	set->n = 0;
	set->room = 0;
}
