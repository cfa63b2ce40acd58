/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses and ports as text.
 */
#ifndef _CTL_ADDRESS_H
#define _CTL_ADDRESS_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Octets of a host's and a service's name, brackets and a colon between them */
#define ADDRESS_ROOM	(NI_MAXHOST + NI_MAXSERV + 4)

/**
 * address_print() - an address alone, by number
 * @text: ADDRESS_ROOM octets
 * @family: AF_INET or AF_INET6
 * @addr: 4 or 16 octets
 *
 * Return: octets of the text.
 */
size_t address_print(char *text, int family, const uint8_t *addr);

/**
 * address_print_endpoint() - an address and a port
 * @text: ADDRESS_ROOM octets
 * @family: AF_INET or AF_INET6
 * @addr: 4 or 16 octets
 * @port: -
 * @resolve: by name, where they have one
 *
 * Return: @text.
 */
const char *address_print_endpoint(char *text, int family, const uint8_t *addr,
				   uint16_t port, bool resolve);

#endif /* _CTL_ADDRESS_H */
