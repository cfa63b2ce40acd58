# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Part of lib.sh: losses by nftables, connections by sockets, by ghosts and by
# puppets.

# --- netfilter rules --------------------------------------------------------

# rules NS TEXT: nft rules there; false if the kernel has not what they need.
rules()
{
	peer "$1" exec nft "${2//[$'\n\t']/ }"
}

# drop NS[:TABLE] RULE...: what matches is lost on its way in, before tcptrack
# there sees it. undrop NS[:TABLE]... ends it, and so does the end of the case.
drop()
{
	local at=$1 table=tct rule commands

	shift
	[[ $at != *:* ]] || table=${at#*:}
	[[ " ${DROPS[*]} " == *" $at "* ]] || DROPS+=("$at")
	commands="add table inet $table ; add chain inet $table pre
		{ type filter hook prerouting priority -300 ; }"
	for rule; do
		commands+=" ; add rule inet $table pre $rule drop"
	done
	rules "${at%:*}" "$commands" || fail "no nft rules in $at: $*: $REPLY"
}

undrop()
{
	local at table i

	for at; do
		table=tct
		[[ $at != *:* ]] || table=${at#*:}
		p "${at%:*}" exec nft delete table inet "$table"
		for i in "${!DROPS[@]}"; do
			[[ ${DROPS[i]} != "$at" ]] || unset "DROPS[i]"
		done
	done
}

# --- connections ------------------------------------------------------------

family()
{
	if [[ $1 == 4 ]]; then
		CLIENT=10.0.1.1 SERVER=10.0.2.1
		GHOST=10.0.1.99 NOBODY=10.0.2.99
	else
		CLIENT=fd00:1::1 SERVER=fd00:2::1
		GHOST=fd00:1::99 NOBODY=fd00:2::99
	fi
	PORT=$((PORT + 1))
	SPORT=$((PORT + 30000))
}

# tuple SRC SPORT DST DPORT: the flow that the next checks are about, and
# where its ends' sockets are.
tuple()
{
	T=("$1" "$2" "$3" "$4")
	ENDS=(c s)
}

# listening 4|6 [backlog=N] [OPTION...]: listener l at the server, on a port of
# its own; with NAME set, NAMEl.
listening()
{
	local backlog=8 option

	family "$1"
	shift
	for option; do
		[[ $option != backlog=* ]] || backlog=${option#*=}
	done
	tuple "$CLIENT" "$SPORT" "$SERVER" "$PORT"
	p s listen "${NAME}l" "$SERVER" "$PORT" "$backlog" "$@"
}

# dial [OPTION...]: the client connects to it with socket a, or NAMEa.
dial()
{
	p c connect "${NAME}a" "$SERVER" "$PORT" "src=$CLIENT" \
		"sport=$SPORT" "$@"
}

# connection 4|6 [OPTION...]: socket a at the client, b at the server.
connection()
{
	listening "$1" && shift && dial "$@" && p s accept "${NAME}l" "${NAME}b"
}

# ghost_send FLAGS [KEY=VALUE...]: as the ghost, from where it stands.
ghost_send()
{
	local flags=$1

	shift
	p c pkt "src=$GHOST" "dst=$SERVER" "sport=$SPORT" "dport=$PORT" \
		"flags=$flags" "seq=$GSEQ" "ack=$GACK" "$@"
}

# ghost_expect FLAGS: what the server says to it; sets GACK behind that.
ghost_expect()
{
	local line flags seq len

	p c expect "sport=$PORT" "dport=$SPORT" "flags=$1" || return
	line=$REPLY
	value flags "$line" && flags=$REPLY
	value seq "$line" && seq=$REPLY
	value len "$line" && len=$REPLY
	[[ $flags != *S* ]] || len=$((len + 1))
	[[ $flags != *F* ]] || len=$((len + 1))
	GACK=$(((seq + len) & 0xffffffff))
}

# ghost_open 4|6: a ghost's handshake with the listener l, socket b.
ghost_open()
{
	listening "$@" || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	GSEQ=1001 && ghost_send A && p s accept l b
}

# puppets FAMILY [CLASS]: a flow between two ghosts, both played by hand, as far
# as that class of flows. No stack takes part: nothing is repeated.
puppets()
{
	family "$1"
	tuple "$GHOST" "$SPORT" "$NOBODY" "$PORT"
	puppet c S 1000 0 mss=1400 || return
	[[ $2 != half_open ]] || return 0
	puppet s SA 5000 1001 mss=1400 && puppet c A 1001 5001 || return
	[[ $2 != established ]] || return 0
	if [[ $2 == closed ]]; then
		puppet c R 1001 0
		return
	fi
	puppet c FA 1001 5001 && puppet s A 5001 1002 || return
	[[ $2 != half_closed ]] || return 0
	puppet s FA 5001 1002 || return
	[[ $2 != closing ]] || return 0
	puppet c A 1002 5002
}

# puppet c|s FLAGS SEQ ACK [KEY=VALUE...]: that side's puppet speaks.
puppet()
{
	local from=("src=$GHOST" "dst=$NOBODY" "sport=$SPORT" "dport=$PORT")

	[[ $1 == c ]] ||
	from=("src=$NOBODY" "dst=$GHOST" "sport=$PORT" "dport=$SPORT")
	p "$1" pkt "${from[@]}" "flags=$2" "seq=$3" "ack=$4" "${@:5}"
}
