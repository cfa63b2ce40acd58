/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words for states, classes, reasons and flags.
 */
#ifndef _TCT_NAMES_H
#define _TCT_NAMES_H

#include "fsm.h"
#include "text.h"

#define TCT_FLAGS	10	/* enum tcptrack_flow_flags */
#define TCT_SEEN	8	/* enum tcptrack_seen_flags */

/* By their numbers; of flags, by the number of the bit */
extern const struct tct_word tct_state_words[TCT_STATE_MAX];
extern const struct tct_word tct_class_words[TCT_CLASS_MAX];
extern const struct tct_word tct_reason_words[TCT_WHY_MAX];
extern const struct tct_word tct_flag_words[TCT_FLAGS];
/* wscale, sack, timestamps, signed: options, the first two of an end's SYN; psh,
 * urg, ece, cwr: bits of its headers
 */
extern const struct tct_word tct_seen_words[TCT_SEEN];

/**
 * tct_state_name() - name of a state, as in RFC 9293 section 3.3.2 with underscores
 * @state: enum tct_state
 *
 * Return: the name.
 */
const char *tct_state_name(unsigned int state);

/**
 * tct_class_name() - name of a class, as in the sysctls
 * @class: enum tct_class
 *
 * Return: the name.
 */
const char *tct_class_name(unsigned int class);

/**
 * tct_reason_name() - name of a reason, one word
 * @reason: enum tct_reason
 *
 * Return: the name.
 */
const char *tct_reason_name(unsigned int reason);

/**
 * tct_flag_bits() - the flags that are set
 * @fsm: the flow
 *
 * Return: a bit for each, those of enum tcptrack_flow_flags; the words for them
 * are in tct_flag_words[].
 */
u32 tct_flag_bits(const struct tct_fsm *fsm);

/**
 * tct_seen_bits() - what an end's segments have had
 * @end: the end
 *
 * Return: a bit for each, those of enum tcptrack_seen_flags; the words for them
 * are in tct_seen_words[].
 */
u32 tct_seen_bits(const struct tct_end *end);

#endif /* _TCT_NAMES_H */
