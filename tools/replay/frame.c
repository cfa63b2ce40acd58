// SPDX-License-Identifier: GPL-2.0
#include <pcap/pcap.h>

#include "frame.h"

/* EtherTypes: IEEE 802, and what Linux and others took for stacked tags */
#define ETHER_IPV4	0x0800
#define ETHER_IPV6	0x86dd
#define ETHER_8021Q	0x8100
#define ETHER_8021AD	0x88a8
#define ETHER_QINQ	0x9100

#define ETHER_LEN	14	/* addresses and type */
#define TAG_LEN		4	/* tag and next type */
#define SLL_LEN		16	/* the protocol is its last field */
#define SLL2_LEN	20	/* the protocol is its first field */
#define NULL_LEN	4	/* address family */

/* AF_INET6 as the systems number it that write DLT_NULL and DLT_LOOP */
#define FAMILY_IPV4		2
#define FAMILY_IPV6_LINUX	10
#define FAMILY_IPV6_NETBSD	24	/* OpenBSD too */
#define FAMILY_IPV6_FREEBSD	28
#define FAMILY_IPV6_DARWIN	30

bool frame_is_known(int link)
{
	switch (link) {
	case DLT_EN10MB:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
	case DLT_NULL:
	case DLT_LOOP:
		return true;
	default:
		return false;
	}
}

static unsigned int be16_at(const u8 *p)
{
	return p[0] << 8 | p[1];
}

/* Take octets off the front. Return: whether the capture has so many. */
static bool frame_pull(struct sk_buff *skb, unsigned int len)
{
	if (skb->caplen < len)
		return false;
	skb->data += len;
	skb->len -= len;
	skb->caplen -= len;
	return true;
}

/* @type: of what is at the front of @skb now */
static enum frame_kind frame_of_ether(struct sk_buff *skb, unsigned int type)
{
	while (type == ETHER_8021Q || type == ETHER_8021AD ||
	       type == ETHER_QINQ) {
		if (!frame_pull(skb, TAG_LEN))
			return FRAME_SHORT;
		type = be16_at(skb->data - 2);
	}
	switch (type) {
	case ETHER_IPV4:
		return FRAME_IPV4;
	case ETHER_IPV6:
		return FRAME_IPV6;
	default:
		return FRAME_OTHER;
	}
}

static enum frame_kind frame_of_version(const struct sk_buff *skb)
{
	if (!skb->caplen)
		return FRAME_SHORT;
	switch (skb->data[0] >> 4) {
	case 4:
		return FRAME_IPV4;
	case 6:
		return FRAME_IPV6;
	default:
		return FRAME_OTHER;
	}
}

static enum frame_kind frame_of_family(const u8 *family)
{
	/* in the order of the machine that captured: no family needs more
	 * than one octet
	 */
	if (family[1] || family[2])
		return FRAME_OTHER;
	switch (family[0] | family[3]) {
	case FAMILY_IPV4:
		return FRAME_IPV4;
	case FAMILY_IPV6_LINUX:
	case FAMILY_IPV6_NETBSD:
	case FAMILY_IPV6_FREEBSD:
	case FAMILY_IPV6_DARWIN:
		return FRAME_IPV6;
	default:
		return FRAME_OTHER;
	}
}

enum frame_kind frame_find_ip(struct sk_buff *skb, int link)
{
	const u8 *frame = skb->data;

	switch (link) {
	case DLT_EN10MB:
		if (!frame_pull(skb, ETHER_LEN))
			return FRAME_SHORT;
		return frame_of_ether(skb, be16_at(frame + ETHER_LEN - 2));
	case DLT_LINUX_SLL:
		if (!frame_pull(skb, SLL_LEN))
			return FRAME_SHORT;
		return frame_of_ether(skb, be16_at(frame + SLL_LEN - 2));
	case DLT_LINUX_SLL2:
		if (!frame_pull(skb, SLL2_LEN))
			return FRAME_SHORT;
		return frame_of_ether(skb, be16_at(frame));
	case DLT_NULL:
	case DLT_LOOP:
		if (!frame_pull(skb, NULL_LEN))
			return FRAME_SHORT;
		return frame_of_family(frame);
	case DLT_IPV4:
		return FRAME_IPV4;
	case DLT_IPV6:
		return FRAME_IPV6;
	default:
		return frame_of_version(skb);
	}
}
