// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/jiffies.h>
#include <net/ipv6.h>

#include "filter.h"
#include "flow.h"
#include "names.h"
#include "netlink-gen.h"

static int tct_range_parse(struct tct_range *range, const struct nlattr *min,
			   const struct nlattr *max,
			   struct netlink_ext_ack *extack)
{
	range->min = min ? nla_get_u64(min) : 0;
	range->max = max ? nla_get_u64(max) : U64_MAX;
	if (range->min <= range->max)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, max, "the most is less than the least");
	return -EINVAL;
}

static int tct_range_parse_ports(struct tct_range *range,
				 const struct nlattr *min,
				 const struct nlattr *max,
				 struct netlink_ext_ack *extack)
{
	range->min = min ? ntohs(nla_get_be16(min)) : 0;
	if (max)
		range->max = ntohs(nla_get_be16(max));
	else
		range->max = min ? range->min : U16_MAX;
	if (range->min <= range->max)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, max,
			    "the highest port is below the lowest");
	return -EINVAL;
}

static bool tct_range_has(const struct tct_range *range, u64 val)
{
	return val >= range->min && val <= range->max;
}

static bool tct_range_has_ticks(const struct tct_range *range, u64 ticks)
{
	return tct_range_has(range, jiffies64_to_msecs(ticks));
}

/* Return: the mask that the attribute gives, all if there is none; 0: refused. */
static u32 tct_mask_parse(const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	if (!attr)
		return U32_MAX;
	if (!nla_get_u32(attr))
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an empty set, which nothing is in");
	return nla_get_u32(attr);
}

/* All addresses of a request are of one family */
static int tct_family_agree(u8 *family, u8 other, const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	if (!*family)
		*family = other;
	if (*family == other)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "an address of another family than the rest");
	return -EINVAL;
}

static int tct_match_parse_prefix(struct tct_match *match, unsigned int bits,
				  const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	struct in6_addr ones;
	unsigned int len;

	len = attr ? nla_get_u8(attr) : bits;
	if (len > bits) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "longer than the address");
		return -EINVAL;
	}
	memset(&ones, 0xff, sizeof(ones));
	ipv6_addr_prefix(&match->mask, &ones, len);
	return 0;
}

static int tct_match_parse_addr(struct tct_match *match, struct nlattr **tb,
				u8 *family, struct netlink_ext_ack *extack)
{
	const struct nlattr *addr4 = tb[TCPTRACK_A_MATCH_ADDR4];
	const struct nlattr *addr6 = tb[TCPTRACK_A_MATCH_ADDR6];
	const struct nlattr *prefix = tb[TCPTRACK_A_MATCH_PREFIX_LEN];
	int err = 0;

	if (!addr4 && !addr6) {
		if (!prefix)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, prefix,
				    "a prefix length without an address");
		return -EINVAL;
	}
	if (addr4) {
		err = tct_family_agree(family, AF_INET, addr4, extack);
		match->addr.s6_addr32[0] = nla_get_in_addr(addr4);
	}
	if (addr6 && !err) {
		err = tct_family_agree(family, AF_INET6, addr6, extack);
		match->addr = nla_get_in6_addr(addr6);
	}
	if (err)
		return err;
	return tct_match_parse_prefix(match, addr4 ? 32 : 128, prefix, extack);
}

static int tct_match_parse(struct tct_match *match, const struct nlattr *attr,
			   u8 *family, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[TCPTRACK_A_MATCH_MAX + 1];
	int err;

	if (!attr)
		return 0;
	match->given = true;
	err = nla_parse_nested(tb, TCPTRACK_A_MATCH_MAX, attr,
			       tcptrack_match_nl_policy, extack);
	if (!err)
		err = tct_match_parse_addr(match, tb, family, extack);
	if (!err)
		err = tct_range_parse_ports(&match->port,
					    tb[TCPTRACK_A_MATCH_PORT_MIN],
					    tb[TCPTRACK_A_MATCH_PORT_MAX],
					    extack);
	if (!err)
		err = tct_range_parse(&match->since,
				      tb[TCPTRACK_A_MATCH_SINCE_MIN],
				      tb[TCPTRACK_A_MATCH_SINCE_MAX], extack);
	if (err)
		return err;
	match->states = tct_mask_parse(tb[TCPTRACK_A_MATCH_STATES], extack);
	return match->states ? 0 : -EINVAL;
}

static int tct_filter_parse_family(struct tct_filter *filter,
				   const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	filter->family = nla_get_u8(attr);
	if (filter->family == AF_INET || filter->family == AF_INET6)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "neither AF_INET nor AF_INET6");
	return -EINVAL;
}

static int tct_filter_parse_ends(struct tct_filter *filter, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	int err;

	err = tct_match_parse(&filter->end[0], tb[TCPTRACK_A_FILTER_SRC],
			      &filter->family, extack);
	if (!err)
		err = tct_match_parse(&filter->end[1],
				      tb[TCPTRACK_A_FILTER_DST],
				      &filter->family, extack);
	if (!err)
		err = tct_match_parse(&filter->any, tb[TCPTRACK_A_FILTER_ANY],
				      &filter->family, extack);
	return err;
}

static int tct_filter_parse_flow(struct tct_filter *filter, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *any = tb[TCPTRACK_A_FILTER_FLAGS_ANY];
	int err;

	err = tct_range_parse(&filter->age, tb[TCPTRACK_A_FILTER_AGE_MIN],
			      tb[TCPTRACK_A_FILTER_AGE_MAX], extack);
	if (!err)
		err = tct_range_parse(&filter->idle,
				      tb[TCPTRACK_A_FILTER_IDLE_MIN],
				      tb[TCPTRACK_A_FILTER_IDLE_MAX], extack);
	if (err)
		return err;
	filter->classes = tct_mask_parse(tb[TCPTRACK_A_FILTER_CLASSES],
					 extack);
	if (!filter->classes)
		return -EINVAL;
	if (tb[TCPTRACK_A_FILTER_FLAGS])
		filter->flags = nla_get_u32(tb[TCPTRACK_A_FILTER_FLAGS]);
	if (tb[TCPTRACK_A_FILTER_FLAGS_NOT])
		filter->flags_not =
			nla_get_u32(tb[TCPTRACK_A_FILTER_FLAGS_NOT]);
	if (any)
		filter->flags_any = tct_mask_parse(any, extack);
	return any && !filter->flags_any ? -EINVAL : 0;
}

int tct_filter_parse(struct tct_filter *filter, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[TCPTRACK_A_FILTER_MAX + 1];
	int err;

	memset(filter, 0, sizeof(*filter));
	if (!attr)
		return 0;
	filter->given = true;
	err = nla_parse_nested(tb, TCPTRACK_A_FILTER_MAX, attr,
			       tcptrack_filter_nl_policy, extack);
	if (!err)
		err = tct_filter_parse_family(filter,
					      tb[TCPTRACK_A_FILTER_FAMILY],
					      extack);
	if (!err)
		err = tct_filter_parse_ends(filter, tb, extack);
	if (!err)
		err = tct_filter_parse_flow(filter, tb, extack);
	return err;
}

static bool tct_match_end(const struct tct_match *match,
			  const struct tct_snapshot *snap, unsigned int who,
			  u64 now)
{
	const struct tct_end *e = &snap->fsm.end[who];
	struct tct_endpoint ep;

	if (!(match->states & BIT(e->state)))
		return false;
	tct_key_endpoint(&snap->key, snap->initiator_high ^ who, &ep);
	return tct_range_has(&match->port, ntohs(ep.port)) &&
	       !ipv6_masked_addr_cmp(&ep.addr, &match->mask, &match->addr) &&
	       tct_range_has_ticks(&match->since,
				   (now - tct_since(e)) & TCT_WHEN_MASK);
}

static bool tct_filter_flags(const struct tct_filter *filter,
			     const struct tct_snapshot *snap)
{
	u32 flags;

	if (!(filter->flags | filter->flags_not | filter->flags_any))
		return true;
	flags = tct_flag_bits(&snap->fsm);
	return (flags & filter->flags) == filter->flags &&
	       !(flags & filter->flags_not) &&
	       (!filter->flags_any || flags & filter->flags_any);
}

bool tct_filter_matches(const struct tct_filter *filter,
			const struct tct_snapshot *snap, u64 now)
{
	u8 family = tct_key_is_ipv4(&snap->key) ? AF_INET : AF_INET6;

	if (!filter->given)
		return true;
	if (!(filter->classes & BIT(snap->class)))
		return false;
	if (filter->family && filter->family != family)
		return false;
	if (filter->end[0].given &&
	    !tct_match_end(&filter->end[0], snap, 0, now))
		return false;
	if (filter->end[1].given &&
	    !tct_match_end(&filter->end[1], snap, 1, now))
		return false;
	if (filter->any.given && !tct_match_end(&filter->any, snap, 0, now) &&
	    !tct_match_end(&filter->any, snap, 1, now))
		return false;
	return tct_filter_flags(filter, snap) &&
	       tct_range_has_ticks(&filter->age,
				   (now - snap->created) & TCT_WHEN_MASK) &&
	       tct_range_has_ticks(&filter->idle, (u32)now - snap->seen);
}
