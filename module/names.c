// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>

#include "names.h"

static const char * const tct_state_names[TCT_STATE_MAX] = {
	[TCT_CLOSED]		= "CLOSED",
	[TCT_SYN_SENT]		= "SYN_SENT",
	[TCT_SYN_RECEIVED]	= "SYN_RECEIVED",
	[TCT_ESTABLISHED]	= "ESTABLISHED",
	[TCT_FIN_WAIT_1]	= "FIN_WAIT_1",
	[TCT_FIN_WAIT_2]	= "FIN_WAIT_2",
	[TCT_CLOSE_WAIT]	= "CLOSE_WAIT",
	[TCT_CLOSING]		= "CLOSING",
	[TCT_LAST_ACK]		= "LAST_ACK",
	[TCT_TIME_WAIT]		= "TIME_WAIT",
};

static const char * const tct_class_names[TCT_CLASS_MAX] = {
	[TCT_CLASS_HALF_OPEN]	= "half_open",
	[TCT_CLASS_ESTABLISHED]	= "established",
	[TCT_CLASS_HALF_CLOSED]	= "half_closed",
	[TCT_CLASS_CLOSING]	= "closing",
	[TCT_CLASS_TIME_WAIT]	= "time_wait",
	[TCT_CLASS_CLOSED]	= "closed",
};

static const char * const tct_reason_names[TCT_WHY_MAX] = {
	[TCT_WHY_NONE]		= "none",
	[TCT_WHY_SYN]		= "syn",
	[TCT_WHY_SYNACK]	= "synack",
	[TCT_WHY_ACK]		= "ack",
	[TCT_WHY_PICKUP]	= "pickup",
	[TCT_WHY_FIN]		= "fin",
	[TCT_WHY_FIN_ACK]	= "fin_ack",
	[TCT_WHY_RST]		= "rst",
	[TCT_WHY_SYNACK_AGAIN]	= "synack_again",
	[TCT_WHY_FIN_AGAIN]	= "fin_again",
	[TCT_WHY_SILENCE]	= "silence",
	[TCT_WHY_ALIVE]		= "alive",
	[TCT_WHY_REUSE]		= "reuse",
	[TCT_WHY_REFUSED_REUSE]	= "refused_reuse",
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

const char *tct_state_name(unsigned int state)
{
	return tct_state_names[state];
}

const char *tct_class_name(unsigned int class)
{
	return tct_class_names[class];
}

const char *tct_reason_name(unsigned int reason)
{
	return tct_reason_names[reason];
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
