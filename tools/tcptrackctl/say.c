// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"

static char *ctl_text;
static size_t ctl_size;

void ctl_complain_to(char *text, size_t size)
{
	ctl_text = text;
	ctl_size = size;
	if (text)
		*text = '\0';
}

static void ctl_vcomplain(const char *format, va_list args)
{
	if (ctl_text) {
		vsnprintf(ctl_text, ctl_size, format, args);
		return;
	}
	fputs("tcptrackctl: ", stderr);
	vfprintf(stderr, format, args);
	putc('\n', stderr);
}

void ctl_complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	ctl_vcomplain(format, args);
	va_end(args);
}

int ctl_misused(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	ctl_vcomplain(format, args);
	va_end(args);
	return CTL_USAGE;
}

int ctl_flush(void)
{
	static bool said;

	if (!fflush(stdout) && !ferror(stdout))
		return CTL_OK;
	/* who reads no further has what he wants */
	if (!said && errno != EPIPE)
		ctl_complain("standard output: %s", strerror(errno));
	said = true;
	return CTL_DATA;
}

bool ctl_begins(const char *word, const char *with)
{
	return *with && !strncmp(word, with, strlen(with));
}

int ctl_run_verb(const char *object, const struct ctl_verb *verbs, size_t n,
		 const struct ctl_options *options, int argc, char **argv)
{
	size_t i;

	if (!argc)
		return verbs[0].run(options, 0, argv);
	for (i = 0; i < n; i++)
		if (ctl_begins(verbs[i].word, argv[0]))
			return verbs[i].run(options, argc - 1, argv + 1);
	return ctl_misused("command '%s' is unknown: see 'tcptrackctl %s help'",
			   argv[0], object);
}
