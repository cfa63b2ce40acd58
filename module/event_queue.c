// SPDX-License-Identifier: GPL-2.0
/*
 * A queue for each CPU and namespace.  The first event sets a timer for the next
 * tick; what comes until then goes into the same buffers, one a topic, since a
 * buffer goes to one group.  A buffer that is full goes to the softirqs at once.
 *
 * An event gets its number before there is room for it: one that is lost leaves
 * a gap.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "event_queue.h"

/* So much is in one datagram at most */
#define TCT_EVENT_SIZE		NLMSG_GOODSIZE
/* Buffers that wait at most; a page each.  The softirq that fills them has ended
 * long before, unless it is kept from it.
 */
#define TCT_EVENT_FULL_MAX	256

/* In which what one tick has brought is sent: a tuple's last connection ends, the
 * next begins and goes on.  That a flow begins and ends within a tick is rare.
 */
static const enum tct_topic tct_event_order[TCT_TOPIC_MAX] = {
	TCT_TOPIC_END, TCT_TOPIC_NEW, TCT_TOPIC_CHANGE
};

const struct genl_family __rcu *tct_event_family;
unsigned long tct_event_looked[TCT_TOPIC_MAX] __read_mostly;

static_assert(TCPTRACK_NLGRP_NEW == (int)TCT_TOPIC_NEW &&
	      TCPTRACK_NLGRP_CHANGE == (int)TCT_TOPIC_CHANGE &&
	      TCPTRACK_NLGRP_END == (int)TCT_TOPIC_END &&
	      TCPTRACK_NLGRP_ALL_END ==
	      TCPTRACK_NLGRP_ALL_NEW + (int)TCT_TOPIC_END);

void tct_event_open(const struct genl_family *family)
{
	rcu_assign_pointer(tct_event_family, family);
}

void tct_event_close(void)
{
	RCU_INIT_POINTER(tct_event_family, NULL);
	synchronize_net();
}

bool tct_event_look(enum tct_topic topic)
{
	const struct genl_family *family;
	unsigned long now = jiffies;
	bool listened;

	rcu_read_lock();
	family = rcu_dereference(tct_event_family);
	listened = family &&
		   (genl_has_listeners(family, &init_net, topic) ||
		    genl_has_listeners(family, &init_net,
				       TCPTRACK_NLGRP_ALL_NEW + topic));
	rcu_read_unlock();
	WRITE_ONCE(tct_event_looked[topic], 2 * now | listened);
	return listened;
}

void tct_event_look_again(void)
{
	enum tct_topic topic;

	for (topic = 0; topic < TCT_TOPIC_MAX; topic++)
		tct_event_look(topic);
}

/* To the namespace's own group, and in the initial namespace to the one that has
 * all namespaces' events.
 */
static void tct_event_send(struct tct_events *events, struct sk_buff *skb)
{
	unsigned int topic = NETLINK_CB(skb).dst_group;
	const struct genl_family *family;
	struct sk_buff *copy = NULL;

	rcu_read_lock();
	family = rcu_dereference(tct_event_family);
	if (family && genl_has_listeners(family, &init_net,
					 TCPTRACK_NLGRP_ALL_NEW + topic))
		copy = skb_clone(skb, GFP_ATOMIC);
	if (copy)
		genlmsg_multicast(family, copy, 0,
				  TCPTRACK_NLGRP_ALL_NEW + topic, GFP_ATOMIC);
	if (family && genl_has_listeners(family, events->net, topic))
		genlmsg_multicast_netns(family, events->net, skb, 0, topic,
					GFP_ATOMIC);
	else
		consume_skb(skb);
	rcu_read_unlock();
}

/* This topic's buffer, and those that are to be sent before it */
static void __tct_event_queue_close(struct tct_event_queue *queue,
				    enum tct_topic last)
{
	struct sk_buff *skb;
	unsigned int i = 0;

	lockdep_assert_held(&queue->lock);

	do {
		skb = queue->open[tct_event_order[i]];
		queue->open[tct_event_order[i]] = NULL;
		if (skb)
			__skb_queue_tail(&queue->full, skb);
	} while (tct_event_order[i++] != last);
}

struct sk_buff *__tct_event_queue_room(struct tct_event_queue *queue,
				       enum tct_topic topic, size_t room,
				       u64 *seq)
{
	struct sk_buff *skb = queue->open[topic];

	lockdep_assert_held(&queue->lock);

	*seq = ++queue->seq[topic];
	if (!queue->armed) {
		/* a timer goes off at the first tick after its time */
		mod_timer(&queue->timer, jiffies);
		queue->armed = true;
	}
	if (skb && skb_tailroom(skb) >= room)
		return skb;
	if (skb) {
		__tct_event_queue_close(queue, topic);
		tasklet_schedule(&queue->tasklet);
	}
	if (skb_queue_len(&queue->full) >= TCT_EVENT_FULL_MAX)
		return NULL;
	skb = alloc_skb(TCT_EVENT_SIZE, GFP_ATOMIC | __GFP_NOWARN);
	if (skb)
		/* nobody looks there until it is sent to a group */
		NETLINK_CB(skb).dst_group = topic;
	queue->open[topic] = skb;
	return skb;
}

static void tct_event_queue_flush(struct tct_event_queue *queue, u64 *seq)
{
	struct sk_buff_head full;
	struct sk_buff *skb;

	__skb_queue_head_init(&full);
	spin_lock_bh(&queue->sending);
	spin_lock(&queue->lock);
	__tct_event_queue_close(queue, TCT_TOPIC_CHANGE);
	skb_queue_splice_init(&queue->full, &full);
	queue->armed = false;
	if (seq)
		memcpy(seq, queue->seq, sizeof(queue->seq));
	spin_unlock(&queue->lock);
	while ((skb = __skb_dequeue(&full)))
		tct_event_send(queue->events, skb);
	spin_unlock_bh(&queue->sending);
}

static void tct_event_queue_tick(struct timer_list *timer)
{
	tct_event_queue_flush(container_of(timer, struct tct_event_queue,
					   timer), NULL);
}

static void tct_event_queue_full(struct tasklet_struct *tasklet)
{
	tct_event_queue_flush(container_of(tasklet, struct tct_event_queue,
					   tasklet), NULL);
}

void tct_events_flush_cpu(struct tct_events *events, unsigned int cpu,
			  u64 seq[TCT_TOPIC_MAX])
{
	tct_event_queue_flush(per_cpu_ptr(events->queue, cpu), seq);
}

void tct_events_flush(struct tct_events *events)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		tct_event_queue_flush(per_cpu_ptr(events->queue, cpu), NULL);
}

static void tct_event_queue_init(struct tct_event_queue *queue,
				 struct tct_events *events)
{
	queue->events = events;
	spin_lock_init(&queue->sending);
	spin_lock_init(&queue->lock);
	__skb_queue_head_init(&queue->full);
	timer_setup(&queue->timer, tct_event_queue_tick, TIMER_PINNED);
	tasklet_setup(&queue->tasklet, tct_event_queue_full);
}

struct tct_events *tct_events_alloc(struct net *net)
{
	struct tct_events *events = kzalloc(sizeof(*events),
					    GFP_KERNEL_ACCOUNT);
	unsigned int cpu;

	if (!events)
		return NULL;
	events->net = net;
	events->netns = net->ns.inum;
	events->queue = alloc_percpu_gfp(struct tct_event_queue,
					 GFP_KERNEL_ACCOUNT);
	if (!events->queue) {
		kfree(events);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		tct_event_queue_init(per_cpu_ptr(events->queue, cpu), events);
	return events;
}

void tct_events_free(struct tct_events *events)
{
	struct tct_event_queue *queue;
	unsigned int cpu;

	if (!events)
		return;
	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(events->queue, cpu);
		timer_shutdown_sync(&queue->timer);
		tasklet_kill(&queue->tasklet);
		tct_event_queue_flush(queue, NULL);
	}
	free_percpu(events->queue);
	kfree(events);
}
