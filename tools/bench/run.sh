#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Usage: run.sh [--large FLOWS] tracker...
#
# Runs every row for each tracker, in the guest that scripts/bench boots, and
# prints a line of key=value words for each. Trackers: nf_conntrack,
# nf_conntrack_acct (the same, with accounting and timestamps), tcptrack.
# Each row starts with a tracker just loaded and a table that is empty; with
# --large the table is filled with so many flows, once, and only read.

set -euo pipefail

PARAM=/sys/module/tct_bench/parameters
FLOWS=10000	# in the rows that fill a table
RUN=run_tracker

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
		modprobe nf_conntrack_netlink
		sysctl -qw net.netfilter.nf_conntrack_max=2000000 ;;
	tcptrack)
		insmod /ko/tcptrack.ko
		sysctl -qw net.tcptrack.global_max=2000000 \
			net.tcptrack.max=2000000 \
			net.tcptrack.half_open_max=2000000 ;;
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
	nf_conntrack*) modprobe -r nf_conntrack_netlink nf_conntrack ;;
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

# read_records WHAT...: sets COST to what reading all that there is costs the
# kernel, and RECORDS to how many there are.
read_records()
{
	local line

	line=$(tct_reader "$@")
	RECORDS=${line#*records=} RECORDS=${RECORDS%% *}
	COST=${line#*cost=}
}

# read_row NAME WHAT...: the cost of a record, of a table that is full, less
# what an empty one costs.
read_row()
{
	local row=$1 empty lines

	shift
	read_records "$@"
	empty=$COST lines=$RECORDS
	run_row fill4 "$FLOWS" "$FLOWS"
	read_records "$@"
	[ $((RECORDS - lines)) = "$FLOWS" ] ||
		fail "$TRACKER: $RECORDS, not $FLOWS records: $*"
	echo "tracker=$TRACKER row=$row conns=$FLOWS" \
		"mean=$(((COST - empty) / FLOWS))"
}

# all_of ROW CONNECTIONS: sets COST to what a connection of an event row costs,
# and READERS to what those cost who woke up because of it.
all_of()
{
	local line

	sleep 1	# what loading a module leaves to be done is done
	echo "$1 $2" >$PARAM/run
	line=$(cat $PARAM/run)
	check_seen "$line" "$2"
	COST=${line#*all=} COST=${COST%% *}
	READERS=${line#*readers=}
}

# event_row ROW CONNECTIONS: what an event costs when somebody listens, made and
# sent; and received, his waking up included. The same flows without a listener
# are taken off.
event_row()
{
	local none readers got log=/tmp/listener what=${TRACKER#nf_}

	all_of "$1" "$2"
	none=$COST readers=$READERS
	unload_tracker "$TRACKER"
	load_tracker "$TRACKER"
	tct_reader listen "${what%_acct}" >$log &
	until grep -q ready $log; do
		kill -0 %% || fail "$TRACKER: nobody listens"
		sleep 0.1
	done
	all_of "$1" "$2"
	kill %%
	wait
	got=$(sed -n 's/events=//p' $log)
	[ "$got" = "$2" ] || fail "$TRACKER: $got of $2 events"
	echo "tracker=$TRACKER row=$1 conns=$2 mean=$((COST - none))" \
		"received=$((READERS - readers))"
}

# kill_row NAME: what passes until a reader is gone who was killed in the midst of
# looking for what is not there. Who waits meanwhile is woken when he is due.
kill_row()
{
	local line whole woken gone

	run_row fill4 100000 100000
	line=$(tct_reader kill 4)
	whole=${line#whole=} whole=${whole%% *}
	woken=${line#*woken=} woken=${woken%% *}
	gone=${line#*mean=}
	((2 * woken < whole && 10 * gone < whole)) ||
		fail "a dump of $whole: woken after $woken, gone $gone later"
	echo "tracker=$TRACKER row=$1 conns=100000 $line"
}

# large_row NAME WHAT...: the same of a table that is full already. What an empty
# one costs does not show.
large_row()
{
	local row=$1

	shift
	read_records "$@"
	[ $((RECORDS - FLOWS)) -le 1 ] ||
		fail "$TRACKER: $RECORDS, not $FLOWS records: $*"
	echo "tracker=$TRACKER row=$row conns=$FLOWS mean=$((COST / FLOWS))"
}

# command_row NAME COMMAND...: what a whole program costs, a flow, and how much
# memory it takes.
command_row()
{
	local row=$1 line

	shift
	line=$(tct_reader run "$@")
	COST=${line#cost=} COST=${COST%% *}
	echo "tracker=$TRACKER row=$row conns=$FLOWS mean=$((COST / FLOWS))" \
		"kib=${line#*kib=}"
}

# Their file takes it the square of the flows, and is left out.
run_large()
{
	load_tracker "$TRACKER"
	run_row fill4 "$FLOWS" "$FLOWS"
	case $TRACKER in
	nf_conntrack*)
		large_row brief4 dump conntrack
		echo "tracker=$TRACKER row=full4 conns=$FLOWS" \
			"mean=$((COST / FLOWS))"
		command_row list conntrack -L
		echo "tracker=$TRACKER row=json conns=$FLOWS" \
			"mean=$((COST / FLOWS))" ;;
	*)
		large_row proc4 file /proc/net/tcptrack
		large_row brief4 dump brief
		large_row full4 dump full
		command_row list tcptrackctl flow list
		command_row json tcptrackctl -j -d flow list ;;
	esac
	unload_tracker "$TRACKER"
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
	local udp=0 proc=/proc/net/tcptrack brief=brief full=full

	case $TRACKER in
	nf_conntrack*)
		udp=8 proc=/proc/net/nf_conntrack
		brief=conntrack full=conntrack ;;
	esac
	with_tracker run_row est4 8 8
	with_tracker run_row est6 8 8
	with_tracker run_row udp4 8 $udp
	with_tracker run_row new4 "$FLOWS" "$FLOWS"
	with_tracker run_row new6 "$FLOWS" "$FLOWS"
	with_tracker run_row conn4 2000 2000
	with_tracker read_row proc4 file "$proc"
	with_tracker read_row brief4 dump "$brief"
	with_tracker read_row full4 dump "$full"
	with_tracker event_row load4 1000
	with_tracker event_row lone4 100
	[ "$TRACKER" != tcptrack ] || with_tracker kill_row kill4
}

modprobe dummy
ip link set dummy0 up
insmod /ko/tct_bench.ko
if [ "$1" = --large ]; then
	RUN=run_large FLOWS=$2
	shift 2
fi
echo "tracker=none $(cat $PARAM/run)"
for TRACKER; do
	$RUN
done
rmmod tct_bench
