/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which flows somebody wants.
 */
#ifndef _TCT_FILTER_H
#define _TCT_FILTER_H

#include <linux/in6.h>
#include <linux/types.h>

struct netlink_ext_ack;
struct nlattr;
struct tct_snapshot;

/**
 * struct tct_range - bounds, both included
 * @min: at least
 * @max: at most
 */
struct tct_range {
	u64 min;
	u64 max;
};

/**
 * struct tct_match - what an end must be
 * @addr: its address, as in struct tct_endpoint
 * @mask: of the bits of @addr that count
 * @port: host order
 * @since: time in its state, ms
 * @states: mask of BIT(enum tct_state)
 * @given: it is to be looked at, at all
 */
struct tct_match {
	struct in6_addr addr;
	struct in6_addr mask;
	struct tct_range port;
	struct tct_range since;
	u32 states;
	bool given;
};

/**
 * struct tct_filter - what a flow must be
 * @end: its initiator, its responder
 * @any: one of the two
 * @age: ms
 * @idle: ms
 * @classes: mask of BIT(enum tct_class)
 * @flags: all of these, enum tcptrack_flow_flags
 * @flags_not: none of these
 * @flags_any: one of these at least
 * @family: AF_INET, AF_INET6, or 0: either
 * @given: it is to be looked at, at all
 */
struct tct_filter {
	struct tct_match end[2];
	struct tct_match any;
	struct tct_range age;
	struct tct_range idle;
	u32 classes;
	u32 flags;
	u32 flags_not;
	u32 flags_any;
	u8 family;
	bool given;
};

/**
 * tct_filter_parse() - take a filter out of a request
 * @filter: filled
 * @attr: attributes of enum TCPTRACK_A_FILTER_*, valid by the policy; NULL: all
 *	flows are wanted
 * @extack: told what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int tct_filter_parse(struct tct_filter *filter, const struct nlattr *attr,
		     struct netlink_ext_ack *extack);

/**
 * tct_filter_matches() - is a flow wanted?
 * @filter: what is
 * @snap: the flow
 * @now: ticks
 *
 * Return: whether.
 */
bool tct_filter_matches(const struct tct_filter *filter,
			const struct tct_snapshot *snap, u64 now);

#endif /* _TCT_FILTER_H */
