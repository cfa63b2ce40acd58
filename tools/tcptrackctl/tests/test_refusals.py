#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What the kernel refuses, and what is wrong with the command line"""

import errno
import sys

import wire as w
from tap import case, equal, has, main


def refused(*args, **more):
    """One sentence, and status 2"""
    done = w.talk(*args, **more)
    equal((done.status, len(done.err.splitlines())), (2, 1), done.err)
    return done.err.removeprefix("tcptrackctl: ").rstrip("\n")


@case
def module_is_not_loaded():
    equal(refused("flow", family=[w.ack(errno.ENOENT)]),
          "the module tcptrack is not loaded: run 'modprobe tcptrack'")


@case
def no_netlink():
    equal(refused("flow", WIRE_NO_SOCKET="1"),
          "netlink socket: Protocol not supported")


@case
def module_of_another_version():
    equal(refused("flow", family=w.found(0)), "the module is older than "
          "tcptrackctl: load that which came with it")
    equal(refused("flow", family=w.found(2)), "the module is newer than "
          "tcptrackctl: use that which came with it")
    older = ": the module is older than tcptrackctl: load that which " \
        "came with it"
    equal(refused("summary", replies=[w.ack(errno.EOPNOTSUPP)]),
          "Operation not supported" + older)
    equal(refused("flow", replies=[w.ack(errno.EINVAL,
                                         "Unknown attribute type")]),
          "Unknown attribute type" + older)


@case
def no_privilege():
    equal(refused("flow", replies=[w.ack(errno.EPERM, "needs CAP_NET_ADMIN")]),
          "needs CAP_NET_ADMIN: run as root")
    equal(refused("config", "set", "max", "1", replies=[w.ack(errno.EPERM)]),
          "Operation not permitted: run as root")


@case
def what_the_kernel_says():
    equal(refused("flow", "get", "src 1.1.1.1:1 dst 1.1.1.2:2",
                  replies=[w.ack(errno.ENOENT, "there is no such flow")]),
          "there is no such flow")
    equal(refused("flow", "del", "src 1.1.1.1:1 dst 1.1.1.2:2",
                  replies=[w.ack(errno.ENOENT)]), "No such file or directory")


@case
def which_setting_is_refused():
    """By the offset: 20 octets of headers, then the attributes"""
    def said(offset):
        return refused("config", "set", "enabled", "1", "max", "0",
                       replies=[w.ack(errno.EINVAL, "out of range", offset)])
    equal(said(20), "enabled: out of range")
    equal(said(28), "max: out of range")
    equal(said(32), "max: out of range")
    for offset in (0, 4, 36, 4000, 2**32 - 1):
        equal(said(offset), "out of range")


@case
def echo_of_the_request():
    """Before the attributes, where it is not left out"""
    body = bytes(4 * 16 + 4)
    request = w.message(w.FAMILY, 0, body)
    tlvs = w.attribute(1, b"so it is\0")
    error = w.message(w.ERROR, w.TLVS, b"\xea\xff\xff\xff" + request + tlvs)
    equal(refused("stats", replies=[error]), "so it is")


@case
def refusal_in_the_middle_of_a_dump():
    flow = w.reply("flow", w.BRIEF)
    done = w.talk("-j", "flow",
                  replies=[flow + flow, flow + w.done(errno.ENOMEM)])
    equal((done.status, done.err),
          (2, "tcptrackctl: Cannot allocate memory\n"))
    equal(len(w.documents(done)), 3)
    done = w.talk("-j", "flow", replies=[w.done(errno.EINVAL, "no limit")])
    equal((done.status, done.err, w.documents(done)),
          (2, "tcptrackctl: no limit\n", []))


@case
def dump_that_is_cut_short():
    flow = w.reply("flow", w.BRIEF)
    done = w.talk("-j", "flow", replies=[flow, w.done(flags=w.INTR)])
    equal((done.status, done.err, len(w.documents(done))),
          (2, "tcptrackctl: tracking was turned off or on meanwhile: this is "
           "not all\n", 1))


@case
def nonsense_from_the_kernel():
    """An acknowledgment that is too short, a message that is none"""
    for data in (w.message(w.ERROR, 0, b""), w.message(w.ERROR, w.TLVS, b"\1"),
                 w.message(w.ERROR, w.TLVS, b"\xff\xff\xff\xff"),
                 w.message(w.DONE, w.TLVS, b"\xff\xff\xff\xff\xff"),
                 w.reply("flow", {}), w.message(w.FAMILY, 0, b"")):
        refused("-br", "flow", replies=[data + bytes(-len(data) % 4)])


@case
def command_lines():
    for args, what in (
            (("flow", "get"), "needs 'src ADDRESS:PORT dst"),
            (("flow", "get", "src", "1.1.1.1"), "needs 'src ADDRESS:PORT"),
            (("flow", "delete", "all"), "needs 'src ADDRESS:PORT"),
            (("flow", "flush"), "needs a FILTER, or 'all'"),
            (("flow", "flush", "sport 1 or sport 2"), "in several steps"),
            (("flow", "list", "limit", "0"), "'limit' needs a number"),
            (("flow", "list", "limit"), "'limit' needs a number"),
            (("flow", "list", "limit", "4294967296"), "needs a number"),
            (("flow", "list", "sport"), "filter: 'sport' needs a port"),
            (("flow", "nonesuch"), "command 'nonesuch' is unknown"),
            (("summary", "show", "x"), "'x' is unknown"),
            (("stats", "x"), "command 'x' is unknown"),
            (("nonesuch",), "object 'nonesuch' is unknown"),
            (("-x", "flow"), "option '-x' is unknown"),
            (("--jsonx", "flow"), "option '--jsonx' is unknown"),
            (("-n",), "option '-n' needs a namespace"),
            (("-b",), "option '-b' needs a file"),
            (("-rc", "x", "flow"), "'x' is no number of octets"),
            (("-rc", "0", "flow"), "'0' is no number of octets"),
            (("-rc",), "option '-rc' needs a number of octets"),
            (("-f", "inet7", "flow"), "'inet7' is neither"),
            (("-c=red", "flow"), "'red' is none of"),
            (("-j=1", "flow"), "option '-j' is unknown"),
            (("-live", "flow"), "option 'live' goes with 'replay'")):
        done = w.talk(*args)
        equal((done.status, done.out, done.requests), (1, "", []), args)
        has(done.err, what)


@case
def a_namespace_that_is_not_there():
    for name in ("nonesuch-tct", "/nonesuch", "/dev/null"):
        has(refused("-n", name, "flow"), "network namespace '%s'" % name)


@case
def abbreviations_and_batch():
    flow = [w.reply("flow", w.BRIEF) + w.done()]
    want = w.talk("flow", "list", replies=flow).out
    for args in (("f",), ("fl", "l"), ("flow", "sh"), ("flow", "ls")):
        equal(w.talk(*args, replies=flow).out, want, args)
    replies = flow + w.found() + [w.ack()] + w.found() + flow
    done = w.talk("-b", "-", replies=replies, stdin=b"""
        # three commands
        flow list
        flow delete src 1.1.1.1:1 \\
            dst 2.2.2.2:2
        flow list 'dport = :80'
    """)
    equal((done.status, done.err, done.out), (0, "", want + want))
    equal([r.operation for r in done.requests],
          ["flow-get", "flow-del", "flow-get"])
    replies = [w.ack(errno.ENOENT, "no flow")] + w.found() + flow
    batch = b"flow del src 1.1.1.1:1 dst 2.2.2.2:2\nflow\n"
    done = w.talk("-b", "-", replies=replies, stdin=batch)
    equal((done.status, done.out), (2, ""))
    equal(done.err, "tcptrackctl: no flow\ntcptrackctl: command failed: -:1\n")
    done = w.talk("-force", "-b", "-", replies=replies, stdin=batch)
    equal((done.status, done.out), (2, want))


@case
def when_it_was():
    done = w.talk("-t", "summary", replies=[w.reply("summary", {}), w.ack()])
    assert done.lines[0].startswith("Timestamp: "), done.lines


@case
def output_that_cannot_be_written():
    with open("/dev/full", "wb") as full:
        done = w.subprocess.run([w.PROGRAM, "help"], stdout=full, check=False,
                                stderr=w.subprocess.PIPE,
                                env=w.environment())
    equal((done.returncode, done.stderr), (2, b"tcptrackctl: standard output: "
                                           b"No space left on device\n"))


if __name__ == "__main__":
    sys.exit(main())
