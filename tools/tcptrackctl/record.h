/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A flow, as a message of the family tcptrack has it.
 */
#ifndef _CTL_RECORD_H
#define _CTL_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/netlink.h>
#include <linux/tcptrack.h>

#define RECORD_CHANGES	16	/* that are kept of a flow's history */

enum record_side {
	RECORD_SRC = TCPTRACK_SIDE_SRC,
	RECORD_DST = TCPTRACK_SIDE_DST,
	RECORD_SIDES
};

/**
 * struct record_end - an end of a flow
 * @addr: address; of IPv4 the first four octets
 * @port: -
 * @state: enum tcptrack_state
 * @since: how long it has been in it, ms
 * @attr: all that the message says of it, by attribute; NULL: nothing
 */
struct record_end {
	uint8_t addr[16];
	uint16_t port;
	unsigned int state;
	uint64_t since;
	const struct nlattr *attr[TCPTRACK_A_END_MAX + 1];
};

/**
 * struct record - a flow; points into the message
 * @family: AF_INET or AF_INET6
 * @end: initiator, responder
 * @age: ms
 * @idle: ms
 * @class: enum tcptrack_class
 * @flags: TCPTRACK_FLOW_F_*
 * @attr: all that the message says of the flow, by attribute; NULL: nothing
 * @changes: number of @change
 * @change: nests of the last changes of states, the oldest first
 */
struct record {
	int family;
	struct record_end end[RECORD_SIDES];
	uint64_t age;
	uint64_t idle;
	unsigned int class;
	uint32_t flags;
	const struct nlattr *attr[TCPTRACK_A_FLOW_MAX + 1];
	unsigned int changes;
	const struct nlattr *change[RECORD_CHANGES];
};

/**
 * struct record_change - a change of states
 * @state: of both ends, from then on
 * @reason: enum tcptrack_reason
 * @ago: ms
 */
struct record_change {
	unsigned int state[RECORD_SIDES];
	unsigned int reason;
	uint64_t ago;
};

/**
 * struct record_attrs - where record_attr() files attributes
 * @attr: by type
 * @max: the highest type
 */
struct record_attrs {
	const struct nlattr **attr;
	unsigned int max;
};

/**
 * record_attr() - file an attribute by its type; a mnl_attr_cb_t
 * @attr: -
 * @data: struct record_attrs; types that are not in it are passed over
 *
 * Return: MNL_CB_OK.
 */
int record_attr(const struct nlattr *attr, void *data);

/**
 * record_number() - an unsigned number of any width
 * @attr: -; NULL: 0
 *
 * Return: the number, in this host's byte order.
 */
uint64_t record_number(const struct nlattr *attr);

/**
 * record_text() - a string
 * @attr: -; NULL: NULL
 *
 * Return: the string; NULL: it is empty, or not terminated.
 */
const char *record_text(const struct nlattr *attr);

/**
 * record_parse() - take a message apart
 * @record: what is in it
 * @nlh: the message; must outlive @record
 *
 * Return: false: it is not about a flow.
 */
bool record_parse(struct record *record, const struct nlmsghdr *nlh);

/**
 * record_parse_change() - take a change of states apart
 * @change: the result
 * @nest: one of struct record's
 */
void record_parse_change(struct record_change *change,
			 const struct nlattr *nest);

/**
 * record_socket() - the state of an end's socket on this host
 * @end: -
 *
 * Return: the state's name; "none": it has none, though it is this host's; NULL:
 * it is not, or nobody has asked.
 */
const char *record_socket(const struct record_end *end);

#endif /* _CTL_RECORD_H */
