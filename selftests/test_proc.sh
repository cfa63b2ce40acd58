#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The files of a namespace: who may read them, what they look like, and what
# their sysctls refuse.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

SYS=/proc/sys/net/tcptrack
FLOWS=/proc/self/net/tcptrack
TIMEOUTS=(half_open established half_closed closing time_wait closed)

modes()
{
	local file mode

	while read -r mode file; do
		case ${TABLE[c]}/$file in
		*/stat/*|*_summary|*_listen) [[ $mode == 444 ]] ;;
		*) [[ $mode == 440 ]] ;;
		esac || fail "$file has mode $mode" || return
	done < <(cd "${TABLE[c]}" && stat -c '%a %n' tcptrack \
		tcptrack_summary tcptrack_listen stat/tcptrack)
}

# Flows are third parties' data: CAP_NET_ADMIN over this very namespace.
who_sees_flows()
{
	p c try root "$FLOWS" && refused EPERM c try nocap "$FLOWS" &&
	refused EACCES c try user "$FLOWS" &&
	peer c try userns-net "$FLOWS" ||
		{ [[ $REPLY == ENOSPC ]] && skip "no user namespaces"; } ||
		return
	# root of another user namespace, but here
	peer c try userns "$FLOWS" && fail "another user namespace's root reads"
	[[ $REPLY == EPERM* || $REPLY == EACCES* ]] || fail "userns: $REPLY"
}

# Aggregates are open, as those of ss are.
anybody_sees_sums()
{
	p c try user "${FLOWS}_summary" && p c try nocap "${FLOWS}_summary" &&
	p c try user "${FLOWS}_listen" &&
	p c try user /proc/self/net/stat/tcptrack &&
	p c try user "$SYS/count"
}

who_sets()
{
	refused EACCES c try user "$SYS/max" 1000 &&
	p c try userns-net "$SYS/enabled" 1 &&
	refused EACCES c try userns "$SYS/enabled" 1
}

header()
{
	local lines

	mapfile -t lines <"${TABLE[c]}/$1"
	[[ ${lines[0]} == "$2 version=1" ]] || fail "$1: ${lines[0]}"
}

headers()
{
	header tcptrack tcptrack && header tcptrack_summary tcptrack_summary &&
	header stat/tcptrack tcptrack_stat &&
	header tcptrack_listen tcptrack_listen
}

# Every field, in order, in every line, whatever the flow.
lines_are_whole()
{
	local class

	for class in half_open established half_closed closing time_wait closed
	do
		puppets 4 "$class" && see r "class=$class" &&
		puppets 6 "$class" && see r "class=$class" || return
	done
	p r dump "$FLOWS" 65536 && value bad && [[ $REPLY == 0 ]] ||
		fail "$REPLY lines are malformed"
}

# The summary adds up to the flows, and so does what the pairs say.
summary_adds_up()
{
	local flows pairs=0 lines line

	p r dump "$FLOWS" 65536 && value lines && flows=$REPLY || return
	mapfile -t lines <"${TABLE[r]}/tcptrack_summary"
	for line in "${lines[@]}"; do
		[[ $line != src_state=* ]] || pairs=$((pairs + ${line##*=}))
	done
	sum r flows && [[ $REPLY == "$flows" && $pairs == "$flows" ]] ||
		fail "lines: $flows, flows: $REPLY, pairs: $pairs" || return
	p r read "$SYS/count" && [[ $REPLY == "$flows" ]] ||
		fail "count: $REPLY, not $flows" || return
	sum r half_open && [[ $REPLY == 2 ]] ||
		fail "half_open: $REPLY, not 2" || return
	sum r time_wait && [[ $REPLY == 2 ]] || fail "time_wait: $REPLY, not 2"
}

# refuses NAME VALUE...: EINVAL, and the old value stays.
refuses()
{
	local name=$1 old value

	shift
	p c read "$SYS/$name" && old=$REPLY || return
	for value; do
		refused EINVAL c write "$SYS/$name" "$value" &&
		p c read "$SYS/$name" || return
		[[ $REPLY == "$old" ]] ||
			fail "$name: $old became $REPLY by $value" || return
	done
}

# 21474837 s are 2^31 jiffies at a tick of 10 ms, and more at any other.
timeouts_refused()
{
	local name

	for name in "${TIMEOUTS[@]}"; do
		refuses "timeout_$name" 0 -1 21474837 2147483647 2147483648 \
			4294967295 4294967296 99999999999999999999 soon 1x ||
			return
	done
}

caps_refused()
{
	refuses max 0 -1 2147483648 4294967295 4294967296 many &&
	refuses half_open_max 0 -1 2147483648 4294967295 none &&
	refuses enabled 2 -1 on 4294967297
}

accepted()
{
	local name

	for name in "${TIMEOUTS[@]}"; do
		ctl c "timeout_$name" 1 && ctl c "timeout_$name" 2147482 &&
		p c read "$SYS/timeout_$name" && [[ $REPLY == 2147482 ]] ||
			fail "timeout_$name: $REPLY" || return
	done
	ctl c max 2147483647 && ctl c max 1 && ctl c half_open_max 1
}

read_only()
{
	refused EACCES c write "$SYS/count" 5
}

# A child namespace cannot raise its own ceiling; the initial one can.
initial_only()
{
	local old

	refused ENOENT c read "$SYS/children_max" &&
	refused ENOENT c read "$SYS/global_max" &&
	p - read "$SYS/children_max" && old=$REPLY &&
	p - read "$SYS/global_max" &&
	refused EINVAL - write "$SYS/children_max" 0 &&
	refused EINVAL - write "$SYS/global_max" 4294967295 &&
	p - read "$SYS/children_max" && [[ $REPLY == "$old" ]]
}

# Read to the end, which stays the end; and from the middle of a line.
reread()
{
	p r fopen f "$FLOWS" || return
	while p r fread f 65536 && ((REPLY > 0)); do
		:
	done
	p r fread f 65536 && [[ $REPLY == 0 ]] ||
		fail "after the end: $REPLY" || return
	p r fclose f && p r dump "$FLOWS" 7 && value lines || return
	[[ $REPLY == 12 ]] || fail "$REPLY lines in pieces of 7 bytes"
}

t "modes" modes
t "who may see flows" who_sees_flows
t "anybody may see sums" anybody_sees_sums
t "who may set" who_sets
t "header lines" headers
t "every line has every field" lines_are_whole
t "the summary adds up" summary_adds_up
t "read in small pieces" reread
t "timeouts out of range are refused" timeouts_refused
t "caps out of range are refused" caps_refused
t "the ends of the ranges are accepted" accepted
t "count is read-only" read_only
t "ceilings are the initial namespace's" initial_only
tct_run
