// SPDX-License-Identifier: GPL-2.0
/*
 * TCP segments that no socket would send: crafted, malformed, by the
 * thousand, or random with a check that each one arrives as it was sent.
 *
 * They go out through a raw socket, so this host's LOCAL_OUT hook sees them.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

#include "tct_peer.h"

#define MAX_PKT		2048
#define BATCH		64

/* What is to be sent; the fields stand as they are in the segment. */
struct segment {
	struct tct_addr src;
	struct tct_addr dst;
	__u8 flags;
	__u32 seq;
	__u32 ack;
	__u16 window;
	int doff;		/* in words; -1 is what is true */
	int payload;
	int opt_len;
	__u8 opts[40];
	bool bad_sum;
	bool more_fragments;
	int frag;		/* offset in bytes; -1 is none */
	int from;		/* bytes of TCP to leave out in front */
	int cut;		/* bytes of TCP to send; -1 is all */
	const char *ext;	/* IPv6 extension headers, letters h, d, r, f */
	__u16 id;
};

struct packet {
	int len;
	int l4;			/* where TCP begins */
	unsigned char data[MAX_PKT];
};

struct flood {
	struct segment seg;
	struct packet pkts[BATCH];
	int sock;
	int sources;
	int from_port;
	int ports;
};

struct fuzz {
	struct segment seg;
	struct packet pkts[BATCH];
	int out;
	int in;
	int burst;
	__u32 random;
};

static bool is_v4(const struct segment *seg)
{
	return seg->dst.sa.sa_family == AF_INET;
}

static __u32 sum_add(__u32 sum, const void *data, int len)
{
	const __u8 *byte = data;
	int i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? byte[i] : byte[i] << 8;
	return sum;
}

static __u16 sum_fold(__u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static __u16 tcp_sum(const struct segment *seg, const void *tcp, int len)
{
	__u32 sum = IPPROTO_TCP + len;

	if (is_v4(seg)) {
		sum = sum_add(sum, &seg->src.in.sin_addr, 4);
		sum = sum_add(sum, &seg->dst.in.sin_addr, 4);
	} else {
		sum = sum_add(sum, &seg->src.in6.sin6_addr, 16);
		sum = sum_add(sum, &seg->dst.in6.sin6_addr, 16);
	}
	return sum_fold(sum_add(sum, tcp, len));
}

static int build_tcp(const struct segment *seg, unsigned char *at)
{
	struct tcphdr *th = (struct tcphdr *)at;
	int opts = (seg->opt_len + 3) & ~3, len;
	int doff = seg->doff < 0 ? 5 + opts / 4 : seg->doff;

	memset(th, 0, sizeof(*th));
	th->source = seg->src.in.sin_port;
	th->dest = seg->dst.in.sin_port;
	th->seq = htonl(seg->seq);
	th->ack_seq = htonl(seg->ack);
	th->doff = doff;
	at[13] = seg->flags;
	th->window = htons(seg->window);
	memcpy(at + sizeof(*th), seg->opts, opts);
	len = sizeof(*th) + opts;
	tct_pattern_fill(at + len, 0, seg->payload);
	len += seg->payload;
	th->check = tcp_sum(seg, th, len);
	if (seg->bad_sum)
		th->check = ~th->check;
	len -= seg->from;
	memmove(at, at + seg->from, len);
	if (seg->cut >= 0 && seg->cut < len)
		len = seg->cut;
	return len;
}

static int build_ext(const struct segment *seg, unsigned char *at,
		     __u8 *next)
{
	static const struct {
		char letter;
		__u8 number;
	} kinds[] = { { 'h', 0 }, { 'r', 43 }, { 'f', 44 }, { 'd', 60 } };
	const char *letter;
	int len = 0, i;

	for (letter = seg->ext; letter && *letter; letter++) {
		for (i = 0; i < 3 && kinds[i].letter != *letter; i++)
			;
		*next = kinds[i].number;
		next = at + len;
		memset(next, 0, 8);
		switch (*letter) {
		case 'r':
			next[2] = 253;	/* experimental, no segments left */
			break;
		case 'f':
			next[2] = seg->frag > 0 ? seg->frag >> 8 : 0;
			next[3] = seg->frag > 0 ? seg->frag & 0xf8 : 0;
			next[3] |= seg->more_fragments;
			next[7] = 1;
			break;
		default:
			next[2] = 1;	/* PadN over the rest */
			next[3] = 4;
		}
		len += 8;
	}
	*next = IPPROTO_TCP;
	return len;
}

static void build(const struct segment *seg, struct packet *pkt)
{
	struct ipv6hdr *ip6 = (struct ipv6hdr *)pkt->data;
	struct iphdr *ip = (struct iphdr *)pkt->data;
	__u16 frag;

	if (is_v4(seg)) {
		pkt->l4 = sizeof(*ip);
		pkt->len = pkt->l4 + build_tcp(seg, pkt->data + pkt->l4);
		frag = seg->frag > 0 ? seg->frag / 8 : 0;
		if (seg->more_fragments)
			frag |= 0x2000;
		memset(ip, 0, sizeof(*ip));
		ip->version = 4;
		ip->ihl = 5;
		ip->tot_len = htons(pkt->len);
		ip->id = htons(seg->id ? seg->id : 1);
		ip->frag_off = htons(frag);
		ip->ttl = 64;
		ip->protocol = IPPROTO_TCP;
		ip->saddr = seg->src.in.sin_addr.s_addr;
		ip->daddr = seg->dst.in.sin_addr.s_addr;
		ip->check = sum_fold(sum_add(0, ip, sizeof(*ip)));
		return;
	}
	memset(ip6, 0, sizeof(*ip6));
	ip6->version = 6;
	ip6->hop_limit = 64;
	memcpy(&ip6->saddr, &seg->src.in6.sin6_addr, 16);
	memcpy(&ip6->daddr, &seg->dst.in6.sin6_addr, 16);
	pkt->l4 = sizeof(*ip6);
	pkt->l4 += build_ext(seg, pkt->data + pkt->l4, &ip6->nexthdr);
	pkt->len = pkt->l4 + build_tcp(seg, pkt->data + pkt->l4);
	ip6->payload_len = htons(pkt->len - sizeof(*ip6));
}

static int raw_open(int family)
{
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	return fd < 0 ? -errno : fd;
}

/* The destination as a raw socket wants it: without a port. */
static struct tct_addr raw_to(const struct segment *seg)
{
	struct tct_addr to = seg->dst;

	to.in.sin_port = 0;
	return to;
}

static int raw_send(int fd, const struct segment *seg, const struct packet *pkt)
{
	struct tct_addr to = raw_to(seg);
	ssize_t n;

	n = sendto(fd, pkt->data, pkt->len, 0, &to.sa, to.len);
	return n == pkt->len ? 0 : -errno;
}

static void segment_options(struct segment *seg, const struct tct_args *args)
{
	const char *hex = tct_opt(args, "opts");
	long long mss = tct_num(args, "mss", 0), scale = tct_num(args, "ws", -1);
	__u8 *opts = seg->opts;
	unsigned int byte;
	int n = 0;

	if (mss) {
		opts[n++] = 2;
		opts[n++] = 4;
		opts[n++] = mss >> 8;
		opts[n++] = mss;
	}
	if (scale >= 0) {
		opts[n++] = 1;
		opts[n++] = 3;
		opts[n++] = 3;
		opts[n++] = scale;
	}
	while (hex && n < 40 && sscanf(hex, "%2x", &byte) == 1) {
		opts[n++] = byte;
		hex += 2;
	}
	seg->opt_len = n;
}

__u8 tct_tcp_flags(const char *text)
{
	static const char letters[] = TCT_FLAG_LETTERS;
	__u8 flags = 0;
	const char *at;

	for (; *text; text++) {
		at = strchr(letters, *text);
		if (at)
			flags |= 1 << (at - letters);
	}
	return flags;
}

static int segment_parse(struct segment *seg, const struct tct_args *args)
{
	const char *src = tct_opt(args, "src"), *dst = tct_opt(args, "dst");
	const char *sport = tct_opt(args, "sport");
	const char *dport = tct_opt(args, "dport");
	const char *flags = tct_opt(args, "flags");
	int err;

	memset(seg, 0, sizeof(*seg));
	if (!src || !dst)
		return -EINVAL;
	err = tct_addr_parse(&seg->src, src, sport ? sport : "0");
	if (!err)
		err = tct_addr_parse(&seg->dst, dst, dport ? dport : "0");
	if (err || seg->src.len != seg->dst.len)
		return -EINVAL;
	seg->flags = tct_tcp_flags(flags ? flags : "S");
	seg->seq = tct_num(args, "seq", 1000);
	seg->ack = tct_num(args, "ack", 0);
	seg->window = tct_num(args, "win", 8192);
	seg->payload = tct_num(args, "len", 0);
	if (seg->payload > 1400)
		return -EMSGSIZE;
	seg->doff = tct_num(args, "doff", -1);
	seg->frag = tct_num(args, "frag", -1);
	seg->from = tct_num(args, "from", 0);
	seg->cut = tct_num(args, "cut", -1);
	seg->id = tct_num(args, "id", 0);
	seg->ext = tct_opt(args, "ext");
	if (seg->from < 0 || seg->from > 20 + seg->payload)
		return -EINVAL;
	if (seg->ext && strlen(seg->ext) > 16)
		return -EMSGSIZE;
	seg->bad_sum = tct_flag(args, "badsum");
	seg->more_fragments = tct_flag(args, "mf");
	segment_options(seg, args);
	return 0;
}

/*
 * pkt src= dst= sport= dport= flags= seq= ack= win= len= mss= ws= opts=HEX
 *     doff= frag= from= cut= ext= id= [badsum] [mf]
 */
static int cmd_pkt(struct tct_args *args)
{
	struct segment seg;
	struct packet pkt;
	int err, fd;

	err = segment_parse(&seg, args);
	if (err)
		return err;
	build(&seg, &pkt);
	fd = raw_open(seg.dst.sa.sa_family);
	if (fd < 0)
		return fd;
	err = raw_send(fd, &seg, &pkt);
	close(fd);
	return err;
}

/* The n-th of a flood: another port, then another source address. */
static void flood_vary(struct flood *fl, unsigned long n)
{
	struct segment *seg = &fl->seg;
	unsigned long port = fl->from_port + n % fl->ports;
	struct segment one = *seg;
	unsigned int host = n / fl->ports % fl->sources;

	one.src.in.sin_port = htons(port);
	one.seq += n * 2654435761U;
	if (is_v4(seg))
		one.src.in.sin_addr.s_addr =
			htonl(ntohl(seg->src.in.sin_addr.s_addr) + host);
	else
		one.src.in6.sin6_addr.s6_addr[15] += host;
	build(&one, &fl->pkts[n % BATCH]);
}

static int flood_batch(struct flood *fl, unsigned long from, int n)
{
	struct tct_addr to = raw_to(&fl->seg);
	struct mmsghdr msgs[BATCH];
	struct iovec iov[BATCH];
	struct packet *pkt;
	int i, sent;

	memset(msgs, 0, sizeof(msgs));
	for (i = 0; i < n; i++) {
		flood_vary(fl, from + i);
		pkt = &fl->pkts[(from + i) % BATCH];
		iov[i].iov_base = pkt->data;
		iov[i].iov_len = pkt->len;
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
		msgs[i].msg_hdr.msg_name = &to.sa;
		msgs[i].msg_hdr.msg_namelen = to.len;
	}
	for (i = 0; i < n; i += sent) {
		sent = sendmmsg(fl->sock, msgs + i, n - i, 0);
		if (sent < 0)
			return -errno;
	}
	return 0;
}

static void *flood(void *arg)
{
	struct tct_job *job = arg;
	struct flood *fl = job->priv;
	int err, n;

	while (tct_job_goes_on(job)) {
		n = BATCH;
		if (job->limit && job->limit - (long)job->done < n)
			n = job->limit - job->done;
		err = flood_batch(fl, job->done, n);
		while (n--)
			tct_job_count(job, err);
	}
	return NULL;
}

static void flood_cleanup(struct tct_job *job)
{
	close(((struct flood *)job->priv)->sock);
}

/* flood JOB N [sources=] [ports=] and pkt's keys; sport= is the first. */
static int cmd_flood(struct tct_args *args)
{
	struct tct_job *job = tct_job_new(args, sizeof(struct flood));
	struct flood *fl;
	int err;

	if (!job)
		return -EEXIST;
	fl = job->priv;
	fl->sock = -1;
	job->cleanup = flood_cleanup;
	err = segment_parse(&fl->seg, &job->args);
	fl->sources = tct_num(args, "sources", 1);
	fl->from_port = tct_num(args, "sport", 1024);
	fl->ports = tct_num(args, "ports", 60000);
	if (fl->from_port + fl->ports > 65536)
		fl->ports = 65536 - fl->from_port;
	job->limit = atol(args->argv[2]);
	if (!err) {
		fl->sock = raw_open(fl->seg.dst.sa.sa_family);
		err = fl->sock < 0 ? fl->sock : tct_job_run(job, flood);
	}
	if (err)
		tct_job_end(job);
	return err;
}

static __u32 fuzz_random(struct fuzz *fz)
{
	fz->random ^= fz->random << 13;
	fz->random ^= fz->random >> 17;
	fz->random ^= fz->random << 5;
	return fz->random;
}

/* Few ports, so that flows are met again; the rest is anything. */
static void fuzz_segment(struct fuzz *fz, struct packet *pkt, __u16 id)
{
	struct segment seg = fz->seg;
	__u32 dice = fuzz_random(fz);
	int i;

	seg.src.in.sin_port = htons(20000 + dice % 61);
	seg.dst.in.sin_port = htons(7 + (dice >> 8) % 3);
	seg.flags = dice >> 16;
	seg.seq = fuzz_random(fz);
	seg.ack = fuzz_random(fz);
	seg.window = fuzz_random(fz);
	seg.payload = fuzz_random(fz) % 300;
	seg.opt_len = fuzz_random(fz) % 11 * 4;
	for (i = 0; i < seg.opt_len; i++)
		seg.opts[i] = fuzz_random(fz) % 12;
	dice = fuzz_random(fz);
	if (dice % 16 == 0)
		seg.doff = dice >> 28;
	seg.bad_sum = (dice >> 8) % 16 == 0;
	seg.id = id ? id : 1;
	build(&seg, pkt);
}

/* Is this what was sent, one router further? */
static bool fuzz_same(const struct fuzz *fz, const struct packet *pkt,
		      const unsigned char *got, int len)
{
	unsigned char header[sizeof(struct iphdr)];
	const unsigned char *want = pkt->data;

	if (!is_v4(&fz->seg))
		return len == pkt->len - pkt->l4 &&
		       !memcmp(got, want + pkt->l4, len);
	if (len != pkt->len)
		return false;
	memcpy(header, got, sizeof(header));
	header[8] = want[8];			/* time to live */
	memcpy(header + 10, want + 10, 2);	/* header checksum */
	return !memcmp(header, want, sizeof(header)) &&
	       !memcmp(got + pkt->l4, want + pkt->l4, len - pkt->l4);
}

static int fuzz_receive(struct fuzz *fz, int n)
{
	unsigned char got[MAX_PKT];
	struct tct_addr from;
	int i = 0, err;
	ssize_t len;

	while (i < n) {
		err = tct_poll(fz->in, POLLIN, tct_wait_ms);
		if (err)
			return err;
		from.len = sizeof(from);
		len = recvfrom(fz->in, got, sizeof(got), 0, &from.sa,
			       &from.len);
		if (len < 0)
			return -errno;
		from.in.sin_port = 0;
		if (from.sa.sa_family == AF_INET ?
		    from.in.sin_addr.s_addr != fz->seg.src.in.sin_addr.s_addr :
		    memcmp(&from.in6.sin6_addr, &fz->seg.src.in6.sin6_addr, 16))
			continue;
		if (!fuzz_same(fz, &fz->pkts[i], got, len))
			return -EBADMSG;
		i++;
	}
	return 0;
}

static void *fuzz(void *arg)
{
	struct tct_job *job = arg;
	struct fuzz *fz = job->priv;
	int i, n, err;

	while (tct_job_goes_on(job) && !job->failed) {
		n = fz->burst;
		if (job->limit && job->limit - (long)job->done < n)
			n = job->limit - job->done;
		err = 0;
		for (i = 0; i < n && !err; i++) {
			fuzz_segment(fz, &fz->pkts[i], job->done + i);
			err = raw_send(fz->out, &fz->seg, &fz->pkts[i]);
		}
		if (!err)
			err = fuzz_receive(fz, n);
		while (n--)
			tct_job_count(job, err);
	}
	return NULL;
}

static void fuzz_cleanup(struct tct_job *job)
{
	struct fuzz *fz = job->priv;

	close(fz->out);
	close(fz->in);
}

static int fuzz_open(struct fuzz *fz, const char *to)
{
	int family = fz->seg.dst.sa.sa_family, buffer = 1 << 22, err;
	char here[TCT_ID_LEN];

	tct_name(here, tct_ns_current());
	fz->out = raw_open(family);
	if (fz->out < 0)
		return fz->out;
	err = tct_ns_enter(to);
	if (err)
		return err;
	fz->in = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);
	if (fz->in < 0)
		return -errno;
	setsockopt(fz->in, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	return tct_ns_enter(here);
}

/*
 * fuzz JOB N to=NS src= dst= [burst=] [seed=]: random segments; each must
 * reach a raw socket in the other namespace, in order, unchanged except for
 * what a router changes. The raw socket stands behind LOCAL_IN.
 */
static int cmd_fuzz(struct tct_args *args)
{
	struct tct_job *job = tct_job_new(args, sizeof(struct fuzz));
	const char *to = tct_opt(args, "to");
	struct fuzz *fz;
	int err;

	if (!job)
		return -EEXIST;
	fz = job->priv;
	fz->out = -1;
	fz->in = -1;
	job->cleanup = fuzz_cleanup;
	job->limit = atol(args->argv[2]);
	err = to ? segment_parse(&fz->seg, &job->args) : -EINVAL;
	fz->burst = tct_num(args, "burst", 16);
	if (fz->burst > BATCH)
		fz->burst = BATCH;
	fz->random = tct_num(args, "seed", 1) | 1;
	if (!err)
		err = fuzz_open(fz, to);
	if (!err)
		err = tct_job_run(job, fuzz);
	else
		tct_job_end(job);
	return err;
}

const struct tct_cmd tct_pkt_cmds[] = {
	{ "pkt", 2, cmd_pkt },
	{ "flood", 4, cmd_flood },
	{ "fuzz", 5, cmd_fuzz },
	{ }
};
