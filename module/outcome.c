// SPDX-License-Identifier: GPL-2.0
#include "outcome.h"
#include "seq.h"

static const char * const tct_outcome_names[TCT_OUTCOME_MAX] = {
	[TCT_OUTCOME_NONE]	= "-",
	[TCT_OUTCOME_FIN]	= "fin",
	[TCT_OUTCOME_REFUSED]	= "refused",
	[TCT_OUTCOME_HALF_OPEN]	= "rst_half_open",
	[TCT_OUTCOME_ABORTED]	= "rst_aborted",
	[TCT_OUTCOME_TIME_WAIT]	= "rst_time_wait",
	[TCT_OUTCOME_STRAY]	= "rst_stray",
	[TCT_OUTCOME_SILENCE]	= "silence",
};

static const char * const tct_conn_state_names[TCT_CONN_MAX] = {
	[TCT_CONN_S0]		= "S0",
	[TCT_CONN_S1]		= "S1",
	[TCT_CONN_SF]		= "SF",
	[TCT_CONN_REJ]		= "REJ",
	[TCT_CONN_S2]		= "S2",
	[TCT_CONN_S3]		= "S3",
	[TCT_CONN_RSTO]		= "RSTO",
	[TCT_CONN_RSTR]		= "RSTR",
	[TCT_CONN_RSTOS0]	= "RSTOS0",
	[TCT_CONN_RSTRH]	= "RSTRH",
	[TCT_CONN_SH]		= "SH",
	[TCT_CONN_SHR]		= "SHR",
	[TCT_CONN_OTH]		= "OTH",
};

const char *tct_outcome_name(unsigned int outcome)
{
	return tct_outcome_names[outcome];
}

const char *tct_conn_state_name(unsigned int state)
{
	return tct_conn_state_names[state];
}

static bool tct_end_is_over(const struct tct_end *e)
{
	return e->state == TCT_CLOSED || e->state == TCT_TIME_WAIT;
}

static bool tct_end_had_rst(const struct tct_end *e)
{
	return e->flags & TCT_END_RESET && !tct_end_is_silent(e);
}

static enum tct_outcome tct_outcome_of_rst(const struct tct_fsm *f,
					   unsigned int by)
{
	const struct tct_end *s = &f->end[by], *r = &f->end[!by];
	u8 sender = tct_end_before(s), receiver = tct_end_before(r);

	if (receiver == TCT_TIME_WAIT)
		return TCT_OUTCOME_TIME_WAIT;
	/* it had nothing to reset, so it is no RST of an end's own choice */
	if (sender == TCT_CLOSED)
		return receiver == TCT_SYN_SENT ? TCT_OUTCOME_REFUSED :
						  TCT_OUTCOME_STRAY;
	if (sender == TCT_SYN_SENT || sender == TCT_SYN_RECEIVED ||
	    receiver == TCT_SYN_SENT || receiver == TCT_SYN_RECEIVED)
		return TCT_OUTCOME_HALF_OPEN;
	return TCT_OUTCOME_ABORTED;
}

enum tct_outcome tct_outcome(const struct tct_fsm *f, unsigned int *by)
{
	const struct tct_end *a = &f->end[0], *b = &f->end[1];

	*by = !!(f->flags & TCT_F_CLOSER_1);
	if (!tct_end_is_over(a) || !tct_end_is_over(b) ||
	    !((a->flags | b->flags) & (TCT_END_FIN | TCT_END_RESET)))
		return TCT_OUTCOME_NONE;
	if (!((a->flags | b->flags) & TCT_END_RESET))
		return TCT_OUTCOME_FIN;
	if (!tct_end_had_rst(a) && !tct_end_had_rst(b)) {
		*by = tct_end_is_silent(b);
		return TCT_OUTCOME_SILENCE;
	}
	*by = !!(f->flags & TCT_F_RST_1);
	return tct_outcome_of_rst(f, *by);
}

/* What Zeek would take an end for */
enum tct_zeek_end {
	TCT_ZEEK_INACTIVE,	/* or PARTIAL: no SYN of it was seen */
	TCT_ZEEK_SYN_SENT,
	TCT_ZEEK_ESTABLISHED,
	TCT_ZEEK_CLOSED,	/* it has sent its FIN */
	TCT_ZEEK_RESET,		/* it has sent a RST */
};

static enum tct_zeek_end tct_zeek_end(const struct tct_fsm *f, unsigned int who)
{
	const struct tct_end *e = &f->end[who], *peer = &f->end[!who];
	bool reset = tct_end_had_rst(e) || tct_end_had_rst(peer);

	if (reset && who == !!(f->flags & TCT_F_RST_1))
		return TCT_ZEEK_RESET;
	if (e->flags & TCT_END_FIN)
		return TCT_ZEEK_CLOSED;
	if ((e->flags & (TCT_END_SYN | TCT_END_SEEN)) !=
	    (TCT_END_SYN | TCT_END_SEEN))
		return TCT_ZEEK_INACTIVE;
	/* a SYN-ACK opens both: Zeek does not wait for its ACK */
	if (peer->flags & TCT_END_ACKED && tct_after(peer->ack, e->isn))
		return TCT_ZEEK_ESTABLISHED;
	return e->flags & TCT_END_ACKED ? TCT_ZEEK_ESTABLISHED :
					  TCT_ZEEK_SYN_SENT;
}

enum tct_conn_state tct_outcome_conn_state(const struct tct_fsm *f,
					   bool payload)
{
	enum tct_zeek_end o = tct_zeek_end(f, 0), r = tct_zeek_end(f, 1);
	bool o_syn = (f->end[0].flags & (TCT_END_SYN | TCT_END_SEEN)) ==
		     (TCT_END_SYN | TCT_END_SEEN);

	if (r == TCT_ZEEK_RESET) {
		if (o == TCT_ZEEK_SYN_SENT)
			return TCT_CONN_REJ;
		return o == TCT_ZEEK_INACTIVE ? TCT_CONN_RSTRH : TCT_CONN_RSTR;
	}
	if (o == TCT_ZEEK_RESET) {
		if (r != TCT_ZEEK_INACTIVE)
			return TCT_CONN_RSTO;
		return o_syn && !payload ? TCT_CONN_RSTOS0 : TCT_CONN_OTH;
	}
	if (o == TCT_ZEEK_CLOSED && r == TCT_ZEEK_CLOSED)
		return TCT_CONN_SF;
	if (o == TCT_ZEEK_CLOSED)
		return r == TCT_ZEEK_INACTIVE ? TCT_CONN_SH : TCT_CONN_S2;
	if (r == TCT_ZEEK_CLOSED)
		return o == TCT_ZEEK_INACTIVE ? TCT_CONN_SHR : TCT_CONN_S3;
	if (o == TCT_ZEEK_SYN_SENT && r == TCT_ZEEK_INACTIVE)
		return TCT_CONN_S0;
	if (o == TCT_ZEEK_ESTABLISHED && r == TCT_ZEEK_ESTABLISHED)
		return TCT_CONN_S1;
	return TCT_CONN_OTH;
}

u64 tct_outcome_acked(const struct tct_fsm *f, const struct tct_detail *d,
		      unsigned int who)
{
	const struct tct_end *e = &f->end[who], *peer = &f->end[!who];
	u64 acked;

	if (!(peer->flags & TCT_END_ACKED))
		return 0;
	acked = (u64)d->ack_wraps[!who] << 32 | (peer->ack - e->isn);
	/* the SYN counts one, too */
	if (acked)
		acked--;
	/* the FIN counts one, and is no payload */
	if (e->flags & TCT_END_FIN && acked && peer->ack == e->nxt)
		acked--;
	return acked;
}
