/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this host's stack says of itself: its files in /proc, of the network
 * namespace that one is in.
 */
#ifndef _CTL_HOST_H
#define _CTL_HOST_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct host - TIME_WAIT, as the stack counts it, and what rules it
 * @tw: mini-sockets, in TIME_WAIT or FIN_WAIT_2: "tw" of sockstat
 * @overflows: of these that could not be made: TCPTimeWaitOverflow
 * @recycled: of these whose port was taken again before they ended: TWRecycled
 * @reuse: tcp_tw_reuse
 * @timestamps: tcp_timestamps
 * @fin_timeout: tcp_fin_timeout, s
 * @buckets: tcp_max_tw_buckets
 */
struct host {
	uint64_t tw;
	uint64_t overflows;
	uint64_t recycled;
	uint64_t reuse;
	uint64_t timestamps;
	uint64_t fin_timeout;
	uint64_t buckets;
};

/**
 * host_line() - the first line of a file
 * @name: its path
 *
 * Return: the line, to be freed; NULL: it could not be read; it has been said
 * why.
 */
char *host_line(const char *name);

/**
 * host_read() - read them all
 * @host: the result
 *
 * Return: false: one could not be; it has been said why.
 */
bool host_read(struct host *host);

#endif /* _CTL_HOST_H */
