// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <pcap/pcap.h>

#include "capture.h"
#include "frame.h"

#define CAPTURE_BUFFER	(1 << 20)
#define NSEC_PER_SEC	1000000000ULL

/* What files are that are taken for captures, by their first octets */
static const struct {
	const char *magic;
	size_t len;
	const char *advice;
} capture_strangers[] = {
	{ "\x1f\x8b", 2, "gzip: zcat it into 'replay -'" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd: zstdcat it into 'replay -'" },
	{ "\xfd" "7zXZ", 5, "xz: xzcat it into 'replay -'" },
	{ "\x04\x22\x4d\x18", 4, "lz4: lz4cat it into 'replay -'" },
	{ "snoop\0\0\0", 8, "snoop: convert it to pcapng first" },
};

static bool __printf(2, 3) capture_fail(struct capture *cap,
					const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(cap->error, sizeof(cap->error), format, args);
	va_end(args);
	return false;
}

/* libpcap has refused the file: say why in other words, where we know better */
static bool capture_refuse(struct capture *cap, const char *why)
{
	char head[8];
	ssize_t len = pread(fileno(cap->file), head, sizeof(head), 0);
	unsigned int i;

	if (!len)
		return capture_fail(cap, "is empty");
	for (i = 0; i < ARRAY_SIZE(capture_strangers); i++)
		if (len >= (ssize_t)capture_strangers[i].len &&
		    !memcmp(head, capture_strangers[i].magic,
			    capture_strangers[i].len))
			return capture_fail(cap, "is not a capture but %s",
					    capture_strangers[i].advice);
	return capture_fail(cap, "is not a capture: %s", why);
}

static bool capture_open_file(struct capture *cap)
{
	struct stat st;

	if (strcmp(cap->name, "-")) {
		cap->file = fopen(cap->name, "rbe");
	} else {
		cap->name = "stdin";
		/* its own descriptor: stdin is not ours to close */
		cap->file = fdopen(dup(STDIN_FILENO), "rb");
	}
	if (!cap->file || fstat(fileno(cap->file), &st))
		return capture_fail(cap, "%s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return capture_fail(cap, "%s", strerror(EISDIR));
	if (S_ISREG(st.st_mode))
		cap->size = st.st_size;
	cap->buffer = malloc(CAPTURE_BUFFER);
	if (cap->buffer)
		setvbuf(cap->file, cap->buffer, _IOFBF, CAPTURE_BUFFER);
	return true;
}

bool capture_open(struct capture *cap, const char *name)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	const char *link;

	memset(cap, 0, sizeof(*cap));
	cap->name = name;
	if (!capture_open_file(cap))
		return false;
	cap->pcap = pcap_fopen_offline_with_tstamp_precision(cap->file,
			PCAP_TSTAMP_PRECISION_NANO, why);
	if (!cap->pcap)
		return capture_refuse(cap, why);
	cap->link = pcap_datalink(cap->pcap);
	if (!frame_is_known(cap->link)) {
		link = pcap_datalink_val_to_description(cap->link);
		return capture_fail(cap, "link type %d (%s) is not supported",
				    cap->link, link ? link : "unknown");
	}
	return true;
}

/* libpcap reads such files only where all is of one kind */
static const char *capture_advice(const char *why)
{
	if (strstr(why, "an interface has a"))
		return "; split the file by interface first";
	return "";
}

int capture_next(struct capture *cap, struct sk_buff *skb, u64 *when)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	const char *why;

	switch (pcap_next_ex(cap->pcap, &header, &data)) {
	case 1:
		break;
	case PCAP_ERROR_BREAK:
		return 0;
	default:
		why = pcap_geterr(cap->pcap);
		capture_fail(cap, "damaged after packet %llu: %s%s",
			     cap->packets, why, capture_advice(why));
		return -1;
	}
	cap->packets++;
	skb->data = data;
	/* a capture may claim to hold more than was sent */
	skb->len = header->len;
	skb->caplen = header->caplen < skb->len ? header->caplen : skb->len;
	/* tv_usec counts ns here; neither need be in its range */
	*when = (u64)header->ts.tv_sec * NSEC_PER_SEC + header->ts.tv_usec;
	return 1;
}

u64 capture_offset(const struct capture *cap)
{
	long offset = ftell(cap->file);

	return offset < 0 ? 0 : offset;
}

void capture_close(struct capture *cap)
{
	if (cap->pcap)
		pcap_close(cap->pcap);
	else if (cap->file)
		fclose(cap->file);
	free(cap->buffer);
	cap->pcap = NULL;
	cap->file = NULL;
	cap->buffer = NULL;
}
