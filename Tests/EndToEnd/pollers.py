# SPDX-License-Identifier: Apache-2.0
"""Thousands of readers who follow a story by shared long polls, in one thread."""

import json
import selectors
import socket
import threading
import time
from urllib.parse import urlsplit

# Of each loopback address; nginx as deployed lets a client network have 200 requests open.
READERS_PER_ADDRESS = 100
CONNECTS_PER_ROUND = 50


class Reader:
    """A connection, and where its reader has come to."""

    def __init__(self, connection, cursor):
        self.connection = connection
        self.cursor, self.tick = cursor, 0
        self.received = bytearray()

    def request(self, path, host):
        target = f"{path}?cursor={self.cursor}&wait=20&tick={self.tick}"
        self.received.clear()
        self.connection.send(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())

    def take(self):
        """Reads what has come; returns the status and body of the response if it is complete."""
        chunk = self.connection.recv(65_536)
        if not chunk:
            raise ConnectionError("the connection was closed")
        self.received += chunk
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, body = bytes(self.received[:end]).lower(), self.received[end + 4 :]
        status = int(head[9:12])
        if b"\r\ncontent-length:" in head:
            length = int(head.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
            return (status, bytes(body)) if len(body) == length else None
        return (status, unchunked(body)) if body.endswith(b"0\r\n\r\n") else None


def unchunked(body):
    parts, at = [], 0
    while size := int(body[at : (end := body.index(b"\r\n", at))], 16):
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts)


class Pollers:
    """Follows a story with `count` readers through a proxy, in a thread of its own, until `close`."""

    def __init__(self, url, story, cursor, count):
        self.host = urlsplit(url).netloc
        self.path = f"/stories/{story}/updates"
        self.count = count
        self.readers = []
        self.failures = []
        # By cursor: when each reader had it, by the monotonic clock. And the answers of each tick.
        self.arrivals = {}
        self.ticks = {}
        self.last = (b"", None)
        self.is_over = False
        self.cursor = cursor
        self.selector = selectors.DefaultSelector()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over:
            if len(self.readers) < self.count:
                self.connect()
            for key, _ in self.selector.select(0.005 if len(self.readers) < self.count else 0.1):
                self.serve(key.data)

    def connect(self):
        host, _, port = self.host.partition(":")
        for _ in range(min(CONNECTS_PER_ROUND, self.count - len(self.readers))):
            place = 2 + len(self.readers) // READERS_PER_ADDRESS
            source = f"127.0.{1 + place // 250}.{1 + place % 250}"
            connection = socket.create_connection((host, int(port)), 10, (source, 0))
            reader = Reader(connection, self.cursor)
            self.readers.append(reader)
            self.selector.register(connection, selectors.EVENT_READ, reader)
            reader.request(self.path, self.host)

    def serve(self, reader):
        try:
            answer = reader.take()
        except OSError as error:
            return self.drop(reader, str(error))
        if answer is None:
            return
        status, body = answer
        if status != 200:
            return self.drop(reader, f"{status} {body[:200]!r}")
        delta = self.parsed(body)
        if delta["after"] != reader.cursor or delta["tick"] <= reader.tick:
            return self.drop(reader, f"after {reader.cursor} and {reader.tick}: {body[:200]!r}")
        if delta["cursor"] != reader.cursor:
            self.arrivals.setdefault(delta["cursor"], []).append(time.monotonic())
        reader.cursor, reader.tick = delta["cursor"], delta["tick"]
        self.ticks[reader.tick] = self.ticks.get(reader.tick, 0) + 1
        reader.request(self.path, self.host)

    def parsed(self, body):
        """Parses a response; all readers get the same."""
        if body != self.last[0]:
            self.last = (body, json.loads(body))
        return self.last[1]

    def drop(self, reader, why):
        self.failures.append(why)
        self.selector.unregister(reader.connection)
        reader.connection.close()

    def are_at(self, tick=None):
        """Whether all readers wait at one address; with a tick, at a later one."""
        places = {(reader.cursor, reader.tick) for reader in self.readers}
        if len(self.readers) < self.count or len(places) != 1:
            return None
        [(_, found)] = places
        return found if found > (tick or 0) else None

    def close(self):
        self.is_over = True
        self.thread.join(10)
        for reader in self.readers:
            reader.connection.close()
