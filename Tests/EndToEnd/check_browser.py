# SPDX-License-Identifier: Apache-2.0
"""Four pages in a real browser follow a story through edits, restarts, a crash, cut connections and a restored database.

By event stream and by long polling, directly and through nginx, each must end with what a fresh snapshot shows.
`WIREROOM_TEST_SEED` reproduces the order of the edits.
"""

import contextlib
import os
import pathlib
import random
import sqlite3
import tempfile
import threading
import time

from checks import check, passed, run, wait_for
from editor import Editor
from nginx import Nginx, proxy
from pages import Browser, PageServer
from wireroom import Client, Wireroom

STORY = "harbour-storm"
SETTLE_SECONDS = 15
LATENCY_WRITES = 20
MISSED_WRITES = 40
MOST_LATENCY_SECONDS = 1
QUIET_SECONDS = 4
STREAM = "/stories/{story}/stream"


# --- expected state ---


def expected(client):
    """A fresh snapshot in the form of a page's state."""
    snapshot = client.whole(STORY)
    check(
        [update["id"] for update in snapshot["pinned"]]
        == [update["id"] for update in snapshot["updates"] if update["pinned"]],
        "the snapshot's pinned updates are not those of its list",
    )
    return {"updates": snapshot["updates"], "story": own_members(snapshot["story"]), "links": snapshot["links"]}


def shown(reader):
    view = reader.view()
    story = view["story"] and own_members(view["story"])
    return {"updates": view["updates"], "story": story, "links": view["links"]}


def own_members(story):
    """Returns the story without the members that change with every write."""
    return {name: value for name, value in story.items() if name not in ("seq", "updateCount")}


def difference(name, view, truth):
    """Describes briefly how a page differs from the expected state."""
    mine = {update["id"]: update for update in view["updates"]}
    true = {update["id"]: update for update in truth["updates"]}
    words = [f"the page that follows {name} differs from a fresh snapshot:"]
    words += [f"missing {true[key]}" for key in true.keys() - mine.keys()]
    words += [f"too many {mine[key]}" for key in mine.keys() - true.keys()]
    words += [f"{mine[key]} instead of {true[key]}" for key in true.keys() & mine.keys() if mine[key] != true[key]]
    for part in ("story", "links"):
        if view[part] != truth[part]:
            words.append(f"{part} {view[part]} instead of {truth[part]}")
    return "\n        ".join(words + ["(or the order alone)"])


def settle(client, readers, after):
    started = time.monotonic()
    truth = expected(client)
    for reader in readers:
        wait_for(
            lambda: shown(reader) == truth,
            SETTLE_SECONDS,
            lambda: f"after {after}, {difference(reader.name, shown(reader), truth)}\n        {reader.counts()}",
        )
        check(not reader.errors, f"the page that follows {reader.name} has errors: {reader.errors}")
    passed(f"after {after}: {len(readers)} pages show the {len(truth['updates'])} updates, the story and the links"
           f" ({time.monotonic() - started:.1f} s)")


# --- events ---


@contextlib.contextmanager
def editor_at_work(editor, seconds):
    """Edits for some seconds, in parallel to the body of the `with`."""
    failures = []

    def work():
        try:
            editor.work(seconds)
        except Exception as failure:  # noqa: BLE001 - raised in the main thread
            failures.append(failure)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(seconds + 30)
    check(not thread.is_alive(), "the editor hangs")
    if failures:
        raise failures[0]


def restart(wireroom):
    seconds = wireroom.stop()
    wireroom.start()
    return seconds


def crash(wireroom):
    wireroom.kill()
    wireroom.start()


def cut(nginx):
    nginx.stop()
    time.sleep(1)
    nginx.start()


def back_up(database, copy):
    """As in README.md: SQLite's online backup, while the server runs."""
    with contextlib.closing(sqlite3.connect(database)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def restore(wireroom, copy):
    """Replaces the database with an older one: sequence numbers will be assigned a second time."""
    wireroom.stop()
    for suffix in ("-wal", "-shm"):
        pathlib.Path(f"{wireroom.database}{suffix}").unlink(missing_ok=True)
    wireroom.database.write_bytes(copy.read_bytes())
    wireroom.start()


# --- the checks ---


def check_latency(client, readers):
    """Each page is notified of a change within a second of the write's response."""
    answered = {}
    for number in range(LATENCY_WRITES):
        update = client.must_write("POST", f"/stories/{STORY}/updates", {"body": f"Measured, {number}."}).json
        answered[update["seq"]] = time.time()
        time.sleep(0.05)
    for reader in readers:
        wait_for(lambda: answered.keys() <= reader.arrivals().keys(), 5, f"{reader.name}: changes did not come in 5 s")
        arrivals = reader.arrivals()
        late = sorted(arrivals[number] / 1000 - at for number, at in answered.items())
        check(late[-1] < MOST_LATENCY_SECONDS, f"{reader.name}: a change came {late[-1]:.3f} s after the answer")
        passed(f"{reader.name}: a change comes at most {late[-1] * 1000:.0f} ms after the write's answer")


def check_replay(client, proxied):
    """A reconnecting reader gets all missed events at once, without nginx's buffering their end."""
    path = f"/stories/{STORY}/updates"
    cursor = client.read(path)["cursor"]
    for number in range(MISSED_WRITES):
        last = client.must_write("POST", path, {"body": f"Missed, {number}."}).json["seq"]
    started = time.monotonic()
    proxied.stream_until(f"/stories/{STORY}/stream?cursor={cursor}", f'data: {{"op":"put","seq":{last},'.encode())
    seconds = time.monotonic() - started
    check(seconds < MOST_LATENCY_SECONDS, f"the last of {MISSED_WRITES} missed changes came after {seconds:.1f} s")
    passed(f"{MISSED_WRITES} missed changes come through nginx in {seconds * 1000:.0f} ms")


def check_reactions(client, readers):
    client.must_write("POST", f"/stories/{STORY}/reactions/veryGood")
    for reader in readers:
        wait_for(lambda: reader.counts()["reactions"] > 0, 3, f"{reader.name} heard of no reaction")
    passed("streams tell of reactions")


def check_without_snapshots(readers):
    """Missed events were replayed: no reader that could resume by a cursor took a new snapshot."""
    for reader in readers:
        counts = reader.counts()
        check(counts["snapshots"] == 1, f"{reader.name} had to take a snapshot again: {counts}")
        check(counts["reconnects"] > 0, f"{reader.name} was never cut off: {counts}")
    passed("the pages that could come back did so by their cursors alone")


def check_expired(readers):
    """The old cursors expired, so that each page took a new snapshot."""
    for reader in readers:
        check(reader.counts()["snapshots"] > 1, f"{reader.name} did not start again: {reader.counts()}")


def check_close(client, readers, streams):
    """When the story is closed, all pages stop, and make no requests for a while."""
    client.must_write("PATCH", f"/stories/{STORY}", {"status": "closed"})
    for reader in readers:
        wait_for(
            lambda: reader.view()["done"], SETTLE_SECONDS, lambda: f"{reader.name} did not stop: {reader.counts()}"
        )
    settle(client, readers, "the close")
    ends = client.answers(STREAM, 204)
    before = requests(client)
    time.sleep(QUIET_SECONDS)
    came = requests(client) - before - 1  # without the request for the metrics
    check(came == 0, f"{came:.0f} requests came in the {QUIET_SECONDS} s after all pages had stopped")
    check(ends == streams, f"{ends:.0f} of {streams} streams were told by a 204 that the story is over")
    passed(f"all pages stopped, {ends:.0f} streams by a 204, and sent nothing in {QUIET_SECONDS} s")


def requests(client):
    return client.metrics()["wireroom_http_requests_total"]


def prepare(client, editor):
    client.must_write("POST", "/stories", {"title": "Storm at the harbour", "slug": STORY})
    for _ in range(70):
        editor.post()


def scenario(wireroom, nginx, pages, browser, editor):
    client = Client(wireroom.url)
    prepare(client, editor)
    straight = [browser.follow(f"by {by}", pages, wireroom.url, STORY, by) for by in ("stream", "poll")]
    proxied = [browser.follow(f"by {by} through nginx", pages, nginx.url, STORY, by) for by in ("stream", "poll")]
    readers = straight + proxied
    settle(client, readers, "the first snapshot")
    editor.work(2)
    settle(client, readers, "edits")
    copy = wireroom.folder / "copy.db"
    back_up(wireroom.database, copy)
    check_latency(client, readers)
    check_replay(client, Client(nginx.url))
    check_reactions(client, [straight[0], proxied[0]])

    with editor_at_work(editor, 3):
        time.sleep(0.5)
        seconds = restart(wireroom)
    settle(client, readers, f"a restart (SIGTERM took {seconds:.1f} s)")
    with editor_at_work(editor, 3):
        time.sleep(0.5)
        crash(wireroom)
    settle(client, readers, "a kill -9")
    check(editor.interruptions > 0, "the editor was never interrupted")
    check_without_snapshots(straight)
    with editor_at_work(editor, 3):
        time.sleep(0.5)
        cut(nginx)
    settle(client, readers, "a cut by nginx")

    restore(wireroom, copy)
    editor.held = editor.present()
    editor.work(1)
    settle(client, readers, "an older database was put back")
    check_expired(readers)
    check_close(client, readers, streams=2)
    for reader in readers:
        print(f"        {reader.name}: {reader.counts()}")


def main():
    seed = int(os.environ.get("WIREROOM_TEST_SEED") or random.randrange(2**32))
    print(f"  seed  {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        wireroom = Wireroom(folder)
        wireroom.start()
        stack.callback(wireroom.kill)
        nginx = Nginx(folder / "nginx", proxy, wireroom.url)
        nginx.start()
        stack.callback(nginx.stop)
        editor = Editor(Client(wireroom.url), STORY, seed)
        scenario(wireroom, nginx, stack.enter_context(PageServer()), stack.enter_context(Browser()), editor)


if __name__ == "__main__":
    run("A browser follows", main)
