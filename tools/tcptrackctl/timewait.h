/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TIME_WAIT of this host's sockets, and the ports that it holds.
 */
#ifndef _CTL_TIMEWAIT_H
#define _CTL_TIMEWAIT_H

#include "bag.h"
#include "ctl.h"
#include "host.h"
#include "ports.h"
#include "record.h"

#define TIMEWAIT_SECONDS	60	/* that TIME_WAIT takes: TCP_TIMEWAIT_LEN */

/**
 * struct timewait_key - a place: a service of this host, or where it connects to
 * @family: AF_INET or AF_INET6
 * @port: of a service this host's, of a destination the other's
 * @zero: 0
 * @local: this host's address; of IPv4 the first four octets
 * @remote: that of a destination; of a service 0
 */
struct timewait_key {
	uint32_t family;
	uint16_t port;
	uint16_t zero;
	uint8_t local[16];
	uint8_t remote[16];
};

/* Who closed first, as TIME_WAIT tells */
enum timewait_first {
	TIMEWAIT_HERE,	/* of a forwarded connection, src */
	TIMEWAIT_THERE,	/* dst */
	TIMEWAIT_BOTH,
	TIMEWAIT_FIRSTS,
	TIMEWAIT_NONE = TIMEWAIT_FIRSTS,
};

/* How far back a connection is fresh */
enum timewait_spans {
	TIMEWAIT_SHORT,
	TIMEWAIT_LONG,
	TIMEWAIT_SPANS
};

extern const unsigned int timewait_span[TIMEWAIT_SPANS];	/* s */

/**
 * struct timewait_place - what is known of one
 * @key: -
 * @n: in TIME_WAIT, by who closed first; there it costs no port here
 * @without: of those here, that have no socket
 * @least: of those that have one: the shortest time left, ms
 * @most: the longest
 * @left: how many have so many seconds left
 * @used: ports of this host that connect() might have chosen, and cannot now,
 *	but for @reusable
 * @reusable: of these, in TIME_WAIT that connect() may end now
 * @fresh: of @used, those that were taken within a span, and will not be
 *	reusable
 */
struct timewait_place {
	struct timewait_key key;
	uint32_t n[TIMEWAIT_FIRSTS];
	uint32_t without;
	uint32_t least;
	uint32_t most;
	uint32_t left[TIMEWAIT_SECONDS + 1];
	uint32_t used;
	uint32_t reusable;
	uint32_t fresh[TIMEWAIT_SPANS];
};

/**
 * struct timewait_wire - ends of this host, by the packets
 * @n: of them
 * @without: of these, without a socket
 */
struct timewait_wire {
	uint64_t n;
	uint64_t without;
};

/**
 * struct timewait - all of this host
 * @options: -
 * @limit: services and destinations that are printed at most, of each
 * @host: what the stack says
 * @ports: that connect() may choose
 * @fin_wait_2: sockets in this state
 * @fin_wait_2_small: of these, mini-sockets, which are in the host's @tw
 * @wire_time_wait: -
 * @wire_fin_wait_2: -
 * @forwarded: others' connections in TIME_WAIT, by who closed first
 * @services: struct timewait_place, where others connect to
 * @destinations: where this host does
 */
struct timewait {
	const struct ctl_options *options;
	uint64_t limit;
	struct host host;
	struct ports ports;
	uint64_t fin_wait_2;
	uint64_t fin_wait_2_small;
	struct timewait_wire wire_time_wait;
	struct timewait_wire wire_fin_wait_2;
	uint64_t forwarded[TIMEWAIT_FIRSTS];
	struct bag services;
	struct bag destinations;
};

/**
 * timewait_add() - add a flow
 * @tw: -
 * @record: the flow, its sockets looked up
 *
 * Return: false: no memory.
 */
bool timewait_add(struct timewait *tw, const struct record *record);

/**
 * timewait_sort() - put places in order: those that need a look come first
 * @tw: with all its flows
 */
void timewait_sort(struct timewait *tw);

/**
 * timewait_of_stack() - sockets in TIME_WAIT, by the stack
 * @tw: -
 *
 * Return: what sockstat counts, less the mini-sockets in FIN_WAIT_2.
 */
uint64_t timewait_of_stack(const struct timewait *tw);

/**
 * timewait_here() - how many are in TIME_WAIT at this host?
 * @place: -
 *
 * Return: that.
 */
uint64_t timewait_here(const struct timewait_place *place);

/**
 * timewait_median() - the median time left
 * @place: -
 *
 * Return: ms, of whole seconds or the least; 0: no socket is in TIME_WAIT.
 */
uint64_t timewait_median(const struct timewait_place *place);

/**
 * timewait_free_ports() - ports left for a destination
 * @tw: -
 * @place: the destination
 *
 * Return: how many connect() can choose now, those that it may reuse included.
 */
uint64_t timewait_free_ports(const struct timewait *tw,
			     const struct timewait_place *place);

/**
 * timewait_rate() - how fast ports are taken
 * @place: a destination
 *
 * Return: ports in 1000 s, by that span in which they are more.
 */
uint64_t timewait_rate(const struct timewait_place *place);

/**
 * timewait_out() - when do a destination's ports run out?
 * @tw: -
 * @place: the destination
 * @ms: from now, if they do within TIMEWAIT_SECONDS
 *
 * Return: whether they do, if ports are taken as fast as they are now.
 */
bool timewait_out(const struct timewait *tw, const struct timewait_place *place,
		  uint64_t *ms);

/**
 * timewait_print() - print it for people
 * @tw: sorted
 */
void timewait_print(const struct timewait *tw);

/**
 * timewait_json() - print it as JSON
 * @tw: sorted
 */
void timewait_json(const struct timewait *tw);

#endif /* _CTL_TIMEWAIT_H */
