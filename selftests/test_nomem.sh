#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No memory, by the kernel's fault injection: what cannot be allocated is
# counted and goes without, and every packet goes on its way. Needs
# CONFIG_FAILSLAB and CONFIG_FAIL_PAGE_ALLOC, and debugfs.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

SLAB=/sys/kernel/debug/failslab
PAGES=/sys/kernel/debug/fail_page_alloc
FAILING=()

put()
{
	echo "$2" >"$1"
}

# no_objects CACHE: each allocation from this cache fails.
no_objects()
{
	local file=/sys/kernel/slab/$1/failslab

	[[ -e $SLAB/cache-filter && -e $file ]] ||
		skip "no CONFIG_FAILSLAB" || return
	FAILING+=("$file")
	put "$file" 1 && put "$SLAB/cache-filter" Y && put "$SLAB/verbose" 0 &&
	put "$SLAB/times" -1 && put "$SLAB/interval" 1 && put "$SLAB/probability" 100
}

# no_pages FUNCTION: what it calls gets none.
no_pages()
{
	local address

	[[ -e $PAGES/require-start ]] ||
		skip "no CONFIG_FAULT_INJECTION_STACKTRACE_FILTER" || return
	read -r address _ < <(grep " $1[[:space:]]" /proc/kallsyms) ||
		skip "no $1 in kallsyms" || return
	address=0x$address
	put "$PAGES/require-start" "$address" &&
	put "$PAGES/require-end" "$(printf '%#x' $((address + 0xa00)))" &&
	put "$PAGES/stacktrace-depth" 32 && put "$PAGES/min-order" 0 &&
	put "$PAGES/ignore-gfp-wait" N && put "$PAGES/verbose" 0 &&
	put "$PAGES/times" -1 && put "$PAGES/interval" 1 &&
	put "$PAGES/probability" 100
}

after_case()
{
	local file

	[[ ! -e $SLAB ]] || put "$SLAB/probability" 0
	[[ ! -e $PAGES ]] || put "$PAGES/probability" 0
	for file in "${FAILING[@]}"; do
		put "$file" 0
	done
	FAILING=()
	undrop "${DROPS[@]}"
	p - closeall
}

no_flows()
{
	local ns

	no_objects tcptrack_flow || return
	family "$1"
	p c fuzz noise 1000 to=s "src=$GHOST" "dst=$SERVER" seed=$((RANDOM)) &&
	p c wait noise && value failed && [[ $REPLY == 0 ]] ||
		fail "lost or changed: $REPLY" || return
	for ns in c r s; do
		counter "$ns" untracked_nomem && ((REPLY > 0)) ||
			fail "$ns had memory" || return
	done
}

no_flows_for_connections()
{
	no_objects tcptrack_flow || return
	connection "$1" &&
	p c send a 10000 && p s recv b 10000 && p s send b 10000 &&
	p c recv a 10000 && none c && none r && none s &&
	p c info a && value retrans && [[ $REPLY == 0 ]] ||
		fail "retransmitted: $REPLY"
}

# What was there before goes on.
known_flows()
{
	connection 4 && agree ESTABLISHED ESTABLISHED &&
	no_objects tcptrack_flow && p c send a 100 && p s recv b 100 &&
	see r src_bytes=100 && p c close a && agree FIN_WAIT_2 CLOSE_WAIT &&
	p s close b && agree TIME_WAIT CLOSED
}

# States without their history.
no_detail()
{
	no_objects tcptrack_detail || return
	connection 4 &&
	p c send a 100 && p s recv b 100 && agree ESTABLISHED ESTABLISHED &&
	see r src_bytes=100 src_retrans=- dst_retrans=- &&
	counter r detail_nomem && ((REPLY > 0)) ||
		fail "detail_nomem: $REPLY" || return
	p c close a && agree FIN_WAIT_2 CLOSE_WAIT && p s close b &&
	agree TIME_WAIT CLOSED
}

# The buckets stay as few as they are.
no_growth()
{
	local before

	no_pages tct_table_grow || return
	ctl c enabled 0 && ctl s enabled 0 &&
	ctl r half_open_max 100000 && sum r buckets && before=$REPLY || return
	family 4
	p r flood syns $((before + 500)) "src=$GHOST" "dst=$NOBODY" \
		"dport=$PORT" sport=1000 && p r wait syns &&
	busywait grow_failed && sum r buckets && [[ $REPLY == "$before" ]] ||
		fail "buckets: $before, then $REPLY" || return
	p r dump /proc/self/net/tcptrack 65536 "dst=$NOBODY" && value match &&
	[[ $REPLY == $((before + 500)) ]] || fail "$REPLY flows" || return
	MORE=60000
	after_case && busywait grown "$before" ||
		fail "it does not grow any more"
}

grow_failed()
{
	counter r table_nomem && ((REPLY > 0))
}

# Growth is tried when a flow is added, and not at once after it failed: so
# each look adds one.
grown()
{
	MORE=$((MORE < 65535 ? MORE + 1 : 60000))
	p r pkt "src=$GHOST" "dst=$NOBODY" "dport=$PORT" "sport=$MORE" &&
	sum r buckets && ((REPLY > $1))
}

t "no memory for flows, IPv4" no_flows 4
t "no memory for flows, IPv6" no_flows 6
t "no memory for flows: connections, IPv4" no_flows_for_connections 4
t "no memory for flows: connections, IPv6" no_flows_for_connections 6
t "no memory for new flows: old ones go on" known_flows
t "no memory for details" no_detail
t "no memory to grow" no_growth
tct_run
