// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include "filter.h"

#define FILTER_PUT_STATES	((1U << (TCPTRACK_STATE_MAX + 1)) - 1)
#define FILTER_PUT_CLASSES	((1U << (TCPTRACK_CLASS_MAX + 1)) - 1)

/* A nest that nothing is put into is not put either */
static void filter_end_nest(struct nlmsghdr *nlh, struct nlattr *nest)
{
	if ((char *)nest + MNL_ATTR_HDRLEN ==
	    (char *)mnl_nlmsg_get_payload_tail(nlh))
		mnl_attr_nest_cancel(nlh, nest);
	else
		mnl_attr_nest_end(nlh, nest);
}

static void filter_put_range(struct nlmsghdr *nlh, uint16_t min, uint16_t max,
			     const struct filter_range *range)
{
	if (range->min)
		mnl_attr_put_u64(nlh, min, range->min);
	if (range->max != UINT64_MAX)
		mnl_attr_put_u64(nlh, max, range->max);
}

static void filter_put_address(struct nlmsghdr *nlh, uint16_t attr4,
			       uint16_t attr6, const struct filter_match *match)
{
	if (match->family == AF_INET)
		mnl_attr_put(nlh, attr4, 4, match->addr);
	else
		mnl_attr_put(nlh, attr6, 16, match->addr);
}

static void filter_put_match(struct nlmsghdr *nlh, uint16_t type,
			     const struct filter_match *match)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	if (match->family) {
		filter_put_address(nlh, TCPTRACK_A_MATCH_ADDR4,
				   TCPTRACK_A_MATCH_ADDR6, match);
		mnl_attr_put_u8(nlh, TCPTRACK_A_MATCH_PREFIX_LEN,
				match->prefix);
	}
	if (match->port.min || match->port.max != UINT16_MAX) {
		mnl_attr_put_u16(nlh, TCPTRACK_A_MATCH_PORT_MIN,
				 htons(match->port.min));
		mnl_attr_put_u16(nlh, TCPTRACK_A_MATCH_PORT_MAX,
				 htons(match->port.max));
	}
	if (match->states != UINT32_MAX)
		mnl_attr_put_u32(nlh, TCPTRACK_A_MATCH_STATES,
				 match->states & FILTER_PUT_STATES);
	filter_put_range(nlh, TCPTRACK_A_MATCH_SINCE_MIN,
			 TCPTRACK_A_MATCH_SINCE_MAX, &match->since);
	filter_end_nest(nlh, nest);
}

static void filter_put_terms(struct nlmsghdr *nlh,
			     const struct filter_terms *terms)
{
	if (terms->family)
		mnl_attr_put_u8(nlh, TCPTRACK_A_FILTER_FAMILY, terms->family);
	filter_put_match(nlh, TCPTRACK_A_FILTER_SRC, &terms->end[FILTER_SRC]);
	filter_put_match(nlh, TCPTRACK_A_FILTER_DST, &terms->end[FILTER_DST]);
	filter_put_match(nlh, TCPTRACK_A_FILTER_ANY, &terms->end[FILTER_ANY]);
	filter_put_range(nlh, TCPTRACK_A_FILTER_AGE_MIN,
			 TCPTRACK_A_FILTER_AGE_MAX, &terms->age);
	filter_put_range(nlh, TCPTRACK_A_FILTER_IDLE_MIN,
			 TCPTRACK_A_FILTER_IDLE_MAX, &terms->idle);
	if (terms->classes != UINT32_MAX)
		mnl_attr_put_u32(nlh, TCPTRACK_A_FILTER_CLASSES,
				 terms->classes & FILTER_PUT_CLASSES);
	if (terms->flags)
		mnl_attr_put_u32(nlh, TCPTRACK_A_FILTER_FLAGS, terms->flags);
	if (terms->flags_not)
		mnl_attr_put_u32(nlh, TCPTRACK_A_FILTER_FLAGS_NOT,
				 terms->flags_not);
}

void filter_put(struct nlmsghdr *nlh, uint16_t type,
		const struct filter_terms *terms)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	filter_put_terms(nlh, terms);
	filter_end_nest(nlh, nest);
}

void filter_put_any(struct nlmsghdr *nlh, uint16_t type,
		    const struct filter_terms *terms)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	filter_put_terms(nlh, terms);
	mnl_attr_nest_end(nlh, nest);
}

static void filter_put_end(struct nlmsghdr *nlh, uint16_t type,
			   const struct filter_match *match)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	filter_put_address(nlh, TCPTRACK_A_END_ADDR4, TCPTRACK_A_END_ADDR6,
			   match);
	mnl_attr_put_u16(nlh, TCPTRACK_A_END_PORT, htons(match->port.min));
	mnl_attr_nest_end(nlh, nest);
}

void filter_put_tuple(struct nlmsghdr *nlh, const struct filter_terms *terms)
{
	filter_put_end(nlh, TCPTRACK_A_FLOW_SRC, &terms->end[FILTER_SRC]);
	filter_put_end(nlh, TCPTRACK_A_FLOW_DST, &terms->end[FILTER_DST]);
}
