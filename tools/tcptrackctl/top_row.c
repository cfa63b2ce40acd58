// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "top_row.h"

#define TOP_MS		1000000ULL	/* ns */
#define TOP_SECOND	1000000000ULL
#define TOP_MOMENT	(TOP_SECOND / 5)	/* too short to tell a rate */

const char *const top_sort_words[TOP_SORTS] = {
	[TOP_STATE]	= "state",
	[TOP_AGE]	= "age",
	[TOP_RATE]	= "rate",
	[TOP_RTT]	= "rtt",
	[TOP_RETRANS]	= "retrans",
};

static uint64_t top_sum(const struct record *record, uint16_t attr)
{
	return record_number(record->end[RECORD_SRC].attr[attr]) +
	       record_number(record->end[RECORD_DST].attr[attr]);
}

static uint64_t top_greater(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void top_row_of(struct top_row *row, const struct record *record,
		uint64_t when)
{
	const struct record_end *src = &record->end[RECORD_SRC];
	const struct record_end *dst = &record->end[RECORD_DST];

	flow_key_of(&row->key, record);
	row->state[RECORD_SRC] = src->state;
	row->state[RECORD_DST] = dst->state;
	row->since = top_greater(src->since, dst->since);
	row->age = record->age;
	row->flags = record->flags;
	row->bytes = top_sum(record, TCPTRACK_A_END_BYTES);
	row->rate = 0;
	row->rtt = top_greater(record_number(src->attr[TCPTRACK_A_END_SRTT]),
			       record_number(dst->attr[TCPTRACK_A_END_SRTT]));
	row->retrans = top_sum(record, TCPTRACK_A_END_RETRANS);
	row->when = when;
}

void top_row_rate(struct top_row *row, const struct top_row *before,
		  uint64_t idle, uint64_t pass)
{
	/* less than before: the next connection of the same ends */
	if (before && row->bytes >= before->bytes) {
		if (row->when - before->when < TOP_MOMENT) {
			row->rate = before->rate;
			row->bytes = before->bytes;
			row->when = before->when;
			return;
		}
		row->rate = (row->bytes - before->bytes) * 1.0 * TOP_SECOND /
			    (row->when - before->when);
	} else if (row->age && (!pass || idle * TOP_MS < pass)) {
		row->rate = row->bytes * 1000.0 / row->age;
	}
}

static uint64_t top_value(const struct top_row *row, enum top_sort sort)
{
	switch (sort) {
	case TOP_STATE:
		return row->state[RECORD_SRC] << 8 | row->state[RECORD_DST];
	case TOP_AGE:
		return row->age;
	case TOP_RATE:
		return row->rate;
	case TOP_RTT:
		return row->rtt;
	default:
		return row->retrans;
	}
}

static int top_compare_numbers(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

int top_row_compare(const struct top_row *a, const struct top_row *b,
		    const struct top_order *order)
{
	int which = top_compare_numbers(top_value(a, order->sort),
					top_value(b, order->sort));

	if (!which)
		which = top_compare_numbers(a->since, b->since);
	if (!which)
		which = memcmp(&a->key, &b->key, sizeof(a->key));
	return order->reverse ? -which : which;
}
