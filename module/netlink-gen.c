// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/tcptrack.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/tcptrack.h>

/* Common nested types */
const struct nla_policy tcptrack_end_nl_policy[TCPTRACK_A_END_SYN_LEFT + 1] = {
	[TCPTRACK_A_END_ADDR4] = { .type = NLA_U32, },
	[TCPTRACK_A_END_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[TCPTRACK_A_END_PORT] = { .type = NLA_U16, },
	[TCPTRACK_A_END_STATE] = NLA_POLICY_MAX(NLA_U8, 9),
	[TCPTRACK_A_END_SINCE] = { .type = NLA_U64, },
	[TCPTRACK_A_END_PACKETS] = { .type = NLA_U64, },
	[TCPTRACK_A_END_BYTES] = { .type = NLA_U64, },
	[TCPTRACK_A_END_ACKED] = { .type = NLA_U64, },
	[TCPTRACK_A_END_RETRANS] = { .type = NLA_U32, },
	[TCPTRACK_A_END_OOO] = { .type = NLA_U32, },
	[TCPTRACK_A_END_DUPACK] = { .type = NLA_U32, },
	[TCPTRACK_A_END_KEEPALIVE] = { .type = NLA_U32, },
	[TCPTRACK_A_END_PROBE] = { .type = NLA_U32, },
	[TCPTRACK_A_END_OUTWIN] = { .type = NLA_U32, },
	[TCPTRACK_A_END_PAWS] = { .type = NLA_U16, },
	[TCPTRACK_A_END_CHALLENGE] = { .type = NLA_U16, },
	[TCPTRACK_A_END_CE] = { .type = NLA_U32, },
	[TCPTRACK_A_END_ZEROWIN] = { .type = NLA_U16, },
	[TCPTRACK_A_END_ZEROWIN_TIME] = { .type = NLA_U64, },
	[TCPTRACK_A_END_SRTT] = { .type = NLA_U32, },
	[TCPTRACK_A_END_RTT_MIN] = { .type = NLA_U32, },
	[TCPTRACK_A_END_RTT_LAST] = { .type = NLA_U32, },
	[TCPTRACK_A_END_MSS] = { .type = NLA_U16, },
	[TCPTRACK_A_END_WSCALE] = { .type = NLA_U8, },
	[TCPTRACK_A_END_SEEN] = NLA_POLICY_MASK(NLA_U32, 0xff),
	[TCPTRACK_A_END_SOCK_STATE] = NLA_POLICY_MAX(NLA_U8, 9),
	[TCPTRACK_A_END_SOCK_NONE] = { .type = NLA_FLAG, },
	[TCPTRACK_A_END_DIFFERS] = NLA_POLICY_MASK(NLA_U32, 0x3ffff),
	[TCPTRACK_A_END_SYNS] = { .type = NLA_U32, },
	[TCPTRACK_A_END_SYN_NEXT] = { .type = NLA_U64, },
	[TCPTRACK_A_END_SYN_LEFT] = { .type = NLA_U64, },
};

const struct nla_policy tcptrack_filter_nl_policy[TCPTRACK_A_FILTER_FLAGS_ANY + 1] = {
	[TCPTRACK_A_FILTER_FAMILY] = { .type = NLA_U8, },
	[TCPTRACK_A_FILTER_SRC] = NLA_POLICY_NESTED(tcptrack_match_nl_policy),
	[TCPTRACK_A_FILTER_DST] = NLA_POLICY_NESTED(tcptrack_match_nl_policy),
	[TCPTRACK_A_FILTER_ANY] = NLA_POLICY_NESTED(tcptrack_match_nl_policy),
	[TCPTRACK_A_FILTER_AGE_MIN] = { .type = NLA_U64, },
	[TCPTRACK_A_FILTER_AGE_MAX] = { .type = NLA_U64, },
	[TCPTRACK_A_FILTER_IDLE_MIN] = { .type = NLA_U64, },
	[TCPTRACK_A_FILTER_IDLE_MAX] = { .type = NLA_U64, },
	[TCPTRACK_A_FILTER_CLASSES] = NLA_POLICY_MASK(NLA_U32, 0x3f),
	[TCPTRACK_A_FILTER_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3ff),
	[TCPTRACK_A_FILTER_FLAGS_NOT] = NLA_POLICY_MASK(NLA_U32, 0x3ff),
	[TCPTRACK_A_FILTER_FLAGS_ANY] = NLA_POLICY_MASK(NLA_U32, 0x3ff),
};

const struct nla_policy tcptrack_match_nl_policy[TCPTRACK_A_MATCH_SINCE_MAX + 1] = {
	[TCPTRACK_A_MATCH_ADDR4] = { .type = NLA_U32, },
	[TCPTRACK_A_MATCH_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[TCPTRACK_A_MATCH_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[TCPTRACK_A_MATCH_PORT_MIN] = { .type = NLA_U16, },
	[TCPTRACK_A_MATCH_PORT_MAX] = { .type = NLA_U16, },
	[TCPTRACK_A_MATCH_STATES] = NLA_POLICY_MASK(NLA_U32, 0x3ff),
	[TCPTRACK_A_MATCH_SINCE_MIN] = { .type = NLA_U64, },
	[TCPTRACK_A_MATCH_SINCE_MAX] = { .type = NLA_U64, },
};

/* TCPTRACK_CMD_FLOW_GET - do */
const struct nla_policy tcptrack_flow_get_nl_policy[TCPTRACK_A_FLOW_SOCKETS + 1] = {
	[TCPTRACK_A_FLOW_SRC] = NLA_POLICY_NESTED(tcptrack_end_nl_policy),
	[TCPTRACK_A_FLOW_DST] = NLA_POLICY_NESTED(tcptrack_end_nl_policy),
	[TCPTRACK_A_FLOW_NETNS_FD] = { .type = NLA_U32, },
	[TCPTRACK_A_FLOW_ALL_NETNS] = { .type = NLA_FLAG, },
	[TCPTRACK_A_FLOW_FILTER] = NLA_POLICY_NESTED(tcptrack_filter_nl_policy),
	[TCPTRACK_A_FLOW_LIMIT] = NLA_POLICY_MIN(NLA_U32, 1),
	[TCPTRACK_A_FLOW_BRIEF] = { .type = NLA_FLAG, },
	[TCPTRACK_A_FLOW_SOCKETS] = { .type = NLA_FLAG, },
};

/* TCPTRACK_CMD_FLOW_DEL - do */
const struct nla_policy tcptrack_flow_del_nl_policy[TCPTRACK_A_FLOW_NETNS_FD + 1] = {
	[TCPTRACK_A_FLOW_SRC] = NLA_POLICY_NESTED(tcptrack_end_nl_policy),
	[TCPTRACK_A_FLOW_DST] = NLA_POLICY_NESTED(tcptrack_end_nl_policy),
	[TCPTRACK_A_FLOW_NETNS_FD] = { .type = NLA_U32, },
};

/* TCPTRACK_CMD_FLOW_FLUSH - do */
const struct nla_policy tcptrack_flow_flush_nl_policy[TCPTRACK_A_FLOW_FILTER + 1] = {
	[TCPTRACK_A_FLOW_NETNS_FD] = { .type = NLA_U32, },
	[TCPTRACK_A_FLOW_FILTER] = NLA_POLICY_NESTED(tcptrack_filter_nl_policy),
};

/* TCPTRACK_CMD_SUMMARY_GET - do */
const struct nla_policy tcptrack_summary_get_nl_policy[TCPTRACK_A_SUMMARY_ALL_NETNS + 1] = {
	[TCPTRACK_A_SUMMARY_NETNS_FD] = { .type = NLA_U32, },
	[TCPTRACK_A_SUMMARY_ALL_NETNS] = { .type = NLA_FLAG, },
};

/* TCPTRACK_CMD_STATS_GET - do */
const struct nla_policy tcptrack_stats_get_nl_policy[TCPTRACK_A_STATS_ALL_NETNS + 1] = {
	[TCPTRACK_A_STATS_NETNS_FD] = { .type = NLA_U32, },
	[TCPTRACK_A_STATS_ALL_NETNS] = { .type = NLA_FLAG, },
};

/* TCPTRACK_CMD_CONFIG_GET - do */
const struct nla_policy tcptrack_config_get_nl_policy[TCPTRACK_A_CONFIG_NETNS_FD + 1] = {
	[TCPTRACK_A_CONFIG_NETNS_FD] = { .type = NLA_U32, },
};

/* TCPTRACK_CMD_CONFIG_SET - do */
const struct nla_policy tcptrack_config_set_nl_policy[TCPTRACK_A_CONFIG_EVENT_FILTER + 1] = {
	[TCPTRACK_A_CONFIG_ENABLED] = { .type = NLA_U8, },
	[TCPTRACK_A_CONFIG_FLOWS_MAX] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_HALF_OPEN_MAX] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_KEEP_DETAIL] = { .type = NLA_U8, },
	[TCPTRACK_A_CONFIG_TIMEOUT_HALF_OPEN] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_TIMEOUT_ESTABLISHED] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_TIMEOUT_HALF_CLOSED] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_TIMEOUT_CLOSING] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_TIMEOUT_TIME_WAIT] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_TIMEOUT_CLOSED] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_CHILDREN_MAX] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_GLOBAL_MAX] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_NETNS_FD] = { .type = NLA_U32, },
	[TCPTRACK_A_CONFIG_EVENT_FILTER] = NLA_POLICY_NESTED(tcptrack_filter_nl_policy),
};

/* TCPTRACK_CMD_EVENTS_GET - do */
const struct nla_policy tcptrack_events_get_nl_policy[TCPTRACK_A_EVENTS_ALL_NETNS + 1] = {
	[TCPTRACK_A_EVENTS_NETNS_FD] = { .type = NLA_U32, },
	[TCPTRACK_A_EVENTS_ALL_NETNS] = { .type = NLA_FLAG, },
};

/* TCPTRACK_CMD_LISTENER_GET - do */
const struct nla_policy tcptrack_listener_get_nl_policy[TCPTRACK_A_LISTENER_FLOWS + 1] = {
	[TCPTRACK_A_LISTENER_ADDR4] = { .type = NLA_U32, },
	[TCPTRACK_A_LISTENER_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[TCPTRACK_A_LISTENER_PORT] = { .type = NLA_U16, },
	[TCPTRACK_A_LISTENER_INODE] = { .type = NLA_U32, },
	[TCPTRACK_A_LISTENER_NETNS_FD] = { .type = NLA_U32, },
	[TCPTRACK_A_LISTENER_ALL_NETNS] = { .type = NLA_FLAG, },
	[TCPTRACK_A_LISTENER_FLOWS] = { .type = NLA_FLAG, },
};

/* Ops table for tcptrack */
const struct genl_ops tcptrack_nl_ops[9] = {
	{
		.cmd		= TCPTRACK_CMD_FLOW_GET,
		.doit		= tcptrack_nl_flow_get_doit,
		.dumpit		= tcptrack_nl_flow_get_dumpit,
		.policy		= tcptrack_flow_get_nl_policy,
		.maxattr	= TCPTRACK_A_FLOW_SOCKETS,
	},
	{
		.cmd		= TCPTRACK_CMD_FLOW_DEL,
		.doit		= tcptrack_nl_flow_del_doit,
		.policy		= tcptrack_flow_del_nl_policy,
		.maxattr	= TCPTRACK_A_FLOW_NETNS_FD,
	},
	{
		.cmd		= TCPTRACK_CMD_FLOW_FLUSH,
		.doit		= tcptrack_nl_flow_flush_doit,
		.policy		= tcptrack_flow_flush_nl_policy,
		.maxattr	= TCPTRACK_A_FLOW_FILTER,
	},
	{
		.cmd		= TCPTRACK_CMD_SUMMARY_GET,
		.doit		= tcptrack_nl_summary_get_doit,
		.dumpit		= tcptrack_nl_summary_get_dumpit,
		.policy		= tcptrack_summary_get_nl_policy,
		.maxattr	= TCPTRACK_A_SUMMARY_ALL_NETNS,
	},
	{
		.cmd		= TCPTRACK_CMD_STATS_GET,
		.doit		= tcptrack_nl_stats_get_doit,
		.dumpit		= tcptrack_nl_stats_get_dumpit,
		.policy		= tcptrack_stats_get_nl_policy,
		.maxattr	= TCPTRACK_A_STATS_ALL_NETNS,
	},
	{
		.cmd		= TCPTRACK_CMD_CONFIG_GET,
		.doit		= tcptrack_nl_config_get_doit,
		.policy		= tcptrack_config_get_nl_policy,
		.maxattr	= TCPTRACK_A_CONFIG_NETNS_FD,
	},
	{
		.cmd		= TCPTRACK_CMD_CONFIG_SET,
		.doit		= tcptrack_nl_config_set_doit,
		.policy		= tcptrack_config_set_nl_policy,
		.maxattr	= TCPTRACK_A_CONFIG_EVENT_FILTER,
	},
	{
		.cmd		= TCPTRACK_CMD_EVENTS_GET,
		.doit		= tcptrack_nl_events_get_doit,
		.dumpit		= tcptrack_nl_events_get_dumpit,
		.policy		= tcptrack_events_get_nl_policy,
		.maxattr	= TCPTRACK_A_EVENTS_ALL_NETNS,
	},
	{
		.cmd		= TCPTRACK_CMD_LISTENER_GET,
		.doit		= tcptrack_nl_listener_get_doit,
		.dumpit		= tcptrack_nl_listener_get_dumpit,
		.policy		= tcptrack_listener_get_nl_policy,
		.maxattr	= TCPTRACK_A_LISTENER_FLOWS,
	},
};
