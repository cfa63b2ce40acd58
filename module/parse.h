/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a packet to its key and its segment.  Reads no octet that is not in the
 * packet, through skb_header_pointer() only where it may be paged; builds in
 * userspace over a stand-in for struct sk_buff.
 */
#ifndef _TCT_PARSE_H
#define _TCT_PARSE_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>

#include "fsm.h"
#include "tuple.h"

/**
 * enum tct_verdict - what a packet is to the tracker
 * @TCT_PARSED: a TCP segment
 * @TCT_NOT_TCP: something else
 * @TCT_FRAGMENT: a fragment of a TCP packet other than the first
 * @TCT_SHORT: shorter than its headers say
 * @TCT_BAD_HEADER: malformed: IP or TCP header length
 * @TCT_BAD_FLAGS: a combination of flags that no stack sends or takes
 */
enum tct_verdict {
	TCT_PARSED,
	TCT_NOT_TCP,
	TCT_FRAGMENT,
	TCT_SHORT,
	TCT_BAD_HEADER,
	TCT_BAD_FLAGS,
};

/**
 * struct tct_parsed - a parsed packet
 * @key: of its flow
 * @seg: what the state machine gets
 * @thoff: offset of the TCP header from skb->data
 * @tcplen: length of TCP header and payload
 * @sport: source port
 * @dir: 0 if its source is the low endpoint of @key
 * @ipv4: or else IPv6
 * @partial: first fragment: the checksum's other part is elsewhere
 * @from_low_port: its source port is the lower: of a flow first seen in
 *	mid-stream, whose caller nobody saw, that end is taken for the server
 *
 * It is too large to be cleared for each packet: the functions below set all.
 */
struct tct_parsed {
	struct tct_key key;
	struct tct_segment seg;
	unsigned int thoff;
	unsigned int tcplen;
	__be16 sport;
	u8 dir;
	bool ipv4;
	bool partial;
	bool from_low_port;
};

/**
 * tct_parse_ipv4() - parse an IPv4 packet whose protocol is TCP
 * @p: what to fill
 * @skb: at its network header, which is linear but for options
 * @netid: number of the namespace, for the key
 *
 * Return: TCT_PARSED, or why not.
 */
enum tct_verdict tct_parse_ipv4(struct tct_parsed *p, const struct sk_buff *skb,
				u32 netid);

/**
 * tct_parse_ipv6() - parse an IPv6 packet
 * @p: what to fill
 * @skb: at its network header, which is linear but for extension headers
 * @netid: number of the namespace, for the key
 *
 * Return: TCT_PARSED, or why not.
 */
enum tct_verdict tct_parse_ipv6(struct tct_parsed *p, const struct sk_buff *skb,
				u32 netid);

#endif /* _TCT_PARSE_H */
