// SPDX-License-Identifier: GPL-2.0
#include <linux/capability.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "netns.h"
#include "target.h"

/* @attr: the attribute that named the namespace, or NULL */
static int tct_target_permit(struct sk_buff *skb, const struct net *net,
			     const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	/* both of who opened the socket and of who sends through it */
	if (netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "CAP_NET_ADMIN in the network namespace is needed");
	return -EPERM;
}

struct net *tct_target_one(struct sk_buff *skb, const struct nlattr *fd,
			   bool admin, struct netlink_ext_ack *extack)
{
	struct net *net;
	int err = 0;

	if (fd)
		net = get_net_ns_by_fd(nla_get_u32(fd));
	else
		net = get_net(sock_net(skb->sk));
	if (IS_ERR(net)) {
		NL_SET_ERR_MSG_ATTR(extack, fd,
				    "no descriptor of a network namespace");
		return net;
	}
	if (fd || admin)
		err = tct_target_permit(skb, net, fd, extack);
	if (err) {
		put_net(net);
		return ERR_PTR(err);
	}
	return net;
}

static int tct_target_init_all(struct tct_target *target, struct sk_buff *skb,
			       const struct nlattr *fd,
			       const struct nlattr *all,
			       struct netlink_ext_ack *extack)
{
	if (fd) {
		NL_SET_ERR_MSG_ATTR(extack, fd,
				    "one namespace, or all: not both");
		return -EINVAL;
	}
	if (sock_net(skb->sk) != &init_net) {
		NL_SET_ERR_MSG_ATTR(extack, all,
				    "only from the initial network namespace");
		return -EPERM;
	}
	target->all = true;
	target->cookie = 0;
	tct_target_next(target);
	return tct_target_permit(skb, &init_net, all, extack);
}

int tct_target_init(struct tct_target *target, struct sk_buff *skb,
		    const struct nlattr *fd, const struct nlattr *all,
		    bool admin, struct netlink_ext_ack *extack)
{
	struct net *net;

	if (all)
		return tct_target_init_all(target, skb, fd, all, extack);
	net = tct_target_one(skb, fd, admin, extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	target->all = false;
	target->cookie = net->net_cookie;
	put_net(net);
	return 0;
}

struct net *tct_target_get(const struct tct_target *target)
{
	struct net *net = tct_netns_from(target->cookie);

	if (!net || net->net_cookie == target->cookie)
		return net;
	put_net(net);
	return NULL;
}

bool tct_target_next(struct tct_target *target)
{
	struct net *net;

	if (!target->all)
		return false;
	net = tct_netns_from(target->cookie + 1);
	if (!net)
		return false;
	target->cookie = net->net_cookie;
	put_net(net);
	return true;
}
