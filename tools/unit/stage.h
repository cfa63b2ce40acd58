/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every pair of states that a connection can come to, and a way there.
 */
#ifndef _UNIT_STAGE_H
#define _UNIT_STAGE_H

#include "conn.h"

/**
 * struct stage - a pair of states
 * @go: comes there from nothing
 * @a: state of A
 * @b: state of B
 * @class: class of the flow
 */
struct stage {
	void (*go)(struct conn *c);
	u8 a;
	u8 b;
	u8 class;
};

extern const struct stage stages[];
extern const unsigned int stages_count;

/* Comes to the stage, and sees that it has */
void stage_go(struct conn *c, const struct stage *stage);

/* for each stage, with a connection of its own */
#define for_each_stage(c, stage) \
	for (struct conn start_ = *(c), \
	     *once_ = &start_; once_; once_ = NULL) \
		for ((stage) = stages; \
		     (stage) < stages + stages_count && \
		     (*(c) = start_, stage_go(c, stage), true); \
		     (stage)++)

#endif /* _UNIT_STAGE_H */
