// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>

#include <linux/minmax.h>

#include "stub.h"

static bool stub_flags_valid(u8 flags)
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

static void stub_options(struct tct_segment *seg, const u8 *opt,
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

static enum tct_verdict stub_tcp(struct tct_parsed *p,
				 const struct sk_buff *skb, unsigned int off,
				 unsigned int tcplen, bool partial,
				 struct tcphdr *th)
{
	struct tct_segment *seg = &p->seg;
	unsigned int hlen;
	u8 opt[40];

	if (!skb_header_pointer(skb, off, sizeof(*th), th))
		return TCT_PARSE_SHORT;
	hlen = th->doff * 4;
	if (hlen < sizeof(*th) || hlen > tcplen)
		return TCT_PARSE_HEADER;
	seg->flags = th->th_flags & 0x1f;
	if (!stub_flags_valid(seg->flags))
		return TCT_PARSE_FLAGS;
	seg->seq = ntohl(th->seq);
	seg->ack = ntohl(th->ack_seq);
	seg->len = tcplen - hlen;
	seg->segs = 1;
	seg->window = ntohs(th->window);
	seg->opts = 0;
	seg->wscale = 0;
	p->from_low_port = ntohs(th->source) < ntohs(th->dest);
	if (partial)
		seg->flags &= ~TCT_FIN;
	hlen -= sizeof(*th);
	if (!skb_header_pointer(skb, off + sizeof(*th), hlen, opt))
		return TCT_PARSE_SHORT;
	if (seg->flags & TCT_SYN)
		stub_options(seg, opt, hlen);
	return TCT_PARSE_OK;
}

enum tct_verdict tct_parse_ipv4(struct tct_parsed *p, const struct sk_buff *skb)
{
	enum tct_verdict verdict;
	unsigned int hlen, len;
	struct tcphdr th;
	struct iphdr ip;

	if (!skb_header_pointer(skb, 0, sizeof(ip), &ip))
		return TCT_PARSE_SHORT;
	if (ip.protocol != IPPROTO_TCP)
		return TCT_PARSE_OTHER;
	if (ip.frag_off & htons(IP_OFFMASK))
		return TCT_PARSE_FRAGMENT;
	hlen = ip.ihl * 4;
	len = ntohs(ip.tot_len) ?: skb->len;
	if (len > skb->len)
		return TCT_PARSE_SHORT;
	if (hlen < sizeof(ip) || len < hlen + sizeof(th))
		return TCT_PARSE_HEADER;
	verdict = stub_tcp(p, skb, hlen, len - hlen,
			   ip.frag_off & htons(IP_MF), &th);
	if (verdict != TCT_PARSE_OK)
		return verdict;
	p->dir = tct_key_ipv4(&p->key, 1, ip.saddr, ip.daddr, th.source,
			      th.dest);
	if (ip.saddr == ip.daddr && th.source == th.dest)
		p->seg.opts |= TCT_OPT_SELF;
	return TCT_PARSE_OK;
}

/* Return: offset of the transport header, or 0 */
static unsigned int stub_skip(const struct sk_buff *skb, u8 *next,
			      u16 *frag)
{
	unsigned int off = sizeof(struct ip6_hdr);
	u8 h[8];

	*frag = 0;
	for (;;) {
		switch (*next) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
		case IPPROTO_AH:
		case IPPROTO_FRAGMENT:
			break;
		default:
			return off;
		}
		if (!skb_header_pointer(skb, off, sizeof(h), h))
			return 0;
		if (*next == IPPROTO_FRAGMENT) {
			*frag = h[2] << 8 | h[3];
			*next = h[0];
			if (*frag & 0xfff8)
				return off;
			off += 8;
		} else {
			off += *next == IPPROTO_AH ? (h[1] + 2) * 4 :
			       (h[1] + 1) * 8;
			*next = h[0];
		}
	}
}

enum tct_verdict tct_parse_ipv6(struct tct_parsed *p, const struct sk_buff *skb)
{
	enum tct_verdict verdict;
	unsigned int off, end;
	struct ip6_hdr ip;
	struct tcphdr th;
	u16 frag;
	u8 next;

	if (!skb_header_pointer(skb, 0, sizeof(ip), &ip))
		return TCT_PARSE_SHORT;
	next = ip.ip6_nxt;
	off = stub_skip(skb, &next, &frag);
	if (!off)
		return TCT_PARSE_SHORT;
	if (next != IPPROTO_TCP)
		return TCT_PARSE_OTHER;
	if (frag & 0xfff8)
		return TCT_PARSE_FRAGMENT;
	end = ip.ip6_plen ? sizeof(ip) + ntohs(ip.ip6_plen) : skb->len;
	if (end > skb->len)
		return TCT_PARSE_SHORT;
	if (end < off + sizeof(th))
		return TCT_PARSE_HEADER;
	verdict = stub_tcp(p, skb, off, end - off, frag & 1, &th);
	if (verdict != TCT_PARSE_OK)
		return verdict;
	p->dir = tct_key_ipv6(&p->key, 1, &ip.ip6_src, &ip.ip6_dst, th.source,
			      th.dest);
	if (!memcmp(&ip.ip6_src, &ip.ip6_dst, 16) && th.source == th.dest)
		p->seg.opts |= TCT_OPT_SELF;
	return TCT_PARSE_OK;
}

static void stub_rtt(struct tct_flow *flow, u32 ev)
{
	if (ev & TCT_EV_RTT_OPEN) {
		flow->rtt = tct_clock_us();
		flow->rtt_open = true;
	} else if (ev & TCT_EV_RTT_DONE && flow->rtt_open) {
		flow->rtt = max(tct_clock_us() - flow->rtt, 1U);
		flow->rtt_open = false;
	}
}

static void stub_begin(struct tct_flow *flow, u64 now)
{
	flow->created = now;
	flow->rtt = 0;
	flow->rtt_open = false;
	memset(flow->packets, 0, sizeof(flow->packets));
	memset(flow->bytes, 0, sizeof(flow->bytes));
}

static void stub_count(struct tct_flow *flow, const struct tct_parsed *p,
		       u64 now)
{
	unsigned int end = p->dir ^ flow->initiator_high;

	flow->seen = now;
	flow->packets[end] += p->seg.segs;
	flow->bytes[end] += p->seg.len;
}

u32 tct_account_new(struct tct_flow *flow, const struct tct_parsed *p, u64 now)
{
	u32 ev;

	flow->detail = NULL;
	stub_begin(flow, now);
	ev = tct_fsm_open(&flow->fsm, &p->seg, p->from_low_port, now);
	flow->initiator_high = p->dir ^ !!(ev & TCT_EV_RESPONDER);
	stub_rtt(flow, ev);
	stub_count(flow, p, now);
	return ev;
}

u32 tct_account_known(struct tct_flow *flow, const struct tct_parsed *p,
		      u64 now)
{
	unsigned int end = p->dir ^ flow->initiator_high;
	u32 ev;

	ev = tct_fsm_step(&flow->fsm, end, &p->seg, now);
	if (ev & TCT_EV_REUSE) {
		ev = tct_fsm_reopen(&flow->fsm, end, &p->seg, now);
		ev |= TCT_EV_REUSE;
		stub_begin(flow, now);
		tct_flow_set_detail(flow, false);
		flow->initiator_high = p->dir;
	}
	stub_count(flow, p, now);
	stub_rtt(flow, ev);
	if (ev & TCT_EV_RETRANS && flow->detail)
		flow->detail->retrans[end] += p->seg.segs;
	return ev;
}

bool tct_flow_is_refreshed(const struct tct_flow *flow, u32 ev)
{
	switch (flow->class) {
	case TCT_CLASS_ESTABLISHED:
	case TCT_CLASS_HALF_CLOSED:
	case TCT_CLASS_CLOSING:
		return ev & TCT_EV_REFRESH;
	case TCT_CLASS_HALF_OPEN:
		return ev & TCT_EV_REFRESH &&
		       (flow->fsm.flags & (TCT_F_PICKUP | TCT_F_ACCEPT_WAIT)) ==
		       TCT_F_PICKUP;
	case TCT_CLASS_TIME_WAIT:
		return ev & TCT_EV_LINGER;
	default:
		return false;
	}
}

bool tct_flow_settle(struct tct_flow *flow, const unsigned int *timeout,
		     u64 now)
{
	enum tct_class class = tct_fsm_class(&flow->fsm);
	bool detail, refile = class != flow->class;
	u32 deadline;

	flow->class = class;
	detail = class != TCT_CLASS_HALF_OPEN && class != TCT_CLASS_TIME_WAIT &&
		 (class != TCT_CLASS_CLOSED || flow->detail);
	tct_flow_set_detail(flow, detail);
	tct_flow_record(flow, now);
	deadline = flow->fsm.flags & TCT_F_ACCEPT_WAIT ?
		   flow->fsm.synack_due : (u32)now + timeout[class];
	refile |= (s32)(deadline - flow->deadline) < 0;
	flow->deadline = deadline;
	return refile;
}
