// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <sys/socket.h>

#include "address.h"
#include "json.h"
#include "timewait.h"

static void timewait_json_number(struct json *json, const char *key,
				 uint64_t number)
{
	json_key(json, key);
	json_number(json, number);
}

static void timewait_json_address(struct json *json, const char *key,
				  const struct timewait_key *place,
				  const uint8_t *addr)
{
	char text[ADDRESS_ROOM];

	json_key(json, key);
	json_text(json, text, address_print(text, place->family, addr));
}

static void timewait_json_stack(struct json *json, const struct timewait *tw)
{
	json_key(json, "stack");
	json_open(json, '{');
	timewait_json_number(json, "tw", tw->host.tw);
	timewait_json_number(json, "time_wait", timewait_of_stack(tw));
	timewait_json_number(json, "fin_wait_2", tw->fin_wait_2);
	timewait_json_number(json, "fin_wait_2_tw", tw->fin_wait_2_small);
	timewait_json_number(json, "overflows", tw->host.overflows);
	timewait_json_number(json, "recycled", tw->host.recycled);
	timewait_json_number(json, "tcp_tw_reuse", tw->host.reuse);
	timewait_json_number(json, "tcp_timestamps", tw->host.timestamps);
	timewait_json_number(json, "tcp_fin_timeout", tw->host.fin_timeout);
	timewait_json_number(json, "tcp_max_tw_buckets", tw->host.buckets);
	json_close(json, '}');
}

static void timewait_json_wire(struct json *json, const struct timewait *tw)
{
	json_key(json, "packets");
	json_open(json, '{');
	timewait_json_number(json, "time_wait", tw->wire_time_wait.n);
	timewait_json_number(json, "time_wait_no_socket",
			     tw->wire_time_wait.without);
	timewait_json_number(json, "fin_wait_2", tw->wire_fin_wait_2.n);
	timewait_json_number(json, "fin_wait_2_no_socket",
			     tw->wire_fin_wait_2.without);
	json_close(json, '}');
	json_key(json, "forwarded");
	json_open(json, '{');
	timewait_json_number(json, "first_src", tw->forwarded[TIMEWAIT_HERE]);
	timewait_json_number(json, "first_dst", tw->forwarded[TIMEWAIT_THERE]);
	timewait_json_number(json, "first_both", tw->forwarded[TIMEWAIT_BOTH]);
	json_close(json, '}');
}

static void timewait_json_ports(struct json *json, const struct ports *ports)
{
	json_key(json, "ports");
	json_open(json, '{');
	timewait_json_number(json, "min", ports->min);
	timewait_json_number(json, "max", ports->max);
	timewait_json_number(json, "reserved", ports->reserved);
	timewait_json_number(json, "listening", ports->listening);
	timewait_json_number(json, "free", ports->free);
	json_close(json, '}');
}

/* Times left, of those that have a socket; null: there is none */
static void timewait_json_left(struct json *json,
			       const struct timewait_place *place)
{
	const struct {
		const char *key;
		uint64_t ms;
	} times[] = {
		{ "expires_min", place->least },
		{ "expires_median", timewait_median(place) },
		{ "expires_max", place->most },
	};
	unsigned int i;

	for (i = 0; i < CTL_COUNT(times); i++) {
		json_key(json, times[i].key);
		if (place->most)
			json_fixed(json, times[i].ms, 3);
		else
			json_null(json);
	}
}

static void timewait_json_waiting(struct json *json,
				  const struct timewait_place *place)
{
	timewait_json_number(json, "time_wait", timewait_here(place));
	timewait_json_number(json, "time_wait_no_socket", place->without);
	timewait_json_number(json, "first_here", place->n[TIMEWAIT_HERE]);
	timewait_json_number(json, "first_there", place->n[TIMEWAIT_THERE]);
	timewait_json_number(json, "first_both", place->n[TIMEWAIT_BOTH]);
	timewait_json_left(json, place);
}

static void timewait_json_service(struct json *json, const struct timewait *tw,
				  const struct timewait_place *place)
{
	const struct timewait_key *key = &place->key;

	(void)tw;
	timewait_json_address(json, "addr", key, key->local);
	timewait_json_number(json, "port", key->port);
	timewait_json_waiting(json, place);
}

static void timewait_json_destination(struct json *json,
				      const struct timewait *tw,
				      const struct timewait_place *place)
{
	const struct timewait_key *key = &place->key;
	uint64_t ms;

	timewait_json_address(json, "src", key, key->local);
	timewait_json_address(json, "dst", key, key->remote);
	timewait_json_number(json, "dport", key->port);
	timewait_json_number(json, "ports_used", place->used);
	timewait_json_number(json, "ports_reusable", place->reusable);
	timewait_json_number(json, "ports_left",
			     timewait_free_ports(tw, place));
	timewait_json_waiting(json, place);
	json_key(json, "rate");
	json_fixed(json, timewait_rate(place), 3);
	json_key(json, "out_in");
	if (timewait_out(tw, place, &ms))
		json_fixed(json, ms, 3);
	else
		json_null(json);
}

static void timewait_json_places(struct json *json, const char *name,
				 const struct timewait *tw,
				 const struct bag *places,
				 void (*one)(struct json *json,
					     const struct timewait *tw,
					     const struct timewait_place *place))
{
	const struct timewait_place *place;
	size_t i;

	json_key(json, name);
	json_open(json, '[');
	for (i = 0; i < places->n && i < tw->limit; i++) {
		place = places->slot[i];
		json_open(json, '{');
		json_key(json, "family");
		json_string(json, place->key.family == AF_INET ? "ipv4" :
								 "ipv6");
		one(json, tw, place);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void timewait_json(const struct timewait *tw)
{
	struct json json = { .file = stdout, .pretty = tw->options->pretty };

	json_open(&json, '[');
	json_open(&json, '{');
	timewait_json_stack(&json, tw);
	timewait_json_wire(&json, tw);
	timewait_json_ports(&json, &tw->ports);
	timewait_json_places(&json, "services", tw, &tw->services,
			     timewait_json_service);
	timewait_json_places(&json, "destinations", tw, &tw->destinations,
			     timewait_json_destination);
	json_close(&json, '}');
	json_close(&json, ']');
}
