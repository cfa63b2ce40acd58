/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Talking with the kernel, by the family tcptrack.
 */
#ifndef _CTL_NETLINK_H
#define _CTL_NETLINK_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "ctl.h"
#include "extack.h"

#define NETLINK_REQUEST	4096	/* octets of a request, at the most */
#define NETLINK_REPLY	65536	/* ... that are read at a time */
#define NETLINK_TRIES	100	/* for a dump to come to its end */

/* Octets of a message that stand before its attributes */
#define NETLINK_FIXED	sizeof(struct genlmsghdr)

/* Multicast groups: of this namespace's events by topic, then of everybody's */
#define NETLINK_TOPICS	3
#define NETLINK_GROUPS	(2 * NETLINK_TOPICS)

/**
 * struct netlink - a socket
 * @sock: -
 * @seq: number of the last request
 * @family: the family's number
 * @group: numbers of its multicast groups; 0: the module has no such group
 * @word: what the user calls an attribute of the request that the kernel
 *	complains about, by its type; NULL: nothing
 * @refusal: what the kernel said to the last request, if anything
 * @request: being made
 * @reply: being read
 */
struct netlink {
	struct mnl_socket *sock;
	unsigned int seq;
	uint16_t family;
	uint32_t group[NETLINK_GROUPS];
	const char *(*word)(unsigned int type);
	struct extack refusal;
	char request[NETLINK_REQUEST];
	char reply[NETLINK_REPLY];
};

/**
 * netlink_open() - open a socket and find the family
 * @options: -
 *
 * Return: the socket; NULL: it could not be; it has been said why.
 */
struct netlink *netlink_open(const struct ctl_options *options);

/**
 * netlink_close() - close a socket
 * @nl: -; NULL: nothing is done
 */
void netlink_close(struct netlink *nl);

/**
 * netlink_begin() - begin a request
 * @nl: -
 * @cmd: TCPTRACK_CMD_*
 * @flags: NLM_F_*, beside NLM_F_REQUEST
 *
 * Return: the request, to put attributes into.
 */
struct nlmsghdr *netlink_begin(struct netlink *nl, uint8_t cmd, uint16_t flags);

/**
 * netlink_run() - send a request and read the replies to it
 * @nl: -
 * @nlh: the request
 * @reply: called for each reply; NULL: none is expected
 * @data: for @reply
 *
 * Return: exit status; unless that is CTL_OK, it has been said why.
 */
int netlink_run(struct netlink *nl, struct nlmsghdr *nlh, mnl_cb_t reply,
		void *data);

/**
 * netlink_insist() - the same, again and again while a dump is interrupted
 * @nl: -
 * @nlh: the request
 * @reply: called for each reply; for some of them several times
 * @data: for @reply
 *
 * That is where tracking is turned off or on meanwhile, or a namespace of several
 * goes away.
 *
 * Return: exit status; unless that is CTL_OK, it has been said why.
 */
int netlink_insist(struct netlink *nl, struct nlmsghdr *nlh, mnl_cb_t reply,
		   void *data);

/**
 * netlink_send() - send a request, whose replies are read by netlink_step()
 * @nl: -
 * @nlh: the request
 *
 * Return: false: it could not be; errno says why.
 */
bool netlink_send(struct netlink *nl, const struct nlmsghdr *nlh);

/**
 * netlink_step() - read some of the replies to the last request
 * @nl: with replies to come; its socket's descriptor may be polled for them
 * @reply: called for each of them; NULL: none is expected
 * @data: for @reply
 *
 * Return: more than MNL_CB_STOP: there are more; MNL_CB_STOP: there are not;
 * MNL_CB_ERROR: errno, with @nl's refusal if it comes from the kernel.
 */
int netlink_step(struct netlink *nl, mnl_cb_t reply, void *data);

/**
 * netlink_complain() - say why the last request has failed, and what mends it
 * @nl: with its refusal, if it comes from the kernel
 * @error: errno
 */
void netlink_complain(const struct netlink *nl, int error);

/**
 * netlink_old - what to say where the module lacks something
 */
extern const char netlink_old[];

#endif /* _CTL_NETLINK_H */
