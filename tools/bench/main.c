// SPDX-License-Identifier: GPL-2.0
/*
 * What a packet costs a connection tracker, in guest instructions.
 *
 * Makes packets and hands them to the netfilter hooks between two clock
 * readings. Under QEMU's -icount shift=0 an instruction is a nanosecond, so
 * the clock counts instructions; anywhere else the figures mean little.
 *
 * Load it before the tracker. It takes what the measuring itself costs and
 * subtracts it from every figure. That includes going through hook points that
 * have a hook already, as on any host with a firewall: otherwise whichever
 * module came first would be charged for the passage. Then
 *
 *	echo "ROW [CONNECTIONS]" > /sys/module/tct_bench/parameters/run
 *	cat /sys/module/tct_bench/parameters/run
 *
 * runs a row of bench_rows[] and shows what it cost.
 */

#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

#include "bench.h"

#define BENCH_REST_EVERY	64	/* bursts */
#define BENCH_REST_MS		20
#define BENCH_CALIBRATE		64	/* packets */
#define BENCH_BUDGET		64	/* packets in one softirq, as NAPI has it */
#define BENCH_SOAK		2	/* ticks in which all that is queued is sent */
#define BENCH_TURN		300	/* instructions, of an idle turn at most */

/**
 * struct bench_row - one kind of work whose cost is asked for
 * @name: what the run parameter calls it
 * @family: AF_INET or AF_INET6
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @setup: what each connection does before, not timed; up to BENCH_END
 * @steps: what is timed; up to BENCH_END
 * @whole: a sample is all of @steps; otherwise each step is one
 * @conns: connections, unless the run parameter says otherwise
 * @rounds: times that each connection does @steps, the connections in turn
 * @soak_every: not the packets alone cost, but also what others do because of
 *	them: these get time after so many bursts, and in the end
 */
struct bench_row {
	const char			*name;
	u8				family;
	u8				proto;
	const struct bench_step		*setup;
	const struct bench_step		*steps;
	bool				whole;
	u32				conns;
	u32				rounds;
	u32				soak_every;
};

struct bench_cost {
	u64	sum;
	u32	packets;
};

/**
 * struct bench_run - a row being run
 * @row: which
 * @skb: the buffer for every packet; NULL once a hook has kept it
 * @conns: the connections
 * @nr_conns: how many
 * @samples: costs, in the order measured
 * @nr_samples: how many
 * @bursts: since the start, to know when to rest
 * @nfct: timed packets that nf_conntrack recognised
 * @elapsed: from the first burst to the end
 * @idle: of that, what bench_soak() spent with nothing
 * @readers: ... and others than interrupts with what these brought
 * @cost: the timed packets' cost by sender
 */
struct bench_run {
	const struct bench_row	*row;
	struct sk_buff		*skb;
	struct bench_conn	*conns;
	u32			nr_conns;
	u32			*samples;
	u32			nr_samples;
	u32			bursts;
	u32			nfct;
	u64			elapsed;
	u64			idle;
	u64			readers;
	struct bench_cost	cost[BENCH_ENDS];
};

static const struct bench_step bench_syn[] = {
	{ PEER, TCPHDR_SYN },
	BENCH_END,
};

/* And some data, for whatever the first of it draws from a tracker. */
static const struct bench_step bench_handshake[] = {
	{ PEER, TCPHDR_SYN },
	{ HOST, TCPHDR_SYN | TCPHDR_ACK },
	{ PEER, TCPHDR_ACK },
	{ PEER, TCPHDR_ACK | TCPHDR_PSH, 100 },
	{ HOST, TCPHDR_ACK },
	{ HOST, TCPHDR_ACK | TCPHDR_PSH, 100 },
	{ PEER, TCPHDR_ACK },
	BENCH_END,
};

static const struct bench_step bench_established[] = {
	{ PEER, TCPHDR_ACK | TCPHDR_PSH, 1000 },
	{ HOST, TCPHDR_ACK },
	{ HOST, TCPHDR_ACK | TCPHDR_PSH, 1000 },
	{ PEER, TCPHDR_ACK },
	BENCH_END,
};

static const struct bench_step bench_connection[] = {
	{ PEER, TCPHDR_SYN },
	{ HOST, TCPHDR_SYN | TCPHDR_ACK },
	{ PEER, TCPHDR_ACK },
	{ PEER, TCPHDR_ACK | TCPHDR_PSH, 100 },
	{ HOST, TCPHDR_ACK },
	{ HOST, TCPHDR_ACK | TCPHDR_PSH, 1000 },
	{ PEER, TCPHDR_ACK },
	{ PEER, TCPHDR_FIN | TCPHDR_ACK },
	{ HOST, TCPHDR_FIN | TCPHDR_ACK },
	{ PEER, TCPHDR_ACK },
	BENCH_END,
};

static const struct bench_step bench_datagrams[] = {
	{ PEER, 0, 100 },
	{ HOST, 0, 100 },
	BENCH_END,
};

static const struct bench_step bench_nothing[] = {
	BENCH_END,
};

static const struct bench_row bench_rows[] = {
	{ "est4", AF_INET, IPPROTO_TCP, bench_handshake, bench_established,
	  .conns = 8, .rounds = 250 },
	{ "est6", AF_INET6, IPPROTO_TCP, bench_handshake, bench_established,
	  .conns = 8, .rounds = 250 },
	{ "udp4", AF_INET, IPPROTO_UDP, bench_datagrams, bench_datagrams,
	  .conns = 8, .rounds = 250 },
	{ "new4", AF_INET, IPPROTO_TCP, bench_nothing, bench_syn,
	  .conns = 10000, .rounds = 1 },
	{ "new6", AF_INET6, IPPROTO_TCP, bench_nothing, bench_syn,
	  .conns = 10000, .rounds = 1 },
	{ "conn4", AF_INET, IPPROTO_TCP, bench_nothing, bench_connection,
	  .conns = 2000, .rounds = 1, .whole = true },
	/* For who listens to events: many in a tick, and one alone */
	{ "load4", AF_INET, IPPROTO_TCP, bench_nothing, bench_syn,
	  .conns = 1000, .rounds = 1, .soak_every = U32_MAX },
	{ "lone4", AF_INET, IPPROTO_TCP, bench_nothing, bench_syn,
	  .conns = 100, .rounds = 1, .soak_every = 1 },
	/* Not for its cost: it fills a table with established flows. */
	{ "fill4", AF_INET, IPPROTO_TCP, bench_nothing, bench_handshake,
	  .conns = 10000, .rounds = 1, .whole = true },
};

/* Connections' ids go on from run to run: no tuple is used twice. */
static u32 bench_next_id;
/* What a packet costs without a tracker; [true] for IPv6. */
static u32 bench_overhead[2][BENCH_ENDS];
static struct net_device *bench_dev;
static char bench_result[256];

static char *dev = "dummy0";
module_param(dev, charp, 0444);
MODULE_PARM_DESC(dev, "device that packets come from and go to; not lo");

static int bench_okfn(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return 0;
}

/* The hooks are named by constants, or nf_hook() does not use its keys. */
static __always_inline int bench_hooks(struct sk_buff *skb, u8 pf,
				       unsigned int first, unsigned int second,
				       struct net_device *in,
				       struct net_device *out)
{
	int ret;

	ret = nf_hook(pf, first, &init_net, NULL, skb, in, out, bench_okfn);
	if (ret == 1)
		ret = nf_hook(pf, second, &init_net, NULL, skb, in, out,
			      bench_okfn);
	return ret;
}

/* The hook points on the way to a local socket, or from one to a device. */
static noinline int bench_traverse(struct sk_buff *skb, bool ip6, u8 from)
{
	struct net_device *d = bench_dev;

	if (ip6 && from == PEER)
		return bench_hooks(skb, NFPROTO_IPV6, NF_INET_PRE_ROUTING,
				   NF_INET_LOCAL_IN, d, NULL);
	if (ip6)
		return bench_hooks(skb, NFPROTO_IPV6, NF_INET_LOCAL_OUT,
				   NF_INET_POST_ROUTING, NULL, d);
	if (from == PEER)
		return bench_hooks(skb, NFPROTO_IPV4, NF_INET_PRE_ROUTING,
				   NF_INET_LOCAL_IN, d, NULL);
	return bench_hooks(skb, NFPROTO_IPV4, NF_INET_LOCAL_OUT,
			   NF_INET_POST_ROUTING, NULL, d);
}

/* As in a softirq, but no interrupt may fall between the clock readings. */
static int bench_clocked(struct sk_buff *skb, bool ip6, u8 from, u32 *cost)
{
	unsigned long flags;
	u64 start, end;
	int ret;

	local_bh_disable();
	rcu_read_lock();
	local_irq_save(flags);
	start = ktime_get_ns();
	ret = bench_traverse(skb, ip6, from);
	end = ktime_get_ns();
	local_irq_restore(flags);
	rcu_read_unlock();
	local_bh_enable();

	*cost = end - start;
	return ret;
}

/* Return: 0 and the packet's cost in @cost, less the harness's own. */
static int bench_send(struct bench_run *run, struct bench_conn *conn,
		      const struct bench_step *step, u32 *cost)
{
	bool ip6 = conn->family == AF_INET6;
	struct sk_buff *skb = run->skb;
	int ret;

	bench_packet_build(skb, conn, step, bench_dev);
	ret = bench_clocked(skb, ip6, step->from, cost);
	if (ret != 1) {
		/* Dropped or kept by a hook: the packet is no longer ours. */
		run->skb = NULL;
		return -EIO;
	}
	*cost -= min(*cost, bench_overhead[ip6][step->from]);
	run->nfct += !!skb_nfct(skb);
	nf_reset_ct(skb);
	return 0;
}

static bool bench_is_step(const struct bench_step *step)
{
	return step->from < BENCH_ENDS;
}

static u32 bench_count(const struct bench_step *steps)
{
	u32 n = 0;

	while (bench_is_step(&steps[n]))
		n++;
	return n;
}

/* Let others do what there is to do. Never idle, for then the clock would go on
 * without an instruction. A turn of the loop that takes long is an interrupt's;
 * who waits for what that brings is given the CPU, and his is counted apart.
 */
static void bench_soak(struct bench_run *run, unsigned int ticks)
{
	unsigned long end = jiffies + ticks;
	u64 now, last = ktime_get_ns();

	do {
		now = ktime_get_ns();
		if (now - last < BENCH_TURN)
			run->idle += now - last;
		last = now;
		if (!need_resched())
			continue;
		cond_resched();
		now = ktime_get_ns();
		run->readers += now - last;
		last = now;
	} while (time_before(jiffies, end));
}

/* On one CPU the kernel's workers, a growing table's among them, run only
 * when this sleeps.
 */
static void bench_rest(struct bench_run *run)
{
	u32 every = run->row->soak_every;

	run->bursts++;
	if (every && run->bursts % every == 0)
		bench_soak(run, BENCH_SOAK);
	else if (every && run->bursts % BENCH_BUDGET == 0)
		bench_soak(run, 0);
	else if (!every && run->bursts % BENCH_REST_EVERY == 0)
		msleep(BENCH_REST_MS);
}

static int bench_set_up(struct bench_run *run, struct bench_conn *conn)
{
	const struct bench_row *row = run->row;
	const struct bench_step *step;
	u32 cost;
	int ret;

	conn->id = bench_next_id++;
	conn->family = row->family;
	conn->proto = row->proto;
	conn->seq[PEER] = conn->id * 7919 + 1;
	conn->seq[HOST] = conn->id * 104729 + 1;
	for (step = row->setup; bench_is_step(step); step++) {
		ret = bench_send(run, conn, step, &cost);
		if (ret)
			return ret;
	}
	bench_rest(run);
	return 0;
}

static int bench_burst(struct bench_run *run, struct bench_conn *conn)
{
	const struct bench_row *row = run->row;
	const struct bench_step *step;
	u32 cost, whole = 0;
	int ret;

	for (step = row->steps; bench_is_step(step); step++) {
		ret = bench_send(run, conn, step, &cost);
		if (ret)
			return ret;
		run->cost[step->from].sum += cost;
		run->cost[step->from].packets++;
		whole += cost;
		if (!row->whole)
			run->samples[run->nr_samples++] = cost;
	}
	if (row->whole)
		run->samples[run->nr_samples++] = whole;
	bench_rest(run);
	return 0;
}

static int bench_measure(struct bench_run *run)
{
	u32 round, i;
	u64 start;
	int ret;

	for (i = 0; i < run->nr_conns; i++) {
		ret = bench_set_up(run, &run->conns[i]);
		if (ret)
			return ret;
	}
	run->nfct = 0;
	run->bursts = 0;
	run->idle = 0;
	run->readers = 0;
	start = ktime_get_ns();
	for (round = 0; round < run->row->rounds; round++) {
		for (i = 0; i < run->nr_conns; i++) {
			ret = bench_burst(run, &run->conns[i]);
			if (ret)
				return ret;
		}
	}
	if (run->row->soak_every)
		bench_soak(run, BENCH_SOAK);
	run->elapsed = ktime_get_ns() - start;
	return 0;
}

static int bench_cmp(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static u64 bench_mean(u64 sum, u32 n)
{
	return n ? div_u64(sum + n / 2, n) : 0;
}

static void bench_report(struct bench_run *run)
{
	const struct bench_cost *in = &run->cost[PEER], *out = &run->cost[HOST];
	u32 n = run->nr_samples, *s = run->samples;

	sort(s, n, sizeof(*s), bench_cmp, NULL);
	scnprintf(bench_result, sizeof(bench_result),
		  "row=%s conns=%u samples=%u mean=%llu min=%u median=%u max=%u in=%llu out=%llu packets=%u nfct=%u",
		  run->row->name, run->nr_conns, n,
		  bench_mean(in->sum + out->sum, n), s[0], s[n / 2], s[n - 1],
		  bench_mean(in->sum, in->packets),
		  bench_mean(out->sum, out->packets),
		  in->packets + out->packets, run->nfct);
	if (run->row->soak_every)
		snprintf(bench_result + strlen(bench_result),
			 sizeof(bench_result) - strlen(bench_result),
			 " all=%llu readers=%llu",
			 bench_mean(run->elapsed - run->idle - run->readers,
				    run->bursts),
			 bench_mean(run->readers, run->bursts));
}

static int bench_run(const struct bench_row *row, u32 nr_conns)
{
	struct bench_run run = { .row = row, .nr_conns = nr_conns };
	u32 per_round = row->whole ? 1 : bench_count(row->steps);
	int ret = -ENOMEM;

	run.skb = bench_packet_alloc();
	run.conns = vcalloc(nr_conns, sizeof(*run.conns));
	run.samples = vcalloc(array3_size(nr_conns, row->rounds, per_round),
			      sizeof(*run.samples));
	if (run.skb && run.conns && run.samples)
		ret = bench_measure(&run);
	if (!ret)
		bench_report(&run);
	vfree(run.samples);
	vfree(run.conns);
	kfree_skb(run.skb);
	return ret;
}

static int bench_run_set(const char *val, const struct kernel_param *kp)
{
	char name[16];
	u32 conns = 0;
	int i;

	/* Given at load, before there is a device. */
	if (!bench_dev)
		return -EINVAL;
	if (sscanf(val, "%15s %u", name, &conns) < 1)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(bench_rows); i++) {
		const struct bench_row *row = &bench_rows[i];

		if (!strcmp(row->name, name))
			return bench_run(row, conns ?: row->conns);
	}
	return -ENOENT;
}

static int bench_run_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", bench_result);
}

static const struct kernel_param_ops bench_run_ops = {
	.set = bench_run_set,
	.get = bench_run_get,
};
module_param_cb(run, &bench_run_ops, NULL, 0600);
MODULE_PARM_DESC(run, "write: ROW [CONNECTIONS]; read: what that cost");

static int bench_now_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%llu\n", ktime_get_ns());
}

static const struct kernel_param_ops bench_now_ops = {
	.get = bench_now_get,
};
module_param_cb(now, &bench_now_ops, NULL, 0400);
MODULE_PARM_DESC(now, "the clock, to read before and after a program's work");

static unsigned int bench_nop(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

#define BENCH_HOOK(_pf, _hooknum) \
	{ .hook = bench_nop, .pf = (_pf), .hooknum = (_hooknum) }

static const struct nf_hook_ops bench_ops[] = {
	BENCH_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING),
	BENCH_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN),
	BENCH_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT),
	BENCH_HOOK(NFPROTO_IPV4, NF_INET_POST_ROUTING),
	BENCH_HOOK(NFPROTO_IPV6, NF_INET_PRE_ROUTING),
	BENCH_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_IN),
	BENCH_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_OUT),
	BENCH_HOOK(NFPROTO_IPV6, NF_INET_POST_ROUTING),
};

/* The cheapest of many, which all take the same way, but for rounding. */
static int bench_calibrate(u8 family, u8 from)
{
	struct bench_conn conn = { .family = family, .proto = IPPROTO_TCP };
	const struct bench_step step = { .from = from, .flags = TCPHDR_ACK };
	bool ip6 = family == AF_INET6;
	u32 cost, best = U32_MAX;
	struct sk_buff *skb;
	int i;

	skb = bench_packet_alloc();
	if (!skb)
		return -ENOMEM;
	bench_packet_build(skb, &conn, &step, bench_dev);
	for (i = 0; i < BENCH_CALIBRATE; i++) {
		if (bench_clocked(skb, ip6, from, &cost) != 1)
			return -EIO;
		best = min(best, cost);
	}
	bench_overhead[ip6][from] = best;
	kfree_skb(skb);
	return 0;
}

static int __init bench_init(void)
{
	int ret, from;

	bench_dev = dev_get_by_name(&init_net, dev);
	if (!bench_dev)
		return -ENODEV;
	ret = nf_register_net_hooks(&init_net, bench_ops,
				    ARRAY_SIZE(bench_ops));
	if (ret)
		goto err_dev;
	for (from = PEER; from < BENCH_ENDS; from++) {
		ret = bench_calibrate(AF_INET, from) ?:
		      bench_calibrate(AF_INET6, from);
		if (ret)
			goto err_hooks;
	}
	scnprintf(bench_result, sizeof(bench_result),
		  "row=overhead in4=%u out4=%u in6=%u out6=%u",
		  bench_overhead[false][PEER], bench_overhead[false][HOST],
		  bench_overhead[true][PEER], bench_overhead[true][HOST]);
	return 0;

err_hooks:
	nf_unregister_net_hooks(&init_net, bench_ops, ARRAY_SIZE(bench_ops));
err_dev:
	dev_put(bench_dev);
	return ret;
}

static void __exit bench_exit(void)
{
	nf_unregister_net_hooks(&init_net, bench_ops, ARRAY_SIZE(bench_ops));
	dev_put(bench_dev);
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts what a packet costs a connection tracker");
