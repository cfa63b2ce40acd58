#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module goes and comes back, at rest and under load. No connection
# notices, and what is there when it comes is picked up.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

FLOWS=/proc/self/net/tcptrack

# load [PARAMETER=VALUE...]: the module as it was found, or another's build.
load()
{
	if [[ -n ${TCT_KO:-} ]]; then
		insmod "$TCT_KO" "$@"
	else
		modprobe tcptrack "$@"
	fi || fail "the module does not load: $*"
}

unload()
{
	rmmod tcptrack || fail "the module does not unload"
}

loaded()
{
	[[ -d /proc/sys/net/tcptrack ]]
}

set_up()
{
	set_up_network && unload && load && enable c r s
}

after_case()
{
	undrop "${DROPS[@]}"
	p - closeall
	loaded || load && enable c r s
}

# Both directions at once in each view, states as ss has them.
picked_up()
{
	connection "$1" && unload && p c send a 100 && p s recv b 100 &&
	load && enable c r s && none c && none r && none s &&
	p c send a 100 && p s recv b 100 && p s send b 50 && p c recv a 50 &&
	agree ESTABLISHED ESTABLISHED &&
	see r flag=pickup class=established src_bytes=100 dst_bytes=50 &&
	p c close a && agree FIN_WAIT_2 CLOSE_WAIT && p s close b &&
	agree TIME_WAIT CLOSED
}

# A reader that has stopped half way keeps nothing, and gets an error.
half_read()
{
	family 4
	p r flood syns 500 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=1000 && p r wait syns && p r fopen f "$FLOWS" &&
	p r fread f 100 && [[ $REPLY == 100 ]] && unload || return
	if peer r fread f 60000; then
		((REPLY == 0)) || fail "still $REPLY bytes"
	fi
	p r fclose f
}

# A reader that waits in between is waited for, not torn from.
open_files()
{
	connection 4 && p c fopen f "$FLOWS" && p c fopen g "${FLOWS}_summary" &&
	p c fopen h /proc/self/net/stat/tcptrack && unload && load &&
	p c fclose f && p c fclose g && p c fclose h
}

# reload_under JOB NS: reload until some rounds of it have met each state.
reload_under()
{
	local i rounds

	p "$2" reached "$1" 5 || return
	for i in 1 2 3; do
		unload && job_rounds "$2" "$1" && rounds=$REPLY &&
		p "$2" reached "$1" $((rounds + 10)) && load &&
		enable c r s && job_rounds "$2" "$1" && rounds=$REPLY &&
		p "$2" reached "$1" $((rounds + 10)) || return
	done
}

job_rounds()
{
	p "$1" progress "$2" && value "done"
}

# Connections come, talk and go: none fails, none must repeat anything.
churn()
{
	family "$1"
	p s serve echo "$SERVER" "$PORT" &&
	p c churn busy "$SERVER" "$PORT" 0 bytes=3000 &&
	reload_under busy c && p c stop busy && say "$REPLY" &&
	value failed && [[ $REPLY == 0 ]] || fail "failed: $REPLY" || return
	p s stop echo
}

# Random segments through all three hooks: each arrives, unchanged and in
# order.
fuzz()
{
	family "$1"
	p c fuzz noise 0 to=s "src=$GHOST" "dst=$SERVER" seed=$((RANDOM)) &&
	reload_under noise c && p c stop noise && say "$REPLY" &&
	value failed && [[ $REPLY == 0 ]] || fail "lost or changed: $REPLY"
}

# The last that readers of events hear is that all flows have ended; and then
# nothing keeps the module.
readers()
{
	connection "$1" && p r events own change end && p r ebegin own &&
	p - events every all-new all-change all-end && unload &&
	p r estory own "${T[@]}" 1 &&
	[[ $REPLY == "end:ESTABLISHED/ESTABLISHED:ack:flushed:stopped:"* ]] ||
		fail "it heard: $REPLY" || return
	p - ecount every removal=4 && ((REPLY >= 3)) ||
		fail "the other heard $REPLY times: stopped" || return
	load && p r eclose own && p - eclose every
}

# The same under connections, and nobody reads.
readers_stalled()
{
	local i rounds

	family 4
	p s serve echo "$SERVER" "$PORT" &&
	p c churn busy "$SERVER" "$PORT" 0 bytes=300 || return
	for i in 1 2 3; do
		p r events own new change end rcvbuf=5000 &&
		p - events every all-new all-change all-end rcvbuf=5000 &&
		job_rounds c busy && rounds=$REPLY &&
		p c reached busy $((rounds + 10)) && unload &&
		p r eclose own && p - eclose every && load &&
		enable c r s || return
	done
	p c stop busy && say "$REPLY" && value failed && [[ $REPLY == 0 ]] ||
		fail "failed: $REPLY" || return
	p s stop echo
}

# With thousands of flows of every age to free.
full_table()
{
	family 4
	p r flood syns 3000 "src=$GHOST" "dst=$NOBODY" "dport=$PORT" \
		sport=1000 && p r wait syns && sum r flows &&
	((REPLY >= 3000)) || fail "flows: $REPLY" || return
	unload && load
}

# Tracking may be on everywhere from the start, namespaces to come included.
all_netns()
{
	local full=tct-x-$$

	unload && load all_netns=1 && sum r enabled && [[ $REPLY == 1 ]] ||
		fail "enabled: $REPLY" || return
	ip netns add "$full" && adopt x "$full" && sum x enabled &&
	[[ $REPLY == 1 ]] || fail "enabled: $REPLY" || return
	p x leave && ip netns del "$full"
	unset "NS[x]" "TABLE[x]"
	unload && load && sum r enabled && [[ $REPLY == 0 ]]
}

max_parameter()
{
	unload && load max=777 && enable r && sum r max && [[ $REPLY == 777 ]] ||
		fail "max: $REPLY" || return
	unload || return
	if load max=4294967295 2>/dev/null; then
		fail "max=4294967295 was accepted"
	fi
	! loaded && load
}

# where_installed COMMAND...: while modprobe finds the module.
where_installed()
{
	local dir status=0

	[[ -n ${TCT_KO:-} ]] || { "$@"; return; }
	dir=/lib/modules/$(uname -r)/extra
	mkdir -p "$dir" && cp "$TCT_KO" "$dir" && depmod 2>/dev/null &&
	"$@" || status=1
	rm -r "$dir" && depmod 2>/dev/null
	return "$status"
}

asked_for()
{
	tcptrackctl summary >/dev/null && loaded || fail "it is not loaded"
}

# The kernel loads it when somebody asks for the family
by_family_name()
{
	type -P modprobe depmod tcptrackctl >/dev/null ||
		skip "needs modprobe, depmod and tcptrackctl" || return
	unload || return
	if [[ -n ${TCT_KO:-} ]] && tcptrackctl summary 2>/dev/null; then
		fail "loaded, though not installed"
		return
	fi
	where_installed asked_for
}

t "picked up after loading, IPv4" picked_up 4
t "picked up after loading, IPv6" picked_up 6
t "unloaded while its table is half read" half_read
t "unloaded while its files are open" open_files
t "unloaded with a full table" full_table
t "reloaded under connections, IPv4" churn 4
t "reloaded under connections, IPv6" churn 6
t "readers of events hear of it" readers 6
t "reloaded under connections, with readers of events" readers_stalled
t "reloaded under random segments, IPv4" fuzz 4
t "reloaded under random segments, IPv6" fuzz 6
t "all_netns=1" all_netns
t "max=N" max_parameter
t "loaded by the family's name" by_family_name
tct_run
