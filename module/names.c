// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>

#include "names.h"

const struct tct_word tct_state_words[TCT_STATE_MAX] = {
	[TCT_CLOSED]		= TCT_WORD("CLOSED"),
	[TCT_SYN_SENT]		= TCT_WORD("SYN_SENT"),
	[TCT_SYN_RECEIVED]	= TCT_WORD("SYN_RECEIVED"),
	[TCT_ESTABLISHED]	= TCT_WORD("ESTABLISHED"),
	[TCT_FIN_WAIT_1]	= TCT_WORD("FIN_WAIT_1"),
	[TCT_FIN_WAIT_2]	= TCT_WORD("FIN_WAIT_2"),
	[TCT_CLOSE_WAIT]	= TCT_WORD("CLOSE_WAIT"),
	[TCT_CLOSING]		= TCT_WORD("CLOSING"),
	[TCT_LAST_ACK]		= TCT_WORD("LAST_ACK"),
	[TCT_TIME_WAIT]		= TCT_WORD("TIME_WAIT"),
};

const struct tct_word tct_class_words[TCT_CLASS_MAX] = {
	[TCT_CLASS_HALF_OPEN]	= TCT_WORD("half_open"),
	[TCT_CLASS_ESTABLISHED]	= TCT_WORD("established"),
	[TCT_CLASS_HALF_CLOSED]	= TCT_WORD("half_closed"),
	[TCT_CLASS_CLOSING]	= TCT_WORD("closing"),
	[TCT_CLASS_TIME_WAIT]	= TCT_WORD("time_wait"),
	[TCT_CLASS_CLOSED]	= TCT_WORD("closed"),
};

const struct tct_word tct_reason_words[TCT_WHY_MAX] = {
	[TCT_WHY_NONE]		= TCT_WORD("none"),
	[TCT_WHY_SYN]		= TCT_WORD("syn"),
	[TCT_WHY_SYNACK]	= TCT_WORD("synack"),
	[TCT_WHY_ACK]		= TCT_WORD("ack"),
	[TCT_WHY_PICKUP]	= TCT_WORD("pickup"),
	[TCT_WHY_FIN]		= TCT_WORD("fin"),
	[TCT_WHY_FIN_ACK]	= TCT_WORD("fin_ack"),
	[TCT_WHY_RST]		= TCT_WORD("rst"),
	[TCT_WHY_SYNACK_AGAIN]	= TCT_WORD("synack_again"),
	[TCT_WHY_FIN_AGAIN]	= TCT_WORD("fin_again"),
	[TCT_WHY_SILENCE]	= TCT_WORD("silence"),
	[TCT_WHY_ALIVE]		= TCT_WORD("alive"),
	[TCT_WHY_REUSE]		= TCT_WORD("reuse"),
	[TCT_WHY_REFUSED_REUSE]	= TCT_WORD("refused_reuse"),
};

/* These two in the order of include/uapi/linux/tcptrack.h, so only appended to */
const struct tct_word tct_flag_words[TCT_FLAGS] = {
	TCT_WORD("pickup"),
	TCT_WORD("unanswered"),
	TCT_WORD("src_unconfirmed"),
	TCT_WORD("dst_unconfirmed"),
	TCT_WORD("simultaneous_open"),
	TCT_WORD("accept_wait"),
	TCT_WORD("challenged"),
	TCT_WORD("reused"),
	TCT_WORD("self"),
	TCT_WORD("fast_open"),
};

const struct tct_word tct_seen_words[TCT_SEEN] = {
	TCT_WORD("wscale"),
	TCT_WORD("sack"),
	TCT_WORD("timestamps"),
	TCT_WORD("signed"),
	TCT_WORD("psh"),
	TCT_WORD("urg"),
	TCT_WORD("ece"),
	TCT_WORD("cwr"),
};

const char *tct_state_name(unsigned int state)
{
	return tct_state_words[state].text;
}

const char *tct_class_name(unsigned int class)
{
	return tct_class_words[class].text;
}

const char *tct_reason_name(unsigned int reason)
{
	return tct_reason_words[reason].text;
}

/* If @flag is set in @flags, the bit of the word's number: moved there, since
 * both are constants
 */
static __always_inline u32 tct_names_bit(u32 flags, u32 flag,
					 unsigned int number)
{
	u32 bit = BIT(number);

	return bit > flag ? (flags & flag) * (bit / flag) :
			    (flags & flag) / (flag / bit);
}

u32 tct_flag_bits(const struct tct_fsm *fsm)
{
	u32 flags = fsm->flags;

	return tct_names_bit(flags, TCT_F_PICKUP, 0) |
	       tct_names_bit(flags, TCT_F_UNANSWERED, 1) |
	       tct_names_bit(fsm->end[0].flags, TCT_END_UNCONF, 2) |
	       tct_names_bit(fsm->end[1].flags, TCT_END_UNCONF, 3) |
	       tct_names_bit(flags, TCT_F_SIMOPEN, 4) |
	       tct_names_bit(flags, TCT_F_ACCEPT_WAIT, 5) |
	       tct_names_bit(flags, TCT_F_CHALLENGED, 6) |
	       tct_names_bit(flags, TCT_F_REUSED, 7) |
	       tct_names_bit(flags, TCT_F_SELF, 8) |
	       tct_names_bit(flags, TCT_F_FASTOPEN, 9);
}

u32 tct_seen_bits(const struct tct_end *end)
{
	u32 flags = end->flags;

	return tct_names_bit(flags, TCT_END_WSOPT, 0) |
	       tct_names_bit(flags, TCT_END_SACKOK, 1) |
	       tct_names_bit(flags, TCT_END_TS, 2) |
	       tct_names_bit(flags, TCT_END_SIGNED, 3) |
	       tct_names_bit(flags, TCT_PSH, 4) |
	       /* these stay where they are */
	       (flags & (TCT_URG | TCT_ECE | TCT_CWR));
}
