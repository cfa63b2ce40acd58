/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_LINUX_RCULIST_NULLS_H
#define _TOOLS_LINUX_RCULIST_NULLS_H

struct hlist_nulls_node {
	struct hlist_nulls_node *next, **pprev;
};

#endif
