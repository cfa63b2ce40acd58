// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "flow.h"
#include "limit.h"
#include "netlink.h"
#include "netns.h"

static bool all_netns;
module_param(all_netns, bool, 0444);
MODULE_PARM_DESC(all_netns,
		 "track in every network namespace, those to come included, not only in the initial one (default: N)");

static unsigned int max;
module_param(max, uint, 0444);
MODULE_PARM_DESC(max,
		 "flows at most in a namespace until net.tcptrack.max says otherwise (default: by the machine's memory)");

static int __init tct_init(void)
{
	int err;

	if (max > INT_MAX) {
		pr_err("max=%u is more than %d\n", max, INT_MAX);
		return -EINVAL;
	}
	if (!max)
		max = tct_limit_default_max();
	tct_limit_init(max);
	err = tct_flow_cache_init();
	if (err)
		return err;
	err = tct_netns_init(all_netns, max);
	if (err)
		goto err_cache;
	err = tct_netlink_init();
	if (err)
		goto err_netns;
	return 0;

err_netns:
	tct_netns_exit();
err_cache:
	tct_flow_cache_exit();
	return err;
}

static void __exit tct_exit(void)
{
	tct_netns_stop();
	tct_netlink_exit();
	tct_netns_exit();
	tct_flow_cache_exit();
}

module_init(tct_init);
module_exit(tct_exit);

MODULE_DESCRIPTION("Tracks TCP connections: both endpoints' states, their times and reasons");
MODULE_AUTHOR("The tcptrack developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
