#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Listeners: both queues and their limits as the stack itself has them, what was
# dropped and why, what the flow table has of the flows to them; and how far a
# half-open connection is.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# --- what is said -----------------------------------------------------------

# listener NS ADDR PORT: sets LINES to the listeners there, and LINE to the
# first.
listener()
{
	local line all

	LINE='' LINES=()
	mapfile -t all <"${TABLE[$1]}/tcptrack_listen" || return
	for line in "${all[@]}"; do
		[[ " $line " != *" addr=$2 port=$3 "* ]] || LINES+=("$line")
	done
	LINE=${LINES[0]-}
	[[ -n $LINE ]]
}

listens()
{
	local ns=$1 want

	listener "$1" "$2" "$3" || return
	for want in "${@:4}"; do
		[[ " $LINE " == *" $want "* ]] || return
	done
}

# heard KEY=VALUE...: the server's listener has all these, now or before long.
heard()
{
	heard_at "$SERVER" "$@"
}

heard_at()
{
	busywait listens s "$1" "$PORT" "${@:2}" ||
		fail "expected of $1 $PORT: ${*:2}" \
			"but there is: ${LINE:-no such listener}"
}

# as_ss: each listener on the port has the queue and limit that ss shows for its
# inode, and ss shows no more of them.
as_ss()
{
	local line words inode shown=0 ours=("${LINES[@]}")

	((${#ours[@]})) || fail "no listener was looked for" || return
	while read -r line; do
		read -ra words <<<"$line"
		inode=${line#* ino:} inode=${inode%% *}
		shown=$((shown + 1))
		[[ " ${ours[*]} " == *" accept_queue=${words[1]} accept_limit=${words[2]} "*" inode=$inode "* ]] ||
			fail "ss: $line" "${ours[@]}" || return
	# it complains where there is no cgroup2
	done < <(ss -N "${NS[s]}" -Hltne "sport = :$PORT" 2>&1 |
		grep -v "cgroup2 mount")
	((shown == ${#ours[@]})) ||
		fail "ss shows $shown listeners, not ${#ours[@]}"
}

# stack NAME: one of the server's own counters, since the case began.
stack()
{
	snmp s "$1" TcpExt netstat && REPLY=$((REPLY - ${BEFORE[$1]}))
}

stack_is()
{
	stack "$1" && [[ $REPLY == "$2" ]]
}

stack_has()
{
	busywait stack_is "$@" || fail "the stack's $1 is $REPLY, not $2"
}

# dropped ACKS: the listener's drops are the stack's, all for its accept queue;
# a last ACK is counted by its socket once more, when it is thrown away.
dropped()
{
	busywait dropped_are "$1" || fail "the stack: $REPLY overflows" \
		"but $LINE"
}

dropped_are()
{
	local drops

	stack ListenDrops && drops=$REPLY && ((drops)) &&
	stack ListenOverflows && ((drops == REPLY)) &&
	listens s "$SERVER" "$PORT" "drops=$((drops + $1))"
}

declare -A BEFORE
since_now()
{
	local name

	for name in ListenOverflows ListenDrops SyncookiesSent \
		    TCPReqQFullDrop TCPReqQFullDoCookies; do
		snmp s "$name" TcpExt netstat && BEFORE[$name]=$REPLY || return
	done
}

setting()
{
	p "$1" write "/proc/sys/net/ipv4/$2" "$3"
}

# hosts N [FIRST]: SYNs of so many ghosts, which never say anything else.
hosts()
{
	p c flood syns "$1" "src=$GHOST" "dst=$SERVER" "dport=$PORT" \
		"sport=${2:-20000}" && p c wait syns
}

# --- both queues ------------------------------------------------------------

# Clients that nobody accepts: the accept queue, as ss has it
quiet()
{
	listening "$1" backlog=5 &&
	heard "family=ipv$1" accept_queue=0 accept_limit=5 \
		accept_source=backlog syn_queue=0 syn_young=0 syn_limit=5 \
		syn_source=backlog drops=0 uid=0 reuseport=- defer_accept=- \
		syncnt=- half_open=0 open=0 age_max=- rtt_p50=- &&
	as_ss && p c connect a "$SERVER" "$PORT" &&
	p c connect b "$SERVER" "$PORT" &&
	heard accept_queue=2 syn_queue=0 open=2 rtt_samples=2 && as_ss &&
	p s accept l d && heard accept_queue=1 open=2 && as_ss &&
	p s close l && ! listener s "$SERVER" "$PORT"
}

somaxconn()
{
	p s write /proc/sys/net/core/somaxconn 64 &&
	listening 4 backlog=1000 && heard accept_limit=64 \
		accept_source=somaxconn syn_limit=64 syn_source=somaxconn &&
	as_ss && p s write /proc/sys/net/core/somaxconn 4096
}

# Room for two, and a third whose SYN came before it was full
overflow()
{
	since_now && listening "$1" backlog=1 || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	heard syn_queue=1 syn_young=1 half_open=1 unanswered=0 drops=0 &&
	p c connect a "$SERVER" "$PORT" && p c connect b "$SERVER" "$PORT" &&
	heard accept_queue=2 accept_limit=1 syn_queue=1 && as_ss &&
	p c connect d "$SERVER" "$PORT" nonblock &&
	heard unanswered=1 half_open=2 && GSEQ=1001 && ghost_send A &&
	heard syn_queue=1 accept_queue=2 &&
	heard accept_wait=1 && dropped 1 || return
	p s accept l e && p s accept l f && ghost_send A &&
	heard accept_wait=0 syn_queue=0
}

# Who is answered and says nothing more
slow()
{
	listening "$1" || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	hosts 3 && heard syn_queue=3 syn_young=3 half_open=3 unanswered=0 \
		synack_repeats=0 && p c connect a "$SERVER" "$PORT" &&
	heard syn_queue=3 accept_queue=1 half_open=3 open=1 &&
	heard syn_young=0 synack_repeats=3 && field age_max &&
	[[ $REPLY != 0.0* ]] && field age_p50 && [[ $REPLY != - ]] ||
		fail "$LINE"
}

abort_on_overflow()
{
	since_now && setting s tcp_abort_on_overflow 1 &&
	listening 4 backlog=0 || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	p c connect a "$SERVER" "$PORT" && heard syn_queue=1 accept_queue=1 &&
	GSEQ=1001 && ghost_send A &&
	p c expect "sport=$PORT" "dport=$SPORT" flags=R &&
	heard syn_queue=0 accept_queue=1 half_open=0 && as_ss &&
	dropped 1 && setting s tcp_abort_on_overflow 0
}

# --- syncookies -------------------------------------------------------------

cookies_off()
{
	since_now && setting s tcp_syncookies 0 &&
	setting s tcp_max_syn_backlog 4 && listening "$1" backlog=100 &&
	heard syncookies=0 accept_limit=100 syn_limit=3 \
		syn_source=tcp_max_syn_backlog &&
	hosts 6 && heard syn_queue=4 half_open=6 unanswered=2 drops=2 &&
	stack_has ListenDrops 2 && setting s tcp_max_syn_backlog 128 &&
	heard syn_limit=96 && p - closeall && listening "$1" backlog=1 &&
	heard syn_limit=1 syn_source=backlog && hosts 3 &&
	heard syn_queue=2 drops=1 unanswered=1 cookies_recent=0 &&
	stack_has TCPReqQFullDrop 1 && stack_has SyncookiesSent 0 &&
	setting s tcp_syncookies 1
}

cookies_on_overflow()
{
	since_now && setting s tcp_syncookies 1 && listening "$1" backlog=1 &&
	heard syncookies=1 cookies_recent=0 syn_limit=1 && hosts 2 &&
	heard syn_queue=2 cookies_recent=0 && hosts 3 30000 &&
	heard syn_queue=2 cookies_recent=1 half_open=5 unanswered=0 drops=0 &&
	stack_has SyncookiesSent 3 && stack_has TCPReqQFullDoCookies 3
}

cookies_always()
{
	since_now && setting s tcp_syncookies 2 && listening "$1" &&
	heard syncookies=2 && hosts 3 &&
	heard syn_queue=0 half_open=3 unanswered=0 &&
	stack_has SyncookiesSent 3 && setting s tcp_syncookies 1
}

# --- what a listener is set to ----------------------------------------------

# 30 s become 31: the sum of five back-offs
deferred()
{
	listening "$1" defer_accept=30 && dial &&
	heard defer_accept=31.000 syn_queue=1 accept_queue=0 && as_ss &&
	p c send a 10 && heard syn_queue=0 accept_queue=1 && as_ss
}

options()
{
	setting s tcp_synack_retries 4 && listening 4 &&
	heard synack_retries=4 syncnt=- fastopen_queue=- fastopen_limit=- &&
	p s close l && listening 4 syncnt=3 fastopen=7 dev=sr &&
	heard synack_retries=3 syncnt=3 fastopen_queue=0 fastopen_limit=7 &&
	field ifindex && [[ $REPLY != - ]] || fail "$LINE" || return
	setting s tcp_synack_retries 5
}

# Each member has its own queue; together they have all.
reuseport()
{
	local i line sum=0

	family "$1"
	for i in 1 2 3; do
		p s listen "l$i" "$SERVER" "$PORT" "$((i + 3))" reuseport=1 ||
			return
	done
	for i in 1 2 3 4; do
		p c connect "a$i" "$SERVER" "$PORT" || return
	done
	heard reuseport=3 open=4 && as_ss || return
	((${#LINES[@]} == 3)) || fail "${LINES[@]}" || return
	for line in "${LINES[@]}"; do
		value accept_queue "$line" && sum=$((sum + REPLY))
	done
	((sum == 4)) || fail "$sum in all: ${LINES[*]}" || return
	p s close l2 && heard reuseport=2 && ((${#LINES[@]} == 2)) && as_ss
}

# --- whose flows they are ---------------------------------------------------

# The socket is IPv6, and its clients are of both kinds.
dual()
{
	family 4
	p s listen l :: "$PORT" 8 &&
	heard_at :: family=ipv6 v6only=0 open=0 &&
	p c connect a "$SERVER" "$PORT" && p c connect b fd00:2::1 "$PORT" &&
	heard_at :: accept_queue=2 open=2 && as_ss &&
	p s close l && p s listen l :: "$PORT" 8 v6only=1 &&
	p c connect d fd00:2::1 "$PORT" &&
	refused ECONNREFUSED c connect e "$SERVER" "$PORT" &&
	heard_at :: v6only=1 open=1 accept_queue=1 && as_ss
}

# What is routed to the same port elsewhere is not the router's own.
wildcard()
{
	family "$1"
	local any=0.0.0.0

	[[ $1 == 4 ]] || any=::
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	p s listen l "$any" "$PORT" 8 && p r listen n "$any" "$PORT" 8 &&
	dial && heard_at "$any" open=1 accept_queue=1 &&
	see r class=established && listens r "$any" "$PORT" open=0 ||
		fail "the router's: $LINE"
}

mapped()
{
	family 4
	p s listen l "::ffff:$SERVER" "$PORT" 8 &&
	p c connect a "$SERVER" "$PORT" &&
	heard family=ipv4 accept_queue=1 open=1 && as_ss
}

# Where tracking is off, there are listeners, and nothing of their flows.
untracked()
{
	ctl s enabled 0 && listening 4 && p c connect a "$SERVER" "$PORT" &&
	heard accept_queue=1 half_open=- open=- rtt_samples=- && as_ss &&
	ctl s enabled 1 && heard open=0
}

# A namespace shows its own.
own_only()
{
	listening 4 && heard accept_queue=0 &&
	! listener c "$SERVER" "$PORT" && ! listener - "$SERVER" "$PORT" ||
		fail "another's: $LINE"
}

# Three of the stack's batches in one bucket, of one group: each once
many()
{
	local i inodes

	family 4
	for ((i = 0; i < 150; i++)); do
		p s listen "m$i" "$SERVER" "$PORT" 8 reuseport=1 || return
	done
	heard reuseport=150 && ((${#LINES[@]} == 150)) || fail "${#LINES[@]}" ||
		return
	inodes=$(printf '%s\n' "${LINES[@]}" | sed 's/.* inode=//; s/ .*//' |
		sort -u | wc -l)
	((inodes == 150)) || fail "$inodes are different"
}

# --- how far a half-open connection is --------------------------------------

# at_most KEY MS: of the flow's line, which has it
at_most()
{
	field "$1" && [[ $REPLY != - ]] &&
	((10#${REPLY/./} <= $2 && 10#${REPLY/./} > $3)) ||
		fail "$1 is not in $3 to $2 ms: $LINE"
}

# SYN-ACKs after 1, 2 s; given up 4 s after the last
request()
{
	setting s tcp_synack_retries 2 && listening "$1" || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	see s dst_state=SYN_RECEIVED dst_syns=1 src_syns=- src_syn_left=- &&
	at_most dst_syn_next 1100 0 && at_most dst_syn_left 7100 5000 &&
	see s dst_syns=2 && at_most dst_syn_next 2100 0 &&
	at_most dst_syn_left 6100 4000 &&
	see s dst_syns=3 dst_syn_next=- && at_most dst_syn_left 4100 0 &&
	see r dst_syns=- dst_syn_left=- &&
	see s dst_sock=none dst_syns=- && setting s tcp_synack_retries 5
}

# TCP_SYNCNT of a client; a later kernel repeats a few in a row before
connecting()
{
	family "$1"
	tuple "$CLIENT" "$SPORT" "$NOBODY" "$PORT"
	p c connect a "$NOBODY" "$PORT" "src=$CLIENT" "sport=$SPORT" \
		syncnt=1 nonblock &&
	see c src_state=SYN_SENT src_syns=1 dst_syns=- &&
	at_most src_syn_next 1100 0 && at_most src_syn_left 3100 1000 &&
	see c src_syns=2 && at_most src_syn_left 2100 0 &&
	see c src_sock=none src_syns=-
}

user_timeout()
{
	family 4
	tuple "$CLIENT" "$SPORT" "$NOBODY" "$PORT"
	p c connect a "$NOBODY" "$PORT" "src=$CLIENT" "sport=$SPORT" \
		user_timeout=1500 nonblock &&
	see c src_state=SYN_SENT src_syns=1 &&
	at_most src_syn_left 1600 500 && see c src_sock=none
}

# Deferred: no more SYN-ACKs until the last period, but one is still awaited
deferred_request()
{
	listening 4 defer_accept=5 && dial &&
	see s dst_sock=SYN_RECEIVED differs=dst_defer_accept dst_syns=1 &&
	at_most dst_syn_next 7100 2000
}

# What tcptrackctl says is what /proc does, field by field; and it says whose
# socket it is.
client()
{
	local json

	type -P tcptrackctl >/dev/null || skip "no tcptrackctl" || return
	listening 4 backlog=1 syncnt=3 defer_accept=5 &&
	p c connect a "$SERVER" "$PORT" && p c send a 1 &&
	heard accept_queue=1 open=1 &&
	json=$(tcptrackctl -n "${NS[s]}" -j listener list port "$PORT") &&
	json=${json#*\{} json=${json%%,\"netns\"*} json=${json//null/-} || return
	json=${json//\"/} json=${json//,/ } json=${json//:/=}
	[[ $json == "$LINE" ]] || fail "$json" "/proc: $LINE" || return
	json=$(tcptrackctl -n "${NS[s]}" -P listener list port "$PORT") &&
	[[ $json == *"1      1 $SERVER:$PORT "*"process tct_peer pid $AGENT "* ]] ||
		fail "$json"
}

for v in 4 6; do
	t "nobody accepts, IPv$v" quiet $v
	t "the accept queue is full, IPv$v" overflow $v
	t "clients that do not answer, IPv$v" slow $v
	t "no syncookies, IPv$v" cookies_off $v
	t "syncookies when the queue is full, IPv$v" cookies_on_overflow $v
	t "syncookies always, IPv$v" cookies_always $v
	t "TCP_DEFER_ACCEPT, IPv$v" deferred $v
	t "SO_REUSEPORT, member by member, IPv$v" reuseport $v
	t "bound to any address, IPv$v" wildcard $v
done
t "how far a request is" request 4
t "how far a connect() is" connecting 6
t "limited by somaxconn" somaxconn
t "tcp_abort_on_overflow" abort_on_overflow
t "TCP_SYNCNT, Fast Open, a device" options
t "IPv4 and IPv6 at one listener" dual
t "IPv4-mapped" mapped
t "TCP_USER_TIMEOUT of a connect()" user_timeout
t "how far a deferred request is" deferred_request
t "tracking is off" untracked
t "a namespace shows its own" own_only
t "a group longer than a batch" many
t "tcptrackctl" client
tct_run
