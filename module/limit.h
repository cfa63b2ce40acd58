/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration of a namespace, and the caps that bound memory.
 */
#ifndef _TCT_LIMIT_H
#define _TCT_LIMIT_H

#include <linux/types.h>

#include "fsm.h"

struct net;
struct tct_event_filter;

/**
 * struct tct_config - what a namespace's sysctls say
 * @max: flows at most
 * @half_open_max: of these, half-open at most
 * @timeout: by class, ticks; 1 to 2^31 - 1
 * @keep_detail: flows in TIME_WAIT keep counters and history
 * @event_filter: events are made of these flows only; NULL: of all
 *
 * Published by RCU as a whole; never changed once published.
 */
struct tct_config {
	unsigned int max;
	unsigned int half_open_max;
	unsigned int timeout[TCT_CLASS_MAX];
	bool keep_detail;
	const struct tct_event_filter *event_filter;
};

/* Ceilings beyond a namespace, set in the initial one; atomically accessed */
extern unsigned int tct_limit_children;	/* flows of all child namespaces */
extern unsigned int tct_limit_global;	/* flows of all namespaces */

/**
 * tct_limit_config() - a namespace's configuration until its sysctls change it
 * @config: filled
 * @net: the namespace
 * @max: its cap
 *
 * Context: any.
 */
void tct_limit_config(struct tct_config *config, const struct net *net,
		      unsigned int max);

/**
 * tct_limit_init() - choose the ceilings' defaults
 * @max: cap of the initial namespace
 *
 * Context: module init.
 */
void tct_limit_init(unsigned int max);

/**
 * tct_limit_default_max() - default of a namespace's cap
 *
 * Context: any.
 * Return: flows.
 */
unsigned int tct_limit_default_max(void);

/**
 * tct_limit_charge() - count one flow against the ceilings
 * @child: the namespace is not the initial one
 *
 * Return: whether the ceilings hold; counted in either case.
 */
bool tct_limit_charge(bool child);

/**
 * tct_limit_uncharge() - take one flow back from the ceilings
 * @child: as for tct_limit_charge()
 *
 * Context: any.
 */
void tct_limit_uncharge(bool child);

/**
 * tct_limit_exceeded() - whether a ceiling is exceeded now
 * @child: as for tct_limit_charge()
 *
 * Context: any.
 * Return: whether.
 */
bool tct_limit_exceeded(bool child);

/**
 * tct_limit_charge_buckets() - count a child's larger array of buckets
 * @buckets: how many it has
 *
 * Flows come and go, the array stays: without a bound of their own a user's
 * namespaces could hold memory for more flows than the ceiling lets them have.
 *
 * Context: any. Return: false: the children have enough; nothing is counted.
 */
bool tct_limit_charge_buckets(u32 buckets);

/**
 * tct_limit_uncharge_buckets() - the array is freed
 * @buckets: as charged
 *
 * Context: any.
 */
void tct_limit_uncharge_buckets(u32 buckets);

#endif /* _TCT_LIMIT_H */
