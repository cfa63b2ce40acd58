#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A handshake that loses a segment. Where the loss is behind a namespace's
# hook, its view is of what was sent; where it is before, of what was not
# seen. A stack repeats a SYN or SYN-ACK after a second, so the scenes are all
# begun at once, in set_up, and the cases come to them one by one, in the
# order of time.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

declare -A SCENE

# scene NAME [listener's options]: the listener NAME-l, for a connection that
# is to be begun with socket NAME-a.
scene()
{
	NAME=$1-
	listening 4 "${@:2}" && SCENE[$1]="$SPORT $PORT"
}

# play NAME: the checks are about it from now on.
play()
{
	read -r SPORT PORT <<<"${SCENE[$1]}"
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
}

port_of()
{
	REPLY=${SCENE[$1]#* }
}

# All rules come before the first SYN, and those that must end together are in
# one table: a second is short.
lose()
{
	local syn synack ack silent queue

	port_of syn && syn=$REPLY && port_of synack && synack=$REPLY &&
	port_of ack && ack=$REPLY && port_of silent && silent=$REPLY &&
	port_of queue && queue=$REPLY &&
	# the first ACK only, which is of 52 bytes
	drop s:late "tcp dport $ack tcp flags & syn == 0" \
		"tcp dport $silent tcp flags & syn == 0 quota until 60 bytes" &&
	drop s:early "tcp dport $syn" &&
	drop c:early "tcp sport $synack" \
		"tcp sport $queue tcp dport ${SCENE[queue]% *}"
}

set_up()
{
	local name

	set_up_network && scene syn && scene synack && scene ack &&
	scene silent && scene queue backlog=0 && lose || return
	for name in queue syn synack ack silent; do
		play "$name"
		NAME=$name-
		dial nonblock || return
	done
	play queue
	# the first SYN has come by, this takes the only place
	sockets SYN_SENT SYN_RECEIVED && p c connect filler "$SERVER" "$PORT"
}

# Sockets and rules stay for the cases that follow.
after_case()
{
	:
}

syn_unanswered()
{
	play syn
	agree SYN_SENT CLOSED c r &&
	see c class=half_open flag=unanswered && none s
}

synack_unanswered()
{
	play synack
	sockets SYN_SENT SYN_RECEIVED &&
	see r src_state=SYN_SENT dst_state=SYN_RECEIVED class=half_open \
		noflag=unanswered &&
	see s src_state=SYN_SENT dst_state=SYN_RECEIVED class=half_open &&
	see c src_state=SYN_SENT dst_state=CLOSED flag=unanswered
}

# The server speaks, that no SYN-ACK which crossed the ACK leaves doubts.
recovers()
{
	local name

	undrop c:early s:early || return
	for name in syn synack; do
		play "$name"
		p c finish "$name-a" && p s accept "$name-l" "$name-b" &&
		p s send "$name-b" 10 && p c recv "$name-a" 10 &&
		agree ESTABLISHED ESTABLISHED &&
		see r class=established || return
	done
}

# Delivered as far as client and router can tell, until the server asks again.
ack_lost()
{
	play ack
	sockets ESTABLISHED SYN_RECEIVED &&
	see s src_state=SYN_SENT dst_state=SYN_RECEIVED class=half_open &&
	agree ESTABLISHED SYN_RECEIVED c r &&
	see r class=half_open flag=accept_wait reason=synack_again
}

# The ACK arrives, and has no effect: every view shows the server waiting.
queue_full()
{
	play queue
	agree ESTABLISHED SYN_RECEIVED &&
	see s class=half_open flag=accept_wait &&
	p s accept queue-l filled && p c send queue-a 100 &&
	p s accept queue-l queue-b && p s recv queue-b 100 &&
	agree ESTABLISHED ESTABLISHED &&
	see r class=established noflag=accept_wait
}

ack_recovers()
{
	undrop s:late
	play ack
	p c send ack-a 10 && p s accept ack-l ack-b && p s recv ack-b 10 &&
	agree ESTABLISHED ESTABLISHED && see r noflag=accept_wait
}

# The server has nothing to say. That it does not ask a third time is answer
# enough.
silence()
{
	play silent
	agree ESTABLISHED ESTABLISHED &&
	see r class=established reason=silence noflag=accept_wait
}

t "SYN lost: SYN_SENT, CLOSED" syn_unanswered
t "SYN-ACK lost: SYN_SENT, SYN_RECEIVED" synack_unanswered
t "SYN or SYN-ACK repeated: ESTABLISHED" recovers
t "last ACK lost: ESTABLISHED, SYN_RECEIVED" ack_lost
t "accept queue full: the server stays SYN_RECEIVED" queue_full
t "last ACK repeated with data: ESTABLISHED" ack_recovers
t "last ACK repeated and the server is silent: ESTABLISHED" silence
tct_run
