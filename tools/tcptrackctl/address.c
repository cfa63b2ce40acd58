// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "address.h"

#define ADDRESS_CACHED	1024	/* names that are remembered; a power of 2 */

/* An address and its name, or itself if it has none */
struct address_name {
	int family;
	uint8_t addr[16];
	char name[NI_MAXHOST];
};

/* inet_ntop() takes ten times as long, which shows in a list of a million */
static char *address_print_number(char *at, unsigned int number)
{
	if (number >= 10)
		at = address_print_number(at, number / 10);
	*at = '0' + number % 10;
	return at + 1;
}

static size_t address_print_ipv4(char *text, const uint8_t *addr)
{
	char *at = text;
	int i;

	for (i = 0; i < 4; i++) {
		at = address_print_number(at, addr[i]);
		*at++ = '.';
	}
	*--at = '\0';
	return at - text;
}

size_t address_print(char *text, int family, const uint8_t *addr)
{
	if (family == AF_INET)
		return address_print_ipv4(text, addr);
	if (!inet_ntop(AF_INET6, addr, text, INET6_ADDRSTRLEN))
		*text = '\0';
	return strlen(text);
}

static void address_resolve(struct address_name *name)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	const void *addr = &in6;
	socklen_t len = sizeof(in6);

	memcpy(&in6.sin6_addr, name->addr, sizeof(in6.sin6_addr));
	memcpy(&in.sin_addr, name->addr, sizeof(in.sin_addr));
	if (name->family == AF_INET) {
		addr = &in;
		len = sizeof(in);
	}
	if (getnameinfo(addr, len, name->name, sizeof(name->name), NULL, 0,
			NI_NAMEREQD))
		address_print(name->name, name->family, name->addr);
}

static const char *address_name(int family, const uint8_t *addr)
{
	static struct address_name cache[ADDRESS_CACHED];
	size_t i, len = family == AF_INET ? 4 : 16;
	struct address_name *name;
	uint32_t hash = 0;

	for (i = 0; i < len; i++)
		hash = hash * 31 + addr[i];
	name = &cache[hash & (ADDRESS_CACHED - 1)];
	if (name->family != family || memcmp(name->addr, addr, len)) {
		name->family = family;
		memset(name->addr, 0, sizeof(name->addr));
		memcpy(name->addr, addr, len);
		address_resolve(name);
	}
	return name->name;
}

static const char *address_service(uint16_t port)
{
	const struct servent *service = getservbyport(htons(port), "tcp");

	return service ? service->s_name : NULL;
}

const char *address_print_endpoint(char *text, int family, const uint8_t *addr,
				   uint16_t port, bool resolve)
{
	const char *service = resolve ? address_service(port) : NULL;
	size_t len;

	if (resolve)
		len = snprintf(text, NI_MAXHOST, "%s",
			       address_name(family, addr));
	else
		len = address_print(text, family, addr);
	if (memchr(text, ':', len)) {
		memmove(text + 1, text, len);
		text[0] = '[';
		text[len + 1] = ']';
		len += 2;
	}
	text[len++] = ':';
	if (service)
		snprintf(text + len, NI_MAXSERV, "%s", service);
	else
		*address_print_number(text + len, port) = '\0';
	return text;
}
