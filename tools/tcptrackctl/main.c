// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl [ OPTIONS ] OBJECT { COMMAND | help }
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "moment.h"
#include "netns.h"
#include "options.h"

/* An abbreviation stands for the first that begins with it: the order matters */
static const struct ctl_object *const ctl_objects[] = {
	&flow_object,
	&listener_object,
	&summary_object,
	&stats_object,
	&config_object,
	&monitor_object,
	&top_object,
	&timewait_object,
	&unclosed_object,
	&replay_object,
};

static const char ctl_usage[] =
	"Usage: tcptrackctl [ OPTIONS ] OBJECT { COMMAND | help }\n"
	"       tcptrackctl [ OPTIONS ] -batch FILE\n"
	"where  OBJECT := { flow | listener | summary | stats | config |\n"
	"                   monitor | top | timewait | unclosed | replay }\n"
	"       OPTIONS := { -4 | -6 | -f[amily] { inet | inet6 } | -a[ll] |\n"
	"                    -n[etns] NAME | -j[son] | -p[retty] | -o[neline] |\n"
	"                    -s[tatistics] | -d[etails] | -br[ief] |\n"
	"                    -t[imestamp] | -ts[hort] | -r[esolve] | -N[umeric] |\n"
	"                    -P[rocesses] | -c[olor][={always|auto|never}] |\n"
	"                    -b[atch] FILE | -force | -rc[vbuf] SIZE |\n"
	"                    -h[elp] | -V[ersion] }\n";

/* Print, and see to it that it was */
static int ctl_print(const char *text)
{
	fputs(text, stdout);
	return ctl_flush();
}

static const struct ctl_object *ctl_find_object(const char *word)
{
	size_t i;

	for (i = 0; i < CTL_COUNT(ctl_objects); i++)
		if (ctl_begins(ctl_objects[i]->word, word))
			return ctl_objects[i];
	return NULL;
}

/* Once; what goes on prints it each time */
static void ctl_print_time(const struct ctl_options *options)
{
	char text[MOMENT_ROOM];

	if (options->timestamp)
		printf("Timestamp: %s\n",
		       moment_print(text, moment_now(), MOMENT_LONG));
	else if (options->tshort)
		printf("[%s]\n",
		       moment_print(text, moment_now(), MOMENT_SHORT));
}

static int ctl_run(const struct ctl_options *options, int argc, char **argv)
{
	const struct ctl_object *object;

	if (ctl_begins("help", argv[0]))
		return ctl_print(ctl_usage);
	object = ctl_find_object(argv[0]);
	if (!object)
		return ctl_misused("object '%s' is unknown: see '%s'", argv[0],
				   "tcptrackctl help");
	if (argc > 1 && !strcmp(argv[1], "help"))
		return ctl_print(object->help);
	if (options->live && object != &replay_object)
		return ctl_misused("option 'live' goes with 'replay'");
	if (!object->goes_on && !options->json)
		ctl_print_time(options);
	return object->run(options, argc - 1, argv + 1);
}

static int ctl_help(const struct ctl_line *line)
{
	const struct ctl_object *object = NULL;

	if (line->argc)
		object = ctl_find_object(line->argv[0]);
	return ctl_print(object ? object->help : ctl_usage);
}

static int ctl_line(const struct ctl_line *line)
{
	const struct ctl_options *options = &line->options;
	int status, written;

	if (line->version)
		return ctl_print("tcptrackctl " CTL_VERSION_TEXT "\n");
	if (line->help)
		return ctl_help(line);
	if (!line->argc && !options->batch) {
		fputs(ctl_usage, stderr);
		return CTL_USAGE;
	}
	if (options->netns && !netns_enter(options->netns))
		return CTL_DATA;
	if (options->batch)
		status = batch_file(options, ctl_run);
	else
		status = ctl_run(options, line->argc, line->argv);
	written = ctl_flush();
	return status == CTL_OK ? written : status;
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
	static char output[CTL_OUTPUT];
	struct ctl_line line;
	int status;

	ctl_hold_descriptors();
	setvbuf(stdout, output, _IOFBF, sizeof(output));
	status = options_parse(&line, argc, argv);
	return status == CTL_OK ? ctl_line(&line) : status;
}
