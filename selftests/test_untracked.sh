#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is no sound segment is counted by reason, makes no flow, and goes on
# its way: the server's stack counts it as received.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# unsound REASON COUNTER WHERE... -- PACKET: one such packet from the ghost;
# the counter rises by one in these namespaces, and in no other; the stack's
# InSegs at the server rises by one as well.
unsound()
{
	local family=$1 name=$2 views=() view segs flags=$3
	local -A before=()

	shift 3
	while [[ $1 != -- ]]; do
		views+=("$1")
		shift
	done
	shift
	family "$family"
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	for view in c r s; do
		counter "$view" "$name" && before[$view]=$REPLY
	done
	snmp s InSegs && segs=$REPLY
	ghost_send "$flags" "$@" || return
	for view in "${views[@]}"; do
		counter_reaches "$view" "$name" $((before[$view] + 1)) &&
		none "$view" || return
		unset "before[$view]"
	done
	for view in "${!before[@]}"; do
		counter_reaches "$view" "$name" "${before[$view]}" || return
	done
	snmp_reaches s InSegs $((segs + 1))
}

# The sum is looked at where a packet enters this host, and, where it only
# passes, if it begins or ends a connection.
bad_checksum()
{
	unsound "$1" untracked_checksum S r s -- badsum len=10 &&
	unsound "$1" untracked_checksum A s -- badsum len=10
}

# In a connection it changes nothing either: neither states nor counts.
bad_checksum_in_flow()
{
	ghost_open 4 && see s src_state=ESTABLISHED src_packets=2 &&
	ghost_send FA badsum && ghost_send A badsum len=100 &&
	ghost_send A len=100 && ghost_expect A &&
	see s src_state=ESTABLISHED src_packets=3 src_bytes=100 &&
	see r src_state=ESTABLISHED
}

bad_header()
{
	unsound "$1" untracked_header S c r s -- doff=3 &&
	unsound "$1" untracked_header S c r s -- doff=15 len=8 &&
	unsound "$1" untracked_header S c r s -- cut=12
}

bad_flags()
{
	unsound "$1" untracked_flags - c r s -- &&
	unsound "$1" untracked_flags SF c r s --  &&
	unsound "$1" untracked_flags SR c r s -- &&
	unsound "$1" untracked_flags FPU c r s --
}

# The first fragment has the TCP header, the other is counted. The server's
# IPv4 puts them together before the hook, its IPv6 after.
fragments()
{
	local in_r in_s more=0 bytes=40 ext=() tcp

	[[ $1 == 4 ]] || ext=(ext=f) more=1 bytes=0
	listening "$1" || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	tcp=(id=7 mss=1400 len=40 "${ext[@]}")
	counter r untracked_fragment && in_r=$REPLY &&
	counter s untracked_fragment && in_s=$REPLY &&
	ghost_send S cut=24 mf "${tcp[@]}" &&
	ghost_send S from=24 frag=24 "${tcp[@]}" &&
	see s src_state=SYN_SENT dst_state=SYN_RECEIVED src_packets=1 \
		"src_bytes=$bytes" &&
	see r src_state=SYN_SENT dst_state=SYN_RECEIVED src_packets=1 &&
	counter_reaches r untracked_fragment $((in_r + 1)) &&
	counter_reaches s untracked_fragment $((in_s + more)) &&
	server_socket SYN_RECEIVED
}

# extension HEADERS: hop-by-hop (h), destination options (d), routing (r), a
# fragment header of a packet that is whole (f).
extension()
{
	listening 6 || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	ghost_send S "ext=$1" mss=1400 len=33 &&
	see c src_state=SYN_SENT src_bytes=33 &&
	see r src_state=SYN_SENT dst_state=SYN_RECEIVED src_bytes=33 &&
	see s src_state=SYN_SENT dst_state=SYN_RECEIVED src_bytes=33 &&
	server_socket SYN_RECEIVED
}

t "bad checksum, IPv4" bad_checksum 4
t "bad checksum, IPv6" bad_checksum 6
t "bad checksum within a connection" bad_checksum_in_flow
t "bad data offset and length, IPv4" bad_header 4
t "bad data offset and length, IPv6" bad_header 6
t "flags that no stack sends, IPv4" bad_flags 4
t "flags that no stack sends, IPv6" bad_flags 6
t "fragments, IPv4" fragments 4
t "fragments, IPv6" fragments 6
t "IPv6 hop-by-hop options" extension h
t "IPv6 destination options" extension d
t "IPv6 routing header" extension r
t "IPv6 atomic fragment" extension f
t "IPv6 extension headers in a row" extension hdrd
tct_run
