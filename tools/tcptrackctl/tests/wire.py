# SPDX-License-Identifier: GPL-2.0
"""What a kernel says by netlink, made by the spec, and what tcptrackctl asks"""

import ipaddress
import json
import os
import struct
import subprocess
import tempfile

import yaml

from tap import Run, SANITIZER_STATUS, environment

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..", "..")
PROGRAM = os.environ.get("TCPTRACKCTL_WIRE", "tcptrackctl-wire")

with open(os.path.join(TOP, "Documentation/netlink/specs/tcptrack.yaml"),
          encoding="utf-8") as file:
    SPEC = yaml.safe_load(file)

SETS = {s["name"]: s["attributes"] for s in SPEC["attribute-sets"]}
ENUMS = {d["name"]: d for d in SPEC["definitions"]}
OPERATIONS = [op["name"] for op in SPEC["operations"]["list"]]

GROUPS = [group["name"] for group in SPEC["mcast-groups"]["list"]]

FAMILY = 0x21
GROUP = 100
CONTROLLER = 0x10
ERROR, DONE = 2, 3
MULTI, CAPPED, TLVS, INTR = 2, 0x100, 0x200, 0x10
REQUEST, ACK, DUMP = 1, 4, 0x300
WIDTH = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}
NESTED = 0x8000


def number_of(attr, value):
    """A number, a word of the attribute's enum, or a list of its flags"""
    if isinstance(value, int):
        return value
    words = [e["name"] if isinstance(e, dict) else e
             for e in ENUMS[attr["enum"]]["entries"]]
    if isinstance(value, list):
        return sum(1 << words.index(word) for word in value)
    return words.index(value)


def payload(attr, value):
    kind = attr["type"]
    if kind == "nest":
        return encode(attr["nested-attributes"], value)
    if kind == "flag":
        return b""
    if kind == "string":
        return value.encode() + b"\0"
    if attr["name"] in ("addr4", "addr6"):
        return ipaddress.ip_address(value).packed
    order = "!" if attr.get("byte-order") == "big-endian" else "="
    return struct.pack(order + WIDTH[kind], number_of(attr, value))


def attribute(number, data, nested=False):
    size = 4 + len(data)
    return struct.pack("=HH", size, number | NESTED * nested) + data + \
        bytes(-size % 4)


def encode(name, values):
    """A set of attributes; several of one type are a list of dicts"""
    out = b""
    for number, attr in enumerate(SETS[name], 1):
        if attr["name"] not in values:
            continue
        value = values[attr["name"]]
        for one in value if attr.get("multi-attr") else [value]:
            out += attribute(number, payload(attr, one),
                             attr["type"] == "nest")
    return out


def decode_one(attr, data):
    kind = attr["type"]
    if kind == "nest":
        return decode(attr["nested-attributes"], data)
    if kind == "flag":
        return True
    if attr["name"] in ("addr4", "addr6"):
        return str(ipaddress.ip_address(data))
    order = "!" if attr.get("byte-order") == "big-endian" else "="
    return struct.unpack(order + WIDTH[kind], data)[0]


def decode(name, data):
    values = {}
    while data:
        size, number = struct.unpack_from("=HH", data)
        attr = SETS[name][(number & ~NESTED) - 1]
        values[attr["name"]] = decode_one(attr, data[4:size])
        data = data[size + -size % 4:]
    return values


def message(kind, flags, body):
    return struct.pack("=IHHII", 16 + len(body), kind, flags, 0, 0) + body


def reply(name, values, flags=MULTI):
    """A reply of the family, by attribute set"""
    return message(FAMILY, flags, bytes((1, 1, 0, 0)) + encode(name, values))


def event(kind, flow, **more):
    """An event, by its topic: several of them may be put together"""
    body = encode("flow", {**flow, "event": {"time": 10**18, **more}})
    return message(FAMILY, 0, bytes((
        OPERATIONS.index("flow-%s-ntf" % kind) + 1, 1, 0, 0)) + body)


def generated(netns=7, **cpus):
    """The last numbers: cpu0=(new, change, end)"""
    return reply("events", {"netns": netns, "generated": [
        {"cpu": int(cpu[3:]), "new": n[0], "change": n[1], "end": n[2]}
        for cpu, n in cpus.items()]}, 0)


NOTHING, LOST = struct.pack("=I", 0), struct.pack("=I", 2**32 - 1)


def ack(error=0, text=None, offset=None):
    tlvs = b""
    if text is not None:
        tlvs += attribute(1, text.encode() + b"\0")
    if offset is not None:
        tlvs += attribute(2, struct.pack("=I", offset))
    return message(ERROR, CAPPED | (TLVS if tlvs else 0),
                   struct.pack("=i", -error) + bytes(16) + tlvs)


def done(error=0, text=None, flags=0):
    tlvs = b"" if text is None else attribute(1, text.encode() + b"\0")
    return message(DONE, MULTI | flags | (TLVS if tlvs else 0),
                   struct.pack("=i", -error) + tlvs)


def groups(names):
    return attribute(7, b"".join(
        attribute(number, attribute(1, name.encode() + b"\0") +
                  attribute(2, struct.pack("=I", GROUP + number)), True)
        for number, name in enumerate(names)), True)


def found(version=1, names=GROUPS):
    """The controller knows the family"""
    body = attribute(1, struct.pack("=H", FAMILY)) + \
        attribute(3, struct.pack("=I", version)) + groups(names)
    return [message(CONTROLLER, 0, bytes((1, 2, 0, 0)) + body), ack()]


class Request:
    """A request as it was sent"""

    def __init__(self, data):
        _, self.kind, self.flags, _, _ = struct.unpack_from("=IHHII", data)
        self.body = data[20:]
        self.operation = None
        if self.kind == FAMILY:
            self.operation = OPERATIONS[data[16] - 1]
            self.values = decode(self.operation.split("-", maxsplit=1)[0],
                                 self.body)


def requests(data):
    out = []
    while data:
        size = struct.unpack_from("=I", data)[0]
        out.append(Request(data[:size]))
        data = data[size:]
    return out


def datagram(data):
    return data if data in (NOTHING, LOST) else \
        struct.pack("=I", len(data)) + data


def files(where, contents):
    """A directory of files, by their paths in it"""
    for name, text in contents.items():
        path = os.path.join(where, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    return where


def talk(*args, replies=(), events=(), family=None, stdin=None, proc=None,
         **env):
    """Run the program with what it is to hear, a datagram each, after the
    family, with events: datagrams, NOTHING or LOST, and with what it is to read
    in /proc, if that is not this machine's. The run has what it asked, without
    that for the family, and the names of the groups that it has joined"""
    datagrams = list(found() if family is None else family) + list(replies)
    with tempfile.TemporaryDirectory() as where:
        names = {"WIRE_REPLIES": os.path.join(where, "replies"),
                 "WIRE_REQUESTS": os.path.join(where, "requests"),
                 "WIRE_EVENTS": os.path.join(where, "events"),
                 "WIRE_GROUPS": os.path.join(where, "groups")}
        if proc is not None:
            names["WIRE_PROC"] = files(os.path.join(where, "proc"), proc)
        for name, said in (("WIRE_REPLIES", datagrams),
                           ("WIRE_EVENTS", events)):
            with open(names[name], "wb") as out:
                out.write(b"".join(map(datagram, said)))
        result = Run(subprocess.run(
            [PROGRAM, *args], input=stdin, timeout=300, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**environment(), **names, **env}))
        assert result.status not in (SANITIZER_STATUS, 127), result.err
        assert result.status >= 0, "killed by signal %d" % -result.status
        result.requests, result.groups = [], []
        if os.path.exists(names["WIRE_GROUPS"]):
            with open(names["WIRE_GROUPS"], encoding="utf-8") as joined:
                numbers = [int(line) for line in joined]
            result.groups = [GROUPS[number - GROUP] for number in numbers
                             if number != CONTROLLER]
        if os.path.exists(names["WIRE_REQUESTS"]):
            with open(names["WIRE_REQUESTS"], "rb") as sent:
                result.requests = [r for r in requests(sent.read())
                                   if r.kind == FAMILY]
    return result


def documents(result):
    return json.loads(result.out)


def diag_socket(family, local, remote, inode=0, queued=0, timer=0):
    """What sock_diag says of a socket; its ends are addresses and ports"""
    def packed(addr):
        return ipaddress.ip_address(addr).packed.ljust(16, b"\0")

    body = struct.pack("=BBBB", family, 8, timer, 0) + \
        struct.pack("!HH", local[1], remote[1]) + packed(local[0]) + \
        packed(remote[0]) + struct.pack("=III", 0, 0, 0) + \
        struct.pack("=IIIII", 0, queued, 0, 0, inode)
    return message(20, MULTI, body)


BRIEF = {
    "src": {"addr4": "10.0.1.1", "port": 40004, "state": "fin-wait-2",
            "since": 4208, "packets": 6, "bytes": 37},
    "dst": {"addr4": "10.0.2.1", "port": 80, "state": "close-wait",
            "since": 4300, "packets": 5, "bytes": 0},
    "age": 5144, "idle": 4300, "timeout": 431995700,
    "class": "half-closed", "reason": "fin-ack",
    "flags": ["src-unconfirmed"],
}

FULL = {
    **BRIEF,
    "src": {**BRIEF["src"], "acked": 37, "retrans": 2, "ooo": 0, "dupack": 0,
            "keepalive": 0, "probe": 0, "outwin": 0, "paws": 0,
            "challenge": 0, "ce": 0, "zerowin": 1, "zerowin-time": 1500,
            "srtt": 1574, "rtt-min": 597, "rtt-last": 600, "mss": 1460,
            "wscale": 7, "seen": ["wscale", "sack", "psh"],
            "sock-state": "fin-wait-1", "differs": ["ack-lost"]},
    "dst": {**BRIEF["dst"], "acked": 0, "retrans": 0, "ooo": 0, "dupack": 0,
            "keepalive": 0, "probe": 0, "outwin": 0, "paws": 0,
            "challenge": 0, "ce": 0, "zerowin": 0, "zerowin-time": 0,
            "mss": 1460, "wscale": 7, "seen": ["wscale"],
            "sock-none": True, "differs": ["died-silently", "other"]},
    "conn-state": "S2", "zeek": "ShADaF",
    "rtt-server": 68939, "rtt-client": 82328,
    "change": [{"src-state": "established", "dst-state": "established",
                "reason": "ack", "ago": 4940},
               {"src-state": "fin-wait-2", "dst-state": "close-wait",
                "reason": "fin-ack", "ago": 4300}],
    "netns": 4026531840,
}

# Without a detail part, ended, of IPv6
ENDED = {
    "src": {"addr6": "fd00::1", "port": 5, "state": "closed", "since": 10,
            "packets": 1, "bytes": 0, "mss": 1440, "wscale": 7, "seen": []},
    "dst": {"addr6": "fd00::2", "port": 443, "state": "closed", "since": 10,
            "packets": 1, "bytes": 0, "seen": []},
    "age": 10, "idle": 10, "timeout": 9990, "class": "closed",
    "reason": "rst", "flags": [], "end-reason": "refused", "ended-by": "dst",
    "conn-state": "REJ", "netns": 4026531840,
}

SUMMARY = {
    "enabled": 1, "flows": 3, "flows-max": 262144, "half-open": 1,
    "half-open-max": 65536, "time-wait": 0, "buckets": 16384, "netns": 7,
    "pair": [{"src-state": "syn-sent", "dst-state": "closed", "flows": 1},
             {"src-state": "established", "dst-state": "established",
              "flows": 2}],
}
LISTENER = {
    "addr4": "10.0.2.1", "port": 80, "ifindex": 1, "accept-queue": 3,
    "accept-limit": 2, "accept-source": "backlog", "syn-queue": 4,
    "syn-young": 1, "syn-limit": 2, "syn-source": "max-syn-backlog",
    "syncookies": "never", "cookies-recent": True, "drops": 9, "uid": 1000,
    "inode": 4711, "reuseport": 2, "defer-accept": 31000, "synack-retries": 3,
    "syncnt": 3, "fastopen-queue": 1, "fastopen-limit": 16,
    "service": {"half-open": 5, "unanswered": 1, "accept-wait": 2,
                "synack-repeats": 7, "age-max": 4500, "age-p50": 1500,
                "age-p90": 4000, "open": 12, "rtt-samples": 12,
                "rtt-p50": 1200, "rtt-p90": 2400, "rtt-p99": 150000},
    "netns": 7,
}
# Where tracking is off, of IPv6, nothing set
IDLE = {
    "addr6": "::", "port": 22, "v6only": True, "accept-queue": 0,
    "accept-limit": 4096, "accept-source": "somaxconn", "syn-queue": 0,
    "syn-young": 0, "syn-limit": 4096, "syn-source": "somaxconn",
    "syncookies": "overflow", "drops": 0, "uid": 0, "inode": 5,
    "synack-retries": 5, "netns": 7,
}
COUNTERS = [a["name"] for a in SETS["stats"] if a["name"] not in
            ("pad", "netns", "netns-fd", "all-netns")]
STATS = {"netns": 7, **{name: n for n, name in enumerate(COUNTERS)}}
CONFIG = {
    "enabled": 1, "flows-max": 262144, "half-open-max": 65536,
    "keep-detail": 0, "timeout-half-open": 131, "timeout-established": 432000,
    "timeout-half-closed": 432000, "timeout-closing": 300,
    "timeout-time-wait": 60, "timeout-closed": 10, "children-max": 65536,
    "global-max": 327680,
}
