/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The values in filter expressions.  Each of these leaves a message in the
 * filter and returns false if the text is none.
 */
#ifndef _CTL_FILTER_VALUE_H
#define _CTL_FILTER_VALUE_H

#include "ctl.h"
#include "filter.h"

/**
 * filter_fail() - say why an expression cannot be understood
 * @filter: what is being made
 * @format: as of printf()
 *
 * Return: false.
 */
__printf(2, 3)
bool filter_fail(struct filter *filter, const char *format, ...);

/**
 * filter_value_host() - [FAMILY:]ADDRESS[/PREFIX][:PORT]
 * @filter: what is being made
 * @text: an IPv6 address with a port is in brackets; '*' is any address
 * @terms: the result
 * @side: the end that it is about
 */
bool filter_value_host(struct filter *filter, const char *text,
		       struct filter_terms *terms, enum filter_side side);

/**
 * filter_value_port() - [FAMILY:][:]PORT
 * @filter: what is being made
 * @text: a number, a service's name, or '*'
 * @terms: its family may be set
 * @range: the result
 */
bool filter_value_port(struct filter *filter, const char *text,
		       struct filter_terms *terms, struct filter_range *range);

/**
 * filter_value_states() - a state or a group of them
 * @filter: what is being made
 * @text: in ss's words or RFC 9293's
 * @states: the result; what is there stays
 */
bool filter_value_states(struct filter *filter, const char *text,
			 uint32_t *states);

#endif /* _CTL_FILTER_VALUE_H */
