// SPDX-License-Identifier: GPL-2.0
/*
 * The other end of tcptrackctl's netlink sockets, in a kernel's place: libmnl's
 * sockets, without a socket.
 *
 * What is sent goes to the file $WIRE_REQUESTS, message by message.  What is
 * received comes from $WIRE_REPLIES: datagrams, each after its length in four
 * octets of this host's order.  A request's number is put into the replies.
 *
 * With $WIRE_ANSWERS instead, a directory, they come from the file in it that is
 * called by the numbers of the request's family and command, from its beginning
 * on: whatever is asked, and whenever.
 *
 * A socket that does not block is one for events, of $WIRE_EVENTS, in the same
 * form.  A length of WIRE_NOTHING says that there are none for now, one of
 * WIRE_LOST that some did not fit; at the end of the file the user interrupts.
 * The groups that are joined go to the file $WIRE_GROUPS, unless that fails
 * with $WIRE_JOIN_ERROR.
 *
 * Files in /proc are those in the directory $WIRE_PROC, if that is set.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#define WIRE_NOTHING	0
#define WIRE_LOST	UINT32_MAX

struct mnl_socket {
	FILE *requests;
	FILE *replies;
	unsigned int seq;
	FILE *events;
	FILE *groups;
	int ready;
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

/* A descriptor that can be read at any time */
static int wire_ready(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static struct mnl_socket *wire_open_events(void)
{
	static struct mnl_socket sock;

	sock.events = wire_open("WIRE_EVENTS", "r");
	sock.groups = wire_open("WIRE_GROUPS", "w");
	sock.ready = wire_ready();
	return &sock;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	/* sockets of a batch, one after the other, go on in the files */
	static struct mnl_socket sock;

	(void)bus;
	if (flags & SOCK_NONBLOCK)
		return wire_open_events();
	if (getenv("WIRE_NO_SOCKET")) {
		errno = EPROTONOSUPPORT;
		return NULL;
	}
	if (!sock.requests) {
		sock.requests = wire_open("WIRE_REQUESTS", "a");
		sock.replies = wire_open("WIRE_REPLIES", "r");
		sock.ready = wire_ready();
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
	const char *error = getenv("WIRE_JOIN_ERROR");

	(void)len;
	if (type != NETLINK_ADD_MEMBERSHIP)
		return 0;
	if (error) {
		errno = atoi(error);
		return -1;
	}
	fprintf(nl->groups, "%u\n", *(unsigned int *)buf);
	return 0;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	(void)nl;
	return 1;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	return nl->ready;
}

static void wire_answer(struct mnl_socket *nl, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const char *where = getenv("WIRE_ANSWERS");
	char name[4096];

	if (!where)
		return;
	snprintf(name, sizeof(name), "%s/%u-%u", where, nlh->nlmsg_type,
		 genl->cmd);
	fclose(nl->replies);
	nl->replies = fopen(name, "r");
	if (!nl->replies)
		err(127, "%s", name);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req,
			  size_t size)
{
	const struct nlmsghdr *nlh = req;

	((struct mnl_socket *)nl)->seq = nlh->nlmsg_seq;
	wire_answer((struct mnl_socket *)nl, nlh);
	if (fwrite(req, 1, size, nl->requests) != size || fflush(nl->requests))
		err(127, "requests");
	return size;
}

static int wire_fail(int error)
{
	errno = error;
	return -1;
}

static ssize_t wire_event(const struct mnl_socket *nl, void *buf, size_t size)
{
	uint32_t len;

	if (fread(&len, sizeof(len), 1, nl->events) != 1) {
		raise(SIGTERM);
		len = WIRE_NOTHING;
	}
	if (len == WIRE_NOTHING)
		return wire_fail(EAGAIN);
	if (len == WIRE_LOST)
		return wire_fail(ENOBUFS);
	if (len > size || fread(buf, 1, len, nl->events) != len)
		errx(127, "an event is too long, or cut");
	return len;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf,
			    size_t size)
{
	struct nlmsghdr *nlh = buf;
	uint32_t len;
	int left;

	if (nl->events)
		return wire_event(nl, buf, size);
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
	if (!nl->events)
		return 0;
	fclose(nl->events);
	fclose(nl->groups);
	close(nl->ready);
	return 0;
}
