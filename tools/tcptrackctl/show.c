// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include "netns.h"
#include "show.h"

void show_begin(struct show *show, uint64_t netns)
{
	char label[NETNS_ROOM];

	show->netns = netns;
	show->between = "";
	if (show->options->json) {
		json_open(&show->json, '{');
	} else if (show->options->all && netns) {
		printf("%-20s %s", "netns", netns_label(label, netns));
		show->between = show->options->oneline ? " " : "\n";
	}
}

void show_number(struct show *show, const char *name, uint64_t number)
{
	bool oneline = show->options->oneline;

	if (show->options->json) {
		json_key(&show->json, name);
		json_number(&show->json, number);
		return;
	}
	printf("%s%-*s %" PRIu64, show->between, oneline ? 0 : 20, name,
	       number);
	show->between = oneline ? " " : "\n";
}

void show_text(struct show *show, const char *name, const char *text)
{
	bool oneline = show->options->oneline;

	if (show->options->json) {
		json_key(&show->json, name);
		json_string(&show->json, text);
		return;
	}
	printf("%s%-*s %s", show->between, oneline ? 0 : 20, name, text);
	show->between = oneline ? " " : "\n";
}

void show_end(struct show *show)
{
	if (show->options->json) {
		netns_json(&show->json, show->netns);
		json_close(&show->json, '}');
	} else {
		putchar('\n');
	}
}

static struct nlmsghdr *show_request(struct netlink *nl,
				     const struct show_what *what,
				     const struct ctl_options *options)
{
	struct nlmsghdr *nlh;

	if (!options->all || !what->all)
		return netlink_begin(nl, what->cmd, 0);
	nlh = netlink_begin(nl, what->cmd, NLM_F_DUMP);
	mnl_attr_put(nlh, what->all, 0, NULL);
	return nlh;
}

int show_run(const struct show_what *what, const struct ctl_options *options,
	     int argc, char **argv)
{
	struct show show = { options, { stdout, options->pretty } };
	struct netlink *nl;
	int status;

	if (argc)
		return ctl_misused("'%s' is unknown: see 'tcptrackctl %s help'",
				   argv[0], what->object);
	nl = netlink_open(options);
	if (!nl)
		return CTL_DATA;
	if (options->json)
		json_open(&show.json, '[');
	status = netlink_run(nl, show_request(nl, what, options), what->reply,
			     &show);
	if (options->json)
		json_close(&show.json, ']');
	netlink_close(nl);
	return status;
}
