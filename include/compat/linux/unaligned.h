/* SPDX-License-Identifier: GPL-2.0 */
/* Until 6.12 the header was asm's.  Found only where the kernel has none. */
#ifndef _TCT_COMPAT_LINUX_UNALIGNED_H
#define _TCT_COMPAT_LINUX_UNALIGNED_H

#include <asm/unaligned.h>

#endif
