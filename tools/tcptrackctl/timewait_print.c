// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "table.h"
#include "timewait.h"
#include "units.h"

#define TIMEWAIT_NEAR	10000	/* ms left until it is red */

static void timewait_begin_table(struct table *table, const struct timewait *tw,
				 const struct table_column *columns, size_t n)
{
	table_init(table, stdout, columns, n);
	table->limit = table_terminal();
	table->color = tw->options->color;
	table->oneline = tw->options->oneline;
}

static void timewait_number_cell(struct table *table, enum table_color color,
				 uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	table_cell(table, color, text);
}

static void timewait_total(struct table *table, const char *state,
			   uint64_t stack, const struct timewait_wire *wire)
{
	table_cell(table, TABLE_PLAIN, state);
	timewait_number_cell(table, TABLE_PLAIN, stack);
	timewait_number_cell(table, TABLE_PLAIN, wire->n);
	timewait_number_cell(table, wire->without ? TABLE_FAIR : TABLE_PLAIN,
			     wire->without);
	table_end_row(table);
}

static void timewait_print_totals(const struct timewait *tw)
{
	static const struct table_column columns[] = {
		{ "STATE",	12 },
		{ "STACK",	8, true },
		{ "PACKETS",	8, true },
		{ "NO_SOCKET",	9 },
	};
	struct table table;

	timewait_begin_table(&table, tw, columns, CTL_COUNT(columns));
	timewait_total(&table, "TIME_WAIT", timewait_of_stack(tw),
		       &tw->wire_time_wait);
	timewait_total(&table, "FIN_WAIT_2", tw->fin_wait_2,
		       &tw->wire_fin_wait_2);
	table_finish(&table);
	printf("sockstat: tw %" PRIu64 ": %" PRIu64 " in TIME_WAIT, %" PRIu64
	       " in FIN_WAIT_2 that no process has\n", tw->host.tw,
	       timewait_of_stack(tw), tw->fin_wait_2_small);
	printf("forwarded: %" PRIu64 " closed first by src, %" PRIu64
	       " by dst, %" PRIu64 " by both\n", tw->forwarded[TIMEWAIT_HERE],
	       tw->forwarded[TIMEWAIT_THERE], tw->forwarded[TIMEWAIT_BOTH]);
}

static const char *timewait_reuse(const struct timewait *tw)
{
	switch (tw->host.reuse) {
	case 0:
		return "no port may be taken before its TIME_WAIT is over";
	case 1:
		return "ports in TIME_WAIT with timestamps may be taken, after 1 s";
	default:
		return "ports of loopback in TIME_WAIT with timestamps may be taken, after 1 s";
	}
}

static uint64_t timewait_reusable(const struct timewait *tw)
{
	const struct timewait_place *place;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < tw->destinations.n; i++) {
		place = tw->destinations.slot[i];
		n += place->reusable;
	}
	return n;
}

/* What the settings mean here and now */
static void timewait_print_settings(const struct timewait *tw)
{
	const struct host *host = &tw->host;
	const struct ports *ports = &tw->ports;

	printf("ip_local_port_range %u-%u: %u ports to each destination",
	       ports->min, ports->max, ports->free);
	printf("; %u are reserved, %u are listeners'\n", ports->reserved,
	       ports->listening);
	printf("tcp_tw_reuse %" PRIu64 ": %s%s: %" PRIu64 " now, %" PRIu64
	       " so far\n", host->reuse, timewait_reuse(tw),
	       host->timestamps ? "" : "; tcp_timestamps is 0",
	       timewait_reusable(tw), host->recycled);
	printf("tcp_fin_timeout %" PRIu64 ": FIN_WAIT_2 that no process has, %" PRIu64
	       " now, is over after that many seconds; TIME_WAIT takes %u, whatever this is\n",
	       host->fin_timeout, tw->fin_wait_2_small, TIMEWAIT_SECONDS);
	printf("tcp_max_tw_buckets %" PRIu64 ": %" PRIu64 " used; %" PRIu64
	       " went without TIME_WAIT for want of them\n", host->buckets,
	       host->tw, host->overflows);
}

static void timewait_expire_cell(struct table *table,
				 const struct timewait_place *place)
{
	char least[UNITS_ROOM], median[UNITS_ROOM], most[UNITS_ROOM];
	char text[3 * UNITS_ROOM] = "-";

	if (place->most)
		snprintf(text, sizeof(text), "%s/%s/%s",
			 units_print_ms(least, place->least),
			 units_print_ms(median, timewait_median(place)),
			 units_print_ms(most, place->most));
	table_cell(table, TABLE_PLAIN, text);
}

static void timewait_waiting_cells(struct table *table,
				   const struct timewait_place *place)
{
	timewait_number_cell(table, TABLE_PLAIN, timewait_here(place));
	timewait_number_cell(table, TABLE_PLAIN, place->n[TIMEWAIT_THERE]);
	timewait_expire_cell(table, place);
}

static void timewait_print_services(const struct timewait *tw)
{
	static const struct table_column columns[] = {
		{ "SERVICE",	21 },
		{ "TIME_WAIT",	9, true },
		{ "THEIRS",	6, true, 1 },
		{ "EXPIRE",	6, false, 2 },
	};
	const struct timewait_place *place;
	const struct timewait_key *key;
	char text[ADDRESS_ROOM];
	struct table table;
	size_t i;

	timewait_begin_table(&table, tw, columns, CTL_COUNT(columns));
	for (i = 0; i < tw->services.n && i < tw->limit; i++) {
		place = tw->services.slot[i];
		key = &place->key;
		table_cell(&table, TABLE_PLAIN,
			   address_print_endpoint(text, key->family, key->local,
						  key->port,
						  tw->options->resolve));
		timewait_waiting_cells(&table, place);
		table_end_row(&table);
	}
	table_finish(&table);
}

/* When ports run out, in the row and in words below it */
static void timewait_out_cells(struct table *table, const struct timewait *tw,
			       const struct timewait_place *place)
{
	uint64_t rate = timewait_rate(place), ms;
	bool out = timewait_out(tw, place, &ms);
	char text[128], time[UNITS_ROOM];

	snprintf(text, sizeof(text), "%" PRIu64 ".%" PRIu64, rate / 1000,
		 rate % 1000 / 100);
	table_cell(table, TABLE_PLAIN, text);
	if (!out) {
		table_cell(table, TABLE_PLAIN, "-");
		return;
	}
	units_print_ms(time, ms);
	table_cell(table, ms < TIMEWAIT_NEAR ? TABLE_BAD : TABLE_FAIR,
		   ms ? time : "now");
	if (ms)
		snprintf(text, sizeof(text),
			 "out of ports in about %s at %" PRIu64 ".%" PRIu64
			 " a second", time, rate / 1000, rate % 1000 / 100);
	else if (place->most)
		snprintf(text, sizeof(text),
			 "out of ports: EADDRNOTAVAIL; the next TIME_WAIT is over in %s",
			 units_print_ms(time, place->least));
	else
		snprintf(text, sizeof(text), "out of ports: EADDRNOTAVAIL");
	table_below(table, text);
}

static void timewait_destination_cells(struct table *table,
				       const struct timewait *tw,
				       const struct timewait_place *place)
{
	const struct timewait_key *key = &place->key;
	char text[ADDRESS_ROOM];

	table_cell(table, TABLE_PLAIN,
		   address_print_endpoint(text, key->family, key->remote,
					  key->port, tw->options->resolve));
	address_print(text, key->family, key->local);
	table_cell(table, TABLE_PLAIN, text);
	timewait_number_cell(table, TABLE_PLAIN, place->used);
	timewait_number_cell(table, TABLE_PLAIN, place->reusable);
	timewait_number_cell(table, TABLE_PLAIN,
			     timewait_free_ports(tw, place));
	timewait_waiting_cells(table, place);
	timewait_out_cells(table, tw, place);
}

static void timewait_print_destinations(const struct timewait *tw)
{
	static const struct table_column columns[] = {
		{ "DESTINATION", 21 },
		{ "FROM",	15, false, 2 },
		{ "USED",	5, true },
		{ "REUSABLE",	8, true, 4 },
		{ "LEFT",	5, true },
		{ "TIME_WAIT",	9, true, 1 },
		{ "THEIRS",	6, true, 3 },
		{ "EXPIRE",	19, true, 5 },
		{ "RATE",	7, true },
		{ "OUT_IN",	6 },
	};
	struct table table;
	size_t i;

	timewait_begin_table(&table, tw, columns, CTL_COUNT(columns));
	for (i = 0; i < tw->destinations.n && i < tw->limit; i++) {
		timewait_destination_cells(&table, tw,
					   tw->destinations.slot[i]);
		table_end_row(&table);
	}
	table_finish(&table);
}

void timewait_print(const struct timewait *tw)
{
	timewait_print_totals(tw);
	if (!tw->options->brief)
		timewait_print_settings(tw);
	if (tw->services.n) {
		putchar('\n');
		timewait_print_services(tw);
	}
	if (tw->destinations.n) {
		putchar('\n');
		timewait_print_destinations(tw);
	}
}
