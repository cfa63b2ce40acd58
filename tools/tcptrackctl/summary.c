// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl summary
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "record.h"
#include "show.h"
#include "summary.h"
#include "table.h"

/* As in /proc/net/tcptrack_summary */
static const struct {
	uint16_t attr;
	const char *key;
} summary_fields[] = {
	{ TCPTRACK_A_SUMMARY_ENABLED,		"enabled" },
	{ TCPTRACK_A_SUMMARY_FLOWS,		"flows" },
	{ TCPTRACK_A_SUMMARY_FLOWS_MAX,		"max" },
	{ TCPTRACK_A_SUMMARY_HALF_OPEN,		"half_open" },
	{ TCPTRACK_A_SUMMARY_HALF_OPEN_MAX,	"half_open_max" },
	{ TCPTRACK_A_SUMMARY_TIME_WAIT,		"time_wait" },
	{ TCPTRACK_A_SUMMARY_BUCKETS,		"buckets" },
};

void summary_parse_pair(struct summary_pair *pair, const struct nlattr *nest)
{
	const struct nlattr *attr[TCPTRACK_A_PAIR_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_PAIR_MAX };

	mnl_attr_parse_nested(nest, record_attr, &attrs);
	pair->state[RECORD_SRC] =
		record_number(attr[TCPTRACK_A_PAIR_SRC_STATE]);
	pair->state[RECORD_DST] =
		record_number(attr[TCPTRACK_A_PAIR_DST_STATE]);
	pair->flows = record_number(attr[TCPTRACK_A_PAIR_FLOWS]);
}

static const char *summary_state(const struct summary_pair *pair,
				 enum record_side side)
{
	return names_word(&names_states, pair->state[side]);
}

static void summary_json_pairs(struct json *json,
			       const struct summary *summary)
{
	struct summary_pair pair;
	unsigned int i;

	json_key(json, "pairs");
	json_open(json, '[');
	for (i = 0; i < summary->pairs; i++) {
		summary_parse_pair(&pair, summary->pair[i]);
		json_open(json, '{');
		json_key(json, "src_state");
		json_string(json, summary_state(&pair, RECORD_SRC));
		json_key(json, "dst_state");
		json_string(json, summary_state(&pair, RECORD_DST));
		json_key(json, "flows");
		json_number(json, pair.flows);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void summary_print_pairs(const struct summary *summary)
{
	static const struct table_column columns[] = {
		{ "SRC_STATE",	12 },
		{ "DST_STATE",	12 },
		{ "FLOWS",	8, true },
	};
	struct summary_pair pair;
	struct table table;
	char flows[24];
	unsigned int i;

	table_init(&table, stdout, columns, CTL_COUNT(columns));
	for (i = 0; i < summary->pairs; i++) {
		summary_parse_pair(&pair, summary->pair[i]);
		table_cell(&table, TABLE_PLAIN,
			   summary_state(&pair, RECORD_SRC));
		table_cell(&table, TABLE_PLAIN,
			   summary_state(&pair, RECORD_DST));
		snprintf(flows, sizeof(flows), "%" PRIu64, pair.flows);
		table_cell(&table, TABLE_PLAIN, flows);
		table_end_row(&table);
	}
	table_finish(&table);
}

static void summary_print_pairs_short(const struct summary *summary)
{
	struct summary_pair pair;
	unsigned int i;

	for (i = 0; i < summary->pairs; i++) {
		summary_parse_pair(&pair, summary->pair[i]);
		printf("\\\t%s/%s %" PRIu64, summary_state(&pair, RECORD_SRC),
		       summary_state(&pair, RECORD_DST), pair.flows);
	}
}

static int summary_on_attr(const struct nlattr *attr, void *data)
{
	struct summary *summary = data;
	struct record_attrs attrs = { summary->attr, TCPTRACK_A_SUMMARY_MAX };

	if (mnl_attr_get_type(attr) == TCPTRACK_A_SUMMARY_PAIR &&
	    summary->pairs < SUMMARY_PAIRS)
		summary->pair[summary->pairs++] = attr;
	return record_attr(attr, &attrs);
}

void summary_parse(struct summary *summary, const struct nlmsghdr *nlh)
{
	memset(summary, 0, sizeof(*summary));
	mnl_attr_parse(nlh, NETLINK_FIXED, summary_on_attr, summary);
}

static int summary_on_summary(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct show *show = data;
	bool oneline = show->options->oneline;
	struct summary summary;
	unsigned int i;

	summary_parse(&summary, nlh);
	show_begin(show,
		   record_number(summary.attr[TCPTRACK_A_SUMMARY_NETNS]));
	for (i = 0; i < CTL_COUNT(summary_fields); i++) {
		attr = summary.attr[summary_fields[i].attr];
		show_number(show, summary_fields[i].key, record_number(attr));
	}
	if (show->options->json && !show->options->brief)
		summary_json_pairs(&show->json, &summary);
	else if (oneline && !show->options->brief)
		summary_print_pairs_short(&summary);
	show_end(show);
	if (!show->options->json && !oneline && !show->options->brief)
		summary_print_pairs(&summary);
	return MNL_CB_OK;
}

static int summary_show(const struct ctl_options *options, int argc,
			char **argv)
{
	static const struct show_what what = {
		"summary", TCPTRACK_CMD_SUMMARY_GET,
		TCPTRACK_A_SUMMARY_ALL_NETNS, summary_on_summary,
	};

	return show_run(&what, options, argc, argv);
}

static int summary_run(const struct ctl_options *options, int argc,
		       char **argv)
{
	static const struct ctl_verb verbs[] = { { "show", summary_show } };

	return ctl_run_verb("summary", verbs, CTL_COUNT(verbs), options, argc,
			    argv);
}

const struct ctl_object summary_object = {
	"summary", summary_run,
	"Usage: tcptrackctl [ -all ] [ -brief ] summary [ show ]\n"
	"\n"
	"Prints how many flows there are, and how many in each pair of states.\n"
};
