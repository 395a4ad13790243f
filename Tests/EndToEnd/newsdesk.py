# SPDX-License-Identifier: Apache-2.0
"""Writes stories and updates over HTTP, and reads their formats."""

import json

from checks import check
from wireroom import ADMIN_KEY, Client

KEY = {"Authorization": f"Bearer {ADMIN_KEY}"}


class Desk:
    """An editor of a server, who gives each story a slug of its own."""

    def __init__(self, url, folder):
        self.client = Client(url)
        # For streams, which do not end while the server is silent.
        self.impatient = Client(url, seconds=2)
        self.folder = folder
        self.stories = 0

    def story(self, **members):
        self.stories += 1
        members = {"slug": f"case-{self.stories}", "title": "Case", **members}
        return self.client.must_write("POST", "/stories", members).json["slug"]

    def update(self, story, body, **members):
        return self.client.must_write("POST", f"/stories/{story}/updates", {"body": body, **members}).json

    def status(self, story, body, **members):
        return self.client.write("POST", f"/stories/{story}/updates", {"body": body, **members}).status

    def html(self, markdown):
        return self.update(self.story(), markdown)["bodyHtml"]

    def post_text(self, path, text, media="text/plain"):
        return self.client.ask("POST", path, text.encode(), {**KEY, "Content-Type": media})

    def text(self, path, **headers):
        answer = self.client.get(path, **headers)
        check(answer.status == 200, f"GET {path}: {answer.status}")
        return answer.body.decode()

    def postings(self, story):
        return json.loads(self.text(f"/stories/{story}/liveblog.jsonld"))["liveBlogUpdate"]

    def coverage_end(self, story):
        return json.loads(self.text(f"/stories/{story}/liveblog.jsonld")).get("coverageEndTime")
