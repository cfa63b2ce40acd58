// SPDX-License-Identifier: GPL-2.0
/*
 * The other end of tcptrackctl's netlink sockets, in a kernel's place: libmnl's
 * sockets, without a socket.
 *
 * What is sent goes to the file $WIRE_REQUESTS, message by message.  What is
 * received comes from $WIRE_REPLIES: datagrams, each after its length in four
 * octets of this host's order.  A request's number is put into the replies.
 *
 * Files in /proc are those in the directory $WIRE_PROC, if that is set.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

struct mnl_socket {
	FILE *requests;
	FILE *replies;
	unsigned int seq;
};

/* The linker puts the former in the place of the latter: see Makefile */
FILE *__wrap_fopen(const char *name, const char *mode);
FILE *__real_fopen(const char *name, const char *mode);

FILE *__wrap_fopen(const char *name, const char *mode)
{
	static const char proc[] = "/proc/";
	const char *where = getenv("WIRE_PROC");
	char path[4096];

	if (!where || strncmp(name, proc, strlen(proc)))
		return __real_fopen(name, mode);
	snprintf(path, sizeof(path), "%s/%s", where, name + strlen(proc));
	return __real_fopen(path, mode);
}

static FILE *wire_open(const char *variable, const char *mode)
{
	const char *name = getenv(variable);
	FILE *file = name ? fopen(name, mode) : NULL;

	if (!file)
		err(127, "%s", variable);
	return file;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	/* sockets of a batch, one after the other, go on in the files */
	static struct mnl_socket sock;

	(void)bus;
	(void)flags;
	if (getenv("WIRE_NO_SOCKET")) {
		errno = EPROTONOSUPPORT;
		return NULL;
	}
	if (!sock.requests) {
		sock.requests = wire_open("WIRE_REQUESTS", "a");
		sock.replies = wire_open("WIRE_REPLIES", "r");
	}
	return &sock;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf,
			  socklen_t len)
{
	(void)nl;
	(void)type;
	(void)buf;
	(void)len;
	return 0;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	(void)nl;
	return 1;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	(void)nl;
	return -1;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req,
			  size_t size)
{
	const struct nlmsghdr *nlh = req;

	((struct mnl_socket *)nl)->seq = nlh->nlmsg_seq;
	if (fwrite(req, 1, size, nl->requests) != size || fflush(nl->requests))
		err(127, "requests");
	return size;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf,
			    size_t size)
{
	struct nlmsghdr *nlh = buf;
	uint32_t len;
	int left;

	if (fread(&len, sizeof(len), 1, nl->replies) != 1)
		errx(127, "there is no reply left");
	if (len > size || fread(buf, 1, len, nl->replies) != len)
		errx(127, "a reply is too long, or cut");
	for (left = len; mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left))
		nlh->nlmsg_seq = nl->seq;
	return len;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}
