# SPDX-License-Identifier: GPL-2.0
"""What tcptrackctl, tshark and tcptrace say of the flows of one capture."""

import collections
import ipaddress
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile

from tap import Skip, environment, equal, run

# Packet: time in us, frame, octets on the wire
Packet = collections.namedtuple("Packet", "when frame length")
Sample = collections.namedtuple("Sample", "flow end rtt")

TSHARK_KINDS = ("retransmission", "fast_retransmission",
                "spurious_retransmission", "out_of_order", "keep_alive",
                "zero_window_probe")
SLOWER = 1000


def read_pcap(data):
    """A file with times in us, of this byte order, of Ethernet"""
    packets, at = [], 24
    equal(data[:4], struct.pack("<I", 0xa1b2c3d4))
    while at < len(data):
        sec, usec, caplen, length = struct.unpack_from("<IIII", data, at)
        at += 16
        packets.append(Packet(sec * 10**6 + usec, data[at:at + caplen],
                              length))
        at += caplen
    return packets


def write_pcap(packets, slower=1):
    first = packets[0].when
    out = [struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)]
    for when, frame, length in packets:
        when = first + (when - first) * slower
        out.append(struct.pack("<IIII", when // 10**6, when % 10**6,
                               len(frame), length) + frame)
    return b"".join(out)


def ports(frame):
    at = 54 if frame[12:14] == b"\x86\xdd" else 14 + (frame[14] & 15) * 4
    return struct.unpack_from("!HH", frame, at)


def flow_of(frame):
    """Client ports are used once in a capture: both ports name a flow"""
    return tuple(sorted(ports(frame), reverse=True))


def need(tool):
    if not shutil.which(tool):
        raise Skip("no " + tool)


def with_file(data, func):
    with tempfile.TemporaryDirectory() as where:
        name = os.path.join(where, "capture")
        with open(name, "wb") as file:
            file.write(data)
        return func(name, where)


def output(*args, **more):
    return subprocess.run(args, stdout=subprocess.PIPE, check=True,
                          stderr=subprocess.DEVNULL, timeout=300,
                          env=environment(), **more).stdout.decode()


def replay(packets):
    """Flows in the order of their first packets"""
    def each(name, _):
        done = run("replay", "-j", name)
        equal(done.status, 0, done.err)
        return [json.loads(line) for line in done.lines]
    return {tuple(sorted((flow["sport"], flow["dport"]), reverse=True)): flow
            for flow in with_file(write_pcap(packets), each)}


def tshark(packets):
    """For each flow a count of each kind, and the packets of each"""
    need("tshark")
    fields = ["-e", "frame.number"]
    for kind in TSHARK_KINDS:
        fields += ["-e", "tcp.analysis." + kind]

    def each(name, _):
        return output("tshark", "-n", "-r", name, "-T", "fields", *fields)
    flows = {}
    for line in with_file(write_pcap(packets), each).splitlines():
        words = line.split("\t")
        number = int(words[0]) - 1
        flow = flows.setdefault(flow_of(packets[number].frame), {})
        kinds = [kind for kind, word in zip(TSHARK_KINDS, words[1:]) if word]
        if kinds:
            flow[number] = kinds
    return flows


def tcptrace_columns(text, what):
    found = re.search(re.escape(what) + r":\s+(\d+)\D.*?" + re.escape(what) +
                      r":\s+(\d+)\D", text)
    return int(found.group(1)) + int(found.group(2))


def tcptrace(packets):
    """For each flow what was sent again, and what out of order"""
    need("tcptrace")

    def each(name, _):
        return output("tcptrace", "-n", "-l", name)
    flows = {}
    text = with_file(write_pcap(packets), each)
    for part in re.split(r"\nTCP connection \d+:\n", text)[1:]:
        pair = re.findall(r"host \w+: +\S+:(\d+)\n", part)
        flows[tuple(sorted(map(int, pair), reverse=True))] = {
            "rexmt": tcptrace_columns(part, "rexmt data pkts"),
            "outoforder": tcptrace_columns(part, "outoforder pkts"),
            "probes": tcptrace_columns(part, "zwnd probe pkts"),
        }
    return flows


def prefixes(packets):
    """For each packet its flow as it was just after it: the flow's packets so
    far, under addresses of their own"""
    so_far, copies = {}, []
    for number, packet in enumerate(packets):
        mine = so_far.setdefault(flow_of(packet.frame), [])
        mine.append(packet)
        for old in mine:
            copies.append(old._replace(frame=renumber(old.frame, number)))
    copies.sort(key=lambda packet: packet.when)

    def each(name, _):
        done = run("replay", "-j", name)
        equal(done.status, 0, done.err)
        return [json.loads(line) for line in done.lines]
    return {number_of(flow): flow
            for flow in with_file(write_pcap(copies), each)}


def renumber(frame, number):
    """The initiator has the higher port, and keeps its side"""
    at = {b"\x86\xdd": (22, 38, 16), b"\x08\0": (26, 30, 4)}[frame[12:14]]
    src, dst, size = at
    out = bytearray(frame)
    for end in (src, dst):
        last = end + size
        out[last - 4:last] = struct.pack("!I", number + (1 << 24))
    sport, dport = ports(frame)
    side = sport < dport
    out[src + size - 4] = 2 + side
    out[dst + size - 4] = 3 - side
    return bytes(out)


def number_of(flow):
    text = flow["src"]
    return int.from_bytes(ipaddress.ip_address(text).packed[-3:], "big")


def segment(packet):
    """Sequence number, end, acknowledgment"""
    at = 54 if packet.frame[12:14] == b"\x86\xdd" else 34
    seq, ack, doff, flags = struct.unpack_from("!IIBB", packet.frame, at + 4)
    size = packet.length - at - (doff >> 4) * 4
    return seq, (seq + size + (flags & 1) + (flags >> 1 & 1)) % 2**32, ack


def tcptrace_samples(packets):
    """Of each flow's ends the samples: (sequence number, us). tcptrace writes
    whole milliseconds, so it gets packets that are SLOWER times as far apart"""
    need("tcptrace")

    def each(name, where):
        text = output("tcptrace", "-n", "-r", "-Z", name, cwd=where)
        samples = {}
        for line in text.splitlines():
            found = re.match(r" *\d+: \S+:(\d+) - \S+:(\d+) \((\w+)2(\w+)\)",
                             line)
            if not found:
                continue
            sport, dport, one, two = found.groups()
            key = tuple(sorted((int(sport), int(dport)), reverse=True))
            for end, stem in ((sport, one + "2" + two),
                              (dport, two + "2" + one)):
                # it cuts names
                name = os.path.join(where, (stem + "_rttraw.dat")[:14])
                if not os.path.exists(name):
                    continue
                with open(name, encoding="ascii") as file:
                    samples.setdefault((key, int(end)), []).extend(
                        tuple(map(int, row.split())) for row in file)
        return samples
    return with_file(write_pcap(packets, SLOWER), each)
