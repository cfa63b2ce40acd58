// SPDX-License-Identifier: GPL-2.0
/*
 * Requests as somebody might mean them, by the policies, with values that mean
 * something here. A request depends on the seed and its number, and on no other.
 */
#include <string.h>
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/tcptrack.h>

#include "tct_nlfuzz.h"

static __u64 state;

/* splitmix64 */
__u64 chance(void)
{
	__u64 z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void chance_begin(__u64 seed, __u64 number)
{
	state = seed;
	state = chance() ^ number * 0xd1342543de82ef95;
}

unsigned int pick(unsigned int n)
{
	return chance() % n;
}

#define ONE_OF(pool)	((pool)[pick(sizeof(pool) / sizeof((pool)[0]))])

static __u64 any_u8(void)
{
	const __u8 pool[] = {
		0, 1, 1, 1, 1, 2, AF_INET, AF_INET6, 24, 33, 128, chance()
	};

	return ONE_OF(pool);
}

static __u64 any_u16(void)
{
	const __u16 pool[] = {
		0, htons(1), htons(SERVER_PORT), htons(CLIENT_PORT),
		htons(CLIENT_PORT + FLOWS - 1), htons(65535), chance()
	};

	return ONE_OF(pool);
}

static __u64 any_u32(void)
{
	const __u32 pool[] = {
		0, 1, 2, 100, 5000, 1000000, INT32_MAX, UINT32_MAX,
		FD_OWN, FD_OWN, FD_OTHER, FD_NULL, FD_SOCKET, FD_USER_NS,
		FD_PID_NS, FD_CLOSED, htonl(INADDR_LOOPBACK), 1U << pick(32),
		chance()
	};

	return ONE_OF(pool);
}

static __u64 any_u64(void)
{
	const __u64 pool[] = {
		0, 1, 1000, 600000, UINT32_MAX, INT64_MAX, UINT64_MAX,
		1ULL << pick(64), chance()
	};

	return ONE_OF(pool);
}

/* One that the policy allows, mostly one that means something, too */
static __u64 any_number(const struct kind *kind, unsigned int len)
{
	__u64 val = len == 1 ? any_u8() : len == 2 ? any_u16() :
		       len == 4 ? any_u32() : any_u64();

	if (kind->mask)
		return chance() & kind->mask;
	if (val < kind->min)
		val = kind->min;
	return val > kind->max ? kind->max : val;
}

static void put_number(struct nlmsghdr *nlh, unsigned int type,
		       const struct kind *kind, unsigned int len)
{
	__u64 val = any_number(kind, len);

	/* little-endian or not, its octets */
	switch (len) {
	case 1:
		mnl_attr_put_u8(nlh, type, val);
		break;
	case 2:
		mnl_attr_put_u16(nlh, type, val);
		break;
	case 4:
		mnl_attr_put_u32(nlh, type, val);
		break;
	default:
		mnl_attr_put_u64(nlh, type, val);
	}
}

static void put_binary(struct nlmsghdr *nlh, unsigned int type,
		       const struct kind *kind)
{
	unsigned char octets[16] = { [15] = 1 };	/* ::1 */
	unsigned int len = sizeof(octets);

	if (len < kind->len_min || len > kind->len_max)
		return;
	if (!pick(4))
		octets[pick(len)] = chance();
	mnl_attr_put(nlh, type, len, octets);
}

/* put_some - of a policy's attributes one in @in */
static void put_some(struct nlmsghdr *nlh, const struct policy *policy,
		     unsigned int in)
{
	struct nlattr *nest;
	unsigned int type;

	for (type = 0; type <= policy->max; type++) {
		const struct kind *kind = &policy->attr[type];

		if (!kind->known || pick(in))
			continue;
		switch (kind->type) {
		case NL_ATTR_TYPE_FLAG:
			mnl_attr_put(nlh, type, 0, NULL);
			break;
		case NL_ATTR_TYPE_U8:
			put_number(nlh, type, kind, 1);
			break;
		case NL_ATTR_TYPE_U16:
			put_number(nlh, type, kind, 2);
			break;
		case NL_ATTR_TYPE_U32:
			put_number(nlh, type, kind, 4);
			break;
		case NL_ATTR_TYPE_U64:
			put_number(nlh, type, kind, 8);
			break;
		case NL_ATTR_TYPE_BINARY:
			put_binary(nlh, type, kind);
			break;
		case NL_ATTR_TYPE_NESTED:
			nest = mnl_attr_nest_start(nlh, type);
			put_some(nlh, &policies[kind->nest], 3);
			mnl_attr_nest_end(nlh, nest);
		}
	}
}

static void put_end(struct nlmsghdr *nlh, unsigned int type, bool v6,
		    __u16 port)
{
	const unsigned char local[16] = { [15] = 1 };
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	if (v6)
		mnl_attr_put(nlh, TCPTRACK_A_END_ADDR6, sizeof(local), local);
	else
		mnl_attr_put_u32(nlh, TCPTRACK_A_END_ADDR4,
				 htonl(INADDR_LOOPBACK));
	mnl_attr_put_u16(nlh, TCPTRACK_A_END_PORT, htons(port));
	mnl_attr_nest_end(nlh, nest);
}

/* put_flow - the ends of one of the connections, in either order */
static void put_flow(struct nlmsghdr *nlh)
{
	unsigned int i = pick(FLOWS);
	bool turned = pick(2), v6 = i % 2;

	put_end(nlh, turned ? TCPTRACK_A_FLOW_DST : TCPTRACK_A_FLOW_SRC, v6,
		CLIENT_PORT + i);
	put_end(nlh, turned ? TCPTRACK_A_FLOW_SRC : TCPTRACK_A_FLOW_DST, v6,
		SERVER_PORT);
	if (!pick(8))
		mnl_attr_put_u32(nlh, TCPTRACK_A_FLOW_NETNS_FD, any_u32());
}

/* put_listener - one of the two sockets that listen */
static void put_listener(struct nlmsghdr *nlh)
{
	const unsigned char local[16] = { [15] = 1 };

	if (pick(2))
		mnl_attr_put(nlh, TCPTRACK_A_LISTENER_ADDR6, sizeof(local),
			     local);
	else
		mnl_attr_put_u32(nlh, TCPTRACK_A_LISTENER_ADDR4,
				 htonl(INADDR_LOOPBACK));
	mnl_attr_put_u16(nlh, TCPTRACK_A_LISTENER_PORT, htons(SERVER_PORT));
	if (!pick(8))
		mnl_attr_put_u32(nlh, TCPTRACK_A_LISTENER_NETNS_FD, any_u32());
}

static void build(struct request *r)
{
	const struct op *op = &ops[pick(nr_ops)];
	struct genlmsghdr *genl;
	bool dump;

	/* to put back what was changed takes more than to change it */
	if (changes(op) && pick(2))
		op = &ops[pick(nr_ops)];
	dump = op->can[1] && (!op->can[0] || pick(2));
	memset(&r->nlh, 0, HDRS);
	mnl_nlmsg_put_header(r->buf);
	r->nlh.nlmsg_type = family_id;
	r->nlh.nlmsg_seq = r->number;
	r->nlh.nlmsg_flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK);
	genl = mnl_nlmsg_put_extra_header(&r->nlh, sizeof(*genl));
	genl->cmd = op->cmd;
	genl->version = TCPTRACK_GENL_VERSION;
	if (pick(10) && (op->cmd == TCPTRACK_CMD_FLOW_DEL ||
			 (op->cmd == TCPTRACK_CMD_FLOW_GET && !dump)))
		put_flow(&r->nlh);
	else if (pick(4) && op->cmd == TCPTRACK_CMD_LISTENER_GET && !dump)
		put_listener(&r->nlh);
	else
		put_some(&r->nlh, &policies[op->policy], 4);
	r->size = r->nlh.nlmsg_len;
}

void make(struct request *r, __u64 seed, __u64 number)
{
	unsigned int mutations;

	chance_begin(seed, number);
	memset(r, 0, offsetof(struct request, buf));
	r->number = number;
	r->who = number / 32 % 16 ? ROOT : number / 512 % 2 ? NOBODY : HOST;
	build(r);
	mutations = pick(2) ? 1 : pick(5);
	while (mutations--)
		mutate(r);
	policy_judge(r);
	/* where we came from may be somebody's own */
	if (r->who == HOST && r->op && changes(r->op))
		r->who = ROOT;
}
