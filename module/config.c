// SPDX-License-Identifier: GPL-2.0
#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "config.h"
#include "event.h"
#include "netns.h"

/* Deadlines are compared as signed 32-bit differences of ticks */
#define TCT_TIMEOUT_MAX		(INT_MAX / HZ)

unsigned int tct_config_get(struct tct_net *tn, enum tct_setting which)
{
	lockdep_assert_held(&tn->lock);

	switch (which) {
	case TCT_SETTING_ENABLED:
		return !!rcu_access_pointer(tn->table);
	case TCT_SETTING_MAX:
		return tn->config->max;
	case TCT_SETTING_HALF_OPEN_MAX:
		return tn->config->half_open_max;
	case TCT_SETTING_KEEP_DETAIL:
		return tn->config->keep_detail;
	case TCT_SETTING_CHILDREN_MAX:
		return READ_ONCE(tct_limit_children);
	case TCT_SETTING_GLOBAL_MAX:
		return READ_ONCE(tct_limit_global);
	default:
		return tn->config->timeout[which - TCT_SETTING_TIMEOUT] / HZ;
	}
}

const char *tct_config_refuse(const struct tct_net *tn, enum tct_setting which,
			      unsigned int val)
{
	switch (which) {
	case TCT_SETTING_ENABLED:
	case TCT_SETTING_KEEP_DETAIL:
		return val > 1 ? "must be 0 or 1" : NULL;
	case TCT_SETTING_CHILDREN_MAX:
	case TCT_SETTING_GLOBAL_MAX:
		if (tn->net != &init_net)
			return "is set only in the initial network namespace";
		fallthrough;
	case TCT_SETTING_MAX:
	case TCT_SETTING_HALF_OPEN_MAX:
		if (!val || val > INT_MAX)
			return "must be a number of flows, 1 to 2^31 - 1";
		return NULL;
	default:
		if (!val || val > TCT_TIMEOUT_MAX)
			return "must be seconds, 1 to (2^31 - 1) / HZ";
		return NULL;
	}
}

int tct_config_apply(struct tct_net *tn, const struct tct_settings *settings)
{
	const struct tct_event_filter *old = tn->config->event_filter;
	bool on = tct_config_get(tn, TCT_SETTING_ENABLED);
	struct tct_config config = *tn->config;
	const unsigned int *val = settings->val;
	unsigned long which;
	int err;

	lockdep_assert_held(&tn->lock);

	for_each_set_bit(which, &settings->given, TCT_SETTING_CHILDREN_MAX) {
		switch (which) {
		case TCT_SETTING_ENABLED:
			on = val[which];
			break;
		case TCT_SETTING_MAX:
			config.max = val[which];
			break;
		case TCT_SETTING_HALF_OPEN_MAX:
			config.half_open_max = val[which];
			break;
		case TCT_SETTING_KEEP_DETAIL:
			config.keep_detail = val[which];
			break;
		default:
			config.timeout[which - TCT_SETTING_TIMEOUT] =
				val[which] * HZ;
		}
	}
	if (settings->filters)
		config.event_filter = settings->event_filter;
	err = tct_netns_change(tn, &config, on);
	if (err)
		return err;
	/* nobody looks at the configuration before any more */
	if (settings->filters)
		kfree(old);
	/* last: these cannot fail */
	if (settings->given & BIT(TCT_SETTING_CHILDREN_MAX))
		WRITE_ONCE(tct_limit_children, val[TCT_SETTING_CHILDREN_MAX]);
	if (settings->given & BIT(TCT_SETTING_GLOBAL_MAX))
		WRITE_ONCE(tct_limit_global, val[TCT_SETTING_GLOBAL_MAX]);
	return 0;
}
