# SPDX-License-Identifier: Apache-2.0
"""Runs the load generator in load/, and reads its results."""

import dataclasses
import itertools
import json
import select
import subprocess
import time

from servers import check, end_with_parent

NEW_OR_UNCHANGED = 0
"""As an expected status: 200 or 304."""
ANY_LENGTH = -1
A_DIFFERENT_NUMBER = "{a different number}"
"""In a request: each time it is sent, a number of the same length that no other request has."""
WARM_UP_SECONDS = 0.5


@dataclasses.dataclass(frozen=True)
class Request:
    bytes: bytes
    status: int = 200
    body_length: int = ANY_LENGTH


def request_bytes(path, headers=None, method="GET", body=b""):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: bench"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclasses.dataclass(frozen=True)
class Flow:
    """A request list sent over some connections; `pace` is requests per second, 0 for closed-loop (as fast as responses
    arrive), or "once" for each request once."""

    requests: list[Request]
    connections: int = 64
    pace: float | str = 0


@dataclasses.dataclass(frozen=True)
class Round:
    microseconds: float
    """Processor time of the server for a request."""
    per_second: float
    p50: float
    p99: float
    """Milliseconds to the answer: from when the request was meant to go out, if the flow has a pace."""
    unchanged: int
    requests: int
    besides: int = 0
    """Requests of the other flows."""


class Generator:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.numbers = itertools.count(1)

    def file_of(self, requests):
        """Writes the requests to a file for the generator."""
        file = self.folder / f"requests-{next(self.numbers)}"
        with open(file, "wb") as output:
            for request in requests:
                output.write(b"%d %d %d\n" % (request.status, request.body_length, len(request.bytes)))
                output.write(request.bytes)
        return file

    def prepare(self, **flows):
        """Arguments for `run`, prepared once for all rounds."""
        return [f"{name}:{self.file_of(f.requests)}:{f.connections}:{f.pace}" for name, f in flows.items()]

    def run(self, server, prepared, seconds):
        """The results of each flow, a dictionary by name."""
        arguments = [self.program, "flows", str(server.port), str(seconds), *prepared]
        try:
            done = subprocess.run(arguments, capture_output=True, text=True, timeout=seconds + 120)
        except subprocess.TimeoutExpired:
            check(False, f"{server.name}: the load did not end")
        check(done.returncode == 0, f"{server.name}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def measure(self, server, prepared, seconds):
        """One round of prepared flows. The figures are those of the first flow, except for CPU time, which is per request of
        all."""
        before = server.processor_seconds()
        done = self.run(server, prepared, seconds)
        spent = server.processor_seconds() - before
        first, *_ = done.values()
        all_requests = sum(flow["requests"] for flow in done.values())
        check(first["requests"] > 0, f"{server.name}: no request was answered")
        return Round(
            spent / all_requests * 1e6, first["requests"] / first["seconds"], first["p50"], first["p99"],
            first["unchanged"], first["requests"], all_requests - first["requests"],
        )

    def alternate(self, subjects, rounds, seconds):
        """Interleaved rounds, so that a slow moment of the machine affects all subjects; `subjects` are (server, flow).
        Returns the rounds of each."""
        prepared = [(server, self.prepare(polls=flow)) for server, flow in subjects]
        for server, arguments in prepared:
            self.run(server, arguments, WARM_UP_SECONDS)
        results = [[] for _ in prepared]
        for _ in range(rounds):
            for (server, arguments), done in zip(prepared, results):
                done.append(self.measure(server, arguments, seconds))
        return results

    def once(self, server, requests, connections=64):
        """Sends each request once."""
        self.run(server, self.prepare(polls=Flow(requests, connections, "once")), 0)


class Held:
    """Connections whose requests the server holds until a change is published: `kind` is streams or parked (long polls)."""

    def __init__(self, generator, kind, server, readers):
        self.server = server
        self.process = subprocess.Popen(
            [generator.program, kind, str(server.port), str(readers)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=end_with_parent,
        )
        self.answer(seconds=60)

    def ask(self, request):
        """Sends the request on every connection, which is made if it is not there yet; streams are open afterwards."""
        self.command(b"ask %d\n" % len(request) + request, seconds=150)

    def publish(self, mark, request):
        """Sends the request and waits until every reader has received the mark; returns the delivery times and the server's
        CPU time."""
        before = self.server.processor_seconds()
        delivery = self.command(b"publish %s %d\n" % (mark.encode(), len(request)) + request, seconds=20)
        delivery["processor"] = self.server.processor_seconds() - before
        return delivery

    def command(self, line, seconds):
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # The response says why.
        return self.answer(seconds)

    def answer(self, seconds):
        readable, _, _ = select.select([self.process.stdout], [], [], seconds)
        check(readable, f"{self.server.name}: the readers did not answer within {seconds} s")
        line = self.process.stdout.readline()
        if not line:
            check(False, f"{self.server.name}: {self.process.stderr.read().decode(errors='replace').strip()}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        time.sleep(0.2)  # Time for the server to notice the disconnects.
