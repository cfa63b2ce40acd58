/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_COMPILER_H
#define _TOOLS_LINUX_COMPILER_H

#include <sys/cdefs.h>	/* __always_inline */

#define noinline	__attribute__((__noinline__))

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

/* What is known of the variable is forgotten: it has just this value */
#define OPTIMIZER_HIDE_VAR(x)	({ __asm__ ("" : "+r" (x)); })

#define __force

#define __aligned(x)	__attribute__((__aligned__(x)))
#define __noreturn	__attribute__((__noreturn__))
#define __printf(a, b)	__attribute__((__format__(__printf__, a, b)))

#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))

#endif
