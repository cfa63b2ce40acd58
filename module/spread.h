/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How numbers are spread: percentiles without keeping the numbers.  Pure C.
 *
 * Each power of two is divided by eight, so that what comes out is at most an
 * eighth more than what went in.
 */
#ifndef _TCT_SPREAD_H
#define _TCT_SPREAD_H

#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define TCT_SPREAD_BITS		3	/* of a number that count, but the first */
#define TCT_SPREAD_STEPS	8U	/* two to the power of that */
#define TCT_SPREAD_SLOTS	((33 - TCT_SPREAD_BITS) * TCT_SPREAD_STEPS)

/**
 * struct tct_spread - numbers, by size
 * @n: how many
 * @max: the largest
 * @count: by tct_spread_slot()
 */
struct tct_spread {
	u32 n;
	u32 max;
	u32 count[TCT_SPREAD_SLOTS];
};

/**
 * tct_spread_slot() - where a number is counted
 * @number: -
 *
 * Return: index of @count.
 */
static inline unsigned int tct_spread_slot(u32 number)
{
	unsigned int shift;

	if (number < TCT_SPREAD_STEPS)
		return number;
	shift = fls(number) - 1 - TCT_SPREAD_BITS;
	return shift * TCT_SPREAD_STEPS + (number >> shift);
}

/**
 * tct_spread_most() - the largest number that is counted there
 * @slot: index of @count
 *
 * Return: the number.
 */
static inline u32 tct_spread_most(unsigned int slot)
{
	unsigned int shift;

	if (slot < TCT_SPREAD_STEPS)
		return slot;
	shift = slot / TCT_SPREAD_STEPS - 1;
	return (((u64)slot % TCT_SPREAD_STEPS + TCT_SPREAD_STEPS + 1) <<
		shift) - 1;
}

/**
 * tct_spread_add() - count a number
 * @spread: -
 * @number: -
 */
static inline void tct_spread_add(struct tct_spread *spread, u32 number)
{
	spread->n++;
	spread->max = max(spread->max, number);
	spread->count[tct_spread_slot(number)]++;
}

/**
 * tct_spread_at() - what so many of a hundred do not exceed
 * @spread: -
 * @percent: 1 to 100
 *
 * Return: a number, at most an eighth too large; 0: there are none.
 */
static inline u32 tct_spread_at(const struct tct_spread *spread,
				unsigned int percent)
{
	u64 want = (u64)spread->n * percent, seen = 0;
	unsigned int slot;

	for (slot = 0; slot < TCT_SPREAD_SLOTS; slot++) {
		seen += spread->count[slot];
		if (seen * 100 >= want && seen)
			return min(tct_spread_most(slot), spread->max);
	}
	return 0;
}

#endif /* _TCT_SPREAD_H */
