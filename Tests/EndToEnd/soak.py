# SPDX-License-Identifier: Apache-2.0
"""Soak test: desks and readers of all kinds work for a while; the server must not degrade.

usage: soak.py [--minutes NUMBER], with WIREROOM_BINARY as the server

All kinds of writes are made, to stories that are kept small; readers poll, wait, stream, filter, connect and disconnect, read
cold pages, or never read. Every minute the desks rest, and every follower's copy must equal a fresh snapshot, which
must equal the acknowledged state. At the end:

- Memory is flat: after the warm-up, the median of the last third is at most 5 % above that of the first.
  The warm-up, a quarter of the time but at most 3 minutes, begins with more pages than the cache holds, so that the cache is
  full; stories are small and old updates are deleted, so that what grows is not cached data. The database does grow, by
  tombstones; its size is shown.
- As many descriptors are open as before the first client, and all gauges of clients are zero.
- Every response had a status that openapi.yaml names for its route, by the server's own counters.
- The log has no line of level error, the server exits with 0, its file is intact and complete at the next start.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import re
import resource
import sqlite3
import statistics
import tempfile
import time

import attackers
import disconnects
from attackers import Attackers
from checks import Failure, check, passed, run, wait_for
from desk import Desk, DeskAtWork
from gauges import left_over
from ledger import Ledger
from readers import ColdReader, ShortStories, StreamFollower, Visitor
from traffic import Follower, Poller, stop
from procstats import ProcessStats
from wireroom import Client, Wireroom

MEBIBYTE = 1 << 20
STORIES = ["harbour", "airport"]
SAMPLE_SECONDS = 2
MOST_WARM_UP_SECONDS = 180
MOST_GROWTH = 1.05
WRITE_PAUSE = 0.05
COLD_PAUSE = 0.01
ARCHIVE_UPDATES = 3_000
STREAMS, STALLED, SLOW = 600, 30, 30
DISCONNECT_PAUSE = 0.1
LEAST_ROUTES = 15
"""Least number of routes in the counters; fewer mean that the counters were not found."""
COLUMNS = ["RSS MiB", "cache MiB", "database MiB", "log MiB", "descriptors", "processor %", "requests/s"]


# --- the clients ---


class Crew:
    """All clients, each in its own thread; thousands of streams and slow clients in processes."""

    def __init__(self, server):
        self.client, self.ledger = Client(server.url), Ledger()
        desks = [Desk(self.client, story, story) for story in STORIES]
        self.pages = archive(self.client)
        stream = f"/stories/{STORIES[0]}/stream"
        self.crowds = [
            Attackers(attackers.waiting, server.port, STREAMS, stream),
            Attackers(attackers.drip, server.port, STALLED, attackers.head("GET", stream), b"", True, False),
            Attackers(attackers.slow_heads, server.port, SLOW),
            Attackers(attackers.slow_bodies, server.port, SLOW),
            Attackers(disconnects.half_sent, server.port, 1, DISCONNECT_PAUSE, half_sent_reaction()),
        ]
        for crowd in self.crowds:
            crowd.must_be_ready()
        self.desks = [DeskAtWork(self.client, self.ledger, desk, WRITE_PAUSE) for desk in desks]
        self.followers = [follower for story in STORIES for follower in self.followers_of(story)]
        self.others = [
            *(Poller(self.client, self.ledger, f"/stories/{story}/updates?limit=20") for story in STORIES),
            *(Visitor(self.client, self.ledger, 0.5, story) for story in STORIES),
            ColdReader(self.client, self.ledger, COLD_PAUSE, self.pages),
            ShortStories(self.client, self.ledger, 1),
        ]

    def followers_of(self, story):
        client, ledger = self.client, self.ledger
        return [
            Follower(client, ledger, 0, story), Follower(client, ledger, 10, story),
            Follower(client, ledger, 0, story, "&only=key"), Follower(client, ledger, 10, story, "&tag=ferries"),
            StreamFollower(client, ledger, story), StreamFollower(client, ledger, story, "&tag=weather"),
        ]

    @property
    def workers(self):
        return [*self.desks, *self.followers, *self.others]

    def start(self):
        for path in self.pages:
            self.client.read(path)
        for worker in self.workers:
            worker.start()

    def must_go_on(self):
        for worker in self.workers:
            if worker.failure:
                raise Failure(f"{type(worker).__name__}: {worker.failure}") from worker.failure

    def compare(self):
        """Checks, while the desks rest, that acknowledged writes exist, and that followers have them."""
        with contextlib.ExitStack() as stack:
            for desk in self.desks:
                stack.enter_context(desk.at_work)
            for desk in self.desks:
                desk.desk.check_all()
            for follower in self.followers:
                self.must_come_to_hold(follower)

    def must_come_to_hold(self, follower):
        last = None

        def holds():
            nonlocal last
            self.must_go_on()
            try:
                follower.must_hold(self.client.whole(follower.story_path.removeprefix("/stories/"), follower.only))
            except Failure as failure:
                last = failure
                return False
            return True

        wait_for(holds, 15, lambda: f"{type(follower).__name__} of {follower.story_path}: {last}")

    def stop(self):
        stop(self.desks)
        self.must_go_on()
        self.compare()
        stop([*self.others, *self.followers])
        self.must_go_on()
        for crowd in self.crowds:
            crowd.stop()

    def kill(self):
        for crowd in self.crowds:
            crowd.kill()


def half_sent_reaction():
    return attackers.head("POST", f"/stories/{STORIES[0]}/reactions/veryGood", 16_384) + b" " * 16_300


def archive(client):
    """Creates a long story; returns URLs of more of its pages than the cache holds."""
    client.must_write("POST", "/stories", {"title": "The archive", "slug": "archive", "tags": ["weather"]})
    text = "The harbour stays **closed** until the wind drops. " * 10
    for _ in range(ARCHIVE_UPDATES // 300):
        client.must_write("POST", "/stories/archive/updates", [{"body": text}] * 300)
    starts, page = [], client.read("/stories/archive/updates?limit=100")
    while page["older"]:
        starts.append(re.search("before=([^&]+)", page["older"])[1])
        page = client.read(page["older"])
    path = "/stories/archive/updates"
    return [f"{path}?limit={limit}&before={start}" for limit in range(20, 60) for start in starts]


# --- measurements ---


class Curve:
    """The server's metrics, sampled every few seconds."""

    def __init__(self, server):
        self.server = server
        self.client = Client(server.url)
        self.stats = ProcessStats(server.server.process.pid)
        self.began = time.monotonic()
        self.rows = []
        self.last = None

    def sample(self):
        metrics = self.client.metrics()
        spent, requests, now = (
            self.stats.processor_seconds(), metrics["wireroom_http_requests_total"], time.monotonic())
        before = self.last or (spent, requests, now - 1)
        self.last = (spent, requests, now)
        seconds = now - before[2]
        self.rows.append((now - self.began, [
            self.stats.resident_bytes() / MEBIBYTE, metrics["wireroom_cache_bytes"] / MEBIBYTE,
            size(self.server.database), size(f"{self.server.database}-wal"), self.stats.descriptors(),
            100 * (spent - before[0]) / seconds, (requests - before[1]) / seconds]))

    def print(self, minutes):
        """A line per minute, or per tenth of a short soak: minimum, median and maximum of each."""
        step = max(60 * minutes / 15, 6)
        print("  minute    " + "".join(f"{name:>22}" for name in COLUMNS))
        parts = collections.defaultdict(list)
        for at, row in self.rows:
            parts[int(at // step)].append(row)
        for part, rows in sorted(parts.items()):
            cells = "".join(f"{least_median_most(values):>22}" for values in zip(*rows, strict=True))
            print(f"  {part * step / 60:6.1f}    {cells}", flush=True)

    def growth(self, warm_up):
        """The medians of memory in the first and the last third after the warm-up."""
        memory = [row[0] for at, row in self.rows if at >= warm_up]
        third = len(memory) // 3
        return statistics.median(memory[:third]), statistics.median(memory[-third:])


def size(path):
    return os.path.getsize(path) / MEBIBYTE if os.path.exists(path) else 0


def least_median_most(values):
    return "/".join(f"{value:.0f}" for value in (min(values), statistics.median(values), max(values)))


# --- final checks ---


def check_flat(curve, warm_up):
    first, last = curve.growth(warm_up)
    check(last <= first * MOST_GROWTH, f"memory grows from {first:.1f} to {last:.1f} MiB, by {last / first - 1:.1%}")
    passed(f"memory is flat: {first:.1f} MiB after {warm_up:.0f} s of warm-up, {last:.1f} MiB at the end"
           f" ({last / first - 1:+.1%})")


def check_statuses(client):
    """The statuses by route, as the server counts them, are those in openapi.yaml."""
    named, seen = named_statuses(client.get("/openapi.yaml").body.decode()), collections.defaultdict(dict)
    for name, count in client.metrics().items():
        if name.startswith("wireroom_http_responses_total{"):
            labels = dict(re.findall(r'(\w+)="([^"]*)"', name))
            seen[labels.get("method", ""), labels["route"]][labels["status"]] = int(count)
    for (method, route), statuses in sorted(seen.items(), key=lambda item: item[0][1]):
        told = ", ".join(f"{count:,} {status}" for status, count in sorted(statuses.items()))
        print(f"          {method} {route}: {told}")
    check(len(seen) >= LEAST_ROUTES, f"only {len(seen)} routes are counted")
    strange = [f"{method} {route} {status}" for (method, route), statuses in seen.items() for status in statuses
               if status not in named[method, route]]
    check(not strange, f"answers that openapi.yaml does not name: {', '.join(strange)}")
    passed(f"{sum(map(len, seen.values()))} statuses of {len(seen)} routes, all of them named in openapi.yaml")


def named_statuses(text):
    """Statuses in openapi.yaml, by method and path, and by path alone for all its methods."""
    named, path, method = collections.defaultdict(set), None, None
    for line in text.splitlines():
        if found := re.match(r"  (/\S*):", line):
            path = found[1]
        elif found := re.match(r"    (get|post|put|patch|delete):", line):
            method = found[1].upper()
        elif found := re.match(r'        "(\d{3})":', line):
            named[method, path].add(found[1])
            named["", path].add(found[1])
    # Incomplete requests, answered 408, have no route.
    return collections.defaultdict(lambda: {"408"}, named)


def check_log(log):
    lines = [line for line in log.read_text().splitlines() if re.search("Z (error|warning) ", line)]
    errors = [line for line in lines if "Z error " in line]
    check(not errors, f"the log has {len(errors)} errors: {errors[:3]}")
    passed(f"no error in the log, {len(lines)} warnings" + "".join(f"\n          {line}" for line in lines[:5]))


def check_on_disk(server, crew):
    log = server.server.log
    seconds = server.stop()
    check(server.server.process.returncode == 0, f"the server ends with {server.server.process.returncode}")
    with contextlib.closing(sqlite3.connect(server.database)) as database:
        found = database.execute("PRAGMA integrity_check").fetchall()
    check(found == [("ok",)], f"the database is damaged: {found}")
    server.start()
    for desk in crew.desks:
        desk.desk.check_all()
    passed(f"the server ends in {seconds:.1f} s; after another start all is as acknowledged")
    check_log(log)


def end(server, crew, curve, descriptors, warm_up):
    """Runs all final checks, even if some fail."""
    failures = []

    def attempt(check_one, *values):
        try:
            check_one(*values)
        except Failure as failure:
            print(f"  FAIL  {failure}", flush=True)
            failures.append(failure)

    attempt(check_flat, curve, warm_up)
    attempt(check_descriptors, curve.stats, descriptors)
    attempt(check_at_rest, crew.client)
    attempt(check_statuses, crew.client)
    attempt(check_on_disk, server, crew)
    check(not failures, f"{len(failures)} things do not hold")


def check_descriptors(stats, before):
    wait_for(lambda: stats.descriptors() <= before, 5,
             lambda: f"{stats.descriptors()} descriptors are open, {before} were at the start")
    passed(f"{stats.descriptors()} descriptors are open, as at the start")


def check_at_rest(client):
    """All gauges of clients are zero, and a page of 1 MiB is served."""
    wait_for(lambda: not left_over(client.metrics()), 5,
             lambda: f"with nobody connected there are still {left_over(client.metrics())}")
    client.must_write("POST", "/stories", {"title": "A large page", "slug": "large"})
    text = "The harbour stays **closed** until the wind drops. " * 60
    for _ in range(4):
        client.must_write("POST", "/stories/large/updates", [{"body": text}] * 50)
    page = client.get("/stories/large/updates?limit=200")
    check(page.status == 200 and len(page.body) > MEBIBYTE, f"a large page: {page.status}, {len(page.body):,} bytes")
    check(len(page.json["updates"]) == 200, "a large page is not whole")
    passed("nothing of those who are gone is counted any more, and a large page is served")


# --- main ---


def soak(server, minutes):
    crew, curve = Crew(server), Curve(server)
    try:
        crew.start()
        curve.began, comparisons = time.monotonic(), 0
        pause = min(60, minutes * 60 / 5)
        while (spent := time.monotonic() - curve.began) < minutes * 60:
            server.server.must_run()
            crew.must_go_on()
            curve.sample()
            if spent > (comparisons + 1) * pause:
                crew.compare()
                comparisons += 1
            time.sleep(SAMPLE_SECONDS)
        crew.stop()
    finally:
        curve.print(minutes)
        crew.kill()
    written = sum(desk.desk.written for desk in crew.desks)
    cuts = sum(follower.cuts for follower in crew.followers if isinstance(follower, StreamFollower))
    check(not any(desk.desk.interruptions for desk in crew.desks), "writes were not answered")
    passed(f"{comparisons + 1} times {len(crew.followers)} followers held what a fresh snapshot shows, and that was what was"
           f" acknowledged: {written:,} turns of the desks, streams cut {cuts} times")
    return crew, curve


def main():
    parser = argparse.ArgumentParser(description="Lets desks and readers work for a while, and looks whether memory is flat.")
    parser.add_argument("--minutes", type=float, default=15)
    minutes = parser.parse_args().minutes
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="wireroom-soak-") as folder:
        server = Wireroom(pathlib.Path(folder), settings={"WIREROOM_REACTION_RATE": "0"})
        server.start()
        # Opens the database connections that are opened on first use.
        Client(server.url).read("/stories")
        descriptors = ProcessStats(server.server.process.pid).descriptors()
        try:
            crew, curve = soak(server, minutes)
            end(server, crew, curve, descriptors, min(MOST_WARM_UP_SECONDS, minutes * 60 / 4))
        finally:
            server.kill()


if __name__ == "__main__":
    run("soak", main)
