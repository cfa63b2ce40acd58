// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "flow_key.h"

void flow_key_of(struct flow_key *key, const struct record *record)
{
	unsigned int side;

	memset(key, 0, sizeof(*key));
	key->netns = record_number(record->attr[TCPTRACK_A_FLOW_NETNS]);
	key->family = record->family;
	for (side = 0; side < RECORD_SIDES; side++) {
		memcpy(key->addr[side], record->end[side].addr,
		       sizeof(key->addr[side]));
		key->port[side] = record->end[side].port;
	}
}

bool flow_key_same(const struct flow_key *a, const struct flow_key *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Words that are multiplied and folded: of a million flows most differ */
uint32_t flow_key_hash(const struct flow_key *key)
{
	const uint8_t *at = (const uint8_t *)key;
	uint64_t hash = 0, word;
	size_t i;

	for (i = 0; i < sizeof(*key); i += sizeof(word)) {
		memcpy(&word, at + i, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 32;
	}
	return hash;
}
