# SPDX-License-Identifier: Apache-2.0
"""Editors who write and readers who poll, concurrently at a steady pace, each on a keep-alive connection."""

import contextlib
import http.client
import itertools
import json
import threading
import time

from checks import Failure, check, wait_for
from ledger import Ledger
from wireroom import ADMIN_KEY, Answer, Client

STORY = "harbour-storm"
PATH = f"/stories/{STORY}"
FEED = f"{PATH}/updates"
EDITORS = 3
WRITE_PAUSE = 0.03
READ_PAUSE = 0.02
# A response that takes longer counts as hanging.
SECONDS = 15
FILLING = "The harbour stays **closed** until the wind drops. " * 8


class Line:
    """A keep-alive connection: the server must not close it, and must answer in time."""

    def __init__(self, client):
        self.connection = http.client.HTTPConnection(client.address, timeout=SECONDS)
        self.connection.connect()
        self.connection.auto_open = 0
        self.slowest = 0

    def ask(self, method, path, value=None, **headers):
        body = None if value is None else json.dumps(value).encode()
        if body is not None:
            headers["content_type"] = "application/json"
        started = time.monotonic()
        try:
            self.connection.request(method, path, body, {key.replace("_", "-"): headers[key] for key in headers})
            response = self.connection.getresponse()
            check(not response.will_close, f"{method} {path}: {response.status}, and the connection is to be closed")
            answer = Answer(response)
        except (OSError, http.client.HTTPException) as error:
            spent = time.monotonic() - started
            raise Failure(f"{method} {path}: no answer after {spent:.1f} s: {type(error).__name__} {error}") from error
        self.slowest = max(self.slowest, time.monotonic() - started)
        return answer


class Worker(threading.Thread):
    """Repeats a step until stopped, or until a check fails."""

    def __init__(self, client, ledger, pause):
        super().__init__(daemon=True)
        self.line = Line(client)
        self.ledger = ledger
        self.pause = pause
        self.over = threading.Event()
        self.failure = None
        self.steps = 0

    def run(self):
        try:
            while not self.over.wait(self.pause):
                self.step()
                self.steps += 1
            self.finish()
        except Exception as failure:  # noqa: BLE001 - raised in the main thread
            self.failure = failure
        finally:
            self.line.connection.close()

    def finish(self):
        pass


# --- editors ---


class Editor(Worker):
    """Makes writes of each kind in turn, to its own updates."""

    def __init__(self, client, ledger, name):
        super().__init__(client, ledger, WRITE_PAUSE)
        self.name = name
        self.numbers = itertools.count()
        self.mine = self.begin_with(client, 20)
        self.at_work = threading.Lock()
        """Held during a write."""
        self.actions = {
            "post": self.post, "batch": self.post_batch, "edit": self.edit, "reaction": self.react,
            "post with a key": self.post_once, "takedown": self.take_down,
        }
        self.turns = itertools.cycle(self.actions)
        self.promised = None
        """The text that is retried with one idempotency key until it is done."""

    def begin_with(self, client, count):
        """Creates updates to edit and take down while none can be created."""
        texts = [self.text() for _ in range(count)]
        updates = client.must_write("POST", FEED, [{"body": text} for text in texts]).json
        self.ledger.held.update({update["id"]: text for update, text in zip(updates, texts, strict=True)})
        return [update["id"] for update in updates]

    def step(self):
        kind = next(self.turns)
        with self.at_work:
            self.actions[kind](kind)

    def text(self):
        return f"mark-{self.name}x{next(self.numbers)}. {FILLING}No more."

    def write(self, kind, method, path, value, texts=(), **headers):
        """Sends a write; returns its response if it was accepted. If it was refused, `texts` must not become visible."""
        was_allowed = self.ledger.may_refuse
        answer = self.line.ask(method, path, value, authorization=f"Bearer {ADMIN_KEY}", **headers)
        if answer.status // 100 == 2:
            return answer
        return self.ledger.refuse(kind, answer, texts, was_allowed)

    def post(self, kind):
        text = self.text()
        if answer := self.write(kind, "POST", FEED, {"body": text}, [text]):
            self.mine.append(answer.json["id"])
            self.ledger.accept(kind, {answer.json["id"]: text})

    def post_batch(self, kind):
        texts = [self.text() for _ in range(3)]
        if answer := self.write(kind, "POST", FEED, [{"body": text} for text in texts], texts):
            self.ledger.accept(kind, {update["id"]: text for update, text in zip(answer.json, texts, strict=True)})

    def post_once(self, kind):
        """Retries with the same idempotency key until it is done: it must be done once."""
        text = self.promised = self.promised or self.text()
        self.ledger.will_come(text)
        key = text.split(".")[0]
        if answer := self.write(kind, "POST", FEED, {"body": text}, [text], idempotency_key=key):
            self.promised = None
            self.ledger.accept(kind, {answer.json["id"]: text})

    def edit(self, kind):
        text = self.text()
        if self.write(kind, "PATCH", f"{FEED}/{self.mine[-1]}", {"body": text}, [text]):
            self.ledger.accept(kind, {self.mine[-1]: text})

    def react(self, kind):
        if self.write(kind, "POST", f"{PATH}/reactions/veryGood", None):
            self.ledger.accept(kind)

    def take_down(self, kind):
        if len(self.mine) > 1:
            if self.write(kind, "POST", f"{FEED}/{self.mine[0]}/takedown", {"reason": "It named a child."}):
                self.ledger.accept(kind, gone=self.mine.pop(0))

    def finish(self):
        if self.promised:
            self.post_once("post with a key")


# --- readers ---


class Poller(Worker):
    """Polls a URL conditionally, with the last entity tag."""

    def __init__(self, client, ledger, path):
        super().__init__(client, ledger, READ_PAUSE)
        self.path = path
        self.tag = None
        self.seq = 0

    def step(self):
        headers = {"if_none_match": self.tag} if self.tag else {}
        answer = self.line.ask("GET", self.path, **headers)
        check(answer.status in (200, 304), f"GET {self.path}: {answer.status} {answer.body[:300]!r}")
        check(answer.status == 200 or answer.headers["ETag"] == self.tag, f"a 304 has the tag {answer.headers['ETag']}")
        if answer.status == 200:
            self.tag = answer.headers["ETag"]
            self.take(answer.json)

    def take(self, page):
        seq = page.get("story", page)["seq"]
        check(seq >= self.seq, f"GET {self.path}: {seq} comes after {self.seq}")
        self.seq = seq
        self.ledger.see(page.get("updates", []))


class Follower(Worker):
    """Reads a snapshot once, and follows by deltas, optionally with a filter."""

    def __init__(self, client, ledger, seconds, story=STORY, only=""):
        super().__init__(client, ledger, READ_PAUSE)
        self.story_path, self.only = f"/stories/{story}", only
        snapshot = client.whole(story, only)
        self.wait = f"&wait={seconds}" if seconds else ""
        self.cursor, self.story, self.links = snapshot["cursor"], snapshot["story"], snapshot["links"]
        self.updates = {update["id"]: update for update in snapshot["updates"]}

    def step(self):
        path = f"{self.story_path}/updates?cursor={self.cursor}{self.wait}{self.only}"
        answer = self.line.ask("GET", path)
        check(answer.status == 200, f"GET {path}: {answer.status} {answer.body[:300]!r}")
        delta = answer.json
        self.ledger.see(change["update"] for change in delta["changes"] if change["op"] == "put")
        for change in delta["changes"]:
            self.apply(change)
        self.cursor = delta["cursor"]

    def apply(self, change):
        match change["op"]:
            case "put":
                self.updates[change["update"]["id"]] = change["update"]
            case "remove":
                self.updates.pop(change["id"], None)
            case "story":
                self.story = change["story"]
            case "links":
                self.links = change["links"]

    def must_hold(self, snapshot):
        fresh = {update["id"]: update for update in snapshot["updates"]}
        check(self.updates == fresh, f"who follows by deltas{self.wait}{self.only} does not hold what a fresh snapshot shows")
        check(self.links == snapshot["links"], "who follows by deltas holds other links")
        check(own_members(self.story) == own_members(snapshot["story"]), "who follows by deltas holds another story")


def own_members(story):
    """Returns the story without the members that change with every write."""
    return {name: value for name, value in story.items() if name not in ("seq", "updateCount")}


# --- all clients ---


class Traffic:
    """One story with its editors and readers. A failure of any fails all."""

    def __init__(self, wireroom):
        self.server = wireroom.server
        self.client = Client(wireroom.url)
        self.ledger = Ledger()
        self.client.must_write("POST", "/stories", {"title": "Storm at the harbour", "slug": STORY})
        self.editors = [Editor(self.client, self.ledger, f"e{number}") for number in range(EDITORS)]
        self.kinds = list(self.editors[0].actions)
        self.waiting = Follower(self.client, self.ledger, 1)
        self.followers = [Follower(self.client, self.ledger, 0), self.waiting]
        pollers = [Poller(self.client, self.ledger, path) for path in (f"{FEED}?limit=50", FEED, PATH)]
        self.readers = [*self.followers, *pollers]
        self.workers = [*self.editors, *self.readers]
        for worker in self.workers:
            worker.start()

    def must_go_on(self):
        self.server.must_run()
        for worker in self.workers:
            if worker.failure:
                raise worker.failure

    def wait_for(self, found, seconds, otherwise):
        def look():
            self.must_go_on()
            return found()

        return wait_for(look, seconds, otherwise)

    @contextlib.contextmanager
    def editors_at_rest(self):
        """No write is in flight, and none begins."""
        with contextlib.ExitStack() as stack:
            for editor in self.editors:
                stack.enter_context(editor.at_work)
            yield

    def stop_editors(self):
        stop(self.editors)
        self.must_go_on()

    def stop_readers(self):
        stop(self.readers)
        self.must_go_on()

    def stop(self):
        stop(self.workers)

    def slowest(self):
        """The longest response time, without long polls."""
        return max(worker.line.slowest for worker in self.workers if worker is not self.waiting)

    def polls(self):
        return sum(reader.steps for reader in self.readers)


def stop(workers):
    for worker in workers:
        worker.over.set()
    for worker in workers:
        worker.join(SECONDS + 5)
        check(not worker.is_alive(), "a client does not come to its end")
