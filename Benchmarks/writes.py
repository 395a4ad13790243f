# SPDX-License-Identifier: Apache-2.0
"""Durable writes: posts, and reactions of a crowd."""

import json

import bars
from disk import IN_MEMORY, file_system
from generator import A_DIFFERENT_NUMBER, ANY_LENGTH, WARM_UP_SECONDS, Flow, Request, request_bytes
from servers import check, start_wireroom
from stories import UPDATES, Client, post_update_request, snapshot_path

SLUG = "feed"
REACTION = "veryGood"
CONNECTIONS = 64
NO_LIMIT = ("--reaction-rate", "0")
ONE_BY_ONE = ("--commands-per-commit", "1")
PACED_POSTS_PER_SECOND = 100
PACED_CONNECTIONS = 4


class Written:
    """A story that is written to, and the number of writes acknowledged as durable."""

    def __init__(self, bench, options=(), updates=0, name="wireroom"):
        kind = file_system(bench.folder)
        check(kind not in IN_MEMORY, f"{bench.folder} is in memory ({kind}): set TMPDIR to a folder on a disk")
        self.generator = bench.generator
        self.server = start_wireroom(bench, options=options, name=name)
        self.client = Client(self.server)
        self.client.create_story(SLUG, updates)
        self.posts, self.reactions = updates, 0

    @property
    def update_ids(self):
        return [update["id"] for update in json.loads(self.client.get(snapshot_path(SLUG))[1])["updates"]]

    def measure(self, prepared, seconds, flows):
        """One round of the flows, whose names say what they write; afterwards every acknowledged write must exist exactly
        once."""
        done = self.generator.measure(self.server, prepared, seconds)
        for name, requests in zip(flows, (done.requests, done.besides)):
            setattr(self, name, getattr(self, name) + requests)
        self.check_counts()
        return done

    def check_counts(self):
        story = json.loads(self.client.get(f"/stories/{SLUG}")[1])
        check(story["updateCount"] == self.posts, f"{self.posts} posts were answered, {story['updateCount']} are there")
        counts = json.loads(self.client.get(f"/stories/{SLUG}/reactions")[1])
        found = sum(each.get(REACTION, 0) for each in (counts["story"], *counts["updates"].values()))
        check(found == self.reactions, f"{self.reactions} reactions were answered, {found} are there")


def alternate(subjects, rounds, seconds):
    """Interleaved rounds; `subjects` are (written, flows by name, the measured one first). Returns the rounds of each."""
    prepared = [(written, written.generator.prepare(**flows), flows) for written, flows in subjects]
    for written, arguments, flows in prepared:
        written.measure(arguments, WARM_UP_SECONDS, flows)
    results = [[] for _ in prepared]
    for _ in range(rounds):
        for (written, arguments, flows), done in zip(prepared, results):
            done.append(written.measure(arguments, seconds, flows))
    return results


def per_second(rounds):
    return [r.per_second for r in rounds]


def p99(rounds):
    return [r.p99 for r in rounds]


# --- posts ---


def post_flow(connections=CONNECTIONS, pace=0):
    """An ordinary update of about 300 bytes, with another number in its text each time."""
    text = (
        f"Report {A_DIFFERENT_NUMBER}: the harbour stays **closed** until the wind drops, the port authority said. "
        "Ferries to the islands wait at the inner quay, and the next forecast is due at noon."
    )
    update = {"title": "Harbour closed, ferries wait", "body": text, "tags": ["harbour", "weather", "ferries"]}
    request = Request(post_update_request(SLUG, json.dumps(update).encode()), 201)
    return Flow([request], connections, pace)


def posts(bench):
    """Compared with the same server with one commit, and so one fsync, per post (no group commit)."""
    grouped, single = Written(bench), Written(bench, ONE_BY_ONE, name="one by one")
    flows = {"posts": post_flow()}
    subjects = [(grouped, flows), (single, flows)]
    ours, theirs = alternate(subjects, bench.sizes.rounds, bench.sizes.seconds)
    bench.figure("posts, 201", "wireroom", ANY_LENGTH, CONNECTIONS, ours)
    bench.figure("posts, 201", "a commit each", ANY_LENGTH, CONNECTIONS, theirs)
    note = f"{grouped.posts:,} posts were answered and are there, {single.posts:,} of those one by one"
    bench.result(bars.POSTS, per_second(ours), per_second(theirs), note)
    bench.result(bars.POSTS_TIME, p99(ours))


# --- reactions ---


def reaction_flow(update_ids=()):
    """To the story itself, or to its updates in turn; without a visitor, so that each counts."""
    places = [f"{snapshot_path(SLUG)}/{id}" for id in update_ids] or [f"/stories/{SLUG}"]
    empty = {"Content-Length": "0"}
    requests = [request_bytes(f"{place}/reactions/{REACTION}", empty, "POST") for place in places]
    return Flow([Request(request) for request in requests], CONNECTIONS)


def reactions(bench):
    written = Written(bench, NO_LIMIT, UPDATES)
    flows = [{"reactions": reaction_flow()}, {"reactions": reaction_flow(written.update_ids)}]
    to_story, to_updates = alternate([(written, f) for f in flows], bench.sizes.rounds, bench.sizes.seconds)
    bench.figure("reactions to the story, 200", "wireroom", ANY_LENGTH, CONNECTIONS, to_story)
    bench.figure(f"reactions to {UPDATES} updates, 200", "wireroom", ANY_LENGTH, CONNECTIONS, to_updates)
    note = f"{written.reactions:,} were answered and are there, with those to updates"
    bench.result(bars.REACTIONS, per_second(to_story), note=note)
    bench.result(bars.REACTIONS_SPREAD, per_second(to_updates))


def reactions_burst(bench):
    """Editors who post at a steady pace, while a crowd reacts in a closed loop, or rests."""
    written = Written(bench, NO_LIMIT, UPDATES)
    paced = post_flow(PACED_CONNECTIONS, PACED_POSTS_PER_SECOND)
    subjects = [(written, {"posts": paced}), (written, {"posts": paced, "reactions": reaction_flow()})]
    quiet, burst = alternate(subjects, bench.sizes.rounds, bench.sizes.paced_seconds)
    bench.figure("paced posts, nobody reacts", "wireroom", ANY_LENGTH, PACED_CONNECTIONS, quiet)
    case = f"paced posts, {CONNECTIONS} connections react"
    bench.figure(case, "wireroom", ANY_LENGTH, PACED_CONNECTIONS, burst)
    reacted = sum(r.besides for r in burst) / sum(r.requests / r.per_second for r in burst)
    note = f"{PACED_POSTS_PER_SECOND} posts a second; meanwhile {reacted:,.0f} reactions a second"
    bench.result(bars.REACTIONS_BURST, p99(burst), p99(quiet), note)
