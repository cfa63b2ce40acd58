/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stack's own sockets at the ends of a flow.
 */
#ifndef _TCT_SOCK_H
#define _TCT_SOCK_H

#include "differ.h"
#include "flow.h"

struct net;

/**
 * struct tct_home - is an address this host's? What the last answer was
 * @addr: that was asked for, as in struct tct_endpoint
 * @family: its family; 0: none was
 * @local: it is
 *
 * Of the flows that a reader is told, many have one end at the same address. Who
 * keeps it between two flows knows that the answer may be old by then.
 */
struct tct_home {
	struct in6_addr addr;
	u8 family;
	bool local;
};

/**
 * tct_sock_look() - look up both ends' sockets, and compare
 * @net: the namespace
 * @snap: a flow of it
 * @now: ticks
 * @home: of the initiators, of the responders; 0 to begin with
 * @socks: what to fill
 *
 * Sockets bound to a device or in a VRF are found, too: like the flow table
 * this goes by the addresses and ports alone. Where several VRFs have the same
 * four-tuple, any of their sockets is taken.
 *
 * Takes no lock: what it says of a socket was so at some moment of this call,
 * each fact for itself.
 *
 * Context: process or softirq; does not sleep.
 */
void tct_sock_look(struct net *net, const struct tct_snapshot *snap, u64 now,
		   struct tct_home home[2], struct tct_sockets *socks);

/**
 * tct_sock_is_local() - is an end's address one of this host's?
 * @net: the namespace
 * @snap: a flow of it
 * @who: the end
 *
 * Context: process or softirq; does not sleep.
 * Return: whether it is.
 */
bool tct_sock_is_local(struct net *net, const struct tct_snapshot *snap,
		       unsigned int who);

#endif /* _TCT_SOCK_H */
