# SPDX-License-Identifier: GPL-2.0
"""A program on a terminal that knows little: what is on its screen"""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

WAIT = 20
# A terminal that can do no more than this is one that is easily read
TERMINFO = r"""tct|the least that curses needs,
	am, cols#80, lines#24,
	clear=\E[H\E[J, cup=\E[%i%p1%d;%p2%dH, ed=\E[J, el=\E[K,
	kcud1=\E[B, kcuu1=\E[A, kend=\E[F, khome=\E[H, knp=\E[6~,
	kpp=\E[5~, kbs=^?,
tct-dumb|less than curses needs,
	am, cols#80,
"""
KEYS = {"up": "\33[A", "down": "\33[B", "home": "\33[H", "end": "\33[F",
        "pgup": "\33[5~", "pgdn": "\33[6~", "esc": "\33", "enter": "\r",
        "back": "\177"}
WORDS = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[H|\x1b\[([JK])|([^\x1b])|\x1b")


def terminfo(where):
    """The directory of the terminal's description"""
    source = os.path.join(where, "tct.ti")
    with open(source, "w", encoding="ascii") as out:
        out.write(TERMINFO)
    subprocess.run(["tic", "-o", where, source], check=True,
                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return where


class Screen:
    """The program, and what it has written. It does not outlive this"""

    def __init__(self, args, env, size=(24, 80)):
        self.size, self.text, self.rest = size, {}, ""
        self.at, self.status = [0, 0], None
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            try:
                self.resize_fd(0, size)
                os.execvpe(args[0], args, env)
            finally:
                os._exit(127)  # pylint: disable=protected-access

    @staticmethod
    def resize_fd(fd, size):
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def resize(self, rows, columns):
        self.size = (rows, columns)
        self.resize_fd(self.terminal, self.size)

    def press(self, *keys):
        for key in keys:
            os.write(self.terminal, KEYS.get(key, key).encode())

    def lines(self):
        return ["".join(self.text.get((row, column), " ")
                        for column in range(self.size[1])).rstrip()
                for row in range(self.size[0])]

    def put(self, char):
        if char == "\r":
            self.at[1] = 0
        elif char == "\n":
            self.at[0] = min(self.at[0] + 1, self.size[0] - 1)
        elif char == "\b":
            self.at[1] = max(self.at[1] - 1, 0)
        elif char >= " ":
            if self.at[1] == self.size[1]:
                self.at = [self.at[0] + 1, 0]
            self.text[tuple(self.at)] = char
            self.at[1] += 1

    def erase(self, below):
        for where in list(self.text):
            if where[0] == self.at[0] and where[1] >= self.at[1] or \
               below and where[0] > self.at[0]:
                del self.text[where]

    def take(self, data):
        data = self.rest + data
        # what is cut in the middle waits for the rest of it
        cut = re.search(r"\x1b(\[[0-9;]*)?$", data)
        self.rest = cut.group() if cut else ""
        for found in WORDS.finditer(data[:len(data) - len(self.rest)]):
            row, column, erase, char = found.groups()
            if row:
                self.at = [int(row) - 1, int(column) - 1]
            elif erase:
                self.erase(erase == "J")
            elif char:
                self.put(char)
            elif found.group() == "\33[H":
                self.at = [0, 0]

    def read(self, end):
        """More of what is written. False: there is none, and will not be"""
        left = end - time.monotonic()
        if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
            return False
        try:
            data = os.read(self.terminal, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self.take(data.decode(errors="replace"))
        return bool(data)

    def until(self, shown):
        """Until that is on the screen: a text, or what a function finds true
        of its lines"""
        end = time.monotonic() + WAIT

        def good():
            lines = self.lines()
            return shown(lines) if callable(shown) else \
                any(shown in line for line in lines)
        while not good():
            if not self.read(end):
                raise AssertionError("\n".join(
                    ["not seen: %s" % shown, *self.lines()]))
        return self.lines()

    def end(self):
        """Until the program is over. The exit status"""
        end = time.monotonic() + WAIT
        while self.read(end):
            pass
        while self.status is None and time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.01)
        assert self.status is not None, "it goes on"
        return self.status
