#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Dumps over netlink, read in many pieces: each flow that lives throughout is in
# them exactly once, while others come and go and the table grows, and a reader
# is told when it is not so: when tracking was turned off meanwhile, or a
# namespace went away that was being told.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

HELD=100
ESTABLISHED=$((1 << 1))		# of TCPTRACK_CLASS_

set_up()
{
	# the ceiling of the child namespaces is for the router's flows
	set_up_network && ctl c enabled 0 && ctl s enabled 0 &&
	ctl r timeout_closed 1 && ctl r max 100000 &&
	ctl r half_open_max 100000 || return
	family 4
	ECHO=$PORT
	p s serve echo "$SERVER" "$ECHO" &&
	p c hold crowd "$SERVER" "$ECHO" "$HELD"
}

after_case()
{
	:
}

# told KEY=VALUE...: what was read of the dump has these.
told()
{
	local want

	for want; do
		[[ " $REPLY " == *" $want "* ]] ||
			fail "expected $*" "but of $HELD flows: $REPLY" ||
			return
	done
}

# pieces N: it was read in so many or more.
pieces()
{
	local all=$REPLY

	value pieces && ((REPLY >= $1)) || fail "pieces: $REPLY" || return
	REPLY=$all
}

# all_held: the held connections, each once.
all_held()
{
	told "match=$HELD" twice=0 interrupted=0 over=1
}

# each_once NS OPTION...: in one dump.
each_once()
{
	p "$1" nldump d "dport=$ECHO" "${@:2}" && p "$1" nlread d && all_held
}

at_rest()
{
	each_once r && pieces 10 && each_once r brief && pieces 4 &&
	each_once r piece=32768 && each_once r "port=$ECHO" && pieces 10 &&
	each_once - all brief && each_once r "classes=$ESTABLISHED" brief ||
		return
	p r nldump d "port=$ECHO" "classes=$((~ESTABLISHED & 63))" &&
	p r nlread d && told told=0 interrupted=0
}

# Of three other ports: connections that are reset, and that end in TIME_WAIT
begin_churn()
{
	local i how

	for how in abort abort bytes=10; do
		family 4
		CHURN+=("$PORT")
		p s serve "s$PORT" "$SERVER" "$PORT" &&
		p c churn "c$PORT" "$SERVER" "$PORT" 0 "$how" || return
	done
	for i in "${CHURN[@]}"; do
		p c reached "c$i" 5 || return
	done
}

end_churn()
{
	local i

	for i in "${CHURN[@]}"; do
		p c stop "c$i" && value failed && [[ $REPLY == 0 ]] ||
			fail "failed: $REPLY" || return
		p s stop "s$i" || return
	done
}

under_churn()
{
	local i

	CHURN=()
	begin_churn || return
	for ((i = 0; i < 2; i++)); do
		each_once r pause=200 && each_once r brief "port=$ECHO" &&
		each_once r "classes=$ESTABLISHED" && each_once - all brief ||
			return
	done
}

# grow FLOWS: so many more half-open ones.
grow()
{
	family 4
	p c flood syns "$1" "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=2000 && p c wait syns && value failed &&
	[[ $REPLY == 0 ]] || fail "failed: $REPLY"
}

grown()
{
	counter r table_grown && ((REPLY > GROWN))
}

# While one dump of all flows and one of the held ones are read, the table
# doubles twice; the churn goes on.
while_growing()
{
	local buckets i

	sum r buckets && buckets=$REPLY &&
	p r nldump d "dport=$ECHO" brief && p r nldump f "port=$ECHO" ||
		return
	for i in 1 2; do
		counter r table_grown && GROWN=$REPLY &&
		p r nlread d pieces=3 && told over=0 &&
		p r nlread f pieces=3 && told over=0 &&
		grow $((3 * buckets / 2)) && p r nlread f pieces=1 &&
		busywait grown || fail "the table does not grow" || return
	done
	p r nlread f && all_held && p r nlread d && all_held && pieces 100 ||
		return
	each_once r brief && each_once r "port=$ECHO" && p c ping crowd &&
	end_churn
}

# Other changes of settings lose nothing
not_interrupted()
{
	p r nldump d "dport=$ECHO" && p r nlread d pieces=2 && told over=0 &&
	ctl r timeout_closed 2 && ctl r keep_detail 1 && ctl r max 90000 &&
	p r nlread d && all_held && ctl r keep_detail 0
}

# interrupted off|on: turned off, or also on again, before the rest is read
interrupted()
{
	p r nldump d "dport=$ECHO" && p r nlread d pieces=2 && told over=0 &&
	ctl r enabled 0 || return
	[[ $1 == off ]] || ctl r enabled 1 || return
	p r nlread d && told twice=0 interrupted=1 over=1 &&
	value match && ((REPLY < HELD)) || fail "$REPLY of them" || return
	ctl r enabled 1 && p c ping crowd && each_once r
}

# another NAME: a namespace with 300 half-open flows, to a port of its own.
another()
{
	local full=tct-$1-$$

	NS[$1]=$full
	ip -batch - <<-EOT || return
		netns add $full
		link add name tct$1$$ type veth peer name mark netns $full
	EOT
	ip -n "$full" -batch - <<-EOT || return
		link set lo up
		link add name dm type dummy
		link set dm up
		addr add 10.9.0.1/24 dev dm
	EOT
	family 4
	adopt "$1" "$full" && enable "$1" &&
	p "$1" flood syns 300 src=10.9.0.1 dst=10.9.0.2 "dport=$PORT" \
		sport=2000 && p "$1" wait syns &&
	counter_reaches "$1" flows_created 300
}

away()
{
	[[ ! -e /run/netns/$1 && ! -e /sys/class/net/$2 ]]
}

# vanish NAME: it is gone when its device is.
vanish()
{
	p "$1" leave && ip netns del "${NS[$1]}" &&
	busywait away "${NS[$1]}" "tct$1$$" ||
		fail "${NS[$1]} does not go" || return
	unset "NS[$1]" "TABLE[$1]"
}

# The first piece of a dump of both; the order is the kernel's: FIRST is told,
# and REST is not yet.
begin_both()
{
	another x && another y &&
	p - nldump d all brief "port=$((PORT - 1))" ports=2 "dport=$PORT" &&
	p - nlread d pieces=1 && told over=0 twice=0 && value match || return
	FIRST=x REST=y
	((REPLY == 0)) || FIRST=y REST=x
}

told_one_goes()
{
	begin_both && vanish "$FIRST" && p - nlread d &&
	told twice=0 interrupted=1 over=1 && value told &&
	((REPLY > 300 && REPLY < 600)) || fail "$REPLY of 600" || return
	vanish "$REST"
}

# One that is not told yet is not missed
other_one_goes()
{
	begin_both && vanish "$REST" && p - nlread d &&
	told told=300 twice=0 interrupted=0 over=1 && vanish "$FIRST"
}

t "at rest" at_rest
t "under churn" under_churn
t "while the table grows" while_growing
t "settings change" not_interrupted
t "tracking is turned off" interrupted off
t "tracking is turned off and on" interrupted on
t "a namespace goes away while it is told" told_one_goes
t "a namespace goes away before it is told" other_one_goes
tct_run
