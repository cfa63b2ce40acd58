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

static const char *vocabulary_flag(unsigned int number)
{
	return number < TCT_FLAGS ? tct_flag_words[number].text : NULL;
}

static const char *vocabulary_seen_word(unsigned int number)
{
	return number < TCT_SEEN ? tct_seen_words[number].text : NULL;
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
