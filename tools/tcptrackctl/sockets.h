/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The TCP sockets of this network namespace, by sock_diag(7).
 */
#ifndef _CTL_SOCKETS_H
#define _CTL_SOCKETS_H

#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct socket_key - a socket's ends, seen from it
 * @addr: here, there; of IPv4 the first four octets
 * @port: here, there
 * @family: AF_INET or AF_INET6
 */
struct socket_key {
	uint8_t addr[2][16];
	uint16_t port[2];
	uint32_t family;
};

/* A set of states, by bit: neither listeners nor what has no process */
#define SOCKETS_OPEN	(0xfffU & ~(1U << TCP_LISTEN | 1U << TCP_TIME_WAIT))

/**
 * struct socket_found - a socket
 * @key: its ends; a listener's other end is zero
 * @inode: 0: no process has it, or has accepted it yet
 * @queued: octets that wait to be read, a FIN counts as one; of a listener,
 *	connections that wait to be accepted
 * @small: it is a mini-socket, which is in TIME_WAIT or FIN_WAIT_2
 */
struct socket_found {
	struct socket_key key;
	uint32_t inode;
	uint32_t queued;
	bool small;
};

/**
 * typedef sockets_each_t - called for each socket
 * @arg: of sockets_each()
 * @found: -
 *
 * Return: false: no memory; no more of them.
 */
typedef bool (*sockets_each_t)(void *arg, const struct socket_found *found);

/**
 * sockets_each() - call for each socket
 * @states: set of TCP_* of <netinet/tcp.h>, by bit: that are in one of these
 * @each: -
 * @arg: for @each
 *
 * Those of IPv6 that speak IPv4 are of IPv4.
 *
 * Return: 0, or errno.
 */
int sockets_each(uint32_t states, sockets_each_t each, void *arg);

#endif /* _CTL_SOCKETS_H */
