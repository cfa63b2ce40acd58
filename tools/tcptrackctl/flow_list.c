// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "field.h"
#include "flow_print.h"
#include "netns.h"
#include "units.h"

static const struct table_column flow_columns[] = {
	{ "NETNS",	8 },
	{ "SRC",	21 },
	{ "STATE",	12 },
	{ "SINCE",	6, true, 2 },
	{ "DST",	21 },
	{ "STATE",	12 },
	{ "SINCE",	6, true, 1 },
	{ "FLAGS",	8 },
};

/* In a brief list, nothing but who and which states */
static const struct table_column flow_brief_columns[] = {
	{ "NETNS",	8 },
	{ "SRC",	21 },
	{ "STATE",	12 },
	{ "DST",	21 },
	{ "STATE",	12 },
};

/* Of half-open ones, how far this host's end is */
static const struct table_column flow_half_columns[] = {
	{ "NETNS",	8 },
	{ "SRC",	21 },
	{ "STATE",	12 },
	{ "SINCE",	6, true, 2 },
	{ "DST",	21 },
	{ "STATE",	12 },
	{ "SINCE",	6, true, 1 },
	{ "SYNS",	4, true },
	{ "NEXT",	6, true },
	{ "LEFT",	6, true },
	{ "FLAGS",	8 },
};

bool flow_list_init(struct flow_list *list, const struct ctl_options *options,
		    FILE *file, const struct table_column *columns, size_t n)
{
	/* namespaces are named where there may be several */
	size_t skip = !options->all;

	memset(list, 0, sizeof(*list));
	list->options = options;
	if (options->processes) {
		list->owners = owners_find(options->all);
		if (!list->owners)
			return false;
	}
	if (options->json) {
		list->json.file = file;
		list->json.pretty = options->pretty;
		return true;
	}
	list->line = open_memstream(&list->text, &list->size);
	if (!list->line) {
		ctl_complain("no memory");
		owners_free(list->owners);
		return false;
	}
	table_init(&list->table, file, columns + skip, n - skip);
	list->table.color = options->color;
	list->table.oneline = options->oneline;
	return true;
}

static bool flow_list_init_table(struct flow_list *list,
				 const struct ctl_options *options,
				 bool half_open, FILE *file)
{
	if (options->brief)
		return flow_list_init(list, options, file, flow_brief_columns,
				      CTL_COUNT(flow_brief_columns));
	if (half_open)
		return flow_list_init(list, options, file, flow_half_columns,
				      CTL_COUNT(flow_half_columns));
	return flow_list_init(list, options, file, flow_columns,
			      CTL_COUNT(flow_columns));
}

bool flow_list_begin(struct flow_list *list, const struct ctl_options *options,
		     bool half_open, FILE *file)
{
	if (!flow_list_init_table(list, options, half_open, file))
		return false;
	list->half_open = half_open;
	if (options->json)
		json_open(&list->json, '[');
	list->table.headed = !options->brief;
	list->table.limit = table_terminal();
	return true;
}

enum table_color flow_state_color(unsigned int state)
{
	switch (state) {
	case TCPTRACK_STATE_ESTABLISHED:
		return TABLE_GOOD;
	case TCPTRACK_STATE_CLOSED:
	case TCPTRACK_STATE_TIME_WAIT:
		return TABLE_PLAIN;
	default:
		return TABLE_FAIR;
	}
}

void flow_list_netns(struct flow_list *list, const struct record *record)
{
	uint64_t inode = record_number(record->attr[TCPTRACK_A_FLOW_NETNS]);
	char label[NETNS_ROOM];

	if (list->options->all)
		table_cell(&list->table, TABLE_PLAIN,
			   netns_label(label, inode));
}

void flow_list_endpoint(struct flow_list *list, const struct record *record,
			enum record_side side)
{
	const struct record_end *end = &record->end[side];
	char text[ADDRESS_ROOM];

	table_cell(&list->table, TABLE_PLAIN,
		   address_print_endpoint(text, record->family, end->addr,
					  end->port, list->options->resolve));
}

static void flow_end_cells(struct flow_list *list, const struct record *record,
			   enum record_side side)
{
	const struct record_end *end = &record->end[side];
	char text[UNITS_ROOM];

	flow_list_endpoint(list, record, side);
	table_cell(&list->table, flow_state_color(end->state),
		   names_word(&names_states, end->state));
	if (!list->options->brief)
		table_cell(&list->table, TABLE_PLAIN,
			   units_print_ms(text, end->since));
}

/* What its socket has of it, who answered if it has both */
static void flow_half_cells(struct flow_list *list, const struct record *record)
{
	const struct nlattr *const *attr = record->end[RECORD_DST].attr;
	char text[UNITS_ROOM];
	unsigned int i;

	if (!attr[TCPTRACK_A_END_SYNS])
		attr = record->end[RECORD_SRC].attr;
	for (i = 0; i < FIELD_RETRY; i++) {
		const struct nlattr *value = attr[field_retry[i].attr];
		uint64_t number = record_number(value);

		if (!value)
			snprintf(text, sizeof(text), "-");
		else if (field_retry[i].kind == FIELD_MS)
			units_print_ms(text, number);
		else
			snprintf(text, sizeof(text), "%" PRIu64, number);
		table_cell(&list->table, TABLE_PLAIN, text);
	}
}

static const char *flow_line_text(struct flow_list *list)
{
	fflush(list->line);
	rewind(list->line);
	return list->text;
}

static void flow_flags_cell(struct flow_list *list, const struct record *record)
{
	/* that nothing answers, or nothing is accepted, is what one looks for */
	uint32_t bad = TCPTRACK_FLOW_F_UNANSWERED | TCPTRACK_FLOW_F_ACCEPT_WAIT;

	field_print_flags(list->line, &names_flags, record->flags);
	putc('\0', list->line);
	table_cell(&list->table, record->flags & bad ? TABLE_BAD : TABLE_PLAIN,
		   flow_line_text(list));
}

static void flow_below(struct flow_list *list)
{
	putc('\0', list->line);
	table_below(&list->table, flow_line_text(list));
}

static void flow_counts_below(struct flow_list *list,
			      const struct record_end *end, const char *side)
{
	unsigned int i;

	fputs(side, list->line);
	for (i = 0; i < FIELD_END; i++)
		if (field_end[i].count)
			field_print(list->line, &field_end[i],
				    end->attr[field_end[i].attr]);
	flow_below(list);
}

static void flow_end_below(struct flow_list *list,
			   const struct record_end *end, const char *side)
{
	uint32_t differs = record_number(end->attr[TCPTRACK_A_END_DIFFERS]);
	const char *socket = record_socket(end);
	unsigned int i;

	fputs(side, list->line);
	for (i = 0; i < FIELD_END; i++)
		if (!field_end[i].count)
			field_print(list->line, &field_end[i],
				    end->attr[field_end[i].attr]);
	if (socket)
		fprintf(list->line, " sock %s", socket);
	if (differs) {
		fputs(" differs ", list->line);
		field_print_flags(list->line, &names_differs, differs);
	}
	for (i = 0; i < FIELD_RETRY; i++)
		field_print(list->line, &field_retry[i],
			    end->attr[field_retry[i].attr]);
	flow_below(list);
}

static void flow_handshake(struct flow_list *list, const struct record *record)
{
	static const struct field halves[] = {
		{ TCPTRACK_A_FLOW_RTT_SERVER, FIELD_US, .key = "rtt_server" },
		{ TCPTRACK_A_FLOW_RTT_CLIENT, FIELD_US, .key = "rtt_client" },
	};
	unsigned int i;

	for (i = 0; i < CTL_COUNT(halves); i++)
		field_print(list->line, &halves[i],
			    record->attr[halves[i].attr]);
}

static void flow_history_below(struct flow_list *list,
			       const struct record *record)
{
	struct record_change change;
	char ago[UNITS_ROOM];
	unsigned int i;

	fputs("history", list->line);
	for (i = 0; i < record->changes; i++) {
		record_parse_change(&change, record->change[i]);
		fprintf(list->line, " %s:%s/%s@%s",
			names_word(&names_reasons, change.reason),
			names_word(&names_states, change.state[RECORD_SRC]),
			names_word(&names_states, change.state[RECORD_DST]),
			units_print_ms(ago, change.ago));
	}
	flow_below(list);
}

static void flow_details_below(struct flow_list *list,
			       const struct record *record)
{
	char end[FLOW_END_ROOM];
	unsigned int i;

	fputs("flow", list->line);
	for (i = 0; i < FIELD_FLOW; i++)
		if (field_flow[i].attr != TCPTRACK_A_FLOW_FLAGS)
			field_print(list->line, &field_flow[i],
				    record->attr[field_flow[i].attr]);
	if (flow_end_name(end, record))
		fprintf(list->line, " end %s", end);
	flow_handshake(list, record);
	flow_below(list);
	flow_end_below(list, &record->end[RECORD_SRC], "src");
	flow_end_below(list, &record->end[RECORD_DST], "dst");
	if (record->changes)
		flow_history_below(list, record);
}

static void flow_owners_below(struct flow_list *list,
			      const struct record *record,
			      enum record_side side, const char *name)
{
	const struct owner *owner = owners_of(list->owners, record, side);

	for (; owner; owner = owner->next) {
		fprintf(list->line, "%s ", name);
		owners_print(list->line, owner);
		flow_below(list);
	}
}

void flow_list_more(struct flow_list *list, const struct record *record)
{
	const struct ctl_options *options = list->options;

	if (options->stats && !options->brief) {
		flow_counts_below(list, &record->end[RECORD_SRC], "src");
		flow_counts_below(list, &record->end[RECORD_DST], "dst");
	}
	if (options->details && !options->brief)
		flow_details_below(list, record);
	flow_owners_below(list, record, RECORD_SRC, "src");
	flow_owners_below(list, record, RECORD_DST, "dst");
	table_end_row(&list->table);
}

void flow_list_add(struct flow_list *list, const struct record *record)
{
	const struct ctl_options *options = list->options;

	if (options->json) {
		flow_json(&list->json, record, options->brief, list->owners);
		return;
	}
	flow_list_netns(list, record);
	flow_end_cells(list, record, RECORD_SRC);
	flow_end_cells(list, record, RECORD_DST);
	if (list->half_open && !options->brief)
		flow_half_cells(list, record);
	if (!options->brief)
		flow_flags_cell(list, record);
	flow_list_more(list, record);
}

void flow_list_free(struct flow_list *list)
{
	owners_free(list->owners);
	if (list->options->json)
		return;
	table_finish(&list->table);
	fclose(list->line);
	free(list->text);
}

void flow_list_end(struct flow_list *list)
{
	if (list->options->json)
		json_close(&list->json, ']');
	flow_list_free(list);
}
