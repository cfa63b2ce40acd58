// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "options.h"

enum options_color {
	OPTIONS_AUTO,
	OPTIONS_NEVER,
	OPTIONS_ALWAYS,
};

/* What each option does */
enum options_id {
	OPTIONS_ALL,
	OPTIONS_BATCH,
	OPTIONS_BRIEF,
	OPTIONS_COLOR,
	OPTIONS_DETAILS,
	OPTIONS_FAMILY,
	OPTIONS_FORCE,
	OPTIONS_HELP,
	OPTIONS_IPV4,
	OPTIONS_IPV6,
	OPTIONS_JSON,
	OPTIONS_LIVE,
	OPTIONS_NETNS,
	OPTIONS_NUMERIC,
	OPTIONS_ONELINE,
	OPTIONS_PRETTY,
	OPTIONS_PROCESSES,
	OPTIONS_RCVBUF,
	OPTIONS_RESOLVE,
	OPTIONS_STATS,
	OPTIONS_TIMESTAMP,
	OPTIONS_TSHORT,
	OPTIONS_VERSION,
};

/* An abbreviation stands for the first that begins with it: the order matters */
static const struct {
	const char *word;
	enum options_id id;
} options_words[] = {
	{ "4",		OPTIONS_IPV4 },
	{ "6",		OPTIONS_IPV6 },
	{ "all",	OPTIONS_ALL },
	{ "batch",	OPTIONS_BATCH },
	{ "brief",	OPTIONS_BRIEF },
	{ "color",	OPTIONS_COLOR },
	{ "details",	OPTIONS_DETAILS },
	{ "family",	OPTIONS_FAMILY },
	{ "force",	OPTIONS_FORCE },
	{ "help",	OPTIONS_HELP },
	{ "json",	OPTIONS_JSON },
	{ "live",	OPTIONS_LIVE },
	{ "netns",	OPTIONS_NETNS },
	{ "oneline",	OPTIONS_ONELINE },
	{ "pretty",	OPTIONS_PRETTY },
	{ "resolve",	OPTIONS_RESOLVE },
	{ "rcvbuf",	OPTIONS_RCVBUF },
	{ "statistics",	OPTIONS_STATS },
	{ "stats",	OPTIONS_STATS },
	{ "timestamp",	OPTIONS_TIMESTAMP },
	{ "tshort",	OPTIONS_TSHORT },
	{ "version",	OPTIONS_VERSION },
	{ "Numeric",	OPTIONS_NUMERIC },
	{ "Processes",	OPTIONS_PROCESSES },
	{ "processes",	OPTIONS_PROCESSES },
	{ "Version",	OPTIONS_VERSION },
};

/**
 * struct options - what is being taken apart
 * @line: the result
 * @color: -
 * @argc: arguments that are left
 * @argv: these
 */
struct options {
	struct ctl_line *line;
	enum options_color color;
	int argc;
	char **argv;
};

/* Return: enum options_id, or -1. */
static int options_find(const char *arg)
{
	size_t i;

	for (i = 0; i < CTL_COUNT(options_words); i++)
		if (ctl_begins(options_words[i].word, arg))
			return options_words[i].id;
	return -1;
}

/* The argument that goes with an option.  Return: NULL: there is none. */
static const char *options_value(struct options *o, const char *option,
				 const char *what)
{
	if (!o->argc) {
		ctl_misused("option '%s' needs %s", option, what);
		return NULL;
	}
	o->argc--;
	return *o->argv++;
}

static int options_set_rcvbuf(struct options *o, const char *option)
{
	const char *value = options_value(o, option, "a number of octets");
	unsigned long size;
	char *end;

	if (!value)
		return CTL_USAGE;
	size = strtoul(value, &end, 10);
	if (*value < '1' || *value > '9' || *end || size > INT_MAX)
		return ctl_misused("option '%s': '%s' is no number of octets",
				   option, value);
	o->line->options.rcvbuf = size;
	return CTL_OK;
}

static int options_set_family(struct options *o, const char *option)
{
	const char *value = options_value(o, option, "'inet' or 'inet6'");

	if (!value)
		return CTL_USAGE;
	if (!strcmp(value, "inet"))
		o->line->options.family = AF_INET;
	else if (!strcmp(value, "inet6"))
		o->line->options.family = AF_INET6;
	else
		return ctl_misused("option '%s': '%s' is neither %s", option,
				   value, "'inet' nor 'inet6'");
	return CTL_OK;
}

static int options_set_color(struct options *o, const char *when)
{
	if (!when || !strcmp(when, "always"))
		o->color = OPTIONS_ALWAYS;
	else if (!strcmp(when, "never"))
		o->color = OPTIONS_NEVER;
	else if (!strcmp(when, "auto"))
		o->color = OPTIONS_AUTO;
	else
		return ctl_misused("option 'color': '%s' is none of %s", when,
				   "'always', 'auto' and 'never'");
	return CTL_OK;
}

/* Those that come with a value */
static int options_take_value(struct options *o, enum options_id id,
			      const char *option, const char *with)
{
	struct ctl_options *options = &o->line->options;

	switch (id) {
	case OPTIONS_BATCH:
		options->batch = options_value(o, option, "a file");
		return options->batch ? CTL_OK : CTL_USAGE;
	case OPTIONS_COLOR:
		return options_set_color(o, with);
	case OPTIONS_FAMILY:
		return options_set_family(o, option);
	case OPTIONS_NETNS:
		options->netns = options_value(o, option, "a namespace");
		return options->netns ? CTL_OK : CTL_USAGE;
	default:
		return options_set_rcvbuf(o, option);
	}
}

static bool *options_flag(struct options *o, enum options_id id)
{
	struct ctl_options *options = &o->line->options;
	bool *flag[] = {
		[OPTIONS_ALL]		= &options->all,
		[OPTIONS_BRIEF]		= &options->brief,
		[OPTIONS_DETAILS]	= &options->details,
		[OPTIONS_FORCE]		= &options->force,
		[OPTIONS_HELP]		= &o->line->help,
		[OPTIONS_JSON]		= &options->json,
		[OPTIONS_LIVE]		= &options->live,
		[OPTIONS_ONELINE]	= &options->oneline,
		[OPTIONS_PRETTY]	= &options->pretty,
		[OPTIONS_PROCESSES]	= &options->processes,
		[OPTIONS_RESOLVE]	= &options->resolve,
		[OPTIONS_STATS]		= &options->stats,
		[OPTIONS_TIMESTAMP]	= &options->timestamp,
		[OPTIONS_TSHORT]	= &options->tshort,
		[OPTIONS_VERSION]	= &o->line->version,
	};

	return id < CTL_COUNT(flag) ? flag[id] : NULL;
}

static int options_take(struct options *o, char *option)
{
	char *word = option + (option[1] == '-' ? 2 : 1);
	char *with = strchr(word, '=');
	bool *flag;
	int id;

	if (with)
		*with++ = '\0';
	id = options_find(word);
	if (id < 0 || (with && id != OPTIONS_COLOR))
		return ctl_misused("option '%s' is unknown: see '%s'", option,
				   "tcptrackctl help");
	flag = options_flag(o, id);
	if (flag)
		*flag = true;
	else if (id == OPTIONS_IPV4)
		o->line->options.family = AF_INET;
	else if (id == OPTIONS_IPV6)
		o->line->options.family = AF_INET6;
	else if (id == OPTIONS_NUMERIC)
		o->line->options.resolve = false;
	else
		return options_take_value(o, id, option, with);
	return CTL_OK;
}

/* Colours are for people: see no-color.org, and terminfo(5) on "dumb" */
static bool options_want_color(enum options_color color)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (color != OPTIONS_AUTO)
		return color == OPTIONS_ALWAYS;
	return isatty(STDOUT_FILENO) && (!no || !*no) && term &&
	       strcmp(term, "dumb");
}

int options_parse(struct ctl_line *line, int argc, char **argv)
{
	struct options o = { line, OPTIONS_AUTO, argc - 1, argv + 1 };
	bool more = true;
	int status;

	memset(line, 0, sizeof(*line));
	line->argv = argv;
	while (o.argc) {
		char *word = *o.argv++;

		o.argc--;
		if (!more || word[0] != '-' || !word[1]) {
			argv[line->argc++] = word;
		} else if (!strcmp(word, "--")) {
			more = false;
		} else {
			status = options_take(&o, word);
			if (status != CTL_OK)
				return status;
		}
	}
	line->options.color = options_want_color(o.color);
	return CTL_OK;
}
