/* SPDX-License-Identifier: GPL-2.0 */
/* What tct_event.c and tct_event_nl.c share. */
#ifndef TCT_EVENT_H
#define TCT_EVENT_H

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/types.h>

#define MAX_GROUPS	16

struct end {
	char addr[INET6_ADDRSTRLEN];
	int port;
	int state;
	int old;
	unsigned long long packets;
	unsigned long long bytes;
};

struct event {
	int topic;
	struct end end[2];
	int reason;
	int why;		/* the connection's end */
	int by;
	int removal;
	unsigned int cpu;
	__u64 netns;
	__u64 seq;
	__u64 time;
	int full;		/* attributes that brief records have not */
};

struct group {
	char name[GENL_NAMSIZ];
	__u32 id;
};

extern unsigned char ev_buffer[65536];

const struct nlattr *ev_next(const struct nlattr *nla, const void *data,
			     size_t len);
__u64 ev_number(const struct nlattr *nla);
void *ev_payload(const struct nlattr *nla, size_t *len);
int ev_type(const struct nlattr *nla);
int ev_open(void);
int ev_send(int fd, int family, int cmd, int flags, int attr,
	    const void *data, size_t len);
int ev_recv(int fd, struct nlmsghdr **nlh);
void *ev_attrs(const struct nlmsghdr *nlh, size_t *len);
int ev_resolve(int fd, struct group *groups, int *n);
void ev_parse(struct event *ev, const struct nlmsghdr *nlh);

#endif /* TCT_EVENT_H */
