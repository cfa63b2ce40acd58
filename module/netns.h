/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module keeps for each network namespace.
 */
#ifndef _TCT_NETNS_H
#define _TCT_NETNS_H

#include <linux/mutex.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "limit.h"
#include "table.h"

/**
 * struct tct_net - a namespace
 * @net: the namespace itself
 * @table: its flows; NULL while tracking is off
 * @hooks: registered while there is a table
 * @events: made when tracking is first turned on, kept until the namespace
 *	exits: their numbers go on
 * @config: what its sysctls say; the table, if there is one, has the same
 * @lock: Protects: @table, @hooks and @config against other writers, @events
 *	and @dying.
 *	Ordering: outermost of ours; taken inside no lock of ours.
 * @netid: its number in keys
 * @dying: tracking can no longer be turned on
 * @sysctl: its sysctl files
 */
struct tct_net {
	struct net *net;
	struct tct_table __rcu *table;
	struct nf_hook_ops *hooks;
	struct tct_events *events;
	struct tct_config *config;
	struct mutex lock;	/* Protects: all above but net, and dying */
	u32 netid;
	bool dying;
	struct ctl_table_header *sysctl;
};

extern unsigned int tct_netns_id __read_mostly;

/**
 * tct_net() - what is ours of a namespace
 * @net: the namespace
 *
 * Return: it; never NULL while the module is loaded.
 */
static inline struct tct_net *tct_net(const struct net *net)
{
	return net_generic(net, tct_netns_id);
}

/**
 * tct_netns_change() - change the configuration, and turn tracking on or off
 * @tn: the namespace
 * @config: valid; copied
 * @on: whether tracking shall be on
 *
 * Off, the flows are freed. Asking for what is already so changes nothing.
 *
 * Context: process, @tn->lock held.
 * Return: 0, -ENOMEM, -ENODEV while the namespace goes away, or what netfilter
 * says; then nothing has changed.
 */
int tct_netns_change(struct tct_net *tn, const struct tct_config *config,
		     bool on);

/**
 * tct_netns_from() - go through the namespaces in the order of their cookies
 * @least: net_cookie to begin at
 *
 * A cookie is never given twice, so it is a place to go on from that needs no
 * reference to anything.
 *
 * Context: process.
 * Return: the namespace with the least cookie from there on, referenced; NULL:
 * there is none.
 */
struct net *tct_netns_from(u64 least);

/**
 * tct_netns_init() - begin in all namespaces, those to come included
 * @all: turn tracking on in every namespace, not just in the initial one
 * @max: cap of a namespace's flows, until its sysctl says otherwise
 *
 * Return: 0 or the error that the initial namespace met.
 */
int tct_netns_init(bool all, unsigned int max);

/**
 * tct_netns_stop() - end all flows, in all namespaces, and send their events
 *
 * Tracking can no longer be turned on. Requests may still come: they find empty
 * tables.
 *
 * Context: module exit.
 */
void tct_netns_stop(void);

/**
 * tct_netns_exit() - end in all namespaces
 *
 * Context: process.
 */
void tct_netns_exit(void);

#endif /* _TCT_NETNS_H */
