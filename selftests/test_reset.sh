#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# RST: it ends a connection at once, if it is one that counts.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

aborted()
{
	connection "$1" && p "$2" abort "$3" &&
	agree CLOSED CLOSED && see r class=closed reason=rst
}

# close() with data unread is a RST, too.
unread()
{
	connection 4 && p c send a 10 && p c drained a && p s close b &&
	agree CLOSED CLOSED && see r class=closed
}

half_closed()
{
	connection 4 && p c shutdown a wr && agree FIN_WAIT_2 CLOSE_WAIT &&
	p s abort b && agree CLOSED CLOSED
}

# A ghost gives up after the SYN-ACK.
in_handshake()
{
	listening 4 || return
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1000 GACK=0
	p c sniff && ghost_send S mss=1400 && ghost_expect SA &&
	see s src_state=SYN_SENT dst_state=SYN_RECEIVED &&
	GSEQ=1001 && ghost_send R &&
	agree CLOSED CLOSED r s && see r class=closed
}

# RFC 5961: only at exactly the next sequence number, else the server asks.
blind()
{
	local before

	ghost_open 4 &&
	see r src_state=ESTABLISHED dst_state=ESTABLISHED || return
	counter r out_of_window && before=$REPLY
	GSEQ=$((GSEQ + 100))
	ghost_send R && ghost_expect A &&
	GSEQ=$((GSEQ + 10000000)) && ghost_send R &&
	counter_reaches r out_of_window $((before + 2)) &&
	see r src_state=ESTABLISHED dst_state=ESTABLISHED &&
	see s src_state=ESTABLISHED dst_state=ESTABLISHED &&
	server_socket ESTABLISHED &&
	GSEQ=1001 && ghost_send R && server_socket CLOSED &&
	see r src_state=CLOSED dst_state=CLOSED &&
	see s src_state=CLOSED dst_state=CLOSED
}

# A RST never makes a flow.
without_flow()
{
	local r s

	family "$1"
	tuple "$GHOST" "$SPORT" "$SERVER" "$PORT"
	GSEQ=1 GACK=0
	counter r untracked_rst && r=$REPLY && counter s untracked_rst &&
	s=$REPLY && ghost_send R && ghost_send RA &&
	counter_reaches r untracked_rst $((r + 2)) &&
	counter_reaches s untracked_rst $((s + 2)) && none r && none s
}

# The router's RST speaks in the server's name. The client believes it; the
# server has not closed, as the router knows and the client cannot.
rejected()
{
	connection "$1" && agree ESTABLISHED ESTABLISHED || return
	rules r "add table inet tct ; add chain inet tct forw
		{ type filter hook forward priority 0 ; } ;
		add rule inet tct forw tcp dport $PORT
		tcp flags & (fin | syn | rst) == 0
		reject with tcp reset" || skip "nft has no reject" || return
	DROPS+=(r)
	p c send a 10 &&
	agree CLOSED ESTABLISHED r &&
	see c src_state=CLOSED dst_state=CLOSED &&
	see s src_state=ESTABLISHED dst_state=ESTABLISHED
}

# The client's SYN is rejected before the router tracks it: there is a RST,
# and no flow that it belongs to.
rejected_syn()
{
	local before

	listening 4 || return
	rules r "add table inet tct ; add chain inet tct forw
		{ type filter hook forward priority 0 ; } ;
		add rule inet tct forw tcp dport $PORT
		reject with tcp reset" || skip "nft has no reject" || return
	DROPS+=(r)
	counter r untracked_rst && before=$REPLY &&
	refused ECONNREFUSED c connect a "$SERVER" "$PORT" "src=$CLIENT" \
		"sport=$SPORT" &&
	agree CLOSED CLOSED c && none r && none s &&
	counter_reaches r untracked_rst $((before + 1))
}

t "the client aborts, IPv4" aborted 4 c a
t "the client aborts, IPv6" aborted 6 c a
t "the server aborts, IPv4" aborted 4 s b
t "the server aborts, IPv6" aborted 6 s b
t "close() with data unread" unread
t "after a half-close" half_closed
t "in the handshake" in_handshake
t "blind RSTs change nothing, the exact one does" blind
t "RST without a flow, IPv4" without_flow 4
t "RST without a flow, IPv6" without_flow 6
t "REJECT does not close its supposed sender, IPv4" rejected 4
t "REJECT does not close its supposed sender, IPv6" rejected 6
t "REJECT of a SYN makes no flow" rejected_syn
tct_run
