/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection in a pair of states, the numbers that its ends hold there, and
 * segments placed by them.
 */
#ifndef _UNIT_SPOT_H
#define _UNIT_SPOT_H

#include "events.h"
#include "stage.h"

/**
 * struct spot_end - what the segments of an end have said
 * @isn: its initial sequence number, with @syn
 * @nxt: one past the last number it has sent
 * @ack: its highest acknowledgment, with @acked
 * @edge: right edge of the window it has offered
 * @tsval: its last timestamp
 * @ts_first: ... and its first
 * @state: as the table in events.def calls it
 * @seen: it has sent something
 * @syn: its SYN is known
 * @acked: it has sent an ACK
 */
struct spot_end {
	u32 isn;
	u32 nxt;
	u32 ack;
	u32 edge;
	u32 tsval;
	u32 ts_first;
	u8 state;
	bool seen;
	bool syn;
	bool acked;
};

struct spot {
	struct conn c;
	struct spot_end end[2];
	bool ts;
};

extern const struct stage spot_stages[];
extern const unsigned int spot_stages_count;

/* Come to the pair of states, with timestamps or without.  Where the handshake
 * is over, more than 64 KiB have been sent by either end.
 */
void spot_come(struct spot *spot, const struct stage *stage, u32 isn_a,
	       u32 isn_b, bool ts);

/* The segment of host @from that @e describes.  Return: is there one? */
bool spot_segment(const struct spot *spot, unsigned int from, struct event *e,
		  struct tct_segment *seg);

#endif /* _UNIT_SPOT_H */
