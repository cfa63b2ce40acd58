// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl [ OPTIONS ] OBJECT ...
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ctl.h"

enum ctl_option {
	CTL_HELP,
	CTL_JSON,
	CTL_LIVE,
	CTL_STATS,
	CTL_VERSION,
};

struct ctl_word {
	const char *word;
	int value;
};

/* One letter stands for the first that begins with it; the order matters */
static const struct ctl_word ctl_option_words[] = {
	{ "help",	CTL_HELP },
	{ "json",	CTL_JSON },
	{ "live",	CTL_LIVE },
	{ "statistics",	CTL_STATS },
	{ "Version",	CTL_VERSION },
	{ "version",	CTL_VERSION },
};

static const struct ctl_object {
	const char *word;
	int (*run)(const struct ctl_options *options, int argc, char **argv);
	const char *help;
} ctl_objects[] = {
	{ "replay", replay_run,
	  "Usage: tcptrackctl [ -json ] [ -statistics ] replay [ -live ] FILE\n"
	  "\n"
	  "Prints the flows of a capture (pcap or pcapng; '-' is standard\n"
	  "input) as the module would have seen them: each when it ends, and\n"
	  "the rest when the capture does, in the order of their first packets.\n"
	  "\n"
	  "  -live         only flows that live when the capture ends, by key\n"
	  "  -statistics   what was read, and what was not tracked and why\n" },
};

static const char ctl_usage[] =
	"Usage: tcptrackctl [ OPTIONS ] OBJECT { ... | help }\n"
	"where  OBJECT := { replay }\n"
	"       OPTIONS := { -h[elp] | -j[son] | -s[tatistics] | -V[ersion] }\n";

/* Print, and see to it that it was */
static int ctl_say(const char *text)
{
	if (fputs(text, stdout) >= 0 && !fflush(stdout))
		return CTL_OK;
	fprintf(stderr, "tcptrackctl: standard output: %s\n", strerror(errno));
	return CTL_DATA;
}

static bool ctl_begins(const char *word, const char *with)
{
	return *with && !strncmp(word, with, strlen(with));
}

/* Return: enum ctl_option, or -1. */
static int ctl_find_option(const char *arg)
{
	unsigned int i;

	arg += arg[1] == '-' ? 2 : 1;
	for (i = 0; i < ARRAY_SIZE(ctl_option_words); i++)
		if (ctl_begins(ctl_option_words[i].word, arg))
			return ctl_option_words[i].value;
	return -1;
}

/**
 * struct ctl_line - the command line, taken apart
 * @options: -
 * @help: asked for
 * @version: asked for
 * @argc: number of @argv
 * @argv: what is no option
 */
struct ctl_line {
	struct ctl_options options;
	bool help;
	bool version;
	int argc;
	char **argv;
};

static bool ctl_take_option(struct ctl_line *line, const char *arg)
{
	switch (ctl_find_option(arg)) {
	case CTL_HELP:
		line->help = true;
		return true;
	case CTL_JSON:
		line->options.json = true;
		return true;
	case CTL_LIVE:
		line->options.live = true;
		return true;
	case CTL_STATS:
		line->options.stats = true;
		return true;
	case CTL_VERSION:
		line->version = true;
		return true;
	default:
		fprintf(stderr, "tcptrackctl: option '%s' is unknown: "
			"see 'tcptrackctl -help'\n", arg);
		return false;
	}
}

/* Options go anywhere before "--"; what is none is left in @argv */
static bool ctl_parse(struct ctl_line *line, int argc, char **argv)
{
	bool options = true;
	int i;

	line->argv = argv;
	for (i = 1; i < argc; i++) {
		if (!options || argv[i][0] != '-' || !argv[i][1])
			argv[line->argc++] = argv[i];
		else if (!strcmp(argv[i], "--"))
			options = false;
		else if (!ctl_take_option(line, argv[i]))
			return false;
	}
	return true;
}

static int ctl_run(const struct ctl_line *line)
{
	const struct ctl_object *object;
	const char *word = line->argv[0];
	unsigned int i;

	if (ctl_begins("help", word))
		return ctl_say(ctl_usage);
	for (i = 0; i < ARRAY_SIZE(ctl_objects); i++) {
		object = &ctl_objects[i];
		if (!ctl_begins(object->word, word))
			continue;
		if (line->help ||
		    (line->argc > 1 && !strcmp(line->argv[1], "help")))
			return ctl_say(object->help);
		return object->run(&line->options, line->argc - 1,
				   line->argv + 1);
	}
	fprintf(stderr, "tcptrackctl: object '%s' is unknown: "
		"see 'tcptrackctl help'\n", word);
	return CTL_USAGE;
}

/* A file that is opened must not become standard output or error */
static void ctl_hold_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct ctl_line line = { 0 };

	ctl_hold_descriptors();
	if (!ctl_parse(&line, argc, argv))
		return CTL_USAGE;
	if (line.version)
		return ctl_say("tcptrackctl " CTL_VERSION_TEXT "\n");
	if (line.argc)
		return ctl_run(&line);
	if (line.help)
		return ctl_say(ctl_usage);
	fputs(ctl_usage, stderr);
	return CTL_USAGE;
}
