/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The TCP state machine: what both endpoints of a connection are known to be
 * doing, told from the segments that pass.
 *
 * Pure C.  No skb, lock, clock, allocation or printk: a parsed segment, its
 * direction and the time go in, new states and an event mask come out.  The
 * same file builds in userspace for tests.
 *
 * The rule of evidence: what an endpoint sent, it did.  A segment that must be
 * answered (SYN, SYN-ACK, FIN) changes its receiver only when the answer is
 * seen.  A segment that is not answered (the handshake's last ACK, the ACK of
 * a FIN, a RST) counts as delivered at once, flagged unconfirmed, and is taken
 * back when the other end shows that it was not.
 */
#ifndef _TCT_FSM_H
#define _TCT_FSM_H

#include <linux/types.h>

#include "detail.h"

/*
 * State of one endpoint, RFC 9293 section 3.3.2
 *
 * LISTEN belongs to listeners, not to flows, and has no value here.
 */
enum tct_state {
	TCT_CLOSED,
	TCT_SYN_SENT,
	TCT_SYN_RECEIVED,
	TCT_ESTABLISHED,
	TCT_FIN_WAIT_1,
	TCT_FIN_WAIT_2,
	TCT_CLOSE_WAIT,
	TCT_CLOSING,
	TCT_LAST_ACK,
	TCT_TIME_WAIT,
	TCT_STATE_MAX
};

/**
 * enum tct_class - what a flow is to the table: its timeout, its cap and its
 * place in the order of eviction
 * @TCT_CLASS_HALF_OPEN: the handshake is not over, or one end never spoke
 * @TCT_CLASS_ESTABLISHED: both ends ESTABLISHED
 * @TCT_CLASS_HALF_CLOSED: one end has sent its FIN, the other acknowledged it
 * @TCT_CLASS_CLOSING: a FIN waits for its acknowledgment, or only one end is
 *	known to be gone
 * @TCT_CLASS_TIME_WAIT: both FINs acknowledged, an end waits 2 MSL
 * @TCT_CLASS_CLOSED: both ends are gone
 * @TCT_CLASS_MAX: number of classes
 */
enum tct_class {
	TCT_CLASS_HALF_OPEN,
	TCT_CLASS_ESTABLISHED,
	TCT_CLASS_HALF_CLOSED,
	TCT_CLASS_CLOSING,
	TCT_CLASS_TIME_WAIT,
	TCT_CLASS_CLOSED,
	TCT_CLASS_MAX
};

/* Why the flow last changed its states */
enum tct_reason {
	TCT_WHY_NONE,
	TCT_WHY_SYN,		/* a SYN was sent */
	TCT_WHY_SYNACK,		/* a SYN-ACK was sent */
	TCT_WHY_ACK,		/* the handshake's last ACK was sent */
	TCT_WHY_PICKUP,		/* first seen in mid-stream */
	TCT_WHY_FIN,		/* a FIN was sent */
	TCT_WHY_FIN_ACK,	/* a FIN was acknowledged */
	TCT_WHY_RST,		/* a RST was sent, and counts at its receiver */
	TCT_WHY_SYNACK_AGAIN,	/* SYN-ACK repeated: the last ACK had no effect */
	TCT_WHY_FIN_AGAIN,	/* FIN repeated: its ACK did not arrive */
	TCT_WHY_SILENCE,	/* a repetition was due and did not come */
	TCT_WHY_ALIVE,		/* an end thought reset sent a segment */
	TCT_WHY_REUSE,		/* a SYN opened a new connection on the tuple */
	TCT_WHY_REFUSED_REUSE,	/* a SYN into TIME_WAIT was answered by an ACK */
	TCT_WHY_MAX
};

/* struct tct_segment.flags, low byte: the header's own bits (RFC 9293 section
 * 3.1; RFC 3168 section 6.1)
 */
#define TCT_FIN		0x0001
#define TCT_SYN		0x0002
#define TCT_RST		0x0004
#define TCT_PSH		0x0008
#define TCT_ACK		0x0010
#define TCT_URG		0x0020
#define TCT_ECE		0x0040
#define TCT_CWR		0x0080

/* ... and what else there is to know of a segment */
#define TCT_OPT_TS	0x0100	/* timestamps, RFC 7323 section 3 */
#define TCT_OPT_WSCALE	0x0200	/* window scale, RFC 7323 section 2 */
#define TCT_OPT_MSS	0x0400	/* maximum segment size, RFC 9293 3.7.1 */
#define TCT_OPT_SACKOK	0x0800	/* SACK permitted, RFC 2018 section 2 */
#define TCT_OPT_SACK	0x1000	/* SACK blocks, RFC 2018 section 3 */
#define TCT_OPT_SIGNED	0x2000	/* MD5 (RFC 2385) or AO (RFC 5925) */
#define TCT_OPT_CE	0x4000	/* IP header: congestion experienced */
#define TCT_OPT_RFC1337	0x10000	/* its receiver's TIME_WAIT heeds no RST */
#define TCT_OPT_SELF	0x20000	/* from an endpoint to itself */
#define TCT_OPT_FORGED	0x40000	/* comes from no endpoint (a REJECT rule) */

/**
 * struct tct_segment - a parsed segment, host byte order
 * @seq: sequence number of the first octet (of the SYN where there is one)
 * @ack: acknowledgment number, valid with TCT_ACK
 * @len: payload, octets
 * @segs: segments on the wire that this one stands for (GRO, GSO)
 * @flags: TCT_FIN and so on, TCT_OPT_*
 * @tsval: timestamp, valid with TCT_OPT_TS
 * @tsecr: timestamp echo reply, valid with TCT_OPT_TS and TCT_ACK
 * @sack: rightmost edge of all SACK blocks, valid with TCT_OPT_SACK
 * @window: as in the header, unscaled
 * @mss: octets, valid with TCT_OPT_MSS
 * @wscale: shift count, valid with TCT_OPT_WSCALE; at most 14 is used
 */
struct tct_segment {
	u32 seq;
	u32 ack;
	u32 len;
	u32 segs;
	u32 flags;
	u32 tsval;
	u32 tsecr;
	u32 sack;
	u16 window;
	u16 mss;
	u8 wscale;
};

/* struct tct_end.flags. PSH, URG, ECE, CWR: it has set that bit, in the bit's
 * own place.
 */
#define TCT_END_SEEN	0x0001	/* has sent something */
#define TCT_END_SYN	0x0002	/* its SYN was seen: @isn is its number */
#define TCT_END_FIN	0x0004	/* has sent its FIN, which ends at @nxt */
#define TCT_END_UNCONF	0x0010	/* state rests on an unanswered segment */
#define TCT_END_RESET	0x0100	/* CLOSED by a RST: @prev is what it was */
#define TCT_END_WSOPT	0x0200	/* its SYN carried a window scale */
#define TCT_END_ACKED	0x0400	/* has sent an ACK: @ack is valid */
#define TCT_END_SACKOK	0x0800	/* its SYN permitted SACK */
#define TCT_END_TS	0x1000	/* sends timestamps: @ts is valid */
#define TCT_END_SIGNED	0x2000	/* its SYN was signed: MD5 or AO */
#define TCT_END_TIMED	0x4000	/* an RTT sample of what it sent is open */
#define TCT_END_DATA	0x8000	/* has sent payload */

/* Header bits that an end's flags remember */
#define TCT_END_HEADER	(TCT_PSH | TCT_URG | TCT_ECE | TCT_CWR)

/**
 * struct tct_end - one endpoint
 * @isn: initial sequence number; where its SYN was not seen, one less than what
 *	the other end acknowledged first
 * @nxt: one past the highest octet it has sent (SND.NXT, RFC 9293 3.3.1)
 * @ack: highest acknowledgment it has sent (at most its RCV.NXT)
 * @edge: right edge of the window it has offered (ack + scaled window)
 * @ts: its timestamp that counts for PAWS (TS.Recent of the other end)
 * @maxwin: largest window it has offered, in units of its scale
 * @window: the last window it has offered, as in the header
 * @state: enum tct_state
 * @prev: state before a RST, or of the old connection before a reuse; or
 *	TCT_PREV_SILENT
 * @wscale: shift of the windows it sends; 14 where the SYN was not seen
 * @flags: TCT_END_*
 * @since_lo: time it entered its state, ticks: low 32 bits of 40
 * @since_hi: ... and the high ones
 * @tick: low bits of the tick in which an RTT sample was last opened
 * @mss: what its SYN said that it takes, octets; 0: nothing
 */
struct tct_end {
	u32 isn;
	u32 nxt;
	u32 ack;
	u32 edge;
	u32 ts;
	u16 maxwin;
	u16 window;
	u8 state;
	u8 prev : 4;
	u8 wscale : 4;
	u16 flags;
	u32 since_lo;
	u8 since_hi;
	u8 tick;
	u16 mss;
};

/* struct tct_end.prev, with TCT_END_RESET: no RST came; it was SYN_RECEIVED and
 * has given up in silence
 */
#define TCT_PREV_SILENT	TCT_STATE_MAX

/* struct tct_fsm.flags, named in /proc by tct_flag_words[] in names.c */
#define TCT_F_PICKUP		0x0001	/* first seen in mid-stream */
#define TCT_F_UNANSWERED	0x0002	/* one end has said nothing */
#define TCT_F_SIMOPEN		0x0004	/* both ends sent a SYN */
#define TCT_F_ACCEPT_WAIT	0x0008	/* SYN-ACK repeated after its ACK */
#define TCT_F_CHALLENGED	0x0010	/* a SYN hit a live connection */
#define TCT_F_REUSED		0x0020	/* opened on a tuple in TIME_WAIT */
#define TCT_F_SELF		0x0040	/* both ends are the same endpoint */
#define TCT_F_HS_DONE		0x0080	/* the handshake's last ACK was seen */
#define TCT_F_FASTOPEN		0x0100	/* the SYN's data were acknowledged */
#define TCT_F_STEADY		0x0200	/* both open, nothing is awaited */
#define TCT_F_CLOSER_1		0x0400	/* the first FIN or RST was end 1's */
#define TCT_F_RST_1		0x0800	/* the last RST was end 1's */
#define TCT_F_DUE_0		0x1000	/* end 0 owes a challenge ACK */
#define TCT_F_DUE_1		0x2000	/* end 1 owes a challenge ACK */
#define TCT_F_DUE(who)		(TCT_F_DUE_0 << (who))
#define TCT_F_PURE_0		0x4000	/* end 0 has sent an ACK without data */
#define TCT_F_PURE_1		0x8000	/* end 1 has */
#define TCT_F_PURE(who)		(TCT_F_PURE_0 << (who))

/**
 * struct tct_fsm - both endpoints of a flow
 * @end: initiator, responder
 * @synack_at: time of the last SYN-ACK, ticks (low 32 bits); until a FIN is
 *	acknowledged
 * @fin_at: of the end in CLOSE_WAIT, the highest sequence number that it had
 *	reached when it acknowledged the other's FIN; from then on
 * @synack_due: when its next repetition would have been seen; valid with
 *	TCT_F_ACCEPT_WAIT
 * @flags: TCT_F_*
 * @synacks: SYN-ACKs seen, saturating
 * @reason: enum tct_reason of the last change
 */
struct tct_fsm {
	struct tct_end end[2];
	union {
		u32 synack_at;
		u32 fin_at;
	};
	u32 synack_due;
	u16 flags;
	u8 synacks;
	u8 reason;
};

/**
 * tct_end_before() - the state of an end before it was CLOSED by a RST or silence
 * @e: the end
 *
 * Return: enum tct_state; of one that was not, what it is.
 */
static inline u8 tct_end_before(const struct tct_end *e)
{
	if (!(e->flags & TCT_END_RESET))
		return e->state;
	return e->prev == TCT_PREV_SILENT ? TCT_SYN_RECEIVED : e->prev;
}

/**
 * tct_end_is_silent() - is an end CLOSED because it has given up in silence?
 * @e: the end
 *
 * Return: whether.
 */
static inline bool tct_end_is_silent(const struct tct_end *e)
{
	return e->flags & TCT_END_RESET && e->prev == TCT_PREV_SILENT;
}

#define TCT_WHEN_MASK	((1ULL << 40) - 1)	/* of times of 40 bits */

/**
 * tct_since() - since when an end is in its state
 * @e: the end
 *
 * Return: ticks, 40 bits of them.
 */
static inline u64 tct_since(const struct tct_end *e)
{
	return (u64)e->since_hi << 32 | e->since_lo;
}

/* Event mask returned by tct_fsm_open(), _step() and _timeout() */
#define TCT_EV_STATE	0x0001	/* a state changed */
#define TCT_EV_REFRESH	0x0002	/* the flow lives: restart its timeout */
#define TCT_EV_RETRANS	0x0004	/* the segment repeats what was sent */
#define TCT_EV_WINDOW	0x0008	/* out of window: nothing was changed */
#define TCT_EV_REUSE	0x0010	/* call tct_fsm_reopen() with the segment */
#define TCT_EV_RTT_SYN	0x0020	/* the handshake's first SYN was sent */
#define TCT_EV_RTT_SYNACK 0x0040 /* ... its answer, unambiguously */
#define TCT_EV_RTT_ACK	0x0080	/* ... the answer's, unambiguously */
#define TCT_EV_REFUSED	0x0100	/* no flow is made of this segment */
#define TCT_EV_RESPONDER 0x0200	/* its sender is the responder */
#define TCT_EV_LINGER	0x0400	/* a repeated FIN: restart TIME_WAIT too */
#define TCT_EV_OOO	0x0800	/* it fills a hole: out of order */
#define TCT_EV_GAP	0x1000	/* octets before it were not seen */
#define TCT_EV_DUPACK	0x2000	/* a duplicate ACK */
#define TCT_EV_KEEPALIVE 0x4000	/* a keep-alive */
#define TCT_EV_PROBE	0x8000	/* a window probe */
#define TCT_EV_PAWS	0x10000	/* too old a timestamp: nothing was changed */
#define TCT_EV_CHALLENGE 0x20000 /* a challenge ACK that was due */
#define TCT_EV_ZEROWIN	0x40000	/* its sender offers no window from now on */
#define TCT_EV_OPENWIN	0x80000	/* ... does so again */
#define TCT_EV_WRAP	0x100000 /* acknowledgments have gone once round */

/**
 * tct_fsm_open() - start a flow from the first segment seen
 * @f: zeroed by this function
 * @seg: a valid segment
 * @guess: for a segment that is neither SYN nor SYN-ACK, whether its sender
 *	is to be taken for the responder
 * @now: ticks
 *
 * Return: TCT_EV_REFUSED for a RST, which never creates a flow; else
 * TCT_EV_STATE, with TCT_EV_RESPONDER if the sender is end 1.
 */
u32 tct_fsm_open(struct tct_fsm *f, const struct tct_segment *seg, bool guess,
		 u64 now);

/**
 * tct_fsm_reopen() - start the tuple's next connection, after TCT_EV_REUSE
 * @f: the old connection
 * @from: the end that sent the SYN; it is end 0 afterwards
 * @seg: the SYN
 * @now: ticks
 *
 * Nothing of the old connection is kept but that the responder was in TIME_WAIT,
 * where it stays if it will refuse (RFC 9293 section 3.10.7.4, RFC 6191), and is
 * back if it does.
 *
 * Return: event mask.
 */
u32 tct_fsm_reopen(struct tct_fsm *f, unsigned int from,
		   const struct tct_segment *seg, u64 now);

/**
 * tct_fsm_step_slow() - account a segment of a known flow
 * @f: the flow
 * @d: its detail part, or NULL
 * @from: the end that sent it, 0 or 1
 * @seg: a valid segment, that tct_predict() did not take
 * @now: ticks
 *
 * Of @d it keeps holes and SACK edges; what is counted, account.c does by the
 * mask returned.
 *
 * Return: event mask.
 */
u32 tct_fsm_step_slow(struct tct_fsm *f, struct tct_detail *d,
		      unsigned int from, const struct tct_segment *seg,
		      u64 now);

/**
 * tct_fsm_timeout() - the flow's deadline has passed in silence
 * @f: the flow
 * @now: ticks
 *
 * Return: TCT_EV_STATE if the silence itself is evidence and the flow goes on,
 * 0 if the flow is over.
 */
u32 tct_fsm_timeout(struct tct_fsm *f, u64 now);

/**
 * tct_fsm_class() - the class that the flow's states put it in
 * @f: the flow
 *
 * Return: enum tct_class.
 */
enum tct_class tct_fsm_class(const struct tct_fsm *f);

#endif /* _TCT_FSM_H */
