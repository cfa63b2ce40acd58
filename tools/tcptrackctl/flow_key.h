/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tells one flow from all others.
 */
#ifndef _CTL_FLOW_KEY_H
#define _CTL_FLOW_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

/**
 * struct flow_key - a flow's name; has no holes, so that its octets compare
 * @netns: inode of its namespace
 * @addr: of both ends
 * @port: of both ends
 * @family: AF_INET or AF_INET6
 */
struct flow_key {
	uint64_t netns;
	uint8_t addr[RECORD_SIDES][16];
	uint16_t port[RECORD_SIDES];
	uint32_t family;
};

/**
 * flow_key_of() - the key of a flow
 * @key: the result
 * @record: the flow
 */
void flow_key_of(struct flow_key *key, const struct record *record);

/**
 * flow_key_same() - is it one flow?
 * @a: -
 * @b: -
 *
 * Return: whether.
 */
bool flow_key_same(const struct flow_key *a, const struct flow_key *b);

/**
 * flow_key_hash() - a number that flows differ in
 * @key: -
 *
 * Return: the number.
 */
uint32_t flow_key_hash(const struct flow_key *key);

#endif /* _CTL_FLOW_KEY_H */
