/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_KERNEL_H
#define _TOOLS_LINUX_KERNEL_H

#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))

#endif
