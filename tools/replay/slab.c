// SPDX-License-Identifier: GPL-2.0
/*
 * Caches of objects of one size: taken from large blocks, given back to a list.
 * A block is never given back, so what is held is what was live at the most.
 *
 * Under AddressSanitizer each object is its own allocation, so that the use of
 * one that was freed shows.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/slab.h>

#define SLAB_BLOCK	(2 << 20)	/* a huge page, where there are */
#define SLAB_ALIGN	64

struct slab_free {
	struct slab_free *next;
};

struct kmem_cache {
	unsigned int size;
	void (*ctor)(void *obj);
	struct slab_free *free;
	struct slab_free *blocks;
};

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *obj))
{
	struct kmem_cache *cache = calloc(1, sizeof(*cache));

	(void)name;
	(void)align;
	(void)flags;
	if (!cache)
		return NULL;
	cache->size = (size + SLAB_ALIGN - 1) & ~(SLAB_ALIGN - 1);
	cache->ctor = ctor;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	struct slab_free *block;

	while (cache && (block = cache->blocks)) {
		cache->blocks = block->next;
		free(block);
	}
	free(cache);
}

#ifndef __SANITIZE_ADDRESS__
static void slab_refill(struct kmem_cache *cache)
{
	unsigned int at = SLAB_ALIGN;
	struct slab_free *block, *obj;

	block = aligned_alloc(SLAB_BLOCK, SLAB_BLOCK);
	if (!block)
		return;
	madvise(block, SLAB_BLOCK, MADV_HUGEPAGE);
	block->next = cache->blocks;
	cache->blocks = block;
	for (; at + cache->size <= SLAB_BLOCK; at += cache->size) {
		obj = (void *)((char *)block + at);
		obj->next = cache->free;
		cache->free = obj;
	}
}

static void *slab_take(struct kmem_cache *cache)
{
	struct slab_free *obj;

	if (!cache->free)
		slab_refill(cache);
	obj = cache->free;
	if (obj)
		cache->free = obj->next;
	return obj;
}

void kmem_cache_free(struct kmem_cache *cache, void *obj)
{
	struct slab_free *slot = obj;

	slot->next = cache->free;
	cache->free = slot;
}
#else
static void *slab_take(struct kmem_cache *cache)
{
	return aligned_alloc(SLAB_ALIGN, cache->size);
}

void kmem_cache_free(struct kmem_cache *cache, void *obj)
{
	(void)cache;
	free(obj);
}
#endif

/* The list goes through the objects: unlike in the kernel, the constructor runs
 * at each allocation.
 */
void *kmem_cache_alloc(struct kmem_cache *cache, unsigned int flags)
{
	void *obj = slab_take(cache);

	(void)flags;
	if (obj && cache->ctor)
		cache->ctor(obj);
	return obj;
}

void *kmem_cache_zalloc(struct kmem_cache *cache, unsigned int flags)
{
	void *obj = kmem_cache_alloc(cache, flags);

	return obj ? memset(obj, 0, cache->size) : NULL;
}
