// SPDX-License-Identifier: GPL-2.0
/*
 * Listeners, of one namespace or of all.
 *
 * A dump takes all listeners of a namespace, and counts their flows, before the
 * first of them is told: between two pieces it holds that memory, and nothing
 * else.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/sock.h>

#include "attr.h"
#include "netlink.h"
#include "netns.h"
#include "service.h"
#include "target.h"

/* No attribute is larger than an address, and none comes twice */
#define TCT_LISTENER_ROOM						\
	(nlmsg_total_size(GENL_HDRLEN) +				\
	 (TCPTRACK_A_LISTENER_MAX + TCPTRACK_A_SERVICE_MAX) *		\
	 nla_total_size_64bit(sizeof(struct in6_addr)))

/* The numbers of the uapi are ours */
static_assert(TCPTRACK_LIMIT_BACKLOG == (int)TCT_LIMIT_BACKLOG &&
	      TCPTRACK_LIMIT_SOMAXCONN == (int)TCT_LIMIT_SOMAXCONN &&
	      TCPTRACK_LIMIT_MAX_SYN_BACKLOG == (int)TCT_LIMIT_MAX_SYN_BACKLOG &&
	      __TCPTRACK_LIMIT_MAX == (int)TCT_LIMIT_SOURCE_MAX);
static_assert(TCPTRACK_A_LISTENER_PAD == (int)TCT_ATTR_PAD &&
	      TCPTRACK_A_SERVICE_PAD == (int)TCT_ATTR_PAD);

/**
 * struct tct_listener_request - what is asked for
 * @match: which listeners
 * @flows: count their flows
 */
struct tct_listener_request {
	struct tct_listener_match match;
	bool flows;
};

/**
 * struct tct_listener_dump - a dump, and where it is
 * @target: namespaces
 * @request: what is asked for
 * @set: listeners of the namespace at hand, if @walking
 * @at: of these, the next to be told
 * @netns: inode of that namespace
 * @walking: they have been taken
 */
struct tct_listener_dump {
	struct tct_target target;
	struct tct_listener_request request;
	struct tct_listeners set;
	unsigned int at;
	u64 netns;
	bool walking;
};

static int tct_listener_parse(struct tct_listener_request *request,
			      struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *addr4 = tb[TCPTRACK_A_LISTENER_ADDR4];
	const struct nlattr *addr6 = tb[TCPTRACK_A_LISTENER_ADDR6];
	struct tct_listener_match *match = &request->match;

	if (addr4 && addr6) {
		NL_SET_ERR_MSG_ATTR(extack, addr6,
				    "one address, of IPv4 or IPv6: not both");
		return -EINVAL;
	}
	memset(request, 0, sizeof(*request));
	match->has_addr = addr4 || addr6;
	match->ipv4 = addr4;
	if (addr4)
		match->addr.s6_addr32[0] = nla_get_in_addr(addr4);
	else if (addr6)
		match->addr = nla_get_in6_addr(addr6);
	if (tb[TCPTRACK_A_LISTENER_PORT])
		match->port = nla_get_be16(tb[TCPTRACK_A_LISTENER_PORT]);
	if (tb[TCPTRACK_A_LISTENER_INODE])
		match->inode = nla_get_u32(tb[TCPTRACK_A_LISTENER_INODE]);
	request->flows = tb[TCPTRACK_A_LISTENER_FLOWS];
	return 0;
}

static int tct_listener_collect(struct tct_listeners *set, struct net *net,
				const struct tct_listener_request *request)
{
	struct tct_net *tn = tct_net(net);

	return tct_services_collect(set, net, &request->match,
				    request->flows ? &tn->table : NULL);
}

static void tct_listener_put_queues(u8 **at, const struct tct_listener *l)
{
	tct_attr_u32(at, TCPTRACK_A_LISTENER_ACCEPT_QUEUE, l->accept_queue);
	tct_attr_u32(at, TCPTRACK_A_LISTENER_ACCEPT_LIMIT, l->accept_limit);
	tct_attr_u8(at, TCPTRACK_A_LISTENER_ACCEPT_SOURCE, l->accept_source);
	tct_attr_u32(at, TCPTRACK_A_LISTENER_SYN_QUEUE, l->syn_queue);
	tct_attr_u32(at, TCPTRACK_A_LISTENER_SYN_YOUNG, l->syn_young);
	tct_attr_u32(at, TCPTRACK_A_LISTENER_SYN_LIMIT, l->syn_limit);
	tct_attr_u8(at, TCPTRACK_A_LISTENER_SYN_SOURCE, l->syn_source);
	tct_attr_u8(at, TCPTRACK_A_LISTENER_SYNCOOKIES, l->syncookies);
	if (l->cookies_recent)
		tct_attr_flag(at, TCPTRACK_A_LISTENER_COOKIES_RECENT);
	tct_attr_u32(at, TCPTRACK_A_LISTENER_DROPS, l->drops);
}

static void tct_listener_put_options(u8 **at, const struct tct_listener *l)
{
	if (l->reuseport)
		tct_attr_u32(at, TCPTRACK_A_LISTENER_REUSEPORT, l->reuseport);
	if (l->defer_accept)
		tct_attr_u64(at, TCPTRACK_A_LISTENER_DEFER_ACCEPT,
			     (u64)tct_listener_defer(l) * MSEC_PER_SEC);
	tct_attr_u8(at, TCPTRACK_A_LISTENER_SYNACK_RETRIES,
		    l->synack_retries);
	if (l->syncnt)
		tct_attr_u8(at, TCPTRACK_A_LISTENER_SYNCNT, l->syncnt);
	if (!l->fastopen_limit)
		return;
	tct_attr_u32(at, TCPTRACK_A_LISTENER_FASTOPEN_QUEUE,
		     l->fastopen_queue);
	tct_attr_u32(at, TCPTRACK_A_LISTENER_FASTOPEN_LIMIT,
		     l->fastopen_limit);
}

static void tct_listener_put_service(u8 **at, const struct tct_service *s)
{
	struct nlattr *nest = tct_attr_nest(at, TCPTRACK_A_LISTENER_SERVICE);

	tct_attr_u32(at, TCPTRACK_A_SERVICE_HALF_OPEN, s->half_open);
	tct_attr_u32(at, TCPTRACK_A_SERVICE_UNANSWERED, s->unanswered);
	tct_attr_u32(at, TCPTRACK_A_SERVICE_ACCEPT_WAIT, s->accept_wait);
	tct_attr_u32(at, TCPTRACK_A_SERVICE_SYNACK_REPEATS,
		     s->synack_repeats);
	if (s->ages) {
		tct_attr_u64(at, TCPTRACK_A_SERVICE_AGE_MAX, s->ages->max);
		tct_attr_u64(at, TCPTRACK_A_SERVICE_AGE_P50,
			     tct_spread_at(s->ages, 50));
		tct_attr_u64(at, TCPTRACK_A_SERVICE_AGE_P90,
			     tct_spread_at(s->ages, 90));
	}
	tct_attr_u32(at, TCPTRACK_A_SERVICE_OPEN, s->open);
	tct_attr_u32(at, TCPTRACK_A_SERVICE_RTT_SAMPLES,
		     s->rtts ? s->rtts->n : 0);
	if (s->rtts) {
		tct_attr_u32(at, TCPTRACK_A_SERVICE_RTT_P50,
			     tct_spread_at(s->rtts, 50));
		tct_attr_u32(at, TCPTRACK_A_SERVICE_RTT_P90,
			     tct_spread_at(s->rtts, 90));
		tct_attr_u32(at, TCPTRACK_A_SERVICE_RTT_P99,
			     tct_spread_at(s->rtts, 99));
	}
	tct_attr_nest_end(*at, nest);
}

static void tct_listener_put(u8 **at, const struct tct_listeners *set,
			     const struct tct_listener *l, u64 netns,
			     struct user_namespace *reader)
{
	if (l->ipv4)
		tct_attr_be32(at, TCPTRACK_A_LISTENER_ADDR4,
			      l->local.addr.s6_addr32[0]);
	else
		memcpy(tct_attr_put(at, TCPTRACK_A_LISTENER_ADDR6,
				    sizeof(l->local.addr)),
		       &l->local.addr, sizeof(l->local.addr));
	tct_attr_be16(at, TCPTRACK_A_LISTENER_PORT, l->local.port);
	if (l->ifindex)
		tct_attr_u32(at, TCPTRACK_A_LISTENER_IFINDEX, l->ifindex);
	if (l->v6only)
		tct_attr_flag(at, TCPTRACK_A_LISTENER_V6ONLY);
	tct_listener_put_queues(at, l);
	tct_attr_u32(at, TCPTRACK_A_LISTENER_UID,
		     from_kuid_munged(reader, l->uid));
	tct_attr_u32(at, TCPTRACK_A_LISTENER_INODE, l->inode);
	tct_listener_put_options(at, l);
	if (set->service)
		tct_listener_put_service(at, &set->service[l->service]);
	tct_attr_u64(at, TCPTRACK_A_LISTENER_NETNS, netns);
}

/* @request: who asked.  Return: 0, or -EMSGSIZE: there is no room, and nothing
 * was written.
 */
static int tct_listener_fill(struct sk_buff *skb, struct sk_buff *request,
			     u32 seq, int flags,
			     const struct tct_listeners *set, unsigned int i,
			     u64 netns)
{
	struct user_namespace *reader = sk_user_ns(NETLINK_CB(request).sk);
	u8 *start, *at;
	void *hdr;

	if (skb_tailroom(skb) < TCT_LISTENER_ROOM)
		return -EMSGSIZE;
	hdr = genlmsg_put(skb, NETLINK_CB(request).portid, seq,
			  &tct_netlink_family, flags,
			  TCPTRACK_CMD_LISTENER_GET);
	start = skb_tail_pointer(skb);
	at = start;
	tct_listener_put(&at, set, &set->listener[i], netns, reader);
	skb_put(skb, at - start);
	genlmsg_end(skb, hdr);
	return 0;
}

static int tct_listener_reply(struct sk_buff *skb, struct genl_info *info,
			      const struct tct_listeners *set, u64 netns)
{
	struct sk_buff *reply;
	int err;

	if (!set->n) {
		NL_SET_ERR_MSG(info->extack, "there is no such listener");
		return -ENOENT;
	}
	if (set->n > 1) {
		NL_SET_ERR_MSG(info->extack,
			       "several listen there: say the inode of one");
		return -ENOTUNIQ;
	}
	reply = alloc_skb(TCT_LISTENER_ROOM, GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	err = tct_listener_fill(reply, skb, info->snd_seq, 0, set, 0, netns);
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}

int tcptrack_nl_listener_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *all = info->attrs[TCPTRACK_A_LISTENER_ALL_NETNS];
	struct tct_listener_request request;
	struct tct_listeners set = {};
	struct net *net;
	int err;

	if (all) {
		NL_SET_ERR_MSG_ATTR(info->extack, all, "is for dumps only");
		return -EINVAL;
	}
	err = tct_listener_parse(&request, info->attrs, info->extack);
	if (err)
		return err;
	net = tct_target_one(skb, info->attrs[TCPTRACK_A_LISTENER_NETNS_FD],
			     false, info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	err = tct_listener_collect(&set, net, &request);
	if (!err)
		err = tct_listener_reply(skb, info, &set, net->ns.inum);
	tct_services_free(&set);
	put_net(net);
	return err;
}

static int tct_listener_begin(struct netlink_callback *cb)
{
	struct nlattr *tb[ARRAY_SIZE(tcptrack_listener_get_nl_policy)];
	struct tct_listener_dump *dump;
	int err;

	err = genlmsg_parse(cb->nlh, &tct_netlink_family, tb,
			    ARRAY_SIZE(tb) - 1,
			    tcptrack_listener_get_nl_policy, cb->extack);
	if (err)
		return err;
	dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	if (!dump)
		return -ENOMEM;
	err = tct_listener_parse(&dump->request, tb, cb->extack);
	if (!err)
		err = tct_target_init(&dump->target, cb->skb,
				      tb[TCPTRACK_A_LISTENER_NETNS_FD],
				      tb[TCPTRACK_A_LISTENER_ALL_NETNS],
				      false, cb->extack);
	if (err) {
		kfree(dump);
		return err;
	}
	cb->args[0] = (long)dump;
	return 0;
}

int tct_netlink_listener_start(struct netlink_callback *cb)
{
	/* as in tct_netlink_dump_start() */
	return cb->extack ? tct_listener_begin(cb) : 0;
}

int tct_netlink_listener_done(struct netlink_callback *cb)
{
	struct tct_listener_dump *dump =
		(struct tct_listener_dump *)cb->args[0];

	if (dump)
		tct_services_free(&dump->set);
	kfree(dump);
	return 0;
}

/* Take the namespace's listeners.  Return: 0 or an error. */
static int tct_listener_enter(struct tct_listener_dump *dump)
{
	struct net *net;
	int err;

	dump->set.n = 0;
	dump->at = 0;
	dump->walking = true;
	net = tct_target_get(&dump->target);
	if (!net)
		return 0;
	dump->netns = net->ns.inum;
	err = tct_listener_collect(&dump->set, net, &dump->request);
	put_net(net);
	return err;
}

static int tct_listener_dump(struct sk_buff *skb, struct netlink_callback *cb,
			     struct tct_listener_dump *dump)
{
	int err = 0;

	do {
		if (!dump->walking)
			err = tct_listener_enter(dump);
		for (; !err && dump->at < dump->set.n; dump->at++) {
			err = tct_listener_fill(skb, cb->skb,
						cb->nlh->nlmsg_seq,
						NLM_F_MULTI, &dump->set,
						dump->at, dump->netns);
			if (err)
				return err;
		}
		if (err)
			return err;
		dump->walking = false;
		cond_resched();
	} while (tct_target_next(&dump->target));
	return 0;
}

int tcptrack_nl_listener_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	int err;

	if (!cb->args[0]) {
		err = tct_listener_begin(cb);
		if (err)
			return err;
	}
	err = tct_listener_dump(skb, cb,
				(struct tct_listener_dump *)cb->args[0]);
	/* the rest goes into the next piece */
	return err == -EMSGSIZE && skb->len ? skb->len : err;
}
