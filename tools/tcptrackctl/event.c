// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "event.h"

const char *const event_words[EVENT_TOPICS] = {
	[EVENT_NEW]	= "new",
	[EVENT_CHANGE]	= "change",
	[EVENT_END]	= "end",
};

int event_find(const char *word)
{
	int topic;

	for (topic = 0; topic < EVENT_TOPICS; topic++)
		if (!strcmp(event_words[topic], word))
			return topic;
	return -1;
}

/* Return: -1: it is none of them. */
static int event_topic(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
		return -1;
	switch (genl->cmd) {
	case TCPTRACK_CMD_FLOW_NEW_NTF:
		return EVENT_NEW;
	case TCPTRACK_CMD_FLOW_CHANGE_NTF:
		return EVENT_CHANGE;
	case TCPTRACK_CMD_FLOW_END_NTF:
		return EVENT_END;
	default:
		return -1;
	}
}

bool event_parse(struct event *event, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr[TCPTRACK_A_EVENT_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_EVENT_MAX };
	struct record *record = &event->record;
	int topic = event_topic(nlh);

	if (topic < 0 || !record_parse(record, nlh) ||
	    !record->attr[TCPTRACK_A_FLOW_EVENT] ||
	    mnl_attr_parse_nested(record->attr[TCPTRACK_A_FLOW_EVENT],
				  record_attr, &attrs) < 0)
		return false;
	event->topic = topic;
	event->netns = record_number(record->attr[TCPTRACK_A_FLOW_NETNS]);
	event->time = record_number(attr[TCPTRACK_A_EVENT_TIME]);
	event->cpu = record_number(attr[TCPTRACK_A_EVENT_CPU]);
	event->seq = record_number(attr[TCPTRACK_A_EVENT_SEQ]);
	event->old[RECORD_SRC] =
		record_number(attr[TCPTRACK_A_EVENT_OLD_SRC_STATE]);
	event->old[RECORD_DST] =
		record_number(attr[TCPTRACK_A_EVENT_OLD_DST_STATE]);
	event->removal = record_number(attr[TCPTRACK_A_EVENT_REMOVAL]);
	return event->seq;
}
