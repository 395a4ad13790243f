# SPDX-License-Identifier: Apache-2.0
"""Readers of all kinds for a soak test: followers of a stream, cold reads, visitors of all pages; and short-lived stories."""

import gzip
import http.client
import itertools
import json
import random

from checks import check
from traffic import Follower, Worker
from wireroom import ADMIN_KEY


class StreamFollower(Follower):
    """Follows a stream. Now and then it disconnects, and resumes with Last-Event-ID."""

    def __init__(self, client, ledger, story, only=""):
        super().__init__(client, ledger, 0, story, only)
        self.client = client
        self.pause = 0
        self.random = random.Random(story + only)
        self.connection = self.response = None
        self.cuts = 0

    def step(self):
        if self.response is None:
            self.open()
        fields = self.block()
        check(fields, "a stream has ended while its story is live")
        if "data" in fields and "id" in fields:
            self.apply(json.loads(fields["data"]))
            self.cursor = fields["id"]
        if self.random.random() < 0.02:
            self.connection.close()
            self.response = None
            self.cuts += 1

    def open(self):
        path = f"{self.story_path}/stream?cursor={self.cursor}{self.only}"
        self.connection = http.client.HTTPConnection(self.client.address, timeout=self.client.seconds + 5)
        self.connection.request("GET", path)
        self.response = self.connection.getresponse()
        check(self.response.status == 200, f"GET {path}: {self.response.status}")

    def block(self):
        """The fields up to the next empty line; a comment's name is empty. None at the end of the stream."""
        fields = {}
        while line := self.response.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields

    def finish(self):
        if self.connection:
            self.connection.close()


class Asker(Worker):
    """Makes sequential requests; each response must have the expected status."""

    def __init__(self, client, ledger, pause):
        super().__init__(client, ledger, pause)
        self.client = client

    def get(self, path, status=200, **headers):
        answer = self.line.ask("GET", path, **headers)
        check(answer.status == status, f"GET {path}: {answer.status} {answer.body[:300]!r}")
        return answer


class ColdReader(Asker):
    """Reads more pages than the cache holds, so that they are misses; every other one compressed."""

    def __init__(self, client, ledger, pause, pages):
        super().__init__(client, ledger, pause)
        self.pages = itertools.cycle(pages)
        self.is_packed = itertools.cycle([True, False])

    def step(self):
        if next(self.is_packed):
            gzip.decompress(self.get(next(self.pages), accept_encoding="gzip").body)
        else:
            self.get(next(self.pages))


class Visitor(Asker):
    """Reads all resources of a story, also on new connections."""

    def __init__(self, client, ledger, pause, story):
        super().__init__(client, ledger, pause)
        self.story = f"/stories/{story}"

    def step(self):
        for path in ("", "/links", "/reactions", "/updates?only=key", "/updates?order=oldest&limit=5", "/updates?limit=1"):
            self.get(f"{self.story}{path}")
            check(self.client.get(f"{self.story}{path}").status == 200, f"GET {self.story}{path} anew is not 200")
        for path in ("/stories", "/stories?tag=weather", "/healthz", "/readyz", "/metrics"):
            self.get(path)
        self.get(f"{self.story}/export", authorization=f"Bearer {ADMIN_KEY}")
        self.get(f"{self.story}/drafts", authorization=f"Bearer {ADMIN_KEY}")
        self.get("/stories/no-such-story", 404)
        self.get(f"{self.story}/updates?cursor=0000000000000000-1", 410)
        self.get(f"{self.story}/updates?limit=0", 400)


class ShortStories(Asker):
    """Creates, reads, closes, exports, re-imports and deletes stories."""

    def step(self):
        slug = f"short-{self.steps}"
        path, copy = f"/stories/{slug}", f"/stories/{slug}-copy"
        self.client.must_write("POST", "/stories", {"title": "Soon over", "slug": slug})
        self.client.must_write("POST", f"{path}/updates", [{"body": f"Report {n}. " * 20} for n in range(20)])
        self.get(f"{path}/updates")
        self.get(f"{path}/updates", accept_encoding="gzip")
        self.client.stream_until(f"{path}/stream", b"id: ")
        self.client.must_write("PATCH", path, {"status": "closed"})
        self.get(f"{path}/stream", 204)
        document = self.get(f"{path}/export", authorization=f"Bearer {ADMIN_KEY}").json
        self.client.must_write("POST", f"/import?slug={slug}-copy", document)
        count = self.get(copy).json["updateCount"]
        check(count == 20, f"{count} of 20 updates were imported")
        for each in (path, copy):
            self.client.must_write("DELETE", each)
            self.get(f"{each}/updates", 404)
