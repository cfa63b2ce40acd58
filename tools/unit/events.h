/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a TCP does with each segment in each state, as an observer between two
 * of them has to see it: the table in events.def, and how it is looked up.
 */
#ifndef _UNIT_EVENTS_H
#define _UNIT_EVENTS_H

#include <linux/types.h>

/* The states of enum tct_state, and what CLOSED and ESTABLISHED can mean */
enum {
	EVENTS_VOID	= 10,	/* CLOSED, and has never been heard */
	EVENTS_DOUBT	= 11,	/* ESTABLISHED by an ACK that may be lost */
	EVENTS_ALONE	= 12,	/* ... and goes on, though no answer was seen */
	EVENTS_DEAD	= 16,	/* CLOSED by a RST, plus the state before */
};

enum event_kind {
	EVENT_SYN,
	EVENT_SYNACK,
	EVENT_ACK,
	EVENT_DATA,
	EVENT_FIN,
	EVENT_RST,
	EVENT_KINDS
};

/* Where its first number lies.  nxt is one past the last that was sent. */
enum event_seq {
	SEQ_BEFORE,		/* before its sender's SYN */
	SEQ_OWN,		/* that of its sender's SYN */
	SEQ_OLD,		/* more than 64 KiB left of the window */
	SEQ_LEFT,		/* left of the window, all of it repeated */
	SEQ_LAST,		/* nxt - 1 */
	SEQ_EDGE,		/* nxt, the left edge, or not known */
	SEQ_IN,			/* inside, after a gap */
	SEQ_RIGHT,		/* the right edge */
	SEQ_OUT,		/* beyond that */
	SEQ_KINDS
};

/* What it acknowledges of what its receiver has sent */
enum event_ack {
	ACK_NONE,		/* no ACK bit */
	ACK_OLD,		/* more than 64 KiB less than was sent */
	ACK_PART,		/* all but the last number: not the SYN or FIN */
	ACK_ALL,		/* all; of a SYN-ACK: the SYN */
	ACK_AHEAD,		/* what was not seen, within the window */
	ACK_FAR,		/* what can never have been sent */
	ACK_KINDS
};

enum event_ts {
	TS_NONE,		/* the connection has none */
	TS_MISSING,		/* it has, the segment has not */
	TS_FRESH,		/* newer than all before */
	TS_OLD,			/* older than the last that counted: PAWS */
	TS_KINDS
};

enum outcome {
	OUTCOME_TAKE,		/* accepted */
	OUTCOME_DUP,		/* known to be a repetition: ignored */
	OUTCOME_DROP,		/* ignored, or answered by a mere ACK */
	OUTCOME_CHALLENGE,	/* draws a challenge ACK, and changes nothing */
	OUTCOME_PAWS,		/* rejected by its timestamp */
	OUTCOME_RESET,		/* ends both ends */
	OUTCOME_REFUSE,		/* ends its receiver only */
	OUTCOME_REUSE,		/* opens the next connection on the tuple */
	OUTCOME_KEEP,		/* ... of one end, while the other refuses */
	OUTCOME_STRANGE,	/* another connection speaks: refuses the SYN */
	OUTCOME_MAX
};

/**
 * struct event - a segment, by what matters of it
 * @from: its sender's state
 * @to: its receiver's
 * @kind: enum event_kind
 * @seq: enum event_seq
 * @ack: enum event_ack
 * @ts: enum event_ts
 */
struct event {
	u8 from;
	u8 to;
	u8 kind;
	u8 seq;
	u8 ack;
	u8 ts;
};

/**
 * struct event_rule - a row of a table; sets are bits by the enums above
 * @table: which of the three
 * @from: set of the sender's states
 * @to: ... the receiver's
 * @kind: ... of enum event_kind
 * @seq: ... of enum event_seq
 * @ack: ... of enum event_ack
 * @ts: ... of enum event_ts
 * @outcome: enum outcome, or the state that follows
 * @cite: why
 * @policy: the function that has it so in Linux, where the RFC has it otherwise
 * @text: the row
 * @used: times it was found
 */
struct event_rule {
	u32 from;
	u32 to;
	u16 kind;
	u16 seq;
	u16 ack;
	u16 ts;
	u8 outcome;
	u8 table;
	const char *cite;
	const char *policy;
	const char *text;
	unsigned long used;
};

/* The row that says what becomes of the segment.  NULL: there is none. */
const struct event_rule *event_outcome(const struct event *e);

/* The states of both ends after it was accepted */
void event_follow(const struct event *e, u8 *from, u8 *to);

/* A row that was never found, or NULL; and how many rows there are */
const struct event_rule *event_dead_rule(unsigned int *rows);

const char *event_name(char *buf, size_t size, const struct event *e);
const char *outcome_name(u8 outcome);

#endif /* _UNIT_EVENTS_H */
