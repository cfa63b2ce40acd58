// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/seq_file.h>

#include "differ.h"
#include "fill.h"
#include "flow.h"
#include "names.h"

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
	const struct tct_detail *detail = &snap->detail;
	const char *key = " history=";
	unsigned int i, at;

	if (!snap->has_detail || !detail->changes) {
		tct_fill_word(m, key, "-");
		return;
	}
	at = (detail->next + TCT_HISTORY - detail->changes) % TCT_HISTORY;
	for (i = 0; i < detail->changes; i++) {
		const struct tct_change *change = &detail->history[at];

		tct_fill_word(m, key, tct_reason_name(change->why));
		tct_fill_word(m, ":", tct_state_name(change->initiator));
		tct_fill_word(m, "/", tct_state_name(change->responder));
		tct_fill_time(m, "@", (now - change->when) & TCT_WHEN_MASK);
		at = (at + 1) % TCT_HISTORY;
		key = ",";
	}
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
	tct_fill_time(m, " src_since=", now - fsm->since[0]);
	tct_fill_word(m, " dst_state=", tct_state_name(fsm->end[1].state));
	tct_fill_time(m, " dst_since=", now - fsm->since[1]);
	tct_fill_time(m, " age=", now - snap->created);
	tct_fill_time(m, " idle=", (u32)now - snap->seen);
	tct_fill_time(m, " timeout=", max(left, 0));
	tct_fill_word(m, " class=", tct_class_name(snap->class));
	seq_put_decimal_ull(m, " src_packets=", snap->packets[0]);
	seq_put_decimal_ull(m, " src_bytes=", snap->bytes[0]);
	seq_put_decimal_ull(m, " dst_packets=", snap->packets[1]);
	seq_put_decimal_ull(m, " dst_bytes=", snap->bytes[1]);
	if (snap->rtt_known) {
		seq_put_decimal_ull(m, " rtt=", snap->rtt / USEC_PER_SEC);
		tct_fill_fraction(m, snap->rtt % USEC_PER_SEC, USEC_PER_SEC);
	} else {
		seq_puts(m, " rtt=-");
	}
	if (snap->has_detail) {
		seq_put_decimal_ull(m, " src_retrans=", snap->detail.retrans[0]);
		seq_put_decimal_ull(m, " dst_retrans=", snap->detail.retrans[1]);
	} else {
		seq_puts(m, " src_retrans=- dst_retrans=-");
	}
	tct_fill_word(m, " reason=", tct_reason_name(fsm->reason));
	tct_fill_flags(m, fsm);
	tct_fill_history(m, snap, now);
	tct_fill_sockets(m, socks);
	seq_putc(m, '\n');
}
