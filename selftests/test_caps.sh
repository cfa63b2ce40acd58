#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A full table. What gives way to a new flow, and in what order; what never
# does; and that no packet is lost for it, counted behind the router.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

SYS=/proc/sys/net/tcptrack
SPARE=1000000	# a cap that is never met

# The router begins each case with an empty table and its caps out of reach.
fresh()
{
	ctl r enabled 0 && ctl r max "$SPARE" && ctl r half_open_max "$SPARE" &&
	ctl r enabled 1
}

# crowd N: so many connections to an echo server, held open.
crowd()
{
	family 4
	p s serve echo "$SERVER" "$PORT" && p c hold crowd "$SERVER" "$PORT" "$1"
}

# flood N: SYNs to nobody, all of which arrive where nobody is.
flood()
{
	local before failed

	family 4
	snmp s InAddrErrors Ip && before=$REPLY &&
	p c flood syns "$1" "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=2000 mss=1400 && p c wait syns && value failed &&
	failed=$REPLY || return
	[[ $failed == 0 ]] || fail "$failed could not be sent" || return
	snmp_reaches s InAddrErrors $((before + $1)) Ip
}

disperse()
{
	p c release crowd abort && p s stop echo
}

# crowd_tracked N: all of the crowd's flows are in the router's table.
crowd_tracked()
{
	p r dump /proc/self/net/tcptrack 65536 "dst=$SERVER" \
		src_state=ESTABLISHED dst_state=ESTABLISHED && value match ||
		return
	[[ $REPLY == "$1" ]] || fail "$REPLY of $1 connections are tracked"
}

# counted NAME N: since the router's table was made.
counted()
{
	counter_reaches r "$@"
}

# A burst of SYNs cannot take more than half-open flows may, and the newest
# are those that stay.
syn_burst()
{
	fresh && ctl r half_open_max 50 && crowd 20 && flood 1000 &&
	sum r half_open && [[ $REPLY == 50 ]] ||
		fail "half_open: $REPLY, not 50" || return
	counted evicted_half_open 950 && counted untracked_full 0 &&
	crowd_tracked 20 && p c ping crowd &&
	p r dump /proc/self/net/tcptrack 65536 "dst=$NOBODY" && value match &&
	[[ $REPLY == 50 ]] || fail "$REPLY half-open flows, not 50" || return
	tuple "$GHOST" 2999 "$NOBODY" "$PORT"
	see r class=half_open && disperse
}

# A handshake goes through, and is tracked, while the burst goes on.
handshake_in_burst()
{
	fresh && ctl r half_open_max 500 && listening 4 &&
	p c flood syns 0 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" sport=2000 &&
	p c reached syns 1000 && dial && p s accept l b &&
	p c send a 100 && p s recv b 100 &&
	see r src_state=ESTABLISHED dst_state=ESTABLISHED src_bytes=100 &&
	p c stop syns && value failed && [[ $REPLY == 0 ]]
}

# Nothing may give way: the connection goes on without being tracked.
full_of_established()
{
	fresh && crowd 30 && ctl r max 30 && connection 4 &&
	p c send a 1000 && p s recv b 1000 && p s send b 1000 &&
	p c recv a 1000 && none r &&
	see s src_state=ESTABLISHED src_bytes=1000 dst_bytes=1000 &&
	p c info a && value retrans && [[ $REPLY == 0 ]] ||
		fail "retransmitted: $REPLY" || return
	counter r untracked_full && ((REPLY >= 4)) ||
		fail "untracked_full: $REPLY" || return
	flood 200 && crowd_tracked 30 && p c ping crowd &&
	counted evicted_half_open 0 && disperse
}

CLASSES=(half_open established half_closed closing time_wait closed)

# few N: so many flows of each class.
few()
{
	local class i

	for class in "${CLASSES[@]}"; do
		for ((i = 0; i < $1; i++)); do
			puppets 4 "$class" || return
		done
	done
}

# left CLASS N: so many flows of it are left.
left()
{
	p r dump /proc/self/net/tcptrack 65536 "class=$1" && value match &&
	[[ $REPLY == "$2" ]] || fail "$REPLY flows are $1, not $2"
}

# Closed before TIME_WAIT before closing before half-open; then no more.
order()
{
	fresh && few 4 && ctl r max 24 && flood 3 &&
	left closed 1 && left time_wait 4 &&
	flood 3 && left closed 0 && left time_wait 2 && left closing 4 &&
	flood 4 && left time_wait 0 && left closing 2 &&
	flood 20 && left closing 0 &&
	left established 4 && left half_closed 4 && left half_open 16 &&
	counted evicted_closed 4 && counted evicted_time_wait 4 &&
	counted evicted_closing 4 && counted evicted_half_open 18 &&
	counted untracked_full 0 && sum r flows && [[ $REPLY == 24 ]] ||
		fail "flows: $REPLY, not 24"
}

# Over their own cap, half-open flows give way before all others.
half_open_first()
{
	fresh && few 4 && ctl r max 24 && ctl r half_open_max 4 && flood 50 &&
	left half_open 4 && left established 4 && left half_closed 4 &&
	left closing 4 && left time_wait 4 && left closed 4 &&
	counted evicted_half_open 50 && counted untracked_full 0
}

# A cap that is lowered takes nothing away at once; new flows pay.
lowered()
{
	local i

	fresh || return
	for ((i = 0; i < 20; i++)); do
		puppets 4 time_wait || return
	done
	ctl r max 10 && sum r flows && [[ $REPLY == 20 ]] ||
		fail "flows: $REPLY, not 20" || return
	flood 40 && sum r flows && [[ $REPLY == 10 ]] ||
		fail "flows: $REPLY, not 10"
}

# All child namespaces together stay below their ceiling; the initial one
# does not pay for them. Of 300 SYNs client and router each make a flow.
children_ceiling()
{
	local old total=0 gone=0 ns

	p - read "$SYS/children_max" && old=$REPLY && fresh || return
	for ns in c s; do
		ctl "$ns" enabled 0 && ctl "$ns" enabled 1 || return
	done
	p - write "$SYS/children_max" 100 && flood 300 &&
	p - listen l 127.0.0.1 "$PORT" 8 && p - connect a 127.0.0.1 "$PORT" &&
	p - accept l b
	p - write "$SYS/children_max" "$old" || return
	for ns in c r s; do
		sum "$ns" flows && total=$((total + REPLY)) &&
		counter "$ns" untracked_full && gone=$((gone + REPLY)) &&
		counter "$ns" evicted_half_open && gone=$((gone + REPLY)) ||
			return
	done
	((total == 100 && gone == 500)) ||
		fail "$total flows, $gone without a place" || return
	p - dump /proc/net/tcptrack 65536 "dport=$PORT" \
		src_state=ESTABLISHED && value match && [[ $REPLY == 1 ]] ||
		fail "the initial namespace's own connection: $REPLY"
}

t "SYN burst: half-open flows have a cap of their own" syn_burst
t "a handshake during a burst" handshake_in_burst
t "full of established connections: untracked, untouched" full_of_established
t "closed, TIME_WAIT, closing, half-open give way, in this order" order
t "half-open flows over their cap give way first" half_open_first
t "a cap that is lowered" lowered
t "the child namespaces' common ceiling" children_ceiling
tct_run
