/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A flow beside the sockets at its ends.
 */
#ifndef _TCT_LOOK_H
#define _TCT_LOOK_H

#include "differ.h"
#include "sock.h"
#include "table.h"

struct net;

/**
 * tct_look() - look up both ends' sockets, again and again while they differ
 * @net: the namespace
 * @slot: where its table is published
 * @same: number of the table that @snap is from; 0: any
 * @home: as for tct_sock_look()
 * @snap: a flow of it; taken anew if it differs
 * @socks: what to fill
 *
 * A snapshot is from before, and a segment may have passed since. So what
 * differs is looked at again, a few times: what stays did so at one moment.
 *
 * Context: process.
 * Return: ticks, the time of the last look.
 */
u64 tct_look(struct net *net, struct tct_table __rcu **slot,
	     u64 same, struct tct_home home[2], struct tct_snapshot *snap,
	     struct tct_sockets *socks);

#endif /* _TCT_LOOK_H */
