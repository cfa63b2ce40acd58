/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where packets are seen: netfilter's hooks.
 */
#ifndef _TCT_HOOK_H
#define _TCT_HOOK_H

struct net;
struct nf_hook_ops;
struct tct_table;

/**
 * tct_hook_add() - begin to see a namespace's packets
 * @net: the namespace
 * @table: what its packets are accounted in
 *
 * Context: process.
 * Return: for tct_hook_del(), -ENOMEM or the error of nf_register_net_hooks().
 */
struct nf_hook_ops *tct_hook_add(struct net *net, struct tct_table *table);

/**
 * tct_hook_del() - see them no more
 * @net: the namespace
 * @ops: from tct_hook_add()
 *
 * Packets that are in our functions now are still there afterwards, and @ops
 * may be looked at, until a grace period has passed: then the caller frees it.
 *
 * Context: process.
 */
void tct_hook_del(struct net *net, struct nf_hook_ops *ops);

#endif /* _TCT_HOOK_H */
