/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What /proc/tct_parity takes: records, each a header and the packet's octets.
 */
#ifndef _PARITY_RECORD_H
#define _PARITY_RECORD_H

#include <linux/types.h>

#define PARITY_OCTETS	(256 << 10)	/* of a packet, at the most */
#define PARITY_WIRE	0x40000000

/**
 * struct parity_record - the header, in the machine's byte order
 * @when: time, us; does not go back
 * @wire: octets of the packet on the wire, from its IP header on; up to
 *	PARITY_WIRE
 * @captured: of these, how many follow here; up to PARITY_OCTETS
 * @family: 4 or 6; 0: no packet, it is only that late
 */
struct parity_record {
	u64 when;
	u32 wire;
	u32 captured;
	u32 family;
	u32 unused;
};

#endif /* _PARITY_RECORD_H */
