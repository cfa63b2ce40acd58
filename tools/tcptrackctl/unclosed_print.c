// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <sys/socket.h>

#include "address.h"
#include "json.h"
#include "table.h"
#include "unclosed.h"
#include "units.h"

static const char *const unclosed_kinds[UNCLOSED_KINDS] = {
	[UNCLOSED_HELD]		= "held",
	[UNCLOSED_UNACCEPTED]	= "unaccepted",
	[UNCLOSED_UNKNOWN]	= "unknown",
};

static void unclosed_number_cell(struct table *table, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	table_cell(table, TABLE_PLAIN, text);
}

static void unclosed_row(struct table *table, const struct unclosed *unclosed,
			 const struct unclosed_group *group)
{
	const struct unclosed_key *key = &group->key;
	char text[ADDRESS_ROOM];

	table_cell(table, TABLE_PLAIN, group->owner ? group->owner->name : "-");
	if (key->pid)
		unclosed_number_cell(table, key->pid);
	else
		table_cell(table, TABLE_PLAIN, "-");
	table_cell(table, key->kind == UNCLOSED_UNACCEPTED ? TABLE_BAD :
							     TABLE_PLAIN,
		   unclosed_kinds[key->kind]);
	unclosed_number_cell(table, group->n);
	table_cell(table, TABLE_PLAIN, units_print_ms(text, group->oldest));
	unclosed_number_cell(table, group->queued);
	table_cell(table, TABLE_PLAIN, key->service ? "at" : "to");
	table_cell(table, TABLE_PLAIN,
		   address_print_endpoint(text, key->family, key->addr,
					  key->port,
					  unclosed->options->resolve));
	table_end_row(table);
}

static void unclosed_print_groups(const struct unclosed *unclosed)
{
	static const struct table_column columns[] = {
		{ "PROCESS",	12 },
		{ "PID",	7, true, 1 },
		{ "STATE",	10 },
		{ "COUNT",	6, true },
		{ "OLDEST",	6, true },
		{ "RECV_Q",	6, true, 2 },
		{ "",		2 },
		{ "PLACE",	21 },
	};
	struct table table;
	size_t i;

	table_init(&table, stdout, columns, CTL_COUNT(columns));
	table.limit = table_terminal();
	table.color = unclosed->options->color;
	table.headed = !unclosed->options->brief;
	for (i = 0; i < unclosed->groups.n; i++)
		unclosed_row(&table, unclosed, unclosed->groups.slot[i]);
	table_finish(&table);
}

static void unclosed_print_others(uint64_t n, const char *what)
{
	if (n)
		printf("%" PRIu64 " %s\n", n, what);
}

void unclosed_print(const struct unclosed *unclosed)
{
	unclosed_print_groups(unclosed);
	if (unclosed->options->brief)
		return;
	unclosed_print_others(unclosed->closing,
			      "closed here, but what is before the FIN is not sent yet");
	unclosed_print_others(unclosed->gone,
			      "without a socket, which has sent no FIN");
	unclosed_print_others(unclosed->forwarded,
			      "forwarded: another host does not close");
}

static void unclosed_json_number(struct json *json, const char *key,
				 uint64_t number)
{
	json_key(json, key);
	json_number(json, number);
}

static void unclosed_json_group(struct json *json,
				const struct unclosed_group *group)
{
	const struct unclosed_key *key = &group->key;
	const struct owner *owner = group->owner;
	char text[ADDRESS_ROOM];

	json_open(json, '{');
	json_key(json, "process");
	json_string(json, owner ? owner->name : NULL);
	json_key(json, "pid");
	if (owner)
		json_number(json, owner->pid);
	else
		json_null(json);
	json_key(json, "cgroup");
	json_string(json, owner ? owner->cgroup : NULL);
	json_key(json, "kind");
	json_string(json, unclosed_kinds[key->kind]);
	unclosed_json_number(json, "count", group->n);
	json_key(json, "oldest");
	json_fixed(json, group->oldest, 3);
	unclosed_json_number(json, "recv_q", group->queued);
	json_key(json, "end");
	json_string(json, key->service ? "dst" : "src");
	json_key(json, "family");
	json_string(json, key->family == AF_INET ? "ipv4" : "ipv6");
	json_key(json, "dst");
	json_text(json, text, address_print(text, key->family, key->addr));
	unclosed_json_number(json, "dport", key->port);
	json_close(json, '}');
}

void unclosed_json(const struct unclosed *unclosed)
{
	struct json json = {
		.file = stdout, .pretty = unclosed->options->pretty
	};
	size_t i;

	json_open(&json, '[');
	json_open(&json, '{');
	json_key(&json, "since");
	json_fixed(&json, unclosed->since, 3);
	json_key(&json, "groups");
	json_open(&json, '[');
	for (i = 0; i < unclosed->groups.n; i++)
		unclosed_json_group(&json, unclosed->groups.slot[i]);
	json_close(&json, ']');
	unclosed_json_number(&json, "closing", unclosed->closing);
	unclosed_json_number(&json, "gone", unclosed->gone);
	unclosed_json_number(&json, "forwarded", unclosed->forwarded);
	json_close(&json, '}');
	json_close(&json, ']');
}
