#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What make install-tools puts where, and that it is of use there"""

import os
import subprocess
import sys
import tempfile

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
                          "sbindir=/usr/bin")), 4)


@case
def manual_is_readable():
    with tempfile.TemporaryDirectory() as dest:
        install(dest)
        page = os.path.join(dest, "usr/local/share/man/man8/tcptrackctl.8")
        try:
            text = output("mandoc", "-T", "ascii", page)
        except FileNotFoundError:
            raise Skip("no mandoc") from None
        for section in ("SYNOPSIS", "EXIT STATUS", "EXAMPLES"):
            has(text, "\n" + "".join(c + "\b" + c if c != " " else c
                                     for c in section))


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
