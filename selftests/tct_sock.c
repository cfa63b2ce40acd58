// SPDX-License-Identifier: GPL-2.0
/*
 * Socket commands of the selftests' agent.
 *
 * Every socket is non-blocking; a command that must wait polls, and gives up
 * after tct_wait_ms. What is sent is a pattern made from its offset in the
 * stream, so that the receiver notices a byte that was lost or changed.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <sys/ioctl.h>

#include "tct_peer.h"

#define MAX_SOCKS	256
#define CHUNK		16384

struct sock {
	char id[TCT_ID_LEN];
	int fd;
	__u64 sent;
	__u64 received;
};

static struct sock socks[MAX_SOCKS];

static const char *const state_names[] = {
	"?", "ESTABLISHED", "SYN_SENT", "SYN_RECEIVED", "FIN_WAIT_1",
	"FIN_WAIT_2", "TIME_WAIT", "CLOSED", "CLOSE_WAIT", "LAST_ACK",
	"LISTEN", "CLOSING", "SYN_RECEIVED",
};

static const struct {
	const char *name;
	int level;
	int option;
} options[] = {
	{ "nodelay", IPPROTO_TCP, TCP_NODELAY },
	{ "cork", IPPROTO_TCP, TCP_CORK },
	{ "mss", IPPROTO_TCP, TCP_MAXSEG },
	{ "defer_accept", IPPROTO_TCP, TCP_DEFER_ACCEPT },
	{ "user_timeout", IPPROTO_TCP, TCP_USER_TIMEOUT },
	{ "quickack", IPPROTO_TCP, TCP_QUICKACK },
	{ "syncnt", IPPROTO_TCP, TCP_SYNCNT },
	{ "keepidle", IPPROTO_TCP, TCP_KEEPIDLE },
	{ "keepalive", SOL_SOCKET, SO_KEEPALIVE },
	{ "rcvbuf", SOL_SOCKET, SO_RCVBUF },
	{ "sndbuf", SOL_SOCKET, SO_SNDBUF },
	{ "reuseport", SOL_SOCKET, SO_REUSEPORT },
	{ "v6only", IPPROTO_IPV6, IPV6_V6ONLY },
	{ "fastopen", IPPROTO_TCP, TCP_FASTOPEN },
	{ }
};

int tct_addr_parse(struct tct_addr *addr, const char *text, const char *port)
{
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, text, &addr->in.sin_addr) == 1) {
		addr->in.sin_family = AF_INET;
		addr->in.sin_port = htons(atoi(port));
		addr->len = sizeof(addr->in);
		return 0;
	}
	if (inet_pton(AF_INET6, text, &addr->in6.sin6_addr) == 1) {
		addr->in6.sin6_family = AF_INET6;
		addr->in6.sin6_port = htons(atoi(port));
		addr->len = sizeof(addr->in6);
		return 0;
	}
	return -EINVAL;
}

const char *tct_addr_text(const struct tct_addr *addr, char *buf, size_t len)
{
	char text[INET6_ADDRSTRLEN];
	bool v4 = addr->sa.sa_family == AF_INET;

	inet_ntop(addr->sa.sa_family,
		  v4 ? (const void *)&addr->in.sin_addr :
		       (const void *)&addr->in6.sin6_addr,
		  text, sizeof(text));
	snprintf(buf, len, "%s %u", text,
		 ntohs(v4 ? addr->in.sin_port : addr->in6.sin6_port));
	return buf;
}

void tct_pattern_fill(unsigned char *buf, __u64 at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++, at++)
		buf[i] = at * 131 + (at >> 8);
}

bool tct_pattern_ok(const unsigned char *buf, __u64 at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++, at++)
		if (buf[i] != (unsigned char)(at * 131 + (at >> 8)))
			return false;
	return true;
}

int tct_poll(int fd, short events, int ms)
{
	struct pollfd pfd = { fd, events, 0 };
	int n;

	do {
		n = poll(&pfd, 1, ms);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n ? 0 : -ETIMEDOUT;
}

/* Close with a RST. */
void tct_abort(int fd)
{
	struct linger now = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

static int sock_make(const struct tct_addr *addr, const struct tct_args *args)
{
	const char *dev = tct_opt(args, "dev");
	int one = 1, i, fd, value;
	const char *text;

	fd = socket(addr->sa.sa_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (dev && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev,
			      strlen(dev) + 1))
		goto fail;
	for (i = 0; options[i].name; i++) {
		text = tct_opt(args, options[i].name);
		if (!text)
			continue;
		value = atoi(text);
		if (setsockopt(fd, options[i].level, options[i].option,
			       &value, sizeof(value)))
			goto fail;
	}
	return fd;
fail:
	value = -errno;
	close(fd);
	return value;
}

int tct_listen(const struct tct_addr *addr, int backlog,
	       const struct tct_args *args)
{
	int fd = sock_make(addr, args), err;

	if (fd < 0)
		return fd;
	if (!bind(fd, &addr->sa, addr->len) && !listen(fd, backlog))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static int connected(int fd)
{
	socklen_t len = sizeof(int);
	int err;

	err = tct_poll(fd, POLLOUT, tct_wait_ms);
	if (err)
		return err;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len))
		return -errno;
	return -err;
}

/* On failure the socket is closed, and *fdp is -1. */
int tct_connect(const struct tct_addr *dst, const struct tct_args *args,
		bool wait, int *fdp)
{
	const char *src = tct_opt(args, "src"), *sport = tct_opt(args, "sport");
	struct tct_addr from;
	int fd, err = 0;

	*fdp = -1;
	fd = sock_make(dst, args);
	if (fd < 0)
		return fd;
	if (src || sport) {
		if (!src)
			src = dst->sa.sa_family == AF_INET ? "0.0.0.0" : "::";
		err = tct_addr_parse(&from, src, sport ? sport : "0");
		if (!err && bind(fd, &from.sa, from.len))
			err = -errno;
	}
	if (!err && connect(fd, &dst->sa, dst->len)) {
		err = -errno;
		if (err == -EINPROGRESS)
			err = wait ? connected(fd) : 0;
	}
	if (err)
		close(fd);
	else
		*fdp = fd;
	return err;
}

static struct sock *sock_find(const char *id)
{
	int i;

	for (i = 0; i < MAX_SOCKS; i++)
		if (!strcmp(socks[i].id, id))
			return &socks[i];
	return NULL;
}

static int sock_add(const char *id, int fd)
{
	struct sock *sk = sock_find("");

	if (sock_find(id) || !sk || strlen(id) >= sizeof(sk->id)) {
		close(fd);
		return sk ? -EEXIST : -ENOSPC;
	}
	tct_name(sk->id, id);
	sk->fd = fd;
	sk->sent = 0;
	sk->received = 0;
	return 0;
}

static void say_name(int fd)
{
	struct tct_addr addr = { .len = sizeof(addr) };
	char text[64];

	if (!getsockname(fd, &addr.sa, &addr.len))
		tct_say("%s", tct_addr_text(&addr, text, sizeof(text)));
}

/* listen ID ADDR PORT BACKLOG [dev=] [socket options] */
static int cmd_listen(struct tct_args *args)
{
	struct tct_addr addr;
	int err, fd;

	err = tct_addr_parse(&addr, args->argv[2], args->argv[3]);
	if (err)
		return err;
	fd = tct_listen(&addr, atoi(args->argv[4]), args);
	return fd < 0 ? fd : sock_add(args->argv[1], fd);
}

/* accept LISTENER ID [TIMEOUT_MS] */
static int cmd_accept(struct tct_args *args)
{
	struct sock *sk = sock_find(args->argv[1]);
	struct tct_addr addr = { .len = sizeof(addr) };
	char text[64];
	int err, fd;

	if (!sk)
		return -ENOENT;
	err = tct_poll(sk->fd, POLLIN, args->argc > 3 ? atoi(args->argv[3]) :
							tct_wait_ms);
	if (err)
		return err;
	fd = accept4(sk->fd, &addr.sa, &addr.len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return -errno;
	tct_say("%s", tct_addr_text(&addr, text, sizeof(text)));
	return sock_add(args->argv[2], fd);
}

/* connect ID ADDR PORT [src=] [sport=] [dev=] [nonblock] [socket options] */
static int cmd_connect(struct tct_args *args)
{
	struct tct_addr addr;
	int err, fd;

	err = tct_addr_parse(&addr, args->argv[2], args->argv[3]);
	if (err)
		return err;
	err = tct_connect(&addr, args, !tct_flag(args, "nonblock"), &fd);
	if (err)
		return err;
	say_name(fd);
	return sock_add(args->argv[1], fd);
}

/* finish ID: wait for a connect that was begun with "nonblock". */
static int cmd_finish(struct tct_args *args)
{
	struct sock *sk = sock_find(args->argv[1]);

	return sk ? connected(sk->fd) : -ENOENT;
}

/* send ID BYTES [nowait]: says how many went into the socket. */
static int cmd_send(struct tct_args *args)
{
	struct sock *sk = sock_find(args->argv[1]);
	long long left = atoll(args->argv[2]);
	int ms = tct_flag(args, "nowait") ? 0 : tct_wait_ms;
	unsigned char buf[CHUNK];
	__u64 begun;
	ssize_t n;
	int err = 0;

	if (!sk)
		return -ENOENT;
	begun = sk->sent;
	while (left > 0 && !(err = tct_poll(sk->fd, POLLOUT, ms))) {
		n = left < CHUNK ? left : CHUNK;
		tct_pattern_fill(buf, sk->sent, n);
		n = send(sk->fd, buf, n, 0);
		if (n < 0) {
			err = -errno;
			break;
		}
		sk->sent += n;
		left -= n;
	}
	tct_say("%llu", (unsigned long long)(sk->sent - begun));
	return err == -ETIMEDOUT && !ms ? 0 : err;
}

/* recv ID BYTES|eof: the pattern is verified; with eof, until the FIN. */
static int cmd_recv(struct tct_args *args)
{
	struct sock *sk = sock_find(args->argv[1]);
	bool eof = !strcmp(args->argv[2], "eof");
	long long left = eof ? CHUNK : atoll(args->argv[2]);
	unsigned char buf[CHUNK];
	__u64 begun;
	ssize_t n;
	int err;

	if (!sk)
		return -ENOENT;
	begun = sk->received;
	while (left > 0) {
		err = tct_poll(sk->fd, POLLIN, tct_wait_ms);
		if (err)
			return err;
		n = recv(sk->fd, buf, left < CHUNK ? left : CHUNK, 0);
		if (n < 0)
			return -errno;
		if (!n && !eof)
			return -EPIPE;
		if (!n)
			break;
		if (!tct_pattern_ok(buf, sk->received, n))
			return -EBADMSG;
		sk->received += n;
		if (!eof)
			left -= n;
	}
	tct_say("%llu", (unsigned long long)(sk->received - begun));
	return 0;
}

static int cmd_shutdown(struct tct_args *args)
{
	struct sock *sk = sock_find(args->argv[1]);
	int how = strcmp(args->argv[2], "rd") ? SHUT_WR : SHUT_RD;

	if (!sk)
		return -ENOENT;
	return shutdown(sk->fd, how) ? -errno : 0;
}

/* close ID... and abort ID...: several at once, for simultaneous closes. */
static int cmd_close(struct tct_args *args)
{
	bool reset = !strcmp(args->argv[0], "abort");
	struct sock *sk;
	int i, err = 0;

	for (i = 1; i < args->argc; i++) {
		sk = sock_find(args->argv[i]);
		if (!sk) {
			err = -ENOENT;
			continue;
		}
		if (reset)
			tct_abort(sk->fd);
		else
			close(sk->fd);
		sk->id[0] = '\0';
	}
	return err;
}

static int cmd_closeall(struct tct_args *args)
{
	int i;

	(void)args;
	for (i = 0; i < MAX_SOCKS; i++) {
		if (!socks[i].id[0])
			continue;
		tct_abort(socks[i].fd);
		socks[i].id[0] = '\0';
	}
	return 0;
}

static int cmd_sockopt(struct tct_args *args)
{
	struct sock *sk = sock_find(args->argv[1]);
	int value = atoi(args->argv[3]), i;

	if (!sk)
		return -ENOENT;
	for (i = 0; options[i].name; i++)
		if (!strcmp(options[i].name, args->argv[2]))
			return setsockopt(sk->fd, options[i].level,
					  options[i].option, &value,
					  sizeof(value)) ? -errno : 0;
	return -EINVAL;
}

static int tcp_info(const char *id, struct tcp_info *info)
{
	socklen_t len = sizeof(*info);
	struct sock *sk = sock_find(id);

	memset(info, 0, sizeof(*info));
	if (!sk)
		return -ENOENT;
	if (getsockopt(sk->fd, IPPROTO_TCP, TCP_INFO, info, &len))
		return -errno;
	if (info->tcpi_state >= sizeof(state_names) / sizeof(*state_names))
		info->tcpi_state = 0;
	return 0;
}

static int cmd_state(struct tct_args *args)
{
	struct tcp_info info;
	int err = tcp_info(args->argv[1], &info);

	if (!err)
		tct_say("%s", state_names[info.tcpi_state]);
	return err;
}

/* drained ID: wait until everything sent has been acknowledged. */
static int cmd_drained(struct tct_args *args)
{
	struct sock *sk = sock_find(args->argv[1]);
	long long end = tct_now_ms() + tct_wait_ms;
	int left;

	if (!sk)
		return -ENOENT;
	do {
		if (ioctl(sk->fd, SIOCOUTQ, &left))
			return -errno;
		if (!left)
			return 0;
		usleep(1000);
	} while (tct_now_ms() < end);
	return -ETIMEDOUT;
}

static int cmd_info(struct tct_args *args)
{
	struct tcp_info info;
	int err = tcp_info(args->argv[1], &info);

	if (err)
		return err;
	tct_say("state=%s segs_out=%u segs_in=%u bytes_sent=%llu ",
		state_names[info.tcpi_state], info.tcpi_segs_out,
		info.tcpi_segs_in, (unsigned long long)info.tcpi_bytes_sent);
	tct_say("bytes_received=%llu retrans=%u bytes_retrans=%llu rtt_us=%u",
		(unsigned long long)info.tcpi_bytes_received,
		info.tcpi_total_retrans,
		(unsigned long long)info.tcpi_bytes_retrans, info.tcpi_rtt);
	return 0;
}

/* backlog ID: what waits in a listener's accept queue, and its limit. */
static int cmd_backlog(struct tct_args *args)
{
	struct tcp_info info;
	int err = tcp_info(args->argv[1], &info);

	if (!err)
		tct_say("%u %u", info.tcpi_unacked, info.tcpi_sacked);
	return err;
}

const struct tct_cmd tct_sock_cmds[] = {
	{ "listen", 4, cmd_listen },
	{ "accept", 2, cmd_accept },
	{ "connect", 3, cmd_connect },
	{ "finish", 1, cmd_finish },
	{ "send", 2, cmd_send },
	{ "recv", 2, cmd_recv },
	{ "shutdown", 2, cmd_shutdown },
	{ "close", 1, cmd_close },
	{ "abort", 1, cmd_close },
	{ "closeall", 0, cmd_closeall },
	{ "sockopt", 3, cmd_sockopt },
	{ "state", 1, cmd_state },
	{ "drained", 1, cmd_drained },
	{ "info", 1, cmd_info },
	{ "backlog", 1, cmd_backlog },
	{ }
};
