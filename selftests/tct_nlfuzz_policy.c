// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says that the family takes, operation by operation, and a
 * second opinion on what its policies forbid. So an operation that is added
 * needs no word here to be tried.
 */
#include <stdlib.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/tcptrack.h>

#include "tct_nlfuzz.h"

struct op ops[MAX_OPS];
unsigned int nr_ops;
struct policy policies[MAX_POLICIES];
__u16 family_id;

bool changes(const struct op *op)
{
	return op->cmd == TCPTRACK_CMD_FLOW_DEL ||
	       op->cmd == TCPTRACK_CMD_FLOW_FLUSH ||
	       op->cmd == TCPTRACK_CMD_CONFIG_SET;
}

bool for_anybody(const struct op *op)
{
	return op->cmd == TCPTRACK_CMD_SUMMARY_GET ||
	       op->cmd == TCPTRACK_CMD_STATS_GET ||
	       op->cmd == TCPTRACK_CMD_CONFIG_GET ||
	       op->cmd == TCPTRACK_CMD_LISTENER_GET;
}

const struct policy *policy_of(__u8 cmd)
{
	unsigned int i;

	for (i = 0; i < nr_ops; i++)
		if (ops[i].cmd == cmd)
			return &policies[ops[i].policy];
	die("there is no operation %u", cmd);
}

static void take_op(const struct nlattr *nest)
{
	struct op *op = &ops[nr_ops];
	const struct nlattr *attr;
	__u32 flags = 0;

	if (nr_ops == MAX_OPS)
		die("more than %d operations", MAX_OPS);
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_ID)
			op->cmd = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_FLAGS)
			flags = mnl_attr_get_u32(attr);
	}
	op->can[0] = flags & GENL_CMD_CAP_DO;
	op->can[1] = flags & GENL_CMD_CAP_DUMP;
	nr_ops++;
}

static int take_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest;

	(void)data;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			family_id = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_OPS)
			continue;
		mnl_attr_for_each_nested(nest, attr)
			take_op(nest);
	}
	return MNL_CB_OK;
}

static __u64 number_of(const struct nlattr *attr)
{
	__u64 val = 0;

	memcpy(&val, mnl_attr_get_payload(attr),
	       mnl_attr_get_payload_len(attr) > sizeof(val) ?
	       sizeof(val) : mnl_attr_get_payload_len(attr));
	return val;
}

static void take_kind(unsigned int policy, const struct nlattr *nest)
{
	unsigned int type = mnl_attr_get_type(nest);
	const struct nlattr *attr;
	struct kind *kind;

	if (policy >= MAX_POLICIES || type >= MAX_ATTRS)
		die("policy %u, attribute %u: more than expected", policy,
		    type);
	kind = &policies[policy].attr[type];
	kind->known = true;
	kind->max = UINT64_MAX;
	kind->len_max = UINT32_MAX;
	if (policies[policy].max < type)
		policies[policy].max = type;
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case NL_POLICY_TYPE_ATTR_TYPE:
			kind->type = number_of(attr);
			break;
		case NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
			kind->min = number_of(attr);
			break;
		case NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
			kind->max = number_of(attr);
			break;
		case NL_POLICY_TYPE_ATTR_MASK:
			kind->mask = number_of(attr);
			break;
		case NL_POLICY_TYPE_ATTR_MIN_LENGTH:
			kind->len_min = number_of(attr);
			break;
		case NL_POLICY_TYPE_ATTR_MAX_LENGTH:
			kind->len_max = number_of(attr);
			break;
		case NL_POLICY_TYPE_ATTR_POLICY_IDX:
			kind->nest = number_of(attr);
			break;
		}
	}
}

static void take_op_policy(const struct nlattr *nest)
{
	const struct nlattr *attr;
	unsigned int i;

	for (i = 0; i < nr_ops; i++) {
		if (ops[i].cmd != mnl_attr_get_type(nest))
			continue;
		mnl_attr_for_each_nested(attr, nest)
			ops[i].policy = number_of(attr);
	}
}

static int take_policy(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest, *kind;

	(void)data;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != CTRL_ATTR_POLICY &&
		    mnl_attr_get_type(attr) != CTRL_ATTR_OP_POLICY)
			continue;
		mnl_attr_for_each_nested(nest, attr) {
			if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_POLICY) {
				take_op_policy(nest);
				continue;
			}
			mnl_attr_for_each_nested(kind, nest)
				take_kind(mnl_attr_get_type(nest), kind);
		}
	}
	return MNL_CB_OK;
}

static void ask(struct mnl_socket *nl, __u8 cmd, __u16 flags, mnl_cb_t cb)
{
	static char buf[1 << 16];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;
	int n, more;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TCPTRACK_GENL_NAME);
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		die("nlctrl: %m");
	do {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		more = n < 0 ? n : mnl_cb_run(buf, n, 0, 0, cb, NULL);
	} while (more > 0 && flags & NLM_F_DUMP);
	if (more < 0)
		die("the family %s: %m", TCPTRACK_GENL_NAME);
}

void policy_learn(void)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_GENERIC);

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		die("netlink: %m");
	ask(nl, CTRL_CMD_GETFAMILY, 0, take_family);
	ask(nl, CTRL_CMD_GETPOLICY, NLM_F_DUMP, take_policy);
	mnl_socket_close(nl);
}

static bool forbids(const struct policy *policy, const unsigned char *at,
		    int len);

static bool number_forbidden(const struct kind *kind,
			     const struct nlattr *attr, unsigned int len)
{
	__u64 val = number_of(attr);

	if (mnl_attr_get_payload_len(attr) != len)
		return true;
	if (kind->mask)
		return val & ~kind->mask;
	return val < kind->min || val > kind->max;
}

static bool attr_forbidden(const struct policy *policy,
			   const struct nlattr *attr)
{
	unsigned int type = mnl_attr_get_type(attr);
	unsigned int len = mnl_attr_get_payload_len(attr);
	const struct kind *kind;

	if (type > policy->max || !policy->attr[type].known)
		return true;
	kind = &policy->attr[type];
	if (kind->type != NL_ATTR_TYPE_NESTED &&
	    attr->nla_type & NLA_F_NESTED)
		return true;
	switch (kind->type) {
	case NL_ATTR_TYPE_FLAG:
		return len;
	case NL_ATTR_TYPE_U8:
		return number_forbidden(kind, attr, 1);
	case NL_ATTR_TYPE_U16:
		return number_forbidden(kind, attr, 2);
	case NL_ATTR_TYPE_U32:
		return number_forbidden(kind, attr, 4);
	case NL_ATTR_TYPE_U64:
		return number_forbidden(kind, attr, 8);
	case NL_ATTR_TYPE_BINARY:
		return len < kind->len_min || len > kind->len_max;
	case NL_ATTR_TYPE_NESTED:
		return !(attr->nla_type & NLA_F_NESTED) ||
		       (len && forbids(&policies[kind->nest],
				       mnl_attr_get_payload(attr), len));
	}
	return false;
}

/* Strictly: nothing unknown, nothing left over */
static bool forbids(const struct policy *policy, const unsigned char *at,
		    int len)
{
	const struct nlattr *attr;

	while (len > 0) {
		attr = (const struct nlattr *)at;
		if (!mnl_attr_ok(attr, len) || attr_forbidden(policy, attr))
			return true;
		at += MNL_ALIGN(attr->nla_len);
		len -= MNL_ALIGN(attr->nla_len);
	}
	return false;
}

void policy_judge(struct request *r)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(&r->nlh);
	__u16 flags = r->nlh.nlmsg_flags;
	unsigned int i;

	r->framed = r->nlh.nlmsg_len == r->size && r->size >= NLMSG_HDRLEN;
	r->handled = r->framed && r->nlh.nlmsg_type == family_id &&
		     flags & NLM_F_REQUEST;
	r->dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
	r->op = NULL;
	for (i = 0; i < nr_ops && r->size >= HDRS; i++)
		if (ops[i].cmd == genl->cmd && ops[i].can[r->dump])
			r->op = &ops[i];
	r->garbage = !r->op || forbids(&policies[r->op->policy], r->buf + HDRS,
				       r->size - HDRS);
}
