/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to flows, as the messages of the multicast groups say it.
 */
#ifndef _CTL_EVENT_H
#define _CTL_EVENT_H

#include "record.h"

/* What events are about: a group each */
enum event_topic {
	EVENT_NEW,
	EVENT_CHANGE,
	EVENT_END,
	EVENT_TOPICS
};

#define EVENT_BIT(topic)	(1U << (topic))
#define EVENT_ALL		(EVENT_BIT(EVENT_TOPICS) - 1)

/**
 * struct event - something that has happened to a flow; points into the message
 * @topic: -
 * @record: the flow from then on
 * @netns: inode of its namespace
 * @time: when, ns since the epoch
 * @cpu: where
 * @seq: number among that CPU's events of that topic
 * @old: the states before, of EVENT_CHANGE
 * @removal: enum tcptrack_removal, of EVENT_END
 */
struct event {
	enum event_topic topic;
	struct record record;
	uint64_t netns;
	uint64_t time;
	uint32_t cpu;
	uint64_t seq;
	unsigned int old[RECORD_SIDES];
	unsigned int removal;
};

extern const char *const event_words[EVENT_TOPICS];

/**
 * event_find() - the topic of a word
 * @word: in full
 *
 * Return: enum event_topic; -1: there is none.
 */
int event_find(const char *word);

/**
 * event_parse() - take a message apart
 * @event: what is in it
 * @nlh: the message; must outlive @event
 *
 * Return: false: it is no event that is known here.
 */
bool event_parse(struct event *event, const struct nlmsghdr *nlh);

#endif /* _CTL_EVENT_H */
