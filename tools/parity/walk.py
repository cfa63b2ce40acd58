#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Writes a capture of connections that go every way but the usual.

usage: walk.py SEED PACKETS FILE

A random walk: segments at, before and beyond what is expected next, with loss,
repetition and reordering, numbers that wrap, options of all sorts, resets, new
connections on old tuples, and pauses from a millisecond to a week.  By the seed:
the link type, the file's format, tags, and how much of each packet is captured.
"""

import random
import struct
import sys

import capture as c

URG, ECE, CWR = 32, 64, 128
MS, S, DAY = 10**6, 10**9, 86400 * 10**9


class Conn:
    """Two ends that know what they should send, and often send something else"""

    def __init__(self, rand, number):
        self.rand = rand
        six = rand.random() < 0.4
        # few addresses and ports: tuples are used again
        port, host = 1024 + number % 4096, rand.randrange(1, 4)
        self.ends = ([("2001:db8::%x" % host, port), ("2001:db8::ffff", 80)]
                     if six else
                     [("10.0.%d.1" % host, port), ("10.9.0.1", 80)])
        if six and rand.random() < 0.2:
            self.ends[1] = (rand.choice(("::ffff:1.2.3.4", "fe80::5efe:a00:1",
                                         "::", "1:0:0:2::3")), 80)
        self.six = six
        self.stamps = rand.random() < 0.6
        self.clock = [rand.randrange(2**32), rand.randrange(2**32)]
        self.wscale = rand.choice((0, 2, 7, 14, 15))
        self.left = 0
        self.restart()

    def restart(self):
        """From a SYN on, or where somebody came in the middle"""
        rand = self.rand
        self.nxt = [rand.choice((rand.randrange(2**32), 2**32 - 3,
                                 2**32 - rand.randrange(5000)))
                    for _ in range(2)]
        self.acked = list(self.nxt)
        self.script = rand.choice((
            ["S", "SA", "A"], ["S", "SA", "A"], ["S", "SA", "A"],
            ["S", "SA", "A"], ["S"], ["S", "S", "SA"], ["S", "SA", "SA"],
            ["S", "R"], ["S", "s", "SA", "sa"], ["S", "SA", "C"], []))[:]
        self.left = rand.choice((3, 10, 40, 150))

    def options(self, way, syn):
        rand, out = self.rand, b""
        if syn:
            out += rand.choice((b"", b"\2\4\5\xb4", b"\2\4\x05\xb4\4\2"))
            if rand.random() < 0.7:
                out += b"\1\3\3" + bytes([self.wscale])
        if self.stamps and rand.random() < 0.97:
            self.clock[way] += rand.choice((0, 1, 10))
            old = rand.choice((1, 300)) if rand.random() < 0.05 else 0
            out += b"\1\1\x08\x0a" + struct.pack(
                "!II", (self.clock[way] - old) % 2**32,
                self.clock[1 - way] % 2**32)
        elif rand.random() < 0.1:
            edge = self.acked[1 - way] + rand.randrange(1, 3000)
            out += b"\1\1\5\x0a" + struct.pack("!II", edge % 2**32,
                                               (edge + 100) % 2**32)
        if rand.random() < 0.02:
            out += rand.choice((b"\x13\x12" + b"\0" * 16, b"\5\0", b"\0\7\7\7",
                                b"\x08\x0a\1", b"\xfd\xff"))
        return out[:40]

    def packet(self, way, flags, seq, ack, size=0):
        """From its IP header on"""
        rand = self.rand
        if rand.random() < 0.02:
            flags |= rand.choice((URG, ECE, CWR, ECE | CWR))
        win = 0 if rand.random() < 0.03 else rand.choice((1, 100, 64240))
        data = c.tcp(self.ends[way][1], self.ends[1 - way][1], seq, ack, flags,
                     b"x" * size, self.options(way, flags & c.SYN), win)
        src, dst = self.ends[way][0], self.ends[1 - way][0]
        if self.six:
            chain = ((0, b"\0\1\4\0\0\0\0"),) if rand.random() < 0.05 else ()
            packet = bytearray(c.ip6(src, dst, data, chain=chain))
        else:
            packet = bytearray(c.ip4(src, dst, data, opts=b"\1" * 4 if
                                     rand.random() < 0.05 else b""))
        if rand.random() < 0.03:    # congestion experienced
            packet[1] |= 0x30 if self.six else 3
        return bytes(packet)

    def opening(self, step):
        a, b = self.nxt
        way = int(step in ("SA", "s", "sa"))
        flags = {"S": c.SYN, "s": c.SYN, "SA": c.SYN | c.ACK,
                 "sa": c.SYN | c.ACK, "A": c.ACK, "C": c.ACK,
                 "R": c.RST | c.ACK}[step]
        if step == "R":
            return self.packet(1, flags, 0, a + 1)
        ack = (b if way == 0 else a) + (1 if step != "C" else 77)
        seq = (b if way else a) + (step in ("A", "C"))
        size = 100 if step == "S" and self.rand.random() < 0.1 else 0
        packet = self.packet(way, flags, seq, ack if flags & c.ACK else 0, size)
        if not self.script:
            self.nxt = [a + 1, b + 1]
            self.acked = list(self.nxt)
        return packet

    def step(self):
        """The next packet"""
        rand = self.rand
        if self.script:
            return self.opening(self.script.pop(0))
        self.left -= 1
        if self.left < -rand.randrange(12):
            if rand.random() < 0.5:
                self.restart()
                if self.script:
                    return self.opening(self.script.pop(0))
        way = rand.randrange(2)
        size = rand.choice((0, 0, 1, 100, 1448))
        flags = c.ACK | (c.PSH if rand.random() < 0.2 else 0)
        if self.left < 3 and rand.random() < 0.4:
            flags |= c.FIN
        # rarely anything; most often what is expected
        off = rand.choices((0, -1, -size, -3000, 1448, 70000, 2**31),
                           (80, 4, 6, 2, 6, 1, 1))[0]
        late = rand.choices((0, 1, -500, 100000), (90, 2, 7, 1))[0]
        if rand.random() < 0.02:
            flags = rand.choice((c.RST, c.RST | c.ACK, c.SYN, c.SYN | c.ACK))
        seq = self.nxt[way] + off
        self.acked[way] = self.nxt[1 - way]
        packet = self.packet(way, flags, seq, self.acked[way] + late, size)
        if not off and not flags & (c.RST | c.SYN):
            self.nxt[way] += size + (flags & c.FIN)
        return packet


def packets(rand, count):
    conns = [Conn(rand, n) for n in range(rand.choice((10, 60, 200)))]
    when, out, held = 10**18, [], []
    for _ in range(count):
        when += rand.choices((0, MS // 3, 20 * MS, 500 * MS, 30 * S, 400 * S,
                              6 * DAY), (20, 60, 60, 12, 2, 0.5, 0.03))[0]
        packet = rand.choice(conns).step()
        luck = rand.random()
        if luck < 0.04:             # lost before it came here
            continue
        if luck < 0.08:
            held.append(packet)     # reordered
            continue
        out.append((when, packet))
        if luck < 0.10:
            out.append((when, packet))
        if held and luck > 0.7:
            out.append((when + rand.randrange(MS), held.pop()))
    return out


def write(rand, file, count):
    pads = rand.random() < 0.5
    frame, link = rand.choice((
        (c.ether, c.EN10MB), (lambda p: c.ether(p, (0x8100,)), c.EN10MB),
        (lambda p: c.ether(p, (0x88a8, 0x8100)), c.EN10MB), (c.sll, c.SLL),
        (c.sll2, c.SLL2), (lambda p: p, c.RAW), (c.loopback, c.NULL)))
    framed = c.framed(packets(rand, count), frame)
    if pads and link == c.EN10MB:
        framed = [(when, f.ljust(60, b"\0")) for when, f in framed]
    if rand.random() < 0.3:
        file.write(c.pcapng(framed, (link,)))
        return
    snap = rand.choice((262144, 262144, 128, 90))
    nano = rand.random() < 0.5
    file.write(c.pcap([(when, f, min(len(f), snap)) for when, f in framed],
                      link, rand.choice("<>"), nano))


def main():
    rand = random.Random(int(sys.argv[1]))
    with open(sys.argv[3], "wb") as file:
        write(rand, file, int(sys.argv[2]))


main()
