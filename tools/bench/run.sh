#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Usage: run.sh tracker...
#
# Runs every row for each tracker, in the guest that scripts/bench boots, and
# prints a line of key=value words for each. Trackers: nf_conntrack,
# nf_conntrack_acct (the same, with accounting and timestamps), tcptrack.
# Each row starts with a tracker just loaded and a table that is empty.

set -euo pipefail

PARAM=/sys/module/tct_bench/parameters
FLOWS=10000	# in the rows that fill a table

fail()
{
	echo "run.sh: $*" >&2
	exit 1
}

# load_tracker: as many buckets as flows; nothing is turned away for lack of
# room.
load_tracker()
{
	case $1 in
	nf_conntrack*)
		modprobe nf_conntrack enable_hooks=1 hashsize="$FLOWS"
		sysctl -qw net.netfilter.nf_conntrack_max=1000000 ;;
	tcptrack)
		insmod /ko/tcptrack.ko
		sysctl -qw net.tcptrack.max=1000000 \
			net.tcptrack.half_open_max=1000000 ;;
	*)
		fail "unknown tracker $1" ;;
	esac
	[ "$1" != nf_conntrack_acct ] ||
		sysctl -qw net.netfilter.nf_conntrack_acct=1 \
			net.netfilter.nf_conntrack_timestamp=1
}

unload_tracker()
{
	case $1 in
	nf_conntrack*) modprobe -r nf_conntrack ;;
	*) rmmod "$1" ;;
	esac
}

count_flows()
{
	case $1 in
	nf_conntrack*) cat /proc/sys/net/netfilter/nf_conntrack_count ;;
	*) cat "/proc/sys/net/$1/count" ;;
	esac
}

# slab_bytes TRACKER: what its slab caches hold, pages not full included. The
# extensions that accounting needs are in no cache of nf_conntrack's own.
slab_bytes()
{
	case $1 in
	nf_conntrack_acct) set -- 'nf_conntrack|kmalloc-128' ;;
	esac
	awk -v caches="^($1)" '
		$1 ~ caches { sum += $6 * $15 }
		END { printf "%d\n", sum * 4096 }' /proc/slabinfo
}

# check_seen ROW FLOWS: a figure is worth nothing if the tracker saw other
# packets than those meant.
check_seen()
{
	local packets nfct

	packets=${1#*packets=} packets=${packets%% *}
	nfct=${1#*nfct=} nfct=${nfct%% *}
	case $TRACKER in
	nf_conntrack*) [ "$packets" = "$nfct" ] ;;
	*) [ "$nfct" = 0 ] ;;
	esac || fail "$TRACKER: $nfct of $packets packets recognised: $1"
	[ "$(count_flows "$TRACKER")" = "$2" ] ||
		fail "$TRACKER: $(count_flows "$TRACKER") flows, not $2: $1"
}

# run_row NAME CONNECTIONS FLOWS: FLOWS is how many there must be at the end.
run_row()
{
	local before after result

	before=$(slab_bytes "$TRACKER")
	echo "$1 $2" >$PARAM/run
	result=$(cat $PARAM/run)
	after=$(slab_bytes "$TRACKER")
	check_seen "$result" "$3"
	[ "$3" -lt 1000 ] ||
		result="$result bytes=$(((after - before) / $3))"
	echo "tracker=$TRACKER $result"
}

# clocked FILE: sets COST to what reading all of FILE costs.
clocked()
{
	local start end

	read -r start <$PARAM/now
	dd if="$1" of=/dev/null bs=64k 2>/dev/null
	read -r end <$PARAM/now
	COST=$((end - start))
}

# read_row NAME FILE: the cost of a line, the program's start taken off.
read_row()
{
	local empty lines

	clocked "$2"
	empty=$COST
	lines=$(wc -l <"$2")
	run_row fill4 "$FLOWS" "$FLOWS"
	clocked "$2"
	[ $(($(wc -l <"$2") - lines)) = "$FLOWS" ] ||
		fail "$TRACKER: not $FLOWS lines in $2"
	COST=$(((COST - empty) / FLOWS))
	echo "tracker=$TRACKER row=$1 conns=$FLOWS mean=$COST"
}

# with_tracker COMMAND [ARGUMENT]...
with_tracker()
{
	load_tracker "$TRACKER"
	"$@"
	unload_tracker "$TRACKER"
}

run_tracker()
{
	local udp=0 proc=/proc/net/tcptrack

	case $TRACKER in
	nf_conntrack*) udp=8 proc=/proc/net/nf_conntrack ;;
	esac
	with_tracker run_row est4 8 8
	with_tracker run_row est6 8 8
	with_tracker run_row udp4 8 $udp
	with_tracker run_row new4 "$FLOWS" "$FLOWS"
	with_tracker run_row new6 "$FLOWS" "$FLOWS"
	with_tracker run_row conn4 2000 2000
	with_tracker read_row proc4 "$proc"
}

modprobe dummy
ip link set dummy0 up
insmod /ko/tct_bench.ko
echo "tracker=none $(cat $PARAM/run)"
for TRACKER; do
	run_tracker
done
rmmod tct_bench
