/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builders: a connection as its two hosts hold it, whose segments are shown to
 * the state machine one by one, and what is to be expected of it then.
 *
 * Host A is the one that speaks first where nothing else is said.  Which end of
 * the flow it is, 0 or 1, is for the state machine to find: everything here is
 * asked by host.
 */
#ifndef _UNIT_CONN_H
#define _UNIT_CONN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <linux/kernel.h>

#include "fsm.h"

enum { A, B };

/* What a segment is, by its flags */
#define SYN	TCT_SYN
#define SYNACK	(TCT_SYN | TCT_ACK)
#define ACK	TCT_ACK
#define DATA	(TCT_PSH | TCT_ACK)
#define FIN	(TCT_FIN | TCT_ACK)
#define RST	TCT_RST
#define RSTACK	(TCT_RST | TCT_ACK)

/* A segment by its members */
#define SEG(...)	((struct tct_segment){ __VA_ARGS__ })

/* Events, by their last names */
enum {
	NOTHING	 = 0,
	STATE	 = TCT_EV_STATE,
	REFRESH	 = TCT_EV_REFRESH,
	RETRANS	 = TCT_EV_RETRANS,
	WINDOW	 = TCT_EV_WINDOW,
	REUSE	 = TCT_EV_REUSE,
	REFUSED	 = TCT_EV_REFUSED,
	RESPONDER = TCT_EV_RESPONDER,
	LINGER	 = TCT_EV_LINGER,
	OOO	 = TCT_EV_OOO,
	GAP	 = TCT_EV_GAP,
	DUPACK	 = TCT_EV_DUPACK,
	KEEPALIVE = TCT_EV_KEEPALIVE,
	PROBE	 = TCT_EV_PROBE,
	PAWS	 = TCT_EV_PAWS,
	CHALLENGE = TCT_EV_CHALLENGE,
	ZEROWIN	 = TCT_EV_ZEROWIN,
	OPENWIN	 = TCT_EV_OPENWIN,
	WRAP	 = TCT_EV_WRAP,
};

#define CONN_LOG	64

/**
 * struct host - what one host holds of the connection
 * @isn: initial sequence number
 * @nxt: next sequence number it sends
 * @rcv: what it has received so far: its acknowledgment number
 * @window: what it puts in the window field
 * @synopts: TCT_OPT_* of its SYN
 * @wscale: shift in its SYN, with TCT_OPT_WSCALE
 */
struct host {
	u32 isn;
	u32 nxt;
	u32 rcv;
	u16 window;
	u32 synopts;
	u8 wscale;
};

/**
 * struct conn - a connection
 * @f: the state machine's view of it
 * @d: its detail part, which the state machine always gets here
 * @host: what the hosts hold
 * @now: ticks; each segment takes one
 * @ev: events of the last segment or timeout
 * @last: the last segment that was shown
 * @initiator: the host that is end 0
 * @opened: @f is valid
 * @self: A and B are one
 * @hasty: a repeated SYN-ACK comes a tick after what was before, as when the
 *	network doubles it, and not a second
 * @guess: passed to tct_fsm_open()
 * @n: segments shown so far
 * @log: the last of them, and what came of them
 */
struct conn {
	struct tct_fsm f;
	struct tct_detail d;
	struct host host[2];
	u64 now;
	u32 ev;
	struct tct_segment last;
	unsigned int initiator;
	bool opened;
	bool self;
	bool hasty;
	bool guess;
	unsigned int n;
	struct conn_log {
		struct tct_segment seg;
		unsigned int from;
		u32 ev;
		u8 state[2];
	} log[CONN_LOG];
};

/* A behaviour; run with every pair of initial sequence numbers below, and with
 * clocks that wrap on the way
 */
struct scenario {
	void (*play)(struct conn *c);
};

void conn_run(void **state);

#define scenario(fn) \
	{ .name = #fn, .test_func = conn_run, \
	  .initial_state = &(struct scenario){ fn } }

/* Sequence numbers from which a connection soon meets 0 and 2^31 */
extern const u32 conn_isns[6];

void conn_init(struct conn *c, u32 isn_a, u32 isn_b, u64 now);

/* A segment as the host would send it now, which it has then sent */
struct tct_segment make(struct conn *c, unsigned int from, u8 flags, u32 len);

/* Show a segment to the state machine */
void feed(struct conn *c, unsigned int from, struct tct_segment seg);

/* The host receives all that the other has sent */
void receive(struct conn *c, unsigned int to);

/* All of that: it is sent, seen and received */
struct tct_segment say(struct conn *c, unsigned int from, u8 flags, u32 len);

/* Sent and seen, but never received */
struct tct_segment lose(struct conn *c, unsigned int from, u8 flags, u32 len);

static inline struct tct_segment syn(struct conn *c, unsigned int from)
{
	return say(c, from, SYN, 0);
}

static inline struct tct_segment synack(struct conn *c, unsigned int from)
{
	return say(c, from, SYNACK, 0);
}

static inline struct tct_segment ack(struct conn *c, unsigned int from)
{
	return say(c, from, ACK, 0);
}

static inline struct tct_segment data(struct conn *c, unsigned int from,
				      u32 len)
{
	return say(c, from, DATA, len);
}

static inline struct tct_segment fin(struct conn *c, unsigned int from)
{
	return say(c, from, FIN, 0);
}

static inline struct tct_segment rst(struct conn *c, unsigned int from)
{
	return say(c, from, RST, 0);
}

/* Both hosts send before either has received */
void cross(struct conn *c, u8 flags_a, u8 flags_b);

/* SYN, SYN-ACK, ACK, both ends ESTABLISHED and confirmed */
void establish(struct conn *c);

/* Established and closed, A first: A in TIME_WAIT, B CLOSED */
void finish(struct conn *c);

/* As after a handshake that nobody saw */
void midstream(struct conn *c);

/* The next connection on the tuple: new sequence numbers, so far beyond those
 * of the last that nothing of it is in any window
 */
void renew(struct conn *c);

/* Silence until the clock says @now; the flow's time is up */
void timeout(struct conn *c, u64 now);

/* The end of the flow that the host is */
static inline struct tct_end *end(struct conn *c, unsigned int host)
{
	return &c->f.end[host ^ c->initiator];
}

static inline u64 since(const struct conn *c, unsigned int host)
{
	return tct_since(&c->f.end[host ^ c->initiator]);
}

__noreturn __printf(4, 5)
void conn_fail(const struct conn *c, const char *file, int line,
	       const char *fmt, ...);

void conn_expect(struct conn *c, u8 a, u8 b, const char *file, int line);
void conn_expect_ev(struct conn *c, u32 ev, const char *file, int line);
void conn_expect_flags(struct conn *c, u16 want, const char *file, int line);
void conn_expect_class(struct conn *c, u8 want, const char *file, int line);
void conn_expect_why(struct conn *c, u8 want, const char *file, int line);
void conn_expect_unconf(struct conn *c, bool a, bool b, const char *file,
			int line);
void conn_expect_initiator(struct conn *c, unsigned int host, const char *file,
			   int line);
void conn_expect_since(struct conn *c, unsigned int host, u64 when,
		       const char *file, int line);
void conn_expect_num(struct conn *c, const char *what, u64 is, u64 want,
		     const char *file, int line);

/* Times of a flow have 40 bits */
#define expect_since(c, host, when) \
	conn_expect_since(c, host, when, __FILE__, __LINE__)
/* The states of A and B */
#define expect(c, a, b) \
	conn_expect(c, TCT_##a, TCT_##b, __FILE__, __LINE__)
/* Exactly these events, but for those of the handshake's RTT */
#define expect_ev(c, ev) \
	conn_expect_ev(c, ev, __FILE__, __LINE__)
#define expect_num(c, is, want) \
	conn_expect_num(c, #is, is, want, __FILE__, __LINE__)
/* Exactly these flags of the flow, of those that people see */
#define expect_flags(c, want) \
	conn_expect_flags(c, want, __FILE__, __LINE__)
#define expect_class(c, want) \
	conn_expect_class(c, TCT_CLASS_##want, __FILE__, __LINE__)
#define expect_why(c, want) \
	conn_expect_why(c, TCT_WHY_##want, __FILE__, __LINE__)
/* Whose state rests on a segment that is not answered */
#define expect_unconf(c, a, b) \
	conn_expect_unconf(c, a, b, __FILE__, __LINE__)
/* Who is end 0 */
#define expect_initiator(c, host) \
	conn_expect_initiator(c, host, __FILE__, __LINE__)

#endif /* _UNIT_CONN_H */
