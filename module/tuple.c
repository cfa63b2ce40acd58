// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>

#include "tuple.h"

void tct_key_endpoint(const struct tct_key *key, bool high,
		      struct tct_endpoint *ep)
{
	memset(ep, 0, sizeof(*ep));
	ep->port = (__force __be16)(u16)(key->meta >> (high ? 16 : 0));
	if (tct_key_is_ipv4(key))
		ep->addr.s6_addr32[0] =
			(__force __be32)(u32)(key->addr[0] >> (high ? 32 : 0));
	else
		memcpy(&ep->addr, &key->addr[high ? 2 : 0], sizeof(ep->addr));
}
