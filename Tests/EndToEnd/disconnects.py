# SPDX-License-Identifier: Apache-2.0
"""More attackers: clients that disconnect midway, reconnect for each request, or exhaust limits.

Like attacks in attackers.py, each is called with its crowd and its signals.
"""

import contextlib
import itertools
import socket
import struct
import time

from attackers import ONE_ADDRESS, head

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER option that closes with RST instead of FIN."""
LEAST_LEAVERS = 300
MOST_OPENED = 20_000
"""Total connections of one address, so that its ports do not run out."""


def half_sent(crowd, signals, count, pause, data, resets=False):
    """Keeps at least `count` connections that send the beginning of a request and disconnect; each reconnects after a
    pause in seconds."""
    signals.ready()
    while not signals.over or crowd.told["left"] < count:
        one = crowd.connect()
        if one is None:
            continue
        one.settimeout(0.5)
        try:
            one.sendall(data)
        except OSError:
            crowd.told["cut short"] += 1
        leave(one, resets)
        crowd.told["left"] += 1
        time.sleep(pause)


def leave(one, resets):
    with contextlib.suppress(OSError):
        if resets:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        else:
            one.shutdown(socket.SHUT_WR)
    one.close()


def leave_midway(crowd, signals, connections, paths, resets=False):
    """Readers of large pages who disconnect after the first bytes."""
    paths = itertools.cycle(paths)
    signals.ready()
    while not signals.over or crowd.told["left midway"] < LEAST_LEAVERS:
        for one in crowd.add(connections - len(crowd.members), little=True):
            crowd.send(one, head("GET", next(paths)))
        for descriptor in crowd.handle(0.01):
            leave(crowd.members[descriptor], resets)
            crowd.drop(descriptor)
            crowd.told["left midway"] += 1


def one_each(crowd, signals, connections, requests):
    """One connection per request, from varying addresses, closed at the first bytes of the response."""
    requests = itertools.cycle(requests)
    signals.ready()
    while not signals.over:
        for one in crowd.add(connections - len(crowd.members)):
            crowd.send(one, next(requests))
        for descriptor in crowd.handle(0.01):
            crowd.drop(descriptor)


def one_network(crowd, signals, count, path):
    """Opens streams and as many silent connections from one address; reconnects when closed."""
    is_ready = False
    while not signals.over:
        room = min(500, count - len(crowd.members), MOST_OPENED - crowd.told["connections"])
        for number, one in enumerate(crowd.add(room, ONE_ADDRESS)):
            if number % 2:
                crowd.send(one, head("GET", path))
        crowd.handle(0.05)
        if not is_ready and crowd.told["connections"] >= count:
            signals.ready()
            is_ready = True


def follow_reactions(crowd, signals, count, path):
    """Readers of a stream. For each, its reaction events and their bytes are counted, except for the first, which may be a
    full state."""
    for one in crowd.add(count):
        crowd.send(one, head("GET", path))
    pending, followers = dict.fromkeys(crowd.members, b""), set()
    signals.ready()
    while not signals.over:
        for descriptor, _ in crowd.epoll.poll(0.1):
            data = read(crowd.members[descriptor])
            if not data:
                crowd.told["closed"] += 1
                crowd.epoll.unregister(descriptor)
            *events, pending[descriptor] = (pending[descriptor] + data).split(b"\n\n")
            for event in events:
                if b"event: reactions" not in event:
                    continue
                if descriptor in followers:
                    crowd.told["events"] += 1
                    crowd.told["event bytes"] += len(event)
                followers.add(descriptor)


def read(one):
    try:
        return one.recv(1 << 18)
    except OSError:
        return b""
