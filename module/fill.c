// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/seq_file.h>

#include "differ.h"
#include "fill.h"
#include "flow.h"
#include "letters.h"
#include "text.h"
#include "names.h"
#include "outcome.h"

static void tct_fill_endpoint(struct tct_text *line,
			      const struct tct_snapshot *snap, bool high)
{
	struct tct_endpoint ep;

	tct_key_endpoint(&snap->key, high, &ep);
	if (tct_key_is_ipv4(&snap->key))
		tct_text_ipv4(line, ep.addr.s6_addr);
	else
		line->at += scnprintf(line->at, TCT_FILL_MAX, "%pI6c",
				      &ep.addr);
	tct_text_literal(line, " sport=");
	/* the same for either end, but for one letter */
	if (high != snap->initiator_high)
		line->at[-6] = 'd';
	tct_text_number(line, ntohs(ep.port));
}

static void tct_fill_flags(struct tct_text *line, const struct tct_fsm *fsm)
{
	const char *name;
	unsigned int i = 0, n = 0;

	tct_text_literal(line, " flags=");
	while ((name = tct_flag_name(fsm, &i))) {
		if (n++)
			*line->at++ = ',';
		tct_text_string(line, name);
	}
	if (!n)
		*line->at++ = '-';
}

/* oldest first: reason:initiator/responder@seconds ago */
static void tct_fill_history(struct tct_text *line,
			     const struct tct_snapshot *snap, u64 now)
{
	const struct tct_detail *d = &snap->detail;
	unsigned int i, at;

	tct_text_literal(line, " history=");
	if (!snap->has_detail || !d->changes) {
		*line->at++ = '-';
		return;
	}
	at = (d->next + TCT_CHANGES - d->changes) % TCT_CHANGES;
	for (i = 0; i < d->changes; i++) {
		u64 when = (u64)d->when_hi[at] << 32 | d->when_lo[at];

		if (i)
			*line->at++ = ',';
		tct_text_word(line, tct_reason_word(d->why[at]));
		*line->at++ = ':';
		tct_text_word(line, tct_state_word(d->states[at] >> 4));
		*line->at++ = '/';
		tct_text_word(line, tct_state_word(d->states[at] & 0xf));
		*line->at++ = '@';
		tct_text_ticks(line, (now - when) & TCT_WHEN_MASK);
		at = (at + 1) % TCT_CHANGES;
	}
}

static void tct_fill_us(struct tct_text *line, u32 us, bool known)
{
	if (known)
		tct_text_us(line, us);
	else
		*line->at++ = '-';
}

/* Both halves of the handshake, and their sum where both are known */
static void tct_fill_handshake(struct tct_text *line,
			       const struct tct_snapshot *snap)
{
	const u32 *rtt = snap->rtt;
	u8 known = snap->rtt_known;

	tct_text_literal(line, " rtt=");
	tct_fill_us(line, rtt[0] + rtt[1],
		    known == (TCT_RTT_SERVER | TCT_RTT_CLIENT));
	tct_text_literal(line, " rtt_server=");
	tct_fill_us(line, rtt[0], known & TCT_RTT_SERVER);
	tct_text_literal(line, " rtt_client=");
	tct_fill_us(line, rtt[1], known & TCT_RTT_CLIENT);
}

static void tct_fill_outcome(struct tct_text *line,
			     const struct tct_snapshot *snap)
{
	bool payload = snap->bytes[0] | snap->bytes[1];
	enum tct_outcome outcome;
	char buf[TCT_LETTERS + 1];
	unsigned int by;

	outcome = tct_outcome(&snap->fsm, &by);
	tct_text_literal(line, " end=");
	tct_text_string(line, outcome == TCT_OUTCOME_NONE && snap->expired ?
			      "timeout" : tct_outcome_name(outcome));
	if (outcome != TCT_OUTCOME_NONE)
		tct_text_string(line, by ? "_dst" : "_src");
	tct_text_literal(line, " conn_state=");
	tct_text_string(line, tct_conn_state_name
			(tct_outcome_conn_state(&snap->fsm, payload)));
	tct_letters_print(&snap->fsm, snap->has_detail ? &snap->detail : NULL,
			  buf);
	tct_text_literal(line, " zeek=");
	tct_text_string(line, *buf ? buf : "-");
}

/* The fields of one end, as the line's reader knows them of the initiator and of
 * the responder
 */
enum {
	TCT_FIELD_PACKETS, TCT_FIELD_BYTES, TCT_FIELD_ACKED,
	TCT_FIELD_RETRANS, TCT_FIELD_OOO, TCT_FIELD_DUPACK,
	TCT_FIELD_KEEPALIVE, TCT_FIELD_PROBE, TCT_FIELD_ZEROWIN,
	TCT_FIELD_ZEROWIN_TIME, TCT_FIELD_OUTWIN, TCT_FIELD_PAWS,
	TCT_FIELD_CHALLENGE, TCT_FIELD_CE, TCT_FIELD_RTT,
	TCT_FIELD_RTT_MIN, TCT_FIELD_RTT_LAST, TCT_FIELD_MSS,
	TCT_FIELD_WSCALE, TCT_FIELD_SEEN,
	TCT_FIELD_SYNS, TCT_FIELD_SYN_NEXT, TCT_FIELD_SYN_LEFT,
};

static const struct tct_word tct_fields[][2] = {
	[TCT_FIELD_PACKETS] = {
		TCT_WORD(" src_packets="), TCT_WORD(" dst_packets="),
	},
	[TCT_FIELD_BYTES] = {
		TCT_WORD(" src_bytes="), TCT_WORD(" dst_bytes="),
	},
	[TCT_FIELD_ACKED] = {
		TCT_WORD(" src_acked="), TCT_WORD(" dst_acked="),
	},
	[TCT_FIELD_RETRANS] = {
		TCT_WORD(" src_retrans="), TCT_WORD(" dst_retrans="),
	},
	[TCT_FIELD_OOO] = {
		TCT_WORD(" src_ooo="), TCT_WORD(" dst_ooo="),
	},
	[TCT_FIELD_DUPACK] = {
		TCT_WORD(" src_dupack="), TCT_WORD(" dst_dupack="),
	},
	[TCT_FIELD_KEEPALIVE] = {
		TCT_WORD(" src_keepalive="), TCT_WORD(" dst_keepalive="),
	},
	[TCT_FIELD_PROBE] = {
		TCT_WORD(" src_probe="), TCT_WORD(" dst_probe="),
	},
	[TCT_FIELD_ZEROWIN] = {
		TCT_WORD(" src_zerowin="), TCT_WORD(" dst_zerowin="),
	},
	[TCT_FIELD_ZEROWIN_TIME] = {
		TCT_WORD(" src_zerowin_time="), TCT_WORD(" dst_zerowin_time="),
	},
	[TCT_FIELD_OUTWIN] = {
		TCT_WORD(" src_outwin="), TCT_WORD(" dst_outwin="),
	},
	[TCT_FIELD_PAWS] = {
		TCT_WORD(" src_paws="), TCT_WORD(" dst_paws="),
	},
	[TCT_FIELD_CHALLENGE] = {
		TCT_WORD(" src_challenge="), TCT_WORD(" dst_challenge="),
	},
	[TCT_FIELD_CE] = {
		TCT_WORD(" src_ce="), TCT_WORD(" dst_ce="),
	},
	[TCT_FIELD_RTT] = {
		TCT_WORD(" src_rtt="), TCT_WORD(" dst_rtt="),
	},
	[TCT_FIELD_RTT_MIN] = {
		TCT_WORD(" src_rtt_min="), TCT_WORD(" dst_rtt_min="),
	},
	[TCT_FIELD_RTT_LAST] = {
		TCT_WORD(" src_rtt_last="), TCT_WORD(" dst_rtt_last="),
	},
	[TCT_FIELD_MSS] = {
		TCT_WORD(" src_mss="), TCT_WORD(" dst_mss="),
	},
	[TCT_FIELD_WSCALE] = {
		TCT_WORD(" src_wscale="), TCT_WORD(" dst_wscale="),
	},
	[TCT_FIELD_SEEN] = {
		TCT_WORD(" src_seen="), TCT_WORD(" dst_seen="),
	},
	[TCT_FIELD_SYNS] = {
		TCT_WORD(" src_syns="), TCT_WORD(" dst_syns="),
	},
	[TCT_FIELD_SYN_NEXT] = {
		TCT_WORD(" src_syn_next="), TCT_WORD(" dst_syn_next="),
	},
	[TCT_FIELD_SYN_LEFT] = {
		TCT_WORD(" src_syn_left="), TCT_WORD(" dst_syn_left="),
	},
};

static void tct_fill_number(struct tct_text *line, unsigned int field,
			    unsigned int who, u64 number)
{
	tct_text_word(line, &tct_fields[field][who]);
	tct_text_number(line, number);
}

static void tct_fill_sample(struct tct_text *line, unsigned int field,
			    unsigned int who, u32 us, bool known)
{
	tct_text_word(line, &tct_fields[field][who]);
	tct_fill_us(line, us, known);
}

static void tct_fill_counters(struct tct_text *line,
			      const struct tct_snapshot *snap,
			      unsigned int who, u64 now)
{
	const struct tct_end_detail *d = &snap->detail.end[who];
	unsigned int i;

	if (!snap->has_detail) {
		for (i = TCT_FIELD_ACKED; i <= TCT_FIELD_RTT_LAST; i++) {
			tct_text_word(line, &tct_fields[i][who]);
			*line->at++ = '-';
		}
		return;
	}
	tct_fill_number(line, TCT_FIELD_ACKED, who,
			tct_outcome_acked(&snap->fsm, &snap->detail, who));
	tct_fill_number(line, TCT_FIELD_RETRANS, who, d->retrans);
	tct_fill_number(line, TCT_FIELD_OOO, who, d->ooo);
	tct_fill_number(line, TCT_FIELD_DUPACK, who, d->dupacks);
	tct_fill_number(line, TCT_FIELD_KEEPALIVE, who, d->keepalives);
	tct_fill_number(line, TCT_FIELD_PROBE, who, d->probes);
	tct_fill_number(line, TCT_FIELD_ZEROWIN, who, d->zerowin);
	tct_text_word(line, &tct_fields[TCT_FIELD_ZEROWIN_TIME][who]);
	tct_text_ticks(line, tct_snapshot_zerowin(snap, who, now));
	tct_fill_number(line, TCT_FIELD_OUTWIN, who, d->outwin);
	tct_fill_number(line, TCT_FIELD_PAWS, who, d->paws);
	tct_fill_number(line, TCT_FIELD_CHALLENGE, who, d->challenges);
	tct_fill_number(line, TCT_FIELD_CE, who, d->ce);
	tct_fill_sample(line, TCT_FIELD_RTT, who, d->srtt, d->srtt);
	tct_fill_sample(line, TCT_FIELD_RTT_MIN, who, d->rtt_min, d->srtt);
	tct_fill_sample(line, TCT_FIELD_RTT_LAST, who, d->rtt_last, d->srtt);
}

/* What the end's SYN said, and which bits its segments have set */
static void tct_fill_seen(struct tct_text *line,
			  const struct tct_snapshot *snap, unsigned int who)
{
	const struct tct_end *e = &snap->fsm.end[who];
	bool syn = e->flags & TCT_END_SYN && e->flags & TCT_END_SEEN;
	unsigned int i = 0, n = 0;
	const char *name;

	tct_text_word(line, &tct_fields[TCT_FIELD_MSS][who]);
	if (e->mss)
		tct_text_number(line, e->mss);
	else
		*line->at++ = '-';
	tct_text_word(line, &tct_fields[TCT_FIELD_WSCALE][who]);
	if (syn)
		tct_text_number(line, e->wscale);
	else
		*line->at++ = '-';
	tct_text_word(line, &tct_fields[TCT_FIELD_SEEN][who]);
	while ((name = tct_seen_name(e, &i))) {
		if (n++)
			*line->at++ = ',';
		tct_text_string(line, name);
	}
	if (!n)
		*line->at++ = '-';
}

static void tct_fill_end(struct tct_text *line,
			 const struct tct_snapshot *snap, unsigned int who,
			 u64 now)
{
	tct_fill_number(line, TCT_FIELD_PACKETS, who, snap->packets[who]);
	tct_fill_number(line, TCT_FIELD_BYTES, who, snap->bytes[who]);
	tct_fill_counters(line, snap, who, now);
	tct_fill_seen(line, snap, who);
}

static void tct_fill_sock(struct tct_text *line,
			  const struct tct_sockets *socks, unsigned int who)
{
	if (!socks || socks->end[who].kind == TCT_SOCK_ABSENT)
		*line->at++ = '-';
	else if (socks->end[who].kind == TCT_SOCK_NONE)
		tct_text_literal(line, "none");
	else
		tct_text_word(line, tct_state_word(socks->end[who].state));
}

static void tct_fill_differs(struct tct_text *line,
			     const struct tct_sockets *socks)
{
	unsigned int who, i, n = 0;

	for (who = 0; who < 2 && socks; who++) {
		for (i = 0; socks->differ[who] >> i; i++) {
			if (!(socks->differ[who] & BIT(i)))
				continue;
			if (n++)
				*line->at++ = ',';
			tct_text_string(line, who ? "dst_" : "src_");
			tct_text_string(line, tct_difference_name(i));
		}
	}
	if (!n)
		*line->at++ = '-';
}

static void tct_fill_time(struct tct_text *line, u32 ticks, bool known)
{
	if (known)
		tct_text_ticks(line, ticks);
	else
		*line->at++ = '-';
}

static void tct_fill_retry(struct tct_text *line,
			   const struct tct_sockets *socks, unsigned int who)
{
	static const struct tct_retry none;
	const struct tct_retry *retry = socks ? &socks->end[who].retry : &none;

	tct_text_word(line, &tct_fields[TCT_FIELD_SYNS][who]);
	if (retry->sent)
		tct_text_number(line, retry->sent);
	else
		*line->at++ = '-';
	tct_text_word(line, &tct_fields[TCT_FIELD_SYN_NEXT][who]);
	tct_fill_time(line, retry->next,
		      retry->sent && retry->next != TCT_RETRY_NEVER);
	tct_text_word(line, &tct_fields[TCT_FIELD_SYN_LEFT][who]);
	tct_fill_time(line, retry->left, retry->sent);
}

static void tct_fill_states(struct tct_text *line,
			    const struct tct_snapshot *snap, u64 now)
{
	const struct tct_fsm *fsm = &snap->fsm;

	tct_text_literal(line, " src_state=");
	tct_text_word(line, tct_state_word(fsm->end[0].state));
	tct_text_literal(line, " src_since=");
	tct_text_ticks(line, (now - tct_since(&fsm->end[0])) & TCT_WHEN_MASK);
	tct_text_literal(line, " dst_state=");
	tct_text_word(line, tct_state_word(fsm->end[1].state));
	tct_text_literal(line, " dst_since=");
	tct_text_ticks(line, (now - tct_since(&fsm->end[1])) & TCT_WHEN_MASK);
	tct_text_literal(line, " age=");
	tct_text_ticks(line, (now - snap->created) & TCT_WHEN_MASK);
	tct_text_literal(line, " idle=");
	tct_text_ticks(line, (u32)now - snap->seen);
	tct_text_literal(line, " timeout=");
	tct_text_ticks(line, max((s32)(snap->deadline - (u32)now), 0));
	tct_text_literal(line, " class=");
	tct_text_word(line, tct_class_word(snap->class));
	tct_text_literal(line, " reason=");
	tct_text_word(line, tct_reason_word(fsm->reason));
}

void tct_fill_line(struct seq_file *m, const struct tct_snapshot *snap,
		   const struct tct_sockets *socks, u64 now)
{
	struct tct_text line;
	char *begin;

	if (seq_get_buf(m, &begin) < TCT_FILL_MAX) {
		seq_commit(m, -1);
		return;
	}
	line.at = begin;
	if (tct_key_is_ipv4(&snap->key))
		tct_text_literal(&line, "family=ipv4 src=");
	else
		tct_text_literal(&line, "family=ipv6 src=");
	tct_fill_endpoint(&line, snap, snap->initiator_high);
	tct_text_literal(&line, " dst=");
	tct_fill_endpoint(&line, snap, !snap->initiator_high);
	tct_fill_states(&line, snap, now);
	tct_fill_flags(&line, &snap->fsm);
	tct_fill_outcome(&line, snap);
	tct_fill_end(&line, snap, 0, now);
	tct_fill_end(&line, snap, 1, now);
	tct_fill_handshake(&line, snap);
	tct_fill_history(&line, snap, now);
	tct_text_literal(&line, " src_sock=");
	tct_fill_sock(&line, socks, 0);
	tct_text_literal(&line, " dst_sock=");
	tct_fill_sock(&line, socks, 1);
	tct_text_literal(&line, " differs=");
	tct_fill_differs(&line, socks);
	tct_fill_retry(&line, socks, 0);
	tct_fill_retry(&line, socks, 1);
	*line.at++ = '\n';
	seq_commit(m, line.at - begin);
}
