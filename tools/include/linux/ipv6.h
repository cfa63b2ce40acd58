/* SPDX-License-Identifier: GPL-2.0 */
/* libc's addresses first: they are left out after the kernel's header */
#ifndef _TOOLS_LINUX_IPV6_H
#define _TOOLS_LINUX_IPV6_H

#include <linux/in6.h>

#include_next <linux/ipv6.h>

#endif
