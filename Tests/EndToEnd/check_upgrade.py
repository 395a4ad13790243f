# SPDX-License-Identifier: Apache-2.0
"""A database of an earlier version is opened, migrated and verified, and responses equal that version's.

`check_upgrade.py record` recreates the file with the binary in WIREROOM_BINARY. Run it with a released version.
"""

import gzip
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from checks import check, passed, run
from wireroom import Client, Wireroom

FOLDER = pathlib.Path(__file__).with_name("databases")
DATABASE = FOLDER / "schema-14.db.gz"
ANSWERS = FOLDER / "schema-14.json"
STORY = "/stories/harbour-storm"
REPEATED = ("POST", f"{STORY}/updates", {"body": "Posted **once**, whatever the network does.", "tags": ["harbour"]})
KEY = {"Idempotency_Key": "a-key-of-the-version-before"}
TAKEN_DOWN = ("POST", f"{STORY}/updates", {"body": "To be taken down."})
TAKEN_DOWN_KEY = {"Idempotency_Key": "the-key-of-what-was-taken-down"}
VISITOR = {"visitor": "visitor-0123456789abcdef"}
# Members of responses that differ between runs.
VOLATILE = {"pollAfter", "requestId"}
# The recorded file ages, but deleted updates must stay in the bin.
SETTINGS = {"WIREROOM_KEEP_DELETED": "36500"}


def write_all(client):
    """Writes content of every kind. Returns the paths to compare."""
    write = client.must_write
    write("POST", "/stories", {"title": "Storm in the harbour", "slug": "first-name", "tags": ["Harbour"],
                               "keyPoints": ["Ferries stay in port"], "section": ["News", "Weather"]})
    write("PATCH", "/stories/first-name", {"slug": "harbour-storm", "byline": "The desk"})
    write("POST", "/stories", {"title": "A draft", "slug": "a-draft", "status": "draft"})
    over = write("POST", "/stories", {"title": "Over", "slug": "over", "status": "closed"}).json["id"]
    updates = [write("POST", f"{STORY}/updates", value).json["id"] for value in [
        {"title": "Ferries stay in port", "body": "The *ferries* stay in port.", "keyEvent": True, "author": "Ada",
         "sources": [{"name": "Port office", "url": "https://port.example/"}], "tags": ["Ferries", "harbour"],
         "media": [{"type": "image", "url": "https://pictures.example/1.jpg", "alt": "The pier"}],
         "occurredAt": "2026-01-02T03:04:05Z"},
        {"body": "Read [more](https://port.example/more).", "pinned": True},
        {"body": "This one is edited, twice."},
        {"body": "This one is retracted."},
        {"body": "This one is deleted."},
    ]]
    first, _, edited, retracted, deleted = updates
    path = f"{STORY}/updates"
    for body in ("This one was edited.", "This one was edited again."):
        write("PATCH", f"{path}/{edited}", {"body": body})
    write("POST", f"{path}/{retracted}/strike", {"reason": "It was another ferry."})
    write("DELETE", f"{path}/{deleted}")
    write("POST", path, {"body": "Not yet.", "state": "draft"})
    write("POST", path, {"body": "In a hundred years.", "publishAt": "2126-01-01T00:00:00Z"})
    write(*REPEATED, **KEY)
    gone = write(*TAKEN_DOWN, **TAKEN_DOWN_KEY).json["id"]
    write("POST", f"{path}/{gone}/takedown", {"reason": "A name of a minor."})
    write("PUT", f"{STORY}/links/related", [{"title": "Over", "story": over}, {"title": "Port", "url": "https://port.example/"}])
    write("POST", f"{path}/{first}/reactions/veryGood", VISITOR)
    write("POST", f"{STORY}/reactions/veryGood", VISITOR)
    return [
        "/stories", STORY, path, f"{STORY}/links", f"{STORY}/reactions", f"{STORY}/drafts", f"{STORY}/bin", f"{STORY}/slugs",
        "/stories/a-draft", "/stories/over/updates", "/stories/first-name", f"{path}/{first}", f"{path}/{edited}/revisions",
        f"{path}/{gone}", f"{STORY}/export", "/audit",
    ]


def steady(value):
    """Returns the value without the volatile members."""
    if isinstance(value, dict):
        return {name: steady(each) for name, each in value.items() if name not in VOLATILE}
    return [steady(each) for each in value] if isinstance(value, list) else value


def kept(answer):
    """Status and body of a response, which must not change; of a problem only the type, since details may be reworded."""
    return [answer.status, steady(answer.json) if answer.status < 400 else answer.json["type"]]


def answers(client, paths):
    return {path: kept(client.write("GET", path)) for path in paths}


def repeats(client):
    """The responses to retries with known idempotency keys."""
    return [
        kept(answer)
        for answer in (client.write(*REPEATED, **KEY), client.write(*TAKEN_DOWN, **TAKEN_DOWN_KEY), client.write(*TAKEN_DOWN))
    ]


def without_additions(found, before):
    """Returns the value without the members that later versions add to what was there before."""
    if isinstance(found, dict) and isinstance(before, dict):
        return {name: without_additions(found[name], value) for name, value in before.items() if name in found}
    if isinstance(found, list) and isinstance(before, list) and len(found) == len(before):
        return [without_additions(*pair) for pair in zip(found, before)]
    return found


def lock_file(server):
    return server.database.with_name(server.database.name + ".lock")


def record():
    with tempfile.TemporaryDirectory() as name:
        server = Wireroom(pathlib.Path(name), settings=SETTINGS)
        server.start()
        client = Client(server.url)
        paths = write_all(client)
        known = {"answers": answers(client, paths), "repeats": repeats(client)}
        server.stop()
        # The lock file tells the next server that the file is not an older copy, so it keeps its epoch.
        known["lock"] = lock_file(server).read_text()
        with sqlite3.connect(server.database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        FOLDER.mkdir(exist_ok=True)
        DATABASE.write_bytes(gzip.compress(server.database.read_bytes(), mtime=0))
        ANSWERS.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")


def verify(database):
    done = subprocess.run([os.environ["WIREROOM_BINARY"], "verify", str(database)], capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, f"wireroom verify: {done.stdout}{done.stderr}")


def upgrade():
    known = json.loads(ANSWERS.read_text())
    with tempfile.TemporaryDirectory() as name:
        server = Wireroom(pathlib.Path(name), settings=SETTINGS)
        server.database.write_bytes(gzip.decompress(DATABASE.read_bytes()))
        lock_file(server).write_text(known["lock"])
        before = shutil.copy(server.database, server.folder / "before.db")
        server.start()
        client = Client(server.url)
        found = without_additions(answers(client, known["answers"]), known["answers"])
        for path, answer in known["answers"].items():
            check(found[path] == answer, f"GET {path}:\n{json.dumps(found[path])}\nand before:\n{json.dumps(answer)}")
        passed(f"{len(found)} answers are those of the version before")
        check(repeats(client) == known["repeats"], f"requests that are repeated: {repeats(client)}, before {known['repeats']}")
        counted = client.must_write("POST", f"{STORY}/reactions/veryGood", VISITOR).json
        check(counted["count"] == 1, f"a visitor counts twice: {counted}")
        passed("requests, takedowns and visitors are recognized")
        check(client.write("PATCH", STORY, {"byline": "The night desk"}).status == 200, "the story cannot be edited")
        server.stop()
        verify(server.database)
        passed("the database is in order after the upgrade and a write")
        verify(before)
        passed("the file as it was is in order, too")


if __name__ == "__main__":
    if sys.argv[1:] == ["record"]:
        record()
    else:
        run("An upgrade from the version before", upgrade)
