/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What top keeps of a flow, and how flows are put in order.
 */
#ifndef _CTL_TOP_ROW_H
#define _CTL_TOP_ROW_H

#include "flow_key.h"

/* What rows are sorted by */
enum top_sort {
	TOP_STATE,
	TOP_AGE,
	TOP_RATE,
	TOP_RTT,
	TOP_RETRANS,
	TOP_SORTS
};

extern const char *const top_sort_words[TOP_SORTS];

/**
 * struct top_order - the order of rows
 * @sort: -
 * @reverse: the least first
 */
struct top_order {
	enum top_sort sort;
	bool reverse;
};

/**
 * struct top_row - a flow
 * @key: -
 * @state: of both ends
 * @since: the longer of both times in these, ms
 * @age: ms
 * @flags: TCPTRACK_FLOW_F_*
 * @bytes: of both directions, when the rate was found out
 * @rate: octets a second
 * @rtt: the greater of both ends' smoothed round-trip times, us; 0: unknown
 * @retrans: of both ends; 0 in a brief record
 * @when: that was, ns
 */
struct top_row {
	struct flow_key key;
	uint8_t state[RECORD_SIDES];
	uint64_t since;
	uint64_t age;
	uint32_t flags;
	uint64_t bytes;
	uint64_t rate;
	uint64_t rtt;
	uint64_t retrans;
	uint64_t when;
};

/**
 * top_row_of() - take what is kept of a flow
 * @row: the result, without its rate
 * @record: the flow
 * @when: now, ns
 */
void top_row_of(struct top_row *row, const struct record *record,
		uint64_t when);

/**
 * top_row_rate() - find out how fast a flow is
 * @row: the flow; its rate is set
 * @before: the same the last time; NULL: it was not among those that are kept
 * @idle: time since its last segment, ms
 * @pass: time since flows were read the last time, ns; 0: they were not
 *
 * What was not kept has no rate if nothing was sent since then, or else, until
 * the next time, that of its life.
 */
void top_row_rate(struct top_row *row, const struct top_row *before,
		  uint64_t idle, uint64_t pass);

/**
 * top_row_compare() - which of two comes first?
 * @a: -
 * @b: -
 * @order: -
 *
 * Return: less than 0: @a; more: @b.  No two flows are alike.
 */
int top_row_compare(const struct top_row *a, const struct top_row *b,
		    const struct top_order *order);

#endif /* _CTL_TOP_ROW_H */
