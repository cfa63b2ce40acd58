// SPDX-License-Identifier: GPL-2.0
#include "fuzz.h"
#include "reference.h"

/**
 * struct octets - a packet as an array
 * @data: its octets
 * @have: how many of them there are
 * @len: how many it had on the wire
 */
struct octets {
	const u8 *data;
	unsigned int have;
	unsigned int len;
};

static u8 octet(const struct octets *o, unsigned int at)
{
	fuzz_assert(at < o->have);
	return o->data[at];
}

static u32 number(const struct octets *o, unsigned int at, unsigned int octets)
{
	u32 n = 0;

	while (octets--)
		n = n << 8 | octet(o, at++);
	return n;
}

static bool same(const struct octets *o, unsigned int a, unsigned int b,
		 unsigned int octets)
{
	while (octets--)
		if (octet(o, a++) != octet(o, b++))
			return false;
	return true;
}

/* RFC 2018 section 3: pairs of edges; the rightmost right one */
static void reference_sack(struct tct_segment *seg, const struct octets *o,
			   unsigned int at, unsigned int size)
{
	unsigned int blocks = (size - 2) / 8, i;

	if (size != 2 + 8 * blocks || !blocks)
		return;
	for (i = 0; i < blocks; i++) {
		u32 edge = number(o, at + 2 + 8 * i + 4, 4);

		/* half the numbers apart, each is taken to be after the other */
		if (!(seg->flags & TCT_OPT_SACK) ||
		    seg->sack - edge >= 1U << 31)
			seg->sack = edge;
		seg->flags |= TCT_OPT_SACK;
	}
}

static void reference_option(struct tct_segment *seg, const struct octets *o,
			     unsigned int at, unsigned int size)
{
	bool syn = seg->flags & TCT_SYN;
	u8 kind = octet(o, at);

	if (kind == 2 && size == 4 && syn) {
		seg->flags |= TCT_OPT_MSS;
		seg->mss = number(o, at + 2, 2);
	} else if (kind == 3 && size == 3 && syn) {
		seg->flags |= TCT_OPT_WSCALE;
		seg->wscale = octet(o, at + 2);
	} else if (kind == 4 && size == 2 && syn) {
		seg->flags |= TCT_OPT_SACKOK;
	} else if (kind == 5) {
		reference_sack(seg, o, at, size);
	} else if (kind == 8 && size == 10) {
		seg->flags |= TCT_OPT_TS;
		seg->tsval = number(o, at + 2, 4);
		seg->tsecr = number(o, at + 6, 4);
	} else if (kind == 19 || kind == 29) {
		seg->flags |= TCT_OPT_SIGNED;
	}
}

/* RFC 9293 section 3.1: from @at to before @end */
static void reference_options(struct tct_segment *seg, const struct octets *o,
			      unsigned int at, unsigned int end)
{
	unsigned int size;

	for (; at < end && octet(o, at) != 0; at += size) {
		size = 1;
		if (octet(o, at) == 1)
			continue;
		if (at + 1 == end)
			return;
		size = octet(o, at + 1);
		if (size < 2 || at + size > end)
			return;
		reference_option(seg, o, at, size);
	}
}

static bool reference_flags_exist(u8 flags)
{
	bool fin = flags & 1, syn = flags & 2, rst = flags & 4;
	bool ack = flags & 16;

	if (fin + syn + rst > 1)
		return false;
	return syn || rst || ack;
}

static u32 reference_segs(const struct sk_buff *skb, u32 payload)
{
	u32 full, rest;

	if (!skb->gso_size)
		return 1;
	if (skb->gso_segs)
		return skb->gso_segs;
	full = payload / skb->gso_size;
	rest = payload % skb->gso_size;
	return full && !rest ? full : full + 1;
}

/* The IP packet ends before @end, whether all of it is there or not */
static enum tct_verdict reference_tcp(struct reference *ref,
				      const struct octets *o,
				      const struct sk_buff *skb,
				      unsigned int end)
{
	unsigned int at = ref->thoff, doff;
	struct tct_segment *seg = &ref->seg;

	if (at + 20 > o->have)
		return TCT_SHORT;
	doff = octet(o, at + 12) / 16 * 4;
	ref->tcplen = end - at;
	if (doff < 20 || doff > ref->tcplen)
		return TCT_BAD_HEADER;
	if (at + doff > o->have)
		return TCT_SHORT;
	seg->flags = octet(o, at + 13);
	if (!reference_flags_exist(seg->flags))
		return TCT_BAD_FLAGS;
	seg->seq = number(o, at + 4, 4);
	seg->ack = number(o, at + 8, 4);
	seg->window = number(o, at + 14, 2);
	seg->len = ref->tcplen - doff;
	seg->segs = reference_segs(skb, seg->len);
	reference_options(seg, o, at + 20, at + doff);
	/* where a part ends is not where the segment does */
	if (ref->partial)
		seg->flags &= ~TCT_FIN;
	ref->from_low_port = number(o, at, 2) < number(o, at + 2, 2);
	return TCT_PARSED;
}

/* RFC 791 section 3.1 */
static enum tct_verdict reference_ipv4(struct reference *ref,
				       const struct octets *o,
				       const struct sk_buff *skb)
{
	unsigned int ihl = octet(o, 0) % 16 * 4, end = number(o, 2, 2);
	unsigned int frag = number(o, 6, 2);
	enum tct_verdict verdict;

	if (frag % 0x2000)
		return TCT_FRAGMENT;
	ref->partial = frag / 0x2000 % 2;
	if (!end)
		end = o->len;
	if (end > o->len)
		return TCT_SHORT;
	if (ihl < 20 || end < ihl + 20)
		return TCT_BAD_HEADER;
	ref->thoff = ihl;
	verdict = reference_tcp(ref, o, skb, end);
	if (verdict != TCT_PARSED)
		return verdict;
	if (same(o, 12, 16, 4) && same(o, ihl, ihl + 2, 2))
		ref->seg.flags |= TCT_OPT_SELF;
	if (octet(o, 1) % 4 == 3)
		ref->seg.flags |= TCT_OPT_CE;
	return verdict;
}

/* RFC 8200 section 4, RFC 4302 section 2.2. Return: the header's size, or 0 if it
 * is none that is stepped over.
 */
static unsigned int reference_extension(u8 kind, u8 length)
{
	switch (kind) {
	case 0:
	case 43:
	case 60:
		return 8 + 8 * length;
	case 44:
		return 8;
	case 51:
		return 8 + 4 * length;
	default:
		return 0;
	}
}

static enum tct_verdict reference_ipv6(struct reference *ref,
				       const struct octets *o,
				       const struct sk_buff *skb)
{
	unsigned int at = 40, end = 40 + number(o, 4, 2), within;
	enum tct_verdict verdict;
	u8 next = octet(o, 6);

	if (end == 40)
		end = o->len;
	within = end < o->len ? end : o->len;
	while (next != 6) {
		u8 kind = next;

		if (!reference_extension(kind, 0) || at + 8 > within ||
		    at + 4 > o->have)
			return TCT_NOT_TCP;
		next = octet(o, at);
		if (kind == 44) {
			ref->partial = octet(o, at + 3) % 2;
			if (number(o, at + 2, 2) / 8)
				return next == 6 ? TCT_FRAGMENT : TCT_NOT_TCP;
		}
		at += reference_extension(kind, octet(o, at + 1));
	}
	if (end > o->len)
		return TCT_SHORT;
	if (end < at + 20)
		return TCT_BAD_HEADER;
	ref->thoff = at;
	verdict = reference_tcp(ref, o, skb, end);
	if (verdict != TCT_PARSED)
		return verdict;
	if (same(o, 8, 24, 16) && same(o, at, at + 2, 2))
		ref->seg.flags |= TCT_OPT_SELF;
	if (number(o, 0, 2) / 16 % 4 == 3)
		ref->seg.flags |= TCT_OPT_CE;
	return verdict;
}

void reference_parse(struct reference *ref, const struct sk_buff *skb,
		     const u8 *data, bool ipv6)
{
	struct octets o = {
		.data = data,
		.have = skb->caplen + skb->pagedlen,
		.len = skb->len,
	};

	memset(ref, 0, sizeof(*ref));
	ref->verdict = ipv6 ? reference_ipv6(ref, &o, skb) :
			      reference_ipv4(ref, &o, skb);
}
