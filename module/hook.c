// SPDX-License-Identifier: GPL-2.0
/*
 * LOCAL_IN comes last, after firewall and NAT: what the socket will see.
 * LOCAL_OUT comes first: what the socket said.  FORWARD comes last.  So a flow
 * has one four-tuple on this host, and for a local flow it is the socket's own.
 *
 * Of two hooks at the same priority the one registered later runs first.  Loaded
 * after nf_conntrack, as usual, we see a packet just before conntrack's confirm
 * in LOCAL_IN, which may still drop it (a clash that cannot be resolved).
 */
#include <linux/if.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>

#include "hook.h"
#include "packet.h"

/* Do source and destination know the packet by different tuples? */
static bool tct_skb_is_nated(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	enum ip_conntrack_info info;
	const struct nf_conn *ct = nf_ct_get(skb, &info);

	return ct && READ_ONCE(ct->status) & IPS_NAT_MASK;
#else
	return false;
#endif
}

/* A packet passes hooks of one host more than once in three cases:
 *
 * Over loopback it passes LOCAL_OUT and LOCAL_IN.  It is counted in LOCAL_OUT,
 * unless NAT came between: then client and server have different tuples, each
 * side is a flow of its own, and both passes count.
 *
 * Out of a VRF it passes LOCAL_OUT with the VRF's device and with the real one,
 * and only the latter counts.  What is sent to an address of the VRF itself has
 * no other device to pass with; it counts in LOCAL_IN, where the VRF's device is
 * no loopback device.
 *
 * The copy that a dup or TEE rule makes of it passes LOCAL_OUT.
 */
static bool tct_hook_is_repeat(const struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	switch (state->hook) {
	case NF_INET_LOCAL_IN:
		return state->in->flags & IFF_LOOPBACK &&
		       !tct_skb_is_nated(skb);
	case NF_INET_LOCAL_OUT:
		return netif_is_l3_master(state->out) ||
		       this_cpu_read(nf_skb_duplicated);
	default:
		return false;
	}
}

/* @priv is the table: to find it by the namespace would cost a tenth of the rest.
 */
static unsigned int tct_hook_ipv4(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	if (ip_hdr(skb)->protocol != IPPROTO_TCP)
		return NF_ACCEPT;
	if (tct_hook_is_repeat(skb, state))
		return NF_ACCEPT;
	tct_packet_ipv4(priv, skb, state, get_jiffies_64());
	return NF_ACCEPT;
}

static unsigned int tct_hook_ipv6(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	/* what else may lead to TCP are extension headers */
	if (ipv6_hdr(skb)->nexthdr == IPPROTO_UDP)
		return NF_ACCEPT;
	if (tct_hook_is_repeat(skb, state))
		return NF_ACCEPT;
	tct_packet_ipv6(priv, skb, state, get_jiffies_64());
	return NF_ACCEPT;
}

static const struct nf_hook_ops tct_hook_ops[] = {
	{
		.hook		= tct_hook_ipv4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= NF_IP_PRI_LAST,
	},
	{
		.hook		= tct_hook_ipv4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_FIRST,
	},
	{
		.hook		= tct_hook_ipv4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_FORWARD,
		.priority	= NF_IP_PRI_LAST,
	},
#if IS_ENABLED(CONFIG_IPV6)
	{
		.hook		= tct_hook_ipv6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= NF_IP6_PRI_LAST,
	},
	{
		.hook		= tct_hook_ipv6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_FIRST,
	},
	{
		.hook		= tct_hook_ipv6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_FORWARD,
		.priority	= NF_IP6_PRI_LAST,
	},
#endif
};

struct nf_hook_ops *tct_hook_add(struct net *net, struct tct_table *table)
{
	struct nf_hook_ops *ops;
	unsigned int i;
	int err;

	ops = kmemdup(tct_hook_ops, sizeof(tct_hook_ops), GFP_KERNEL);
	if (!ops)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < ARRAY_SIZE(tct_hook_ops); i++)
		ops[i].priv = table;
	err = nf_register_net_hooks(net, ops, ARRAY_SIZE(tct_hook_ops));
	if (!err)
		return ops;
	/* some were on for a moment, and may be looked at */
	synchronize_net();
	kfree(ops);
	return ERR_PTR(err);
}

void tct_hook_del(struct net *net, struct nf_hook_ops *ops)
{
	nf_unregister_net_hooks(net, ops, ARRAY_SIZE(tct_hook_ops));
}
