/* SPDX-License-Identifier: GPL-2.0 */
/* Before 6.12 it is the architecture's */
#include <asm/unaligned.h>
