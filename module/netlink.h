/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family tcptrack.
 *
 * Its operations are declared in netlink-gen.h, as the spec has them, and lie in
 * netlink_flow.c, netlink_dump.c, netlink_summary.c, netlink_config.c and
 * netlink_listener.c.
 */
#ifndef _TCT_NETLINK_H
#define _TCT_NETLINK_H

#include "netlink-gen.h"

extern struct genl_family tct_netlink_family;

/**
 * tct_netlink_init() - register the family
 *
 * Context: module init, all else being ready for requests.
 * Return: 0 or what generic netlink says.
 */
int tct_netlink_init(void);

/**
 * tct_netlink_exit() - unregister the family
 *
 * Waits for requests that are being served. No dump is under way: each holds a
 * reference to the module.
 *
 * Context: module exit.
 */
void tct_netlink_exit(void);

/**
 * tct_netlink_dump_start() - begin a dump of flows
 * @cb: the dump
 *
 * Return: 0 or an error.
 */
int tct_netlink_dump_start(struct netlink_callback *cb);

/**
 * tct_netlink_dump_done() - end a dump of flows, finished or not
 * @cb: the dump
 *
 * Return: 0.
 */
int tct_netlink_dump_done(struct netlink_callback *cb);

/**
 * tct_netlink_summary_start() - begin a dump of summaries, counters or events'
 * numbers
 * @cb: the dump
 *
 * Return: 0 or an error.
 */
int tct_netlink_summary_start(struct netlink_callback *cb);

/**
 * tct_netlink_listener_start() - begin a dump of listeners
 * @cb: the dump
 *
 * Return: 0 or an error.
 */
int tct_netlink_listener_start(struct netlink_callback *cb);

/**
 * tct_netlink_listener_done() - end a dump of listeners, finished or not
 * @cb: the dump
 *
 * Return: 0.
 */
int tct_netlink_listener_done(struct netlink_callback *cb);

#endif /* _TCT_NETLINK_H */
