#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is counted of each flow, against what the sockets at its ends count
# (ss -ti) and the stack as a whole (nstat).

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# Two processors would reorder what one sends.
set_up()
{
	set_up_network || return
	! type -P taskset >/dev/null ||
		taskset -p 1 "$AGENT" >/dev/null || :
	p s write /proc/sys/net/ipv4/tcp_invalid_ratelimit 0
}

# offload on|off: super-packets, or segments as on a wire
offload()
{
	local pair

	for pair in c:cr r:rc r:rs s:sr; do
		peer "${pair%:*}" exec ethtool -K "${pair#*:}" tso "$1" \
			gso "$1" gro "$1" || skip "no ethtool" || return
	done
}

# netem RULE...: behind the router's hooks, towards the server
netem()
{
	peer r exec tc qdisc replace dev rs root netem "$@" ||
		skip "no netem"
}

no_netem()
{
	peer r exec tc qdisc delete dev rs root || :
}

# ghost_ahead OCTETS FLAGS [KEY=VALUE...]: the ghost, as if it stood there
ghost_ahead()
{
	local GSEQ=$((GSEQ + $1))

	ghost_send "${@:2}"
}

# --- what the stack says ----------------------------------------------------

# stack NS NAME [EXTENSION]: a counter that nstat shows
stack()
{
	snmp "$1" "$2" "${3:-TcpExt}" netstat
}

declare -A BEFORE

# mark NS NAME [EXTENSION]; rise ...: by how much it has risen since
mark()
{
	stack "$@" && BEFORE[$1$2]=$REPLY
}

rise()
{
	stack "$@" && REPLY=$((REPLY - BEFORE[$1$2]))
}

# socket NS LOCAL-PORT: sets SOCKET to what ss says of it
socket()
{
	local lines

	mapfile -t lines < <(exec ss -N "${NS[$1]}" -Htin state connected \
		"sport = :$2")
	SOCKET=" ${lines[*]//$'\t'/ } "
	[[ $SOCKET == *bytes_* ]] || fail "ss does not show port $2 in $1"
}

# says KEY: of SOCKET; 0 if ss leaves it out
says()
{
	REPLY=0
	[[ $SOCKET == *" $1:"* ]] || return 0
	REPLY=${SOCKET#* "$1":}
	REPLY=${REPLY%% *}
}

# us SECONDS: "0.020123" in us
us()
{
	REPLY=${1/./}
	REPLY=$((10#$REPLY))
}

# near WHAT A B TOLERANCE
near()
{
	local off=$(($2 - $3))

	((${off#-} <= $4)) ||
		fail "$1: $2, but by the socket $3: more than $4 apart"
}

# --- what is sent -----------------------------------------------------------

# transfer BYTES: from a to b, in pieces that fit
transfer()
{
	local left=$1

	for ((; left > 0; left -= 20000)); do
		p c send a 20000 && p s recv b 20000 || return
	done
	p c drained a
}

# sent_again: what the client's socket and its stack say was
sent_again()
{
	local sent again acked before=$1

	socket c "$SPORT" && says bytes_sent && sent=$REPLY &&
	says retrans && again=${REPLY#*/} &&
	# Linux counts the SYN
	says bytes_acked && acked=$((REPLY - 1)) && snmp c RetransSegs ||
		return
	((REPLY - before == again)) || fail "TcpRetransSegs rose by" \
		"$((REPLY - before)), but the socket says $again" || return
	for ns in c r; do
		see "$ns" "src_bytes=$sent" "src_acked=$acked" \
			"src_retrans=$again" src_ooo=0 || return
	done
	RETRANS=$again
}

# lossy FAMILY on|off BYTES RULE...: so often that something is sent again
lossy()
{
	local before round

	offload "$2" && netem "${@:4}" || return
	for round in 1 2 3 4 5; do
		snmp c RetransSegs && before=$REPLY && connection "$1" &&
		transfer "$3" && sent_again "$before" && p - closeall ||
			return
		((RETRANS == 0)) || break
	done
	no_netem
	((RETRANS > 0)) || fail "nothing was sent again in $round rounds"
}

# Tail loss probes and a repeated SYN among them
handshake_lost()
{
	local before

	offload off && snmp c RetransSegs && before=$REPLY &&
	listening "$1" &&
	drop s "tcp dport $PORT tcp flags & syn == syn quota until 100 bytes" &&
	dial && p s accept l b && transfer 20000 && sent_again "$before" || return
	((RETRANS == 1)) || fail "$RETRANS sent again"
}

# Each exchange is a sample of both. The socket's begin with the SYN.
rtt()
{
	local i least socket_rtt

	offload off && netem delay 20ms && connection "$1" || return
	for ((i = 0; i < 24; i++)); do
		p c send a 100 && p s recv b 100 && p s send b 100 &&
		p c recv a 100 || return
	done
	socket c "$SPORT" && says minrtt && us_of_ms "$REPLY" &&
	least=$REPLY && says rtt && us_of_ms "${REPLY%/*}" &&
	socket_rtt=$REPLY && flow c || return
	say "socket: minrtt $least us, rtt $socket_rtt us"
	field src_rtt_min && us "$REPLY" || return
	i=$REPLY
	field rtt_server && us "$REPLY" || return
	((i < REPLY)) || i=$REPLY
	near "least RTT, us" "$i" "$least" $((1000 + least / 20)) || return
	field src_rtt && us "$REPLY" &&
	near "smoothed RTT, us" "$REPLY" "$socket_rtt" \
		$((1000 + socket_rtt / 10)) && no_netem
}

# us_of_ms MILLISECONDS: "20.123" in us
us_of_ms()
{
	local whole=${1%.*} part=000

	[[ $1 != *.* ]] || part=${1#*.}
	part=${part}000
	REPLY=$((whole * 1000 + 10#${part:0:3}))
}

# --- out of order -----------------------------------------------------------

# Segments of 100 octets, each pair swapped: as many come early, which the
# socket counts, as late, which we do.
swapped()
{
	local i pairs=8

	mark s TCPOFOQueue && ghost_open "$1" || return
	for ((i = 0; i < pairs; i++)); do
		ghost_ahead 100 A len=100 &&
		ghost_send A len=100 && GSEQ=$((GSEQ + 200)) || return
	done
	see s "src_ooo=$pairs" src_retrans=0 "src_bytes=$((pairs * 200))" &&
	socket s "$PORT" && says rcv_ooopack && equal_to "$pairs" rcv_ooopack &&
	rise s TCPOFOQueue && equal_to "$pairs" TCPOFOQueue
}

equal_to()
{
	[[ $REPLY == "$1" ]] ||
		fail "by the stack $2 is $REPLY, but expected $1"
}

# One late behind five that are early: a duplicate ACK each.
duplicate_acks()
{
	local i

	mark s TCPOFOQueue && ghost_open "$1" && ghost_send A len=10 || return
	GSEQ=$((GSEQ + 10))
	for i in 1 2 3 4 5; do
		ghost_ahead $((i * 10)) A len=10 || return
	done
	busywait rise_is s TCPOFOQueue 5 || fail "not 5 in the queue" || return
	see s dst_dupack=5 src_ooo=0 && ghost_send A len=10 &&
	see s dst_dupack=5 src_ooo=1
}

rise_is()
{
	rise "$1" "$2" && [[ $REPLY == "$3" ]]
}

# --- windows and timers -----------------------------------------------------

zero_window()
{
	local shown probes again sent

	offload off && snmp c RetransSegs && again=$REPLY && mark s TCPToZeroWindowAdv && mark c TCPWinProbe &&
	listening "$1" rcvbuf=4096 && dial && p s accept l b &&
	p c send a 30000 nowait && sent=$REPLY && see c dst_zerowin=1 ||
		return
	pass_time 1500
	flow c && field src_probe && probes=$REPLY || return
	((probes > 0)) || fail "no window probe: $LINE" || return
	p s recv b "$sent" && p c drained a || return
	rise s TCPToZeroWindowAdv && shown=$REPLY
	rise c TCPWinProbe && probes=$REPLY
	snmp c RetransSegs && again=$((REPLY - again))
	for ns in c r s; do
		see "$ns" "dst_zerowin=$shown" "src_probe=$probes" \
			"src_retrans=$again" || return
		field dst_zerowin_time && us "$REPLY" || return
		((REPLY >= 1500 && REPLY <= 15000)) ||
			fail "no window for $REPLY ms" || return
	done
	# and all is open again
	flow s && field dst_zerowin_time && shown=$REPLY &&
	pass_time 100 && see s "dst_zerowin_time=$shown"
}

keep_alives()
{
	local sent

	mark c TCPKeepAlive && connection "$1" keepidle=1 keepalive=1 &&
	p c send a 10 && p s recv b 10 || return
	pass_time 2500
	rise c TCPKeepAlive && sent=$REPLY || return
	((sent > 0)) || fail "no keep-alive was sent" || return
	for ns in c r s; do
		see "$ns" "src_keepalive=$sent" src_retrans=0 dst_dupack=0 || return
	done
}

# --- what is not believed ---------------------------------------------------

# A RST and a SYN that are in the window, but not at its edge
challenges()
{
	mark s TCPChallengeACK && ghost_open "$1" && ghost_send A len=10 &&
	GSEQ=$((GSEQ + 10)) && see s dst_packets=2 &&
	ghost_ahead 5 R && ghost_expect A && ghost_ahead 50 R &&
	ghost_expect A && ghost_ahead 7 S && ghost_expect A &&
	rise s TCPChallengeACK && equal_to 3 TCPChallengeACK &&
	see s dst_challenge=3 dst_dupack=0 src_state=ESTABLISHED
}

# ghost_says TSVAL FLAGS [KEY=VALUE...]: the ghost, with a timestamp
ghost_says()
{
	local option

	printf -v option 'opts=0101080a%08x%08x' "$1" 0
	ghost_send "${@:2}" "$option"
}

paws()
{
	mark s PAWSEstab && listening "$1" || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_says 5000 S mss=1400 && ghost_expect SA &&
	GSEQ=1001 && ghost_says 5001 A && p s accept l b &&
	ghost_says 5100 A len=10 && ghost_expect A && GSEQ=1011 &&
	ghost_says 4000 A len=10 && ghost_says 4000 A len=10 || return
	# what was seen already has been sent again
	GSEQ=1001
	ghost_says 4000 A len=10 && busywait rise_is s PAWSEstab 3 ||
		fail "PAWSEstab rose by $REPLY" || return
	see s src_paws=3 src_retrans=1
}

ce_marks()
{
	local marked

	# a SYN that is sent again asks for no ECN
	offload "$2" && mark s InCEPkts IpExt &&
	p c write /proc/sys/net/ipv4/tcp_ecn 1 && connection "$1" &&
	netem loss 30% ecn && transfer 100000 || return
	rise s InCEPkts IpExt && marked=$REPLY && no_netem
	p c write /proc/sys/net/ipv4/tcp_ecn 2
	((marked > 0)) || fail "nothing was marked" || return
	see s "src_ce=$marked" && field src_seen &&
	[[ ,$REPLY, == *,cwr,* ]] || fail "no CWR: $LINE"
}

for v in 4 6; do
	t "swapped segments, IPv$v" swapped $v
	t "duplicate ACKs, IPv$v" duplicate_acks $v
	t "challenge ACKs, IPv$v" challenges $v
	t "PAWS, IPv$v" paws $v
	t "handshake sent again, IPv$v" handshake_lost $v
done
t "lossy, segments" lossy 4 off 60000 delay 2ms loss 5%
t "lossy, segments, IPv6" lossy 6 off 60000 delay 2ms loss 5%
t "reordered, segments" lossy 4 off 60000 delay 4ms 2ms loss 2%
t "lossy, super-packets" lossy 4 on 200000 delay 2ms loss 8%
t "CE, segments" ce_marks 4 off
t "CE, super-packets" ce_marks 4 on
t "round-trip times" rtt 4
t "zero window" zero_window 4
t "keep-alives" keep_alives 4
tct_run
