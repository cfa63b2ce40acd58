// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "host.h"
#include "ports.h"
#include "sockets.h"

static const char ports_range_file[] =
	"/proc/sys/net/ipv4/ip_local_port_range";
static const char ports_reserved_file[] =
	"/proc/sys/net/ipv4/ip_local_reserved_ports";

/* Take a port away.  Return: whether it was there. */
static bool ports_take(struct ports *ports, unsigned int port)
{
	if (!ports_has(ports, port))
		return false;
	ports->is_free[port / 64] &= ~(1ULL << port % 64);
	ports->free--;
	return true;
}

static void ports_fill(struct ports *ports)
{
	unsigned int port;

	for (port = ports->min; port <= ports->max; port++)
		ports->is_free[port / 64] |= 1ULL << port % 64;
	ports->free = ports->max - ports->min + 1;
}

static bool ports_read_range(struct ports *ports)
{
	char *line = host_line(ports_range_file);
	bool good;

	if (!line)
		return false;
	good = sscanf(line, "%u %u", &ports->min, &ports->max) == 2 &&
	       ports->min <= ports->max && ports->max < PORTS_ALL;
	if (good)
		ports_fill(ports);
	else
		ctl_complain("%s: '%s' is no range", ports_range_file, line);
	free(line);
	return good;
}

/* As in "8080,9000-9010"; an empty line, if there is none */
static bool ports_read_reserved(struct ports *ports)
{
	char *line = host_line(ports_reserved_file), *word, *save;
	unsigned int first, last;
	int n;

	if (!line)
		return false;
	for (word = strtok_r(line, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		n = sscanf(word, "%u-%u", &first, &last);
		if (n < 2)
			last = first;
		for (; n > 0 && first <= last && first < PORTS_ALL; first++)
			ports->reserved += ports_take(ports, first);
	}
	free(line);
	return true;
}

/* A port that a socket was bound to is nobody's to be chosen */
static bool ports_on_listener(void *arg, const struct socket_found *found)
{
	struct ports *ports = arg;

	ports->listening += ports_take(ports, found->key.port[0]);
	return true;
}

bool ports_read(struct ports *ports)
{
	int error;

	memset(ports, 0, sizeof(*ports));
	if (!ports_read_range(ports) || !ports_read_reserved(ports))
		return false;
	error = sockets_each(1U << TCP_LISTEN, ports_on_listener, ports);
	if (error)
		ctl_complain("listening sockets: %s", strerror(error));
	return !error;
}
