#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What make install-tools puts where, and that it is of use there"""

import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

from tap import PROGRAM, Skip, case, environment, equal, has, main

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..", "..")


def output(*args, **more):
    return subprocess.run(args, stdout=subprocess.PIPE, check=True,
                          env=environment(), **more).stdout.decode()


def install(dest, *args):
    """With the objects that are there"""
    subprocess.run(["make", "-s", "-C", TOP, "install-tools",
                    "DESTDIR=" + dest, "O=" + os.path.dirname(PROGRAM), *args],
                   check=True, stdout=subprocess.PIPE)
    found = {}
    for where, _, names in os.walk(dest):
        for name in names:
            path = os.path.join(where, name)
            found[os.path.relpath(path, dest)] = os.stat(path).st_mode & 0o777
    return found


def files(prefix):
    return {prefix + "/sbin/tcptrackctl": 0o755,
            prefix + "/share/man/man8/tcptrackctl.8": 0o644,
            prefix + "/share/man/man7/tcptrack.7": 0o644,
            prefix + "/share/bash-completion/completions/tcptrackctl": 0o644,
            prefix + "/share/tcptrack/tcptrackctl.schema.json": 0o644}


@case
def default_prefix():
    with tempfile.TemporaryDirectory() as dest:
        equal(install(dest), files("usr/local"))
        program = os.path.join(dest, "usr/local/sbin/tcptrackctl")
        assert output(program, "-V").startswith("tcptrackctl ")


@case
def another_prefix():
    with tempfile.TemporaryDirectory() as dest:
        equal(install(dest, "prefix=/opt/tct"), files("opt/tct"))
        equal(len(install(dest + "/2", "prefix=/usr",
                          "sbindir=/usr/bin")), 5)


def mandoc(*args):
    try:
        return output("mandoc", *args)
    except FileNotFoundError:
        raise Skip("no mandoc") from None


def pages(dest):
    return [os.path.join(dest, "usr/local/share/man", name)
            for name in ("man8/tcptrackctl.8", "man7/tcptrack.7")]


@case
def manuals_are_readable():
    with tempfile.TemporaryDirectory() as dest:
        install(dest)
        for page, sections in zip(pages(dest), (
                ("SYNOPSIS", "EXIT STATUS", "EXAMPLES"),
                ("DESCRIPTION", "FILES", "SEE ALSO"))):
            text = mandoc("-T", "ascii", page)
            for section in sections:
                has(text, "\n" + "".join(c + "\b" + c if c != " " else c
                                         for c in section))


@case
def manuals_are_correct():
    with tempfile.TemporaryDirectory() as dest:
        install(dest)
        equal(mandoc("-T", "lint", "-W", "warning", *pages(dest)), "")


def source(*names):
    with open(os.path.join(TOP, *names), encoding="utf-8") as file:
        return file.read()


def text_of(page):
    """Without formatting, words not broken"""
    text = mandoc("-T", "utf8", "-O", "width=500", page)
    return re.sub(".\x08", "", text)


@case
def manual_is_of_this_module():
    """tcptrack(7) names every setting, field, counter and group that there
    is"""
    settings = re.findall(r"^   \* - ``(\w+)``$",
                          source("Documentation", "sysctl.rst"), re.M)
    with open(os.path.join(TOP, "Documentation/netlink/specs/tcptrack.yaml"),
              encoding="utf-8") as file:
        spec = yaml.safe_load(file)
    counters = [a["name"].replace("-", "_")
                for s in spec["attribute-sets"] if s["name"] == "stats"
                for a in s["attributes"]
                if a["name"] not in ("pad", "netns", "netns-fd", "all-netns")]
    schema = json.loads(source("Documentation", "tcptrackctl.schema.json"))
    fields = schema["$defs"]["flow"]["required"]
    operations = [op["name"] for op in spec["operations"]["list"]]
    groups = [group["name"] for group in spec["mcast-groups"]["list"]]
    flags = [e if isinstance(e, str) else e["name"]
             for d in spec["definitions"] if d["name"] == "flow-flags"
             for e in d["entries"]]
    text = text_of(os.path.join(HERE, "..", "tcptrack.7"))
    known = set(re.findall(r"[\w-]+", text))
    for words in (settings, counters, fields, operations, groups,
                  [flag.replace("-", "_") for flag in flags]):
        assert len(words) > 5
        equal([word for word in words if word not in known], [])


@case
def completion_is_found():
    """By bash-completion, which loads it when it is first needed"""
    library = "/usr/share/bash-completion/bash_completion"
    if not os.path.exists(library):
        raise Skip("no bash-completion")
    with tempfile.TemporaryDirectory() as dest:
        install(dest)
        data = os.path.join(dest, "usr/local/share")
        code = ". %s; _completion_loader tcptrackctl; complete -p tcptrackctl"
        equal(output("env", "XDG_DATA_DIRS=" + data, "bash", "-c",
                     code % library),
              "complete -F _tcptrackctl tcptrackctl\n")


if __name__ == "__main__":
    sys.exit(main())
