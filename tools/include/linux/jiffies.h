/* SPDX-License-Identifier: GPL-2.0 */
/* In userspace a tick is a millisecond */
#ifndef _TOOLS_LINUX_JIFFIES_H
#define _TOOLS_LINUX_JIFFIES_H

#define HZ	1000

#endif
