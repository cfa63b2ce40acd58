// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "moment.h"

uint64_t moment_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MOMENT_SECOND + now.tv_nsec;
}

const char *moment_print(char *text, uint64_t ns, enum moment_form form)
{
	static const struct {
		const char *date;
		const char *fraction;
	} forms[] = {
		[MOMENT_CLOCK]	= { "%T", ".%06" PRIu64 },
		[MOMENT_SHORT]	= { "%FT%T", ".%06" PRIu64 },
		[MOMENT_LONG]	= { "%a %b %e %T %Y", " %06" PRIu64 " usec" },
	};
	time_t seconds = ns / MOMENT_SECOND;
	struct tm tm = { 0 };
	size_t len;

	localtime_r(&seconds, &tm);
	len = strftime(text, MOMENT_ROOM, forms[form].date, &tm);
	snprintf(text + len, MOMENT_ROOM - len, forms[form].fraction,
		 ns % MOMENT_SECOND / 1000);
	return text;
}
