// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "parse.h"
#include "seq.h"

/* Options by kind: RFC 9293 section 3.1 and those named at TCT_OPT_* */
enum {
	TCT_KIND_EOL	= 0,
	TCT_KIND_NOP	= 1,
	TCT_KIND_MSS	= 2,
	TCT_KIND_WSCALE	= 3,
	TCT_KIND_SACKOK	= 4,
	TCT_KIND_SACK	= 5,
	TCT_KIND_TS	= 8,
	TCT_KIND_MD5	= 19,
	TCT_KIND_AO	= 29,
};

/* IPv6 next headers: RFC 8200 section 4, RFC 4302 */
enum {
	TCT_NEXT_HOPOPTS	= 0,
	TCT_NEXT_ROUTING	= 43,
	TCT_NEXT_FRAGMENT	= 44,
	TCT_NEXT_AUTH		= 51,
	TCT_NEXT_DSTOPTS	= 60,
};

/* Fragment header's offset, and whether more follow */
#define TCT_FRAG6_OFFSET	0xfff8
#define TCT_FRAG6_MORE		0x0001
#define TCT_FRAG4_OFFSET	0x1fff
#define TCT_FRAG4_MORE		0x2000

#define TCT_ECN_MASK		0x03	/* RFC 3168 section 5 */
#define TCT_ECN_CE		0x03
#define TCT_TCP_HEADER_MAX	60

static u32 tct_get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static u16 tct_get_be16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

/* Combinations that a stack may send.  PSH, URG and the ECN bits go with all */
static bool tct_flags_valid(u32 flags)
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

static void tct_parse_sack(struct tct_segment *seg, const u8 *opt,
			   unsigned int size)
{
	unsigned int i;

	if (size < 10 || (size - 2) % 8)
		return;
	for (i = 2; i < size; i += 8) {
		u32 edge = tct_get_be32(opt + i + 4);

		if (!(seg->flags & TCT_OPT_SACK) || tct_after(edge, seg->sack))
			seg->sack = edge;
		seg->flags |= TCT_OPT_SACK;
	}
}

/* One option of @size octets, which are all there */
static void tct_parse_option(struct tct_segment *seg, const u8 *opt,
			     unsigned int size)
{
	switch (opt[0]) {
	case TCT_KIND_MSS:
		if (size != 4 || !(seg->flags & TCT_SYN))
			return;
		seg->flags |= TCT_OPT_MSS;
		seg->mss = tct_get_be16(opt + 2);
		return;
	case TCT_KIND_WSCALE:
		if (size != 3 || !(seg->flags & TCT_SYN))
			return;
		seg->flags |= TCT_OPT_WSCALE;
		seg->wscale = opt[2];
		return;
	case TCT_KIND_SACKOK:
		if (size == 2 && seg->flags & TCT_SYN)
			seg->flags |= TCT_OPT_SACKOK;
		return;
	case TCT_KIND_SACK:
		tct_parse_sack(seg, opt, size);
		return;
	case TCT_KIND_TS:
		if (size != 10)
			return;
		seg->flags |= TCT_OPT_TS;
		seg->tsval = tct_get_be32(opt + 2);
		seg->tsecr = tct_get_be32(opt + 6);
		return;
	case TCT_KIND_MD5:
	case TCT_KIND_AO:
		seg->flags |= TCT_OPT_SIGNED;
		return;
	}
}

static noinline void tct_parse_options(struct tct_segment *seg, const u8 *opt,
				       unsigned int len)
{
	unsigned int size;

	while (len && opt[0] != TCT_KIND_EOL) {
		if (opt[0] == TCT_KIND_NOP) {
			opt++;
			len--;
			continue;
		}
		/* Linux: what follows a length that is wrong is not read */
		if (len < 2)
			return;
		size = opt[1];
		if (size < 2 || size > len)
			return;
		tct_parse_option(seg, opt, size);
		opt += size;
		len -= size;
	}
}

/* Timestamps alone, as every stack places them: RFC 7323, appendix A */
static __always_inline bool tct_parse_only_ts(struct tct_segment *seg,
					      const __be32 *opt,
					      unsigned int len)
{
	if (len != 12 || opt[0] != cpu_to_be32(TCT_KIND_NOP << 24 |
					       TCT_KIND_NOP << 16 |
					       TCT_KIND_TS << 8 | 10))
		return false;
	seg->flags |= TCT_OPT_TS;
	seg->tsval = be32_to_cpu(opt[1]);
	seg->tsecr = be32_to_cpu(opt[2]);
	return true;
}

/* Segments on the wire: virtio and tap leave gso_segs at 0 */
static u32 tct_parse_segs(const struct sk_buff *skb, u32 payload)
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
static u8 tct_parse_tclass(const struct ipv6hdr *ip6h)
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

/* The TCP header, or part of it, is not in the skb's linear part. Apart, so that
 * others are spared the buffer, which the kernel clears and guards.
 */
static noinline enum tct_verdict tct_parse_tcp_paged(struct tct_parsed *p,
						     const struct sk_buff *skb,
						     u32 netid)
{
	union {
		struct tcphdr th;
		u8 octets[TCT_TCP_HEADER_MAX];
	} buf;
	const struct tcphdr *th;
	unsigned int hlen;

	th = skb_header_pointer(skb, p->thoff, sizeof(*th), &buf);
	hlen = th ? th->doff * 4 : 0;
	/* a length that is wrong is not for here to judge */
	if (hlen > sizeof(*th) && hlen <= p->tcplen)
		th = skb_header_pointer(skb, p->thoff, hlen, &buf);
	return th ? tct_parse_tcp(p, skb, th, netid) : TCT_SHORT;
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

enum tct_verdict tct_parse_ipv4(struct tct_parsed *p, const struct sk_buff *skb,
				u32 netid)
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

/* What a fragment header says. Return: false if the packet ends here: it is not
 * the first fragment.
 */
static bool tct_parse_fragment(struct tct_parsed *p, const u8 *head)
{
	u16 frag = tct_get_be16(head + 2);

	p->partial = frag & TCT_FRAG6_MORE;
	return !(frag & TCT_FRAG6_OFFSET);
}

/* Steps over extension headers, each of which lies within @end, to TCP */
static noinline enum tct_verdict
tct_parse_skip(struct tct_parsed *p, const struct sk_buff *skb, u8 next,
	       unsigned int end)
{
	u8 buf[4];
	const u8 *head;

	while (next != IPPROTO_TCP) {
		if (next != TCT_NEXT_HOPOPTS && next != TCT_NEXT_ROUTING &&
		    next != TCT_NEXT_FRAGMENT && next != TCT_NEXT_AUTH &&
		    next != TCT_NEXT_DSTOPTS)
			return TCT_NOT_TCP;
		/* no header has less than 8 octets */
		if (end < p->thoff + 8)
			return TCT_NOT_TCP;
		head = skb_header_pointer(skb, p->thoff, sizeof(buf), buf);
		if (!head)
			return TCT_NOT_TCP;
		if (next == TCT_NEXT_FRAGMENT) {
			if (!tct_parse_fragment(p, head))
				return head[0] == IPPROTO_TCP ? TCT_FRAGMENT :
								TCT_NOT_TCP;
			p->thoff += 8;
		} else if (next == TCT_NEXT_AUTH) {
			p->thoff += (head[1] + 2) * 4;
		} else {
			p->thoff += (head[1] + 1) * 8;
		}
		next = head[0];
	}
	return TCT_PARSED;
}

enum tct_verdict tct_parse_ipv6(struct tct_parsed *p, const struct sk_buff *skb,
				u32 netid)
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
