#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# tcptrackctl against the module: what it shows is what the files in /proc show,
# what it changes is changed, and what the kernel refuses it says.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# The fields of a line that do not change while nothing happens
TIMES='src_since|dst_since|age|idle|timeout|ago'

# --- how it is called -------------------------------------------------------

# run NS ARGUMENT...: sets OUT, ERR and STATUS.
run()
{
	local in=() line

	[[ $1 == - ]] || in=(-n "${NS[$1]}")
	OUT=$(tcptrackctl "${in[@]}" "${@:2}" 2>&"$COMPLAINTS")
	STATUS=$?
	ERR=''
	while read -rt 0 <&"$COMPLAINTS"; do
		IFS= read -r line <&"$COMPLAINTS"
		ERR+=${ERR:+$'\n'}$line
	done
}

# ok NS ARGUMENT...: it goes well, and complains of nothing.
ok()
{
	run "$@"
	[[ $STATUS == 0 && -z $ERR ]] ||
		fail "tcptrackctl ${*:2}: status $STATUS: $ERR"
}

# no STATUS TEXT NS ARGUMENT...: it fails like that, in one sentence.
no()
{
	run "${@:3}"
	[[ $STATUS == "$1" && $ERR == *"$2"* && $ERR != *$'\n'* ]] ||
		fail "tcptrackctl ${*:4}: status $STATUS, not $1: $ERR"
}

lines()
{
	local all=()

	[[ -z $OUT ]] || mapfile -t all <<<"$OUT"
	REPLY=${#all[@]}
}

# counted N NS FILTER...: so many flows match.
counted()
{
	ok "$2" -br flow list "${@:3}" && lines && [[ $REPLY == "$1" ]] ||
		fail "$REPLY flows match ${*:3}, not $1"
}

# tuple_of: how the flow of the case is named
tuple_of()
{
	local src=${T[0]} dst=${T[2]}

	[[ $src != *:* ]] || src="[$src]" dst="[$dst]"
	TUPLE=(src "$src:${T[1]}" dst "$dst:${T[3]}")
}

# as_line: an object of JSON as a line of /proc, times left out.
as_line()
{
	sed -E 's/^\[?\{//; s/\}[],]*$//; s/,"netns":.*//
		s/\{"reason":"([a-z_]+)","src_state":"([A-Z_0-9]+)",/\1:\2/g
		s/"dst_state":"([A-Z_0-9]+)","ago":[0-9.]+\}/\/\1/g
		s/"([a-z_]+)":\[\]/"\1":-/g
		s/:\[([^]]*)\]/:\n\1\n/g' <<<"$1" |
		sed -E 'n; s/,/;/g' | tr -d '\n' |
		sed -E 's/,"/ /g; s/":/=/g; s/"//g; s/;/,/g
			s/=null/=-/g' |
		sed -E "s/ ($TIMES)=[0-9.]+//g"
}

proc_line()
{
	sed -E "s/ ($TIMES)=[0-9.]+//g; s/@[0-9.]+//g" <<<"$1"
}

set_up()
{
	exec {COMPLAINTS}<> <(:) && set_up_network
}

# --- flows ------------------------------------------------------------------

listed()
{
	connection "$1" && agree ESTABLISHED ESTABLISHED && tuple_of &&
	ok r flow list "${TUPLE[@]}" && lines && [[ $REPLY == 2 ]] ||
		fail "$REPLY lines: $OUT" || return
	[[ $OUT == SRC*"${TUPLE[1]}"*ESTABLISHED*"${TUPLE[3]}"*ESTABLISHED* ]] ||
		fail "$OUT"
}

# Field by field, in the order of the line.
same_as_proc()
{
	local line

	connection "$1" && p c send a 1000 && p s recv b 1000 &&
	p c shutdown a wr && agree FIN_WAIT_2 CLOSE_WAIT && tuple_of &&
	flow c && ok c -j flow get "${TUPLE[@]}" && line=$(as_line "$OUT") &&
	[[ $line == "$(proc_line "$LINE")" ]] ||
		fail "$line" "/proc: $(proc_line "$LINE")" || return
	# from its other end, and with all of the others
	ok c -j flow get src "${TUPLE[3]}" dst "${TUPLE[1]}" &&
	[[ $(as_line "$OUT") == "$line" ]] &&
	ok c -j -d flow list "${TUPLE[@]}" && [[ $(as_line "$OUT") == "$line" ]]
}

# Half-open ones, three hundred, in a table that grows.
each_once()
{
	family 4
	p r flood syns 300 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" sport=1000 &&
	p r wait syns && ok r -br flow list dport "$PORT" && lines &&
	[[ $REPLY == 300 ]] || fail "$REPLY flows" || return
	[[ $(sort -u <<<"$OUT" | wc -l) == 300 ]] || fail "some are there twice"
}

# What the kernel can tell, and the same in words that it does not know.
filters()
{
	family 4
	p r flood syns 50 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" sport=2000 &&
	p r wait syns && puppets 4 established && puppets 6 half_closed || return
	local src=${T[0]} here="dport $PORT or dport $((PORT - 1))"

	counted 50 r "dport $((PORT - 2))" &&
	counted 20 r "dport $((PORT - 2)) sport >= 2010 sport < 2030" &&
	counted 20 r "not not dport $((PORT - 2)) !(sport < 2010) sport lt 2030" &&
	counted 50 r "dport $((PORT - 2)) state syn-sent" &&
	counted 0 r "dport $((PORT - 2)) exclude syn-sent" &&
	counted 50 r "dport $((PORT - 2)) flag unanswered age >= 0 idle < 1d" &&
	counted 2 r "$here" && counted 1 r "($here) class half-closed" &&
	counted 1 r "src $src dport $PORT" &&
	counted 1 r "src fd00::/16 dport $PORT host $src" &&
	counted 0 r "src 10.0.0.0/8 dport $PORT" &&
	ok r -4 -br flow list "$here" && lines && [[ $REPLY == 1 ]] ||
		fail "$REPLY of IPv4"
}

limited()
{
	family 4
	p r flood syns 50 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" sport=3000 &&
	p r wait syns && counted 7 r limit 7 "dport $PORT" &&
	counted 7 r limit 7 "dport $PORT or dport $PORT" &&
	counted 50 r limit 51 "dport $PORT"
}

# From the table only: the connection goes on, and is picked up.
deleted()
{
	connection "$1" && agree ESTABLISHED ESTABLISHED && tuple_of &&
	ok r flow delete "${TUPLE[@]}" && [[ -z $OUT ]] && none r &&
	no 2 'there is no such flow' r flow delete "${TUPLE[@]}" &&
	no 2 'there is no such flow' r flow get "${TUPLE[@]}" &&
	p c send a 100 && p s recv b 100 && see r flag=pickup src_bytes=100
}

flushed()
{
	family 4
	p r flood syns 40 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" sport=4000 &&
	p r wait syns && puppets 4 established &&
	ok r flow flush state syn-sent "sport > 4009" dport "$((PORT - 1))" &&
	[[ $OUT == 'deleted 30' ]] || fail "$OUT" || return
	counted 10 r dport "$((PORT - 1))" && see r class=established &&
	ok r -j flow flush dport "$((PORT - 1))" &&
	[[ $OUT == '[{"deleted":10}]' ]] || fail "$OUT" || return
	see r class=established &&
	no 1 'in several steps' r flow flush sport 1 or sport 2 &&
	no 1 "needs a FILTER, or 'all'" r flow flush && see r class=established
}

# Those of the end that has the socket.
processes()
{
	connection 4 && tuple_of && ok c -P flow list "${TUPLE[@]}" &&
	[[ $OUT == *"src process tct_peer pid $AGENT fd "* &&
	   $OUT != *'dst process'* ]] || fail "$OUT" || return
	ok s -P -j flow list "${TUPLE[@]}" &&
	[[ $OUT == *'"src_processes":[],"dst_processes":[{"name":"tct_peer"'* ]] ||
		fail "$OUT"
}

# tct_peer's threads are in all of them; the router has no socket. A process in
# a namespace is found there, not a thread: so one is put there.
processes_everywhere()
{
	local ns pids=()

	connection 4 && agree ESTABLISHED ESTABLISHED && tuple_of || return
	for ns in c r s; do
		ip netns exec "${NS[$ns]}" cat <&"$IDLE" &
		pids+=($!)
	done
	busywait entered "${pids[@]}" && ok - -a -P -j flow list "${TUPLE[@]}"
	kill "${pids[@]}" && wait "${pids[@]}" 2>/dev/null
	lines && [[ $REPLY == 5 || $REPLY == 3 ]] || fail "$OUT" || return
	[[ $(grep -c '"src_processes":\[{"name":"tct_peer"' <<<"$OUT") == 1 &&
	   $(grep -c '"dst_processes":\[{"name":"tct_peer"' <<<"$OUT") == 1 &&
	   $(grep '"src_processes":\[{' <<<"$OUT") == *"${NS[c]}"* &&
	   $(grep '"dst_processes":\[{' <<<"$OUT") == *"${NS[s]}"* ]] ||
		fail "$OUT"
}

# entered PID...: each is in a namespace of its own.
entered()
{
	local pid here

	here=$(readlink /proc/self/ns/net)
	for pid; do
		[[ $(readlink "/proc/$pid/ns/net") != "$here" ]] || return
	done
}

every_namespace()
{
	local ns

	connection 4 && agree ESTABLISHED ESTABLISHED && tuple_of &&
	ok - -a -br flow list "${TUPLE[@]}" && lines && [[ $REPLY == 3 ]] ||
		fail "$OUT" || return
	for ns in c r s; do
		[[ $OUT == *"${NS[$ns]} "* ]] || fail "none of $ns: $OUT" ||
			return
	done
	ok - -a -j summary && for ns in c r s; do
		[[ $OUT == *"\"netns_name\":\"${NS[$ns]}\""* ]] ||
			fail "none of $ns: $OUT" || return
	done
	no 2 'only from the initial network namespace' r -a flow list
}

# --- sums and settings ------------------------------------------------------

# sums_of FILE ARGUMENT...: what the program shows of r is what the file does,
# as soon as nothing changes between the two.
sums_of()
{
	busywait same_sums "$@" || fail "$SHOWN" "but $1:" "$WANT"
}

same_sums()
{
	ok r "${@:2}" && WANT=$(sed -n '/^[a-z_]*=[0-9]*$/s/=/ /p' "$1") ||
		return
	SHOWN=$(sed -E 's/  +/ /; /^[A-Z]/d' <<<"$OUT")
	[[ $SHOWN == "$WANT" ]]
}

summary()
{
	puppets 4 established && puppets 4 half_closed &&
	see r class=half_closed &&
	sums_of "${TABLE[r]}/tcptrack_summary" summary &&
	[[ $OUT == *$'\nFIN_WAIT_2   CLOSE_WAIT '* ]] || fail "$OUT"
}

stats()
{
	sums_of "${TABLE[r]}/stat/tcptrack" stats
}

# setting_is NAME VALUE: in the sysctls and by the program.
setting_is()
{
	p r read "/proc/sys/net/tcptrack/$1" && [[ $REPLY == "$2" ]] ||
		fail "$1 is $REPLY, not $2" || return
	ok r config && [[ $(awk -v name="$1" '$1 == name { print $2 }' \
		<<<"$OUT") == "$2" ]] || fail "$OUT"
}

settings()
{
	ok r config set max 5000 timeout-closed 7s keep_detail on &&
	setting_is max 5000 && setting_is timeout_closed 7 &&
	setting_is keep_detail 1 &&
	ok r config set timeout_closed 10 keep_detail off &&
	setting_is timeout_closed 10 && setting_is keep_detail 0
}

all_or_nothing()
{
	ok r config set max 5000 &&
	no 2 'timeout_closed: must be seconds' r config set max 6000 \
		timeout_closed 0 && setting_is max 5000 &&
	no 2 'max: must be a number of flows' r config set timeout_closed 5 \
		max 0 && setting_is timeout_closed 10 &&
	no 2 'enabled: must be 0 or 1' r config set enabled 2 &&
	no 2 'global_max: is set only in the initial' r config set \
		global_max 1000
}

turned_off()
{
	connection 4 && ok r config set enabled off && none r &&
	ok r flow list && [[ -z $OUT ]] && ok r -j flow list &&
	[[ $OUT == '[]' ]] && tuple_of &&
	no 2 'tracking is off' r flow get "${TUPLE[@]}" &&
	ok r config set enabled on && p c send a 1 && see r flag=pickup
}

# --- refusals ---------------------------------------------------------------

# as_nobody STATUS COMMAND: sets ERR.
as_nobody()
{
	local status=0

	ERR=$(ip netns exec "${NS[r]}" su -s /bin/sh nobody -c \
		"exec tcptrackctl $2" 2>&1 >/dev/null) || status=$?
	[[ $status == "$1" ]] || fail "$2: status $status: $ERR"
}

who_may()
{
	su -s /bin/sh nobody -c true 2>/dev/null ||
		skip "no su to nobody" || return
	local args needs='CAP_NET_ADMIN in the network namespace is needed'

	for args in 'flow list' 'flow flush all' 'config set max 1' \
		    'flow get src 1.1.1.1:1 dst 1.1.1.2:2'; do
		as_nobody 2 "$args" &&
		[[ $ERR == "tcptrackctl: $needs: run as root" ]] ||
			fail "$args: $ERR" || return
	done
	as_nobody 0 summary && as_nobody 0 stats && as_nobody 0 'config show'
}

batch()
{
	puppets 4 established && tuple_of && see r class=established || return

	local commands="# a comment
		config set max 4000
		flow list \\
			${TUPLE[*]}
		flow delete ${TUPLE[*]}"

	ok r -br -b - <<<"$commands" && lines && [[ $REPLY == 1 ]] &&
	none r && setting_is max 4000 || fail "$OUT" || return
	run r -b - <<<"$commands"
	[[ $STATUS == 2 && $ERR == *"there is no such flow"*": -:5" ]] ||
		fail "status $STATUS: $ERR"
}

# Nothing loads it by itself here, if it is not installed
not_loaded()
{
	[[ -n ${TCT_KO:-} ]] || skip "the module is installed" || return
	rmmod tcptrack || return
	no 2 "not loaded: run 'modprobe tcptrack'" - flow list
	insmod "$TCT_KO" && enable c r s && ok r flow list
}

t "a flow is listed, IPv4" listed 4
t "a flow is listed, IPv6" listed 6
t "a flow is what /proc says, IPv4" same_as_proc 4
t "a flow is what /proc says, IPv6" same_as_proc 6
t "each flow is listed once" each_once
t "filters" filters
t "no more than a limit" limited
t "one flow is deleted, IPv4" deleted 4
t "one flow is deleted, IPv6" deleted 6
t "flows are flushed by a filter" flushed
t "processes that have the socket" processes
t "processes of every namespace" processes_everywhere
t "flows of every namespace" every_namespace
t "summary" summary
t "counters" stats
t "settings" settings
t "settings, all or nothing" all_or_nothing
t "tracking is turned off" turned_off
t "who may do what" who_may
t "batch" batch
t "the module is not loaded" not_loaded
type -P tcptrackctl >/dev/null || skip_all "tcptrackctl is not there"
tct_run
