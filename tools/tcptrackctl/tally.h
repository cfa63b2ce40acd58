/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many events have been received, and how many lost.  The kernel numbers
 * those of each namespace, CPU and topic from 1, and says the last number that
 * it has given away: what is missing between is lost.
 */
#ifndef _CTL_TALLY_H
#define _CTL_TALLY_H

#include <stdint.h>

#define TALLY_SLOTS	1024	/* of the hash table; a power of 2 */

struct tally_stream;

/**
 * struct tally_key - whose numbers these are
 * @netns: inode of the namespace
 * @cpu: -
 * @topic: -
 */
struct tally_key {
	uint64_t netns;
	uint32_t cpu;
	uint32_t topic;
};

/**
 * struct tally - the account of a reader; all zero: nothing yet
 * @slot: of each namespace, CPU and topic
 * @received: events
 * @lost: events
 * @generated: events, by the numbers alone
 */
struct tally {
	struct tally_stream *slot[TALLY_SLOTS];
	uint64_t received;
	uint64_t lost;
	uint64_t generated;
};

/**
 * tally_base() - what was before is not ours
 * @tally: -
 * @key: -
 * @last: the last number that the kernel has given away until then
 *
 * Without this, all from 1 on are ours.
 *
 * Return: 0, or -ENOMEM.
 */
int tally_base(struct tally *tally, const struct tally_key *key, uint64_t last);

/**
 * tally_event() - an event was received
 * @tally: -
 * @key: -
 * @seq: its number
 *
 * Numbers of a key come in their order.  One that is not above all before
 * begins anew: of another namespace that has got the inode of one that is gone.
 *
 * Return: 0, or -ENOMEM.
 */
int tally_event(struct tally *tally, const struct tally_key *key, uint64_t seq);

/**
 * tally_last() - all that was sent has been read
 * @tally: -
 * @key: -
 * @last: the last number that the kernel had given away before that
 *
 * Return: 0, or -ENOMEM.
 */
int tally_last(struct tally *tally, const struct tally_key *key, uint64_t last);

/**
 * tally_free() - free its memory
 * @tally: -
 */
void tally_free(struct tally *tally);

#endif /* _CTL_TALLY_H */
