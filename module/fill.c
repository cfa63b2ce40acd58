// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/seq_file.h>

#include "differ.h"
#include "fill.h"
#include "flow.h"
#include "letters.h"
#include "names.h"
#include "outcome.h"

static void tct_fill_fraction(struct seq_file *m, u32 part, u32 unit)
{
	seq_putc(m, '.');
	for (unit /= 10; unit; unit /= 10)
		seq_putc(m, '0' + part / unit % 10);
}

/* ticks as seconds, to the millisecond */
static void tct_fill_time(struct seq_file *m, const char *key, u64 ticks)
{
	u32 rest;
	u64 s = div_u64_rem(ticks, HZ, &rest);

	seq_put_decimal_ull(m, key, s);
	tct_fill_fraction(m, rest * 1000 / HZ, 1000);
}

static void tct_fill_word(struct seq_file *m, const char *key, const char *word)
{
	seq_puts(m, key);
	seq_puts(m, word);
}

static void tct_fill_endpoint(struct seq_file *m, const char *addr,
			      const char *port,
			      const struct tct_snapshot *snap, bool high)
{
	struct tct_endpoint ep;

	tct_key_endpoint(&snap->key, high, &ep);
	seq_puts(m, addr);
	if (tct_key_is_ipv4(&snap->key))
		seq_printf(m, "%pI4", &ep.addr.s6_addr32[0]);
	else
		seq_printf(m, "%pI6c", &ep.addr);
	seq_put_decimal_ull(m, port, ntohs(ep.port));
}

static void tct_fill_flags(struct seq_file *m, const struct tct_fsm *fsm)
{
	const char *name, *key = " flags=";
	unsigned int i = 0;

	while ((name = tct_flag_name(fsm, &i))) {
		tct_fill_word(m, key, name);
		key = ",";
	}
	if (*key != ',')
		tct_fill_word(m, key, "-");
}

/* oldest first: reason:initiator/responder@seconds ago */
static void tct_fill_history(struct seq_file *m,
			     const struct tct_snapshot *snap, u64 now)
{
	const struct tct_detail *d = &snap->detail;
	const char *key = " history=";
	unsigned int i, at;

	if (!snap->has_detail || !d->changes) {
		tct_fill_word(m, key, "-");
		return;
	}
	at = (d->next + TCT_CHANGES - d->changes) % TCT_CHANGES;
	for (i = 0; i < d->changes; i++) {
		u64 when = (u64)d->when_hi[at] << 32 | d->when_lo[at];

		tct_fill_word(m, key, tct_reason_name(d->why[at]));
		tct_fill_word(m, ":", tct_state_name(d->states[at] >> 4));
		tct_fill_word(m, "/", tct_state_name(d->states[at] & 0xf));
		tct_fill_time(m, "@", (now - when) & TCT_WHEN_MASK);
		at = (at + 1) % TCT_CHANGES;
		key = ",";
	}
}

static void tct_fill_us(struct seq_file *m, const char *key, u32 us, bool known)
{
	if (!known) {
		tct_fill_word(m, key, "-");
		return;
	}
	seq_put_decimal_ull(m, key, us / USEC_PER_SEC);
	tct_fill_fraction(m, us % USEC_PER_SEC, USEC_PER_SEC);
}

/* Both halves of the handshake, and their sum where both are known */
static void tct_fill_handshake(struct seq_file *m,
			       const struct tct_snapshot *snap)
{
	const u32 *rtt = snap->rtt;
	u8 known = snap->rtt_known;

	tct_fill_us(m, " rtt=", rtt[0] + rtt[1],
		    known == (TCT_RTT_SERVER | TCT_RTT_CLIENT));
	tct_fill_us(m, " rtt_server=", rtt[0], known & TCT_RTT_SERVER);
	tct_fill_us(m, " rtt_client=", rtt[1], known & TCT_RTT_CLIENT);
}

static void tct_fill_outcome(struct seq_file *m,
			     const struct tct_snapshot *snap)
{
	bool payload = snap->bytes[0] | snap->bytes[1];
	enum tct_outcome outcome;
	char buf[TCT_LETTERS + 1];
	unsigned int by;

	outcome = tct_outcome(&snap->fsm, &by);
	tct_fill_word(m, " end=", outcome == TCT_OUTCOME_NONE && snap->expired ?
		      "timeout" : tct_outcome_name(outcome));
	if (outcome != TCT_OUTCOME_NONE)
		seq_puts(m, by ? "_dst" : "_src");
	tct_fill_word(m, " conn_state=",
		      tct_conn_state_name(tct_outcome_conn_state(&snap->fsm,
								 payload)));
	tct_letters_print(&snap->fsm, snap->has_detail ? &snap->detail : NULL,
			  buf);
	tct_fill_word(m, " zeek=", *buf ? buf : "-");
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
};

static const char * const tct_fields[][2] = {
	[TCT_FIELD_PACKETS]	= { " src_packets=", " dst_packets=" },
	[TCT_FIELD_BYTES]	= { " src_bytes=", " dst_bytes=" },
	[TCT_FIELD_ACKED]	= { " src_acked=", " dst_acked=" },
	[TCT_FIELD_RETRANS]	= { " src_retrans=", " dst_retrans=" },
	[TCT_FIELD_OOO]		= { " src_ooo=", " dst_ooo=" },
	[TCT_FIELD_DUPACK]	= { " src_dupack=", " dst_dupack=" },
	[TCT_FIELD_KEEPALIVE]	= { " src_keepalive=", " dst_keepalive=" },
	[TCT_FIELD_PROBE]	= { " src_probe=", " dst_probe=" },
	[TCT_FIELD_ZEROWIN]	= { " src_zerowin=", " dst_zerowin=" },
	[TCT_FIELD_ZEROWIN_TIME]	= { " src_zerowin_time=", " dst_zerowin_time=" },
	[TCT_FIELD_OUTWIN]	= { " src_outwin=", " dst_outwin=" },
	[TCT_FIELD_PAWS]	= { " src_paws=", " dst_paws=" },
	[TCT_FIELD_CHALLENGE]	= { " src_challenge=", " dst_challenge=" },
	[TCT_FIELD_CE]		= { " src_ce=", " dst_ce=" },
	[TCT_FIELD_RTT]		= { " src_rtt=", " dst_rtt=" },
	[TCT_FIELD_RTT_MIN]	= { " src_rtt_min=", " dst_rtt_min=" },
	[TCT_FIELD_RTT_LAST]	= { " src_rtt_last=", " dst_rtt_last=" },
	[TCT_FIELD_MSS]		= { " src_mss=", " dst_mss=" },
	[TCT_FIELD_WSCALE]	= { " src_wscale=", " dst_wscale=" },
	[TCT_FIELD_SEEN]	= { " src_seen=", " dst_seen=" },
};

static void tct_fill_counters(struct seq_file *m,
			      const struct tct_snapshot *snap,
			      unsigned int who, u64 now)
{
	const struct tct_end_detail *d = &snap->detail.end[who];
	unsigned int i;

	if (!snap->has_detail) {
		for (i = TCT_FIELD_ACKED; i <= TCT_FIELD_RTT_LAST; i++)
			tct_fill_word(m, tct_fields[i][who], "-");
		return;
	}
#define PUT(FIELD, value) \
	seq_put_decimal_ull(m, tct_fields[TCT_FIELD_##FIELD][who], value)
	PUT(ACKED, tct_outcome_acked(&snap->fsm, &snap->detail, who));
	PUT(RETRANS, d->retrans);
	PUT(OOO, d->ooo);
	PUT(DUPACK, d->dupacks);
	PUT(KEEPALIVE, d->keepalives);
	PUT(PROBE, d->probes);
	PUT(ZEROWIN, d->zerowin);
	tct_fill_time(m, tct_fields[TCT_FIELD_ZEROWIN_TIME][who],
		      tct_snapshot_zerowin(snap, who, now));
	PUT(OUTWIN, d->outwin);
	PUT(PAWS, d->paws);
	PUT(CHALLENGE, d->challenges);
	PUT(CE, d->ce);
#undef PUT
	tct_fill_us(m, tct_fields[TCT_FIELD_RTT][who], d->srtt, d->srtt);
	tct_fill_us(m, tct_fields[TCT_FIELD_RTT_MIN][who], d->rtt_min, d->srtt);
	tct_fill_us(m, tct_fields[TCT_FIELD_RTT_LAST][who], d->rtt_last,
		    d->srtt);
}

/* What the end's SYN said, and which bits its segments have set */
static void tct_fill_seen(struct seq_file *m, const struct tct_snapshot *snap,
			  unsigned int who)
{
	const struct tct_end *e = &snap->fsm.end[who];
	const char *name, *key = tct_fields[TCT_FIELD_SEEN][who];
	bool syn = e->flags & TCT_END_SYN && e->flags & TCT_END_SEEN;
	unsigned int i = 0;

	if (e->mss)
		seq_put_decimal_ull(m, tct_fields[TCT_FIELD_MSS][who], e->mss);
	else
		tct_fill_word(m, tct_fields[TCT_FIELD_MSS][who], "-");
	if (syn)
		seq_put_decimal_ull(m, tct_fields[TCT_FIELD_WSCALE][who],
				    e->wscale);
	else
		tct_fill_word(m, tct_fields[TCT_FIELD_WSCALE][who], "-");
	while ((name = tct_seen_name(e, &i))) {
		tct_fill_word(m, key, name);
		key = ",";
	}
	if (*key != ',')
		tct_fill_word(m, key, "-");
}

static void tct_fill_end(struct seq_file *m, const struct tct_snapshot *snap,
			 unsigned int who, u64 now)
{
	seq_put_decimal_ull(m, tct_fields[TCT_FIELD_PACKETS][who],
			    snap->packets[who]);
	seq_put_decimal_ull(m, tct_fields[TCT_FIELD_BYTES][who],
			    snap->bytes[who]);
	tct_fill_counters(m, snap, who, now);
	tct_fill_seen(m, snap, who);
}

static const char *tct_fill_sock_state(const struct tct_sockets *socks,
				       unsigned int who)
{
	if (!socks || socks->end[who].kind == TCT_SOCK_ABSENT)
		return "-";
	if (socks->end[who].kind == TCT_SOCK_NONE)
		return "none";
	return tct_state_name(socks->end[who].state);
}

static void tct_fill_sockets(struct seq_file *m,
			     const struct tct_sockets *socks)
{
	const char *key = " differs=";
	unsigned int who, i;

	tct_fill_word(m, " src_sock=", tct_fill_sock_state(socks, 0));
	tct_fill_word(m, " dst_sock=", tct_fill_sock_state(socks, 1));
	for (who = 0; who < 2 && socks; who++) {
		for (i = 0; i < TCT_DIFF_MAX; i++) {
			if (!(socks->differ[who] & BIT(i)))
				continue;
			tct_fill_word(m, key, who ? "dst_" : "src_");
			seq_puts(m, tct_difference_name(i));
			key = ",";
		}
	}
	if (*key != ',')
		tct_fill_word(m, key, "-");
}

void tct_fill_line(struct seq_file *m, const struct tct_snapshot *snap,
		   const struct tct_sockets *socks, u64 now)
{
	const struct tct_fsm *fsm = &snap->fsm;
	s32 left = (s32)(snap->deadline - (u32)now);

	tct_fill_word(m, "family=",
		      tct_key_is_ipv4(&snap->key) ? "ipv4" : "ipv6");
	tct_fill_endpoint(m, " src=", " sport=", snap, snap->initiator_high);
	tct_fill_endpoint(m, " dst=", " dport=", snap, !snap->initiator_high);
	tct_fill_word(m, " src_state=", tct_state_name(fsm->end[0].state));
	tct_fill_time(m, " src_since=",
		      (now - tct_since(&fsm->end[0])) & TCT_WHEN_MASK);
	tct_fill_word(m, " dst_state=", tct_state_name(fsm->end[1].state));
	tct_fill_time(m, " dst_since=",
		      (now - tct_since(&fsm->end[1])) & TCT_WHEN_MASK);
	tct_fill_time(m, " age=", (now - snap->created) & TCT_WHEN_MASK);
	tct_fill_time(m, " idle=", (u32)now - snap->seen);
	tct_fill_time(m, " timeout=", max(left, 0));
	tct_fill_word(m, " class=", tct_class_name(snap->class));
	tct_fill_word(m, " reason=", tct_reason_name(fsm->reason));
	tct_fill_flags(m, fsm);
	tct_fill_outcome(m, snap);
	tct_fill_end(m, snap, 0, now);
	tct_fill_end(m, snap, 1, now);
	tct_fill_handshake(m, snap);
	tct_fill_history(m, snap, now);
	tct_fill_sockets(m, socks);
	seq_putc(m, '\n');
}
