# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What every selftest here shares: TAP, the three namespaces, the agent that
# does the work in them, and the comparison of what tcptrack says with what
# `ss` says at both ends.
#
#	client (c)            router (r)             server (s)
#	10.0.1.1   ------ 10.0.1.254  10.0.2.254 ------ 10.0.2.1
#	fd00:1::1          fd00:1::fe  fd00:2::fe       fd00:2::1
#
# 10.0.1.99, fd00:1::99 and 10.0.2.99, fd00:2::99 are "ghosts": the router
# sends what is for them to the client and to the server, which own them not
# and ignore it. A test that plays an end by hand is a ghost.
#
# Starting a program costs 20 ms under an emulator, a subshell as much. So
# functions here return text in REPLY or LINE, never on their output.

export LC_ALL=C
# Seconds until a wait counts as failed; with TCT_TIMES set, cases are timed.
export TCT_WAIT=${TCT_WAIT:-20}

KSFT_SKIP=4
# Not where we are: a kselftest runner may have changed the directory.
TCT_DIR=${BASH_SOURCE[0]%/*}
declare -A NS TABLE TID
CASES=()

# --- TAP --------------------------------------------------------------------

say()
{
	printf '# %s\n' "$@"
}

# fail WHAT...: says it, and is false.
fail()
{
	say "$@"
	return 1
}

# skip WHY: the case is to return at once: skip "no vrf" || return
skip()
{
	SKIPPED=$1
	return 1
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit $KSFT_SKIP
}

# t NAME FUNCTION [ARGUMENT...]: one more case.
t()
{
	local IFS=$'\037'

	CASES+=("$*")
}

run_case()
{
	local number=$1 name=$2 result=ok

	shift 2
	SKIPPED='' NAME='' KEEP=''
	BEGUN=${EPOCHREALTIME/./}
	"$@" || result='not ok'
	after_case || result='not ok'
	[[ -z ${TCT_TIMES:-} ]] ||
		say "$(((${EPOCHREALTIME/./} - BEGUN) / 1000)) ms:"
	if [[ -n $SKIPPED ]]; then
		echo "ok $number $name # SKIP $SKIPPED"
		SKIPS=$((SKIPS + 1))
	else
		echo "$result $number $name"
		[[ $result == ok ]] || FAILS=$((FAILS + 1))
	fi
}

# tct_run: sets up, runs the cases, takes everything down again.
tct_run()
{
	local i words

	NAME='' FAILS=0 SKIPS=0
	echo "TAP version 13"
	need_module
	trap 'exit 1' INT TERM HUP
	trap 'take_down || :' EXIT
	if ! set_up; then
		take_down
		echo "Bail out! the namespaces could not be set up"
		exit 1
	fi
	echo "1..${#CASES[@]}"
	for ((i = 0; i < ${#CASES[@]}; i++)); do
		IFS=$'\037' read -ra words <<<"${CASES[i]}"
		run_case $((i + 1)) "${words[@]}"
	done
	trap - EXIT
	take_down || FAILS=$((FAILS + 1))
	say "totals: pass:$((${#CASES[@]} - FAILS - SKIPS)) fail:$FAILS skip:$SKIPS"
	((FAILS == 0)) || exit 1
	((SKIPS < ${#CASES[@]})) || exit $KSFT_SKIP
	exit 0
}

# --- waiting ----------------------------------------------------------------

# busywait COMMAND...: until it is true; false after TCT_WAIT seconds.
busywait()
{
	local end=$((${EPOCHREALTIME/./} + TCT_WAIT * 1000000))

	until "$@"; do
		((${EPOCHREALTIME/./} < end)) || return 1
		read -rt 0.004 <&"$IDLE" || :
	done
}

# pass_time MS: for time itself as the thing under test, never for events.
pass_time()
{
	read -rt "$(($1 / 1000)).$(printf '%03d' $(($1 % 1000)))" \
		<&"$IDLE" || :
}

# --- the agent --------------------------------------------------------------

# peer NS COMMAND...: true if it went well; REPLY is the answer without "ok"
# or "err".
peer()
{
	local status

	printf '%s\n' "$*" >&"$PEER_IN" || return
	read -rt $((TCT_WAIT * 3)) status REPLY <&"$PEER_OUT" ||
		REPLY='no answer'
	[[ $status == ok ]]
}

# p NS COMMAND...: one that must go well.
p()
{
	peer "$@" || fail "$*: $REPLY"
}

# refused ERRNO NS COMMAND...: one that must be refused like that.
refused()
{
	local want=$1

	shift
	if peer "$@"; then
		fail "$*: not refused, but expected $want"
	else
		[[ ${REPLY%% *} == "$want" ]] ||
			fail "$*: $REPLY, but expected $want"
	fi
}

# value KEY: of a reply or line of key=value words.
value()
{
	local rest=" ${2:-$REPLY} "

	[[ $rest == *" $1="* ]] || return
	rest=${rest#* "$1"=}
	REPLY=${rest%% *}
}

# job_value NS stop|wait|progress JOB KEY: a number from what a job says.
job_value()
{
	p "$1" "$2" "$3" && value "$4"
}

# --- namespaces -------------------------------------------------------------

need_module()
{
	((UID == 0)) || skip_all "must be run as root"
	[[ -x $TCT_DIR/tct_peer ]] || skip_all "tct_peer is not built"
	[[ -d /proc/sys/net/tcptrack ]] || modprobe -q tcptrack ||
		skip_all "the module tcptrack cannot be loaded"
	type -P ip ss nft >/dev/null || skip_all "needs ip, ss and nft"
}

start_agent()
{
	# shellcheck disable=SC2034 # bash sets PEER and PEER_PID
	coproc PEER { exec "$TCT_DIR/tct_peer"; }
	exec {PEER_IN}>&"${PEER[1]}" {PEER_OUT}<&"${PEER[0]}"
	exec {IDLE}<> <(:)
	AGENT=$PEER_PID
	TABLE[-]=/proc/net
	NS=() PORT=1024 DROPS=()
}

# adopt NAME FULL: the agent enters it, the shell can read its /proc/net.
adopt()
{
	NS[$1]=$2
	p "$1" netns "/run/netns/$2" || return
	TID[$1]=$REPLY
	TABLE[$1]=/proc/$AGENT/task/$REPLY/net
}

make_namespaces()
{
	local c=tct-c-$$ r=tct-r-$$ s=tct-s-$$

	NS=([c]=$c [r]=$r [s]=$s)
	# Each has a device in the initial namespace that goes when it goes:
	# when the last reference is dropped, not when the name is removed.
	ip -batch - <<-EOT
		netns add $c
		netns add $r
		netns add $s
		link add name tctc$$ type veth peer name mark netns $c
		link add name tctr$$ type veth peer name mark netns $r
		link add name tcts$$ type veth peer name mark netns $s
		link add name cr netns $c address 02:00:00:00:01:01 type veth peer name rc netns $r address 02:00:00:00:01:fe
		link add name sr netns $s address 02:00:00:00:02:01 type veth peer name rs netns $r address 02:00:00:00:02:fe
	EOT
}

# configure NET DEVICE NEIGHBOUR-MAC NS: an end. Neighbours are permanent: no
# test is about their discovery.
configure_end()
{
	ip -n "${NS[$4]}" -batch - <<-EOT
		link set lo up
		link set $2 up
		addr add 10.0.$1.1/24 dev $2
		addr add fd00:$1::1/64 dev $2 nodad
		neigh add 10.0.$1.254 lladdr $3 dev $2
		neigh add fd00:$1::fe lladdr $3 dev $2
		route add default via 10.0.$1.254
		route add default via fd00:$1::fe
	EOT
}

configure_router()
{
	ip -n "${NS[r]}" -batch - <<-EOT
		link set lo up
		link set rc up
		link set rs up
		addr add 10.0.1.254/24 dev rc
		addr add 10.0.2.254/24 dev rs
		addr add fd00:1::fe/64 dev rc nodad
		addr add fd00:2::fe/64 dev rs nodad
		neigh add 10.0.1.1 lladdr 02:00:00:00:01:01 dev rc
		neigh add 10.0.1.99 lladdr 02:00:00:00:01:01 dev rc
		neigh add fd00:1::1 lladdr 02:00:00:00:01:01 dev rc
		neigh add fd00:1::99 lladdr 02:00:00:00:01:01 dev rc
		neigh add 10.0.2.1 lladdr 02:00:00:00:02:01 dev rs
		neigh add 10.0.2.99 lladdr 02:00:00:00:02:01 dev rs
		neigh add fd00:2::1 lladdr 02:00:00:00:02:01 dev rs
		neigh add fd00:2::99 lladdr 02:00:00:00:02:01 dev rs
	EOT
}

# set_up: a script may define its own, and call this one from there.
set_up()
{
	set_up_network
}

set_up_network()
{
	start_agent
	make_namespaces && configure_router &&
	configure_end 1 cr 02:00:00:00:01:fe c &&
	configure_end 2 sr 02:00:00:00:02:fe s &&
	adopt c "${NS[c]}" && adopt r "${NS[r]}" && adopt s "${NS[s]}" &&
	p r write /proc/sys/net/ipv4/ip_forward 1 &&
	p r write /proc/sys/net/ipv6/conf/all/forwarding 1 &&
	enable c r s
}

enable()
{
	local ns

	for ns; do
		ctl "$ns" enabled 1 || return
	done
}

# ctl NS NAME VALUE: sets net.tcptrack.NAME there.
ctl()
{
	p "$1" write "/proc/sys/net/tcptrack/$2" "$3"
}

namespaces_gone()
{
	local ns

	for ns in "${!NS[@]}"; do
		[[ ! -e /run/netns/${NS[$ns]} ]] || return
		[[ ! -e /sys/class/net/tct$ns$$ ]] || return
	done
}

# take_down: a script may define its own, as with set_up.
take_down()
{
	take_down_network
}

# True only if nothing that was made is left.
take_down_network()
{
	local ns commands=''

	[[ -n ${AGENT:-} ]] || return 0
	# An orphan that cannot finish would keep its namespace.
	undrop "${DROPS[@]}" && peer - closeall
	peer - quit || kill "$AGENT" 2>/dev/null
	wait "$AGENT" 2>/dev/null || :
	[[ ! -d /proc/$AGENT ]] || fail "the agent is still running" || return
	for ns in "${NS[@]}"; do
		[[ ! -e /run/netns/$ns ]] || commands+="netns del $ns"$'\n'
	done
	[[ -z $commands ]] || ip -batch - <<<"$commands"
	busywait namespaces_gone || fail "a network namespace did not go away"
	AGENT=''
}

# after_case: no case finds another's sockets or rules, unless KEEP was set.
after_case()
{
	[[ -z $KEEP ]] || return 0
	undrop "${DROPS[@]}"
	p - closeall
}

# shellcheck source=lib_peers.sh
. "$TCT_DIR/lib_peers.sh"
# shellcheck source=lib_state.sh
. "$TCT_DIR/lib_state.sh"
