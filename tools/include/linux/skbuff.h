/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet in userspace: from its IP header on, contiguous, and perhaps cut
 * short by who captured it.
 */
#ifndef _TOOLS_LINUX_SKBUFF_H
#define _TOOLS_LINUX_SKBUFF_H

#include <string.h>

#include <linux/types.h>

/**
 * struct sk_buff - a packet
 * @data: its IP header, aligned or not
 * @len: octets on the wire
 * @caplen: octets that are at @data; at most @len
 */
struct sk_buff {
	const u8 *data;
	unsigned int len;
	unsigned int caplen;
};

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
	if (offset < 0 || len < 0 || (unsigned int)offset > skb->caplen ||
	    (unsigned int)len > skb->caplen - (unsigned int)offset)
		return NULL;
	return memcpy(buffer, skb->data + offset, len);
}

#endif
