// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "listing.h"

/* Flows that are asked for */
struct listing {
	const struct filter *filter;
	void (*flow)(void *data, const struct record *record);
	void *data;
};

const char filter_inexact[] =
	"the kernel knows no 'or' and 'not', and takes each condition once";

bool filter_read(struct filter *filter, const struct ctl_options *options,
		 int argc, char **argv)
{
	if (filter_parse(filter, options->family, argc, argv))
		return true;
	ctl_misused("filter: %s: see 'tcptrackctl flow help'", filter->error);
	filter_free(filter);
	return false;
}

struct nlmsghdr *listing_request(struct netlink *nl,
				 const struct ctl_options *options,
				 const struct filter *filter)
{
	struct nlmsghdr *nlh;

	nlh = netlink_begin(nl, TCPTRACK_CMD_FLOW_GET, NLM_F_DUMP);
	if (options->all)
		mnl_attr_put(nlh, TCPTRACK_A_FLOW_ALL_NETNS, 0, NULL);
	filter_put(nlh, TCPTRACK_A_FLOW_FILTER, &filter->kernel);
	return nlh;
}

static int listing_on_flow(const struct nlmsghdr *nlh, void *data)
{
	const struct listing *listing = data;
	struct record record;

	if (!record_parse(&record, nlh)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (filter_matches(listing->filter, &record))
		listing->flow(listing->data, &record);
	return MNL_CB_OK;
}

int listing_run(struct netlink *nl, const struct ctl_options *options,
		const struct filter *filter,
		void (*flow)(void *data, const struct record *record),
		void *data)
{
	struct listing listing = { filter, flow, data };
	struct nlmsghdr *nlh = listing_request(nl, options, filter);

	mnl_attr_put(nlh, TCPTRACK_A_FLOW_BRIEF, 0, NULL);
	return netlink_insist(nl, nlh, listing_on_flow, &listing);
}
