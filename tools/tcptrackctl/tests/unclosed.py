# SPDX-License-Identifier: GPL-2.0
"""A host with connections that it does not close, and what tcptrackctl says"""

import wire as w
from tap import equal

HERE, THERE = "10.0.2.1", "10.0.1.1"


def flow(port, sock="close-wait", since=90000, local="dst"):
    """The other end has closed. This one is at port 80, or has called there"""
    there = {"addr4": THERE, "port": port, "state": "fin-wait-2",
             "since": since}
    here = {"addr4": HERE, "port": 80, "state": "close-wait", "since": since}
    if local == "src":
        there["port"], here["port"] = 80, port
    if sock == "none":
        here["sock-none"] = True
    elif sock:
        here["sock-state"] = sock
    ends = (there, here) if local == "dst" else (here, there)
    return {"src": ends[0], "dst": ends[1], "age": since + 1, "idle": since,
            "timeout": 1000, "class": "half-closed", "reason": "fin-ack",
            "flags": []}


def asked(*args, flows=(), sockets=(), family=2):
    both = [w.done(), w.done()]
    both[family == 10] = b"".join(sockets) + w.done()
    return w.talk(*args, replies=[*both, *(w.reply("flow", one)
                                           for one in flows), w.done()])


def shown(*args, **what):
    done = asked("-j", "unclosed", *args, **what)
    equal((done.status, done.err), (0, ""))
    document, = w.documents(done)
    return document


def closed(port, inode=0, queued=0, here=80, there=None):
    return w.diag_socket(2, (HERE, here), (THERE, there or port), inode,
                         queued)
