/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who has the sockets of local flows, and listeners: processes and their cgroups,
 * as ss -p.
 */
#ifndef _CTL_OWNER_H
#define _CTL_OWNER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "json.h"
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
 * @all: of every one that has a process, and may be entered
 *
 * Processes that may not be looked at are passed over.
 *
 * Return: them; NULL: it could not be done; it has been said why.
 */
struct owners *owners_find(bool all);

/**
 * owners_find_in() - the same, of sockets in certain states
 * @states: set of TCP_* of <netinet/tcp.h>, by bit
 * @all: as for owners_find()
 *
 * Return: them; NULL: it could not be done; it has been said why.
 */
struct owners *owners_find_in(uint32_t states, bool all);

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
 * owners_of_inode() - who has a socket?
 * @owners: -; NULL: nobody is known
 * @inode: of the socket
 *
 * Return: the first of them; NULL: nobody.
 */
const struct owner *owners_of_inode(const struct owners *owners,
				    uint32_t inode);

/**
 * owners_json() - them as JSON, an array
 * @json: where, behind the key
 * @owner: the first of them; NULL: nobody
 */
void owners_json(struct json *json, const struct owner *owner);

/**
 * owners_print() - one of them, for people
 * @file: where
 * @owner: -
 */
void owners_print(FILE *file, const struct owner *owner);

/**
 * owners_free() - free their memory
 * @owners: -; NULL: nothing is done
 */
void owners_free(struct owners *owners);

#endif /* _CTL_OWNER_H */
