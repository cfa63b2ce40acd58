/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_IN6_H
#define _TOOLS_LINUX_IN6_H

#include <netinet/in.h>

#endif
