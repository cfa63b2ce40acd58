/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A namespace's settings: what sysctl and netlink read and change.
 */
#ifndef _TCT_CONFIG_H
#define _TCT_CONFIG_H

#include "fsm.h"

struct tct_event_filter;
struct tct_net;

/* Documentation/sysctl.rst has what they mean, and their ranges */
enum tct_setting {
	TCT_SETTING_ENABLED,
	TCT_SETTING_MAX,
	TCT_SETTING_HALF_OPEN_MAX,
	TCT_SETTING_KEEP_DETAIL,
	TCT_SETTING_TIMEOUT,	/* by class, seconds */
	/* only in the initial namespace */
	TCT_SETTING_CHILDREN_MAX = TCT_SETTING_TIMEOUT + TCT_CLASS_MAX,
	TCT_SETTING_GLOBAL_MAX,
	TCT_SETTINGS
};

/**
 * struct tct_settings - new values, to be applied together
 * @given: mask of BIT(enum tct_setting): which
 * @val: the values
 * @filters: @event_filter is given, too
 * @event_filter: of which flows events are made; NULL: of all.  The namespace's
 *	once it is applied.
 */
struct tct_settings {
	unsigned long given;
	unsigned int val[TCT_SETTINGS];
	bool filters;
	const struct tct_event_filter *event_filter;
};

/**
 * tct_config_get() - the value of a setting
 * @tn: the namespace
 * @which: the setting
 *
 * Context: process, @tn->lock held.
 * Return: the value.
 */
unsigned int tct_config_get(struct tct_net *tn, enum tct_setting which);

/**
 * tct_config_refuse() - may a setting have a value?
 * @tn: the namespace
 * @which: the setting
 * @val: the value
 *
 * Return: NULL if so, else what is wrong, in words.
 */
const char *tct_config_refuse(const struct tct_net *tn, enum tct_setting which,
			      unsigned int val);

/**
 * tct_config_apply() - change settings: all that are given, or none
 * @tn: the namespace
 * @settings: of which tct_config_refuse() has refused none
 *
 * Context: process, @tn->lock held.
 * Return: 0, or what tct_netns_change() says: nothing has changed.
 */
int tct_config_apply(struct tct_net *tn, const struct tct_settings *settings);

#endif /* _TCT_CONFIG_H */
