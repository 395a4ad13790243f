# SPDX-License-Identifier: Apache-2.0
"""Shared long polls through nginx and Varnish, as deployed: few of them reach the server, and all readers have a change soon.

WIREROOM_SHARED_READERS is the number of readers before each proxy, 400 if it is not set; `make shared` takes 5,000.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import resource
import tempfile
import time

from checks import check, free_port, passed, run, wait_for
from nginx import Nginx, deployed
from pollers import Pollers
from varnish import Varnish
from wireroom import ADMIN_KEY, Client, Wireroom

READERS = int(os.environ.get("WIREROOM_SHARED_READERS", "400"))
MOST_LATENCY_SECONDS = 0.6
MOST_REQUESTS_PER_TICK = 3
MOST_CUT_SECONDS = 2
CHANGES = 3
# A window of the server's clock, and how much of it a check takes at most.
WINDOW_SECONDS, TIME_SECONDS = 20, 8
# What readers and proxies need to come to the next address.
SETTLING_SECONDS = 10 + READERS / 200
SECRET = "quicksilver"
COUNTER = 'wireroom_http_responses_total{method="GET",route="/stories/{story}/updates",'


class Site:
    """A server with a proxy of its own, a story, and its readers."""

    def __init__(self, name, folder, stack):
        self.name = name
        folder.mkdir()
        purge_port = free_port()
        settings = {
            "WIREROOM_TRUSTED_PROXIES": "127.0.0.1",
            "WIREROOM_PURGE_URL": f"http://127.0.0.1:{purge_port}",
            "WIREROOM_POLLS_PER_CLIENT": "2",
        }
        self.wireroom = wireroom = Wireroom(folder, settings=settings)
        wireroom.start()
        stack.callback(wireroom.kill)
        if name == "nginx":
            self.proxy = Nginx(folder / "proxy", roomy, wireroom.url, purge_port)
        else:
            self.proxy = Varnish(folder / "proxy", wireroom.url, purge_port)
        self.proxy.start()
        stack.callback(self.proxy.stop)
        self.server = Client(wireroom.url)
        self.story = self.new_story("Storm at the harbour")
        self.pollers = Pollers(self.proxy.url, self.story, self.cursor(self.story), READERS)
        stack.callback(self.pollers.close)

    def leave(self):
        """Sends all readers away, and ends what is still held for them."""
        self.pollers.close()
        self.post(self.story, "The end.")
        wait_for(lambda: self.server.metrics()["wireroom_parked_polls"] == 0, 5, f"{self.name}: polls outlive their readers")

    def new_story(self, title):
        """A story whose present window of the clock leaves time for what is tried on it."""
        while True:
            story = self.server.must_write("POST", "/stories", {"title": title}).json["id"]
            phase = int(story.replace("-", "")[16:], 16) % (WINDOW_SECONDS * 1000)
            if WINDOW_SECONDS - (time.time() + phase / 1000) % WINDOW_SECONDS > TIME_SECONDS:
                return story

    def cursor(self, story):
        return self.server.read(f"/stories/{story}/updates")["cursor"]

    def post(self, story, text):
        return self.server.must_write("POST", f"/stories/{story}/updates", {"body": text}).json["id"]

    def reader(self, source):
        return Client(self.proxy.url, seconds=40, source=source)

    def polls(self):
        """Polls that have reached the server: those answered, and those that wait."""
        figures = self.server.metrics()
        answered = [value for name, value in figures.items() if name.startswith(COUNTER)]
        return sum(answered) + figures["wireroom_parked_polls"]

    def held(self, story):
        """The address at which readers of a story's present cursor are held."""
        path = f"/stories/{story}/updates?cursor={self.cursor(story)}&wait=20&tick="
        return path + str(self.server.read(path + "0")["tick"])

    def settle(self, tick=None, seconds=SETTLING_SECONDS):
        """Waits until all readers wait at one address, later than `tick`; returns its tick."""
        found = wait_for(
            lambda: self.pollers.are_at(tick), seconds,
            lambda: f"{self.name}: readers do not meet: {len(self.pollers.readers)}, {self.pollers.failures[:3]}")
        check(not self.pollers.failures, f"{self.name}: {self.pollers.failures[:3]}")
        # The last request may still be on its way.
        wait_for(lambda: self.server.metrics()["wireroom_parked_polls"] >= 1, 5, f"{self.name}: nobody waits at the server")
        time.sleep(0.3)
        return found


def roomy(nginx, upstream, purge_port):
    text = deployed(nginx, upstream, purge_port)
    shipped = "worker_connections 1000;"
    check(shipped in text, "deployed() has other limits")
    return text.replace(shipped, f"worker_connections {READERS + 1000};")


def check_changes(site):
    """Each change reaches all readers soon, by few requests of the server."""
    slowest, most = 0, 0
    tick = site.settle()
    for number in range(CHANGES):
        before = site.polls()
        site.post(site.story, f"Report {number}.")
        answered = time.monotonic()
        cursor = site.cursor(site.story)
        wait_for(lambda: len(site.pollers.arrivals.get(cursor, [])) == READERS, SETTLING_SECONDS,
                 lambda: f"{site.name}: {len(site.pollers.arrivals.get(cursor, []))} of {READERS} have a change")
        slowest = max(slowest, max(site.pollers.arrivals[cursor]) - answered)
        tick = site.settle(tick)
        # One of the requests was made here, for the cursor.
        most = max(most, site.polls() - before - 1)
    check(most <= MOST_REQUESTS_PER_TICK, f"{site.name}: {most:.0f} polls of a tick reached the server")
    check(slowest < MOST_LATENCY_SECONDS, f"{site.name}: the last of {READERS} readers had a change {slowest * 1000:.0f} ms late")
    passed(f"{site.name}: the last of {READERS} readers has a change after {max(slowest, 0) * 1000:.0f} ms,"
           f" {most:.0f} polls of a tick reach the server")


def check_window(site, tick, before):
    """At the end of a window all go on at the next address, by few requests."""
    site.settle(tick, WINDOW_SECONDS + SETTLING_SECONDS)
    reached = site.polls() - before
    check(reached <= MOST_REQUESTS_PER_TICK, f"{site.name}: {reached:.0f} polls reached the server at the end of a window")
    passed(f"{site.name}: at the end of a window {READERS} readers go on by {reached:.0f} polls of the server")


def asked(site, path, sources):
    """Asks from several addresses at once; returns futures, when the server has one of them waiting."""
    pool = concurrent.futures.ThreadPoolExecutor(len(sources))
    before = site.server.metrics()["wireroom_parked_polls"]
    futures = [pool.submit(site.reader(source).get, path) for source in sources]
    wait_for(lambda: site.server.metrics()["wireroom_parked_polls"] > before, 5, f"{site.name}: {path} does not wait")
    time.sleep(0.2)
    pool.shutdown(wait=False)
    return futures


def check_takedown(site):
    """Held polls end with a takedown; what they and others before it were answered is in the cache no more."""
    story = site.new_story("Taken down")
    first = site.held(story)
    waiting = asked(site, first, ["127.0.0.11", "127.0.0.12"])
    update = site.post(story, f"The {SECRET} is in hold three.")
    check(all(SECRET.encode() in each.result(5).body for each in waiting), f"{site.name}: a held poll brings nothing")
    waiting = asked(site, site.held(story), ["127.0.0.11", "127.0.0.12"])
    answer = site.server.must_write("POST", f"/stories/{story}/updates/{update}/takedown", {"reason": "Not for print."}).json
    check(answer["purged"] is True, f"{site.name}: the takedown was not purged: {answer}")
    check(SECRET.encode() not in site.reader("127.0.0.13").get(first).body, f"{site.name}: the words are in the cache")
    for each in waiting:
        changes = each.result(5).json["changes"]
        check([change["op"] for change in changes] == ["remove"], f"{site.name}: a takedown ends a held poll by {changes}")
    passed(f"{site.name}: a takedown ends held polls, and the cache has nothing of before")


def check_hidden(site):
    """Readers of a story that is hidden have a 404 at once, by few requests."""
    story = site.new_story("Hidden")
    sources = [f"127.0.0.{20 + number}" for number in range(20)]
    waiting = asked(site, site.held(story), sources)
    before = site.polls()
    site.server.must_write("PATCH", f"/stories/{story}", {"status": "draft"})
    answered = time.monotonic()
    statuses = {each.result(5).status for each in waiting}
    late, reached = time.monotonic() - answered, site.polls() - before
    check(statuses == {404} and late < MOST_LATENCY_SECONDS, f"{site.name}: a hidden story is answered {statuses} after {late:.1f} s")
    check(reached <= MOST_REQUESTS_PER_TICK, f"{site.name}: {reached:.0f} polls of a hidden story reached the server")
    passed(f"{site.name}: {len(sources)} held polls of a story that is hidden end with 404")


def check_left(site):
    """When the reader whose poll the server holds goes away, the others have the change all the same."""
    story = site.new_story("Left alone")
    path = site.held(story)
    polls = site.polls()
    leader = site.reader("127.0.0.50").connection()
    before = site.server.metrics()["wireroom_parked_polls"]
    leader.request("GET", path)
    wait_for(lambda: site.server.metrics()["wireroom_parked_polls"] > before, 5, f"{site.name}: {path} does not wait")
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(site.reader(f"127.0.0.{51 + number}").get, path) for number in range(5)]
        time.sleep(0.3)
        leader.close()
        time.sleep(0.3)
        site.post(story, "For those who stay.")
        answered = time.monotonic()
        check(all(b"who stay" in each.result(5).body for each in waiting), f"{site.name}: those who stay have nothing")
        late = time.monotonic() - answered
    check(late < MOST_LATENCY_SECONDS, f"{site.name}: when the first reader leaves, others wait {late:.1f} s")
    check((reached := site.polls() - polls) == 1, f"{site.name}: when the first reader leaves, {reached:.0f} polls reach the server")
    passed(f"{site.name}: the first reader of a poll may leave, the others have the change after {max(late, 0) * 1000:.0f} ms")


def check_refused(site):
    """A 503 that one network gets for its share is not given to others."""
    stories = [site.new_story(f"Share {number}") for number in range(3)]
    paths = [site.held(story) for story in stories]
    waiting = [each for path in paths[:2] for each in asked(site, path, ["127.0.0.60"])]
    refused = site.reader("127.0.0.60").get(paths[2])
    check(refused.status == 503 and int(refused.headers["Retry-After"]) > 0, f"{site.name}: over its share it is answered {refused.status}")
    waiting += asked(site, paths[2], ["127.0.0.61", "127.0.0.62"])
    for story in stories:
        site.post(story, "News.")
    statuses = [each.result(5).status for each in waiting]
    check(set(statuses) == {200}, f"{site.name}: others are answered {statuses}")
    passed(f"{site.name}: a 503 for one network's share is not shared")


def check_cut(site):
    """When the server is killed, all who wait have an error at once, and do not ask it one by one."""
    story = site.new_story("Cut off")
    waiting = asked(site, site.held(story), [f"127.0.0.{80 + number}" for number in range(20)])
    site.wireroom.kill()
    killed = time.monotonic()
    statuses = {each.result(10).status for each in waiting}
    late = time.monotonic() - killed
    check(statuses <= {502, 503} and late < MOST_CUT_SECONDS, f"{site.name}: without the server {statuses} after {late:.1f} s")
    passed(f"{site.name}: when the server is killed, all who wait are told within {late * 1000:.0f} ms")


def check_keys(site):
    """Holders of keys get answers of their own, and any `wait` is one address."""
    story = site.new_story("Keys")
    feed, cursor = f"/stories/{story}/updates", site.cursor(story)
    path, same = f"{feed}?cursor={cursor}&wait=20&tick=0", f"{feed}?tick=0&wait=7&cursor={cursor}"
    key = {"Authorization": f"Bearer {ADMIN_KEY}"}
    desk = site.reader("127.0.0.70").ask("GET", path, headers=key)
    check(desk.headers["Cache-Control"] == "private, no-store", f"{site.name}: with a key {desk.headers['Cache-Control']}")
    first, other = site.reader("127.0.0.70").get(path), site.reader("127.0.0.71").get(same)
    check(first.headers["Cache-Control"] == "public, max-age=2, must-revalidate" and first.headers["ETag"] is None,
          f"{site.name}: a shared answer has {first.headers}")
    check(first.headers["X-Cache"] == "MISS", f"{site.name}: the first answer to readers is {first.headers['X-Cache']}")
    check(other.headers["X-Cache"] == "HIT" and other.body == first.body, f"{site.name}: {same} is {other.headers['X-Cache']}")
    check(other.headers["X-Request-Id"] != first.headers["X-Request-Id"], f"{site.name}: two readers have one request id")
    passed(f"{site.name}: answers to keys are private; another wait and order are the same address")


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        sites = [Site(each, pathlib.Path(name) / each, stack) for each in ("nginx", "varnish")]
        for site in sites:
            check_changes(site)
        places = [(site, site.settle(), site.polls()) for site in sites]
        for place in places:
            check_window(*place)
        for site in sites:
            site.leave()
            for each in (check_keys, check_takedown, check_hidden, check_left, check_refused, check_cut):
                each(site)


if __name__ == "__main__":
    run("shared long polls through nginx and Varnish", main)
