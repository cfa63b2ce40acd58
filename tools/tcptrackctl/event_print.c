// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>

#include "event_print.h"
#include "field.h"
#include "moment.h"
#include "names.h"

#define EVENT_STATES	64	/* octets of two pairs of states */

static const struct table_column event_columns[] = {
	{ "NETNS",	8 },
	{ "TIME",	15 },
	{ "EVENT",	6 },
	{ "SRC",	21 },
	{ "DST",	21 },
	{ "STATES",	27 },
	{ "WHY",	8 },
};

bool event_list_begin(struct event_list *list,
		      const struct ctl_options *options)
{
	list->options = *options;
	/* who has a socket is looked up once: that does not last */
	list->options.processes = false;
	list->options.pretty = false;
	if (!flow_list_init(&list->flows, &list->options, stdout,
			    event_columns, CTL_COUNT(event_columns)))
		return false;
	if (!options->json)
		table_stream(&list->flows.table);
	return true;
}

/* Begin a line, but for the cell of the namespace */
static void event_begin_line(struct event_list *list, uint64_t time,
			     const char *word)
{
	struct table *table = &list->flows.table;
	char text[MOMENT_ROOM];

	table_cell(table, TABLE_PLAIN,
		   moment_print(text, time, list->options.tshort ?
				MOMENT_SHORT : MOMENT_CLOCK));
	table_cell(table, TABLE_PLAIN, word);
}

static void event_begin(struct event_list *list, uint64_t time,
			const char *word, const struct record *record)
{
	char text[MOMENT_ROOM];

	if (list->options.timestamp)
		printf("Timestamp: %s\n", moment_print(text, time, MOMENT_LONG));
	flow_list_netns(&list->flows, record);
	event_begin_line(list, time, word);
	flow_list_endpoint(&list->flows, record, RECORD_SRC);
	flow_list_endpoint(&list->flows, record, RECORD_DST);
}

static const char *event_state(unsigned int state)
{
	return names_word(&names_states, state);
}

static void event_states(struct event_list *list, const struct event *event,
			 const struct record *record)
{
	const struct record_end *end = record->end;
	char text[EVENT_STATES] = "";
	int len = 0;

	if (event && event->topic == EVENT_CHANGE)
		len = snprintf(text, sizeof(text), "%s/%s -> ",
			       event_state(event->old[RECORD_SRC]),
			       event_state(event->old[RECORD_DST]));
	snprintf(text + len, sizeof(text) - len, "%s/%s",
		 event_state(end[RECORD_SRC].state),
		 event_state(end[RECORD_DST].state));
	table_cell(&list->flows.table,
		   flow_state_color(end[RECORD_SRC].state), text);
}

static const char *event_flows_text(struct flow_list *flows)
{
	putc('\0', flows->line);
	fflush(flows->line);
	rewind(flows->line);
	return flows->text;
}

/* Why a flow is gone, how its connection ended, and what it carried */
static void event_end(struct event_list *list, const struct event *event)
{
	static const char *const sides[RECORD_SIDES] = { " src", " dst" };
	const struct record *record = &event->record;
	struct flow_list *flows = &list->flows;
	const struct nlattr *const *attr;
	char end[FLOW_END_ROOM];
	unsigned int side, i;

	fputs(names_word(&names_removals, event->removal), flows->line);
	if (flow_end_name(end, record))
		fprintf(flows->line, " end %s", end);
	for (side = 0; side < RECORD_SIDES; side++) {
		fputs(sides[side], flows->line);
		attr = record->end[side].attr;
		for (i = 0; i < FIELD_END_BRIEF; i++)
			fprintf(flows->line, " %s %" PRIu64, field_end[i].key,
				record_number(attr[field_end[i].attr]));
	}
	table_cell(&flows->table, TABLE_PLAIN, event_flows_text(flows));
}

static void event_why(struct event_list *list, const struct record *record)
{
	unsigned int reason = record_number(record->attr[TCPTRACK_A_FLOW_REASON]);

	table_cell(&list->flows.table, TABLE_PLAIN,
		   names_word(&names_reasons, reason));
}

/* The beginning of an object */
static void event_open(struct json *json, const char *word, uint64_t time)
{
	json_open(json, '{');
	json_key(json, "event");
	json_string(json, word);
	json_key(json, "time");
	json_fixed(json, time, 9);
}

static void event_json_number(struct json *json, const char *key,
			      uint64_t number)
{
	json_key(json, key);
	json_number(json, number);
}

static void event_json_string(struct json *json, const char *key,
			      const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void event_json(struct event_list *list, const struct event *event)
{
	bool change = event->topic == EVENT_CHANGE;
	bool end = event->topic == EVENT_END;
	struct json *json = &list->flows.json;

	event_open(json, event_words[event->topic], event->time);
	event_json_number(json, "cpu", event->cpu);
	event_json_number(json, "seq", event->seq);
	event_json_string(json, "old_src_state", !change ? NULL :
			  event_state(event->old[RECORD_SRC]));
	event_json_string(json, "old_dst_state", !change ? NULL :
			  event_state(event->old[RECORD_DST]));
	event_json_string(json, "removal", !end ? NULL :
			  names_word(&names_removals, event->removal));
	json_key(json, "flow");
	flow_json(json, &event->record, !end || list->options.brief, NULL);
	json_close(json, '}');
}

void event_list_event(struct event_list *list, const struct event *event)
{
	if (list->options.json) {
		event_json(list, event);
		return;
	}
	event_begin(list, event->time, event_words[event->topic],
		    &event->record);
	event_states(list, event, &event->record);
	if (event->topic == EVENT_END)
		event_end(list, event);
	else
		event_why(list, &event->record);
	flow_list_more(&list->flows, &event->record);
}

void event_list_flow(struct event_list *list, const char *word,
		     const struct record *record)
{
	struct json *json = &list->flows.json;
	uint64_t now = moment_now();

	if (list->options.json) {
		event_open(json, word, now);
		json_key(json, "flow");
		flow_json(json, record, true, NULL);
		json_close(json, '}');
		return;
	}
	event_begin(list, now, word, record);
	event_states(list, NULL, record);
	event_why(list, record);
	flow_list_more(&list->flows, record);
}

/* A line that is about no flow */
static void event_say(struct event_list *list, const char *word,
		      const char *text)
{
	struct table *table = &list->flows.table;

	if (list->options.all)
		table_cell(table, TABLE_PLAIN, "-");
	event_begin_line(list, moment_now(), word);
	table_cell(table, TABLE_BAD, text);
	table_end_row(table);
}

void event_list_lost(struct event_list *list, uint64_t lost, uint64_t total)
{
	struct json *json = &list->flows.json;
	char text[64];

	if (list->options.json) {
		event_open(json, "lost", moment_now());
		event_json_number(json, "lost", lost);
		event_json_number(json, "total", total);
		json_close(json, '}');
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64 " events, %" PRIu64 " in all",
		 lost, total);
	event_say(list, "lost", text);
}

void event_list_sync(struct event_list *list)
{
	struct json *json = &list->flows.json;

	if (list->options.json) {
		event_open(json, "sync", moment_now());
		json_close(json, '}');
		return;
	}
	event_say(list, "sync", "what follows is complete again");
}

void event_list_gone(struct event_list *list, uint64_t flows)
{
	struct json *json = &list->flows.json;
	char text[64];

	if (list->options.json) {
		event_open(json, "gone", moment_now());
		event_json_number(json, "flows", flows);
		json_close(json, '}');
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64 " flows, unseen", flows);
	event_say(list, "gone", text);
}

void event_list_end(struct event_list *list, const struct tally *tally,
		    uint64_t shown)
{
	struct json *json = &list->flows.json;

	if (list->options.json) {
		event_open(json, "summary", moment_now());
		event_json_number(json, "shown", shown);
		event_json_number(json, "received", tally->received);
		event_json_number(json, "lost", tally->lost);
		event_json_number(json, "generated", tally->generated);
		json_close(json, '}');
	}
	fflush(stdout);
	fprintf(stderr, "shown %" PRIu64 " received %" PRIu64 " lost %" PRIu64
		" generated %" PRIu64 "\n", shown, tally->received,
		tally->lost, tally->generated);
	flow_list_free(&list->flows);
}
