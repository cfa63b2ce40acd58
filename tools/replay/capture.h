/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A capture file, packet by packet.
 */
#ifndef _REPLAY_CAPTURE_H
#define _REPLAY_CAPTURE_H

#include <linux/skbuff.h>

#include "savefile.h"

#define CAPTURE_ERROR_LEN	512

/**
 * struct capture - an open capture
 * @name: of the file, for people
 * @packets: read so far
 * @size: of the file, octets; 0: not known
 * @link: DLT_* of libpcap
 * @error: what is wrong with it, after a call that failed
 * @pcap: libpcap's
 * @file: libpcap closes it
 * @buffer: of @file
 * @save: reads what is simple to read
 * @fast: it does
 * @fenced: under AddressSanitizer, the packet, and nothing behind it
 */
struct capture {
	const char *name;
	u64 packets;
	u64 size;
	int link;
	char error[CAPTURE_ERROR_LEN];
	struct pcap *pcap;
	void *file;
	char *buffer;
	struct savefile save;
	bool fast;
	void *fenced;
};

/**
 * capture_open() - open a pcap or pcapng file
 * @cap: filled; to be closed also after a failure
 * @name: of the file; "-": stdin
 *
 * Return: false, with @cap->error.
 */
bool capture_open(struct capture *cap, const char *name);

/**
 * capture_next() - read a packet
 * @cap: where
 * @skb: the packet from its link header on; valid until the next call
 * @when: its time, ns
 *
 * Return: 1; 0 at the end; -1 with @cap->error.
 */
int capture_next(struct capture *cap, struct sk_buff *skb, u64 *when);

/**
 * capture_offset() - how far the file has been read
 * @cap: the capture
 *
 * Return: octets.
 */
u64 capture_offset(const struct capture *cap);

/**
 * capture_close() - close it
 * @cap: open or not; @cap->error stays
 */
void capture_close(struct capture *cap);

#endif /* _REPLAY_CAPTURE_H */
