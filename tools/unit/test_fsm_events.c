// SPDX-License-Identifier: GPL-2.0
/*
 * Every event in every state: all of them, and what events.def says of each.
 */
#include "spot.h"

/* Behind the handshake each end sends 80,000 octets: with these, each of the
 * numbers that count is once before 0 and once behind it.
 */
static const u32 isns[] = {
	0, 1, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
	-80001U, -80031U, -80102U, -84002U, -85002U, -10001U,
};

#define REPORTS		60

static unsigned long events, wrong;
static const struct event_rule *reported[REPORTS];
static unsigned int reports;

/* One of each row */
static void report(const struct event *e, const struct event_rule *rule,
		   const struct conn *c, const char *what)
{
	char name[160];
	unsigned int i;

	wrong++;
	for (i = 0; i < reports; i++)
		if (reported[i] == rule)
			return;
	if (reports == REPORTS)
		return;
	reported[reports++] = rule;
	print_error("%s:\n  expected %s (%s): %s\n  got events %#x, %u %u\n",
		    event_name(name, sizeof(name), e),
		    rule ? outcome_name(rule->outcome) : "a rule",
		    rule ? rule->cite : "none", what, c->ev,
		    end((struct conn *)c, A)->state,
		    end((struct conn *)c, B)->state);
}

/* Is that what the outcome is, by the events of the segment? */
static const char *events_broken(const struct event *e, u8 outcome, u32 ev)
{
	u32 none = TCT_EV_WINDOW | TCT_EV_REUSE;

	switch (outcome) {
	case OUTCOME_TAKE:
		return ev & none || !(ev & TCT_EV_REFRESH) ? "refused" : NULL;
	case OUTCOME_DUP:
		return ev & none || !(ev & TCT_EV_RETRANS) ?
			"no repetition" : NULL;
	case OUTCOME_RESET:
	case OUTCOME_REFUSE:
		return ev & none ? "ignored" : NULL;
	case OUTCOME_STRANGE:
		return ev & none || ev & TCT_EV_REFRESH ? "refused" : NULL;
	case OUTCOME_REUSE:
	case OUTCOME_KEEP:
		return ev & TCT_EV_REUSE ? NULL : "not reused";
	case OUTCOME_PAWS:
		if (ev & TCT_EV_PAWS)
			return NULL;
		/* wrong in other ways, too: which is looked at first? */
		return ev & TCT_EV_WINDOW && (e->seq != SEQ_EDGE ||
					      e->ack != ACK_ALL ||
					      e->kind == EVENT_SYNACK) ?
			NULL : "the timestamp is old";
	}
	(void)e;
	return ev & TCT_EV_WINDOW ? NULL : "not ignored";
}

static const char *states_broken(const struct event *e, u8 outcome,
				 const struct spot *spot, unsigned int from,
				 const struct conn *c)
{
	u8 was[2], is[2], want[2];
	unsigned int h;

	for (h = A; h <= B; h++) {
		was[h] = end((struct conn *)&spot->c, h)->state;
		is[h] = end((struct conn *)c, h)->state;
		want[h] = was[h];
	}
	switch (outcome) {
	case OUTCOME_TAKE:
		event_follow(e, &want[from], &want[!from]);
		break;
	case OUTCOME_RESET:
		want[from] = TCT_CLOSED;
		want[!from] = TCT_CLOSED;
		break;
	case OUTCOME_REFUSE:
		want[!from] = TCT_CLOSED;
		break;
	case OUTCOME_KEEP:
		want[from] = TCT_SYN_SENT;
		break;
	case OUTCOME_REUSE:
		want[from] = TCT_SYN_SENT;
		want[!from] = TCT_CLOSED;
		break;
	}
	return is[A] == want[A] && is[B] == want[B] ? NULL : "the states";
}

/* RFC 5961: the receiver says once more what it has said.  Is that the challenge
 * ACK?  Of what else is dropped only the RSTs draw nothing at all.
 */
static const char *answer_broken(const struct event *e, u8 outcome,
				 const struct spot *spot, unsigned int from,
				 struct conn *c)
{
	struct event answer = {
		.kind = EVENT_ACK, .seq = SEQ_EDGE, .ack = ACK_ALL,
		.ts = spot->ts ? TS_FRESH : TS_NONE,
	};
	bool due = outcome == OUTCOME_CHALLENGE;
	struct tct_segment seg;

	if (!due && (outcome != OUTCOME_DROP || e->kind != EVENT_RST))
		return NULL;
	if (e->from == EVENTS_VOID || e->to > TCT_TIME_WAIT || !e->to ||
	    !spot->end[!from].acked ||
	    !spot_segment(spot, !from, &answer, &seg))
		return NULL;
	seg.ack = spot->end[!from].ack;
	feed(c, !from, seg);
	if (due == !!(c->ev & TCT_EV_CHALLENGE))
		return NULL;
	return due ? "no challenge ACK was due" : "a challenge ACK was due";
}

static void try(const struct spot *spot, unsigned int from,
		const struct event *e, const struct tct_segment *seg)
{
	const struct event_rule *rule = event_outcome(e);
	struct conn c = spot->c;
	const char *broken;

	events++;
	feed(&c, from, *seg);
	if (!rule) {
		report(e, rule, &c, "there is no row");
		return;
	}
	broken = events_broken(e, rule->outcome, c.ev) ?:
		 states_broken(e, rule->outcome, spot, from, &c) ?:
		 answer_broken(e, rule->outcome, spot, from, &c);
	if (broken)
		report(e, rule, &c, broken);
}

static void try_all(const struct spot *spot, unsigned int from)
{
	struct tct_segment seg;
	struct event e;

	for (e.kind = 0; e.kind < EVENT_KINDS; e.kind++)
		for (e.seq = 0; e.seq < SEQ_KINDS; e.seq++)
			for (e.ack = 0; e.ack < ACK_KINDS; e.ack++)
				for (e.ts = 0; e.ts < TS_KINDS; e.ts++)
					if (spot_segment(spot, from, &e, &seg))
						try(spot, from, &e, &seg);
}

static const struct stage *stage_at(unsigned int i)
{
	return i < stages_count ? &stages[i] : &spot_stages[i - stages_count];
}

static void every_event_in_every_state(void **state)
{
	unsigned int i, n, from;
	struct spot spot;
	bool ts = false;

	do {
		for (i = 0; i < stages_count + spot_stages_count; i++)
			for (n = 0; n < 2 * ARRAY_SIZE(isns); n++) {
				u32 a = isns[n % ARRAY_SIZE(isns)];
				u32 b = isns[(n * 7 + 3 + n / 12) % 12];

				spot_come(&spot, stage_at(i), a, b, ts);
				for (from = A; from <= B; from++)
					try_all(&spot, from);
			}
		ts = !ts;
	} while (ts);
	print_message("%lu events\n", events);
	if (wrong)
		print_error("%lu are not as events.def has them\n", wrong);
	assert_int_equal(wrong, 0);
	(void)state;
}

/* What no event comes to is not known to be true */
static void no_row_is_dead(void **state)
{
	const struct event_rule *dead;
	unsigned int rows;

	dead = event_dead_rule(&rows);
	print_message("%u rows\n", rows);
	if (dead)
		fail_msg("never used: %s", dead->text);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_in_every_state),
		cmocka_unit_test(no_row_is_dead),
	};

	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
