#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Events: what they say of a connection's life, that none is missing without
# saying so, who may listen and to what.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

ALL="new change end"

# story NS EVENT...: exactly these happened to the flow there, in this order. An
# end's PACKETS:BYTES may be left out.
story()
{
	local at=$1 got want said
	local -a story

	shift
	p "$at" estory "r$at" "${T[@]}" $# || return
	said=$REPLY
	read -ra story <<<"$said"
	((${#story[@]} == $#)) ||
		{ p "$at" eaccount "r$at"; fail "$# events expected in $at: $*" \
			"but these came: $said" "of $REPLY"; } || return
	for got in "${story[@]}"; do
		want=$1
		shift
		[[ $got == "$want" || $got == "$want":*+*:* ]] ||
			fail "expected $want" "but $got came, in: $said" ||
			return
	done
}

# listen NS [GROUP...] [OPTION...]: reader rNS, from now on.
listen()
{
	local ns=$1

	shift
	# shellcheck disable=SC2086 # topics are words
	p "$ns" events "r$ns" ${*:-$ALL} && p "$ns" ebegin "r$ns"
}

deaf()
{
	local ns

	for ns; do
		peer "$ns" eclose "r$ns"
	done
	return 0
}

after_case()
{
	deaf c r s -
	undrop "${DROPS[@]}"
	p - closeall
}

established()
{
	connection "$1" && p c send a 1000 && p s recv b 1000 &&
	see r src_bytes=1000
}

OPENED=(new:SYN_SENT/CLOSED:syn
	change:SYN_SENT/CLOSED\>SYN_SENT/SYN_RECEIVED:synack
	change:SYN_SENT/SYN_RECEIVED\>ESTABLISHED/ESTABLISHED:ack)

# From SYN to expiry
orderly()
{
	listen r && ctl r timeout_time_wait 1 && established "$1" &&
	story r "${OPENED[@]}" && p c close a &&
	agree FIN_WAIT_2 CLOSE_WAIT r && p s close b &&
	story r "${OPENED[@]}" \
		"change:ESTABLISHED/ESTABLISHED>FIN_WAIT_1/ESTABLISHED:fin" \
		"change:FIN_WAIT_1/ESTABLISHED>FIN_WAIT_2/CLOSE_WAIT:fin_ack" \
		"change:FIN_WAIT_2/CLOSE_WAIT>FIN_WAIT_2/LAST_ACK:fin" \
		"change:FIN_WAIT_2/LAST_ACK>TIME_WAIT/CLOSED:fin_ack" \
		"end:TIME_WAIT/CLOSED:fin_ack:src_fin:expired" &&
	say "$REPLY" && ctl r timeout_time_wait 60
}

t "a connection's life, IPv4" orderly 4
t "a connection's life, IPv6" orderly 6
tct_run
