// SPDX-License-Identifier: GPL-2.0
/*
 * What ss and tc ask the kernel, asked here: to start them takes up to a second
 * under an emulator, and in that time too much happens. --ss starts ss itself.
 */
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/gen_stats.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include "tct_oracle.h"

#define TCP_STATES	13

static int diag[SIDES], destroyer[SIDES], route;
static unsigned char answer[1 << 17];

static int open_netlink(enum view view, int protocol)
{
	int fd;

	enter(view);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		die("netlink");
	return fd;
}

void diag_open(void)
{
	diag[CLIENT] = open_netlink(VIEW_C, NETLINK_SOCK_DIAG);
	diag[SERVER] = open_netlink(VIEW_S, NETLINK_SOCK_DIAG);
	destroyer[CLIENT] = open_netlink(VIEW_C, NETLINK_SOCK_DIAG);
	destroyer[SERVER] = open_netlink(VIEW_S, NETLINK_SOCK_DIAG);
	route = open_netlink(VIEW_R, NETLINK_ROUTE);
}

/* A dump's answers, each to @take, until it is done. */
static void dump(int fd, const void *request, size_t len,
		 void (*take)(struct nlmsghdr *msg, enum side side),
		 enum side side)
{
	struct nlmsghdr *msg;
	ssize_t n;

	if (send(fd, request, len, 0) != (ssize_t)len)
		die("netlink");
	for (;;) {
		n = recv(fd, answer, sizeof(answer), 0);
		if (n <= 0)
			die("netlink");
		for (msg = (struct nlmsghdr *)answer; NLMSG_OK(msg, n);
		     msg = NLMSG_NEXT(msg, n)) {
			if (msg->nlmsg_type == NLMSG_DONE)
				return;
			if (msg->nlmsg_type == NLMSG_ERROR)
				die("netlink");
			take(msg, side);
		}
	}
}

static void take_socket(struct nlmsghdr *msg, enum side side)
{
	static const unsigned char states[] = {
		S_UNKNOWN, S_ESTABLISHED, S_SYN_SENT, S_SYN_RECEIVED,
		S_FIN_WAIT_1, S_FIN_WAIT_2, S_TIME_WAIT, S_CLOSED,
		S_CLOSE_WAIT, S_LAST_ACK, S_UNKNOWN, S_CLOSING,
		S_SYN_RECEIVED,
	};
	static const char timers[] = "-oktp?";
	struct inet_diag_msg *sk = NLMSG_DATA(msg);
	unsigned int sport = ntohs(sk->id.idiag_sport);
	unsigned int dport = ntohs(sk->id.idiag_dport);
	struct conn *c = conn_of(side == CLIENT ? sport : dport);
	struct sockview *sv;

	if (!c || c->dport != (side == CLIENT ? dport : sport))
		return;
	sv = &c->ss[1][side];
	if (sv->line[0])
		printf("# two sockets of %u: %s\n", c->id, sv->line);
	sv->state = sk->idiag_state < sizeof(states) ?
		    states[sk->idiag_state] : S_UNKNOWN;
	sv->recvq = sk->idiag_rqueue;
	sv->sendq = sk->idiag_wqueue;
	sv->timer = timers[sk->idiag_timer < 5 ? sk->idiag_timer : 5];
	sv->retries = sk->idiag_retrans;
	sv->expires = sk->idiag_expires;
	snprintf(sv->line, sizeof(sv->line),
		 "%s %d %d :%u :%u timer:(%c,%ums,%d)", state_name[sv->state],
		 sv->recvq, sv->sendq, sport, dport, sv->timer,
		 sk->idiag_expires, sv->retries);
}

/* One that nobody owns any more would keep its namespace for minutes. */
static void destroy_socket(struct nlmsghdr *msg, enum side side)
{
	struct inet_diag_msg *sk = NLMSG_DATA(msg);
	struct {
		struct nlmsghdr msg;
		struct inet_diag_req_v2 req;
	} ask = {
		.msg.nlmsg_len = sizeof(ask),
		.msg.nlmsg_type = SOCK_DESTROY,
		.msg.nlmsg_flags = NLM_F_REQUEST,
		.req.sdiag_family = sk->idiag_family,
		.req.sdiag_protocol = IPPROTO_TCP,
		.req.id = sk->id,
	};

	if (sk->idiag_timer != 3 &&
	    send(destroyer[side], &ask, sizeof(ask), 0) < 0)
		die("netlink");
}

/* Only this batch's: many more are in TIME_WAIT. */
static void ask_sockets(enum side side, unsigned char family,
			void (*take)(struct nlmsghdr *msg, enum side side))
{
	struct {
		struct nlmsghdr msg;
		struct inet_diag_req_v2 req;
		struct rtattr attr;
		struct inet_diag_bc_op op[4];
	} ask = {
		.msg.nlmsg_len = sizeof(ask),
		.msg.nlmsg_type = SOCK_DIAG_BY_FAMILY,
		.msg.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.req.sdiag_family = family,
		.req.sdiag_protocol = IPPROTO_TCP,
		/* not those that are only bound */
		.req.idiag_states = (1 << TCP_STATES) - 1,
		.attr.rta_type = INET_DIAG_REQ_BYTECODE,
		.attr.rta_len = sizeof(ask.attr) + sizeof(ask.op),
		.op[0] = { side == CLIENT ? INET_DIAG_BC_S_GE :
					    INET_DIAG_BC_D_GE, 8, 20 },
		.op[1] = { 0, 0, oracle.conn[0].port },
		.op[2] = { side == CLIENT ? INET_DIAG_BC_S_LE :
					    INET_DIAG_BC_D_LE, 8, 12 },
		.op[3] = { 0, 0, oracle.conn[oracle.conns - 1].port },
	};

	dump(diag[side], &ask, sizeof(ask), take, side);
}

/* diag_sockets - the sockets at both ends, into ss[1] of all connections */
void diag_sockets(void)
{
	enum side side;

	for (side = CLIENT; side < SIDES; side++) {
		ask_sockets(side, AF_INET, take_socket);
		ask_sockets(side, AF_INET6, take_socket);
	}
}

/* diag_destroy - end what is left of the batch's sockets */
void diag_destroy(void)
{
	enum side side;

	for (side = CLIENT; side < SIDES; side++) {
		ask_sockets(side, AF_INET, destroy_socket);
		ask_sockets(side, AF_INET6, destroy_socket);
	}
}

static unsigned int queued;

static void take_qdisc(struct nlmsghdr *msg, enum side side)
{
	struct tcmsg *tcm = NLMSG_DATA(msg);
	struct rtattr *attr = (struct rtattr *)(tcm + 1);
	int len = NLMSG_PAYLOAD(msg, sizeof(*tcm));
	struct tc_stats stats;

	(void)side;
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		if (attr->rta_type != TCA_STATS)
			continue;
		memset(&stats, 0, sizeof(stats));
		memcpy(&stats, RTA_DATA(attr),
		       RTA_PAYLOAD(attr) < sizeof(stats) ?
		       RTA_PAYLOAD(attr) : sizeof(stats));
		queued += stats.qlen;
	}
}

/* diag_queues_empty - has netem nothing on its way? */
bool diag_queues_empty(void)
{
	struct {
		struct nlmsghdr msg;
		struct tcmsg tcm;
	} ask = {
		.msg.nlmsg_len = sizeof(ask),
		.msg.nlmsg_type = RTM_GETQDISC,
		.msg.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
	};

	queued = 0;
	dump(route, &ask, sizeof(ask), take_qdisc, 0);
	return !queued;
}
