// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include "field.h"
#include "record.h"
#include "units.h"

const struct field field_flow[FIELD_FLOW] = {
	{ TCPTRACK_A_FLOW_AGE, FIELD_MS, false, "age" },
	{ TCPTRACK_A_FLOW_IDLE, FIELD_MS, false, "idle" },
	{ TCPTRACK_A_FLOW_TIMEOUT, FIELD_MS, false, "timeout" },
	{ TCPTRACK_A_FLOW_CLASS, FIELD_WORD, false, "class", &names_classes },
	{ TCPTRACK_A_FLOW_REASON, FIELD_WORD, false, "reason", &names_reasons },
	{ TCPTRACK_A_FLOW_FLAGS, FIELD_FLAGS, false, "flags", &names_flags },
	{ TCPTRACK_A_FLOW_CONN_STATE, FIELD_TEXT, false, "conn_state" },
	{ TCPTRACK_A_FLOW_ZEEK, FIELD_TEXT, false, "zeek" },
};

const struct field field_end[FIELD_END] = {
	{ TCPTRACK_A_END_PACKETS, FIELD_NUMBER, true, "packets" },
	{ TCPTRACK_A_END_BYTES, FIELD_NUMBER, true, "bytes" },
	{ TCPTRACK_A_END_ACKED, FIELD_NUMBER, true, "acked" },
	{ TCPTRACK_A_END_RETRANS, FIELD_NUMBER, true, "retrans" },
	{ TCPTRACK_A_END_OOO, FIELD_NUMBER, true, "ooo" },
	{ TCPTRACK_A_END_DUPACK, FIELD_NUMBER, true, "dupack" },
	{ TCPTRACK_A_END_KEEPALIVE, FIELD_NUMBER, true, "keepalive" },
	{ TCPTRACK_A_END_PROBE, FIELD_NUMBER, true, "probe" },
	{ TCPTRACK_A_END_ZEROWIN, FIELD_NUMBER, true, "zerowin" },
	{ TCPTRACK_A_END_ZEROWIN_TIME, FIELD_MS, true, "zerowin_time" },
	{ TCPTRACK_A_END_OUTWIN, FIELD_NUMBER, true, "outwin" },
	{ TCPTRACK_A_END_PAWS, FIELD_NUMBER, true, "paws" },
	{ TCPTRACK_A_END_CHALLENGE, FIELD_NUMBER, true, "challenge" },
	{ TCPTRACK_A_END_CE, FIELD_NUMBER, true, "ce" },
	{ TCPTRACK_A_END_SRTT, FIELD_US, false, "rtt" },
	{ TCPTRACK_A_END_RTT_MIN, FIELD_US, false, "rtt_min" },
	{ TCPTRACK_A_END_RTT_LAST, FIELD_US, false, "rtt_last" },
	{ TCPTRACK_A_END_MSS, FIELD_NUMBER, false, "mss" },
	{ TCPTRACK_A_END_WSCALE, FIELD_NUMBER, false, "wscale" },
	{ TCPTRACK_A_END_SEEN, FIELD_FLAGS, false, "seen", &names_seen },
};

const struct field field_retry[FIELD_RETRY] = {
	{ TCPTRACK_A_END_SYNS, FIELD_NUMBER, false, "syns" },
	{ TCPTRACK_A_END_SYN_NEXT, FIELD_MS, false, "syn_next" },
	{ TCPTRACK_A_END_SYN_LEFT, FIELD_MS, false, "syn_left" },
};

const struct field field_listener[FIELD_LISTENER] = {
#define LISTENER(NAME, kind, count, key, ...) \
	{ TCPTRACK_A_LISTENER_##NAME, kind, count, key, __VA_ARGS__ }
	LISTENER(IFINDEX, FIELD_NUMBER, false, "ifindex"),
	LISTENER(V6ONLY, FIELD_SWITCH, false, "v6only"),
	LISTENER(ACCEPT_QUEUE, FIELD_NUMBER, true, "accept_queue"),
	LISTENER(ACCEPT_LIMIT, FIELD_NUMBER, true, "accept_limit"),
	LISTENER(ACCEPT_SOURCE, FIELD_WORD, false, "accept_source",
		 &names_limits),
	LISTENER(SYN_QUEUE, FIELD_NUMBER, true, "syn_queue"),
	LISTENER(SYN_YOUNG, FIELD_NUMBER, true, "syn_young"),
	LISTENER(SYN_LIMIT, FIELD_NUMBER, true, "syn_limit"),
	LISTENER(SYN_SOURCE, FIELD_WORD, false, "syn_source", &names_limits),
	LISTENER(SYNCOOKIES, FIELD_NUMBER, false, "syncookies"),
	LISTENER(COOKIES_RECENT, FIELD_SWITCH, false, "cookies_recent"),
	LISTENER(DROPS, FIELD_NUMBER, true, "drops"),
	LISTENER(UID, FIELD_NUMBER, false, "uid"),
	LISTENER(INODE, FIELD_NUMBER, false, "inode"),
	LISTENER(REUSEPORT, FIELD_NUMBER, false, "reuseport"),
	LISTENER(DEFER_ACCEPT, FIELD_MS, false, "defer_accept"),
	LISTENER(SYNACK_RETRIES, FIELD_NUMBER, false, "synack_retries"),
	LISTENER(SYNCNT, FIELD_NUMBER, false, "syncnt"),
	LISTENER(FASTOPEN_QUEUE, FIELD_NUMBER, false, "fastopen_queue"),
	LISTENER(FASTOPEN_LIMIT, FIELD_NUMBER, false, "fastopen_limit"),
#undef LISTENER
};

const struct field field_service[FIELD_SERVICE] = {
#define SERVICE(NAME, kind, key) \
	{ TCPTRACK_A_SERVICE_##NAME, kind, true, key }
	SERVICE(HALF_OPEN, FIELD_NUMBER, "half_open"),
	SERVICE(UNANSWERED, FIELD_NUMBER, "unanswered"),
	SERVICE(ACCEPT_WAIT, FIELD_NUMBER, "accept_wait"),
	SERVICE(SYNACK_REPEATS, FIELD_NUMBER, "synack_repeats"),
	SERVICE(AGE_MAX, FIELD_MS, "age_max"),
	SERVICE(AGE_P50, FIELD_MS, "age_p50"),
	SERVICE(AGE_P90, FIELD_MS, "age_p90"),
	SERVICE(OPEN, FIELD_NUMBER, "open"),
	SERVICE(RTT_SAMPLES, FIELD_NUMBER, "rtt_samples"),
	SERVICE(RTT_P50, FIELD_US, "rtt_p50"),
	SERVICE(RTT_P90, FIELD_US, "rtt_p90"),
	SERVICE(RTT_P99, FIELD_US, "rtt_p99"),
#undef SERVICE
};

void field_json_flags(struct json *json, const struct names *names,
		      uint32_t flags)
{
	unsigned int i;

	json_open(json, '[');
	for (i = 0; i < names->n; i++)
		if (flags >> i & 1)
			json_string(json, names->word[i]);
	json_close(json, ']');
}

void field_json(struct json *json, const struct field *field,
		const struct nlattr *attr)
{
	if (field->kind == FIELD_FLAGS) {
		field_json_flags(json, field->names, record_number(attr));
		return;
	}
	if (field->kind == FIELD_SWITCH) {
		json_number(json, !!attr);
		return;
	}
	if (!attr) {
		json_null(json);
		return;
	}
	switch (field->kind) {
	case FIELD_MS:
		json_fixed(json, record_number(attr), 3);
		break;
	case FIELD_US:
		json_fixed(json, record_number(attr), 6);
		break;
	case FIELD_TEXT:
		json_string(json, record_text(attr));
		break;
	case FIELD_WORD:
		json_string(json, names_word(field->names,
					     record_number(attr)));
		break;
	default:
		json_number(json, record_number(attr));
		break;
	}
}

void field_print_flags(FILE *file, const struct names *names, uint32_t flags)
{
	const char *before = "";
	unsigned int i;

	for (i = 0; i < names->n; i++) {
		if (!(flags >> i & 1))
			continue;
		fprintf(file, "%s%s", before, names->word[i]);
		before = ",";
	}
}

void field_print(FILE *file, const struct field *field,
		 const struct nlattr *attr)
{
	uint64_t number = record_number(attr);
	char text[UNITS_ROOM];

	if (!attr || (field->kind == FIELD_TEXT && !record_text(attr)))
		return;
	if (field->kind == FIELD_SWITCH) {
		fprintf(file, " %s", field->key);
		return;
	}
	if (field->kind != FIELD_TEXT && field->kind != FIELD_WORD && !number)
		return;
	fprintf(file, " %s ", field->key);
	switch (field->kind) {
	case FIELD_MS:
		fputs(units_print_ms(text, number), file);
		break;
	case FIELD_US:
		fputs(units_print_us(text, number), file);
		break;
	case FIELD_TEXT:
		fputs(record_text(attr), file);
		break;
	case FIELD_WORD:
		fputs(names_word(field->names, number), file);
		break;
	case FIELD_FLAGS:
		field_print_flags(file, field->names, number);
		break;
	default:
		fprintf(file, "%" PRIu64, number);
		break;
	}
}
