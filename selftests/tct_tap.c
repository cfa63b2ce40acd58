// SPDX-License-Identifier: GPL-2.0
/*
 * Which segments came how far: a packet socket on the client's device and one on
 * the server's. What leaves the client is seen there before the router, what
 * arrives at the server behind it, so that between them lies what netem lost.
 * What nftables drops is known by what was asked of it, see tct_hold.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

#include "tct_oracle.h"

static int taps[SIDES];
static unsigned long lost;
static __u64 arrived;		/* when the segment at hand passed, us */

static void tap_one(enum side side, enum view view, const char *dev)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	int buffer = 1 << 25, one = 1;

	enter(view);
	at.sll_protocol = htons(ETH_P_ALL);
	at.sll_ifindex = if_nametoindex(dev);
	taps[side] = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			    htons(ETH_P_ALL));
	if (taps[side] < 0 || !at.sll_ifindex ||
	    bind(taps[side], (struct sockaddr *)&at, sizeof(at)))
		die(dev);
	setsockopt(taps[side], SOL_SOCKET, SO_RCVBUFFORCE, &buffer,
		   sizeof(buffer));
	setsockopt(taps[side], SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one));
}

void tap_open(void)
{
	tap_one(CLIENT, VIEW_C, "cr");
	tap_one(SERVER, VIEW_S, "sr");
}

static enum kind kind_of(const struct tcphdr *th, unsigned int bytes)
{
	if (th->rst)
		return RST;
	if (th->syn)
		return th->ack ? SYNACK : SYN;
	if (th->fin)
		return FIN;
	return bytes <= SMALL ? ACK : DATA;
}

/*
 * Would Linux take this ACK for one that brings a SYN cookie back?  Sequence and
 * acknowledgment number are added up in it with the MSS, of which it knows four
 * (net/ipv4/syncookies.c, check_tcp_syn_cookie()): so they may both have moved
 * on, by nearly the same.
 */
static bool brings_cookie(const struct conn *c, enum side from, __u32 seq,
			  __u32 ack)
{
	__s32 drift = (ack - c->know[!from][LEFT].isn) -
		      (seq - c->know[from][LEFT].isn);

	return from == CLIENT && c->know[!from][LEFT].n[SYNACK] &&
	       drift > -4 && drift < 4;
}

static void learn(struct conn *c, enum side from, enum level level,
		  const struct tcphdr *th, enum kind what, unsigned int len)
{
	struct know *know = &c->know[from][level];
	__u32 seq = ntohl(th->seq), ack = ntohl(th->ack_seq);

	know->n[what]++;
	if (th->rst) {
		know->rst_at = arrived;
		if (!know->rst_first)
			know->rst_first = arrived;
	} else {
		know->heard_at = arrived;
	}
	if (th->syn)
		know->isn = seq;
	/* doubled on its way, it is one */
	if (what == SYNACK && arrived - know->synack_at[0] > 200000) {
		know->synack_at[1] = know->synack_at[0];
		know->synack_at[0] = arrived;
	}
	if (th->fin) {
		if (know->n[FIN] == 1)
			know->fin_ack = ack;
		know->fin_end = seq + len + 1;
		know->fin_at = arrived;
	}
	if (!th->ack || th->rst)
		return;
	if (!know->acked || (__s32)(ack - know->ack) > 0)
		know->ack = ack;
	know->acked = true;
	if (!th->syn && brings_cookie(c, from, seq, ack))
		know->cookie_at = arrived;
	if (!know->fin_acked_at && c->know[!from][LEFT].n[FIN] &&
	    ack == c->know[!from][LEFT].fin_end)
		know->fin_acked_at = arrived;
	if (!know->acked_at && what != SYNACK)
		know->acked_at = arrived;
}

static void count(struct conn *c, enum side from, enum side tap,
		  const struct tcphdr *th, unsigned int bytes, unsigned int len)
{
	enum kind kind = kind_of(th, bytes);
	struct segment *log = &c->log[c->segments++ % LOG_SEGMENTS];
	bool held;

	if (from == tap) {
		held = c->held[from][BEFORE_ROUTER] & 1 << kind;
		c->unsure |= hold_changes(c, from, BEFORE_ROUTER, kind);
		learn(c, from, LEFT, th, kind, len);
		if (!held)
			learn(c, from, ROUTER, th, kind, len);
	} else {
		held = c->held[from][BEHIND_ALL] & 1 << kind;
		c->unsure |= hold_changes(c, from, BEHIND_ALL, kind);
		learn(c, from, FAR, th, kind, len);
		if (!held)
			learn(c, from, TAKEN, th, kind, len);
	}
	log->at = arrived;
	log->from = from;
	log->tap = tap;
	log->flags = ((const unsigned char *)th)[13];
	log->held = held;
	log->seq = ntohl(th->seq);
	log->ack = ntohl(th->ack_seq);
	log->win = ntohs(th->window);
	log->len = len;
}

static void take(const unsigned char *pkt, unsigned int len, enum side tap,
		 bool out)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)pkt;
	const struct iphdr *ip = (const struct iphdr *)pkt;
	enum side from = out ? tap : !tap;
	unsigned int at, bytes;
	const struct tcphdr *th;
	struct conn *c;

	if (ip->version == 4 && ip->protocol == IPPROTO_TCP) {
		at = ip->ihl * 4;
		bytes = ntohs(ip->tot_len);
	} else if (ip->version == 6 && ip6->nexthdr == IPPROTO_TCP) {
		at = sizeof(*ip6);
		bytes = at + ntohs(ip6->payload_len);
	} else {
		return;
	}
	if (at + sizeof(*th) > len)
		return;
	th = (const struct tcphdr *)(pkt + at);
	c = conn_of(ntohs(from == CLIENT ? th->source : th->dest));
	if (!c || c->dport != ntohs(from == CLIENT ? th->dest : th->source))
		return;
	count(c, from, tap, th, bytes, bytes - at - th->doff * 4);
}

static void read_stamp(struct msghdr *msg)
{
	struct cmsghdr *part;
	struct timespec ts;

	for (part = CMSG_FIRSTHDR(msg); part; part = CMSG_NXTHDR(msg, part)) {
		if (part->cmsg_level != SOL_SOCKET ||
		    part->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&ts, CMSG_DATA(part), sizeof(ts));
		arrived = ts.tv_sec * 1000000ULL + ts.tv_nsec / 1000;
	}
}

static bool drain_one(enum side side)
{
	unsigned char pkt[128], control[128];
	struct iovec vec = { pkt, sizeof(pkt) };
	struct sockaddr_ll from;
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &vec, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(taps[side], &msg, 0);

	if (n < 0)
		return false;
	read_stamp(&msg);
	if (n >= (ssize_t)sizeof(struct iphdr))
		take(pkt, n, side, from.sll_pkttype == PACKET_OUTGOING);
	return true;
}

/* tap_drain - whatever was seen since; before and after each change of rules */
void tap_drain(void)
{
	struct tpacket_stats stats;
	socklen_t len;
	enum side side;

	for (side = CLIENT; side < SIDES; side++) {
		while (drain_one(side))
			;
		len = sizeof(stats);
		if (!getsockopt(taps[side], SOL_PACKET, PACKET_STATISTICS,
				&stats, &len))
			lost += stats.tp_drops;
	}
}

unsigned long tap_lost(void)
{
	return lost;
}

static void flag_text(unsigned char flags, char *text)
{
	static const char letters[] = "FSRPAUEC";
	int i;

	for (i = 0; i < 8; i++)
		if (flags & 1 << i)
			*text++ = letters[i];
	*text = '\0';
}

static int earlier(const void *a, const void *b)
{
	const struct segment *one = a, *other = b;

	return one->at < other->at ? -1 : one->at > other->at;
}

/*
 * The last segments: sequence numbers from each end's SYN on. "cr>" left the
 * client, ">sr" arrived at the server, and so on.
 */
void tap_print(const struct conn *c)
{
	unsigned int n = c->segments < LOG_SEGMENTS ? c->segments :
						      LOG_SEGMENTS;
	struct segment log[LOG_SEGMENTS], *s;
	char flags[9];

	memcpy(log, c->log, sizeof(log));
	qsort(log, n, sizeof(*log), earlier);
	for (s = log; s < log + n; s++) {
		flag_text(s->flags, flags);
		printf("#    %9.3f %s %-4s seq %u len %u ack %u win %u%s\n",
		       (s->at - log->at) / 1e6,
		       s->from == CLIENT ? (s->tap == CLIENT ? "cr>" : ">sr") :
					   (s->tap == SERVER ? "<sr" : "cr<"),
		       flags, s->seq - c->know[s->from][LEFT].isn, s->len,
		       s->flags & 0x10 ?
				s->ack - c->know[!s->from][LEFT].isn : 0,
		       s->win, s->held ? " dropped by nft" : "");
	}
}
