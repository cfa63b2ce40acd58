// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include <linux/kernel.h>

#include "events.h"
#include "fsm.h"

/* The words of events.def */
#define SET(bit)	(1U << (bit))
#define CLOSED		SET(TCT_CLOSED)
#define SYN_SENT	SET(TCT_SYN_SENT)
#define SYN_RECEIVED	SET(TCT_SYN_RECEIVED)
#define DOUBT		SET(EVENTS_DOUBT)
#define ALONE		SET(EVENTS_ALONE)
#define ESTABLISHED	(SET(TCT_ESTABLISHED) | DOUBT | ALONE)
#define FIN_WAIT_1	SET(TCT_FIN_WAIT_1)
#define FIN_WAIT_2	SET(TCT_FIN_WAIT_2)
#define CLOSE_WAIT	SET(TCT_CLOSE_WAIT)
#define CLOSING		SET(TCT_CLOSING)
#define LAST_ACK	SET(TCT_LAST_ACK)
#define TIME_WAIT	SET(TCT_TIME_WAIT)
#define VOID		SET(EVENTS_VOID)
#define WAS(states)	((states) << EVENTS_DEAD)
/* the states as they are, and the same with EVENTS_DEAD */
#define EVER(states)	((states) * (1 + WAS(1U)))
#define DEAD		WAS(0x3ff)
#define ANY		0xffffffff
#define BUT(set)	(ANY & ~(set))
#define SYNCED		(ESTABLISHED | FIN_WAIT_1 | FIN_WAIT_2 | CLOSE_WAIT | \
			 CLOSING | LAST_ACK | TIME_WAIT)
#define FINNED		EVER(FIN_WAIT_1 | FIN_WAIT_2 | CLOSING | LAST_ACK | \
			     TIME_WAIT | CLOSED)

#define SYN		SET(EVENT_SYN)
#define SYNACK		SET(EVENT_SYNACK)
#define ACK		SET(EVENT_ACK)
#define DATA		SET(EVENT_DATA)
#define FIN		SET(EVENT_FIN)
#define RST		SET(EVENT_RST)
#define SEGMENT		(ACK | DATA | FIN)

#define BEFORE		SET(SEQ_BEFORE)
#define OWN		SET(SEQ_OWN)
#define LEFT		SET(SEQ_LEFT)
#define LAST		SET(SEQ_LAST)
#define EDGE		SET(SEQ_EDGE)
#define IN		SET(SEQ_IN)
#define RIGHT		SET(SEQ_RIGHT)
#define OUT		SET(SEQ_OUT)

#define NONE		SET(ACK_NONE)
#define PART		SET(ACK_PART)
#define ALL		SET(ACK_ALL)
#define AHEAD		SET(ACK_AHEAD)
#define FAR		SET(ACK_FAR)

#define FRESH		SET(TS_FRESH)

/* said of a sequence, an acknowledgment and a timestamp */
#define OLD_SEQ		SET(SEQ_OLD)
#define OLD_ACK		SET(ACK_OLD)
#define OLD_TS		SET(TS_OLD)

#define RULE(_table, _from, _to, _kind, _seq, _ack, _ts, _outcome, _cite, \
	     _policy) \
	{ .table = _table, .from = _from, .to = _to, .kind = (u16)(_kind), \
	  .seq = (u16)(_seq), .ack = (u16)(_ack), .ts = (u16)(_ts), \
	  .outcome = _outcome, .cite = _cite, .policy = _policy, \
	  .text = #_from ", " #_to ", " #_kind ", " #_seq ", " #_ack ", " \
		  #_ts ", " #_outcome },

#define EVENT(from, to, kind, seq, ack, ts, outcome, cite, policy) \
	RULE(TABLE_OUTCOME, from, to, kind, seq, ack, ts, OUTCOME_##outcome, \
	     cite, policy)
#define SENDER(from, to, kind, seq, ack, state, cite) \
	RULE(TABLE_SENDER, from, to, kind, seq, ack, ANY, TCT_##state, cite, "")
#define RECEIVER(from, to, kind, ack, state, cite) \
	RULE(TABLE_RECEIVER, from, to, kind, ANY, ack, ANY, TCT_##state, cite, "")

enum { TABLE_OUTCOME, TABLE_SENDER, TABLE_RECEIVER };

static struct event_rule rules[] = {
#include "events.def"
};

static bool rule_is_of(const struct event_rule *r, const struct event *e)
{
	return r->from & 1U << e->from && r->to & 1U << e->to &&
	       r->kind & 1U << e->kind && r->seq & 1U << e->seq &&
	       r->ack & 1U << e->ack && r->ts & 1U << e->ts;
}

/* The first that fits counts */
static const struct event_rule *rule_of(u8 table, const struct event *e)
{
	struct event_rule *r;

	for (r = rules; r < rules + ARRAY_SIZE(rules); r++)
		if (r->table == table && rule_is_of(r, e)) {
			r->used++;
			return r;
		}
	return NULL;
}

const struct event_rule *event_outcome(const struct event *e)
{
	return rule_of(TABLE_OUTCOME, e);
}

static u8 plain_state(u8 state)
{
	if (state == EVENTS_VOID || state >= EVENTS_DEAD)
		return TCT_CLOSED;
	return state > EVENTS_VOID ? TCT_ESTABLISHED : state;
}

void event_follow(const struct event *e, u8 *from, u8 *to)
{
	struct event alive = *e;
	const struct event_rule *r;

	/* what was thought dead and speaks is first back where it was */
	if (alive.from >= EVENTS_DEAD)
		alive.from -= EVENTS_DEAD;
	r = rule_of(TABLE_SENDER, &alive);
	*from = r ? r->outcome : plain_state(alive.from);
	r = rule_of(TABLE_RECEIVER, &alive);
	*to = r ? r->outcome : plain_state(alive.to);
}

const struct event_rule *event_dead_rule(unsigned int *rows)
{
	const struct event_rule *r;

	*rows = ARRAY_SIZE(rules);
	for (r = rules; r < rules + ARRAY_SIZE(rules); r++)
		if (!r->used)
			return r;
	return NULL;
}

static const char * const state_names[] = {
	"CLOSED", "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED", "FIN_WAIT_1",
	"FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT",
	"VOID", "DOUBT", "ALONE",
};

static const char * const kind_names[EVENT_KINDS] = {
	"SYN", "SYNACK", "ACK", "DATA", "FIN", "RST",
};

static const char * const seq_names[SEQ_KINDS] = {
	"BEFORE", "OWN", "OLD_SEQ", "LEFT", "LAST", "EDGE", "IN", "RIGHT",
	"OUT",
};

static const char * const ack_names[ACK_KINDS] = {
	"NONE", "OLD_ACK", "PART", "ALL", "AHEAD", "FAR",
};

static const char * const ts_names[TS_KINDS] = {
	"without", "missing", "FRESH", "OLD_TS",
};

static const char * const outcome_names[OUTCOME_MAX] = {
	"TAKE", "DUP", "DROP", "CHALLENGE", "PAWS", "RESET", "REFUSE", "REUSE",
	"KEEP", "STRANGE",
};

static const char *state_name(u8 state)
{
	return state_names[state < EVENTS_DEAD ? state : state - EVENTS_DEAD];
}

const char *event_name(char *buf, size_t size, const struct event *e)
{
	snprintf(buf, size, "%s%s, %s%s, %s, seq %s, ack %s, timestamp %s",
		 e->from < EVENTS_DEAD ? "" : "WAS ", state_name(e->from),
		 e->to < EVENTS_DEAD ? "" : "WAS ", state_name(e->to),
		 kind_names[e->kind], seq_names[e->seq], ack_names[e->ack],
		 ts_names[e->ts]);
	return buf;
}

const char *outcome_name(u8 outcome)
{
	return outcome_names[outcome];
}
