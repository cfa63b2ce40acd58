// SPDX-License-Identifier: GPL-2.0
/*
 * Things that the selftests' agent does in the background, each in a thread
 * of its own that stays in the namespace it was started in; and connections
 * by the hundred.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/tcp.h>
#include <sys/epoll.h>

#include "tct_peer.h"

#define MAX_JOBS	16
#define MAX_BYTES	65536
#define MAX_FDS		16384
#define TICK_MS		50	/* how soon a server notices that it is to end */

struct server {
	int listener;
	bool open[MAX_FDS];
};

struct client {
	struct tct_addr dst;
	bool abort;		/* end connections by RST: no TIME_WAIT */
	int bytes;
	unsigned char out[MAX_BYTES];
	unsigned char in[MAX_BYTES];
};

struct crowd {
	long n;
	int fd[];
};

static struct tct_job jobs[MAX_JOBS];

static struct tct_job *job_find(const char *id)
{
	int i;

	for (i = 0; i < MAX_JOBS; i++)
		if (!strcmp(jobs[i].id, id))
			return &jobs[i];
	return NULL;
}

void tct_job_end(struct tct_job *job)
{
	int i;

	if (job->cleanup)
		job->cleanup(job);
	for (i = 0; i < job->args.argc; i++)
		free(job->args.argv[i]);
	free(job->args.argv);
	free(job->priv);
	memset(job, 0, sizeof(*job));
}

/* The job's name is the command's first argument. */
struct tct_job *tct_job_new(struct tct_args *args, size_t priv_size)
{
	struct tct_job *job = job_find("");
	const char *id = args->argv[1];
	int i;

	if (!job || job_find(id) || strlen(id) >= sizeof(job->id))
		return NULL;
	job->priv = calloc(1, priv_size);
	job->args.argv = calloc(args->argc, sizeof(char *));
	if (!job->priv || !job->args.argv) {
		free(job->priv);
		return NULL;
	}
	for (i = 0; i < args->argc; i++)
		job->args.argv[i] = strdup(args->argv[i]);
	job->args.argc = args->argc;
	tct_name(job->id, id);
	return job;
}

int tct_job_run(struct tct_job *job, void *(*fn)(void *job))
{
	int err = -pthread_create(&job->thread, NULL, fn, job);

	if (err)
		tct_job_end(job);
	return err;
}

bool tct_job_goes_on(struct tct_job *job)
{
	if (__atomic_load_n(&job->stop, __ATOMIC_RELAXED))
		return false;
	return !job->limit || (long)job->done < job->limit;
}

/* One more round is over. */
void tct_job_count(struct tct_job *job, int err)
{
	if (err) {
		__atomic_fetch_add(&job->failed, 1, __ATOMIC_RELAXED);
		if (!job->first_error)
			job->first_error = -err;
	}
	__atomic_fetch_add(&job->done, 1, __ATOMIC_RELAXED);
}

static int write_all(int fd, const unsigned char *buf, size_t len)
{
	ssize_t n;
	int err;

	while (len) {
		n = send(fd, buf, len, 0);
		if (n > 0) {
			buf += n;
			len -= n;
			continue;
		}
		if (errno != EAGAIN)
			return -errno;
		err = tct_poll(fd, POLLOUT, tct_wait_ms);
		if (err)
			return err;
	}
	return 0;
}

static int read_all(int fd, unsigned char *buf, size_t len)
{
	ssize_t n;
	int err;

	while (len) {
		err = tct_poll(fd, POLLIN, tct_wait_ms);
		if (err)
			return err;
		n = recv(fd, buf, len, 0);
		if (n < 0)
			return -errno;
		if (!n)
			return -EPIPE;
		buf += n;
		len -= n;
	}
	return 0;
}

static void serve_accept(struct tct_job *job, int ep)
{
	struct server *srv = job->priv;
	struct epoll_event ev = { .events = EPOLLIN };
	int fd;

	fd = accept4(srv->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	ev.data.fd = fd;
	if (fd >= MAX_FDS || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev)) {
		close(fd);
		return;
	}
	srv->open[fd] = true;
	tct_job_count(job, 0);
}

/* An echo server: sends back what it gets, and closes after the other end. */
static void *serve(void *arg)
{
	struct epoll_event ev = { .events = EPOLLIN }, evs[64];
	struct tct_job *job = arg;
	struct server *srv = job->priv;
	unsigned char buf[4096];
	int ep, i, n, fd;
	ssize_t got;

	ep = epoll_create1(EPOLL_CLOEXEC);
	ev.data.fd = srv->listener;
	epoll_ctl(ep, EPOLL_CTL_ADD, srv->listener, &ev);
	while (tct_job_goes_on(job)) {
		n = epoll_wait(ep, evs, 64, TICK_MS);
		for (i = 0; i < n; i++) {
			fd = evs[i].data.fd;
			if (fd == srv->listener) {
				serve_accept(job, ep);
				continue;
			}
			got = recv(fd, buf, sizeof(buf), 0);
			if (got < 0 && errno == EAGAIN)
				continue;
			if (got > 0 && !write_all(fd, buf, got))
				continue;
			srv->open[fd] = false;
			close(fd);
		}
	}
	close(ep);
	return NULL;
}

static void serve_cleanup(struct tct_job *job)
{
	struct server *srv = job->priv;
	int fd;

	close(srv->listener);
	for (fd = 0; fd < MAX_FDS; fd++)
		if (srv->open[fd])
			tct_abort(fd);
}

/* serve JOB ADDR PORT */
static int cmd_serve(struct tct_args *args)
{
	struct tct_addr addr;
	struct tct_job *job;
	int err, fd;

	err = tct_addr_parse(&addr, args->argv[2], args->argv[3]);
	if (err)
		return err;
	fd = tct_listen(&addr, 4096, args);
	if (fd < 0)
		return fd;
	job = tct_job_new(args, sizeof(struct server));
	if (!job) {
		close(fd);
		return -EEXIST;
	}
	((struct server *)job->priv)->listener = fd;
	job->cleanup = serve_cleanup;
	return tct_job_run(job, serve);
}

static int cycle(struct tct_job *job)
{
	struct client *cl = job->priv;
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	int fd, err;

	err = tct_connect(&cl->dst, &job->args, true, &fd);
	if (err)
		return err;
	err = write_all(fd, cl->out, cl->bytes);
	if (!err)
		err = read_all(fd, cl->in, cl->bytes);
	if (!err && memcmp(cl->in, cl->out, cl->bytes))
		err = -EBADMSG;
	if (!err && !cl->abort) {
		shutdown(fd, SHUT_WR);
		err = read_all(fd, cl->in, 1);
		err = err == -EPIPE ? 0 : -EPROTO;
	}
	if (!getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		job->retrans += info.tcpi_total_retrans;
	if (cl->abort)
		tct_abort(fd);
	else
		close(fd);
	return err;
}

static void *churn(void *arg)
{
	struct tct_job *job = arg;

	while (tct_job_goes_on(job))
		tct_job_count(job, cycle(job));
	return NULL;
}

/* churn JOB ADDR PORT N [bytes=] [abort]: connect, echo, close; N times. */
static int cmd_churn(struct tct_args *args)
{
	struct tct_addr addr;
	struct tct_job *job;
	struct client *cl;
	int err;

	err = tct_addr_parse(&addr, args->argv[2], args->argv[3]);
	if (err)
		return err;
	job = tct_job_new(args, sizeof(struct client));
	if (!job)
		return -EEXIST;
	cl = job->priv;
	cl->dst = addr;
	cl->abort = tct_flag(args, "abort");
	cl->bytes = tct_num(args, "bytes", 64);
	if (cl->bytes > MAX_BYTES)
		cl->bytes = MAX_BYTES;
	tct_pattern_fill(cl->out, 0, cl->bytes);
	job->limit = atol(args->argv[4]);
	return tct_job_run(job, churn);
}

static void say_job(struct tct_job *job)
{
	tct_say("done=%lu failed=%lu retrans=%lu error=%s",
		__atomic_load_n(&job->done, __ATOMIC_RELAXED),
		__atomic_load_n(&job->failed, __ATOMIC_RELAXED), job->retrans,
		job->first_error ? strerrorname_np(job->first_error) : "-");
}

/* progress JOB: how far it is, without waiting. */
static int cmd_progress(struct tct_args *args)
{
	struct tct_job *job = job_find(args->argv[1]);

	if (!job)
		return -ENOENT;
	say_job(job);
	return 0;
}

/* reached JOB N: wait until it has done N rounds. */
static int cmd_reached(struct tct_args *args)
{
	struct tct_job *job = job_find(args->argv[1]);
	long long end = tct_now_ms() + tct_wait_ms;
	unsigned long want;

	if (!job)
		return -ENOENT;
	want = atol(args->argv[2]);
	while (__atomic_load_n(&job->done, __ATOMIC_RELAXED) < want) {
		if (tct_now_ms() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	say_job(job);
	return 0;
}

/* wait JOB and stop JOB: join the thread and say what it did. */
static int cmd_stop(struct tct_args *args)
{
	struct tct_job *job = job_find(args->argv[1]);

	if (!job || !job->thread)
		return -ENOENT;
	if (!strcmp(args->argv[0], "stop"))
		__atomic_store_n(&job->stop, true, __ATOMIC_RELAXED);
	pthread_join(job->thread, NULL);
	say_job(job);
	tct_job_end(job);
	return 0;
}

/* hold JOB ADDR PORT N: N connections to an echo server, kept open. */
static int cmd_hold(struct tct_args *args)
{
	struct tct_addr addr;
	struct tct_job *job;
	struct crowd *crowd;
	long n = atol(args->argv[4]);
	int err;

	err = tct_addr_parse(&addr, args->argv[2], args->argv[3]);
	if (err)
		return err;
	job = tct_job_new(args, sizeof(*crowd) + n * sizeof(int));
	if (!job)
		return -EEXIST;
	crowd = job->priv;
	for (; crowd->n < n; crowd->n++) {
		err = tct_connect(&addr, &job->args, true,
				  &crowd->fd[crowd->n]);
		if (err)
			break;
	}
	tct_say("%ld", crowd->n);
	return err;
}

/* ping JOB: a byte there and back on each connection that is held. */
static int cmd_ping(struct tct_args *args)
{
	struct tct_job *job = job_find(args->argv[1]);
	struct crowd *crowd;
	unsigned char byte = 'x';
	int err = 0;
	long i;

	if (!job || job->thread)
		return -ENOENT;
	crowd = job->priv;
	for (i = 0; i < crowd->n && !err; i++)
		err = write_all(crowd->fd[i], &byte, 1);
	for (i = 0; i < crowd->n && !err; i++)
		err = read_all(crowd->fd[i], &byte, 1);
	if (err)
		tct_say("connection %ld", i);
	return err;
}

/* release JOB [abort]: close what is held. */
static int cmd_release(struct tct_args *args)
{
	struct tct_job *job = job_find(args->argv[1]);
	bool reset = tct_flag(args, "abort");
	struct crowd *crowd;

	if (!job || job->thread)
		return -ENOENT;
	crowd = job->priv;
	while (crowd->n) {
		crowd->n--;
		if (reset)
			tct_abort(crowd->fd[crowd->n]);
		else
			close(crowd->fd[crowd->n]);
	}
	tct_job_end(job);
	return 0;
}

const struct tct_cmd tct_job_cmds[] = {
	{ "serve", 3, cmd_serve },
	{ "churn", 4, cmd_churn },
	{ "progress", 1, cmd_progress },
	{ "reached", 2, cmd_reached },
	{ "wait", 1, cmd_stop },
	{ "stop", 1, cmd_stop },
	{ "hold", 4, cmd_hold },
	{ "ping", 1, cmd_ping },
	{ "release", 1, cmd_release },
	{ }
};
