#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The socket beside the wire: at both ends each state of a connection is the
# socket's, and where it is not, the line says why.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# client STATE SOCKET DIFFERS, server ...: the flow's line there. SOCKET may be
# "=": the same as STATE, or none for CLOSED.
client()
{
	end_is c src dst "$@"
}

server()
{
	end_is s dst src "$@"
}

end_is()
{
	local ns=$1 this=$2 other=$3 state=$4 sock=$5 differs=$6

	[[ $sock != = ]] || sock=${state/CLOSED/none}
	see "$ns" "${this}_state=$state" "${this}_sock=$sock" \
		"${other}_sock=-" "differs=${differs/#-*/-}"
}

# equal SRC_STATE DST_STATE: so it is at both ends, in ss too; and on the way
# there is no socket.
equal()
{
	client "$1" = - && server "$2" = - &&
	see r src_sock=- dst_sock=- differs=- && agree "$1" "$2"
}

# within SRC_STATE DST_STATE: both sockets are the server's
within()
{
	see s "src_state=$1" "src_sock=${1/CLOSED/none}" "dst_state=$2" \
		"dst_sock=${2/CLOSED/none}" differs=- && sockets "$1" "$2"
}

# setting NS NAME VALUE
setting()
{
	p "$1" write "/proc/sys/net/ipv4/$2" "$3"
}

# speak: the server says something. After a repeated SYN-ACK only that, or a long
# silence, tells that it is ESTABLISHED.
speak()
{
	p s send b 10 && p c recv a 10
}

# --- no difference ----------------------------------------------------------

ordinary()
{
	connection "$1" && equal ESTABLISHED ESTABLISHED &&
	p c send a 1000 && p s recv b 1000 &&
	equal ESTABLISHED ESTABLISHED &&
	p c shutdown a wr && equal FIN_WAIT_2 CLOSE_WAIT &&
	p c close a && equal FIN_WAIT_2 CLOSE_WAIT &&
	p s close b && equal TIME_WAIT CLOSED
}

by_server()
{
	connection "$1" && p s close b && equal CLOSE_WAIT FIN_WAIT_2 &&
	p c close a && equal CLOSED TIME_WAIT
}

half_open()
{
	listening "$1" && drop c "tcp flags & syn == syn" &&
	dial nonblock && client SYN_SENT = - && server SYN_RECEIVED = - &&
	sockets SYN_SENT SYN_RECEIVED &&
	undrop c && p c finish a && p s accept l b && speak &&
	equal ESTABLISHED ESTABLISHED
}

# FINs that do not arrive: FIN_WAIT_1, CLOSING, LAST_ACK
unacknowledged()
{
	connection "$1" && drop s "tcp flags & fin == fin" &&
	p c close a && client FIN_WAIT_1 = - && server ESTABLISHED = - &&
	p s close b && client CLOSING = - && server FIN_WAIT_2 = - &&
	undrop s && equal TIME_WAIT TIME_WAIT
}

last_ack()
{
	connection "$1" && p c shutdown a wr && equal FIN_WAIT_2 CLOSE_WAIT &&
	drop s "tcp dport $PORT" && p s close b &&
	server LAST_ACK = - && client TIME_WAIT = - &&
	undrop s && equal TIME_WAIT CLOSED
}

aborted()
{
	connection "$1" && p c abort a && equal CLOSED CLOSED
}

refused_by_rst()
{
	family "$1"
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	refused ECONNREFUSED c connect a "$SERVER" "$PORT" "src=$CLIENT" \
		"sport=$SPORT" && equal CLOSED CLOSED
}

# Both sockets are IPv6, their packets are IPv4.
mapped()
{
	family 4
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	p s listen l :: "$PORT" 8 && drop c "tcp flags & syn == syn" &&
	p c connect a "::ffff:$SERVER" "$PORT" "src=::ffff:$CLIENT" \
		"sport=$SPORT" nonblock &&
	client SYN_SENT = - && server SYN_RECEIVED = - && undrop c &&
	p c finish a && p s accept l b && speak &&
	client ESTABLISHED = - && server ESTABLISHED = - &&
	p c close a && client FIN_WAIT_2 = - && server CLOSE_WAIT = - &&
	p s close b && client TIME_WAIT = - && server CLOSED = -
}

loopback()
{
	local lo=127.0.0.1

	family "$1"
	[[ $1 == 4 ]] || lo=::1
	tuple "$lo" "$SPORT" "$lo" "$PORT"
	ENDS=(s s)
	p s listen l "$lo" "$PORT" 8 &&
	p s connect a "$lo" "$PORT" "sport=$SPORT" "src=$lo" &&
	p s accept l b && within ESTABLISHED ESTABLISHED &&
	p s close a && within FIN_WAIT_2 CLOSE_WAIT &&
	p s close b && within TIME_WAIT CLOSED
}

self()
{
	family 4
	tuple 127.0.0.1 "$PORT" 127.0.0.1 "$PORT"
	ENDS=(s s)
	p s connect a 127.0.0.1 "$PORT" "sport=$PORT" src=127.0.0.1 &&
	within ESTABLISHED ESTABLISHED && p s close a &&
	within TIME_WAIT TIME_WAIT
}

bound()
{
	listening "$1" dev=sr && drop c "tcp flags & syn == syn" &&
	dial dev=cr nonblock && client SYN_SENT = - &&
	server SYN_RECEIVED = - && undrop c && p c finish a &&
	p s accept l b && speak && equal ESTABLISHED ESTABLISHED && p c close a &&
	equal FIN_WAIT_2 CLOSE_WAIT && p s close b && equal TIME_WAIT CLOSED
}

# The device loses its IPv6 addresses: IPv4 only, and last of all.
vrf()
{
	ip -n "${NS[s]}" link add vrf0 type vrf table 10 2>/dev/null ||
		skip "no vrf" || return
	ip -n "${NS[s]}" -batch - <<-EOT || return
		link set vrf0 up
		link set sr master vrf0
		route add default via 10.0.2.254 vrf vrf0
	EOT
	listening 4 dev=vrf0 && dial && p s accept l b &&
	equal ESTABLISHED ESTABLISHED && p s close b &&
	equal CLOSE_WAIT FIN_WAIT_2 && p c close a && equal CLOSED TIME_WAIT
}

# --- the FIN waits ----------------------------------------------------------

unsent=unsent_fin zero=zero_window

zero_window()
{
	listening "$1" rcvbuf=4096 && dial && p s accept l b &&
	p c send a 1000000 nowait && p c close a &&
	client ESTABLISHED FIN_WAIT_1 "src_$unsent,src_$zero" &&
	server ESTABLISHED = - && sockets FIN_WAIT_1 ESTABLISHED &&
	p s recv b eof && equal FIN_WAIT_2 CLOSE_WAIT
}

# After the other's FIN: LAST_ACK by the socket
zero_window_last()
{
	listening 4 && dial rcvbuf=4096 && p s accept l b &&
	p s send b 1000000 nowait && p c shutdown a wr &&
	equal FIN_WAIT_2 CLOSE_WAIT && p s close b &&
	server CLOSE_WAIT LAST_ACK "dst_$unsent,dst_$zero" &&
	client FIN_WAIT_2 = - && p c recv a eof && equal TIME_WAIT CLOSED
}

# Before the other's FIN, and sent after it: the stack takes that for crossing
late_fin()
{
	listening 4 rcvbuf=4096 && dial && p s accept l b &&
	p c send a 1000000 nowait && p c close a &&
	client ESTABLISHED FIN_WAIT_1 "src_$unsent,src_$zero" &&
	p s shutdown b wr &&
	client CLOSE_WAIT CLOSING "src_$unsent,src_$zero" &&
	p s recv b eof && client CLOSED TIME_WAIT src_late_fin &&
	server TIME_WAIT = -
}

# --- the handshake's ACK has no effect --------------------------------------

deferred()
{
	listening "$1" defer_accept=30 && dial &&
	server ESTABLISHED SYN_RECEIVED dst_defer_accept &&
	client ESTABLISHED = - && sockets ESTABLISHED SYN_RECEIVED &&
	p c send a 10 && p s accept l b && p s recv b 10 &&
	equal ESTABLISHED ESTABLISHED
}

# Room for one in the accept queue. The ghost's SYN came before it was full, and
# is answered twice: after that there are two seconds until the next answer.
accept_queue()
{
	listening 4 backlog=0 || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	p c connect a "$SERVER" "$PORT" && ghost_expect SA &&
	GSEQ=1001 && ghost_send A &&
	server ESTABLISHED SYN_RECEIVED dst_accept_queue &&
	server SYN_RECEIVED = - && see s flag=accept_wait &&
	p s accept l b && ghost_send A &&
	server SYN_RECEIVED ESTABLISHED dst_silence &&
	server_socket ESTABLISHED && server ESTABLISHED = -
}

syncookie()
{
	setting s tcp_syncookies 2 || return
	listening "$1" || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	server SYN_RECEIVED none dst_syncookie && server_socket CLOSED &&
	GSEQ=1001 && ghost_send A && p s accept l b &&
	server ESTABLISHED = - && server_socket ESTABLISHED &&
	setting s tcp_syncookies 1
}

# A client that defers accept delays the handshake's ACK.
ack_pending()
{
	listening 4 && dial defer_accept=1 nonblock &&
	client SYN_SENT ESTABLISHED src_ack_pending &&
	equal ESTABLISHED ESTABLISHED
}

# --- lost -------------------------------------------------------------------

# On the loopback device a segment is seen when it leaves: it can be lost then.
rst_lost()
{
	local lo=127.0.0.1

	family "$1"
	[[ $1 == 4 ]] || lo=::1
	tuple "$lo" "$SPORT" "$lo" "$PORT"
	ENDS=(s s)
	p s listen l "$lo" "$PORT" 8 &&
	p s connect a "$lo" "$PORT" "sport=$SPORT" "src=$lo" &&
	p s accept l b && drop s "tcp flags & rst == rst" && p s abort a &&
	see s src_state=CLOSED src_sock=none dst_state=CLOSED \
		dst_sock=ESTABLISHED differs=dst_rst_lost &&
	sockets CLOSED ESTABLISHED
}

ack_lost()
{
	family 4
	tuple 127.0.0.1 "$SPORT" 127.0.0.1 "$PORT"
	ENDS=(s s)
	p s listen l 127.0.0.1 "$PORT" 8 &&
	p s connect a 127.0.0.1 "$PORT" "sport=$SPORT" src=127.0.0.1 &&
	p s accept l b && p s shutdown a wr &&
	within FIN_WAIT_2 CLOSE_WAIT &&
	drop s "tcp sport $SPORT" && p s close b &&
	see s src_state=TIME_WAIT src_sock=TIME_WAIT dst_state=CLOSED \
		dst_sock=LAST_ACK differs=dst_ack_lost &&
	sockets TIME_WAIT LAST_ACK
}

# --- no socket any more -----------------------------------------------------

cut()
{
	drop c "tcp sport $PORT" && drop s "tcp dport $PORT"
}

user_timeout()
{
	connection "$1" && p c sockopt a user_timeout 300 && cut &&
	p c send a 100 && client ESTABLISHED none src_died_silently &&
	server ESTABLISHED = - && sockets CLOSED ESTABLISHED
}

orphan_retries()
{
	setting c tcp_orphan_retries 1 && connection 4 && cut &&
	p c close a && client FIN_WAIT_1 = - &&
	client FIN_WAIT_1 none src_died_silently && server ESTABLISHED = - &&
	setting c tcp_orphan_retries 0
}

# connect() is given up; and nobody of its address is there to have a socket
connect_closed()
{
	family "$1"
	tuple "$CLIENT" "$SPORT" "$NOBODY" "$PORT"
	p c connect a "$NOBODY" "$PORT" "src=$CLIENT" "sport=$SPORT" \
		nonblock && client SYN_SENT = - && p c close a &&
	client SYN_SENT none src_died_silently
}

# The SYN queue gives a client up; with one repetition that takes three seconds.
request_expires()
{
	setting s tcp_synack_retries 1 && listening "$1" || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	server SYN_RECEIVED = - &&
	server SYN_RECEIVED none dst_died_silently &&
	server_socket CLOSED && setting s tcp_synack_retries 5
}

# What is over the orphans' limit is reset at its next repetition, and so says
# itself that it is gone. That limit is all namespaces'.
orphan_limit()
{
	local before result=0

	read -r before </proc/sys/net/ipv4/tcp_max_orphans || return
	connection 4 && cut && setting - tcp_max_orphans 0 && p c send a 10 &&
	p c close a && client CLOSED = - && server ESTABLISHED = - || result=1
	setting - tcp_max_orphans "$before" && return "$result"
}

fin_wait_2()
{
	setting c tcp_fin_timeout 1 && connection "$1" && p c close a &&
	client FIN_WAIT_2 none src_fin_wait_2_expired &&
	server CLOSE_WAIT = - && sockets CLOSED CLOSE_WAIT &&
	setting c tcp_fin_timeout 60
}

overflow()
{
	setting c tcp_max_tw_buckets 0 && connection "$1" &&
	p s close b && p c recv a eof && equal CLOSE_WAIT FIN_WAIT_2 &&
	p c close a && equal CLOSED TIME_WAIT &&
	p - closeall && connection "$1" && p c close a &&
	client FIN_WAIT_2 none src_time_wait_overflow &&
	p - closeall && connection "$1" && p c shutdown a wr &&
	p s close b && p c recv a eof &&
	client TIME_WAIT none src_time_wait_overflow && server CLOSED = - &&
	sockets CLOSED CLOSED && setting c tcp_max_tw_buckets 4096
}

# --- what passed before -----------------------------------------------------

pickup()
{
	ctl c enabled 0 && connection "$1" && p c shutdown a wr &&
	see s dst_state=CLOSE_WAIT && ctl c enabled 1 &&
	p s send b 100 && p c recv a 100 &&
	client ESTABLISHED FIN_WAIT_2 src_pickup && server CLOSE_WAIT = -
}

for v in 4 6; do
	t "every state equal, IPv$v" ordinary $v
	t "every state equal, the server closes, IPv$v" by_server $v
	t "half-open equal, IPv$v" half_open $v
	t "FIN_WAIT_1 and CLOSING equal, IPv$v" unacknowledged $v
	t "LAST_ACK equal, IPv$v" last_ack $v
	t "aborted, IPv$v" aborted $v
	t "refused, IPv$v" refused_by_rst $v
	t "loopback, IPv$v" loopback $v
	t "bound to a device, IPv$v" bound $v
	t "close() behind a zero window, IPv$v" zero_window $v
	t "TCP_DEFER_ACCEPT, IPv$v" deferred $v
	t "a syncookie stands for the socket, IPv$v" syncookie $v
	t "RST lost, IPv$v" rst_lost $v
	t "TCP_USER_TIMEOUT, IPv$v" user_timeout $v
	t "connect() closed, IPv$v" connect_closed $v
	t "request given up, IPv$v" request_expires $v
	t "FIN_WAIT_2 expires, IPv$v" fin_wait_2 $v
	t "picked up in the middle of a close, IPv$v" pickup $v
done
t "IPv4-mapped" mapped
t "self-connection" self
t "LAST_ACK behind a zero window" zero_window_last
t "a FIN that was queued before the other's came" late_fin
t "accept queue full" accept_queue
t "the client delays the handshake's ACK" ack_pending
t "ACK of the last FIN lost" ack_lost
t "orphan's retransmissions exhausted" orphan_retries
t "orphan limit" orphan_limit
# these two leave a counter behind that the others would see
t "TIME_WAIT overflow, IPv4" overflow 4
t "TIME_WAIT overflow, IPv6" overflow 6
t "VRF" vrf
tct_run
