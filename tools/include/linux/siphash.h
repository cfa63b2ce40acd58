/* SPDX-License-Identifier: GPL-2.0 */
/* SipHash-1-3, as hsiphash() is on 64-bit machines; whole words only */
#ifndef _TOOLS_LINUX_SIPHASH_H
#define _TOOLS_LINUX_SIPHASH_H

#include <string.h>

#include <linux/types.h>

typedef struct {
	u64 key[2];
} hsiphash_key_t;

struct hsiphash_state {
	u64 v0, v1, v2, v3;
};

static inline u64 hsiphash_rol(u64 word, unsigned int by)
{
	return word << by | word >> (64 - by);
}

static inline void hsiphash_round(struct hsiphash_state *s)
{
	s->v0 += s->v1;
	s->v1 = hsiphash_rol(s->v1, 13) ^ s->v0;
	s->v0 = hsiphash_rol(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = hsiphash_rol(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = hsiphash_rol(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = hsiphash_rol(s->v1, 17) ^ s->v2;
	s->v2 = hsiphash_rol(s->v2, 32);
}

static inline void hsiphash_word(struct hsiphash_state *s, u64 word)
{
	s->v3 ^= word;
	hsiphash_round(s);
	s->v0 ^= word;
}

static inline struct hsiphash_state hsiphash_begin(const hsiphash_key_t *key)
{
	struct hsiphash_state s = {
		.v0 = key->key[0] ^ 0x736f6d6570736575ULL,
		.v1 = key->key[1] ^ 0x646f72616e646f6dULL,
		.v2 = key->key[0] ^ 0x6c7967656e657261ULL,
		.v3 = key->key[1] ^ 0x7465646279746573ULL,
	};

	return s;
}

static inline u32 hsiphash_end(struct hsiphash_state *s, u64 last)
{
	hsiphash_word(s, last);
	s->v2 ^= 0xff;
	hsiphash_round(s);
	hsiphash_round(s);
	hsiphash_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* @len: a multiple of 8 */
static inline u32 hsiphash(const void *data, size_t len,
			   const hsiphash_key_t *key)
{
	struct hsiphash_state s = hsiphash_begin(key);
	u64 word;
	size_t i;

	for (i = 0; i < len; i += sizeof(word)) {
		memcpy(&word, (const char *)data + i, sizeof(word));
		hsiphash_word(&s, word);
	}
	return hsiphash_end(&s, (u64)len << 56);
}

static inline u32 hsiphash_3u32(u32 a, u32 b, u32 c, const hsiphash_key_t *key)
{
	struct hsiphash_state s = hsiphash_begin(key);

	hsiphash_word(&s, (u64)b << 32 | a);
	return hsiphash_end(&s, (u64)12 << 56 | c);
}

#endif
