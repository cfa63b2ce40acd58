/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to flows, told to who listens: by netlink and by tracepoints.
 */
#ifndef _TCT_EVENT_H
#define _TCT_EVENT_H

#include "event_queue.h"
#include "filter.h"
#include "table.h"
#include "trace.h"

/**
 * struct tct_event_filter - of which flows a namespace makes events
 * @filter: these
 * @len: length of @attrs, octets
 * @attrs: the attributes that said so
 *
 * Published in struct tct_config; never changed.
 */
struct tct_event_filter {
	struct tct_filter filter;
	unsigned int len;
	u8 attrs[];
};

/**
 * tct_event_filter_alloc() - take a filter out of a request
 * @attr: attributes of enum TCPTRACK_A_FILTER_*, valid by the policy
 * @extack: told what is wrong
 *
 * Context: process.
 * Return: the filter, to be freed by kfree(); NULL: all flows are wanted;
 * or ERR_PTR.
 */
struct tct_event_filter *
tct_event_filter_alloc(const struct nlattr *attr,
		       struct netlink_ext_ack *extack);

/* The rest of those below: somebody listens */
void __tct_event_new(const struct tct_table *table,
		     const struct tct_flow *flow, u64 now);
void __tct_event_change(const struct tct_table *table,
			const struct tct_flow *flow, int old, u64 now);
void __tct_event_end(const struct tct_table *table,
		     const struct tct_flow *flow, int removal, u64 now);

/**
 * tct_event_new() - a flow was made
 * @table: where
 * @flow: locked, settled
 * @now: ticks
 *
 * Context: BH off.
 */
static inline void tct_event_new(const struct tct_table *table,
				 const struct tct_flow *flow, u64 now)
{
	if (trace_tcptrack_new_enabled() || tct_event_listened(TCT_TOPIC_NEW))
		__tct_event_new(table, flow, now);
}

/**
 * tct_event_change() - an end's state may have changed
 * @table: where
 * @flow: locked, settled
 * @old: the state pair before
 * @now: ticks
 *
 * Context: BH off.
 */
static inline void tct_event_change(const struct tct_table *table,
				    const struct tct_flow *flow, int old,
				    u64 now)
{
	if (trace_tcptrack_change_enabled() ||
	    tct_event_listened(TCT_TOPIC_CHANGE))
		__tct_event_change(table, flow, old, now);
}

/**
 * tct_event_end() - a flow leaves the table, or its record goes to the next
 * @table: where
 * @flow: locked, still as it was
 * @removal: enum tcptrack_removal
 * @now: ticks
 *
 * Context: BH off.
 */
static inline void tct_event_end(const struct tct_table *table,
				 const struct tct_flow *flow, int removal,
				 u64 now)
{
	if (trace_tcptrack_end_enabled() || tct_event_listened(TCT_TOPIC_END))
		__tct_event_end(table, flow, removal, now);
}

#endif /* _TCT_EVENT_H */
