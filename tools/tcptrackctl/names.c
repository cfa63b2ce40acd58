// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>

#include <linux/tcptrack.h>

#include "ctl.h"
#include "names.h"

static const char *const names_state[] = {
	[TCPTRACK_STATE_CLOSED]		= "CLOSED",
	[TCPTRACK_STATE_SYN_SENT]	= "SYN_SENT",
	[TCPTRACK_STATE_SYN_RECV]	= "SYN_RECEIVED",
	[TCPTRACK_STATE_ESTABLISHED]	= "ESTABLISHED",
	[TCPTRACK_STATE_FIN_WAIT_1]	= "FIN_WAIT_1",
	[TCPTRACK_STATE_FIN_WAIT_2]	= "FIN_WAIT_2",
	[TCPTRACK_STATE_CLOSE_WAIT]	= "CLOSE_WAIT",
	[TCPTRACK_STATE_CLOSING]	= "CLOSING",
	[TCPTRACK_STATE_LAST_ACK]	= "LAST_ACK",
	[TCPTRACK_STATE_TIME_WAIT]	= "TIME_WAIT",
};

static const char *const names_class[] = {
	[TCPTRACK_CLASS_HALF_OPEN]	= "half_open",
	[TCPTRACK_CLASS_ESTABLISHED]	= "established",
	[TCPTRACK_CLASS_HALF_CLOSED]	= "half_closed",
	[TCPTRACK_CLASS_CLOSING]	= "closing",
	[TCPTRACK_CLASS_TIME_WAIT]	= "time_wait",
	[TCPTRACK_CLASS_CLOSED]		= "closed",
};

static const char *const names_reason[] = {
	[TCPTRACK_REASON_NONE]		= "none",
	[TCPTRACK_REASON_SYN]		= "syn",
	[TCPTRACK_REASON_SYNACK]	= "synack",
	[TCPTRACK_REASON_ACK]		= "ack",
	[TCPTRACK_REASON_PICKUP]	= "pickup",
	[TCPTRACK_REASON_FIN]		= "fin",
	[TCPTRACK_REASON_FIN_ACK]	= "fin_ack",
	[TCPTRACK_REASON_RST]		= "rst",
	[TCPTRACK_REASON_SYNACK_AGAIN]	= "synack_again",
	[TCPTRACK_REASON_FIN_AGAIN]	= "fin_again",
	[TCPTRACK_REASON_SILENCE]	= "silence",
	[TCPTRACK_REASON_ALIVE]		= "alive",
	[TCPTRACK_REASON_REUSE]		= "reuse",
	[TCPTRACK_REASON_REFUSED_REUSE]	= "refused_reuse",
};

static const char *const names_end[] = {
	[TCPTRACK_END_NONE]		= "-",
	[TCPTRACK_END_FIN]		= "fin",
	[TCPTRACK_END_REFUSED]		= "refused",
	[TCPTRACK_END_RST_HALF_OPEN]	= "rst_half_open",
	[TCPTRACK_END_RST_ABORTED]	= "rst_aborted",
	[TCPTRACK_END_RST_TIME_WAIT]	= "rst_time_wait",
	[TCPTRACK_END_RST_STRAY]	= "rst_stray",
	[TCPTRACK_END_SILENCE]		= "silence",
	[TCPTRACK_END_TIMEOUT]		= "timeout",
	[TCPTRACK_END_EVICTED]		= "evicted",
	[TCPTRACK_END_FLUSHED]		= "flushed",
};

static const char *const names_removal[] = {
	[TCPTRACK_REMOVAL_EXPIRED]	= "expired",
	[TCPTRACK_REMOVAL_EVICTED]	= "evicted",
	[TCPTRACK_REMOVAL_DELETED]	= "deleted",
	[TCPTRACK_REMOVAL_REUSED]	= "reused",
	[TCPTRACK_REMOVAL_STOPPED]	= "stopped",
};

/* The words of flags are by bit */
#define NAMES_BIT(flag)	__builtin_ctz(flag)

static const char *const names_flag[] = {
	[NAMES_BIT(TCPTRACK_FLOW_F_PICKUP)]		= "pickup",
	[NAMES_BIT(TCPTRACK_FLOW_F_UNANSWERED)]		= "unanswered",
	[NAMES_BIT(TCPTRACK_FLOW_F_SRC_UNCONFIRMED)]	= "src_unconfirmed",
	[NAMES_BIT(TCPTRACK_FLOW_F_DST_UNCONFIRMED)]	= "dst_unconfirmed",
	[NAMES_BIT(TCPTRACK_FLOW_F_SIMULTANEOUS_OPEN)]	= "simultaneous_open",
	[NAMES_BIT(TCPTRACK_FLOW_F_ACCEPT_WAIT)]	= "accept_wait",
	[NAMES_BIT(TCPTRACK_FLOW_F_CHALLENGED)]		= "challenged",
	[NAMES_BIT(TCPTRACK_FLOW_F_REUSED)]		= "reused",
	[NAMES_BIT(TCPTRACK_FLOW_F_SELF)]		= "self",
	[NAMES_BIT(TCPTRACK_FLOW_F_FAST_OPEN)]		= "fast_open",
};

static const char *const names_seen_word[] = {
	[NAMES_BIT(TCPTRACK_SEEN_WSCALE)]	= "wscale",
	[NAMES_BIT(TCPTRACK_SEEN_SACK)]		= "sack",
	[NAMES_BIT(TCPTRACK_SEEN_TIMESTAMPS)]	= "timestamps",
	[NAMES_BIT(TCPTRACK_SEEN_SIGNED)]	= "signed",
	[NAMES_BIT(TCPTRACK_SEEN_PSH)]		= "psh",
	[NAMES_BIT(TCPTRACK_SEEN_URG)]		= "urg",
	[NAMES_BIT(TCPTRACK_SEEN_ECE)]		= "ece",
	[NAMES_BIT(TCPTRACK_SEEN_CWR)]		= "cwr",
};

static const char *const names_difference[] = {
#define DIFFERS(WORD, word) \
	[NAMES_BIT(TCPTRACK_DIFFERS_##WORD)] = (word)
	DIFFERS(UNSENT_FIN, "unsent_fin"),
	DIFFERS(ZERO_WINDOW, "zero_window"),
	DIFFERS(DEFER_ACCEPT, "defer_accept"),
	DIFFERS(ACCEPT_QUEUE, "accept_queue"),
	DIFFERS(SYNCOOKIE, "syncookie"),
	DIFFERS(RST_LOST, "rst_lost"),
	DIFFERS(ACK_LOST, "ack_lost"),
	DIFFERS(BACKLOG, "backlog"),
	DIFFERS(ACK_PENDING, "ack_pending"),
	DIFFERS(SILENCE, "silence"),
	DIFFERS(LATE_FIN, "late_fin"),
	DIFFERS(DIED_SILENTLY, "died_silently"),
	DIFFERS(FIN_WAIT_2_EXPIRED, "fin_wait_2_expired"),
	DIFFERS(TIME_WAIT_EXPIRED, "time_wait_expired"),
	DIFFERS(TIME_WAIT_OVERFLOW, "time_wait_overflow"),
	DIFFERS(PICKUP, "pickup"),
	DIFFERS(EARLY, "early"),
	DIFFERS(OTHER, "other"),
#undef DIFFERS
};

static const char *const names_limit[] = {
	[TCPTRACK_LIMIT_BACKLOG]		= "backlog",
	[TCPTRACK_LIMIT_SOMAXCONN]		= "somaxconn",
	[TCPTRACK_LIMIT_MAX_SYN_BACKLOG]	= "tcp_max_syn_backlog",
};

/* By attribute, as those of settings: there are gaps */
static const char *const names_counter[] = {
	[TCPTRACK_A_STATS_PACKETS_TRACKED]	= "packets_tracked",
	[TCPTRACK_A_STATS_OUT_OF_WINDOW]	= "out_of_window",
	[TCPTRACK_A_STATS_RETRANSMITTED]	= "retransmitted",
	[TCPTRACK_A_STATS_OUT_OF_ORDER]		= "out_of_order",
	[TCPTRACK_A_STATS_PAWS_REJECTED]	= "paws_rejected",
	[TCPTRACK_A_STATS_UNTRACKED_FRAGMENT]	= "untracked_fragment",
	[TCPTRACK_A_STATS_UNTRACKED_SHORT]	= "untracked_short",
	[TCPTRACK_A_STATS_UNTRACKED_HEADER]	= "untracked_header",
	[TCPTRACK_A_STATS_UNTRACKED_FLAGS]	= "untracked_flags",
	[TCPTRACK_A_STATS_UNTRACKED_CHECKSUM]	= "untracked_checksum",
	[TCPTRACK_A_STATS_UNTRACKED_RST]	= "untracked_rst",
	[TCPTRACK_A_STATS_UNTRACKED_FULL]	= "untracked_full",
	[TCPTRACK_A_STATS_UNTRACKED_NOMEM]	= "untracked_nomem",
	[TCPTRACK_A_STATS_FLOWS_CREATED]	= "flows_created",
	[TCPTRACK_A_STATS_FLOWS_PICKED_UP]	= "flows_picked_up",
	[TCPTRACK_A_STATS_FLOWS_REUSED]		= "flows_reused",
	[TCPTRACK_A_STATS_DETAIL_NOMEM]		= "detail_nomem",
	[TCPTRACK_A_STATS_EVICTED_HALF_OPEN]	= "evicted_half_open",
	[TCPTRACK_A_STATS_EVICTED_CLOSED]	= "evicted_closed",
	[TCPTRACK_A_STATS_EVICTED_TIME_WAIT]	= "evicted_time_wait",
	[TCPTRACK_A_STATS_EVICTED_CLOSING]	= "evicted_closing",
	[TCPTRACK_A_STATS_EXPIRED_HALF_OPEN]	= "expired_half_open",
	[TCPTRACK_A_STATS_EXPIRED_ESTABLISHED]	= "expired_established",
	[TCPTRACK_A_STATS_EXPIRED_HALF_CLOSED]	= "expired_half_closed",
	[TCPTRACK_A_STATS_EXPIRED_CLOSING]	= "expired_closing",
	[TCPTRACK_A_STATS_EXPIRED_TIME_WAIT]	= "expired_time_wait",
	[TCPTRACK_A_STATS_EXPIRED_CLOSED]	= "expired_closed",
	[TCPTRACK_A_STATS_FLOWS_DELETED]	= "flows_deleted",
	[TCPTRACK_A_STATS_TABLE_GROWN]		= "table_grown",
	[TCPTRACK_A_STATS_TABLE_NOMEM]		= "table_nomem",
};

static const char *const names_setting[] = {
	[TCPTRACK_A_CONFIG_ENABLED]		= "enabled",
	[TCPTRACK_A_CONFIG_FLOWS_MAX]		= "max",
	[TCPTRACK_A_CONFIG_HALF_OPEN_MAX]	= "half_open_max",
	[TCPTRACK_A_CONFIG_KEEP_DETAIL]		= "keep_detail",
	[TCPTRACK_A_CONFIG_TIMEOUT_HALF_OPEN]	= "timeout_half_open",
	[TCPTRACK_A_CONFIG_TIMEOUT_ESTABLISHED]	= "timeout_established",
	[TCPTRACK_A_CONFIG_TIMEOUT_HALF_CLOSED]	= "timeout_half_closed",
	[TCPTRACK_A_CONFIG_TIMEOUT_CLOSING]	= "timeout_closing",
	[TCPTRACK_A_CONFIG_TIMEOUT_TIME_WAIT]	= "timeout_time_wait",
	[TCPTRACK_A_CONFIG_TIMEOUT_CLOSED]	= "timeout_closed",
	[TCPTRACK_A_CONFIG_CHILDREN_MAX]	= "children_max",
	[TCPTRACK_A_CONFIG_GLOBAL_MAX]		= "global_max",
	[TCPTRACK_A_CONFIG_EVENT_FILTER]	= "event_filter",
};

const struct names names_states = { names_state, CTL_COUNT(names_state) };
const struct names names_classes = { names_class, CTL_COUNT(names_class) };
const struct names names_reasons = { names_reason, CTL_COUNT(names_reason) };
const struct names names_ends = { names_end, CTL_COUNT(names_end) };
const struct names names_removals = {
	names_removal, CTL_COUNT(names_removal)
};

const struct names names_flags = { names_flag, CTL_COUNT(names_flag) };
const struct names names_seen = {
	names_seen_word, CTL_COUNT(names_seen_word)
};

const struct names names_differs = {
	names_difference, CTL_COUNT(names_difference)
};

const struct names names_limits = { names_limit, CTL_COUNT(names_limit) };

const struct names names_counters = {
	names_counter, CTL_COUNT(names_counter)
};

const struct names names_settings = {
	names_setting, CTL_COUNT(names_setting)
};

const char *names_word(const struct names *names, unsigned int number)
{
	if (number >= names->n || !names->word[number])
		return "unknown";
	return names->word[number];
}

static char names_fold(char c)
{
	return c == '-' ? '_' : tolower((unsigned char)c);
}

static int names_same(const char *a, const char *b)
{
	while (*a && names_fold(*a) == names_fold(*b)) {
		a++;
		b++;
	}
	return !*a && !*b;
}

int names_find(const struct names *names, const char *word)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (names->word[i] && names_same(names->word[i], word))
			return i;
	return -1;
}
