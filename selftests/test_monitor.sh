#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What tcptrackctl makes of events: monitor, flow watch, and what they say of
# those that were lost; and top, which is for people, in a pipe.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

FLOOD=2000
STALLED=() FILTERED='' FLOODED=''

# --- programs that go on ----------------------------------------------------

# start NS ARGUMENT...: sets PID; what it prints goes to $DIR/out and $DIR/err.
start()
{
	local in=()

	[[ $1 == - ]] || in=(-n "${NS[$1]}")
	: >"$DIR/out" && : >"$DIR/err" || return
	tcptrackctl "${in[@]}" "${@:2}" >"$DIR/out" 2>"$DIR/err" </dev/null &
	PID=$!
	STALLED+=("$PID")
}

printed()
{
	grep -q -- "$1" "$DIR/out"
}

# says TEXT: sooner or later a line is like that.
says()
{
	busywait printed "$1" || fail "no '$1' in:" "$(<"$DIR/out")" \
		"and: $(<"$DIR/err")"
}

# ready: it listens now. Of JSON the first line says so; of text the marker,
# which is a flow that is there.
ready()
{
	says '"event":"sync"\| flow '
}

# Nobody need have waited for it
ended()
{
	local stat=''

	{ read -r stat <"/proc/$PID/stat"; } 2>/dev/null
	[[ -z $stat || $stat == *') Z '* ]]
}

# finish [SIGNAL]: it ends well by itself, or by this.
finish()
{
	local status=0

	[[ -z ${1:-} ]] || kill "-$1" "$PID" || return
	busywait ended || fail "it goes on:" "$(<"$DIR/out")" || return
	wait "$PID" || status=$?
	STALLED=()
	((status == 0)) || fail "status $status: $(<"$DIR/err")"
}

# account: sets SHOWN, RECEIVED, LOST and GENERATED.
account()
{
	local line

	line=$(tail -n 1 "$DIR/err")
	[[ $line =~ ^shown\ ([0-9]+)\ received\ ([0-9]+)\ lost\ ([0-9]+)\ \
generated\ ([0-9]+)$ ]] || fail "no account: $line" || return
	SHOWN=${BASH_REMATCH[1]} RECEIVED=${BASH_REMATCH[2]}
	LOST=${BASH_REMATCH[3]} GENERATED=${BASH_REMATCH[4]}
	((RECEIVED + LOST == GENERATED)) || fail "it does not add up: $line"
}

# counts RE: sets REPLY to the number of lines like that.
counts()
{
	REPLY=$(grep -c -- "$1" "$DIR/out") || :
}

after_case()
{
	local pid

	for pid in "${STALLED[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	STALLED=()
	[[ -z $FILTERED ]] || all_events || return
	# who reads the table later need not read all of these
	[[ -z $FLOODED ]] || tcptrackctl -n "${NS[r]}" flow flush \
		dport "$FLOODED" >/dev/null || return
	FLOODED=''
	undrop "${DROPS[@]}"
	p - closeall
}

set_up()
{
	DIR=$(mktemp -d) &&
	set_up_network
}

take_down()
{
	take_down_network || return
	rm -rf "$DIR"
}

# marker 4|6: a flow that is there before anything begins; then, that family.
marker()
{
	family 4
	MARKER=$PORT
	p r flood syns 1 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" sport=900 &&
	p r wait syns && family "$1"
}

# flood N: so many new flows, all at once.
flood()
{
	PORT=$((PORT + 1)) FLOODED=$PORT
	p r flood syns "$1" "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=1000 && p r wait syns
}

tuple_of()
{
	local src=${T[0]} dst=${T[2]}

	[[ $src != *:* ]] || src="[$src]" dst="[$dst]"
	TUPLE=(src "$src:${T[1]}" dst "$dst:${T[3]}")
	FLOW="$src:${T[1]} \+$dst:${T[3]} \+"
	FLOW=${FLOW//[/\\[}
}

# --- events as they come ----------------------------------------------------

# life: of a connection, from its SYN until its record is deleted.
life()
{
	p c close a && agree FIN_WAIT_2 CLOSE_WAIT && p s close b &&
	see r src_state=TIME_WAIT &&
	tcptrackctl -n "${NS[r]}" flow delete "${TUPLE[@]}"
}

# Each line after the other, as they come into a pipe
monitored()
{
	marker "$1" && start r monitor list dport "$MARKER" or \
		dport "$((PORT + 1))" && ready &&
	connection "$1" && tuple_of && life || return
	local states='[A-Z_0-9]*/[A-Z_0-9]*'

	says " new \+${FLOW}SYN_SENT/CLOSED \+syn$" &&
	says " change ${FLOW}SYN_SENT/CLOSED -> SYN_SENT/SYN_RECEIVED synack$" &&
	says " change $FLOW$states -> ESTABLISHED/ESTABLISHED ack$" &&
	says " change $FLOW$states -> FIN_WAIT_2/CLOSE_WAIT \+fin_ack$" &&
	says " end \+${FLOW}TIME_WAIT/CLOSED \+deleted end fin_src src packets" &&
	finish INT && account && counts " new " && ((LOST == 0)) &&
	((SHOWN >= 6 && REPLY == 1)) || fail "$(<"$DIR/out")"
}

monitored_as_json()
{
	family "$1"
	start r -j monitor dport "$((PORT + 1))" && ready &&
	connection "$1" && tuple_of && life &&
	says '"event":"end".*"removal":"deleted"' && finish TERM &&
	account && ((LOST == 0)) || return
	local line order=''

	while read -r line; do
		[[ $line =~ ^\{\"event\":\"([a-z]+)\",\"time\":([0-9]+)\. ]] ||
			fail "$line" || return
		((BASH_REMATCH[2] <= EPOCHSECONDS &&
		  BASH_REMATCH[2] > EPOCHSECONDS - 600)) ||
			fail "that was not now: $line" || return
		order+=${BASH_REMATCH[1]:0:1}
	done <"$DIR/out"
	[[ $order =~ ^snc+es$ ]] || fail "$order:" "$(<"$DIR/out")" || return
	line=$(grep '"event":"end"' "$DIR/out")
	[[ $line == *'"flow":{"family":"ipv'"$1"'",'*'"end":"fin_src"'* &&
	   $line == *'"conn_state":"SF"'*'"history":['* ]] || fail "$line"
}

# Those of one topic, and so many of them
some()
{
	marker 4 && start r monitor list new count 5 dport "$((PORT + 1))" \
		or dport "$MARKER" && ready && flood 20 && finish && account &&
	counts " new " && ((SHOWN == 5 && REPLY == 5 && RECEIVED >= 5)) ||
		fail "$(<"$DIR/out")"
}

every_namespace()
{
	local ns

	family 4
	start - -a -j monitor dport "$((PORT + 1))" && ready &&
	connection 4 && tuple_of && agree ESTABLISHED ESTABLISHED || return
	for ns in c r s; do
		says '"event":"new".*"netns_name":"'"${NS[$ns]}\"" &&
		says '"dst_state":"ESTABLISHED".*"netns_name":"'"${NS[$ns]}\"" ||
			return
	done
	finish INT && account && ((LOST == 0)) &&
	start - -a monitor list dport "$PORT" && ready && p c close a &&
	says " change \+$FLOW" && finish INT && account
}

all_events()
{
	FILTERED=''
	tcptrackctl -n "${NS[r]}" config set event_filter all
}

# What is suppressed is not lost
filtered()
{
	FILTERED=1
	marker 4 && tcptrackctl -n "${NS[r]}" config set event_filter \
		dport "$MARKER" sport '>=' 2000 || return
	[[ $(tcptrackctl -n "${NS[r]}" config show) == \
		*"event_filter         sport >= 2000 dport $MARKER"* ]] ||
		fail "$(tcptrackctl -n "${NS[r]}" config show)" || return
	start r monitor list new dport "$MARKER" && ready && flood 50 &&
	p r flood syns 7 "src=$GHOST" "dst=$NOBODY" "dport=$MARKER" \
		sport=1998 && p r wait syns &&
	says ":2004 " && finish INT && account &&
	((RECEIVED == 5 && GENERATED == 5)) ||
		fail "$(<"$DIR/err")" "$(<"$DIR/out")" || return
	all_events && [[ $(tcptrackctl -n "${NS[r]}" config show) == \
		*'event_filter         all'* ]] || fail "it is still there"
}

# --- losses -----------------------------------------------------------------

# lossy ARGUMENT...: a reader with little room, that does not read while there
# is a flood.
lossy()
{
	marker 4 && start r -rc 4096 "$@" monitor new && busywait joined &&
	counter r flows_created && BEFORE=$REPLY &&
	kill -STOP "$PID" && flood "$FLOOD"
}

# joined: it gets events; one flow more each time one looks.
joined()
{
	PROBE=$((${PROBE:-20000} + 1))
	p r flood syns 1 "src=$GHOST" "dst=$NOBODY" "dport=$MARKER" \
		"sport=$PROBE" && p r wait syns && [[ -s $DIR/out ]]
}

# all_told: each event was printed, or was in a line that says how many were
# not; and there were as many as flows.
all_told()
{
	local lost

	account && counts '\( new \|"event":"new"\)' &&
	((REPLY == RECEIVED && LOST > 0)) ||
		fail "$REPLY lines: $(<"$DIR/err")" || return
	lost=$(sed -n 's/.* lost  *\([0-9]*\) events.*/\1/p
		s/^{"event":"lost".*"lost":\([0-9]*\),.*/\1/p' "$DIR/out" |
		awk '{ n += $1 } END { print n + 0 }')
	((lost == LOST)) || fail "$lost were said to be lost, not $LOST" ||
		return
	say "$(<"$DIR/err")"
	counter r flows_created && REPLY=$((REPLY - BEFORE)) || return
	# what was there before the count began is heard, too
	((GENERATED >= REPLY && GENERATED - REPLY <= PROBE - 20000)) ||
		fail "$REPLY flows were made"
}

# It goes on afterwards, and says so
stalled_reader()
{
	PROBE=20000
	lossy "$@" && kill -CONT "$PID" &&
	says '\( sync \|^{"event":"sync".*\)' && family 4 && puppets 4 half_open &&
	says ":${T[3]}\>\|\"dport\":${T[3]}," &&
	finish TERM && all_told
}

# At the very end nothing comes that a gap could be seen by
tail_is_lost()
{
	PROBE=20000
	lossy && kill -TERM "$PID" && finish CONT && all_told
}

# A large buffer, and a reader that does read, lose nothing
nothing_is_lost()
{
	marker 4 && start r monitor list new dport "$MARKER" or \
		dport "$((PORT + 1))" && ready && flood "$FLOOD" &&
	finish INT && account && ((LOST == 0)) ||
		fail "$(<"$DIR/err")" || return
	counts " new " && ((REPLY == SHOWN && SHOWN == FLOOD)) ||
		fail "$REPLY of $FLOOD"
}

# --- flow watch -------------------------------------------------------------

# Until it ends, and no longer; named from its other end
watched()
{
	connection "$1" && agree ESTABLISHED ESTABLISHED && tuple_of &&
	start r flow watch src "${TUPLE[3]}" dst "${TUPLE[1]}" &&
	says " flow \+${FLOW}ESTABLISHED/ESTABLISHED \+ack$" && life &&
	finish && account && counts "$FLOW" &&
	((REPLY == SHOWN + 1 && LOST == 0)) &&
	printed " end \+$FLOW" || fail "$(<"$DIR/out")"
}

# Flows that have matched once, whatever becomes of them
watched_by_state()
{
	connection 4 && agree ESTABLISHED ESTABLISHED && tuple_of &&
	start r flow watch "src-state established dport $PORT" &&
	says " flow \+$FLOW" && life && says " end \+$FLOW" &&
	finish INT
}

# --- top --------------------------------------------------------------------

top_in_a_pipe()
{
	local out

	marker 4 && flood 30 && connection 4 && tuple_of &&
	p c send a 1000 && p s recv b 1000 && see r src_bytes=1000 &&
	out=$(tcptrackctl -n "${NS[r]}" top batch count 2 interval 100ms \
		limit 5 sort rate dport "$PORT" or dport "$((PORT - 1))") ||
		fail "$out" || return
	[[ $(grep -c '^SRC ' <<<"$out") == 2 &&
	   $(grep -c ' 31 match' <<<"$out") == 2 &&
	   $(grep -c '^10\.' <<<"$out") == 10 ]] || fail "$out" || return
	[[ $(grep -m1 '^10\.' <<<"$out") == "${T[0]}:${T[1]} "*ESTABLISHED* ]] ||
		fail "$out"
}

# --- refusals ---------------------------------------------------------------

who_may_listen()
{
	local args

	su -s /bin/sh nobody -c true 2>/dev/null ||
		skip "no su to nobody" || return
	for args in 'monitor' 'flow watch all' 'top'; do
		ERR=$(ip netns exec "${NS[r]}" su -s /bin/sh nobody -c \
			"exec tcptrackctl $args" 2>&1 >/dev/null </dev/null |
			grep -v ^shown)
		[[ $ERR == tcptrackctl:*': run as root' ]] ||
			fail "$args: $ERR" || return
	done
	ERR=$(tcptrackctl -n "${NS[r]}" -a monitor 2>&1 >/dev/null) && return 1
	[[ $ERR == *'only from the initial network namespace'* ]] || fail "$ERR"
}

# Its groups go with it: nothing would come any more
unloaded()
{
	local status=0

	[[ -n ${TCT_KO:-} ]] || skip "the module is installed" || return
	start r -j monitor && ready && rmmod tcptrack || return
	busywait ended || fail "it goes on"
	wait "$PID" || status=$?
	insmod "$TCT_KO" && enable c r s &&
	[[ $status == 2 && $(<"$DIR/err") == *'the module was unloaded'* ]] ||
		fail "status $status: $(<"$DIR/err")"
}

t "a connection's life, IPv4" monitored 4
t "a connection's life, IPv6" monitored 6
t "a connection's life in JSON, IPv4" monitored_as_json 4
t "a connection's life in JSON, IPv6" monitored_as_json 6
t "one topic, and so many" some
t "every namespace" every_namespace
t "a filter in the kernel" filtered
t "a reader that reads loses nothing" nothing_is_lost
t "a reader that stalls is told how many it has lost" stalled_reader
t "the same in JSON" stalled_reader -j
t "it is told also of the last ones" tail_is_lost
t "a flow is watched until it ends, IPv4" watched 4
t "a flow is watched until it ends, IPv6" watched 6
t "flows are watched that once were established" watched_by_state
t "top in a pipe" top_in_a_pipe
t "who may listen" who_may_listen
t "the module is unloaded" unloaded
type -P tcptrackctl >/dev/null || skip_all "tcptrackctl is not there"
tct_run
