/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_UNALIGNED_H
#define _TOOLS_LINUX_UNALIGNED_H

#define get_unaligned(from)						\
({									\
	const struct { __typeof__(*(from)) val; } __attribute__((__packed__)) \
		*_from = (const void *)(from);				\
	_from->val;							\
})

#define put_unaligned(value, to)					\
({									\
	struct { __typeof__(*(to)) val; } __attribute__((__packed__))	\
		*_to = (void *)(to);					\
	_to->val = (value);						\
})

#endif
