// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl unclosed
 */
#include <errno.h>
#include <string.h>

#include "filter.h"
#include "netlink.h"
#include "sockets.h"
#include "unclosed.h"
#include "units.h"

#define UNCLOSED_SINCE	60000	/* ms, unless the user says otherwise */

/* Both ends' addresses may be this host's, but one end alone is in CLOSE_WAIT */
static bool unclosed_waits(const struct unclosed *unclosed,
			   const struct record_end *end)
{
	return end->state == TCPTRACK_STATE_CLOSE_WAIT &&
	       end->since >= unclosed->since;
}

static const struct owner *unclosed_who(const struct unclosed *unclosed,
					const struct owned *socket,
					const struct record *record,
					enum record_side side)
{
	if (!socket->inode)
		return owners_listener(unclosed->owners, record, side);
	return socket->first;
}

static bool unclosed_add_socket(struct unclosed *unclosed,
				const struct owned *socket,
				const struct record *record,
				enum record_side side)
{
	const struct owner *owner = unclosed_who(unclosed, socket, record,
						 side);
	const struct record_end *place = &record->end[RECORD_DST];
	struct unclosed_key key = { .family = record->family };
	struct unclosed_group *group;

	if (!socket->inode)
		key.kind = UNCLOSED_UNACCEPTED;
	else
		key.kind = owner ? UNCLOSED_HELD : UNCLOSED_UNKNOWN;
	key.pid = owner ? owner->pid : 0;
	key.service = side == RECORD_DST;
	key.port = place->port;
	memcpy(key.addr, place->addr, sizeof(key.addr));
	group = bag_get(&unclosed->groups, &key);
	if (!group)
		return false;
	group->owner = owner;
	group->n++;
	group->queued += socket->queued;
	if (record->end[side].since > group->oldest)
		group->oldest = record->end[side].since;
	return true;
}

static bool unclosed_add(struct unclosed *unclosed, const struct record *record,
			 enum record_side side)
{
	const struct record_end *end = &record->end[side];
	const struct nlattr *state = end->attr[TCPTRACK_A_END_SOCK_STATE];
	const struct owned *socket;

	if (!state) {
		if (end->attr[TCPTRACK_A_END_SOCK_NONE])
			unclosed->gone++;
		else
			unclosed->forwarded++;
		return true;
	}
	if (record_number(state) != TCPTRACK_STATE_CLOSE_WAIT) {
		unclosed->closing++;
		return true;
	}
	socket = owners_socket(unclosed->owners, record, side);
	/* it was closed meanwhile, or the list of sockets is older than it */
	return !socket || unclosed_add_socket(unclosed, socket, record, side);
}

static int unclosed_on_flow(const struct nlmsghdr *nlh, void *data)
{
	struct unclosed *unclosed = data;
	struct record record;
	unsigned int side;

	if (!record_parse(&record, nlh)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	for (side = 0; side < RECORD_SIDES; side++) {
		if (!unclosed_waits(unclosed, &record.end[side]) ||
		    unclosed_add(unclosed, &record, side))
			continue;
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	return MNL_CB_OK;
}

static int unclosed_compare_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The most first; in equal numbers the order is the key's, always the same */
static int unclosed_compare(const void *a, const void *b)
{
	const struct unclosed_group *x = *(const void *const *)a;
	const struct unclosed_group *y = *(const void *const *)b;
	int order = unclosed_compare_number(y->n, x->n);

	if (!order)
		order = unclosed_compare_number(y->oldest, x->oldest);
	return order ? order : memcmp(&x->key, &y->key, sizeof(x->key));
}

static int unclosed_collect(struct unclosed *unclosed)
{
	struct filter_terms terms = filter_all;
	struct netlink *nl = netlink_open(unclosed->options);
	struct nlmsghdr *nlh;
	int status = CTL_DATA;

	if (nl)
		unclosed->owners = owners_find_in(1U << TCP_CLOSE_WAIT |
						  1U << TCP_LISTEN, false);
	if (unclosed->owners) {
		terms.family = unclosed->options->family;
		terms.end[FILTER_ANY].states = 1U << TCPTRACK_STATE_CLOSE_WAIT;
		terms.end[FILTER_ANY].since.min = unclosed->since;
		nlh = netlink_begin(nl, TCPTRACK_CMD_FLOW_GET, NLM_F_DUMP);
		mnl_attr_put(nlh, TCPTRACK_A_FLOW_SOCKETS, 0, NULL);
		mnl_attr_put(nlh, TCPTRACK_A_FLOW_BRIEF, 0, NULL);
		filter_put(nlh, TCPTRACK_A_FLOW_FILTER, &terms);
		status = netlink_run(nl, nlh, unclosed_on_flow, unclosed);
	}
	netlink_close(nl);
	return status;
}

/* Return: whether no time is given, or a good one. */
static bool unclosed_parse(struct unclosed *unclosed, int argc, char **argv)
{
	unclosed->since = UNCLOSED_SINCE;
	if (!argc)
		return true;
	if (strcmp(argv[0], "since"))
		ctl_misused("'%s' is unknown: see 'tcptrackctl unclosed help'",
			    argv[0]);
	else if (argc != 2 || !units_parse_ms(argv[1], &unclosed->since))
		ctl_misused("'since' needs a time, no more");
	else
		return true;
	return false;
}

static int unclosed_show(const struct ctl_options *options, int argc,
			 char **argv)
{
	struct unclosed unclosed = {
		.options = options,
		.groups = {
			.key = sizeof(struct unclosed_key),
			.size = sizeof(struct unclosed_group),
		},
	};
	int status;

	if (options->all)
		return ctl_misused("option 'all' does not go with 'unclosed'");
	if (!unclosed_parse(&unclosed, argc, argv))
		return CTL_USAGE;
	status = unclosed_collect(&unclosed);
	if (status == CTL_OK) {
		bag_sort(&unclosed.groups, unclosed_compare);
		if (options->json)
			unclosed_json(&unclosed);
		else
			unclosed_print(&unclosed);
	}
	bag_free(&unclosed.groups);
	owners_free(unclosed.owners);
	return status;
}

static int unclosed_run(const struct ctl_options *options, int argc,
			char **argv)
{
	static const struct ctl_verb verbs[] = { { "show", unclosed_show } };

	/* "show" goes without saying, also before a time */
	if (argc && !strcmp(argv[0], "since"))
		return unclosed_show(options, argc, argv);
	return ctl_run_verb("unclosed", verbs, CTL_COUNT(verbs), options, argc,
			    argv);
}

const struct ctl_object unclosed_object = {
	"unclosed", unclosed_run,
	"Usage: tcptrackctl [ -4 | -6 ] unclosed [ show ] [ since TIME ]\n"
	"\n"
	"Prints who has sockets in CLOSE_WAIT for at least that time (1m): the other\n"
	"end has closed, this one does not.\n"
};
