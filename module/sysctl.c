// SPDX-License-Identifier: GPL-2.0
/*
 * net.tcptrack.*
 *
 * Out of range: EINVAL, and nothing has changed.
 */
#include <linux/bits.h>
#include <linux/slab.h>

#include <compat/linux/sysctl.h>
#include <compat/net/net_namespace.h>

#include "config.h"
#include "netns.h"
#include "sysctl.h"

/* The settings, and what is only read */
enum tct_sysctl {
	TCT_SYSCTL_COUNT = TCT_SETTINGS,	/* flows in the table */
	TCT_SYSCTL_MAX_INDEX
};

static unsigned int tct_sysctl_get(struct tct_net *tn, unsigned int which)
{
	const struct tct_table *table;

	lockdep_assert_held(&tn->lock);

	if (which != TCT_SYSCTL_COUNT)
		return tct_config_get(tn, which);
	table = rcu_dereference_protected(tn->table, true);
	return table ? max(atomic_read(&table->count), 0) : 0;
}

static int tct_sysctl_set(struct tct_net *tn, unsigned int which,
			  unsigned int val)
{
	struct tct_settings settings = { .given = BIT(which) };

	if (tct_config_refuse(tn, which, val))
		return -EINVAL;
	settings.val[which] = val;
	return tct_config_apply(tn, &settings);
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

/* Those of the initial namespace alone come last */
static const struct {
	const char *name;
	umode_t mode;
	u8 which;
} tct_sysctl_files[] = {
	{ "enabled", 0644, TCT_SETTING_ENABLED },
	{ "count", 0444, TCT_SYSCTL_COUNT },
	{ "max", 0644, TCT_SETTING_MAX },
	{ "half_open_max", 0644, TCT_SETTING_HALF_OPEN_MAX },
	{ "keep_detail", 0644, TCT_SETTING_KEEP_DETAIL },
#define TIMEOUT(CLASS, class) \
	{ "timeout_" #class, 0644, TCT_SETTING_TIMEOUT + TCT_CLASS_##CLASS }
	TIMEOUT(HALF_OPEN, half_open),
	TIMEOUT(ESTABLISHED, established),
	TIMEOUT(HALF_CLOSED, half_closed),
	TIMEOUT(CLOSING, closing),
	TIMEOUT(TIME_WAIT, time_wait),
	TIMEOUT(CLOSED, closed),
#undef TIMEOUT
	{ "children_max", 0644, TCT_SETTING_CHILDREN_MAX },
	{ "global_max", 0644, TCT_SETTING_GLOBAL_MAX },
};

#define TCT_SYSCTL_INITIAL	2	/* files of the initial namespace alone */

int tct_sysctl_init(struct tct_net *tn)
{
	unsigned int i, n = ARRAY_SIZE(tct_sysctl_files);
	struct ctl_table *table;

	if (tn->net != &init_net)
		n -= TCT_SYSCTL_INITIAL;
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
		table[i].extra2 = (void *)(unsigned long)tct_sysctl_files[i].which;
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
