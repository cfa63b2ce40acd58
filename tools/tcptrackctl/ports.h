/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ports that connect() may choose from, as the stack does.
 */
#ifndef _CTL_PORTS_H
#define _CTL_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#define PORTS_ALL	65536

/**
 * struct ports - ephemeral ports
 * @min: the lowest, of net.ipv4.ip_local_port_range
 * @max: the highest
 * @reserved: in between, that are in net.ipv4.ip_local_reserved_ports
 * @listening: in between, not among these, that a socket listens at
 * @free: that are left
 * @is_free: which these are, by bit
 */
struct ports {
	unsigned int min;
	unsigned int max;
	unsigned int reserved;
	unsigned int listening;
	unsigned int free;
	uint64_t is_free[PORTS_ALL / 64];
};

/**
 * ports_read() - find out which they are
 * @ports: the result
 *
 * Return: false: it could not be; it has been said why.
 */
bool ports_read(struct ports *ports);

/**
 * ports_has() - may connect() choose a port?
 * @ports: -
 * @port: -
 *
 * Return: whether, if no connection to the same destination has it.
 */
static inline bool ports_has(const struct ports *ports, uint16_t port)
{
	return ports->is_free[port / 64] >> port % 64 & 1;
}

#endif /* _CTL_PORTS_H */
