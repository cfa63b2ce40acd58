// SPDX-License-Identifier: GPL-2.0
/*
 * What follows from the sums of a place.
 */
#include <string.h>

#include "timewait.h"

/* A burst shows in the shorter, what is slow in the longer */
const unsigned int timewait_span[TIMEWAIT_SPANS] = {
	[TIMEWAIT_SHORT]	= 10,
	[TIMEWAIT_LONG]		= 60,
};

uint64_t timewait_of_stack(const struct timewait *tw)
{
	/* some may have ended between the two counts */
	return tw->host.tw > tw->fin_wait_2_small ?
	       tw->host.tw - tw->fin_wait_2_small : 0;
}

uint64_t timewait_here(const struct timewait_place *place)
{
	return (uint64_t)place->n[TIMEWAIT_HERE] + place->n[TIMEWAIT_BOTH];
}

uint64_t timewait_median(const struct timewait_place *place)
{
	uint64_t half = (timewait_here(place) - place->without) / 2, n = 0;
	uint64_t i;

	for (i = 0; i < TIMEWAIT_SECONDS; i++) {
		n += place->left[i];
		if (n > half)
			break;
	}
	i *= 1000;
	return i > place->least ? i : place->least;
}

/* Ports that connect() can have only when somebody lets go of them */
static uint64_t timewait_blocked(const struct timewait_place *place)
{
	return place->used - place->reusable;
}

uint64_t timewait_free_ports(const struct timewait *tw,
			     const struct timewait_place *place)
{
	uint64_t blocked = timewait_blocked(place);

	return blocked < tw->ports.free ? tw->ports.free - blocked : 0;
}

uint64_t timewait_rate(const struct timewait_place *place)
{
	uint64_t rate, most = 0;
	unsigned int i;

	for (i = 0; i < TIMEWAIT_SPANS; i++) {
		rate = place->fresh[i] * 1000ULL / timewait_span[i];
		if (rate > most)
			most = rate;
	}
	return most;
}

/*
 * Second by second: what is taken adds up, what is in TIME_WAIT now goes when its
 * time is over.  What is taken from now on stays for as long as we look ahead,
 * so after that nothing is said.
 */
bool timewait_out(const struct timewait *tw, const struct timewait_place *place,
		  uint64_t *ms)
{
	uint64_t free = timewait_free_ports(tw, place) * 1000, let_go = 0;
	uint64_t blocked = timewait_blocked(place);
	uint64_t rate = timewait_rate(place), need;
	unsigned int i;

	*ms = 0;
	if (!free)
		return true;
	for (i = 0; rate && i < TIMEWAIT_SECONDS; i++) {
		need = rate * (i + 1);
		if (need >= free + let_go) {
			*ms = (free + let_go) * 1000 / rate;
			return true;
		}
		/* some have a port that was not chosen, or may be reused */
		let_go += place->left[i] * 1000ULL;
		if (let_go > blocked * 1000)
			let_go = blocked * 1000;
	}
	return false;
}

static int timewait_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* In equal places the order is the key's, so that it is always the same */
static int timewait_compare_services(const void *a, const void *b)
{
	const struct timewait_place *x = *(const void *const *)a;
	const struct timewait_place *y = *(const void *const *)b;
	int order;

	order = timewait_compare(timewait_here(y), timewait_here(x));
	if (!order)
		order = timewait_compare(y->n[TIMEWAIT_THERE],
					 x->n[TIMEWAIT_THERE]);
	return order ? order : memcmp(&x->key, &y->key, sizeof(x->key));
}

/* Where ports are blocked most they run out first, at any rate */
static int timewait_compare_destinations(const void *a, const void *b)
{
	const struct timewait_place *x = *(const void *const *)a;
	const struct timewait_place *y = *(const void *const *)b;
	int order;

	order = timewait_compare(timewait_blocked(y), timewait_blocked(x));
	if (!order)
		order = timewait_compare(timewait_rate(y), timewait_rate(x));
	return order ? order : timewait_compare_services(a, b);
}

void timewait_sort(struct timewait *tw)
{
	bag_sort(&tw->services, timewait_compare_services);
	bag_sort(&tw->destinations, timewait_compare_destinations);
}
