// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl stats
 */
#include "names.h"
#include "record.h"
#include "show.h"

static int stats_on_stats(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr[TCPTRACK_A_STATS_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_STATS_MAX };
	struct show *show = data;
	unsigned int i;

	mnl_attr_parse(nlh, NETLINK_FIXED, record_attr, &attrs);
	show_begin(show, record_number(attr[TCPTRACK_A_STATS_NETNS]));
	for (i = 0; i < names_counters.n; i++) {
		uint64_t number = record_number(attr[i]);

		if (names_counters.word[i] && attr[i] &&
		    (number || !show->options->brief))
			show_number(show, names_counters.word[i], number);
	}
	show_end(show);
	return MNL_CB_OK;
}

static int stats_show(const struct ctl_options *options, int argc, char **argv)
{
	static const struct show_what what = {
		"stats", TCPTRACK_CMD_STATS_GET, TCPTRACK_A_STATS_ALL_NETNS,
		stats_on_stats,
	};

	return show_run(&what, options, argc, argv);
}

static int stats_run(const struct ctl_options *options, int argc, char **argv)
{
	static const struct ctl_verb verbs[] = { { "show", stats_show } };

	return ctl_run_verb("stats", verbs, CTL_COUNT(verbs), options, argc,
			    argv);
}

const struct ctl_object stats_object = {
	"stats", stats_run,
	"Usage: tcptrackctl [ -all ] [ -brief ] stats [ show ]\n"
	"\n"
	"Prints what was counted since tracking was turned on; with -brief\n"
	"only what is not zero.\n"
};
