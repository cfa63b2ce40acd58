#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each class of flows goes when its timeout passes in silence, counted by
# class. The flows are the router's, between puppets that never repeat
# themselves.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

SECONDS_EACH=2
CLASSES=(half_open established half_closed closing time_wait closed)
declare -A FLOW BORN BEFORE

remember()
{
	FLOW[$1]="${T[*]}"
	BORN[$1]=${EPOCHREALTIME/./}
}

recall()
{
	read -ra T <<<"${FLOW[$1]}"
	SPORT=${T[1]} PORT=${T[3]}
}

# All are made at once, and the cases come to them as they go.
set_up()
{
	local class

	set_up_network || return
	for class in "${CLASSES[@]}"; do
		ctl r "timeout_$class" $SECONDS_EACH || return
		counter r "expired_$class" && BEFORE[$class]=$REPLY
	done
	for class in "${CLASSES[@]}" kept; do
		puppets 4 "${class/kept/established}" && remember "$class" &&
		see r "class=${class/kept/established}" || return
	done
	puppets 4 half_open && remember repeated
}

# What is left of its time is shown.
shown()
{
	recall established
	see r class=established && field timeout &&
	((10#${REPLY/./} > 0 && 10#${REPLY/./} <= SECONDS_EACH * 1000)) ||
		fail "timeout=$REPLY"
}

# Both ends speak for longer than the timeout, and the unanswered SYN is
# repeated meanwhile.
kept_by_traffic()
{
	local end=$((BORN[kept] + (SECONDS_EACH + 1) * 1000000))

	while ((${EPOCHREALTIME/./} < end)); do
		recall repeated
		puppet c S 1000 0 mss=1400
		recall kept
		puppet c A 1001 5001 && puppet s A 5001 1001 || return
		pass_time 100
	done
	see r class=established
}

not_kept_by_repeating()
{
	recall repeated
	# it may have gone, and have been made anew by the same SYN
	! flow r || [[ -z $LINE ]] || {
		field age
		((10#${REPLY/./} < (SECONDS_EACH + 1) * 1000)) ||
			fail "a repeated SYN kept: $LINE"
	}
}

expires()
{
	recall "$1"
	gone r || return
	((${EPOCHREALTIME/./} - BORN[$1] >= SECONDS_EACH * 1000000 - 20000)) ||
		fail "gone too soon" || return
	counter r "expired_$1" && ((REPLY > BEFORE[$1])) ||
		fail "expired_$1 was ${BEFORE[$1]} and is $REPLY"
}

kept_goes()
{
	recall kept
	gone r
}

# A new timeout is for timers that begin afterwards.
changed()
{
	puppets 4 established && see r class=established &&
	ctl r timeout_established 2000000 && puppet c A 1001 5001 &&
	puppet s A 5001 1001 && see r class=established && field timeout &&
	((10#${REPLY/./} > 1000000000)) || fail "timeout=$REPLY"
}

# 2^31 jiffies would look like the past. The longest timeout that is taken
# does not.
longest()
{
	local high=4294967295 low=1 mid

	while ((high - low > 1)); do
		mid=$(((high + low) / 2))
		if peer r write /proc/sys/net/tcptrack/timeout_established "$mid"
		then
			low=$mid
		else
			high=$mid
		fi
	done
	((low >= 2147482)) || fail "the longest timeout is $low s" || return
	ctl r timeout_established "$low" && puppets 4 established &&
	see r class=established && field timeout &&
	((10#${REPLY/./} > (low - 60) * 1000)) || fail "timeout=$REPLY" ||
	return
	pass_time 600	# two turns of the wheel
	see r class=established
}

defaults()
{
	local name

	p c read /proc/sys/net/tcptrack/timeout_time_wait &&
	[[ $REPLY == 60 ]] || fail "TIME_WAIT: $REPLY" || return
	p c read /proc/sys/net/tcptrack/timeout_half_open &&
	((REPLY >= 127 && REPLY <= 140)) || fail "half-open: $REPLY"
}

t "the time left is shown" shown
t "the stack's own times are the defaults" defaults
t "traffic keeps a flow" kept_by_traffic
t "repeating a SYN does not" not_kept_by_repeating
for class in "${CLASSES[@]}"; do
	t "$class expires" expires "$class"
done
t "a flow without traffic any more expires, too" kept_goes
t "a new timeout is for what begins afterwards" changed
t "the longest timeout is not the past" longest
tct_run
