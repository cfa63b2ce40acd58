// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <linux/minmax.h>
#include <pcap/pcap.h>

#include "capture.h"
#include "frame.h"

#define CAPTURE_BUFFER	(64 << 10)	/* small, to stay in the cache */
#define NSEC_PER_SEC	1000000000LL
#define CAPTURE_TIME_MAX	((s64)1 << 62)

/* What files are that are taken for captures, by their first octets */
static const struct {
	const char *magic;
	size_t len;
	const char *advice;
} capture_strangers[] = {
	{ "\x1f\x8b", 2, "gzip: zcat it into 'replay -'" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd: zstdcat it into 'replay -'" },
	{ "\xfd\x37zXZ", 5, "xz: xzcat it into 'replay -'" },
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

static pcap_t *capture_open_pcap(FILE *file, char *why)
{
	const unsigned int ns = PCAP_TSTAMP_PRECISION_NANO;

	return pcap_fopen_offline_with_tstamp_precision(file, ns, why);
}

bool capture_open(struct capture *cap, const char *name)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	const char *link;

	memset(cap, 0, sizeof(*cap));
	cap->name = name;
	if (!capture_open_file(cap))
		return false;
	cap->pcap = capture_open_pcap(cap->file, why);
	if (!cap->pcap)
		return capture_refuse(cap, why);
	cap->link = pcap_datalink(cap->pcap);
	if (!frame_is_known(cap->link)) {
		link = pcap_datalink_val_to_description(cap->link);
		return capture_fail(cap, "link type %d (%s) is not supported",
				    cap->link, link ? link : "unknown");
	}
	cap->fast = cap->size && savefile_open(&cap->save, cap->pcap,
					       cap->file);
	return true;
}

/* libpcap reads such files only where all is of one kind */
static const char *capture_advice(const char *why)
{
	if (strstr(why, "an interface has a"))
		return "; split the file by interface first";
	return "";
}

/* tv_usec counts ns here, and need not be in its range.  What is out of ours is
 * moved to its end.
 */
static u64 capture_time(const struct timeval *tv)
{
	s64 sec = tv->tv_sec, ns;

	/* from 2038 on: what a pcap file has is 32 bits without a sign */
	if (sec < 0 && sec >= INT_MIN)
		sec = (u32)sec;
	if (__builtin_mul_overflow(sec, NSEC_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, (s64)tv->tv_usec, &ns))
		return sec < 0 ? 0 : CAPTURE_TIME_MAX;
	return min(max(ns, (s64)0), CAPTURE_TIME_MAX);
}

/* Return: as capture_next(), with libpcap's words in @why. */
static int capture_next_pcap(struct capture *cap, struct sk_buff *skb,
			     u64 *when, char *why, size_t len)
{
	struct pcap_pkthdr *header;
	const u_char *data;

	switch (pcap_next_ex(cap->pcap, &header, &data)) {
	case 1:
		break;
	case PCAP_ERROR_BREAK:
		return 0;
	default:
		snprintf(why, len, "%s", pcap_geterr(cap->pcap));
		return -1;
	}
	skb->data = data;
	skb->len = header->len;
	skb->caplen = header->caplen;
	*when = capture_time(&header->ts);
	return 1;
}

#ifdef __SANITIZE_ADDRESS__
/* Where no octet follows the packet's last */
static void capture_fence(struct capture *cap, struct sk_buff *skb)
{
	free(cap->fenced);
	cap->fenced = malloc(skb->caplen);
	memcpy(cap->fenced, skb->data, skb->caplen);
	skb->data = cap->fenced;
}
#else
static void capture_fence(struct capture *cap, struct sk_buff *skb)
{
	(void)cap;
	(void)skb;
}
#endif

int capture_next(struct capture *cap, struct sk_buff *skb, u64 *when)
{
	char why[PCAP_ERRBUF_SIZE];
	int more;

	if (cap->fast)
		more = savefile_next(&cap->save, skb, when, why, sizeof(why));
	else
		more = capture_next_pcap(cap, skb, when, why, sizeof(why));
	if (likely(more > 0)) {
		cap->packets++;
		/* a capture may claim to hold more than was sent */
		skb->caplen = min(skb->caplen, skb->len);
		capture_fence(cap, skb);
	} else if (more < 0) {
		capture_fail(cap, "damaged after packet %llu: %s%s",
			     cap->packets, why, capture_advice(why));
	}
	return more;
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
	savefile_close(&cap->save);
	free(cap->fenced);
	free(cap->buffer);
	cap->pcap = NULL;
	cap->file = NULL;
	cap->buffer = NULL;
	cap->fenced = NULL;
}
