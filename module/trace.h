/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: what happens to flows.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tcptrack

#if !defined(_TCT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TCT_TRACE_H

#include <linux/tracepoint.h>
#include <net/ipv6.h>

#include <uapi/linux/tcptrack.h>

#include "event_queue.h"
#include "table.h"

#define TCT_TRACE_STATES						\
	EM(STATE_CLOSED, "CLOSED")					\
	EM(STATE_SYN_SENT, "SYN_SENT")					\
	EM(STATE_SYN_RECV, "SYN_RECEIVED")				\
	EM(STATE_ESTABLISHED, "ESTABLISHED")				\
	EM(STATE_FIN_WAIT_1, "FIN_WAIT_1")				\
	EM(STATE_FIN_WAIT_2, "FIN_WAIT_2")				\
	EM(STATE_CLOSE_WAIT, "CLOSE_WAIT")				\
	EM(STATE_CLOSING, "CLOSING")					\
	EM(STATE_LAST_ACK, "LAST_ACK")					\
	EMe(STATE_TIME_WAIT, "TIME_WAIT")

#define TCT_TRACE_REASONS						\
	EM(REASON_NONE, "-")						\
	EM(REASON_SYN, "syn")						\
	EM(REASON_SYNACK, "synack")					\
	EM(REASON_ACK, "ack")						\
	EM(REASON_PICKUP, "pickup")					\
	EM(REASON_FIN, "fin")						\
	EM(REASON_FIN_ACK, "fin_ack")					\
	EM(REASON_RST, "rst")						\
	EM(REASON_SYNACK_AGAIN, "synack_again")				\
	EM(REASON_FIN_AGAIN, "fin_again")				\
	EM(REASON_SILENCE, "silence")					\
	EM(REASON_ALIVE, "alive")					\
	EM(REASON_REUSE, "reuse")					\
	EMe(REASON_REFUSED_REUSE, "refused_reuse")

#define TCT_TRACE_REMOVALS						\
	EM(REMOVAL_EXPIRED, "expired")					\
	EM(REMOVAL_EVICTED, "evicted")					\
	EM(REMOVAL_DELETED, "deleted")					\
	EM(REMOVAL_REUSED, "reused")					\
	EMe(REMOVAL_STOPPED, "stopped")

/* For programs that read the format, the names' values */
#undef EM
#undef EMe
#define EM(value, name)		TRACE_DEFINE_ENUM(TCPTRACK_##value);
#define EMe(value, name)	TRACE_DEFINE_ENUM(TCPTRACK_##value);

TCT_TRACE_STATES
TCT_TRACE_REASONS
TCT_TRACE_REMOVALS

#undef EM
#undef EMe
#define EM(value, name)		{ TCPTRACK_##value, name },
#define EMe(value, name)	{ TCPTRACK_##value, name }

/* As in the stack's own: an IPv4 address is in saddr, and in saddr_v6 mapped */
#define TCT_TRACE_FIELDS						\
		__field(__u64, netns)					\
		__field(__u16, family)					\
		__field(__u16, sport)					\
		__field(__u16, dport)					\
		__array(__u8, saddr, 4)					\
		__array(__u8, daddr, 4)					\
		__array(__u8, saddr_v6, 16)				\
		__array(__u8, daddr_v6, 16)				\
		__field(__u8, src_state)				\
		__field(__u8, dst_state)				\
		__field(__u8, reason)

#define TCT_TRACE_ASSIGN						\
		__entry->netns = table->events->netns;			\
		__entry->family = tct_key_is_ipv4(&flow->key) ?		\
				  AF_INET : AF_INET6;			\
		__entry->sport = tct_trace_addr(flow, 0, __entry->saddr,	\
						__entry->saddr_v6);	\
		__entry->dport = tct_trace_addr(flow, 1, __entry->daddr,	\
						__entry->daddr_v6);	\
		__entry->src_state = flow->fsm.end[0].state;		\
		__entry->dst_state = flow->fsm.end[1].state;		\
		__entry->reason = flow->fsm.reason;

#define TCT_TRACE_FORMAT						\
	"netns=%llu sport=%hu dport=%hu saddr=%pI4 daddr=%pI4 saddrv6=%pI6c daddrv6=%pI6c src_state=%s dst_state=%s reason=%s"

#define TCT_TRACE_STATE(value)						\
	__print_symbolic(value, TCT_TRACE_STATES)

#define TCT_TRACE_ARGS							\
	__entry->netns, __entry->sport, __entry->dport,			\
	__entry->saddr, __entry->daddr, __entry->saddr_v6,		\
	__entry->daddr_v6, TCT_TRACE_STATE(__entry->src_state),		\
	TCT_TRACE_STATE(__entry->dst_state),				\
	__print_symbolic(__entry->reason, TCT_TRACE_REASONS)

TRACE_EVENT(tcptrack_new,

	TP_PROTO(const struct tct_table *table, const struct tct_flow *flow),

	TP_ARGS(table, flow),

	TP_STRUCT__entry(
		TCT_TRACE_FIELDS
	),

	TP_fast_assign(
		TCT_TRACE_ASSIGN
	),

	TP_printk(TCT_TRACE_FORMAT, TCT_TRACE_ARGS)
);

TRACE_EVENT(tcptrack_change,

	TP_PROTO(const struct tct_table *table, const struct tct_flow *flow,
		 int old),

	TP_ARGS(table, flow, old),

	TP_STRUCT__entry(
		TCT_TRACE_FIELDS
		__field(__u8, old_src_state)
		__field(__u8, old_dst_state)
	),

	TP_fast_assign(
		TCT_TRACE_ASSIGN
		__entry->old_src_state = old / TCT_STATE_MAX;
		__entry->old_dst_state = old % TCT_STATE_MAX;
	),

	TP_printk(TCT_TRACE_FORMAT " old_src_state=%s old_dst_state=%s",
		  TCT_TRACE_ARGS, TCT_TRACE_STATE(__entry->old_src_state),
		  TCT_TRACE_STATE(__entry->old_dst_state))
);

TRACE_EVENT(tcptrack_end,

	TP_PROTO(const struct tct_table *table, const struct tct_flow *flow,
		 int removal),

	TP_ARGS(table, flow, removal),

	TP_STRUCT__entry(
		TCT_TRACE_FIELDS
		__field(__u8, removal)
		__field(__u64, src_packets)
		__field(__u64, dst_packets)
		__field(__u64, src_bytes)
		__field(__u64, dst_bytes)
	),

	TP_fast_assign(
		TCT_TRACE_ASSIGN
		__entry->removal = removal;
		__entry->src_packets = flow->packets[0];
		__entry->dst_packets = flow->packets[1];
		__entry->src_bytes = flow->bytes[0];
		__entry->dst_bytes = flow->bytes[1];
	),

	TP_printk(TCT_TRACE_FORMAT " removal=%s src_packets=%llu dst_packets=%llu src_bytes=%llu dst_bytes=%llu",
		  TCT_TRACE_ARGS,
		  __print_symbolic(__entry->removal, TCT_TRACE_REMOVALS),
		  __entry->src_packets, __entry->dst_packets,
		  __entry->src_bytes, __entry->dst_bytes)
);

#endif /* _TCT_TRACE_H */

/* Beside the headers that are looked through */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH ../module
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
