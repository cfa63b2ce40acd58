/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events on their way: put together under the flow's lock, several to a buffer,
 * sent without it.
 */
#ifndef _TCT_EVENT_QUEUE_H
#define _TCT_EVENT_QUEUE_H

#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

/**
 * enum tct_topic - what events are about
 * @TCT_TOPIC_NEW: a flow was made
 * @TCT_TOPIC_CHANGE: its states changed
 * @TCT_TOPIC_END: it left the table
 * @TCT_TOPIC_MAX: number of topics
 */
enum tct_topic {
	TCT_TOPIC_NEW,
	TCT_TOPIC_CHANGE,
	TCT_TOPIC_END,
	TCT_TOPIC_MAX
};

/**
 * struct tct_event_queue - the events of a namespace on one CPU
 * @events: of the namespace
 * @lock: Protects: all below but @timer and @tasklet.
 *	Ordering: innermost, inside the flow's; none of ours inside. BH off.
 * @sending: Protects: the order of what is sent: who has it takes all there is,
 *	and sends that.
 *	Ordering: outside @lock, in no other of ours. BH off.
 * @open: by topic, the buffer that is being filled, or NULL
 * @seq: by topic, number of the last event
 * @full: buffers to be sent
 * @armed: @timer will see to all of it
 * @timer: sends at the next tick
 * @tasklet: sends at once, since a buffer is full
 *
 * Only its own CPU adds to it; any may send.
 */
struct tct_event_queue {
	struct tct_events *events;
	spinlock_t sending;	/* Protects: the order of what is sent */
	spinlock_t lock;	/* Protects: what follows */
	struct sk_buff *open[TCT_TOPIC_MAX];
	u64 seq[TCT_TOPIC_MAX];
	struct sk_buff_head full;
	bool armed;
	struct timer_list timer;
	struct tasklet_struct tasklet;
};

/**
 * struct tct_events - the events of a namespace
 * @net: the namespace
 * @netns: its inode
 * @queue: by CPU
 */
struct tct_events {
	struct net *net;
	u64 netns;
	struct tct_event_queue __percpu *queue;
};

extern const struct genl_family __rcu *tct_event_family;

/**
 * tct_event_open() - the family is registered: events are for it
 * @family: whose multicast groups are those of netlink-gen.h
 */
void tct_event_open(const struct genl_family *family);

/**
 * tct_event_close() - there are no events any more
 *
 * What is queued will not be sent. Waits until nobody uses the family.
 *
 * Context: process.
 */
void tct_event_close(void);

/* By topic: twice the tick in which it was last looked, plus whether anybody
 * listened
 */
extern unsigned long tct_event_looked[TCT_TOPIC_MAX];

/**
 * tct_event_look() - look whether anybody wants a topic's events
 * @topic: which
 *
 * Generic netlink has one bit a group for all namespaces: a listener anywhere
 * is one everywhere.
 *
 * Context: any. Return: whether.
 */
bool tct_event_look(enum tct_topic topic);

/**
 * tct_event_look_again() - from here on, who has joined a group is seen
 *
 * Context: process.
 */
void tct_event_look_again(void);

/**
 * tct_event_listened() - does anybody want a topic's events?
 * @topic: which
 *
 * Asking generic netlink costs a hundred instructions, so that is done once a
 * tick.  Who joins is seen at the next, or when he asks for anything that his
 * events must not leave a gap to.
 *
 * Context: any. Return: whether.
 */
static inline bool tct_event_listened(enum tct_topic topic)
{
	unsigned long looked = READ_ONCE(tct_event_looked[topic]);

	looked ^= 2 * jiffies;
	if (likely(looked <= 1))
		return looked;
	return tct_event_look(topic);
}

/**
 * tct_events_alloc() - make a namespace's queues
 * @net: the namespace
 *
 * Context: process. Return: them, or NULL: no memory.
 */
struct tct_events *tct_events_alloc(struct net *net);

/**
 * tct_events_free() - send what is left, and free the queues
 * @events: of a namespace that has no flows; or NULL
 *
 * Context: process.
 */
void tct_events_free(struct tct_events *events);

/**
 * tct_events_flush_cpu() - send what a CPU has pending
 * @events: of the namespace
 * @cpu: which
 * @seq: by topic, filled with the number of the last event sent or lost
 *
 * Context: process.
 */
void tct_events_flush_cpu(struct tct_events *events, unsigned int cpu,
			  u64 seq[TCT_TOPIC_MAX]);

/**
 * tct_events_flush() - send what is pending
 * @events: of the namespace
 *
 * Context: process.
 */
void tct_events_flush(struct tct_events *events);

/**
 * __tct_event_queue_room() - a buffer for an event, and its number
 * @queue: this CPU's, locked
 * @topic: of the event
 * @room: octets that it takes at most
 * @seq: filled with the number
 *
 * Return: the buffer, in which it will be sent; NULL: the event is lost.
 */
struct sk_buff *__tct_event_queue_room(struct tct_event_queue *queue,
				       enum tct_topic topic, size_t room,
				       u64 *seq);

#endif /* _TCT_EVENT_QUEUE_H */
