#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Usage: run.sh [--repeat N] [--list] [TEST...]
#
# Runs the selftests, all or those named (with or without "test_" and ".sh"),
# one after the other, as root, where tcptrack is loaded or can be. Prints one
# TAP stream: a line a script, its own cases indented above it. The exit
# status is 1 if any failed.
#
# TCT_WAIT is how many seconds a condition may take to come true (20).

set -u
cd "$(dirname "$0")" || exit 1

usage()
{
	sed -n '4,/^$/{s/^# \{0,1\}//;p}' run.sh
	exit "$1"
}

repeat=1 tests=()
while (($#)); do
	case $1 in
	--repeat) repeat=${2:?} ; shift ;;
	--list) printf '%s\n' test_*.sh; exit ;;
	-h|--help) usage 0 ;;
	-*) usage 1 >&2 ;;
	*)	name=${1##*/} name=${name#test_}
		name=test_${name%.sh}.sh
		[[ -f $name ]] || { echo "no such test: $1" >&2; exit 1; }
		tests+=("$name") ;;
	esac
	shift
done
((${#tests[@]})) || tests=(test_*.sh)

pass=0 fail=0 skip=0 number=0

# one TEST: its lines indented, its cases counted.
one()
{
	local line status=1 begun=${EPOCHREALTIME/./} took

	echo "# Subtest: $1"
	while IFS= read -r line; do
		[[ $line != "status "* ]] || { status=${line#* }; continue; }
		echo "    $line"
		case $line in
		"ok "*"# SKIP"*) skip=$((skip + 1)) ;;
		"1..0 # SKIP"*) skip=$((skip + 1)) ;;
		"ok "*) pass=$((pass + 1)) ;;
		"not ok "*) fail=$((fail + 1)) ;;
		esac
	done < <("./$1" 2>&1; echo "status $?")
	took=$(((${EPOCHREALTIME/./} - begun) / 1000))
	case $status in
	0) echo "ok $number $1 # time=$took ms" ;;
	4) echo "ok $number $1 # SKIP" ;;
	*)	fail=$((fail + (status == 1 ? 0 : 1)))
		failed=$((failed + 1))
		echo "not ok $number $1 # exit=$status time=$took ms" ;;
	esac
}

# Hooks of its own everywhere, that tcptrack's are never the first or the last:
# those flip a static key, and QEMU's emulation of several processors dies of a
# key that flips under traffic ("Oops: int3").
keep=tct-keep-$$
hold_keys()
{
	local hook rules="add table inet keep"

	for hook in prerouting input forward output postrouting; do
		rules+=" ; add chain inet keep $hook {"
		rules+=" type filter hook $hook priority 0 ; }"
	done
	ip netns add $keep && trap 'ip netns del $keep' EXIT &&
	ip netns exec $keep nft "$rules"
}

failed=0
echo "TAP version 13"
hold_keys || echo "# without nft's hooks"
echo "1..$((repeat * ${#tests[@]}))"
for ((round = 0; round < repeat; round++)); do
	for test in "${tests[@]}"; do
		number=$((number + 1))
		one "$test"
	done
done
echo "# totals: pass:$pass fail:$fail skip:$skip"
((failed == 0 && fail == 0))
