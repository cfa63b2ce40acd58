/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_MINMAX_H
#define _TOOLS_LINUX_MINMAX_H

#define min(x, y) ({ \
	__auto_type __x = (x); \
	__auto_type __y = (y); \
	__x < __y ? __x : __y; })
#define max(x, y) ({ \
	__auto_type __x = (x); \
	__auto_type __y = (y); \
	__x > __y ? __x : __y; })
#define min_t(t, x, y) ({ \
	__auto_type __x = (t)(x); \
	__typeof__(__x) __y = (y); \
	__x < __y ? __x : __y; })

#define max_t(t, x, y) ({ \
	__auto_type __x = (t)(x); \
	__typeof__(__x) __y = (y); \
	__x > __y ? __x : __y; })

#endif
