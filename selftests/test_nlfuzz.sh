#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Garbage for the netlink family: it is refused, in words, and changes nothing.
# TCT_NLFUZZ_COUNT and TCT_NLFUZZ_SEED are how many requests, and which; half of
# them have the next seed, and are sent at the same time.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# tct_nlfuzz makes its own namespaces, and leaves none.
set_up()
{
	:
}

take_down()
{
	:
}

after_case()
{
	:
}

garbage()
{
	[[ -x $TCT_DIR/tct_nlfuzz ]] || skip "tct_nlfuzz is not built" || return 0
	local count=${TCT_NLFUZZ_COUNT:-5000} seed=${TCT_NLFUZZ_SEED:-1}
	local out other status=0

	out=$(mktemp) || return
	"$TCT_DIR/tct_nlfuzz" --seed "$seed" --count $((count / 2)) >"$out" &
	other=$!
	"$TCT_DIR/tct_nlfuzz" --seed $((seed + 1)) --count $((count / 2)) ||
		status=1
	wait "$other" || status=1
	cat "$out"
	rm "$out"
	return "$status"
}

t "requests that were right before" garbage
tct_run
