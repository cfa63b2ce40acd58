// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "sockets.h"

#define SOCKETS_REPLY	65536	/* octets that are read at a time */

/* The timer of a mini-socket: idiag_timer of no other */
#define SOCKETS_TIMER_SMALL	3

struct sockets_call {
	uint32_t states;
	sockets_each_t each;
	void *arg;
};

static void sockets_key(struct socket_key *key, const struct inet_diag_msg *msg)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const void *addr[] = { msg->id.idiag_src, msg->id.idiag_dst };
	unsigned int i, skip = 0, len = 16;

	memset(key, 0, sizeof(*key));
	key->family = msg->idiag_family;
	if (key->family == AF_INET) {
		len = 4;
	} else if (!memcmp(addr[0], mapped, sizeof(mapped))) {
		key->family = AF_INET;
		skip = sizeof(mapped);
		len = 4;
	}
	for (i = 0; i < 2; i++)
		memcpy(key->addr[i], (const uint8_t *)addr[i] + skip, len);
	key->port[0] = ntohs(msg->id.idiag_sport);
	key->port[1] = ntohs(msg->id.idiag_dport);
}

static int sockets_on_socket(const struct nlmsghdr *nlh, void *data)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(nlh);
	const struct sockets_call *call = data;
	struct socket_found found;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*msg))
		return MNL_CB_OK;
	sockets_key(&found.key, msg);
	found.inode = msg->idiag_inode;
	found.queued = msg->idiag_rqueue;
	found.small = msg->idiag_timer == SOCKETS_TIMER_SMALL;
	if (call->each(call->arg, &found))
		return MNL_CB_OK;
	errno = ENOMEM;
	return MNL_CB_ERROR;
}

/* Return: 0, or errno. */
static int sockets_of_family(struct mnl_socket *sock, int family,
			     struct sockets_call *call)
{
	char buf[SOCKETS_REPLY];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *req;
	ssize_t len;
	unsigned int seq;
	int more;

	nlh->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	seq = time(NULL) + family;
	nlh->nlmsg_seq = seq;
	req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));
	req->sdiag_family = family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = call->states;
	if (mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0)
		return errno;
	do {
		len = mnl_socket_recvfrom(sock, buf, sizeof(buf));
		if (len < 0)
			return errno;
		more = mnl_cb_run(buf, len, seq, mnl_socket_get_portid(sock),
				  sockets_on_socket, call);
	} while (more > MNL_CB_STOP);
	return more == MNL_CB_STOP ? 0 : errno;
}

int sockets_each(uint32_t states, sockets_each_t each, void *arg)
{
	struct sockets_call call = { states, each, arg };
	struct mnl_socket *sock;
	int error;

	sock = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!sock)
		return errno;
	if (mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0)
		error = errno;
	else
		error = sockets_of_family(sock, AF_INET, &call);
	if (!error)
		error = sockets_of_family(sock, AF_INET6, &call);
	mnl_socket_close(sock);
	return error;
}
