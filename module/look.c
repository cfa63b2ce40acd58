// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>

#include "look.h"

#define TCT_LOOK_AGAIN	3	/* times, at what differs */

u64 tct_look(struct net *net, struct tct_table __rcu **slot,
	     u64 same, struct tct_home home[2], struct tct_snapshot *snap,
	     struct tct_sockets *socks)
{
	unsigned int again = 0;
	u64 now;

	do {
		now = get_jiffies_64();
		tct_sock_look(net, snap, now, home, socks);
	} while ((socks->differ[0] || socks->differ[1]) &&
		 again++ < TCT_LOOK_AGAIN &&
		 tct_table_snapshot(slot, same, snap));
	return now;
}
