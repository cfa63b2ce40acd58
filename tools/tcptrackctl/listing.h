/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flows that there are.
 */
#ifndef _CTL_LISTING_H
#define _CTL_LISTING_H

#include "filter.h"
#include "netlink.h"

/* What to say of a filter that is more than the kernel can tell */
extern const char filter_inexact[];

/**
 * filter_read() - filter_parse(), that says what is wrong
 * @filter: the result
 * @options: -
 * @argc: number of @argv
 * @argv: the expression
 *
 * Return: whether it was understood; otherwise it has been said why not, and
 * there is nothing to be freed.
 */
bool filter_read(struct filter *filter, const struct ctl_options *options,
		 int argc, char **argv);

/**
 * listing_request() - begin the request for flows
 * @nl: -
 * @options: -
 * @filter: which
 *
 * What is asked for are those that the kernel can tell, or more.
 *
 * Return: the request, to put attributes into.
 */
struct nlmsghdr *listing_request(struct netlink *nl,
				 const struct ctl_options *options,
				 const struct filter *filter);

/**
 * listing_run() - ask for flows
 * @nl: -
 * @options: -
 * @filter: which
 * @flow: called for each; twice for some, where the dump was interrupted
 * @data: for @flow
 *
 * Return: exit status; unless that is CTL_OK, it has been said why.
 */
int listing_run(struct netlink *nl, const struct ctl_options *options,
		const struct filter *filter,
		void (*flow)(void *data, const struct record *record),
		void *data);

#endif /* _CTL_LISTING_H */
