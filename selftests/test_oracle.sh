#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A random walk over many connections with loss, reordering, duplication and
# delay between them: at each quiet point, ss at both ends and tcptrack in all
# three namespaces agree. tct_oracle does the walk and is the judge.
#
# TCT_ORACLE is its further options, as --connections 10000 --seed 1 --want 100.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

KINDS="syn synack fin rst ack data"

# places POINT HOOK PRIORITY: a chain there, and a set of the client's ports
# for each kind of segment of each sender.
places()
{
	local side kind match
	declare -A match=(
		[syn]="tcp flags & (syn|ack|rst) == syn"
		[synack]="tcp flags & (syn|ack|rst) == syn|ack"
		[rst]="tcp flags & rst == rst"
		[fin]="tcp flags & (syn|fin|rst) == fin"
		[ack]="tcp flags & (syn|fin|rst) == 0 meta length <= 84"
		[data]="tcp flags & (syn|fin|rst) == 0 meta length > 84"
	)

	echo "add chain inet oracle $1 { type filter hook $2 priority $3 ; }"
	for kind in $KINDS; do
		for side in $4; do
			echo "add set inet oracle $1_${side}_$kind" \
				"{ type inet_service ; counter ; }"
			echo "add rule inet oracle $1 ${match[$kind]}" \
				"${FROM[$side]} @$1_${side}_$kind drop"
		done
	done
}

# The rules behind all hooks must be there before tcptrack's, which of two at
# the same priority comes first if it was registered last.
set_up()
{
	declare -A FROM=(
		[c]="iifname rc tcp sport"
		[s]="iifname rs tcp dport"
	)

	set_up_network && ctl c enabled 0 && ctl s enabled 0 || return
	modprobe -q sch_netem || :
	{
		echo "add table inet oracle"
		places before_router prerouting -300 "c s"
		FROM=([c]="oifname rs tcp sport" [s]="oifname rc tcp dport")
		places behind_router postrouting 2147483647 "c s"
	} | ip netns exec "${NS[r]}" nft -f - || return
	FROM=([c]="tcp sport" [s]="tcp dport")
	{
		echo "add table inet oracle"
		places behind_all input 2147483647 s
	} | ip netns exec "${NS[c]}" nft -f - || return
	{
		echo "add table inet oracle"
		places behind_all input 2147483647 c
	} | ip netns exec "${NS[s]}" nft -f - || return
	enable c s
}

# netem's delay makes for simultaneous closes, and reorders.
netem()
{
	local dev

	for dev in rc rs; do
		ip netns exec "${NS[r]}" tc qdisc replace dev "$dev" root netem \
			delay 4ms 3ms 25% loss 1% duplicate 1% \
			reorder 10% 50% limit 20000 || return
	done
}

walk()
{
	local short="--connections 200 --batch 100"

	# a debug kernel in an emulator is several times slower
	((TCT_WAIT <= 60)) || short="--connections 60 --batch 60"
	short+=" --patience $((TCT_WAIT * 90))"
	netem || skip "no netem" || return
	# shellcheck disable=SC2086
	"$TCT_DIR/tct_oracle" --client "${NS[c]}" --router "${NS[r]}" \
		--server "${NS[s]}" ${TCT_ORACLE:-$short}
}

t "a random walk: ss at both ends and every view agree" walk
tct_run
