# SPDX-License-Identifier: Apache-2.0
"""Disaster recovery with Litestream: no replicated write is lost, and content that was taken down leaves the replica."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import ltx
from checks import check, passed, run, wait_for
from litestream import PROGRAM, Litestream
from nginx import ROOT
from restored import check_law, command, held_by
from traffic import FEED, Traffic
from wireroom import Client, Wireroom

RENEW = ROOT / "deploy/litestream-renew"
WRITES = 300
# README.md states a recovery point of about one second.
REPLICATED_WITHIN_SECONDS = 4
# An update's text, its previous text, and its title.
SECRETS = [b"mark-of-the-text", b"mark-of-the-former-text", b"mark-of-the-title"]


class Machine:
    """A server with Litestream, on a disposable disk."""

    def __init__(self, folder, stack):
        folder.mkdir()
        self.folder = folder
        self.disk = folder / "disk"
        self.disk.mkdir()
        self.wireroom = Wireroom(folder, self.disk / "wireroom.db")
        self.wireroom.start()
        stack.callback(self.wireroom.kill)
        self.litestream = Litestream(folder, self.wireroom.database)
        self.litestream.start()
        stack.callback(self.litestream.kill)
        self.client = Client(self.wireroom.url)

    def lose(self):
        """Kills both programs at any moment and deletes the disk."""
        self.wireroom.kill()
        self.litestream.kill()
        shutil.rmtree(self.disk)

    def bring_back(self):
        """Recovers on a new disk from the replica alone."""
        self.disk.mkdir()
        self.litestream.restore()
        command("verify", self.wireroom.database)
        self.wireroom.start()


# --- recovery ---


def check_lost_at_work(machine, traffic):
    """The machine is lost while editors write: writes acknowledged some seconds before are recovered."""
    with traffic.editors_at_rest():
        before, cursor = dict(traffic.ledger.held), machine.client.read(FEED)["cursor"]
    moment = time.monotonic() + REPLICATED_WITHIN_SECONDS
    traffic.wait_for(lambda: time.monotonic() > moment, REPLICATED_WITHIN_SECONDS + 5, "time stands still")
    machine.lose()
    # Connections are broken: errors of the clients are expected.
    traffic.stop()
    machine.bring_back()
    found = {update["id"]: update["body"] for update in machine.client.whole("harbour-storm")["updates"]}
    # Each editor edits and takes down its own updates; the last write may have been done without a response.
    own = {identifier for editor in traffic.editors for identifier in editor.mine}
    gone = before.keys() - traffic.ledger.held.keys() | {editor.mine[0] for editor in traffic.editors}
    missing = before.keys() - found.keys() - gone
    check(not missing, f"{len(missing)} of {len(before)} updates are lost, acknowledged {REPLICATED_WITHIN_SECONDS} s before")
    changed = [key for key in before.keys() & found.keys() - own if found[key] != before[key]]
    check(not changed, f"{len(changed)} updates came back with other words")
    passed(f"lost while editors write, a machine comes back with all {len(before)} updates of {REPLICATED_WITHIN_SECONDS} s before")
    check_law(machine.client, cursor, "after a loss of the disk")


def check_lost_again(machine):
    """Litestream on the new machine continues the same replica, from which a third machine recovers."""
    machine.litestream.start()
    machine.client.must_write("POST", FEED, {"body": "The second machine."})
    held = held_by(machine.client)
    machine.litestream.wait_until_quiet()
    machine.lose()
    machine.bring_back()
    updates, links, _ = held_by(machine.client)
    check((updates, links) == held[:2], "what comes back is not all that was acknowledged")
    passed(f"the new machine is replicated in its turn, and lost with all {len(updates)} updates brings them all back")
    check_law(machine.client, held[2], "after a second loss")


# --- takedowns ---


def check_renewal(machine):
    """Content that was taken down stays in the replica, until the replica is renewed."""
    machine.litestream.start()
    path = write_secrets(machine)
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    machine.client.must_write("POST", f"{path}/takedown", {"reason": "It named a child."})
    machine.litestream.wait_until_quiet()
    held = held_by(machine.client)
    check_past(machine, moment)
    check_refusals(machine)
    former = machine.litestream.replica
    machine.litestream.stop()
    wait_for(lambda: not secrets_in(live_files(machine)), 3, "without Litestream the server does not erase its log")
    done = renew(machine, "renewed")
    check(done.returncode == 0, f"litestream-renew ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    check(not list(former.rglob("*.ltx")), f"{former} is not removed")
    machine.litestream.replicate_to("renewed")
    machine.litestream.start()
    machine.litestream.wait_until_quiet()
    left = secrets_in([*live_files(machine), *pages(machine.litestream.files() + machine.litestream.kept_here())])
    check(not left, f"after litestream-renew there is still {left}")
    passed("after litestream-renew what was taken down is in no page of replica, database or log")
    machine.lose()
    machine.bring_back()
    updates, links, _ = held_by(machine.client)
    check((updates, links) == held[:2], "the renewed replica does not bring back all that there was")
    passed(f"and it brings back all {len(updates)} updates that there are")


def write_secrets(machine):
    """Writes an update, edits it once, and waits for replication; returns its path."""
    text, former, title = (secret.decode() for secret in SECRETS)
    update = machine.client.must_write("POST", FEED, {"body": former, "title": title}).json
    machine.litestream.wait_until_quiet()
    machine.client.must_write("PATCH", f"{FEED}/{update['id']}", {"body": text})
    machine.litestream.wait_until_quiet()
    return f"{FEED}/{update['id']}"


def check_past(machine, moment):
    """The text is in the replica, compressed, and a point-in-time restore to before the takedown brings it back."""
    found = secrets_in(pages(machine.litestream.files()))
    check(found == set(SECRETS), f"of what was taken down the replica holds only {found}, so that this proves nothing")
    past = machine.folder / "past.db"
    machine.litestream.restore("-timestamp", moment, "-o", str(past))
    check(SECRETS[0] in past.read_bytes(), f"a restore to {moment} does not bring back what was taken down since")
    passed("a replica holds what was taken down, and a restore to the moment before brings it back")


def check_refusals(machine):
    """A renewal that would lose data is refused without effect."""
    for name, words in {
        "replica": "within the old replica",
        "replica/within": "within the old replica",
        "elsewhere": "stop it first",
    }.items():
        done = renew(machine, name)
        check(done.returncode == 1 and words in done.stderr, f"litestream-renew {name}: {done.returncode} {done.stderr}")
    occupied = machine.folder / "occupied"
    shutil.copytree(machine.litestream.replica, occupied)
    done = renew(machine, occupied.name)
    check(done.returncode == 1 and "holds a replica already" in done.stderr, f"litestream-renew: {done.stderr}")
    check(secrets_in(pages(machine.litestream.files())), "a renewal that was refused has removed something")
    shutil.rmtree(occupied)
    passed("litestream-renew refuses to work beside Litestream, and on places that are taken")


def check_foreign(machine):
    """Renewal names the replica that it cannot remove."""
    done = renew(machine, "from-foreign", LITESTREAM_REPLICA_URL="s3://bucket/wireroom/")
    check(done.returncode == 0, f"litestream-renew ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    check("aws s3 rm --recursive s3://bucket/wireroom\n" in done.stdout, f"litestream-renew says {done.stdout}")
    passed("of a replica that is no folder litestream-renew says what is left to remove")


def renew(machine, name, **settings):
    tools = machine.folder / "tools"
    if not tools.exists():
        tools.mkdir()
        (tools / "wireroom").symlink_to(pathlib.Path(os.environ["WIREROOM_BINARY"]).resolve())
        (tools / "litestream").symlink_to(PROGRAM)
    environment = {**machine.litestream.environment, "PATH": f"{tools}:{os.environ['PATH']}", **settings}
    arguments = [str(RENEW), f"file://{machine.folder / name}"]
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=60, check=False)


def pages(files):
    return [page for file in files for page in ltx.pages(file).values()]


def live_files(machine):
    files = machine.disk.glob(f"{machine.wireroom.database.name}*")
    return [file.read_bytes() for file in files if file.is_file()]


def secrets_in(texts):
    return {secret for secret in SECRETS for text in texts if secret in text}


def check_decoder(machine):
    """The decoder of LTX files works: a snapshot's pages are those of the restored database."""
    newest = max((file for file in machine.litestream.files() if file.parent.name == "9"), key=lambda file: file.name)
    whole = machine.folder / "whole.db"
    machine.litestream.restore("-txid", newest.stem.partition("-")[2], "-o", str(whole))
    found = ltx.pages(newest)
    image = b"".join(found[number] for number in sorted(found))
    check(image == whole.read_bytes(), f"{newest} is not read as it is restored")
    passed("LTX files are read as Litestream restores them, page by page")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        machine = Machine(pathlib.Path(name) / "machine", stack)
        traffic = Traffic(machine.wireroom)
        stack.callback(traffic.stop)
        ledger = traffic.ledger
        traffic.wait_for(lambda: ledger.count([ledger.accepted]) > WRITES, 60, "the editors are too slow")
        check_lost_at_work(machine, traffic)
        check_lost_again(machine)
        check_renewal(machine)
        check_decoder(machine)
        check_foreign(machine)


if __name__ == "__main__":
    run("Litestream: the machine is lost, and what was taken down is gone", main)
