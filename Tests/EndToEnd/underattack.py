# SPDX-License-Identifier: Apache-2.0
"""A server under attack with a healthy client, and the measurements of both."""

import collections
import contextlib
import os
import re
import resource
import shutil
import subprocess
import time

from attackers import Attackers
from complexity import TEXT_CHARACTERS
from checks import check
from gauges import figures, left_over
from healthy import Healthy
from traffic import FEED, STORY, Line
from procstats import ProcessStats, busy_seconds
from wireroom import ADMIN_KEY, Client, Wireroom

MOST_MILLISECONDS = int(os.environ.get("WIREROOM_MOST_MILLISECONDS", "100"))
"""Upper bound of healthy clients' response times, at the quantiles of IN_TIME."""
IN_TIME = {"polls": 0.99, "pages": 0.99, "newcomers": 0.99, "posts": 0.9}
"""Quantiles that must be in time; lower for posts, which are few and wait for the disk."""
MOST_ECHO_MILLISECONDS = 30
"""If the 99 % quantile of the echoes is above this, the machine is busy."""
MOST_DISK_MILLISECONDS = 30
"""If the 90 % quantile of another process's small writes is above this, the disk is busy."""
MOST_STRANGERS_SHARE = 0.1
"""Share of all CPUs. If unrelated processes use more, response times are unreliable."""
RECOVERY_SECONDS = 3
"""Time until the descriptors of a past attack must be released."""
MOST_IDLE_SHARE = 0.1
"""Share of one CPU that the idle server may use after an attack."""
MOST_LINES = 8
"""Log lines per attack: the same message is logged at most once in 10 seconds."""
LINES_PER_SECOND = 40
"""Request lines in the log, in each second of the clock, at the default sampling rate."""
UPDATES = 60
"""In the story that healthy clients read."""
LONG_UPDATES = 1_000
"""In the story of the expensive reads."""
REACTED_UPDATES = 2_100
"""In the story in which every update has a reaction."""
LARGE_PAGE = "/stories/large/updates?limit=200"
LARGE_PAGE_BYTES = 1 << 20
"""Minimum size of a large page."""


class Material:
    """A database template, copied for each attack, and URLs of the most expensive reads."""

    def __init__(self, folder):
        server = Wireroom(folder / "material", settings={"WIREROOM_REACTION_RATE": "0"})
        server.folder.mkdir()
        server.start()
        client = Client(server.url)
        client.must_write("POST", "/stories", {"title": "Storm at the harbour", "slug": STORY})
        reports = [{"body": f"Report {number}: the harbour stays **closed**."} for number in range(UPDATES)]
        client.must_write("POST", FEED, reports)
        client.must_write("POST", "/stories", {"title": "A long story", "slug": "long", "tags": ["weather"]})
        text = "The harbour stays **closed** until the wind drops. " * 20
        for _ in range(LONG_UPDATES // 100):
            client.must_write("POST", "/stories/long/updates", [{"body": text}] * 100)
        client.must_write("POST", "/stories", {"title": "A story of a large page", "slug": "large"})
        for _ in range(4):
            client.must_write("POST", "/stories/large/updates", [{"body": text * 3}] * 50)
        self.reacted = reacted_updates(client)
        self.pages = large_pages(client)
        self.cursor = client.read(f"{FEED}?limit=1")["cursor"]
        server.stop()
        self.database = server.database
        self.bound_key = bound_key(server.database, "long")

    def server(self, folder, prefix=(), settings=None):
        """A new server on a copy of the template."""
        folder.mkdir()
        # Without its lock file it would begin a new epoch, with other cursors. A WAL exists if the last process to close
        # the database was not the last to release it.
        for suffix in ("", ".lock", "-wal"):
            if os.path.exists(f"{self.database}{suffix}"):
                shutil.copy(f"{self.database}{suffix}", folder / f"wireroom.db{suffix}")
        server = Wireroom(folder, prefix=prefix, settings=settings)
        server.start()
        return server


def bound_key(database, story):
    """An editor key for one story."""
    arguments = ["keys", "create", "--name", "Night desk", "--story", story, "--database", str(database)]
    done = subprocess.run([os.environ["WIREROOM_BINARY"], *arguments], capture_output=True, text=True, check=True)
    return re.search(r"^\S{20,}$", done.stdout, re.MULTILINE)[0]


def reacted_updates(client):
    """Creates a story in which every update has a reaction; returns the updates' paths."""
    client.must_write("POST", "/stories", {"title": "A story that people like", "slug": "liked"})
    for _ in range(REACTED_UPDATES // 100):
        client.must_write("POST", "/stories/liked/updates", [{"body": "The bridge is open."}] * 100)
    paths = [f"/stories/liked/updates/{update['id']}" for update in client.whole("liked")["updates"]]
    line = Line(client)
    for path in paths:
        check(line.ask("POST", f"{path}/reactions/veryGood").status == 200, f"a reaction to {path} is not taken")
    line.connection.close()
    return paths


def large_pages(client):
    """A thousand different pages of half a megabyte each."""
    starts, page = [], client.read("/stories/long/updates?limit=40")
    while page["older"]:
        starts.append(re.search("before=([^&]+)", page["older"])[1])
        page = client.read(page["older"])
    # After the last ones too few updates remain for a page.
    starts = starts[:-5]
    return [f"/stories/long/updates?limit={limit}&before={start}" for limit in range(150, 200) for start in starts]


class AttackRun:
    def __init__(self, server, newcomers=True, pages=()):
        self.server = server
        self.pages = pages
        """Large pages that have not been requested yet."""
        self.stats = ProcessStats(server.server.process.pid)
        self.line = Line(Client(server.url))
        self.healthy = Healthy(server.url, newcomers, server.folder)
        time.sleep(0.3)
        self.lines, self.began = self.log_lines(), time.monotonic()
        self.before = self.stats.resident_bytes()
        self.descriptors = self.stats.descriptors()
        self.posted_by_others = 0
        self.strangers = 0
        """Share of all CPUs used by unrelated processes."""
        self.faults = []

    def log_lines(self):
        """The number of log lines: about requests, and others."""
        lines = self.server.server.log.read_text().splitlines()
        of_requests = sum(" request id=" in line for line in lines)
        return of_requests, len(lines) - of_requests

    def has_repaired_gauges(self):
        """Whether gauges were wrong, which the server corrects and reports."""
        return "gauges were wrong" in self.server.server.log.read_text()

    def must(self, holds, otherwise):
        if not holds:
            self.faults.append(otherwise)

    def ask(self, status, method, path, value=None, **headers):
        """Sends a request on a connection opened before the attack, and checks the status."""
        answer = self.line.ask(method, path, value, **headers)
        self.must(answer.status == status, f"{method} {path}: {answer.status} {answer.body[:200]!r}")
        return answer

    def write(self, method, path, value):
        answer = self.line.ask(method, path, value, authorization=f"Bearer {ADMIN_KEY}")
        check(answer.status // 100 == 2, f"{method} {path}: {answer.status} {answer.body[:200]!r}")
        return answer

    def execute(self, attack):
        """Runs the attack, and returns the attackers' findings."""
        if attack.before:
            attack.before(self)
        with contextlib.ExitStack() as stack:
            started = [Attackers(what, self.server.port, *values) for what, *values in attack.parts]
            for each in started:
                stack.callback(each.kill)
            ours = [time.process_time, self.stats.processor_seconds, self.healthy.processor_seconds]
            ours += [ProcessStats(each.process.pid).processor_seconds for each in started]
            self.healthy.begin()
            before, began = busy_seconds() - sum(spent() for spent in ours), time.monotonic()
            for each in started:
                each.must_be_ready()
            attack.during(self, attack.seconds)
            seconds = (time.monotonic() - began) * os.cpu_count()
            self.strangers = (busy_seconds() - sum(spent() for spent in ours) - before) / seconds
            told = [each.stop() for each in started]
        self.server.server.must_run()
        return sum(told, start=collections.Counter())

    def recover(self):
        """After the attack all descriptors are released, acknowledged writes exist, and the server is idle."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while self.stats.descriptors() > self.descriptors and time.monotonic() < deadline:
            time.sleep(0.05)
        self.left = self.stats.descriptors()
        self.must(self.left <= self.descriptors, f"{self.left} descriptors are open, {self.descriptors} were before")
        self.end_healthy()
        self.must_be_at_rest()
        self.peak, self.after = self.stats.peak_bytes(), self.stats.resident_bytes()
        is_idle = any(self.stats.share_of_processor(0.3) <= MOST_IDLE_SHARE for _ in range(3))
        self.must(is_idle, f"more than {MOST_IDLE_SHARE:.0%} of a processor is used when nobody asks for anything")
        of_requests, others = (now - before for now, before in zip(self.log_lines(), self.lines, strict=True))
        self.must(not self.has_repaired_gauges(), "gauges were wrong, and have been corrected")
        self.must(others <= MOST_LINES, f"the log has {others} lines about it")
        # An interval of n seconds and a fraction touches up to n + 2 seconds of the clock, each with a limit of its own.
        most = LINES_PER_SECOND * (int(time.monotonic() - self.began) + 2)
        self.must(of_requests <= most, f"the log has {of_requests} lines about requests, the rate limit allows {most}")
        count = Client(self.server.url).read(f"/stories/{STORY}")["updateCount"]
        expected = UPDATES + self.posted + self.posted_by_others
        self.must(count == expected, f"{expected} posts were acknowledged, {count} updates are there")

    def must_be_at_rest(self):
        """All gauges are back to zero, and the same server sends a large page completely."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while (left := left_over(figures(self.ask(200, "GET", "/metrics").body.decode()))) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.must(not left, f"with nobody connected there are still {left}")
        page = Client(self.server.url).get(LARGE_PAGE)
        is_whole = page.status == 200 and len(page.json["updates"]) == 200 and len(page.body) >= LARGE_PAGE_BYTES
        self.must(is_whole, f"a large page is answered {page.status} with {len(page.body):,} bytes")

    def end_healthy(self):
        self.times, failures, self.posted = self.healthy.end()
        self.must(not failures, f"{len(failures)} healthy requests failed: {'; '.join(failures[:3])}")

    def late(self):
        """Descriptions of the kinds of responses that were late."""
        parts = {kind: (part, self.times[kind].part(part)) for kind, part in IN_TIME.items() if kind in self.times}
        return [
            f"{part:.0%} of {kind} took up to {milliseconds:.0f} ms"
            for kind, (part, milliseconds) in parts.items() if milliseconds > MOST_MILLISECONDS]

    @property
    def is_machine_busy(self):
        is_slow = self.times["echo"].part(0.99) > MOST_ECHO_MILLISECONDS or self.times["disk"].part(0.9) > MOST_DISK_MILLISECONDS
        return is_slow or self.strangers > MOST_STRANGERS_SHARE

    def end(self):
        self.healthy.kill()
        self.line.connection.close()
        try:
            seconds = self.server.stop()
            code = self.server.server.process.returncode
            self.must(code == 0, f"the server ends with exit code {code} after {seconds:.1f} s")
        finally:
            self.server.kill()


# --- during an attack ---


def look_on(attack_run, seconds):
    time.sleep(seconds)


def publish_much(attack_run, seconds):
    """Publishes more than the socket buffers hold for a client that does not read."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        attack_run.write("POST", FEED, [{"body": "y" * 20_000}] * 10)
        attack_run.posted_by_others += 10
        time.sleep(0.05)


def leave_few_descriptors(attack_run):
    """Lowers the descriptor limit below the server's at start, so that the system refuses (EMFILE)."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.prlimit(attack_run.stats.pid, resource.RLIMIT_NOFILE, (attack_run.descriptors + 20, most))


MOST_STARVED_SHARE = 0.5
"""Share of one CPU, while accept fails repeatedly and the healthy client is served."""


def use_the_database(attack_run, seconds):
    """Moderate load that needs files: cold reads, a commit, and a takedown, which truncates the WAL."""
    share = attack_run.stats.share_of_processor(seconds / 2)
    attack_run.must(share <= MOST_STARVED_SHARE, f"{share:.0%} of a processor is used while there are no descriptors")
    for path in attack_run.pages[:20]:
        attack_run.ask(200, "GET", path)
    update = attack_run.write("POST", FEED, {"body": "To be taken down."}).json["id"]
    attack_run.write("POST", f"{FEED}/{update}/takedown", {"reason": "It named a child."})
    attack_run.ask(200, "GET", "/readyz")
    time.sleep(seconds / 2)


def serve_others(attack_run, seconds):
    """While one address exhausts its quotas, new clients from other addresses read and follow."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not attack_run.faults:
        for number in range(1, 21):
            other = Client(attack_run.server.url, source=f"127.0.10.{number}", seconds=5)
            status = other.get(FEED).status
            attack_run.must(status == 200, f"127.0.10.{number} is answered {status}")
            if attack_run.faults:
                break
            other.stream_until(f"/stories/{STORY}/stream", b"id: ")
    metrics = figures(attack_run.ask(200, "GET", "/metrics").body.decode())
    for name, most in {"wireroom_http_connections": MOST_OF_ONE + 100, "wireroom_streams": MOST_STREAMS_OF_ONE + 20}.items():
        attack_run.must(metrics[name] <= most, f"one address has {name} {metrics[name]:.0f}")


MOST_OF_ONE, MOST_STREAMS_OF_ONE = 1_000, 500
"""Default limits of connections and streams per client network."""


def store_bombs(attack_run):
    """Posts updates whose HTML would be many times larger; the server may reject them."""
    line = Line(Client(attack_run.server.url))
    value = [{"body": "> " * (TEXT_CHARACTERS // 2)}] * 15
    for _ in range(14):
        answer = line.ask("POST", "/stories/long/updates", value, authorization=f"Bearer {ADMIN_KEY}")
        attack_run.must(answer.status in (201, 413, 422), f"a batch of nested quotes is answered {answer.status}")
    line.connection.close()
