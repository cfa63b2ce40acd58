/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many flows there are.
 */
#ifndef _CTL_SUMMARY_H
#define _CTL_SUMMARY_H

#include "record.h"

#define SUMMARY_PAIRS	128	/* pairs of states, at the most */

/**
 * struct summary - a namespace's; points into the message
 * @attr: attributes of the message
 * @pairs: number of @pair
 * @pair: nests of the pairs of states that have flows
 */
struct summary {
	const struct nlattr *attr[TCPTRACK_A_SUMMARY_MAX + 1];
	unsigned int pairs;
	const struct nlattr *pair[SUMMARY_PAIRS];
};

/**
 * struct summary_pair - a pair of states
 * @state: of both ends
 * @flows: how many are in it
 */
struct summary_pair {
	unsigned int state[RECORD_SIDES];
	uint64_t flows;
};

/**
 * summary_parse() - take a message apart
 * @summary: what is in it
 * @nlh: the message; must outlive @summary
 */
void summary_parse(struct summary *summary, const struct nlmsghdr *nlh);

/**
 * summary_parse_pair() - take a pair of states apart
 * @pair: the result
 * @nest: one of struct summary's
 */
void summary_parse_pair(struct summary_pair *pair, const struct nlattr *nest);

#endif /* _CTL_SUMMARY_H */
