// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl monitor
 */
#include <stdio.h>
#include <string.h>

#include "event_print.h"
#include "filter.h"
#include "listing.h"
#include "reader.h"
#include "units.h"

/**
 * struct monitor - what is being monitored
 * @filter: which flows
 * @topics: EVENT_BIT() of each topic that is wanted
 * @list: also those that there are, to begin with
 * @count: stop after so many events; 0: do not
 * @shown: so many have been
 * @begun: some have been, or could have been
 * @events: where they are printed
 */
struct monitor {
	struct filter filter;
	unsigned int topics;
	bool list;
	uint64_t count;
	uint64_t shown;
	bool begun;
	struct event_list events;
};

static void monitor_on_event(struct reader *reader, const struct event *event)
{
	struct monitor *monitor = reader->data;

	if ((monitor->count && monitor->shown == monitor->count) ||
	    !filter_matches(&monitor->filter, &event->record))
		return;
	event_list_event(&monitor->events, event);
	if (++monitor->shown == monitor->count)
		reader->stop = true;
}

static void monitor_on_lost(struct reader *reader, uint64_t lost)
{
	struct monitor *monitor = reader->data;

	event_list_lost(&monitor->events, lost, reader->tally.lost);
}

static void monitor_on_flow(void *data, const struct record *record)
{
	struct monitor *monitor = data;

	event_list_flow(&monitor->events, "flow", record);
}

static int monitor_on_sync(struct reader *reader)
{
	struct monitor *monitor = reader->data;

	/* people see that it is there; programs must be told that it listens */
	if (monitor->begun || reader->options->json)
		event_list_sync(&monitor->events);
	monitor->begun = true;
	if (!monitor->list)
		return CTL_OK;
	return listing_run(reader->nl, reader->options, &monitor->filter,
			   monitor_on_flow, monitor);
}

static const struct reader_ops monitor_ops = {
	monitor_on_event, monitor_on_lost, monitor_on_sync,
};

/* Take a word off, and its value.  Return: 1: it was none of these; otherwise
 * exit status.
 */
static int monitor_take(struct monitor *monitor, int *argc, char ***argv)
{
	int topic = event_find((*argv)[0]), words = 1;

	if (topic >= 0) {
		monitor->topics |= EVENT_BIT(topic);
	} else if (!strcmp((*argv)[0], "list")) {
		monitor->list = true;
	} else if (!strcmp((*argv)[0], "count")) {
		words = 2;
		if (*argc < words ||
		    !units_parse_number((*argv)[1], &monitor->count) ||
		    !monitor->count) {
			ctl_misused("'count' needs a number, 1 or more");
			return -1;
		}
	} else {
		return 0;
	}
	*argc -= words;
	*argv += words;
	return words;
}

static int monitor_watch(struct monitor *monitor,
			 const struct ctl_options *options)
{
	struct reader reader = {
		.options = options, .ops = &monitor_ops, .data = monitor,
	};
	int status;

	if (!event_list_begin(&monitor->events, options))
		return CTL_DATA;
	status = reader_run(&reader, monitor->topics);
	event_list_end(&monitor->events, &reader.tally, monitor->shown);
	tally_free(&reader.tally);
	return status;
}

static int monitor_run(const struct ctl_options *options, int argc,
		       char **argv)
{
	struct monitor monitor = { .topics = 0 };
	int status = 1;

	while (argc && status > 0)
		status = monitor_take(&monitor, &argc, &argv);
	if (status < 0)
		return CTL_USAGE;
	if (!monitor.topics)
		monitor.topics = EVENT_ALL;
	if (!filter_read(&monitor.filter, options, argc, argv))
		return CTL_USAGE;
	status = monitor_watch(&monitor, options);
	filter_free(&monitor.filter);
	return status;
}

const struct ctl_object monitor_object = {
	"monitor", monitor_run,
	"Usage: tcptrackctl [ -all ] monitor [ list ] [ count NUMBER ]\n"
	"                   [ new ] [ change ] [ end ] [ FILTER ]\n"
	"\n"
	"Prints what happens to flows, until it is interrupted: that they are made,\n"
	"change their states, and are gone. With 'list' also the flows that there\n"
	"are. FILTER is as of 'tcptrackctl flow'.\n",
	true,
};
