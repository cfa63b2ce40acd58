// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "account.h"
#include "letters.h"
#include "rtt.h"

/* Counters by event, of the segment's sender */
static const struct {
	u32 ev;
	u8 offset;
	bool segments;		/* each of the wire, or the packet */
} tct_counters[] = {
	{ TCT_EV_OOO, offsetof(struct tct_end_detail, ooo), true },
	{ TCT_EV_DUPACK, offsetof(struct tct_end_detail, dupacks) },
	{ TCT_EV_KEEPALIVE, offsetof(struct tct_end_detail, keepalives) },
	{ TCT_EV_PROBE, offsetof(struct tct_end_detail, probes) },
	{ TCT_EV_WINDOW, offsetof(struct tct_end_detail, outwin), true },
};

#define TCT_PAWS_WRAP	(2147U * HZ)

static void tct_count_saturating(u16 *counter)
{
	if (*counter != U16_MAX)
		++*counter;
}

/* Of a segment that overlaps what was sent before, what GRO or GSO put together
 * may be new in part
 */
static u32 tct_repeated_segs(const struct tct_segment *seg, u32 nxt_before)
{
	u32 old = nxt_before - seg->seq;

	if (seg->segs == 1 || old >= seg->len)
		return seg->segs;
	return DIV_ROUND_UP(old, DIV_ROUND_UP(seg->len, seg->segs));
}

static void tct_count_events(struct tct_end_detail *d,
			     const struct tct_segment *seg, u32 ev,
			     u32 nxt_before)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tct_counters); i++)
		if (ev & tct_counters[i].ev)
			*(u32 *)((char *)d + tct_counters[i].offset) +=
				tct_counters[i].segments ? seg->segs : 1;
	if (ev & TCT_EV_RETRANS)
		d->retrans += tct_repeated_segs(seg, nxt_before);
	if (seg->flags & TCT_OPT_CE)
		d->ce += seg->segs;
	if (ev & TCT_EV_PAWS)
		tct_count_saturating(&d->paws);
	if (ev & TCT_EV_CHALLENGE)
		tct_count_saturating(&d->challenges);
}

/* Which ends offer no window? */
static unsigned int tct_fsm_shut(const struct tct_fsm *f)
{
	unsigned int who, shut = 0;

	for (who = 0; who < 2; who++)
		if (f->end[who].flags & TCT_END_ACKED && !f->end[who].window)
			shut |= 1 << who;
	return shut;
}

/* By what was and is, not by events: one of an endpoint to itself is of both ends,
 * and does not say of which.
 */
static void tct_count_zerowin(struct tct_flow *flow, unsigned int shut, u64 now)
{
	unsigned int who, is = tct_fsm_shut(&flow->fsm);

	for (who = 0; who < 2; who++) {
		struct tct_end_detail *d = &flow->detail->end[who];

		if (is & ~shut & 1 << who) {
			tct_count_saturating(&d->zerowin);
			d->zerowin_time -= (u32)now;
		}
		if (shut & ~is & 1 << who)
			d->zerowin_time += (u32)now;
	}
}

/* The same, of acknowledgments that have gone once round */
static void tct_count_wraps(struct tct_flow *flow, const u32 *ack)
{
	const struct tct_end *end = flow->fsm.end;
	unsigned int who;

	for (who = 0; who < 2; who++)
		if (end[who].ack - end[!who].isn < ack[who] - end[!who].isn)
			flow->detail->ack_wraps[who]++;
}

static void tct_account_rtt(struct tct_flow *flow,
			    const struct tct_segment *seg, unsigned int from,
			    u32 ev, u64 now)
{
	struct tct_end *s = &flow->fsm.end[from], *r = &flow->fsm.end[!from];
	struct tct_end_detail *sd = &flow->detail->end[from];
	struct tct_end_detail *rd = &flow->detail->end[!from];

	if (ev & (TCT_EV_WINDOW | TCT_EV_PAWS) ||
	    seg->flags & (TCT_SYN | TCT_RST))
		return;
	if (r->flags & TCT_END_TIMED && !tct_before(seg->ack, rd->timed_end))
		tct_rtt_close(r, rd, seg, tct_clock_us());
	if (s->flags & TCT_END_TIMED) {
		if (ev & (TCT_EV_RETRANS | TCT_EV_OOO))
			tct_rtt_again(s, sd, seg, tct_clock_us());
	} else if (seg->len && s->tick != (u8)now &&
		   !(ev & (TCT_EV_RETRANS | TCT_EV_OOO | TCT_EV_KEEPALIVE |
			   TCT_EV_PROBE))) {
		tct_rtt_open(s, sd, seg, tct_clock_us(), now);
	}
}

/* The handshake's two halves: SYN to SYN-ACK, SYN-ACK to ACK */
static void tct_account_handshake(struct tct_flow *flow, unsigned int from,
				  u32 ev)
{
	u32 us;

	/* Karn: a sample of what is sent twice is ambiguous */
	if (ev & TCT_EV_RETRANS)
		flow->rtt_open &= ~(1 << from);
	if (!(ev & (TCT_EV_RTT_SYN | TCT_EV_RTT_SYNACK | TCT_EV_RTT_ACK)))
		return;
	us = tct_clock_us();
	if (ev & TCT_EV_RTT_SYN) {
		flow->rtt[0] = us;
		flow->rtt_open |= TCT_RTT_SERVER;
		return;
	}
	if (ev & TCT_EV_RTT_SYNACK && flow->rtt_open & TCT_RTT_SERVER) {
		flow->rtt[0] = max(us - flow->rtt[0], 1U);
		flow->rtt_known |= TCT_RTT_SERVER;
	}
	if (ev & TCT_EV_RTT_ACK && flow->rtt_open & TCT_RTT_CLIENT) {
		flow->rtt[1] = max(us - flow->rtt[1], 1U);
		flow->rtt_known |= TCT_RTT_CLIENT;
	}
	flow->rtt_open = 0;
	/* not if it is the answer to another, of an end that has sent no SYN-ACK */
	if (ev & TCT_EV_RTT_SYNACK && !(flow->rtt_known & TCT_RTT_CLIENT)) {
		flow->rtt[1] = us;
		flow->rtt_open = TCT_RTT_CLIENT;
	}
}

/* A connection begins, in a fresh record or in that of the last on its tuple */
static void tct_account_begin(struct tct_flow *flow, u64 now)
{
	tct_flow_set_created(flow, now);
	memset(flow->rtt, 0, sizeof(flow->rtt));
	flow->rtt_open = 0;
	flow->rtt_known = 0;
	memset(flow->repeats, 0, sizeof(flow->repeats));
	memset(flow->packets, 0, sizeof(flow->packets));
	memset(flow->bytes, 0, sizeof(flow->bytes));
}

u32 tct_account_new(struct tct_flow *flow, const struct tct_parsed *p, u64 now)
{
	u32 ev;

	lockdep_assert_held(&flow->lock);

	flow->detail = NULL;
	tct_account_begin(flow, now);
	ev = tct_fsm_open(&flow->fsm, &p->seg, p->from_low_port, now);
	flow->initiator_high = p->dir ^ !!(ev & TCT_EV_RESPONDER);
	tct_account_handshake(flow, 0, ev);
	tct_account_packet(flow, &p->seg, p->dir ^ flow->initiator_high, now);
	return ev;
}

/* RFC 7323 section 5.5: after a long silence an old timestamp may be a new one,
 * whose clock has gone half round.  Linux: half of 2^32 us (TCP_PAWS_WRAP).
 * What PAWS has rejected is judged once more without.
 */
static u32 tct_account_outdated(struct tct_flow *flow,
				const struct tct_segment *seg,
				unsigned int from, u64 now)
{
	struct tct_end *s = &flow->fsm.end[from];
	u32 ev;

	s->flags &= ~TCT_END_TS;
	ev = tct_fsm_step_slow(&flow->fsm, flow->detail, from, seg, now);
	if (ev & TCT_EV_WINDOW)
		s->flags |= TCT_END_TS;
	return ev;
}

u32 tct_account_slow(struct tct_flow *flow, const struct tct_parsed *p,
		     u64 now)
{
	unsigned int end = p->dir ^ flow->initiator_high;
	unsigned int shut = tct_fsm_shut(&flow->fsm);
	u32 ack[2] = { flow->fsm.end[0].ack, flow->fsm.end[1].ack };
	u32 nxt = flow->fsm.end[end].nxt;
	u32 ev;

	lockdep_assert_held(&flow->lock);

	ev = tct_fsm_step_slow(&flow->fsm, flow->detail, end, &p->seg, now);
	if (unlikely(ev & TCT_EV_PAWS &&
		     (u32)now - flow->seen > TCT_PAWS_WRAP))
		ev = tct_account_outdated(flow, &p->seg, end, now) |
		     (ev & TCT_EV_STATE);	/* of itself's other end */
	if (unlikely(ev & TCT_EV_REUSE))
		return ev;
	tct_account_packet(flow, &p->seg, end, now);
	tct_account_handshake(flow, end, ev);
	if (ev & TCT_EV_WRAP && flow->detail)
		tct_count_wraps(flow, ack);
	if (flow->detail) {
		tct_count_events(&flow->detail->end[end], &p->seg, ev, nxt);
		tct_count_zerowin(flow, shut, now);
		tct_account_rtt(flow, &p->seg, end, ev, now);
		tct_letters_note(flow->detail, end, &p->seg, ev);
	} else if (ev & TCT_EV_RETRANS && flow->repeats[end] != U8_MAX) {
		flow->repeats[end]++;
	}
	return ev;
}

u32 tct_account_reuse(struct tct_flow *flow, const struct tct_parsed *p,
		      u64 now)
{
	unsigned int end = p->dir ^ flow->initiator_high;
	u32 ev;

	lockdep_assert_held(&flow->lock);

	ev = tct_fsm_reopen(&flow->fsm, end, &p->seg, now);
	tct_account_begin(flow, now);
	tct_flow_set_detail(flow, false, now);
	flow->initiator_high = p->dir;
	tct_account_packet(flow, &p->seg, 0, now);
	tct_account_handshake(flow, 0, ev);
	return ev;
}

void tct_account_note(struct tct_flow *flow, const struct tct_segment *seg,
		      unsigned int end, u64 now)
{
	lockdep_assert_held(&flow->lock);

	if (!flow->detail)
		return;
	tct_account_rtt(flow, seg, end, TCT_EV_REFRESH, now);
	tct_letters_note(flow->detail, end, seg, TCT_EV_REFRESH);
}

unsigned int tct_account_settle(struct tct_flow *flow,
				const struct tct_config *config, u64 now)
{
	enum tct_class class = tct_fsm_class(&flow->fsm);
	bool moved = class != flow->class, detail;
	unsigned int settled = 0;
	u32 deadline;

	lockdep_assert_held(&flow->lock);

	flow->class = class;
	/* connections that are on their way, also if the SYN-ACK comes once more;
	 * and how they ended otherwise than orderly
	 */
	detail = (class != TCT_CLASS_HALF_OPEN || flow->detail) &&
		 (class != TCT_CLASS_TIME_WAIT ||
		  (config->keep_detail && flow->detail)) &&
		 (class != TCT_CLASS_CLOSED || flow->detail);
	if (!tct_flow_set_detail(flow, detail, now))
		settled |= TCT_SETTLED_NOMEM;
	tct_flow_record(flow, now);

	deadline = flow->fsm.flags & TCT_F_ACCEPT_WAIT ?
		   flow->fsm.synack_due : (u32)now + config->timeout[class];
	if (moved || (s32)(deadline - flow->deadline) < 0)
		settled |= TCT_SETTLED_REFILE;
	WRITE_ONCE(flow->deadline, deadline);
	return settled;
}

bool tct_account_is_refreshed(const struct tct_flow *flow, u32 ev)
{
	switch (flow->class) {
	case TCT_CLASS_ESTABLISHED:
	case TCT_CLASS_HALF_CLOSED:
	case TCT_CLASS_CLOSING:
		return ev & TCT_EV_REFRESH;
	case TCT_CLASS_HALF_OPEN:
		/* repeating a SYN wins no time; one-sided traffic does */
		return ev & TCT_EV_REFRESH &&
		       (flow->fsm.flags & (TCT_F_PICKUP | TCT_F_ACCEPT_WAIT)) ==
		       TCT_F_PICKUP;
	case TCT_CLASS_TIME_WAIT:
		/* RFC 9293 3.10.7.4, eighth: a repeated FIN restarts 2 MSL */
		return ev & TCT_EV_LINGER;
	default:
		return false;
	}
}
