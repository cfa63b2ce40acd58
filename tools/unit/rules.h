/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is true of every step of the state machine, whatever the segment.
 */
#ifndef _UNIT_RULES_H
#define _UNIT_RULES_H

#include "fsm.h"

/* The states, events and times themselves. Return: what is wrong, or NULL. */
const char *rules_broken(const struct tct_fsm *old, const struct tct_fsm *new,
			 u32 ev, u64 now);

/* The rule of evidence, for a segment of end @from. Return: as above. */
const char *rules_broken_by(const struct tct_fsm *old,
			    const struct tct_fsm *new, unsigned int from,
			    const struct tct_segment *seg);

/* RFC 9293 section 3.6: can both ends be in these states? */
bool rules_pair_possible(const struct tct_fsm *f);

#endif /* _UNIT_RULES_H */
