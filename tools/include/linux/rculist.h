/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_RCULIST_H
#define _TOOLS_LINUX_RCULIST_H

#include <linux/list.h>

#endif
