#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The table grows under traffic, and whoever reads it meanwhile sees each flow
# that lives throughout exactly once.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

FLOWS=/proc/self/net/tcptrack
HELD=60

set_up()
{
	# the ceiling of the child namespaces is for the router's flows
	set_up_network && ctl c enabled 0 && ctl s enabled 0 &&
	ctl r timeout_closed 1 && ctl r max 100000 && ctl r half_open_max 100000 || return
	family 4
	ECHO=$PORT
	p s serve echo "$SERVER" "$ECHO" &&
	p c hold crowd "$SERVER" "$ECHO" "$HELD"
}

after_case()
{
	:
}

# each_once PIECE [PAUSE_US]: the held connections, in one reading.
each_once()
{
	local line

	p r dump "$FLOWS" "$@" "dport=$ECHO" class=established && line=$REPLY &&
	value match "$line" && [[ $REPLY == "$HELD" ]] &&
	value twice "$line" && [[ $REPLY == 0 ]] &&
	value bad "$line" && [[ $REPLY == 0 ]] ||
		fail "of $HELD connections: $line"
}

at_rest()
{
	each_once 65536 && each_once 100
}

# While others come and go. The churn is of another port.
under_churn()
{
	local i

	family 4
	CHURN=$PORT
	p s serve other "$SERVER" "$PORT" &&
	p c churn busy "$SERVER" "$PORT" 0 abort && p c reached busy 5 ||
		return
	for ((i = 0; i < 10; i++)); do
		each_once 4096 500 || return
	done
}

# The table doubles twice or more during these readings: they go on until it
# has, and slowly.
while_growing()
{
	local before after rounds=0

	sum r buckets && before=$REPLY && FLOOD=$((3 * before)) || return
	family 4
	p c flood syns "$FLOOD" "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=2000 mss=1400 || return
	while ((rounds < 50)); do
		each_once 4096 200 && p c progress syns && value "done" || return
		rounds=$((rounds + 1))
		((REPLY < FLOOD)) || break
	done
	p c wait syns && value failed && [[ $REPLY == 0 ]] || return
	sum r buckets && after=$REPLY && counter r table_grown || return
	((after >= 4 * before && REPLY >= 2)) ||
		fail "buckets: $before, then $after; grown $REPLY times"
}

# All of the new flows are there, and the old connections work.
after_growing()
{
	p r dump "$FLOWS" 65536 "dst=$NOBODY" && value match || return
	[[ $REPLY == "$FLOOD" ]] ||
		fail "$REPLY of $FLOOD flows" || return
	p c ping crowd && each_once 65536 && p c stop busy || return
	value failed && [[ $REPLY == 0 ]] || fail "failed: $REPLY" || return
	p s stop other
}

# Thousands of flows expire while they are read.
while_expiring()
{
	expired()
	{
		each_once 4096 && sum r half_open && ((REPLY == 0))
	}
	# what stands keeps its deadline: the table is made anew
	ctl r enabled 0 && ctl r timeout_half_open 1 && ctl r enabled 1 &&
	p c ping crowd && family 4 &&
	p c flood syns 3000 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=2000 && p c wait syns && busywait expired &&
	counter r expired_half_open && [[ $REPLY == 3000 ]] ||
		fail "expired: $REPLY" || return
	p c release crowd abort && p s stop echo
}

t "at rest" at_rest
t "under churn" under_churn
t "while the table grows" while_growing
t "after it has grown" after_growing
t "while flows expire" while_expiring
tct_run
