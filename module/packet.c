// SPDX-License-Identifier: GPL-2.0
#include <linux/netdevice.h>
#include <net/inet_sock.h>
#include <net/ip6_checksum.h>
#include <net/tcp.h>

#include <uapi/linux/tcptrack.h>

#include "account.h"
#include "event.h"
#include "gc.h"
#include "header.h"
#include "lookup.h"
#include "packet.h"

/**
 * struct tct_packet - a TCP packet on its way through the functions below
 * @table: of its namespace
 * @skb: the packet
 * @state: of the hook
 * @now: ticks
 * @p: what it says
 */
struct tct_packet {
	struct tct_table *table;
	struct sk_buff *skb;
	const struct nf_hook_state *state;
	u64 now;
	struct tct_parsed p;
};

/* by verdict: why a packet is not tracked */
static const u8 tct_stat_untracked[] = {
	[TCT_FRAGMENT]		= TCT_STAT_untracked_fragment,
	[TCT_SHORT]		= TCT_STAT_untracked_short,
	[TCT_BAD_HEADER]	= TCT_STAT_untracked_header,
	[TCT_BAD_FLAGS]		= TCT_STAT_untracked_flags,
};

/* A REJECT rule makes its RST without a socket, while the stack's own belong to
 * the connection's or to a control socket.  IPv6 hands the latter only to the
 * hook, where a REJECT in OUTPUT shows the socket that it rejects: the RST's
 * receiver.
 */
static bool tct_packet_is_forged(const struct tct_packet *pkt)
{
	const struct sock *sk = pkt->state->sk;

	if (pkt->state->hook != NF_INET_LOCAL_OUT || pkt->skb->sk)
		return false;
	/* out of a VRF with a queue the control socket is forgotten, too */
	if (!sk)
		return pkt->p.ipv4 || !netif_is_l3_slave(pkt->state->out);
	return sk_fullsock(sk) && sk->sk_type == SOCK_STREAM &&
	       inet_sk(sk)->inet_sport != pkt->p.sport;
}

/* Must the checksum be looked at, here and in this packet? */
static __always_inline bool
tct_packet_csum_wanted(const struct tct_packet *pkt)
{
	if (pkt->skb->ip_summed == CHECKSUM_UNNECESSARY ||
	    pkt->skb->ip_summed == CHECKSUM_PARTIAL || pkt->p.partial)
		return false;
	if (pkt->state->hook == NF_INET_LOCAL_IN)
		return true;
	/* The device's sum is gone by now: only what decides of a connection
	 * is worth summing
	 */
	return pkt->state->hook == NF_INET_FORWARD &&
	       pkt->p.seg.flags & (TCT_SYN | TCT_FIN | TCT_RST);
}

/* The kernel's own helpers note their result in the skb.  We only look. */
static __wsum tct_packet_sum(const struct tct_packet *pkt)
{
	return skb_checksum(pkt->skb, pkt->p.thoff, pkt->p.tcplen, 0);
}

static bool tct_csum_ok_ipv4(const struct tct_packet *pkt)
{
	const struct iphdr *iph = ip_hdr(pkt->skb);

	/* the IP header in the device's sum adds up to nothing */
	if (pkt->skb->ip_summed == CHECKSUM_COMPLETE &&
	    !csum_tcpudp_magic(iph->saddr, iph->daddr, pkt->p.tcplen,
			       IPPROTO_TCP, pkt->skb->csum))
		return true;
	return !csum_tcpudp_magic(iph->saddr, iph->daddr, pkt->p.tcplen,
				  IPPROTO_TCP, tct_packet_sum(pkt));
}

static bool tct_csum_ok_ipv6(const struct tct_packet *pkt)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);

	if (pkt->skb->ip_summed == CHECKSUM_COMPLETE &&
	    !csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, pkt->p.tcplen,
			     IPPROTO_TCP,
			     csum_sub(pkt->skb->csum,
				      skb_checksum(pkt->skb, 0, pkt->p.thoff,
						   0))))
		return true;
	return !csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, pkt->p.tcplen,
				IPPROTO_TCP, tct_packet_sum(pkt));
}

static noinline void tct_packet_new(struct tct_packet *pkt,
				    struct tct_flow *flow)
{
	lockdep_assert_held(&flow->lock);

	tct_account_new(flow, &pkt->p, pkt->now);
	tct_table_stat(pkt->table, flows_created);
	if (flow->fsm.flags & TCT_F_PICKUP)
		tct_table_stat(pkt->table, flows_picked_up);
	tct_table_settle(pkt->table, flow, -1, pkt->now);
	tct_event_new(pkt->table, flow, pkt->now);
}

/* The flow's connection is over, and its record goes to the tuple's next */
static void tct_packet_reuse(struct tct_packet *pkt, struct tct_flow *flow)
{
	int pair = tct_flow_pair(flow);

	tct_event_end(pkt->table, flow, TCPTRACK_REMOVAL_REUSED, pkt->now);
	tct_account_reuse(flow, &pkt->p, pkt->now);
	tct_table_stat(pkt->table, flows_reused);
	tct_table_settle(pkt->table, flow, pair, pkt->now);
	tct_event_new(pkt->table, flow, pkt->now);
}

static noinline void tct_packet_slow(struct tct_packet *pkt,
				     struct tct_flow *flow)
{
	int pair = tct_flow_pair(flow);
	u32 ev = tct_account_slow(flow, &pkt->p, pkt->now);

	if (unlikely(ev & TCT_EV_REUSE)) {
		tct_packet_reuse(pkt, flow);
		return;
	}
	if (ev & TCT_EV_WINDOW)
		tct_table_stat(pkt->table, out_of_window);
	if (ev & TCT_EV_PAWS)
		tct_table_stat(pkt->table, paws_rejected);
	if (ev & TCT_EV_RETRANS)
		tct_table_stat_add(pkt->table, retransmitted,
				   pkt->p.seg.segs);
	if (ev & TCT_EV_OOO)
		tct_table_stat_add(pkt->table, out_of_order,
				   pkt->p.seg.segs);
	if (ev & TCT_EV_STATE) {
		tct_table_settle(pkt->table, flow, pair, pkt->now);
		tct_event_change(pkt->table, flow, pair, pkt->now);
	} else if (tct_account_is_refreshed(flow, ev)) {
		tct_table_refresh(pkt->table, flow, pkt->now);
	}
}

static __always_inline void tct_packet_known(struct tct_packet *pkt,
					     struct tct_flow *flow)
{
	unsigned int end = pkt->p.dir ^ flow->initiator_high;

	lockdep_assert_held(&flow->lock);

	if (likely(tct_account_predicted(flow, &pkt->p.seg, end, pkt->now)))
		tct_table_refresh(pkt->table, flow, pkt->now);
	else
		tct_packet_slow(pkt, flow);
	tct_table_stat_add(pkt->table, packets_tracked, pkt->p.seg.segs);
}

/* No flow was found without a lock, and none may be made: confirm that it is so.
 * Return: the flow, locked, or NULL.
 */
static struct tct_flow *tct_packet_confirm_miss(struct tct_packet *pkt,
						u32 hash)
{
	return tct_table_find_slow(pkt->table, &pkt->p.key, hash, NULL);
}

/* No flow was found without a lock: make one, if the segment may, unless one is
 * found with it.  That is rare, only while the table grows, and may then cost a
 * full table a flow that need not have been evicted.
 * Return: the flow, locked, or NULL.
 */
static struct tct_flow *tct_packet_make(struct tct_packet *pkt, u32 hash,
					bool *made)
{
	struct tct_flow *flow, *fresh;

	*made = false;
	if (pkt->p.seg.flags & TCT_RST) {
		flow = tct_packet_confirm_miss(pkt, hash);
		if (!flow)
			tct_table_stat(pkt->table, untracked_rst);
		return flow;
	}
	if (!tct_gc_reserve(pkt->table, hash)) {
		flow = tct_packet_confirm_miss(pkt, hash);
		if (!flow)
			tct_table_stat(pkt->table, untracked_full);
		return flow;
	}
	fresh = tct_flow_alloc();
	if (!fresh) {
		tct_gc_unreserve(pkt->table);
		flow = tct_packet_confirm_miss(pkt, hash);
		if (!flow)
			tct_table_stat(pkt->table, untracked_nomem);
		return flow;
	}
	flow = tct_table_find_slow(pkt->table, &pkt->p.key, hash, fresh);
	*made = flow == fresh;
	if (!*made) {
		tct_gc_unreserve(pkt->table);
		tct_flow_free(fresh);
	}
	return flow;
}

static noinline void tct_packet_miss(struct tct_packet *pkt, u32 hash)
{
	struct tct_flow *flow;
	bool made;

	flow = tct_packet_make(pkt, hash, &made);
	if (!flow)
		return;
	__acquire(&flow->lock);	/* sparse: it was locked when found */
	if (made) {
		tct_packet_new(pkt, flow);
	} else {
		tct_packet_slow(pkt, flow);
		tct_table_stat_add(pkt->table, packets_tracked,
				   pkt->p.seg.segs);
	}
	spin_unlock(&flow->lock);
}

/* All but what a process sends comes in a softirq, or with those off already,
 * and is spared the bookkeeping.
 */
static __always_inline void tct_packet_track(struct tct_packet *pkt, bool ipv4)
{
	u32 hash = __tct_key_hash(&pkt->p.key, &pkt->table->secret, ipv4);
	bool bh_was_on = !in_softirq();
	struct tct_flow *flow;

	if (bh_was_on)
		local_bh_disable();
	flow = tct_table_find(pkt->table, &pkt->p.key, hash, ipv4);
	if (likely(flow)) {
		__acquire(&flow->lock);	/* sparse: it was locked when found */
		tct_packet_known(pkt, flow);
		spin_unlock(&flow->lock);
	} else {
		tct_packet_miss(pkt, hash);
	}
	if (bh_was_on)
		local_bh_enable();
}

/* What of a RST its receiver knows, and the packet does not say */
static void tct_packet_judge_rst(struct tct_packet *pkt)
{
	const struct nf_hook_state *state = pkt->state;

	if (tct_packet_is_forged(pkt))
		pkt->p.seg.flags |= TCT_OPT_FORGED;
	if ((state->hook == NF_INET_LOCAL_IN ||
	     (state->hook == NF_INET_LOCAL_OUT &&
	      state->out->flags & IFF_LOOPBACK)) &&
	    READ_ONCE(state->net->ipv4.sysctl_tcp_rfc1337))
		pkt->p.seg.flags |= TCT_OPT_RFC1337;
}

static __always_inline void tct_packet_parsed(struct tct_packet *pkt,
					      enum tct_verdict verdict,
					      bool ipv4)
{
	if (unlikely(verdict != TCT_PARSED)) {
		if (verdict != TCT_NOT_TCP)
			this_cpu_inc(pkt->table->stats->count
				     [tct_stat_untracked[verdict]]);
		return;
	}
	if (unlikely(tct_packet_csum_wanted(pkt)) &&
	    !(ipv4 ? tct_csum_ok_ipv4(pkt) : tct_csum_ok_ipv6(pkt))) {
		tct_table_stat(pkt->table, untracked_checksum);
		return;
	}
	if (unlikely(pkt->p.seg.flags & TCT_RST))
		tct_packet_judge_rst(pkt);
	tct_packet_track(pkt, ipv4);
}

void tct_packet_ipv4(struct tct_table *table, struct sk_buff *skb,
		     const struct nf_hook_state *state, u64 now)
{
	struct tct_packet pkt __uninitialized;

	pkt.table = table;
	pkt.skb = skb;
	pkt.state = state;
	pkt.now = now;
	tct_packet_parsed(&pkt, tct_header_ipv4(&pkt.p, skb, table->netid),
			  true);
}

void tct_packet_ipv6(struct tct_table *table, struct sk_buff *skb,
		     const struct nf_hook_state *state, u64 now)
{
	struct tct_packet pkt __uninitialized;

	pkt.table = table;
	pkt.skb = skb;
	pkt.state = state;
	pkt.now = now;
	tct_packet_parsed(&pkt, tct_header_ipv6(&pkt.p, skb, table->netid),
			  false);
}
