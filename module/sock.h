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
 * tct_sock_look() - look up both ends' sockets, and compare
 * @net: the namespace
 * @snap: a flow of it
 * @now: ticks
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
		   struct tct_sockets *socks);

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
