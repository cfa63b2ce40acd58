// SPDX-License-Identifier: GPL-2.0
/*
 * Looks sockets up as the stack does for a segment that arrives, except that a
 * device to which a socket is bound does not matter: a flow has none.
 *
 * The chains are of the kind described in Documentation/RCU/rculist_nulls.rst.
 * A socket's memory is type-safe only, so a reference is taken before anything
 * of it is believed, and the tuple compared again.
 */
#include <linux/filter.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "listener.h"
#include "retry.h"
#include "sock.h"

/**
 * struct tct_lookup - one end's socket: what to look for
 * @net: namespace
 * @hashinfo: its tables
 * @ipv4: family
 * @end: initiator, responder
 * @local: of these, the end whose socket it is
 * @remote: the other end
 * @hash: of the four-tuple, the stack's
 */
struct tct_lookup {
	struct net *net;
	struct inet_hashinfo *hashinfo;
	bool ipv4;
	struct tct_endpoint end[2];
	const struct tct_endpoint *local;
	const struct tct_endpoint *remote;
	u32 hash;
};

static const u8 tct_sock_states[TCP_MAX_STATES] = {
	[TCP_ESTABLISHED]	= TCT_ESTABLISHED,
	[TCP_SYN_SENT]		= TCT_SYN_SENT,
	[TCP_SYN_RECV]		= TCT_SYN_RECEIVED,
	[TCP_FIN_WAIT1]		= TCT_FIN_WAIT_1,
	[TCP_FIN_WAIT2]		= TCT_FIN_WAIT_2,
	[TCP_TIME_WAIT]		= TCT_TIME_WAIT,
	[TCP_CLOSE]		= TCT_CLOSED,
	[TCP_CLOSE_WAIT]	= TCT_CLOSE_WAIT,
	[TCP_LAST_ACK]		= TCT_LAST_ACK,
	[TCP_CLOSING]		= TCT_CLOSING,
	[TCP_NEW_SYN_RECV]	= TCT_SYN_RECEIVED,
};

static __be32 tct_endpoint_ipv4(const struct tct_endpoint *ep)
{
	return (__force __be32)ep->addr.s6_addr32[0];
}

static void tct_lookup_init(struct tct_lookup *look, struct net *net,
			    const struct tct_snapshot *snap)
{
	look->net = net;
	look->hashinfo = net->ipv4.tcp_death_row.hashinfo;
	look->ipv4 = tct_key_is_ipv4(&snap->key);
	tct_key_endpoint(&snap->key, snap->initiator_high, &look->end[0]);
	tct_key_endpoint(&snap->key, !snap->initiator_high, &look->end[1]);
}

static void tct_lookup_turn(struct tct_lookup *look, unsigned int who)
{
	look->local = &look->end[who];
	look->remote = &look->end[!who];
	if (look->ipv4)
		look->hash = inet_ehashfn(look->net,
					  tct_endpoint_ipv4(look->local),
					  ntohs(look->local->port),
					  tct_endpoint_ipv4(look->remote),
					  look->remote->port);
#if IS_ENABLED(CONFIG_IPV6)
	else
		look->hash = inet6_ehashfn(look->net, &look->local->addr,
					   ntohs(look->local->port),
					   &look->remote->addr,
					   look->remote->port);
#endif
}

/* inet_match() and inet6_match() without the device.  An IPv6 socket on a mapped
 * address has the IPv4 pair too, and stands in the chain of IPv4.
 */
static bool tct_lookup_matches(const struct tct_lookup *look,
			       const struct sock *sk)
{
	if (!net_eq(sock_net(sk), look->net) ||
	    sk->sk_portpair != INET_COMBINED_PORTS(look->remote->port,
						   ntohs(look->local->port)))
		return false;
	if (look->ipv4) {
		INET_ADDR_COOKIE(pair, tct_endpoint_ipv4(look->remote),
				 tct_endpoint_ipv4(look->local));

		return sk->sk_addrpair == pair;
	}
#if IS_ENABLED(CONFIG_IPV6)
	return sk->sk_family == AF_INET6 &&
	       ipv6_addr_equal(&sk->sk_v6_daddr, &look->remote->addr) &&
	       ipv6_addr_equal(&sk->sk_v6_rcv_saddr, &look->local->addr);
#else
	return false;
#endif
}

/* Return: the socket, referenced, or NULL. */
static struct sock *tct_lookup_sock(const struct tct_lookup *look)
{
	u32 slot = look->hash & look->hashinfo->ehash_mask;
	struct inet_ehash_bucket *head = &look->hashinfo->ehash[slot];
	const struct hlist_nulls_node *node;
	struct sock *sk;

begin:
	sk_nulls_for_each_rcu(sk, node, &head->chain) {
		if (sk->sk_hash != look->hash || !tct_lookup_matches(look, sk))
			continue;
		if (unlikely(!refcount_inc_not_zero(&sk->sk_refcnt)))
			continue;
		if (likely(tct_lookup_matches(look, sk)))
			return sk;
		/* another's by now */
		sock_gen_put(sk);
		goto begin;
	}
	/* somebody that it stepped on was moved to another chain */
	if (get_nulls_value(node) != slot)
		goto begin;
	return NULL;
}

static void tct_sock_take_full(const struct sock *sk, struct tct_sock *sock)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (READ_ONCE(tp->write_seq) != READ_ONCE(tp->snd_nxt))
		sock->facts |= TCT_SOCK_UNSENT;
	if (!READ_ONCE(tp->snd_wnd))
		sock->facts |= TCT_SOCK_ZERO_WINDOW;
	if (sock_flag(sk, SOCK_DEAD))
		sock->facts |= TCT_SOCK_ORPHAN;
	if (READ_ONCE(sk->sk_backlog.tail))
		sock->facts |= TCT_SOCK_BACKLOG;
}

static void tct_sock_take_request(struct sock *sk, struct tct_sock *sock)
{
	struct request_sock *req = inet_reqsk(sk);
	const struct sock *listener = READ_ONCE(req->rsk_listener);

	if (inet_rsk(req)->acked)
		sock->facts |= TCT_SOCK_ACKED;
	/* the request holds it */
	if (!listener)
		return;
	if (!sk_acceptq_is_full(listener) &&
	    READ_ONCE(inet_csk(listener)->icsk_accept_queue.rskq_defer_accept))
		sock->facts |= TCT_SOCK_DEFER;
	tct_retry_request(req, listener, sock);
}

/* Of a socket that is referenced. Return: false if it is over with it, and it has
 * left the tables since.
 */
static bool tct_sock_take(struct sock *sk, struct tct_sock *sock)
{
	int state = inet_sk_state_load(sk);

	switch (state) {
	case TCP_TIME_WAIT:
		sock->kind = TCT_SOCK_TIMEWAIT;
		state = READ_ONCE(inet_twsk(sk)->tw_substate);
		break;
	case TCP_NEW_SYN_RECV:
		sock->kind = TCT_SOCK_REQUEST;
		tct_sock_take_request(sk, sock);
		break;
	default:
		sock->kind = TCT_SOCK_FULL;
		tct_sock_take_full(sk, sock);
		/* after the facts, that they are not of a later state */
		smp_rmb();
		state = inet_sk_state_load(sk);
		if (state == TCP_SYN_SENT)
			tct_retry_connect(sk, sock);
	}
	sock->state = tct_sock_states[state];
	return sock->state != TCT_CLOSED;
}

#ifdef CONFIG_SYN_COOKIES
static struct sock *tct_lookup_listener(const struct tct_lookup *look)
{
	if (look->ipv4)
		return __inet_lookup_listener(look->net, look->hashinfo, NULL,
					      0,
					      tct_endpoint_ipv4(look->remote),
					      look->remote->port,
					      tct_endpoint_ipv4(look->local),
					      ntohs(look->local->port), 0, 0);
#if IS_ENABLED(CONFIG_IPV6)
	return inet6_lookup_listener(look->net, look->hashinfo, NULL, 0,
				     &look->remote->addr, look->remote->port,
				     &look->local->addr,
				     ntohs(look->local->port), 0, 0);
#else
	return NULL;
#endif
}

/* May the listener have sent a cookie in the last two minutes? Where a look-up
 * would run somebody's program, has any listener of the namespace ever?
 */
static bool tct_lookup_cookies(const struct tct_lookup *look)
{
	struct net *net = look->net;
	u8 mode = READ_ONCE(net->ipv4.sysctl_tcp_syncookies);
	struct sock *listener;

	if (mode != 1)
		return mode;
	if (static_branch_unlikely(&bpf_sk_lookup_enabled))
		return snmp_fold_field(net->mib.net_statistics,
				       LINUX_MIB_SYNCOOKIESSENT);
	listener = tct_lookup_listener(look);
	return listener && tct_listener_overflowed(listener);
}
#else
static bool tct_lookup_cookies(const struct tct_lookup *look)
{
	return false;
}
#endif

static bool tct_lookup_is_local(const struct tct_lookup *look)
{
	if (look->ipv4)
		return __ip_dev_find(look->net,
				     tct_endpoint_ipv4(look->local), false);
#if IS_ENABLED(CONFIG_IPV6)
	return ipv6_mod_enabled() &&
	       ipv6_chk_addr(look->net, &look->local->addr, NULL, 0);
#else
	return false;
#endif
}

bool tct_sock_is_local(struct net *net, const struct tct_snapshot *snap,
		       unsigned int who)
{
	struct tct_lookup look = {
		.net = net,
		.ipv4 = tct_key_is_ipv4(&snap->key),
		.local = &look.end[who],
	};
	bool local;

	tct_key_endpoint(&snap->key, snap->initiator_high ^ who,
			 &look.end[who]);
	rcu_read_lock();
	local = tct_lookup_is_local(&look);
	rcu_read_unlock();
	return local;
}

static bool tct_lookup_is_home(const struct tct_lookup *look,
			       struct tct_home *home)
{
	u8 family = look->ipv4 ? AF_INET : AF_INET6;

	if (home->family != family ||
	    !ipv6_addr_equal(&home->addr, &look->local->addr)) {
		home->family = family;
		home->addr = look->local->addr;
		home->local = tct_lookup_is_local(look);
	}
	return home->local;
}

/* There is none, so ask for why, as far as the stack remembers that */
static void tct_lookup_none(const struct tct_lookup *look,
			    struct tct_home *home, const struct tct_end *e,
			    struct tct_sock *sock)
{
	struct net *net = look->net;

	if (!tct_lookup_is_home(look, home))
		return;
	sock->kind = TCT_SOCK_NONE;
	sock->fin_timeout = READ_ONCE(net->ipv4.sysctl_tcp_fin_timeout);
	switch (e->state) {
	case TCT_SYN_RECEIVED:
	case TCT_ESTABLISHED:
		if (tct_lookup_cookies(look))
			sock->facts |= TCT_SOCK_COOKIES;
		break;
	case TCT_FIN_WAIT_2:
	case TCT_TIME_WAIT:
		if (snmp_fold_field(net->mib.net_statistics,
				    LINUX_MIB_TCPTIMEWAITOVERFLOW))
			sock->facts |= TCT_SOCK_OVERFLOW;
		break;
	}
}

void tct_sock_look(struct net *net, const struct tct_snapshot *snap, u64 now,
		   struct tct_home home[2], struct tct_sockets *socks)
{
	struct tct_lookup look;
	unsigned int who;
	struct sock *sk;

	memset(socks->end, 0, sizeof(socks->end));
	rcu_read_lock();
	tct_lookup_init(&look, net, snap);
	for (who = 0; who < 2; who++) {
		struct tct_sock *sock = &socks->end[who];
		bool lives = false;

		tct_lookup_turn(&look, who);
		sk = tct_lookup_sock(&look);
		if (sk) {
			lives = tct_sock_take(sk, sock);
			sock_gen_put(sk);
			if (!lives)
				memset(sock, 0, sizeof(*sock));
		}
		if (!lives)
			tct_lookup_none(&look, &home[who], &snap->fsm.end[who],
					sock);
		socks->differ[who] = sock->kind == TCT_SOCK_ABSENT ? 0 :
				     tct_differ(&snap->fsm, who, sock, now);
	}
	rcu_read_unlock();
}
