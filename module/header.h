/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of parse.c that every packet goes through, inline.  Others include
 * parse.h.
 */
#ifndef _TCT_HEADER_H
#define _TCT_HEADER_H

#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "parse.h"

/* Timestamps alone, as every stack places them: RFC 7323, appendix A */
#define TCT_HEADER_ONLY_TS	0x0101080a	/* two NOP, kind 8, length 10 */

#define TCT_FRAG4_OFFSET	0x1fff
#define TCT_FRAG4_MORE		0x2000

#define TCT_ECN_MASK		0x03	/* RFC 3168 section 5 */
#define TCT_ECN_CE		0x03

/**
 * tct_parse_options() - parse TCP options
 * @seg: its header's flags set; what to fill
 * @opt: the first
 * @len: octets of all
 */
void tct_parse_options(struct tct_segment *seg, const u8 *opt,
		       unsigned int len);

/**
 * tct_parse_tcp_paged() - parse a TCP header that is not all linear
 * @p: all that the IP header says is set
 * @skb: the packet
 * @netid: number of the namespace, for the key
 *
 * Return: TCT_PARSED, or why not.
 */
enum tct_verdict tct_parse_tcp_paged(struct tct_parsed *p,
				     const struct sk_buff *skb, u32 netid);

/**
 * tct_parse_skip() - step over IPv6 extension headers, to TCP
 * @p: its @thoff is where they begin, and then where TCP does
 * @skb: the packet
 * @next: type of the first
 * @end: offset of the packet's end
 *
 * Return: TCT_PARSED: that is TCP, or why not.
 */
enum tct_verdict tct_parse_skip(struct tct_parsed *p, const struct sk_buff *skb,
				u8 next, unsigned int end);

/* Combinations that a stack may send.  PSH, URG and the ECN bits go with all */
static inline bool tct_flags_valid(u32 flags)
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

/* Timestamps alone, as every stack places them: RFC 7323, appendix A */
static __always_inline bool tct_parse_only_ts(struct tct_segment *seg,
					      const __be32 *opt,
					      unsigned int len)
{
	if (len != 12 || opt[0] != cpu_to_be32(TCT_HEADER_ONLY_TS))
		return false;
	seg->flags |= TCT_OPT_TS;
	seg->tsval = be32_to_cpu(opt[1]);
	seg->tsecr = be32_to_cpu(opt[2]);
	return true;
}

/* Segments on the wire: virtio and tap leave gso_segs at 0 */
static inline u32 tct_parse_segs(const struct sk_buff *skb, u32 payload)
{
	if (!skb_is_gso(skb))
		return 1;
	if (skb_shinfo(skb)->gso_segs)
		return skb_shinfo(skb)->gso_segs;
	return max((payload + skb_shinfo(skb)->gso_size - 1) /
		   skb_shinfo(skb)->gso_size, 1U);
}

/* The whole header, options included, is at @th, if the packet has it */
static __always_inline enum tct_verdict
tct_parse_header(struct tct_parsed *p, const struct sk_buff *skb,
		 const struct tcphdr *th, u8 tos)
{
	unsigned int hlen = th->doff * 4;
	struct tct_segment *seg = &p->seg;

	if (unlikely(hlen < sizeof(*th) || hlen > p->tcplen))
		return TCT_BAD_HEADER;
	seg->flags = ((const u8 *)th)[13];
	if (unlikely((seg->flags & ~TCT_PSH) != TCT_ACK &&
		     !tct_flags_valid(seg->flags)))
		return TCT_BAD_FLAGS;
	seg->seq = be32_to_cpu(th->seq);
	seg->ack = be32_to_cpu(th->ack_seq);
	seg->len = p->tcplen - hlen;
	seg->segs = tct_parse_segs(skb, seg->len);
	seg->window = be16_to_cpu(th->window);
	p->sport = th->source;
	p->from_low_port = be16_to_cpu(th->source) < be16_to_cpu(th->dest);
	/* of a first fragment one cannot say where the FIN lies */
	if (unlikely(p->partial))
		seg->flags &= ~TCT_FIN;
	if (hlen > sizeof(*th) &&
	    !tct_parse_only_ts(seg, (const __be32 *)(th + 1),
			       hlen - sizeof(*th)))
		tct_parse_options(seg, (const u8 *)(th + 1),
				  hlen - sizeof(*th));
	if (unlikely((tos & TCT_ECN_MASK) == TCT_ECN_CE))
		seg->flags |= TCT_OPT_CE;
	return TCT_PARSED;
}

static __always_inline void tct_parse_key_ipv4(struct tct_parsed *p,
					       const struct iphdr *iph,
					       const struct tcphdr *th,
					       u32 netid)
{
	if (unlikely(th->source == th->dest && iph->saddr == iph->daddr))
		p->seg.flags |= TCT_OPT_SELF;
	p->dir = tct_key_ipv4(&p->key, netid, iph->saddr, iph->daddr,
			      th->source, th->dest);
}

static __always_inline void tct_parse_key_ipv6(struct tct_parsed *p,
					       const struct ipv6hdr *ip6h,
					       const struct tcphdr *th,
					       u32 netid)
{
	if (unlikely(th->source == th->dest &&
		     !memcmp(&ip6h->saddr, &ip6h->daddr, sizeof(ip6h->saddr))))
		p->seg.flags |= TCT_OPT_SELF;
	p->dir = tct_key_ipv6(&p->key, netid, &ip6h->saddr, &ip6h->daddr,
			      th->source, th->dest);
}

/* RFC 8200 section 4.2: the traffic class lies across two octets */
static inline u8 tct_parse_tclass(const struct ipv6hdr *ip6h)
{
	const u8 *first = (const u8 *)ip6h;

	return (u8)(first[0] << 4 | first[1] >> 4);
}

static __always_inline enum tct_verdict
tct_parse_tcp(struct tct_parsed *p, const struct sk_buff *skb,
	      const struct tcphdr *th, u32 netid)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const struct iphdr *iph = ip_hdr(skb);
	enum tct_verdict verdict;

	verdict = tct_parse_header(p, skb, th, p->ipv4 ? iph->tos :
				   tct_parse_tclass(ip6h));
	if (unlikely(verdict != TCT_PARSED))
		return verdict;
	if (p->ipv4)
		tct_parse_key_ipv4(p, iph, th, netid);
	else
		tct_parse_key_ipv6(p, ip6h, th, netid);
	return TCT_PARSED;
}

static __always_inline enum tct_verdict
tct_parse_find_tcp(struct tct_parsed *p, const struct sk_buff *skb, u32 netid)
{
	const struct tcphdr *th = (const void *)(skb->data + p->thoff);
	unsigned int room = skb_headlen(skb);

	if (likely(room >= p->thoff + sizeof(*th) &&
		   room >= p->thoff + th->doff * 4))
		return tct_parse_tcp(p, skb, th, netid);
	return tct_parse_tcp_paged(p, skb, netid);
}

/**
 * tct_header_ipv4() - tct_parse_ipv4(), inline
 * @p: what to fill
 * @skb: at its network header
 * @netid: number of the namespace, for the key
 *
 * Return: TCT_PARSED, or why not.
 */
static __always_inline enum tct_verdict
tct_header_ipv4(struct tct_parsed *p, const struct sk_buff *skb, u32 netid)
{
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int nhoff = skb_network_offset(skb);
	unsigned int hlen = iph->ihl * 4;
	unsigned int len;

	if (unlikely(iph->frag_off & cpu_to_be16(TCT_FRAG4_OFFSET)))
		return TCT_FRAGMENT;
	/* no total length: a GSO packet of more than 64 KiB */
	len = be16_to_cpu(iph->tot_len) ?: skb->len - nhoff;
	if (unlikely(len > skb->len - nhoff))
		return TCT_SHORT;
	if (unlikely(hlen < sizeof(*iph) || len < hlen + sizeof(struct tcphdr)))
		return TCT_BAD_HEADER;
	p->thoff = nhoff + hlen;
	p->tcplen = len - hlen;
	p->ipv4 = true;
	p->partial = iph->frag_off & cpu_to_be16(TCT_FRAG4_MORE);
	return tct_parse_find_tcp(p, skb, netid);
}

/**
 * tct_header_ipv6() - tct_parse_ipv6(), inline
 * @p: what to fill
 * @skb: at its network header
 * @netid: number of the namespace, for the key
 *
 * Return: TCT_PARSED, or why not.
 */
static __always_inline enum tct_verdict
tct_header_ipv6(struct tct_parsed *p, const struct sk_buff *skb, u32 netid)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	enum tct_verdict verdict;
	unsigned int end = skb->len;

	p->thoff = skb_network_offset(skb) + sizeof(*ip6h);
	p->ipv4 = false;
	p->partial = false;
	/* no payload length: a jumbogram, or GSO of more than 64 KiB */
	if (likely(ip6h->payload_len))
		end = p->thoff + be16_to_cpu(ip6h->payload_len);
	if (unlikely(ip6h->nexthdr != IPPROTO_TCP)) {
		verdict = tct_parse_skip(p, skb, ip6h->nexthdr,
					 min(end, skb->len));
		if (verdict != TCT_PARSED)
			return verdict;
	}
	if (unlikely(end > skb->len))
		return TCT_SHORT;
	if (unlikely(end < p->thoff + sizeof(struct tcphdr)))
		return TCT_BAD_HEADER;
	p->tcplen = end - p->thoff;
	return tct_parse_find_tcp(p, skb, netid);
}

#endif /* _TCT_HEADER_H */
