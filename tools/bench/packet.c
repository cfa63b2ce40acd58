// SPDX-License-Identifier: GPL-2.0
/*
 * Packets for the benchmark: what Linux hosts would send, field by field as
 * far as a connection tracker looks.
 */

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ktime.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "bench.h"

#define BENCH_ROOM		2048	/* bytes for headers and payload */
#define BENCH_PORT		80
#define BENCH_PORTS		50000	/* the peers' ports, from 1024 on */
#define BENCH_OPTLEN_SYN	20
#define BENCH_OPTLEN		12

static __be32 packet_addr(const struct bench_conn *conn, u8 end)
{
	return end == HOST ? htonl(0xc0000201) :
			     htonl(0x0a000001 + conn->id / BENCH_PORTS);
}

static __be16 packet_port(const struct bench_conn *conn, u8 end)
{
	return end == HOST ? htons(BENCH_PORT) :
			     htons(1024 + conn->id % BENCH_PORTS);
}

static void packet_put_ip4(struct sk_buff *skb, const struct bench_conn *conn,
			   u8 from, u32 l4len)
{
	struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tot_len = htons(sizeof(*iph) + l4len);
	iph->frag_off = htons(IP_DF);
	iph->ttl = 64;
	iph->protocol = conn->proto;
	iph->saddr = packet_addr(conn, from);
	iph->daddr = packet_addr(conn, !from);
	ip_send_check(iph);

	skb->protocol = htons(ETH_P_IP);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
}

static void packet_put_ip6(struct sk_buff *skb, const struct bench_conn *conn,
			   u8 from, u32 l4len)
{
	struct ipv6hdr *ip6h = skb_put_zero(skb, sizeof(*ip6h));

	ip6h->version = 6;
	ip6h->payload_len = htons(l4len);
	ip6h->nexthdr = conn->proto;
	ip6h->hop_limit = 64;
	ipv6_addr_set(&ip6h->saddr, htonl(0x20010db8), 0, 0,
		      packet_addr(conn, from));
	ipv6_addr_set(&ip6h->daddr, htonl(0x20010db8), 0, 0,
		      packet_addr(conn, !from));

	skb->protocol = htons(ETH_P_IPV6);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
}

/* MSS, SACK, timestamps and scale on a SYN, timestamps alone on the rest. */
static void packet_set_options(__be32 *opt, bool syn, u32 tsval, u32 tsecr)
{
	if (syn) {
		*opt++ = htonl(TCPOPT_MSS << 24 | TCPOLEN_MSS << 16 | 1460);
		*opt++ = htonl(TCPOPT_SACK_PERM << 24 |
			       TCPOLEN_SACK_PERM << 16 |
			       TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP);
	} else {
		*opt++ = htonl(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 |
			       TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP);
	}
	*opt++ = htonl(tsval);
	*opt++ = htonl(tsecr);
	if (syn)
		*opt++ = htonl(TCPOPT_NOP << 24 | TCPOPT_WINDOW << 16 |
			       TCPOLEN_WINDOW << 8 | 7);
}

static void packet_put_tcp(struct sk_buff *skb, struct bench_conn *conn,
			   const struct bench_step *step, u32 optlen)
{
	struct tcphdr *th = skb_put_zero(skb, sizeof(*th) + optlen);
	bool ack = step->flags & TCPHDR_ACK;
	bool syn = step->flags & TCPHDR_SYN;
	bool fin = step->flags & TCPHDR_FIN;
	u8 from = step->from;

	th->source = packet_port(conn, from);
	th->dest = packet_port(conn, !from);
	th->seq = htonl(conn->seq[from]);
	th->ack_seq = htonl(ack ? conn->seq[!from] : 0);
	tcp_flag_byte(th) = step->flags;
	th->doff = (sizeof(*th) + optlen) / 4;
	th->window = htons(syn ? 64240 : 502);

	conn->tsval[from] = conn->id + ktime_to_ms(ktime_get());
	packet_set_options((__be32 *)(th + 1), syn, conn->tsval[from],
			   ack ? conn->tsval[!from] : 0);
	conn->seq[from] += step->len + syn + fin;
}

static void packet_put_udp(struct sk_buff *skb, const struct bench_conn *conn,
			   const struct bench_step *step)
{
	struct udphdr *uh = skb_put_zero(skb, sizeof(*uh));

	uh->source = packet_port(conn, step->from);
	uh->dest = packet_port(conn, !step->from);
	uh->len = htons(sizeof(*uh) + step->len);
}

struct sk_buff *bench_packet_alloc(void)
{
	struct sk_buff *skb;

	skb = alloc_skb(NET_SKB_PAD + BENCH_ROOM, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_zero(skb, BENCH_ROOM);
	skb->pkt_type = PACKET_HOST;
	return skb;
}

void bench_packet_build(struct sk_buff *skb, struct bench_conn *conn,
			const struct bench_step *step, struct net_device *dev)
{
	bool tcp = conn->proto == IPPROTO_TCP;
	u32 optlen, l4len;

	optlen = step->flags & TCPHDR_SYN ? BENCH_OPTLEN_SYN : BENCH_OPTLEN;
	l4len = tcp ? sizeof(struct tcphdr) + optlen : sizeof(struct udphdr);
	l4len += step->len;

	skb_trim(skb, 0);
	skb_reset_network_header(skb);
	if (conn->family == AF_INET)
		packet_put_ip4(skb, conn, step->from, l4len);
	else
		packet_put_ip6(skb, conn, step->from, l4len);
	skb_set_transport_header(skb, skb->len);
	if (tcp)
		packet_put_tcp(skb, conn, step, optlen);
	else
		packet_put_udp(skb, conn, step);
	skb_put(skb, step->len);

	skb->dev = dev;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
}
