// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as a packet, into module/parse.c.  Each part of the packet lies in a
 * buffer of exactly its size, so that AddressSanitizer sees an octet read too
 * many; and what comes out is compared with what reference.c finds.
 *
 * The input: how the packet lies (PARSE_*), octets of it beyond its IP header
 * that are linear, what its length differs by from what is there (2 octets,
 * signed), payload of a GSO segment (2 octets), segments, and the packet.
 */
#include <string.h>

#include "fuzz.h"
#include "reference.h"

#define PARSE_IPV6	0x01
#define PARSE_PAGED	0x02	/* not all is linear */
#define PARSE_GSO	0x04
#define PARSE_SEGS	0x08	/* and GSO says how many segments */
#define PARSE_LENGTH	0x10	/* its length is not that of what is there */
#define PARSE_HEAD	7
#define PARSE_MOST	4096

#define PARSE_NETID	0x123456

/* A copy that nothing follows. Return: NULL if there is nothing to copy. */
static u8 *parse_copy(const u8 *data, unsigned int len)
{
	u8 *copy = len ? malloc(len) : NULL;

	if (copy)
		memcpy(copy, data, len);
	return copy;
}

/* Lay the packet out.  Return: false: not even an IP header, which the module is
 * never given.
 */
static bool parse_lay(struct sk_buff *skb, const u8 *head, const u8 *data,
		      unsigned int size)
{
	unsigned int least = head[0] & PARSE_IPV6 ? 40 : 20;
	unsigned int linear;
	int len = size;

	memset(skb, 0, sizeof(*skb));
	if (head[0] & PARSE_LENGTH)
		len += (s16)(head[2] | head[3] << 8);
	if (len < (int)least || size < least)
		return false;
	skb->len = len;
	if (size > skb->len)
		size = skb->len;
	linear = head[0] & PARSE_PAGED && least + head[1] < size ?
		 least + head[1] : size;
	if (head[0] & PARSE_GSO)
		skb->gso_size = head[4] | head[5] << 8;
	if (head[0] & PARSE_SEGS)
		skb->gso_segs = head[6];
	skb->caplen = linear;
	skb->pagedlen = size - linear;
	skb->data = parse_copy(data, linear);
	skb->paged = parse_copy(data + linear, size - linear);
	return true;
}

static void parse_same_end(const struct tct_key *key, bool high, bool ipv4,
			   const u8 *addr, const u8 *port)
{
	struct tct_endpoint ep;

	tct_key_endpoint(key, high, &ep);
	fuzz_assert(!memcmp(&ep.addr, addr, ipv4 ? 4 : 16));
	fuzz_assert(!memcmp(&ep.port, port, 2));
}

/* Both directions have one key */
static void parse_check_key(const struct tct_parsed *p, const u8 *data,
			    const u8 *tcp)
{
	unsigned int len = p->ipv4 ? 4 : 16;
	const u8 *src = data + (p->ipv4 ? 12 : 8), *dst = src + len;
	struct in6_addr from, to;
	__be16 sport, dport;
	struct tct_key back;
	unsigned int dir;

	fuzz_assert(tct_key_is_ipv4(&p->key) == p->ipv4);
	fuzz_assert(p->key.meta >> TCT_KEY_NETID_SHIFT == PARSE_NETID);
	fuzz_assert(p->dir < 2);
	parse_same_end(&p->key, p->dir, p->ipv4, src, tcp);
	parse_same_end(&p->key, !p->dir, p->ipv4, dst, tcp + 2);

	memcpy(&from, src, len);
	memcpy(&to, dst, len);
	memcpy(&sport, tcp, 2);
	memcpy(&dport, tcp + 2, 2);
	fuzz_assert(p->sport == sport);
	dir = p->ipv4 ?
	      tct_key_ipv4(&back, PARSE_NETID, to.s6_addr32[0],
			   from.s6_addr32[0], dport, sport) :
	      tct_key_ipv6(&back, PARSE_NETID, &to, &from, dport, sport);
	fuzz_assert(!memcmp(&back, &p->key, sizeof(back)));
	fuzz_assert(p->seg.flags & TCT_OPT_SELF ? dir == p->dir :
						  dir != p->dir);
}

static void parse_check_segment(const struct tct_segment *seg,
				const struct tct_segment *want)
{
	fuzz_assert(seg->flags == want->flags);
	fuzz_assert(seg->seq == want->seq);
	fuzz_assert(seg->ack == want->ack);
	fuzz_assert(seg->len == want->len);
	fuzz_assert(seg->segs == want->segs);
	fuzz_assert(seg->window == want->window);
	if (seg->flags & TCT_OPT_TS) {
		fuzz_assert(seg->tsval == want->tsval);
		fuzz_assert(seg->tsecr == want->tsecr);
	}
	if (seg->flags & TCT_OPT_SACK)
		fuzz_assert(seg->sack == want->sack);
	if (seg->flags & TCT_OPT_MSS)
		fuzz_assert(seg->mss == want->mss);
	if (seg->flags & TCT_OPT_WSCALE)
		fuzz_assert(seg->wscale == want->wscale);
}

static void parse_check(const struct tct_parsed *p, enum tct_verdict verdict,
			const struct sk_buff *skb, const u8 *data)
{
	struct reference want;
	bool ipv6 = !p->ipv4;

	reference_parse(&want, skb, data, ipv6);
	fuzz_assert(verdict <= TCT_BAD_FLAGS);
	if (verdict != want.verdict)
		fuzz_fail("verdict %u, not %u", verdict, want.verdict);
	if (verdict != TCT_PARSED)
		return;
	fuzz_assert(p->thoff == want.thoff);
	fuzz_assert(p->tcplen == want.tcplen);
	fuzz_assert(p->partial == want.partial);
	fuzz_assert(p->from_low_port == want.from_low_port);
	fuzz_assert(p->thoff + p->tcplen <= skb->len);
	fuzz_assert(p->seg.len <= p->tcplen - 20);
	fuzz_assert(p->seg.segs >= 1);
	parse_check_segment(&p->seg, &want.seg);
	parse_check_key(p, data, data + p->thoff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum tct_verdict verdict;
	struct tct_parsed p;
	struct sk_buff skb;
	bool ipv6;

	if (size < PARSE_HEAD || size > PARSE_MOST ||
	    !parse_lay(&skb, data, data + PARSE_HEAD, size - PARSE_HEAD))
		return 0;
	ipv6 = data[0] & PARSE_IPV6;
	memset(&p, 0xa5, sizeof(p));
	p.ipv4 = !ipv6;
	verdict = ipv6 ? tct_parse_ipv6(&p, &skb, PARSE_NETID) :
			 tct_parse_ipv4(&p, &skb, PARSE_NETID);
	p.ipv4 = !ipv6;
	parse_check(&p, verdict, &skb, data + PARSE_HEAD);
	free((void *)skb.data);
	free((void *)skb.paged);
	return 0;
}
