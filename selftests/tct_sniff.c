// SPDX-License-Identifier: GPL-2.0
/*
 * What reaches a namespace, as a packet socket sees it: a test that plays
 * one end by hand learns the other end's sequence numbers here.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

#include "tct_peer.h"

static int sniffer = -1;

/* sniff: from now on. The last one ends. */
static int cmd_sniff(struct tct_args *args)
{
	int buffer = 1 << 22;

	(void)args;
	if (sniffer >= 0)
		close(sniffer);
	sniffer = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC,
			 htons(ETH_P_ALL));
	if (sniffer < 0)
		return -errno;
	setsockopt(sniffer, SOL_SOCKET, SO_RCVBUFFORCE, &buffer,
		   sizeof(buffer));
	return 0;
}

/* TCP without IPv6 extension headers, or NULL. */
static const struct tcphdr *find_tcp(const unsigned char *pkt, int len,
				     int *payload)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)pkt;
	const struct iphdr *ip = (const struct iphdr *)pkt;
	const struct tcphdr *th;
	int at, end;

	if (len >= (int)sizeof(*ip) && ip->version == 4 &&
	    ip->protocol == IPPROTO_TCP) {
		at = ip->ihl * 4;
		end = ntohs(ip->tot_len);
	} else if (len >= (int)sizeof(*ip6) && ip6->version == 6 &&
		   ip6->nexthdr == IPPROTO_TCP) {
		at = sizeof(*ip6);
		end = at + ntohs(ip6->payload_len);
	} else {
		return NULL;
	}
	if (at + (int)sizeof(*th) > len)
		return NULL;
	th = (const struct tcphdr *)(pkt + at);
	*payload = end - at - th->doff * 4;
	return th;
}

static void flag_text(__u8 flags, char *text)
{
	static const char letters[] = TCT_FLAG_LETTERS;
	int i;

	for (i = 0; i < 8; i++)
		if (flags & 1 << i)
			*text++ = letters[i];
	*text = '\0';
}

/*
 * expect [sport=] [dport=] [flags=] [ms=]: the next one that arrived here and
 * is like that; flags are compared without PSH.
 */
static int cmd_expect(struct tct_args *args)
{
	long long end = tct_now_ms() + tct_num(args, "ms", tct_wait_ms);
	int sport = tct_num(args, "sport", 0), payload, err, flags, len;
	int dport = tct_num(args, "dport", 0);
	const char *want = tct_opt(args, "flags");
	struct sockaddr_ll from;
	const struct tcphdr *th;
	unsigned char pkt[2048];
	socklen_t from_len;
	char text[9];

	while (sniffer >= 0 && tct_now_ms() <= end) {
		err = tct_poll(sniffer, POLLIN, end - tct_now_ms());
		if (err)
			return err;
		from_len = sizeof(from);
		len = recvfrom(sniffer, pkt, sizeof(pkt), 0,
			       (struct sockaddr *)&from, &from_len);
		if (len < 0 || from.sll_pkttype == PACKET_OUTGOING)
			continue;
		th = find_tcp(pkt, len, &payload);
		if (!th || (sport && ntohs(th->source) != sport) ||
		    (dport && ntohs(th->dest) != dport))
			continue;
		flags = ((const unsigned char *)th)[13];
		if (want && (flags & ~0x08) != tct_tcp_flags(want))
			continue;
		flag_text(flags, text);
		tct_say("flags=%s seq=%u ack=%u win=%u len=%d", text,
			ntohl(th->seq), ntohl(th->ack_seq), ntohs(th->window),
			payload);
		return 0;
	}
	return sniffer < 0 ? -ENOENT : -ETIMEDOUT;
}

const struct tct_cmd tct_sniff_cmds[] = {
	{ "sniff", 0, cmd_sniff },
	{ "expect", 0, cmd_expect },
	{ }
};
