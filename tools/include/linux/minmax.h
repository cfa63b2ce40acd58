/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_MINMAX_H
#define _TOOLS_LINUX_MINMAX_H

#define __cmp(op, x, y) ({ \
	__auto_type __x = (x); \
	__auto_type __y = (y); \
	__x op __y ? __x : __y; })
#define min(x, y)	__cmp(<, x, y)
#define max(x, y)	__cmp(>, x, y)
#define min_t(t, x, y)	min((t)(x), (t)(y))
#define max_t(t, x, y)	max((t)(x), (t)(y))

#endif
