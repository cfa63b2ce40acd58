/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Include as <compat/linux/sysctl.h>.
 *
 * Since 6.11 a proc_handler is given a const table.  DEFINE_PROC_HANDLER(name)
 * begins the definition of one with a const table, and PROC_HANDLER(name) is a
 * pointer to it of the type that this kernel has.
 */
#ifndef _TCT_COMPAT_LINUX_SYSCTL_H
#define _TCT_COMPAT_LINUX_SYSCTL_H

#include <linux/sysctl.h>

#define DEFINE_PROC_HANDLER(name)					\
static int const_##name(const struct ctl_table *ctl, int write,	\
			void *buffer, size_t *lenp, loff_t *ppos);	\
static int __maybe_unused nonconst_##name(struct ctl_table *ctl,	\
					  int write, void *buffer,	\
					  size_t *lenp, loff_t *ppos)	\
{									\
	return const_##name(ctl, write, buffer, lenp, ppos);		\
}									\
static int const_##name(const struct ctl_table *ctl, int write,	\
			void *buffer, size_t *lenp, loff_t *ppos)

#define PROC_HANDLER(name)						\
	__builtin_choose_expr(						\
		__builtin_types_compatible_p(proc_handler,		\
					     typeof(const_##name)),	\
		const_##name, nonconst_##name)

#endif
