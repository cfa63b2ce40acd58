/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/tcptrack.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_TCPTRACK_GEN_H
#define _LINUX_TCPTRACK_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/tcptrack.h>

/* Common nested types */
extern const struct nla_policy tcptrack_end_nl_policy[TCPTRACK_A_END_SYN_LEFT + 1];
extern const struct nla_policy tcptrack_filter_nl_policy[TCPTRACK_A_FILTER_FLAGS_ANY + 1];
extern const struct nla_policy tcptrack_match_nl_policy[TCPTRACK_A_MATCH_SINCE_MAX + 1];

extern const struct nla_policy tcptrack_flow_get_nl_policy[TCPTRACK_A_FLOW_SOCKETS + 1];

extern const struct nla_policy tcptrack_flow_del_nl_policy[TCPTRACK_A_FLOW_NETNS_FD + 1];

extern const struct nla_policy tcptrack_flow_flush_nl_policy[TCPTRACK_A_FLOW_FILTER + 1];

extern const struct nla_policy tcptrack_summary_get_nl_policy[TCPTRACK_A_SUMMARY_ALL_NETNS + 1];

extern const struct nla_policy tcptrack_stats_get_nl_policy[TCPTRACK_A_STATS_ALL_NETNS + 1];

extern const struct nla_policy tcptrack_config_get_nl_policy[TCPTRACK_A_CONFIG_NETNS_FD + 1];

extern const struct nla_policy tcptrack_config_set_nl_policy[TCPTRACK_A_CONFIG_EVENT_FILTER + 1];

extern const struct nla_policy tcptrack_events_get_nl_policy[TCPTRACK_A_EVENTS_ALL_NETNS + 1];

extern const struct nla_policy tcptrack_listener_get_nl_policy[TCPTRACK_A_LISTENER_FLOWS + 1];

/* Ops table for tcptrack */
extern const struct genl_ops tcptrack_nl_ops[9];

int tcptrack_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_flow_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int tcptrack_nl_flow_del_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_flow_flush_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_summary_get_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_summary_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int tcptrack_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_stats_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int tcptrack_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_events_get_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_events_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int tcptrack_nl_listener_get_doit(struct sk_buff *skb, struct genl_info *info);
int tcptrack_nl_listener_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb);

enum {
	TCPTRACK_NLGRP_NEW,
	TCPTRACK_NLGRP_CHANGE,
	TCPTRACK_NLGRP_END,
	TCPTRACK_NLGRP_ALL_NEW,
	TCPTRACK_NLGRP_ALL_CHANGE,
	TCPTRACK_NLGRP_ALL_END,
};

#endif /* _LINUX_TCPTRACK_GEN_H */
