/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of /proc/net/tcptrack for what netlink says by number: there is one
 * vocabulary.
 */
#ifndef _CTL_NAMES_H
#define _CTL_NAMES_H

#include <stddef.h>

/**
 * struct names - words by number, or by bit
 * @word: -; NULL: there is none for this number
 * @n: number of them
 */
struct names {
	const char *const *word;
	size_t n;
};

extern const struct names names_states;
extern const struct names names_classes;
extern const struct names names_reasons;
extern const struct names names_ends;
extern const struct names names_removals;
extern const struct names names_flags;
extern const struct names names_seen;
extern const struct names names_differs;
extern const struct names names_limits;
extern const struct names names_counters;	/* by TCPTRACK_A_STATS_* */
extern const struct names names_settings;	/* by TCPTRACK_A_CONFIG_* */

/**
 * names_word() - the word for a number
 * @names: -
 * @number: it
 *
 * Return: the word; of a number that only a later module knows, "unknown".
 */
const char *names_word(const struct names *names, unsigned int number);

/**
 * names_find() - the number of a word
 * @names: -
 * @word: in any case, with '-' or '_'
 *
 * Return: the number; -1: there is no such word.
 */
int names_find(const struct names *names, const char *word);

#endif /* _CTL_NAMES_H */
