#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Events: what they say of a connection's life, that none is missing without
# saying so, who may listen and to what.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

FLOOD=4000
TRACING=/sys/kernel/tracing

OPENED=(new:SYN_SENT/CLOSED:syn
	"change:SYN_SENT/CLOSED>SYN_SENT/SYN_RECEIVED:synack"
	"change:SYN_SENT/SYN_RECEIVED>ESTABLISHED/ESTABLISHED:ack")

# listen NS [GROUP...] [OPTION...]: reader rNS, from now on.
listen()
{
	local ns=$1

	shift
	p "$ns" events "r$ns" "${@:-new}" && p "$ns" ebegin "r$ns"
}

listen_all()
{
	listen "$1" new change end "${@:2}"
}

deaf()
{
	local ns

	for ns; do
		peer "$ns" eclose "r$ns" || :
	done
}

after_case()
{
	deaf c r s -
	undrop "${DROPS[@]}"
	p - closeall
}

# story EVENT...: exactly these happened to the flow at the router, in this
# order.
story()
{
	local got said

	p r estory rr "${T[@]}" $# || return
	said=$REPLY
	read -ra got <<<"$said"
	# shellcheck disable=SC2053 # a pattern
	while (($#)) && [[ ${got[0]:-} == $1 ]]; do
		got=("${got[@]:1}")
		shift
	done
	(($# == 0 && ${#got[@]} == 0)) ||
		fail "expected: $*" "but came: ${got[*]}" "in: $said"
}

# account NS KEY=VALUE...: so many were made and came.
account()
{
	local ns=$1 want

	shift
	p "$ns" eaccount "r$ns" || return
	for want; do
		[[ " $REPLY " == *" $want "* ]] || fail "expected $want" \
			"but $REPLY" || return
	done
}

# From SYN to expiry
orderly()
{
	listen_all r && ctl r timeout_time_wait 1 && connection "$1" &&
	p c send a 1000 && p s recv b 1000 && see r src_bytes=1000 &&
	story "${OPENED[@]}" && p c close a &&
	agree FIN_WAIT_2 CLOSE_WAIT r && p s close b &&
	story "${OPENED[@]}" \
		"change:ESTABLISHED/ESTABLISHED>FIN_WAIT_1/ESTABLISHED:fin" \
		"change:FIN_WAIT_1/ESTABLISHED>FIN_WAIT_2/CLOSE_WAIT:fin_ack" \
		"change:FIN_WAIT_2/CLOSE_WAIT>FIN_WAIT_2/LAST_ACK:fin" \
		"change:FIN_WAIT_2/LAST_ACK>TIME_WAIT/CLOSED:fin_ack" \
		"end:TIME_WAIT/CLOSED:fin_ack:src_fin:expired:*:1000+0" &&
	ctl r timeout_time_wait 60 && account r generated=8 received=8 wrong=0
}

connection_refused()
{
	family "$1"
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	listen_all r && ctl r timeout_closed 1 &&
	refused ECONNREFUSED c connect a "$SERVER" "$PORT" "src=$CLIENT" \
		"sport=$SPORT" && story new:SYN_SENT/CLOSED:syn \
		"change:SYN_SENT/CLOSED>CLOSED/CLOSED:rst" \
		"end:CLOSED/CLOSED:rst:dst_refused:expired:1+1:0+0" &&
	ctl r timeout_closed 10
}

reset_by_server()
{
	listen_all r && ctl r timeout_closed 1 && connection "$1" &&
	p s abort b && story "${OPENED[@]}" \
		"change:ESTABLISHED/ESTABLISHED>CLOSED/CLOSED:rst" \
		"end:CLOSED/CLOSED:rst:dst_rst_aborted:expired:*" &&
	ctl r timeout_closed 10
}

unanswered()
{
	listen_all r && ctl r timeout_half_open 1 && puppets 4 half_open &&
	story new:SYN_SENT/CLOSED:syn \
		end:SYN_SENT/CLOSED:syn:timeout:expired:1+0:0+0 &&
	ctl r timeout_half_open 131
}

# The handshake's last ACK had no effect, as a repetition shows that is not too
# early for one; then nothing more comes.
silent()
{
	listen_all r && puppets 4 established && pass_time 600 &&
	puppet s SA 5000 1001 mss=1400 && see r dst_state=SYN_RECEIVED &&
	story "${OPENED[@]}" \
		"change:ESTABLISHED/ESTABLISHED>ESTABLISHED/SYN_RECEIVED:synack_again" \
		"change:ESTABLISHED/SYN_RECEIVED>ESTABLISHED/ESTABLISHED:silence"
}

# fresh: the router has no flows.
fresh()
{
	ctl r enabled 0 && ctl r enabled 1
}

evicted()
{
	fresh && ctl r max 1 && listen_all r &&
	puppets 4 closed && local was=("${T[@]}") && puppets 4 half_open ||
		return
	T=("${was[@]}")
	story "${OPENED[@]}" "change:*>CLOSED/CLOSED:rst" \
		"end:CLOSED/CLOSED:rst:src_rst_aborted:evicted:*" &&
	puppets 4 half_open || return
	T[1]=$((SPORT - 1)) T[3]=$((PORT - 1))
	story new:SYN_SENT/CLOSED:syn \
		end:SYN_SENT/CLOSED:syn:evicted:evicted:1+0:0+0 &&
	ctl r max 100000
}

deleted()
{
	type -P tcptrackctl >/dev/null || skip "no tcptrackctl" || return 0
	listen_all r && puppets 6 established &&
	p r exec tcptrackctl flow flush all && story "${OPENED[@]}" \
		end:ESTABLISHED/ESTABLISHED:ack:flushed:deleted:2+1:0+0
}

# The old connection ends before the next on its tuple begins.
reused()
{
	listen_all r && puppets 4 closed && puppet c S 90000 0 mss=1400 &&
	story "${OPENED[@]}" "change:*>CLOSED/CLOSED:rst" \
		"end:CLOSED/CLOSED:rst:src_rst_aborted:reused:*" \
		new:SYN_SENT/CLOSED:reuse && account r wrong=0 lost=0
}

turned_off()
{
	fresh && listen_all r && puppets 4 half_closed && ctl r enabled 0 &&
	story "${OPENED[@]}" \
		"change:*>FIN_WAIT_1/ESTABLISHED:fin" \
		"change:*>FIN_WAIT_2/CLOSE_WAIT:fin_ack" \
		"end:FIN_WAIT_2/CLOSE_WAIT:fin_ack:flushed:stopped:*" &&
	account r new=1 change=4 end=1 && ctl r enabled 1 &&
	puppets 4 half_open && story new:SYN_SENT/CLOSED:syn &&
	account r new=2 wrong=0 lost=0
}

# flood N: so many flows at the router, in no time.
flood()
{
	family 4
	ctl r max 100000 && ctl r half_open_max 100000 &&
	p r flood syns "$1" "src=$GHOST" "dst=$NOBODY" \
		"dport=$PORT" sport=2000 && p r wait syns
}

# All come, and several in a datagram: of those that end by the dozen that is
# sure.
none_lost()
{
	local before

	fresh && listen_all r count && flood "$FLOOD" &&
	account r "new=$FLOOD" "generated=$FLOOD" "received=$FLOOD" lost=0 \
		wrong=0 overruns=0 && value datagrams && before=$REPLY &&
	say "$FLOOD in $before" && fresh &&
	account r "end=$FLOOD" received=$((2 * FLOOD)) lost=0 wrong=0 &&
	value datagrams && (((REPLY - before) * 4 < FLOOD)) ||
		fail "$FLOOD ends in $((REPLY - before)) datagrams"
}

# Nobody need wait for the last of them.
the_last()
{
	listen_all c && p c etail rc 50
}

# A reader that does not read misses some, and knows how many.
stalled()
{
	local said got lost

	fresh && listen_all r count rcvbuf=20000 && flood "$FLOOD" &&
	p r eread rr && fresh && account r "generated=$((2 * FLOOD))" wrong=0 &&
	said=$REPLY && value received "$said" && got=$REPLY &&
	value lost "$said" && lost=$REPLY && value overruns "$said" &&
	say "$said" && ((lost && got && REPLY && got + lost == 2 * FLOOD)) ||
		fail "$said"
}

# What the filter does not want is not lost.
filtered()
{
	fresh && listen_all r && p r efilter rr 10 && puppets 4 established &&
	p r estory rr "${T[@]}" 0 && [[ -z $REPLY ]] ||
		fail "it was told: $REPLY" || return
	puppets 6 established && story "${OPENED[@]}" &&
	account r generated=3 received=3 lost=0 && p r efilter rr 2 &&
	puppets 6 half_open && puppets 4 half_open &&
	story new:SYN_SENT/CLOSED:syn && account r generated=4 lost=0 &&
	fresh && account r generated=6 end=2 &&
	p r efilter rr && puppets 6 half_open &&
	story new:SYN_SENT/CLOSED:syn && refused EINVAL r efilter rr 11
}

who_may()
{
	local group

	for group in new change end all-new all-change all-end; do
		p r ejoin root "$group" && refused EPERM r ejoin user "$group" &&
		refused EPERM r ejoin nocap "$group" || return
	done
	# who is root elsewhere may join there
	refused EPERM r ejoin userns end && refused EPERM r ejoin userns all-end &&
	p r ejoin userns-net end
}

local_connection()
{
	tuple 127.0.0.1 "$((SPORT + $2))" 127.0.0.1 "$PORT"
	p "$1" listen "$1l" 127.0.0.1 "$PORT" 8 &&
	p "$1" connect "$1a" 127.0.0.1 "$PORT" src=127.0.0.1 "sport=${T[1]}" &&
	p "$1" accept "$1l" "$1b"
}

# counted NS N [OPTION...]: so many events came to its reader.
counted()
{
	p "$1" ecount "r$1" "${@:3}" && [[ $REPLY == "$2" ]]
}

inode()
{
	REPLY=$(stat -Lc %i "/run/netns/${NS[$1]}")
}

# Each namespace hears of its own flows, the initial one's all-* groups of all.
apart()
{
	local ns

	family 4
	# no flow of another case ends meanwhile
	for ns in c r s; do
		ctl "$ns" enabled 0 && ctl "$ns" enabled 1 || return
	done
	listen_all r && listen_all c && listen - all-new all-change all-end &&
	p s events rs all-new all-change all-end && local_connection c 0 &&
	p r eaccount rr && p c eaccount rc && local_connection s 1 ||
		return
	busywait counted - 6 && counted c 3 && counted r 0 && counted s 0 ||
		fail "$REPLY events" || return
	for ns in c s; do
		inode "$ns" && counted - 3 "netns=$REPLY" ||
			fail "of $ns: $REPLY" || return
	done
	p - eaccount r- all && [[ $REPLY == *lost=0\ wrong=0* ]] ||
		fail "$REPLY"
}

# A namespace goes with flows in it, while its events are listened to.
namespace_dies()
{
	local full=tct-x-$$ at

	listen - all-new all-change all-end && ip netns add "$full" &&
	ip -n "$full" link set lo up && adopt x "$full" && ctl x enabled 1 &&
	family 4 && p x flood syns 300 src=127.0.0.9 dst=127.0.0.1 \
		"dport=$PORT" sport=1000 && p x wait syns && inode x || return
	at=$REPLY
	p x leave && ip netns del "$full" && unset "NS[x]" "TABLE[x]"
	# each SYN to a closed port: new, refused, and in the end stopped
	busywait counted - 300 "netns=$at" removal=4 ||
		fail "$REPLY stopped" || return
	counted - 900 "netns=$at" || fail "$REPLY events"
}

# traced WANT...: each is in a line of its own of the trace.
traced()
{
	local want

	REPLY=$(<"$TRACING/trace")
	for want; do
		[[ $REPLY == *$want* ]] || return
	done
}

tracepoints()
{
	local from on=$TRACING/events/tcptrack/enable

	[[ -d $TRACING/events ]] || mount -t tracefs none "$TRACING" 2>/dev/null
	[[ -d $TRACING/events ]] || skip "no tracefs" || return 0
	[[ -e $on ]] || fail "no tracepoints" || return
	fresh && echo >"$TRACING/trace" && echo 1 >"$on" &&
	puppets "$1" closed && fresh || return
	echo 0 >"$on"
	inode r
	from="sport=$SPORT dport=$PORT saddr=$GHOST daddr=$NOBODY"
	[[ $1 == 4 ]] || from="sport=$SPORT dport=$PORT saddr=0.0.0.0 daddr=0.0.0.0 saddrv6=$GHOST daddrv6=$NOBODY"
	traced "tcptrack_new: netns=$REPLY $from" \
		"tcptrack_change: netns=$REPLY $from" \
		"tcptrack_end: netns=$REPLY $from" \
		"src_state=SYN_SENT dst_state=CLOSED reason=syn" \
		"src_state=ESTABLISHED dst_state=ESTABLISHED reason=ack old_src_state=SYN_SENT old_dst_state=SYN_RECEIVED" \
		"src_state=CLOSED dst_state=CLOSED reason=rst removal=stopped src_packets=3 dst_packets=1 src_bytes=0 dst_bytes=0" ||
		fail "$REPLY"
}

t "a connection's life, IPv4" orderly 4
t "a connection's life, IPv6" orderly 6
t "refused" connection_refused 6
t "reset" reset_by_server 4
t "expired half-open" unanswered
t "changed by a silence" silent
t "evicted" evicted
t "deleted" deleted
t "reused" reused
t "tracking turned off, and on" turned_off
t "none lost at load" none_lost
t "the last come without waiting" the_last
t "a reader that stalls" stalled
t "filtered" filtered
t "who may listen" who_may
t "namespaces are apart, the initial one hears all" apart
t "a namespace dies" namespace_dies
t "tracepoints, IPv4" tracepoints 4
t "tracepoints, IPv6" tracepoints 6
tct_run
