// SPDX-License-Identifier: GPL-2.0
/*
 * net.tcptrack.*
 *
 * A value is read into a copy of the configuration, the copy is published as a
 * whole or refused as a whole.  Out of range: EINVAL, and nothing has changed.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>

#include <compat/linux/sysctl.h>
#include <compat/net/net_namespace.h>

#include "netns.h"
#include "sysctl.h"

/* Deadlines are compared as signed 32-bit differences of ticks */
#define TCT_TIMEOUT_MAX		(INT_MAX / HZ)

enum tct_sysctl {
	TCT_SYSCTL_ENABLED,	/* 0 or 1: tracking in this namespace */
	TCT_SYSCTL_COUNT,	/* flows in the table; read-only */
	TCT_SYSCTL_MAX,		/* flows at most; 1 to 2^31 - 1 */
	TCT_SYSCTL_HALF_OPEN_MAX, /* half-open ones at most; 1 to 2^31 - 1 */
	/* 0 or 1: flows that enter TIME_WAIT from now on keep their counters
	 * and history, and the 192 bytes that these take
	 */
	TCT_SYSCTL_KEEP_DETAIL,
	/* seconds that a flow of the class is kept without a sign of life; 1 to
	 * (2^31 - 1) / HZ; for flows whose class or timer begins afterwards
	 */
	TCT_SYSCTL_TIMEOUT,
	/* only in the initial namespace: flows at most, 1 to 2^31 - 1 */
	TCT_SYSCTL_CHILDREN_MAX = TCT_SYSCTL_TIMEOUT + TCT_CLASS_MAX,
	TCT_SYSCTL_GLOBAL_MAX,
	TCT_SYSCTL_MAX_INDEX
};

#define TCT_SYSCTL_OF_CHILD	TCT_SYSCTL_CHILDREN_MAX

static unsigned int tct_sysctl_get(struct tct_net *tn, unsigned int which)
{
	const struct tct_table *table;

	lockdep_assert_held(&tn->lock);

	table = rcu_dereference_protected(tn->table, true);
	switch (which) {
	case TCT_SYSCTL_ENABLED:
		return !!table;
	case TCT_SYSCTL_COUNT:
		return table ? max(atomic_read(&table->count), 0) : 0;
	case TCT_SYSCTL_MAX:
		return tn->config->max;
	case TCT_SYSCTL_HALF_OPEN_MAX:
		return tn->config->half_open_max;
	case TCT_SYSCTL_KEEP_DETAIL:
		return tn->config->keep_detail;
	case TCT_SYSCTL_CHILDREN_MAX:
		return READ_ONCE(tct_limit_children);
	case TCT_SYSCTL_GLOBAL_MAX:
		return READ_ONCE(tct_limit_global);
	default:
		return tn->config->timeout[which - TCT_SYSCTL_TIMEOUT] / HZ;
	}
}

static int tct_sysctl_set(struct tct_net *tn, unsigned int which,
			  unsigned int val)
{
	struct tct_config config = *tn->config;

	lockdep_assert_held(&tn->lock);

	if (which == TCT_SYSCTL_ENABLED)
		return val > 1 ? -EINVAL : tct_netns_enable(tn, val);
	if (which == TCT_SYSCTL_KEEP_DETAIL ? val > 1 : !val || val > INT_MAX)
		return -EINVAL;
	switch (which) {
	case TCT_SYSCTL_MAX:
		config.max = val;
		break;
	case TCT_SYSCTL_HALF_OPEN_MAX:
		config.half_open_max = val;
		break;
	case TCT_SYSCTL_KEEP_DETAIL:
		config.keep_detail = val;
		break;
	case TCT_SYSCTL_CHILDREN_MAX:
		WRITE_ONCE(tct_limit_children, val);
		return 0;
	case TCT_SYSCTL_GLOBAL_MAX:
		WRITE_ONCE(tct_limit_global, val);
		return 0;
	default:
		if (val > TCT_TIMEOUT_MAX)
			return -EINVAL;
		config.timeout[which - TCT_SYSCTL_TIMEOUT] = val * HZ;
	}
	return tct_netns_configure(tn, &config);
}

DEFINE_PROC_HANDLER(tct_sysctl_handler)
{
	struct tct_net *tn = ctl->extra1;
	unsigned int val;
	struct ctl_table tmp = {
		.procname = ctl->procname,
		.data = &val,
		.maxlen = sizeof(val),
		.mode = ctl->mode,
	};
	loff_t pos = *ppos;
	int err;

	mutex_lock(&tn->lock);
	val = tct_sysctl_get(tn, (unsigned long)ctl->extra2);
	err = proc_douintvec(&tmp, write, buffer, lenp, ppos);
	/* a write that does not begin at 0 is refused or ignored there */
	if (!err && write && !pos)
		err = tct_sysctl_set(tn, (unsigned long)ctl->extra2, val);
	mutex_unlock(&tn->lock);
	return err;
}

static const struct {
	const char *name;
	umode_t mode;
} tct_sysctl_files[TCT_SYSCTL_MAX_INDEX] = {
	[TCT_SYSCTL_ENABLED]		= { "enabled", 0644 },
	[TCT_SYSCTL_COUNT]		= { "count", 0444 },
	[TCT_SYSCTL_MAX]		= { "max", 0644 },
	[TCT_SYSCTL_HALF_OPEN_MAX]	= { "half_open_max", 0644 },
	[TCT_SYSCTL_KEEP_DETAIL]	= { "keep_detail", 0644 },
#define TIMEOUT(CLASS, class) \
	[TCT_SYSCTL_TIMEOUT + TCT_CLASS_##CLASS] = { "timeout_" #class, 0644 }
	TIMEOUT(HALF_OPEN, half_open),
	TIMEOUT(ESTABLISHED, established),
	TIMEOUT(HALF_CLOSED, half_closed),
	TIMEOUT(CLOSING, closing),
	TIMEOUT(TIME_WAIT, time_wait),
	TIMEOUT(CLOSED, closed),
#undef TIMEOUT
	[TCT_SYSCTL_CHILDREN_MAX]	= { "children_max", 0644 },
	[TCT_SYSCTL_GLOBAL_MAX]		= { "global_max", 0644 },
};

int tct_sysctl_init(struct tct_net *tn)
{
	unsigned int i, n = TCT_SYSCTL_OF_CHILD;
	struct ctl_table *table;

	if (tn->net == &init_net)
		n = TCT_SYSCTL_MAX_INDEX;
	/* one more: an empty entry, see compat/net/net_namespace.h */
	table = kcalloc(n + 1, sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		table[i].procname = tct_sysctl_files[i].name;
		table[i].mode = tct_sysctl_files[i].mode;
		table[i].maxlen = sizeof(unsigned int);
		table[i].proc_handler = PROC_HANDLER(tct_sysctl_handler);
		table[i].extra1 = tn;
		table[i].extra2 = (void *)(unsigned long)i;
	}
	tn->sysctl = register_net_sysctl_sz(tn->net, "net/tcptrack", table, n);
	if (!tn->sysctl) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

void tct_sysctl_exit(struct tct_net *tn)
{
	const struct ctl_table *table = tn->sysctl->ctl_table_arg;

	unregister_net_sysctl_table(tn->sysctl);
	kfree(table);
}
