#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""TIME_WAIT and the ports it takes, with a host as it is told"""

import sys

import wire as w
from tap import case, equal, has, main
from timewait import HERE, THERE, asked, destination, flow, host, shown, \
    small, waits


@case
def stack_and_packets():
    """sockstat counts FIN_WAIT_2 that no process has as tw"""
    got = shown(tw=5, overflows=7, recycled=2,
                fin_wait_2=[small(1), small(2), small(3, state=0)],
                flows=[waits(40001), waits(40002),
                       flow(40003, "time-wait", "closed", "none"),
                       flow(40004, "fin-wait-2", "close-wait", "fin-wait-2"),
                       flow(40005, "fin-wait-2", "close-wait", "none")])
    stack = got["stack"]
    equal([stack[key] for key in ("tw", "time_wait", "fin_wait_2",
                                  "fin_wait_2_tw", "overflows", "recycled")],
          [5, 3, 3, 2, 7, 2])
    equal(got["packets"], {"time_wait": 3, "time_wait_no_socket": 1,
                           "fin_wait_2": 2, "fin_wait_2_no_socket": 1})


@case
def who_closed_first():
    one = destination(flows=[
        waits(1), waits(2), flow(3, "closed", "time-wait", "none"),
        flow(4, "time-wait", "time-wait", "time-wait")])
    equal([one[key] for key in ("time_wait", "first_here", "first_there",
                                "first_both")], [3, 2, 1, 1])
    service, = shown(flows=[
        flow(1, "closed", "time-wait", None, "time-wait", src=THERE, dst=HERE),
        flow(2, "time-wait", "closed", None, "none", src=THERE, dst=HERE),
        flow(3, "established", "established", None, "established", src=THERE,
             dst=HERE)])["services"]
    equal([service[key] for key in ("addr", "port", "time_wait", "first_here",
                                    "first_there")], [HERE, 80, 1, 1, 1])


@case
def forwarded_ones_are_apart():
    got = shown(flows=[
        flow(1, "time-wait", "closed"), flow(2, "closed", "time-wait"),
        flow(3, "closed", "time-wait"), flow(4, "time-wait", "time-wait"),
        flow(5, "established", "established")])
    equal(got["forwarded"], {"first_src": 1, "first_dst": 2, "first_both": 1})
    equal((got["packets"]["time_wait"], got["services"], got["destinations"]),
          (0, [], []))


@case
def to_itself():
    """Both ends are here, and one of a self-connection is both"""
    both = flow(1, "closed", "time-wait", "none", "time-wait", dst=HERE)
    got = shown(flows=[both])
    equal((got["destinations"][0]["time_wait"], got["services"][0]["time_wait"],
           got["packets"]["time_wait"]), (0, 1, 1))
    same = flow(80, "time-wait", "time-wait", "time-wait", "time-wait",
                dst=HERE, flags=["self"])
    got = shown(flows=[same])
    equal((got["services"], got["packets"]["time_wait"]), ([], 1))


@case
def times_left():
    one = destination(flows=[waits(n, idle=ms) for n, ms in
                             enumerate((59500, 40500, 20500, 10500, 70000))])
    equal([one["expires_" + key] for key in ("min", "median", "max")],
          [0, 19, 49.5])
    one = destination(flows=[waits(1, idle=500)])
    equal(one["expires_median"], 59.5)
    one = destination(flows=[flow(1, "time-wait", "closed", "none")])
    equal((one["expires_min"], one["time_wait_no_socket"]), (None, 1))


@case
def ports_of_a_destination():
    """Each address and each destination has its own"""
    flows = [waits(50000), waits(50001),
             flow(50002, "established", "established", "established"),
             # the socket is gone, or the port is none that was chosen
             flow(50003, "closed", "time-wait", "none"), waits(49999),
             waits(50004, dport=81), waits(50005, src="10.0.1.2")]
    got = shown(flows=flows, ports="50000 50009")
    equal([(one["src"], one["dport"], one["ports_used"], one["ports_left"])
           for one in got["destinations"]],
          [(HERE, 80, 3, 7), ("10.0.1.2", 80, 1, 9), (HERE, 81, 1, 9)])


@case
def ports_that_can_be_chosen():
    """Not what is reserved, or bound"""
    equal(shown(ports="1000 1010")["ports"],
          {"min": 1000, "max": 1010, "reserved": 0, "listening": 0,
           "free": 11})
    equal(shown(ports="1000 1000")["ports"]["free"], 1)
    listening = [w.diag_socket(10, ("::", port), ("::", 0), 7)
                 for port in (1001, 1003, 8080)]
    listening.append(w.diag_socket(2, (HERE, 1003), ("0.0.0.0", 0), 8))
    equal(shown(ports="1000 1009", reserved="22,1000-1001,1009,65000-65535",
                listening=listening)["ports"],
          {"min": 1000, "max": 1009, "reserved": 3, "listening": 1,
           "free": 6})


@case
def ports_run_out():
    """20 of 30 in the last second: at 2 a second the rest lasts for 5 s"""
    fresh = [waits(1000 + n, age=900) for n in range(20)]
    one = destination(flows=fresh, ports="1000 1029")
    equal((one["ports_left"], one["rate"], one["out_in"]), (10, 2, 5))
    out = asked("timewait", flows=fresh, ports="1000 1029").out
    has(out, "out of ports in about 5.0s at 2.0 a second")
    # all are taken
    fresh += [waits(1020 + n, age=900, idle=30000) for n in range(10)]
    one = destination(flows=fresh, ports="1000 1029")
    equal((one["ports_left"], one["out_in"]), (0, 0))
    has(asked("timewait", flows=fresh, ports="1000 1029").out,
        "EADDRNOTAVAIL; the next TIME_WAIT is over in 30.0s")


@case
def ports_that_suffice():
    """What ends meanwhile is free again; and what is not taken lasts"""
    ends = [waits(1000 + n, age=59000, idle=59500 - n * 500)
            for n in range(60)]
    one = destination(flows=ends, ports="1000 1069")
    equal((one["rate"], one["ports_left"], one["out_in"]), (1, 10, None))
    old = [waits(1000 + n) for n in range(69)]
    equal(destination(flows=old, ports="1000 1069")["out_in"], None)
    # who closes second takes none
    theirs = [flow(1000 + n, "closed", "time-wait", "none", age=900)
              for n in range(69)]
    one = destination(flows=theirs, ports="1000 1069")
    equal((one["ports_used"], one["rate"], one["first_there"]), (0, 0, 69))


@case
def ports_that_may_be_reused():
    def reusable(addr=HERE, dst=THERE, seen=(), idle=1001, **how):
        one = waits(1000, src=addr, dst=dst, idle=idle)
        one["dst"]["seen"] = list(seen)
        if not seen:
            del one["dst"]["seen"]
        got = destination(flows=[one], ports="1000 1009", **how)
        equal(got["ports_left"], 9 + got["ports_reusable"])
        return got["ports_reusable"]

    equal(reusable(reuse=0, addr="127.0.0.1"), 0)
    equal(reusable(reuse=1, seen=["timestamps"]), 1)
    equal(reusable(reuse=1, seen=["sack"]), 0)
    equal(reusable(reuse=1, seen=["timestamps"], idle=1000), 0)
    equal(reusable(reuse=2), 0)
    equal(reusable(reuse=2, addr="127.0.0.1", dst="127.0.0.2"), 1)
    equal(reusable(reuse=2, addr="::1", dst="::1"), 1)
    equal(reusable(reuse=2, addr="127.0.0.1", timestamps=0), 0)
    # what will be soon does not run out
    soon = [waits(1000 + n, age=900, idle=500, src="127.0.0.1")
            for n in range(9)]
    one = destination(flows=soon, ports="1000 1009")
    equal((one["ports_reusable"], one["ports_left"], one["rate"],
           one["out_in"]), (0, 1, 0, None))


@case
def what_is_asked_for():
    """Whose timestamps they are matters with tcp_tw_reuse=1 alone"""
    for reuse, brief in ((0, True), (1, False), (2, True)):
        request, = asked("timewait", reuse=reuse).requests
        equal(request.operation, "flow-get")
        equal(request.values, {"sockets": True, **({"brief": True} if brief
                                                   else {})})


@case
def tables():
    done = asked("timewait", tw=2, overflows=3, reserved="40000",
                 fin_wait_2=[small(9)],
                 flows=[waits(40001, idle=500), waits(40002, idle=20000),
                        flow(1, "closed", "time-wait", None, "time-wait",
                             src=THERE, dst=HERE, dport=443)])
    equal(done.lines[:4], [
        "STATE           STACK  PACKETS NO_SOCKET",
        "TIME_WAIT           1        3 0",
        "FIN_WAIT_2          1        0 0",
        "sockstat: tw 2: 1 in TIME_WAIT, 1 in FIN_WAIT_2 that no process has"])
    has(done.out, "ip_local_port_range 32768-60999: 28231 ports to each "
                  "destination; 1 are reserved, 0 are listeners'\n")
    has(done.out, "tcp_max_tw_buckets 4096: 2 used; 3 went without TIME_WAIT")
    equal(done.lines[-5:], [
        "SERVICE               TIME_WAIT THEIRS EXPIRE",
        "10.0.1.1:443                  1      0 59.0s/59.0s/59.0s", "",
        "DESTINATION           FROM             USED REUSABLE  LEFT TIME_WAIT"
        " THEIRS              EXPIRE    RATE OUT_IN",
        "10.0.2.1:80           10.0.1.1            2        0 28229         2"
        "      0   40.0s/59.0s/59.5s     0.0 -"])
    brief = asked("-br", "timewait", tw=2).lines
    equal(len(brief), 5)
    reuse = asked("timewait", reuse=1, timestamps=0, recycled=4).out
    has(reuse, "tcp_timestamps is 0: 0 now, 4 so far")


@case
def no_more_than_a_limit():
    flows = [waits(n, dport=n % 5 + 1) for n in range(20)]
    flows += [waits(n, dport=3) for n in range(20, 30)]
    got = shown("limit", "2", flows=flows)
    equal([one["dport"] for one in got["destinations"]], [3, 1])
    equal(len(shown("show", "limit", "9", flows=flows)["destinations"]), 5)


@case
def of_one_family():
    """Rows; the stack counts both families together, so totals do, too"""
    flows = [waits(40001), waits(40002, src="fd00::1", dst="fd00::2")]
    for args, kinds in (((), ["ipv4", "ipv6"]), (("-4",), ["ipv4"]),
                        (("-6",), ["ipv6"])):
        done = asked("-j", *args, "timewait", flows=flows)
        got, = w.documents(done)
        equal(sorted(one["family"] for one in got["destinations"]), kinds)
        equal(got["packets"]["time_wait"], 2)


@case
def many_places():
    flows = [waits(port, dst="10.1.%d.%d" % (n // 200, n % 200))
             for port in (40000, 40001) for n in range(3000)]
    got = shown(flows=flows)["destinations"]
    equal((len(got), len({one["dst"] for one in got})), (3000, 3000))
    equal({one["ports_used"] for one in got}, {2})


@case
def nonsense():
    for args, what in ((("limit",), "'limit' needs a number"),
                       (("limit", "0"), "'limit' needs a number"),
                       (("limit", "1", "2"), "'limit' needs a number"),
                       (("show", "of"), "'of' is unknown"),
                       (("what",), "command 'what' is unknown")):
        done = w.talk("timewait", *args)
        equal((done.status, done.out, done.requests), (1, "", []), args)
        has(done.err, what)
    done = w.talk("-a", "timewait")
    equal((done.status, done.requests), (1, []))


@case
def files_that_are_not_as_they_should_be():
    for name, text, what in (
            ("net/sockstat", "TCP: inuse 4\n", "there is no 'tw' in it"),
            ("net/netstat", "TcpExt: A\nTcpExt: 1\n", "there is no '"),
            ("sys/net/ipv4/tcp_tw_reuse", "yes\n", "'yes' is no number"),
            ("sys/net/ipv4/ip_local_port_range", "9 8\n", "is no range"),
            ("sys/net/ipv4/ip_local_port_range", "", "it is empty")):
        done = w.talk("timewait", replies=[w.done()] * 5,
                      proc={**host(), name: text})
        equal((done.status, done.out), (2, ""), name)
        has(done.err, what)
    done = w.talk("timewait", replies=[w.done()] * 5, proc={})
    equal((done.status, done.out), (2, ""))
    has(done.err, "No such file or directory")


if __name__ == "__main__":
    sys.exit(main())
