#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the virtual machine, for scripts/capture: TCP connections that lose,
# delay, reorder and duplicate segments, as seen behind the router. What goes to
# the client has been through netem when it is captured, what goes to the
# server has not.
#
# Usage: traffic.sh FILE

# shellcheck source=selftests/lib.sh
. "${0%/*}/lib.sh"

OUT=$1 JOBS=0

# netem RULE...: on the way to the server and on that to the client
netem()
{
	tc -n "${NS[s]}" qdisc replace dev sr root netem "$@" &&
	tc -n "${NS[r]}" qdisc replace dev rs root netem "$@"
}

# Packets as they are on a wire: one segment each.
no_offload()
{
	local pair

	for pair in c:cr r:rc r:rs s:sr; do
		p "${pair%:*}" exec ethtool -K "${pair#*:}" tso off gso off \
			gro off || return
	done
}

# rounds N BYTES [OPTION...]: N connections from each of ten clients, of IPv4
# and IPv6
rounds()
{
	local i server=10.0.2.1

	for ((i = 0; i < 10; i++)); do
		JOBS=$((JOBS + 1)) server=10.0.2.1
		((i % 3)) || server=fd00:2::1
		p c churn "j$JOBS" $server $((80 + i % 3)) "$1" \
			"bytes=$(($2 + i * $2 / 5))" "${@:3}" || return
	done
	for ((i = 0; i < 10; i++)); do
		p c wait "j$((JOBS - i))" || return
	done
}

# alive N: N connections that say nothing for longer than TCP_KEEPIDLE
alive()
{
	local i

	for ((i = 0; i < $1; i++)); do
		p c connect "k$i" 10.0.2.1 80 keepidle=1 keepalive=1 &&
		p c send "k$i" $((i * 100 + 1)) || return
	done
	pass_time 4500
	for ((i = 0; i < $1; i++)); do
		p c close "k$i" || return
	done
}

# shut N: N connections whose reader stops reading
shut()
{
	local i

	p s listen z 10.0.2.1 99 16 rcvbuf=4096 || return
	for ((i = 0; i < $1; i++)); do
		p c connect "z$i" 10.0.2.1 99 && p s accept z "y$i" &&
		p c send "z$i" 20000 nowait || return
	done
	pass_time 2500
	for ((i = 0; i < $1; i++)); do
		p s recv "y$i" 8000 || return
		p c abort "z$i" && p s close "y$i" || return
	done
}

timestamps()
{
	p c write /proc/sys/net/ipv4/tcp_timestamps "$1"
}

traffic()
{
	netem delay 4ms loss 4% && rounds 5 3000 &&
	netem delay 4ms 1ms reorder 85% && rounds 4 4000 &&
	netem delay 2ms duplicate 8% && rounds 3 3000 &&
	netem delay 6ms 3ms loss 3% duplicate 3% && rounds 5 3000 &&
	timestamps 0 && netem delay 5ms 2ms loss 4% && rounds 4 3000 &&
	timestamps 1 && netem delay 3ms loss 8% && rounds 3 2000 &&
	netem delay 3ms && rounds 1 2000 && alive 12 && shut 6
}

main()
{
	local dump status=0

	set_up && no_offload || return
	p s serve s0 :: 80 && p s serve s1 :: 81 && p s serve s2 :: 82 || return
	ip netns exec "${NS[r]}" tcpdump -i rs -s 118 -w "$OUT" -B 8192 \
		-Z root tcp 2>"$OUT.log" &
	dump=$!
	busywait grep -q listening "$OUT.log" || return
	traffic || status=1
	pass_time 500
	kill "$dump"
	wait "$dump"
	cat "$OUT.log"
	rm "$OUT.log"
	take_down || status=1
	return $status
}

main
