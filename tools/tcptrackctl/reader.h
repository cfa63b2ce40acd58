/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads events until it is told to stop, and finds out which it has missed.
 *
 * Events have a socket of their own, so that the answer to a request never has to
 * find room behind them.  The kernel sends what events it keeps before it says
 * how many there were: once that answer is here, what is not in the socket by
 * then is lost.
 */
#ifndef _CTL_READER_H
#define _CTL_READER_H

#include "event.h"
#include "netlink.h"
#include "tally.h"

struct reader;

/**
 * struct reader_ops - what becomes of what is read
 * @event: an event
 * @lost: so many have been lost since the last time
 * @sync: what is read from now on is complete; called at the beginning, and each
 *	time after events were lost.  May ask the kernel by the reader's @nl.
 *	Returns the exit status: unless that is CTL_OK, reading stops.
 */
struct reader_ops {
	void (*event)(struct reader *reader, const struct event *event);
	void (*lost)(struct reader *reader, uint64_t lost);
	int (*sync)(struct reader *reader);
};

/**
 * struct reader - what is being read
 * @options: -
 * @ops: -
 * @data: for @ops
 * @stop: set it to stop
 * @tally: -
 * @nl: for requests
 * @sock: for events
 * @topics: EVENT_BIT() of each topic that is read
 * @signals: descriptor that SIGINT and SIGTERM can be read from
 * @begun: events count
 * @overrun: some were lost; how many is still to be found out
 * @recovering: it is being found out: a gap in the numbers is nothing new
 * @said: how many @ops has been told of
 * @status: exit status
 */
struct reader {
	const struct ctl_options *options;
	const struct reader_ops *ops;
	void *data;
	bool stop;
	struct tally tally;
	struct netlink *nl;
	struct mnl_socket *sock;
	unsigned int topics;
	int signals;
	bool begun;
	bool overrun;
	bool recovering;
	uint64_t said;
	int status;
};

/**
 * reader_run() - read until stopped, by a signal or by @ops
 * @reader: with @options, @ops and @data, all else zero
 * @topics: EVENT_BIT() of each topic
 *
 * At the end the account in @tally is complete; it is to be freed by the
 * caller.
 *
 * Return: exit status; unless that is CTL_OK, it has been said why.
 */
int reader_run(struct reader *reader, unsigned int topics);

#endif /* _CTL_READER_H */
