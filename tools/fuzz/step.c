// SPDX-License-Identifier: GPL-2.0
/*
 * From an input's octets to segments: each is what the flow's end might well send
 * next, but for what the step's octets make of it.  All zero, a step is the bare
 * ACK of what the other end has sent.
 */
#include <string.h>

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "play.h"

/* STEP_WHAT: bit 0 the direction, bits 1 to 4 which of these, bits 5 to 7 which
 * segment of the log, for the last but one
 */
#define WHAT_AGAIN	14
#define WHAT_NOTHING	15

static const u8 step_flags[] = {
	TCT_ACK, TCT_ACK | TCT_PSH, TCT_SYN, TCT_SYN | TCT_ACK,
	TCT_FIN | TCT_ACK, TCT_RST, TCT_RST | TCT_ACK, TCT_ACK,
	TCT_ACK | TCT_URG, TCT_SYN | TCT_ECE | TCT_CWR, TCT_ACK | TCT_ECE,
	TCT_FIN | TCT_ACK | TCT_PSH, TCT_ACK | TCT_CWR,
	TCT_SYN | TCT_ACK | TCT_ECE,
};

/* STEP_SEQ and STEP_ACK: bits 0 to 4 one of these, beyond what bits 5 to 7 say */
static const u32 step_offsets[32] = {
	0, 1, -1, 2, -2, 3, -3, 10, -10, 100, -100, 536, 1000, -1000, 1460,
	-1460, 2920, -2920, 10000, -10000, 32768, 65535, -65535, 65536, -65536,
	-65537, 1000000, -1000000, 1 << 30, 1U << 31, INT32_MAX, -(1 << 30),
};

/* STEP_LEN: bits 0 to 3 the payload, bits 4 and 5 into how many segments */
static const u32 step_lens[16] = {
	0, 1, 2, 3, 10, 100, 536, 1000, 1460, 2920, 14600, 32768, 65535, 0, 0,
	500000,
};

#define LEN_CE		0x40

/* STEP_OPTIONS */
#define OPTIONS_TS		0x01	/* timestamps where there are none */
#define OPTIONS_SACK		0x02
#define OPTIONS_WSCALE		0x04
#define OPTIONS_FORGED		0x08
#define OPTIONS_RFC1337		0x10
#define OPTIONS_SIGNED		0x20
#define OPTIONS_MSS		0x40
#define OPTIONS_NEWISN		0x80	/* a SYN of the next connection */

/* STEP_TS: bits 0 to 3 by what its clock goes on, bits 4 to 7 how much older the
 * echo is than the other's clock
 */
static const u32 step_clocks[16] = {
	0, 1, 2, 10, 100, 1000, -1, -2, -3, -10, -1000, 1 << 30, 1U << 31,
	INT32_MAX, -100000, 100000,
};

/* STEP_WINDOW: bits 0 to 3, the first is the host's own */
static const u16 step_windows[16] = {
	0, 0, 1, 2, 100, 512, 1000, 1460, 4096, 8192, 16384, 32768, 65535, 500,
	501, 502,
};

/* STEP_TIME: bits 0 to 4, ticks; the last are relative to what the flow awaits */
static const u32 step_times[] = {
	0, 0, 0, 0, 1, 1, 2, 3, 10, 100, 255, 256, 257, HZ, 2 * HZ, 3 * HZ,
	10 * HZ, 60 * HZ, 121 * HZ, 3600 * HZ, 1 << 28, INT32_MAX, 0xfffffff0,
};

/* Where numbers and clocks wrap */
static const u32 step_isns[16] = {
	0, 1, 1000, 0x7fffffff, 0x80000000, 0x7ffffff0, 0xfffffff0, 0xffffffff,
	0xfffffffe, 0x80000001, 0xffff0000, 0x7fff0000, 0x10000, 0xdeadbeef,
	0x12345678, 0xfffff000,
};

static const u64 step_starts[8] = {
	1000000, 0xfffffff0, 0x1fffffffeULL, (1ULL << 40) - 10, 0,
	(1ULL << 40) + (1ULL << 32) - 10, 0x80000000 - 10, 0xdeadbeefULL,
};

static const unsigned int step_timeouts[4][TCT_CLASS_MAX] = {
	{ 131 * HZ, 432000U * HZ, 432000U * HZ, 300 * HZ, 60 * HZ, 10 * HZ },
	{ 131 * HZ, 432000U * HZ, 432000U * HZ, 300 * HZ, 60 * HZ, 10 * HZ },
	{ INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX },
	{ 1, HZ, 1, HZ, 1, HZ },
};

static void step_begin_host(struct host *host, const u8 *head, unsigned int dir)
{
	u8 options = head[1 + dir];

	host->isn = step_isns[(dir ? head[3] >> 4 : head[3]) & 15] +
		    head[4 + dir];
	host->wscale = options & 15;
	host->synopts = options & 0x10 ? TCT_OPT_WSCALE : 0;
	if (options & 0x20)
		host->synopts |= TCT_OPT_SACKOK;
	if (options & 0x40)
		host->synopts |= TCT_OPT_MSS;
	host->has_ts = options & 0x80;
	host->window = head[6] & 0x10 << dir ? 500 : 65535;
	host->ts = step_isns[(head[6] & 15) ^ dir];
}

/* head[0]: bit 0 from an endpoint to itself, bit 1 IPv6, bit 2 details are kept
 * in TIME_WAIT, bits 3 to 4 timeouts, bits 5 to 7 the clock
 */
void step_begin(struct play *play, const u8 *head)
{
	struct tct_endpoint a = { .port = 80 }, b = { .port = 4000 };
	struct tct_key *key = &play->p.key;

	play->self = head[0] & 1;
	play->config.keep_detail = head[0] & 4;
	memcpy(play->config.timeout, step_timeouts[head[0] >> 3 & 3],
	       sizeof(play->config.timeout));
	play->now = step_starts[head[0] >> 5];
	step_begin_host(&play->host[0], head, 0);
	step_begin_host(&play->host[1], head, 1);

	a.addr.s6_addr32[0] = head[7];
	b.addr.s6_addr32[0] = 1000;
	if (play->self)
		b = a;
	if (head[0] & 2)
		tct_key_ipv6(key, 1, &a.addr, &b.addr, a.port, b.port);
	else
		tct_key_ipv4(key, 1, a.addr.s6_addr32[0], b.addr.s6_addr32[0],
			     a.port, b.port);
	play->p.ipv4 = !(head[0] & 2);
}

/* What each end of the flow has come to, if there is one, or will begin with */
static struct tct_end step_end(const struct play *play, unsigned int dir)
{
	const struct host *host = &play->host[dir];
	struct tct_end e = {
		.isn = host->isn,
		.nxt = host->isn,
		.ack = play->host[!dir].isn + 1,
	};
	const struct tct_end *known;

	if (!play->live)
		return e;
	known = &play->flow.fsm.end[dir ^ play->flow.initiator_high];
	if (known->flags & (TCT_END_SEEN | TCT_END_SYN)) {
		e = *known;
	} else {
		e.flags = known->flags;
		e.edge = known->edge;
		if (known->flags & TCT_END_ACKED)
			e.ack = known->ack;
	}
	return e;
}

/* What the end may have SACKed, or lacks */
static u32 step_sack(const struct play *play, unsigned int dir, bool hole)
{
	const struct tct_end_detail *d;

	if (!play->live || !play->flow.detail)
		return 0;
	d = &play->flow.detail->end[dir ^ play->flow.initiator_high];
	return hole ? d->hole_lo : d->sack;
}

static u32 step_number(const struct play *play, u8 code, unsigned int dir,
		       u32 usual)
{
	struct tct_end s = step_end(play, dir), r = step_end(play, !dir);
	u32 base = usual;

	switch (code >> 5) {
	case 1:
		base = s.isn;
		break;
	case 2:
		base = r.ack;
		break;
	case 3:
		base = r.edge;
		break;
	case 4:
		base = step_sack(play, !dir, false);
		break;
	case 5:
		base = step_sack(play, dir, true);
		break;
	case 6:
		base = s.nxt;
		break;
	}
	return base + step_offsets[code & 31];
}

static void step_options(struct play *play, struct tct_segment *seg,
			 unsigned int dir, const u8 *step)
{
	struct host *host = &play->host[dir];
	u8 options = step[STEP_OPTIONS];

	host->ts += step_clocks[step[STEP_TS] & 15];
	if (host->has_ts ^ !!(options & OPTIONS_TS)) {
		seg->flags |= TCT_OPT_TS;
		seg->tsval = host->ts;
		seg->tsecr = play->host[!dir].ts -
			     step_clocks[step[STEP_TS] >> 4];
	}
	if (options & OPTIONS_SIGNED)
		seg->flags |= TCT_OPT_SIGNED;
	if (options & OPTIONS_SACK) {
		seg->flags |= TCT_OPT_SACK;
		seg->sack = step_end(play, !dir).nxt;
	}
	if (seg->flags & TCT_RST && options & OPTIONS_FORGED)
		seg->flags |= TCT_OPT_FORGED;
	if (seg->flags & TCT_RST && options & OPTIONS_RFC1337)
		seg->flags |= TCT_OPT_RFC1337;
	if (!(seg->flags & TCT_SYN))
		return;
	seg->flags |= host->synopts;
	if (options & OPTIONS_WSCALE)
		seg->flags ^= TCT_OPT_WSCALE;
	if (options & OPTIONS_MSS)
		seg->flags ^= TCT_OPT_MSS;
	seg->wscale = host->wscale;
	seg->mss = 1460;
}

static void step_make(struct play *play, struct tct_segment *seg,
		      unsigned int dir, const u8 *step)
{
	unsigned int what = step[STEP_WHAT] >> 1 & 15;
	struct tct_end s = step_end(play, dir), r = step_end(play, !dir);
	u8 window = step[STEP_WINDOW] & 15;
	u32 seq = s.nxt;

	seg->flags = step_flags[what];
	if (seg->flags & TCT_SYN) {
		seq = s.isn;
		if (step[STEP_OPTIONS] & OPTIONS_NEWISN)
			seq = s.nxt + 0x20000000;
	}
	seg->seq = step_number(play, step[STEP_SEQ], dir, seq);
	if (seg->flags & TCT_ACK)
		seg->ack = step_number(play, step[STEP_ACK], !dir, r.nxt);
	seg->len = step_lens[step[STEP_LEN] & 15];
	if (seg->flags & TCT_ACK && step_flags[what] & TCT_PSH && !seg->len)
		seg->len = 100;
	seg->segs = max(min(seg->len, 1U << (step[STEP_LEN] >> 4 & 3) * 2), 1U);
	if (step[STEP_LEN] & LEN_CE)
		seg->flags |= TCT_OPT_CE;
	seg->window = window ? step_windows[window] : play->host[dir].window;
	step_options(play, seg, dir, step);
	if (play->self)
		seg->flags |= TCT_OPT_SELF;
}

bool step_segment(struct play *play, const u8 *step)
{
	unsigned int what = step[STEP_WHAT] >> 1 & 15, at;
	unsigned int dir = play->self ? 0 : step[STEP_WHAT] & 1;
	struct tct_segment seg = { 0 };

	if (what == WHAT_NOTHING)
		return false;
	if (what == WHAT_AGAIN) {
		at = min_t(unsigned int, play->logged, PLAY_LOG);
		if (!at)
			return false;
		at = (step[STEP_WHAT] >> 5) % at;
		seg = play->log[at].seg;
		dir = play->log[at].dir;
	} else {
		step_make(play, &seg, dir, step);
	}
	at = play->logged++ % PLAY_LOG;
	play->log[at].seg = seg;
	play->log[at].dir = dir;
	play->p.seg = seg;
	play->p.dir = dir;
	play->p.from_low_port = dir;
	return true;
}

u64 step_ticks(const struct play *play, const u8 *step)
{
	unsigned int time = step[STEP_TIME] & 31;
	s32 left;

	if (time < ARRAY_SIZE(step_times))
		return step_times[time];
	if (!play->live)
		return 0;
	if (time & 1)
		left = play->flow.deadline - (u32)play->now;
	else
		left = play->flow.fsm.synack_due - (u32)play->now;
	return left > 0 ? (u64)left + (time >> 1 & 3) - 1 : 0;
}
