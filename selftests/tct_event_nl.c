// SPDX-License-Identifier: GPL-2.0
/* Netlink for tct_event.c: the family's number and groups, events and answers. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/tcptrack.h>

#include "tct_event.h"
#include "tct_peer.h"

unsigned char ev_buffer[65536];

/* The attribute after this one, or the first; NULL: there is none. */
const struct nlattr *ev_next(const struct nlattr *nla, const void *data,
			     size_t len)
{
	const char *end = (const char *)data + len;

	nla = nla ? (void *)((char *)nla + NLA_ALIGN(nla->nla_len)) : data;
	if ((char *)nla + NLA_HDRLEN > end || nla->nla_len < NLA_HDRLEN ||
	    (char *)nla + nla->nla_len > end)
		return NULL;
	return nla;
}

__u64 ev_number(const struct nlattr *nla)
{
	const void *data = (const char *)nla + NLA_HDRLEN;
	__u64 val = 0;

	if (nla->nla_len > NLA_HDRLEN + sizeof(val))
		return 0;
	memcpy(&val, data, nla->nla_len - NLA_HDRLEN);
	return val;
}

void *ev_payload(const struct nlattr *nla, size_t *len)
{
	*len = nla->nla_len - NLA_HDRLEN;
	return (char *)nla + NLA_HDRLEN;
}

int ev_type(const struct nlattr *nla)
{
	return nla->nla_type & NLA_TYPE_MASK;
}

int ev_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };

	/* without a name it is sent nothing */
	if (fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		fd = -1;
	}
	return fd < 0 ? -errno : fd;
}

/* A request with at most one attribute */
int ev_send(int fd, int family, int cmd, int flags, int attr,
	    const void *data, size_t len)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr nla;
		char data[64];
	} req = {
		.nlh.nlmsg_type = family,
		.nlh.nlmsg_flags = NLM_F_REQUEST | flags,
		.genl.cmd = cmd,
		.genl.version = 1,
		.nla.nla_type = attr,
		.nla.nla_len = NLA_HDRLEN + len,
	};

	memcpy(req.data, data, len);
	req.nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	if (attr)
		req.nlh.nlmsg_len += NLA_ALIGN(req.nla.nla_len);
	return send(fd, &req, req.nlh.nlmsg_len, 0) < 0 ? -errno : 0;
}

/* The answer, or the error that it is; 0: the end of a dump. */
int ev_recv(int fd, struct nlmsghdr **nlh)
{
	ssize_t n;
	int err;

	err = tct_poll(fd, POLLIN, tct_wait_ms);
	if (err)
		return err;
	n = recv(fd, ev_buffer, sizeof(ev_buffer), 0);
	if (n < 0)
		return -errno;
	*nlh = (void *)ev_buffer;
	if ((*nlh)->nlmsg_type == NLMSG_ERROR)
		return ((struct nlmsgerr *)NLMSG_DATA(*nlh))->error;
	return n;
}

/* The attributes of a generic netlink message */
void *ev_attrs(const struct nlmsghdr *nlh, size_t *len)
{
	*len = nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN);
	return (char *)NLMSG_DATA(nlh) + GENL_HDRLEN;
}

static int parse_groups(const struct nlattr *list, struct group *groups)
{
	const struct nlattr *nla = NULL, *one;
	void *data, *item;
	size_t len, size;
	int n = 0;

	data = ev_payload(list, &len);
	while ((nla = ev_next(nla, data, len))) {
		if (n == MAX_GROUPS)
			break;
		item = ev_payload(nla, &size);
		one = NULL;
		while ((one = ev_next(one, item, size))) {
			if (ev_type(one) == CTRL_ATTR_MCAST_GRP_ID)
				groups[n].id = ev_number(one);
			else if (ev_type(one) == CTRL_ATTR_MCAST_GRP_NAME)
				snprintf(groups[n].name, GENL_NAMSIZ, "%s",
					 (char *)one + NLA_HDRLEN);
		}
		n++;
	}
	return n;
}

/* The family's number, and its groups */
int ev_resolve(int fd, struct group *groups, int *n)
{
	const char name[] = TCPTRACK_GENL_NAME;
	const struct nlattr *nla = NULL;
	struct nlmsghdr *nlh;
	int err, id = -ENOENT;
	size_t len;
	void *data;

	err = ev_send(fd, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0,
		      CTRL_ATTR_FAMILY_NAME, name, sizeof(name));
	if (!err)
		err = ev_recv(fd, &nlh);
	if (err < 0)
		return err;
	data = ev_attrs(nlh, &len);
	while ((nla = ev_next(nla, data, len))) {
		if (ev_type(nla) == CTRL_ATTR_FAMILY_ID)
			id = ev_number(nla);
		else if (ev_type(nla) == CTRL_ATTR_MCAST_GROUPS)
			*n = parse_groups(nla, groups);
	}
	return id;
}

static void parse_end(struct event *ev, int who, const struct nlattr *nest)
{
	struct end *end = &ev->end[who];
	const struct nlattr *nla = NULL;
	size_t len, size;
	void *data;

	data = ev_payload(nest, &len);
	while ((nla = ev_next(nla, data, len))) {
		switch (ev_type(nla)) {
		case TCPTRACK_A_END_ADDR4:
			inet_ntop(AF_INET, ev_payload(nla, &size), end->addr,
				  sizeof(end->addr));
			break;
		case TCPTRACK_A_END_ADDR6:
			inet_ntop(AF_INET6, ev_payload(nla, &size), end->addr,
				  sizeof(end->addr));
			break;
		case TCPTRACK_A_END_PORT:
			end->port = ntohs(ev_number(nla));
			break;
		case TCPTRACK_A_END_STATE:
			end->state = ev_number(nla);
			break;
		case TCPTRACK_A_END_PACKETS:
			end->packets = ev_number(nla);
			break;
		case TCPTRACK_A_END_BYTES:
			end->bytes = ev_number(nla);
			break;
		case TCPTRACK_A_END_SEEN:
			ev->full++;
			break;
		}
	}
}

static void parse_event(struct event *ev, const struct nlattr *nest)
{
	const struct nlattr *nla = NULL;
	size_t len;
	void *data;

	data = ev_payload(nest, &len);
	while ((nla = ev_next(nla, data, len))) {
		switch (ev_type(nla)) {
		case TCPTRACK_A_EVENT_TIME:
			ev->time = ev_number(nla);
			break;
		case TCPTRACK_A_EVENT_CPU:
			ev->cpu = ev_number(nla);
			break;
		case TCPTRACK_A_EVENT_SEQ:
			ev->seq = ev_number(nla);
			break;
		case TCPTRACK_A_EVENT_OLD_SRC_STATE:
			ev->end[0].old = ev_number(nla);
			break;
		case TCPTRACK_A_EVENT_OLD_DST_STATE:
			ev->end[1].old = ev_number(nla);
			break;
		case TCPTRACK_A_EVENT_REMOVAL:
			ev->removal = ev_number(nla);
			break;
		}
	}
}

void ev_parse(struct event *ev, const struct nlmsghdr *nlh)
{
	const struct nlattr *nla = NULL;
	size_t len;
	void *data;

	memset(ev, 0, sizeof(*ev));
	ev->end[0].old = -1;
	ev->end[1].old = -1;
	ev->removal = -1;
	ev->by = -1;
	ev->topic = ((struct genlmsghdr *)NLMSG_DATA(nlh))->cmd -
		    TCPTRACK_CMD_FLOW_NEW_NTF;
	data = ev_attrs(nlh, &len);
	while ((nla = ev_next(nla, data, len))) {
		switch (ev_type(nla)) {
		case TCPTRACK_A_FLOW_SRC:
		case TCPTRACK_A_FLOW_DST:
			parse_end(ev, ev_type(nla) == TCPTRACK_A_FLOW_DST, nla);
			break;
		case TCPTRACK_A_FLOW_REASON:
			ev->reason = ev_number(nla);
			break;
		case TCPTRACK_A_FLOW_END_REASON:
			ev->why = ev_number(nla);
			break;
		case TCPTRACK_A_FLOW_ENDED_BY:
			ev->by = ev_number(nla);
			break;
		case TCPTRACK_A_FLOW_CONN_STATE:
			ev->full++;
			break;
		case TCPTRACK_A_FLOW_NETNS:
			ev->netns = ev_number(nla);
			break;
		case TCPTRACK_A_FLOW_EVENT:
			parse_event(ev, nla);
			break;
		}
	}
}
