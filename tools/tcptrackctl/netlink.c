// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/tcptrack.h>

#include "extack.h"
#include "netlink.h"

/* What the controller says of the family */
struct netlink_found {
	uint16_t id;
	uint32_t version;
	uint32_t *group;
};

/* In the order of struct netlink's */
static const char *const netlink_groups[NETLINK_GROUPS] = {
	TCPTRACK_MCGRP_NEW, TCPTRACK_MCGRP_CHANGE, TCPTRACK_MCGRP_END,
	TCPTRACK_MCGRP_ALL_NEW, TCPTRACK_MCGRP_ALL_CHANGE,
	TCPTRACK_MCGRP_ALL_END,
};

/* A request that is being answered */
struct netlink_call {
	struct netlink *nl;
	mnl_cb_t reply;
	void *data;
};

static int netlink_on_reply(const struct nlmsghdr *nlh, void *data)
{
	struct netlink_call *call = data;

	return call->reply ? call->reply(nlh, call->data) : MNL_CB_OK;
}

static int netlink_on_end(const struct nlmsghdr *nlh, void *data)
{
	struct netlink_call *call = data;
	struct extack *refusal = &call->nl->refusal;

	extack_parse(refusal, nlh);
	if (!refusal->error)
		return MNL_CB_STOP;
	errno = refusal->error;
	return MNL_CB_ERROR;
}

bool netlink_send(struct netlink *nl, const struct nlmsghdr *nlh)
{
	memset(&nl->refusal, 0, sizeof(nl->refusal));
	return mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) >= 0;
}

int netlink_step(struct netlink *nl, mnl_cb_t reply, void *data)
{
	static mnl_cb_t ends[] = {
		[NLMSG_ERROR]	= netlink_on_end,
		[NLMSG_DONE]	= netlink_on_end,
	};
	struct netlink_call call = { nl, reply, data };
	ssize_t len;

	len = mnl_socket_recvfrom(nl->sock, nl->reply, sizeof(nl->reply));
	if (len < 0)
		return MNL_CB_ERROR;
	return mnl_cb_run2(nl->reply, len, nl->seq,
			   mnl_socket_get_portid(nl->sock), netlink_on_reply,
			   &call, ends, CTL_COUNT(ends));
}

/* Return: 0, or an errno, with @nl's refusal if that comes from the kernel. */
static int netlink_call(struct netlink *nl, const struct nlmsghdr *nlh,
			mnl_cb_t reply, void *data)
{
	int more;

	if (!netlink_send(nl, nlh))
		return errno;
	do {
		more = netlink_step(nl, reply, data);
	} while (more > MNL_CB_STOP);
	return more == MNL_CB_STOP ? 0 : errno;
}

const char netlink_old[] =
	"the module is older than tcptrackctl: load that which came with it";

static const char netlink_new[] =
	"the module is newer than tcptrackctl: use that which came with it";

void netlink_complain(const struct netlink *nl, int error)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->request;
	const struct extack *refusal = &nl->refusal;
	const struct nlattr *attr = extack_attr(refusal, nlh);
	const char *word = NULL, *what = refusal->message;

	if (attr && nl->word)
		word = nl->word(mnl_attr_get_type(attr));
	if (!*what)
		what = strerror(error);
	if (error == EINTR)
		ctl_complain("tracking was turned off or on meanwhile: %s",
			     "this is not all");
	else if (error == EPERM)
		ctl_complain("%s: run as root", what);
	else if (error == EOPNOTSUPP || extack_is_unknown_attr(refusal))
		ctl_complain("%s: %s", what, netlink_old);
	else if (word)
		ctl_complain("%s: %s", word, what);
	else
		ctl_complain("%s", what);
}

int netlink_run(struct netlink *nl, struct nlmsghdr *nlh, mnl_cb_t reply,
		void *data)
{
	int error = netlink_call(nl, nlh, reply, data);

	if (!error)
		return CTL_OK;
	netlink_complain(nl, error);
	return CTL_DATA;
}

int netlink_insist(struct netlink *nl, struct nlmsghdr *nlh, mnl_cb_t reply,
		   void *data)
{
	int error = netlink_call(nl, nlh, reply, data), tries;

	for (tries = 1; error == EINTR && tries < NETLINK_TRIES; tries++) {
		nlh->nlmsg_seq = ++nl->seq;
		error = netlink_call(nl, nlh, reply, data);
	}
	if (!error)
		return CTL_OK;
	netlink_complain(nl, error);
	return CTL_DATA;
}

static struct nlmsghdr *netlink_header(struct netlink *nl, uint16_t type,
				       uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->request);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = TCPTRACK_GENL_VERSION;
	return nlh;
}

struct nlmsghdr *netlink_begin(struct netlink *nl, uint8_t cmd, uint16_t flags)
{
	/* a dump ends with NLMSG_DONE, all else with the acknowledgment */
	if (!(flags & NLM_F_DUMP))
		flags |= NLM_F_ACK;
	return netlink_header(nl, nl->family, cmd, flags);
}

static int netlink_on_group(const struct nlattr *nest, uint32_t *group)
{
	const struct nlattr *attr, *name = NULL, *id = NULL;
	unsigned int i;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			name = attr;
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			id = attr;
	}
	if (!name || mnl_attr_validate(name, MNL_TYPE_NUL_STRING) < 0 ||
	    !id || mnl_attr_validate(id, MNL_TYPE_U32) < 0)
		return MNL_CB_ERROR;
	for (i = 0; i < NETLINK_GROUPS; i++)
		if (!strcmp(netlink_groups[i], mnl_attr_get_str(name)))
			group[i] = mnl_attr_get_u32(id);
	return MNL_CB_OK;
}

static int netlink_on_groups(const struct nlattr *nest, uint32_t *group)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (netlink_on_group(attr, group) < 0)
			return MNL_CB_ERROR;
	return MNL_CB_OK;
}

static int netlink_on_family_attr(const struct nlattr *attr, void *data)
{
	struct netlink_found *found = data;

	switch (mnl_attr_get_type(attr)) {
	case CTRL_ATTR_FAMILY_ID:
		if (mnl_attr_validate(attr, MNL_TYPE_U16) < 0)
			return MNL_CB_ERROR;
		found->id = mnl_attr_get_u16(attr);
		break;
	case CTRL_ATTR_VERSION:
		if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
			return MNL_CB_ERROR;
		found->version = mnl_attr_get_u32(attr);
		break;
	case CTRL_ATTR_MCAST_GROUPS:
		return netlink_on_groups(attr, found->group);
	}
	return MNL_CB_OK;
}

static int netlink_on_family(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr),
			      netlink_on_family_attr, data);
}

/* Asking for the family loads the module, where it is installed */
static bool netlink_find_family(struct netlink *nl)
{
	struct netlink_found found = { .group = nl->group };
	struct nlmsghdr *nlh;
	int error;

	nlh = netlink_header(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TCPTRACK_GENL_NAME);
	error = netlink_call(nl, nlh, netlink_on_family, &found);
	nl->family = found.id;
	if (error == ENOENT)
		ctl_complain("the module tcptrack is not loaded: run 'modprobe tcptrack'");
	else if (error)
		ctl_complain("the family tcptrack: %s", strerror(error));
	else if (found.version < TCPTRACK_GENL_VERSION)
		ctl_complain("%s", netlink_old);
	else if (found.version > TCPTRACK_GENL_VERSION)
		ctl_complain("%s", netlink_new);
	else
		return true;
	return false;
}

static void netlink_set(struct netlink *nl, const struct ctl_options *options)
{
	int one = 1, size = options->rcvbuf;

	/* that an old kernel has none of these is no matter */
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &one, sizeof(one));
	if (size && setsockopt(mnl_socket_get_fd(nl->sock), SOL_SOCKET,
			       SO_RCVBUF, &size, sizeof(size)) < 0)
		ctl_complain("receive buffer of %d octets: %s", size,
			     strerror(errno));
}

struct netlink *netlink_open(const struct ctl_options *options)
{
	struct netlink *nl = calloc(1, sizeof(*nl));

	if (!nl) {
		ctl_complain("no memory");
		return NULL;
	}
	nl->seq = time(NULL);
	nl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sock ||
	    mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		ctl_complain("netlink socket: %s", strerror(errno));
	} else {
		netlink_set(nl, options);
		if (netlink_find_family(nl))
			return nl;
	}
	netlink_close(nl);
	return NULL;
}

void netlink_close(struct netlink *nl)
{
	if (!nl)
		return;
	if (nl->sock)
		mnl_socket_close(nl->sock);
	free(nl);
}
