# SPDX-License-Identifier: GPL-2.0
"""Captures made by hand: segments, packets, frames and the files around them."""

import ipaddress
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16

EN10MB, NULL, RAW, LOOP, SLL = 1, 0, 101, 108, 113
IPV4, IPV6, SLL2, IEEE802_11 = 228, 229, 276, 105

A4, B4 = "10.0.0.1", "10.0.0.2"
A6, B6 = "2001:db8::1", "2001:db8::2"


def tcp(sport, dport, seq, ack, flags, payload=b"", opts=b"", win=64240):
    opts += b"\0" * (-len(opts) % 4)
    doff = 5 + len(opts) // 4
    return struct.pack("!HHIIBBHHH", sport, dport, seq % 2**32, ack % 2**32,
                       doff << 4, flags, win, 0, 0) + opts + payload


def ip4(src, dst, data, proto=6, opts=b"", frag=0, total=None):
    opts += b"\1" * (-len(opts) % 4)
    hlen = 20 + len(opts)
    return struct.pack("!BBHHHBBH4s4s", 0x40 | hlen // 4, 0,
                       hlen + len(data) if total is None else total, 1, frag,
                       64, proto, 0, ipaddress.IPv4Address(src).packed,
                       ipaddress.IPv4Address(dst).packed) + opts + data


def ip6(src, dst, data, proto=6, chain=(), length=None):
    """chain: (type of header, octets of it from the second on)."""
    types = [kind for kind, _ in chain] + [proto]
    headers = b"".join(bytes([types[i + 1]]) + body
                       for i, (_, body) in enumerate(chain))
    size = len(headers) + len(data) if length is None else length
    return struct.pack("!IHBB16s16s", 6 << 28, size, types[0], 64,
                       ipaddress.IPv6Address(src).packed,
                       ipaddress.IPv6Address(dst).packed) + headers + data


def version(packet):
    return packet[0] >> 4 if packet else 4


def ethertype(packet):
    return 0x86dd if version(packet) == 6 else 0x0800


def ether(packet, tags=(), kind=None):
    """tags: the EtherTypes of VLAN tags, the outer first."""
    kinds = list(tags) + [ethertype(packet) if kind is None else kind]
    out = b"\2\0\0\0\0\1\2\0\0\0\0\2" + struct.pack("!H", kinds[0])
    for kind in kinds[1:]:
        out += struct.pack("!HH", 7, kind)
    return out + packet


def sll(packet):
    return struct.pack("!HHH8sH", 0, 1, 6, b"\2\0\0\0\0\1\0\0",
                       ethertype(packet)) + packet


def sll2(packet):
    return struct.pack("!HHIHBB8s", ethertype(packet), 0, 2, 1, 0, 6,
                       b"\2\0\0\0\0\1\0\0") + packet


def loopback(packet, order="<", v6=10):
    return struct.pack(order + "I", v6 if version(packet) == 6 else 2) + packet


def pcap(packets, link=EN10MB, order="<", nano=False, snap=262144):
    """packets: (time in ns, frame[, octets that the capture holds])"""
    out = struct.pack(order + "IHHiIII", 0xa1b23c4d if nano else 0xa1b2c3d4,
                      2, 4, 0, 0, snap, link)
    for when, frame, *cut in packets:
        data = frame[:cut[0]] if cut else frame
        out += struct.pack(order + "IIII", when // 10**9,
                           when % 10**9 // (1 if nano else 1000), len(data),
                           len(frame)) + data
    return out


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    size = 12 + len(body)
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def pcapng(packets, links=(EN10MB,), snaps=None):
    """packets: (time in ns, frame[, number of its interface])"""
    out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
    for i, link in enumerate(links):
        # if_tsresol: 10^-9
        out += block(1, struct.pack("<HHI", link, 0,
                                    snaps[i] if snaps else 262144) +
                     struct.pack("<HHB3xHH", 9, 1, 9, 0, 0))
    for when, frame, *interface in packets:
        out += block(6, struct.pack("<IIIII",
                                    interface[0] if interface else 0,
                                    when >> 32, when & 0xffffffff, len(frame),
                                    len(frame)) + frame)
    return out


def connection(sport=40000, dport=80, src=A4, dst=B4, begin=10**18,
               step=10**7, payload=b"x" * 100, close=True, isn=1000):
    """A connection's packets from the IP header on: (time in ns, packet)"""
    ip = ip6 if ":" in src else ip4
    a, b = isn, isn + 5000
    wscale = b"\2\4\5\xb4\1\3\3\7"

    def ab(seq, ack, flags, data=b"", opts=b""):
        return ip(src, dst, tcp(sport, dport, seq, ack, flags, data, opts))

    def ba(seq, ack, flags, data=b"", opts=b""):
        return ip(dst, src, tcp(dport, sport, seq, ack, flags, data, opts))

    n = len(payload)
    out = [ab(a, 0, SYN, b"", wscale), ba(b, a + 1, SYN | ACK, b"", wscale),
           ab(a + 1, b + 1, ACK), ab(a + 1, b + 1, PSH | ACK, payload),
           ba(b + 1, a + 1 + n, ACK),
           ba(b + 1, a + 1 + n, PSH | ACK, payload * 2),
           ab(a + 1 + n, b + 1 + 2 * n, ACK)]
    if close:
        out += [ab(a + 1 + n, b + 1 + 2 * n, FIN | ACK),
                ba(b + 1 + 2 * n, a + 2 + n, FIN | ACK),
                ab(a + 2 + n, b + 2 + 2 * n, ACK)]
    return [(begin + i * step, packet) for i, packet in enumerate(out)]


def framed(packets, frame=ether):
    return [(when, frame(packet)) for when, packet in packets]
