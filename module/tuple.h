/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The canonical four-tuple: both directions of a connection have one key.
 */
#ifndef _TCT_TUPLE_H
#define _TCT_TUPLE_H

#include <linux/in6.h>
#include <linux/siphash.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/types.h>

/* Namespaces are numbered from 1: a key whose first word is 0 matches none */
#define TCT_NETID_MAX	((1 << 24) - 1)

#define TCT_KEY_FAMILY_SHIFT	32	/* 8 bits: AF_INET or AF_INET6 */
#define TCT_KEY_NETID_SHIFT	40	/* 24 bits */

/**
 * struct tct_key - the two endpoints, sorted
 * @meta: ports of the low and the high endpoint (network order, as they lie in
 *	memory), address family, number of the namespace
 * @addr: IPv4: low address, high address in @addr[0]; IPv6: low address in
 *	[0] and [1], high address in [2] and [3]
 *
 * The endpoints are compared by address, then by port, as integers: which one
 * is "low" has no meaning beyond being the same for both directions.  The
 * family keeps an IPv4-mapped IPv6 address apart from the IPv4 address.  The
 * namespace keeps a reader that strayed into another table, over a node that
 * was freed and used again, from finding what is not its own.
 */
struct tct_key {
	u64 meta;
	u64 addr[4];
};

/**
 * tct_key_is_ipv4() - family of a key
 * @key: the key
 *
 * Return: true for IPv4, false for IPv6.
 */
static inline bool tct_key_is_ipv4(const struct tct_key *key)
{
	return (u8)(key->meta >> TCT_KEY_FAMILY_SHIFT) == AF_INET;
}

/**
 * __tct_key_equal() - compare keys, where the family is known
 * @a: may change meanwhile: what matches is compared again under the flow's lock
 * @b: does not change
 * @ipv4: whether @b is one of IPv4
 *
 * Return: whether they are equal.
 */
static __always_inline bool __tct_key_equal(const struct tct_key *a,
					    const struct tct_key *b, bool ipv4)
{
	if (READ_ONCE(a->meta) != b->meta ||
	    READ_ONCE(a->addr[0]) != b->addr[0])
		return false;
	if (ipv4)
		return true;
	return READ_ONCE(a->addr[1]) == b->addr[1] &&
	       READ_ONCE(a->addr[2]) == b->addr[2] &&
	       READ_ONCE(a->addr[3]) == b->addr[3];
}

/**
 * tct_key_equal() - compare keys, as __tct_key_equal()
 * @a: may change meanwhile
 * @b: does not change
 *
 * Return: whether they are equal.
 */
static inline bool tct_key_equal(const struct tct_key *a,
				 const struct tct_key *b)
{
	return __tct_key_equal(a, b, tct_key_is_ipv4(b));
}

/**
 * tct_key_meta() - first word of a key
 * @netid: number of the namespace
 * @family: AF_INET or AF_INET6
 * @low: port of the low endpoint
 * @high: port of the high endpoint
 *
 * Return: the word.
 */
static inline u64 tct_key_meta(u32 netid, u8 family, __be16 low, __be16 high)
{
	return (u64)netid << TCT_KEY_NETID_SHIFT |
	       (u64)family << TCT_KEY_FAMILY_SHIFT |
	       (__force u32)high << 16 | (__force u16)low;
}

/**
 * tct_key_ipv4() - make the key of an IPv4 segment
 * @key: what to fill
 * @netid: number of the namespace
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port
 * @dport: destination port
 *
 * Return: the direction: 0 if the source is the low endpoint, else 1.
 */
static inline unsigned int tct_key_ipv4(struct tct_key *key, u32 netid,
					__be32 saddr, __be32 daddr,
					__be16 sport, __be16 dport)
{
	u64 addrs = (__force u32)saddr | (u64)(__force u32)daddr << 32;
	bool swap = saddr != daddr ?
		    (__force u32)saddr > (__force u32)daddr :
		    (__force u16)sport > (__force u16)dport;

	memset(&key->addr[1], 0, 3 * sizeof(key->addr[1]));
	key->addr[0] = swap ? addrs << 32 | addrs >> 32 : addrs;
	key->meta = swap ? tct_key_meta(netid, AF_INET, dport, sport) :
			   tct_key_meta(netid, AF_INET, sport, dport);
	return swap;
}

/**
 * tct_key_ipv6() - make the key of an IPv6 segment
 * @key: what to fill
 * @netid: number of the namespace
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port
 * @dport: destination port
 *
 * Return: the direction: 0 if the source is the low endpoint, else 1.
 */
static inline unsigned int tct_key_ipv6(struct tct_key *key, u32 netid,
					const struct in6_addr *saddr,
					const struct in6_addr *daddr,
					__be16 sport, __be16 dport)
{
	u64 src[2], dst[2];
	bool swap;

	memcpy(src, saddr, sizeof(src));
	memcpy(dst, daddr, sizeof(dst));
	if (src[0] != dst[0])
		swap = src[0] > dst[0];
	else if (src[1] != dst[1])
		swap = src[1] > dst[1];
	else
		swap = (__force u16)sport > (__force u16)dport;

	key->addr[swap ? 2 : 0] = src[0];
	key->addr[swap ? 3 : 1] = src[1];
	key->addr[swap ? 0 : 2] = dst[0];
	key->addr[swap ? 1 : 3] = dst[1];
	key->meta = tct_key_meta(netid, AF_INET6, swap ? dport : sport,
				 swap ? sport : dport);
	return swap;
}

/**
 * __tct_key_hash() - hash of a key, where the family is known
 * @key: the key
 * @secret: of the table: who chooses addresses and ports does not choose the
 *	chain
 * @ipv4: whether @key is one of IPv4
 *
 * Return: the hash.
 */
static __always_inline u32 __tct_key_hash(const struct tct_key *key,
					  const hsiphash_key_t *secret,
					  bool ipv4)
{
	if (ipv4)
		return hsiphash_3u32((u32)key->meta, (u32)key->addr[0],
				     (u32)(key->addr[0] >> 32), secret);
	return hsiphash(key, sizeof(*key), secret);
}

/**
 * tct_key_hash() - hash of a key, as __tct_key_hash()
 * @key: the key
 * @secret: of the table
 *
 * Return: the hash.
 */
static inline u32 tct_key_hash(const struct tct_key *key,
			       const hsiphash_key_t *secret)
{
	return __tct_key_hash(key, secret, tct_key_is_ipv4(key));
}

/**
 * struct tct_endpoint - one end of a key, for people
 * @addr: IPv4 in @addr.s6_addr32[0]
 * @port: network order
 */
struct tct_endpoint {
	struct in6_addr addr;
	__be16 port;
};

/**
 * tct_key_endpoint() - take an endpoint out of a key
 * @key: the key
 * @high: which endpoint
 * @ep: what to fill
 */
static __always_inline void tct_key_endpoint(const struct tct_key *key,
					     bool high,
					     struct tct_endpoint *ep)
{
	memset(ep, 0, sizeof(*ep));
	ep->port = (__force __be16)(u16)(key->meta >> (high ? 16 : 0));
	if (tct_key_is_ipv4(key))
		ep->addr.s6_addr32[0] =
			(__force __be32)(u32)(key->addr[0] >> (high ? 32 : 0));
	else
		memcpy(&ep->addr, &key->addr[high ? 2 : 0], sizeof(ep->addr));
}

#endif /* _TCT_TUPLE_H */
