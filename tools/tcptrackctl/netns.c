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
#include <unistd.h>

#include "ctl.h"
#include "json.h"
#include "netns.h"

#define NETNS_DIR	"/run/netns"

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

/* Flows come namespace by namespace: the last answer is most often the next */
const char *netns_name(uint64_t inode)
{
	static char name[NAME_MAX + 1];
	static uint64_t last;
	struct dirent *entry;
	DIR *dir;

	if (inode == last)
		return *name ? name : NULL;
	last = inode;
	name[0] = '\0';
	dir = opendir(NETNS_DIR);
	if (!dir)
		return NULL;
	while (!*name && (entry = readdir(dir)))
		if (netns_is(dirfd(dir), entry->d_name, inode))
			snprintf(name, sizeof(name), "%s", entry->d_name);
	closedir(dir);
	return *name ? name : NULL;
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
