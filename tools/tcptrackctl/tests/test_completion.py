#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The completion for bash, in a bash on a terminal: what the Tab key makes of a
line"""

import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time

from tap import Skip, case, equal, main

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.path.join(HERE, "..", "bash-completion", "tcptrackctl")
# stands for tcptrackctl and shows the words that it gets
SHOW = 'tcptrackctl() { printf "<%s>" "$@"; echo .; }\n'
WAIT = 20


class Bash:
    """An interactive bash that has the completion and nothing else"""

    def __init__(self, where):
        rc = os.path.join(where, "rc")
        with open(rc, "w", encoding="utf-8") as out:
            out.write("PS1='$ '\n. %s\n" % SCRIPT + SHOW +
                      "bind 'set enable-bracketed-paste off'\n"
                      "bind 'set show-all-if-ambiguous on'\n"
                      "bind 'set completion-query-items -1'\n"
                      "bind 'set page-completions off'\n")
        self.terminal, child = pty.openpty()
        self.bash = subprocess.Popen(
            ["bash", "--noprofile", "--rcfile", rc, "-i"], stdin=child,
            stdout=child, stderr=child, cwd=where, start_new_session=True,
            env={**os.environ, "TERM": "dumb", "INPUTRC": "/dev/null",
                 "COLUMNS": "200"})
        os.close(child)
        self.until("$ ")

    def until(self, what):
        shown, end = "", time.monotonic() + WAIT
        while not shown.endswith(what):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [],
                                              left)[0]:
                raise AssertionError("no %r after %r" % (what, shown))
            shown += os.read(self.terminal, 65536).decode()
        return shown

    def line(self, text):
        """The words that the program gets of a line with tabs in it"""
        os.write(self.terminal, text.encode() + b"\n")
        return re.findall("<([^>]*)>", self.until(".\r\n$ "))

    def close(self):
        os.close(self.terminal)
        self.bash.wait()


def with_bash(func):
    with tempfile.TemporaryDirectory() as where:
        with open(os.path.join(where, "a file.pcap"), "wb"):
            pass
        bash = Bash(where)
        try:
            func(bash)
        finally:
            bash.close()


def completions(*words):
    """What is offered for the last word"""
    code = '. "$1"; shift; COMP_WORDS=(tcptrackctl "$@"); COMP_CWORD=$#; ' \
        '_tcptrackctl; printf "%s\\n" "${COMPREPLY[@]}"'
    out = subprocess.run(["bash", "-c", code, "bash", SCRIPT, *words],
                         stdout=subprocess.PIPE, check=True).stdout.decode()
    return out.split()


@case
def tab_on_a_terminal():
    def lines(bash):
        equal(bash.line("tcptrackctl su\t"), ["summary"])
        equal(bash.line("tcptrackctl -j flo\tli\tstate tim\t"),
              ["-j", "flow", "list", "state", "time-wait"])
        equal(bash.line("tcptrackctl config s\t"), ["config", "s"])
        equal(bash.line("tcptrackctl config set kee\to\tn"),
              ["config", "set", "keep_detail", "on"])
        equal(bash.line("tcptrackctl replay a\t"), ["replay", "a file.pcap"])
        equal(bash.line("tcptrackctl -bat\ta\tx"),
              ["-batch", "a file.pcap", "x"])
    with_bash(lines)


@case
def objects_and_options():
    equal(completions(""), ["flow", "listener", "summary", "stats", "config",
                            "monitor", "top", "timewait", "unclosed",
                            "replay", "help"])
    equal(completions("listener", ""), ["list", "help"])
    equal(completions("listener", "list", ""), ["port"])
    equal(completions("listener", "list", "port", ""), [])
    equal(completions("s"), ["summary", "stats"])
    equal(completions("-b"), ["-batch", "-brief"])
    equal(completions("-f", ""), ["inet", "inet6"])
    equal(completions("-f", "inet", "s"), ["summary", "stats"])
    equal(completions("-rc", ""), [])
    equal(completions("summary", ""), ["show", "help"])
    equal(completions("summary", "show", ""), [])
    equal(completions("timewait", ""), ["show", "limit", "help"])
    equal(completions("timewait", "show", ""), ["limit"])
    equal(completions("unclosed", "s"), ["show", "since"])
    equal(completions("unclosed", "since", ""), [])
    equal(completions("nonesuch", ""), [])


@case
def options_are_all_there():
    with open(os.path.join(HERE, "..", "options.c"), encoding="utf-8") as file:
        known = re.findall(r'\{ "(\w+)",', file.read())
    known = {word for word in known
             if word not in ("stats", "version", "processes")}
    equal({word[1:] for word in completions("-")}, known)


@case
def expressions():
    equal(completions("flow", ""),
          ["list", "get", "watch", "delete", "flush", "help"])
    equal(completions("flow", "watch", "dst-st"), ["dst-state"])
    assert "limit" in completions("flow", "list", "")
    assert "limit" not in completions("flow", "flush", "")
    equal(completions("flow", "list", "state", "time"), ["time-wait"])
    equal(completions("flow", "list", "dst-state", "clo"),
          ["close-wait", "closing", "closed"])
    equal(completions("flow", "flush", "flag", "re"), ["reused"])
    equal(completions("flow", "list", "sport", ""), [])
    equal(completions("flow", "list", "state", "closed", "o"), ["or"])
    equal(completions("flow", "get", ""), ["src", "dst"])


@case
def settings():
    known = completions("config", "set", "")
    equal(len(known), 13)
    equal(completions("config", "set", "max", ""), [])
    assert "max" not in completions("config", "set", "max", "5", "")
    equal(len(completions("config", "set", "max", "5", "")), 12)
    equal(completions("config", "set", "enabled", ""), ["on", "off"])


    equal(completions("config", "set", "event_filter", "spo"), ["sport"])
    equal(completions("config", "set", "max", "5", "event_filter", "state",
                      "time"), ["time-wait"])


@case
def what_goes_on():
    first = completions("monitor", "")
    for word in ("list", "count", "new", "change", "end", "help", "dport"):
        assert word in first, word
    again = completions("monitor", "list", "count", "5", "new", "")
    assert not {"list", "count", "new", "help"} & set(again)
    assert {"change", "end", "dport"} <= set(again)
    equal(completions("monitor", "count", ""), [])
    equal(completions("monitor", "end", "state", "time"), ["time-wait"])
    assert "new" not in completions("monitor", "dport", "80", "")
    equal(completions("top", "sort", "r"), ["rate", "rtt", "retrans"])
    equal(completions("top", "interval", ""), [])
    equal(completions("top", "sort", "age", "b"), ["batch"])
    equal(completions("top", "batch", "flag", "pick"), ["pickup"])


@case
def predicates_are_all_there():
    with open(os.path.join(HERE, "..", "filter_predicate.c"),
              encoding="utf-8") as file:
        known = re.findall(r'\{ "([\w-]+)",', file.read())
    known = {word for word in known if word != "excl"}
    offered = completions("flow", "flush", "")
    if not known:
        raise Skip("no table of predicates")
    equal(set(offered), known | {"not"})


if __name__ == "__main__":
    sys.exit(main())
