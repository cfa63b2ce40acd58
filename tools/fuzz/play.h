/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tuple, the connections that it has one after another, and the segments that
 * an input stands for.
 */
#ifndef _FUZZ_PLAY_H
#define _FUZZ_PLAY_H

#include "account.h"
#include "fuzz.h"

#define PLAY_LOG	8	/* segments that may come once more */
#define PLAY_HEAD	8	/* octets of an input that are not steps */
#define PLAY_STEP	8	/* octets of a step */
#define PLAY_STEPS	96	/* steps of an input at most */

/* Letters of a step: see step.c */
enum {
	STEP_WHAT,
	STEP_SEQ,
	STEP_ACK,
	STEP_LEN,
	STEP_OPTIONS,
	STEP_TS,
	STEP_WINDOW,
	STEP_TIME,
};

/**
 * struct host - what is the same for all that one host sends
 * @isn: initial sequence number, if a step does not say otherwise
 * @synopts: TCT_OPT_* of its SYN
 * @wscale: shift in its SYN
 * @window: what it puts in the window field, if a step does not say otherwise
 * @ts: its clock
 * @has_ts: its segments have timestamps
 */
struct host {
	u32 isn;
	u32 synopts;
	u8 wscale;
	u16 window;
	u32 ts;
	bool has_ts;
};

/**
 * struct play - what an input has come to
 * @flow: the flow; valid if @live
 * @live: the tuple has one
 * @config: timeouts
 * @now: ticks
 * @host: by direction, 0 the key's low endpoint
 * @self: both are one
 * @p: the segment to come, or that has come
 * @unseen: octets that each end has sent and nobody has seen here, at most
 * @wild: what each end has acknowledged cannot be compared with anything
 * @log: segments that have come
 * @logged: how many
 * @trace: print what happens
 */
struct play {
	struct tct_flow flow;
	bool live;
	struct tct_config config;
	u64 now;
	struct host host[2];
	bool self;
	struct tct_parsed p;
	u64 unseen[2];
	bool wild[2];
	struct {
		struct tct_segment seg;
		u8 dir;
	} log[PLAY_LOG];
	unsigned int logged;
	bool trace;
};

/**
 * struct copy - a flow as it was
 * @flow: its detail part is @detail
 * @detail: valid if the flow has one
 */
struct copy {
	struct tct_flow flow;
	struct tct_detail detail;
};

/* Keep the flow as it is now */
void play_copy(const struct play *play, struct copy *copy);

/* Begin with what an input's first octets say */
void step_begin(struct play *play, const u8 *head);

/* The segment that a step stands for, into @play->p.  Return: false: none, time
 * only passes.
 */
bool step_segment(struct play *play, const u8 *step);

/* Ticks that pass before the step */
u64 step_ticks(const struct play *play, const u8 *step);

/* The step's segment came as the first of its flow */
void check_new(struct play *play);

/* It came to a flow that was as @old is */
void check_step(struct play *play, const struct copy *old, u32 ev);

/* The flow's deadline has passed, and it goes on */
void check_timeout(struct play *play, const struct copy *old, u32 ev);

/* It was predicted: would the long way have done the same? */
void check_predicted(const struct play *play, struct copy *old);

/* The flow as a line */
void check_line(struct play *play);

#endif /* _FUZZ_PLAY_H */
