// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "names.h"
#include "record.h"

int record_attr(const struct nlattr *attr, void *data)
{
	const struct record_attrs *attrs = data;
	unsigned int type = mnl_attr_get_type(attr);

	if (type <= attrs->max)
		attrs->attr[type] = attr;
	return MNL_CB_OK;
}

uint64_t record_number(const struct nlattr *attr)
{
	if (!attr)
		return 0;
	switch (mnl_attr_get_payload_len(attr)) {
	case sizeof(uint8_t):
		return mnl_attr_get_u8(attr);
	case sizeof(uint16_t):
		return mnl_attr_get_u16(attr);
	case sizeof(uint32_t):
		return mnl_attr_get_u32(attr);
	case sizeof(uint64_t):
		return mnl_attr_get_u64(attr);
	default:
		return 0;
	}
}

const char *record_text(const struct nlattr *attr)
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
		return NULL;
	return *mnl_attr_get_str(attr) ? mnl_attr_get_str(attr) : NULL;
}

/* Return: its address family; 0: there is no address in it. */
static int record_address(struct record_end *end)
{
	const struct nlattr *addr4 = end->attr[TCPTRACK_A_END_ADDR4];
	const struct nlattr *addr6 = end->attr[TCPTRACK_A_END_ADDR6];

	if (addr4 && mnl_attr_get_payload_len(addr4) == 4) {
		memcpy(end->addr, mnl_attr_get_payload(addr4), 4);
		return AF_INET;
	}
	if (addr6 && mnl_attr_get_payload_len(addr6) == 16) {
		memcpy(end->addr, mnl_attr_get_payload(addr6), 16);
		return AF_INET6;
	}
	return 0;
}

static int record_end(struct record_end *end, const struct nlattr *nest)
{
	struct record_attrs attrs = { end->attr, TCPTRACK_A_END_MAX };

	if (!nest || mnl_attr_parse_nested(nest, record_attr, &attrs) < 0)
		return 0;
	end->port = ntohs(record_number(end->attr[TCPTRACK_A_END_PORT]));
	end->state = record_number(end->attr[TCPTRACK_A_END_STATE]);
	end->since = record_number(end->attr[TCPTRACK_A_END_SINCE]);
	return record_address(end);
}

/* Changes come several times; all else once */
static int record_flow_attr(const struct nlattr *attr, void *data)
{
	struct record *record = data;
	struct record_attrs attrs = { record->attr, TCPTRACK_A_FLOW_MAX };

	if (mnl_attr_get_type(attr) == TCPTRACK_A_FLOW_CHANGE &&
	    record->changes < RECORD_CHANGES)
		record->change[record->changes++] = attr;
	return record_attr(attr, &attrs);
}

bool record_parse(struct record *record, const struct nlmsghdr *nlh)
{
	const struct nlattr **attr = record->attr;

	memset(record, 0, sizeof(*record));
	if (mnl_attr_parse(nlh, sizeof(struct genlmsghdr), record_flow_attr,
			   record) < 0)
		return false;
	record->family = record_end(&record->end[RECORD_SRC],
				    attr[TCPTRACK_A_FLOW_SRC]);
	record->age = record_number(attr[TCPTRACK_A_FLOW_AGE]);
	record->idle = record_number(attr[TCPTRACK_A_FLOW_IDLE]);
	record->class = record_number(attr[TCPTRACK_A_FLOW_CLASS]);
	record->flags = record_number(attr[TCPTRACK_A_FLOW_FLAGS]);
	return record->family &&
	       record_end(&record->end[RECORD_DST],
			  attr[TCPTRACK_A_FLOW_DST]) == record->family;
}

void record_parse_change(struct record_change *change,
			 const struct nlattr *nest)
{
	const struct nlattr *attr[TCPTRACK_A_CHANGE_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_CHANGE_MAX };

	mnl_attr_parse_nested(nest, record_attr, &attrs);
	change->state[RECORD_SRC] =
		record_number(attr[TCPTRACK_A_CHANGE_SRC_STATE]);
	change->state[RECORD_DST] =
		record_number(attr[TCPTRACK_A_CHANGE_DST_STATE]);
	change->reason = record_number(attr[TCPTRACK_A_CHANGE_REASON]);
	change->ago = record_number(attr[TCPTRACK_A_CHANGE_AGO]);
}

const char *record_socket(const struct record_end *end)
{
	const struct nlattr *state = end->attr[TCPTRACK_A_END_SOCK_STATE];

	if (state)
		return names_word(&names_states, record_number(state));
	return end->attr[TCPTRACK_A_END_SOCK_NONE] ? "none" : NULL;
}
