/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of /proc/net/tcptrack, from the module's own tables.
 */
#ifndef _VOCABULARY_H
#define _VOCABULARY_H

/**
 * struct vocabulary - what the client's table is to be like
 * @word: the module's word for a number, or for the flag of a bit; NULL: there
 *	is none
 * @what: what they are
 */
struct vocabulary {
	const char *(*word)(unsigned int number);
	const char *what;
};

extern const struct vocabulary vocabulary_states;
extern const struct vocabulary vocabulary_classes;
extern const struct vocabulary vocabulary_reasons;
extern const struct vocabulary vocabulary_ends;
extern const struct vocabulary vocabulary_flags;
extern const struct vocabulary vocabulary_seen;
extern const struct vocabulary vocabulary_differs;

#endif /* _VOCABULARY_H */
