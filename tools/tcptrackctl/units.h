/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers and times as people write them.
 */
#ifndef _CTL_UNITS_H
#define _CTL_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNITS_ROOM	32	/* octets of what units_print_*() make */

/**
 * units_parse_number() - a whole number
 * @text: decimal digits
 * @number: the result
 *
 * Return: false: it is none, or more than 64 bits.
 */
bool units_parse_number(const char *text, uint64_t *number);

/**
 * units_parse_ms() - a time
 * @text: numbers with units: "90", "1.5s", "3m12s", "200ms", "5d"; without a
 *	unit, seconds
 * @ms: the result
 *
 * Return: false: it is none, or more than 64 bits.
 */
bool units_parse_ms(const char *text, uint64_t *ms);

/**
 * units_print_ms() - a time, to two digits or so
 * @text: UNITS_ROOM octets; what units_parse_ms() takes
 * @ms: the time
 *
 * Return: @text.
 */
const char *units_print_ms(char *text, uint64_t ms);

/**
 * units_print_us() - a short time
 * @text: UNITS_ROOM octets
 * @us: the time
 *
 * Return: @text.
 */
const char *units_print_us(char *text, uint64_t us);

#endif /* _CTL_UNITS_H */
