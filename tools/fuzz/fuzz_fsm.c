// SPDX-License-Identifier: GPL-2.0
/*
 * Sequences of segments of one tuple, into what accounts them in packet.c and
 * gc.c; after each check.c looks whether what must hold does.
 *
 * FUZZ_TRACE=1 in the environment prints each step and what came of it.
 */
#include <string.h>

#include <linux/jiffies.h>
#include <linux/slab.h>

#include "names.h"
#include "play.h"

#define FSM_STRIDE	0x40000000U	/* of time that passes at once */

struct kmem_cache {
	unsigned int size;
};

static struct kmem_cache fsm_cache = { sizeof(struct tct_detail) };
static bool fsm_memory_is_short;
static u64 fsm_us;

/* One cache is used here: that of details */
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *))
{
	(void)name;
	(void)align;
	(void)flags;
	(void)ctor;
	fsm_cache.size = size;
	return &fsm_cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	(void)cache;
}

void *kmem_cache_alloc(struct kmem_cache *cache, unsigned int flags)
{
	(void)flags;
	return fsm_memory_is_short ? NULL : malloc(cache->size);
}

void *kmem_cache_zalloc(struct kmem_cache *cache, unsigned int flags)
{
	(void)flags;
	return fsm_memory_is_short ? NULL : calloc(1, cache->size);
}

void kmem_cache_free(struct kmem_cache *cache, void *obj)
{
	(void)cache;
	free(obj);
}

u32 tct_clock_us(void)
{
	return fsm_us;
}

void play_copy(const struct play *play, struct copy *copy)
{
	memcpy(&copy->flow, &play->flow, sizeof(copy->flow));
	if (!play->flow.detail)
		return;
	memcpy(&copy->detail, play->flow.detail, sizeof(copy->detail));
	copy->flow.detail = &copy->detail;
}

static void fsm_trace(const struct play *play, const char *what, u32 ev)
{
	const struct tct_segment *seg = &play->p.seg;
	const struct tct_fsm *f = &play->flow.fsm;

	if (!play->trace)
		return;
	fprintf(stderr, "%llu %s: %c seq %#x ack %#x len %u segs %u win %u ",
		(unsigned long long)play->now, what, "AB"[play->p.dir],
		seg->seq, seg->ack, seg->len, seg->segs, seg->window);
	fprintf(stderr, "flags %#x ts %#x %#x sack %#x: %s %s %s flags %#x, ",
		seg->flags, seg->tsval, seg->tsecr, seg->sack,
		tct_state_name(f->end[0].state),
		tct_state_name(f->end[1].state), tct_reason_name(f->reason),
		f->flags);
	fprintf(stderr, "events %#x\n", ev);
}

/* tct_table_refresh() */
static void fsm_refresh(struct play *play)
{
	play->flow.deadline = (u32)play->now +
			      play->config.timeout[play->flow.class];
}

static void fsm_end(struct play *play)
{
	tct_flow_set_detail(&play->flow, false, play->now);
	play->live = false;
}

/* tct_packet_new() */
static void fsm_new(struct play *play)
{
	struct tct_flow *flow = &play->flow;
	u32 ev;

	/* a RST makes no flow */
	if (play->p.seg.flags & TCT_RST)
		return;
	memset(flow, 0, sizeof(*flow));
	flow->key = play->p.key;
	play->live = true;
	ev = tct_account_new(flow, &play->p, play->now);
	flow->class = TCT_CLASS_HALF_OPEN;
	tct_account_settle(flow, &play->config, play->now);
	fsm_trace(play, "new", ev);
	check_new(play);
}

/* As tct_packet_known() and tct_packet_slow() */
static void fsm_known(struct play *play)
{
	struct tct_flow *flow = &play->flow;
	unsigned int end = play->p.dir ^ flow->initiator_high;
	struct copy old;
	u32 ev;

	play_copy(play, &old);
	if (tct_account_predicted(flow, &play->p.seg, end, play->now)) {
		ev = TCT_EV_REFRESH;
		fsm_trace(play, "predicted", ev);
		check_step(play, &old, ev);
		check_predicted(play, &old);
		fsm_refresh(play);
		return;
	}
	ev = tct_account_slow(flow, &play->p, play->now);
	if (ev & TCT_EV_REUSE)
		ev |= tct_account_reuse(flow, &play->p, play->now);
	fsm_trace(play, "slow", ev);
	if (ev & (TCT_EV_STATE | TCT_EV_REUSE))
		tct_account_settle(flow, &play->config, play->now);
	else if (tct_account_is_refreshed(flow, ev))
		fsm_refresh(play);
	check_step(play, &old, ev);
}

/* tct_gc_expire(): the deadline is not later than now */
static void fsm_expire(struct play *play)
{
	struct tct_flow *flow = &play->flow;
	struct copy old;
	u32 ev;

	if (flow->fsm.flags & TCT_F_ACCEPT_WAIT &&
	    (s32)(flow->fsm.synack_due - (u32)play->now) > 0) {
		flow->deadline = flow->fsm.synack_due;
		return;
	}
	play_copy(play, &old);
	ev = tct_fsm_timeout(&flow->fsm, play->now);
	fsm_trace(play, "timeout", ev);
	if (!ev) {
		fsm_end(play);
		return;
	}
	tct_account_settle(flow, &play->config, play->now);
	check_timeout(play, &old, ev);
}

/* Time passes, and the gc comes to each deadline when it is there, or @late */
static void fsm_pass(struct play *play, u64 ticks, bool late)
{
	u64 target = play->now + ticks, limit;
	s32 left;

	fsm_us += ticks * (1000000 / HZ);
	if (late && ticks < 2 * HZ) {
		play->now = target;
		return;
	}
	while (play->live) {
		limit = play->now + FSM_STRIDE < target ?
			play->now + FSM_STRIDE : target;
		left = play->flow.deadline - (u32)limit;
		if (left <= 0) {
			if (limit + left > play->now)
				play->now = limit + left;
			fsm_expire(play);
			continue;
		}
		play->now = limit;
		if (limit == target)
			break;
	}
	play->now = target;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play play = { .trace = getenv("FUZZ_TRACE") };
	const u8 *step = data + PLAY_HEAD;
	unsigned int steps;

	tct_flow_cache_init();
	if (size < PLAY_HEAD)
		return 0;
	steps = (size - PLAY_HEAD) / PLAY_STEP;
	if (steps > PLAY_STEPS)
		steps = PLAY_STEPS;
	step_begin(&play, data);
	fsm_us = play.now * (1000000 / HZ);
	for (; steps--; step += PLAY_STEP) {
		fsm_pass(&play, step_ticks(&play, step),
			 step[STEP_TIME] & 0x20);
		fsm_us += step[STEP_TIME] >> 6;
		fsm_memory_is_short = (step[STEP_LEN] & 0x80) != 0;
		if (!step_segment(&play, step))
			continue;
		if (play.live)
			fsm_known(&play);
		else
			fsm_new(&play);
	}
	if (play.live) {
		check_line(&play);
		fsm_end(&play);
	}
	return 0;
}

/* Steps as a whole are repeated, left out and put elsewhere: otherwise libFuzzer
 * moves all that follow out of step
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	size_t steps = size < PLAY_HEAD ? 0 : (size - PLAY_HEAD) / PLAY_STEP;
	u8 *first = data + PLAY_HEAD, *a, *b;
	unsigned int chance = seed % 8;

	seed /= 8;
	if (!steps || chance < 2)
		return LLVMFuzzerMutate(data, size, max);
	a = first + seed % steps * PLAY_STEP;
	b = first + seed / steps % steps * PLAY_STEP;
	size = PLAY_HEAD + steps * PLAY_STEP;
	if (chance < 5) {
		LLVMFuzzerMutate(a, PLAY_STEP, PLAY_STEP);
	} else if (chance == 5 && steps > 1) {
		memmove(a, a + PLAY_STEP, data + size - a - PLAY_STEP);
		size -= PLAY_STEP;
	} else if (size + PLAY_STEP <= max) {
		u8 copy[PLAY_STEP];

		memcpy(copy, b, PLAY_STEP);
		memmove(a + PLAY_STEP, a, data + size - a);
		memcpy(a, copy, PLAY_STEP);
		size += PLAY_STEP;
		if (chance == 7)
			a[STEP_WHAT] = seed >> 16;
	}
	return size;
}
