// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl flow { list | get | watch | delete | flush }
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flow_print.h"
#include "flow_watch.h"
#include "listing.h"
#include "units.h"

/**
 * struct flow_query - flows that are asked for
 * @options: -
 * @filter: which
 * @limit: at most so many; 0: all
 * @half_open: it is half-open ones that are asked for: say how far they are
 * @list: where they are printed
 * @found: how many there were
 */
struct flow_query {
	const struct ctl_options *options;
	struct filter filter;
	uint32_t limit;
	bool half_open;
	struct flow_list list;
	uint64_t found;
};

/* Take "limit N" off.  Return: whether that is none, or good. */
static bool flow_take_limit(struct flow_query *query, int *argc, char ***argv)
{
	uint64_t limit;

	if (!*argc || strcmp((*argv)[0], "limit"))
		return true;
	if (*argc < 2 || !units_parse_number((*argv)[1], &limit) || !limit ||
	    limit > UINT32_MAX) {
		ctl_misused("'limit' needs a number, 1 to %u", UINT32_MAX);
		return false;
	}
	query->limit = limit;
	*argc -= 2;
	*argv += 2;
	return true;
}

static int flow_on_flow(const struct nlmsghdr *nlh, void *data)
{
	struct flow_query *query = data;
	struct record record;

	if (!record_parse(&record, nlh)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!filter_matches(&query->filter, &record))
		return MNL_CB_OK;
	flow_list_add(&query->list, &record);
	query->found++;
	return query->found == query->limit ? MNL_CB_STOP : MNL_CB_OK;
}

/* Does the table show nothing that is not in a brief record? */
static bool flow_is_brief(const struct ctl_options *options)
{
	return options->brief || (!options->json && !options->stats &&
				  !options->details);
}

static struct nlmsghdr *flow_list_request(struct netlink *nl,
					  const struct flow_query *query)
{
	struct nlmsghdr *nlh;

	nlh = listing_request(nl, query->options, &query->filter);
	if (flow_is_brief(query->options))
		mnl_attr_put(nlh, TCPTRACK_A_FLOW_BRIEF, 0, NULL);
	if (query->options->details || query->half_open)
		mnl_attr_put(nlh, TCPTRACK_A_FLOW_SOCKETS, 0, NULL);
	/* what the kernel sends in vain does not count */
	if (query->limit && query->filter.exact)
		mnl_attr_put_u32(nlh, TCPTRACK_A_FLOW_LIMIT, query->limit);
	return nlh;
}

/* Ask and print */
static int flow_query(struct flow_query *query, struct netlink *nl,
		      struct nlmsghdr *nlh)
{
	int status;

	if (!flow_list_begin(&query->list, query->options, query->half_open,
			     stdout))
		return CTL_DATA;
	status = netlink_run(nl, nlh, flow_on_flow, query);
	flow_list_end(&query->list);
	return status;
}

static int flow_list(const struct ctl_options *options, int argc, char **argv)
{
	struct flow_query query = { .options = options };
	struct netlink *nl;
	int status = CTL_DATA;

	if (!flow_take_limit(&query, &argc, &argv) ||
	    !filter_read(&query.filter, options, argc, argv))
		return CTL_USAGE;
	query.half_open = !options->brief && filter_is_half_open(&query.filter);
	nl = netlink_open(options);
	if (nl)
		status = flow_query(&query, nl, flow_list_request(nl, &query));
	netlink_close(nl);
	filter_free(&query.filter);
	return status;
}

/* A filter that names one connection */
static bool flow_parse_tuple(struct filter *filter, const char *verb,
			     const struct ctl_options *options, int argc,
			     char **argv)
{
	if (!filter_read(filter, options, argc, argv))
		return false;
	if (filter_is_tuple(filter))
		return true;
	ctl_misused("flow %s: needs 'src ADDRESS:PORT dst ADDRESS:PORT', no more and no less",
		    verb);
	filter_free(filter);
	return false;
}

static int flow_get(const struct ctl_options *options, int argc, char **argv)
{
	struct ctl_options all = *options;
	struct flow_query query = { .options = &all };
	struct nlmsghdr *nlh;
	struct netlink *nl;
	int status = CTL_DATA;

	if (!flow_parse_tuple(&query.filter, "get", options, argc, argv))
		return CTL_USAGE;
	/* of one flow, all there is; who is meant may be src here, dst there */
	all.stats = true;
	all.details = true;
	all.all = false;
	nl = netlink_open(options);
	if (nl) {
		nlh = netlink_begin(nl, TCPTRACK_CMD_FLOW_GET, 0);
		filter_put_tuple(nlh, &query.filter.kernel);
		filter_free(&query.filter);
		status = flow_query(&query, nl, nlh);
	}
	netlink_close(nl);
	filter_free(&query.filter);
	return status;
}

static int flow_delete(const struct ctl_options *options, int argc,
		       char **argv)
{
	struct filter filter;
	struct nlmsghdr *nlh;
	struct netlink *nl;
	int status = CTL_DATA;

	if (!flow_parse_tuple(&filter, "delete", options, argc, argv))
		return CTL_USAGE;
	nl = netlink_open(options);
	if (nl) {
		nlh = netlink_begin(nl, TCPTRACK_CMD_FLOW_DEL, 0);
		filter_put_tuple(nlh, &filter.kernel);
		status = netlink_run(nl, nlh, NULL, NULL);
	}
	netlink_close(nl);
	filter_free(&filter);
	return status;
}

static int flow_on_flushed(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr[TCPTRACK_A_FLOW_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_FLOW_MAX };
	uint64_t *flows = data;

	mnl_attr_parse(nlh, NETLINK_FIXED, record_attr, &attrs);
	*flows = record_number(attr[TCPTRACK_A_FLOW_FLOWS]);
	return MNL_CB_OK;
}

static void flow_print_flushed(const struct ctl_options *options,
			       uint64_t flows)
{
	struct json json = { .file = stdout, .pretty = options->pretty };

	if (!options->json) {
		printf("deleted %" PRIu64 "\n", flows);
		return;
	}
	json_open(&json, '[');
	json_open(&json, '{');
	json_key(&json, "deleted");
	json_number(&json, flows);
	json_close(&json, '}');
	json_close(&json, ']');
}

static int flow_flush(const struct ctl_options *options, int argc, char **argv)
{
	struct filter filter;
	struct nlmsghdr *nlh;
	struct netlink *nl;
	uint64_t flows = 0;
	int status = CTL_DATA;

	if (!argc && !options->family)
		return ctl_misused("flow flush: needs a FILTER, or 'all'");
	if (!filter_read(&filter, options, argc, argv))
		return CTL_USAGE;
	if (!filter.exact) {
		filter_free(&filter);
		return ctl_misused("flow flush: %s: flush in several steps",
				   filter_inexact);
	}
	nl = netlink_open(options);
	if (nl) {
		nlh = netlink_begin(nl, TCPTRACK_CMD_FLOW_FLUSH, 0);
		filter_put(nlh, TCPTRACK_A_FLOW_FILTER, &filter.kernel);
		status = netlink_run(nl, nlh, flow_on_flushed, &flows);
	}
	netlink_close(nl);
	filter_free(&filter);
	if (status == CTL_OK)
		flow_print_flushed(options, flows);
	return status;
}

static int flow_run(const struct ctl_options *options, int argc, char **argv)
{
	static const struct ctl_verb verbs[] = {
		{ "list",	flow_list },
		{ "show",	flow_list },
		{ "ls",		flow_list },
		{ "get",	flow_get },
		{ "watch",	flow_watch },
		{ "delete",	flow_delete },
		{ "flush",	flow_flush },
	};

	return ctl_run_verb("flow", verbs, CTL_COUNT(verbs), options, argc,
			    argv);
}

const struct ctl_object flow_object = {
	"flow", flow_run,
	"Usage: tcptrackctl flow [ list [ limit NUMBER ] [ FILTER ] ]\n"
	"       tcptrackctl flow { get | delete } src ADDRESS:PORT dst ADDRESS:PORT\n"
	"       tcptrackctl flow watch { FILTER | all }\n"
	"       tcptrackctl flow flush { FILTER | all }\n"
	"FILTER := FILTER { and | or } FILTER | not FILTER | ( FILTER ) |\n"
	"          { state | exclude } STATE | { src-state | dst-state } STATE |\n"
	"          { src | dst | host } [ = | != ] ADDRESS[/PREFIX][:PORT] |\n"
	"          { sport | dport | port } [ OP ] PORT |\n"
	"          { since | src-since | dst-since | age | idle } [ OP ] TIME |\n"
	"          class CLASS | flag FLAG | all\n"
	"OP :=     { = | != | < | > | <= | >= | eq | ne | lt | gt | le | ge }\n"
	"STATE :=  { established | syn-sent | syn-recv | fin-wait-1 | fin-wait-2 |\n"
	"            close-wait | last-ack | closing | time-wait | closed |\n"
	"            all | connected | synchronized | bucket | big }\n"
	"TIME :=   as in 200ms, 1.5s, 5m, 2h30m, 1d; without a unit, seconds\n"
	"\n"
	"'src' is the end that opened the connection, 'dst' the other.\n"
};
