/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stack's own listening sockets, and both their queues.
 */
#ifndef _TCT_LISTENER_H
#define _TCT_LISTENER_H

#include <linux/types.h>
#include <linux/uidgid.h>

#include "tuple.h"

struct net;
struct sock;
struct tct_service;

/* Where the limit of a queue comes from, as far as the stack still knows */
enum tct_limit_source {
	TCT_LIMIT_BACKLOG,
	TCT_LIMIT_SOMAXCONN,
	TCT_LIMIT_MAX_SYN_BACKLOG,
	TCT_LIMIT_SOURCE_MAX
};

/**
 * struct tct_listener - a listening socket, as it was at one moment
 * @local: address, which may be the unspecified one, and port
 * @ipv4: family of @local: also that of an IPv6 socket on a mapped address
 * @v6only: of IPv6, and takes no IPv4
 * @cookies_recent: may have sent cookies in the last two minutes
 * @accept_source: enum tct_limit_source, of @accept_limit
 * @syn_source: ... of @syn_limit
 * @syncookies: the namespace's setting, 0 to 2
 * @defer_accept: times that its timer runs before a request without data goes
 * @synack_retries: times that a SYN-ACK is repeated
 * @syncnt: TCP_SYNCNT; 0: not set
 * @accept_queue: length
 * @accept_limit: full if it is longer
 * @syn_queue: length
 * @syn_young: of these, requests whose timer has not run yet
 * @syn_limit: full if it is longer
 * @fastopen_queue: requests that have their socket already
 * @fastopen_limit: of these; 0: off
 * @drops: SYNs and last ACKs
 * @reuseport: members of its group; 0: in none
 * @ifindex: device that it is bound to, or 0
 * @inode: of its descriptor
 * @uid: who made it
 * @service: index in struct tct_listeners.service, if that is there
 */
struct tct_listener {
	struct tct_endpoint local;
	bool ipv4;
	bool v6only;
	bool cookies_recent;
	u8 accept_source;
	u8 syn_source;
	u8 syncookies;
	u8 defer_accept;
	u8 synack_retries;
	u8 syncnt;
	u32 accept_queue;
	u32 accept_limit;
	u32 syn_queue;
	u32 syn_young;
	u32 syn_limit;
	u32 fastopen_queue;
	u32 fastopen_limit;
	u32 drops;
	u32 reuseport;
	u32 ifindex;
	u32 inode;
	kuid_t uid;
	u32 service;
};

/**
 * struct tct_listener_match - which listeners
 * @addr: bound to this address, if @has_addr; IPv4 in @addr.s6_addr32[0]
 * @has_addr: -
 * @ipv4: family of @addr
 * @port: network order; 0: any
 * @inode: 0: any
 */
struct tct_listener_match {
	struct in6_addr addr;
	bool has_addr;
	bool ipv4;
	__be16 port;
	u32 inode;
};

/**
 * struct tct_listeners - listeners of a namespace
 * @listener: they
 * @n: how many
 * @room: how many fit
 * @service: what they are to the flow table, see service.h; NULL: not asked
 * @services: number of @service
 */
struct tct_listeners {
	struct tct_listener *listener;
	unsigned int n;
	unsigned int room;
	struct tct_service *service;
	unsigned int services;
};

/**
 * tct_listeners_collect() - take all that match
 * @set: empty or zero; filled
 * @net: the namespace
 * @match: which; NULL: all
 *
 * Each that listens throughout is in it once. Costs by the stack's buckets and
 * the listeners in them; a bucket's lock is held for a batch at a time.
 *
 * Context: process; may sleep.
 * Return: 0, -ENOMEM, or -EINTR: a fatal signal is pending; @set is to be freed
 * in any case.
 */
int tct_listeners_collect(struct tct_listeners *set, struct net *net,
			  const struct tct_listener_match *match);

/**
 * tct_listeners_free() - free a set's listeners
 * @set: has none afterwards
 */
void tct_listeners_free(struct tct_listeners *set);

/**
 * tct_listener_overflowed() - has the SYN queue overflowed in two minutes?
 * @listener: it
 *
 * Context: RCU read side.
 * Return: whether cookies may be under way.
 */
bool tct_listener_overflowed(const struct sock *listener);

/**
 * tct_listener_defer() - for how long a listener waits for data
 * @listener: it
 *
 * Return: seconds, as getsockopt(TCP_DEFER_ACCEPT) has them.
 */
unsigned int tct_listener_defer(const struct tct_listener *listener);

/**
 * tct_limit_source_name() - name of where a limit comes from
 * @source: enum tct_limit_source
 *
 * Return: the name: of the sysctl, or "backlog".
 */
const char *tct_limit_source_name(unsigned int source);

#endif /* _TCT_LISTENER_H */
