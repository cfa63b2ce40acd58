/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who has the sockets of local flows: processes and their cgroups, as ss -p.
 */
#ifndef _CTL_OWNER_H
#define _CTL_OWNER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "record.h"

#define OWNER_NAME	32	/* octets of a process's name, at the most */

/**
 * struct owner - a process that has a socket open
 * @next: another one
 * @name: its name
 * @pid: -
 * @fd: its descriptor
 * @cgroup: path in the unified hierarchy, or NULL
 */
struct owner {
	struct owner *next;
	char name[OWNER_NAME];
	pid_t pid;
	int fd;
	char *cgroup;
};

/**
 * struct owned - a socket
 * @inode: 0: it waits to be accepted
 * @queued: octets that wait to be read; a FIN counts as one
 * @first: the first who has it; NULL: nobody who may be looked at
 */
struct owned {
	uint32_t inode;
	uint32_t queued;
	struct owner *first;
};

struct owners;

/**
 * owners_find() - find all sockets of this network namespace, and who has them
 *
 * Processes that may not be looked at are passed over.
 *
 * Return: them; NULL: it could not be done; it has been said why.
 */
struct owners *owners_find(void);

/**
 * owners_find_in() - the same, of sockets in certain states
 * @states: set of TCP_* of <netinet/tcp.h>, by bit
 *
 * Return: them; NULL: it could not be done; it has been said why.
 */
struct owners *owners_find_in(uint32_t states);

/**
 * owners_of() - who has the socket of an end?
 * @owners: -; NULL: nobody is known
 * @record: the flow
 * @side: its end
 *
 * Return: the first of them; NULL: nobody.
 */
const struct owner *owners_of(const struct owners *owners,
			      const struct record *record,
			      enum record_side side);

/**
 * owners_socket() - the socket of an end
 * @owners: -
 * @record: the flow
 * @side: its end
 *
 * Return: the socket; NULL: there was none in these states.
 */
const struct owned *owners_socket(const struct owners *owners,
				  const struct record *record,
				  enum record_side side);

/**
 * owners_listener() - who listens where an end is?
 * @owners: with sockets in TCP_LISTEN
 * @record: the flow
 * @side: its end
 *
 * Return: the first of them; NULL: nobody.
 */
const struct owner *owners_listener(const struct owners *owners,
				    const struct record *record,
				    enum record_side side);

/**
 * owners_free() - free their memory
 * @owners: -; NULL: nothing is done
 */
void owners_free(struct owners *owners);

#endif /* _CTL_OWNER_H */
