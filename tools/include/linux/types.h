/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's types, for the module's pure C files in userspace */
#ifndef _TOOLS_LINUX_TYPES_H
#define _TOOLS_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/compiler.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;

typedef u16 __be16;
typedef u32 __be32;

#endif
