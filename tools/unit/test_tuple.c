// SPDX-License-Identifier: GPL-2.0
/*
 * The canonical key: one for both directions, and no other's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <linux/kernel.h>

#include "tuple.h"

/* struct side - one end, as in a packet; @family 0 after the last */
struct side {
	int family;
	const char *addr;
	u16 port;
};

/* Neighbours in every part, both byte orders, and what lies at the limits */
static const struct side sides[] = {
	{ AF_INET, "0.0.0.0", 0 },
	{ AF_INET, "0.0.0.1", 1 },
	{ AF_INET, "1.0.0.0", 1 },
	{ AF_INET, "10.0.0.1", 80 },
	{ AF_INET, "10.0.0.1", 20480 },
	{ AF_INET, "10.0.0.2", 80 },
	{ AF_INET, "10.0.0.2", 65535 },
	{ AF_INET, "127.0.0.1", 443 },
	{ AF_INET, "128.0.0.1", 443 },
	{ AF_INET, "255.255.255.255", 65535 },
	{ AF_INET6, "::", 0 },
	{ AF_INET6, "::1", 80 },
	{ AF_INET6, "::1", 20480 },
	{ AF_INET6, "::ffff:10.0.0.1", 80 },
	{ AF_INET6, "::ffff:10.0.0.2", 80 },
	{ AF_INET6, "::10.0.0.1", 80 },
	{ AF_INET6, "a00:1::", 80 },
	{ AF_INET6, "2001:db8::1", 80 },
	{ AF_INET6, "2001:db8::2", 80 },
	{ AF_INET6, "2001:db8:0:1::1", 80 },
	{ AF_INET6, "2001:db8:0:2::1", 80 },
	{ AF_INET6, "8000::", 80 },
	{ AF_INET6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535 },
};

/* What was there before must not show */
static unsigned int make_key(struct tct_key *key, u32 netid,
			     const struct side *src, const struct side *dst)
{
	struct in6_addr s, d;
	u32 s4, d4;

	assert_int_equal(src->family, dst->family);
	assert_int_equal(inet_pton(src->family, src->addr, &s), 1);
	assert_int_equal(inet_pton(dst->family, dst->addr, &d), 1);
	if (src->family == AF_INET6)
		return tct_key_ipv6(key, netid, &s, &d, htons(src->port),
				    htons(dst->port));
	memcpy(&s4, &s, sizeof(s4));
	memcpy(&d4, &d, sizeof(d4));
	return tct_key_ipv4(key, netid, s4, d4, htons(src->port),
			    htons(dst->port));
}

static u32 hash(const struct tct_key *key)
{
	static const hsiphash_key_t secret = { { 1, 2 } };

	return tct_key_hash(key, &secret);
}

static bool same_side(const struct side *a, const struct side *b)
{
	return a->family == b->family && a->port == b->port &&
	       !strcmp(a->addr, b->addr);
}

#define PAIRS	(ARRAY_SIZE(sides) * ARRAY_SIZE(sides))

/* The @i-th pair. Return: whether there can be a connection between the two. */
static bool pair(unsigned int i, const struct side **a, const struct side **b)
{
	*a = &sides[i / ARRAY_SIZE(sides)];
	*b = &sides[i % ARRAY_SIZE(sides)];
	return (*a)->family == (*b)->family;
}

/* Both directions: one key, one hash, and each its own direction */
static void directions_share_a_key(void **state)
{
	const struct side *a, *b;
	struct tct_key there, back;
	unsigned int dir, i;

	(void)state;
	for (i = 0; i < PAIRS; i++) {
		if (!pair(i, &a, &b))
			continue;
		memset(&there, 0x55, sizeof(there));
		memset(&back, 0xaa, sizeof(back));
		dir = make_key(&there, 7, a, b);
		assert_true(dir <= 1);
		if (same_side(a, b))
			assert_int_equal(dir, 0);
		else
			assert_int_equal(make_key(&back, 7, b, a), !dir);
		make_key(&back, 7, b, a);
		assert_true(tct_key_equal(&there, &back));
		assert_true(tct_key_equal(&back, &there));
		assert_int_equal(hash(&there), hash(&back));
	}
}

/* Any other two ends: another key */
static void other_pairs_have_other_keys(void **state)
{
	const struct side *a, *b, *c, *d;
	struct tct_key one, two;
	unsigned int i, j;

	(void)state;
	for (i = 0; i < PAIRS; i++) {
		if (!pair(i, &a, &b))
			continue;
		memset(&one, 0x55, sizeof(one));
		make_key(&one, 1, a, b);
		for (j = 0; j < PAIRS; j++) {
			bool same;

			if (!pair(j, &c, &d))
				continue;
			same = (same_side(a, c) && same_side(b, d)) ||
			       (same_side(a, d) && same_side(b, c));
			memset(&two, 0x55, sizeof(two));
			make_key(&two, 1, c, d);
			if (tct_key_equal(&one, &two) != same)
				fail_msg("%s %u %s %u, %s %u %s %u", a->addr,
					 a->port, b->addr, b->port, c->addr,
					 c->port, d->addr, d->port);
		}
	}
}

/* The ends change their ports: other connections between the same hosts */
static void ports_belong_to_addresses(void **state)
{
	const struct side a = { AF_INET, "10.0.0.1", 80 };
	const struct side b = { AF_INET, "10.0.0.2", 1024 };
	const struct side c = { AF_INET, "10.0.0.1", 1024 };
	const struct side d = { AF_INET, "10.0.0.2", 80 };
	struct tct_key one, two;

	(void)state;
	make_key(&one, 1, &a, &b);
	make_key(&two, 1, &c, &d);
	assert_false(tct_key_equal(&one, &two));
}

/* An endpoint's connection to itself: both ends are one, and the source is the
 * low one by agreement
 */
static void self_is_low(void **state)
{
	struct tct_endpoint low, high;
	struct tct_key key;
	const struct side *a;

	(void)state;
	for (a = sides; a < sides + ARRAY_SIZE(sides); a++) {
		assert_int_equal(make_key(&key, 1, a, a), 0);
		tct_key_endpoint(&key, false, &low);
		tct_key_endpoint(&key, true, &high);
		assert_memory_equal(&low, &high, sizeof(low));
	}
}

/* RFC 4291 section 2.5.5.2: an IPv4-mapped address is not the IPv4 address, not
 * even with the same bits where the key has them
 */
static void mapped_is_not_ipv4(void **state)
{
	const struct side a4 = { AF_INET, "10.0.0.1", 80 };
	const struct side b4 = { AF_INET, "10.0.0.2", 80 };
	const struct side a6 = { AF_INET6, "::ffff:10.0.0.1", 80 };
	const struct side b6 = { AF_INET6, "::ffff:10.0.0.2", 80 };
	struct tct_key four, six;

	(void)state;
	memset(&four, 0, sizeof(four));
	make_key(&four, 1, &a4, &b4);
	make_key(&six, 1, &a6, &b6);
	assert_true(tct_key_is_ipv4(&four));
	assert_false(tct_key_is_ipv4(&six));
	assert_false(tct_key_equal(&four, &six));
	assert_false(tct_key_equal(&six, &four));
	memcpy(six.addr, four.addr, sizeof(six.addr));
	assert_false(tct_key_equal(&four, &six));
	assert_false(tct_key_equal(&six, &four));
}

/* Of IPv4 only the first address word counts; the rest is not what happened to be
 * there
 */
static void ipv4_clears_the_rest(void **state)
{
	const struct side a = { AF_INET, "10.0.0.1", 80 };
	const struct side b = { AF_INET, "10.0.0.2", 81 };
	struct tct_key one, two;

	(void)state;
	memset(&one, 0x55, sizeof(one));
	memset(&two, 0xaa, sizeof(two));
	make_key(&one, 1, &a, &b);
	make_key(&two, 1, &b, &a);
	assert_true(tct_key_equal(&one, &two));
	assert_memory_equal(&one, &two, sizeof(one));
	two.addr[1]++;
	two.addr[2]++;
	two.addr[3]++;
	assert_true(tct_key_equal(&one, &two));
	assert_int_equal(hash(&one), hash(&two));
}

/* Each word of an IPv6 key counts */
static void every_word_counts(void **state)
{
	const struct side a = { AF_INET6, "2001:db8::1", 80 };
	const struct side b = { AF_INET6, "2001:db8::2", 81 };
	struct tct_key one, two;
	unsigned int i;

	(void)state;
	make_key(&one, 1, &a, &b);
	for (i = 0; i < 4; i++) {
		two = one;
		two.addr[i] ^= 1ULL << (16 * i);
		assert_false(tct_key_equal(&one, &two));
		assert_false(tct_key_equal(&two, &one));
		assert_int_not_equal(hash(&one), hash(&two));
	}
	two = one;
	two.meta ^= 1;
	assert_false(tct_key_equal(&one, &two));
	assert_int_not_equal(hash(&one), hash(&two));
}

/* A namespace's flow is not another's, also with the last number there is */
static void namespaces_are_apart(void **state)
{
	static const u32 netids[] = { 1, 2, 256, 65536, TCT_NETID_MAX };
	struct tct_key one, two;
	const struct side *a;
	unsigned int i, j;

	(void)state;
	for (a = sides; a < sides + ARRAY_SIZE(sides); a++)
		for (i = 0; i < ARRAY_SIZE(netids); i++)
			for (j = 0; j < ARRAY_SIZE(netids); j++) {
				make_key(&one, netids[i], a, a);
				make_key(&two, netids[j], a, a);
				assert_int_equal(tct_key_equal(&one, &two),
						 i == j);
				assert_int_equal(tct_key_is_ipv4(&one),
						 a->family == AF_INET);
			}
}

/* Namespaces count from 1: the key of a dead flow is nobody's */
static void dead_key_matches_none(void **state)
{
	struct tct_key dead, key;
	const struct side *a, *b;
	unsigned int i;

	(void)state;
	for (i = 0; i < PAIRS; i++) {
		if (!pair(i, &a, &b))
			continue;
		make_key(&key, 1, a, b);
		assert_true(key.meta);
		dead = key;
		dead.meta = 0;
		assert_false(tct_key_equal(&dead, &key));
	}
}

/* What was put in comes out: the direction says which end is which */
static void endpoints_come_back(void **state)
{
	const struct side *a, *b;
	struct tct_endpoint src, dst;
	struct in6_addr addr;
	struct tct_key key;
	unsigned int dir, i;

	(void)state;
	for (i = 0; i < PAIRS; i++) {
		if (!pair(i, &a, &b))
			continue;
		memset(&key, 0x55, sizeof(key));
		dir = make_key(&key, TCT_NETID_MAX, a, b);
		memset(&src, 0x55, sizeof(src));
		tct_key_endpoint(&key, dir, &src);
		tct_key_endpoint(&key, !dir, &dst);
		assert_int_equal(src.port, htons(a->port));
		assert_int_equal(dst.port, htons(b->port));
		memset(&addr, 0, sizeof(addr));
		inet_pton(a->family, a->addr, &addr);
		assert_memory_equal(&src.addr, &addr, sizeof(addr));
		memset(&addr, 0, sizeof(addr));
		inet_pton(b->family, b->addr, &addr);
		assert_memory_equal(&dst.addr, &addr, sizeof(addr));
	}
}

/* Which end is low is an order: it does not depend on who asks, and if a is
 * below b and b below c, a is below c
 */
static void low_and_high_are_an_order(void **state)
{
	const struct side *a, *b, *c;
	struct tct_key key;
	unsigned int i;

	(void)state;
	for (i = 0; i < PAIRS; i++) {
		if (!pair(i, &a, &b))
			continue;
		if (make_key(&key, 1, a, b))
			continue;
		for (c = sides; c < sides + ARRAY_SIZE(sides); c++)
			if (c->family == b->family &&
			    !make_key(&key, 1, b, c))
				assert_int_equal(make_key(&key, 1, a, c), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directions_share_a_key),
		cmocka_unit_test(other_pairs_have_other_keys),
		cmocka_unit_test(ports_belong_to_addresses),
		cmocka_unit_test(self_is_low),
		cmocka_unit_test(mapped_is_not_ipv4),
		cmocka_unit_test(ipv4_clears_the_rest),
		cmocka_unit_test(every_word_counts),
		cmocka_unit_test(namespaces_are_apart),
		cmocka_unit_test(dead_key_matches_none),
		cmocka_unit_test(endpoints_come_back),
		cmocka_unit_test(low_and_high_are_an_order),
	};

	return cmocka_run_group_tests_name("tuple", tests, NULL, NULL);
}
