#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Writes a capture for scripts/bench: connections that live side by side.

usage: generate.py [-6] [--snap OCTETS] PACKETS FLOWS FILE

FLOWS connections are open at any time.  Each has a handshake, 20 segments of
data either way with their acknowledgments, and a close; then the next takes its
place.  Which of them speaks next is random, and the same for each run.
"""

import argparse
import random
import struct

import capture as c

# per connection: direction, flags, octets, by what it is about
STEPS = ([(0, c.SYN, 0), (1, c.SYN | c.ACK, 0), (0, c.ACK, 0)] +
         [(0, c.PSH | c.ACK, 200), (1, c.ACK, 0),
          (1, c.PSH | c.ACK, 1448), (0, c.ACK, 0)] * 10 +
         [(0, c.FIN | c.ACK, 0), (1, c.FIN | c.ACK, 0), (0, c.ACK, 0)])
TIMESTAMPS = b"\1\1\x08\x0a\0\0\0\1\0\0\0\2"
STEP_NS = 330   # 3 million packets a second


class Conn:
    """A connection, and the frames that it is made of"""

    def __init__(self, number, six):
        host, port = (number >> 14) + 1, number % 16384 + 32768
        ends = (c.A6[:10] + "%x" % host, c.B6) if six else (
            "10.%d.%d.%d" % (host >> 16, host >> 8 & 255, host & 255), c.B4)
        ip = c.ip6 if six else c.ip4
        self.seq = [number * 7919 % 2**32, number * 104729 % 2**32]
        self.step = 0
        self.heads = [bytearray(c.ether(ip(src, dst, c.tcp(
            sport, dport, 0, 0, 0, opts=TIMESTAMPS))))
                      for src, dst, sport, dport in
                      (ends + (port, 443), ends[::-1] + (443, port))]

    def frame(self, six):
        """The next: its octets, and its length on the wire"""
        way, flags, size = STEPS[self.step]
        self.step += 1
        head = self.heads[way]
        if six:
            struct.pack_into("!H", head, 18, 32 + size)
            at = 14 + 40
        else:
            struct.pack_into("!H", head, 16, 52 + size)
            at = 14 + 20
        struct.pack_into("!IIBB", head, at + 4, self.seq[way],
                         self.seq[1 - way] if flags & c.ACK else 0, 0x80,
                         flags)
        self.seq[way] = (self.seq[way] + size +
                         (flags & (c.SYN | c.FIN) != 0)) % 2**32
        return head, len(head) + size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-6", dest="six", action="store_true")
    parser.add_argument("--snap", type=int, default=96)
    parser.add_argument("packets", type=int)
    parser.add_argument("flows", type=int)
    parser.add_argument("file")
    args = parser.parse_args()

    rand = random.Random(1)
    conns = [Conn(n, args.six) for n in range(args.flows)]
    born = args.flows
    with open(args.file, "wb") as file:
        file.write(c.pcap([], nano=True, snap=args.snap))
        for n in range(args.packets):
            at = int(rand.random() * args.flows)
            conn = conns[at]
            if conn.step == len(STEPS):
                conn = conns[at] = Conn(born, args.six)
                born += 1
            head, size = conn.frame(args.six)
            head = head.ljust(min(size, args.snap), b"\0")
            when = 10**18 + n * STEP_NS
            file.write(struct.pack("<IIII", when // 10**9, when % 10**9,
                                   len(head), size) + head)


main()
