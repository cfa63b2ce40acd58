// SPDX-License-Identifier: GPL-2.0
/*
 * The family's registration. All operations may run at once: what they need of
 * each other's absence they see to by locks of their own.
 *
 * No operation has GENL_UNS_ADMIN_PERM: that would refuse without a word, and
 * asks about the sender's namespace where it is the target's that counts. They
 * ask target.c.
 */
#include <linux/module.h>

#include "event_queue.h"
#include "netlink.h"

/* The generated ones, with what the generator has no words for */
static struct genl_ops tct_netlink_ops[ARRAY_SIZE(tcptrack_nl_ops)] __ro_after_init;

/* Events are of third parties' flows, as records are.  An operation's flags
 * protect nothing here: it is joining a group that asks for this, in the user
 * namespace of the network namespace.
 */
static const struct genl_multicast_group tct_netlink_groups[] = {
#define GROUP(NAME)							\
	[TCPTRACK_NLGRP_##NAME] = {					\
		.name	= TCPTRACK_MCGRP_##NAME,			\
		.flags	= GENL_MCAST_CAP_NET_ADMIN,			\
	}
	GROUP(NEW),
	GROUP(CHANGE),
	GROUP(END),
	GROUP(ALL_NEW),
	GROUP(ALL_CHANGE),
	GROUP(ALL_END),
#undef GROUP
};

struct genl_family tct_netlink_family __ro_after_init = {
	.name		= TCPTRACK_GENL_NAME,
	.version	= TCPTRACK_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= tct_netlink_ops,
	.n_ops		= ARRAY_SIZE(tct_netlink_ops),
	.mcgrps		= tct_netlink_groups,
	.n_mcgrps	= ARRAY_SIZE(tct_netlink_groups),
};

int __init tct_netlink_init(void)
{
	struct genl_ops *op;
	int err;

	memcpy(tct_netlink_ops, tcptrack_nl_ops, sizeof(tct_netlink_ops));
	for (op = tct_netlink_ops;
	     op < tct_netlink_ops + ARRAY_SIZE(tct_netlink_ops); op++) {
		if (op->cmd == TCPTRACK_CMD_FLOW_GET) {
			op->start = tct_netlink_dump_start;
			op->done = tct_netlink_dump_done;
		} else if (op->cmd == TCPTRACK_CMD_LISTENER_GET) {
			op->start = tct_netlink_listener_start;
			op->done = tct_netlink_listener_done;
		} else if (op->dumpit) {
			op->start = tct_netlink_summary_start;
		}
	}
	err = genl_register_family(&tct_netlink_family);
	if (!err)
		tct_event_open(&tct_netlink_family);
	return err;
}

void tct_netlink_exit(void)
{
	/* other families will be given the groups' numbers */
	tct_event_close();
	genl_unregister_family(&tct_netlink_family);
}

MODULE_ALIAS_GENL_FAMILY(TCPTRACK_GENL_NAME);
