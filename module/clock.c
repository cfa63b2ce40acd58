// SPDX-License-Identifier: GPL-2.0
/*
 * The time of packets.  A file of its own, so that a test that feeds packets of
 * another time puts its own in its place.
 */
#include <linux/ktime.h>
#include <linux/math64.h>

#include "account.h"

u32 tct_clock_us(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_USEC);
}
