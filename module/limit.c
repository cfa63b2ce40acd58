// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

#include "limit.h"

/* A flow takes up to about 460 bytes with its detail and its share of the
 * buckets: one for each 16 KiB of memory leaves 97 % to others.
 */
#define TCT_BYTES_PER_FLOW_SHIFT	14
#define TCT_DEFAULT_MAX_LEAST		16384UL
#define TCT_DEFAULT_MAX_MOST		1048576UL

/* RFC 5382 section 5 asks for 2 h 4 min at least of idle established and
 * half-closed connections; 5 days is what Linux's own tracker gives
 */
#define TCT_ESTABLISHED_TIMEOUT	(5U * 24 * 60 * 60)

/* An end that waits for the ACK of its FIN repeats it, or probes a zero window,
 * every TCP_RTO_MAX (120 s) at the latest, or has given up: two of these
 */
#define TCT_CLOSING_TIMEOUT	300U

/* both ends gone; kept so that one can see how it ended */
#define TCT_CLOSED_TIMEOUT	10U

unsigned int tct_limit_children __read_mostly;
unsigned int tct_limit_global __read_mostly;

static atomic_t tct_flows_children = ATOMIC_INIT(0);
static atomic_t tct_flows_all = ATOMIC_INIT(0);
static atomic64_t tct_buckets_children = ATOMIC64_INIT(0);

/* buckets that all children may have for each flow that they may have */
#define TCT_BUCKETS_PER_FLOW	4

unsigned int tct_limit_default_max(void)
{
	unsigned long flows = totalram_pages() >>
			      (TCT_BYTES_PER_FLOW_SHIFT - PAGE_SHIFT);

	return clamp(flows, TCT_DEFAULT_MAX_LEAST, TCT_DEFAULT_MAX_MOST);
}

/* When connect() gives up: the last of the repeated SYNs has waited its time
 * (Documentation/networking/ip-sysctl.rst, tcp_syn_retries).
 */
static unsigned int tct_syn_give_up(const struct net *net)
{
	unsigned int retries = READ_ONCE(net->ipv4.sysctl_tcp_syn_retries);
	/* since 6.5 the first four repetitions are not backed off, and the
	 * seventh and later wait TCP_RTO_MAX
	 */
	unsigned int linear = 4, capped = retries > 6 ? retries - 6 : 0;

	return linear + (2U << min(retries, 6U)) - 1 +
	       capped * (TCP_RTO_MAX / HZ);
}

void tct_limit_config(struct tct_config *config, const struct net *net,
		      unsigned int max)
{
	config->max = max;
	config->half_open_max = max(max / 4, 1U);
	config->timeout[TCT_CLASS_HALF_OPEN] = tct_syn_give_up(net) * HZ;
	config->timeout[TCT_CLASS_ESTABLISHED] = TCT_ESTABLISHED_TIMEOUT * HZ;
	config->timeout[TCT_CLASS_HALF_CLOSED] = TCT_ESTABLISHED_TIMEOUT * HZ;
	config->timeout[TCT_CLASS_CLOSING] = TCT_CLOSING_TIMEOUT * HZ;
	config->timeout[TCT_CLASS_TIME_WAIT] = TCP_TIMEWAIT_LEN;
	config->timeout[TCT_CLASS_CLOSED] = TCT_CLOSED_TIMEOUT * HZ;
	config->keep_detail = false;
}

void __init tct_limit_init(unsigned int max)
{
	tct_limit_children = tct_limit_default_max() / 4;
	tct_limit_global = min_t(u64, (u64)max + tct_limit_children, INT_MAX);
}

bool tct_limit_exceeded(bool child)
{
	if (child && atomic_read(&tct_flows_children) >
		     (int)READ_ONCE(tct_limit_children))
		return true;
	return atomic_read(&tct_flows_all) > (int)READ_ONCE(tct_limit_global);
}

bool tct_limit_charge(bool child)
{
	if (child)
		atomic_inc(&tct_flows_children);
	atomic_inc(&tct_flows_all);
	return !tct_limit_exceeded(child);
}

void tct_limit_uncharge(bool child)
{
	if (child)
		atomic_dec(&tct_flows_children);
	atomic_dec(&tct_flows_all);
}

bool tct_limit_charge_buckets(u32 buckets)
{
	s64 most = (s64)TCT_BUCKETS_PER_FLOW * READ_ONCE(tct_limit_children);

	if (atomic64_add_return(buckets, &tct_buckets_children) <= most)
		return true;
	tct_limit_uncharge_buckets(buckets);
	return false;
}

void tct_limit_uncharge_buckets(u32 buckets)
{
	atomic64_sub(buckets, &tct_buckets_children);
}
