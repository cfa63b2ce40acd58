// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of flows.
 *
 * A dump is served in pieces, one for each buffer that its reader empties.
 * Between two of them it holds memory, and a reference to the module by
 * netlink's own doing, and nothing else: neither lock nor namespace nor table.
 */
#include <linux/sched.h>
#include <linux/slab.h>

#include "event_queue.h"
#include "filter.h"
#include "look.h"
#include "message.h"
#include "netlink.h"
#include "netns.h"
#include "target.h"
#include "walk.h"

/**
 * struct tct_dump - a dump, and where it is
 * @target: namespaces
 * @filter: which flows
 * @msg: how they are told
 * @walk: in the namespace at hand, if @walking
 * @at: of its snapshots, the next to be told
 * @home: of the flows of this piece, in this namespace
 * @left: flows that may still be told
 * @sockets: look these up, too
 * @walking: the walk has begun
 */
struct tct_dump {
	struct tct_target target;
	struct tct_filter filter;
	struct tct_message msg;
	struct tct_walk walk;
	unsigned int at;
	struct tct_home home[2];
	u64 left;
	bool sockets;
	bool walking;
};

static int tct_dump_parse(struct netlink_callback *cb, struct tct_dump *dump)
{
	struct nlattr *tb[TCPTRACK_A_FLOW_SOCKETS + 1], *end;
	int err;

	err = genlmsg_parse(cb->nlh, &tct_netlink_family, tb,
			    TCPTRACK_A_FLOW_SOCKETS,
			    tcptrack_flow_get_nl_policy, cb->extack);
	if (err)
		return err;
	err = tct_target_init(&dump->target, cb->skb,
			      tb[TCPTRACK_A_FLOW_NETNS_FD],
			      tb[TCPTRACK_A_FLOW_ALL_NETNS], true, cb->extack);
	if (err)
		return err;
	end = tb[TCPTRACK_A_FLOW_SRC] ?: tb[TCPTRACK_A_FLOW_DST];
	if (end) {
		NL_SET_ERR_MSG_ATTR(cb->extack, end,
				    "is for one flow; dumps have a filter");
		return -EINVAL;
	}
	dump->left = U64_MAX;
	if (tb[TCPTRACK_A_FLOW_LIMIT])
		dump->left = nla_get_u32(tb[TCPTRACK_A_FLOW_LIMIT]);
	dump->sockets = tb[TCPTRACK_A_FLOW_SOCKETS];
	dump->msg.brief = tb[TCPTRACK_A_FLOW_BRIEF];
	return tct_filter_parse(&dump->filter, tb[TCPTRACK_A_FLOW_FILTER],
				cb->extack);
}

static int tct_dump_begin(struct netlink_callback *cb)
{
	struct tct_dump *dump;
	int err;

	dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	if (!dump)
		return -ENOMEM;
	err = tct_dump_parse(cb, dump);
	if (!err)
		err = tct_walk_init(&dump->walk);
	if (err) {
		kfree(dump);
		return err;
	}
	/* who has joined a group misses no change of what he is told here */
	tct_event_look_again();
	dump->msg.family = &tct_netlink_family;
	dump->msg.portid = NETLINK_CB(cb->skb).portid;
	dump->msg.seq = cb->nlh->nlmsg_seq;
	dump->msg.flags = NLM_F_MULTI;
	dump->msg.cmd = TCPTRACK_CMD_FLOW_GET;
	cb->args[0] = (long)dump;
	/* another number tells the reader that something is missing */
	cb->seq = 1;
	cb->prev_seq = cb->seq;
	return 0;
}

int tct_netlink_dump_start(struct netlink_callback *cb)
{
	/* Before 6.2 there is nothing here to tell the sender what is wrong:
	 * then the first piece begins, which has, still in his own call
	 */
	return cb->extack ? tct_dump_begin(cb) : 0;
}

int tct_netlink_dump_done(struct netlink_callback *cb)
{
	struct tct_dump *dump = (struct tct_dump *)cb->args[0];

	if (dump)
		tct_walk_exit(&dump->walk);
	kfree(dump);
	return 0;
}

/* Return: 0, told or not wanted; -EMSGSIZE: there is no room for it. */
static int tct_dump_flow(struct sk_buff *skb, struct tct_dump *dump,
			 struct net *net, struct tct_snapshot *snap)
{
	struct tct_net *tn = tct_net(net);
	struct tct_sockets socks;
	u64 now = get_jiffies_64();
	int err;

	if (!tct_filter_matches(&dump->filter, snap, now))
		return 0;
	if (dump->sockets)
		now = tct_look(net, &tn->table, dump->walk.number, dump->home,
			       snap, &socks);
	err = tct_message_fill(skb, &dump->msg, snap,
			       dump->sockets ? &socks : NULL, now);
	if (!err)
		dump->left--;
	return err;
}

/* Return: 0: no flow of the namespace is left; or an error, -EMSGSIZE: no room */
static int tct_dump_net(struct sk_buff *skb, struct tct_dump *dump,
			struct net *net)
{
	struct tct_net *tn = tct_net(net);
	int err;

	memset(dump->home, 0, sizeof(dump->home));
	if (!dump->walking) {
		tct_walk_start(&dump->walk, &tn->table);
		dump->walking = true;
		dump->at = 0;
		if (dump->target.all || !dump->msg.brief)
			dump->msg.netns = net->ns.inum;
	}
	do {
		for (; dump->at < dump->walk.n; dump->at++) {
			if (!dump->left)
				return 0;
			err = tct_dump_flow(skb, dump, net,
					    &dump->walk.snap[dump->at]);
			if (err)
				return err;
		}
		cond_resched();
		dump->at = 0;
		err = tct_walk_step(&dump->walk, &tn->table);
	} while (err > 0);
	return err;
}

static int tct_dump_targets(struct sk_buff *skb, struct netlink_callback *cb,
			    struct tct_dump *dump)
{
	struct net *net;
	int err;

	do {
		net = tct_target_get(&dump->target);
		if (net) {
			err = tct_dump_net(skb, dump, net);
			put_net(net);
			if (err)
				return err;
		}
		/* gone, or tracking was turned off: flows that were there are
		 * missing
		 */
		if (dump->walking && (!net || dump->walk.torn))
			cb->seq++;
		dump->walking = false;
	} while (dump->left && tct_target_next(&dump->target));
	return 0;
}

int tcptrack_nl_flow_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	int err;

	if (!cb->args[0]) {
		err = tct_dump_begin(cb);
		if (err)
			return err;
	}
	err = tct_dump_targets(skb, cb, (struct tct_dump *)cb->args[0]);
	/* the rest goes into the next piece */
	return err == -EMSGSIZE && skb->len ? skb->len : err;
}
