/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads all flows, a slice at a time, so that who waits for a key need not wait
 * for a million flows.
 */
#ifndef _CTL_TOP_SCAN_H
#define _CTL_TOP_SCAN_H

#include "filter.h"
#include "netlink.h"
#include "top_best.h"

#define TOP_ERROR	256	/* octets of what went wrong */

/**
 * struct top_sums - of this namespace, or of all
 * @flows: in the table
 * @max: its cap
 * @half_open: of these flows
 * @time_wait: of these flows
 * @pair: of these flows, by the states of both ends
 * @full: packets whose flows did not fit
 * @nomem: packets for whose flows there was no memory
 */
struct top_sums {
	uint64_t flows;
	uint64_t max;
	uint64_t half_open;
	uint64_t time_wait;
	uint64_t pair[TCPTRACK_STATE_MAX + 1][TCPTRACK_STATE_MAX + 1];
	uint64_t full;
	uint64_t nomem;
};

/**
 * struct top_scan - a pass over all flows, and what came of the one before
 * @options: -
 * @nl: -; NULL: to be opened
 * @running: a pass has begun, and not ended
 * @filter: of the pass
 * @best: the flows of the pass that ended last, and of that which runs
 * @now: index of the former
 * @sums: -
 * @ended: one has
 * @began: when, ns
 * @before: when the one before began, ns; 0: there was none
 * @took: the pass that ended last, ns
 * @found: flows that have matched in it
 * @counted: flows that have matched so far
 * @at: now, ns
 * @error: why it ended too early; empty: it did not
 */
struct top_scan {
	const struct ctl_options *options;
	struct netlink *nl;
	bool running;
	const struct filter *filter;
	struct top_best best[2];
	unsigned int now;
	struct top_sums sums;
	bool ended;
	uint64_t began;
	uint64_t before;
	uint64_t took;
	uint64_t found;
	uint64_t counted;
	uint64_t at;
	char error[TOP_ERROR];
};

/**
 * top_clock() - now
 *
 * Return: ns, from some time on.
 */
uint64_t top_clock(void);

/**
 * top_scan_begin() - begin a pass; one that runs is given up
 * @scan: -
 * @filter: which flows; must stay until the pass is over
 * @order: of the rows
 * @full: round-trip times and retransmissions are wanted, too
 */
void top_scan_begin(struct top_scan *scan, const struct filter *filter,
		    const struct top_order *order, bool full);

/**
 * top_scan_step() - read a slice
 * @scan: with a pass that runs, and whose descriptor can be read
 */
void top_scan_step(struct top_scan *scan);

/**
 * top_scan_fd() - what to poll for a slice
 * @scan: -
 *
 * Return: the descriptor; -1: no pass runs.
 */
int top_scan_fd(const struct top_scan *scan);

/**
 * top_scan_rows() - what came of the pass that ended last
 * @scan: -
 *
 * Return: the flows.
 */
struct top_best *top_scan_rows(struct top_scan *scan);

/**
 * top_scan_close() - the end
 * @scan: -
 */
void top_scan_close(struct top_scan *scan);

#endif /* _CTL_TOP_SCAN_H */
