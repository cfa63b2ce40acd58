// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "address.h"
#include "field.h"
#include "flow_print.h"
#include "netns.h"

static const char *const flow_sides[RECORD_SIDES] = { "src", "dst" };

static void flow_json_number(struct json *json, const char *key,
			     uint64_t number)
{
	json_key(json, key);
	json_number(json, number);
}

static void flow_json_string(struct json *json, const char *key,
			     const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void flow_json_endpoint(struct json *json, const struct record *record,
			       enum record_side side, const char *port)
{
	char text[ADDRESS_ROOM];

	json_key(json, flow_sides[side]);
	json_text(json, text, address_print(text, record->family,
					    record->end[side].addr));
	flow_json_number(json, port, record->end[side].port);
}

static void flow_json_state(struct json *json, const struct record *record,
			    enum record_side side)
{
	const struct record_end *end = &record->end[side];

	json_end_key(json, flow_sides[side], "state");
	json_string(json, names_word(&names_states, end->state));
	json_end_key(json, flow_sides[side], "since");
	json_fixed(json, end->since, 3);
}

static void flow_json_fields(struct json *json, const struct record *record,
			     unsigned int from, unsigned int to)
{
	for (; from < to; from++) {
		json_key(json, field_flow[from].key);
		field_json(json, &field_flow[from],
			   record->attr[field_flow[from].attr]);
	}
}

static void flow_json_end_fields(struct json *json,
				 const struct record *record,
				 enum record_side side, unsigned int n)
{
	const struct field *field;

	for (field = field_end; field < field_end + n; field++) {
		json_end_key(json, flow_sides[side], field->key);
		field_json(json, field, record->end[side].attr[field->attr]);
	}
}

const char *flow_end_name(char *text, const struct record *record)
{
	const struct nlattr *reason = record->attr[TCPTRACK_A_FLOW_END_REASON];
	const struct nlattr *by = record->attr[TCPTRACK_A_FLOW_ENDED_BY];

	if (!reason || record_number(reason) == TCPTRACK_END_NONE)
		return NULL;
	snprintf(text, FLOW_END_ROOM, "%s%s",
		 names_word(&names_ends, record_number(reason)), !by ? "" :
		 record_number(by) == TCPTRACK_SIDE_SRC ? "_src" : "_dst");
	return text;
}

/* Both halves of the handshake, and their sum where both are known */
static void flow_json_handshake(struct json *json, const struct record *record)
{
	const struct nlattr *server = record->attr[TCPTRACK_A_FLOW_RTT_SERVER];
	const struct nlattr *client = record->attr[TCPTRACK_A_FLOW_RTT_CLIENT];
	static const struct field us = { .kind = FIELD_US };

	json_key(json, "rtt");
	if (server && client)
		json_fixed(json, record_number(server) +
			   record_number(client), 6);
	else
		json_null(json);
	json_key(json, "rtt_server");
	field_json(json, &us, server);
	json_key(json, "rtt_client");
	field_json(json, &us, client);
}

static void flow_json_history(struct json *json, const struct record *record)
{
	struct record_change change;
	unsigned int i;

	json_key(json, "history");
	json_open(json, '[');
	for (i = 0; i < record->changes; i++) {
		record_parse_change(&change, record->change[i]);
		json_open(json, '{');
		flow_json_string(json, "reason",
				 names_word(&names_reasons, change.reason));
		flow_json_string(json, "src_state",
				 names_word(&names_states,
					    change.state[RECORD_SRC]));
		flow_json_string(json, "dst_state",
				 names_word(&names_states,
					    change.state[RECORD_DST]));
		json_key(json, "ago");
		json_fixed(json, change.ago, 3);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* What is not the same: words with their end before them */
static void flow_json_differs(struct json *json, const struct record *record)
{
	unsigned int side, i;
	char text[64];

	json_key(json, "differs");
	json_open(json, '[');
	for (side = 0; side < RECORD_SIDES; side++) {
		const struct nlattr *const *attr = record->end[side].attr;
		uint32_t set = record_number(attr[TCPTRACK_A_END_DIFFERS]);

		for (i = 0; i < names_differs.n; i++) {
			if (!(set >> i & 1))
				continue;
			snprintf(text, sizeof(text), "%s_%s", flow_sides[side],
				 names_differs.word[i]);
			json_string(json, text);
		}
	}
	json_close(json, ']');
}

static void flow_json_retry(struct json *json, const struct record *record,
			    enum record_side side)
{
	const struct field *field;

	for (field = field_retry; field < field_retry + FIELD_RETRY; field++) {
		json_end_key(json, flow_sides[side], field->key);
		field_json(json, field, record->end[side].attr[field->attr]);
	}
}

static void flow_json_owners(struct json *json, const struct owners *owners,
			     const struct record *record, enum record_side side)
{
	json_end_key(json, flow_sides[side], "processes");
	owners_json(json, owners_of(owners, record, side));
}

void flow_json(struct json *json, const struct record *record, bool brief,
	       const struct owners *owners)
{
	unsigned int fields = brief ? FIELD_END_BRIEF : FIELD_END;
	char text[FLOW_END_ROOM];

	json_open(json, '{');
	flow_json_string(json, "family",
			 record->family == AF_INET ? "ipv4" : "ipv6");
	flow_json_endpoint(json, record, RECORD_SRC, "sport");
	flow_json_endpoint(json, record, RECORD_DST, "dport");
	flow_json_state(json, record, RECORD_SRC);
	flow_json_state(json, record, RECORD_DST);
	flow_json_fields(json, record, 0, FIELD_FLOW_BRIEF);
	if (!brief) {
		flow_json_string(json, "end", flow_end_name(text, record));
		flow_json_fields(json, record, FIELD_FLOW_BRIEF, FIELD_FLOW);
	}
	flow_json_end_fields(json, record, RECORD_SRC, fields);
	flow_json_end_fields(json, record, RECORD_DST, fields);
	if (!brief) {
		flow_json_handshake(json, record);
		flow_json_history(json, record);
		flow_json_string(json, "src_sock",
				 record_socket(&record->end[RECORD_SRC]));
		flow_json_string(json, "dst_sock",
				 record_socket(&record->end[RECORD_DST]));
		flow_json_differs(json, record);
		flow_json_retry(json, record, RECORD_SRC);
		flow_json_retry(json, record, RECORD_DST);
	}
	netns_json(json, record_number(record->attr[TCPTRACK_A_FLOW_NETNS]));
	if (owners) {
		flow_json_owners(json, owners, record, RECORD_SRC);
		flow_json_owners(json, owners, record, RECORD_DST);
	}
	json_close(json, '}');
}
