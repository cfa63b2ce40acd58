// SPDX-License-Identifier: GPL-2.0
/*
 * records CAPTURE DIR MARKS: a capture as records for /proc/tct_parity.
 *
 * Writes DIR/capture.pcap, the same packets once more, and DIR/1.records,
 * DIR/2.records, ...: so many parts, of equally many packets. Prints for each
 * part the octets of DIR/capture.pcap from its beginning to the part's end.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/kernel.h>
#include <linux/minmax.h>
#include <pcap/pcap.h>

#include "capture.h"
#include "frame.h"
#include "record.h"

#define NSEC_PER_SEC	1000000000ULL
#define NSEC_PER_USEC	1000

/**
 * struct records - the output
 * @dir: where it goes
 * @part: the part that is written
 * @number: of the part
 * @dump: the packets once more
 * @us: time of the last record
 */
struct records {
	const char *dir;
	FILE *part;
	unsigned int number;
	pcap_dumper_t *dump;
	u64 us;
};

static void __noreturn records_die(const char *what, const char *why)
{
	fprintf(stderr, "records: %s: %s\n", what, why);
	exit(1);
}

static void records_open(struct capture *cap, const char *name)
{
	if (!capture_open(cap, name))
		records_die(name, cap->error);
}

static bool records_next(struct capture *cap, struct sk_buff *skb, u64 *when)
{
	int more = capture_next(cap, skb, when);

	if (more < 0)
		records_die(cap->name, cap->error);
	return more;
}

static u64 records_count(const char *name)
{
	struct capture cap;
	struct sk_buff skb;
	u64 when;

	records_open(&cap, name);
	while (records_next(&cap, &skb, &when))
		;
	capture_close(&cap);
	return cap.packets;
}

static void records_begin_part(struct records *out)
{
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s/%u.records", out->dir, ++out->number);
	out->part = fopen(name, "wb");
	if (!out->part)
		records_die(name, "cannot be written");
}

/* Its last record is the time, whatever the last packet was */
static void records_end_part(struct records *out)
{
	const struct parity_record record = { .when = out->us };

	fwrite(&record, sizeof(record), 1, out->part);
	if (ferror(out->part) | fclose(out->part) |
	    pcap_dump_flush(out->dump))
		records_die(out->dir, "cannot be written");
	printf("%" PRId64 "\n", (int64_t)pcap_dump_ftell64(out->dump));
}

static void records_dump(struct records *out, const struct sk_buff *skb,
			 u64 when)
{
	/* nanoseconds, by how the capture was opened */
	const struct pcap_pkthdr header = {
		.ts.tv_sec = when / NSEC_PER_SEC,
		.ts.tv_usec = when % NSEC_PER_SEC,
		.caplen = skb->caplen,
		.len = skb->len,
	};

	pcap_dump((u_char *)out->dump, &header, skb->data);
}

static void records_put(struct records *out, struct sk_buff *skb, int link,
			u64 when)
{
	struct parity_record record = { 0 };

	out->us = max(out->us, when / NSEC_PER_USEC);
	record.when = out->us;
	switch (frame_find_ip(skb, link)) {
	case FRAME_IPV4:
		record.family = 4;
		break;
	case FRAME_IPV6:
		record.family = 6;
		break;
	default:
		return;
	}
	record.wire = skb->len;
	record.captured = skb->caplen;
	if (record.wire > PARITY_WIRE || record.captured > PARITY_OCTETS)
		records_die("a packet", "is too long");
	fwrite(&record, sizeof(record), 1, out->part);
	fwrite(skb->data, 1, record.captured, out->part);
}

static void records_write(struct records *out, const char *name,
			  unsigned int marks, u64 packets)
{
	char dump[PATH_MAX];
	struct capture cap;
	struct sk_buff skb;
	u64 when;

	records_open(&cap, name);
	snprintf(dump, sizeof(dump), "%s/capture.pcap", out->dir);
	out->dump = pcap_dump_open(cap.pcap, dump);
	if (!out->dump)
		records_die(dump, pcap_geterr(cap.pcap));
	records_begin_part(out);
	while (records_next(&cap, &skb, &when)) {
		records_dump(out, &skb, when);
		records_put(out, &skb, cap.link, when);
		if (cap.packets < packets &&
		    cap.packets >= packets * out->number / marks) {
			records_end_part(out);
			records_begin_part(out);
		}
	}
	records_end_part(out);
	pcap_dump_close(out->dump);
	capture_close(&cap);
}

int main(int argc, char **argv)
{
	struct records out = { 0 };
	u64 packets;

	if (argc != 4) {
		fprintf(stderr, "usage: records CAPTURE DIR MARKS\n");
		return 1;
	}
	out.dir = argv[2];
	packets = records_count(argv[1]);
	records_write(&out, argv[1], atoi(argv[3]), packets);
	return 0;
}
