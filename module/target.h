/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which namespaces a netlink request is about, and whether its sender may.
 */
#ifndef _TCT_TARGET_H
#define _TCT_TARGET_H

#include <linux/types.h>

struct net;
struct netlink_ext_ack;
struct nlattr;
struct sk_buff;

/**
 * struct tct_target - the namespaces that a dump is about, and where it is
 * @cookie: net_cookie of the namespace at hand
 * @all: after it, those with higher ones
 *
 * It holds no reference, so that a reader who stops keeps no namespace from
 * going away.
 */
struct tct_target {
	u64 cookie;
	bool all;
};

/**
 * tct_target_one() - the one namespace that a request is about
 * @skb: the request
 * @fd: attribute with a descriptor of it; NULL: the sender's own
 * @admin: the request needs CAP_NET_ADMIN; for another's namespace all do
 * @extack: told what is wrong
 *
 * Context: process, the sender's.
 * Return: the namespace, referenced; or ERR_PTR.
 */
struct net *tct_target_one(struct sk_buff *skb, const struct nlattr *fd,
			   bool admin, struct netlink_ext_ack *extack);

/**
 * tct_target_init() - the namespaces that a dump is about
 * @target: filled
 * @skb: the request
 * @fd: as above
 * @all: attribute that asks for all; NULL: for one
 * @admin: as above
 * @extack: as above
 *
 * Context: process, the sender's.
 * Return: 0 or an error.
 */
int tct_target_init(struct tct_target *target, struct sk_buff *skb,
		    const struct nlattr *fd, const struct nlattr *all,
		    bool admin, struct netlink_ext_ack *extack);

/**
 * tct_target_get() - the namespace at hand
 * @target: where the dump is
 *
 * Context: process.
 * Return: the namespace, referenced; NULL: it is gone.
 */
struct net *tct_target_get(const struct tct_target *target);

/**
 * tct_target_next() - go to the next namespace
 * @target: where the dump is
 *
 * Each that is there from the first to the last is come to once.
 *
 * Context: process.
 * Return: false: there is none.
 */
bool tct_target_next(struct tct_target *target);

#endif /* _TCT_TARGET_H */
