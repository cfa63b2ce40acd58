/* SPDX-License-Identifier: GPL-2.0 */
/* Userspace looks nothing up by hash: any function of key and secret will do */
#ifndef _TOOLS_LINUX_SIPHASH_H
#define _TOOLS_LINUX_SIPHASH_H

#include <linux/types.h>

typedef struct {
	unsigned long key[2];
} hsiphash_key_t;

/* FNV-1a */
static inline u32 hsiphash(const void *data, size_t len,
			   const hsiphash_key_t *key)
{
	u32 hash = 0x811c9dc5 ^ (u32)key->key[0] ^ (u32)key->key[1];
	const u8 *p = data;

	while (len--)
		hash = (hash ^ *p++) * 0x01000193;
	return hash;
}

static inline u32 hsiphash_3u32(u32 a, u32 b, u32 c, const hsiphash_key_t *key)
{
	u32 words[3] = { a, b, c };

	return hsiphash(words, sizeof(words), key);
}

#endif
