// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>

#include "names.h"

static const struct tct_word tct_state_words[TCT_STATE_MAX] = {
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

static const struct tct_word tct_class_words[TCT_CLASS_MAX] = {
	[TCT_CLASS_HALF_OPEN]	= TCT_WORD("half_open"),
	[TCT_CLASS_ESTABLISHED]	= TCT_WORD("established"),
	[TCT_CLASS_HALF_CLOSED]	= TCT_WORD("half_closed"),
	[TCT_CLASS_CLOSING]	= TCT_WORD("closing"),
	[TCT_CLASS_TIME_WAIT]	= TCT_WORD("time_wait"),
	[TCT_CLASS_CLOSED]	= TCT_WORD("closed"),
};

static const struct tct_word tct_reason_words[TCT_WHY_MAX] = {
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
static const struct {
	const char *name;
	u16 flag;		/* of the flow, or 0 */
	u8 end_flag[2];		/* of an end */
} tct_flag_names[] = {
	{ "pickup",		TCT_F_PICKUP },
	{ "unanswered",		TCT_F_UNANSWERED },
	{ "src_unconfirmed",	0, { TCT_END_UNCONF, 0 } },
	{ "dst_unconfirmed",	0, { 0, TCT_END_UNCONF } },
	{ "simultaneous_open",	TCT_F_SIMOPEN },
	{ "accept_wait",	TCT_F_ACCEPT_WAIT },
	{ "challenged",		TCT_F_CHALLENGED },
	{ "reused",		TCT_F_REUSED },
	{ "self",		TCT_F_SELF },
	{ "fast_open",		TCT_F_FASTOPEN },
};

static const struct {
	const char *name;
	u16 flag;
} tct_seen_names[] = {
	{ "wscale",	TCT_END_WSOPT },
	{ "sack",	TCT_END_SACKOK },
	{ "timestamps",	TCT_END_TS },
	{ "signed",	TCT_END_SIGNED },
	{ "psh",	TCT_PSH },
	{ "urg",	TCT_URG },
	{ "ece",	TCT_ECE },
	{ "cwr",	TCT_CWR },
};

const struct tct_word *tct_state_word(unsigned int state)
{
	return &tct_state_words[state];
}

const char *tct_state_name(unsigned int state)
{
	return tct_state_words[state].text;
}

const struct tct_word *tct_class_word(unsigned int class)
{
	return &tct_class_words[class];
}

const char *tct_class_name(unsigned int class)
{
	return tct_class_words[class].text;
}

const struct tct_word *tct_reason_word(unsigned int reason)
{
	return &tct_reason_words[reason];
}

const char *tct_reason_name(unsigned int reason)
{
	return tct_reason_words[reason].text;
}

static bool tct_flag_is_set(const struct tct_fsm *fsm, unsigned int i)
{
	return fsm->flags & tct_flag_names[i].flag ||
	       fsm->end[0].flags & tct_flag_names[i].end_flag[0] ||
	       fsm->end[1].flags & tct_flag_names[i].end_flag[1];
}

const char *tct_flag_name(const struct tct_fsm *fsm, unsigned int *i)
{
	while (*i < ARRAY_SIZE(tct_flag_names)) {
		unsigned int at = (*i)++;

		if (tct_flag_is_set(fsm, at))
			return tct_flag_names[at].name;
	}
	return NULL;
}

u32 tct_flag_bits(const struct tct_fsm *fsm)
{
	unsigned int i;
	u32 bits = 0;

	for (i = 0; i < ARRAY_SIZE(tct_flag_names); i++)
		bits |= (u32)tct_flag_is_set(fsm, i) << i;
	return bits;
}

const char *tct_seen_name(const struct tct_end *end, unsigned int *i)
{
	while (*i < ARRAY_SIZE(tct_seen_names)) {
		unsigned int at = (*i)++;

		if (end->flags & tct_seen_names[at].flag)
			return tct_seen_names[at].name;
	}
	return NULL;
}

u32 tct_seen_bits(const struct tct_end *end)
{
	unsigned int i;
	u32 bits = 0;

	for (i = 0; i < ARRAY_SIZE(tct_seen_names); i++)
		bits |= (u32)!!(end->flags & tct_seen_names[i].flag) << i;
	return bits;
}
