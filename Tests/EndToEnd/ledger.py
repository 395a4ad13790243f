# SPDX-License-Identifier: Apache-2.0
"""A model of the server's state by its responses to writes: what readers must see, and must never see."""

import collections
import re
import threading
import time

from checks import Failure, check

MARK = re.compile(r"mark-\w+")
# Responses to a write that cannot be done: RFC 9457 problems, by status.
REFUSALS = {503: {"/problems/storage", "/problems/busy"}, 507: {"/problems/storage-full"}}


class Ledger:
    """Shared by all writers and readers; thread-safe."""

    def __init__(self):
        self.lock = threading.Lock()
        self.held = {}
        """The text of each update that is there, by id, as it was last acknowledged."""
        self.reactions = 0
        self.statuses = set(REFUSALS)
        """With which writes may be refused."""
        self.refused = set()
        """Marks of what was refused: nobody may ever see them."""
        self.seen = set()
        """Marks that readers have seen."""
        self.may_refuse = False
        self.problems = collections.Counter()
        self.accepted = collections.defaultdict(list)
        self.refusals = collections.defaultdict(list)
        """When a write of each kind was accepted, and refused."""

    # --- writers ---

    def accept(self, kind, texts=(), gone=None):
        """A write was acknowledged: it set these texts, by id, or removed an update."""
        with self.lock:
            self.accepted[kind].append(time.monotonic())
            self.held.update(texts)
            self.held.pop(gone, None)
            self.reactions += kind == "reaction"

    def refuse(self, kind, answer, texts, was_allowed):
        """A write was refused, which is allowed now or was when it was sent."""
        must_be_refusal(kind, answer, self.statuses)
        marks = marks_in(*texts)
        with self.lock:
            check(was_allowed or self.may_refuse, f"a {kind} is refused without need: {answer.status} {answer.body!r}")
            check(not marks & self.seen, f"a {kind} was refused, and yet readers have seen {marks & self.seen}")
            self.refusals[kind].append(time.monotonic())
            self.problems[f"{answer.status} {answer.json['type']}"] += 1
            self.refused |= marks

    def will_come(self, text):
        """A refused write is retried, so its text may be visible from now on."""
        with self.lock:
            self.refused -= marks_in(text)

    # --- readers ---

    def see(self, updates):
        marks = marks_in(*(update["body"] for update in updates))
        with self.lock:
            self.seen |= marks

    # --- checks ---

    def count(self, times, started=0, kind=None):
        """The number of writes of a kind, or of all, since a time."""
        return len(self.moments(times, started, kind))

    def first(self, times, started):
        return min(self.moments(times, started))

    def moments(self, times, started, kind=None):
        with self.lock:
            kinds = [kind] if kind else [known for each in times for known in each]
            return [moment for each in times for known in set(kinds) for moment in each[known] if moment > started]

    def must_be(self, snapshot, reactions):
        """Each acknowledged update is in a fresh snapshot once, in its last acknowledged state, and nothing else is."""
        self.see(snapshot["updates"])
        texts = {update["id"]: update["body"] for update in snapshot["updates"]}
        check(len(texts) == len(snapshot["updates"]), "an update stands in the list twice")
        check(texts == self.held, f"the updates are not those that were acknowledged: {self.differences(texts)}")
        check(reactions == self.reactions, f"{self.reactions} reactions were acknowledged, {reactions} are counted")
        check(not self.seen & self.refused, f"readers have seen what was refused: {self.seen & self.refused}")

    def differences(self, texts):
        held = self.held
        missing = [f"missing {begin(held[key])}" for key in held.keys() - texts.keys()]
        extra = [f"too many {begin(texts[key])}" for key in texts.keys() - held.keys()]
        both = [key for key in texts.keys() & held.keys() if texts[key] != held[key]]
        other = [f"{begin(texts[key])} instead of {begin(held[key])}" for key in both]
        return f"{len(missing)} missing, {len(extra)} too many, {len(other)} other: {(missing + extra + other)[:5]}"


def begin(text):
    return repr(text[:20])


def marks_in(*texts):
    return {mark for text in texts for mark in MARK.findall(text)}


def must_be_refusal(what, answer, statuses=frozenset(REFUSALS)):
    """A problem of the storage, with Retry-After."""
    words = f"a {what} is answered {answer.status} {answer.body[:300]!r}"
    check(answer.status in statuses, f"{words} instead of {' or '.join(map(str, sorted(statuses)))}")
    check(answer.headers["Content-Type"] == "application/problem+json", f"{words} as {answer.headers['Content-Type']}")
    problem = answer.json
    check(problem["type"] in REFUSALS[answer.status] and problem["status"] == answer.status, words)
    if not (answer.headers["Retry-After"] or "").isdigit():
        raise Failure(f"{words} without Retry-After")
