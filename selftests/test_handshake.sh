#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A connection comes to be, or is refused: both ends' states and everything
# counted are the sockets' own, seen from the client, a router and the server.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# The sockets' own counts: a passive socket does not count its SYN-ACK,
# which the request before it sent.
same_counts()
{
	local ns line out in sent received

	p c info a && line=$REPLY
	value segs_out "$line" && out=$REPLY
	value segs_in "$line" && in=$REPLY
	value bytes_sent "$line" && sent=$REPLY
	value bytes_received "$line" && received=$REPLY
	for ns in c r s; do
		see "$ns" "src_packets=$out" "src_bytes=$sent" \
			"dst_packets=$in" "dst_bytes=$received" || return
	done
}

handshake()
{
	connection "$1" &&
	agree ESTABLISHED ESTABLISHED &&
	see r family="ipv$1" class=established flag=dst_unconfirmed &&
	p c send a 1000 && p s recv b 1000 &&
	p s send b 700 && p c recv a 700 &&
	p c drained a && p s drained b &&
	same_counts && see r flags=-
}

# The initial RTT is measured from the client's and the server's SYN.
has_rtt()
{
	connection 4 && see r src_state=ESTABLISHED && field rtt &&
	[[ $REPLY =~ ^[0-9]+\.[0-9]{6}$ ]] || fail "rtt=$REPLY"
}

refused_by_rst()
{
	family "$1"
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	refused ECONNREFUSED c connect a "$SERVER" "$PORT" \
		"src=$CLIENT" "sport=$SPORT" &&
	agree CLOSED CLOSED &&
	see r class=closed src_packets=1 dst_packets=1
}

# What is said on the SYN is the responder's as much as the initiator's.
roles()
{
	connection 4 &&
	see r src="$CLIENT" dst="$SERVER" &&
	p s send b 10 && p c recv a 10 &&
	see r src_bytes=0 dst_bytes=10 src="$CLIENT"
}

mapped()
{
	family 4
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	p s listen l "$SERVER" "$PORT" 8 &&
	p c connect a "::ffff:$SERVER" "$PORT" "src=::ffff:$CLIENT" \
		"sport=$SPORT" && p s accept l b &&
	see c family=ipv4 src_state=ESTABLISHED dst_state=ESTABLISHED &&
	see s family=ipv4 src_state=ESTABLISHED dst_state=ESTABLISHED
}

# Times only grow, and the state's is not older than the flow's.
times()
{
	local age since idle

	connection 4 && see r src_state=ESTABLISHED && field age &&
	age=$REPLY && field src_since && since=$REPLY && field idle &&
	idle=$REPLY || return
	((10#${since/./} <= 10#${age/./} && 10#${idle/./} <= 10#${age/./})) ||
		fail "age=$age src_since=$since idle=$idle"
	older()
	{
		flow r && field age && ((10#${REPLY/./} > 10#${age/./}))
	}
	busywait older || fail "age stays $age"
}

t "handshake, data and counts, IPv4" handshake 4
t "handshake, data and counts, IPv6" handshake 6
t "refused by a RST, IPv4" refused_by_rst 4
t "refused by a RST, IPv6" refused_by_rst 6
t "the initiator stays src whoever speaks" roles
t "an IPv4-mapped address is IPv4" mapped
t "the initial RTT is there" has_rtt
t "age, since and idle" times
tct_run
