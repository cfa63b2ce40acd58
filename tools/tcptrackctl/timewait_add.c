// SPDX-License-Identifier: GPL-2.0
/*
 * One pass over the flows: each is added to its places and forgotten.
 */
#include <string.h>
#include <sys/socket.h>

#include "timewait.h"

/* What a connect() of tcp_tw_reuse=1 or 2 may take, by tcp_twsk_unique() */
#define TIMEWAIT_REUSE_IDLE	1000	/* ms that it must have been silent */

/* The kernel has looked: an end of this host has a socket, or should have one */
static bool timewait_has_socket(const struct record_end *end)
{
	return end->attr[TCPTRACK_A_END_SOCK_STATE];
}

static bool timewait_is_local(const struct record_end *end)
{
	return timewait_has_socket(end) || end->attr[TCPTRACK_A_END_SOCK_NONE];
}

static bool timewait_waits(const struct record_end *end)
{
	return end->state == TCPTRACK_STATE_TIME_WAIT;
}

static enum timewait_first timewait_who_first(const struct record *record,
					      enum record_side side)
{
	bool here = timewait_waits(&record->end[side]);
	bool there = timewait_waits(&record->end[!side]);

	if (here)
		return there ? TIMEWAIT_BOTH : TIMEWAIT_HERE;
	return there ? TIMEWAIT_THERE : TIMEWAIT_NONE;
}

static void timewait_count(struct timewait_wire *wire,
			   const struct record_end *end)
{
	wire->n++;
	wire->without += !timewait_has_socket(end);
}

static bool timewait_is_loopback(const struct record *record)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	unsigned int side;

	for (side = 0; side < RECORD_SIDES; side++) {
		const uint8_t *addr = record->end[side].addr;

		if (record->family == AF_INET ? addr[0] == 127 :
		    !memcmp(addr, loopback, sizeof(loopback)))
			return true;
	}
	return false;
}

/* Without tcp_tw_reuse=1 the record says nothing of timestamps, but a connection
 * of this host to itself has what the host uses
 */
static bool timewait_has_timestamps(const struct timewait *tw,
				    const struct record *record)
{
	const struct nlattr *seen =
		record->end[RECORD_DST].attr[TCPTRACK_A_END_SEEN];

	if (!seen)
		return tw->host.timestamps;
	return record_number(seen) & TCPTRACK_SEEN_TIMESTAMPS;
}

/* Now, or when it has been silent for long enough */
static bool timewait_is_reusable(const struct timewait *tw,
				 const struct record *record)
{
	if (!timewait_waits(&record->end[RECORD_SRC]) || !tw->host.reuse)
		return false;
	return (tw->host.reuse == 1 || timewait_is_loopback(record)) &&
	       timewait_has_timestamps(tw, record);
}

/* The stack begins its time anew with each segment that arrives, so it runs from
 * the last one on
 */
static void timewait_add_left(struct timewait_place *place,
			      const struct record *record)
{
	const uint32_t all = TIMEWAIT_SECONDS * 1000;
	uint32_t left = record->idle < all ? all - record->idle : 0;

	if (!place->most || left < place->least)
		place->least = left;
	if (left > place->most)
		place->most = left;
	place->left[left / 1000]++;
}

static void timewait_add_waiting(struct timewait_place *place,
				 const struct record *record,
				 enum record_side side)
{
	enum timewait_first first = timewait_who_first(record, side);

	if (first == TIMEWAIT_NONE)
		return;
	place->n[first]++;
	if (first == TIMEWAIT_THERE)
		return;
	if (timewait_has_socket(&record->end[side]))
		timewait_add_left(place, record);
	else
		place->without++;
}

/* A port is held by the socket, whatever the packets say */
static void timewait_add_port(const struct timewait *tw,
			      struct timewait_place *place,
			      const struct record *record)
{
	unsigned int span;

	if (!timewait_has_socket(&record->end[RECORD_SRC]) ||
	    !ports_has(&tw->ports, record->end[RECORD_SRC].port))
		return;
	place->used++;
	if (timewait_is_reusable(tw, record)) {
		place->reusable += record->idle > TIMEWAIT_REUSE_IDLE;
		return;
	}
	for (span = 0; span < TIMEWAIT_SPANS; span++)
		if (record->age <= timewait_span[span] * 1000)
			place->fresh[span]++;
}

static struct timewait_place *timewait_place(struct bag *bag,
					     const struct record *record,
					     enum record_side side,
					     bool destination)
{
	const struct record_end *here = &record->end[side];
	const struct record_end *there = &record->end[!side];
	struct timewait_key key = { .family = record->family };

	key.port = destination ? there->port : here->port;
	memcpy(key.local, here->addr, sizeof(key.local));
	if (destination)
		memcpy(key.remote, there->addr, sizeof(key.remote));
	return bag_get(bag, &key);
}

static bool timewait_add_end(struct timewait *tw, const struct record *record,
			     enum record_side side)
{
	const struct record_end *end = &record->end[side];
	bool destination = side == RECORD_SRC;
	struct timewait_place *place;

	if (timewait_waits(end))
		timewait_count(&tw->wire_time_wait, end);
	else if (end->state == TCPTRACK_STATE_FIN_WAIT_2)
		timewait_count(&tw->wire_fin_wait_2, end);
	if (tw->options->family && tw->options->family != record->family)
		return true;
	/* of a service only TIME_WAIT is asked */
	if (!destination && timewait_who_first(record, side) == TIMEWAIT_NONE)
		return true;
	place = timewait_place(destination ? &tw->destinations : &tw->services,
			       record, side, destination);
	if (!place)
		return false;
	timewait_add_waiting(place, record, side);
	if (destination)
		timewait_add_port(tw, place, record);
	return true;
}

bool timewait_add(struct timewait *tw, const struct record *record)
{
	bool src = timewait_is_local(&record->end[RECORD_SRC]);
	bool dst = timewait_is_local(&record->end[RECORD_DST]);
	enum timewait_first first;

	if (!src && !dst) {
		first = timewait_who_first(record, RECORD_SRC);
		if (first != TIMEWAIT_NONE)
			tw->forwarded[first]++;
		return true;
	}
	if (src && !timewait_add_end(tw, record, RECORD_SRC))
		return false;
	/* an endpoint that has connected to itself is one end */
	if (src && record->flags & TCPTRACK_FLOW_F_SELF)
		return true;
	return !dst || timewait_add_end(tw, record, RECORD_DST);
}
