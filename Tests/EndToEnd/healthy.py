# SPDX-License-Identifier: Apache-2.0
"""A healthy client: readers who poll on keep-alive connections, some on new ones, and an editor; each response is timed.

Runs in its own process, next to two baselines: an echo at the pace of the polls between two idle processes, and a small disk
write at the pace of the posts. Their latency is the machine's own, independent of the server.
"""

import http.client
import itertools
import multiprocessing
import os
import socket
import tempfile
import threading
import time

from checks import Failure, check, end_with_parent
from traffic import FEED, Line
from procstats import ProcessStats
from wireroom import ADMIN_KEY, Client

CONNECTIONS = 8
"""Enough that each worker has more than one, however the kernel distributes them."""
PAUSES = {"polls": 0.01, "pages": 0.05, "newcomers": 0.1, "posts": 0.1, "echo": 0.01, "disk": 0.1}
"""Seconds from one request to the next of its kind."""
BASELINES = {"echo", "disk"}
MOST_FAILURES = 20
"""A task stops after this many failures."""

fork = multiprocessing.get_context("fork")


class Times:
    """Response times of one kind, in milliseconds."""

    def __init__(self, values):
        self.values = sorted(values)

    def part(self, part):
        """The quantile: the time within which this part of the responses arrived."""
        return self.values[min(int(part * len(self.values)), len(self.values) - 1)] if self.values else 0

    def __str__(self):
        return f"{self.part(0.5):.1f}/{self.part(0.99):.1f}/{self.part(1):.0f}"


# --- in the client's process ---


class Task(threading.Thread):
    """Requests at a steady pace (open loop). If a response is late, the next is timed from its scheduled start (no coordinated
    omission)."""

    def __init__(self, kind, step):
        super().__init__(daemon=True)
        self.kind = kind
        self.step = step
        self.values, self.failures = [], []
        self.is_over = False

    def run(self):
        due = time.monotonic()
        while not self.is_over and len(self.failures) < MOST_FAILURES:
            due += PAUSES[self.kind]
            early = due - time.monotonic()
            time.sleep(max(early, 0))
            started = time.monotonic() if early > 0 else due
            try:
                self.step()
                self.values.append((time.monotonic() - started) * 1000)
            except (Failure, OSError, http.client.HTTPException) as failure:
                self.failures.append(f"{self.kind}: {type(failure).__name__} {failure}")
                due = time.monotonic() + 0.1


class Lines:
    """A pool of connections used round-robin."""

    def __init__(self, client, count):
        self.client = client
        self.turns = itertools.cycle(range(count))
        self.lines = [Line(client) for _ in range(count)]

    def ask(self, status, method, path, value=None, **headers):
        number = next(self.turns)
        if self.lines[number] is None:
            self.lines[number] = Line(self.client)
        try:
            answer = self.lines[number].ask(method, path, value, **headers)
        except Failure:
            self.lines[number].connection.close()
            self.lines[number] = None
            raise
        check(answer.status in status, f"{method} {path}: {answer.status} {answer.body[:200]!r}")
        return answer


class Poller:
    """Polls a feed, with If-None-Match if `keeps_tag`."""

    def __init__(self, client, keeps_tag):
        self.lines = Lines(client, CONNECTIONS)
        self.keeps_tag = keeps_tag
        self.tag = None

    def __call__(self):
        headers = {"if_none_match": self.tag} if self.tag else {}
        answer = self.lines.ask({200, 304}, "GET", f"{FEED}?limit=50", **headers)
        if self.keeps_tag:
            self.tag = answer.headers["ETag"]


class Newcomer:
    """Polls on a new connection each time."""

    def __init__(self, client):
        self.client = client

    def __call__(self):
        answer = self.client.get(FEED)
        check(answer.status == 200, f"GET {FEED}: {answer.status} {answer.body[:200]!r}")


class Editor:
    def __init__(self, client):
        self.lines = Lines(client, 2)
        self.numbers = itertools.count()

    def __call__(self):
        value = {"body": f"The wind is **rising**, says report {next(self.numbers)}."}
        self.lines.ask({201}, "POST", FEED, value, authorization=f"Bearer {ADMIN_KEY}")


class Echo:
    def __init__(self, end):
        self.end = end

    def __call__(self):
        self.end.send(b"?")
        check(self.end.recv(1) == b"!", "the echo has ended")


class Disk:
    """Appends to a file like a write-ahead log."""

    def __init__(self, folder):
        self.file = tempfile.TemporaryFile(dir=folder)

    def __call__(self):
        self.file.write(bytes(4_096))
        self.file.flush()
        os.fdatasync(self.file.fileno())


def answer_echo(end):
    end_with_parent()
    while end.recv(1):
        end.send(b"!")


def serve(pipe, url, echo, with_newcomers, folder):
    """The process: signals the parent on the pipe when ready; resets its records on "begin", and sends them on "end"."""
    end_with_parent()
    client = Client(url)
    steps = {
        "polls": Poller(client, True), "pages": Poller(client, False), "posts": Editor(client), "echo": Echo(echo),
        "disk": Disk(folder)}
    if with_newcomers:
        steps["newcomers"] = Newcomer(client)
    tasks = [Task(kind, step) for kind, step in steps.items()]
    for task in tasks:
        task.start()
    pipe.send("ready")
    posted = 0
    while pipe.recv() == "begin":
        for task in tasks:
            posted += len(task.values) if task.kind == "posts" else 0
            task.values, task.failures = [], []
        pipe.send("began")
    for task in tasks:
        task.is_over = True
    for task in tasks:
        task.join(20)
    posted += sum(len(task.values) for task in tasks if task.kind == "posts")
    pipe.send(({task.kind: task.values for task in tasks}, [each for task in tasks for each in task.failures], posted))


# --- in the parent process ---


class Healthy:
    def __init__(self, url, with_newcomers, folder):
        """The folder is on the disk of the server's database."""
        ours, theirs = socket.socketpair()
        self.echo = fork.Process(target=answer_echo, args=(theirs,), daemon=True)
        self.echo.start()
        self.pipe, pipe = fork.Pipe()
        self.process = fork.Process(target=serve, args=(pipe, url, ours, with_newcomers, folder), daemon=True)
        self.process.start()
        for end in (ours, theirs, pipe):
            end.close()
        self.told()

    def begin(self):
        """Discards what was recorded up to now."""
        self.pipe.send("begin")
        self.told()

    def end(self):
        """The times by kind of request, the failures, and the number of acknowledged posts since the start."""
        self.pipe.send("end")
        times, failures, posted = self.told()
        self.process.join(5)
        return {kind: Times(values) for kind, values in times.items()}, failures, posted

    def processor_seconds(self):
        return sum(ProcessStats(each.pid).processor_seconds() for each in (self.process, self.echo))

    def told(self):
        check(self.pipe.poll(60), "the healthy client does not answer")
        return self.pipe.recv()

    def kill(self):
        for process in (self.process, self.echo):
            process.kill()
            process.join()
