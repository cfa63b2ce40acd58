/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a packet to its flow.
 */
#ifndef _TCT_PACKET_H
#define _TCT_PACKET_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

struct tct_table;

/**
 * tct_packet_ipv4() - account an IPv4 packet
 * @table: of the packet's namespace
 * @skb: the packet, at its network header; never changed
 * @state: of the hook: LOCAL_IN, FORWARD or LOCAL_OUT
 * @now: ticks
 *
 * Whatever is wrong with the packet is counted by reason, and it is otherwise
 * left alone.
 *
 * Context: RCU read side.
 */
void tct_packet_ipv4(struct tct_table *table, struct sk_buff *skb,
		     const struct nf_hook_state *state, u64 now);

/**
 * tct_packet_ipv6() - account an IPv6 packet; as tct_packet_ipv4()
 * @table: of the packet's namespace
 * @skb: the packet, at its network header; never changed
 * @state: of the hook
 * @now: ticks
 *
 * Context: RCU read side.
 */
void tct_packet_ipv6(struct tct_table *table, struct sk_buff *skb,
		     const struct nf_hook_state *state, u64 now);

#endif /* _TCT_PACKET_H */
