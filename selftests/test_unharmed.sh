#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No packet is lost, held up or changed because of tcptrack, whatever state it
# is in. Random segments leave the client (LOCAL_OUT), pass the router
# (FORWARD) and reach a raw socket behind the server's LOCAL_IN: each one must
# arrive, in order, as it was sent.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

ROUNDS=1500

after_case()
{
	undrop "${DROPS[@]}"
	p - closeall
}

# sound FAMILY [ROUNDS]: and tcptrack had something to do with them.
sound()
{
	family "$1"
	p c fuzz noise "${2:-$ROUNDS}" to=s "src=$GHOST" "dst=$SERVER" \
		seed=$((RANDOM)) && p c wait noise || return
	value failed && [[ $REPLY == 0 ]] || fail "lost or changed: $REPLY"
}

ordinary()
{
	local before

	counter r packets_tracked && before=$REPLY && sound "$1" &&
	counter r packets_tracked && ((REPLY > before)) ||
		fail "nothing was tracked"
}

# each NAME VALUE: a sysctl in all three.
each()
{
	ctl c "$1" "$2" && ctl r "$1" "$2" && ctl s "$1" "$2"
}

# The only place is taken, by a connection that never gives way.
table_full()
{
	local ns

	each enabled 0 && each max 100000 && each enabled 1 &&
	connection 4 && agree ESTABLISHED ESTABLISHED && each max 1 &&
	sound "$1" || return
	for ns in c r s; do
		counter "$ns" untracked_full && ((REPLY > 0)) ||
			fail "$ns was not full" || return
	done
	agree ESTABLISHED ESTABLISHED
}

# Each new flow takes the place of another, half-open or closed by now: how far
# it has come is a matter of how fast the answers are.
evicting()
{
	local ns evicted

	each enabled 0 && each max 1 && each half_open_max 1 &&
	each enabled 1 && sound "$1" && each half_open_max 10000 || return
	for ns in c r s; do
		counter "$ns" evicted_half_open && evicted=$REPLY &&
		counter "$ns" evicted_closed && ((evicted + REPLY > 0)) ||
			fail "nothing was evicted in $ns" || return
	done
}

# Tracking goes on and off.
toggled()
{
	local i rounds=0

	family "$1"
	p c fuzz noise 0 to=s "src=$GHOST" "dst=$SERVER" seed=$((RANDOM)) ||
		return
	for ((i = 0; i < 10; i++)); do
		each enabled $((i % 2)) &&
		p c progress noise && value "done" && rounds=$REPLY &&
		p c reached noise $((rounds + 50)) || return
	done
	p c stop noise && value failed && [[ $REPLY == 0 ]] ||
		fail "lost or changed: $REPLY"
}

# Connections under the same: none fails, nothing is repeated.
toggled_connections()
{
	local i

	family 4
	p s serve echo "$SERVER" "$PORT" &&
	p c churn busy "$SERVER" "$PORT" 0 bytes=3000 || return
	for ((i = 0; i < 10; i++)); do
		each enabled $((i % 2)) && p c progress busy && value "done" &&
		p c reached busy $((REPLY + 3)) || return
	done
	p c stop busy && value failed && [[ $REPLY == 0 ]] ||
		fail "failed: $REPLY" || return
	p s stop echo
}

t "ordinary, IPv4" ordinary 4
t "ordinary, IPv6" ordinary 6
t "table full, IPv4" table_full 4
t "table full, IPv6" table_full 6
t "evicting, IPv4" evicting 4
t "evicting, IPv6" evicting 6
t "turned on and off, IPv4" toggled 4
t "turned on and off, IPv6" toggled 6
t "turned on and off under connections" toggled_connections
tct_run
