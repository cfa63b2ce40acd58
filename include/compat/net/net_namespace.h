/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Include as <compat/net/net_namespace.h>.
 *
 * Since 6.6 register_net_sysctl_sz() takes the table's size, and the old name
 * is a macro over it.  Before, the table's end was marked by an empty entry.
 * Tables that are registered here have both.
 */
#ifndef _TCT_COMPAT_NET_NET_NAMESPACE_H
#define _TCT_COMPAT_NET_NET_NAMESPACE_H

#include <net/net_namespace.h>

#ifndef register_net_sysctl
#define register_net_sysctl_sz(net, path, table, size) \
	((void)(size), register_net_sysctl(net, path, table))
#endif

#endif
