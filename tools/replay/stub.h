/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stands in for parse.h and account.h until the module has them.
 */
#ifndef _REPLAY_STUB_H
#define _REPLAY_STUB_H

#include <linux/skbuff.h>

#include "flow.h"

enum tct_verdict {
	TCT_PARSE_OK,
	TCT_PARSE_OTHER,
	TCT_PARSE_FRAGMENT,
	TCT_PARSE_SHORT,
	TCT_PARSE_HEADER,
	TCT_PARSE_FLAGS,
	TCT_PARSE_MAX
};

struct tct_parsed {
	struct tct_key key;
	struct tct_segment seg;
	unsigned int dir;
	bool from_low_port;
};

enum tct_verdict tct_parse_ipv4(struct tct_parsed *p,
				const struct sk_buff *skb);
enum tct_verdict tct_parse_ipv6(struct tct_parsed *p,
				const struct sk_buff *skb);
u32 tct_account_new(struct tct_flow *flow, const struct tct_parsed *p, u64 now);
u32 tct_account_known(struct tct_flow *flow, const struct tct_parsed *p,
		      u64 now);
bool tct_flow_settle(struct tct_flow *flow, const unsigned int *timeout,
		     u64 now);
bool tct_flow_is_refreshed(const struct tct_flow *flow, u32 ev);
u32 tct_clock_us(void);

#endif /* _REPLAY_STUB_H */
