#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Connections within one host, each segment counted once though it passes two
# hooks; and the one that has only one end.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# once NS: the flow there has counted what sockets a and b say.
once()
{
	local line out in

	p "$1" info a && line=$REPLY
	value segs_out "$line" && out=$REPLY
	value segs_in "$line" && in=$REPLY
	see "$1" "src_packets=$out" "dst_packets=$in" src_bytes=1000 \
		dst_bytes=700
}

talk()
{
	p - send a 1000 && p - recv b 1000 && p - send b 700 &&
	p - recv a 700 && p - drained a && p - drained b
}

loopback()
{
	local lo=127.0.0.1 before

	family "$1"
	[[ $1 == 4 ]] || lo=::1
	tuple "$lo" "$SPORT" "$lo" "$PORT"
	ENDS=(s s)
	counter s flows_created && before=$REPLY &&
	p s listen l "$lo" "$PORT" 8 &&
	p s connect a "$lo" "$PORT" "sport=$SPORT" "src=$lo" &&
	p s accept l b && talk && agree ESTABLISHED ESTABLISHED s &&
	once s && counter_reaches s flows_created $((before + 1)) &&
	p s shutdown a wr && agree FIN_WAIT_2 CLOSE_WAIT s &&
	p s close b && agree TIME_WAIT CLOSED s
}

# An address of the host's own over the loopback device.
own_address()
{
	family 4
	tuple 10.0.2.1 "$SPORT" 10.0.2.1 "$PORT"
	ENDS=(s s)
	p s listen l 10.0.2.1 "$PORT" 8 &&
	p s connect a 10.0.2.1 "$PORT" "sport=$SPORT" src=10.0.2.1 &&
	p s accept l b && talk && agree ESTABLISHED ESTABLISHED s && once s
}

# One socket, connected to itself: both ends are that one.
self()
{
	family 4
	tuple 127.0.0.1 "$PORT" 127.0.0.1 "$PORT"
	ENDS=(s s)
	p s connect a 127.0.0.1 "$PORT" "sport=$PORT" src=127.0.0.1 &&
	agree ESTABLISHED ESTABLISHED s &&
	see s flag=self class=established &&
	p s send a 1000 && p s recv a 1000 && p s drained a &&
	agree ESTABLISHED ESTABLISHED s &&
	p s close a && agree TIME_WAIT TIME_WAIT s
}

# Both dial at once and nobody listens. Both first SYNs are lost, so that the
# second ones, a second later, cross for certain. Both families at once.
declare -A BOTH

both_dial()
{
	family "$1"
	BOTH[$1]="$SPORT $PORT"
	p c connect "a$1" "$SERVER" "$PORT" "src=$CLIENT" "sport=$SPORT" \
		nonblock &&
	p s connect "b$1" "$CLIENT" "$SPORT" "src=$SERVER" "sport=$PORT" \
		nonblock
}

cross()
{
	family "$1"
	read -r SPORT PORT <<<"${BOTH[$1]}"
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	agree SYN_SENT SYN_SENT r &&
	see r class=half_open flag=simultaneous_open
}

simultaneous()
{
	KEEP=1
	drop c "tcp flags & syn == syn" && drop s "tcp flags & syn == syn" &&
	both_dial 4 && both_dial 6 && cross 4 && cross 6 && undrop c s &&
	simultaneous_goes_on 4
}

simultaneous_goes_on()
{
	family "$1"
	read -r SPORT PORT <<<"${BOTH[$1]}"
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	p c finish "a$1" && p s finish "b$1" &&
	agree ESTABLISHED ESTABLISHED r &&
	see r class=established &&
	p c send "a$1" 1000 && p s recv "b$1" 1000 &&
	p s send "b$1" 700 && p c recv "a$1" 700 &&
	see r src_bytes=1000 dst_bytes=700 && p c close "a$1" &&
	agree FIN_WAIT_2 CLOSE_WAIT r && p s close "b$1"
}

# Behind a VRF a packet passes LOCAL_OUT twice. Made by the first of these
# cases, which come last: the device loses its routes.
vrf_made=

make_vrf()
{
	[[ -z $vrf_made ]] || return 0
	ip -n "${NS[s]}" link add vrf0 type vrf table 10 2>/dev/null ||
		skip "no vrf" || return
	ip -n "${NS[s]}" -batch - <<-EOT && vrf_made=1
		link set vrf0 up
		link set sr master vrf0
		route add default via 10.0.2.254 vrf vrf0
	EOT
}

vrf_in()
{
	make_vrf && listening 4 dev=vrf0 && dial && p s accept l b &&
	talk && agree ESTABLISHED ESTABLISHED && once s &&
	p s close b && p c recv a eof && p c close a &&
	agree CLOSED TIME_WAIT
}

vrf_out()
{
	make_vrf || return
	family 4
	tuple "$SERVER" "$SPORT" "$CLIENT" "$PORT"
	ENDS=(s c)
	p c listen l "$CLIENT" "$PORT" 8 &&
	p s connect a "$CLIENT" "$PORT" dev=vrf0 "src=$SERVER" \
		"sport=$SPORT" && p c accept l b && talk &&
	agree ESTABLISHED ESTABLISHED && once s
}

# To an address of the VRF's own there is no other device to leave by.
vrf_within()
{
	make_vrf || return
	family 4
	tuple "$SERVER" "$SPORT" "$SERVER" "$PORT"
	ENDS=(s s)
	p s listen l "$SERVER" "$PORT" 8 dev=vrf0 &&
	p s connect a "$SERVER" "$PORT" dev=vrf0 "src=$SERVER" \
		"sport=$SPORT" && p s accept l b && talk &&
	agree ESTABLISHED ESTABLISHED s && once s
}

t "loopback once, IPv4" loopback 4
t "loopback once, IPv6" loopback 6
t "an address of its own once" own_address
t "self-connection" self
t "simultaneous open, IPv4" simultaneous
t "simultaneous open, IPv6" simultaneous_goes_on 6
t "VRF once, to a listener in it" vrf_in
t "VRF once, out of it" vrf_out
t "VRF once, within it" vrf_within
tct_run
