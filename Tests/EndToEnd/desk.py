# SPDX-License-Identifier: Apache-2.0
"""A simulated editor's desk that exercises all operations on a story indefinitely, and keeps the story small."""

import itertools
import threading
import time

from checks import check, wait_for
from editor import Editor, as_read
from traffic import Worker

MOST_UPDATES = 120
"""Above this, old updates are deleted, so that the story does not grow."""
TAGS = ["weather", "bridge", "ferries"]


class Desk(Editor):
    def __init__(self, client, story, seed):
        super().__init__(client, story, seed)
        client.must_write("POST", "/stories", {"title": f"The story {story}", "slug": story})
        self.numbers = itertools.count()
        self.due = {}
        """Texts of scheduled updates, by id."""
        self.written = 0

    def actions(self):
        if len(self.held) > MOST_UPDATES:
            return [self.delete] * 4 + [self.take_down]
        return super().actions() + [
            self.post_batch, self.post_once, self.strike, self.strike, self.restore, self.take_down, self.draft,
            self.schedule, self.take_back, self.mark, self.mark, self.react, self.react]

    def write(self):
        super().write()
        self.written += 1

    def post_batch(self):
        answer = self.client.must_write("POST", self.path(), [{"body": self.text()} for _ in range(5)])
        for update in answer.json:
            self.held[update["id"]] = as_read(update)

    def post_once(self):
        """Posts twice with the same idempotency key: done once. Texts are unique, since taken-down content cannot be posted
        again."""
        headers = {"idempotency_key": f"{self.story}-{next(self.numbers)}"}
        body = {"body": self.text()}
        first, second = (self.client.must_write("POST", self.path(), body, **headers) for _ in range(2))
        check(first.body == second.body, "a write that was sent twice has two answers")
        self.keep(first)

    def strike(self):
        if update := self.any_update():
            self.keep(self.about(update, "POST", {"reason": "The first report was wrong."}, "/strike"))

    def restore(self):
        stricken = [update for update in self.held.values() if update["stricken"]]
        if stricken:
            self.keep(self.about(self.random.choice(stricken), "DELETE", None, "/strike"))

    def take_down(self):
        if update := self.any_update():
            self.about(update, "POST", {"reason": "It named a child."}, "/takedown")
            del self.held[update["id"]]

    def mark(self):
        """Changes tags and key event, so that the update matches other filters."""
        tags = self.random.sample(TAGS, self.random.randrange(3))
        self.patch({"keyEvent": self.random.random() < 0.5, "tags": tags})

    def draft(self):
        """Creates, edits and publishes a draft."""
        update = self.client.must_write("POST", self.path(), {"body": self.text(), "state": "draft"}).json
        self.about(update, "PATCH", {"title": self.title()})
        self.keep(self.about(update, "PATCH", {"state": "published"}))

    def take_back(self):
        """Unpublishes an update, and publishes it again."""
        if update := self.any_update():
            self.about(update, "PATCH", {"state": "draft"})
            self.keep(self.about(update, "PATCH", {"state": "published"}))

    def schedule(self):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        update = self.client.must_write("POST", self.path(), {"body": self.text(), "publishAt": at}).json
        self.due[update["id"]] = update["body"]

    def react(self):
        self.client.must_write("POST", f"/stories/{self.story}/reactions/veryGood")
        if update := self.any_update():
            visitor = {"visitor": f"reader-{self.random.randrange(50)}"}
            path = f"{self.path()}/{update['id']}/reactions/veryGood"
            self.client.must_write(self.random.choice(["POST", "DELETE"]), path, visitor)

    def check_all(self):
        """Checks, while no write is in flight, that exactly the acknowledged and due updates exist."""
        now = wait_for(self.present_with_due, 10, lambda: f"{self.story}: {self.due} is due, and not there")
        for identifier in self.due:
            self.held[identifier] = now[identifier]
        self.due = {}
        self.must_hold(now)
        check(now.keys() == self.held.keys(), f"{self.story} has {len(now)} updates, {len(self.held)} were acknowledged")

    def present_with_due(self):
        now = self.present()
        is_there = now is not None and all(
            identifier in now and now[identifier]["body"] == body for identifier, body in self.due.items())
        return now if is_there else None


class DeskAtWork(Worker):
    def __init__(self, client, ledger, desk, pause):
        super().__init__(client, ledger, pause)
        self.desk = desk
        self.at_work = threading.Lock()
        """Held during a write."""

    def step(self):
        with self.at_work:
            self.desk.write()
