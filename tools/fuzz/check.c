// SPDX-License-Identifier: GPL-2.0
/*
 * What is true of a flow after each segment, whatever it was.
 */
#include <string.h>

#include <linux/kernel.h>
#include <linux/minmax.h>

#include "outcome.h"
#include "play.h"
#include "rules.h"

static bool check_was_seen(const struct tct_end *e)
{
	return e->flags & (TCT_END_SEEN | TCT_END_SYN);
}

/* How far an end has come: its own word, or what the other has acknowledged */
static u32 check_reach(const struct tct_fsm *f, unsigned int who)
{
	const struct tct_end *e = &f->end[who], *peer = &f->end[!who];

	if (check_was_seen(e))
		return e->nxt;
	return peer->flags & TCT_END_ACKED ? peer->ack : e->isn;
}

static bool check_is_far(u32 a, u32 b)
{
	return a - b + (1U << 29) >= 1U << 30;
}

/* Octets that were sent and not seen: a connection begins */
static void check_unseen_begin(struct play *play)
{
	const struct tct_fsm *f = &play->flow.fsm;
	unsigned int who;

	for (who = 0; who < 2; who++)
		play->unseen[who] = check_reach(f, who) - f->end[who].isn;
	memset(play->wild, 0, sizeof(play->wild));
}

static void check_unseen(struct play *play, const struct tct_fsm *old,
			 unsigned int end)
{
	const struct tct_fsm *f = &play->flow.fsm;
	unsigned int who;

	for (who = 0; who < 2; who++) {
		u32 reach = check_reach(f, who);
		s32 more = reach - check_reach(old, who);

		/* of both ends, it may have taken two windows at once */
		if (play->self && check_is_far(reach, check_reach(old, who)))
			play->wild[!who] = true;
		if (f->end[who].isn != old->end[who].isn) {
			play->unseen[who] = reach - f->end[who].isn;
			continue;
		}
		if (more <= 0)
			continue;
		if (who == end)
			more -= min(more, (s32)play->p.seg.len);
		play->unseen[who] += more;
	}
}

/* An end whose peer has not been heard may send and acknowledge anything: from
 * then on its numbers may lie further apart than can be compared
 */
static void check_wild(struct play *play, const struct tct_fsm *old,
		       unsigned int end)
{
	const struct tct_end *e = &old->end[end];
	const struct tct_segment *seg = &play->p.seg;

	if (seg->flags & TCT_ACK && e->flags & TCT_END_ACKED &&
	    !check_was_seen(&old->end[!end]) && check_is_far(seg->ack, e->ack))
		play->wild[end] = true;
	if (!(old->end[!end].flags & TCT_END_ACKED) &&
	    check_is_far(seg->seq, e->nxt))
		play->wild[!end] = true;
}

static void check_acked(const struct play *play, unsigned int who)
{
	const struct tct_flow *flow = &play->flow;
	u64 acked;

	if (!flow->detail || play->wild[!who])
		return;
	acked = tct_outcome_acked(&flow->fsm, flow->detail, who);
	/* SYN and FIN, which are no octets, are in @unseen or not */
	if (acked > flow->bytes[who] + play->unseen[who] + 2)
		fuzz_fail("end %u: %llu acknowledged of %llu and %llu unseen",
			  who, (unsigned long long)acked,
			  (unsigned long long)flow->bytes[who],
			  (unsigned long long)play->unseen[who]);
}

static void check_end(const struct play *play, unsigned int who)
{
	const struct tct_flow *flow = &play->flow;
	const struct tct_end *e = &flow->fsm.end[who];
	const struct tct_end *peer = &flow->fsm.end[!who];

	fuzz_assert(e->wscale <= 14);
	fuzz_assert(e->prev <= TCT_PREV_SILENT);
	/* Who only challenged a SYN is not SEEN, and of its window nobody asks */
	if (e->flags & TCT_END_ACKED && e->flags & TCT_END_SEEN &&
	    !play->wild[who]) {
		/* it has offered what it acknowledges, and was sent it */
		fuzz_assert((s32)(e->edge - e->ack) >= 0);
		if (peer->flags & TCT_END_SEEN)
			fuzz_assert((s32)(peer->nxt - e->ack) >= 0);
	}
	/* who sends or receives by prediction is open */
	if (flow->fsm.flags & TCT_F_STEADY)
		fuzz_assert(e->state == TCT_ESTABLISHED);
	fuzz_assert(flow->detail || !(e->flags & TCT_END_TIMED));
	if (e->flags & TCT_END_RESET)
		fuzz_assert(e->state == TCT_CLOSED);
	fuzz_assert(!(e->flags & TCT_END_FIN) || e->flags & TCT_END_SEEN);
}

static void check_end_detail(const struct play *play, unsigned int who)
{
	const struct tct_end_detail *d = &play->flow.detail->end[who];

	fuzz_assert(play->wild[!who] || (s32)(d->hole_hi - d->hole_lo) >= 0);
	if (!d->srtt) {
		fuzz_assert(!d->rtt_min && !d->rtt_last);
		return;
	}
	fuzz_assert(d->rtt_min && d->rtt_last);
	fuzz_assert(d->rtt_min <= d->rtt_last);
	fuzz_assert(d->rtt_min <= d->srtt);
}

static u64 check_when(const struct tct_detail *d, unsigned int at)
{
	return (u64)d->when_hi[at] << 32 | d->when_lo[at];
}

/* Times do not go back, and the last entry is what is now */
static void check_history(const struct play *play, const struct tct_detail *d)
{
	const struct tct_fsm *f = &play->flow.fsm;
	unsigned int i, at, last;
	u64 age, before = TCT_WHEN_MASK;

	fuzz_assert(d->changes <= TCT_CHANGES && d->next < TCT_CHANGES);
	fuzz_assert(d->changes);
	at = (d->next + TCT_CHANGES - d->changes) % TCT_CHANGES;
	for (i = 0; i < d->changes; i++) {
		age = (play->now - check_when(d, at)) & TCT_WHEN_MASK;
		fuzz_assert(age <= before);
		before = age;
		fuzz_assert(d->why[at] < TCT_WHY_MAX);
		fuzz_assert(d->states[at] >> 4 < TCT_STATE_MAX);
		fuzz_assert((d->states[at] & 15) < TCT_STATE_MAX);
		at = (at + 1) % TCT_CHANGES;
	}
	last = (d->next + TCT_CHANGES - 1) % TCT_CHANGES;
	fuzz_assert(d->states[last] ==
		    (f->end[0].state << 4 | f->end[1].state));
	fuzz_assert(d->why[last] == f->reason);
}

/* Of any flow, at any time */
static void check_flow(const struct play *play)
{
	const struct tct_flow *flow = &play->flow;
	unsigned int who, longest = 0, i;
	s32 left = flow->deadline - (u32)play->now;

	fuzz_assert(flow->class == tct_fsm_class(&flow->fsm));
	fuzz_assert(rules_pair_possible(&flow->fsm));
	for (i = 0; i < TCT_CLASS_MAX; i++)
		longest = max(longest, play->config.timeout[i]);
	/* or a SYN-ACK is waited for */
	fuzz_assert(left <= (s32)longest || left <= 200 * 1000);
	fuzz_assert(!(flow->rtt_known & ~3) && !(flow->rtt_open & ~3));
	for (who = 0; who < 2; who++) {
		check_end(play, who);
		if (flow->rtt_known & (who ? TCT_RTT_CLIENT : TCT_RTT_SERVER))
			fuzz_assert(flow->rtt[who]);
		if (flow->detail)
			check_end_detail(play, who);
		check_acked(play, who);
	}
	if (flow->detail)
		check_history(play, flow->detail);
}

/* Ticks of zero windows, as fill.c shows them */
static u32 check_zerowin_time(const struct tct_flow *flow, unsigned int who,
			      u64 now)
{
	const struct tct_end *e = &flow->fsm.end[who];
	u32 time = flow->detail->end[who].zerowin_time;

	if (e->window || !(e->flags & TCT_END_ACKED))
		return time;
	return time + (u32)now;
}

/* ... but for one, which turns out to have been the FIN */
static void check_acked_grows(const struct play *play, const struct copy *old,
			      unsigned int who)
{
	const struct tct_flow *flow = &play->flow;
	const struct tct_end *is = &flow->fsm.end[who];
	const struct tct_end *was = &old->flow.fsm.end[who];
	u64 fin = is->flags & ~was->flags & TCT_END_FIN ? 1 : 0;

	/* from where it is counted is known only now */
	if (is->flags & ~was->flags & TCT_END_SYN)
		return;
	fuzz_assert(play->wild[!who] ||
		    tct_outcome_acked(&flow->fsm, flow->detail, who) + fin >=
		    tct_outcome_acked(&old->flow.fsm, &old->detail, who));
}

static void check_counters(const struct play *play, const struct copy *old,
			   unsigned int who)
{
	const struct tct_flow *flow = &play->flow;
	const struct tct_end_detail *is, *was;

	fuzz_assert(flow->packets[who] >= old->flow.packets[who]);
	fuzz_assert(flow->bytes[who] >= old->flow.bytes[who]);
	if (!flow->detail || !old->flow.detail)
		return;
	is = &flow->detail->end[who];
	was = &old->detail.end[who];
	fuzz_assert(is->retrans >= was->retrans);
	fuzz_assert(is->ooo >= was->ooo);
	fuzz_assert(is->dupacks >= was->dupacks);
	fuzz_assert(is->keepalives >= was->keepalives);
	fuzz_assert(is->probes >= was->probes);
	fuzz_assert(is->outwin >= was->outwin);
	fuzz_assert(is->ce >= was->ce);
	fuzz_assert(is->zerowin >= was->zerowin);
	fuzz_assert(is->paws >= was->paws);
	fuzz_assert(is->challenges >= was->challenges);
	fuzz_assert(check_zerowin_time(flow, who, play->now) ==
		    check_zerowin_time(&old->flow, who, play->now));
	check_acked_grows(play, old, who);
	fuzz_assert((flow->detail->letters & old->detail.letters) ==
		    old->detail.letters);
}

static bool check_is_opening(u8 state)
{
	return state >= TCT_SYN_SENT && state <= TCT_ESTABLISHED;
}

/* Who was closed is so for good, but for a SYN, or when it was thought to be so
 * by a RST that it cannot have had
 */
static void check_reopened(const struct play *play, const struct copy *old)
{
	unsigned int who;

	if (play->p.seg.flags & TCT_SYN)
		return;
	for (who = 0; who < 2; who++) {
		const struct tct_end *was = &old->flow.fsm.end[who];
		const struct tct_end *is = &play->flow.fsm.end[who];

		if (!check_is_opening(is->state) ||
		    check_is_opening(was->state) ||
		    was->flags & TCT_END_RESET || !(was->flags & TCT_END_SEEN))
			continue;
		fuzz_fail("end %u reopened without a SYN", who);
	}
}

void check_new(struct play *play)
{
	const struct tct_flow *flow = &play->flow;
	unsigned int end = play->p.dir ^ flow->initiator_high;

	fuzz_assert(flow->packets[end] == play->p.seg.segs);
	fuzz_assert(flow->bytes[end] == play->p.seg.len);
	fuzz_assert(!flow->packets[!end] && !flow->bytes[!end]);
	check_unseen_begin(play);
	check_flow(play);
}

static void check_reuse(struct play *play)
{
	fuzz_assert((play->p.seg.flags & (TCT_SYN | TCT_ACK)) == TCT_SYN);
	fuzz_assert(play->flow.initiator_high == play->p.dir);
	check_new(play);
}

void check_step(struct play *play, const struct copy *old, u32 ev)
{
	struct tct_flow *flow = &play->flow;
	unsigned int end = play->p.dir ^ flow->initiator_high, who;
	const struct tct_segment *seg = &play->p.seg;
	const char *broken;

	if (ev & TCT_EV_REUSE) {
		check_reuse(play);
		return;
	}
	broken = rules_broken(&old->flow.fsm, &flow->fsm, ev, play->now);
	if (!broken)
		broken = rules_broken_by(&old->flow.fsm, &flow->fsm, end, seg);
	if (broken)
		fuzz_fail("%s", broken);
	fuzz_assert(flow->initiator_high == old->flow.initiator_high);
	fuzz_assert(flow->packets[end] ==
		    old->flow.packets[end] + seg->segs);
	fuzz_assert(flow->bytes[end] == old->flow.bytes[end] + seg->len);
	check_unseen(play, &old->flow.fsm, end);
	check_wild(play, &old->flow.fsm, end);
	for (who = 0; who < 2; who++)
		check_counters(play, old, who);
	check_reopened(play, old);
	check_flow(play);
	if (ev & TCT_EV_STATE)
		check_line(play);
}

void check_timeout(struct play *play, const struct copy *old, u32 ev)
{
	const char *broken = rules_broken(&old->flow.fsm, &play->flow.fsm, ev,
					  play->now);

	if (broken)
		fuzz_fail("%s", broken);
	check_flow(play);
}

void check_predicted(const struct play *play, struct copy *old)
{
	const struct tct_flow *flow = &play->flow;
	u32 ev;

	ev = tct_account_slow(&old->flow, &play->p, play->now);
	if (ev != TCT_EV_REFRESH)
		fuzz_fail("predicted, but events %#x", ev);
	fuzz_assert(tct_account_is_refreshed(&old->flow, ev));
	fuzz_assert(!memcmp(&old->flow.fsm, &flow->fsm, sizeof(flow->fsm)));
	if (flow->detail) {
		fuzz_assert(!memcmp(&old->detail, flow->detail,
				    sizeof(old->detail)));
		old->flow.detail = flow->detail;
	}
	fuzz_assert(!memcmp(&old->flow, flow, sizeof(*flow)));
}
