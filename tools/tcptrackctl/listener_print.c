// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "address.h"
#include "field.h"
#include "listener_print.h"
#include "netns.h"
#include "units.h"

/* As ss -l has them, where Recv-Q is the accept queue and Send-Q its limit */
static const struct table_column listener_columns[] = {
	{ "NETNS",	8 },
	{ "ACCEPT-Q",	8, true },
	{ "LIMIT",	6, true },
	{ "LOCAL",	21 },
	{ "SYN-Q",	6, true },
	{ "LIMIT",	6, true },
	{ "DROPS",	6, true },
	{ "HALF-OPEN",	9, true, 1 },
	{ "OLDEST",	6, true, 3 },
	{ "OPEN",	6, true, 2 },
	{ "RTT-P50",	7, true, 4 },
	{ "FLAGS",	8 },
};

/* In a brief list, only what ss has */
#define LISTENER_BRIEF	4

bool listener_list_begin(struct listener_list *list,
			 const struct ctl_options *options)
{
	/* namespaces are named where there may be several */
	size_t skip = !options->all;
	size_t n = options->brief ? LISTENER_BRIEF :
				    CTL_COUNT(listener_columns);

	memset(list, 0, sizeof(*list));
	list->options = options;
	if (options->processes) {
		list->owners = owners_find_in(1U << TCP_LISTEN, options->all);
		if (!list->owners)
			return false;
	}
	if (options->json) {
		list->json.file = stdout;
		list->json.pretty = options->pretty;
		json_open(&list->json, '[');
		return true;
	}
	list->line = open_memstream(&list->text, &list->size);
	if (!list->line) {
		ctl_complain("no memory");
		owners_free(list->owners);
		return false;
	}
	table_init(&list->table, stdout, listener_columns + skip, n - skip);
	list->table.headed = !options->brief;
	list->table.limit = table_terminal();
	list->table.color = options->color;
	list->table.oneline = options->oneline;
	return true;
}

static uint64_t listener_number(const struct listener *listener,
				unsigned int type)
{
	return record_number(listener->attr[type]);
}

static void listener_json(struct listener_list *list,
			  const struct listener *listener)
{
	struct json *json = &list->json;
	uint64_t inode = listener_number(listener, TCPTRACK_A_LISTENER_INODE);
	char text[ADDRESS_ROOM];
	unsigned int i;

	json_open(json, '{');
	json_key(json, "family");
	json_string(json, listener->family == AF_INET ? "ipv4" : "ipv6");
	json_key(json, "addr");
	json_text(json, text, address_print(text, listener->family,
					    listener->addr));
	json_key(json, "port");
	json_number(json, listener->port);
	for (i = 0; i < FIELD_LISTENER; i++) {
		json_key(json, field_listener[i].key);
		field_json(json, &field_listener[i],
			   listener->attr[field_listener[i].attr]);
	}
	for (i = 0; i < FIELD_SERVICE && !list->options->brief; i++) {
		json_key(json, field_service[i].key);
		field_json(json, &field_service[i],
			   listener->service[field_service[i].attr]);
	}
	netns_json(json, listener_number(listener, TCPTRACK_A_LISTENER_NETNS));
	if (list->owners) {
		json_key(json, "processes");
		owners_json(json, owners_of_inode(list->owners, inode));
	}
	json_close(json, '}');
}

static const char *listener_line_text(struct listener_list *list)
{
	putc('\0', list->line);
	fflush(list->line);
	rewind(list->line);
	return list->text;
}

static void listener_below(struct listener_list *list)
{
	table_below(&list->table, listener_line_text(list));
}

static void listener_number_cell(struct listener_list *list,
				 enum table_color color,
				 const struct nlattr *attr)
{
	char text[UNITS_ROOM] = "-";

	if (attr)
		snprintf(text, sizeof(text), "%" PRIu64, record_number(attr));
	table_cell(&list->table, color, text);
}

static void listener_time_cell(struct listener_list *list,
			       const struct nlattr *attr, bool us)
{
	char text[UNITS_ROOM] = "-";

	if (attr && us)
		units_print_us(text, record_number(attr));
	else if (attr)
		units_print_ms(text, record_number(attr));
	table_cell(&list->table, TABLE_PLAIN, text);
}

static bool listener_is_full(const struct listener *listener,
			     unsigned int queue, unsigned int limit)
{
	return listener_number(listener, queue) >
	       listener_number(listener, limit);
}

static bool listener_accept_full(const struct listener *listener)
{
	return listener_is_full(listener, TCPTRACK_A_LISTENER_ACCEPT_QUEUE,
				TCPTRACK_A_LISTENER_ACCEPT_LIMIT);
}

static bool listener_syn_full(const struct listener *listener)
{
	return listener_is_full(listener, TCPTRACK_A_LISTENER_SYN_QUEUE,
				TCPTRACK_A_LISTENER_SYN_LIMIT);
}

static void listener_local_cell(struct listener_list *list,
				const struct listener *listener)
{
	char text[ADDRESS_ROOM + IF_NAMESIZE + 1], name[IF_NAMESIZE];
	unsigned int index;
	size_t len;

	address_print_endpoint(text, listener->family, listener->addr,
			       listener->port, list->options->resolve);
	index = listener_number(listener, TCPTRACK_A_LISTENER_IFINDEX);
	len = strlen(text);
	/* of another namespace an index has no name here */
	if (index && !list->options->all && if_indextoname(index, name))
		snprintf(text + len, sizeof(text) - len, "%%%s", name);
	else if (index)
		snprintf(text + len, sizeof(text) - len, "%%%u", index);
	table_cell(&list->table, TABLE_PLAIN, text);
}

static void listener_flags_cell(struct listener_list *list,
				const struct listener *listener)
{
	bool full = listener_accept_full(listener) ||
		    listener_syn_full(listener);
	const struct {
		bool set;
		const char *word;
	} flags[] = {
		{ listener_accept_full(listener), "accept_full" },
		{ listener_syn_full(listener), "syn_full" },
		{ listener->attr[TCPTRACK_A_LISTENER_COOKIES_RECENT],
		  "cookies" },
		{ listener->attr[TCPTRACK_A_LISTENER_DEFER_ACCEPT],
		  "defer_accept" },
		{ listener->attr[TCPTRACK_A_LISTENER_FASTOPEN_LIMIT],
		  "fastopen" },
		{ listener->attr[TCPTRACK_A_LISTENER_REUSEPORT], "reuseport" },
		{ listener->attr[TCPTRACK_A_LISTENER_V6ONLY], "v6only" },
	};
	const char *before = "";
	size_t i;

	for (i = 0; i < CTL_COUNT(flags); i++) {
		if (!flags[i].set)
			continue;
		fprintf(list->line, "%s%s", before, flags[i].word);
		before = ",";
	}
	table_cell(&list->table, full ? TABLE_BAD : TABLE_PLAIN,
		   listener_line_text(list));
}

static void listener_cells(struct listener_list *list,
			   const struct listener *listener)
{
	const struct nlattr *const *attr = listener->attr;
	const struct nlattr *const *service = listener->service;
	char label[NETNS_ROOM];

	if (list->options->all)
		table_cell(&list->table, TABLE_PLAIN,
			   netns_label(label, record_number
				       (attr[TCPTRACK_A_LISTENER_NETNS])));
	listener_number_cell(list, listener_accept_full(listener) ? TABLE_BAD :
			     TABLE_PLAIN,
			     attr[TCPTRACK_A_LISTENER_ACCEPT_QUEUE]);
	listener_number_cell(list, TABLE_PLAIN,
			     attr[TCPTRACK_A_LISTENER_ACCEPT_LIMIT]);
	listener_local_cell(list, listener);
	if (list->options->brief)
		return;
	listener_number_cell(list, listener_syn_full(listener) ? TABLE_BAD :
			     TABLE_PLAIN, attr[TCPTRACK_A_LISTENER_SYN_QUEUE]);
	listener_number_cell(list, TABLE_PLAIN,
			     attr[TCPTRACK_A_LISTENER_SYN_LIMIT]);
	listener_number_cell(list, TABLE_PLAIN,
			     attr[TCPTRACK_A_LISTENER_DROPS]);
	listener_number_cell(list, TABLE_PLAIN,
			     service[TCPTRACK_A_SERVICE_HALF_OPEN]);
	listener_time_cell(list, service[TCPTRACK_A_SERVICE_AGE_MAX], false);
	listener_number_cell(list, TABLE_PLAIN,
			     service[TCPTRACK_A_SERVICE_OPEN]);
	listener_time_cell(list, service[TCPTRACK_A_SERVICE_RTT_P50], true);
	listener_flags_cell(list, listener);
}

static void listener_limit_in_words(struct listener_list *list,
				    const struct listener *listener,
				    unsigned int limit, unsigned int source)
{
	static const char *const words[] = {
		[TCPTRACK_LIMIT_BACKLOG] = "which listen() asked for",
		[TCPTRACK_LIMIT_SOMAXCONN] = "which is net.core.somaxconn",
		[TCPTRACK_LIMIT_MAX_SYN_BACKLOG] =
			"which net.ipv4.tcp_max_syn_backlog leaves to strangers",
	};
	uint64_t from = listener_number(listener, source);

	fprintf(list->line, "full above %" PRIu64 ", %s",
		listener_number(listener, limit),
		from < CTL_COUNT(words) ? words[from] : "for another reason");
}

/* What the numbers mean, as ss does not say */
static void listener_words_below(struct listener_list *list,
				 const struct listener *listener)
{
	static const char *const full[] = {
		[TCPTRACK_SYNCOOKIES_NEVER] = "SYNs are dropped",
		[TCPTRACK_SYNCOOKIES_OVERFLOW] = "SYNs are answered by cookies",
		[TCPTRACK_SYNCOOKIES_ALWAYS] = "SYNs are answered by cookies",
	};
	uint64_t cookies = listener_number(listener,
					   TCPTRACK_A_LISTENER_SYNCOOKIES);

	fprintf(list->line, "accept queue: %" PRIu64 " wait for accept(); ",
		listener_number(listener, TCPTRACK_A_LISTENER_ACCEPT_QUEUE));
	listener_limit_in_words(list, listener,
				TCPTRACK_A_LISTENER_ACCEPT_LIMIT,
				TCPTRACK_A_LISTENER_ACCEPT_SOURCE);
	if (listener_accept_full(listener))
		fputs("; it is full: SYNs are dropped", list->line);
	listener_below(list);
	fprintf(list->line, "SYN queue: %" PRIu64 " wait for their ACK, %" PRIu64
		" of them without a repeated SYN-ACK; ",
		listener_number(listener, TCPTRACK_A_LISTENER_SYN_QUEUE),
		listener_number(listener, TCPTRACK_A_LISTENER_SYN_YOUNG));
	listener_limit_in_words(list, listener, TCPTRACK_A_LISTENER_SYN_LIMIT,
				TCPTRACK_A_LISTENER_SYN_SOURCE);
	if (listener_syn_full(listener) && cookies < CTL_COUNT(full))
		fprintf(list->line, "; it is full: %s", full[cookies]);
	listener_below(list);
}

/* @count: those that count, or the others */
static void listener_fields_below(struct listener_list *list,
				  const struct listener *listener, bool count)
{
	unsigned int i;

	fputs(count ? "counts" : "socket", list->line);
	for (i = 0; i < FIELD_LISTENER; i++)
		if (field_listener[i].count == count)
			field_print(list->line, &field_listener[i],
				    listener->attr[field_listener[i].attr]);
	for (i = 0; i < FIELD_SERVICE; i++)
		if (field_service[i].count == count)
			field_print(list->line, &field_service[i],
				    listener->service[field_service[i].attr]);
	listener_below(list);
}

static void listener_owners_below(struct listener_list *list,
				  const struct listener *listener)
{
	const struct owner *owner;

	owner = owners_of_inode(list->owners,
				listener_number(listener,
						TCPTRACK_A_LISTENER_INODE));
	for (; owner; owner = owner->next) {
		owners_print(list->line, owner);
		listener_below(list);
	}
}

void listener_list_add(struct listener_list *list,
		       const struct listener *listener)
{
	const struct ctl_options *options = list->options;

	if (options->json) {
		listener_json(list, listener);
		return;
	}
	listener_cells(list, listener);
	if (!options->brief) {
		if (options->stats)
			listener_fields_below(list, listener, true);
		if (options->details) {
			listener_words_below(list, listener);
			listener_fields_below(list, listener, false);
		}
	}
	listener_owners_below(list, listener);
	table_end_row(&list->table);
}

void listener_list_end(struct listener_list *list)
{
	owners_free(list->owners);
	if (list->options->json) {
		json_close(&list->json, ']');
		return;
	}
	table_finish(&list->table);
	fclose(list->line);
	free(list->text);
}
