/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records of a pcap file of the usual kind: read in place, in a third of
 * the time that libpcap takes for it.
 */
#ifndef _REPLAY_SAVEFILE_H
#define _REPLAY_SAVEFILE_H

#include <linux/skbuff.h>

struct pcap;

/**
 * struct savefile - where the file has been read to
 * @file: behind what is in @buffer
 * @buffer: a part of the file
 * @at: of @buffer, what has been used of it
 * @end: of @buffer, what has been read into it
 * @swapped: its machine had the other byte order
 * @unit: of the times' fractions, ns
 * @snap: what is used of a packet at the most, octets
 */
struct savefile {
	void *file;
	u8 *buffer;
	unsigned int at;
	unsigned int end;
	bool swapped;
	unsigned int unit;
	unsigned int snap;
};

/**
 * savefile_open() - take a file over from libpcap, which has read its header
 * @save: filled
 * @pcap: libpcap's
 * @file: regular
 *
 * Return: false: it is of another kind, and libpcap's to read.
 */
bool savefile_open(struct savefile *save, struct pcap *pcap, void *file);

/**
 * savefile_next() - read a packet
 * @save: where
 * @skb: the packet from its link header on; valid until the next call
 * @when: its time, ns
 * @error: room for what is wrong
 * @len: octets of it
 *
 * Return: 1; 0 at the end; -1 with @error.
 */
int savefile_next(struct savefile *save, struct sk_buff *skb, u64 *when,
		  char *error, size_t len);

/**
 * savefile_close() - free its memory
 * @save: open or zeroed
 */
void savefile_close(struct savefile *save);

#endif /* _REPLAY_SAVEFILE_H */
