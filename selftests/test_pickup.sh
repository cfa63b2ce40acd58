#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Connections that tcptrack meets in mid-stream: here, because tracking was
# off at the router when they began.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

forget_flows()
{
	ctl r enabled 0 && ctl r enabled 1
}

# The end with the lower port is taken for the responder, whoever speaks.
picked_up()
{
	connection "$1" && forget_flows && none r &&
	p "$2" send "$3" 100 &&
	see r flag=pickup noflag=unanswered class=established &&
	agree ESTABLISHED ESTABLISHED &&
	counter_reaches r flows_picked_up 1 &&
	see r "$4=100"
}

# Then it is a flow like any other.
closes()
{
	connection "$1" && forget_flows && p c send a 100 && p s recv b 100 &&
	agree ESTABLISHED ESTABLISHED && p c shutdown a wr &&
	agree FIN_WAIT_2 CLOSE_WAIT && see r class=half_closed flag=pickup &&
	p s close b && agree TIME_WAIT CLOSED
}

resets()
{
	connection 4 && forget_flows && p s send b 100 && p c recv a 100 &&
	agree ESTABLISHED ESTABLISHED && p s abort b && agree CLOSED CLOSED
}

# More than an unscaled window: the scale is not known, and not guessed.
bulk()
{
	local i

	connection 4 && forget_flows || return
	for ((i = 1; i <= 20; i++)); do
		p c send a 40000 && p s recv b 40000 || return
	done
	p c drained a && see r src_bytes=800000 class=established &&
	counter_reaches r out_of_window 0 && agree ESTABLISHED ESTABLISHED
}

# One end alone is heard of: half-open, whoever it is.
one_sided()
{
	family 4
	tuple "$GHOST" "$SPORT" "$NOBODY" "$PORT"
	puppet c A 1001 5001 len=10 &&
	see r src_state=ESTABLISHED dst_state=CLOSED class=half_open \
		flag=pickup flag=unanswered &&
	puppet s A 5001 1011 len=20 &&
	see r src_state=ESTABLISHED dst_state=ESTABLISHED class=established \
		noflag=unanswered src_bytes=10 dst_bytes=20 || return
	family 4
	tuple "$GHOST" "$SPORT" "$NOBODY" "$PORT"
	puppet s A 5001 1001 len=20 &&
	see r src_state=CLOSED dst_state=ESTABLISHED class=half_open \
		flag=unanswered
}

# The SYN was missed, its answer was not.
from_synack()
{
	family 4
	tuple "$GHOST" "$SPORT" "$NOBODY" "$PORT"
	puppet s SA 5000 1001 mss=1400 &&
	see r src_state=SYN_SENT dst_state=SYN_RECEIVED flag=pickup \
		class=half_open &&
	puppet c A 1001 5001 && see r src_state=ESTABLISHED \
		dst_state=ESTABLISHED class=established
}

# The FIN is what is met first.
from_fin()
{
	connection 4 && forget_flows && p c shutdown a wr &&
	see r flag=pickup src_state=FIN_WAIT_2 dst_state=CLOSE_WAIT &&
	agree FIN_WAIT_2 CLOSE_WAIT &&
	p s close b && agree TIME_WAIT CLOSED
}

# A RST for what is not known makes no flow of it.
from_rst()
{
	connection 4 && forget_flows && p c abort a && sockets CLOSED CLOSED &&
	none r && counter_reaches r untracked_rst 1
}

t "the client speaks first, IPv4" picked_up 4 c a src_bytes
t "the client speaks first, IPv6" picked_up 6 c a src_bytes
t "the server speaks first, IPv4" picked_up 4 s b dst_bytes
t "the server speaks first, IPv6" picked_up 6 s b dst_bytes
t "picked up and closed" closes 4
t "picked up and reset" resets
t "picked up under bulk traffic" bulk
t "one side only" one_sided
t "from the SYN-ACK on" from_synack
t "from the FIN on" from_fin
t "from the RST on" from_rst
tct_run
