#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A connection ends by FINs: from either side, from both, and with one lost.

# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

client_first()
{
	connection "$1" &&
	p c shutdown a wr &&
	agree FIN_WAIT_2 CLOSE_WAIT && see r class=half_closed &&
	p s close b &&
	agree TIME_WAIT CLOSED && see r class=time_wait
}

server_first()
{
	connection "$1" &&
	p s shutdown b wr &&
	agree CLOSE_WAIT FIN_WAIT_2 && see r class=half_closed &&
	p c close a &&
	agree CLOSED TIME_WAIT && see r class=time_wait
}

# Both sockets gone at once, with nothing left in between: an orphan in
# FIN_WAIT_2 is a small socket of its own kind.
orphan()
{
	connection 4 && p c close a &&
	agree FIN_WAIT_2 CLOSE_WAIT &&
	p s close b && agree TIME_WAIT CLOSED
}

# After a half-close the other one goes on sending, and it counts.
half_close_by_client()
{
	connection 4 && p c shutdown a wr &&
	agree FIN_WAIT_2 CLOSE_WAIT &&
	p s send b 50000 && p c recv a 50000 && p s drained b &&
	agree FIN_WAIT_2 CLOSE_WAIT &&
	see c dst_bytes=50000 && see r dst_bytes=50000 &&
	see s dst_bytes=50000 class=half_closed
}

half_close_by_server()
{
	connection 4 && p s shutdown b wr &&
	agree CLOSE_WAIT FIN_WAIT_2 &&
	p c send a 50000 && p s recv b 50000 && p c drained a &&
	agree CLOSE_WAIT FIN_WAIT_2 &&
	see c src_bytes=50000 && see r src_bytes=50000 &&
	see s src_bytes=50000 class=half_closed
}

# The client's FIN does not arrive: it repeats it, the server knows nothing.
fin_lost()
{
	connection "$1" && drop s "tcp flags & fin == fin" &&
	p c shutdown a wr &&
	agree FIN_WAIT_1 ESTABLISHED c r &&
	see s src_state=ESTABLISHED dst_state=ESTABLISHED &&
	undrop s && agree FIN_WAIT_2 CLOSE_WAIT
}

# FINs that cross, both lost at first. No namespace sees the FIN that it loses.
crossing()
{
	connection "$1" && drop c "tcp flags & fin == fin" &&
	drop s "tcp flags & fin == fin" &&
	p - close a b &&
	agree FIN_WAIT_1 FIN_WAIT_1 r &&
	see c src_state=FIN_WAIT_1 dst_state=ESTABLISHED &&
	see s src_state=ESTABLISHED dst_state=FIN_WAIT_1 &&
	undrop c s && agree TIME_WAIT TIME_WAIT && see r class=time_wait
}

# The server's FIN arrives while the client's is on its way: CLOSING.
closing()
{
	connection "$1" && drop s "tcp flags & fin == fin" &&
	p c close a && agree FIN_WAIT_1 ESTABLISHED c r &&
	p s close b &&
	agree CLOSING FIN_WAIT_2 c r && see r class=closing &&
	see s dst_state=FIN_WAIT_2 &&
	undrop s && agree TIME_WAIT TIME_WAIT
}

# The ACK of the server's FIN does not arrive: where it is not seen, that is
# what is shown; elsewhere it counts until the FIN comes again.
last_ack()
{
	connection 4 && p c shutdown a wr && agree FIN_WAIT_2 CLOSE_WAIT &&
	drop s "tcp dport $PORT" && p s close b &&
	sockets TIME_WAIT LAST_ACK &&
	see s dst_state=LAST_ACK class=closing &&
	see r src_state=TIME_WAIT reason=fin_ack &&
	undrop s && agree TIME_WAIT CLOSED
}

# close() behind a full window: the socket is in FIN_WAIT_1, but its FIN waits
# behind the data. The wire cannot show it.
zero_window()
{
	listening 4 rcvbuf=4096 && dial && p s accept l b &&
	p c send a 1000000 nowait && p c close a &&
	sockets FIN_WAIT_1 ESTABLISHED &&
	see r src_state=ESTABLISHED dst_state=ESTABLISHED &&
	p s recv b eof && agree FIN_WAIT_2 CLOSE_WAIT
}

# Data and FIN in one segment, and the answer as well.
with_data()
{
	connection 4 && p c sockopt a cork 1 && p c send a 100 &&
	p c shutdown a wr && p s recv b eof &&
	agree FIN_WAIT_2 CLOSE_WAIT && see r src_bytes=100 src_packets=3 &&
	p s sockopt b cork 1 && p s send b 100 && p s close b &&
	agree TIME_WAIT CLOSED && see r dst_bytes=100
}

t "the client closes first, IPv4" client_first 4
t "the client closes first, IPv6" client_first 6
t "the server closes first, IPv4" server_first 4
t "the server closes first, IPv6" server_first 6
t "close() by the client, FIN_WAIT_2 without a process" orphan
t "half-close by the client" half_close_by_client
t "half-close by the server" half_close_by_server
t "FIN lost and repeated, IPv4" fin_lost 4
t "FIN lost and repeated, IPv6" fin_lost 6
t "simultaneous close, both FINs lost" crossing 4
t "simultaneous close, CLOSING, IPv4" closing 4
t "simultaneous close, CLOSING, IPv6" closing 6
t "ACK of the last FIN lost: LAST_ACK" last_ack
t "FIN waits behind a zero window" zero_window
t "FIN on a data segment" with_data
tct_run
