/* SPDX-License-Identifier: GPL-2.0 */
/* In userspace there is one thread: nothing to lock */
#ifndef _TOOLS_LINUX_SPINLOCK_H
#define _TOOLS_LINUX_SPINLOCK_H

#include <linux/kernel.h>
#include <linux/types.h>

typedef struct {
	u32 unused;
} spinlock_t;

#define spin_lock_init(lock)	((void)(lock))
#define spin_lock(lock)		((void)(lock))
#define spin_unlock(lock)	((void)(lock))

#define lockdep_assert_held(lock)	((void)(lock))

#endif
