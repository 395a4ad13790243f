# SPDX-License-Identifier: Apache-2.0
"""Disk faults under load: full, failing, read-only, file removed; and recovery.

Editors write and readers poll all the time. A failed write leaves no trace, acknowledged writes are durable, reads
continue, and after the fault the same process accepts writes again.

usage: check_disk.py [PART ...], with WIREROOM_BINARY as the server. Run it as root: an unprivileged user can fill a tmpfs in
a namespace, but can neither mount ext4 nor make files immutable, so those parts fail.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import disks
from checks import Failure, check, passed, run
from faults import Fault, permanent_fault, transient_fault
from pictures import encoded, folders, paths, upload
from traffic import PATH, SECONDS, Traffic
from wireroom import ADMIN_KEY, Client, Wireroom


@contextlib.contextmanager
def server_on(disk, name, prefix=()):
    """A server with a database in a folder on the disk."""
    folder = disk.path / name
    folder.mkdir()
    if prefix and disks.is_root():
        disks.command("chown", "nobody:nogroup", folder)
    logs = disk.path.parent / f"logs-of-{name}"
    logs.mkdir()
    server = Wireroom(logs, folder / "wireroom.db", prefix, {"WIREROOM_REACTION_RATE": "0"})
    server.start()
    try:
        yield server
    finally:
        server.kill()


# --- transient faults ---


def check_full(disk):
    with server_on(disk, "full") as server:
        fault = Fault(
            f"a full {disks.kind_of_disk()}", lambda: disks.full(disk.path), "disk is full",
            statuses=frozenset({503, 507}))
        passed(transient_fault(server, fault))


def check_full_media(disk):
    """A disk without room for what is made of a picture: nothing of it is left, and with room it is taken."""
    with server_on(disk, "media") as server:
        client, media = Client(server.url, seconds=60), server.database.with_name("wireroom.db-media")
        body = encoded("PNG", 1200, 800)
        statuses = set()
        # From no room to room for all but the last file.
        for share in range(8):
            with short_of_room(disk.path, share * len(body) // 2):
                answer = client.ask("POST", "/media", body, {"Authorization": f"Bearer {ADMIN_KEY}"})
                statuses.add(answer.status)
                if answer.status == 201:
                    break
                check(answer.status == 507, f"on a full disk an upload is answered {answer.status} {answer.body!r}")
                check(int(answer.headers["Retry-After"]) >= 30, f"Retry-After: {answer.headers['Retry-After']}")
                check(not folders(media), f"a refused upload has left {folders(media)}")
        check(507 in statuses, "the disk was not full")
        asset = upload(client, body, 200 if 201 in statuses else 201).json
        check(all(client.get(path).status == 200 for path in paths(asset)), "with room again, a file is missing")
        passed(f"on a full {disks.kind_of_disk()} an upload is 507 and leaves nothing, whichever file there is no room for")


@contextlib.contextmanager
def short_of_room(folder, left):
    """Only so many bytes are left on the file system."""
    filler = folder / "filler"
    disks.fill(filler)
    with contextlib.suppress(OSError):
        os.truncate(filler, max(filler.stat().st_size - left, 0))
    try:
        yield
    finally:
        filler.unlink()


def check_unwritable(disk):
    with server_on(disk, "unwritable") as server:
        fault = Fault(
            "an unwritable file", lambda: disks.unwritable(server.database), "database cannot be (written|used)")
        passed(transient_fault(server, fault))


def check_permissions(disk):
    """Permissions are not checked for open descriptors, so writes may succeed or fail."""
    with server_on(disk, "permissions", disks.unprivileged()) as server:
        fault = Fault(
            "lost permissions", lambda: disks.without_permission(server.database), "database cannot be (written|used)",
            may_write=True)
        passed(transient_fault(server, fault))


def check_vanished(disk):
    with server_on(disk, "vanished") as server:
        fault = Fault("a vanished file", lambda: disks.moved_away(server.database), "file is not where it was")
        passed(transient_fault(server, fault))


def check_unsynced(disk):
    with server_on(disk, "unsynced") as server:
        fault = Fault(
            "a disk that does not sync", lambda: disks.unsynced(server.server), "database cannot be (written|used)")
        passed(transient_fault(server, fault))


# --- permanent faults ---


def check_unsynced_restart(disk):
    """A write that was refused because fsync failed must not reappear after a restart."""
    with server_on(disk, "unsynced-restart") as server:

        def context():
            # A takedown truncates the WAL; of an empty WAL only the header is written before fsync.
            Client(server.url).must_write("PATCH", PATH, {"summary": "The log is not empty."})
            return disks.unsynced(server.server)

        fault = Fault(
            "a disk that does not sync until a restart", context, "database cannot be (written|used)",
            comes_at_rest=True)
        passed(permanent_fault(server, fault, lambda: None))


def check_given_up(disk):
    """Uses a separate disk, which is read-only until it is repaired."""
    check(disks.is_root(), "only root can mount an ext4 that is to give up; run this check as root")
    with disks.SmallDisk(disk.path.parent, "bad-disk") as bad, server_on(bad, "given-up") as server:
        # Whether a write in flight at that moment is on the disk cannot be known.
        fault = Fault(
            "an ext4 that gave up", lambda: disks.given_up(bad), "database cannot be (written|used)",
            comes_at_rest=True)
        passed(permanent_fault(server, fault, bad.repair))


# --- start-up ---


def check_start(disk):
    """A server that cannot write its database fails to start, with a message."""
    with server_on(disk, "start", disks.unprivileged()) as server:
        Traffic(server).stop()
        server.stop()
        database = server.database
        cases = {
            "the file": lambda: disks.without_permission(database, [""], folder=False),
            "or read the file": lambda: disks.without_permission(database, [""], folder=False, bits=0o666),
            "the folder": lambda: disks.without_permission(database, []),
            "all files": lambda: disks.without_permission(database),
        }
        if disks.is_root():
            cases["the disk"] = lambda: disks.read_only(disk.path)
        failures = []
        seconds = [must_not_start(server, what, cases[what], failures) for what in cases]
        check(not failures, "\n        ".join(failures))
        passed(f"without permission to write {', '.join(cases)} no server starts, and says so after"
               f" {max(seconds):.1f} s at most; with it, one does")


def must_not_start(server, what, context, failures):
    """Returns the seconds until the start failed with a message. A failed start must not prevent the next one."""
    what, started = f"without permission to write {what}", time.monotonic()
    leave_log(server.database, is_there=what.endswith("file"))
    with context():
        code, words = start(server)
    seconds = time.monotonic() - started
    if code != 1:
        failures.append(f"{what} a start ends with exit code {code}: {words}")
    if str(server.database) not in words:
        failures.append(f"{what} a start does not name the file: {words}")
    if not re.search("permission denied|read-?only", words, re.IGNORECASE):
        failures.append(f"{what} a start does not say why not: {words}")
    try:
        server.start()
    except Failure as failure:
        failures.append(f"after a start {what} there is none with it either: {failure}")
    server.stop()
    return seconds


def leave_log(database, is_there):
    """A stopped server leaves an empty WAL or none; this makes it definite."""
    log = database.with_name(f"{database.name}-wal")
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    check(not log.exists(), f"{log} is still in use")
    if is_there:
        log.touch()
        shutil.chown(log, database.stat().st_uid, database.stat().st_gid)


def start(server):
    """The exit code and output of a start that must fail."""
    try:
        done = subprocess.run(
            server.arguments(), capture_output=True, text=True, timeout=SECONDS, env={"WIREROOM_ADMIN_KEY": ADMIN_KEY})
    except subprocess.TimeoutExpired as late:
        return "none", f"it runs on: {late.stdout or b''!r}"
    return done.returncode, done.stderr


PARTS = {
    "full": check_full,
    "media": check_full_media,
    "unwritable": check_unwritable,
    "unsynced": check_unsynced,
    "unsynced-restart": check_unsynced_restart,
    "given-up": check_given_up,
    "permissions": check_permissions,
    "start": check_start,
    "vanished": check_vanished,
}


def main():
    names = [name for name in sys.argv[1:] if not name.startswith("--")] or list(PARTS)
    failed = []
    with tempfile.TemporaryDirectory(prefix="wireroom-disk-") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        with disks.SmallDisk(folder, "disk") as disk:
            for name in names:
                try:
                    PARTS[name](disk)
                except Failure as failure:
                    print(f"  FAIL  {name}: {failure}", flush=True)
                    failed.append(name)
    check(not failed, f"{len(failed)} of {len(names)} parts: {', '.join(failed)}")


if __name__ == "__main__":
    disks.enter_own_mounts()
    # Removes the disk on SIGTERM too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("check_disk: ended before it was done"))
    run("disk fault", main)
