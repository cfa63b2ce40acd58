#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""All JSON is as Documentation/tcptrackctl.schema.json says, and nothing of it
is left out there"""

import json
import os
import sys

import jsonschema

import capture as c
import timewait as tw
import unclosed as un
import wire as w
from tap import case, equal, main, replay

with open(os.path.join(w.TOP, "Documentation/tcptrackctl.schema.json"),
          encoding="utf-8") as file:
    SCHEMA = json.load(file)


def definition(name):
    return {"$ref": "#/$defs/" + name, "$defs": SCHEMA["$defs"]}


def valid(document, name):
    """By its own definition, and by the whole"""
    for schema in (definition(name), SCHEMA):
        jsonschema.validate(document, schema,
                            cls=jsonschema.Draft202012Validator)


def flows(*args, several=(w.FULL, w.ENDED)):
    datagrams = [w.reply("flow", flow) for flow in several] + [w.done()]
    return w.documents(w.talk("-j", *args, "flow", replies=datagrams))


@case
def schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@case
def flows_are_as_it_says():
    for args in ((), ("-d",), ("-s", "-o"), ("-p",), ("-r",)):
        valid(flows(*args), "flows")
    valid([{**flow, "src_processes": [], "dst_processes": [
        {"name": "a", "pid": 1, "fd": 0, "cgroup": None}]}
           for flow in flows()], "flows")
    valid(flows("-br", several=(w.BRIEF,)), "flows")
    valid(flows(several=()), "flows")


@case
def all_fields_are_in_it():
    known = SCHEMA["$defs"]["flow_properties"]["properties"]
    for flow in flows("-d"):
        equal(sorted(set(flow) - set(known)), [])
        equal([k for k in flow if k in known], [k for k in known if k in flow],
              "the order")
    equal(sorted(set(known) - set(flows()[0])),
          ["dst_processes", "src_processes"])


@case
def all_words_are_in_it():
    fields = SCHEMA["$defs"]["flow_properties"]["properties"]

    def words(name):
        return [entry["name"].replace("-", "_")
                for entry in w.ENUMS[name]["entries"]]
    equal(fields["flags"]["items"]["enum"], words("flow-flags"))
    equal(fields["src_seen"]["items"]["enum"], words("seen-flags"))
    equal(fields["differs"]["items"]["enum"],
          [end + word for end in ("src_", "dst_")
           for word in words("differs-flags")])
    equal(fields["class"]["enum"], words("class") + ["unknown"])
    equal(SCHEMA["$defs"]["reason"]["enum"], words("reason") + ["unknown"])
    states = [word.upper() for word in words("state")]
    states[states.index("SYN_RECV")] = "SYN_RECEIVED"
    equal(SCHEMA["$defs"]["state"]["enum"], states + ["unknown"])
    ends = words("end-reason")[1:]
    by = ends[:ends.index("timeout")]
    equal(fields["end"]["enum"],
          [end + side for end in by for side in ("_src", "_dst")] +
          ends[len(by):] + [None])


@case
def listeners_are_as_it_says():
    known = SCHEMA["$defs"]["listeners"]["items"]
    for args in ((), ("-d",), ("-s", "-o"), ("-p",), ("-br",)):
        done = w.talk("-j", *args, "listener", replies=[
            w.reply("listener", w.LISTENER), w.reply("listener", w.IDLE),
            w.done()])
        valid(w.documents(done), "listeners")
        for one in w.documents(done):
            equal(list(one), [key for key in known["properties"]
                              if key in one])
            if "-br" in args:
                equal(list(one), known["required"])
            else:
                equal(set(known["properties"]) - set(one), {"processes"})
    equal(SCHEMA["$defs"]["limit_source"]["enum"],
          [e["name"].replace("max", "tcp_max").replace("-", "_")
           if "-" in e["name"] else e["name"]
           for e in w.ENUMS["limit-source"]["entries"]] + ["unknown"])


@case
def the_rest_is_as_it_says():
    for name, message, values in (
            ("summaries", "summary", w.SUMMARY), ("stats", "stats", w.STATS),
            ("configs", "config", {**w.CONFIG, "event-filter": {}})):
        for args in ((), ("-br",), ("-p",)):
            done = w.talk("-j", *args, message,
                          replies=[w.reply(message, values, 0), w.ack()])
            valid(w.documents(done), name)
            known = SCHEMA["$defs"][name]["items"]["properties"]
            equal(sorted(set(w.documents(done)[0]) - set(known)), [])
    done = w.talk("-j", "flow", "flush", "all",
                  replies=[w.reply("flow", {"flows": 0}, 0), w.ack()])
    valid(w.documents(done), "flushed")


@case
def lines_of_a_monitor():
    """All that there are, each of its own kind"""
    def flow(**more):
        return {**w.BRIEF, "netns": 7, **more}
    event = {"cpu": 0, "seq": 1}
    end = {**w.FULL, "netns": 7, "end-reason": "fin", "ended-by": "dst"}
    events = [w.event("new", flow(), **event),
              w.event("change", flow(), **event, **{
                  "old-src-state": "established",
                  "old-dst-state": "established"}),
              w.event("end", end, **event, removal="evicted"), w.LOST]
    told = [w.generated(cpu0=(1, 1, 4)), w.ack()]
    listing = [w.reply("flow", flow()) + w.done()]
    replies = [w.generated(), w.ack(), *listing, *told, w.done(), *told]
    seen = set()
    for args in (("monitor", "list"), ("-br", "monitor", "list"),
                 ("flow", "watch", "all")):
        again = replies
        if "watch" in args:
            events, again = [events[0], w.LOST], [
                w.generated(), w.ack(), *listing, *told, w.done(), *told]
        for line in w.talk("-j", *args, replies=again, events=events).lines:
            line = json.loads(line)
            valid(line, "monitor_line")
            seen.add(line["event"])
    equal(seen, {"flow", "new", "change", "end", "lost", "sync", "gone",
                 "summary"})
    equal(SCHEMA["$defs"]["event"]["properties"]["removal"]["enum"],
          [entry["name"] for entry in w.ENUMS["removal"]["entries"]] +
          ["unknown", None])


@case
def replay_has_the_same_flows():
    packets = c.connection() + c.connection(src=c.A6, dst=c.B6) + \
        c.connection(sport=2)[:1] + c.connection(sport=3)[4:]
    packets.sort(key=lambda packet: packet[0])
    lines = replay(c.pcap(c.framed(packets)), "-j", "-s").lines
    for line in lines:
        valid(json.loads(line), "replay_line")
    for line in lines[:-1]:
        equal(list(json.loads(line)), SCHEMA["$defs"]["flow"]["required"])


@case
def what_waits_is_as_it_says():
    def known(documents, name, *lists):
        valid(documents, name)
        properties = SCHEMA["$defs"][name]["items"]["properties"]
        equal(list(documents[0]), list(properties))
        for key in set(properties) - set(lists):
            if "properties" in properties[key]:
                equal(list(documents[0][key]),
                      list(properties[key]["properties"]))
        for key, part in lists:
            equal(list(documents[0][key][0]),
                  list(SCHEMA["$defs"][part]["properties"]))

    flows = [tw.waits(40001), tw.flow(1, "closed", "time-wait", "none",
                                      "time-wait", dst=tw.HERE),
             tw.flow(2, "established", "established", "established")]
    known([tw.shown(flows=flows)], "timewaits",
          ("services", "timewait_service"),
          ("destinations", "timewait_destination"))
    valid([tw.shown(flows=flows, ports="40001 40001")], "timewaits")
    got = un.shown(flows=[un.flow(1), un.flow(2)],
                   sockets=[un.closed(1), un.closed(2, 4294967295)])
    known([got], "uncloseds", ("groups", "unclosed_group"))


@case
def it_says_no_to_what_is_wrong():
    for change in ({"src_state": "OPEN"}, {"sport": 65536}, {"age": -1},
                   {"flags": ["nonesuch"]}, {"src": None}):
        flow, _ = flows()
        flow.update(change)
        try:
            valid([flow], "flows")
        except jsonschema.ValidationError:
            continue
        raise AssertionError(change)


if __name__ == "__main__":
    sys.exit(main())
