# SPDX-License-Identifier: Apache-2.0
"""A story for the reader's page, and those who write it."""

STORY = "harbour"
UPDATES = 60


class Newsroom:
    """Writes to the story."""

    def __init__(self, client):
        self.client = client
        self.slug = STORY
        self.path = f"/stories/{STORY}"

    def open(self):
        made = self.client.must_write("POST", "/stories", {
            "slug": STORY, "title": "Storm at the harbour", "summary": "What is known so far.", "byline": "Ines",
            "section": ["News", "Coast"], "keyPoints": ["The bridge is closed.", "Ferries wait."],
            "source": {"name": "Port", "url": "https://example.org/", "date": "2026-11-01T08:00:00Z"},
        })
        # By id, since the slug changes.
        self.path = f"/stories/{made.json['id']}"
        bodies = [{"body": f"Number *{number}*: {'the wind grows. ' * 12}", "keyEvent": number % 20 == 0} for number in range(UPDATES)]
        self.client.must_write("POST", f"{self.path}/updates", bodies)
        self.links("related", "Tides of the week")

    def post(self, body, **members):
        return self.client.must_write("POST", f"{self.path}/updates", {"body": body, **members}).json["id"]

    def edit(self, update, **members):
        self.client.must_write("PATCH", f"{self.path}/updates/{update}", members)

    def story(self, **members):
        self.client.must_write("PATCH", self.path, members)

    def links(self, kind, *titles):
        self.client.must_write("PUT", f"{self.path}/links/{kind}", [{"title": t, "url": "https://example.org/"} for t in titles])

    def newest(self, count):
        return [update["id"] for update in self.client.read(f"{self.path}/updates?limit={count}")["updates"]]
