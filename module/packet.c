// SPDX-License-Identifier: GPL-2.0
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ktime.h>
#include <linux/tcp.h>
#include <net/inet_sock.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "gc.h"
#include "packet.h"
#include "table.h"

/**
 * struct tct_packet - a TCP packet on its way through the functions below
 * @table: of its namespace
 * @skb: the packet
 * @state: of the hook
 * @thoff: offset of the TCP header from skb->data
 * @tcplen: length of TCP header and payload
 * @key: its flow's
 * @seg: what the state machine gets
 * @dir: 0 if its source is the low endpoint of @key
 * @ipv4: or else IPv6
 * @partial: first fragment: the checksum's other part is elsewhere
 * @from_low_port: its source port is the lower: of a flow first seen in
 *	mid-stream, whose caller nobody saw, that end is taken for the server
 *
 * It is too large to be cleared for each packet: whoever makes one sets all
 * before @key, and the functions below set the rest as they go.
 */
struct tct_packet {
	struct tct_table *table;
	struct sk_buff *skb;
	const struct nf_hook_state *state;
	unsigned int thoff;
	unsigned int tcplen;
	bool ipv4;
	bool partial;
	struct tct_key key;
	struct tct_segment seg;
	unsigned int dir;
	bool from_low_port;
};

/* Combinations that a stack may send.  PSH, URG and the ECN bits go with all */
static bool tct_flags_valid(u8 flags)
{
	switch (flags & (TCT_FIN | TCT_SYN | TCT_RST | TCT_ACK)) {
	case TCT_SYN:
	case TCT_SYN | TCT_ACK:
	case TCT_RST:
	case TCT_RST | TCT_ACK:
	case TCT_ACK:
	case TCT_FIN | TCT_ACK:
		return true;
	default:
		return false;
	}
}

/* A SYN's options, as far as the state machine asks */
static void tct_parse_options(struct tct_segment *seg, const u8 *opt,
			      unsigned int len)
{
	unsigned int size;

	while (len && opt[0] != TCPOPT_EOL) {
		if (opt[0] == TCPOPT_NOP) {
			opt++;
			len--;
			continue;
		}
		if (len < 2)
			return;
		size = opt[1];
		if (size < 2 || size > len)
			return;
		if (opt[0] == TCPOPT_WINDOW && size == TCPOLEN_WINDOW) {
			seg->opts |= TCT_OPT_WSCALE;
			seg->wscale = opt[2];
		}
		opt += size;
		len -= size;
	}
}

/* Segments on the wire: virtio and tap leave gso_segs at 0 */
static u32 tct_packet_segs(const struct sk_buff *skb, u32 payload)
{
	if (!skb_is_gso(skb))
		return 1;
	if (skb_shinfo(skb)->gso_segs)
		return skb_shinfo(skb)->gso_segs;
	return max(DIV_ROUND_UP(payload, skb_shinfo(skb)->gso_size), 1U);
}

/* A REJECT rule makes its RST without a socket, while the stack's own belong to
 * the connection's or to a control socket.  IPv6 hands the latter only to the
 * hook, where a REJECT in OUTPUT shows the socket that it rejects: the RST's
 * receiver.
 */
static bool tct_packet_is_forged(const struct tct_packet *pkt, __be16 sport)
{
	const struct sock *sk = pkt->state->sk;

	if (pkt->state->hook != NF_INET_LOCAL_OUT || pkt->skb->sk)
		return false;
	/* out of a VRF with a queue the control socket is forgotten, too */
	if (!sk)
		return pkt->ipv4 || !netif_is_l3_slave(pkt->state->out);
	return sk_fullsock(sk) && sk->sk_type == SOCK_STREAM &&
	       inet_sk(sk)->inet_sport != sport;
}

/* Return: the segment is valid; else it has been counted. */
static __always_inline bool tct_packet_parse(struct tct_packet *pkt,
					     const struct tcphdr *th)
{
	struct tct_segment *seg = &pkt->seg;
	unsigned int hlen = th->doff * 4;

	if (unlikely(hlen < sizeof(*th) || hlen > pkt->tcplen)) {
		tct_table_stat(pkt->table, untracked_header);
		return false;
	}
	seg->flags = tcp_flag_byte(th) & (TCT_FIN | TCT_SYN | TCT_RST |
					  TCT_PSH | TCT_ACK);
	if (unlikely(!tct_flags_valid(seg->flags))) {
		tct_table_stat(pkt->table, untracked_flags);
		return false;
	}
	seg->seq = ntohl(th->seq);
	seg->ack = ntohl(th->ack_seq);
	seg->len = pkt->tcplen - hlen;
	seg->segs = tct_packet_segs(pkt->skb, seg->len);
	seg->window = ntohs(th->window);
	seg->opts = 0;
	pkt->from_low_port = ntohs(th->source) < ntohs(th->dest);
	seg->wscale = 0;
	/* of a first fragment one cannot say where the FIN lies */
	if (unlikely(pkt->partial))
		seg->flags &= ~TCT_FIN;
	if (seg->flags & TCT_SYN)
		tct_parse_options(seg, (const u8 *)(th + 1),
				  hlen - sizeof(*th));
	if (unlikely(seg->flags & TCT_RST) &&
	    tct_packet_is_forged(pkt, th->source))
		seg->opts |= TCT_OPT_FORGED;
	return true;
}

/* Must the checksum be looked at, here and in this packet? */
static __always_inline bool
tct_packet_csum_wanted(const struct tct_packet *pkt)
{
	if (pkt->skb->ip_summed == CHECKSUM_UNNECESSARY ||
	    pkt->skb->ip_summed == CHECKSUM_PARTIAL || pkt->partial)
		return false;
	if (pkt->state->hook == NF_INET_LOCAL_IN)
		return true;
	/* The device's sum is gone by now: only what decides of a connection
	 * is worth summing
	 */
	return pkt->state->hook == NF_INET_FORWARD &&
	       pkt->seg.flags & (TCT_SYN | TCT_FIN | TCT_RST);
}

/* The kernel's own helpers note their result in the skb.  We only look. */
static __wsum tct_packet_sum(const struct tct_packet *pkt)
{
	return skb_checksum(pkt->skb, pkt->thoff, pkt->tcplen, 0);
}

static bool tct_csum_ok_ipv4(const struct tct_packet *pkt)
{
	const struct iphdr *iph = ip_hdr(pkt->skb);

	/* the IP header in the device's sum adds up to nothing */
	if (pkt->skb->ip_summed == CHECKSUM_COMPLETE &&
	    !csum_tcpudp_magic(iph->saddr, iph->daddr, pkt->tcplen,
			       IPPROTO_TCP, pkt->skb->csum))
		return true;
	return !csum_tcpudp_magic(iph->saddr, iph->daddr, pkt->tcplen,
				  IPPROTO_TCP, tct_packet_sum(pkt));
}

static bool tct_csum_ok_ipv6(const struct tct_packet *pkt)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);

	if (pkt->skb->ip_summed == CHECKSUM_COMPLETE &&
	    !csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, pkt->tcplen,
			     IPPROTO_TCP,
			     csum_sub(pkt->skb->csum,
				      skb_checksum(pkt->skb, 0, pkt->thoff,
						   0))))
		return true;
	return !csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, pkt->tcplen,
				IPPROTO_TCP, tct_packet_sum(pkt));
}

/* us, never 0; wraps in 71 minutes, longer than any handshake */
static u32 tct_clock_us(void)
{
	return (u32)div_u64(ktime_get_ns(), NSEC_PER_USEC) | 1;
}

static void tct_flow_sample_rtt(struct tct_flow *flow, u32 ev)
{
	if (ev & TCT_EV_RTT_OPEN) {
		flow->rtt = tct_clock_us();
		flow->rtt_open = true;
	} else if (ev & TCT_EV_RTT_DONE && flow->rtt_open) {
		flow->rtt = max(tct_clock_us() - flow->rtt, 1U);
		flow->rtt_open = false;
	}
}

/* Does the segment restart the timeout of a flow of its class? */
static bool tct_flow_is_refreshed(const struct tct_flow *flow, u32 ev)
{
	switch (flow->class) {
	case TCT_CLASS_ESTABLISHED:
	case TCT_CLASS_HALF_CLOSED:
	case TCT_CLASS_CLOSING:
		return ev & TCT_EV_REFRESH;
	case TCT_CLASS_HALF_OPEN:
		/* repeating a SYN wins no time; one-sided traffic does */
		return ev & TCT_EV_REFRESH &&
		       (flow->fsm.flags & (TCT_F_PICKUP | TCT_F_ACCEPT_WAIT)) ==
		       TCT_F_PICKUP;
	case TCT_CLASS_TIME_WAIT:
		/* RFC 9293 3.10.7.4, eighth: a repeated FIN restarts 2 MSL */
		return ev & TCT_EV_LINGER;
	default:
		return false;
	}
}

static __always_inline void tct_flow_count(struct tct_flow *flow,
					   const struct tct_packet *pkt,
					   u64 now)
{
	unsigned int end = pkt->dir ^ flow->initiator_high;

	flow->seen = now;
	flow->packets[end] += pkt->seg.segs;
	flow->bytes[end] += pkt->seg.len;
	tct_table_stat_add(pkt->table, packets_tracked, pkt->seg.segs);
}

/* A connection begins, in a fresh record or in that of the last on its tuple */
static void tct_flow_begin(struct tct_flow *flow, u64 now)
{
	flow->created = now;
	flow->rtt = 0;
	flow->rtt_open = false;
	memset(flow->packets, 0, sizeof(flow->packets));
	memset(flow->bytes, 0, sizeof(flow->bytes));
}

static void tct_packet_new(struct tct_packet *pkt, struct tct_flow *flow,
			   u64 now)
{
	u32 ev;

	lockdep_assert_held(&flow->lock);

	flow->detail = NULL;
	tct_flow_begin(flow, now);
	ev = tct_fsm_open(&flow->fsm, &pkt->seg, pkt->from_low_port, now);
	flow->initiator_high = pkt->dir ^ !!(ev & TCT_EV_RESPONDER);
	tct_flow_sample_rtt(flow, ev);
	tct_flow_count(flow, pkt, now);
	tct_table_stat(pkt->table, flows_created);
	if (flow->fsm.flags & TCT_F_PICKUP)
		tct_table_stat(pkt->table, flows_picked_up);
	tct_table_settle(pkt->table, flow, -1, now);
}

/* A connection that is over gives its record to the next on the tuple */
static u32 tct_packet_reuse(struct tct_packet *pkt, struct tct_flow *flow,
			    unsigned int end, u64 now)
{
	u32 ev = tct_fsm_reopen(&flow->fsm, end, &pkt->seg, now);

	tct_flow_begin(flow, now);
	tct_flow_set_detail(flow, false);
	flow->initiator_high = pkt->dir;
	tct_table_stat(pkt->table, flows_reused);
	return ev;
}

static void tct_packet_known(struct tct_packet *pkt, struct tct_flow *flow,
			     u64 now)
{
	unsigned int end = pkt->dir ^ flow->initiator_high;
	int pair = tct_flow_pair(flow);
	u32 ev;

	lockdep_assert_held(&flow->lock);

	ev = tct_fsm_step(&flow->fsm, end, &pkt->seg, now);
	if (unlikely(ev & TCT_EV_REUSE))
		ev = tct_packet_reuse(pkt, flow, end, now);
	tct_flow_count(flow, pkt, now);
	if (likely(ev == TCT_EV_REFRESH &&
		   flow->class == TCT_CLASS_ESTABLISHED)) {
		tct_table_refresh(pkt->table, flow, now);
		return;
	}

	if (ev & (TCT_EV_RTT_OPEN | TCT_EV_RTT_DONE))
		tct_flow_sample_rtt(flow, ev);
	if (ev & TCT_EV_WINDOW)
		tct_table_stat(pkt->table, out_of_window);
	if (ev & TCT_EV_STATE)
		tct_table_settle(pkt->table, flow, pair, now);
	else if (tct_flow_is_refreshed(flow, ev))
		tct_table_refresh(pkt->table, flow, now);
	if (ev & TCT_EV_RETRANS) {
		tct_table_stat_add(pkt->table, retransmitted, pkt->seg.segs);
		if (flow->detail)
			flow->detail->retrans[end] += pkt->seg.segs;
	}
}

/* No flow was found without a lock, and none may be made: confirm that it is so.
 * Return: the flow, locked, or NULL.
 */
static struct tct_flow *tct_packet_confirm_miss(struct tct_packet *pkt,
						u32 hash)
{
	return tct_table_find_slow(pkt->table, &pkt->key, hash, NULL);
}

/* No flow was found without a lock: make one, if the segment may, unless one is
 * found with it.  That is rare, only while the table grows, and may then cost a
 * full table a flow that need not have been evicted.
 * Return: the flow, locked, or NULL.
 */
static struct tct_flow *tct_packet_miss(struct tct_packet *pkt, u32 hash,
					bool *made)
{
	struct tct_flow *flow, *fresh;

	*made = false;
	if (pkt->seg.flags & TCT_RST) {
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
	flow = tct_table_find_slow(pkt->table, &pkt->key, hash, fresh);
	*made = flow == fresh;
	if (!*made) {
		tct_gc_unreserve(pkt->table);
		tct_flow_free(fresh);
	}
	return flow;
}

static void tct_packet_track(struct tct_packet *pkt)
{
	u32 hash = tct_key_hash(&pkt->key, &pkt->table->secret);
	struct tct_flow *flow;
	bool made = false;
	u64 now;

	local_bh_disable();
	now = get_jiffies_64();
	flow = tct_table_find(pkt->table, &pkt->key, hash);
	if (unlikely(!flow))
		flow = tct_packet_miss(pkt, hash, &made);
	if (likely(flow)) {
		__acquire(&flow->lock);	/* sparse: it was locked when found */
		if (unlikely(made))
			tct_packet_new(pkt, flow, now);
		else
			tct_packet_known(pkt, flow, now);
		spin_unlock(&flow->lock);
	}
	local_bh_enable();
}

/* The whole TCP header, options included, is at @th */
static void tct_packet_tcp(struct tct_packet *pkt, const struct tcphdr *th)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);
	const struct iphdr *iph = ip_hdr(pkt->skb);
	bool self = false;

	if (!tct_packet_parse(pkt, th))
		return;
	if (unlikely(tct_packet_csum_wanted(pkt)) &&
	    !(pkt->ipv4 ? tct_csum_ok_ipv4(pkt) : tct_csum_ok_ipv6(pkt))) {
		tct_table_stat(pkt->table, untracked_checksum);
		return;
	}
	if (pkt->ipv4) {
		if (unlikely(th->source == th->dest))
			self = iph->saddr == iph->daddr;
		pkt->dir = tct_key_ipv4(&pkt->key, pkt->table->netid,
					iph->saddr, iph->daddr, th->source,
					th->dest);
	} else {
		if (unlikely(th->source == th->dest))
			self = ipv6_addr_equal(&ip6h->saddr, &ip6h->daddr);
		pkt->dir = tct_key_ipv6(&pkt->key, pkt->table->netid,
					&ip6h->saddr, &ip6h->daddr, th->source,
					th->dest);
	}
	if (self)
		pkt->seg.opts |= TCT_OPT_SELF;
	tct_packet_track(pkt);
}

/* The TCP header, or part of it, is not in the skb's linear part. Apart, so that
 * others are spared the buffer, which the kernel clears and guards.
 */
static noinline void tct_packet_tcp_paged(struct tct_packet *pkt)
{
	struct {
		struct tcphdr th;
		u8 opt[MAX_TCP_OPTION_SPACE];
	} buf;
	const struct tcphdr *th;
	unsigned int hlen;

	th = skb_header_pointer(pkt->skb, pkt->thoff, sizeof(*th), &buf);
	hlen = th ? th->doff * 4 : 0;
	/* a length that is wrong is not for here to judge */
	if (hlen > sizeof(*th) && hlen <= pkt->tcplen)
		th = skb_header_pointer(pkt->skb, pkt->thoff, hlen, &buf);
	if (th)
		tct_packet_tcp(pkt, th);
	else
		tct_table_stat(pkt->table, untracked_short);
}

static __always_inline void tct_packet_find_tcp(struct tct_packet *pkt)
{
	unsigned int room = skb_headlen(pkt->skb);
	const struct tcphdr *th;

	th = (const void *)(pkt->skb->data + pkt->thoff);
	if (likely(room >= pkt->thoff + sizeof(*th) &&
		   room >= pkt->thoff + th->doff * 4))
		tct_packet_tcp(pkt, th);
	else
		tct_packet_tcp_paged(pkt);
}

void tct_packet_ipv4(struct tct_table *table, struct sk_buff *skb,
		     const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct tct_packet pkt __uninitialized;
	unsigned int nhoff = skb_network_offset(skb);
	unsigned int hlen = iph->ihl * 4;
	unsigned int len;

	if (unlikely(iph->frag_off & htons(IP_OFFSET))) {
		tct_table_stat(table, untracked_fragment);
		return;
	}
	/* no total length: a GSO packet of more than 64 KiB */
	len = ntohs(iph->tot_len) ?: skb->len - nhoff;
	if (unlikely(len > skb->len - nhoff)) {
		tct_table_stat(table, untracked_short);
		return;
	}
	if (unlikely(hlen < sizeof(*iph) ||
		     len < hlen + sizeof(struct tcphdr))) {
		tct_table_stat(table, untracked_header);
		return;
	}
	pkt.table = table;
	pkt.skb = skb;
	pkt.state = state;
	pkt.thoff = nhoff + hlen;
	pkt.tcplen = len - hlen;
	pkt.ipv4 = true;
	pkt.partial = iph->frag_off & htons(IP_MF);
	tct_packet_find_tcp(&pkt);
}

/* Step over extension headers. Return: whether a TCP header follows. */
static bool tct_packet_skip_ipv6(struct tct_packet *pkt)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);
	int nhoff = skb_network_offset(pkt->skb);
	u8 nexthdr = ip6h->nexthdr;
	__be16 frag_off = 0;
	const u8 *next;
	int off;
	u8 buf;

	off = ipv6_skip_exthdr(pkt->skb, nhoff + sizeof(*ip6h), &nexthdr,
			       &frag_off);
	if (off < 0)
		return false;
	if (frag_off & htons(IP6_OFFSET)) {
		/* it stopped at the fragment header, which says of what */
		next = skb_header_pointer(pkt->skb, off, sizeof(buf), &buf);
		if (next && *next == IPPROTO_TCP)
			tct_table_stat(pkt->table, untracked_fragment);
		return false;
	}
	pkt->thoff = off;
	pkt->partial = frag_off & htons(IP6_MF);
	return nexthdr == IPPROTO_TCP;
}

void tct_packet_ipv6(struct tct_table *table, struct sk_buff *skb,
		     const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct tct_packet pkt __uninitialized;
	unsigned int end = skb->len;

	pkt.table = table;
	pkt.skb = skb;
	pkt.state = state;
	pkt.thoff = skb_network_offset(skb) + sizeof(*ip6h);
	pkt.ipv4 = false;
	pkt.partial = false;
	if (unlikely(ip6h->nexthdr != IPPROTO_TCP) &&
	    !tct_packet_skip_ipv6(&pkt))
		return;
	/* no payload length: a jumbogram, or GSO of more than 64 KiB */
	if (likely(ip6h->payload_len))
		end = skb_network_offset(skb) + sizeof(*ip6h) +
		      ntohs(ip6h->payload_len);
	if (unlikely(end > skb->len)) {
		tct_table_stat(table, untracked_short);
		return;
	}
	if (unlikely(end < pkt.thoff + sizeof(struct tcphdr))) {
		tct_table_stat(table, untracked_header);
		return;
	}
	pkt.tcplen = end - pkt.thoff;
	tct_packet_find_tcp(&pkt);
}
