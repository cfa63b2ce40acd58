// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "owner.h"
#include "sockets.h"

#define OWNERS_SLOTS	65536	/* of each table; a power of 2 */
#define OWNERS_LINE	4096	/* octets of a line in /proc, at the most */

/* A socket, in a chain of each table */
struct owners_socket {
	struct owners_socket *next_by_key;
	struct owners_socket *next_by_inode;
	struct socket_key key;
	uint64_t netns;
	struct owned owned;
};

/**
 * struct owners - sockets, and who has them
 * @by_key: -
 * @by_inode: -
 * @states: set of TCP_*, by bit, of sockets that are wanted
 * @all: of every namespace that has a process
 * @netns: inode of the namespace whose sockets are being found; 0: there is but
 *	one
 * @seen: inodes of those that have been
 * @n: number of @seen
 */
struct owners {
	struct owners_socket *by_key[OWNERS_SLOTS];
	struct owners_socket *by_inode[OWNERS_SLOTS];
	uint32_t states;
	bool all;
	uint64_t netns;
	uint64_t *seen;
	size_t n;
};

/* FNV-1a: nobody sends us keys that collide but this host itself */
static uint32_t owners_hash(const struct socket_key *key)
{
	const uint8_t *at = (const uint8_t *)key;
	uint32_t hash = 2166136261U;
	size_t i;

	for (i = 0; i < sizeof(*key); i++)
		hash = (hash ^ at[i]) * 16777619;
	return hash & (OWNERS_SLOTS - 1);
}

static bool owners_add_socket(void *arg, const struct socket_found *found)
{
	struct owners *owners = arg;
	struct owners_socket *sock = calloc(1, sizeof(*sock));
	struct owners_socket **slot;

	if (!sock)
		return false;
	sock->key = found->key;
	sock->netns = owners->netns;
	sock->owned.inode = found->inode;
	sock->owned.queued = found->queued;
	slot = &owners->by_key[owners_hash(&found->key)];
	sock->next_by_key = *slot;
	*slot = sock;
	if (!found->inode)
		return true;
	slot = &owners->by_inode[found->inode & (OWNERS_SLOTS - 1)];
	sock->next_by_inode = *slot;
	*slot = sock;
	return true;
}

static struct owners_socket *owners_by_inode(const struct owners *owners,
					     uint32_t inode)
{
	struct owners_socket *sock;

	sock = owners->by_inode[inode & (OWNERS_SLOTS - 1)];
	while (sock && sock->owned.inode != inode)
		sock = sock->next_by_inode;
	return sock;
}

/* The line of a file that begins with @begin.  Return: what follows, to be
 * freed; NULL: there is none.
 */
static char *owners_line(int dir, const char *name, const char *begin)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[OWNERS_LINE], *found = NULL;
	size_t len = strlen(begin);

	if (!file)
		return NULL;
	while (!found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, begin, len))
			continue;
		line[strcspn(line, "\n")] = '\0';
		found = strdup(line + len);
	}
	fclose(file);
	return found;
}

/* Return: false: no memory. */
static bool owners_add(struct owners_socket *sock, int process, pid_t pid,
		       int fd)
{
	struct owner *owner = calloc(1, sizeof(*owner));
	char *name;

	if (!owner)
		return false;
	name = owners_line(process, "comm", "");
	if (name)
		snprintf(owner->name, sizeof(owner->name), "%s", name);
	free(name);
	owner->pid = pid;
	owner->fd = fd;
	owner->cgroup = owners_line(process, "cgroup", "0::");
	owner->next = sock->owned.first;
	sock->owned.first = owner;
	return true;
}

/* Return: the socket that a descriptor is, if it is one of ours. */
static struct owners_socket *owners_descriptor(const struct owners *owners,
					       int fds, const char *name)
{
	char link[64];
	unsigned int inode;
	ssize_t len;

	len = readlinkat(fds, name, link, sizeof(link) - 1);
	if (len < 0)
		return NULL;
	link[len] = '\0';
	if (sscanf(link, "socket:[%u]", &inode) != 1)
		return NULL;
	return owners_by_inode(owners, inode);
}

/* Return: a directory to be read, or NULL: gone, or not for us. */
static DIR *owners_opendir(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

static bool owners_process(const struct owners *owners, int process, pid_t pid)
{
	DIR *fds = owners_opendir(process, "fd");
	struct owners_socket *sock;
	struct dirent *entry;
	bool good = true;

	if (!fds)
		return true;
	while (good && (entry = readdir(fds))) {
		sock = owners_descriptor(owners, dirfd(fds), entry->d_name);
		if (sock)
			good = owners_add(sock, process, pid,
					  atoi(entry->d_name));
	}
	closedir(fds);
	return good;
}

static bool owners_has_seen(const struct owners *owners, uint64_t netns)
{
	size_t i;

	for (i = 0; i < owners->n; i++)
		if (owners->seen[i] == netns)
			return true;
	return false;
}

/* The sockets of a namespace that may be entered.  Return: 0, or errno. */
static int owners_namespace(struct owners *owners, int netns)
{
	int error = ENOMEM;
	uint64_t *seen;
	struct stat st;

	if (fstat(netns, &st) < 0 || owners_has_seen(owners, st.st_ino) ||
	    setns(netns, CLONE_NEWNET) < 0)
		return 0;
	seen = realloc(owners->seen, (owners->n + 1) * sizeof(*seen));
	if (seen) {
		owners->seen = seen;
		seen[owners->n++] = st.st_ino;
		owners->netns = st.st_ino;
		error = sockets_each(owners->states, owners_add_socket, owners);
	}
	return error;
}

static int owners_enter_all(struct owners *owners, DIR *proc)
{
	struct dirent *entry;
	char path[64];
	int error = 0, fd;

	while (!error && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "%.32s/ns/net", entry->d_name);
		fd = openat(dirfd(proc), path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		error = owners_namespace(owners, fd);
		close(fd);
	}
	return error;
}

/* The sockets of all namespaces that have processes.  Return: 0, or errno. */
static int owners_everywhere(struct owners *owners)
{
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	DIR *proc = here < 0 ? NULL : opendir("/proc");
	int error = proc ? owners_enter_all(owners, proc) : errno;

	if (proc)
		closedir(proc);
	if (here >= 0 && setns(here, CLONE_NEWNET) < 0 && owners->n)
		error = errno;
	if (here >= 0)
		close(here);
	return error;
}

/* Return: 0, or errno. */
static int owners_processes(const struct owners *owners)
{
	DIR *proc = opendir("/proc"), *process;
	struct dirent *entry;
	bool good = true;

	if (!proc)
		return errno;
	while (good && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		process = owners_opendir(dirfd(proc), entry->d_name);
		if (!process)
			continue;
		good = owners_process(owners, dirfd(process),
				      atoi(entry->d_name));
		closedir(process);
	}
	closedir(proc);
	return good ? 0 : ENOMEM;
}

struct owners *owners_find_in(uint32_t states, bool all)
{
	struct owners *owners = calloc(1, sizeof(*owners));
	int error = ENOMEM;

	if (owners) {
		owners->states = states;
		owners->all = all;
		error = all ? owners_everywhere(owners) :
			sockets_each(states, owners_add_socket, owners);
	}
	if (!error)
		error = owners_processes(owners);
	if (!error)
		return owners;
	ctl_complain("processes: %s", strerror(error));
	owners_free(owners);
	return NULL;
}

struct owners *owners_find(bool all)
{
	return owners_find_in(SOCKETS_OPEN, all);
}

static const struct owned *owners_by_key(const struct owners *owners,
					 uint64_t netns,
					 const struct socket_key *key)
{
	const struct owners_socket *sock = owners->by_key[owners_hash(key)];

	while (sock && (sock->netns != netns ||
			memcmp(&sock->key, key, sizeof(*key))))
		sock = sock->next_by_key;
	return sock ? &sock->owned : NULL;
}

static uint64_t owners_netns(const struct owners *owners,
			     const struct record *record)
{
	return owners->all ?
	       record_number(record->attr[TCPTRACK_A_FLOW_NETNS]) : 0;
}

const struct owned *owners_socket(const struct owners *owners,
				  const struct record *record,
				  enum record_side side)
{
	struct socket_key key = { .family = record->family };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		const struct record_end *end = &record->end[i ? !side : side];

		memcpy(key.addr[i], end->addr, sizeof(end->addr));
		key.port[i] = end->port;
	}
	return owners_by_key(owners, owners_netns(owners, record), &key);
}

const struct owner *owners_of(const struct owners *owners,
			      const struct record *record,
			      enum record_side side)
{
	const struct owned *owned = NULL;

	if (owners)
		owned = owners_socket(owners, record, side);
	return owned ? owned->first : NULL;
}

/* One that listens at any address may be of IPv6, and take IPv4, too */
const struct owner *owners_listener(const struct owners *owners,
				    const struct record *record,
				    enum record_side side)
{
	const struct record_end *end = &record->end[side];
	struct socket_key key = { .family = record->family };
	uint64_t netns = owners_netns(owners, record);
	const struct owned *owned;

	key.port[0] = end->port;
	memcpy(key.addr[0], end->addr, sizeof(end->addr));
	owned = owners_by_key(owners, netns, &key);
	memset(key.addr[0], 0, sizeof(key.addr[0]));
	if (!owned)
		owned = owners_by_key(owners, netns, &key);
	key.family = AF_INET6;
	if (!owned)
		owned = owners_by_key(owners, netns, &key);
	return owned ? owned->first : NULL;
}

const struct owner *owners_of_inode(const struct owners *owners,
				    uint32_t inode)
{
	const struct owners_socket *sock;

	sock = owners ? owners_by_inode(owners, inode) : NULL;
	return sock ? sock->owned.first : NULL;
}

void owners_json(struct json *json, const struct owner *owner)
{
	json_open(json, '[');
	for (; owner; owner = owner->next) {
		json_open(json, '{');
		json_key(json, "name");
		json_string(json, owner->name);
		json_key(json, "pid");
		json_number(json, owner->pid);
		json_key(json, "fd");
		json_number(json, owner->fd);
		json_key(json, "cgroup");
		json_string(json, owner->cgroup);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void owners_print(FILE *file, const struct owner *owner)
{
	fprintf(file, "process %s pid %d fd %d", owner->name, owner->pid,
		owner->fd);
	if (owner->cgroup)
		fprintf(file, " cgroup %s", owner->cgroup);
}

static void owners_free_socket(struct owners_socket *sock)
{
	struct owner *owner, *next;

	for (owner = sock->owned.first; owner; owner = next) {
		next = owner->next;
		free(owner->cgroup);
		free(owner);
	}
	free(sock);
}

void owners_free(struct owners *owners)
{
	struct owners_socket *sock, *next;
	size_t i;

	if (!owners)
		return;
	for (i = 0; i < OWNERS_SLOTS; i++) {
		for (sock = owners->by_key[i]; sock; sock = next) {
			next = sock->next_by_key;
			owners_free_socket(sock);
		}
	}
	free(owners->seen);
	free(owners);
}
