/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Listeners on standard output, for programs and for people.
 */
#ifndef _CTL_LISTENER_PRINT_H
#define _CTL_LISTENER_PRINT_H

#include <libmnl/libmnl.h>
#include <linux/tcptrack.h>

#include "ctl.h"
#include "json.h"
#include "owner.h"
#include "table.h"

/**
 * struct listener - a listener; points into the message
 * @family: AF_INET or AF_INET6
 * @addr: 4 or 16 octets
 * @port: -
 * @attr: all that the message says of it, by attribute; NULL: nothing
 * @service: ... of the flows to it
 */
struct listener {
	int family;
	const uint8_t *addr;
	uint16_t port;
	const struct nlattr *attr[TCPTRACK_A_LISTENER_MAX + 1];
	const struct nlattr *service[TCPTRACK_A_SERVICE_MAX + 1];
};

/**
 * struct listener_list - a list of listeners that is being printed
 * @options: -
 * @json: with -json
 * @table: without
 * @owners: with -processes
 * @line: being put together
 * @text: of it
 * @size: octets of it
 */
struct listener_list {
	const struct ctl_options *options;
	struct json json;
	struct table table;
	struct owners *owners;
	FILE *line;
	char *text;
	size_t size;
};

/**
 * listener_list_begin() - begin a list
 * @list: -
 * @options: -
 *
 * Return: false: it could not; it has been said why.
 */
bool listener_list_begin(struct listener_list *list,
			 const struct ctl_options *options);

/**
 * listener_list_add() - print a listener
 * @list: -
 * @listener: -
 */
void listener_list_add(struct listener_list *list,
		       const struct listener *listener);

/**
 * listener_list_end() - end a list
 * @list: -
 */
void listener_list_end(struct listener_list *list);

#endif /* _CTL_LISTENER_PRINT_H */
