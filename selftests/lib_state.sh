# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Part of lib.sh: what tcptrack says, what ss says, and whether they agree.

# --- what tcptrack says -----------------------------------------------------

# flow NS: sets LINE to the flow's line there. One that stands there twice is
# no answer.
flow()
{
	local line key="src=${T[0]} sport=${T[1]} dst=${T[2]} dport=${T[3]}"
	local found=0

	LINE='' LINES=()
	mapfile -t LINES 2>/dev/null <"${TABLE[$1]}/tcptrack"
	for line in "${LINES[@]}"; do
		[[ $line == *" $key "* ]] || continue
		LINE=$line
		found=$((found + 1))
	done
	((found == 1))
}

# gone NS: the flow is not there, or not for long; none NS: it is not there.
gone()
{
	busywait no_flow "$1" || fail "still in $1: $LINE"
}

none()
{
	no_flow "$1" || fail "$1 has: $LINE"
}

no_flow()
{
	! flow "$1" && [[ -z $LINE ]]
}

field()
{
	value "$1" "$LINE"
}

shows()
{
	local want

	flow "$1" || return
	shift
	for want; do
		case $want in
		flag=*)	field flags
			[[ ,$REPLY, == *",${want#*=},"* ]] || return ;;
		noflag=*) field flags
			[[ ,$REPLY, != *",${want#*=},"* ]] || return ;;
		*)	[[ " $LINE " == *" $want "* ]] || return ;;
		esac
	done
}

# see NS KEY=VALUE|flag=F|noflag=F...: the flow's line there has all these,
# now or before long.
see()
{
	busywait shows "$@" && return
	flow "$1" || [[ -z $LINE ]] || say "it is there more than once"
	fail "expected in $1: ${*:2}" "of ${T[*]}" \
		"but there is: ${LINE:-no such flow}"
}

# counter NS NAME: from /proc/net/stat/tcptrack. sum NS NAME: the summary's.
counter()
{
	file_value "${TABLE[$1]}/stat/tcptrack" "$2"
}

sum()
{
	file_value "${TABLE[$1]}/tcptrack_summary" "$2"
}

file_value()
{
	local line lines

	REPLY=''
	mapfile -t lines <"$1"
	for line in "${lines[@]}"; do
		[[ $line != "$2="* ]] || REPLY=${line#*=}
	done
	[[ -n $REPLY ]] || fail "$1 has no $2"
}

# counter_reaches NS NAME N: it is N now or before long, and not more.
counter_reaches()
{
	busywait counter_is "$@" ||
		fail "expected $2=$3 in $1, but it is $REPLY"
}

counter_is()
{
	counter "$1" "$2" && [[ $REPLY == "$3" ]]
}

# snmp NS NAME [PROTOCOL [FILE]]: from the stack's own counters.
snmp()
{
	local names='' line word i=0

	while read -r line; do
		[[ $line == "${3:-Tcp}: "* ]] || continue
		[[ -n $names ]] || { names=$line; continue; }
		read -ra line <<<"$line"
		for word in $names; do
			[[ $word != "$2" ]] || { REPLY=${line[i]}; return; }
			i=$((i + 1))
		done
	done <"${TABLE[$1]}/${4:-snmp}"
	fail "no $2 in ${TABLE[$1]}/${4:-snmp}"
}

# snmp_reaches NS NAME N [PROTOCOL]
snmp_reaches()
{
	busywait snmp_is "$@" ||
		fail "expected $2=$3 of the stack in $1, but it is $REPLY"
}

snmp_is()
{
	snmp "$1" "$2" "${4:-Tcp}" && [[ $REPLY == "$3" ]]
}

# --- what ss says -----------------------------------------------------------

declare -A RFC_NAME=(
	[ESTAB]=ESTABLISHED [SYN-SENT]=SYN_SENT [SYN-RECV]=SYN_RECEIVED
	[FIN-WAIT-1]=FIN_WAIT_1 [FIN-WAIT-2]=FIN_WAIT_2 [TIME-WAIT]=TIME_WAIT
	[UNCONN]=CLOSED [CLOSE-WAIT]=CLOSE_WAIT [LAST-ACK]=LAST_ACK
	[CLOSING]=CLOSING
)

# socket_state NS ADDR PORT PEER PORT: by its RFC name; CLOSED if there is
# no such socket.
socket_state()
{
	local local=$2:$3 remote=$4:$5 lines line words

	[[ $2 != *:* ]] || local=[$2]:$3 remote=[$4]:$5
	mapfile -t lines < <(exec ss -N "${NS[$1]}" -Htan "sport = :$3")
	REPLY=CLOSED
	for line in "${lines[@]}"; do
		read -ra words <<<"$line"
		[[ ${words[3]/\%*:/:} == "$local" && ${words[4]} == "$remote" ]] ||
			continue
		REPLY=${RFC_NAME[${words[0]}]:-${words[0]}}
		return
	done
}

# sockets_are SRC_STATE DST_STATE
sockets_are()
{
	socket_state "${ENDS[0]}" "${T[0]}" "${T[1]}" "${T[2]}" "${T[3]}"
	SS_SRC=$REPLY
	[[ $SS_SRC == "$1" ]] || return
	socket_state "${ENDS[1]}" "${T[2]}" "${T[3]}" "${T[0]}" "${T[1]}"
	SS_DST=$REPLY
	[[ $SS_DST == "$2" ]]
}

# server_socket STATE: for a ghost's connection, which has but this end.
server_socket()
{
	busywait server_socket_is "$1" ||
		fail "expected from ss at the server: $1, but it says: $SS_DST"
}

server_socket_is()
{
	socket_state "${ENDS[1]}" "${T[2]}" "${T[3]}" "${T[0]}" "${T[1]}"
	SS_DST=$REPLY
	[[ $SS_DST == "$1" ]]
}

# agree SRC_STATE DST_STATE [NS...]: in each of these namespaces, or all
# three, tcptrack shows these states, and ss shows them at the two ends.
agree()
{
	local src=$1 dst=$2 ns views=("${@:3}")

	((${#views[@]})) || views=(c r s)
	for ns in "${views[@]}"; do
		see "$ns" "src_state=$src" "dst_state=$dst" || {
			sockets_are "$src" "$dst" || :
			say "ss: ${SS_SRC:-?} ${SS_DST:-?}"
			return 1
		}
	done
	sockets "$src" "$dst" || return
	# Still so, that it was one moment that both spoke of.
	for ns in "${views[@]}"; do
		see "$ns" "src_state=$src" "dst_state=$dst" || return
	done
}

# sockets SRC_STATE DST_STATE: what ss says, now or before long.
sockets()
{
	SS_SRC='' SS_DST=''
	busywait sockets_are "$@" || fail "expected from ss: $*" \
		"but it says: ${SS_SRC:-?} ${SS_DST:-?}, of ${T[*]}"
}
