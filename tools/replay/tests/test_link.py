#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What is around a TCP segment: files, links, tags, IP headers, cuts."""

import struct
import sys

import capture as c
from tap import case, equal, has, main, replay, run, statistics

TWO = c.connection() + c.connection(src=c.A6, dst=c.B6, begin=10**18 + 1)


def want():
    done = replay(c.pcap(c.framed(TWO)))
    equal(len(done.flows), 2)
    for flow in done.flows:
        equal(flow["src_state"], "TIME_WAIT")
        equal((flow["src_packets"], flow["src_bytes"]), ("6", "100"))
        equal((flow["dst_packets"], flow["dst_bytes"]), ("4", "200"))
    return done.out


def same(data):
    equal(replay(data).out, want())


@case
def link_types():
    for link, frame in ((c.SLL, c.sll), (c.SLL2, c.sll2),
                        (c.RAW, lambda p: p), (c.NULL, c.loopback),
                        (c.NULL, lambda p: c.loopback(p, ">")),
                        (c.NULL, lambda p: c.loopback(p, v6=24)),
                        (c.NULL, lambda p: c.loopback(p, v6=28)),
                        (c.NULL, lambda p: c.loopback(p, v6=30)),
                        (c.LOOP, lambda p: c.loopback(p, ">"))):
        same(c.pcap(c.framed(TWO, frame), link))


@case
def link_types_of_one_family():
    four, six = (dict(begin=10**18), dict(src=c.A6, dst=c.B6))
    for link, which in ((c.IPV4, four), (c.IPV6, six)):
        packets = c.connection(**which)
        equal(replay(c.pcap(packets, link)).out,
              replay(c.pcap(c.framed(packets))).out)


@case
def vlan_tags():
    for tags in ((0x8100,), (0x88a8, 0x8100), (0x9100, 0x8100),
                 (0x88a8, 0x8100, 0x8100)):
        same(c.pcap(c.framed(TWO, lambda p, t=tags: c.ether(p, t))))


@case
def byte_orders_and_nanoseconds():
    for order in "<>":
        for nano in (False, True):
            data = c.pcap(c.framed(TWO), order=order, nano=nano)
            # 1 ns later than what microseconds can say
            equal(len(replay(data).flows), 2)
            equal(replay(data).out.replace("\n", ""),
                  want().replace("\n", ""))


@case
def pcapng():
    same(c.pcapng(c.framed(TWO)))
    # two interfaces of one kind are one capture
    same(c.pcapng([(when, frame, i % 2)
                   for i, (when, frame) in enumerate(c.framed(TWO))],
                  (c.EN10MB, c.EN10MB)))


@case
def standard_input():
    done = run("replay", "-", stdin=c.pcap(c.framed(TWO)))
    equal((done.status, done.out), (0, want()))


@case
def ipv4_options():
    packets = [(when, packet[:20] + b"\1" * 8 + packet[20:])
               if packet[0] == 0x45 else (when, packet)
               for when, packet in TWO]
    packets = [(when, bytes([0x47, 0]) + struct.pack(
        "!H", struct.unpack("!H", p[2:4])[0] + 8) + p[4:])
               if p[0] == 0x45 else (when, p) for when, p in packets]
    same(c.pcap(c.framed(packets)))


@case
def ipv6_extension_headers():
    hop = (0, b"\0" + b"\1\4" + b"\0" * 4)
    destination = (60, b"\1" + b"\1\14" + b"\0" * 12)
    route = (43, b"\0" + b"\0" * 6)
    atomic = (44, b"\0" + b"\0\0" + b"\0\0\0\1")
    for chain in ((hop,), (destination,), (hop, destination, route),
                  (atomic,), (hop, route, destination, atomic, destination)):
        packets = [(when, c.ip6(*((c.A6, c.B6) if p[23] == 1 else
                                  (c.B6, c.A6)), p[40:], chain=chain))
                   if c.version(p) == 6 else (when, p) for when, p in TWO]
        same(c.pcap(c.framed(packets)))


@case
def fragments():
    syn = c.tcp(1, 2, 5, 0, c.SYN)
    first = c.ip4(c.A4, c.B4, syn, frag=0x2000)
    later = c.ip4(c.A4, c.B4, b"y" * 64, frag=0x0007)
    six = c.ip6(c.A6, c.B6, syn, chain=((44, b"\0\0\1\0\0\0\1"),))
    six_later = c.ip6(c.A6, c.B6, b"y" * 64,
                      chain=((44, b"\0\0\x81\0\0\0\1"),))
    counts = statistics(c.pcap([(1, c.ether(p)) for p in
                                (first, later, six, six_later)]))
    equal((counts["packets_tracked"], counts["untracked_fragment"]), (2, 2))


@case
def snap_length():
    full = [(when, frame, 14 + 20 + 20 + 8)
            for when, frame in c.framed(TWO) if len(frame) > 14]
    whole = c.framed(TWO)
    cut = [(when, frame, 14 + (40 if frame[12] == 0x86 else 20) + 32)
           for when, frame in whole]
    same(c.pcap(cut, snap=96))
    # of IPv6 nothing but addresses is left
    counts = statistics(c.pcap(full))
    equal((counts["packets_tracked"], counts["untracked_short"]), (10, 10))


@case
def every_snap_length():
    """A header that is cut is unreadable; one that is whole is read."""
    for packet, headers in ((TWO[0][1], 14 + 20 + 28),
                            (TWO[10][1], 14 + 40 + 28)):
        frame = c.ether(packet)
        for cut in range(len(frame) + 1):
            counts = statistics(c.pcap([(1, frame, cut)]))
            equal(counts["packets_tracked"], int(cut >= headers), cut)
            equal(counts["untracked_short"], int(cut < headers), cut)


@case
def what_is_not_tcp():
    counts = statistics(c.pcap([
        (1, c.ether(b"\0" * 28, kind=0x0806)),
        (2, c.ether(b"")),
        (3, c.ether(c.ip4(c.A4, c.B4, b"\0" * 8, proto=17))),
        (4, c.ether(c.ip6(c.A6, c.B6, b"\0" * 8, proto=58))),
        (5, c.ether(c.ip4(c.A4, c.B4, c.tcp(1, 2, 3, 4, c.RST)))),
        (6, c.ether(c.ip4(c.A4, c.B4, c.tcp(1, 2, 3, 4, c.SYN | c.FIN)))),
        (7, c.ether(c.ip4(c.A4, c.B4, b"\0" * 20))),
        (8, b"\0" * 13)]))
    want_counts = dict(packets=8, packets_tracked=0, not_tcp=3,
                       untracked_rst=1, untracked_flags=1, untracked_header=1,
                       untracked_short=2, flows_created=0)
    for key, value in want_counts.items():
        equal(counts[key], value, key)


@case
def ethernet_padding_is_no_payload():
    syn = c.ether(c.ip4(c.A4, c.B4, c.tcp(1, 2, 3, 0, c.SYN)))
    flow, = replay(c.pcap([(1, syn + b"\0" * 6)])).flows
    equal(flow["src_bytes"], "0")


@case
def interfaces_of_different_kinds():
    packets = [(1, c.framed(TWO)[0][1], 0), (2, TWO[1][1], 1)]
    done = replay(c.pcapng(packets, (c.EN10MB, c.RAW)), status=2)
    has(done.err, "split the file by interface")


@case
def unknown_link_type():
    done = replay(c.pcap([(1, b"\0" * 64)], c.IEEE802_11), status=2)
    has(done.err, "link type 105 (802.11) is not supported")
    equal(done.out, "")


sys.exit(main())
