# SPDX-License-Identifier: GPL-2.0
"""Cases, their results as TAP, and the program that they run."""

import os
import subprocess
import sys
import tempfile
import traceback

CASES = []
PROGRAM = os.environ.get("TCPTRACKCTL", "tcptrackctl")
# what the sanitizers exit with, which the program never does
SANITIZER_STATUS = 86


class Skip(Exception):
    """The machine lacks what the case needs"""


def case(func):
    CASES.append(func)
    return func


class Run:
    """One run of the program"""

    def __init__(self, done):
        self.status = done.returncode
        self.out = (done.stdout or b"").decode()
        self.err = (done.stderr or b"").decode()
        self.lines = self.out.splitlines()
        self.flows = [dict(word.split("=", 1) for word in line.split(" "))
                      for line in self.lines if line.startswith("family=")]


def environment():
    env = dict(os.environ)
    options = "exitcode=%d:abort_on_error=0" % SANITIZER_STATUS
    env["ASAN_OPTIONS"] = options
    env["LSAN_OPTIONS"] = options
    env["UBSAN_OPTIONS"] = options + ":halt_on_error=1:print_stacktrace=1"
    return env


def run(*args, stdin=None, **more):
    more.setdefault("stdout", subprocess.PIPE)
    more.setdefault("stderr", subprocess.PIPE)
    done = Run(subprocess.run([PROGRAM, *args], input=stdin, timeout=300,
                              check=False, env=environment(), **more))
    assert done.status >= 0, "killed by signal %d" % -done.status
    assert done.status != SANITIZER_STATUS, done.err
    return done


def replay(data, *args, status=0):
    """Replay a capture that is given as bytes"""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        done = run("replay", *args, file.name)
    if status is not None:
        equal(done.status, status, done.err)
    return done


def statistics(data, *args):
    """The counters that -s shows"""
    words = replay(data, "-s", *args).err.split()
    return {key: int(value) for key, value in (w.split("=") for w in words)}


def equal(got, want, what=""):
    assert got == want, "%r, not %r %s" % (got, want, what)


def has(text, part):
    assert part in text, "no %r in %r" % (part, text)


def main():
    names = sys.argv[1:]
    cases = [c for c in CASES if not names or c.__name__ in names]
    failed = 0
    print("1..%d" % len(cases))
    for number, func in enumerate(cases, 1):
        name = "%d %s" % (number, func.__name__)
        try:
            func()
            print("ok " + name)
        except Skip as why:
            print("ok %s # SKIP %s" % (name, why))
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print("not ok " + name)
            for line in traceback.format_exc().splitlines():
                print("# " + line)
        sys.stdout.flush()
    return 1 if failed or not cases else 0
