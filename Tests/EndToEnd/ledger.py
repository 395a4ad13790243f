# SPDX-License-Identifier: Apache-2.0
"""A model of the server's state by its responses to writes: what readers must see, and must never see."""

import collections
import re
import threading
import time

from checks import Failure, check

MARK = re.compile(r"mark-\w+")
# Types of the problems that refuse a write (RFC 9457), by status.
REFUSALS = {503: {"/problems/storage", "/problems/busy"}, 507: {"/problems/storage-full"}}


class Ledger:
    """Shared by all writers and readers; thread-safe."""

    def __init__(self):
        self.lock = threading.Lock()
        self.held = {}
        """The last acknowledged text of each existing update, by id."""
        self.reactions = 0
        self.statuses = set(REFUSALS)
        """Allowed statuses of refused writes."""
        self.refused = set()
        """Marks of refused texts, which must never be visible."""
        self.seen = set()
        """Marks that readers have seen."""
        self.may_refuse = False
        self.problems = collections.Counter()
        self.accepted = collections.defaultdict(list)
        self.refusals = collections.defaultdict(list)
        """Like `accepted`: the times of refused writes, by kind."""

    # --- writers ---

    def accept(self, kind, texts=(), gone=None):
        """Records an acknowledged write, which set these texts, by id, or removed the update `gone`."""
        with self.lock:
            self.accepted[kind].append(time.monotonic())
            self.held.update(texts)
            self.held.pop(gone, None)
            self.reactions += kind == "reaction"

    def refuse(self, kind, answer, texts, was_allowed):
        """Records a refused write: refusals must be allowed now, or have been when it was sent."""
        must_be_refusal(kind, answer, self.statuses)
        marks = marks_in(*texts)
        with self.lock:
            check(was_allowed or self.may_refuse, f"a {kind} is refused without need: {answer.status} {answer.body!r}")
            check(not marks & self.seen, f"a {kind} was refused, and yet readers have seen {marks & self.seen}")
            self.refusals[kind].append(time.monotonic())
            self.problems[f"{answer.status} {answer.json['type']}"] += 1
            self.refused |= marks

    def will_come(self, text):
        """Records that a refused write is retried, so its text may become visible."""
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
    """Checks for a problem of the storage, with Retry-After."""
    words = f"a {what} is answered {answer.status} {answer.body[:300]!r}"
    check(answer.status in statuses, f"{words} instead of {' or '.join(map(str, sorted(statuses)))}")
    check(answer.headers["Content-Type"] == "application/problem+json", f"{words} as {answer.headers['Content-Type']}")
    problem = answer.json
    check(problem["type"] in REFUSALS[answer.status] and problem["status"] == answer.status, words)
    if not (answer.headers["Retry-After"] or "").isdigit():
        raise Failure(f"{words} without Retry-After")
