# SPDX-License-Identifier: Apache-2.0
"""Attackers: thousands of hostile clients, in processes of low priority.

An attack is a function of a crowd, its signals and further values: it announces that it has started, runs until `signals.over`,
and counts its findings in `crowd.told`.
"""

import collections
import contextlib
import errno
import itertools
import os
import random
import re
import select
import socket
import struct
import time

from checks import check, end_with_parent
from healthy import fork

NICENESS = 19
"""Lowest priority: real attackers would not use this machine's CPUs."""
ONE_ADDRESS = "127.0.9.1"
STATUS = re.compile(rb"HTTP/1\.1 (\d\d\d)")
# Typical receive window of a real network; loopback has 64 KiB per packet, and megabytes in flight.
PACKET_BYTES = 1_448
LITTLE_BUFFER_BYTES = 4_096


class Attackers:
    """An attack in its own process, where `what` is called with a crowd, the signals and the values."""

    def __init__(self, what, port, *values):
        self.pipe, pipe = fork.Pipe()
        self.process = fork.Process(target=attack, args=(pipe, what, port, values), daemon=True)
        self.process.start()
        pipe.close()

    def must_be_ready(self):
        """Waits until the attack has started."""
        check(self.pipe.poll(30), "the attackers do not begin")
        try:
            self.pipe.recv()
        except EOFError:
            check(False, "the attackers have ended")

    def stop(self):
        """Stops the attack, and returns its findings."""
        with contextlib.suppress(OSError):
            self.pipe.send("stop")
        check(self.pipe.poll(30), "the attackers do not come to their end")
        told = self.pipe.recv()
        self.process.join(10)
        return told

    def kill(self):
        self.process.kill()
        self.process.join()


def attack(pipe, what, port, values):
    end_with_parent()
    os.nice(NICENESS)
    crowd = Crowd(port)
    what(crowd, Signals(pipe), *values)
    crowd.close()
    pipe.send(crowd.told)


class Signals:
    def __init__(self, pipe):
        self.pipe = pipe

    def ready(self):
        self.pipe.send("ready")

    @property
    def over(self):
        return self.pipe.poll(0)


# --- connections ---


class Crowd:
    """Many connections in one epoll instance."""

    def __init__(self, port):
        self.port = port
        self.epoll = select.epoll()
        self.members = {}
        """Sockets by descriptor."""
        self.told = collections.Counter()
        """Counts of responses by status, and of other events."""
        self.addresses = itertools.cycle(f"127.0.{1 + number // 250}.{1 + number % 250}" for number in range(1_000))
        self.answers = collections.Counter()
        """Number of responses by descriptor."""

    def connect(self, address=None, little=False):
        """A connection, from an uncommon source address unless one is given; None if it cannot be established at once.

        A `little` one has a minimal receive buffer.

        """
        one = socket.socket()
        one.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        if little:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, LITTLE_BUFFER_BYTES)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, PACKET_BYTES)
        one.setblocking(False)
        try:
            one.bind((address or next(self.addresses), 0))
            one.connect_ex(("127.0.0.1", self.port))
        except OSError:
            one.close()
            self.told["not connected"] += 1
            return None
        self.told["connections"] += 1
        return one

    def add(self, count=1, address=None, little=False, reads=True):
        """Opens connections and registers them; returns them."""
        events = select.EPOLLIN | select.EPOLLRDHUP if reads else select.EPOLLRDHUP
        added = []
        for _ in range(count):
            if one := self.connect(address, little):
                self.members[one.fileno()] = one
                self.epoll.register(one.fileno(), events)
                added.append(one)
        return added

    def drop(self, descriptor):
        if one := self.members.pop(descriptor, None):
            self.answers.pop(descriptor, None)
            one.close()

    def send(self, one, data):
        """Sends bytes; returns how many were accepted."""
        try:
            return one.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            if error.errno == errno.ENOTCONN:
                return 0
            self.told["closed"] += 1
            self.drop(one.fileno())
            return 0

    def handle(self, seconds=0.0):
        """Receives input. Returns the descriptors that had events."""
        found = []
        for descriptor, events in self.epoll.poll(seconds, 4_096):
            if descriptor in self.members and self.receive(descriptor, events):
                found.append(descriptor)
        return found

    def receive(self, descriptor, events):
        try:
            data = self.members[descriptor].recv(1 << 16) if events & select.EPOLLIN else b""
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self.told["closed"] += 1
            self.drop(descriptor)
            return False
        for status in STATUS.findall(data):
            self.told[status.decode()] += 1
            self.answers[descriptor] += 1
        return True

    def close(self):
        for one in self.members.values():
            one.close()
        self.members = {}


IP_BIND_ADDRESS_NO_PORT = 24
"""Defers the choice of a source port until connect, so that ports do not run out (ip(7))."""


def head(method, path, length=None, key=None, filling=0, **fields):
    lines = [f"{method} {path} HTTP/1.1", "Host: wireroom.example"]
    if length is not None:
        lines += [f"Content-Length: {length}", "Content-Type: application/json"]
    if key:
        lines.append(f"Authorization: Bearer {key}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    if filling:
        lines += [f"X-Filling-{number}: {'x' * 980}" for number in range(filling // 1_000)]
    return "\r\n".join([*lines, "", ""]).encode()


# --- slowloris ---


def drip(crowd, signals, count, first, more, little=False, reads=True):
    """Slowloris: sends the beginning of a request, then a little every second, and reconnects when closed."""

    def come():
        for one in crowd.add(min(count - len(crowd.members), 500), little=little, reads=reads):
            crowd.send(one, first)

    for _ in range(0, count, 500):
        come()
        crowd.handle()
    signals.ready()
    while not signals.over:
        started = time.monotonic()
        members = list(crowd.members.values())
        for batch in range(0, len(members), 50):
            for one in members[batch:batch + 50]:
                if one.fileno() >= 0:
                    crowd.send(one, more)
            crowd.handle(0.01)
        come()
        while (left := started + 1 - time.monotonic()) > 0 and not signals.over:
            crowd.handle(min(left, 0.1))


def slow_heads(crowd, signals, count):
    drip(crowd, signals, count, b"GET /stories HTTP/1.1\r\nHost: wireroom.example\r\nX-Slow: ", b"x")


def slow_bodies(crowd, signals, count, key=None):
    drip(crowd, signals, count, head("POST", "/stories/harbour-storm/updates", 1 << 20, key), b"x" * 256)


def never_reading(crowd, signals, count, paths):
    """Slow read: requests large, distinct pages and reads nothing."""
    for path in itertools.islice(itertools.cycle(paths), count):
        for one in crowd.add(little=True, reads=False):
            crowd.send(one, head("GET", path) * 8)
    signals.ready()
    while not signals.over:
        crowd.handle(0.1)


# --- persistent connections ---


def idle(crowd, signals, count, paths):
    """Sends one request, receives its response or refusal, and stays connected."""
    for path in itertools.islice(itertools.cycle(paths), count):
        for one in crowd.add():
            crowd.send(one, head("GET", path, filling=1_000))
        if crowd.told["connections"] % 100 == 0:
            crowd.handle()
    deadline = time.monotonic() + 3
    while sum(crowd.answers.values()) < len(crowd.members) and time.monotonic() < deadline:
        crowd.handle(0.1)
    signals.ready()
    while not signals.over:
        crowd.handle(0.1)
    crowd.told["left open"] = len(crowd.members)


def nearly_whole(crowd, signals, count, data):
    """Sends all but the last bytes of a request."""
    pending = {one: 0 for one in crowd.add(count)}
    view = memoryview(data)
    deadline = time.monotonic() + 5
    while pending and time.monotonic() < deadline and not signals.over:
        for one in list(pending):
            if one.fileno() < 0:
                del pending[one]
                continue
            pending[one] += crowd.send(one, view[pending[one]:pending[one] + (1 << 18)])
            if pending[one] == len(data):
                del pending[one]
        crowd.handle(0.01)
    crowd.told["sent nearly all"] = count - len(pending)
    signals.ready()
    while not signals.over:
        crowd.handle(0.1)


def waiting(crowd, signals, count, path, little=False):
    """Streams or long polls; little ones are never read."""
    for _ in range(count):
        for one in crowd.add(little=little, reads=not little):
            crowd.send(one, head("GET", path))
        crowd.handle()
    signals.ready()
    while not signals.over:
        crowd.handle(0.05)


# --- storms ---


def storm(crowd, signals, reset, first=b""):
    """Connects and disconnects as quickly as possible, with FIN or RST."""
    signals.ready()
    while not signals.over:
        for _ in range(50):
            if one := crowd.connect():
                if first:
                    with contextlib.suppress(OSError):
                        one.send(first)
                if reset:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.close()


def hellos(crowd, signals, count):
    """Sends half of a TLS ClientHello; reconnects when closed."""
    hello = bytes.fromhex("16030102000100 01fc0303") + random.Random(1).randbytes(180)
    drip(crowd, signals, count, hello[:100], hello[100:101])


def garbage(crowd, signals):
    """Port scan: sends bytes that are not HTTP, or malformed HTTP."""
    chance = random.Random(2)
    probes = [
        b"\0\0\0\x85\xffSMBr", b"SSH-2.0-scan\r\n", b"OPTIONS sip:nm SIP/2.0\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
        b"\x80\x9e\x01\x03\x01", b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", b"\r\n" * 200, b"PRI * HTTP/2.0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", chance.randbytes(4_000), b"",
    ]
    probes = itertools.cycle(probes)
    signals.ready()
    while not signals.over:
        for one in crowd.add(max(0, min(200, 1_000 - len(crowd.members)))):
            crowd.send(one, next(probes))
        crowd.handle(0.005)


# --- floods ---


def flood(crowd, signals, connections, requests, ahead=32, address=ONE_ADDRESS):
    """Pipelined requests from one address, in a closed loop."""
    requests = itertools.cycle(requests)
    pending = {}

    def ask(one):
        data = b"".join(itertools.islice(requests, ahead))
        pending[one.fileno()] = data[crowd.send(one, data):]

    signals.ready()
    while not signals.over:
        for one in crowd.add(connections - len(crowd.members), address):
            ask(one)
        for one in list(crowd.members.values()):
            if rest := pending.get(one.fileno()):
                pending[one.fileno()] = rest[crowd.send(one, rest):]
        for descriptor in crowd.handle(0.01):
            if crowd.answers[descriptor] >= ahead and not pending.get(descriptor):
                crowd.answers[descriptor] = 0
                ask(crowd.members[descriptor])


def flood_unread(crowd, signals, connections, request):
    """Thousands of pipelined requests per connection whose responses are not read; opens another connection when one blocks."""
    signals.ready()
    blob = request * (1 + (1 << 16) // len(request))
    taken_at = {}
    while not signals.over:
        crowd.add(connections - len(crowd.members), ONE_ADDRESS, reads=False)
        now = time.monotonic()
        for one in list(crowd.members.values()):
            count = crowd.send(one, blob)
            crowd.told["bytes sent"] += count
            if count or one not in taken_at:
                taken_at[one] = now
            elif now - taken_at[one] > 0.1:
                taken_at.pop(one)
                crowd.drop(one.fileno())
        crowd.handle(0.01)
