// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "units.h"

#define UNITS_SECOND	1000ULL
#define UNITS_MINUTE	(60 * UNITS_SECOND)
#define UNITS_HOUR	(60 * UNITS_MINUTE)
#define UNITS_DAY	(24 * UNITS_HOUR)

/* "ms" and "min" before "m" */
static const struct {
	const char *word;
	uint64_t ms;
} units_times[] = {
	{ "ms",		1 },
	{ "min",	UNITS_MINUTE },
	{ "m",		UNITS_MINUTE },
	{ "sec",	UNITS_SECOND },
	{ "s",		UNITS_SECOND },
	{ "h",		UNITS_HOUR },
	{ "d",		UNITS_DAY },
};

static bool units_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Take digits off.  Return: false: there is none, or they are too many. */
static bool units_take_digits(const char **text, uint64_t *number)
{
	const char *at = *text;

	for (*number = 0; units_is_digit(*at); at++)
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, *at - '0', number))
			return false;
	if (at == *text)
		return false;
	*text = at;
	return true;
}

bool units_parse_number(const char *text, uint64_t *number)
{
	return units_take_digits(&text, number) && !*text;
}

/* Take the unit off.  Return: ms of it; 0: there is no such unit. */
static uint64_t units_take_unit(const char **text)
{
	size_t i;

	if (!**text)
		return UNITS_SECOND;
	for (i = 0; i < CTL_COUNT(units_times); i++) {
		size_t len = strlen(units_times[i].word);

		if (strncmp(*text, units_times[i].word, len))
			continue;
		*text += len;
		return units_times[i].ms;
	}
	return 0;
}

/* Take a number and its unit off and add them.  Return: false: that is none. */
static bool units_take_time(const char **text, uint64_t *ms)
{
	uint64_t whole, scale = 1, part = 0, unit;

	if (!units_take_digits(text, &whole))
		return false;
	if (**text == '.') {
		++*text;
		if (!units_is_digit(**text))
			return false;
		/* what is less than a millisecond does not count */
		for (; units_is_digit(**text); ++*text) {
			if (scale == 1000000000)
				continue;
			part = part * 10 + (**text - '0');
			scale *= 10;
		}
	}
	unit = units_take_unit(text);
	return unit && !__builtin_mul_overflow(whole, unit, &whole) &&
	       !__builtin_add_overflow(whole, part * unit / scale, &whole) &&
	       !__builtin_add_overflow(*ms, whole, ms);
}

bool units_parse_ms(const char *text, uint64_t *ms)
{
	*ms = 0;
	do {
		if (!units_take_time(&text, ms))
			return false;
	} while (*text);
	return true;
}

static const char *units_print_two(char *text, uint64_t ms, uint64_t unit,
				   char first, uint64_t part, char second)
{
	snprintf(text, UNITS_ROOM, "%" PRIu64 "%c%02" PRIu64 "%c", ms / unit,
		 first, ms % unit / part, second);
	return text;
}

const char *units_print_ms(char *text, uint64_t ms)
{
	if (ms >= UNITS_DAY)
		return units_print_two(text, ms, UNITS_DAY, 'd', UNITS_HOUR,
				       'h');
	if (ms >= UNITS_HOUR)
		return units_print_two(text, ms, UNITS_HOUR, 'h', UNITS_MINUTE,
				       'm');
	if (ms >= UNITS_MINUTE)
		return units_print_two(text, ms, UNITS_MINUTE, 'm',
				       UNITS_SECOND, 's');
	if (ms >= UNITS_SECOND)
		snprintf(text, UNITS_ROOM, "%u.%us", (unsigned int)ms / 1000,
			 (unsigned int)ms % 1000 / 100);
	else
		snprintf(text, UNITS_ROOM, "%ums", (unsigned int)ms);
	return text;
}

const char *units_print_us(char *text, uint64_t us)
{
	if (us >= 1000000)
		return units_print_ms(text, us / 1000);
	snprintf(text, UNITS_ROOM, "%u.%03ums", (unsigned int)us / 1000,
		 (unsigned int)us % 1000);
	return text;
}
