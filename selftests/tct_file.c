// SPDX-License-Identifier: GPL-2.0
/*
 * Files under /proc, as the selftests' agent sees them from a namespace:
 * sysctls with the errno of a refusal, opening with less privilege, reading
 * in pieces, and the flow table's dump held against what must be in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tct_peer.h"

#define MAX_FILES	16
#define MAX_FILTERS	8
#define NOBODY		65534

struct file {
	char id[TCT_ID_LEN];
	int fd;
};

static struct file files[MAX_FILES];

/* The fields of a line of /proc/net/tcptrack, in their order. */
static const char *const fields[] = {
	"family", "src", "sport", "dst", "dport", "src_state", "src_since",
	"dst_state", "dst_since", "age", "idle", "timeout", "class",
	"reason", "flags", "end", "conn_state", "zeek", "src_packets",
	"src_bytes", "src_acked", "src_retrans", "src_ooo", "src_dupack",
	"src_keepalive", "src_probe", "src_zerowin", "src_zerowin_time",
	"src_outwin", "src_paws", "src_challenge", "src_ce", "src_rtt",
	"src_rtt_min", "src_rtt_last", "src_mss", "src_wscale", "src_seen",
	"dst_packets", "dst_bytes", "dst_acked", "dst_retrans", "dst_ooo",
	"dst_dupack", "dst_keepalive", "dst_probe", "dst_zerowin",
	"dst_zerowin_time", "dst_outwin", "dst_paws", "dst_challenge",
	"dst_ce", "dst_rtt", "dst_rtt_min", "dst_rtt_last", "dst_mss",
	"dst_wscale", "dst_seen", "rtt", "rtt_server", "rtt_client",
	"history", "src_sock", "dst_sock", "differs", "src_syns",
	"src_syn_next", "src_syn_left", "dst_syns", "dst_syn_next",
	"dst_syn_left",
};

static struct file *file_find(const char *id)
{
	int i;

	for (i = 0; i < MAX_FILES; i++)
		if (!strcmp(files[i].id, id))
			return &files[i];
	return NULL;
}

/* read PATH: its first line. */
static int cmd_read(struct tct_args *args)
{
	char line[512];
	ssize_t n;
	int fd;

	fd = open(args->argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, line, sizeof(line) - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return n;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	tct_say("%s", line);
	return 0;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* write PATH WORD... */
static int cmd_write(struct tct_args *args)
{
	char text[512] = "";
	size_t len = 0;
	int i;

	for (i = 2; i < args->argc && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s",
				i > 2 ? " " : "", args->argv[i]);
	return put(args->argv[1], text);
}

static int drop_cap(int cap)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		return -errno;
	data[cap / 32].effective &= ~(1U << cap % 32);
	data[cap / 32].permitted &= ~(1U << cap % 32);
	if (syscall(SYS_capset, &head, data))
		return -errno;
	return 0;
}

static int become_user(void)
{
	if (setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	/* else the files of our own that we are to write are root's */
	return prctl(PR_SET_DUMPABLE, 1) ? -errno : 0;
}

/* A user that is root in a user namespace of its own. */
static int become_other_root(void)
{
	int err = become_user();

	if (!err && unshare(CLONE_NEWUSER))
		err = -errno;
	if (!err)
		err = put("/proc/self/setgroups", "deny");
	if (!err)
		err = put("/proc/self/uid_map", "0 65534 1");
	if (!err)
		err = put("/proc/self/gid_map", "0 65534 1");
	return err;
}

static int become(const char *who)
{
	int err;

	if (!strcmp(who, "root"))
		return 0;
	if (!strcmp(who, "nocap"))
		return drop_cap(CAP_NET_ADMIN);
	if (!strcmp(who, "user"))
		return become_user();
	if (!strcmp(who, "userns"))
		return become_other_root();
	if (!strcmp(who, "userns-net")) {
		err = become_other_root();
		/* it belongs to the root that is known when it is made */
		if (!err && unshare(CLONE_NEWNET))
			err = -errno;
		return err;
	}
	return -EINVAL;
}

int tct_as(const char *who, int (*what)(struct tct_args *args),
	   struct tct_args *args)
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		status = become(who);
		_exit(-(status ? status : what(args)));
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -ECHILD;
	return -WEXITSTATUS(status);
}

static int try_open(struct tct_args *args)
{
	const char *path = args->argv[2];
	char some[64];
	int fd;

	if (args->argc > 3)
		return put(path, args->argv[3]);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, some, sizeof(some)) < 0)
		return -errno;
	return 0;
}

/*
 * try WHO PATH [WORD]: what read, or write of the word, says to root; root
 * without CAP_NET_ADMIN (nocap); a user; a user who is root in a user namespace
 * of its own (userns), and in a network namespace of its own (userns-net).
 */
static int cmd_try(struct tct_args *args)
{
	return tct_as(args->argv[1], try_open, args);
}

/* fopen ID PATH, fread ID BYTES, fclose ID: a reader that stops half way. */
static int cmd_fopen(struct tct_args *args)
{
	struct file *file = file_find("");

	if (!file || file_find(args->argv[1]) ||
	    strlen(args->argv[1]) >= sizeof(file->id))
		return -EEXIST;
	file->fd = open(args->argv[2], O_RDONLY | O_CLOEXEC);
	if (file->fd < 0)
		return -errno;
	tct_name(file->id, args->argv[1]);
	return 0;
}

static int cmd_fread(struct tct_args *args)
{
	struct file *file = file_find(args->argv[1]);
	long want = atol(args->argv[2]);
	char buf[65536];
	ssize_t n;

	if (!file)
		return -ENOENT;
	if (want > (long)sizeof(buf))
		want = sizeof(buf);
	n = read(file->fd, buf, want);
	if (n < 0)
		return -errno;
	tct_say("%zd", n);
	return 0;
}

static int cmd_fclose(struct tct_args *args)
{
	struct file *file = file_find(args->argv[1]);

	if (!file)
		return -ENOENT;
	close(file->fd);
	file->id[0] = '\0';
	return 0;
}

/* A whole file, read in pieces, with a pause after each; freed by caller. */
static char *slurp(const char *path, size_t piece, long pause_us, int *err)
{
	size_t len = 0, size = 1 << 20;
	char *text = malloc(size);
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	*err = fd < 0 ? -errno : 0;
	while (fd >= 0) {
		if (size - len <= piece) {
			size *= 2;
			text = realloc(text, size);
		}
		n = read(fd, text + len, piece);
		if (n < 0)
			*err = -errno;
		if (n <= 0)
			break;
		len += n;
		if (pause_us)
			usleep(pause_us);
	}
	if (fd >= 0)
		close(fd);
	text[len] = '\0';
	return text;
}

/* Does the line have every field, in order, and no other before the last? */
static bool line_ok(const char *line)
{
	size_t i, len;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		len = strlen(fields[i]);
		if (strncmp(line, fields[i], len) || line[len] != '=' ||
		    line[len + 1] == ' ' || !line[len + 1])
			return false;
		line += strcspn(line, " ");
		line += *line == ' ';
	}
	return true;
}

static bool line_matches(const char *line, char *const *filters, int n)
{
	const char *at;
	size_t len;
	int i;

	for (i = 0; i < n; i++) {
		len = strlen(filters[i]);
		for (at = line; (at = strstr(at, filters[i])); at++)
			if ((at == line || at[-1] == ' ') &&
			    (at[len] == ' ' || !at[len]))
				break;
		if (!at)
			return false;
	}
	return true;
}

static int line_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct tally {
	long lines;
	long bad;		/* malformed */
	long matches;
	long twice;		/* among the matches */
};

static void tally(char *text, char *const *filters, int n, struct tally *sum)
{
	char **seen = calloc(1 << 20, sizeof(*seen)), *line, *save = NULL;
	long i;

	line = strtok_r(text, "\n", &save);
	if (!line || strcmp(line, "tcptrack version=1"))
		sum->bad++;
	while ((line = strtok_r(NULL, "\n", &save)) && sum->lines < 1 << 20) {
		sum->lines++;
		if (!line_ok(line)) {
			fprintf(stderr, "# malformed: %s\n", line);
			sum->bad++;
			continue;
		}
		if (!line_matches(line, filters, n))
			continue;
		*strstr(line, " src_state=") = '\0';
		seen[sum->matches++] = line;
	}
	qsort(seen, sum->matches, sizeof(*seen), line_order);
	for (i = 1; i < sum->matches; i++)
		if (!strcmp(seen[i - 1], seen[i]))
			sum->twice++;
	free(seen);
}

/*
 * dump PATH PIECE [PAUSE_US] KEY=VALUE...: read it in pieces, count the flows
 * that have all of these fields, and those of them that came twice.
 */
static int cmd_dump(struct tct_args *args)
{
	int at = args->argc > 3 && !strchr(args->argv[3], '=') ? 4 : 3;
	struct tally sum = { 0 };
	char *text;
	int err;

	text = slurp(args->argv[1], atol(args->argv[2]),
		     at == 4 ? atol(args->argv[3]) : 0, &err);
	if (!err) {
		tally(text, args->argv + at, args->argc - at, &sum);
		tct_say("lines=%ld bad=%ld match=%ld twice=%ld", sum.lines,
			sum.bad, sum.matches, sum.twice);
	}
	free(text);
	return err;
}

const struct tct_cmd tct_file_cmds[] = {
	{ "read", 1, cmd_read },
	{ "write", 2, cmd_write },
	{ "try", 2, cmd_try },
	{ "fopen", 2, cmd_fopen },
	{ "fread", 2, cmd_fread },
	{ "fclose", 1, cmd_fclose },
	{ "dump", 2, cmd_dump },
	{ }
};
