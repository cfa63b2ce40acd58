// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/minmax.h>
#include <pcap/pcap.h>

#include "savefile.h"

#define SAVE_MAGIC_US	0xa1b2c3d4
#define SAVE_MAGIC_NS	0xa1b23c4d
#define SAVE_MAJOR	2
#define SAVE_MINOR	4
#define SAVE_HEADER	16		/* octets before a packet's own */
#define SAVE_PACKET	(256 << 10)	/* a packet at the most, as in libpcap */
#define SAVE_CHUNK	(64 << 10)	/* small, to stay in the cache */
#define NSEC_PER_SEC	1000000000LL

static u32 savefile_word(const struct savefile *save, unsigned int at)
{
	u32 word;

	memcpy(&word, save->buffer + at, sizeof(word));
	return save->swapped ? __builtin_bswap32(word) : word;
}

bool savefile_open(struct savefile *save, struct pcap *pcap, void *file)
{
	u32 magic;

	memset(save, 0, sizeof(*save));
	if (pcap_major_version(pcap) != SAVE_MAJOR ||
	    pcap_minor_version(pcap) != SAVE_MINOR ||
	    pread(fileno(file), &magic, sizeof(magic), 0) != sizeof(magic))
		return false;
	save->swapped = pcap_is_swapped(pcap);
	if (save->swapped)
		magic = __builtin_bswap32(magic);
	if (magic != SAVE_MAGIC_US && magic != SAVE_MAGIC_NS)
		return false;
	save->unit = magic == SAVE_MAGIC_NS ? 1 : 1000;
	save->snap = pcap_snapshot(pcap);
	save->file = file;
	save->buffer = malloc(SAVE_HEADER + SAVE_PACKET + SAVE_CHUNK);
	return save->buffer;
}

/* Have so many octets in the buffer. Return: how many there are, up to that. */
static unsigned int savefile_fill(struct savefile *save, unsigned int want)
{
	unsigned int left = save->end - save->at;

	if (likely(left >= want))
		return want;
	memmove(save->buffer, save->buffer + save->at, left);
	save->at = 0;
	save->end = left;
	save->end += fread(save->buffer + left, 1, max(SAVE_CHUNK + 0U, want) -
			   left, save->file);
	return min(save->end, want);
}

static int savefile_truncated(const struct savefile *save, unsigned int want,
			      const char *what, unsigned int got, char *error,
			      size_t len)
{
	if (ferror(save->file))
		snprintf(error, len, "error reading dump file");
	else
		snprintf(error, len,
			 "truncated dump file; %u octets of %s, only %u there",
			 want, what, got);
	return -1;
}

int savefile_next(struct savefile *save, struct sk_buff *skb, u64 *when,
		  char *error, size_t len)
{
	unsigned int got = savefile_fill(save, SAVE_HEADER), at, caplen;
	s64 ns;

	if (unlikely(got < SAVE_HEADER)) {
		if (!got && !ferror(save->file))
			return 0;
		return savefile_truncated(save, SAVE_HEADER, "a header", got,
					  error, len);
	}
	caplen = savefile_word(save, save->at + 8);
	if (unlikely(caplen > SAVE_PACKET)) {
		snprintf(error, len, "a packet of %u octets; %u are possible",
			 caplen, SAVE_PACKET);
		return -1;
	}
	got = savefile_fill(save, SAVE_HEADER + caplen);
	if (unlikely(got < SAVE_HEADER + caplen))
		return savefile_truncated(save, caplen, "a packet",
					  got - SAVE_HEADER, error, len);
	at = save->at;
	/* the fraction has a sign, as libpcap takes it; seconds end in 2106 */
	ns = savefile_word(save, at) * NSEC_PER_SEC +
	     (s64)(s32)savefile_word(save, at + 4) * save->unit;
	*when = max(ns, (s64)0);
	skb->data = save->buffer + at + SAVE_HEADER;
	skb->caplen = min(caplen, save->snap);
	skb->len = savefile_word(save, at + 12);
	save->at = at + SAVE_HEADER + caplen;
	return 1;
}

void savefile_close(struct savefile *save)
{
	free(save->buffer);
	save->buffer = NULL;
}
