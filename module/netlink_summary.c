// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers, of one namespace or of all: summary and counters, which anybody may
 * read, and those of events.
 */
#include "event_queue.h"
#include "netlink.h"
#include "summary.h"
#include "target.h"

#define TCT_PAIRS	(TCT_STATE_MAX * TCT_STATE_MAX)

static const u16 tct_stat_attrs[TCT_STAT_MAX] = {
#define STAT(name, NAME) \
	[TCT_STAT_##name] = TCPTRACK_A_STATS_##NAME
	STAT(packets_tracked, PACKETS_TRACKED),
	STAT(out_of_window, OUT_OF_WINDOW),
	STAT(retransmitted, RETRANSMITTED),
	STAT(out_of_order, OUT_OF_ORDER),
	STAT(paws_rejected, PAWS_REJECTED),
	STAT(untracked_fragment, UNTRACKED_FRAGMENT),
	STAT(untracked_short, UNTRACKED_SHORT),
	STAT(untracked_header, UNTRACKED_HEADER),
	STAT(untracked_flags, UNTRACKED_FLAGS),
	STAT(untracked_checksum, UNTRACKED_CHECKSUM),
	STAT(untracked_rst, UNTRACKED_RST),
	STAT(untracked_full, UNTRACKED_FULL),
	STAT(untracked_nomem, UNTRACKED_NOMEM),
	STAT(flows_created, FLOWS_CREATED),
	STAT(flows_picked_up, FLOWS_PICKED_UP),
	STAT(flows_reused, FLOWS_REUSED),
	STAT(detail_nomem, DETAIL_NOMEM),
	STAT(evicted_half_open, EVICTED_HALF_OPEN),
	STAT(evicted_closed, EVICTED_CLOSED),
	STAT(evicted_time_wait, EVICTED_TIME_WAIT),
	STAT(evicted_closing, EVICTED_CLOSING),
	STAT(expired_half_open, EXPIRED_HALF_OPEN),
	STAT(expired_established, EXPIRED_ESTABLISHED),
	STAT(expired_half_closed, EXPIRED_HALF_CLOSED),
	STAT(expired_closing, EXPIRED_CLOSING),
	STAT(expired_time_wait, EXPIRED_TIME_WAIT),
	STAT(expired_closed, EXPIRED_CLOSED),
	STAT(flows_deleted, FLOWS_DELETED),
	STAT(table_grown, TABLE_GROWN),
	STAT(table_nomem, TABLE_NOMEM),
#undef STAT
};

static int tct_numbers_put_pair(struct sk_buff *skb, unsigned int initiator,
				unsigned int responder, u64 flows)
{
	struct nlattr *nest = nla_nest_start(skb, TCPTRACK_A_SUMMARY_PAIR);

	if (!nest ||
	    nla_put_u8(skb, TCPTRACK_A_PAIR_SRC_STATE, initiator) ||
	    nla_put_u8(skb, TCPTRACK_A_PAIR_DST_STATE, responder) ||
	    nla_put_u64_64bit(skb, TCPTRACK_A_PAIR_FLOWS, flows,
			      TCPTRACK_A_PAIR_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int tct_numbers_put_pairs(struct sk_buff *skb,
				 const struct tct_stats __percpu *stats)
{
	unsigned int i;
	u64 flows;

	for (i = 0; i < TCT_PAIRS; i++) {
		flows = tct_stats_pair(stats, i / TCT_STATE_MAX,
				       i % TCT_STATE_MAX);
		if (flows && tct_numbers_put_pair(skb, i / TCT_STATE_MAX,
						  i % TCT_STATE_MAX, flows))
			return -EMSGSIZE;
	}
	return 0;
}

static int tct_numbers_put_summary(struct sk_buff *skb, struct tct_net *tn)
{
	struct tct_summary s;

	tct_summary_take(tn, &s);
	if (nla_put_u8(skb, TCPTRACK_A_SUMMARY_ENABLED, s.enabled) ||
	    nla_put_u32(skb, TCPTRACK_A_SUMMARY_FLOWS, s.flows) ||
	    nla_put_u32(skb, TCPTRACK_A_SUMMARY_FLOWS_MAX, s.flows_max) ||
	    nla_put_u32(skb, TCPTRACK_A_SUMMARY_HALF_OPEN, s.half_open) ||
	    nla_put_u32(skb, TCPTRACK_A_SUMMARY_HALF_OPEN_MAX,
			s.half_open_max) ||
	    nla_put_u64_64bit(skb, TCPTRACK_A_SUMMARY_TIME_WAIT, s.time_wait,
			      TCPTRACK_A_SUMMARY_PAD) ||
	    nla_put_u32(skb, TCPTRACK_A_SUMMARY_BUCKETS, s.buckets))
		return -EMSGSIZE;
	return tct_numbers_put_pairs(skb, s.stats);
}

static int tct_numbers_put_stats(struct sk_buff *skb, struct tct_net *tn)
{
	struct tct_summary s;
	unsigned int i;

	tct_summary_take(tn, &s);
	for (i = 0; i < TCT_STAT_MAX; i++)
		if (nla_put_u64_64bit(skb, tct_stat_attrs[i],
				      tct_stats_sum(s.stats, i),
				      TCPTRACK_A_STATS_PAD))
			return -EMSGSIZE;
	return 0;
}

static int tct_numbers_put_cpu(struct sk_buff *skb, unsigned int cpu,
			       const u64 *seq)
{
	struct nlattr *nest = nla_nest_start(skb, TCPTRACK_A_EVENTS_GENERATED);

	if (!nest || nla_put_u32(skb, TCPTRACK_A_GENERATED_CPU, cpu) ||
	    nla_put_u64_64bit(skb, TCPTRACK_A_GENERATED_NEW,
			      seq[TCT_TOPIC_NEW], TCPTRACK_A_GENERATED_PAD) ||
	    nla_put_u64_64bit(skb, TCPTRACK_A_GENERATED_CHANGE,
			      seq[TCT_TOPIC_CHANGE],
			      TCPTRACK_A_GENERATED_PAD) ||
	    nla_put_u64_64bit(skb, TCPTRACK_A_GENERATED_END,
			      seq[TCT_TOPIC_END], TCPTRACK_A_GENERATED_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What these numbers are of has been sent before they are told */
static int tct_numbers_put_events(struct sk_buff *skb, struct tct_net *tn)
{
	u64 seq[TCT_TOPIC_MAX];
	unsigned int cpu;

	tct_event_look_again();
	if (!tn->events)
		return 0;
	for_each_possible_cpu(cpu) {
		tct_events_flush_cpu(tn->events, cpu, seq);
		if (!(seq[TCT_TOPIC_NEW] | seq[TCT_TOPIC_CHANGE] |
		      seq[TCT_TOPIC_END]))
			continue;
		if (tct_numbers_put_cpu(skb, cpu, seq))
			return -EMSGSIZE;
	}
	return 0;
}

/* What an answer takes at most, of the first two kinds */
#define TCT_NUMBERS_ROOM						\
	(nla_total_size_64bit(sizeof(u64)) * 2 +			\
	 nla_total_size(sizeof(u8)) + nla_total_size(sizeof(u32)) * 5 +	\
	 max(TCT_PAIRS * (nla_total_size(0) +				\
			  nla_total_size(sizeof(u8)) * 2 +		\
			  nla_total_size_64bit(sizeof(u64))),		\
	     TCT_STAT_MAX * nla_total_size_64bit(sizeof(u64))))

/* ... and for each CPU, of the third */
#define TCT_NUMBERS_ROOM_CPU						\
	(nla_total_size(0) + nla_total_size(sizeof(u32)) +		\
	 nla_total_size_64bit(sizeof(u64)) * TCT_TOPIC_MAX)

/**
 * struct tct_numbers - an operation that tells numbers
 * @cmd: its number
 * @policy: of its requests
 * @maxattr: size of @policy less one
 * @netns_fd: attribute by which they name a namespace
 * @all_netns: ... all of them
 * @netns: attribute of the answer, inode of the namespace
 * @pad: attribute that pads
 * @admin: they need CAP_NET_ADMIN
 * @put: writes the other attributes; the namespace's lock is held
 */
struct tct_numbers {
	u8 cmd;
	const struct nla_policy *policy;
	int maxattr;
	int netns_fd;
	int all_netns;
	int netns;
	int pad;
	bool admin;
	int (*put)(struct sk_buff *skb, struct tct_net *tn);
};

static const struct tct_numbers tct_numbers_summary = {
	.cmd		= TCPTRACK_CMD_SUMMARY_GET,
	.policy		= tcptrack_summary_get_nl_policy,
	.maxattr	= ARRAY_SIZE(tcptrack_summary_get_nl_policy) - 1,
	.netns_fd	= TCPTRACK_A_SUMMARY_NETNS_FD,
	.all_netns	= TCPTRACK_A_SUMMARY_ALL_NETNS,
	.netns		= TCPTRACK_A_SUMMARY_NETNS,
	.pad		= TCPTRACK_A_SUMMARY_PAD,
	.put		= tct_numbers_put_summary,
};

static const struct tct_numbers tct_numbers_stats = {
	.cmd		= TCPTRACK_CMD_STATS_GET,
	.policy		= tcptrack_stats_get_nl_policy,
	.maxattr	= ARRAY_SIZE(tcptrack_stats_get_nl_policy) - 1,
	.netns_fd	= TCPTRACK_A_STATS_NETNS_FD,
	.all_netns	= TCPTRACK_A_STATS_ALL_NETNS,
	.netns		= TCPTRACK_A_STATS_NETNS,
	.pad		= TCPTRACK_A_STATS_PAD,
	.put		= tct_numbers_put_stats,
};

static const struct tct_numbers tct_numbers_events = {
	.cmd		= TCPTRACK_CMD_EVENTS_GET,
	.policy		= tcptrack_events_get_nl_policy,
	.maxattr	= ARRAY_SIZE(tcptrack_events_get_nl_policy) - 1,
	.netns_fd	= TCPTRACK_A_EVENTS_NETNS_FD,
	.all_netns	= TCPTRACK_A_EVENTS_ALL_NETNS,
	.netns		= TCPTRACK_A_EVENTS_NETNS,
	.pad		= TCPTRACK_A_EVENTS_PAD,
	.admin		= true,
	.put		= tct_numbers_put_events,
};

static const struct tct_numbers *tct_numbers_of(u8 cmd)
{
	switch (cmd) {
	case TCPTRACK_CMD_SUMMARY_GET:
		return &tct_numbers_summary;
	case TCPTRACK_CMD_STATS_GET:
		return &tct_numbers_stats;
	default:
		return &tct_numbers_events;
	}
}

static size_t tct_numbers_room(const struct tct_numbers *numbers)
{
	if (numbers != &tct_numbers_events)
		return TCT_NUMBERS_ROOM;
	return nla_total_size_64bit(sizeof(u64)) +
	       num_possible_cpus() * TCT_NUMBERS_ROOM_CPU;
}

/* Return: 0, or -EMSGSIZE: there is no room, and nothing was written. */
static int tct_numbers_fill(struct sk_buff *skb, u32 portid, u32 seq,
			    int flags, const struct tct_numbers *numbers,
			    const struct net *net)
{
	struct tct_net *tn = tct_net(net);
	void *hdr;
	int err;

	hdr = genlmsg_put(skb, portid, seq, &tct_netlink_family, flags,
			  numbers->cmd);
	if (!hdr)
		return -EMSGSIZE;
	mutex_lock(&tn->lock);
	err = numbers->put(skb, tn);
	mutex_unlock(&tn->lock);
	if (!err)
		err = nla_put_u64_64bit(skb, numbers->netns, net->ns.inum,
					numbers->pad);
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

static int tct_numbers_doit(struct sk_buff *skb, struct genl_info *info,
			    const struct tct_numbers *numbers)
{
	const struct nlattr *all = info->attrs[numbers->all_netns];
	struct sk_buff *reply;
	struct net *net;
	int err;

	if (all) {
		NL_SET_ERR_MSG_ATTR(info->extack, all, "is for dumps only");
		return -EINVAL;
	}
	net = tct_target_one(skb, info->attrs[numbers->netns_fd],
			     numbers->admin, info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	reply = genlmsg_new(tct_numbers_room(numbers), GFP_KERNEL);
	err = reply ? tct_numbers_fill(reply, info->snd_portid, info->snd_seq,
				       0, numbers, net) : -ENOMEM;
	put_net(net);
	if (!err)
		return genlmsg_reply(reply, info);
	nlmsg_free(reply);
	return err;
}

/* Where a dump is; a cookie of 0, which no namespace has: it has not begun */
static struct tct_target *tct_numbers_target(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct tct_target) > sizeof(cb->ctx));
	return (struct tct_target *)cb->ctx;
}

static int tct_numbers_begin(struct netlink_callback *cb,
			     const struct tct_numbers *numbers)
{
	struct nlattr *tb[TCPTRACK_A_SUMMARY_MAX + 1];
	int err;

	BUILD_BUG_ON(ARRAY_SIZE(tcptrack_summary_get_nl_policy) >
		     ARRAY_SIZE(tb));
	BUILD_BUG_ON(ARRAY_SIZE(tcptrack_stats_get_nl_policy) >
		     ARRAY_SIZE(tb));
	BUILD_BUG_ON(ARRAY_SIZE(tcptrack_events_get_nl_policy) >
		     ARRAY_SIZE(tb));

	err = genlmsg_parse(cb->nlh, &tct_netlink_family, tb,
			    numbers->maxattr, numbers->policy, cb->extack);
	if (err)
		return err;
	return tct_target_init(tct_numbers_target(cb), cb->skb,
			       tb[numbers->netns_fd], tb[numbers->all_netns],
			       numbers->admin, cb->extack);
}

int tct_netlink_summary_start(struct netlink_callback *cb)
{
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);
	const struct tct_numbers *numbers = tct_numbers_of(hdr->cmd);

	cb->min_dump_alloc = nlmsg_total_size(GENL_HDRLEN +
					      tct_numbers_room(numbers));
	/* as in tct_netlink_dump_start() */
	if (!cb->extack)
		return 0;
	return tct_numbers_begin(cb, numbers);
}

static int tct_numbers_dumpit(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct tct_numbers *numbers)
{
	struct tct_target *target = tct_numbers_target(cb);
	struct net *net;
	int err;

	if (!target->cookie) {
		err = tct_numbers_begin(cb, numbers);
		if (err)
			return err;
	}
	do {
		net = tct_target_get(target);
		if (!net)
			continue;
		err = tct_numbers_fill(skb, NETLINK_CB(cb->skb).portid,
				       cb->nlh->nlmsg_seq, NLM_F_MULTI,
				       numbers, net);
		put_net(net);
		if (err)
			return skb->len ?: err;
	} while (tct_target_next(target));
	return 0;
}

int tcptrack_nl_summary_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return tct_numbers_doit(skb, info, &tct_numbers_summary);
}

int tcptrack_nl_summary_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	return tct_numbers_dumpit(skb, cb, &tct_numbers_summary);
}

int tcptrack_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return tct_numbers_doit(skb, info, &tct_numbers_stats);
}

int tcptrack_nl_stats_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return tct_numbers_dumpit(skb, cb, &tct_numbers_stats);
}

int tcptrack_nl_events_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return tct_numbers_doit(skb, info, &tct_numbers_events);
}

int tcptrack_nl_events_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	return tct_numbers_dumpit(skb, cb, &tct_numbers_events);
}
