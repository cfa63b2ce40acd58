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

/* Come to the next stage, from @start, and see that it is. @stage is NULL at
 * first. Return: whether there was another.
 */
bool stage_next(struct conn *c, const struct conn *start,
		const struct stage **stage);

#endif /* _UNIT_STAGE_H */
