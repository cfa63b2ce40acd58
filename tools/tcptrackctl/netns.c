// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "json.h"
#include "netns.h"

#define NETNS_DIR	"/run/netns"
#define NETNS_KNOWN	256	/* names that are kept */
#define NETNS_KEPT	2	/* s */

bool netns_enter(const char *name)
{
	char path[PATH_MAX];
	bool entered;
	int fd;

	snprintf(path, sizeof(path), "%s%s", strchr(name, '/') ? "" :
		 NETNS_DIR "/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		ctl_complain("network namespace '%s': %s", name,
			     strerror(errno));
		return false;
	}
	entered = !setns(fd, CLONE_NEWNET);
	if (!entered)
		ctl_complain("network namespace '%s' cannot be entered: %s",
			     name, strerror(errno));
	close(fd);
	return entered;
}

static bool netns_is(int dir, const char *name, uint64_t inode)
{
	struct stat st;

	return name[0] != '.' && !fstatat(dir, name, &st, 0) &&
	       st.st_ino == inode;
}

/**
 * struct netns_known - an answer that may be given again
 * @inode: -
 * @until: then it is looked up again, s
 * @name: -; empty: it has none
 */
struct netns_known {
	uint64_t inode;
	time_t until;
	char name[NAME_MAX + 1];
};

static void netns_find(struct netns_known *known)
{
	struct dirent *entry;
	DIR *dir = opendir(NETNS_DIR);

	known->name[0] = '\0';
	if (!dir)
		return;
	while (!known->name[0] && (entry = readdir(dir)))
		if (netns_is(dirfd(dir), entry->d_name, known->inode))
			snprintf(known->name, sizeof(known->name), "%s",
				 entry->d_name);
	closedir(dir);
}

/* Events of several namespaces take turns, by the thousand, and go on for hours */
const char *netns_name(uint64_t inode)
{
	static struct netns_known table[NETNS_KNOWN];
	struct netns_known *known = &table[inode % NETNS_KNOWN];
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (known->inode != inode || known->until <= now.tv_sec) {
		known->inode = inode;
		known->until = now.tv_sec + NETNS_KEPT;
		netns_find(known);
	}
	return known->name[0] ? known->name : NULL;
}

const char *netns_label(char *text, uint64_t inode)
{
	const char *name = netns_name(inode);

	if (name)
		snprintf(text, NETNS_ROOM, "%s", name);
	else
		snprintf(text, NETNS_ROOM, "%" PRIu64, inode);
	return text;
}

void netns_json(struct json *json, uint64_t inode)
{
	if (!inode)
		return;
	json_key(json, "netns");
	json_number(json, inode);
	json_key(json, "netns_name");
	json_string(json, netns_name(inode));
}
