/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Services: an address and a port on which somebody listens, and what the flow
 * table has of the flows to it.  A flow does not say which socket of a
 * SO_REUSEPORT group it is for; so all of a group are one service.
 *
 * Counted when somebody asks, in one walk over the table: nothing is kept for
 * that, and no packet costs more.
 */
#ifndef _TCT_SERVICE_H
#define _TCT_SERVICE_H

#include "listener.h"
#include "spread.h"

struct net;
struct tct_table;

/**
 * struct tct_service - a service
 * @local: address and port, as of its listeners
 * @ipv4: family of @local
 * @dual: of IPv6, any address, and one of its listeners takes IPv4, too
 * @next: index of another of the same hash, plus one
 * @half_open: flows in their handshake
 * @unanswered: of these, those whose SYN has no answer
 * @accept_wait: ... those whose client takes them for open
 * @synack_repeats: SYN-ACKs sent again in these
 * @open: flows that are established or half-closed
 * @ages: of those half-open, ms; NULL: there are none
 * @rtts: SYN-ACK to ACK, us; NULL: none is known
 */
struct tct_service {
	struct tct_endpoint local;
	bool ipv4;
	bool dual;
	u32 next;
	u32 half_open;
	u32 unanswered;
	u32 accept_wait;
	u32 synack_repeats;
	u32 open;
	struct tct_spread *ages;
	struct tct_spread *rtts;
};

/**
 * tct_services_collect() - take listeners, and count their services' flows
 * @set: zero, or as it was left; filled
 * @net: namespace
 * @match: which listeners; NULL: all
 * @slot: where the namespace's table is published; NULL: do not count
 *
 * A flow belongs to the listener that the stack would choose for its SYN by
 * address and port: one bound to that address before one that is bound to none.
 * If @match leaves some out, these leave theirs to others.
 *
 * Where tracking is off nothing is counted, and @set has no services.
 *
 * Context: process; may sleep.
 * Return: 0, -ENOMEM, or -EINTR: a fatal signal is pending. @set is to be freed
 * in any case.
 */
int tct_services_collect(struct tct_listeners *set, struct net *net,
			 const struct tct_listener_match *match,
			 struct tct_table __rcu **slot);

/**
 * tct_services_free() - free a set, its listeners included
 * @set: empty afterwards
 */
void tct_services_free(struct tct_listeners *set);

#endif /* _TCT_SERVICE_H */
