/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TCT_FILL_H
#define _TCT_FILL_H

#include <linux/types.h>

struct seq_file;
struct tct_snapshot;
struct tct_sockets;

/* Octets that a line may take; none is half as long */
#define TCT_FILL_MAX	4000

/**
 * tct_fill_line() - print a flow as a line of /proc/net/tcptrack
 * @m: where; without TCT_FILL_MAX octets of room it has overflowed, as seq_file
 *	calls that
 * @snap: the flow
 * @socks: the sockets at its ends; NULL where nothing is known of any
 * @now: ticks, the time that ages and idle times are counted to
 *
 * The fields are described in Documentation/proc.rst; new ones are only ever
 * appended.
 */
void tct_fill_line(struct seq_file *m, const struct tct_snapshot *snap,
		   const struct tct_sockets *socks, u64 now);

#endif /* _TCT_FILL_H */
