// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl timewait
 */
#include <errno.h>
#include <string.h>

#include "netlink.h"
#include "sockets.h"
#include "timewait.h"
#include "units.h"

static bool timewait_on_fin_wait_2(void *arg, const struct socket_found *found)
{
	struct timewait *tw = arg;

	tw->fin_wait_2++;
	tw->fin_wait_2_small += found->small;
	return true;
}

/* What the stack says.  Return: false: it could not be found out. */
static bool timewait_ask_stack(struct timewait *tw)
{
	int error;

	/* sockstat counts two kinds together; the rarer one is listed */
	error = sockets_each(1U << TCP_FIN_WAIT2, timewait_on_fin_wait_2, tw);
	if (error)
		ctl_complain("sockets: %s", strerror(error));
	return !error && ports_read(&tw->ports) && host_read(&tw->host);
}

static int timewait_on_flow(const struct nlmsghdr *nlh, void *data)
{
	struct record record;

	if (!record_parse(&record, nlh)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (timewait_add(data, &record))
		return MNL_CB_OK;
	errno = ENOMEM;
	return MNL_CB_ERROR;
}

static struct nlmsghdr *timewait_request(struct netlink *nl,
					 const struct timewait *tw)
{
	struct nlmsghdr *nlh;

	nlh = netlink_begin(nl, TCPTRACK_CMD_FLOW_GET, NLM_F_DUMP);
	mnl_attr_put(nlh, TCPTRACK_A_FLOW_SOCKETS, 0, NULL);
	/* whose timestamps it is that matter only then */
	if (tw->host.reuse != 1)
		mnl_attr_put(nlh, TCPTRACK_A_FLOW_BRIEF, 0, NULL);
	return nlh;
}

static int timewait_collect(struct timewait *tw)
{
	struct netlink *nl = netlink_open(tw->options);
	int status = CTL_DATA;

	if (nl && timewait_ask_stack(tw))
		status = netlink_run(nl, timewait_request(nl, tw),
				     timewait_on_flow, tw);
	netlink_close(nl);
	return status;
}

/* Return: whether there is no limit, or a good one. */
static bool timewait_parse(struct timewait *tw, int argc, char **argv)
{
	tw->limit = UINT64_MAX;
	if (!argc)
		return true;
	if (argc == 2 && !strcmp(argv[0], "limit") &&
	    units_parse_number(argv[1], &tw->limit) && tw->limit)
		return true;
	if (strcmp(argv[0], "limit"))
		ctl_misused("'%s' is unknown: see 'tcptrackctl timewait help'",
			    argv[0]);
	else
		ctl_misused("'limit' needs a number, 1 or more, no more");
	return false;
}

static int timewait_show(const struct ctl_options *options, int argc,
			 char **argv)
{
	struct timewait tw = {
		.options = options,
		.services = {
			.key = sizeof(struct timewait_key),
			.size = sizeof(struct timewait_place),
		},
	};
	int status;

	if (options->all)
		return ctl_misused("option 'all' does not go with 'timewait'");
	if (!timewait_parse(&tw, argc, argv))
		return CTL_USAGE;
	tw.destinations = tw.services;
	status = timewait_collect(&tw);
	if (status == CTL_OK) {
		timewait_sort(&tw);
		if (options->json)
			timewait_json(&tw);
		else
			timewait_print(&tw);
	}
	bag_free(&tw.services);
	bag_free(&tw.destinations);
	return status;
}

static int timewait_run(const struct ctl_options *options, int argc,
			char **argv)
{
	static const struct ctl_verb verbs[] = { { "show", timewait_show } };

	/* what is limited need not be named */
	if (argc && !strcmp(argv[0], "limit"))
		return timewait_show(options, argc, argv);
	return ctl_run_verb("timewait", verbs, CTL_COUNT(verbs), options, argc,
			    argv);
}

const struct ctl_object timewait_object = {
	"timewait", timewait_run,
	"Usage: tcptrackctl [ -4 | -6 ] timewait [ show ] [ limit NUMBER ]\n"
	"\n"
	"Prints what of this host is in TIME_WAIT, by service and by destination,\n"
	"which ports that takes, and when they run out.\n"
};
