/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The TCP sockets of this network namespace, by sock_diag(7).
 */
#ifndef _CTL_SOCKETS_H
#define _CTL_SOCKETS_H

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

/**
 * typedef sockets_each_t - called for each socket
 * @arg: of sockets_each()
 * @key: its ends
 * @inode: -
 *
 * Return: false: no memory; no more of them.
 */
typedef bool (*sockets_each_t)(void *arg, const struct socket_key *key,
			       uint32_t inode);

/**
 * sockets_each() - call for each socket that has an inode
 * @each: -
 * @arg: for @each
 *
 * Those of IPv6 that speak IPv4 are of IPv4.
 *
 * Return: 0, or errno.
 */
int sockets_each(sockets_each_t each, void *arg);

#endif /* _CTL_SOCKETS_H */
