// SPDX-License-Identifier: GPL-2.0
#include <linux/bitops.h>
#include <linux/seq_file.h>

#include "differ.h"
#include "fill.h"
#include "flow.h"
#include "letters.h"
#include "text.h"
#include "names.h"
#include "outcome.h"

static __always_inline char *tct_fill_endpoint(char *at,
					       const struct tct_snapshot *snap,
					       unsigned int who)
{
	struct tct_endpoint ep;

	tct_key_endpoint(&snap->key, snap->initiator_high ^ who, &ep);
	if (tct_key_is_ipv4(&snap->key))
		at = tct_text_ipv4(at, ep.addr.s6_addr);
	else
		at += scnprintf(at, TCT_FILL_MAX, "%pI6c", &ep.addr);
	at = who ? tct_text_literal(at, " dport=") :
		   tct_text_literal(at, " sport=");
	return tct_text_number(at, ntohs(ep.port));
}

/* The words of the bits that are set */
static char *tct_fill_set(char *at, unsigned long bits,
			  const struct tct_word *words)
{
	if (!bits)
		return tct_text_char(at, '-');
	do {
		at = tct_text_word(at, &words[__ffs(bits)]);
		at = tct_text_char(at, ',');
		bits &= bits - 1;
	} while (bits);
	/* but for the last comma */
	return at - 1;
}

/* oldest first: reason:initiator/responder@seconds ago */
static char *tct_fill_history(char *at, const struct tct_snapshot *snap,
			      u64 now)
{
	const struct tct_detail *d = &snap->detail;
	unsigned int i, n;

	at = tct_text_literal(at, " history=");
	if (!snap->has_detail || !d->changes)
		return tct_text_char(at, '-');
	n = (d->next + TCT_CHANGES - d->changes) % TCT_CHANGES;
	for (i = 0; i < d->changes; i++) {
		u64 when = (u64)d->when_hi[n] << 32 | d->when_lo[n];

		at = tct_text_word(at, &tct_reason_words[d->why[n]]);
		at = tct_text_char(at, ':');
		at = tct_text_word(at, &tct_state_words[d->states[n] >> 4]);
		at = tct_text_char(at, '/');
		at = tct_text_word(at, &tct_state_words[d->states[n] & 0xf]);
		at = tct_text_char(at, '@');
		at = tct_text_ticks(at, (now - when) & TCT_WHEN_MASK);
		at = tct_text_char(at, ',');
		if (++n == TCT_CHANGES)
			n = 0;
	}
	return at - 1;
}

static char *tct_fill_us(char *at, u32 us, bool known)
{
	return known ? tct_text_us(at, us) : tct_text_char(at, '-');
}

/* Both halves of the handshake, and their sum where both are known */
static char *tct_fill_handshake(char *at, const struct tct_snapshot *snap)
{
	const u32 *rtt = snap->rtt;
	u8 known = snap->rtt_known;

	at = tct_text_literal(at, " rtt=");
	at = tct_fill_us(at, rtt[0] + rtt[1],
			 known == (TCT_RTT_SERVER | TCT_RTT_CLIENT));
	at = tct_text_literal(at, " rtt_server=");
	at = tct_fill_us(at, rtt[0], known & TCT_RTT_SERVER);
	at = tct_text_literal(at, " rtt_client=");
	return tct_fill_us(at, rtt[1], known & TCT_RTT_CLIENT);
}

static char *tct_fill_outcome(char *at, const struct tct_snapshot *snap)
{
	bool payload = snap->bytes[0] | snap->bytes[1];
	enum tct_outcome outcome;
	unsigned int by, letters;

	outcome = tct_outcome(&snap->fsm, &by);
	if (outcome != TCT_OUTCOME_NONE) {
		at = tct_text_literal(at, " end=");
		at = tct_text_string(at, tct_outcome_name(outcome));
		at = tct_text_string(at, by ? "_dst conn_state=" :
					      "_src conn_state=");
	} else {
		at = snap->expired ?
		     tct_text_literal(at, " end=timeout conn_state=") :
		     tct_text_literal(at, " end=- conn_state=");
	}
	at = tct_text_string(at, tct_conn_state_name
			     (tct_outcome_conn_state(&snap->fsm, payload)));
	at = tct_text_literal(at, " zeek=");
	letters = tct_letters_print(&snap->fsm, snap->has_detail ?
				    &snap->detail : NULL, at);
	return letters ? at + letters : tct_text_char(at, '-');
}

/* Nothing went wrong at an end, as in most connections */
static const char tct_fill_quiet[2][152] = {
	" src_retrans=0 src_ooo=0 src_dupack=0 src_keepalive=0 src_probe=0 src_zerowin=0 src_zerowin_time=0.000 src_outwin=0 src_paws=0 src_challenge=0 src_ce=0",
	" dst_retrans=0 dst_ooo=0 dst_dupack=0 dst_keepalive=0 dst_probe=0 dst_zerowin=0 dst_zerowin_time=0.000 dst_outwin=0 dst_paws=0 dst_challenge=0 dst_ce=0",
};

/* From acked to rtt_last: there is no detail part */
static const char tct_fill_none[2][199] = {
	" src_acked=- src_retrans=- src_ooo=- src_dupack=- src_keepalive=- src_probe=- src_zerowin=- src_zerowin_time=- src_outwin=- src_paws=- src_challenge=- src_ce=- src_rtt=- src_rtt_min=- src_rtt_last=-",
	" dst_acked=- dst_retrans=- dst_ooo=- dst_dupack=- dst_keepalive=- dst_probe=- dst_zerowin=- dst_zerowin_time=- dst_outwin=- dst_paws=- dst_challenge=- dst_ce=- dst_rtt=- dst_rtt_min=- dst_rtt_last=-",
};

/* What the name of an end's field begins with.  All that is told of an end is
 * inline, and @who a constant there.
 */
static __always_inline char *tct_fill_who(char *at, unsigned int who)
{
	return who ? tct_text_literal(at, " dst") :
		     tct_text_literal(at, " src");
}

#define tct_fill_label(at, who, label) \
	tct_text_literal(tct_fill_who(at, who), label)

static __always_inline char *
tct_fill_troubles(char *at, const struct tct_end_detail *d, unsigned int who,
		  u32 zerowin_time)
{
	if (!(d->retrans | d->ooo | d->dupacks | d->keepalives | d->probes |
	      d->zerowin | zerowin_time | d->outwin | d->paws |
	      d->challenges | d->ce))
		return tct_text_octets(at, tct_fill_quiet[who],
				       sizeof(tct_fill_quiet[who]) - 1);
	at = tct_fill_label(at, who, "_retrans=");
	at = tct_text_number(at, d->retrans);
	at = tct_fill_label(at, who, "_ooo=");
	at = tct_text_number(at, d->ooo);
	at = tct_fill_label(at, who, "_dupack=");
	at = tct_text_number(at, d->dupacks);
	at = tct_fill_label(at, who, "_keepalive=");
	at = tct_text_number(at, d->keepalives);
	at = tct_fill_label(at, who, "_probe=");
	at = tct_text_number(at, d->probes);
	at = tct_fill_label(at, who, "_zerowin=");
	at = tct_text_number(at, d->zerowin);
	at = tct_fill_label(at, who, "_zerowin_time=");
	at = tct_text_ticks(at, zerowin_time);
	at = tct_fill_label(at, who, "_outwin=");
	at = tct_text_number(at, d->outwin);
	at = tct_fill_label(at, who, "_paws=");
	at = tct_text_number(at, d->paws);
	at = tct_fill_label(at, who, "_challenge=");
	at = tct_text_number(at, d->challenges);
	at = tct_fill_label(at, who, "_ce=");
	return tct_text_number(at, d->ce);
}

static __always_inline char *
tct_fill_counters(char *at, const struct tct_snapshot *snap, unsigned int who,
		  u64 now)
{
	const struct tct_end_detail *d = &snap->detail.end[who];

	if (!snap->has_detail)
		return tct_text_octets(at, tct_fill_none[who],
				       sizeof(tct_fill_none[who]) - 1);
	at = tct_fill_label(at, who, "_acked=");
	at = tct_text_number(at, tct_outcome_acked(&snap->fsm, &snap->detail,
						   who));
	at = tct_fill_troubles(at, d, who,
			       tct_snapshot_zerowin(snap, who, now));
	at = tct_fill_label(at, who, "_rtt=");
	at = tct_fill_us(at, d->srtt, d->srtt);
	at = tct_fill_label(at, who, "_rtt_min=");
	at = tct_fill_us(at, d->rtt_min, d->srtt);
	at = tct_fill_label(at, who, "_rtt_last=");
	return tct_fill_us(at, d->rtt_last, d->srtt);
}

/* What the end's SYN said, and which bits its segments have set */
static __always_inline char *tct_fill_seen(char *at, const struct tct_end *e,
					   unsigned int who)
{
	bool syn = e->flags & TCT_END_SYN && e->flags & TCT_END_SEEN;

	at = tct_fill_label(at, who, "_mss=");
	at = e->mss ? tct_text_number(at, e->mss) : tct_text_char(at, '-');
	at = tct_fill_label(at, who, "_wscale=");
	at = syn ? tct_text_number(at, e->wscale) : tct_text_char(at, '-');
	at = tct_fill_label(at, who, "_seen=");
	return tct_fill_set(at, tct_seen_bits(e), tct_seen_words);
}

static __always_inline char *tct_fill_end(char *at,
					  const struct tct_snapshot *snap,
					  unsigned int who, u64 now)
{
	at = tct_fill_label(at, who, "_packets=");
	at = tct_text_number(at, snap->packets[who]);
	at = tct_fill_label(at, who, "_bytes=");
	at = tct_text_number(at, snap->bytes[who]);
	at = tct_fill_counters(at, snap, who, now);
	return tct_fill_seen(at, &snap->fsm.end[who], who);
}

static char *tct_fill_sock(char *at, const struct tct_sock *sock)
{
	if (sock->kind == TCT_SOCK_ABSENT)
		return tct_text_char(at, '-');
	if (sock->kind == TCT_SOCK_NONE)
		return tct_text_literal(at, "none");
	return tct_text_word(at, &tct_state_words[sock->state]);
}

static char *tct_fill_differs(char *at, const struct tct_sockets *socks)
{
	unsigned int who, i;

	if (!(socks->differ[0] | socks->differ[1]))
		return tct_text_char(at, '-');
	for (who = 0; who < 2; who++) {
		for (i = 0; socks->differ[who] >> i; i++) {
			if (!(socks->differ[who] & BIT(i)))
				continue;
			at = tct_text_string(at, who ? "dst_" : "src_");
			at = tct_text_string(at, tct_difference_name(i));
			at = tct_text_char(at, ',');
		}
	}
	return at - 1;
}

/* The socket is not half-open, as most are */
static const char tct_fill_settled[2][42] = {
	" src_syns=- src_syn_next=- src_syn_left=-",
	" dst_syns=- dst_syn_next=- dst_syn_left=-",
};

static __always_inline char *tct_fill_retry(char *at,
					    const struct tct_retry *retry,
					    unsigned int who)
{
	if (!retry->sent)
		return tct_text_octets(at, tct_fill_settled[who],
				       sizeof(tct_fill_settled[who]) - 1);
	at = tct_fill_label(at, who, "_syns=");
	at = tct_text_number(at, retry->sent);
	at = tct_fill_label(at, who, "_syn_next=");
	at = retry->next == TCT_RETRY_NEVER ? tct_text_char(at, '-') :
	     tct_text_ticks(at, retry->next);
	at = tct_fill_label(at, who, "_syn_left=");
	return tct_text_ticks(at, retry->left);
}

/* Neither end is here, as on a router */
static const char tct_fill_elsewhere[] = {
	" src_sock=- dst_sock=- differs=- src_syns=- src_syn_next=- src_syn_left=- dst_syns=- dst_syn_next=- dst_syn_left=-",
};

static char *tct_fill_socks(char *at, const struct tct_sockets *socks)
{
	if (!socks || (socks->end[0].kind == TCT_SOCK_ABSENT &&
		       socks->end[1].kind == TCT_SOCK_ABSENT))
		return tct_text_octets(at, tct_fill_elsewhere,
				       sizeof(tct_fill_elsewhere) - 1);
	at = tct_text_literal(at, " src_sock=");
	at = tct_fill_sock(at, &socks->end[0]);
	at = tct_text_literal(at, " dst_sock=");
	at = tct_fill_sock(at, &socks->end[1]);
	at = tct_text_literal(at, " differs=");
	at = tct_fill_differs(at, socks);
	at = tct_fill_retry(at, &socks->end[0].retry, 0);
	return tct_fill_retry(at, &socks->end[1].retry, 1);
}

static char *tct_fill_states(char *at, const struct tct_snapshot *snap,
			     u64 now)
{
	const struct tct_end *src = &snap->fsm.end[0], *dst = &snap->fsm.end[1];
	s32 left = snap->deadline - (u32)now;

	at = tct_text_literal(at, " src_state=");
	at = tct_text_word(at, &tct_state_words[src->state]);
	at = tct_text_literal(at, " src_since=");
	at = tct_text_ticks(at, (now - tct_since(src)) & TCT_WHEN_MASK);
	at = tct_text_literal(at, " dst_state=");
	at = tct_text_word(at, &tct_state_words[dst->state]);
	at = tct_text_literal(at, " dst_since=");
	at = tct_text_ticks(at, (now - tct_since(dst)) & TCT_WHEN_MASK);
	at = tct_text_literal(at, " age=");
	at = tct_text_ticks(at, (now - snap->created) & TCT_WHEN_MASK);
	at = tct_text_literal(at, " idle=");
	at = tct_text_ticks(at, (u32)now - snap->seen);
	at = tct_text_literal(at, " timeout=");
	at = tct_text_ticks(at, max(left, 0));
	at = tct_text_literal(at, " class=");
	at = tct_text_word(at, &tct_class_words[snap->class]);
	at = tct_text_literal(at, " reason=");
	at = tct_text_word(at, &tct_reason_words[snap->fsm.reason]);
	at = tct_text_literal(at, " flags=");
	return tct_fill_set(at, tct_flag_bits(&snap->fsm), tct_flag_words);
}

void tct_fill_line(struct seq_file *m, const struct tct_snapshot *snap,
		   const struct tct_sockets *socks, u64 now)
{
	char *begin, *at;

	if (seq_get_buf(m, &begin) < TCT_FILL_MAX) {
		seq_commit(m, -1);
		return;
	}
	at = begin;
	at = tct_key_is_ipv4(&snap->key) ?
	     tct_text_literal(at, "family=ipv4 src=") :
	     tct_text_literal(at, "family=ipv6 src=");
	at = tct_fill_endpoint(at, snap, 0);
	at = tct_text_literal(at, " dst=");
	at = tct_fill_endpoint(at, snap, 1);
	at = tct_fill_states(at, snap, now);
	at = tct_fill_outcome(at, snap);
	at = tct_fill_end(at, snap, 0, now);
	at = tct_fill_end(at, snap, 1, now);
	at = tct_fill_handshake(at, snap);
	at = tct_fill_history(at, snap, now);
	at = tct_fill_socks(at, socks);
	at = tct_text_char(at, '\n');
	seq_commit(m, at - begin);
}
