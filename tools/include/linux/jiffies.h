/* SPDX-License-Identifier: GPL-2.0 */
/* In userspace a tick is a millisecond, unless the program says otherwise */
#ifndef _TOOLS_LINUX_JIFFIES_H
#define _TOOLS_LINUX_JIFFIES_H

#ifndef HZ
#define HZ	1000
#endif

#endif
