# SPDX-License-Identifier: Apache-2.0
"""The server under test, and a stateless client."""

import http.client
import json
import os
import re
import signal
from urllib.parse import urlsplit

from checks import Failure, Process, check, wait_for
from gauges import figures

ADMIN_KEY = "end-to-end-admin-key-0123456789"


class Wireroom:
    """A server whose port stays the same across restarts.

    `prefix` is a command that runs the server; `settings` are environment variables.

    """

    def __init__(self, folder, database=None, prefix=(), settings=None):
        self.folder = folder
        self.database = database or folder / "wireroom.db"
        self.prefix = prefix
        self.settings = settings or {}
        self.log = folder / "wireroom.log"
        self.port = 0
        self.server = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        # A new log for each start, so that the ready line is not that of an earlier one.
        log = self.log.with_suffix(f".{len(list(self.folder.glob('wireroom.*.log')))}.log")
        environment = {"PATH": os.environ["PATH"], "WIREROOM_ADMIN_KEY": ADMIN_KEY, **self.settings}
        self.server = Process(self.arguments(), log, environment)
        self.port = int(wait_for(self.ready, 10, lambda: f"no ready line:\n{log.read_text()}", 0.01)[1])

    def arguments(self):
        arguments = [*self.prefix, os.environ["WIREROOM_BINARY"], "serve", "--host", "127.0.0.1"]
        return arguments + ["--port", str(self.port), "--database", str(self.database)]

    def ready(self):
        self.server.must_run()
        return re.search(r"is ready at http://127\.0\.0\.1:(\d+) with", self.server.log.read_text())

    def stop(self):
        """Stops it gracefully (SIGTERM), as an upgrade does, and returns the seconds it took. README.md promises at most 10."""
        return self.server.end(signal.SIGTERM, 10)

    def kill(self):
        self.server.end(signal.SIGKILL)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Sends each request on a new connection, from the address `source` if given.

    For https, `tls` is a context that trusts the server's certificate.

    """

    def __init__(self, url, seconds=15, tls=None, source=None):
        self.address = urlsplit(url).netloc
        self.seconds = seconds
        self.tls = tls
        self.source = source and (source, 0)

    def connection(self):
        if self.tls:
            return http.client.HTTPSConnection(
                self.address, timeout=self.seconds, source_address=self.source, context=self.tls
            )
        return http.client.HTTPConnection(self.address, timeout=self.seconds, source_address=self.source)

    def ask(self, method, path, body=None, headers=()):
        connection = self.connection()
        try:
            connection.request(method, path, body, dict(headers))
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **headers):
        """A GET; `if_none_match="…"` sends If-None-Match."""
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def stream_until(self, path, line):
        """Reads a stream until a line begins with `line`; the stream must not end before."""
        connection = self.connection()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            check(response.status == 200, f"GET {path}: {response.status}")
            while found := response.readline():
                if found.startswith(line):
                    return
        finally:
            connection.close()
        raise Failure(f"GET {path} ended without {line!r}")

    def read(self, path):
        answer = self.get(path)
        check(answer.status == 200, f"GET {path}: {answer.status} {answer.body[:300]!r}")
        return answer.json

    def write(self, method, path, value=None, **headers):
        headers = {name.replace("_", "-").title(): value for name, value in headers.items()}
        headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "application/json", **headers}
        body = None if value is None else json.dumps(value).encode()
        return self.ask(method, path, body, headers)

    def must_write(self, method, path, value=None, **headers):
        answer = self.write(method, path, value, **headers)
        check(answer.status // 100 == 2, f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        return answer

    def whole(self, story, only=""):
        """A fresh snapshot with all pages and the links; `only` is a query like `&only=key` or `&tag=…`."""
        page = snapshot = self.read(f"/stories/{story}/updates?limit=200{only}")
        while page["older"]:
            page = self.read(page["older"])
            snapshot["updates"] += page["updates"]
        snapshot["links"] = self.read(f"/stories/{story}/links")
        return snapshot

    def metrics(self):
        return figures(self.get("/metrics").body.decode())

    def answers(self, route, status, method="GET"):
        """The server's counter of responses by route and status."""
        labels = f'method="{method}",route="{route}",status="{status}"'
        return self.metrics().get(f"wireroom_http_responses_total{{{labels}}}", 0)
