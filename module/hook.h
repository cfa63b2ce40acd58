/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where packets are seen: netfilter's hooks.
 */
#ifndef _TCT_HOOK_H
#define _TCT_HOOK_H

struct net;

/**
 * tct_hook_add() - begin to see a namespace's packets
 * @net: the namespace; its table is published
 *
 * Context: process. Return: 0 or the error of nf_register_net_hooks().
 */
int tct_hook_add(struct net *net);

/**
 * tct_hook_del() - see them no more
 * @net: the namespace
 *
 * Packets that are in our functions now are still there afterwards, until a
 * grace period has passed.
 *
 * Context: process.
 */
void tct_hook_del(struct net *net);

#endif /* _TCT_HOOK_H */
