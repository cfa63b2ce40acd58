/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two halves of the benchmark share: connections and their packets.
 */
#ifndef _TCT_BENCH_H
#define _TCT_BENCH_H

#include <linux/skbuff.h>
#include <linux/types.h>

/* Who sends: the far end's packets come in, this host's go out. */
enum bench_end {
	PEER,
	HOST,
	BENCH_ENDS,
};

/**
 * struct bench_step - a packet of a connection
 * @from: enum bench_end
 * @flags: TCPHDR_*; ignored for UDP
 * @len: payload, bytes
 */
struct bench_step {
	u8	from;
	u8	flags;
	u16	len;
};

/**
 * struct bench_conn - a connection, as far as its next packet depends on it
 * @id: gives the addresses and ports
 * @family: AF_INET or AF_INET6
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @seq: the sequence number each end sends next
 * @tsval: the timestamp each end sent last
 */
struct bench_conn {
	u32	id;
	u8	family;
	u8	proto;
	u32	seq[BENCH_ENDS];
	u32	tsval[BENCH_ENDS];
};

/* What comes after the last step. */
#define BENCH_END	{ .from = BENCH_ENDS }

/**
 * bench_packet_alloc - a buffer that packets can be built in, again and again
 *
 * Context: may sleep.
 * Return: the buffer, or NULL.
 */
struct sk_buff *bench_packet_alloc(void);

/**
 * bench_packet_build - make a buffer the next packet of a connection
 * @skb: from bench_packet_alloc()
 * @conn: moves on by this packet
 * @step: what to send
 * @dev: the device the packet comes from or goes to
 *
 * The packet is linear and as the stack would give it to the hooks. One end
 * acknowledges all that the other has sent.
 *
 * Context: any.
 */
void bench_packet_build(struct sk_buff *skb, struct bench_conn *conn,
			const struct bench_step *step, struct net_device *dev);

#endif /* _TCT_BENCH_H */
