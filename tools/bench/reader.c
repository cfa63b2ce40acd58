// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to be told of flows: reads as any program would, and says what
 * passed on the clock inside the system calls. Under QEMU's -icount that is
 * instructions of the kernel, the reader's own left out.
 *
 *	reader file FILE
 *	reader dump brief|full|conntrack
 *	reader listen tcptrack|conntrack	until SIGTERM
 *	reader kill MS		dumps what is not there, and is killed then
 *	reader run COMMAND [ARGUMENT]...	with the command's own
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <linux/tcptrack.h>

#define BUFFER		65536
#define PIECE		32768	/* what netlink gives at once, at most */
#define RCVBUF		(64 << 20)
#define KEPT		(16 << 20)	/* octets of events */

static char buffer[BUFFER];
static sig_atomic_t stopped;

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void read_file(const char *path)
{
	uint64_t cost = 0, start, lines = 0;
	const char *at;
	ssize_t len;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "%s", path);
	do {
		start = now();
		len = read(fd, buffer, sizeof(buffer));
		cost += now() - start;
		if (len < 0)
			err(1, "%s", path);
		for (at = buffer; (at = memchr(at, '\n', buffer + len - at));
		     at++)
			lines++;
	} while (len);
	printf("records=%llu cost=%llu\n", (unsigned long long)lines,
	       (unsigned long long)cost);
}

static struct mnl_socket *netlink(int bus)
{
	struct mnl_socket *nl = mnl_socket_open(bus);
	int size = RCVBUF;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		err(1, "netlink");
	setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		   sizeof(size));
	return nl;
}

static struct nlmsghdr *genl_request(int family, int flags, int cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

struct family {
	uint16_t id;
	const char *group;	/* whose number is asked for */
	uint32_t number;
};

static int family_group(const struct nlattr *attr, void *data)
{
	const struct nlattr *one;
	struct family *family = data;
	const char *name = "";
	uint32_t number = 0;

	mnl_attr_for_each_nested(one, attr) {
		if (mnl_attr_get_type(one) == CTRL_ATTR_MCAST_GRP_NAME)
			name = mnl_attr_get_str(one);
		if (mnl_attr_get_type(one) == CTRL_ATTR_MCAST_GRP_ID)
			number = mnl_attr_get_u32(one);
	}
	if (!strcmp(name, family->group))
		family->number = number;
	return MNL_CB_OK;
}

static int family_attr(const struct nlattr *attr, void *data)
{
	struct family *family = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		family->id = mnl_attr_get_u16(attr);
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
		return mnl_attr_parse_nested(attr, family_group, family);
	return MNL_CB_OK;
}

static int family_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), family_attr,
			      data);
}

static void find_family(struct mnl_socket *nl, struct family *family)
{
	struct nlmsghdr *nlh = genl_request(GENL_ID_CTRL, 0,
					    CTRL_CMD_GETFAMILY);
	ssize_t len;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TCPTRACK_GENL_NAME);
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		err(1, "family");
	len = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
	if (len < 0 || mnl_cb_run(buffer, len, 0, 0, family_message,
				  family) < 0)
		err(1, "family");
}

static struct nlmsghdr *conntrack_request(void)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = AF_INET;
	nfg->version = NFNETLINK_V0;
	return nlh;
}

/* Return: whether the dump goes on. */
static bool count_messages(ssize_t len, uint64_t *n)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buffer;
	int left = len;

	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_type == NLMSG_ERROR)
			errx(1, "the dump was refused");
		if (nlh->nlmsg_type == NLMSG_DONE)
			return false;
		++*n;
	}
	return true;
}

/* A dump that has to look at each flow, and tells of none. */
static struct nlmsghdr *nothing_request(int family)
{
	struct nlmsghdr *nlh = genl_request(family, NLM_F_DUMP,
					    TCPTRACK_CMD_FLOW_GET);
	struct nlattr *filter;

	filter = mnl_attr_nest_start(nlh, TCPTRACK_A_FLOW_FILTER);
	mnl_attr_put_u8(nlh, TCPTRACK_A_FILTER_FAMILY, AF_INET6);
	mnl_attr_nest_end(nlh, filter);
	return nlh;
}

/* Return: process that dumps nothing. */
static pid_t dump_nothing(struct mnl_socket *nl, const struct nlmsghdr *nlh)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		_exit(1);
	_exit(0);
}

/* Wait by a timer that is a softirq's: that they are not kept from running. */
static void wait_ms(int ms)
{
	struct timeval tv = { .tv_usec = 1000 * ms };
	int fd[2];
	char c;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fd) ||
	    setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)))
		err(1, "wait");
	recv(fd[0], &c, 1, 0);
	close(fd[0]);
	close(fd[1]);
}

static void kill_reader(int ms)
{
	struct mnl_socket *nl = netlink(NETLINK_GENERIC);
	struct family family = { .group = TCPTRACK_MCGRP_NEW };
	uint64_t whole, late, killed;
	struct nlmsghdr *nlh;
	int status;
	pid_t pid;

	find_family(nl, &family);
	nlh = nothing_request(family.id);
	whole = now();
	waitpid(dump_nothing(nl, nlh), &status, 0);
	whole = now() - whole;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		errx(1, "the dump was refused");

	mnl_socket_close(nl);
	nl = netlink(NETLINK_GENERIC);
	pid = dump_nothing(nl, nlh);
	late = now();
	wait_ms(ms);
	late = now() - late;
	killed = now();
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	killed = now() - killed;
	if (!WIFSIGNALED(status))
		errx(1, "the dump was over before the reader was killed");
	printf("whole=%llu woken=%llu mean=%llu\n", (unsigned long long)whole,
	       (unsigned long long)late, (unsigned long long)killed);
}

static void dump(const char *what)
{
	bool conntrack = !strcmp(what, "conntrack");
	struct mnl_socket *nl = netlink(conntrack ? NETLINK_NETFILTER :
						    NETLINK_GENERIC);
	struct family family = { .group = TCPTRACK_MCGRP_NEW };
	uint64_t cost, start, n = 0;
	struct nlmsghdr *nlh;
	ssize_t len;

	if (conntrack) {
		nlh = conntrack_request();
	} else {
		find_family(nl, &family);
		nlh = genl_request(family.id, NLM_F_DUMP,
				   TCPTRACK_CMD_FLOW_GET);
		if (!strcmp(what, "brief"))
			mnl_attr_put(nlh, TCPTRACK_A_FLOW_BRIEF, 0, NULL);
	}
	start = now();
	len = mnl_socket_sendto(nl, nlh, nlh->nlmsg_len);
	cost = now() - start;
	if (len < 0)
		err(1, "dump");
	do {
		start = now();
		len = mnl_socket_recvfrom(nl, buffer, PIECE);
		cost += now() - start;
		if (len < 0)
			err(1, "dump");
	} while (count_messages(len, &n));
	printf("records=%llu cost=%llu\n", (unsigned long long)n,
	       (unsigned long long)cost);
}

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* Events are only looked at in the end. */
static void listen_to(const char *what)
{
	bool conntrack = !strcmp(what, "conntrack");
	struct mnl_socket *nl = netlink(conntrack ? NETLINK_NETFILTER :
						    NETLINK_GENERIC);
	struct family family = { .group = TCPTRACK_MCGRP_NEW,
				 .number = NFNLGRP_CONNTRACK_NEW };
	struct sigaction sa = { .sa_handler = stop };
	char *kept = malloc(KEPT), *at = kept;
	const struct nlmsghdr *nlh;
	uint64_t n = 0;
	ssize_t len;
	int left;

	if (!conntrack)
		find_family(nl, &family);
	if (!kept || mnl_socket_setsockopt(nl, NETLINK_ADD_MEMBERSHIP,
					   &family.number, sizeof(int)))
		err(1, "listen");
	memset(kept, 0, KEPT);
	sigaction(SIGTERM, &sa, NULL);
	puts("ready");
	fflush(stdout);
	while (!stopped && at + BUFFER <= kept + KEPT) {
		len = recv(mnl_socket_get_fd(nl), at, BUFFER, 0);
		if (len < 0 && !stopped)
			err(1, "listen");
		at += len > 0 ? len : 0;
	}
	nlh = (const struct nlmsghdr *)kept;
	left = at - kept;
	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
		n++;
	printf("events=%llu\n", (unsigned long long)n);
}

static int run(char **command)
{
	struct rusage usage;
	uint64_t start = now();
	int status, null;
	pid_t pid;

	pid = fork();
	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execvp(command[0], command);
		err(127, "%s", command[0]);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
		err(1, "%s", command[0]);
	printf("cost=%llu kib=%ld\n", (unsigned long long)(now() - start),
	       usage.ru_maxrss);
	return status ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(1, "usage: reader file|dump|listen|kill|run WHAT...");
	if (!strcmp(argv[1], "file"))
		read_file(argv[2]);
	else if (!strcmp(argv[1], "dump"))
		dump(argv[2]);
	else if (!strcmp(argv[1], "listen"))
		listen_to(argv[2]);
	else if (!strcmp(argv[1], "kill"))
		kill_reader(atoi(argv[2]));
	else
		return run(argv + 2);
	return 0;
}
