# SPDX-License-Identifier: Apache-2.0
"""Readers who follow a story and come back when they are cut off: thousands of them, in one thread with epoll."""

import collections
import heapq
import random
import re
import select
import socket
import time

IP_BIND_ADDRESS_NO_PORT = 24
"""Linux: the port is chosen when connecting, so that it can be used with other servers as well."""
READERS_PER_ADDRESS = 50
"""A proxy may limit the streams of an address: these come from as many as they need, of 127.1.0.0/16."""
STARTS_PER_ROUND = 100
LEAST_BACKOFF, MOST_BACKOFF = 1, 60
"""Seconds, as in Sources/Web/Files/client/backoff.js."""
LAST_CHUNK = b"\r\n0\r\n\r\n"


class Reader:
    """A reader: as client.js, which polls before each stream and backs off with jitter, or as an EventSource, which waits for as long
    as the server has said (`retry:`) and resumes by Last-Event-ID."""

    __slots__ = ("address", "is_client", "socket", "state", "data", "cursor", "retry", "failures", "marks", "due")

    def __init__(self, number, cursor):
        self.address = f"127.1.{number // READERS_PER_ADDRESS // 250}.{number // READERS_PER_ADDRESS % 250 + 1}"
        self.is_client = number % 2 == 0
        self.socket, self.state, self.data = None, "away", b""
        self.cursor, self.retry, self.failures = cursor, LEAST_BACKOFF, 0
        self.marks = set()
        self.due = 0

    def pause(self, wish=0):
        """Seconds until it comes back."""
        if not self.is_client and not self.failures:
            return self.retry
        most = min(MOST_BACKOFF, LEAST_BACKOFF * 2 ** max(self.failures, 1))
        pause = LEAST_BACKOFF + random.random() * (most - LEAST_BACKOFF)
        return max(pause, wish and wish + pause / 10)


class Herd:
    """Readers of the story at `path` on a port of this machine."""

    def __init__(self, port, path, cursor, count):
        self.port, self.path = port, path
        self.readers = [Reader(number, cursor) for number in range(count)]
        self.epoll = select.epoll()
        self.of_descriptor = {}
        self.waiting = []
        self.streaming = 0
        self.mark = None
        self.marked = 0
        self.is_patient = True
        """Whether readers who are cut off wait before they come back."""
        self.forget()
        for number in range(count):
            self.wait(number, 0)

    def forget(self):
        """Begins new counts."""
        self.requests, self.broken = 0, 0
        self.statuses = collections.Counter()
        self.refusals = collections.Counter()
        self.wishes = collections.Counter()

    @property
    def are_all_streaming(self):
        return self.streaming == len(self.readers)

    def run(self, is_done, seconds):
        """Lets the readers do what they do until `is_done()`; returns whether that came to be in time."""
        deadline = time.monotonic() + seconds
        while not is_done():
            now = time.monotonic()
            if now > deadline:
                return False
            self.start_due(now)
            pause = min(deadline, self.waiting[0][0] if self.waiting else deadline) - now
            for descriptor, events in self.epoll.poll(max(0, min(pause, 0.1)), 1_000):
                self.handle(self.of_descriptor[descriptor], events)
        return True

    def expect(self, mark):
        """From now on, readers who receive the mark are counted in `marked`."""
        self.mark, self.marked = mark, 0

    # --- coming and going ---

    def wait(self, number, seconds):
        reader = self.readers[number]
        reader.due = time.monotonic() + seconds
        heapq.heappush(self.waiting, (reader.due, number))

    def start_due(self, now):
        for _ in range(STARTS_PER_ROUND):
            if not self.waiting or self.waiting[0][0] > now:
                return
            _, number = heapq.heappop(self.waiting)
            self.connect(number)

    def connect(self, number):
        reader = self.readers[number]
        reader.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        reader.socket.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        reader.socket.bind((reader.address, 0))
        reader.socket.connect_ex(("127.0.0.1", self.port))
        reader.state, reader.data = "connecting", b""
        self.of_descriptor[reader.socket.fileno()] = number
        self.epoll.register(reader.socket.fileno(), select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)

    def leave(self, number, wish=0, failed=True):
        """The reader was cut off, or refused: it comes back after its pause."""
        reader = self.readers[number]
        if reader.state == "streaming":
            self.streaming -= 1
        del self.of_descriptor[reader.socket.fileno()]
        reader.socket.close()
        reader.state = "away"
        reader.failures += failed
        self.wait(number, reader.pause(wish) if self.is_patient or failed else 0)

    def handle(self, number, events):
        reader = self.readers[number]
        if reader.state == "connecting":
            if reader.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self.broken += 1
                return self.leave(number)
            self.ask(reader, "updates" if reader.is_client else "stream")
        if events & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
            self.receive(number, reader)

    def receive(self, number, reader):
        try:
            while data := reader.socket.recv(1 << 16):
                reader.data += data
                self.take(number, reader)
                if reader.state == "away":
                    return
        except BlockingIOError:
            return
        except OSError:
            pass
        was_open = reader.state == "streaming"
        self.broken += not was_open
        self.leave(number, failed=not was_open)

    # --- requests and responses ---

    def ask(self, reader, what):
        cursor = f"?cursor={reader.cursor}" if reader.is_client else ""
        last = "" if reader.is_client else f"Last-Event-ID: {reader.cursor}\r\n"
        head = f"GET {self.path}/{what}{cursor} HTTP/1.1\r\nHost: 127.0.0.1\r\n{last}\r\n"
        reader.socket.send(head.encode())
        reader.state, reader.data = what, b""
        self.requests += 1

    def take(self, number, reader):
        if reader.state == "streaming":
            return self.take_events(number, reader)
        head, found, body = reader.data.partition(b"\r\n\r\n")
        if not found:
            return None
        status = int(head[9:12])
        if status != 200:
            return self.refused(number, status, head)
        if reader.state == "updates":
            length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)[1])
            if len(body) < length:
                return None
            self.statuses[status] += 1
            self.look_for_mark(reader, body)
            reader.cursor = re.search(rb'"cursor":"([^"]+)"', body)[1].decode()
            return self.ask(reader, "stream")
        self.statuses[status] += 1
        self.streaming += 1
        reader.state, reader.data, reader.failures = "streaming", body, 0
        return self.take_events(number, reader)

    def refused(self, number, status, head):
        self.statuses[status] += 1
        self.refusals[number] += 1
        wish = re.search(rb"(?i)\r\nretry-after: *(\d+)", head)
        if wish:
            self.wishes[int(wish[1])] += 1
        self.leave(number, int(wish[1]) if wish and status in (429, 503) else 0)

    def take_events(self, number, reader):
        if retry := re.search(rb"retry: (\d+)\n", reader.data):
            reader.retry = int(retry[1]) / 1000
        for cursor in re.findall(rb"\nid: ([0-9a-f-]+)\n", reader.data):
            reader.cursor = cursor.decode()
        self.look_for_mark(reader, reader.data)
        if reader.data.endswith(LAST_CHUNK):
            return self.leave(number, failed=False)
        # What may be the beginning of a mark, an id or the end.
        reader.data = reader.data[-100:]
        return None

    def look_for_mark(self, reader, data):
        if self.mark and self.mark not in reader.marks and self.mark in data:
            reader.marks = {self.mark}
            self.marked += 1

    def close(self):
        for number in self.of_descriptor.values():
            self.readers[number].socket.close()
        self.epoll.close()
