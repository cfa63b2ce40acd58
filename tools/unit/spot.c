// SPDX-License-Identifier: GPL-2.0
/*
 * Stages are gone through once more, segment by segment, to give them
 * timestamps and a past.
 */
#include <linux/minmax.h>

#include "spot.h"

/* Sent by each end after the handshake */
#define ROUNDS		20
#define CHUNK		4000U
#define PAST		(ROUNDS * CHUNK)

/* Old enough, whichever way they are believed */
#define LONG_AGO	70000U
#define LONGER_AGO	0x40000000U

static void stamp(struct tct_segment *seg, u32 tsval)
{
	seg->flags |= TCT_OPT_TS;
	seg->tsval = tsval;
}

static void doubtful(struct conn *c)
{
	syn(c, A);
	synack(c, B);
	ack(c, A);
}

static void one_sided(struct conn *c)
{
	syn(c, A);
	c->host[B].nxt++;
	receive(c, A);
	ack(c, A);
}

static void picked_up_both(struct conn *c)
{
	midstream(c);
	data(c, A, 10);
	data(c, B, 10);
	ack(c, A);
}

static void picked_up_synack(struct conn *c)
{
	c->host[A].nxt = c->host[A].isn + 1;
	receive(c, B);
	synack(c, B);
}

const struct stage spot_stages[] = {
	{ doubtful, TCT_ESTABLISHED, TCT_ESTABLISHED, 0 },
	{ one_sided, TCT_ESTABLISHED, TCT_CLOSED, 0 },
	{ picked_up_both, TCT_ESTABLISHED, TCT_ESTABLISHED, 0 },
	{ picked_up_synack, TCT_SYN_SENT, TCT_SYN_RECEIVED, 0 },
};

const unsigned int spot_stages_count = ARRAY_SIZE(spot_stages);

/* Where no SYN was seen windows are taken for as large as can be */
static bool spot_is_scaled(const struct spot *spot)
{
	return !spot->end[A].syn && !spot->end[B].syn;
}

static u32 long_ago(const struct spot *spot)
{
	return spot_is_scaled(spot) ? LONGER_AGO : LONG_AGO;
}

static bool later(u32 a, u32 b)
{
	return (s32)(a - b) > 0;
}

static void spot_learn(struct spot *spot, unsigned int from,
		       const struct tct_segment *seg)
{
	struct spot_end *s = &spot->end[from], *r = &spot->end[!from];
	u32 end = seg->seq + seg->len + !!(seg->flags & TCT_SYN) +
		  !!(seg->flags & TCT_FIN);
	u32 edge;

	if (seg->flags & TCT_RST)
		return;
	if (seg->flags & TCT_SYN) {
		s->isn = seg->seq;
		s->syn = true;
	}
	if (!s->seen || later(end, s->nxt))
		s->nxt = end;
	s->seen = true;
	if (!(seg->flags & TCT_ACK))
		return;
	edge = seg->ack + (seg->window << (spot_is_scaled(spot) ? 14 : 0));
	if (!s->acked || later(seg->ack, s->ack))
		s->ack = seg->ack;
	if (!s->acked || later(edge, s->edge))
		s->edge = edge;
	s->acked = true;
	if (r->seen)
		return;
	r->nxt = seg->ack;
	/* it answers a SYN that got past us */
	r->syn |= seg->flags & TCT_SYN;
	r->isn = seg->ack - 1;
}

static void spot_feed(struct spot *spot, unsigned int from,
		      struct tct_segment seg)
{
	struct spot_end *s = &spot->end[from];

	if (spot->ts) {
		s->tsval += 10;
		stamp(&seg, s->tsval);
	}
	spot_learn(spot, from, &seg);
	feed(&spot->c, from, seg);
}

static void spot_past(struct spot *spot, struct tct_segment seg)
{
	unsigned int from, i;

	for (i = 0; i < 2 * ROUNDS; i++) {
		from = i & 1;
		seg.seq = spot->end[from].nxt;
		seg.ack = spot->end[!from].nxt;
		seg.window = from == A ? 4000 : 5000;
		seg.len = CHUNK;
		seg.flags = DATA;
		spot_feed(spot, from, seg);
	}
	seg.seq = spot->end[A].nxt;
	seg.ack = spot->end[B].nxt;
	seg.window = 4000;
	seg.len = 0;
	seg.flags = ACK;
	spot_feed(spot, A, seg);
}

static u8 spot_state(const struct tct_fsm *f, const struct tct_end *e)
{
	if (e->state == TCT_ESTABLISHED && e->flags & TCT_END_UNCONF)
		return EVENTS_DOUBT;
	if (e->state == TCT_ESTABLISHED && e->flags & TCT_END_SYN &&
	    f->flags & TCT_F_UNANSWERED)
		return EVENTS_ALONE;
	if (e->state != TCT_CLOSED)
		return e->state;
	if (e->flags & TCT_END_RESET)
		return EVENTS_DEAD + tct_end_before(e);
	return e->flags & TCT_END_SEEN ? TCT_CLOSED : EVENTS_VOID;
}

/* SYN, SYN-ACK, and an ACK of either end */
static bool spot_is_established(const struct conn *c)
{
	return c->n >= 4 && c->log[0].seg.flags == SYN &&
	       c->log[1].seg.flags == SYNACK && c->log[2].seg.flags == ACK &&
	       c->log[3].seg.flags == ACK;
}

void spot_come(struct spot *spot, const struct stage *stage, u32 isn_a,
	       u32 isn_b, bool ts)
{
	unsigned int i, h;
	struct conn plan;
	u32 past = 0;

	conn_init(&plan, isn_a, isn_b, 1000000);
	stage->go(&plan);

	memset(spot, 0, sizeof(*spot));
	conn_init(&spot->c, isn_a, isn_b, 1000000);
	spot->ts = ts;
	for (h = A; h <= B; h++) {
		spot->end[h].nxt = plan.host[h].nxt;
		/* they wrap on the way as well */
		spot->end[h].tsval = h == A ? 0xffffffe8 : 0x7fffffe8;
		spot->end[h].ts_first = spot->end[h].tsval + 10;
	}
	for (i = 0; i < plan.n; i++) {
		struct tct_segment seg = plan.log[i].seg;

		if (i == 4 && spot_is_established(&plan))
			spot_past(spot, seg);
		if (i >= 4 && spot_is_established(&plan))
			past = PAST;
		seg.seq += past;
		seg.ack += seg.flags & TCT_ACK ? past : 0;
		spot_feed(spot, plan.log[i].from, seg);
	}
	if (plan.n == 4 && spot_is_established(&plan))
		spot_past(spot, plan.log[3].seg);
	expect_num(&spot->c, end(&spot->c, A)->state, stage->a);
	expect_num(&spot->c, end(&spot->c, B)->state, stage->b);
	for (h = A; h <= B; h++)
		spot->end[h].state = spot_state(&spot->c.f, end(&spot->c, h));
}

static const u8 kind_flags[EVENT_KINDS] = {
	SYN, SYNACK, ACK, DATA, FIN, RST,
};

static bool is_opening(u8 state)
{
	return state == TCT_SYN_SENT || state == TCT_SYN_RECEIVED;
}

/* Later the number of a SYN is one of any */
static bool has_syn(const struct event *e, const struct spot_end *s,
		    const struct spot_end *r)
{
	return e->kind <= EVENT_SYNACK || is_opening(s->state) ||
	       is_opening(r->state);
}

static bool spot_seq(const struct spot *spot, unsigned int from,
		     struct event *e, struct tct_segment *seg)
{
	const struct spot_end *s = &spot->end[from], *r = &spot->end[!from];
	u32 edge = r->acked ? r->edge : s->nxt + 5000;

	if (s->state == EVENTS_VOID && e->seq != SEQ_EDGE)
		return false;
	switch (e->seq) {
	case SEQ_BEFORE:
		seg->seq = s->isn - 30;
		return s->syn && has_syn(e, s, r);
	case SEQ_OWN:
		seg->seq = s->isn;
		seg->len = min(seg->len, 1U);
		return s->syn && has_syn(e, s, r);
	case SEQ_OLD:
		seg->seq = (r->acked ? r->ack : s->nxt) - long_ago(spot);
		break;
	case SEQ_LEFT:
		seg->seq = s->nxt - 30;
		break;
	case SEQ_LAST:
		seg->seq = s->nxt - 1;
		seg->len = min(seg->len, 1U);
		break;
	case SEQ_EDGE:
		seg->seq = s->nxt;
		break;
	case SEQ_IN:
		seg->seq = s->nxt + 100;
		break;
	case SEQ_RIGHT:
		seg->seq = edge;
		break;
	case SEQ_OUT:
		seg->seq = edge + 1000;
		break;
	}
	/* what would have another name */
	return !s->syn || later(seg->seq, s->isn);
}

static bool spot_ack(const struct spot *spot, unsigned int from,
		     struct event *e, struct tct_segment *seg)
{
	const struct spot_end *s = &spot->end[from], *r = &spot->end[!from];
	u32 all = r->nxt;

	if (e->kind == EVENT_SYN)
		return e->ack == ACK_NONE;
	if (e->kind == EVENT_SYNACK && r->syn)
		all = r->isn + 1;
	if (r->state == EVENTS_VOID && e->ack > ACK_NONE && e->ack != ACK_ALL)
		return false;
	if (e->ack != ACK_NONE)
		seg->flags |= TCT_ACK;
	switch (e->ack) {
	case ACK_NONE:
		return e->kind == EVENT_RST;
	case ACK_OLD:
		seg->ack = all - long_ago(spot);
		break;
	case ACK_PART:
		seg->ack = r->state == TCT_SYN_SENT ? r->isn : all - 1;
		break;
	case ACK_ALL:
		seg->ack = all;
		break;
	case ACK_AHEAD:
		seg->ack = r->nxt + 100;
		break;
	case ACK_FAR:
		seg->ack = (s->acked ? s->edge : r->nxt + 5000) + (1U << 30);
		break;
	}
	return true;
}

static bool spot_ts(const struct spot *spot, unsigned int from,
		    struct event *e, struct tct_segment *seg)
{
	const struct spot_end *s = &spot->end[from], *r = &spot->end[!from];

	switch (e->ts) {
	case TS_NONE:
		return !spot->ts;
	case TS_FRESH:
		stamp(seg, s->tsval + 1000);
		break;
	case TS_OLD:
		stamp(seg, s->ts_first - 1000);
		/* an ACK that says nothing new may be old */
		if (e->kind == EVENT_ACK && seg->seq == r->ack &&
		    seg->ack == s->ack)
			return false;
		return spot->ts && s->seen;
	}
	return spot->ts;
}

bool spot_segment(const struct spot *spot, unsigned int from, struct event *e,
		  struct tct_segment *seg)
{
	*seg = (struct tct_segment){
		.segs = 1,
		.window = from == A ? 4000 : 5000,
		.flags = kind_flags[e->kind],
		.len = e->kind == EVENT_DATA ? 20 : 0,
	};
	e->from = spot->end[from].state;
	e->to = spot->end[!from].state;
	return spot_seq(spot, from, e, seg) && spot_ack(spot, from, e, seg) &&
	       spot_ts(spot, from, e, seg);
}
