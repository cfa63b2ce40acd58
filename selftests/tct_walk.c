// SPDX-License-Identifier: GPL-2.0
/* What is done to the connections: the random walk itself. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/close_range.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tct_oracle.h"

#define BUFFER		16384	/* so that a window fills soon */
#define FULL_BLOCK	5	/* connections to one listener of a short queue */
#define MAX_LISTENERS	(6 + MAX_BATCH)

static struct {
	int fd;
	unsigned short port;
	bool accepts;
} listeners[MAX_LISTENERS];

static unsigned int nr_listeners;
static unsigned char data[65536];

static socklen_t address(struct sockaddr_storage *to, bool v6, const char *v4,
			 const char *text, unsigned int port)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *in = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	if (v6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		inet_pton(AF_INET6, text, &in6->sin6_addr);
		return sizeof(*in6);
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	inet_pton(AF_INET, v4, &in->sin_addr);
	return sizeof(*in);
}

static socklen_t client_address(struct sockaddr_storage *to,
				const struct conn *c)
{
	return address(to, c->v6, "10.0.1.1", "fd00:1::1", c->port);
}

static socklen_t server_address(struct sockaddr_storage *to,
				const struct conn *c)
{
	if (c->scene == NOBODY)
		return address(to, c->v6, "10.0.2.99", "fd00:2::99", c->dport);
	return address(to, c->v6, "10.0.2.1", "fd00:2::1", c->dport);
}

static int make(bool v6)
{
	int one = 1, size = BUFFER, fd;

	fd = socket(v6 ? AF_INET6 : AF_INET,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return fd;
}

static void listen_at(bool v6, unsigned int port, int backlog, bool accepts)
{
	struct sockaddr_storage at;
	socklen_t len = address(&at, v6, "10.0.2.1", "fd00:2::1", port);
	int fd, seconds = 30;

	enter(VIEW_S);
	fd = make(v6);
	if (port == PORT_DEFER)
		setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds,
			   sizeof(seconds));
	if (bind(fd, (struct sockaddr *)&at, len) || listen(fd, backlog))
		die("listen");
	listeners[nr_listeners].fd = fd;
	listeners[nr_listeners].port = port;
	listeners[nr_listeners++].accepts = accepts;
}

static void dial(struct conn *c, enum side side)
{
	struct sockaddr_storage here, there;
	struct end *e = &c->end[side];
	socklen_t len;

	enter(side == CLIENT ? VIEW_C : VIEW_S);
	e->fd = make(c->v6);
	len = client_address(side == CLIENT ? &here : &there, c);
	server_address(side == CLIENT ? &there : &here, c);
	if (bind(e->fd, (struct sockaddr *)&here, len))
		die("bind");
	if (connect(e->fd, (struct sockaddr *)&there, len) &&
	    errno != EINPROGRESS) {
		e->error = errno;
		close(e->fd);
		e->fd = -1;
	}
}

static void accept_from(int listener)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	struct conn *c;
	int fd;

	fd = accept4(listener, (struct sockaddr *)&from, &len,
		     SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	c = conn_of(ntohs(((struct sockaddr_in *)&from)->sin_port));
	if (!c || c->end[SERVER].fd >= 0) {
		close(fd);
		return;
	}
	c->end[SERVER].fd = fd;
}

static void serve_end(struct conn *c, enum side side)
{
	struct end *e = &c->end[side];
	char buf[16384];
	ssize_t n;

	if (e->fd < 0 || !e->reading)
		return;
	do {
		n = recv(e->fd, buf, sizeof(buf), 0);
	} while (n > 0);
	if (n < 0 && errno != EAGAIN && errno != ENOTCONN && !e->error)
		e->error = errno;
}

/* walk_serve - what programs do without being told: accept and read */
void walk_serve(void)
{
	struct pollfd fds[MAX_LISTENERS];
	unsigned int i;

	for (i = 0; i < nr_listeners; i++) {
		fds[i].fd = listeners[i].accepts ? listeners[i].fd : -1;
		fds[i].events = POLLIN;
	}
	while (poll(fds, nr_listeners, 0) > 0)
		for (i = 0; i < nr_listeners; i++)
			if (fds[i].revents & POLLIN)
				accept_from(fds[i].fd);
	for (i = 0; i < oracle.conns; i++) {
		serve_end(&oracle.conn[i], CLIENT);
		serve_end(&oracle.conn[i], SERVER);
	}
	tap_drain();
}

/* Its owner dies: a process that has nothing else open is killed. */
static void kill_owner(int fd)
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		if (fd)
			close_range(0, fd - 1, 0);
		close_range(fd + 1, ~0U, 0);
		raise(SIGSTOP);
		_exit(1);
	}
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		die("stop");
	close(fd);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

#define NOTHING		26	/* a step */

enum how { CLOSE, ABORT, KILL };

static void end_it(struct conn *c, enum side who, enum how how)
{
	struct linger now = { 1, 0 };
	struct end *e = &c->end[who];
	socklen_t len = sizeof(int);
	int err = 0;

	if (e->fd < 0)
		return;
	note(c, " %c:%s", "cs"[who],
	     how == CLOSE ? "close" : how == ABORT ? "abort" : "kill");
	if (!e->error && !getsockopt(e->fd, SOL_SOCKET, SO_ERROR, &err, &len))
		e->error = err;
	if (how == ABORT)
		setsockopt(e->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	if (how == KILL)
		kill_owner(e->fd);
	else
		close(e->fd);
	e->fd = -1;
	e->closed = true;
	e->aborted = how == ABORT;
	e->closed_at = now_us();
}

static void say_something(struct conn *c, enum side who, size_t bytes)
{
	struct end *e = &c->end[who];
	ssize_t n;

	if (e->fd < 0)
		return;
	n = send(e->fd, data, bytes, MSG_NOSIGNAL);
	note(c, " %c:send=%zd", "cs"[who], n);
}

static void half_close(struct conn *c, enum side who, int how)
{
	if (c->end[who].fd < 0)
		return;
	note(c, " %c:shutdown_%s", "cs"[who], how == SHUT_WR ? "wr" : "rd");
	shutdown(c->end[who].fd, how);
	c->end[who].shut = true;
}

static void any_hold(struct conn *c)
{
	static const unsigned char kinds[] = {
		1 << FIN, 1 << FIN, 1 << RST, 1 << RST, 1 << ACK,
		1 << ACK | 1 << FIN, 1 << ACK | 1 << DATA, ALL_KINDS, ALL_KINDS
	};
	enum point point = pick(c, 5);

	hold_add(c, pick(c, 2), point < POINTS ? point : BEHIND_ALL,
		 kinds[pick(c, sizeof(kinds))]);
}

/* before_step - which segments are to be dropped in what follows */
static unsigned int before_step(struct conn *c)
{
	unsigned int op = pick(c, 27);

	if (hold_any(c)) {
		if (c->held_rounds++ >= 1 && pick(c, 2)) {
			hold_release(c);
			c->held_rounds = 0;
			note(c, " release");
			return NOTHING;
		}
		return op;
	}
	if (op >= 14 && op <= 17)
		any_hold(c);
	else if (op == 18)
		hold_add(c, CLIENT, BEHIND_ALL, ALL_KINDS);
	else if (op == 19)
		hold_add(c, SERVER, BEHIND_ALL, ALL_KINDS);
	else if (op == 21 || op == 22)
		hold_add(c, op == 21 ? CLIENT : SERVER, BEHIND_ALL, 1 << FIN);
	return op;
}

static void step(struct conn *c, unsigned int op)
{
	enum side side = pick(c, 2);
	unsigned int i;

	switch (op) {
	case 0: case 1:
		say_something(c, side, 200 + pick(c, 3000));
		break;
	case 2:
		c->end[side].reading = false;
		note(c, " %c:stops_reading", "cs"[side]);
		say_something(c, !side, sizeof(data));
		break;
	case 3:
		c->end[side].reading = true;
		note(c, " %c:reads", "cs"[side]);
		break;
	case 4: case 5: case 14:
		half_close(c, side, SHUT_WR);
		break;
	case 6:
		half_close(c, side, SHUT_RD);
		break;
	case 7: case 8: case 9: case 15:
		end_it(c, side, CLOSE);
		break;
	case 10: case 16:
		end_it(c, side, ABORT);
		break;
	case 11: case 17:
		end_it(c, side, KILL);
		break;
	case 12: case 18: case 19:
		end_it(c, side, CLOSE);
		end_it(c, !side, CLOSE);
		break;
	case 21: case 22:
		half_close(c, op == 21 ? CLIENT : SERVER, SHUT_WR);
		break;
	case 13:
		half_close(c, side, SHUT_WR);
		half_close(c, !side, SHUT_WR);
		break;
	case 20:
		for (i = 0; i < nr_listeners; i++)
			if (listeners[i].port == c->dport &&
			    !listeners[i].accepts)
				accept_from(listeners[i].fd);
		break;
	default:
		note(c, " -");
	}
}

/* The handshake, and now and then a loss in it. */
static void before_open(struct conn *c)
{
	static const unsigned char kinds[] = {
		1 << SYN, 1 << SYNACK, 1 << ACK, 1 << RST
	};
	unsigned int odds = pick(c, 12);

	if (odds >= 3)
		return;
	hold_add(c, odds == 1 || c->scene == REFUSED ? SERVER : CLIENT,
		 pick(c, POINTS),
		 c->scene == REFUSED ? 1 << RST : kinds[odds]);
}

static void begin(struct conn *c)
{
	dial(c, CLIENT);
	if (c->scene == SIMOPEN)
		dial(c, SERVER);
}

static void open_listeners(void)
{
	unsigned int i;
	int v6;

	nr_listeners = 0;
	for (v6 = 0; v6 < 2; v6++) {
		listen_at(v6, PORT_OPEN, 1024, true);
		listen_at(v6, PORT_NOACCEPT, 1024, false);
		listen_at(v6, PORT_DEFER, 1024, true);
	}
	for (i = 0; i < oracle.conns; i++)
		if (oracle.conn[i].scene == FULL && !(i % FULL_BLOCK))
			listen_at(oracle.conn[i].v6, oracle.conn[i].dport, 1,
				  false);
}

static void set_scene(unsigned int i)
{
	struct conn *c = &oracle.conn[i];
	unsigned int odds = pick(c, 40);

	c->v6 = pick(c, 2);
	if (!(i % FULL_BLOCK) && !pick(c, 10) &&
	    i + FULL_BLOCK <= oracle.conns)
		c->scene = FULL;
	else if (i % FULL_BLOCK && oracle.conn[i - 1].scene == FULL)
		c->scene = FULL;
	else
		c->scene = odds < 30 ? OPEN : odds < 32 ? REFUSED :
			   odds < 34 ? NOBODY : odds < 35 ? NOACCEPT :
			   odds < 36 ? DEFER : SIMOPEN;
	switch (c->scene) {
	case OPEN:
		c->dport = PORT_OPEN;
		break;
	case NOACCEPT:
		c->dport = PORT_NOACCEPT;
		break;
	case DEFER:
		c->dport = PORT_DEFER;
		break;
	case FULL:
		c->dport = PORT_FULL + i / FULL_BLOCK;
		c->v6 = oracle.conn[i - i % FULL_BLOCK].v6;
		break;
	case SIMOPEN:
		c->dport = c->port;
		break;
	default:
		c->dport = PORT_REFUSED;
	}
}

void walk_begin(void)
{
	unsigned int i;

	for (i = 0; i < oracle.conns; i++)
		set_scene(i);
	open_listeners();
}

/* walk_step - one thing is done to each; in the first round, they are begun */
void walk_step(unsigned int round)
{
	unsigned int op[MAX_BATCH], i;

	for (i = 0; i < oracle.conns; i++) {
		note(&oracle.conn[i], " |");
		if (round)
			op[i] = before_step(&oracle.conn[i]);
		else
			before_open(&oracle.conn[i]);
	}
	hold_commit();
	for (i = 0; i < oracle.conns; i++) {
		if (round)
			step(&oracle.conn[i], op[i]);
		else
			begin(&oracle.conn[i]);
		if (i % 16 == 15)
			walk_serve();
	}
}

/* walk_end - nothing of the batch is held, dropped or listened for any more */
void walk_end(void)
{
	unsigned int i;

	for (i = 0; i < oracle.conns; i++)
		hold_release(&oracle.conn[i]);
	hold_commit();
	for (i = 0; i < oracle.conns; i++) {
		end_it(&oracle.conn[i], CLIENT, ABORT);
		end_it(&oracle.conn[i], SERVER, ABORT);
	}
	for (i = 0; i < nr_listeners; i++)
		close(listeners[i].fd);
	nr_listeners = 0;
	diag_destroy();
}
