# SPDX-License-Identifier: Apache-2.0
"""An editor who performs random operations, and records the responses."""

import http.client
import random
import time

from checks import Failure, check, wait_for

# Must survive JSON, event streams and a page unchanged.
TEXTS = [
    "The bridge is **open**.",
    "Two\nlines.\n\nAnd a paragraph with `code` & <b>markup</b>.",
    "Carriage\r\nreturns, tabs\tand a separator\u2028between.",
    "data: not an event\n\nevent: remove\ndata: {}\n",
    "</title></body><b onclick=alert(1)>Bold</b>",
    "Éire, 東京, עברית, 🚢🏴󠁧󠁢󠁳󠁣󠁴󠁿, e\u0301 and \u00e9, \ufeff in the middle.",
    "[a link](https://harbour.example/?a=1&b=2) and [a bad one](javascript:alert(1))",
    "word " * 400,
]


class Editor:
    def __init__(self, client, story, seed):
        self.client = client
        self.story = story
        self.random = random.Random(seed)
        self.held = {}
        """Updates by id, as in the server's last responses."""
        self.in_doubt = None
        """The id of the last request's update, if its response was lost."""
        self.interruptions = 0

    # --- one operation ---

    def actions(self):
        """The operations, weighted by repetition."""
        return [self.post] * 5 + [self.edit] * 4 + [self.pin] * 2 + [self.delete, self.edit_story, self.replace_links]

    def write(self):
        """Performs one write. Writes without a response, because the server went down, are counted."""
        action = self.random.choice(self.actions())
        try:
            action()
        except (OSError, http.client.HTTPException):
            self.interruptions += 1
            self.recover()

    def post(self):
        members = {"title": self.title(), "body": self.text(), "pinned": self.random.random() < 0.05 and self.may_pin()}
        return self.keep(self.client.must_write("POST", self.path(), members))

    def edit(self):
        self.patch({"body": self.text(), "title": self.title()})

    def pin(self):
        update = self.any_update()
        if update and (update["pinned"] or self.may_pin()):
            self.patch({"pinned": not update["pinned"]}, update)

    def may_pin(self):
        """Whether another pin will certainly be accepted: a story can have 20, and others write to it too."""
        return sum(update["pinned"] for update in self.held.values()) < 5

    def delete(self):
        update = self.any_update()
        if update:
            self.about(update, "DELETE")
            del self.held[update["id"]]

    def edit_story(self):
        members = {"title": self.title(), "keyPoints": [self.title()], "tags": [f"tag-{self.random.randrange(9)}"]}
        self.client.must_write("PATCH", f"/stories/{self.story}", members)

    def replace_links(self):
        kind = self.random.choice(["related", "ranking", "recommendation"])
        links = [{"title": self.title(), "url": None} for _ in range(self.random.randrange(4))]
        self.client.must_write("PUT", f"/stories/{self.story}/links/{kind}", links)

    def patch(self, members, update=None):
        update = update or self.any_update()
        if update:
            self.keep(self.about(update, "PATCH", members))

    # --- parts ---

    def path(self):
        return f"/stories/{self.story}/updates"

    def title(self):
        return f"Report {self.random.randrange(10**6)}"

    def text(self):
        return f"{self.random.choice(TEXTS)}\n\nNo {self.random.randrange(10**6)}."

    def any_update(self):
        return self.random.choice(list(self.held.values())) if self.held else None

    def about(self, update, method, members=None, suffix=""):
        self.in_doubt = update["id"]
        answer = self.client.must_write(method, f"{self.path()}/{update['id']}{suffix}", members)
        self.in_doubt = None
        return answer

    def keep(self, answer):
        update = as_read(answer.json)
        self.held[update["id"]] = update
        return update

    # --- after an interruption ---

    def recover(self):
        """Waits for the server, and checks that acknowledged writes are durable."""
        now = wait_for(self.present, 15, "the server did not come back")
        self.must_hold(now)
        self.held = now
        self.in_doubt = None

    def present(self):
        try:
            return {update["id"]: update for update in self.client.whole(self.story)["updates"]}
        except (OSError, http.client.HTTPException, Failure):
            return None

    def must_hold(self, now):
        for identifier, update in self.held.items():
            if identifier != self.in_doubt:
                found = now.get(identifier)
                check(found == update, f"answered was {update}, and now there is {found}")

    def work(self, seconds, pause=0.01):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.write()
            time.sleep(pause)


def as_read(update):
    """Returns the update as readers see it, without the members for key holders."""
    return {name: value for name, value in update.items() if name not in ("state", "publishAt")}
