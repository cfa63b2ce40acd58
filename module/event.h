/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to flows, told to who listens: by netlink and by tracepoints.
 */
#ifndef _TCT_EVENT_H
#define _TCT_EVENT_H

#include "filter.h"
#include "table.h"

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

/**
 * tct_event_new() - a flow was made
 * @table: where
 * @flow: locked, settled
 * @now: ticks
 *
 * Context: BH off.
 */
void tct_event_new(struct tct_table *table, struct tct_flow *flow, u64 now);

/**
 * tct_event_change() - an end's state may have changed
 * @table: where
 * @flow: locked, settled
 * @old: the state pair before
 * @now: ticks
 *
 * Context: BH off.
 */
void tct_event_change(struct tct_table *table, struct tct_flow *flow, int old,
		      u64 now);

/**
 * tct_event_end() - a flow leaves the table, or its record goes to the next
 * @table: where
 * @flow: locked, still as it was
 * @removal: enum tcptrack_removal
 * @now: ticks
 *
 * Context: BH off.
 */
void tct_event_end(struct tct_table *table, struct tct_flow *flow, int removal,
		   u64 now);

#endif /* _TCT_EVENT_H */
