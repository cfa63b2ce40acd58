// SPDX-License-Identifier: GPL-2.0
/*
 * A flow's record, by one writer for get, dump and events.  Attributes are
 * numbers, addresses and Zeek's words: nothing of a flow is copied as it lies in
 * memory.
 */
#include <net/genetlink.h>

#include <uapi/linux/tcptrack.h>

#include "attr.h"
#include "differ.h"
#include "flow.h"
#include "letters.h"
#include "names.h"
#include "message.h"
#include "outcome.h"

/* Room that attributes take, padding included */
#define TCT_ROOM(len)		nla_total_size(len)
#define TCT_ROOM_NEST		TCT_ROOM(0)
#define TCT_ROOM_U8		TCT_ROOM(sizeof(u8))
#define TCT_ROOM_U16		TCT_ROOM(sizeof(u16))
#define TCT_ROOM_U32		TCT_ROOM(sizeof(u32))
#define TCT_ROOM_U64		nla_total_size_64bit(sizeof(u64))

#define TCT_ROOM_SOCKET							\
	(TCT_ROOM_U8 +			/* sock-state or sock-none */	\
	 TCT_ROOM_U32 * 2 +		/* differs, syns */		\
	 TCT_ROOM_U64 * 2)		/* syn-next, syn-left */

#define TCT_ROOM_END_BRIEF						\
	(TCT_ROOM_NEST +						\
	 TCT_ROOM(sizeof(struct in6_addr)) +	/* addr4 or addr6 */		\
	 TCT_ROOM_U16 +		/* port */			\
	 TCT_ROOM_U8 +			/* state */			\
	 TCT_ROOM_U64 * 3 +		/* since, packets, bytes */	\
	 TCT_ROOM_SOCKET)

#define TCT_ROOM_END							\
	(TCT_ROOM_END_BRIEF +						\
	 TCT_ROOM_U64 * 2 +		/* acked, zerowin-time */	\
	 TCT_ROOM_U32 * 7 +		/* retrans to outwin, ce */	\
	 TCT_ROOM_U16 * 3 +		/* paws, challenge, zerowin */	\
	 TCT_ROOM_U32 * 3 +		/* srtt to rtt-last */		\
	 TCT_ROOM_U16 +		/* mss */			\
	 TCT_ROOM_U8 +			/* wscale */			\
	 TCT_ROOM_U32)			/* seen */

#define TCT_ROOM_CHANGE							\
	(TCT_ROOM_NEST +						\
	 TCT_ROOM_U8 * 3 +		/* states, reason */		\
	 TCT_ROOM_U64)			/* ago */

#define TCT_ROOM_BRIEF							\
	(nlmsg_total_size(GENL_HDRLEN) +				\
	 TCT_ROOM_END_BRIEF * 2 +					\
	 TCT_ROOM_U64 * 3 +		/* age, idle, timeout */	\
	 TCT_ROOM_U8 * 2 +		/* class, reason */		\
	 TCT_ROOM_U32 +		/* flags */			\
	 TCT_ROOM_U64)			/* netns */

#define TCT_ROOM_FULL							\
	(TCT_ROOM_BRIEF +						\
	 (TCT_ROOM_END - TCT_ROOM_END_BRIEF) * 2 +			\
	 TCT_ROOM_U8 * 2 +		/* end-reason, ended-by */	\
	 TCT_ROOM(sizeof("RSTOS0")) +		/* conn-state */		\
	 TCT_ROOM(TCT_LETTERS + 1) + /* zeek */			\
	 TCT_ROOM_U32 * 2 +		/* rtt-server, rtt-client */	\
	 TCT_ROOM_CHANGE * TCT_CHANGES)

#define TCT_ROOM_EVENT							\
	(TCT_ROOM_NEST +						\
	 TCT_ROOM_U64 * 2 +		/* time, seq */			\
	 TCT_ROOM_U32 +			/* cpu */			\
	 TCT_ROOM_U8 * 3)		/* old states, removal */

/* The numbers of the uapi are ours */
static_assert(TCPTRACK_STATE_CLOSED == (int)TCT_CLOSED &&
	      __TCPTRACK_STATE_MAX == (int)TCT_STATE_MAX);
static_assert(TCPTRACK_CLASS_HALF_OPEN == (int)TCT_CLASS_HALF_OPEN &&
	      __TCPTRACK_CLASS_MAX == (int)TCT_CLASS_MAX);
static_assert(TCPTRACK_REASON_NONE == (int)TCT_WHY_NONE &&
	      __TCPTRACK_REASON_MAX == (int)TCT_WHY_MAX);
static_assert(TCPTRACK_END_NONE == (int)TCT_OUTCOME_NONE &&
	      TCPTRACK_END_SILENCE == (int)TCT_OUTCOME_SILENCE);
static_assert(TCPTRACK_A_END_PAD == (int)TCT_ATTR_PAD &&
	      TCPTRACK_A_CHANGE_PAD == (int)TCT_ATTR_PAD &&
	      TCPTRACK_A_FLOW_PAD == (int)TCT_ATTR_PAD &&
	      TCPTRACK_A_EVENT_PAD == (int)TCT_ATTR_PAD);

/* Times leave in milliseconds, as the tick lets them be told */
static __always_inline void tct_message_ticks(u8 **at, u16 type, u64 ticks)
{
	tct_attr_u64(at, type, jiffies64_to_msecs(ticks));
}

static void tct_message_addr(u8 **at, const struct tct_snapshot *snap,
			     bool high)
{
	struct tct_endpoint ep;

	tct_key_endpoint(&snap->key, high, &ep);
	if (tct_key_is_ipv4(&snap->key))
		tct_attr_be32(at, TCPTRACK_A_END_ADDR4, ep.addr.s6_addr32[0]);
	else
		memcpy(tct_attr_put(at, TCPTRACK_A_END_ADDR6, sizeof(ep.addr)),
		       &ep.addr, sizeof(ep.addr));
	tct_attr_be16(at, TCPTRACK_A_END_PORT, ep.port);
}

static void tct_message_retry(u8 **at, const struct tct_retry *retry)
{
	if (!retry->sent)
		return;
	tct_attr_u32(at, TCPTRACK_A_END_SYNS, retry->sent);
	if (retry->next != TCT_RETRY_NEVER)
		tct_message_ticks(at, TCPTRACK_A_END_SYN_NEXT, retry->next);
	tct_message_ticks(at, TCPTRACK_A_END_SYN_LEFT, retry->left);
}

static void tct_message_socket(u8 **at, const struct tct_sockets *socks,
			       unsigned int who)
{
	const struct tct_sock *sock = &socks->end[who];

	if (sock->kind == TCT_SOCK_NONE)
		tct_attr_flag(at, TCPTRACK_A_END_SOCK_NONE);
	else if (sock->kind != TCT_SOCK_ABSENT)
		tct_attr_u8(at, TCPTRACK_A_END_SOCK_STATE, sock->state);
	if (socks->differ[who])
		tct_attr_u32(at, TCPTRACK_A_END_DIFFERS, socks->differ[who]);
	tct_message_retry(at, &sock->retry);
}

/* What is counted once the connection was established */
static void tct_message_counters(u8 **at, const struct tct_snapshot *snap,
				 unsigned int who, u64 now)
{
	const struct tct_end_detail *d = &snap->detail.end[who];

	tct_attr_u64(at, TCPTRACK_A_END_ACKED,
		     tct_outcome_acked(&snap->fsm, &snap->detail, who));
	tct_attr_u32(at, TCPTRACK_A_END_RETRANS, d->retrans);
	tct_attr_u32(at, TCPTRACK_A_END_OOO, d->ooo);
	tct_attr_u32(at, TCPTRACK_A_END_DUPACK, d->dupacks);
	tct_attr_u32(at, TCPTRACK_A_END_KEEPALIVE, d->keepalives);
	tct_attr_u32(at, TCPTRACK_A_END_PROBE, d->probes);
	tct_attr_u32(at, TCPTRACK_A_END_OUTWIN, d->outwin);
	tct_attr_u16(at, TCPTRACK_A_END_PAWS, d->paws);
	tct_attr_u16(at, TCPTRACK_A_END_CHALLENGE, d->challenges);
	tct_attr_u32(at, TCPTRACK_A_END_CE, d->ce);
	tct_attr_u16(at, TCPTRACK_A_END_ZEROWIN, d->zerowin);
	tct_message_ticks(at, TCPTRACK_A_END_ZEROWIN_TIME,
			  tct_snapshot_zerowin(snap, who, now));
	if (!d->srtt)
		return;
	tct_attr_u32(at, TCPTRACK_A_END_SRTT, d->srtt);
	tct_attr_u32(at, TCPTRACK_A_END_RTT_MIN, d->rtt_min);
	tct_attr_u32(at, TCPTRACK_A_END_RTT_LAST, d->rtt_last);
}

static void tct_message_syn(u8 **at, const struct tct_end *e)
{
	if (e->mss)
		tct_attr_u16(at, TCPTRACK_A_END_MSS, e->mss);
	if (e->flags & TCT_END_SYN && e->flags & TCT_END_SEEN)
		tct_attr_u8(at, TCPTRACK_A_END_WSCALE, e->wscale);
	tct_attr_u32(at, TCPTRACK_A_END_SEEN, tct_seen_bits(e));
}

static void tct_message_end(u8 **at, u16 type, const struct tct_message *msg,
			    const struct tct_snapshot *snap,
			    const struct tct_sockets *socks, u64 now)
{
	unsigned int who = type == TCPTRACK_A_FLOW_DST;
	const struct tct_end *e = &snap->fsm.end[who];
	struct nlattr *nest = tct_attr_nest(at, type);

	tct_message_addr(at, snap, snap->initiator_high ^ who);
	tct_attr_u8(at, TCPTRACK_A_END_STATE, e->state);
	tct_message_ticks(at, TCPTRACK_A_END_SINCE,
			  (now - tct_since(e)) & TCT_WHEN_MASK);
	tct_attr_u64(at, TCPTRACK_A_END_PACKETS, snap->packets[who]);
	tct_attr_u64(at, TCPTRACK_A_END_BYTES, snap->bytes[who]);
	if (!msg->brief) {
		if (snap->has_detail)
			tct_message_counters(at, snap, who, now);
		tct_message_syn(at, e);
	}
	if (socks)
		tct_message_socket(at, socks, who);
	tct_attr_nest_end(*at, nest);
}

/* Why a record has ended whose connection has not, as far as is known */
static u8 tct_message_removed(const struct tct_message *msg)
{
	if (!msg->event)
		return TCPTRACK_END_NONE;
	switch (msg->event->removal) {
	case TCPTRACK_REMOVAL_EXPIRED:
		return TCPTRACK_END_TIMEOUT;
	case TCPTRACK_REMOVAL_EVICTED:
		return TCPTRACK_END_EVICTED;
	case TCPTRACK_REMOVAL_DELETED:
	case TCPTRACK_REMOVAL_STOPPED:
		return TCPTRACK_END_FLUSHED;
	default:
		return TCPTRACK_END_NONE;
	}
}

static void tct_message_outcome(u8 **at, const struct tct_message *msg,
				const struct tct_snapshot *snap)
{
	bool payload = snap->bytes[0] | snap->bytes[1];
	char letters[TCT_LETTERS + 1];
	enum tct_outcome outcome;
	unsigned int by;

	outcome = tct_outcome(&snap->fsm, &by);
	if (outcome != TCT_OUTCOME_NONE) {
		tct_attr_u8(at, TCPTRACK_A_FLOW_END_REASON, outcome);
		tct_attr_u8(at, TCPTRACK_A_FLOW_ENDED_BY, by);
	} else if (tct_message_removed(msg) != TCPTRACK_END_NONE) {
		tct_attr_u8(at, TCPTRACK_A_FLOW_END_REASON,
			    tct_message_removed(msg));
	}
	tct_attr_string(at, TCPTRACK_A_FLOW_CONN_STATE,
			tct_conn_state_name(tct_outcome_conn_state(&snap->fsm,
								   payload)));
	if (tct_letters_print(&snap->fsm, snap->has_detail ? &snap->detail :
				NULL, letters))
		tct_attr_string(at, TCPTRACK_A_FLOW_ZEEK, letters);
}

static void tct_message_history(u8 **at, const struct tct_detail *d, u64 now)
{
	unsigned int i, from = d->next + TCT_CHANGES - d->changes;

	for (i = from; i < from + d->changes; i++) {
		unsigned int n = i % TCT_CHANGES;
		u64 when = (u64)d->when_hi[n] << 32 | d->when_lo[n];
		struct nlattr *nest;

		nest = tct_attr_nest(at, TCPTRACK_A_FLOW_CHANGE);
		tct_attr_u8(at, TCPTRACK_A_CHANGE_SRC_STATE,
			    d->states[n] >> 4);
		tct_attr_u8(at, TCPTRACK_A_CHANGE_DST_STATE,
			    d->states[n] & 0xf);
		tct_attr_u8(at, TCPTRACK_A_CHANGE_REASON, d->why[n]);
		tct_message_ticks(at, TCPTRACK_A_CHANGE_AGO,
				  (now - when) & TCT_WHEN_MASK);
		tct_attr_nest_end(*at, nest);
	}
}

/* What a brief record does not have */
static void tct_message_more(u8 **at, const struct tct_message *msg,
			     const struct tct_snapshot *snap, u64 now)
{
	tct_message_outcome(at, msg, snap);
	if (snap->rtt_known & TCT_RTT_SERVER)
		tct_attr_u32(at, TCPTRACK_A_FLOW_RTT_SERVER, snap->rtt[0]);
	if (snap->rtt_known & TCT_RTT_CLIENT)
		tct_attr_u32(at, TCPTRACK_A_FLOW_RTT_CLIENT, snap->rtt[1]);
	if (snap->has_detail)
		tct_message_history(at, &snap->detail, now);
}

static void tct_message_event(u8 **at, const struct tct_message_event *event)
{
	struct nlattr *nest = tct_attr_nest(at, TCPTRACK_A_FLOW_EVENT);

	tct_attr_u64(at, TCPTRACK_A_EVENT_TIME, event->time);
	tct_attr_u32(at, TCPTRACK_A_EVENT_CPU, event->cpu);
	tct_attr_u64(at, TCPTRACK_A_EVENT_SEQ, event->seq);
	if (event->old_pair >= 0) {
		tct_attr_u8(at, TCPTRACK_A_EVENT_OLD_SRC_STATE,
			    event->old_pair / TCT_STATE_MAX);
		tct_attr_u8(at, TCPTRACK_A_EVENT_OLD_DST_STATE,
			    event->old_pair % TCT_STATE_MAX);
	}
	if (event->removal >= 0)
		tct_attr_u8(at, TCPTRACK_A_EVENT_REMOVAL, event->removal);
	tct_attr_nest_end(*at, nest);
}

static void tct_message_flow(u8 **at, const struct tct_message *msg,
			     const struct tct_snapshot *snap,
			     const struct tct_sockets *socks, u64 now)
{
	s32 left = (s32)(snap->deadline - (u32)now);

	tct_message_end(at, TCPTRACK_A_FLOW_SRC, msg, snap, socks, now);
	tct_message_end(at, TCPTRACK_A_FLOW_DST, msg, snap, socks, now);
	tct_message_ticks(at, TCPTRACK_A_FLOW_AGE,
			  (now - snap->created) & TCT_WHEN_MASK);
	tct_message_ticks(at, TCPTRACK_A_FLOW_IDLE, (u32)now - snap->seen);
	tct_message_ticks(at, TCPTRACK_A_FLOW_TIMEOUT, max(left, 0));
	tct_attr_u8(at, TCPTRACK_A_FLOW_CLASS, snap->class);
	tct_attr_u8(at, TCPTRACK_A_FLOW_REASON, snap->fsm.reason);
	tct_attr_u32(at, TCPTRACK_A_FLOW_FLAGS, tct_flag_bits(&snap->fsm));
	if (!msg->brief)
		tct_message_more(at, msg, snap, now);
	if (msg->netns)
		tct_attr_u64(at, TCPTRACK_A_FLOW_NETNS, msg->netns);
	if (msg->event)
		tct_message_event(at, msg->event);
}

size_t tct_message_room(const struct tct_message *msg)
{
	/* of what dumps and events are put into */
	BUILD_BUG_ON(TCT_ROOM_FULL + TCT_ROOM_EVENT > NLMSG_GOODSIZE);

	return (msg->brief ? TCT_ROOM_BRIEF : TCT_ROOM_FULL) +
	       (msg->event ? TCT_ROOM_EVENT : 0);
}

int tct_message_fill(struct sk_buff *skb, const struct tct_message *msg,
		     const struct tct_snapshot *snap,
		     const struct tct_sockets *socks, u64 now)
{
	size_t room = tct_message_room(msg);
	u8 *start, *at;
	void *hdr;

	if (unlikely(skb_tailroom(skb) < room))
		return -EMSGSIZE;
	hdr = genlmsg_put(skb, msg->portid, msg->seq, msg->family,
			  msg->flags, msg->cmd);
	start = skb_tail_pointer(skb);
	at = start;
	tct_message_flow(&at, msg, snap, socks, now);
	skb_put(skb, at - start);
	genlmsg_end(skb, hdr);
	return 0;
}
