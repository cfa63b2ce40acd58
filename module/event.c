// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/ipv6.h>

#include <uapi/linux/tcptrack.h>

#include "event.h"
#include "message.h"

/* For the tracepoints. Return: the port of an end, and its address as v4 and v6. */
static u16 tct_trace_addr(const struct tct_flow *flow, unsigned int who,
			  u8 *v4, u8 *v6)
{
	struct tct_endpoint ep;

	tct_key_endpoint(&flow->key, flow->initiator_high ^ who, &ep);
	if (tct_key_is_ipv4(&flow->key))
		ipv6_addr_set_v4mapped(ep.addr.s6_addr32[0], &ep.addr);
	memcpy(v6, &ep.addr, sizeof(ep.addr));
	memset(v4, 0, 4);
	if (tct_key_is_ipv4(&flow->key))
		memcpy(v4, &ep.addr.s6_addr32[3], 4);
	return ntohs(ep.port);
}

#define CREATE_TRACE_POINTS
#include "trace.h"

static const u8 tct_event_cmds[TCT_TOPIC_MAX] = {
	[TCT_TOPIC_NEW]		= TCPTRACK_CMD_FLOW_NEW_NTF,
	[TCT_TOPIC_CHANGE]	= TCPTRACK_CMD_FLOW_CHANGE_NTF,
	[TCT_TOPIC_END]		= TCPTRACK_CMD_FLOW_END_NTF,
};

/* Somebody listens.  What the filter does not want gets no number: it is not
 * missing.
 */
static noinline void tct_event_write(const struct tct_table *table,
				     const struct tct_flow *flow,
				     enum tct_topic topic,
				     struct tct_message_event *event, u64 now)
{
	struct tct_events *events = table->events;
	struct tct_message msg = {
		.family = rcu_dereference_bh(tct_event_family),
		.cmd = tct_event_cmds[topic],
		.brief = topic != TCT_TOPIC_END,
		.netns = events->netns,
		.event = event,
	};
	const struct tct_event_filter *wanted;
	struct tct_event_queue *queue;
	struct tct_snapshot snap;
	struct sk_buff *skb;

	if (!msg.family)
		return;
	__tct_flow_snapshot(flow, &snap, !msg.brief);
	wanted = rcu_dereference_bh(table->config)->event_filter;
	if (wanted && !tct_filter_matches(&wanted->filter, &snap, now))
		return;
	event->time = ktime_get_real_ns();
	event->cpu = smp_processor_id();
	queue = this_cpu_ptr(events->queue);
	spin_lock(&queue->lock);
	skb = __tct_event_queue_room(queue, topic, tct_message_room(&msg),
				     &event->seq);
	if (skb)
		tct_message_fill(skb, &msg, &snap, NULL, now);
	spin_unlock(&queue->lock);
}

void __tct_event_new(const struct tct_table *table,
		     const struct tct_flow *flow, u64 now)
{
	struct tct_message_event event = { .old_pair = -1, .removal = -1 };

	lockdep_assert_held(&flow->lock);

	trace_tcptrack_new(table, flow);
	if (tct_event_listened(TCT_TOPIC_NEW))
		tct_event_write(table, flow, TCT_TOPIC_NEW, &event, now);
}

void __tct_event_change(const struct tct_table *table,
			const struct tct_flow *flow, int old, u64 now)
{
	struct tct_message_event event = { .old_pair = old, .removal = -1 };

	lockdep_assert_held(&flow->lock);

	/* two changes may be none */
	if (tct_flow_pair(flow) == old)
		return;
	trace_tcptrack_change(table, flow, old);
	if (tct_event_listened(TCT_TOPIC_CHANGE))
		tct_event_write(table, flow, TCT_TOPIC_CHANGE, &event, now);
}

void __tct_event_end(const struct tct_table *table,
		     const struct tct_flow *flow, int removal, u64 now)
{
	struct tct_message_event event = { .old_pair = -1, .removal = removal };

	lockdep_assert_held(&flow->lock);

	trace_tcptrack_end(table, flow, removal);
	if (tct_event_listened(TCT_TOPIC_END))
		tct_event_write(table, flow, TCT_TOPIC_END, &event, now);
}

struct tct_event_filter *
tct_event_filter_alloc(const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct tct_event_filter *wanted;
	int err;

	if (!nla_len(attr))
		return NULL;
	wanted = kmalloc(struct_size(wanted, attrs, nla_len(attr)),
			 GFP_KERNEL_ACCOUNT);
	if (!wanted)
		return ERR_PTR(-ENOMEM);
	err = tct_filter_parse(&wanted->filter, attr, extack);
	if (err) {
		kfree(wanted);
		return ERR_PTR(err);
	}
	wanted->len = nla_len(attr);
	memcpy(wanted->attrs, nla_data(attr), wanted->len);
	return wanted;
}
