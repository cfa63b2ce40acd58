// SPDX-License-Identifier: GPL-2.0
/* The agent's loop: namespaces, lines in, replies out. See tct_peer.h. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tct_peer.h"

#define MAX_NS		16
#define MAX_WORDS	64
#define MAX_REPLY	4096

/*
 * A namespace that the agent knows. Its anchor is a thread that sits in it,
 * so that /proc/PID/task/TID/net shows the namespace to the shell.
 */
struct ns {
	char name[TCT_ID_LEN];
	int fd;
	int stop;
	pid_t tid;
	pthread_t anchor;
};

static struct ns spaces[MAX_NS];
static char current_ns[TCT_ID_LEN] = "-";
static char reply[MAX_REPLY];
static size_t reply_len;

int tct_wait_ms = 30000;

void tct_say(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(reply + reply_len, sizeof(reply) - reply_len, fmt, ap);
	va_end(ap);
	if (n > 0)
		reply_len += n;
	if (reply_len >= sizeof(reply))
		reply_len = sizeof(reply) - 1;
}

/* Names are checked for their length where they come in. */
void tct_name(char to[TCT_ID_LEN], const char *from)
{
	snprintf(to, TCT_ID_LEN, "%s", from);
}

long long tct_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

const char *tct_opt(const struct tct_args *args, const char *key)
{
	size_t len = strlen(key);
	int i;

	for (i = 1; i < args->argc; i++)
		if (!strncmp(args->argv[i], key, len) &&
		    args->argv[i][len] == '=')
			return args->argv[i] + len + 1;
	return NULL;
}

long long tct_num(const struct tct_args *args, const char *key,
		  long long otherwise)
{
	const char *value = tct_opt(args, key);

	return value ? strtoll(value, NULL, 0) : otherwise;
}

bool tct_flag(const struct tct_args *args, const char *word)
{
	int i;

	for (i = 1; i < args->argc; i++)
		if (!strcmp(args->argv[i], word))
			return true;
	return false;
}

const char *tct_ns_current(void)
{
	return current_ns;
}

static struct ns *ns_find(const char *name)
{
	int i;

	for (i = 0; i < MAX_NS; i++)
		if (!strcmp(spaces[i].name, name))
			return &spaces[i];
	return NULL;
}

int tct_ns_enter(const char *name)
{
	struct ns *ns;

	if (!strcmp(name, current_ns))
		return 0;
	ns = ns_find(name);
	if (!ns)
		return -ENOENT;
	if (setns(ns->fd, CLONE_NEWNET))
		return -errno;
	tct_name(current_ns, name);
	return 0;
}

static void *ns_anchor(void *arg)
{
	struct ns *ns = arg;
	__u64 one;

	if (!setns(ns->fd, CLONE_NEWNET))
		__atomic_store_n(&ns->tid, syscall(SYS_gettid),
				 __ATOMIC_RELEASE);
	else
		__atomic_store_n(&ns->tid, -1, __ATOMIC_RELEASE);
	while (read(ns->stop, &one, sizeof(one)) != sizeof(one))
		;
	return NULL;
}

static int ns_add(const char *name, const char *path)
{
	struct ns *ns = ns_find("");
	pid_t tid;

	if (ns_find(name))
		return -EEXIST;
	if (!ns || strlen(name) >= sizeof(ns->name))
		return -ENOSPC;
	ns->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (ns->fd < 0)
		return -errno;
	ns->stop = eventfd(0, EFD_CLOEXEC);
	ns->tid = 0;
	if (ns->stop < 0 ||
	    pthread_create(&ns->anchor, NULL, ns_anchor, ns)) {
		close(ns->fd);
		return -ENOMEM;
	}
	while (!(tid = __atomic_load_n(&ns->tid, __ATOMIC_ACQUIRE)))
		sched_yield();
	if (tid < 0)
		return -EPERM;
	tct_name(ns->name, name);
	tct_say("%d", tid);
	return 0;
}

/* Let go of a namespace, so that nothing here keeps it alive. */
static int ns_del(const char *name)
{
	struct ns *ns = ns_find(name);
	__u64 one = 1;

	if (!ns || !strcmp(name, "-"))
		return -ENOENT;
	if (!strcmp(current_ns, name) && tct_ns_enter("-"))
		return -EBUSY;
	if (write(ns->stop, &one, sizeof(one)) != sizeof(one))
		return -errno;
	pthread_join(ns->anchor, NULL);
	close(ns->stop);
	close(ns->fd);
	ns->name[0] = '\0';
	return 0;
}

/* exec PROGRAM [ARGUMENT...]: in this namespace, its output to our stderr. */
static int cmd_exec(struct tct_args *args)
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		int nul = open("/dev/null", O_RDWR);

		dup2(nul, 0);
		dup2(2, 1);
		execvp(args->argv[1], args->argv + 1);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		tct_say("status %d", status);
		return -ECHILD;
	}
	return 0;
}

static int cmd_quit(struct tct_args *args)
{
	(void)args;
	puts("ok");
	fflush(stdout);
	_exit(0);
}

static const struct tct_cmd own_cmds[] = {
	{ "exec", 1, cmd_exec },
	{ "quit", 0, cmd_quit },
	{ }
};

static const struct tct_cmd *const all_cmds[] = {
	own_cmds, tct_sock_cmds, tct_job_cmds, tct_pkt_cmds, tct_sniff_cmds,
	tct_file_cmds, tct_event_cmds, tct_nldump_cmds,
};

static int run(char *ns, struct tct_args *args)
{
	const struct tct_cmd *cmd;
	size_t i;
	int err;

	if (!strcmp(args->argv[0], "netns"))
		return args->argc == 2 ? ns_add(ns, args->argv[1]) : -EINVAL;
	if (!strcmp(args->argv[0], "leave"))
		return ns_del(ns);
	err = tct_ns_enter(ns);
	if (err)
		return err;
	for (i = 0; i < sizeof(all_cmds) / sizeof(*all_cmds); i++) {
		for (cmd = all_cmds[i]; cmd->name; cmd++) {
			if (strcmp(cmd->name, args->argv[0]))
				continue;
			if (args->argc - 1 < cmd->min_args)
				return -EINVAL;
			return cmd->run(args);
		}
	}
	return -EOPNOTSUPP;
}

static void answer(char *line)
{
	char *words[MAX_WORDS + 1], *save = NULL, *word;
	struct tct_args args = { 0, words + 1 };
	int n = 0, err;

	for (word = strtok_r(line, "\n ", &save); word && n < MAX_WORDS;
	     word = strtok_r(NULL, "\n ", &save))
		words[n++] = word;
	words[n] = NULL;
	reply_len = 0;
	reply[0] = '\0';
	if (n < 2) {
		err = -EINVAL;
	} else {
		args.argc = n - 1;
		err = run(words[0], &args);
	}
	if (err < 0)
		printf("err %s%s%s\n", strerrorname_np(-err),
		       reply_len ? " " : "", reply);
	else
		printf("ok%s%s\n", reply_len ? " " : "", reply);
	fflush(stdout);
}

int main(void)
{
	const char *wait = getenv("TCT_WAIT");
	struct rlimit files = { 16384, 16384 };
	size_t size = 0;
	char *line = NULL;

	if (wait && atoi(wait) > 0)
		tct_wait_ms = atoi(wait) * 1000;
	signal(SIGPIPE, SIG_IGN);
	setrlimit(RLIMIT_NOFILE, &files);
	tct_name(spaces[0].name, "-");
	spaces[0].fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	while (getline(&line, &size, stdin) > 0)
		answer(line);
	return 0;
}
