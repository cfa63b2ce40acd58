/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's types, for the module's pure C files in userspace */
#ifndef _TOOLS_LINUX_TYPES_H
#define _TOOLS_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include_next <linux/types.h>	/* __u8, __be16, ... */
#include <linux/compiler.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

#endif
