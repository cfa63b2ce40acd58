/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A second parser, written from the RFCs for being read: it knows a packet as an
 * array and looks at each octet's index first.
 */
#ifndef _FUZZ_REFERENCE_H
#define _FUZZ_REFERENCE_H

#include "parse.h"

/**
 * struct reference - what a packet is
 * @verdict: the rest is valid with TCT_PARSED
 * @seg: as in struct tct_parsed, like those below
 * @thoff: -
 * @tcplen: -
 * @partial: -
 * @from_low_port: -
 */
struct reference {
	enum tct_verdict verdict;
	struct tct_segment seg;
	unsigned int thoff;
	unsigned int tcplen;
	bool partial;
	bool from_low_port;
};

/**
 * reference_parse() - parse a packet
 * @ref: filled
 * @skb: its lengths and GSO; no octet is read from there
 * @data: its octets, all in one place
 * @ipv6: or else IPv4
 */
void reference_parse(struct reference *ref, const struct sk_buff *skb,
		     const u8 *data, bool ipv6);

#endif /* _FUZZ_REFERENCE_H */
