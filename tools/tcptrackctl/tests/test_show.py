#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Summary, counters and settings"""

import sys

import wire as w
from tap import case, equal, has, main


def shown(name, values, *args):
    done = w.talk(*args, replies=[w.reply(name, values, 0), w.ack()])
    equal((done.status, done.err), (0, ""))
    request, = done.requests
    equal((request.operation, request.flags, request.values),
          (name + "-get", w.REQUEST | w.ACK, {}))
    return done


def dumped(name, several, *args):
    datagrams = [w.reply(name, values) for values in several] + [w.done()]
    done = w.talk(*args, replies=datagrams)
    equal((done.status, done.err), (0, ""))
    request, = done.requests
    equal((request.operation, request.flags, request.values),
          (name + "-get", w.REQUEST | w.DUMP, {"all-netns": True}))
    return done


@case
def summary():
    equal(shown("summary", w.SUMMARY, "summary").lines, [
        "enabled              1", "flows                3",
        "max                  262144", "half_open            1",
        "half_open_max        65536", "time_wait            0",
        "buckets              16384",
        "SRC_STATE    DST_STATE       FLOWS",
        "SYN_SENT     CLOSED              1",
        "ESTABLISHED  ESTABLISHED         2"])
    line = ("enabled 1 flows 3 max 262144 half_open 1 half_open_max 65536 "
            "time_wait 0 buckets 16384")
    brief = shown("summary", w.SUMMARY, "-br", "-o", "su", "show")
    equal(brief.lines, [line])
    equal(shown("summary", w.SUMMARY, "-o", "summary").lines, [
        line + "\\\tSYN_SENT/CLOSED 1\\\tESTABLISHED/ESTABLISHED 2"])


@case
def summary_json():
    equal(w.documents(shown("summary", w.SUMMARY, "-j", "summary")), [{
        "enabled": 1, "flows": 3, "max": 262144, "half_open": 1,
        "half_open_max": 65536, "time_wait": 0, "buckets": 16384,
        "pairs": [
            {"src_state": "SYN_SENT", "dst_state": "CLOSED", "flows": 1},
            {"src_state": "ESTABLISHED", "dst_state": "ESTABLISHED",
             "flows": 2}],
        "netns": 7, "netns_name": None}])


@case
def summaries_of_all_namespaces():
    several = [w.SUMMARY, {**w.SUMMARY, "netns": 8, "pair": []}]
    done = dumped("summary", several, "-a", "-br", "-o", "summary")
    equal([line.split()[:2] for line in done.lines],
          [["netns", "7"], ["netns", "8"]])
    done = dumped("summary", several, "-a", "-j", "summary")
    equal([one["netns"] for one in w.documents(done)], [7, 8])


@case
def stats():
    lines = shown("stats", w.STATS, "stats").lines
    equal([line.split() for line in lines],
          [[name.replace("-", "_"), str(n)]
           for n, name in enumerate(w.COUNTERS)])
    brief = shown("stats", {"netns": 7, "packets-tracked": 0,
                            "out-of-order": 5}, "-br", "stats")
    equal(brief.lines, ["out_of_order         5"])
    counts, = w.documents(shown("stats", w.STATS, "-j", "stats"))
    equal(counts, {**{name.replace("-", "_"): n
                      for n, name in enumerate(w.COUNTERS)},
                   "netns": 7, "netns_name": None})
    done = dumped("stats", [w.STATS, w.STATS], "-a", "-j", "stats")
    equal(w.documents(done), [counts, counts])


@case
def config():
    lines = shown("config", w.CONFIG, "config", "show").lines
    has(lines, "timeout_established  432000")
    has(lines, "max                  262144")
    equal(len(lines), 12)
    shown_json, = w.documents(shown("config", w.CONFIG, "-j", "config"))
    equal(shown_json["max"], 262144)
    equal(list(shown_json.values()), list(w.CONFIG.values()))
    # a namespace that has no say in the ceilings
    child = {k: v for k, v in w.CONFIG.items()
             if k not in ("children-max", "global-max")}
    equal(len(shown("config", child, "config").lines), 10)


@case
def event_filter():
    for told, want in (({}, "all"), ({"dst": {"port-min": 80, "port-max": 80},
                                      "flags": ["pickup"]},
                                     "dport 80 flag = pickup")):
        values = {**w.CONFIG, "event-filter": told}
        has(shown("config", values, "config").lines, "event_filter         " +
            want)
        document, = w.documents(shown("config", values, "-j", "config"))
        equal(document["event_filter"], want)


def was_set(*args):
    done = w.talk("config", "set", *args, replies=[w.ack()])
    equal((done.status, done.out, done.err), (0, "", ""))
    equal(done.requests[0].operation, "config-set")
    return done.requests[0].values


@case
def config_set():
    equal(was_set("max", "1000"), {"flows-max": 1000})
    equal(was_set("enabled", "on", "keep_detail", "0"),
          {"enabled": 1, "keep-detail": 0})
    equal(was_set("timeout-established", "5d", "timeout_closed", "10",
                  "half_open_max", "7", "timeout_closing", "5m"),
          {"timeout-established": 432000, "timeout-closed": 10,
           "half-open-max": 7, "timeout-closing": 300})
    equal(was_set("max", "5", "event-filter", "dport", "443", "state",
                  "established"),
          {"flows-max": 5, "event-filter": {
              "dst": {"port-min": 443, "port-max": 443},
              "any": {"states": 8}}})
    equal(was_set("event_filter", "all"), {"event-filter": {}})
    # what is in range is the kernel's to say
    equal(was_set("enabled", "2", "max", "0"), {"enabled": 2, "flows-max": 0})


@case
def config_set_nonsense():
    for args, what in (
            ((), "needs NAME VALUE"), (("max",), "'max' needs a value"),
            (("nonesuch", "1"), "'nonesuch' is no setting"),
            (("max", "1k"), "max: '1k' is no number of flows"),
            (("max", "4294967296"), "is no number of flows"),
            (("enabled", "maybe"), "is neither 'on' nor 'off'"),
            (("enabled", "256"), "is neither 'on' nor 'off'"),
            (("timeout_closed", "1500ms"), "is no number of seconds"),
            (("timeout_closed", "4294967296"), "is no number of seconds"),
            (("max", "1", "max", "2"), "'max' is there twice"),
            (("event-filter",), "'event-filter' needs a value"),
            (("event-filter", "dport"), "'dport' needs a port"),
            (("event-filter", "not dport 1 or sport 2"), "knows no 'or'"),
            (("netns-fd", "1"), "'netns-fd' is no setting")):
        done = w.talk("config", "set", *args)
        equal((done.status, done.out, done.requests), (1, "", []), args)
        has(done.err, what)


if __name__ == "__main__":
    sys.exit(main())
