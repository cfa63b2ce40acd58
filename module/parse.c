// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "header.h"
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
#define TCT_TCP_HEADER_MAX	60

static u32 tct_get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static u16 tct_get_be16(const u8 *p)
{
	return p[0] << 8 | p[1];
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

void tct_parse_options(struct tct_segment *seg, const u8 *opt, unsigned int len)
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

/* The TCP header, or part of it, is not in the skb's linear part. Apart, so that
 * others are spared the buffer, which the kernel clears and guards.
 */
enum tct_verdict tct_parse_tcp_paged(struct tct_parsed *p,
				     const struct sk_buff *skb, u32 netid)
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
enum tct_verdict tct_parse_skip(struct tct_parsed *p, const struct sk_buff *skb,
				u8 next, unsigned int end)
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

enum tct_verdict tct_parse_ipv4(struct tct_parsed *p, const struct sk_buff *skb,
				u32 netid)
{
	return tct_header_ipv4(p, skb, netid);
}

enum tct_verdict tct_parse_ipv6(struct tct_parsed *p, const struct sk_buff *skb,
				u32 netid)
{
	return tct_header_ipv6(p, skb, netid);
}
