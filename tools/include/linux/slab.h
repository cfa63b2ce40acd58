/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_SLAB_H
#define _TOOLS_LINUX_SLAB_H

#include <errno.h>
#include <linux/types.h>

#define GFP_ATOMIC		0
#define __GFP_NOWARN		0
#define SLAB_TYPESAFE_BY_RCU	0
#define SLAB_HWCACHE_ALIGN	1

#define __init
#define __exit
#define __ro_after_init
#define __read_mostly

struct kmem_cache;

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, unsigned int flags);
void *kmem_cache_zalloc(struct kmem_cache *cache, unsigned int flags);
void kmem_cache_free(struct kmem_cache *cache, void *obj);

#endif
