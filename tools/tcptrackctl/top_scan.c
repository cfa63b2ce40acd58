// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <time.h>

#include "listing.h"
#include "summary.h"
#include "top_scan.h"

uint64_t top_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static int top_on_summary(const struct nlmsghdr *nlh, void *data)
{
	struct top_sums *sums = data;
	struct summary summary;
	struct summary_pair pair;
	unsigned int i;

	summary_parse(&summary, nlh);
	sums->flows += record_number(summary.attr[TCPTRACK_A_SUMMARY_FLOWS]);
	sums->max += record_number(summary.attr[TCPTRACK_A_SUMMARY_FLOWS_MAX]);
	sums->half_open +=
		record_number(summary.attr[TCPTRACK_A_SUMMARY_HALF_OPEN]);
	sums->time_wait +=
		record_number(summary.attr[TCPTRACK_A_SUMMARY_TIME_WAIT]);
	for (i = 0; i < summary.pairs; i++) {
		const unsigned int *state = pair.state;

		summary_parse_pair(&pair, summary.pair[i]);
		if (state[RECORD_SRC] <= TCPTRACK_STATE_MAX &&
		    state[RECORD_DST] <= TCPTRACK_STATE_MAX)
			sums->pair[state[RECORD_SRC]][state[RECORD_DST]] +=
				pair.flows;
	}
	return MNL_CB_OK;
}

static int top_on_stats(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr[TCPTRACK_A_STATS_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_STATS_MAX };
	struct top_sums *sums = data;

	mnl_attr_parse(nlh, NETLINK_FIXED, record_attr, &attrs);
	sums->full += record_number(attr[TCPTRACK_A_STATS_UNTRACKED_FULL]);
	sums->nomem += record_number(attr[TCPTRACK_A_STATS_UNTRACKED_NOMEM]);
	return MNL_CB_OK;
}

static bool top_ask(struct top_scan *scan, uint8_t cmd, uint16_t all,
		    mnl_cb_t reply, struct top_sums *sums)
{
	bool every = scan->options->all;
	struct nlmsghdr *nlh;

	nlh = netlink_begin(scan->nl, cmd, every ? NLM_F_DUMP : 0);
	if (every)
		mnl_attr_put(nlh, all, 0, NULL);
	return netlink_run(scan->nl, nlh, reply, sums) == CTL_OK;
}

static bool top_ask_sums(struct top_scan *scan)
{
	struct top_sums sums = { 0 };

	if (!top_ask(scan, TCPTRACK_CMD_SUMMARY_GET,
		     TCPTRACK_A_SUMMARY_ALL_NETNS, top_on_summary, &sums) ||
	    !top_ask(scan, TCPTRACK_CMD_STATS_GET,
		     TCPTRACK_A_STATS_ALL_NETNS, top_on_stats, &sums))
		return false;
	scan->sums = sums;
	return true;
}

static int top_on_flow(const struct nlmsghdr *nlh, void *data)
{
	struct top_scan *scan = data;
	struct record record;
	struct top_row row;

	if (!record_parse(&record, nlh)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!filter_matches(scan->filter, &record))
		return MNL_CB_OK;
	top_row_of(&row, &record, scan->at);
	top_row_rate(&row, top_best_find(top_scan_rows(scan), &row.key),
		     record.idle,
		     scan->before ? scan->began - scan->before : 0);
	top_best_add(&scan->best[!scan->now], &row);
	scan->counted++;
	return MNL_CB_OK;
}

/* What a pass that was given up has not read would come first */
static void top_give_up(struct top_scan *scan)
{
	netlink_close(scan->nl);
	scan->nl = NULL;
	scan->running = false;
}

static bool top_send(struct top_scan *scan, bool full)
{
	struct nlmsghdr *nlh;

	nlh = listing_request(scan->nl, scan->options, scan->filter);
	if (!full)
		mnl_attr_put(nlh, TCPTRACK_A_FLOW_BRIEF, 0, NULL);
	if (netlink_send(scan->nl, nlh))
		return true;
	netlink_complain(scan->nl, errno);
	return false;
}

void top_scan_begin(struct top_scan *scan, const struct filter *filter,
		    const struct top_order *order, bool full)
{
	if (scan->running)
		top_give_up(scan);
	scan->filter = filter;
	scan->counted = 0;
	scan->began = top_clock();
	ctl_complain_to(scan->error, sizeof(scan->error));
	top_best_begin(&scan->best[!scan->now], order);
	if (!scan->nl)
		scan->nl = netlink_open(scan->options);
	scan->running = scan->nl && top_ask_sums(scan) && top_send(scan, full);
	if (!scan->running)
		top_give_up(scan);
	ctl_complain_to(NULL, 0);
}

static void top_end(struct top_scan *scan)
{
	scan->now = !scan->now;
	top_best_end(top_scan_rows(scan));
	scan->running = false;
	scan->ended = true;
	scan->before = scan->began;
	scan->took = top_clock() - scan->began;
	scan->found = scan->counted;
}

void top_scan_step(struct top_scan *scan)
{
	int more, error;

	scan->at = top_clock();
	more = netlink_step(scan->nl, top_on_flow, scan);
	error = errno;
	if (more > MNL_CB_STOP)
		return;
	/* interrupted: what is missing was turned off, or is gone */
	if (more == MNL_CB_STOP || error == EINTR) {
		top_end(scan);
	} else {
		ctl_complain_to(scan->error, sizeof(scan->error));
		netlink_complain(scan->nl, error);
		ctl_complain_to(NULL, 0);
		top_give_up(scan);
	}
}

int top_scan_fd(const struct top_scan *scan)
{
	return scan->running ? mnl_socket_get_fd(scan->nl->sock) : -1;
}

struct top_best *top_scan_rows(struct top_scan *scan)
{
	return &scan->best[scan->now];
}

void top_scan_close(struct top_scan *scan)
{
	top_give_up(scan);
}
