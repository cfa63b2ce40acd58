#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# NAT by nftables. A flow has one four-tuple on a host, and for a local flow
# it is the socket's own. So each host shows one flow with both directions,
# or two where loopback traffic is redirected.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# nat NS CHAIN HOOK PRIORITY RULE
nat()
{
	DROPS+=("$1")
	rules "$1" "add table inet tct ;
		add chain inet tct $2 { type nat hook $3 priority $4 ; } ;
		add rule inet tct $2 $5" || skip "nft cannot: $5"
}

# both_ways NS: the flow there counts both directions' bytes and ends
# established; nothing else of this connection is in the table.
both_ways()
{
	local line n=0

	see "$1" src_state=ESTABLISHED dst_state=ESTABLISHED src_bytes=1000 \
		dst_bytes=700 || return
	for line in "${LINES[@]}"; do
		[[ $line != *port=$PORT\ * ]] || n=$((n + 1))
	done
	((n == ${2:-1})) || fail "$n flows in $1, not ${2:-1}:" "${LINES[@]}"
}

talk()
{
	p c send a 1000 && p s recv b 1000 && p s send b 700 && p c recv a 700
}

# The server knows the client by another address.
masquerade()
{
	local outside=10.0.2.254

	[[ $1 == 4 ]] || outside=fd00:2::fe
	nat r post postrouting 100 "oifname rs masquerade" || return
	connection "$1" && talk &&
	sockets ESTABLISHED CLOSED &&	# ss knows no such tuple at the server
	both_ways c && both_ways r || return
	tuple "$outside" "$SPORT" "$SERVER" "$PORT"
	both_ways s && server_socket ESTABLISHED &&
	p c shutdown a wr && p s recv b eof &&
	see s src_state=FIN_WAIT_2 dst_state=CLOSE_WAIT || return
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	see c src_state=FIN_WAIT_2 dst_state=CLOSE_WAIT &&
	see r src_state=FIN_WAIT_2 dst_state=CLOSE_WAIT
}

# The client knows the server by the router's address.
dnat()
{
	local front=10.0.1.254 at=10.0.2.1

	listening "$1" || return
	[[ $1 == 4 ]] || front=fd00:1::fe at='[fd00:2::1]'
	nat r pre prerouting -100 \
		"tcp dport $PORT dnat ip${1/4/} to $at:$PORT" || return
	p c connect a "$front" "$PORT" "src=$CLIENT" "sport=$SPORT" &&
	p s accept l b && talk && both_ways r && both_ways s || return
	tuple "$CLIENT" "$SPORT" "$front" "$PORT"
	both_ways c
}

# A local connection goes elsewhere than its socket thinks.
dnat_output()
{
	listening 4 || return
	nat c out output -100 "ip daddr 10.9.9.9 dnat ip to $SERVER" || return
	p c connect a 10.9.9.9 "$PORT" "src=$CLIENT" "sport=$SPORT" &&
	p s accept l b && talk && both_ways r && both_ways s || return
	tuple "$CLIENT" "$SPORT" 10.9.9.9 "$PORT"
	both_ways c
}

# Client and server on one host, with NAT between them: each side is a flow.
redirect()
{
	local lo=127.0.0.1 front

	family "$1"
	[[ $1 == 4 ]] || lo=::1
	front=$((PORT + 100))
	nat s out output -100 "tcp dport $front redirect to :$PORT" || return
	p s listen l "$lo" "$PORT" 8 &&
	p s connect a "$lo" "$front" "src=$lo" "sport=$SPORT" &&
	p s accept l b && talk || return
	ENDS=(s s)
	tuple "$lo" "$SPORT" "$lo" "$front"
	see s src_state=ESTABLISHED dst_state=ESTABLISHED src_bytes=1000 \
		dst_bytes=700 || return
	tuple "$lo" "$SPORT" "$lo" "$PORT"
	both_ways s
}

t "masquerade, IPv4" masquerade 4
t "masquerade, IPv6" masquerade 6
t "DNAT, IPv4" dnat 4
t "DNAT, IPv6" dnat 6
t "DNAT of a local connection" dnat_output
t "loopback REDIRECT, IPv4" redirect 4
t "loopback REDIRECT, IPv6" redirect 6
tct_run
