/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sockets of this host whose other end has closed, and which nobody closes.
 */
#ifndef _CTL_UNCLOSED_H
#define _CTL_UNCLOSED_H

#include "bag.h"
#include "ctl.h"
#include "owner.h"
#include "record.h"

/* Who is to close */
enum unclosed_kind {
	UNCLOSED_HELD,		/* a process that has the socket */
	UNCLOSED_UNACCEPTED,	/* nobody yet: it waits to be accepted */
	UNCLOSED_UNKNOWN,	/* the kernel, or a process that is not seen */
	UNCLOSED_KINDS
};

/**
 * struct unclosed_key - what is counted together
 * @kind: enum unclosed_kind
 * @pid: who has it; of what is not accepted, who listens; 0: nobody is known
 * @family: AF_INET or AF_INET6
 * @port: of @addr
 * @service: @addr is this host's, where others connect to; else the other end's
 * @addr: of IPv4 the first four octets
 */
struct unclosed_key {
	uint32_t kind;
	uint32_t pid;
	uint32_t family;
	uint16_t port;
	uint16_t service;
	uint8_t addr[16];
};

/**
 * struct unclosed_group - what is known of these
 * @key: -
 * @owner: the process, or NULL
 * @n: connections
 * @oldest: for how long the one that waits longest has, ms
 * @queued: octets that wait to be read, of all; a FIN counts as one
 */
struct unclosed_group {
	struct unclosed_key key;
	const struct owner *owner;
	uint64_t n;
	uint64_t oldest;
	uint64_t queued;
};

/**
 * struct unclosed - all of this host
 * @options: -
 * @since: in CLOSE_WAIT at least for so long, ms
 * @owners: sockets in CLOSE_WAIT, and listeners
 * @groups: struct unclosed_group
 * @closing: closed by the process, but their FIN waits behind what is unsent
 * @gone: without a socket: it died, and sent nothing
 * @forwarded: others' connections
 */
struct unclosed {
	const struct ctl_options *options;
	uint64_t since;
	struct owners *owners;
	struct bag groups;
	uint64_t closing;
	uint64_t gone;
	uint64_t forwarded;
};

/**
 * unclosed_print() - print it for people
 * @unclosed: sorted
 */
void unclosed_print(const struct unclosed *unclosed);

/**
 * unclosed_json() - print it as JSON
 * @unclosed: sorted
 */
void unclosed_json(const struct unclosed *unclosed);

#endif /* _CTL_UNCLOSED_H */
