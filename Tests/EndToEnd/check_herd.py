# SPDX-License-Identifier: Apache-2.0
"""Thousands of readers behind nginx come back at once: after a restart, after an outage, and all in the same instant.

WIREROOM_HERD_READERS is their number, 10,000 if it is not set. Each time all readers must have their stream again within 15 s,
without a storm of refusals, and then be quiet; what was written meanwhile reaches every one of them.
"""

import collections
import os
import pathlib
import resource
import tempfile
import time

from checks import check, passed, run
from herd import Herd
from nginx import Nginx, deployed
from procstats import ProcessStats
from wireroom import Client, Wireroom

READERS = int(os.environ.get("WIREROOM_HERD_READERS", 10_000))
STORY = "/stories/herd"
CALM_SECONDS = 15
"""Within that time all readers must have their stream."""
QUIET_SECONDS = 2
OUTAGE_SECONDS = 3
MOST_CONNECTIONS = 50
REFUSED = 60


def raise_descriptor_limit():
    """For this process, which has all readers, for nginx and for the server."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # nginx's workers share the readers, each of whom takes two, roughly evenly.
    check(most >= 1.5 * READERS + 1_000, f"the limit on descriptors, {most}, is too low for {READERS} readers")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Scene:
    """The server behind nginx, and the readers."""

    def __init__(self, folder):
        self.server = Wireroom(folder, settings={"WIREROOM_TRUSTED_PROXIES": "127.0.0.1"})
        self.server.start()
        self.client = Client(self.server.url)
        self.client.must_write("POST", "/stories", {"title": "Herd", "slug": "herd", "status": "live"})
        for number in range(5):
            self.post(f"Update {number}.")
        self.nginx = Nginx(folder / "nginx", deployed, self.server.url, connections=2 * READERS + 1_000)
        self.nginx.start()
        cursor = self.client.read(f"{STORY}/updates")["cursor"]
        self.herd = Herd(self.nginx.port, STORY, cursor, READERS)

    def post(self, text):
        self.client.must_write("POST", f"{STORY}/updates", {"body": text})

    def start(self):
        """Starts the server, which finds an editor at work: all readers have missed a change."""
        self.server.start()
        mark = f"missed-{time.monotonic_ns()}"
        self.herd.expect(mark.encode())
        self.post(mark)

    def stop(self):
        self.nginx.stop()
        self.server.stop()
        self.herd.close()


def run_for(herd, seconds):
    end = time.monotonic() + seconds
    herd.run(lambda: time.monotonic() > end, seconds + 1)


def be_calm(scene, what, most_refusals):
    """Lets the readers come back, and checks how."""
    herd, began = scene.herd, time.monotonic()
    stats = ProcessStats(scene.server.server.process.pid)
    before = stats.processor_seconds()
    has_all = herd.run(lambda: herd.are_all_streaming and herd.marked == READERS, CALM_SECONDS)
    seconds = time.monotonic() - began
    failures = {status: count for status, count in herd.statuses.items() if status >= 500}
    check(has_all, f"{what}: after {seconds:.1f} s {herd.streaming} of {READERS} have their stream, {herd.marked} what they "
                   f"missed; {dict(herd.statuses)}, {herd.broken} connections broken")
    spent = stats.processor_seconds() - before
    worst = max(herd.refusals.values(), default=0)
    check(worst <= most_refusals, f"{what}: a reader was refused {worst} times: {failures}")
    requests = herd.requests
    run_for(herd, QUIET_SECONDS)
    check(herd.requests == requests and herd.are_all_streaming, f"{what}: {herd.requests - requests} requests came when all was over")
    passed(f"{what}: {READERS:,} readers have their stream and what they missed after {seconds:.1f} s, with {requests:,} requests, "
           f"5xx: {failures or 'none'}, {herd.broken} connections broken, {spent:.1f} s of the server's processors")


def check_delivery(scene):
    """A change reaches all of them."""
    mark = f"news-{time.monotonic_ns()}"
    scene.herd.expect(mark.encode())
    scene.post(mark)
    began = time.monotonic()
    check(scene.herd.run(lambda: scene.herd.marked == READERS, 5), f"{scene.herd.marked} of {READERS} have the news")
    passed(f"the last of them has the next change {time.monotonic() - began:.2f} s after the answer to the write")


def check_first(scene):
    began = time.monotonic()
    check(scene.herd.run(lambda: scene.herd.are_all_streaming, 60), f"{scene.herd.streaming} of {READERS} have a stream: "
          f"{dict(scene.herd.statuses)}, {scene.herd.broken} broken")
    passed(f"{READERS:,} readers have their stream through nginx after {time.monotonic() - began:.1f} s")


def check_restart(scene):
    """An upgrade: streams are ended properly, and the server is back at once."""
    scene.herd.forget()
    scene.server.stop()
    scene.start()
    be_calm(scene, "after a restart", most_refusals=1)


def check_outage(scene):
    """The server is killed, and away for some seconds, in which nginx has nobody to ask."""
    scene.herd.forget()
    scene.server.kill()
    run_for(scene.herd, OUTAGE_SECONDS)
    scene.start()
    be_calm(scene, f"after {OUTAGE_SECONDS} s without a server", most_refusals=4)


def check_stampede(scene):
    """Readers who heed nothing: all of them come back in the same instant."""
    scene.herd.forget()
    scene.herd.is_patient = False
    scene.server.kill()
    scene.start()
    be_calm(scene, "all in the same instant", most_refusals=2)
    scene.herd.is_patient = True


def served(server):
    """A connection that the server has taken, and keeps."""
    connection = Client(server.url).connection()
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    check(answer.status == 200 and answer.read(), f"one of the first {MOST_CONNECTIONS} connections is answered {answer.status}")
    return connection


def check_refusals(folder):
    """Connections over the limit are told when to come back, each at another time."""
    folder.mkdir()
    server = Wireroom(folder, settings={"WIREROOM_CONNECTIONS": str(MOST_CONNECTIONS)})
    server.start()
    try:
        held = [served(server) for _ in range(MOST_CONNECTIONS)]
        wishes = collections.Counter()
        for _ in range(REFUSED):
            answer = Client(server.url).get("/healthz")
            check(answer.status == 503, f"a connection over the limit is answered {answer.status}")
            wishes[int(answer.headers["Retry-After"])] += 1
        check(min(wishes) >= 5 and max(wishes) <= 15 and len(wishes) >= 5, f"Retry-After is {dict(wishes)}")
        for each in held:
            each.close()
    finally:
        server.stop()
    passed(f"{REFUSED} connections over --connections {MOST_CONNECTIONS} are told to come back after {min(wishes)} to {max(wishes)} s")


def main():
    raise_descriptor_limit()
    with tempfile.TemporaryDirectory(prefix="wireroom-herd-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        check_refusals(folder / "small")
        scene = Scene(folder)
        try:
            for each in (check_first, check_restart, check_delivery, check_outage, check_stampede, check_delivery):
                each(scene)
        finally:
            scene.stop()


if __name__ == "__main__":
    run("readers who come back", main)
