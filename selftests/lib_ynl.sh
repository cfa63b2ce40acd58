# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For tests of the netlink family: requests by the kernel's own library, which
# reads the family's spec. Both are looked for here, where scripts/kselftest
# puts them, and where they are in a kernel's tree.

find_ynl()
{
	local dir tree=$TCT_DIR/../../../..

	for dir in "$TCT_DIR/ynl" "$tree/tools/net/ynl"; do
		[[ ! -f $dir/cli.py ]] || YNL=$dir
	done
	for dir in "$TCT_DIR" "$tree/Documentation/netlink/specs" \
		   "$TCT_DIR/../Documentation/netlink/specs"; do
		[[ ! -f $dir/tcptrack.yaml ]] || SPEC=$dir/tcptrack.yaml
	done
	[[ -n ${YNL:-} ]] || skip_all "needs the kernel's tools/net/ynl"
	[[ -n ${SPEC:-} ]] || skip_all "needs tcptrack.yaml"
	python3 -c 'import ctypes, json, yaml' 2>/dev/null ||
		skip_all "needs python3 and python3-yaml"
}

start_ynl()
{
	local dir

	# bash has one coproc only
	dir=$(mktemp -d) && mkfifo "$dir/in" || return
	exec {YNL_OUT}< <(exec python3 "$TCT_DIR/tct_ynl.py" "$YNL" "$SPEC" \
		<"$dir/in")
	YNL_AGENT=$!
	exec {YNL_IN}>"$dir/in"
	rm -r "$dir"
	YNL_WORD=0
	# python takes its time under an emulator
	read -rt $((TCT_WAIT * 30)) <&"$YNL_OUT" && [[ $REPLY == ready ]] ||
		fail "tct_ynl.py does not start"
}

# leave_ynl: it has no socket left in the tests' namespaces.
leave_ynl()
{
	[[ -n ${YNL_AGENT:-} ]] || return 0
	answer leave
}

stop_ynl()
{
	[[ -n ${YNL_AGENT:-} ]] || return 0
	echo 0 quit >&"$YNL_IN"
	wait "$YNL_AGENT" 2>/dev/null || :
	YNL_AGENT=''
}

# answer REQUEST: the one to this request, however late others come.
answer()
{
	local word='' status=''

	YNL_WORD=$((YNL_WORD + 1))
	printf '%s %s\n' "$YNL_WORD" "$1" >&"$YNL_IN" || return
	until [[ $word == "$YNL_WORD" ]]; do
		read -rt $((TCT_WAIT * 15)) word status REPLY <&"$YNL_OUT" ||
			{ REPLY='no answer'; return 1; }
	done
	[[ $status == ok ]]
}

# ynl [nobody@]NS call|dump OPERATION [JSON]: true if it went well; REPLY is the
# answer without "ok" or "err". NS "-" is the initial namespace.
ynl()
{
	local who='' ns=$1

	shift
	[[ $ns != *@* ]] || who=${ns%@*}@ ns=${ns#*@}
	answer "$who${NS[$ns]:-$ns} $*"
}

# y NS ...: one that must go well.
y()
{
	ynl "$@" || fail "$*: $REPLY"
}

# no WHAT NS ...: one that must be refused with all words of WHAT in the answer.
no()
{
	local want=$1 word

	shift
	if ynl "$@"; then
		fail "$*: not refused: $REPLY"
		return
	fi
	for word in $want; do
		[[ " $REPLY " == *" $word "* ]] ||
			fail "$*: $REPLY, but expected $want" || return
	done
}

# has KEY=VALUE...: the answer does.
has()
{
	local want

	for want; do
		[[ " $REPLY " == *" $want "* ]] ||
			fail "expected $*" "but there is $REPLY" || return
	done
}

# ends A|B: the attributes of the two ends of the tuple T, in this order or the
# other.
ends()
{
	local src="{\"$ADDR\":\"${T[0]}\",\"port\":${T[1]}}"
	local dst="{\"$ADDR\":\"${T[2]}\",\"port\":${T[3]}}"

	[[ $1 == A ]] || { local swap=$src; src=$dst dst=$swap; }
	ENDS_JSON="\"src\":$src,\"dst\":$dst"
}
