/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet in userspace: from its IP header on, perhaps in two parts, and
 * perhaps cut short by who captured it.
 */
#ifndef _TOOLS_LINUX_SKBUFF_H
#define _TOOLS_LINUX_SKBUFF_H

#include <string.h>

#include <asm/byteorder.h>
#include <linux/compiler.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>

#define cpu_to_be16	__cpu_to_be16
#define cpu_to_be32	__cpu_to_be32
#define be16_to_cpu	__be16_to_cpu
#define be32_to_cpu	__be32_to_cpu

/**
 * struct sk_buff - a packet
 * @data: its IP header, aligned to 4 octets for who reads it as one
 * @len: octets on the wire
 * @caplen: octets that are at @data; at most @len
 * @paged: what follows them and lies elsewhere: only the fuzzer has any
 * @pagedlen: how many octets that are
 * @gso_size: payload of one of the segments that it stands for; 0: it is one
 * @gso_segs: how many they are; 0: not known
 */
struct sk_buff {
	const u8 *data;
	unsigned int len;
	unsigned int caplen;
	const u8 *paged;
	unsigned int pagedlen;
	unsigned short gso_size;
	unsigned short gso_segs;
};

#define skb_shinfo(skb)		(skb)
#define skb_is_gso(skb)		((skb)->gso_size)
#define skb_headlen(skb)	((skb)->caplen)
#define skb_network_offset(skb)	((void)(skb), 0)
#define ip_hdr(skb)		((const struct iphdr *)(skb)->data)
#define ipv6_hdr(skb)		((const struct ipv6hdr *)(skb)->data)

/**
 * skb_header_pointer() - octets of a packet
 * @skb: the packet
 * @offset: where they begin
 * @len: how many
 * @buffer: room for them: what is returned is aligned as this is
 *
 * Return: @buffer, or NULL if they are not all there.
 */
static inline void *skb_header_pointer(const struct sk_buff *skb, int offset,
				       int len, void *buffer)
{
	unsigned int from = offset, want = len, got = 0;

	if (offset < 0 || len < 0 || from > skb->caplen + skb->pagedlen ||
	    want > skb->caplen + skb->pagedlen - from)
		return NULL;
	if (from < skb->caplen) {
		got = skb->caplen - from < want ? skb->caplen - from : want;
		memcpy(buffer, skb->data + from, got);
	}
	if (got < want)
		memcpy((u8 *)buffer + got,
		       skb->paged + (from + got - skb->caplen), want - got);
	return buffer;
}

#endif
