/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a captured frame to its IP header.
 */
#ifndef _REPLAY_FRAME_H
#define _REPLAY_FRAME_H

#include <linux/skbuff.h>

/* What a frame holds */
enum frame_kind {
	FRAME_IPV4,
	FRAME_IPV6,
	FRAME_OTHER,	/* something else */
	FRAME_SHORT,	/* the capture ends before that can be told */
};

/**
 * frame_is_known() - whether frames of a link type can be read
 * @link: DLT_* of libpcap
 *
 * Return: whether.
 */
bool frame_is_known(int link);

/**
 * frame_find_ip() - step over a frame's link header
 * @skb: the frame; from its IP header on afterwards, if that is what it holds
 * @link: DLT_* of libpcap, a known one
 *
 * VLAN tags are stepped over, however many.
 *
 * Return: what the frame holds.
 */
enum frame_kind frame_find_ip(struct sk_buff *skb, int link);

#endif /* _REPLAY_FRAME_H */
