#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Where something else stands for the server's socket: syncookies have none
# until the last ACK, TCP_DEFER_ACCEPT has none until there are data.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

set_up()
{
	set_up_network && p s write /proc/sys/net/ipv4/tcp_syncookies 2
}

cookie()
{
	connection "$1" && agree ESTABLISHED ESTABLISHED &&
	p c send a 100 && p s recv b 100 && p s close b &&
	p c recv a eof && p c close a && agree CLOSED TIME_WAIT
}

# Half-open by the wire, nothing at all by ss.
cookie_half_open()
{
	listening 4 || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	see r src_state=SYN_SENT dst_state=SYN_RECEIVED class=half_open &&
	see s src_state=SYN_SENT dst_state=SYN_RECEIVED class=half_open &&
	server_socket CLOSED &&
	GSEQ=1001 && ghost_send A && p s accept l b &&
	see r src_state=ESTABLISHED dst_state=ESTABLISHED &&
	see s src_state=ESTABLISHED dst_state=ESTABLISHED &&
	server_socket ESTABLISHED
}

# An ACK without a cookie in it draws a RST, and is not believed.
cookie_wrong()
{
	listening 4 || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	GSEQ=1001 GACK=$(((GACK + 77777) & 0xffffffff)) && ghost_send A &&
	p c expect "sport=$PORT" "dport=$SPORT" flags=R &&
	see s src_state=SYN_SENT dst_state=SYN_RECEIVED &&
	server_socket CLOSED
}

# The server's end rests on an ACK that its socket ignores.
deferred()
{
	p s write /proc/sys/net/ipv4/tcp_syncookies 1 &&
	listening 4 defer_accept=30 && dial &&
	sockets ESTABLISHED SYN_RECEIVED &&
	see r src_state=ESTABLISHED dst_state=ESTABLISHED \
		flag=dst_unconfirmed &&
	see s src_state=ESTABLISHED dst_state=ESTABLISHED \
		flag=dst_unconfirmed &&
	p c send a 10 && p s accept l b && p s recv b 10 &&
	agree ESTABLISHED ESTABLISHED && see r noflag=dst_unconfirmed
}

t "syncookies, IPv4" cookie 4
t "syncookies, IPv6" cookie 6
t "a syncookie has no socket yet" cookie_half_open
t "an ACK without the cookie" cookie_wrong
t "TCP_DEFER_ACCEPT" deferred
tct_run
