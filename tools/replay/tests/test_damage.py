#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Files that are damaged, and output that goes nowhere."""

import gzip
import os
import random
import signal
import subprocess
import sys
import tempfile

import capture as c
from tap import (PROGRAM, SANITIZER_STATUS, Skip, case, environment, equal,
                 has, main, replay, run)

SEED = 20240607
MUTANTS = int(os.environ.get("MUTANTS", "150"))


def stub():
    """Few packets of every sort"""
    packets = c.framed(c.connection(close=False, payload=b"x"))[:3]
    packets.append((10**18 + 10**9, c.ether(
        c.ip6(c.A6, c.B6, c.tcp(5, 6, 7, 0, c.SYN, opts=b"\3\3\7"),
              chain=((0, b"\0\1\4\0\0\0\0"),)), (0x88a8, 0x8100))))
    return packets


def whole_before(data, cut, ends):
    return sum(1 for end in ends if end <= cut)


def truncations(make):
    packets = stub()
    data = make(packets)
    ends = [len(make(packets[:n])) for n in range(len(packets) + 1)]
    for cut in range(len(data)):
        # looking for leaks takes longer than all the rest
        done = replay(data[:cut], status=0 if cut in ends else 2,
                      leaks=cut % 16 == 0)
        if cut in ends:
            equal(done.err, "")
            continue
        equal(len(done.err.splitlines()), 1, cut)
        if cut < ends[0]:
            equal(done.out, "")
            continue
        read = whole_before(data, cut, ends) - 1
        has(done.err, "damaged after packet %d: " % read)
        tracked = sum(int(f["src_packets"]) + int(f["dst_packets"])
                      for f in done.flows)
        equal(tracked, read)


@case
def pcap_cut_at_every_octet():
    truncations(c.pcap)


@case
def pcapng_cut_at_every_octet():
    truncations(c.pcapng)


def mutants(data, also=None):
    rand = random.Random(SEED)
    for number in range(MUTANTS):
        mutant = bytearray(data)
        for _ in range(rand.choice((1, 1, 2, 8, 32))):
            at = rand.randrange(len(mutant))
            mutant[at] = rand.choice((0, 1, 0x7f, 0x80, 0xff,
                                      rand.randrange(256)))
        done = replay(bytes(mutant), "-s", status=None, leaks=False)
        assert done.status in (0, 2), "seed %d, mutant %d" % (SEED, number)
        if also:
            also(bytes(mutant), done)


@case
def packet_larger_than_any():
    packets = c.framed(c.connection())
    data = c.pcap(packets[:3] + [(1, b"x" * 600000)] + packets[3:])
    done = replay(data, status=2)
    has(done.err, "damaged after packet 3: ")
    equal(done.flows[0]["src_state"], "ESTABLISHED")


@case
def mutated_pcap():
    def also(data, done):
        """A file is read by our own reader, a pipe by libpcap."""
        piped = run("-s", "replay", "-", stdin=data, leaks=False)
        equal((piped.out, piped.status), (done.out, done.status))
        if done.status == 0:
            equal(piped.err, done.err)

    mutants(c.pcap(stub()), also)


@case
def mutated_pcapng():
    mutants(c.pcapng(stub()))


@case
def mutated_packets():
    """The frames are damaged, and their file is not."""
    rand = random.Random(SEED)
    frames = [frame for _, frame in stub()]
    packets = []
    for when in range(20000):
        frame = bytearray(rand.choice(frames))
        for _ in range(rand.choice((1, 1, 2, 8))):
            frame[rand.randrange(len(frame))] = rand.randrange(256)
        packets.append((when * 10**6, bytes(frame),
                        rand.randrange(len(frame) + 1)))
    replay(c.pcap(packets))


@case
def no_such_file():
    done = run("replay", "/nonexistent/capture")
    equal((done.status, done.out), (2, ""))
    equal(done.err, "tcptrackctl: /nonexistent/capture: "
          "No such file or directory\n")


@case
def empty_file():
    has(replay(b"", status=2).err, ": is empty\n")
    equal(run("replay", "-", stdin=b"").status, 2)


@case
def directory():
    has(run("replay", "/tmp").err, "/tmp: Is a directory")


@case
def not_a_capture():
    has(replay(b"hello, world\n" * 20, status=2).err, "is not a capture: ")
    data = gzip.compress(c.pcap(stub()))
    has(replay(data, status=2).err, "is not a capture but gzip: zcat it")


@case
def unreadable_file():
    if os.geteuid() == 0:
        raise Skip("root reads everything")
    with tempfile.NamedTemporaryFile() as file:
        os.chmod(file.name, 0)
        has(run("replay", file.name).err, "Permission denied")


def outputs():
    yield ("replay", "-")
    yield ("-j", "-s", "replay", "-")
    yield ("-V",)
    yield ("help",)
    yield ("replay", "help")


@case
def full_disk():
    data = c.pcap(c.framed(c.connection()))
    for args in outputs():
        with open("/dev/full", "wb") as full:
            done = run(*args, stdin=data, stdout=full)
        equal(done.status, 2, args)
        has(done.err, "standard output: No space left on device")


@case
def closed_output():
    data = c.pcap(c.framed(c.connection()))
    for args in outputs():
        done = run(*args, stdin=data, stdout=None,
                   preexec_fn=lambda: os.close(1))
        equal(done.status, 2, args)
        has(done.err, "standard output: ")


def read_one_line(restore):
    packets = []
    for port in range(3000):
        packets += c.connection(sport=port + 1, close=False)
    with tempfile.NamedTemporaryFile() as file:
        file.write(c.pcap(c.framed(packets)))
        file.flush()
        with subprocess.Popen([PROGRAM, "replay", file.name],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=environment(), restore_signals=restore,
                              ) as process:
            process.stdout.readline()
            process.stdout.close()
            err = process.stderr.read()
            process.wait()
    assert process.returncode != SANITIZER_STATUS, err
    equal(err, b"")
    return process.returncode


@case
def reader_that_goes_away():
    equal(read_one_line(True), -signal.SIGPIPE)
    # subprocess leaves SIGPIPE ignored, as some shells' parents do
    equal(read_one_line(False), 2)


sys.exit(main())
