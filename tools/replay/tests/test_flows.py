#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Which flows are printed, when, in what order, and how."""

import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time

import capture as c
from tap import (PROGRAM, SANITIZER_STATUS, case, environment, equal, has,
                 main, replay, run, statistics)

S = 10**9
T0 = 10**18


def syn(when, sport, src=c.A4):
    return (when, c.ether(c.ip4(src, c.B4, c.tcp(sport, 80, 1, 0, c.SYN))))


def ports(done):
    return [int(flow["sport"]) for flow in done.flows]


def sorted_by_time(*connections):
    return sorted((p for packets in connections for p in packets),
                  key=lambda packet: packet[0])


@case
def rest_in_order_of_first_packet():
    order = [5, 3, 9, 1, 7]
    done = replay(c.pcap([syn(T0, port) for port in order]))
    equal(ports(done), order)


@case
def live_in_order_of_key():
    packets = [syn(T0, 5), syn(T0, 3, "10.0.0.1"), syn(T0, 9, "9.0.0.1"),
               syn(T0, 300, "10.0.0.1"),
               (T0, c.ether(c.ip6(c.A6, c.B6, c.tcp(2, 80, 1, 0, c.SYN))))]
    for turn in range(len(packets)):
        done = replay(c.pcap(packets[turn:] + packets[:turn]), "--live")
        equal([f["sport"] for f in done.flows], ["9", "3", "5", "300", "2"])


@case
def flow_is_printed_when_it_ends():
    closed = c.framed(c.connection(sport=1, begin=T0))
    data = c.pcap(closed + [syn(T0 + 70 * S, 2)])
    first, second = replay(data).flows
    equal((first["sport"], first["src_state"]), ("1", "TIME_WAIT"))
    # at the moment of its end, whenever the next packet comes
    equal((first["idle"], first["timeout"]), ("60.000", "0.000"))
    equal((second["sport"], second["idle"]), ("2", "0.000"))
    equal(ports(replay(data, "--live")), [2])


@case
def half_open_ends_as_the_stack_gives_up():
    for later, left in ((130, [1, 2]), (132, [2])):
        data = c.pcap([syn(T0, 1), syn(T0 + later * S, 2)])
        equal(ports(replay(data, "--live")), left)


@case
def tuple_used_again_is_two_flows():
    one = c.connection(begin=T0)
    two = c.connection(begin=T0 + 5 * S, isn=10**6, payload=b"y" * 7)
    done = replay(c.pcap(c.framed(one + two)))
    equal([f["src_bytes"] for f in done.flows], ["100", "7"])
    equal([f["src_state"] for f in done.flows], ["TIME_WAIT"] * 2)
    has(done.flows[1]["flags"], "reused")


@case
def time_that_goes_back():
    packets = c.framed(c.connection())
    times = [packets[0][0] - i * S for i in range(len(packets))]
    data = c.pcap([(t, frame) for t, (_, frame) in zip(times, packets)])
    flow, = replay(data).flows
    equal((flow["src_state"], flow["age"]), ("TIME_WAIT", "0.000"))
    equal(statistics(data)["late"], len(packets) - 1)


@case
def time_that_jumps():
    """To the end of time, and back: no hang, and each flow ends once."""
    far = (2**32 - 1) * S
    data = c.pcap([syn(0, 1), syn(far, 2), syn(5, 3), syn(far, 4)])
    flows = replay(data).flows
    equal([f["sport"] for f in flows], ["1", "2", "3", "4"])
    equal([f["idle"] for f in flows], ["131.000"] + ["0.000"] * 3)
    # pcapng has 64 bits
    packets = [syn(n * 2**62 // 50, n + 1) for n in range(200)]
    equal(ports(replay(c.pcapng(packets))), list(range(1, 201)))


@case
def odd_microseconds():
    data = bytearray(c.pcap([syn(T0, 1), syn(T0, 2)]))
    struct.pack_into("<I", data, 28, 0xffffffff)
    equal(len(replay(bytes(data)).flows), 2)


@case
def memory_grows_with_live_flows():
    packets = []
    for n in range(4000):
        packets += c.connection(sport=n % 60000 + 1, begin=T0 + n * 100 * S,
                                payload=b"")
    counts = statistics(c.pcap(c.framed(packets)))
    equal((counts["flows_created"], counts["flows_most"]), (4000, 1))
    equal(counts["flows_printed"], 4000)


@case
def many_flows_at_once():
    """The table grows, and each is found, and ends, once; the first first."""
    packets = []
    for n in range(5000):
        packets.append(syn(T0 + n * 10**6, n + 1))
    packets += [syn(T0 + 200 * S, n + 1, "10.0.0.3") for n in range(3)]
    done = replay(c.pcap(packets))
    equal(sorted(ports(done)), sorted(list(range(1, 5001)) + [1, 2, 3]))
    equal(len(replay(c.pcap(packets), "--live").flows), 3)


def number(text):
    return float(text) if "." in text else int(text)


def change(text):
    reason, rest = text.split(":")
    src, rest = rest.split("/")
    dst, ago = rest.split("@")
    return dict(reason=reason, src_state=src, dst_state=dst, ago=number(ago))


def as_json(key, text):
    if key == "history":
        return [] if text == "-" else [change(c) for c in text.split(",")]
    if key in ("flags", "differs") or key.endswith("_seen"):
        return [] if text == "-" else text.split(",")
    if text == "-":
        return None
    try:
        return number(text)
    except ValueError:
        return text


@case
def json_says_what_the_line_says():
    data = c.pcap(c.framed(sorted_by_time(
        c.connection(), c.connection(sport=2, close=False),
        c.connection(sport=3)[:1], c.connection(src=c.A6, dst=c.B6),
        c.connection(sport=4)[3:])))
    flows = replay(data).flows
    lines = replay(data, "-j").lines
    equal(len(lines), len(flows))
    for line, flow in zip(lines, flows):
        pairs = json.loads(line, object_pairs_hook=lambda pairs: pairs)
        equal([key for key, _ in pairs], list(flow))
        equal(json.loads(line),
              {key: as_json(key, text) for key, text in flow.items()})


@case
def json_statistics_come_last():
    data = c.pcap(c.framed(c.connection()))
    done = replay(data, "-j", "-s")
    equal((len(done.lines), done.err), (2, ""))
    equal(json.loads(done.lines[1]), {"statistics": statistics(data)})


@case
def usage():
    for args in ((), ("-x",), ("--nonsense",), ("nonsense",), ("replay",),
                 ("replay", "a", "b"), ("-j",)):
        done = run(*args)
        equal((done.status, done.out), (1, ""), args)
        assert done.err, args
    for args in (("help",), ("-h",), ("--help",), ("replay", "help"),
                 ("-V",), ("-Version",), ("rep", "help")):
        done = run(*args)
        equal((done.status, done.err), (0, ""), args)
        assert done.out, args


@case
def options_in_any_place_and_abbreviated():
    data = c.pcap(c.framed(c.connection()))
    want = run("--json", "--statistics", "replay", "-", stdin=data).out
    for args in (("-j", "-s", "replay", "-"), ("r", "-js"[:2], "-stat", "-"),
                 ("rep", "-", "-json", "-s"), ("-j", "-s", "re", "--", "-")):
        equal(run(*args, stdin=data).out, want, args)


def hold_up(process, terminal):
    """A bar is for what takes half a second: be that so on any machine"""
    for _ in range(8):
        if process.poll() is not None or select.select([terminal], [], [], 0)[0]:
            break
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.6)
        process.send_signal(signal.SIGCONT)
        time.sleep(0.02)


def on_a_terminal(data, **env):
    """What is shown on a terminal that is standard error"""
    parent, child = pty.openpty()
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with subprocess.Popen([PROGRAM, "replay", file.name], stderr=child,
                              stdout=subprocess.DEVNULL,
                              env={**environment(), **env}) as process:
            os.close(child)
            hold_up(process, parent)
            shown = b""
            try:
                while part := os.read(parent, 65536):
                    shown += part
            except OSError:	# the other end is closed
                pass
    os.close(parent)
    assert process.returncode != SANITIZER_STATUS, shown
    equal(process.returncode, 0, shown)
    return shown


@case
def progress_on_a_terminal():
    head = c.pcap([])
    body = c.pcap(c.framed(c.connection(close=False)))[len(head):]
    data = head + body * (30 * 2**20 // len(body))
    shown = on_a_terminal(data, TERM="xterm", NO_COLOR="")
    has(shown, b"%")
    has(shown, b"\x1b[32m")
    assert shown.endswith(b"\r\x1b[K"), shown[-80:]
    assert b"\x1b[32m" not in on_a_terminal(data, TERM="xterm", NO_COLOR="1")
    equal(on_a_terminal(data, TERM="dumb"), b"")
    equal(replay(data).err, "")


sys.exit(main())
