#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Netlink by the kernel's own library, for scripts.

Usage: tct_ynl.py YNL SPEC

YNL is tools/net/ynl, SPEC the family's. It says "ready", and then answers
requests, each a line with a word before it that its answer will have, too:

    [nobody@]NETNS call|dump OPERATION [JSON]

NETNS is a name in /run/netns, or "-": where we began. Addresses are given as
they are written, netns-fd by a name in /run/netns. The answer is a line, behind the
word:

    ok KEY=VALUE...     of a nest as nest.key; of a list its length, and of
                        its last nest list.last.key; sets of words with
                        commas; of a dump n=NUMBER first, netns=INODES,
                        twice=N, which is how many flows were there again, and
                        then its first
    err ERRNO TEXT...   the kernel's, and where it has one attr=ATTRIBUTE

    NETNS subscribe GROUP   join
    NETNS heard N       once N notifications have come: the last one's name and
                        attributes; and leave the group
    NETNS stall JSON    begin a dump of flows, and never read it
    leave               close all sockets but those of the dumps not read
    quit
"""
import copy
import ctypes
import errno
import ipaddress
import json
import os
import select
import sys

import yaml

sys.path.insert(0, sys.argv[1])
from lib import Netlink, NlError, YnlFamily  # noqa: E402

CLONE_NEWNET = 0x40000000
NOBODY = 65534
WAIT = int(os.environ.get('TCT_WAIT', 20))
STALLED = []
SUBSCRIBED = {}
HOME = os.open('/proc/self/ns/net', os.O_RDONLY)

# Read once: the library reads it for each socket, and takes a second for that
with open(sys.argv[2], encoding='utf-8') as stream:
    SPEC = yaml.safe_load(stream)
yaml.safe_load = lambda stream: copy.deepcopy(SPEC)

LIBC = ctypes.CDLL(None, use_errno=True)


class Family:
    """The family, by a socket in a namespace."""

    opened = {}

    def __init__(self, name):
        fd = HOME if name == '-' else os.open(f'/run/netns/{name}', os.O_RDONLY)
        if LIBC.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), name)
        self.ynl = YnlFamily(sys.argv[2], '')
        LIBC.setns(HOME, CLONE_NEWNET)
        if fd != HOME:
            os.close(fd)

    @classmethod
    def get(cls, name):
        """One a namespace."""
        if name not in cls.opened:
            cls.opened[name] = cls(name)
        return cls.opened[name].ynl

    @classmethod
    def leave(cls):
        for family in cls.opened.values():
            family.ynl.sock.close()
        cls.opened.clear()


def encode(attrs, fds):
    """What is written for people, as the library wants it."""
    out = {}
    for key, val in attrs.items():
        if isinstance(val, dict):
            val = encode(val, fds)
        elif key == 'addr4':
            val = int(ipaddress.IPv4Address(val))
        elif key == 'addr6':
            val = ipaddress.IPv6Address(val).packed.hex()
        elif key == 'netns-fd' and isinstance(val, str):
            val = os.open(f'/run/netns/{val}', os.O_RDONLY)
            fds.append(val)
        out[key] = val
    return out


def words(msg, prefix=''):
    for key, val in msg.items():
        if isinstance(val, dict):
            yield from words(val, f'{prefix}{key}.')
        elif isinstance(val, list):
            yield f'{prefix}{key}={len(val)}'
            if val and isinstance(val[-1], dict):
                yield from words(val[-1], f'{prefix}{key}.last.')
        elif isinstance(val, set):
            yield f'{prefix}{key}={",".join(sorted(val)) or "-"}'
        else:
            yield f'{prefix}{key}={val}'


def tuple_of(flow):
    return tuple(end.get(key) for end in (flow['src'], flow['dst'])
                 for key in ('addr4', 'addr6', 'port')) + (flow.get('netns'),)


def dumped(msgs):
    flows = [tuple_of(msg) for msg in msgs if 'src' in msg]
    yield f'n={len(msgs)}'
    if flows:
        yield f'twice={len(flows) - len(set(flows))}'
    yield 'netns=' + ','.join(sorted({str(msg['netns']) for msg in msgs
                                      if 'netns' in msg}))
    if msgs:
        yield from words(msgs[0])


def refused(err):
    extack = err.nl_msg.extack or {}
    text = [errno.errorcode[-err.nl_msg.error], extack.get('msg', '-')]
    for key in ('bad-attr', 'miss-type'):
        if key in extack:
            text.append(f'attr={str(extack[key]).lstrip(".")}')
    return 'err ' + ' '.join(text)


def stall(where, attrs):
    """Of a dump, only the first piece is made. Its socket stays open."""
    ynl = Family(where).ynl
    STALLED.append(ynl)
    ynl.sock.send(ynl._encode_message(ynl.ops['flow-get'], attrs,
                                      [Netlink.NLM_F_DUMP], 4711))
    return 'ok'


def subscribe(where, group):
    SUBSCRIBED[where] = Family(where).ynl
    SUBSCRIBED[where].ntf_subscribe(group)
    return 'ok'


def heard(where, number):
    ynl = SUBSCRIBED.pop(where)
    while len(ynl.async_msg_queue) < int(number):
        if not select.select([ynl.sock], [], [], WAIT)[0]:
            return f'err ETIMEDOUT {len(ynl.async_msg_queue)} came'
        ynl.check_ntf()
    ynl.sock.close()
    last = ynl.async_msg_queue[-1]
    return ' '.join(['ok', f'name={last["name"]}', *words(last['msg'])])


def run(where, what, args):
    fds = []
    who, _, where = where.rpartition('@')
    op, _, attrs = args.partition(' ')
    try:
        if what == 'subscribe':
            return subscribe(where, args)
        if what == 'heard':
            return heard(where, args)
        if what == 'stall':
            return stall(where, encode(json.loads(args), fds))
        ynl = Family.get(where)
        attrs = encode(json.loads(attrs or '{}'), fds)
        if who:
            os.seteuid(NOBODY)
        if what == 'call':
            answer = words(ynl.do(op, attrs) or {})
        else:
            answer = dumped(ynl.dump(op, attrs))
        return ' '.join(['ok', *answer])
    except NlError as err:
        return refused(err)
    finally:
        os.seteuid(0)
        for fd in fds:
            os.close(fd)


def main():
    print('ready', flush=True)
    for line in sys.stdin:
        word, _, request = line.strip().partition(' ')
        if request == 'quit':
            return
        if request == 'leave':
            Family.leave()
            print(word, 'ok', flush=True)
        else:
            print(word, run(*request.split(' ', 2)), flush=True)


main()
