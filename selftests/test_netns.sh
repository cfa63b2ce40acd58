#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Network namespaces: apart, off until turned on, and gone without a trace.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

FLOWS=/proc/self/net/tcptrack

# another NAME: one more namespace, with loopback alone and tracking off.
another()
{
	local full=tct-$1-$$

	ip -batch - <<-EOT &&
		netns add $full
		link add name tct$1$$ type veth peer name mark netns $full
	EOT
	ip -n "$full" link set lo up && adopt "$1" "$full"
}

# forget NAME: gone by name, and not held by the agent any more.
forget()
{
	p "$1" leave && ip netns del "${NS[$1]}"
}

device_gone()
{
	[[ ! -e /sys/class/net/tct$1$$ ]]
}

# really_gone NAME: the last reference has been dropped.
really_gone()
{
	busywait device_gone "$1" || fail "namespace $1 lives on" || return
	unset "NS[$1]" "TABLE[$1]"
}

# local_connection NS: from there to itself, sockets NS-a, NS-b.
local_connection()
{
	tuple 127.0.0.1 40000 127.0.0.1 4000
	p "$1" listen "$1-l" 127.0.0.1 4000 8 &&
	p "$1" connect "$1-a" 127.0.0.1 4000 src=127.0.0.1 sport=40000 &&
	p "$1" accept "$1-l" "$1-b"
}

# The same tuple in two namespaces is two flows.
apart()
{
	local before

	counter r flows_created && before=$REPLY &&
	local_connection c && local_connection s && p c send c-a 100 &&
	p c recv c-b 100 && p s shutdown s-a wr &&
	see c src_state=ESTABLISHED dst_state=ESTABLISHED src_bytes=100 &&
	see s src_state=FIN_WAIT_2 dst_state=CLOSE_WAIT src_bytes=0 &&
	none r && none - && counter_reaches r flows_created "$before"
}

off_by_default()
{
	another x && p x read /proc/sys/net/tcptrack/enabled &&
	[[ $REPLY == 0 ]] || fail "enabled: $REPLY" || return
	local_connection x && none x && sum x enabled && [[ $REPLY == 0 ]] &&
	sum x buckets && [[ $REPLY == 0 ]] ||
		fail "not off: $REPLY" || return
	counter_reaches x packets_tracked 0 && header_only x &&
	ctl x enabled 1 && p x send x-a 10 &&
	see x flag=pickup src_state=ESTABLISHED &&
	p - closeall && forget x && really_gone x
}

header_only()
{
	p "$1" dump "$FLOWS" 4096 && value lines && [[ $REPLY == 0 ]] ||
		fail "$REPLY flows"
}

# Turned off, a namespace has no flows, and its connections go on.
turned_off()
{
	connection 4 && agree ESTABLISHED ESTABLISHED &&
	ctl r enabled 0 && header_only r &&
	p r read /proc/sys/net/tcptrack/count && [[ $REPLY == 0 ]] ||
		fail "count: $REPLY" || return
	p c send a 1000 && p s recv b 1000 && none r &&
	see s src_bytes=1000 && ctl r enabled 1 &&
	p c info a && value retrans && [[ $REPLY == 0 ]]
}

# Asking for what is so already keeps the flows.
turned_on_twice()
{
	connection 4 && p c send a 10 && p s recv b 10 && ctl r enabled 1 &&
	see r src_bytes=10 noflag=pickup
}

# With flows of every kind in it, sockets open, timers running.
destroyed()
{
	another x && ctl x enabled 1 && local_connection x &&
	see x src_state=ESTABLISHED && family 4 &&
	p x serve "x-$PORT" 127.0.0.1 "$PORT" &&
	p x hold crowd 127.0.0.1 "$PORT" 20 &&
	p x flood syns 500 src=127.0.0.9 dst=127.0.0.1 "dport=$PORT" \
		sport=1000 && p x wait syns &&
	sum x flows && ((REPLY >= 21)) || fail "flows: $REPLY" || return
	forget x && p - closeall && p - release crowd abort &&
	p - stop "x-$PORT" && really_gone x
}

# While its table is open and half read. What is left of it is an error, or
# the end.
destroyed_while_read()
{
	another x && ctl x enabled 1 && family 4 &&
	p x flood syns 300 src=127.0.0.9 dst=127.0.0.1 "dport=$PORT" \
		sport=1000 && p x wait syns && p x fopen f "$FLOWS" &&
	p x fread f 100 && forget x && really_gone x || return
	if peer - fread f 60000; then
		((REPLY == 0)) || fail "still $REPLY bytes"
	fi
	p - fclose f
}

# A few at once, with tracking on.
many()
{
	local i

	for i in 1 2 3 4 5; do
		another "x$i" && ctl "x$i" enabled 1 &&
		local_connection "x$i" && see "x$i" src_state=ESTABLISHED ||
			return
	done
	p - closeall || return
	for i in 1 2 3 4 5; do
		forget "x$i" || return
	done
	for i in 1 2 3 4 5; do
		really_gone "x$i" || return
	done
}

t "flows of two namespaces are apart" apart
t "off by default, and then on" off_by_default
t "turned off with flows in it" turned_off
t "turned on when it is on" turned_on_twice
t "destroyed with flows in it" destroyed
t "destroyed while its table is read" destroyed_while_read
t "several at once" many
tct_run
