#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# tcptrackctl timewait and unclosed, against the stack: its counts, the ports
# that connect() still finds, and the sockets that a process does not close.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# A FIN that is repeated, which a busy machine is enough for, draws an ACK, and
# this a RST: it is not to end a TIME_WAIT that is to be counted.
set_up()
{
	set_up_network && stack c tcp_rfc1337 1 &&
	stack s tcp_rfc1337 1
}

# stack NS NAME VALUE...: sets net.ipv4.NAME there.
stack()
{
	p "$1" write "/proc/sys/net/ipv4/$2" "${@:3}"
}

# ask NS ARGUMENT...: sets OUT.
ask()
{
	OUT=$(tcptrackctl -n "${NS[$1]}" "${@:2}" 2>&1) ||
		fail "tcptrackctl ${*:2}: $OUT"
}

# object TEXT: sets OBJECT to that of the JSON which has the text in it.
object()
{
	local pieces piece

	OBJECT=''
	IFS='{' read -ra pieces <<<"$OUT"
	for piece in "${pieces[@]}"; do
		[[ $piece != *"$1"* ]] || OBJECT=${piece%%\}*}
	done
	[[ -n $OBJECT ]]
}

# has KEY=VALUE...: the object has them.
has()
{
	local want

	for want; do
		[[ ,$OBJECT, == *",\"${want%%=*}\":${want#*=},"* ]] || return
	done
}

# number KEY: of the object.
number()
{
	local rest=,$OBJECT,

	rest=${rest#*",\"$1\":"}
	REPLY=${rest%%,*}
}

# is NS TEXT KEY=VALUE...: what timewait says of the place or sum that the text
# is in, now or before long.
is()
{
	busywait is_now "$@" ||
		fail "expected of $2 in $1: ${*:3}" "but it says: $OUT"
}

is_now()
{
	ask "$1" -j timewait && object "$2" && has "${@:3}"
}

# service NS KEY=VALUE... and destination NS KEY=VALUE...: those of the case.
service()
{
	is "$1" "\"addr\":\"$SERVER\",\"port\":$PORT," "${@:2}"
}

destination()
{
	is "$1" "\"src\":\"$CLIENT\",\"dst\":\"$SERVER\",\"dport\":$PORT," \
		"${@:2}"
}

# churned N: so many connections to the server, closed by the client first.
churned()
{
	p c churn calls "$SERVER" "$PORT" "$1" && job_value c wait calls failed &&
	[[ $REPLY == 0 ]] || fail "$REPLY of $1 connections failed"
}

serving()
{
	family "$1"
	p s serve "server$PORT" "$SERVER" "$PORT"
}

# --- TIME_WAIT --------------------------------------------------------------

sockstat_tw()
{
	local line

	while read -r line; do
		[[ $line == TCP:*' tw '* ]] || continue
		line=${line#* tw }
		REPLY=${line%% *}
	done <"${TABLE[$1]}/sockstat"
}

ss_count()
{
	local lines

	mapfile -t lines < <(exec ss -N "${NS[$1]}" -Htan state "$2")
	REPLY=${#lines[@]}
}

# as_stack NS: the sums are those of sockstat and ss, and packets say the same.
as_stack()
{
	busywait as_stack_now "$1" ||
		fail "sockstat $TW, ss $WAITING $HALF, but: $OUT"
}

as_stack_now()
{
	sockstat_tw "$1" && TW=$REPLY && ss_count "$1" time-wait &&
	WAITING=$REPLY && ss_count "$1" fin-wait-2 && HALF=$REPLY &&
	ask "$1" -j timewait && object '"tw":' &&
	has "tw=$TW" "time_wait=$WAITING" "fin_wait_2=$HALF" &&
	object '"fin_wait_2_no_socket":' &&
	has "time_wait=$WAITING" "fin_wait_2=$HALF" time_wait_no_socket=0
}

# Whether the server's RST ends a TIME_WAIT the client alone knows.
client_closes_first()
{
	serving "$1" && churned 7 &&
	destination c time_wait=7 first_here=7 first_there=0 ports_used=7 \
		ports_left=28225 && number expires_max &&
	((${REPLY%.*} > 0 && ${REPLY%.*} <= 60)) || fail "$OUT" || return
	service s time_wait=0 first_here=0 expires_max=null &&
	number first_there && ((REPLY > 0)) || fail "$OUT" || return
	is r '"first_src":' first_dst=0 first_both=0 && number first_src &&
	((REPLY > 0)) || fail "$OUT" || return
	p s stop "server$PORT" && as_stack c && as_stack s
}

server_closes_first()
{
	listening 4 && p c connect a "$SERVER" "$PORT" && p s accept l b &&
	destination c ports_used=1 time_wait=0 &&
	p s close b && p c recv a eof && p c close a &&
	service s time_wait=1 first_here=1 &&
	destination c time_wait=0 first_there=1 ports_used=0 ports_left=28232 &&
	as_stack s
}

# sockstat counts the one without a process as tw; the other has one.
fin_wait_2()
{
	listening 4 && p c connect a "$SERVER" "$PORT" && p s accept l b &&
	p c connect d "$SERVER" "$PORT" && p s accept l e &&
	p c shutdown a wr && p c close d &&
	is c '"tw":' fin_wait_2=2 fin_wait_2_tw=1 &&
	is c '"fin_wait_2_no_socket":' fin_wait_2=2 fin_wait_2_no_socket=0 &&
	as_stack c && destination c ports_used=2 time_wait=0
}

# Both ends in one namespace; 127.0.0.0/8 may be reused by default.
loopback()
{
	family 4
	CLIENT=127.0.0.1 SERVER=127.0.0.1
	p c serve server "$SERVER" "$PORT" && churned 3 &&
	service c first_there=3 time_wait=0 &&
	destination c time_wait=3 ports_used=3 ports_reusable=3 \
		ports_left=28232 &&
	p c stop server && as_stack c
}

overflow()
{
	snmp c TCPTimeWaitOverflow TcpExt netstat && local before=$REPLY
	serving 4 && stack c tcp_max_tw_buckets 0 && churned 5 &&
	destination c time_wait=5 time_wait_no_socket=5 ports_used=0 \
		expires_min=null &&
	is c '"tw":' "overflows=$((before + 5))" tcp_max_tw_buckets=0 &&
	ask c timewait &&
	[[ $OUT == *"tcp_max_tw_buckets 0: "*"; $((before + 5)) went without"* ]] ||
		fail "$OUT" || return
	p s stop "server$PORT" && stack c tcp_max_tw_buckets 4096
}

# --- ports ------------------------------------------------------------------

no_port_left()
{
	refused EADDRNOTAVAIL c connect a "$SERVER" "$PORT"
}

# 22 ports: two are reserved, one is listened at.
run_out()
{
	local first=$((45000 + $1 * 100))

	serving "$1" && p c listen m "$CLIENT" $((first + 5)) 8 &&
	stack c ip_local_port_range "$first" $((first + 21)) &&
	stack c ip_local_reserved_ports \
		$((first + 1)),$((first + 3)) &&
	is c '"listening":' free=19 reserved=2 listening=1 &&
	churned 11 && destination c ports_used=11 ports_left=8 &&
	number out_in && [[ $REPLY != null && $REPLY != 0.000 ]] &&
	ask c timewait && [[ $OUT == *'out of ports in about '*' a second'* ]] ||
		fail "not predicted: $OUT" || return
	churned 7 && destination c ports_left=1 && churned 1 &&
	destination c ports_used=19 ports_left=0 out_in=0.000 &&
	no_port_left && ask c timewait && [[ $OUT == *EADDRNOTAVAIL* ]] ||
		fail "not said: $OUT" || return
	another_destination && reuse_helps &&
	stack c ip_local_reserved_ports 1 &&
	stack c ip_local_port_range 32768 60999 && p s stop "server$PORT"
}

# It has all the ports.
another_destination()
{
	p s listen l "$SERVER" $((PORT + 100)) 8 &&
	p c connect a "$SERVER" $((PORT + 100)) && p c close a &&
	is c "\"dst\":\"$SERVER\",\"dport\":$((PORT + 100))," ports_left=18
}

connects()
{
	peer c connect a "$SERVER" "$PORT"
}

# What is said to be reusable is.
reuse_helps()
{
	stack c tcp_tw_reuse 1 &&
	destination c ports_used=19 ports_reusable=19 ports_left=19 &&
	busywait connects && stack c tcp_tw_reuse 0 &&
	destination c ports_used=19 ports_reusable=0 ports_left=0 &&
	stack c tcp_tw_reuse 2 && p c abort a
}

# --- CLOSE_WAIT -------------------------------------------------------------

# unclosed NS TEXT KEY=VALUE...: in the group that the text is in.
unclosed()
{
	busywait unclosed_now "$@" ||
		fail "expected of $2 in $1: ${*:3}" "but it says: $OUT"
}

unclosed_now()
{
	ask "$1" -j unclosed since 0 && object "$2" && has "${@:3}"
}

none_unclosed()
{
	ask "$1" -j unclosed "${@:2}" && [[ $OUT == *'"groups":[],'* ]]
}

# Closed by the client; the server holds one, and has not accepted two.
leak()
{
	listening 4 && dial && p s accept l b && p c send a 100 &&
	p c connect d "$SERVER" "$PORT" && p c connect e "$SERVER" "$PORT" &&
	p c close a d e || return
	local where="\"end\":\"dst\",\"family\":\"ipv4\",\"dst\":\"$SERVER\",\"dport\":$PORT"

	unclosed s "\"kind\":\"held\",\"count\":1," "pid=$AGENT" recv_q=101 &&
	[[ $OBJECT == *"$where"* && $OBJECT == *'"process":"tct_peer"'* ]] ||
		fail "$OUT" || return
	unclosed s "\"kind\":\"unaccepted\",\"count\":2," "pid=$AGENT" &&
	[[ $OBJECT == *"$where"* ]] || fail "$OUT" || return
	none_unclosed s && none_unclosed s since 10m ||
		fail "not so long: $OUT" || return
	ask s unclosed since 0 &&
	[[ $OUT == *tct_peer*unaccepted*" 2 "*"at $SERVER:$PORT"* ]] ||
		fail "$OUT" || return
	ask r -j unclosed since 0 &&
	[[ $OUT == *'"groups":[],'*'"forwarded":3}'* ]] || fail "$OUT" || return
	p s accept l f && unclosed s '"kind":"unaccepted","count":1,' &&
	p s accept l g && p s close b f g &&
	busywait none_unclosed s since 0 || fail "still there: $OUT"
}

# The client does not close what the server has closed.
leak_at_the_client()
{
	connection 6 && p s close b || return
	unclosed c '"kind":"held"' "pid=$AGENT" count=1 &&
	[[ $OBJECT == *"\"end\":\"src\",\"family\":\"ipv6\",\"dst\":\"$SERVER\""* ]] ||
		fail "$OUT" || return
	ask c unclosed since 0 && [[ $OUT == *"to [$SERVER]:$PORT"* ]] ||
		fail "$OUT"
}

# What waits behind a zero window was closed by its process.
closed_behind_data()
{
	connection 4 rcvbuf=2048 && p s send b 4000000 nowait &&
	p c shutdown a wr && p s recv b eof && p s close b &&
	busywait closing_now || fail "$OUT"
}

closing_now()
{
	none_unclosed s since 0 && [[ $OUT == *'"closing":1,'* ]]
}

t "the client closes first, IPv4" client_closes_first 4
t "the client closes first, IPv6" client_closes_first 6
t "the server closes first" server_closes_first
t "FIN_WAIT_2 with a process and without" fin_wait_2
t "to itself, by loopback" loopback
t "more than tcp_max_tw_buckets" overflow
t "ports run out, IPv4" run_out 4
t "ports run out, IPv6" run_out 6
t "sockets that the server leaks, or does not accept" leak
t "a socket that the client leaks" leak_at_the_client
t "a close that waits for the window is no leak" closed_behind_data
type -P tcptrackctl >/dev/null || skip_all "tcptrackctl is not there"
tct_run
