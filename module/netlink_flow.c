// SPDX-License-Identifier: GPL-2.0
/*
 * Requests about one flow, and flush.
 */
#include "filter.h"
#include "gc.h"
#include "look.h"
#include "message.h"
#include "netlink.h"
#include "netns.h"
#include "target.h"
#include "walk.h"

/* Return: 0 and the end in @ep, or an error. */
static int tct_netlink_end(const struct genl_info *info, int type,
			   struct tct_endpoint *ep, u8 *family)
{
	struct nlattr *tb[TCPTRACK_A_END_PORT + 1];
	const struct nlattr *attr = info->attrs[type];
	int err;

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "both ends are needed");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, type);
		return -EINVAL;
	}
	/* an address and a port: what comes after is refused */
	err = nla_parse_nested(tb, TCPTRACK_A_END_PORT, attr,
			       tcptrack_end_nl_policy, info->extack);
	if (err)
		return err;
	if (!tb[TCPTRACK_A_END_ADDR4] == !tb[TCPTRACK_A_END_ADDR6]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "one address is needed, of IPv4 or IPv6");
		return -EINVAL;
	}
	if (!tb[TCPTRACK_A_END_PORT]) {
		NL_SET_ERR_MSG(info->extack, "a port is needed");
		NL_SET_ERR_ATTR_MISS(info->extack, attr, TCPTRACK_A_END_PORT);
		return -EINVAL;
	}
	memset(ep, 0, sizeof(*ep));
	ep->port = nla_get_be16(tb[TCPTRACK_A_END_PORT]);
	*family = tb[TCPTRACK_A_END_ADDR4] ? AF_INET : AF_INET6;
	if (*family == AF_INET)
		ep->addr.s6_addr32[0] =
			nla_get_in_addr(tb[TCPTRACK_A_END_ADDR4]);
	else
		ep->addr = nla_get_in6_addr(tb[TCPTRACK_A_END_ADDR6]);
	return 0;
}

/* The flow's ends, in either order, make its key */
static int tct_netlink_key(const struct genl_info *info, u32 netid,
			   struct tct_key *key)
{
	struct tct_endpoint src, dst;
	u8 family, other;
	int err;

	err = tct_netlink_end(info, TCPTRACK_A_FLOW_SRC, &src, &family);
	if (!err)
		err = tct_netlink_end(info, TCPTRACK_A_FLOW_DST, &dst, &other);
	if (err)
		return err;
	if (family != other) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[TCPTRACK_A_FLOW_DST],
				    "the ends' addresses are of two families");
		return -EINVAL;
	}
	if (family == AF_INET)
		tct_key_ipv4(key, netid, src.addr.s6_addr32[0],
			     dst.addr.s6_addr32[0], src.port, dst.port);
	else
		tct_key_ipv6(key, netid, &src.addr, &dst.addr, src.port,
			     dst.port);
	return 0;
}

static int tct_netlink_find(const struct genl_info *info, struct tct_net *tn,
			    struct tct_snapshot *snap)
{
	int err = tct_netlink_key(info, tn->netid, &snap->key);

	if (err)
		return err;
	if (tct_table_snapshot(&tn->table, 0, snap))
		return 0;
	if (rcu_access_pointer(tn->table))
		NL_SET_ERR_MSG(info->extack, "there is no such flow");
	else
		NL_SET_ERR_MSG(info->extack,
			       "there is no such flow: tracking is off");
	return -ENOENT;
}

/* Attributes that the operation has for its dump alone */
static int tct_netlink_refuse_dump(const struct genl_info *info)
{
	static const u8 refused[] = {
		TCPTRACK_A_FLOW_ALL_NETNS, TCPTRACK_A_FLOW_FILTER,
		TCPTRACK_A_FLOW_LIMIT, TCPTRACK_A_FLOW_SOCKETS,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		if (!info->attrs[refused[i]])
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[refused[i]],
				    "is for dumps only");
		return -EINVAL;
	}
	return 0;
}

static int tct_netlink_get(struct genl_info *info, struct net *net)
{
	struct tct_message msg = {
		.family = &tct_netlink_family,
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = TCPTRACK_CMD_FLOW_GET,
		.brief = info->attrs[TCPTRACK_A_FLOW_BRIEF],
	};
	struct tct_net *tn = tct_net(net);
	struct tct_home home[2] = {};
	struct tct_snapshot snap;
	struct tct_sockets socks;
	struct sk_buff *reply;
	u64 now;
	int err;

	err = tct_netlink_find(info, tn, &snap);
	if (err)
		return err;
	reply = alloc_skb(tct_message_room(&msg), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	if (!msg.brief)
		msg.netns = net->ns.inum;
	now = tct_look(net, &tn->table, 0, home, &snap, &socks);
	err = tct_message_fill(reply, &msg, &snap, &socks, now);
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}

int tcptrack_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net;
	int err;

	net = tct_target_one(skb, info->attrs[TCPTRACK_A_FLOW_NETNS_FD], true,
			     info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	err = tct_netlink_refuse_dump(info);
	if (!err)
		err = tct_netlink_get(info, net);
	put_net(net);
	return err;
}

/* Return: 0, or -ENOENT: somebody else was faster. */
static int tct_netlink_del(struct tct_net *tn, const struct tct_snapshot *snap)
{
	struct tct_table *table;
	int err;

	do {
		cond_resched();
		rcu_read_lock();
		table = rcu_dereference(tn->table);
		err = table ? tct_gc_del(table, snap) : -ENOENT;
		rcu_read_unlock();
	} while (err == -EAGAIN);
	return err;
}

int tcptrack_nl_flow_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct tct_snapshot snap;
	struct net *net;
	int err;

	net = tct_target_one(skb, info->attrs[TCPTRACK_A_FLOW_NETNS_FD], true,
			     info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	err = tct_netlink_find(info, tct_net(net), &snap);
	if (!err) {
		err = tct_netlink_del(tct_net(net), &snap);
		if (err)
			NL_SET_ERR_MSG(info->extack,
				       "the flow has just ended by itself");
	}
	put_net(net);
	return err;
}

/* Return: 0, or why the walk had to end before all were seen. */
static int tct_netlink_flush(struct tct_net *tn,
			     const struct tct_filter *filter, u64 *flows)
{
	struct tct_walk walk;
	int i, n;

	n = tct_walk_init(&walk);
	if (n)
		return n;
	tct_walk_start(&walk, &tn->table);
	while ((n = tct_walk_step(&walk, &tn->table)) > 0) {
		for (i = 0; i < n; i++)
			if (tct_filter_matches(filter, &walk.snap[i],
					       get_jiffies_64()) &&
			    !tct_netlink_del(tn, &walk.snap[i]))
				++*flows;
	}
	tct_walk_exit(&walk);
	return n;
}

static int tct_netlink_flush_reply(struct genl_info *info, u64 flows)
{
	struct sk_buff *reply;
	void *hdr;

	reply = genlmsg_new(nla_total_size_64bit(sizeof(flows)), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	hdr = genlmsg_put_reply(reply, info, &tct_netlink_family, 0,
				TCPTRACK_CMD_FLOW_FLUSH);
	if (WARN_ON_ONCE(!hdr) ||
	    WARN_ON_ONCE(nla_put_u64_64bit(reply, TCPTRACK_A_FLOW_FLOWS, flows,
					   TCPTRACK_A_FLOW_PAD))) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

int tcptrack_nl_flow_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct tct_filter filter;
	struct net *net;
	u64 flows = 0;
	int err;

	net = tct_target_one(skb, info->attrs[TCPTRACK_A_FLOW_NETNS_FD], true,
			     info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	err = tct_filter_parse(&filter, info->attrs[TCPTRACK_A_FLOW_FILTER],
			       info->extack);
	if (!err)
		err = tct_netlink_flush(tct_net(net), &filter, &flows);
	if (!err)
		err = tct_netlink_flush_reply(info, flows);
	put_net(net);
	return err;
}
