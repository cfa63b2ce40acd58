#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The netlink family, asked by the kernel's own library and cli.py: every
# operation, its filters, its refusals and who may.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=lib_ynl.sh
. "${0%/*}/lib_ynl.sh"

FLOOD=2000

set_up()
{
	find_ynl
	set_up_network && ctl r half_open_max 100000 && ctl r max 100000 &&
	start_ynl
}

# A reader that never reads keeps no namespace from going: it is ended last.
take_down()
{
	local status=0

	[[ -n ${AGENT:-} ]] || return 0
	leave_ynl
	take_down_network || status=1
	stop_ynl
	return $status
}

# fresh: the router has no flows.
fresh()
{
	y r call flow-flush
}

# same KEY FIELD: the answer's attribute is the field of LINE.
same()
{
	local key=$1 field=$2 is

	value "$key" && is=$REPLY && field "$field" || return
	[[ $is == "$REPLY" ]] || fail "$key=$is, but /proc has $field=$REPLY"
}

# one flow, in either order, as /proc has it
get()
{
	local answer order own pair

	[[ $1 == 4 ]] && ADDR=addr4 || ADDR=addr6
	fresh && connection "$1" && p c send a 1000 && p s recv b 1000 || return
	see r src_state=ESTABLISHED dst_state=ESTABLISHED src_bytes=1000 &&
	for order in A B; do
		ends "$order" && y r call flow-get "{$ENDS_JSON}" || return
		has "src.$ADDR=${T[0]}" "src.port=${T[1]}" \
			"dst.$ADDR=${T[2]}" "dst.port=${T[3]}" \
			src.state=established dst.state=established \
			src.bytes=1000 class=established reason=ack \
			conn-state=S1 || return
	done
	answer=$REPLY
	for pair in src.packets:src_packets dst.packets:dst_packets \
		    src.acked:src_acked zeek:zeek src.mss:src_mss \
		    dst.wscale:dst_wscale dst.retrans:dst_retrans; do
		REPLY=$answer
		same "${pair%:*}" "${pair#*:}" || return
	done
	# its sockets are looked up where they are; in a dump, if asked for
	y c call flow-get "{$ENDS_JSON}" && has src.sock-state=established &&
	own="\"filter\":{\"src\":{\"port-min\":$SPORT}}" &&
	y c dump flow-get "{\"sockets\":1,$own}" &&
	has n=1 src.sock-state=established && y c dump flow-get "{$own}" &&
	has n=1 && [[ $REPLY != *sock-state* ]] || fail "$REPLY"
}

# Why it ended, and by whom; each change with the states of both ends.
ended()
{
	fresh && puppets 4 closed && see r class=closed && ADDR=addr4 &&
	ends A && y r call flow-get "{$ENDS_JSON}" &&
	has src.state=closed dst.state=closed class=closed reason=rst \
		end-reason=rst-aborted ended-by=src || return
	fresh && puppets 4 half_closed && see r class=half_closed && ends B &&
	y r call flow-get "{$ENDS_JSON}" &&
	has src.state=fin-wait-2 dst.state=close-wait change=3 \
		change.last.src-state=fin-wait-2 \
		change.last.dst-state=close-wait change.last.reason=fin-ack &&
	[[ $REPLY != *end-reason* ]] || fail "$REPLY"
}

# between A FIELD B: the answer's FIELD, in ms, lies between two of /proc, in
# seconds with three decimals.
between()
{
	value "$2" && ((10#${1/./} <= REPLY && REPLY <= 10#${3/./})) ||
		fail "$2=$REPLY, but by /proc between $1 and $3"
}

# The times are those of /proc. A flow that is old, and one end of which has
# changed but now, is told by each of its times.
times()
{
	local long=$((TCT_WAIT * 100)) filter age idle timeout answer

	fresh && puppets 4 established && see r class=established || return
	pass_time "$long"
	puppet c FA 1001 5001 && see r src_state=FIN_WAIT_1 &&
	filter="\"src\":{\"since-max\":$((long - 1))}"
	filter+=",\"dst\":{\"since-min\":$long}"
	filter+=",\"age-min\":$long,\"idle-max\":$((long - 1))"
	dump r "{\"filter\":{$filter}}" 1 || return
	ADDR=addr4
	ends A
	flow r && field age && age=$REPLY && field idle && idle=$REPLY &&
	field timeout && timeout=$REPLY &&
	y r call flow-get "{$ENDS_JSON}" && answer=$REPLY && flow r || return
	field age && set -- "$REPLY" && REPLY=$answer &&
	between "$age" age "$1" && field idle && set -- "$REPLY" &&
	REPLY=$answer && between "$idle" idle "$1" && field timeout &&
	set -- "$REPLY" && REPLY=$answer && between "$1" timeout "$timeout"
}

# dump NS JSON N: so many flows, each once.
dump()
{
	y "$1" dump flow-get "$2" && has "n=$3" || return
	[[ $3 == 0 ]] || has twice=0
}

# What each filter leaves of three flows: an open connection and a half-open
# flow of IPv4, a half-closed one of IPv6.
filters()
{
	local match

	fresh && puppets 6 half_closed && puppets 4 half_open &&
	connection 4 || return
	see r src_state=ESTABLISHED && dump r '{}' 3 || return
	while read -r match; do
		dump r "{\"brief\":1,\"filter\":{${match#* }}}" "${match%% *}" ||
			return
	done <<-EOT
		2 "family":2
		1 "family":10
		3 "any":{}
		1 "src":{"addr4":"$CLIENT"}
		2 "src":{"addr4":"10.0.1.200","prefix-len":24}
		0 "src":{"addr4":"10.0.2.0","prefix-len":24}
		2 "any":{"addr4":"10.0.2.0","prefix-len":24}
		1 "dst":{"addr6":"fd00:2::","prefix-len":64}
		1 "src":{"port-min":$SPORT}
		2 "src":{"port-max":$((SPORT - 1))}
		3 "src":{"port-min":$((SPORT - 2)),"port-max":$SPORT}
		1 "src":{"port-min":$SPORT},"dst":{"port-min":$PORT}
		0 "src":{"port-min":$SPORT},"dst":{"port-min":$((PORT - 1))}
		1 "any":{"states":["syn-sent"]}
		1 "src":{"states":["fin-wait-1","fin-wait-2"]}
		2 "src":{"states":["established","syn-sent"]}
		1 "dst":{"states":["close-wait"]},"family":10
		2 "classes":["half-open","established"]
		3 "age-max":600000
		0 "age-min":600000
		3 "idle-max":600000,"any":{"since-max":600000}
		0 "idle-min":600000
		0 "any":{"since-min":600000}
		1 "flags":["unanswered"]
		2 "flags-not":["unanswered"]
		1 "flags-any":["unanswered","self"]
		0 "flags":["unanswered","self"]
	EOT
}

# A dump of many pieces, while it is added to and taken from.
pieces()
{
	ctl r enabled 0 && ctl r enabled 1 && family 4 || return
	p c flood syns "$FLOOD" "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=2000 && p c wait syns || return
	counter_reaches r flows_created "$FLOOD" &&
	dump r '{"brief":1}' "$FLOOD" && dump r '{}' "$FLOOD" &&
	dump r '{"brief":1,"sockets":1}' "$FLOOD" &&
	dump r '{"brief":1,"limit":777}' 777 &&
	dump r '{"filter":{"src":{"port-min":2100,"port-max":2199}}}' 100 &&
	y r call flow-flush '{"filter":{"src":{"port-max":2999}}}' &&
	has flows=1000 && dump r '{"brief":1}' $((FLOOD - 1000)) &&
	y r call flow-flush '{"filter":{"classes":["established"]}}' &&
	has flows=0 && y r call flow-flush && has "flows=$((FLOOD - 1000))" &&
	dump r '{}' 0 && counter_reaches r flows_deleted "$FLOOD"
}

# From the table only: the connection goes on, and is picked up.
delete()
{
	fresh && connection 4 && see r src_state=ESTABLISHED && ADDR=addr4 &&
	ends B && y r call flow-del "{$ENDS_JSON}" && none r &&
	no 'ENOENT no such flow' r call flow-del "{$ENDS_JSON}" &&
	no 'ENOENT no such flow' r call flow-get "{$ENDS_JSON}" &&
	p c send a 10 && p s recv b 10 && see r flag=pickup
}

# Each timeout is its own.
timeouts()
{
	local class n=100 classes=(half_open established half_closed closing
		time_wait closed) old=()

	for class in "${classes[@]}"; do
		p r read "/proc/sys/net/tcptrack/timeout_$class" &&
		old+=("$REPLY") && n=$((n + 1)) &&
		ctl r "timeout_$class" "$n" || return
	done
	y r call config-get && has timeout-half-open=101 \
		timeout-established=102 timeout-half-closed=103 \
		timeout-closing=104 timeout-time-wait=105 \
		timeout-closed=106 || return
	for class in "${classes[@]}"; do
		ctl r "timeout_$class" "${old[0]}" || return
		old=("${old[@]:1}")
	done
}

# All that a request names, or nothing.
settings()
{
	y r call config-get && has enabled=1 flows-max=100000 keep-detail=0 &&
	[[ $REPLY != *global-max* ]] || return
	y r call config-set '{"flows-max":5000,"timeout-closed":7}' &&
	y r call config-get && has flows-max=5000 timeout-closed=7 || return
	no 'EINVAL attr=half-open-max' r call config-set \
		'{"flows-max":6000,"half-open-max":0}' &&
	no 'EINVAL attr=timeout-closed' r call config-set \
		'{"enabled":0,"timeout-closed":4000000000}' &&
	no 'EINVAL attr=enabled' r call config-set '{"enabled":2}' &&
	no 'EINVAL attr=global-max' r call config-set \
		'{"flows-max":6000,"global-max":5}' &&
	no EINVAL r call config-set '{}' || return
	y r call config-get && has enabled=1 flows-max=5000 timeout-closed=7 &&
	y r call config-set '{"flows-max":100000,"timeout-closed":10}' &&
	y - call config-get && has enabled=1 && [[ $REPLY == *global-max=* ]]
}

# A filter of events is told as it was given, and set with the others or not.
event_filter()
{
	local filter='"family":2,"dst":{"port-min":443},"classes":["closed"]'

	y r call config-set "{\"event-filter\":{$filter}}" &&
	y r call config-get && has event-filter.family=2 \
		event-filter.dst.port-min=443 event-filter.classes=closed &&
	no 'EINVAL attr=event-filter.family' r call config-set \
		'{"flows-max":5000,"event-filter":{"family":3}}' &&
	no 'EINVAL attr=half-open-max' r call config-set \
		'{"half-open-max":0,"event-filter":{}}' &&
	y r call config-set '{"enabled":0}' && y r call config-get &&
	has flows-max=100000 enabled=0 event-filter.family=2 &&
	y r call config-set '{"enabled":1,"event-filter":{}}' &&
	y r call config-get && has enabled=1 &&
	[[ $REPLY != *event-filter.* ]] || fail "still there: $REPLY"
}

off_and_on()
{
	fresh && puppets 4 established && dump r '{}' 1 &&
	y r call config-set '{"enabled":0,"timeout-closing":77}' &&
	y r call summary-get && has enabled=0 flows=0 && dump r '{}' 0 &&
	y r call flow-flush && has flows=0 &&
	y r call config-set '{"enabled":1,"timeout-closing":300}' &&
	y r call summary-get && has enabled=1 flows=0
}

summary()
{
	fresh && puppets 4 established && puppets 4 half_open &&
	y r call summary-get && has enabled=1 flows=2 half-open=1 pair=2 &&
	y r dump summary-get && has n=1 flows=2 &&
	sum r buckets && y r dump summary-get && has "buckets=1024" &&
	y r call stats-get && value packets-tracked && local tracked=$REPLY &&
	counter_reaches r packets_tracked "$tracked" &&
	y r dump stats-get && has n=1 "packets-tracked=$tracked"
}

# As /proc has them; one by its address and port, of several by its inode.
listeners()
{
	local at fd="\"netns-fd\":\"${NS[s]}\"" inode

	fresh && family 4 && p s listen l "$SERVER" "$PORT" 5 reuseport=1 &&
	p c connect a "$SERVER" "$PORT" || return
	at="\"addr4\":\"$SERVER\",\"port\":$PORT"
	y s call listener-get "{$at,\"flows\":1}" && has port="$PORT" \
		accept-queue=1 accept-limit=5 accept-source=backlog \
		syn-queue=0 syn-limit=5 syncookies=overflow drops=0 uid=0 \
		reuseport=1 service.open=1 service.half-open=0 \
		service.rtt-samples=1 && value inode && inode=$REPLY &&
	y s dump listener-get "{\"port\":$PORT}" && has n=1 "inode=$inode" &&
	[[ $REPLY != *service* ]] || fail "$REPLY" || return
	p s listen m "$SERVER" "$PORT" 7 reuseport=1 &&
	no 'ENOTUNIQ inode' s call listener-get "{$at}" &&
	y s call listener-get "{$at,\"inode\":$inode}" &&
	has accept-limit=5 reuseport=2 &&
	y s dump listener-get "{$at}" && has n=2 &&
	no 'ENOENT no such listener' c call listener-get "{$at}" &&
	y c dump listener-get "{$at}" && has n=0 &&
	y - dump listener-get "{$at,$fd}" && has n=2 &&
	y - dump listener-get "{$at,\"all-netns\":1}" && has n=2 &&
	p s listen n :: "$((PORT + 1000))" 8 &&
	y s call listener-get "{\"addr6\":\"::\",\"port\":$((PORT + 1000))}" &&
	y nobody@s dump listener-get "{$at,\"flows\":1}" && has n=2
}

# What is wrong is named.
refusals()
{
	local words what

	while IFS=: read -r words what; do
		read -ra what <<<"$what"
		no "$words" r "${what[@]}" || return
	done <<-'EOT'
		EINVAL both ends: call flow-get {}
		EINVAL attr=dst: call flow-get {"src":{"addr4":"1.1.1.1","port":1}}
		EINVAL attr=src: call flow-get {"src":{"port":1},"dst":{"port":1}}
		EINVAL port: call flow-get {"src":{"addr4":"1.1.1.1"},"dst":{"addr4":"1.1.1.1","port":1}}
		EINVAL attr=dst families: call flow-get {"src":{"addr4":"1.1.1.1","port":1},"dst":{"addr6":"::1","port":1}}
		EINVAL attr=src.packets: call flow-get {"src":{"packets":1},"dst":{}}
		EINVAL attr=limit dumps: call flow-get {"limit":1}
		EINVAL attr=filter dumps: call flow-get {"filter":{}}
		EINVAL attr=sockets dumps: call flow-get {"sockets":1}
		EINVAL attr=all-netns dumps: call flow-get {"all-netns":1}
		EINVAL attr=all-netns dumps: call summary-get {"all-netns":1}
		EINVAL attr=all-netns dumps: call listener-get {"all-netns":1}
		EINVAL attr=addr6 both: call listener-get {"addr4":"1.1.1.1","addr6":"::1"}
		EINVAL both: dump listener-get {"addr4":"1.1.1.1","addr6":"::1"}
		EINVAL filter: dump flow-get {"src":{}}
		ERANGE attr=limit: dump flow-get {"limit":0}
		EINVAL AF_INET: dump flow-get {"filter":{"family":3}}
		EINVAL family: dump flow-get {"filter":{"family":2,"src":{"addr6":"::1"}}}
		EINVAL family: dump flow-get {"filter":{"src":{"addr4":"1.1.1.1","addr6":"::1"}}}
		EINVAL longer: dump flow-get {"filter":{"src":{"addr4":"1.1.1.1","prefix-len":33}}}
		ERANGE: dump flow-get {"filter":{"src":{"addr6":"::1","prefix-len":129}}}
		EINVAL without: dump flow-get {"filter":{"src":{"prefix-len":3}}}
		EINVAL lowest: dump flow-get {"filter":{"any":{"port-min":3,"port-max":2}}}
		EINVAL least: dump flow-get {"filter":{"any":{"since-min":3,"since-max":2}}}
		EINVAL least: dump flow-get {"filter":{"age-min":3,"age-max":2}}
		EINVAL least: dump flow-get {"filter":{"idle-min":3,"idle-max":2}}
		EINVAL empty: dump flow-get {"filter":{"classes":0}}
		EINVAL empty: dump flow-get {"filter":{"src":{"states":0}}}
		EINVAL reserved: dump flow-get {"filter":{"src":{"states":1024}}}
		EINVAL reserved: dump flow-get {"filter":{"flags":1024}}
		EINVAL lowest attr=filter.src.port-max: call flow-flush {"filter":{"src":{"port-min":3,"port-max":2}}}
		EINVAL namespace: call flow-flush {"netns-fd":0}
		EBADF namespace: call config-get {"netns-fd":4000}
		EPERM initial: dump flow-get {"all-netns":1}
		EPERM initial: dump stats-get {"all-netns":1}
		EPERM initial: dump events-get {"all-netns":1}
		EINVAL attr=all-netns dumps: call events-get {"all-netns":1}
		EPERM initial: dump listener-get {"all-netns":1}
	EOT
	no 'EINVAL both' - dump flow-get \
		"{\"all-netns\":1,\"netns-fd\":\"${NS[r]}\"}"
}

# Flows and changes need the capability, numbers do not.
privileges()
{
	local what fd="\"netns-fd\":\"${NS[r]}\""

	ADDR=addr4
	tuple 10.0.1.1 1 10.0.2.1 2
	ends A
	while read -ra what; do
		no 'EPERM CAP_NET_ADMIN' nobody@- "${what[@]}" || return
	done <<-EOT
		call flow-get {$ENDS_JSON}
		call flow-del {$ENDS_JSON}
		call flow-flush
		dump flow-get
		call config-set {"flows-max":5}
		call events-get
		dump events-get
		dump events-get {"all-netns":1}
		call summary-get {$fd}
		call config-get {$fd}
		dump stats-get {$fd}
		dump summary-get {"all-netns":1}
		call listener-get {$fd}
		dump listener-get {"all-netns":1}
	EOT
	for what in call dump; do
		y nobody@- "$what" summary-get && y nobody@r "$what" stats-get ||
			return
	done
	y nobody@- call config-get
}

# Of a namespace by its descriptor; of all, each flow with its namespace.
namespaces()
{
	local fd="\"netns-fd\":\"${NS[r]}\"" inode

	y c call flow-flush && y s call flow-flush && fresh && connection 4 &&
	see r src_state=ESTABLISHED && see s src_state=ESTABLISHED || return
	y r call summary-get && value netns && inode=$REPLY || return
	ADDR=addr4
	ends A
	y - call flow-get "{$ENDS_JSON,$fd}" && has "netns=$inode" &&
	dump - "{$fd}" 1 && has "netns=$inode" &&
	y - call summary-get "{$fd}" && has flows=1 "netns=$inode" &&
	y - call config-get "{$fd}" && has flows-max=100000 || return
	# in all three, and each once
	dump - "{\"all-netns\":1,\"brief\":1,\"filter\":{\"src\":{\"addr4\":\"$CLIENT\",\"port-min\":$SPORT}}}" 3 &&
	value netns && [[ $REPLY == *,*,* && ,$REPLY, == *,$inode,* ]] ||
		fail "netns=$REPLY" || return
	y - dump summary-get '{"all-netns":1}' && value n &&
	((REPLY >= 4)) || return
	# what is done in one does nothing to another
	y - call flow-flush "{$fd}" && has flows=1 && none r && flow c &&
	no ENOENT - call flow-get "{$ENDS_JSON}"
}

cli()
{
	local out want=$1

	shift
	out=$(ip netns exec "${NS[r]}" python3 "$YNL/cli.py" --spec "$SPEC" \
		--no-schema "$@" 2>&1) || fail "cli.py $*: ${out##*$'\n'}" ||
		return
	[[ $out == *"$want"* ]] || fail "cli.py $*: no $want in:" "$out"
}

# cli.py itself, once for each operation
by_cli()
{
	# a start of python takes half a minute there
	((TCT_WAIT <= 20)) || skip "on a slow kernel" || return 0
	fresh && puppets 4 established && y r dump flow-get && has n=1 || return
	local ends="{\"src\":{\"addr4\":$((10 << 24 | 1 << 8 | 99)),\"port\":$SPORT},\"dst\":{\"addr4\":$((10 << 24 | 2 << 8 | 99)),\"port\":$PORT}}"

	cli established --do flow-get --json "$ends" &&
	cli established --dump flow-get --json '{"brief":1}' &&
	cli '' --do flow-del --json "$ends" &&
	cli "'flows': 0" --do flow-flush &&
	cli "'enabled': 1" --do summary-get &&
	cli "'enabled': 1" --dump summary-get &&
	cli "'flows-deleted'" --do stats-get &&
	cli "'flows-deleted'" --dump stats-get &&
	cli '' --do config-set --json '{"timeout-closed":8}' &&
	cli "'timeout-closed': 8" --do config-get &&
	cli "'netns'" --subscribe end --do events-get &&
	p r listen l 10.0.2.254 "$PORT" 8 &&
	cli "'accept-limit': 8" --do listener-get --json "{\"port\":$PORT}" &&
	cli "'accept-limit': 8" --dump listener-get
}

# The library reads events by the spec.
events()
{
	fresh && y r subscribe change && y - subscribe all-end &&
	y r call events-get && puppets 6 established && y r heard 2 &&
	has name=flow-change-ntf src.state=established dst.state=established \
		"src.addr6=$GHOST" "dst.port=$PORT" reason=ack \
		event.old-src-state=syn-sent event.old-dst-state=syn-recv &&
	[[ $REPLY != *zeek=* ]] && y r call flow-flush && has flows=1 &&
	y - heard 1 && has name=flow-end-ntf event.removal=deleted \
		end-reason=flushed zeek=ShA src.packets=2 &&
	y r dump events-get && has n=1 && value generated &&
	((REPLY >= 1)) || fail "events are made on no CPU"
}

# Half of the flows are told when a reader stops; take_down shows that the
# namespaces go all the same.
stalled()
{
	fresh && family 4 &&
	p c flood syns "$FLOOD" "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=2000 && p c wait syns &&
	y - stall '{"all-netns":1}' &&
	y - stall "{\"netns-fd\":\"${NS[r]}\"}"
}

t "get, IPv4" get 4
t "get, IPv6" get 6
t "get, after it ended" ended
t "times" times
t "dump with filters" filters
t "dump in pieces, limit, flush" pieces
t "delete" delete
t "settings: each timeout" timeouts
t "settings: all or none" settings
t "the filter of events" event_filter
t "off and on" off_and_on
t "summary and counters" summary
t "listeners" listeners
t "refusals say why" refusals
t "privileges" privileges
t "other namespaces" namespaces
t "events by the library" events
t "every operation by cli.py" by_cli
t "readers that stop" stalled
tct_run
