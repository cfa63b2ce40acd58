#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One packet of a host may be many segments of the wire (GSO, GRO). Counted
# are segments and their bytes: the same as the sockets count, in each view.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

BYTES=400000

# device NS NAME: packets that it has sent.
sent_by()
{
	local line words

	while read -r line; do
		[[ $line == "$2:"* ]] || continue
		read -ra words <<<"${line#*:}"
		REPLY=${words[9]}
		return
	done <"${TABLE[$1]}/dev"
	fail "no device $2"
}

transfer()
{
	local line out in sent received ns before after

	sent_by c cr && before=$REPLY && connection "$1" || return
	# the agent is one process: pieces that fit into the buffers
	while ((${sent:=0} < BYTES)); do
		p c send a 40000 && p s recv b 40000 || return
		sent=$((sent + 40000))
	done
	p c drained a && sent_by c cr && after=$REPLY &&
	p c info a && line=$REPLY &&
	value segs_out "$line" && out=$REPLY &&
	value segs_in "$line" && in=$REPLY &&
	value bytes_sent "$line" && sent=$REPLY &&
	value bytes_received "$line" && received=$REPLY || return
	for ns in c r s; do
		see "$ns" "src_packets=$out" "src_bytes=$sent" \
			"dst_packets=$in" "dst_bytes=$received" || return
	done
	SEGMENTS=$out PACKETS=$((after - before))
}

# offload NS DEVICE WORD...
offload()
{
	peer "$1" exec ethtool -K "${@:2}" || skip "no ethtool: ${*:2}"
}

gso()
{
	transfer "$1" || return
	((PACKETS * 2 < SEGMENTS)) ||
		fail "$PACKETS packets of $SEGMENTS segments: no GSO to test"
}

# The router and the server put together what came apart.
gro()
{
	offload c cr gso off tso off && offload r rc gro on &&
	offload s sr gro on && transfer "$1" || return
	((PACKETS >= SEGMENTS)) ||
		fail "$PACKETS packets of $SEGMENTS segments: GSO is on"
}

# Lost segments are sent again, and count again. Without GSO, that it is known
# how many.
retransmitted()
{
	local line retrans

	offload c cr gso off tso off && connection 4 &&
	drop s "tcp dport $PORT ip length > 1000 quota until 3000 bytes" &&
	p c send a 20000 && p s recv b 20000 && p c drained a &&
	p c info a && line=$REPLY && value retrans "$line" &&
	retrans=$REPLY && value segs_out "$line" || return
	((retrans > 0)) || fail "nothing was retransmitted" || return
	see r "src_packets=$REPLY" "src_retrans=$retrans" &&
	see c "src_packets=$REPLY" "src_retrans=$retrans" &&
	value bytes_sent "$line" && see r "src_bytes=$REPLY"
}

t "GSO, IPv4" gso 4
t "GSO, IPv6" gso 6
t "segments sent again" retransmitted
t "GRO, IPv4" gro 4
t "GRO, IPv6" gro 6
tct_run
