// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "event_print.h"
#include "flow_key.h"
#include "flow_watch.h"
#include "listing.h"
#include "reader.h"

#define WATCH_SLOTS	4096	/* of the hash table; a power of 2 */

/* A flow that is being watched, and the listing that it was last in */
struct watched {
	struct watched *next;
	struct flow_key key;
	unsigned int listing;
};

/**
 * struct watch - what is being watched
 * @filter: flows that are watched from when they match until they end
 * @everything: any flow
 * @tuple: @filter names one flow, whichever of its ends is first
 * @reverse: @filter with its ends the other way round
 * @slot: the flows
 * @flows: number of them
 * @listing: number of the last listing
 * @nomem: there was no memory for one of them
 * @shown: events that have been printed
 * @events: where they are printed
 */
struct watch {
	struct filter filter;
	struct filter everything;
	bool tuple;
	struct filter_node reverse;
	struct watched *slot[WATCH_SLOTS];
	size_t flows;
	unsigned int listing;
	bool nomem;
	uint64_t shown;
	struct event_list events;
};

/* A brief record says its namespace only where there may be several */
static void watch_key(const struct watch *watch, struct flow_key *key,
		      const struct record *record)
{
	flow_key_of(key, record);
	if (!watch->events.options.all)
		key->netns = 0;
}

/* Return: where a flow is, or would be. */
static struct watched **watch_find(struct watch *watch,
				   const struct flow_key *key)
{
	struct watched **at;

	at = &watch->slot[flow_key_hash(key) & (WATCH_SLOTS - 1)];
	while (*at && !flow_key_same(&(*at)->key, key))
		at = &(*at)->next;
	return at;
}

static void watch_drop(struct watch *watch, struct watched **at)
{
	struct watched *watched = *at;

	*at = watched->next;
	free(watched);
	watch->flows--;
}

static bool watch_matches(const struct watch *watch,
			  const struct record *record)
{
	struct filter reverse = { .root = (struct filter_node *)&watch->reverse };

	return filter_matches(&watch->filter, record) ||
	       (watch->tuple && filter_matches(&reverse, record));
}

/* Return: whether a flow is watched, from now on or already. */
static bool watch_take(struct watch *watch, const struct record *record)
{
	struct watched **at;
	struct flow_key key;

	watch_key(watch, &key, record);
	at = watch_find(watch, &key);
	if (!*at) {
		if (!watch_matches(watch, record))
			return false;
		*at = calloc(1, sizeof(**at));
		if (!*at) {
			watch->nomem = true;
			return false;
		}
		(*at)->key = key;
		watch->flows++;
	}
	(*at)->listing = watch->listing;
	return true;
}

static void watch_on_event(struct reader *reader, const struct event *event)
{
	struct watch *watch = reader->data;
	struct flow_key key;

	if (reader->stop || !watch_take(watch, &event->record))
		return;
	event_list_event(&watch->events, event);
	watch->shown++;
	if (event->topic != EVENT_END)
		return;
	watch_key(watch, &key, &event->record);
	watch_drop(watch, watch_find(watch, &key));
	reader->stop = watch->tuple;
}

static void watch_on_lost(struct reader *reader, uint64_t lost)
{
	struct watch *watch = reader->data;

	event_list_lost(&watch->events, lost, reader->tally.lost);
}

static void watch_on_flow(void *data, const struct record *record)
{
	struct watch *watch = data;

	if (watch_take(watch, record))
		event_list_flow(&watch->events, "flow", record);
}

/* Drop all that are not in the last listing.  Return: number of these. */
static size_t watch_sweep(struct watch *watch)
{
	size_t before = watch->flows, i;
	struct watched **at;

	for (i = 0; i < WATCH_SLOTS; i++) {
		at = &watch->slot[i];
		while (*at) {
			if ((*at)->listing != watch->listing)
				watch_drop(watch, at);
			else
				at = &(*at)->next;
		}
	}
	return before - watch->flows;
}

/* Flows that are watched need no longer match */
static int watch_on_sync(struct reader *reader)
{
	struct watch *watch = reader->data;
	bool any = watch->tuple || watch->flows;
	size_t gone;
	int status;

	if (watch->listing++ || reader->options->json)
		event_list_sync(&watch->events);
	status = listing_run(reader->nl, reader->options,
			     any ? &watch->everything : &watch->filter,
			     watch_on_flow, watch);
	if (status != CTL_OK)
		return status;
	gone = watch_sweep(watch);
	if (gone) {
		event_list_gone(&watch->events, gone);
		reader->stop = watch->tuple;
	}
	if (!watch->nomem)
		return CTL_OK;
	ctl_complain("flow watch: %s", strerror(ENOMEM));
	return CTL_DATA;
}

static const struct reader_ops watch_ops = {
	watch_on_event, watch_on_lost, watch_on_sync,
};

/* The flow that a filter names is also that with its ends the other way round */
static void watch_set_tuple(struct watch *watch)
{
	struct filter_terms *terms = &watch->reverse.terms;

	watch->tuple = filter_is_tuple(&watch->filter);
	if (!watch->tuple)
		return;
	watch->reverse.op = FILTER_TERMS;
	*terms = watch->filter.kernel;
	terms->end[FILTER_SRC] = watch->filter.kernel.end[FILTER_DST];
	terms->end[FILTER_DST] = watch->filter.kernel.end[FILTER_SRC];
}

int flow_watch(const struct ctl_options *options, int argc, char **argv)
{
	static struct watch watch;
	struct reader reader = {
		.options = options, .ops = &watch_ops, .data = &watch,
	};
	int status;

	memset(&watch, 0, sizeof(watch));
	if (!argc)
		return ctl_misused("flow watch: needs a FILTER, or 'all'");
	if (!filter_read(&watch.filter, options, argc, argv))
		return CTL_USAGE;
	filter_compile(&watch.everything);
	watch_set_tuple(&watch);
	status = CTL_DATA;
	if (event_list_begin(&watch.events, options)) {
		status = reader_run(&reader, EVENT_ALL);
		event_list_end(&watch.events, &reader.tally, watch.shown);
		tally_free(&reader.tally);
	}
	watch.listing++;
	watch_sweep(&watch);
	filter_free(&watch.filter);
	return status;
}
