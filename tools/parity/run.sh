#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Usage: run.sh DIR...
#
# In the guest that scripts/parity boots: feeds the records of each directory to
# tct_parity, part after part, and compares the flows after each part with what
# replay said of the capture up to there. Prints a line of TAP a directory.

set -euo pipefail

FILE=/proc/tct_parity

# show_difference WANT GOT: the first lines that differ, by field.
show_difference()
{
	echo "# replay: $(wc -l <"$1") flows, module: $(wc -l <"$2")"
	diff "$1" "$2" | awk '
		/^[<>] / && !($1 in line) {
			side = $1
			sub(/^[<>] /, "")
			line[side] = $0
		}
		END {
			n = split(line["<"], want, " ")
			m = split(line[">"], got, " ")
			printf "# %s %s %s %s %s\n", want[1], want[2], want[3],
				want[4], want[5]
			for (i = 1; i <= n || i <= m; i++)
				if (want[i] != got[i])
					print "#   replay " want[i] \
						", module " got[i]
		}'
}

# compare DIR: prints what differs, and fails.
compare()
{
	local part=1

	: >"$FILE"
	while [ -f "$1/$part.records" ]; do
		cat "$1/$part.records" >>"$FILE"
		sort <"$FILE" >/tmp/got
		cmp -s "$1/$part.want" /tmp/got || {
			echo "# after part $part:"
			show_difference "$1/$part.want" /tmp/got
			return 1
		}
		part=$((part + 1))
	done
	[ "$part" -gt 1 ]
}

n=0 failed=0
for dir; do
	n=$((n + 1))
	if out=$(compare "$dir"); then
		echo "ok $n $(cat "$dir/name")"
	else
		echo "not ok $n $(cat "$dir/name")"
		echo "$out"
		failed=1
	fi
done
exit $failed
