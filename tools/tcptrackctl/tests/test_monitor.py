#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Events: which are asked for, how they are printed, and what is lost of them"""

import errno
import json
import os
import sys

import wire as w
from tap import case, equal, has, main

NEW = {**w.BRIEF, "netns": 7, "reason": "syn"}
NEW["src"] = {**NEW["src"], "state": "syn-sent"}
NEW["dst"] = {**NEW["dst"], "state": "closed"}
CHANGE = {**w.BRIEF, "netns": 7}
END = {**w.FULL, "netns": 7, "end-reason": "fin", "ended-by": "src"}
OTHER = {**w.BRIEF, "netns": 7,
         "src": {**w.BRIEF["src"], "port": 5, "state": "established"}}
OLD = {"old-src-state": "fin-wait-1", "old-dst-state": "established"}
ENDS = ["src 10.0.1.1:40004 dst 10.0.2.1:80"]
UTC = {"TZ": "UTC"}
ROW = "01:46:40.000000 %-6s 10.0.1.1:40004        10.0.2.1:80           "


def numbers(**cpus):
    """A reply to the question for the last numbers, and its end"""
    return [w.generated(**cpus), w.ack()]


def life(cpu=0, first=1):
    return [w.event("new", NEW, cpu=cpu, seq=first),
            w.event("change", CHANGE, cpu=cpu, seq=first, **OLD) +
            w.event("end", END, cpu=cpu, seq=first, removal="expired")]


def monitored(*args, events=(), before=None, after=None, replies=(), **more):
    """With what the kernel says of the numbers before and after"""
    said = [*(before or numbers()), *replies, *(after or numbers())]
    return w.talk(*args, replies=said, events=events, **{**UTC, **more})


def account(done):
    """What is said at the end"""
    words = done.err.split()
    return {key: int(value) for key, value in zip(words[::2], words[1::2])}


def sums(shown, received, lost):
    return {"shown": shown, "received": received, "lost": lost,
            "generated": received + lost}


def objects(done):
    return [json.loads(line) for line in done.lines]


@case
def lines():
    done = monitored("monitor", events=life(), after=numbers(cpu0=(1, 1, 1)))
    equal((done.status, account(done)), (0, sums(3, 3, 0)))
    equal(done.lines, [
        ROW % "new" + "SYN_SENT/CLOSED             syn",
        ROW % "change" + "FIN_WAIT_1/ESTABLISHED -> "
        "FIN_WAIT_2/CLOSE_WAIT fin_ack",
        ROW % "end" + "FIN_WAIT_2/CLOSE_WAIT       expired end fin_src "
        "src packets 6 bytes 37 dst packets 5 bytes 0"])
    equal([(r.operation, r.values) for r in done.requests],
          [("events-get", {})] * 2)
    equal(done.groups, ["new", "change", "end"])


@case
def when():
    short = monitored("-ts", "monitor", events=life())
    has(short.lines[0], "2001-09-09T01:46:40.000000 new ")
    long = monitored("-t", "monitor", events=life())
    equal(long.lines[0], "Timestamp: Sun Sep  9 01:46:40 2001 000000 usec")
    equal(long.lines[1], monitored("monitor", events=life()).lines[0])


@case
def objects_of_json():
    done = monitored("-j", "-p", "monitor", events=life())
    sync, new, change, end, total = objects(done)
    equal(sync["event"], "sync")
    for event, flow in ((new, "src_state"), (change, "class"),
                        (end, "history")):
        equal((event["time"], event["cpu"], event["seq"]), (10**9, 0, 1))
        assert flow in event["flow"]
    equal([e["event"] for e in (new, change, end)], ["new", "change", "end"])
    equal((change["old_src_state"], change["old_dst_state"]),
          ("FIN_WAIT_1", "ESTABLISHED"))
    equal((end["removal"], new["removal"], new["old_src_state"]),
          ("expired", None, None))
    equal(total.pop("event"), "summary")
    total.pop("time")
    equal(total, account(done))


@case
def topics():
    done = monitored("monitor", "end", "new",
                     events=[w.event("new", NEW, cpu=0, seq=3)],
                     before=numbers(cpu0=(2, 9, 5)),
                     after=numbers(cpu0=(3, 99, 6)))
    equal(done.groups, ["new", "end"])
    equal(account(done), sums(1, 1, 1))


@case
def every_namespace():
    events = [w.event("new", {**NEW, "netns": netns}, cpu=0, seq=1)
              for netns in (7, 8)]
    said = [w.generated(7, cpu0=(1, 0, 0)) + w.generated(8, cpu0=(4, 0, 0)) +
            w.done()]
    done = monitored("-a", "monitor", events=events, before=[w.done()],
                     after=said)
    equal([line.split()[0] for line in done.lines], ["7", "8", "-"])
    equal((done.groups, account(done)),
          (["all-new", "all-change", "all-end"], sums(2, 2, 3)))
    equal([(r.flags & w.DUMP, r.values) for r in done.requests],
          [(w.DUMP, {"all-netns": True})] * 2)


@case
def a_namespace_goes_meanwhile():
    """The numbers are asked for again, and so are flows"""
    cut = [w.reply("flow", w.BRIEF) + w.done(flags=w.INTR)]
    done = monitored("-a", "monitor", "list", events=life(), before=[
        w.generated(8) + w.done(flags=w.INTR), w.done(), *cut, w.done()],
        after=[w.generated(7, cpu0=(1, 1, 1)) + w.done(flags=w.INTR)] * 3 +
        [w.generated(7, cpu0=(1, 2, 1)) + w.done()])
    equal((done.status, account(done)), (0, sums(3, 3, 1)))
    equal([r.operation for r in done.requests],
          ["events-get"] * 2 + ["flow-get"] * 2 + ["events-get"] * 4)
    done = monitored("-a", "monitor", before=[w.done(flags=w.INTR)] * 100)
    equal(done.status, 2)
    has(done.err, "this is not all")


@case
def some_are_wanted():
    """Those that match; all are accounted for"""
    events = [*life(), w.event("change", OTHER, cpu=1, seq=1, **OLD)]
    for words in (["src-state", "established"], ["sport", "5", "or", "sport",
                                                 "6"]):
        done = monitored("monitor", *words, events=events)
        equal((len(done.lines), account(done)), (1, sums(1, 4, 0)))
    done = monitored("monitor", "count", "2", events=life())
    equal((len(done.lines), account(done)), (2, sums(2, 3, 0)))
    # what was sent when it stopped is heard, though not shown
    done = monitored("monitor", "count", "1", events=life(),
                     after=numbers(cpu0=(1, 1, 1)))
    equal((len(done.lines), account(done)), (1, sums(1, 3, 0)))


@case
def list_first():
    listing = [w.reply("flow", w.BRIEF) + w.done()]
    done = monitored("monitor", "list", "new", "dport 80", events=life()[:1],
                     replies=listing)
    equal([line.split()[1] for line in done.lines], ["flow", "new"])
    equal([r.operation for r in done.requests],
          ["events-get", "flow-get", "events-get"])
    equal(done.requests[1].values, {
        "brief": True, "filter": {"dst": {"port-min": 80, "port-max": 80}}})


def lossy(*args, **more):
    """Of CPU 0 two are missing before what is heard, and three after"""
    events = [w.event("new", NEW, cpu=0, seq=1), w.LOST,
              w.event("new", NEW, cpu=0, seq=4), w.NOTHING,
              w.event("new", NEW, cpu=0, seq=8)]
    return monitored(*args, events=events, after=[
        *numbers(cpu0=(7, 0, 0)), *more.pop("again", []),
        *numbers(cpu0=(8, 0, 0))], **more)


@case
def losses():
    done = lossy("monitor")
    equal(account(done), sums(3, 3, 5))
    equal([line.split()[1] for line in done.lines],
          ["new", "lost", "new", "lost", "sync", "new"])
    has(done.lines[1], " lost   2 events, 2 in all")
    has(done.lines[3], " lost   3 events, 5 in all")
    lost = [e for e in objects(lossy("-j", "monitor")) if e["event"] == "lost"]
    equal([(e["lost"], e["total"]) for e in lost], [(2, 2), (3, 5)])


@case
def list_again_after_a_loss():
    listing = [w.reply("flow", w.BRIEF) + w.done()]
    done = lossy("monitor", "list", before=numbers() + listing, again=listing)
    equal([line.split()[1] for line in done.lines],
          ["flow", "new", "lost", "new", "lost", "sync", "flow", "new"])


@case
def losses_of_several_cpus():
    events = [w.event("change", CHANGE, cpu=cpu, seq=seq, **OLD)
              for cpu, seq in ((0, 11), (3, 1), (0, 12), (1, 7), (3, 3))]
    done = monitored("monitor", events=events,
                     before=numbers(cpu0=(0, 10, 0), cpu1=(0, 5, 0)),
                     after=[*numbers(cpu0=(0, 12, 0), cpu1=(0, 9, 0),
                                     cpu2=(0, 0, 4), cpu3=(0, 3, 0)),
                            *numbers(cpu0=(0, 12, 0), cpu1=(0, 9, 0),
                                     cpu2=(0, 0, 4), cpu3=(0, 3, 0))])
    # 6 of CPU 1, 2 of CPU 3, then 8 and 9 of CPU 1, and all of CPU 2
    equal(account(done), sums(5, 5, 8))


@case
def lost_at_the_very_end():
    done = monitored("monitor", events=life(), after=numbers(cpu0=(1, 5, 2)))
    equal(account(done), sums(3, 3, 5))
    has(done.lines[-1], " lost   5 events, 5 in all")


@case
def of_a_later_module():
    """Attributes, words and messages that this client does not know"""
    flow = {**NEW, "class": 77}
    number = [a["name"] for a in w.SETS["flow"]].index("event") + 1
    body = w.encode("flow", flow) + w.attribute(
        number, w.encode("event", {"time": 10**18, "cpu": 0, "seq": 1,
                                   "removal": 99}) +
        w.attribute(900, b"?"), True) + w.attribute(901, b"??")
    cmd = w.OPERATIONS.index("flow-end-ntf") + 1
    events = [w.message(w.FAMILY, 0, bytes((200, 1, 0, 0)) + body),
              w.message(w.FAMILY, 0, bytes((cmd, 9, 0, 0)) + body +
                        bytes(-len(body) % 4)), life()[0],
              w.event("change", CHANGE, cpu=0, seq=1, **OLD) +
              w.event("end", END, cpu=0, seq=2, removal="evicted")]
    done = monitored("monitor", events=events)
    equal((len(done.lines), done.status), (4, 0))
    has(done.lines[0], "unknown")
    equal(account(done), sums(4, 4, 0))


@case
def without_a_number():
    """Nobody could tell whether it is missed"""
    done = monitored("monitor", events=[w.event("new", NEW, cpu=0), *life()])
    equal((len(done.lines), account(done)), (3, sums(3, 3, 0)))


@case
def damaged():
    """Cut anywhere: an error or a line, never a crash"""
    good = w.event("end", END, cpu=0, seq=1)[20:]
    for at in range(0, len(good), 1 if "TCT_SLOW" in os.environ else 31):
        for body in (good[:at], good[:at] + b"\xff" + good[at + 1:]):
            body += bytes(-len(body) % 4)
            data = w.message(w.FAMILY, 0, w.event("end", END)[16:20] + body)
            done = monitored("-j", "-d", "monitor", events=[data])
            assert done.status in (0, 2), done.err
            objects(done)


@case
def module_is_unloaded():
    """That of another family is nothing to us"""
    def gone(family):
        body = bytes((2, 2, 0, 0)) + w.attribute(1, family.to_bytes(2, sys.byteorder))
        return w.message(w.CONTROLLER, 0, body)
    done = monitored("monitor", events=[gone(w.FAMILY + 1), life()[0],
                                        gone(w.FAMILY), life()[1]])
    equal((done.status, len(done.lines)), (2, 1))
    equal(done.err.splitlines()[0], "tcptrackctl: the module was unloaded")


@case
def refusals():
    def refused(**more):
        done = monitored("monitor", **more)
        equal((done.status, len(done.err.splitlines())), (2, 1 + (
            "shown" in done.err)), done.err)
        return done.err.splitlines()[0].removeprefix("tcptrackctl: ")
    equal(refused(family=w.found(names=[])), "the module has no events: the "
          "module is older than tcptrackctl: load that which came with it")
    equal(refused(WIRE_JOIN_ERROR=str(errno.EPERM)),
          "events: Operation not permitted: run as root")
    equal(refused(family=[w.ack(errno.ENOENT)]),
          "the module tcptrack is not loaded: run 'modprobe tcptrack'")
    equal(refused(before=[w.ack(errno.EPERM, "needs it")]),
          "needs it: run as root")
    for words, what in ((["count"], "'count' needs a number"),
                        (["count", "0"], "'count' needs a number"),
                        (["old"], "'old' begins no condition")):
        done = w.talk("monitor", *words)
        equal(done.status, 1)
        has(done.err, what)


def watched(*words, events, listing, **more):
    return monitored("flow", "watch", *words, events=events,
                     replies=[b"".join(w.reply("flow", flow)
                                       for flow in listing) + w.done()],
                     **more)


@case
def watch_one():
    """Either end first; it is over when the flow is"""
    other = w.event("change", OTHER, cpu=1, seq=1, **OLD)
    for words in (["src 10.0.1.1:40004 dst 10.0.2.1:80"],
                  ["src 10.0.2.1:80 dst 10.0.1.1:40004"]):
        done = watched(*words, listing=[w.BRIEF, OTHER],
                       events=[other, life()[1], life(cpu=1)[0]])
        equal(done.status, 0)
        equal([line.split()[1] for line in done.lines],
              ["flow", "change", "end"])


@case
def watch_some():
    """From when they match, until they end"""
    flow = {**w.BRIEF, "src": {**w.BRIEF["src"], "state": "established"}}
    done = watched("src-state", "established", listing=[flow],
                   events=[*life()[1:], w.event("new", NEW, cpu=0, seq=1),
                           w.event("change", OTHER, cpu=1, seq=1, **OLD)])
    equal([line.split()[1] for line in done.lines],
          ["flow", "change", "end", "change"])


@case
def watch_through_a_loss():
    """What is no longer there has ended unseen"""
    def lost(*words, again):
        return watched(*words, listing=[CHANGE, OTHER], events=[w.LOST],
                       after=[*numbers(cpu0=(0, 0, 1)), *again,
                              *numbers(cpu0=(0, 0, 1))])
    done = lost("dport", "80", again=[w.reply("flow", OTHER) + w.done()])
    equal([line.split()[1] for line in done.lines],
          ["flow", "flow", "lost", "sync", "flow", "gone"])
    done = lost(*ENDS, again=[w.done()])
    equal((done.status, [line.split()[1] for line in done.lines]),
          (0, ["flow", "lost", "sync", "gone"]))
    equal(w.talk("flow", "watch").status, 1)


if __name__ == "__main__":
    sys.exit(main())
