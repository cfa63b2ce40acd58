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
	awk '
		NR == FNR { want[$0]; next }
		$0 in want { delete want[$0]; next }
		{ got[$2 $3 $4 $5] = $0 }
		END {
			for (line in want) {
				n = split(line, w, " ")
				id = w[2] w[3] w[4] w[5]
				print "# " w[2], w[3], w[4], w[5]
				m = split(got[id], g, " ")
				if (!m)
					print "#   only replay has it: " line
				for (i = 1; i <= m; i++)
					if (w[i] != g[i])
						print "#   replay " w[i] \
							", module " g[i]
				delete got[id]
				if (++shown == 3)
					break
			}
			for (id in got)
				if (++shown <= 3)
					print "#   only the module has it: " \
						got[id]
		}' "$1" "$2"
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
