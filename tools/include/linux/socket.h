/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_SOCKET_H
#define _TOOLS_LINUX_SOCKET_H

#include <sys/socket.h>

#include_next <linux/socket.h>

#endif
