// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace's life with us:
 *
 *   init      number, configuration, /proc and sysctl files; on where asked
 *   pre_exit  files away (that waits for who is inside), hooks off
 *   -         the grace period that namespace exit and module unload give
 *   exit      no packet can be in our functions: workers cancelled, flows freed,
 *             their events sent
 *
 * Before the module goes, tct_netns_stop() ends the flows of all namespaces while
 * there is a family to send their events.
 */
#include <linux/idr.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "event.h"
#include "event_queue.h"
#include "gc.h"
#include "hook.h"
#include "netns.h"
#include "proc.h"
#include "sysctl.h"

unsigned int tct_netns_id __read_mostly;

static DEFINE_IDA(tct_netns_ida);
static bool tct_netns_all __ro_after_init;
static unsigned int tct_netns_max __ro_after_init;

/* The last packet and the last reader have left it */
static void tct_netns_free_table(struct tct_table *table)
{
	tct_table_stop(table);
	tct_gc_exit(table);
	tct_events_flush(table->events);
	tct_table_free(table);
}

static int tct_netns_start(struct tct_net *tn)
{
	struct tct_table *table;
	int err = 0;

	if (tn->dying)
		return -ENODEV;
	if (!tn->events)
		tn->events = tct_events_alloc(tn->net);
	if (!tn->events)
		return -ENOMEM;
	table = tct_table_alloc(tn->netid, tn->net != &init_net, tn->config);
	if (!table)
		return -ENOMEM;
	table->events = tn->events;
	tct_gc_init(table);
	rcu_assign_pointer(tn->table, table);
	tn->hooks = tct_hook_add(tn->net, table);
	if (IS_ERR(tn->hooks)) {
		err = PTR_ERR(tn->hooks);
		tn->hooks = NULL;
		RCU_INIT_POINTER(tn->table, NULL);
		synchronize_rcu();
		tct_netns_free_table(table);
	}
	return err;
}

static void tct_netns_turn_off(struct tct_net *tn, struct tct_table *table)
{
	if (!tn->dying)
		tct_hook_del(tn->net, tn->hooks);
	RCU_INIT_POINTER(tn->table, NULL);
	synchronize_net();
	kfree(tn->hooks);
	tn->hooks = NULL;
	tct_netns_free_table(table);
}

int tct_netns_change(struct tct_net *tn, const struct tct_config *config,
		     bool on)
{
	struct tct_config *new, *old = tn->config;
	struct tct_table *table;
	int err;

	table = rcu_dereference_protected(tn->table,
					  lockdep_is_held(&tn->lock));
	if (on == !!table && !memcmp(config, old, sizeof(*config)))
		return 0;
	new = kmemdup(config, sizeof(*config), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	tn->config = new;
	if (table && on) {
		rcu_assign_pointer(table->config, new);
		synchronize_rcu();
	} else if (table) {
		tct_netns_turn_off(tn, table);
	} else if (on) {
		err = tct_netns_start(tn);
		if (err) {
			/* the table that had the new one is gone again */
			tn->config = old;
			kfree(new);
			return err;
		}
	}
	kfree(old);
	return 0;
}

/* The list has only namespaces that are set up, and while one is referenced it
 * has not begun to go away.
 */
struct net *tct_netns_from(u64 least)
{
	struct net *net, *found;

	rcu_read_lock();
	do {
		found = NULL;
		for_each_net_rcu(net)
			if (net->net_cookie >= least &&
			    (!found || net->net_cookie < found->net_cookie))
				found = net;
		if (!found)
			break;
		least = found->net_cookie + 1;
	} while (!maybe_get_net(found));
	rcu_read_unlock();
	return found;
}

static void tct_netns_each(void (*function)(struct tct_net *tn))
{
	u64 least = 0;
	struct net *net;

	while ((net = tct_netns_from(least))) {
		least = net->net_cookie + 1;
		function(tct_net(net));
		put_net(net);
	}
}

/* No packets any more, once a grace period has passed */
static void tct_netns_deafen(struct tct_net *tn)
{
	mutex_lock(&tn->lock);
	if (!tn->dying && tn->hooks)
		tct_hook_del(tn->net, tn->hooks);
	tn->dying = true;
	mutex_unlock(&tn->lock);
}

/* Not in a namespace that was made since the others were deafened */
static void tct_netns_empty(struct tct_net *tn)
{
	struct tct_table *table;

	mutex_lock(&tn->lock);
	table = rcu_dereference_protected(tn->table,
					  lockdep_is_held(&tn->lock));
	if (tn->dying && table) {
		tct_table_stop(table);
		tct_gc_exit(table);
		tct_events_flush(table->events);
	}
	mutex_unlock(&tn->lock);
}

static int __net_init tct_net_init(struct net *net)
{
	struct tct_net *tn = tct_net(net);
	int err;

	tn->net = net;
	mutex_init(&tn->lock);
	tn->config = kzalloc(sizeof(*tn->config), GFP_KERNEL_ACCOUNT);
	if (!tn->config)
		return -ENOMEM;
	tct_limit_config(tn->config, net, tct_netns_max);

	err = ida_alloc_range(&tct_netns_ida, 1, TCT_NETID_MAX, GFP_KERNEL);
	if (err < 0)
		goto err_config;
	tn->netid = err;
	err = tct_proc_init(tn);
	if (err)
		goto err_id;
	err = tct_sysctl_init(tn);
	if (err)
		goto err_proc;
	if (tct_netns_all || net == &init_net) {
		mutex_lock(&tn->lock);
		err = tct_netns_start(tn);
		tn->dying = err;	/* root there might try again */
		mutex_unlock(&tn->lock);
		if (err)
			goto err_sysctl;
	}
	return 0;

err_sysctl:
	tct_sysctl_exit(tn);
err_proc:
	tct_proc_exit(tn);
err_id:
	ida_free(&tct_netns_ida, tn->netid);
err_config:
	tct_events_free(tn->events);
	kfree(tn->config);
	return err;
}

static void __net_exit tct_net_pre_exit(struct net *net)
{
	struct tct_net *tn = tct_net(net);

	tct_sysctl_exit(tn);
	tct_proc_exit(tn);
	tct_netns_deafen(tn);
}

static void __net_exit tct_net_exit(struct net *net)
{
	struct tct_net *tn = tct_net(net);
	struct tct_table *table;

	/* nobody is left: the last reader went in pre_exit, the last packet in
	 * the grace period since
	 */
	table = rcu_dereference_protected(tn->table, true);
	if (table) {
		kfree(tn->hooks);
		tct_netns_free_table(table);
	}
	tct_events_free(tn->events);
	ida_free(&tct_netns_ida, tn->netid);
	kfree(tn->config->event_filter);
	kfree(tn->config);
}

static struct pernet_operations tct_net_ops = {
	.init		= tct_net_init,
	.pre_exit	= tct_net_pre_exit,
	.exit		= tct_net_exit,
	.id		= &tct_netns_id,
	.size		= sizeof(struct tct_net),
};

int __init tct_netns_init(bool all, unsigned int max)
{
	tct_netns_all = all;
	tct_netns_max = max;
	return register_pernet_subsys(&tct_net_ops);
}

void tct_netns_stop(void)
{
	tct_netns_each(tct_netns_deafen);
	synchronize_net();
	tct_netns_each(tct_netns_empty);
}

void tct_netns_exit(void)
{
	unregister_pernet_subsys(&tct_net_ops);
	ida_destroy(&tct_netns_ida);
}
