#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""top: on a terminal, and in a pipe"""

import contextlib
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time

import wire as w
from screen import Screen, terminfo
from tap import Run, case, environment, equal, has, main


def flow(number, **more):
    """One of many: each is older, and has repeated less, than the one before"""
    def end(addr, port, state):
        return {"addr4": addr, "port": port, "state": state, "since": 5000,
                "packets": 1, "bytes": more.get("bytes", 0),
                "retrans": max(0, 1000 - number), "srtt": 100 + number}
    states = more.get("states", ("established", "established"))
    return {**w.BRIEF, "netns": 7, "age": 10000 + 1000 * number,
            "idle": more.get("idle", 0), "flags": [],
            "src": end("10.0.1.%d" % (number % 250), 10000 + number,
                       states[0]),
            "dst": end("10.0.2.1", 80, states[1])}


FLOWS = [flow(number) for number in range(100)]


class Kernel:
    """Answers, that may change while the program asks"""

    def __init__(self, where):
        self.where = where
        self.put(w.CONTROLLER, 3, w.found())
        self.set(FLOWS)

    def put(self, kind, command, datagrams):
        name = os.path.join(self.where, "%d-%d" % (kind, command))
        with open(name + ".new", "wb") as out:
            for data in datagrams:
                out.write(struct.pack("=I", len(data)) + data)
        os.rename(name + ".new", name)

    def answer(self, operation, datagrams):
        self.put(w.FAMILY, w.OPERATIONS.index(operation) + 1, datagrams)

    def set(self, flows, summary=w.SUMMARY):
        self.answer("summary-get", [w.reply("summary", summary, 0), w.ack()])
        self.answer("stats-get", [w.reply("stats", {
            "netns": 7, "untracked-full": 2, "untracked-nomem": 1}, 0),
            w.ack()])
        several = [b"".join(w.reply("flow", flow) for flow in flows[at:at + 50])
                   for at in range(0, len(flows), 50)]
        self.answer("flow-get", [*several, w.done()])

    def env(self):
        empty = os.path.join(self.where, "empty")
        with open(empty, "wb"):
            pass
        return {**environment(), "WIRE_ANSWERS": self.where,
                "WIRE_REPLIES": empty, "TERM": "tct",
                "TERMINFO": terminfo(self.where),
                "WIRE_REQUESTS": os.path.join(self.where, "requests")}

    def passes(self):
        """The requests for flows"""
        with open(os.path.join(self.where, "requests"), "rb") as sent:
            return [request for request in w.requests(sent.read())
                    if request.operation == "flow-get"]

    def asked(self):
        return self.passes()[-1].values

    def times(self):
        return len(self.passes())


@contextlib.contextmanager
def kernel():
    with tempfile.TemporaryDirectory() as where:
        yield Kernel(where)


@contextlib.contextmanager
def top(*args, size=(24, 80), before=()):
    with kernel() as answers:
        with Screen([w.PROGRAM, *before, "top", "interval", "100ms", *args],
                    answers.env(), size) as screen:
            screen.kernel = answers
            yield screen
            if screen.status is None:
                screen.press("q")
                equal(screen.end(), 0)


def ports(lines):
    """Of the flows that are shown, in their order"""
    return [int(line.split()[0].rsplit(":", 1)[1]) - 10000
            for line in lines[5:] if ":80 " in line]


def first(number):
    return lambda lines: ports(lines)[:1] == [number]


@case
def screen_of_80_by_24():
    with top("sort", "age") as screen:
        lines = screen.until(lambda lines: len(ports(lines)) == 19)
        equal(len(lines), 24)
        has(lines[0], " flows 3 of 262144 (0.0%) half-open 1 time-wait 0 "
            "untracked 3")
        equal(lines[1], "ESTABLISHED/ESTABLISHED 2  SYN_SENT/CLOSED 1")
        has(lines[2], "by age: 100 match, read in ")
        equal(lines[4], "SRC                  STATE        "
              "DST                  STATE          AGE   RATE")
        equal(lines[5], "10.0.1.99:10099      ESTABLISHED  "
              "10.0.2.1:80          ESTABLISHED  1m49s      0")
        equal(ports(lines), list(range(99, 80, -1)))


@case
def sorted_by_keys():
    with top() as screen:
        screen.until("by rate")
        for key, number in (("a", 99), ("x", 0), ("t", 99), ("r", 0),
                            ("r", 99)):
            screen.press(key)
            screen.until(first(number))
        screen.press(">")
        screen.until("by retrans")
        screen.until(" RETRAN")
        screen.press(">")
        screen.until("by state")
        screen.press("<", "<")
        screen.until("by rtt")


@case
def rates():
    """Those that were kept, from pass to pass"""
    with top("interval", "1s") as screen:
        screen.until("100 match")
        screen.kernel.set([flow(number, bytes=1000000 * (number == 5))
                           for number in range(100)])
        screen.until(first(5))
        screen.kernel.set([flow(number, bytes=1000000 *
                                ((number == 5) + (number == 7)))
                           for number in range(100)])
        screen.until(first(7))


@case
def scrolled():
    with top("sort", "age") as screen:
        screen.until(first(99))
        for key, number in (("down", 98), ("pgdn", 79), ("up", 80),
                            ("pgup", 99), ("end", 18), ("down", 18),
                            ("home", 99)):
            screen.press(key)
            screen.until(first(number))


@case
def filtered_as_one_types():
    with top("sort", "age") as screen:
        screen.until(first(99))
        screen.press("/", *"sport >= 10010 ")
        screen.until("filter: sport >= 10010")
        screen.press(*"sport <")
        # what means nothing yet is said, and the list stays
        lines = screen.until("'sport' needs a port")
        equal(ports(lines)[:1], [99])
        screen.press(*" 10020")
        screen.until(first(19))
        equal(screen.kernel.asked()["filter"], {
            "src": {"port-min": 10010, "port-max": 10019}})
        screen.press("enter")
        screen.until(lambda lines: "_" not in lines[3])
        screen.press("/", "back", "back", "back", "back")
        screen.until("filter: sport >= 10010 sport < 1_")
        screen.press("esc")
        screen.until(first(19))
        screen.press("/", "\25")
        screen.until(first(99))
        screen.press("enter")


@case
def paused():
    with top("sort", "age") as screen:
        screen.until(first(99))
        screen.press("p")
        screen.until("; paused")
        screen.kernel.set(FLOWS[:10])
        asked = screen.kernel.times()
        # the time of several passes
        time.sleep(0.5)
        screen.press("down")
        screen.until(lambda lines: ports(lines)[:2] == [98, 97])
        equal(screen.kernel.times(), asked)
        screen.press(" ")
        screen.until("10 match")
        screen.until(first(9))


@case
def help_is_shown():
    with top() as screen:
        screen.until("100 match")
        screen.press("?")
        screen.until("Any key goes back.")
        screen.press("x")
        screen.until("by rate: 100 match")


@case
def resized():
    with top("sort", "age") as screen:
        screen.until(first(99))
        screen.resize(40, 132)
        lines = screen.until("FLAGS")
        lines = screen.until(lambda lines: len(ports(lines)) == 35)
        has(lines[4], "AGE   RATE    RTT RETRAN FLAGS")
        has(lines[5], "  199us   1802")
        screen.resize(8, 40)
        lines = screen.until(lambda lines: len(ports(lines)) <= 3 and
                             lines[5].startswith("10.0.1"))
        screen.resize(24, 80)
        screen.until(lambda lines: len(ports(lines)) == 19)


@case
def of_ipv6_and_of_every_namespace():
    with kernel() as answers:
        flows = [{**w.ENDED, "netns": 7, "src": {
            **w.ENDED["src"], "addr6": "fd00:1111:2222:3333::1"}}]
        answers.set(flows)
        answers.answer("summary-get", [w.reply("summary", w.SUMMARY) +
                                       w.reply("summary", w.SUMMARY) +
                                       w.done()])
        answers.answer("stats-get", [w.done()])
        with Screen([w.PROGRAM, "-a", "top"], answers.env()) as screen:
            screen.until("1 match")
            lines = screen.until(lambda lines: lines[5].endswith("10ms      0"))
            has(lines[0], "flows 6 of 524288")
            assert lines[5].startswith("7 "), lines[5]
            # as much as fits, of both ends of an address
            has(lines[5], " [fd00:~3::1]:5 CLOSED ")
            has(lines[5], " [fd00::2]:443 ")
            screen.press("q")
            equal(screen.end(), 0)


@case
def more_flows_than_are_kept():
    """The best of them"""
    with kernel() as answers:
        answers.set([flow(number) for number in range(20000)])
        with Screen([w.PROGRAM, "top", "sort", "age"],
                    answers.env()) as screen:
            screen.until("20000 match")
            screen.until(lambda lines: ports(lines)[:3] ==
                         [19999, 19998, 19997])
            screen.press("r")
            screen.until(first(0))
            screen.press("q")
            equal(screen.end(), 0)


@case
def errors_are_shown():
    """And it goes on when they are over"""
    with top("sort", "age") as screen:
        screen.until(first(99))
        screen.kernel.answer("flow-get", [w.ack(1, "needs CAP_NET_ADMIN")])
        screen.until("needs CAP_NET_ADMIN: run as root")
        screen.kernel.put(w.CONTROLLER, 3, [w.ack(2)])
        lines = screen.until("the module tcptrack is not loaded")
        equal(ports(lines)[:1], [99])
        screen.kernel.put(w.CONTROLLER, 3, w.found())
        screen.kernel.set(FLOWS[:10])
        screen.until(first(9))
        # of what was turned off meanwhile the rest is shown
        screen.kernel.answer("flow-get", [
            w.reply("flow", FLOWS[20]) + w.done(flags=w.INTR)])
        screen.until("1 match")
        screen.until(first(20))


@case
def ended_by_a_signal():
    with top() as screen:
        screen.until("100 match")
        os.kill(screen.pid, signal.SIGTERM)
        equal(screen.end(), 0)


def printed(*args, before=(), **more):
    """In a pipe"""
    with kernel() as answers:
        done = Run(subprocess.run(
            [w.PROGRAM, *before, "top", *args], env=answers.env(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=300, check=False, **more))
        done.kernel = answers
        return done


@case
def in_a_pipe():
    done = printed("count", "2", "interval", "1ms", "limit", "3", "sort",
                   "retrans", "sport > 10010")
    equal((done.status, done.err), (0, ""))
    equal([int(line.split()[0].rsplit(":", 1)[1]) for line in done.lines
           if ":80 " in line], [10011, 10012, 10013] * 2)
    equal(len([line for line in done.lines if line.startswith("SRC ")]), 2)
    has(done.lines[2], "by retrans: 89 match, read in ")
    equal(max(map(len, done.lines)) <= 132, True)


@case
def nonsense():
    for args, what in ((("sort",), "'sort' needs 'state', 'age', 'rate'"),
                       (("sort", "size"), "'sort' needs"),
                       (("interval", "0"), "'interval' needs a time"),
                       (("count", "x"), "'count' needs a number"),
                       (("nonesuch",), "'nonesuch' begins no condition")):
        done = printed(*args)
        equal((done.status, done.out), (1, ""))
        has(done.err, what)
    equal(printed(before=["-j"]).status, 1)
    with kernel() as answers:
        for name in ("nonesuch", "tct-dumb"):
            with Screen([w.PROGRAM, "top"],
                        {**answers.env(), "TERM": name}) as screen:
                screen.until("'%s' cannot be drawn on" % name)
                equal(screen.end(), 2)


if __name__ == "__main__":
    sys.exit(main())
