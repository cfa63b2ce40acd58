// SPDX-License-Identifier: GPL-2.0
/*
 * The module's own files, fed with the packets of a capture at the capture's
 * times: what they make of them must be what tcptrackctl replay says.
 *
 * /proc/tct_parity takes records (record.h), in pieces of any size. Reading it
 * shows the flows at the time of the last. Truncating it, as a shell's > does,
 * begins anew. It stands in for hook.c, netns.c and clock.c, and, since nobody
 * listens to events, for filter.c; expiry is done before each packet instead of by
 * the clock.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/skbuff.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "account.h"
#include "fill.h"
#include "filter.h"
#include "gc.h"
#include "packet.h"
#include "record.h"
#include "table.h"
#include "walk.h"

#define PARITY_NETID	1
#define PARITY_FLOWS	BIT(20)
#define PARITY_STEP	(60ULL * 60 * HZ)	/* far less than 2^31 */
#define PARITY_NAME	"tct_parity"

/* In a packet that is not linear: where its linear part ends, from one packet to
 * the next, behind the IP header; and what its first fragment holds
 */
#define PARITY_LINEAR	67
#define PARITY_FRAGMENT	7

/**
 * struct parity - the one test
 * @lock: Protects: all of this
 * @table: the flows
 * @config: its configuration
 * @now: time that has been reached, ticks
 * @us: the same
 * @packets: so far
 * @have: octets at @record and @octets
 * @record: of the record that is on its way
 * @octets: the same
 */
static struct parity {
	struct mutex lock;	/* Protects: all of this */
	struct tct_table __rcu *table;
	struct tct_config config;
	u64 now;
	u64 us;
	u32 packets;
	size_t have;
	struct parity_record record;
	u8 *octets;
} parity;

int tct_filter_parse(struct tct_filter *filter, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	return -EOPNOTSUPP;
}

bool tct_filter_matches(const struct tct_filter *filter,
			const struct tct_snapshot *snap, u64 now)
{
	return true;
}

u32 tct_clock_us(void)
{
	return parity.us;
}

static struct tct_table *parity_table(void)
{
	return rcu_dereference_protected(parity.table,
					 lockdep_is_held(&parity.lock));
}

/* the worker goes by the machine's clock, and here that is not the time */
static void parity_no_work(struct work_struct *work)
{
}

static int parity_begin(void)
{
	struct tct_table *table;

	table = tct_table_alloc(PARITY_NETID, false, &parity.config);
	if (!table)
		return -ENOMEM;
	INIT_DELAYED_WORK(&table->gc, parity_no_work);
	rcu_assign_pointer(parity.table, table);
	parity.now = 0;
	parity.us = 0;
	parity.packets = 0;
	parity.have = 0;
	return 0;
}

static void parity_end(void)
{
	struct tct_table *table = parity_table();

	if (!table)
		return;
	RCU_INIT_POINTER(parity.table, NULL);
	tct_table_stop(table);
	tct_gc_exit(table);
	tct_table_free(table);
}

static void parity_expire(struct tct_table *table, u64 now)
{
	unsigned int i;

	for (i = 0; i <= table->shard_mask; i++) {
		rcu_read_lock();
		while (tct_gc_shard(table, &table->shard[i], now))
			;
		rcu_read_unlock();
		cond_resched();
	}
}

/* Deadlines are compared as 32-bit differences: not too far at once */
static void parity_advance(struct tct_table *table, u64 us)
{
	u64 target = div_u64(us, USEC_PER_SEC / HZ);

	parity.us = us;
	while (parity.now < target) {
		if (atomic_read(&table->count))
			parity.now = min(target, parity.now + PARITY_STEP);
		else
			parity.now = target;
		parity_expire(table, parity.now);
	}
}

static bool parity_add_page(struct sk_buff *skb, const u8 *octets,
			    unsigned int len)
{
	unsigned int order = get_order(len);
	struct page *page;

	if (!len)
		return true;
	page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);
	if (!page)
		return false;
	memcpy(page_address(page), octets, len);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, len,
			PAGE_SIZE << order);
	return true;
}

/* @linear: octets that are not in pages */
static struct sk_buff *parity_skb(const struct parity_record *record,
				  const u8 *octets, unsigned int linear)
{
	unsigned int missing = record->wire - record->captured;
	unsigned int paged = record->captured - linear;
	unsigned int first = min_t(unsigned int, paged, PARITY_FRAGMENT);
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + linear, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_reset_network_header(skb);
	skb_put_data(skb, octets, linear);
	octets += linear;
	if (!parity_add_page(skb, octets, first) ||
	    !parity_add_page(skb, octets + first, paged - first)) {
		kfree_skb(skb);
		return NULL;
	}
	/* What the capture cut off is counted, but nowhere to be found: whoever
	 * looks for it is told so.
	 */
	skb->len += missing;
	skb->data_len += missing;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

/* Does the stack bring it to the hooks, and hook.c to packet.c? */
static bool parity_is_hooked(const struct parity_record *record,
			     const u8 *octets, unsigned int *header)
{
	if (record->family == 4) {
		*header = sizeof(struct iphdr);
		return record->captured >= *header && octets[0] >> 4 == 4 &&
		       octets[offsetof(struct iphdr, protocol)] == IPPROTO_TCP;
	}
	*header = sizeof(struct ipv6hdr);
	return record->captured >= *header && octets[0] >> 4 == 6 &&
	       octets[offsetof(struct ipv6hdr, nexthdr)] != IPPROTO_UDP;
}

static int parity_packet(struct tct_table *table,
			 const struct parity_record *record, const u8 *octets)
{
	const struct nf_hook_state state = {
		.hook	= NF_INET_FORWARD,
		.pf	= record->family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6,
		.net	= &init_net,
	};
	unsigned int linear = record->captured, header;
	struct sk_buff *skb;

	if (!parity_is_hooked(record, octets, &header))
		return 0;
	if (parity.packets++ % 2)
		linear = min(linear, header + parity.packets % PARITY_LINEAR);
	skb = parity_skb(record, octets, linear);
	if (!skb)
		return -ENOMEM;
	rcu_read_lock();
	if (record->family == 4)
		tct_packet_ipv4(table, skb, &state, parity.now);
	else
		tct_packet_ipv6(table, skb, &state, parity.now);
	rcu_read_unlock();
	kfree_skb(skb);
	return 0;
}

static int parity_feed(struct tct_table *table)
{
	const struct parity_record *record = &parity.record;

	parity_advance(table, record->when);
	if (!record->family)
		return 0;
	return parity_packet(table, record, parity.octets);
}

static bool parity_is_valid(const struct parity_record *record)
{
	return record->when >= parity.us && record->wire <= PARITY_WIRE &&
	       record->captured <= min_t(u32, record->wire, PARITY_OCTETS) &&
	       (!record->family || record->family == 4 || record->family == 6);
}

/* Take a piece of the record. Return: its octets. */
static ssize_t parity_take(const char __user *from, size_t len)
{
	size_t at = parity.have, end = sizeof(parity.record);
	u8 *to = (u8 *)&parity.record + at;

	if (at >= end) {
		to = parity.octets + at - end;
		end += parity.record.captured;
	}
	len = min(len, end - at);
	if (copy_from_user(to, from, len))
		return -EFAULT;
	parity.have += len;
	if (parity.have == sizeof(parity.record) &&
	    !parity_is_valid(&parity.record))
		return -EINVAL;
	return len;
}

static ssize_t parity_write(struct file *file, const char __user *from,
			    size_t len, loff_t *pos)
{
	struct tct_table *table;
	ssize_t n = 0;
	size_t at;

	mutex_lock(&parity.lock);
	table = parity_table();
	if (!table)
		n = -ENOMEM;
	for (at = 0; at < len && n >= 0; at += n) {
		n = parity_take(from + at, len - at);
		if (n < 0 || parity.have < sizeof(parity.record) +
					   parity.record.captured)
			continue;
		parity.have = 0;
		if (parity_feed(table))
			n = -ENOMEM;
	}
	mutex_unlock(&parity.lock);
	return n < 0 ? n : len;
}

static int parity_show(struct seq_file *m, void *v)
{
	struct tct_walk walk;
	int i, n;

	n = tct_walk_init(&walk);
	if (n)
		return n;
	mutex_lock(&parity.lock);
	tct_walk_start(&walk, &parity.table);
	while ((n = tct_walk_step(&walk, &parity.table)) > 0)
		for (i = 0; i < n; i++)
			tct_fill_line(m, &walk.snap[i], NULL, parity.now);
	mutex_unlock(&parity.lock);
	tct_walk_exit(&walk);
	return n;
}

static int parity_open(struct inode *inode, struct file *file)
{
	int err = 0;

	if (file->f_flags & O_TRUNC) {
		mutex_lock(&parity.lock);
		parity_end();
		err = parity_begin();
		mutex_unlock(&parity.lock);
	}
	return err ?: single_open(file, parity_show, NULL);
}

static const struct proc_ops parity_ops = {
	.proc_open	= parity_open,
	.proc_read	= seq_read,
	.proc_write	= parity_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static int __init parity_init(void)
{
	int err = -ENOMEM;

	mutex_init(&parity.lock);
	parity.octets = vmalloc(PARITY_OCTETS);
	if (!parity.octets)
		return -ENOMEM;
	tct_limit_init(PARITY_FLOWS);
	tct_limit_config(&parity.config, &init_net, PARITY_FLOWS);
	/* replay has neither cap, and keeps all */
	parity.config.half_open_max = PARITY_FLOWS;
	parity.config.keep_detail = true;
	err = tct_flow_cache_init();
	if (err)
		goto err_octets;
	mutex_lock(&parity.lock);
	err = parity_begin();
	mutex_unlock(&parity.lock);
	if (err)
		goto err_cache;
	err = -ENOMEM;
	if (!proc_create(PARITY_NAME, 0600, NULL, &parity_ops))
		goto err_table;
	return 0;

err_table:
	mutex_lock(&parity.lock);
	parity_end();
	mutex_unlock(&parity.lock);
err_cache:
	tct_flow_cache_exit();
err_octets:
	vfree(parity.octets);
	return err;
}

static void __exit parity_exit(void)
{
	remove_proc_entry(PARITY_NAME, NULL);
	mutex_lock(&parity.lock);
	parity_end();
	mutex_unlock(&parity.lock);
	tct_flow_cache_exit();
	vfree(parity.octets);
}

module_init(parity_init);
module_exit(parity_exit);
MODULE_DESCRIPTION("Feeds captures to tcptrack's own code");
MODULE_LICENSE("GPL");
