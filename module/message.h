/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows as netlink messages.
 */
#ifndef _TCT_MESSAGE_H
#define _TCT_MESSAGE_H

#include <linux/types.h>

struct genl_family;
struct sk_buff;
struct tct_snapshot;
struct tct_sockets;

/**
 * struct tct_message_event - what makes a flow's record an event
 * @time: ns since the epoch
 * @seq: number among its CPU's events of the topic
 * @cpu: where it was
 * @old_pair: state pair before a change; negative: nothing has changed
 * @removal: enum tcptrack_removal; negative: the flow lives
 */
struct tct_message_event {
	u64 time;
	u64 seq;
	u32 cpu;
	int old_pair;
	int removal;
};

/**
 * struct tct_message - how a flow is told
 * @family: of the messages
 * @portid: who is told
 * @seq: of what request
 * @flags: NLM_F_*
 * @cmd: of the messages
 * @brief: only the attributes of a brief record
 * @netns: inode of the namespace; 0: not to be told
 * @event: it is told as an event; NULL: as an answer
 */
struct tct_message {
	const struct genl_family *family;
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
	bool brief;
	u64 netns;
	const struct tct_message_event *event;
};

/**
 * tct_message_room() - room that a flow's message takes at most
 * @msg: how it is told
 *
 * Return: octets.
 */
size_t tct_message_room(const struct tct_message *msg);

/**
 * tct_message_fill() - write a flow as a message
 * @skb: where
 * @msg: how
 * @snap: the flow
 * @socks: the sockets at its ends; NULL: not looked up
 * @now: ticks, the time that ages and idle times are counted to
 *
 * Return: 0; -EMSGSIZE: there is not enough room, and nothing was written.
 */
int tct_message_fill(struct sk_buff *skb, const struct tct_message *msg,
		     const struct tct_snapshot *snap,
		     const struct tct_sockets *socks, u64 now);

#endif /* _TCT_MESSAGE_H */
