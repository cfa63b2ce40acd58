#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Who does not close"""

import os
import socket
import sys

import wire as w
from tap import case, equal, has, main
from unclosed import HERE, THERE, asked, closed, flow, shown


def with_inodes(func, n=1):
    """Sockets of this process's own"""
    mine = [socket.socket() for _ in range(n)]
    try:
        return func(*(os.fstat(one.fileno()).st_ino for one in mine))
    finally:
        for one in mine:
            one.close()


@case
def held_by_a_process():
    got = with_inodes(lambda *inode: shown(
        flows=[flow(1), flow(2, since=200000), flow(3, local="src")],
        sockets=[closed(1, inode[0], 5), closed(2, inode[1], 1),
                 closed(3, inode[2], 0, here=3, there=80)]), 3)
    with open("/proc/self/comm", encoding="utf-8") as comm:
        name = comm.read().strip()
    first, second = got["groups"]
    assert first.pop("cgroup", None) != ""
    equal(first, {"process": name, "pid": os.getpid(), "kind": "held",
                  "count": 2, "oldest": 200, "recv_q": 6, "end": "dst",
                  "family": "ipv4", "dst": HERE, "dport": 80})
    equal([second[key] for key in ("end", "dst", "dport", "count")],
          ["src", THERE, 80, 1])


@case
def unaccepted():
    """The listener's process is to accept: at this address, at any, at any of
    either family"""
    for addr, family in ((HERE, 2), ("0.0.0.0", 2), ("::", 10)):
        got = with_inodes(lambda inode, addr=addr, family=family: shown(
            flows=[flow(1), flow(2)], family=family,
            sockets=[w.diag_socket(family, ("::ffff:" + HERE if family == 10
                                            else HERE, 80),
                                   ("::ffff:" + THERE if family == 10
                                    else THERE, port), 0, 1)
                     for port in (1, 2)] +
            [w.diag_socket(family, (addr, 80), (addr.replace(HERE, "0.0.0.0"),
                                                0), inode)]))
        one, = got["groups"]
        equal([one[key] for key in ("pid", "kind", "count", "recv_q")],
              [os.getpid(), "unaccepted", 2, 2])
    one, = shown(flows=[flow(1)], sockets=[closed(1)])["groups"]
    equal((one["process"], one["pid"], one["kind"]),
          (None, None, "unaccepted"))


@case
def of_nobody_that_is_seen():
    one, = shown(flows=[flow(1)], sockets=[closed(1, 4294967295)])["groups"]
    equal((one["process"], one["kind"]), (None, "unknown"))


@case
def what_is_no_leak():
    got = shown(flows=[flow(1, "last-ack"), flow(2, "none"), flow(3, None),
                       # it was closed between the two looks
                       flow(4),
                       # an end that has not waited for so long
                       flow(5, since=59999)],
                sockets=[closed(5, 7)])
    equal(got, {"since": 60, "groups": [], "closing": 1, "gone": 1,
                "forwarded": 1})


@case
def what_is_asked_for():
    def filtered(*args):
        request, = asked(*args).requests
        equal((request.operation, request.values["brief"],
               request.values["sockets"]), ("flow-get", True, True))
        return request.values["filter"]

    states = {"states": 1 << 6}
    equal(filtered("unclosed"), {"any": {**states, "since-min": 60000}})
    equal(filtered("-6", "unclosed", "since", "5m"),
          {"family": 10, "any": {**states, "since-min": 300000}})
    equal(filtered("unclosed", "show", "since", "0"), {"any": states})


@case
def tables():
    done = asked("unclosed", flows=[flow(1), flow(2), flow(3, "none"),
                                    flow(4, None)],
                 sockets=[closed(1, 4294967295, 70), closed(2)])
    equal(done.lines, [
        "PROCESS          PID STATE       COUNT OLDEST RECV_Q    PLACE",
        "-                  - unaccepted      1  1m30s      0 at 10.0.2.1:80",
        "-                  - unknown         1  1m30s     70 at 10.0.2.1:80",
        "1 without a socket, which has sent no FIN",
        "1 forwarded: another host does not close"])
    equal(asked("unclosed").out, "")
    equal(len(asked("-br", "unclosed", flows=[flow(1), flow(4, None)],
                    sockets=[closed(1)]).lines), 1)


@case
def nonsense():
    for args, what in ((("since",), "'since' needs a time"),
                       (("since", "soon"), "'since' needs a time"),
                       (("since", "1", "2"), "'since' needs a time"),
                       (("show", "of"), "'of' is unknown"),
                       (("what",), "command 'what' is unknown")):
        done = w.talk("unclosed", *args)
        equal((done.status, done.out, done.requests), (1, "", []), args)
        has(done.err, what)
    equal(w.talk("-a", "unclosed").status, 1)


if __name__ == "__main__":
    sys.exit(main())
