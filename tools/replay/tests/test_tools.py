#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""tshark and tcptrace count the same: on a capture of real sockets behind a
router that loses, delays, reorders and duplicates (scripts/capture takes it),
and on captures made by hand"""

import lzma
import os
import sys

import capture as c
import tools
from tap import case, equal, main

MS = 10**6
T0 = 10**18
HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURE = os.path.join(HERE, "captures", "lossy.pcap.xz")
COUNTERS = ("retrans", "ooo", "keepalive", "probe")

# Ports of each flow of CAPTURE in which both count otherwise, and why
NO_KEEPALIVE = ("tshark takes ACKs that the FIN overtook for keep-alives, and "
                "tcptrace does not count the FIN that came twice")
EXPLAINED = {
    (51000, 81): NO_KEEPALIVE,
    (56648, 80): NO_KEEPALIVE,
}


def captured():
    with lzma.open(CAPTURE) as file:
        return tools.read_pcap(file.read())


def both_ends(flow, counters=COUNTERS):
    return sum(flow[end + name] or 0 for end in ("src_", "dst_")
               for name in counters)


def compare(packets):
    """Flows with anything to count, and those in which both differ"""
    ours, wire = tools.replay(packets), tools.tshark(packets)
    trace = tools.tcptrace(packets)
    equal(set(ours), set(wire))
    equal(set(ours), set(trace))
    busy, same, odd = [], {"tshark": 0, "tcptrace": 0}, {}
    for key, flow in ours.items():
        counts = (both_ends(flow), len(wire[key]), sum(trace[key].values()))
        if not any(counts):
            continue
        busy.append(key)
        same["tshark"] += counts[0] == counts[1]
        same["tcptrace"] += counts[0] == counts[2]
        if counts[0] not in counts[1:]:
            odd[key] = counts
    print("# %d flows, %d with something to count, as tshark %d, as tcptrace "
          "%d, as neither %d" % (len(ours), len(busy), same["tshark"],
                                 same["tcptrace"], len(odd)))
    return busy, odd


@case
def counts_of_real_sockets():
    busy, odd = compare(captured())
    for key, counts in odd.items():
        print("# ports %d, %d: we %d, tshark %d, tcptrace %d: %s" %
              (*key, *counts, EXPLAINED.get(key, "?")))
    assert len(busy) >= 150, "%d flows: too few" % len(busy)
    assert len(odd) <= len(busy) * 0.05, "%d of %d" % (len(odd), len(busy))
    equal(set(odd), set(EXPLAINED))


def our_samples(packets):
    """Each time that a prefix has another RTT than the one before"""
    last = {}
    for number, flow in sorted(tools.prefixes(packets).items()):
        key = tools.flow_of(packets[number].frame)
        before = last.get(key, flow)
        last[key] = flow
        for end in ("src_", "dst_"):
            names = (end + "rtt_last", end + "rtt", end + "rtt_min")
            if [flow[n] for n in names] != [before[n] for n in names]:
                yield (number, key, flow[end[0] + "port"],
                       round(flow[names[0]] * 10**6))


def timed_segment(packets, mine, number, port, rtt):
    """The one that a sample which @number ends was taken of, if that
    acknowledges no more than it"""
    _, _, ack = tools.segment(packets[number])
    for old in mine:
        seq, end, _ = tools.segment(packets[old])
        if end == ack and tools.ports(packets[old].frame)[0] == port and \
           abs(packets[number].when - rtt - packets[old].when) <= 1:
            return seq
    return None


@case
def samples_of_real_sockets():
    packets = captured()
    theirs = tools.tcptrace_samples(packets)
    flows, same, other = {}, 0, 0
    for number, packet in enumerate(packets):
        flows.setdefault(tools.flow_of(packet.frame), []).append(number)
    for number, key, port, rtt in our_samples(packets):
        seq = timed_segment(packets, flows[key], number, port, rtt)
        near = [us for at, us in theirs.get((key, port), []) if at == seq]
        if not near:
            other += 1
            continue
        off = min(abs(us - rtt) for us in near)
        assert off <= max(2, rtt / 100), \
            "packet %d: %d us, not %r" % (number + 1, rtt, near)
        same += 1
    print("# %d samples as tcptrace's, %d that it does not take" %
          (same, other))
    assert same >= 300, "%d samples: too few" % same


class Talk:
    """A connection, packet by packet, each 10 ms after the last"""

    def __init__(self, handshake=True):
        self.packets = []
        self.when = T0
        if handshake:
            self.says("a", 0, 0, c.SYN)
            self.says("b", 0, 1, c.SYN | c.ACK)
            self.says("a", 1, 1, c.ACK)

    def says(self, who, seq, ack, flags=c.ACK, size=0, win=64240, wait=10):
        self.when += wait * MS
        ports, isn = (40000, 80), (1000, 500000)
        addr = (c.A4, c.B4)
        if who == "b":
            ports, isn, addr = ports[::-1], isn[::-1], addr[::-1]
        opts = b"\2\4\5\xb4\1\1\4\2" if flags & c.SYN else b""
        tcp = c.tcp(*ports, seq + isn[0],
                    ack + isn[1] if flags & c.ACK else 0, flags, b"x" * size,
                    opts, win)
        frame = c.ether(c.ip4(*addr, tcp))
        self.packets.append(tools.Packet(self.when // 1000, frame,
                                         len(frame)))

    def counts(self, want, either=True, **ours):
        """@want in all; by @ours of the initiator, or as src_x=, dst_x="""
        packets = self.packets
        flow = tools.replay(packets)[(40000, 80)]
        for name, value in ours.items():
            equal(flow[name], value, name)
        equal(both_ends(flow), want)
        theirs = (len(tools.tshark(packets)[(40000, 80)]),
                  sum(tools.tcptrace(packets)[(40000, 80)].values()))
        equal(want in theirs, either, "of %r" % (theirs,))


@case
def syn_repeated():
    talk = Talk(handshake=False)
    talk.says("a", 0, 0, c.SYN)
    talk.says("a", 0, 0, c.SYN, wait=1000)
    talk.says("a", 0, 0, c.SYN, wait=2000)
    talk.says("b", 0, 1, c.SYN | c.ACK)
    talk.says("b", 0, 1, c.SYN | c.ACK)
    talk.says("a", 1, 1)
    talk.counts(3, src_retrans=2, dst_retrans=1)


@case
def synack_repeated_later():
    talk = Talk()
    talk.says("a", 101, 1, size=100)
    talk.says("a", 1, 1, size=100)
    talk.says("b", 0, 1, c.SYN | c.ACK)
    talk.says("a", 201, 1)
    talk.says("b", 1, 201)
    talk.counts(2, src_ooo=1, dst_retrans=1)


@case
def data_repeated():
    talk = Talk()
    talk.says("a", 1, 1, size=100)
    talk.says("a", 1, 1, size=100, wait=300)
    talk.says("b", 1, 101)
    talk.says("a", 101, 1, size=100)
    talk.says("b", 1, 201)
    talk.counts(1, src_retrans=1)


@case
def data_swapped():
    talk = Talk()
    talk.says("a", 1, 1, size=100)
    talk.says("a", 201, 1, size=100)
    talk.says("a", 101, 1, size=100, wait=1)
    talk.says("b", 1, 301)
    talk.counts(1, src_ooo=1, src_retrans=0)


@case
def two_holes():
    """Of several holes we know the hull"""
    talk = Talk()
    for seq in (201, 401, 1, 301, 101):
        talk.says("a", seq, 1, size=100, wait=1)
    talk.says("b", 1, 501)
    talk.counts(3)


@case
def fin_repeated():
    talk = Talk()
    talk.says("a", 1, 1, c.FIN | c.ACK)
    talk.says("a", 1, 1, c.FIN | c.ACK, wait=300)
    talk.says("b", 1, 2)
    talk.counts(1, src_retrans=1)


@case
def keepalives():
    for size in (0, 1):
        talk = Talk()
        talk.says("a", 1, 1, size=100)
        talk.says("b", 1, 101)
        for _ in range(3):
            talk.says("a", 100, 1, size=size, wait=1000)
            talk.says("b", 1, 101)
        talk.counts(3, src_keepalive=3, src_retrans=0, dst_dupack=0)


@case
def window_probes():
    """One octet beyond the window, or none, as Linux has it"""
    for seq, size in ((101, 1), (100, 0)):
        talk = Talk(handshake=False)
        talk.says("a", 0, 0, c.SYN)
        talk.says("b", 0, 1, c.SYN | c.ACK, win=100)
        talk.says("a", 1, 1)
        talk.says("a", 1, 1, size=100)
        talk.says("b", 1, 101, win=0)
        for _ in range(3):
            talk.says("a", seq, 1, size=size, wait=1000)
            talk.says("b", 1, 101, win=0)
        talk.says("b", 1, 101)
        talk.counts(3, src_probe=3, src_retrans=0, dst_zerowin=1)


if __name__ == "__main__":
    sys.exit(main())
