# SPDX-License-Identifier: Apache-2.0
"""Creates and reads stories on a running Wireroom through its API."""

import http.client
import json
import re

from generator import Request, request_bytes
from servers import ADMIN_KEY, check

WRITING = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "application/json"}
UPDATES = 50
SHORT_BODY = 90
"""Bytes of Markdown: 50 updates of that kind make a snapshot of about 30 KB."""
MIDDLE_BODY = 160
"""With its HTML and the other members that makes about 700 B of JSON."""


def body_text(number, length):
    """A paragraph like those of a live page, which renders to a little HTML."""
    sentence = f"Report {number}: the harbour stays **closed** until the wind drops, the port authority said. "
    return (sentence * (length // len(sentence) + 1))[:length].strip()


def update_body(number, length=SHORT_BODY):
    return json.dumps({"title": f"Report {number}", "body": body_text(number, length)}).encode()


def post_update_request(slug, body):
    return request_bytes(f"/stories/{slug}/updates", WRITING, "POST", body)


class Client:
    """A keep-alive connection to one server."""

    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)

    def ask(self, method, path, body=None, headers=None, status=200):
        """The response's fields and body; fails unless it has the status."""
        try:
            self.connection.request(method, path, body, headers or {})
            answer = self.connection.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException) as error:
            check(False, f"{self.server.name}: {method} {path}: {error!r}")
        check(answer.status == status, f"{self.server.name}: {method} {path}: {answer.status} {read[:300]!r}")
        return answer.headers, read

    def get(self, path, headers=None, status=200):
        return self.ask("GET", path, headers=headers, status=status)

    def post(self, path, body, status=201):
        return self.ask("POST", path, body, WRITING, status)[1]

    def cursor(self, slug):
        return json.loads(self.get(snapshot_path(slug))[1])["cursor"]

    def create_story(self, slug, updates=UPDATES, length=SHORT_BODY):
        story = {"title": f"Storm at the harbour, {slug}", "slug": slug, "status": "live"}
        self.post("/stories", json.dumps(story).encode())
        for number in range(updates):
            self.post(f"/stories/{slug}/updates", update_body(number, length))

    def export(self, slug):
        return self.ask("GET", f"/stories/{slug}/export", headers=WRITING)[1]


def snapshot_path(slug):
    return f"/stories/{slug}/updates"


def entity_tag(client, path, headers=None):
    tag = client.get(path, headers)[0]["ETag"]
    check(tag, f"{client.server.name}: no ETag at {path}")
    return tag


def unchanged_request(client, path):
    """A conditional poll with the server's current ETag, which must be answered with 304."""
    headers = {"If-None-Match": entity_tag(client, path)}
    client.get(path, headers, status=304)
    return Request(request_bytes(path, headers), 304, 0)


def plain_request(client, path, headers=None):
    """A request whose response must keep its present length."""
    return Request(request_bytes(path, headers), 200, len(client.get(path, headers)[1]))


def create_copies(generator, client, count, updates, length):
    """Imports stories that differ only in their slugs; returns the slugs."""
    client.create_story("original", updates, length)
    document = client.export("original")
    slugs = [f"copy-{number}" for number in range(count)]
    imports = [
        Request(request_bytes(f"/import?slug={slug}&status=live", WRITING, "POST", document), 201) for slug in slugs
    ]
    generator.once(client.server, imports, connections=8)
    return slugs


def event_with(mark, server, path, publish):
    """The data of the event that contains the marker, after calling `publish`."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", path, headers={"Accept": "text/event-stream"})
        stream = connection.getresponse()
        check(stream.status == 200, f"{server.name}: GET {path}: {stream.status}")
        publish()
        while line := stream.readline():
            if (found := re.match(rb"data: ?(.*)\n", line)) and mark.encode() in found[1]:
                return found[1]
    except (OSError, http.client.HTTPException) as error:
        check(False, f"{server.name}: no event: {error!r}")
    finally:
        connection.close()
    check(False, f"{server.name}: the stream ended without an event")
