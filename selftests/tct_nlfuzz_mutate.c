// SPDX-License-Identifier: GPL-2.0
/*
 * What is done to requests: to their headers, to an attribute's type, flags,
 * length, value and padding, to the order and number of attributes and to their
 * nesting. The lengths of what is around an attribute follow its own, so that it
 * is the attribute that is wrong; except where a length itself is made wrong.
 */
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/tcptrack.h>

#include "tct_nlfuzz.h"

#define MAX_SPOTS	128
#define MAX_DEPTH	40

/* struct spot - an attribute in a request */
struct spot {
	unsigned int at;
	int around;		/* index of the nest that it is in; -1: none */
};

static struct spot spots[MAX_SPOTS];
static unsigned int nr_spots;

static struct nlattr *attr_at(struct request *r, unsigned int at)
{
	return (struct nlattr *)(r->buf + at);
}

static void find_spots(struct request *r, unsigned int at, unsigned int end,
		       int around, unsigned int depth)
{
	while (at + MNL_ATTR_HDRLEN <= end && nr_spots < MAX_SPOTS) {
		struct nlattr *attr = attr_at(r, at);
		unsigned int spot = nr_spots;

		if (!mnl_attr_ok(attr, end - at))
			return;
		spots[nr_spots++] = (struct spot){ at, around };
		if (attr->nla_type & NLA_F_NESTED && depth < MAX_DEPTH)
			find_spots(r, at + MNL_ATTR_HDRLEN, at + attr->nla_len,
				   spot, depth + 1);
		at += MNL_ALIGN(attr->nla_len);
	}
}

/* any_spot - one of the attributes, or NULL if there is none */
static const struct spot *any_spot(struct request *r)
{
	nr_spots = 0;
	find_spots(r, HDRS, r->size, -1, 0);
	return nr_spots ? &spots[pick(nr_spots)] : NULL;
}

static void resize(struct request *r, int around, int by)
{
	r->size += by;
	r->nlh.nlmsg_len = r->size;
	for (; around >= 0; around = spots[around].around)
		attr_at(r, spots[around].at)->nla_len += by;
}

/* Octets for an attribute at @at, in the nest @around; false: no room */
static bool open_gap(struct request *r, unsigned int at, int around,
		     unsigned int len)
{
	len = MNL_ALIGN(len);
	if (at > r->size || r->size + len > MAX_LEN - 64)
		return false;
	memmove(r->buf + at + len, r->buf + at, r->size - at);
	memset(r->buf + at, 0, len);
	resize(r, around, len);
	return true;
}

static void retype(struct request *r, const struct spot *spot)
{
	struct nlattr *attr = attr_at(r, spot->at);
	__u16 flags = attr->nla_type & ~NLA_TYPE_MASK;

	attr->nla_type = flags | (pick(3) ? pick(MAX_ATTRS) :
				  chance() & NLA_TYPE_MASK);
}

static void reflag(struct request *r, const struct spot *spot)
{
	attr_at(r, spot->at)->nla_type ^=
		pick(2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
}

static void relength(struct request *r, const struct spot *spot)
{
	struct nlattr *attr = attr_at(r, spot->at);
	const int by[] = { -8, -4, -2, -1, 1, 2, 3, 4, 8, 64 };

	if (pick(3))
		attr->nla_len += by[pick(sizeof(by) / sizeof(*by))];
	else
		attr->nla_len = pick(2) ? pick(8) : chance();
}

/* With as many octets, and not only a length that says so */
static void resize_value(struct request *r, const struct spot *spot)
{
	struct nlattr *attr = attr_at(r, spot->at);
	unsigned int len = attr->nla_len, more = 1 + pick(pick(8) ? 12 : 2000);

	if (open_gap(r, spot->at + MNL_ALIGN(len), spot->around, more))
		attr->nla_len = len + more;
}

static void drop(struct request *r, const struct spot *spot)
{
	unsigned int len = MNL_ALIGN(attr_at(r, spot->at)->nla_len);

	if (spot->at + len > r->size)
		return;
	memmove(r->buf + spot->at, r->buf + spot->at + len,
		r->size - spot->at - len);
	resize(r, spot->around, -(int)len);
}

/* Once more, before or behind the first, its value another or not */
static void twice(struct request *r, const struct spot *spot)
{
	unsigned int len = attr_at(r, spot->at)->nla_len;

	if (spot->at + MNL_ALIGN(len) > r->size ||
	    !open_gap(r, spot->at, spot->around, len))
		return;
	memcpy(r->buf + spot->at, r->buf + spot->at + MNL_ALIGN(len), len);
	if (len > MNL_ATTR_HDRLEN && pick(2))
		r->buf[spot->at + MNL_ATTR_HDRLEN +
		       pick(len - MNL_ATTR_HDRLEN)] = chance();
}

/* One that nobody knows, or knows elsewhere */
static void alien(struct request *r, const struct spot *spot)
{
	unsigned int len = MNL_ATTR_HDRLEN + pick(20), i;
	struct nlattr *attr = attr_at(r, spot->at);

	if (!open_gap(r, spot->at, spot->around, len))
		return;
	attr->nla_len = len;
	attr->nla_type = pick(2) ? pick(MAX_ATTRS) : chance();
	for (i = MNL_ATTR_HDRLEN; i < len; i++)
		r->buf[spot->at + i] = chance();
}

static void revalue(struct request *r, const struct spot *spot)
{
	unsigned int len = attr_at(r, spot->at)->nla_len - MNL_ATTR_HDRLEN, i;
	int octet = pick(4) ? -1 : pick(2) ? 0xff : 0;

	if (len && pick(2)) {
		r->buf[spot->at + MNL_ATTR_HDRLEN + pick(len)] = chance();
		return;
	}
	for (i = 0; i < len; i++)
		r->buf[spot->at + MNL_ATTR_HDRLEN + i] =
			octet < 0 ? (int)chance() : octet;
}

static void pad(struct request *r, const struct spot *spot)
{
	unsigned int i = spot->at + attr_at(r, spot->at)->nla_len;

	for (; i % MNL_ALIGNTO && i < r->size; i++)
		r->buf[i] = chance();
}

/* Into a nest of its own type, which is in one, and so on */
static void deepen(struct request *r, const struct spot *spot)
{
	__u16 type = attr_at(r, spot->at)->nla_type | NLA_F_NESTED;
	unsigned int len = attr_at(r, spot->at)->nla_len;
	unsigned int depth = pick(4) ? 1 + pick(3) : pick(100), i;

	for (i = 0; i < depth; i++) {
		if (!open_gap(r, spot->at, spot->around, MNL_ATTR_HDRLEN))
			return;
		len = MNL_ALIGN(len) + MNL_ATTR_HDRLEN;
		attr_at(r, spot->at)->nla_len = len;
		attr_at(r, spot->at)->nla_type = type;
	}
}

static void cut(struct request *r)
{
	if (r->size <= NLMSG_HDRLEN)
		return;
	r->size -= 1 + pick(r->size - NLMSG_HDRLEN);
	r->nlh.nlmsg_len = r->size;
}

/* What is behind the last attribute */
static void lengthen(struct request *r)
{
	unsigned int more = 1 + pick(16);

	if (!open_gap(r, r->size, -1, more))
		return;
	while (more--)
		r->buf[r->size - 1 - more] = chance();
}

static void flip(struct request *r)
{
	if (r->size > HDRS)
		r->buf[HDRS + pick(r->size - HDRS)] ^= 1 << pick(8);
}

static void genl_header(struct request *r)
{
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(&r->nlh);

	switch (pick(4)) {
	case 0:
		genl->cmd = chance();
		break;
	case 1:
		genl->cmd = ops[pick(nr_ops)].cmd;
		break;
	case 2:
		genl->version = chance();
		break;
	case 3:
		genl->reserved = chance();
	}
}

/* Its type stays ours, or is one that netlink itself answers */
static void header(struct request *r)
{
	const __u32 wrong[] = {
		0, 1, NLMSG_HDRLEN - 1, r->size + 1, r->size + 4, 1 << 20,
		UINT32_MAX
	};

	switch (pick(8)) {
	case 0:
		r->nlh.nlmsg_len = wrong[pick(sizeof(wrong) / sizeof(*wrong))];
		break;
	case 1:
		r->nlh.nlmsg_type = pick(NLMSG_MIN_TYPE);
		break;
	case 2:
		r->nlh.nlmsg_flags ^= NLM_F_REQUEST;
		break;
	case 3:
		r->nlh.nlmsg_flags ^= NLM_F_DUMP;
		break;
	default:
		r->nlh.nlmsg_flags ^= 1 << pick(16);
	}
}

void mutate(struct request *r)
{
	static void (*const of_spot[])(struct request *r,
				       const struct spot *spot) = {
		retype, reflag, relength, resize_value, drop, twice, alien,
		revalue, pad, deepen
	};
	static void (*const of_all[])(struct request *r) = {
		cut, lengthen, flip, flip, flip, genl_header, header
	};
	const struct spot *spot = pick(6) ? any_spot(r) : NULL;

	if (spot)
		of_spot[pick(sizeof(of_spot) / sizeof(*of_spot))](r, spot);
	else
		of_all[pick(sizeof(of_all) / sizeof(*of_all))](r);
}
