# SPDX-License-Identifier: GPL-2.0
"""A host with connections in TIME_WAIT, and what tcptrackctl says of it"""

import wire as w
from tap import equal

HERE, THERE = "10.0.1.1", "10.0.2.1"


def host(tw=0, overflows=0, recycled=0, ports="32768\t60999", reserved="",
         reuse=2, timestamps=1, buckets=4096):
    sysctl = "sys/net/ipv4/"
    return {
        "net/sockstat": "sockets: used 9\n"
                        "TCP: inuse 4 orphan 0 tw %d alloc 7 mem 1\n" % tw,
        "net/netstat": "TcpExt: SyncookiesSent TWRecycled TCPTimeWaitOverflow"
                       "\nTcpExt: 5 %d %d\nIpExt: InOctets\nIpExt: 1\n" %
                       (recycled, overflows),
        sysctl + "ip_local_port_range": ports + "\n",
        sysctl + "ip_local_reserved_ports": reserved + "\n",
        sysctl + "tcp_tw_reuse": "%d\n" % reuse,
        sysctl + "tcp_timestamps": "%d\n" % timestamps,
        sysctl + "tcp_fin_timeout": "60\n",
        sysctl + "tcp_max_tw_buckets": "%d\n" % buckets,
    }


def flow(sport, src_state, dst_state, src_sock=None, dst_sock=None,
         src=HERE, dst=THERE, dport=80, **more):
    """A flow; *_sock is what the kernel says of the end's socket: a state, or
    "none"; an end of another host has nothing"""
    def end(addr, port, state, sock):
        attr = {"addr6" if ":" in addr else "addr4": addr, "port": port,
                "state": state, "since": 1000}
        if sock == "none":
            attr["sock-none"] = True
        elif sock:
            attr["sock-state"] = sock
        return attr
    return {"src": end(src, sport, src_state, src_sock),
            "dst": end(dst, dport, dst_state, dst_sock),
            "age": 100000, "idle": 1000, "timeout": 59000, "reason": "fin-ack",
            "class": "time-wait", "flags": [], **more}


def waits(sport, **more):
    """Closed first by this host, which has opened it"""
    return flow(sport, "time-wait", "closed", "time-wait", **more)


def asked(*args, flows=(), fin_wait_2=(), listening=(), **how):
    """What the program says of a host"""
    datagrams = [b"".join(fin_wait_2) + w.done(), w.done(),
                 b"".join(listening) + w.done(), w.done(),
                 *(w.reply("flow", one) for one in flows), w.done()]
    return w.talk(*args, replies=datagrams, proc=host(**how))


def shown(*args, **how):
    done = asked("-j", "timewait", *args, **how)
    equal((done.status, done.err), (0, ""))
    document, = w.documents(done)
    return document


def destination(**how):
    one, = shown(**how)["destinations"]
    return one


def small(port, state=3):
    """A mini-socket"""
    return w.diag_socket(2, (HERE, port), (THERE, 80), timer=state)
