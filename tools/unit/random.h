/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segments by chance: most of them make sense, some nearly, some not at all.
 */
#ifndef _UNIT_RANDOM_H
#define _UNIT_RANDOM_H

#include "conn.h"

/* struct random - a generator that repeats exactly: xorshift64star */
struct random {
	u64 state;
};

static inline u32 random_u32(struct random *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (r->state * 0x2545f4914f6cdd1dULL) >> 32;
}

/* 0 to n - 1 */
static inline u32 random_below(struct random *r, u32 n)
{
	return ((u64)random_u32(r) * n) >> 32;
}

static inline bool random_percent(struct random *r, unsigned int percent)
{
	return random_below(r, 100) < percent;
}

/* As the packet path lets them through: any of the valid combinations of flags,
 * with numbers at, near and far from those that count
 */
struct tct_segment random_segment(struct random *r, struct conn *c,
				  unsigned int from);

/* Numbers, windows and scaling to begin with */
void random_conn(struct random *r, struct conn *c);

#endif /* _UNIT_RANDOM_H */
