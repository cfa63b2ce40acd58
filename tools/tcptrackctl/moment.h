/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When something was.
 */
#ifndef _CTL_MOMENT_H
#define _CTL_MOMENT_H

#include <stdint.h>

#define MOMENT_ROOM	80	/* octets of what moment_print() makes */
#define MOMENT_SECOND	1000000000ULL	/* ns */

enum moment_form {
	MOMENT_CLOCK,	/* of a day that needs no name */
	MOMENT_SHORT,	/* ISO 8601 */
	MOMENT_LONG,	/* in words, as ip(8)'s "Timestamp:" */
};

/**
 * moment_now() - now
 *
 * Return: ns since the epoch.
 */
uint64_t moment_now(void);

/**
 * moment_print() - a moment, in local time
 * @text: MOMENT_ROOM octets
 * @ns: since the epoch
 * @form: -
 *
 * Return: @text.
 */
const char *moment_print(char *text, uint64_t ns, enum moment_form form);

#endif /* _CTL_MOMENT_H */
