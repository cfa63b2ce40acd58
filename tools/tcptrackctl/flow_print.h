/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows on standard output, for programs and for people.
 */
#ifndef _CTL_FLOW_PRINT_H
#define _CTL_FLOW_PRINT_H

#include "ctl.h"
#include "json.h"
#include "owner.h"
#include "record.h"
#include "table.h"

/**
 * flow_json() - a flow as JSON, the fields of /proc/net/tcptrack
 * @json: where
 * @record: the flow
 * @brief: it is a brief record: leave out what is not in one
 * @owners: say who has its sockets; NULL: do not
 */
void flow_json(struct json *json, const struct record *record, bool brief,
	       const struct owners *owners);

/**
 * flow_end_name() - how a connection ended, and by whom
 * @text: FLOW_END_ROOM octets
 * @record: the flow
 *
 * Return: @text; NULL: it goes on.
 */
const char *flow_end_name(char *text, const struct record *record);

#define FLOW_END_ROOM	32

/**
 * struct flow_list - a list of flows that is being printed
 * @options: -
 * @json: with -json
 * @table: without
 * @owners: with -processes
 * @half_open: the table says how far half-open ones are
 * @line: being put together, for below a row
 * @text: of it
 * @size: octets of it
 */
struct flow_list {
	const struct ctl_options *options;
	struct json json;
	struct table table;
	struct owners *owners;
	bool half_open;
	FILE *line;
	char *text;
	size_t size;
};

/**
 * flow_state_color() - the colour of a state
 * @state: enum tcptrack_state
 *
 * Return: the colour.
 */
enum table_color flow_state_color(unsigned int state);

/**
 * flow_list_init() - prepare a list with columns of its own
 * @list: -
 * @options: -
 * @file: where it is printed
 * @columns: the first of them for namespaces, if there may be several
 * @n: number of them
 *
 * Return: false: it could not be done; it has been said why.
 */
bool flow_list_init(struct flow_list *list, const struct ctl_options *options,
		    FILE *file, const struct table_column *columns, size_t n);

/**
 * flow_list_netns() - the cell of a flow's namespace, if there may be several
 * @list: -
 * @record: the flow
 */
void flow_list_netns(struct flow_list *list, const struct record *record);

/**
 * flow_list_endpoint() - the cell of an end's address and port
 * @list: -
 * @record: the flow
 * @side: its end
 */
void flow_list_endpoint(struct flow_list *list, const struct record *record,
			enum record_side side);

/**
 * flow_list_more() - end a row, with what the options want below it
 * @list: with all cells of the row
 * @record: the flow
 */
void flow_list_more(struct flow_list *list, const struct record *record);

/**
 * flow_list_free() - end a list that was prepared by flow_list_init()
 * @list: -
 */
void flow_list_free(struct flow_list *list);

/**
 * flow_list_begin() - begin a list
 * @list: -
 * @options: -
 * @half_open: only half-open flows are in it
 * @file: where it is printed
 *
 * Return: false: it could not; it has been said why.
 */
bool flow_list_begin(struct flow_list *list, const struct ctl_options *options,
		     bool half_open, FILE *file);

/**
 * flow_list_add() - print a flow
 * @list: -
 * @record: the flow
 */
void flow_list_add(struct flow_list *list, const struct record *record);

/**
 * flow_list_end() - end a list
 * @list: -
 */
void flow_list_end(struct flow_list *list);

#endif /* _CTL_FLOW_PRINT_H */
