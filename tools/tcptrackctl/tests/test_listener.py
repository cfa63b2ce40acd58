#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Listeners, and how far half-open flows are"""

import os
import socket
import sys

import wire as w
from tap import case, equal, has, main


def listed(*args, several=(w.LISTENER, w.IDLE), before=(), words=()):
    datagrams = [w.reply("listener", one) for one in several] + [w.done()]
    done = w.talk(*args, "listener", *words,
                  replies=list(before) + datagrams)
    equal((done.status, done.err), (0, ""))
    request, = done.requests
    equal((request.operation, request.flags),
          ("listener-get", w.REQUEST | w.DUMP))
    return done


def asked(*args, words=()):
    return listed(*args, words=words).requests[0].values


@case
def what_is_asked_for():
    equal(asked(), {"flows": True})
    equal(asked("-br"), {})
    equal(asked("-a"), {"flows": True, "all-netns": True})
    equal(asked(words=("list", "port", "80")), {"flows": True, "port": 80})
    equal(asked(words=("ls", "port", ":80")), {"flows": True, "port": 80})


@case
def in_the_order_of_ss():
    head, busy, busy_idle = [line.split() for line in listed().lines]
    equal(head, ["ACCEPT-Q", "LIMIT", "LOCAL", "SYN-Q", "LIMIT", "DROPS",
                 "HALF-OPEN", "OLDEST", "OPEN", "RTT-P50", "FLAGS"])
    equal(busy[:2] + busy[3:], [
        "3", "2", "4", "2", "9", "5", "4.5s", "12", "1.200ms",
        "accept_full,syn_full,cookies,defer_accept,fastopen,reuseport"])
    assert busy[2].startswith("10.0.2.1:80%"), busy
    equal(busy_idle, ["0", "4096", "[::]:22", "0", "4096", "0", "-", "-", "-",
                      "-", "v6only"])
    equal([line.split() for line in listed("-br", several=(w.IDLE,)).lines],
          [["0", "4096", "[::]:22"]])


@case
def of_one_family():
    equal(len(listed("-4").lines), 2)
    has(listed("-6").lines[1], "[::]:22")
    has(listed("-a").lines[1], "7 ")


@case
def in_words():
    text = listed("-d", several=(w.LISTENER,)).out
    has(text, "accept queue: 3 wait for accept(); full above 2, which "
              "listen() asked for; it is full: SYNs are dropped")
    has(text, "SYN queue: 4 wait for their ACK, 1 of them without a repeated "
              "SYN-ACK; full above 2, which net.ipv4.tcp_max_syn_backlog "
              "leaves to strangers; it is full: SYNs are dropped")
    has(text, "defer_accept 31.0s")
    has(listed("-s").out, "accept_wait 2")
    has(listed("-d", several=({**w.LISTENER, "syncookies": "overflow"},)).out,
        "it is full: SYNs are answered by cookies")
    assert "full:" not in listed("-d", several=(w.IDLE,)).out


@case
def processes():
    with socket.socket() as mine:
        inode = os.fstat(mine.fileno()).st_ino
        # as sock_diag says it
        body = bytes((2, 10, 0, 0)) + bytes(64) + inode.to_bytes(4, sys.byteorder)
        sockets = [w.message(20, w.MULTI, body) + w.done(), w.done()]
        one = {**w.LISTENER, "inode": inode}
        done = listed("-P", several=(one,), before=sockets)
        has(done.lines[2], "\tprocess ")
        has(done.lines[2], " pid %d fd %d" % (os.getpid(), mine.fileno()))
        first, = w.documents(listed("-P", "-j", several=(one,),
                                    before=sockets))
        equal(first["processes"][0]["pid"], os.getpid())


@case
def what_is_not_understood():
    for words in (("port",), ("port", "0"), ("port", "65536"), ("port", "x"),
                  ("port", "1", "2"), ("list", "nonesuch"), ("get",)):
        done = w.talk("listener", *words)
        equal((done.status, done.out, done.requests), (1, "", []))
        equal(len(done.err.splitlines()), 1)


HALF = {
    **w.BRIEF, "class": "half-open", "reason": "synack", "flags": [],
    "src": {**w.BRIEF["src"], "state": "syn-sent"},
    "dst": {**w.BRIEF["dst"], "state": "syn-recv", "sock-state": "syn-recv",
            "syns": 3, "syn-next": 2500, "syn-left": 27000},
}


def flows(*args, several=(HALF,)):
    return w.talk(*args, replies=[w.reply("flow", flow) for flow in several] +
                  [w.done()])


@case
def half_open_flows_say_how_far_they_are():
    for words in (("state", "syn-recv"), ("dst-state", "syn-recv"),
                  ("class", "half-open"), ("state", "syn-sent", "dport", "80")):
        done = flows("flow", "list", *words)
        head, row = done.lines
        equal(head.split()[6:], ["SYNS", "NEXT", "LEFT", "FLAGS"])
        equal(row.split()[6:], ["3", "2.5s", "27.0s"])
        values = done.requests[0].values
        equal((values["brief"], values["sockets"]), (True, True))
    for words in (("state", "time-wait"), (), ("dport", "80")):
        assert "sockets" not in flows("flow", "list", *words).requests[0].values
    assert "sockets" not in flows("-br", "flow", "list", "state",
                                  "syn-recv").requests[0].values


@case
def a_client_too():
    mine = {**HALF, "dst": {**w.BRIEF["dst"], "state": "closed"},
            "src": {**HALF["src"], "sock-state": "syn-sent", "syns": 7,
                    "syn-left": 64000}}
    row = flows("flow", "list", "state", "syn-sent", several=(mine,)).lines[1]
    equal(row.split()[6:], ["7", "-", "1m04s"])
    elsewhere = {**HALF, "dst": {**w.BRIEF["dst"], "state": "syn-recv"}}
    row = flows("flow", "list", "state", "syn-recv", several=(elsewhere,)).lines[1]
    equal(row.split()[6:], ["-", "-", "-"])


@case
def half_open_flows_as_json_and_in_detail():
    flow, = w.documents(flows("-j", "flow", "list", "state", "syn-recv"))
    equal((flow["dst_syns"], flow["dst_syn_next"], flow["dst_syn_left"]),
          (3, 2.5, 27))
    equal((flow["src_syns"], flow["src_syn_left"]), (None, None))
    has(flows("-d", "flow").out, "syns 3 syn_next 2.5s syn_left 27.0s")


if __name__ == "__main__":
    sys.exit(main())
