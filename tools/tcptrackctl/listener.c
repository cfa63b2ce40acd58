// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl listener
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "listener_print.h"
#include "netlink.h"
#include "record.h"
#include "units.h"

/**
 * struct listener_query - listeners that are asked for
 * @options: -
 * @port: on this port; 0: on any
 * @list: where they are printed
 */
struct listener_query {
	const struct ctl_options *options;
	uint16_t port;
	struct listener_list list;
};

static bool listener_parse(struct listener *listener,
			   const struct nlmsghdr *nlh)
{
	struct record_attrs attrs = {
		listener->attr, TCPTRACK_A_LISTENER_MAX
	};
	struct record_attrs service = {
		listener->service, TCPTRACK_A_SERVICE_MAX
	};
	const struct nlattr *addr;

	memset(listener, 0, sizeof(*listener));
	if (mnl_attr_parse(nlh, NETLINK_FIXED, record_attr, &attrs) < 0)
		return false;
	if (listener->attr[TCPTRACK_A_LISTENER_SERVICE] &&
	    mnl_attr_parse_nested(listener->attr[TCPTRACK_A_LISTENER_SERVICE],
				  record_attr, &service) < 0)
		return false;
	listener->port = ntohs(record_number
			       (listener->attr[TCPTRACK_A_LISTENER_PORT]));
	addr = listener->attr[TCPTRACK_A_LISTENER_ADDR4];
	listener->family = addr ? AF_INET : AF_INET6;
	if (!addr)
		addr = listener->attr[TCPTRACK_A_LISTENER_ADDR6];
	if (!addr || mnl_attr_get_payload_len(addr) !=
		     (listener->family == AF_INET ? 4 : 16))
		return false;
	listener->addr = mnl_attr_get_payload(addr);
	return true;
}

static int listener_on_listener(const struct nlmsghdr *nlh, void *data)
{
	struct listener_query *query = data;
	struct listener listener;

	if (!listener_parse(&listener, nlh)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!query->options->family ||
	    query->options->family == listener.family)
		listener_list_add(&query->list, &listener);
	return MNL_CB_OK;
}

static struct nlmsghdr *listener_request(struct netlink *nl,
					 const struct listener_query *query)
{
	struct nlmsghdr *nlh;

	nlh = netlink_begin(nl, TCPTRACK_CMD_LISTENER_GET, NLM_F_DUMP);
	if (query->options->all)
		mnl_attr_put(nlh, TCPTRACK_A_LISTENER_ALL_NETNS, 0, NULL);
	if (query->port)
		mnl_attr_put_u16(nlh, TCPTRACK_A_LISTENER_PORT,
				 htons(query->port));
	if (!query->options->brief)
		mnl_attr_put(nlh, TCPTRACK_A_LISTENER_FLOWS, 0, NULL);
	return nlh;
}

/* "port NUMBER", or nothing */
static bool listener_parse_port(struct listener_query *query, int argc,
				char **argv)
{
	const char *text = argc > 1 ? argv[1] : NULL;
	uint64_t port;

	if (!argc)
		return true;
	if (strcmp(argv[0], "port")) {
		ctl_misused("'%s' is unknown: see 'tcptrackctl %s help'",
			    argv[0], "listener");
		return false;
	}
	if (text && *text == ':')
		text++;
	if (argc != 2 || !units_parse_number(text, &port) || !port ||
	    port > UINT16_MAX) {
		ctl_misused("'port' needs a number, 1 to %u", UINT16_MAX);
		return false;
	}
	query->port = port;
	return true;
}

static int listener_show(const struct ctl_options *options, int argc,
			 char **argv)
{
	struct listener_query query = { .options = options };
	struct netlink *nl;
	int status;

	if (!listener_parse_port(&query, argc, argv))
		return CTL_USAGE;
	nl = netlink_open(options);
	if (!nl)
		return CTL_DATA;
	status = CTL_DATA;
	if (listener_list_begin(&query.list, options)) {
		status = netlink_run(nl, listener_request(nl, &query),
				     listener_on_listener, &query);
		listener_list_end(&query.list);
	}
	netlink_close(nl);
	return status;
}

static int listener_run(const struct ctl_options *options, int argc,
			char **argv)
{
	static const struct ctl_verb verbs[] = {
		{ "list",	listener_show },
		{ "show",	listener_show },
		{ "ls",		listener_show },
	};

	return ctl_run_verb("listener", verbs, CTL_COUNT(verbs), options, argc,
			    argv);
}

const struct ctl_object listener_object = {
	"listener", listener_run,
	"Usage: tcptrackctl listener [ list [ port NUMBER ] ]\n"
	"\n"
	"Prints the listening sockets in the order of ss -l: the connections\n"
	"that wait for accept() (its Recv-Q), how many may (its Send-Q), the\n"
	"address; then the same of the SYN queue, what was dropped, and what the\n"
	"flow table has of the flows to that address.\n"
};
