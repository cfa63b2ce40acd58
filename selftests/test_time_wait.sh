#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A tuple in TIME_WAIT, and the next connection on it.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# Closed by the server first, which is then in TIME_WAIT.
server_waits()
{
	p s close b && p c recv a eof && p c close a &&
	agree CLOSED TIME_WAIT
}

# The client's next SYN is newer by its timestamp: the server takes it.
reused_by_client()
{
	local before

	connection "$1" && server_waits &&
	counter r flows_reused && before=$REPLY &&
	dial && p s accept l b &&
	agree ESTABLISHED ESTABLISHED &&
	see r flag=reused src_packets=2 dst_packets=1 class=established &&
	see c flag=reused && see s flag=reused &&
	counter_reaches r flows_reused $((before + 1)) &&
	p c send a 100 && p s recv b 100 && see r src_bytes=100 &&
	p c abort a && agree CLOSED CLOSED
}

# The client itself is in TIME_WAIT, and may use its port again when its
# timestamp clock has moved on by a second.
redial()
{
	peer c connect a "$SERVER" "$PORT" "src=$CLIENT" "sport=$SPORT"
}

reused_by_waiter()
{
	connection 4 && p c write /proc/sys/net/ipv4/tcp_tw_reuse 1 &&
	p c close a && p s recv b eof && p s close b &&
	agree TIME_WAIT CLOSED &&
	busywait redial && p s accept l b &&
	agree ESTABLISHED ESTABLISHED && see r flag=reused
}

# The server calls back on the tuple of a connection that it closed: now it
# is the initiator, and the flow's src.
roles_swap()
{
	connection 4 && p c close a && p s recv b eof && p s close b l &&
	agree TIME_WAIT CLOSED || return
	# the client's TIME_WAIT would take the SYN: it must be listening
	p c listen m "$CLIENT" "$SPORT" 8 &&
	p s connect d "$CLIENT" "$SPORT" "src=$SERVER" "sport=$PORT" &&
	p c accept m e || return
	tuple "$SERVER" "$PORT" "$CLIENT" "$SPORT"
	ENDS=(s c)
	agree ESTABLISHED ESTABLISHED && see r flag=reused
}

# An old SYN, by its sequence number: the server answers with an ACK and
# stays. A newer one it takes.
old_syn()
{
	ghost_open 4 && p s close b && ghost_expect FA && ghost_send A &&
	ghost_send FA && ghost_expect A &&
	see r src_state=CLOSED dst_state=TIME_WAIT &&
	server_socket TIME_WAIT || return
	GSEQ=500 GACK=0
	ghost_send S mss=1400 && ghost_expect A &&
	see r dst_state=TIME_WAIT flag=challenged reason=refused_reuse &&
	see s dst_state=TIME_WAIT && server_socket TIME_WAIT &&
	GSEQ=900000 && GACK=0 && ghost_send S mss=1400 && ghost_expect SA &&
	GSEQ=900001 && ghost_send A && p s accept l b &&
	see r src_state=ESTABLISHED dst_state=ESTABLISHED flag=reused &&
	see s src_state=ESTABLISHED dst_state=ESTABLISHED &&
	server_socket ESTABLISHED
}

# A refused tuple is free at once.
after_refusal()
{
	family 4
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	refused ECONNREFUSED c connect a "$SERVER" "$PORT" "src=$CLIENT" \
		"sport=$SPORT" && see r class=closed &&
	p s listen l "$SERVER" "$PORT" 8 && dial && p s accept l b &&
	agree ESTABLISHED ESTABLISHED
}

t "the server's TIME_WAIT is reused by a newer SYN, IPv4" reused_by_client 4
t "the server's TIME_WAIT is reused by a newer SYN, IPv6" reused_by_client 6
t "the client reuses its own TIME_WAIT" reused_by_waiter
t "the former responder opens the next connection" roles_swap
t "an old SYN leaves TIME_WAIT, a newer one does not" old_syn
t "a refused tuple is used again" after_refusal
tct_run
