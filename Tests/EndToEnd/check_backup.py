# SPDX-License-Identifier: Apache-2.0
"""Online backups under load, and restores: no data is lost, and no open page misses a change."""

import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time

from checks import check, passed, run
from restored import check_law, command, held_by, updates_in
from traffic import FEED, Traffic
from wireroom import Client, Wireroom

ARCHIVE = "archive"
BATCHES = 20
UPDATES_PER_BATCH = 100
KILLS = 12


def fill(client):
    """Creates a story of some megabytes, so that copying takes a while."""
    client.must_write("POST", "/stories", {"title": "Archive", "slug": ARCHIVE})
    for batch in range(BATCHES):
        updates = [{"body": f"{batch}.{number} " + "The wind drops. " * 100} for number in range(UPDATES_PER_BATCH)]
        client.must_write("POST", f"/stories/{ARCHIVE}/updates", updates)


# --- backups ---


def check_backups(wireroom, traffic, folder):
    """Backups under load of editors and readers, who must not be affected; returns the state at the last backup."""
    slowest = 0
    for number in range(8):
        started = time.monotonic()
        command("backup", folder / f"busy-{number}.db", "--database", wireroom.database)
        slowest = max(slowest, time.monotonic() - started)
        traffic.must_go_on()
    sizes = [updates_in(folder / f"busy-{number}.db") for number in range(8)]
    check(len(set(sizes)) > 1, f"{sizes[0]} updates in all backups, while editors wrote")
    passed(f"8 backups beside {len(traffic.workers)} clients are in order, each made within {slowest * 1000:.0f} ms")
    with traffic.editors_at_rest():
        traffic.wait_for(lambda: traffic.client.metrics()["wireroom_writer_queue"] == 0, 10, "writes stay in the queue")
        command("backup", folder / "rest.db", "--database", wireroom.database)
        held = held_by(traffic.client)
    mode = stat.S_IMODE((folder / "rest.db").stat().st_mode)
    check(mode == 0o600, f"a backup has the mode {mode:o}")
    return held


def check_killed_backups(wireroom, folder):
    """A backup killed at any moment leaves the previous file intact."""
    target = folder / "killed.db"
    command("backup", target, "--database", wireroom.database)
    ended = killed(KILLS, "backup", target, "--force", "--database", wireroom.database, then=lambda: updates_in(target))
    passed(f"{KILLS - ended} backups killed at any moment, and {ended} that were done before, left a whole file")


def killed(times, *arguments, then):
    """Runs the program and kills it at varying moments; returns how often it had finished before."""
    started = time.monotonic()
    command(*arguments)
    longest = time.monotonic() - started
    moments, ended = random.Random(7), 0
    for _ in range(times):
        process = subprocess.Popen([os.environ["WIREROOM_BINARY"], *map(str, arguments)], stdout=subprocess.DEVNULL)
        time.sleep(moments.uniform(0, longest))
        process.send_signal(signal.SIGKILL)
        ended += process.wait(10) == 0
        then()
    check(ended < times, "none was killed in time")
    return ended


# --- restores ---


def check_restore(wireroom, client, folder, held):
    latest = held_by(client)
    text = command("restore", folder / "rest.db", "--database", wireroom.database, code=1)
    check("another server" in text, f"a restore over a served database says {text}")
    check(client.read(FEED)["cursor"] == latest[2], "a restore that was refused has changed the feed")
    passed("a database that is served is not restored over")
    wireroom.kill()
    former = put_back(wireroom, folder / "rest.db")
    must_show(wireroom, client, held, "what is restored is not what was shown when it was backed up")
    passed("after kill -9 and a restore the server shows what readers saw at the moment of the backup")
    check_law(client, latest[2], "after a restore")
    wireroom.kill()
    put_back(wireroom, former)
    must_show(wireroom, client, latest, "the former database has not all that was shown before the restore")
    passed("the former database, put back, shows what readers saw before the restore")


def put_back(wireroom, backup):
    """Restores the backup; returns the path of the replaced database."""
    text = command("restore", backup, "--database", wireroom.database)
    return re.search(r"The former database is (.+)", text)[1]


def must_show(wireroom, client, held, otherwise):
    wireroom.start()
    updates, links, _ = held_by(client)
    check((updates, links) == held[:2], otherwise)


def check_killed_restores(folder):
    """A restore killed at any moment leaves the previous database or the new one."""
    database, few, many = folder / "half.db", folder / "few.db", folder / "rest.db"
    command("migrate", "--database", few)
    counts = [updates_in(few), updates_in(many)]
    seen = set()

    def look():
        count = updates_in(database)
        check(count in counts, f"a restore that was killed left {count} updates, and not one of {counts}")
        seen.add(count)
        command("restore", few, "--database", database)

    ended = killed(KILLS, "restore", many, "--database", database, then=look)
    command("restore", many, "--database", database)
    check(updates_in(database) == counts[1], "after all of them a restore does nothing")
    passed(f"{KILLS - ended} restores killed at any moment left {' or '.join(map(str, sorted(seen)))} updates, as before or after")


def check_damage(folder):
    """A corrupt backup is not restored, and the error says what is wrong."""
    torn = folder / "torn.db"
    shutil.copy(folder / "rest.db", torn)
    with open(torn, "r+b") as file:
        file.seek(40_000)
        file.write(os.urandom(20_000))
    for arguments in (["verify", torn], ["restore", torn, "--database", folder / "half.db"]):
        text = command(*arguments, code=1)
        check("is damaged" in text or "malformed" in text, f"{arguments[0]} of a torn file says {text}")
    passed("a torn file is called so, and not put back")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        wireroom = Wireroom(folder)
        wireroom.start()
        stack.callback(wireroom.kill)
        client = Client(wireroom.url)
        fill(client)
        traffic = Traffic(wireroom)
        stack.callback(traffic.stop)
        held = check_backups(wireroom, traffic, folder)
        traffic.stop_editors()
        traffic.stop_readers()
        check_killed_backups(wireroom, folder)
        check_restore(wireroom, client, folder, held)
        check_killed_restores(folder)
        check_damage(folder)


if __name__ == "__main__":
    run("Backups and restores", main)
