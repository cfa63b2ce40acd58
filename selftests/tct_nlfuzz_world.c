// SPDX-License-Identifier: GPL-2.0
/*
 * What the requests are about: two namespaces of our own, connections in one of
 * them that say nothing, and how all this stands, by the family itself.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/tcptrack.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "tct_nlfuzz.h"

#define NOBODY_UID	65534

static const int fd_of[SPACES] = {
	[OWN] = FD_OWN, [OTHER] = FD_OTHER, [INIT] = FD_INIT
};

static struct mnl_socket *witness;
static struct world beginning;
static int client[FLOWS], server[FLOWS];

static void move_fd(int fd, int to)
{
	if (fd < 0 || dup2(fd, to) != to)
		die("descriptor %d: %m", to);
	close(fd);
}

static void enter_new_net(int fd)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int on, s;

	if (unshare(CLONE_NEWNET))
		die("unshare: %m");
	move_fd(open("/proc/self/ns/net", O_RDONLY), fd);
	s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0 || ioctl(s, SIOCSIFFLAGS, &ifr))
		die("lo: %m");
	close(s);
	on = open("/proc/sys/net/tcptrack/enabled", O_WRONLY);
	if (on < 0 || write(on, "1", 1) != 1)
		die("net.tcptrack.enabled: %m");
	close(on);
}

static int open_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	int one = 1, room = 1 << 22;

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one)))
		die("netlink: %m");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	return fd;
}

static socklen_t address(struct sockaddr_storage *to, bool v6,
			 unsigned int port)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *in = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	if (v6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		in6->sin6_addr = in6addr_loopback;
		return sizeof(*in6);
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof(*in);
}

static int bound(bool v6, unsigned int port)
{
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0), one = 1;
	struct sockaddr_storage at;
	socklen_t len = address(&at, v6, port);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&at, len))
		die("port %u: %m", port);
	return fd;
}

static void open_connections(void)
{
	struct sockaddr_storage to;
	unsigned int i;
	socklen_t len;
	int listener[2];

	for (i = 0; i < 2; i++) {
		listener[i] = bound(i, SERVER_PORT);
		if (listen(listener[i], FLOWS))
			die("listen: %m");
	}
	for (i = 0; i < FLOWS; i++) {
		client[i] = bound(i % 2, CLIENT_PORT + i);
		len = address(&to, i % 2, SERVER_PORT);
		if (connect(client[i], (struct sockaddr *)&to, len))
			die("connect: %m");
		server[i] = accept(listener[i % 2], NULL, NULL);
		if (server[i] < 0)
			die("accept: %m");
	}
}

/* Those of which there is no flow say something, which is acknowledged at once */
static void stir_connections(const struct world *w)
{
	bool known[FLOWS] = { false };
	unsigned int i, end;
	char octet = 0;
	int one = 1;

	for (i = 0; i < w->flows; i++)
		for (end = 0; end < 2; end++)
			if (w->record[i].port[end] != htons(SERVER_PORT))
				known[(ntohs(w->record[i].port[end]) -
				       CLIENT_PORT) % FLOWS] = true;
	for (i = 0; i < FLOWS; i++) {
		if (known[i])
			continue;
		if (send(client[i], &octet, 1, 0) != 1 ||
		    recv(server[i], &octet, 1, 0) != 1 ||
		    setsockopt(server[i], IPPROTO_TCP, TCP_QUICKACK, &one,
			       sizeof(one)))
			die("connection %u: %m", i);
	}
}

void world_make(int sockets[SOCKETS])
{
	move_fd(open("/proc/self/ns/net", O_RDONLY), FD_INIT);
	sockets[HOST] = open_socket();
	enter_new_net(FD_OTHER);
	enter_new_net(FD_OWN);
	move_fd(open("/dev/null", O_RDONLY), FD_NULL);
	move_fd(socket(AF_INET, SOCK_DGRAM, 0), FD_SOCKET);
	move_fd(open("/proc/self/ns/user", O_RDONLY), FD_USER_NS);
	move_fd(open("/proc/self/ns/pid", O_RDONLY), FD_PID_NS);
	sockets[ROOT] = open_socket();
	if (seteuid(NOBODY_UID))
		die("seteuid: %m");
	sockets[NOBODY] = open_socket();
	if (seteuid(0))
		die("seteuid: %m");
	witness = mnl_socket_open(NETLINK_GENERIC);
	if (!witness || mnl_socket_bind(witness, 0, MNL_SOCKET_AUTOPID) < 0)
		die("netlink: %m");
	open_connections();
	world_look(&beginning);
	if (beginning.flows != FLOWS)
		die("there are %u flows", beginning.flows);
}

static struct nlmsghdr *begin(char *buf, __u8 cmd, __u16 flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family_id;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	return nlh;
}

static void ask(struct nlmsghdr *nlh, mnl_cb_t cb, void *data)
{
	static char buf[1 << 16];
	__u16 flags = nlh->nlmsg_flags;
	int n, more;

	if (mnl_socket_sendto(witness, nlh, nlh->nlmsg_len) < 0)
		die("netlink: %m");
	do {
		n = mnl_socket_recvfrom(witness, buf, sizeof(buf));
		more = n < 0 ? n : mnl_cb_run(buf, n, 0, 0, cb, data);
	} while (more > 0 && flags & (NLM_F_ACK | NLM_F_DUMP));
	if (more < 0)
		die("how it stands cannot be asked: %m");
}

static int take_config(const struct nlmsghdr *nlh, void *data)
{
	struct setting *config = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		struct setting *setting = &config[mnl_attr_get_type(attr)];

		/* what a nest means, only its reader knows */
		if (attr->nla_type & NLA_F_NESTED)
			continue;
		setting->there = true;
		memcpy(&setting->val, mnl_attr_get_payload(attr),
		       mnl_attr_get_payload_len(attr));
	}
	return MNL_CB_OK;
}

static void take_end(struct record *rec, unsigned int who,
		     const struct nlattr *nest)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case TCPTRACK_A_END_ADDR4:
		case TCPTRACK_A_END_ADDR6:
			memcpy(rec->addr[who], mnl_attr_get_payload(attr),
			       mnl_attr_get_payload_len(attr));
			break;
		case TCPTRACK_A_END_PORT:
			rec->port[who] = mnl_attr_get_u16(attr);
			break;
		case TCPTRACK_A_END_STATE:
			rec->state[who] = mnl_attr_get_u8(attr);
		}
	}
}

static int take_flow(const struct nlmsghdr *nlh, void *data)
{
	struct world *w = data;
	struct record *rec = &w->record[w->flows];
	const struct nlattr *attr;

	if (w->flows++ == MAX_RECORDS)
		die("more than %d flows", MAX_RECORDS);
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		switch (mnl_attr_get_type(attr)) {
		case TCPTRACK_A_FLOW_SRC:
			take_end(rec, 0, attr);
			break;
		case TCPTRACK_A_FLOW_DST:
			take_end(rec, 1, attr);
			break;
		case TCPTRACK_A_FLOW_CLASS:
			rec->class = mnl_attr_get_u8(attr);
			break;
		case TCPTRACK_A_FLOW_FLAGS:
			rec->flags = mnl_attr_get_u32(attr);
		}
	}
	return MNL_CB_OK;
}

static int in_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct record));
}

void world_look(struct world *w)
{
	struct nlmsghdr *nlh;
	char buf[256];
	enum netns ns;

	memset(w, 0, sizeof(*w));
	for (ns = OWN; ns < SPACES; ns++) {
		nlh = begin(buf, TCPTRACK_CMD_CONFIG_GET, NLM_F_ACK);
		mnl_attr_put_u32(nlh, TCPTRACK_A_CONFIG_NETNS_FD, fd_of[ns]);
		ask(nlh, take_config, w->config[ns]);
	}
	nlh = begin(buf, TCPTRACK_CMD_FLOW_GET, NLM_F_DUMP);
	mnl_attr_put(nlh, TCPTRACK_A_FLOW_BRIEF, 0, NULL);
	ask(nlh, take_flow, w);
	qsort(w->record, w->flows, sizeof(*w->record), in_order);
}

const char *world_differs(const struct world *is, const struct world *expected,
			  bool some_gone)
{
	static char what[80];
	unsigned int i;
	enum netns ns;

	for (ns = OWN; ns < SPACES; ns++)
		for (i = 0; i < MAX_ATTRS; i++) {
			if (is->config[ns][i].val ==
			    expected->config[ns][i].val)
				continue;
			snprintf(what, sizeof(what),
				 "setting %u of namespace %u is %llu", i, ns,
				 (unsigned long long)is->config[ns][i].val);
			return what;
		}
	if (is->flows != expected->flows) {
		snprintf(what, sizeof(what), "there are %u flows, not %u",
			 is->flows, expected->flows);
		return what;
	}
	for (i = 0; i < is->flows; i++)
		if (some_gone ? !bsearch(&is->record[i], beginning.record,
					 beginning.flows, sizeof(is->record[i]),
					 in_order) :
		    in_order(&is->record[i], &expected->record[i]))
			return "a flow is not as it was";
	return NULL;
}

static void expect_settings(struct world *w, enum netns ns,
			    const struct request *r)
{
	struct setting *config = w->config[ns];
	const struct nlattr *attr;

	mnl_attr_for_each(attr, &r->nlh, GENL_HDRLEN) {
		unsigned int type = mnl_attr_get_type(attr);

		/* of several only the last counts */
		if (type != TCPTRACK_A_CONFIG_NETNS_FD && config[type].there)
			memcpy(&config[type].val, mnl_attr_get_payload(attr),
			       mnl_attr_get_payload_len(attr));
	}
	if (ns == OWN && !config[TCPTRACK_A_CONFIG_ENABLED].val)
		w->flows = 0;
}

/* The attribute by which an operation is told a namespace */
static unsigned int fd_attr(const struct request *r)
{
	return r->op->cmd == TCPTRACK_CMD_CONFIG_SET ?
	       TCPTRACK_A_CONFIG_NETNS_FD : TCPTRACK_A_FLOW_NETNS_FD;
}

bool world_expect(struct world *w, const struct request *r)
{
	unsigned int before = w->flows;
	const struct nlattr *attr;
	enum netns ns = OWN, i;

	mnl_attr_for_each(attr, &r->nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != fd_attr(r))
			continue;
		for (i = OWN; i < SPACES; i++)
			if (mnl_attr_get_u32(attr) == (__u32)fd_of[i])
				ns = i;
	}
	if (r->op->cmd == TCPTRACK_CMD_CONFIG_SET)
		expect_settings(w, ns, r);
	else if (ns == OWN)
		w->flows -= r->op->cmd == TCPTRACK_CMD_FLOW_DEL ? 1 : r->flows;
	return w->flows != before;
}

static void put_setting(struct nlmsghdr *nlh, unsigned int type, __u64 val)
{
	struct nlattr *nest;

	switch (policy_of(TCPTRACK_CMD_CONFIG_SET)->attr[type].type) {
	case NL_ATTR_TYPE_U8:
		mnl_attr_put_u8(nlh, type, val);
		break;
	case NL_ATTR_TYPE_U32:
		mnl_attr_put_u32(nlh, type, val);
		break;
	case NL_ATTR_TYPE_NESTED:
		nest = mnl_attr_nest_start(nlh, type);
		mnl_attr_nest_end(nlh, nest);
	}
}

static int nothing(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;
	return MNL_CB_OK;
}

static void restore_settings(enum netns ns)
{
	const struct policy *policy = policy_of(TCPTRACK_CMD_CONFIG_SET);
	const struct setting *config = beginning.config[ns];
	struct nlmsghdr *nlh;
	unsigned int i;
	char buf[1024];

	nlh = begin(buf, TCPTRACK_CMD_CONFIG_SET, NLM_F_ACK);
	mnl_attr_put_u32(nlh, TCPTRACK_A_CONFIG_NETNS_FD, fd_of[ns]);
	for (i = 0; i < MAX_ATTRS; i++)
		if (config[i].there ||
		    policy->attr[i].type == NL_ATTR_TYPE_NESTED)
			put_setting(nlh, i, config[i].val);
	ask(nlh, nothing, NULL);
}

void world_restore(struct world *w, bool settings)
{
	const char *wrong;

	if (settings) {
		restore_settings(OWN);
		restore_settings(OTHER);
	}
	stir_connections(w);
	world_look(w);
	/* a flow is not as it was when it is picked up anew */
	memcpy(beginning.record, w->record, sizeof(w->record));
	wrong = world_differs(w, &beginning, false);
	if (wrong)
		die("cannot be made as it was: %s", wrong);
}
