#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Flows: what is asked of the kernel, and how its answers are printed"""

import errno
import os
import socket
import sys

import wire as w
from tap import case, equal, has, main

ASKED = w.REQUEST | w.DUMP


def listed(*args, flows=(w.BRIEF,), env=None, before=(), **more):
    datagrams = [*before, *(w.reply("flow", flow) for flow in flows),
                 w.done()]
    return w.talk(*args, replies=datagrams, **(env or {}), **more)


def asked(*args):
    """The attributes of the dump that is asked for"""
    request, = listed(*args).requests
    equal((request.operation, request.flags & ~w.ACK), ("flow-get", ASKED))
    return request.values


@case
def table():
    done = listed("flow", "list", flows=(w.BRIEF, w.BRIEF))
    equal((done.status, done.err), (0, ""))
    row = ("10.0.1.1:40004        FIN_WAIT_2     4.2s "
           "10.0.2.1:80           CLOSE_WAIT     4.3s src_unconfirmed")
    equal(done.lines, [
        "SRC                   STATE         SINCE "
        "DST                   STATE         SINCE FLAGS", row, row])


@case
def table_of_ipv6():
    done = listed("flow", flows=(w.ENDED,))
    equal(done.lines[1].split(), ["[fd00::1]:5", "CLOSED", "10ms",
                                  "[fd00::2]:443", "CLOSED", "10ms"])


@case
def nothing():
    equal(listed("flow", flows=()).out, "")
    equal(listed("-j", "flow", flows=()).out, "[]\n")


@case
def the_same_whatever_the_terminal():
    """In a pipe"""
    want = listed("flow", flows=(w.FULL, w.ENDED)).out
    for env in ({"COLUMNS": "20"}, {"TERM": "xterm"}, {"NO_COLOR": "1"}):
        equal(listed("flow", flows=(w.FULL, w.ENDED), env=env).out, want)


@case
def colour_if_it_is_asked_for():
    has(listed("-c", "flow").out, "\33[33mFIN_WAIT_2\33[0m")
    has(listed("-c=always", "flow", env={"NO_COLOR": "1"}).out, "\33[33m")
    for args in (("-c=never", "flow"), ("-c=auto", "flow")):
        assert "\33" not in listed(*args).out


@case
def brief_table():
    done = listed("-br", "flow")
    equal(done.out, "10.0.1.1:40004        FIN_WAIT_2   "
                    "10.0.2.1:80           CLOSE_WAIT\n")


@case
def statistics_and_details():
    done = listed("-s", "flow", flows=(w.FULL,))
    equal(done.lines[2:], [
        "\tsrc packets 6 bytes 37 acked 37 retrans 2 zerowin 1 "
        "zerowin_time 1.5s",
        "\tdst packets 5"])
    done = listed("-d", "flow", flows=(w.FULL,))
    equal(done.lines[2:], [
        "\tflow age 5.1s idle 4.3s timeout 4d23h class half_closed "
        "reason fin_ack conn_state S2 zeek ShADaF "
        "rtt_server 68.939ms rtt_client 82.328ms",
        "\tsrc rtt 1.574ms rtt_min 0.597ms rtt_last 0.600ms mss 1460 "
        "wscale 7 seen wscale,sack,psh sock FIN_WAIT_1 differs ack_lost",
        "\tdst mss 1460 wscale 7 seen wscale sock none "
        "differs died_silently,other",
        "\thistory ack:ESTABLISHED/ESTABLISHED@4.9s "
        "fin_ack:FIN_WAIT_2/CLOSE_WAIT@4.3s"])
    has(listed("-d", "flow", flows=(w.ENDED,)).out, " end refused_dst")


@case
def one_line():
    done = listed("-o", "-s", "-d", "flow", flows=(w.FULL, w.FULL))
    equal(len(done.lines), 3)
    equal(done.lines[1].count("\\\t"), 6)


@case
def json_has_the_words_of_proc():
    flow, = w.documents(listed("-j", "flow", flows=(w.FULL,)))
    equal({key: flow[key] for key in (
        "family", "src", "sport", "dst", "dport", "src_state", "src_since",
        "dst_state", "dst_since", "age", "idle", "timeout", "class", "reason",
        "flags", "end", "conn_state", "zeek")}, {
            "family": "ipv4", "src": "10.0.1.1", "sport": 40004,
            "dst": "10.0.2.1", "dport": 80, "src_state": "FIN_WAIT_2",
            "src_since": 4.208, "dst_state": "CLOSE_WAIT", "dst_since": 4.3,
            "age": 5.144, "idle": 4.3, "timeout": 431995.7,
            "class": "half_closed", "reason": "fin_ack",
            "flags": ["src_unconfirmed"], "end": None, "conn_state": "S2",
            "zeek": "ShADaF"})
    equal({key: flow["src_" + key] for key in (
        "packets", "bytes", "acked", "retrans", "zerowin", "zerowin_time",
        "rtt", "rtt_min", "rtt_last", "mss", "wscale", "seen", "sock")}, {
            "packets": 6, "bytes": 37, "acked": 37, "retrans": 2,
            "zerowin": 1, "zerowin_time": 1.5, "rtt": 0.001574,
            "rtt_min": 0.000597, "rtt_last": 0.0006, "mss": 1460,
            "wscale": 7, "seen": ["wscale", "sack", "psh"],
            "sock": "FIN_WAIT_1"})
    equal((flow["rtt"], flow["rtt_server"], flow["rtt_client"]),
          (0.151267, 0.068939, 0.082328))
    equal(flow["history"], [
        {"reason": "ack", "src_state": "ESTABLISHED",
         "dst_state": "ESTABLISHED", "ago": 4.94},
        {"reason": "fin_ack", "src_state": "FIN_WAIT_2",
         "dst_state": "CLOSE_WAIT", "ago": 4.3}])
    equal((flow["dst_sock"], flow["dst_rtt"]), ("none", None))
    equal(flow["differs"],
          ["src_ack_lost", "dst_died_silently", "dst_other"])


@case
def json_of_what_is_not_known():
    flow, = w.documents(listed("-j", "flow", flows=(w.ENDED,)))
    equal((flow["end"], flow["zeek"], flow["rtt"]), ("refused_dst", None, None))
    equal((flow["src_acked"], flow["src_sock"]), (None, None))
    equal((flow["history"], flow["differs"], flow["flags"]), ([], [], []))


@case
def json_brief():
    flow, = w.documents(listed("-j", "-br", "flow"))
    equal(list(flow), [
        "family", "src", "sport", "dst", "dport", "src_state", "src_since",
        "dst_state", "dst_since", "age", "idle", "timeout", "class", "reason",
        "flags", "src_packets", "src_bytes", "dst_packets", "dst_bytes"])


@case
def what_a_list_asks_for():
    equal(asked("flow"), {"brief": True})
    equal(asked("-br", "flow"), {"brief": True})
    equal(asked("-j", "-br", "flow"), {"brief": True})
    equal(asked("-s", "flow"), {})
    equal(asked("-j", "flow"), {})
    equal(asked("-j", "-d", "flow"), {"sockets": True})
    equal(asked("-a", "flow"), {"brief": True, "all-netns": True})
    equal(asked("flow", "list", "limit", "7"), {"brief": True, "limit": 7})


@case
def filters_go_to_the_kernel():
    def sent(text, *options):
        return asked(*options, "flow", "list", text).get("filter")
    equal(sent("all"), None)
    equal(sent("", "-4"), {"family": 2})
    equal(sent("", "-f", "inet6"), {"family": 10})
    equal(sent("src 10.0.0.0/8 dport >= 1024"), {
        "family": 2, "src": {"addr4": "10.0.0.0", "prefix-len": 8},
        "dst": {"port-min": 1024, "port-max": 65535}})
    equal(sent("dst [fd00::1]:443"), {
        "family": 10, "dst": {"addr6": "fd00::1", "prefix-len": 128,
                              "port-min": 443, "port-max": 443}})
    equal(sent("state time-wait"), {"any": {"states": 1 << 9}})
    equal(sent("exclude time-wait"), {"src": {"states": 0x1ff},
                                      "dst": {"states": 0x1ff}})
    equal(sent("age > 1m idle <= 5s since >= 200ms"), {
        "any": {"since-min": 200}, "age-min": 60001, "idle-max": 5000})
    equal(sent("class closed flag reused flag != self"), {
        "classes": 1 << 5, "flags": 1 << 7, "flags-not": 1 << 8})
    # the rest is done here
    equal(sent("sport 1 or sport 2"), None)
    equal(sent("not sport 1 dport 80"), {"dst": {"port-min": 80,
                                                 "port-max": 80}})


@case
def what_the_kernel_cannot_tell_is_done_here():
    flows = (w.BRIEF, {**w.BRIEF, "class": "closed"}, w.ENDED)
    flows = flows * 2
    done = listed("-br", "flow", "list", "dport 443 or class half-closed",
                  flows=flows)
    equal([line.split()[2] for line in done.lines],
          ["10.0.2.1:80", "[fd00::2]:443"] * 2)
    # a limit is of what matches
    done = listed("-br", "flow", "list", "limit", "2",
                  "dport 443 or class closed", flows=flows)
    equal(len(done.lines), 2)
    equal(done.requests[0].values, {"brief": True})


@case
def get():
    done = w.talk("flow", "get", "src", "10.0.2.1:80", "dst", "10.0.1.1:40004",
                  replies=[w.reply("flow", w.FULL, 0), w.ack()])
    equal((done.status, done.err), (0, ""))
    request, = done.requests
    equal((request.operation, request.flags), ("flow-get", w.REQUEST | w.ACK))
    equal(request.values, {"src": {"addr4": "10.0.2.1", "port": 80},
                           "dst": {"addr4": "10.0.1.1", "port": 40004}})
    has(done.out, "\thistory ")
    has(done.out, "\tsrc packets 6")
    done = w.talk("-j", "flow", "get", "src [fd00::1]:5 dst [fd00::2]:443",
                  replies=[w.reply("flow", w.ENDED, 0), w.ack()])
    equal(w.documents(done)[0]["dst"], "fd00::2")


@case
def delete():
    done = w.talk("flow", "del", "src", "10.0.2.1:80", "dst", "10.0.1.1:4",
                  replies=[w.ack()])
    equal((done.status, done.out, done.err), (0, "", ""))
    equal((done.requests[0].operation, done.requests[0].values),
          ("flow-del", {"src": {"addr4": "10.0.2.1", "port": 80},
                        "dst": {"addr4": "10.0.1.1", "port": 4}}))


@case
def flush():
    def flushed(*args):
        done = w.talk(*args, replies=[w.reply("flow", {"flows": 12}, 0),
                                      w.ack()])
        equal((done.status, done.err), (0, ""))
        equal(done.requests[0].operation, "flow-flush")
        return done.out, done.requests[0].values
    equal(flushed("flow", "flush", "state", "closed"),
          ("deleted 12\n", {"filter": {"any": {"states": 1}}}))
    equal(flushed("-j", "flow", "flush", "all"), ('[{"deleted":12}]\n', {}))
    equal(flushed("-6", "flow", "flush"),
          ("deleted 12\n", {"filter": {"family": 10}}))


@case
def namespaces():
    here = os.stat("/proc/self/ns/net").st_ino
    flows = [{**w.BRIEF, "netns": number} for number in (here, 7)]
    done = listed("-a", "-br", "flow", flows=flows)
    equal([line.split()[0] for line in done.lines][1:], ["7"])
    first, second = w.documents(listed("-a", "-j", "-br", "flow", flows=flows))
    equal((first["netns"], second["netns"], second["netns_name"]),
          (here, 7, None))


def with_processes(*args, family=2, prefix=""):
    """A socket of this process's is said to be dst's"""
    with socket.socket() as mine:
        inode = os.fstat(mine.fileno()).st_ino
        sockets = [w.done(), w.done()]
        sockets[family == 10] = b"".join(
            [w.diag_socket(family, (prefix + "10.0.2.1", 80),
                           (prefix + "10.0.1.1", port), number)
             for port, number in
             ((40003, 1), (40004, inode), (40005, 0))]) + w.done()
        done = listed("-P", *args, "flow", before=sockets)
        with open("/proc/self/comm", encoding="utf-8") as comm:
            name = comm.read().strip()
        return done, {"name": name, "pid": os.getpid(), "fd": mine.fileno()}


@case
def processes():
    done, me = with_processes()
    has(done.lines[2], "\tdst process %(name)s pid %(pid)d fd %(fd)d" % me)
    equal(len([line for line in done.lines if "process" in line]), 1)
    for more in ({}, {"family": 10, "prefix": "::ffff:"}):
        done, me = with_processes("-j", "-br", **more)
        flow, = w.documents(done)
        equal(flow["src_processes"], [])
        found, = flow["dst_processes"]
        assert found.pop("cgroup", None) != ""
        equal(found, me)


@case
def processes_that_cannot_be_found():
    done = w.talk("-P", "flow", replies=[w.ack(errno.EPERM)])
    equal((done.status, done.err),
          (2, "tcptrackctl: processes: Operation not permitted\n"))


@case
def of_a_later_module():
    """Numbers and attributes that this client does not know"""
    flow = {**w.BRIEF, "class": 77, "flags": 0x80000001}
    flow["src"] = {**flow["src"], "state": 99}
    extra = w.attribute(999, b"what is this?")
    data = w.message(w.FAMILY, w.MULTI,
                     bytes((1, 9, 0, 0)) + w.encode("flow", flow) + extra)
    done = w.talk("-j", "-br", "flow", replies=[data + w.done()])
    shown, = w.documents(done)
    equal((shown["src_state"], shown["class"], shown["flags"]),
          ("unknown", "unknown", ["pickup"]))


@case
def damaged_messages():
    """Cut anywhere, or with any octet another: an error or an answer, never a
    crash"""
    good = w.encode("flow", w.FULL)
    step = 1 if "TCT_SLOW" in os.environ else 29
    for at in range(0, len(good), step):
        for body in (good[:at], good[:at] + b"\xff" + good[at + 1:],
                     good[:at] + b"\0" + good[at + 1:]):
            data = w.message(w.FAMILY, w.MULTI, bytes((1, 1, 0, 0)) + body)
            done = w.talk("-j", "-d", "flow",
                          replies=[data + bytes(-len(data) % 4), w.done()])
            assert done.status in (0, 2), done.err
            w.documents(done)


if __name__ == "__main__":
    sys.exit(main())
