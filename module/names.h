/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words for states, classes, reasons and flags.
 */
#ifndef _TCT_NAMES_H
#define _TCT_NAMES_H

#include "fsm.h"
#include "text.h"

/**
 * tct_state_name() - name of a state, as in RFC 9293 section 3.3.2 with underscores
 * @state: enum tct_state
 *
 * Return: the name.
 */
const char *tct_state_name(unsigned int state);

/**
 * tct_state_word() - the same, for a line
 * @state: enum tct_state
 *
 * Return: the name.
 */
const struct tct_word *tct_state_word(unsigned int state);

/**
 * tct_class_name() - name of a class, as in the sysctls
 * @class: enum tct_class
 *
 * Return: the name.
 */
const char *tct_class_name(unsigned int class);

/**
 * tct_class_word() - the same, for a line
 * @class: enum tct_class
 *
 * Return: the name.
 */
const struct tct_word *tct_class_word(unsigned int class);

/**
 * tct_reason_name() - name of a reason, one word
 * @reason: enum tct_reason
 *
 * Return: the name.
 */
const char *tct_reason_name(unsigned int reason);

/**
 * tct_reason_word() - the same, for a line
 * @reason: enum tct_reason
 *
 * Return: the name.
 */
const struct tct_word *tct_reason_word(unsigned int reason);

/**
 * tct_flag_name() - names of the flags that are set, one after the other
 * @fsm: the flow
 * @i: 0, 1, ...; changed to the index after the name returned
 *
 * Return: the next name from *@i on, NULL after the last.
 */
const char *tct_flag_name(const struct tct_fsm *fsm, unsigned int *i);

/**
 * tct_flag_bits() - the flags that are set
 * @fsm: the flow
 *
 * Return: a bit for each, by the index of its name: those of enum
 * tcptrack_flow_flags.
 */
u32 tct_flag_bits(const struct tct_fsm *fsm);

/**
 * tct_seen_name() - names of what an end's segments have had
 * @end: the end
 * @i: as for tct_flag_name()
 *
 * wscale, sack, timestamps, signed: options, the first two of its SYN; psh,
 * urg, ece, cwr: bits of the header.
 *
 * Return: the next name from *@i on, NULL after the last.
 */
const char *tct_seen_name(const struct tct_end *end, unsigned int *i);

/**
 * tct_seen_bits() - what an end's segments have had
 * @end: the end
 *
 * Return: a bit for each, by the index of its name: those of enum
 * tcptrack_seen_flags.
 */
u32 tct_seen_bits(const struct tct_end *end);

#endif /* _TCT_NAMES_H */
