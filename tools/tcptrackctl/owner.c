// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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
	struct owned owned;
};

struct owners {
	struct owners_socket *by_key[OWNERS_SLOTS];
	struct owners_socket *by_inode[OWNERS_SLOTS];
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

struct owners *owners_find_in(uint32_t states)
{
	struct owners *owners = calloc(1, sizeof(*owners));
	int error = ENOMEM;

	if (owners)
		error = sockets_each(states, owners_add_socket, owners);
	if (!error)
		error = owners_processes(owners);
	if (!error)
		return owners;
	ctl_complain("processes: %s", strerror(error));
	owners_free(owners);
	return NULL;
}

struct owners *owners_find(void)
{
	return owners_find_in(SOCKETS_OPEN);
}

static const struct owned *owners_by_key(const struct owners *owners,
					 const struct socket_key *key)
{
	const struct owners_socket *sock = owners->by_key[owners_hash(key)];

	while (sock && memcmp(&sock->key, key, sizeof(*key)))
		sock = sock->next_by_key;
	return sock ? &sock->owned : NULL;
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
	return owners_by_key(owners, &key);
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
	const struct owned *owned;

	key.port[0] = end->port;
	memcpy(key.addr[0], end->addr, sizeof(end->addr));
	owned = owners_by_key(owners, &key);
	memset(key.addr[0], 0, sizeof(key.addr[0]));
	if (!owned)
		owned = owners_by_key(owners, &key);
	key.family = AF_INET6;
	if (!owned)
		owned = owners_by_key(owners, &key);
	return owned ? owned->first : NULL;
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
	free(owners);
}
