// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "ctl.h"
#include "filter_value.h"
#include "names.h"
#include "units.h"

#define FILTER_TEXT	96	/* octets of an address, at the most */

#define FILTER_BIT(STATE)	(1U << TCPTRACK_STATE_##STATE)
#define FILTER_STATES		((1U << (TCPTRACK_STATE_MAX + 1)) - 1)
#define FILTER_CONNECTED	(FILTER_STATES & ~FILTER_BIT(CLOSED))
/* what the stack keeps in a small socket */
#define FILTER_BUCKET		(FILTER_BIT(SYN_RECV) | FILTER_BIT(TIME_WAIT))

/* ss(8)'s words that are not RFC 9293's */
static const struct {
	const char *word;
	uint32_t states;
} filter_groups[] = {
	{ "all",		UINT32_MAX },
	{ "connected",		FILTER_CONNECTED },
	{ "synchronized",	FILTER_CONNECTED & ~FILTER_BIT(SYN_SENT) },
	{ "bucket",		FILTER_BUCKET },
	{ "big",		FILTER_STATES & ~FILTER_BUCKET },
	{ "syn-recv",		FILTER_BIT(SYN_RECV) },
	{ "syn-rcv",		FILTER_BIT(SYN_RECV) },
	{ "estab",		FILTER_BIT(ESTABLISHED) },
	{ "unconnected",	FILTER_BIT(CLOSED) },
	{ "close",		FILTER_BIT(CLOSED) },
};

bool filter_fail(struct filter *filter, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(filter->error, sizeof(filter->error), format, args);
	va_end(args);
	return false;
}

bool filter_value_states(struct filter *filter, const char *text,
			 uint32_t *states)
{
	int state = names_find(&names_states, text);
	size_t i;

	if (state >= 0) {
		*states |= 1U << state;
		return true;
	}
	for (i = 0; i < CTL_COUNT(filter_groups); i++) {
		if (strcasecmp(filter_groups[i].word, text))
			continue;
		*states |= filter_groups[i].states;
		return true;
	}
	if (!strncasecmp(text, "listen", 6))
		return filter_fail(filter, "state '%s' is no connection's",
				   text);
	return filter_fail(filter, "'%s' is no state", text);
}

/* Take a family off.  Return: whether it agrees with what is known. */
static bool filter_take_family(struct filter *filter, const char **text,
			       struct filter_terms *terms)
{
	static const struct {
		const char *word;
		int family;
	} families[] = {
		{ "inet:",	AF_INET },
		{ "inet6:",	AF_INET6 },
	};
	size_t i;

	for (i = 0; i < CTL_COUNT(families); i++) {
		size_t len = strlen(families[i].word);

		if (strncmp(*text, families[i].word, len))
			continue;
		terms->family = families[i].family;
		*text += len;
		if (!**text)
			return filter_fail(filter, "'%s' needs an address",
					   families[i].word);
	}
	return true;
}

static bool filter_service(struct filter *filter, const char *text,
			   uint64_t *port)
{
	const struct servent *service = getservbyname(text, "tcp");

	if (!service)
		return filter_fail(filter, "'%s' is no port and no service",
				   text);
	*port = ntohs(service->s_port);
	return true;
}

static bool filter_port(struct filter *filter, const char *text,
			struct filter_range *range)
{
	uint64_t port;

	if (!strcmp(text, "*"))
		return true;
	if (!units_parse_number(text, &port)) {
		if (!filter_service(filter, text, &port))
			return false;
	} else if (port > UINT16_MAX) {
		return filter_fail(filter, "port %s is more than 65535", text);
	}
	range->min = port;
	range->max = port;
	return true;
}

bool filter_value_port(struct filter *filter, const char *text,
		       struct filter_terms *terms, struct filter_range *range)
{
	if (!filter_take_family(filter, &text, terms))
		return false;
	text += *text == ':';
	if (!*text)
		return filter_fail(filter, "':' needs a port");
	return filter_port(filter, text, range);
}

/* Cut ":PORT" off, if there is one.  Return: the port, or NULL. */
static char *filter_cut_port(char *text)
{
	char *bracket = strrchr(text, ']'), *colon = strrchr(text, ':');

	if (text[0] == '[' && bracket) {
		if (bracket[1] == '/')
			bracket += strcspn(bracket, ":");
		else
			bracket++;
		colon = *bracket == ':' ? bracket : NULL;
	} else if (colon && strchr(text, ':') != colon) {
		/* several: an IPv6 address */
		colon = NULL;
	}
	if (colon)
		*colon++ = '\0';
	return colon;
}

/* Cut "/PREFIX" and the brackets off */
static bool filter_cut_prefix(struct filter *filter, char **text,
			      struct filter_match *match)
{
	char *slash = strchr(*text, '/'), *bracket;
	uint64_t prefix;

	if (slash) {
		*slash = '\0';
		if (!units_parse_number(slash + 1, &prefix) || prefix > 128)
			return filter_fail(filter, "'%s' is no prefix length",
					   slash + 1);
		match->prefix = prefix;
	}
	if (**text != '[')
		return true;
	bracket = strchr(*text, ']');
	if (!bracket || bracket[1])
		return filter_fail(filter, "'%s' is no address", *text);
	*bracket = '\0';
	++*text;
	return true;
}

static bool filter_address(struct filter *filter, char *text,
			   struct filter_terms *terms,
			   struct filter_match *match)
{
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;
	unsigned int full = family == AF_INET ? 32 : 128;

	if (!inet_pton(family, text, match->addr))
		return filter_fail(filter, "'%s' is no address", text);
	if (match->prefix == UINT32_MAX)
		match->prefix = full;
	if (match->prefix > full)
		return filter_fail(filter, "prefix length %u is more than %u",
				   match->prefix, full);
	if (terms->family && terms->family != family)
		return filter_fail(filter, "'%s' is of another family", text);
	terms->family = family;
	/* of no length, it says the family and no more */
	if (match->prefix)
		match->family = family;
	return true;
}

bool filter_value_host(struct filter *filter, const char *text,
		       struct filter_terms *terms, enum filter_side side)
{
	struct filter_match *match = &terms->end[side];
	char copy[FILTER_TEXT], *addr = copy, *port;

	if (!filter_take_family(filter, &text, terms))
		return false;
	if (strlen(text) >= sizeof(copy))
		return filter_fail(filter, "'%s' is no address", text);
	snprintf(copy, sizeof(copy), "%s", text);
	port = filter_cut_port(copy);
	if (port && !*port)
		return filter_fail(filter, "'%s' needs a port", text);
	if (port && !filter_port(filter, port, &match->port))
		return false;
	if ((!*addr && port) || !strcmp(addr, "*"))
		return true;
	match->prefix = UINT32_MAX;
	return filter_cut_prefix(filter, &addr, match) &&
	       filter_address(filter, addr, terms, match);
}
