// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>

#include "differ.h"
#include "fsm.h"
#include "names.h"
#include "outcome.h"
#include "vocabulary.h"

static const char *vocabulary_state(unsigned int number)
{
	return number < TCT_STATE_MAX ? tct_state_name(number) : NULL;
}

static const char *vocabulary_class(unsigned int number)
{
	return number < TCT_CLASS_MAX ? tct_class_name(number) : NULL;
}

static const char *vocabulary_reason(unsigned int number)
{
	return number < TCT_WHY_MAX ? tct_reason_name(number) : NULL;
}

static const char *vocabulary_end(unsigned int number)
{
	return number < TCT_OUTCOME_MAX ? tct_outcome_name(number) : NULL;
}

static const char *vocabulary_difference(unsigned int number)
{
	return number < TCT_DIFF_MAX ? tct_difference_name(number) : NULL;
}

/* In the order of the line, which is that of the bits */
static const char *vocabulary_flag(unsigned int number)
{
	struct tct_fsm fsm = { .flags = 0xffff };
	const char *name = NULL;
	unsigned int i = 0;

	fsm.end[0].flags = 0xffff;
	fsm.end[1].flags = 0xffff;
	do {
		name = tct_flag_name(&fsm, &i);
	} while (name && number--);
	return name;
}

static const char *vocabulary_seen_word(unsigned int number)
{
	struct tct_end end = { .flags = 0xffff };
	const char *name = NULL;
	unsigned int i = 0;

	do {
		name = tct_seen_name(&end, &i);
	} while (name && number--);
	return name;
}

const struct vocabulary vocabulary_states = { vocabulary_state, "state" };
const struct vocabulary vocabulary_classes = { vocabulary_class, "class" };
const struct vocabulary vocabulary_reasons = { vocabulary_reason, "reason" };
const struct vocabulary vocabulary_ends = { vocabulary_end, "end" };
const struct vocabulary vocabulary_flags = { vocabulary_flag, "flag" };
const struct vocabulary vocabulary_seen = { vocabulary_seen_word, "seen" };
const struct vocabulary vocabulary_differs = {
	vocabulary_difference, "difference"
};
