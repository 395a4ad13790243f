# SPDX-License-Identifier: Apache-2.0
"""The commands for pictures in a bucket: moved there and back, backed up and restored, exported and imported, verified; and killed meanwhile."""

import os
import pathlib
import random
import re
import signal
import subprocess
import time

from checks import check, passed
from objectstorage import BUCKET
from pictures import encoded, folders, paths, uploaded
from restored import command
from wireroom import Client, Wireroom

PICTURES, FILES = 24, 3
LARGE_FILES = 9
"""Of the picture that is added last, which has more sizes."""
LARGEST = 64 << 10
"""Bytes of a file on a disk that is called full: enough for SQLite's index of the log, not for the large picture."""
KILLS = 6


class Newsroom:
    """A server with a story of pictures in a folder, and the commands for it."""

    def __init__(self, storage, folder):
        folder.mkdir()
        self.storage, self.folder = storage, folder
        self.server = Wireroom(folder)
        self.database, self.media = self.server.database, pathlib.Path(f"{self.server.database}-media")
        self.settings = storage.access()

    def fill(self):
        self.server.start()
        client = Client(self.server.url, seconds=60)
        client.must_write("POST", "/stories", {"title": "Pictures", "slug": "pictures"})
        self.assets = [self.add(client, seed) for seed in range(PICTURES)]

    def add(self, client, seed, width=400, height=240):
        asset = uploaded(self.server.url, encoded("JPEG", width, height, seed))
        media = [{"type": "image", "url": asset["url"], "alt": "Noise"}]
        client.must_write("POST", "/stories/pictures/updates", {"body": "One.", "media": media})
        return asset

    def run(self, *arguments, **how):
        return command(*arguments, **{"settings": self.settings, **how})

    def killed(self, *arguments, then=lambda: None):
        """Runs a command and kills it at varying moments; returns how often it was killed before it had ended."""
        moments, ended, count = random.Random(7), 0, 0
        longest = 1.5
        while count < KILLS:
            process = subprocess.Popen(
                [os.environ["WIREROOM_BINARY"], *map(str, arguments)], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env={**os.environ, **self.settings})
            time.sleep(moments.uniform(0.02, longest))
            process.send_signal(signal.SIGKILL)
            if process.wait(10) == 0:
                # It has ended: the next is killed sooner.
                longest, ended = longest / 2, ended + 1
                check(ended < 20, f"{arguments[0]} is never killed in time")
            else:
                count += 1
            then()
        return count


def place(prefix):
    return f"s3://{BUCKET}/{prefix}"


# --- folder, bucket and back ---


def check_move(room):
    """Only the pictures, while the server runs, then the rest; and back."""
    there = place("moved")
    said = room.run("move", room.database, "--media-to", there)
    check(f"{there}/ has the files of {PICTURES} pictures" in said, f"move says {said}")
    room.assets.append(room.add(Client(room.server.url), 100, 2000, 1200))
    before = bodies(room)
    room.server.stop()
    said = room.run("move", room.database, "--media-to", there)
    check(f"the files of {PICTURES + 1} pictures" in said, f"the second move says {said}")
    check(len(room.storage.keys("moved/")) == FILES * PICTURES + LARGE_FILES, "the bucket has other files")
    said = room.run("verify", room.database, "--media", there)
    check(f"{there}/ has the files of {PICTURES + 1} pictures" in said, f"verify says {said}")
    room.server.settings = room.storage.settings(room.folder, prefix="moved")
    room.server.start()
    check(bodies(room) == before, "from the bucket, pictures have other bytes")
    room.server.stop()
    back = room.folder / "back"
    room.run("move", room.database, "--media-from", there, "--media-to", back)
    check(files_of(back) == files_of(room.media), "what came back has other bytes")
    said = room.run("move", room.database, code=2)
    check("--media-to" in said, f"without a place move says {said}")
    passed(f"{PICTURES} pictures move to a bucket beside the server, another one after it, and all of them back")


def bodies(room):
    client = Client(room.server.url)
    answers = {path: client.get(path) for asset in room.assets for path in paths(asset)}
    check(all(answer.status == 200 for answer in answers.values()), "pictures are not served")
    return {path: answer.body for path, answer in answers.items()}


def files_of(media):
    return {str(file.relative_to(media)): file.read_bytes() for file in media.rglob("*") if file.is_file()}


def check_killed_moves(room):
    """With the database: whatever it holds then, its pictures are there. To a bucket, from bucket to bucket, and to a folder."""
    legs = [(room.media, place("killed")), (place("killed"), place("killed-too")), (place("killed"), room.folder / "killed-media")]
    for number, (source, target) in enumerate(legs):
        moved = room.folder / f"killed-{number}.db"
        arguments = ["move", room.database, moved, "--media-from", source, "--media-to", target]

        def look(moved=moved, target=target):
            if holds_updates(moved):
                room.run("verify", moved, "--media", target)
                for side in ("", "-wal", "-shm"):
                    pathlib.Path(f"{moved}{side}").unlink(missing_ok=True)

        room.killed(*arguments, then=look)
        room.run(*arguments)
        said = room.run("verify", moved, "--media", target)
        check(f"the files of {len(room.assets)} pictures" in said, f"after kills and a move, verify says {said}")
        check("belongs to no picture" not in said, f"kills have left what belongs to no picture: {said}")
    passed(f"through {len(legs) * KILLS} kills amid moves from folder, to bucket, to another and back no database names a picture that is not there, and the next move ends it")


def holds_updates(database):
    said = command("verify", database, "--quick", "--media", "/nowhere", code=None)
    return re.search(r" [1-9]\d* updates", said)


def check_full_disk(room):
    """No file can be as large as one of the pictures: of that nothing is left, and the error says why."""
    target = room.folder / "full-media"
    said = room.run("move", room.database, "--media-from", place("moved"), "--media-to", target, code=1, largest=LARGEST)
    check("File too large" in said and f"{target}" in said, f"on a full disk move says {said}")
    left = folders(target)
    check(len(left) < len(room.assets) and not [name for name in left if name.startswith(".")], f"on a full disk move leaves {left}")
    archive = room.folder / "full.tar"
    said = room.run("export", "pictures", "--with-media", archive, "--database", room.database, "--media", place("moved"), code=1, largest=LARGEST)
    check("File too large" in said and not archive.exists(), f"on a full disk export says {said}")
    passed("on a disk that is full move and export say so, and leave nothing that looks whole")


# --- faults ---


def check_verify(room):
    """What is missing, changed or stray is named, by picture and object."""
    keys = room.storage.keys("killed-too/")
    missing, short, changed = (key.removeprefix("killed-too/") for key in keys[:9:4])
    put = room.storage.s3.put_object
    room.storage.s3.delete_object(Bucket=BUCKET, Key=f"killed-too/{missing}")
    put(Bucket=BUCKET, Key=f"killed-too/{short}", Body=b"x")
    size = room.storage.s3.head_object(Bucket=BUCKET, Key=f"killed-too/{changed}")["ContentLength"]
    put(Bucket=BUCKET, Key=f"killed-too/{changed}", Body=b"x" * size)
    put(Bucket=BUCKET, Key="killed-too/stray/original", Body=b"x")
    quick = room.run("verify", room.database, "--quick", "--media", place("killed-too"), code=1)
    check(f"{missing} is missing" in quick and f"{short} has 1 bytes instead of" in quick and changed not in quick, f"verify --quick says {quick}")
    said = room.run("verify", room.database, "--media", place("killed-too"), code=1)
    for words in (f"{missing} is missing", f"{short} has 1 bytes instead of", f"{changed} has other bytes"):
        check(words in said, f"verify does not say that {words}: {said}")
    put(Bucket=BUCKET, Key="moved/stray/original", Body=b"x")
    said = room.run("verify", room.database, "--media", place("moved"))
    check(f"{place('moved')}/stray belongs to no picture" in said, f"of what is stray verify says {said}")
    room.storage.s3.delete_object(Bucket=BUCKET, Key="moved/stray/original")
    passed("verify names each object that is missing, cut, changed or stray; --quick all but changes of the same size")


def check_refused(room):
    """A wrong secret, no bucket, no credentials: named, and nothing secret is."""
    key, secret = room.storage.credentials
    for settings, where, words in (
        ({"AWS_SECRET_ACCESS_KEY": "wrong" * 8}, place("moved"), ["403 (SignatureDoesNotMatch", place("moved")]),
        ({}, "s3://no-such-bucket/moved", ["404 (NoSuchBucket", "s3://no-such-bucket/moved/"]),
        ({"AWS_ACCESS_KEY_ID": ""}, place("moved"), ["AWS_ACCESS_KEY_ID"]),
    ):
        for arguments in (["verify", room.database, "--media", where], ["move", room.database, "--media-to", where]):
            said = room.run(*arguments, code=2 if "AWS_ACCESS_KEY_ID" in settings else 1, settings={**room.settings, **settings})
            check(all(word in said for word in words), f"{arguments[0]} says {said}")
            check(key not in said and secret not in said and "wrong" not in said, f"{arguments[0]} tells of credentials: {said}")
    passed("a wrong secret, a missing bucket and missing credentials are named by bucket and status, without credentials")


# --- backups and archives ---


def check_backup(room):
    """Without the pictures, which must be there; with them; and restored to another bucket."""
    there = ["--database", room.database, "--media", place("moved")]
    plain, whole = room.folder / "plain.db", room.folder / "whole.db"
    said = room.run("backup", plain, *there)
    check(f"{place('moved')}/ has the files of its {len(room.assets)} pictures" in said, f"backup says {said}")
    check(not pathlib.Path(f"{plain}-media").exists(), "a backup has pictures that nobody asked for")
    room.run("verify", plain, "--media", place("moved"))
    said = room.run("backup", whole, "--with-media", *there)
    check(f"{whole}-media: the files of {len(room.assets)} pictures" in said, f"backup --with-media says {said}")
    check(f"{whole}-media has the files" in room.run("verify", whole), "verify does not look beside a backup")
    said = room.run("backup", room.folder / "lost.db", "--database", room.database, "--media", place("killed-too"), code=1)
    check("is written, but" in said and "is missing" in said, f"of lost pictures backup says {said}")
    restored = room.folder / "restored.db"
    said = room.run("restore", whole, "--database", restored, "--media", place("restored"))
    check(f"{place('restored')}/: the files of {len(room.assets)} pictures" in said, f"restore says {said}")
    room.run("verify", restored, "--media", place("restored"))
    gone = room.storage.keys("restored/")[0].split("/")[1]
    for key in room.storage.keys(f"restored/{gone}/"):
        room.storage.s3.delete_object(Bucket=BUCKET, Key=key)
    said = room.run("restore", plain, "--database", restored, "--media", place("restored"))
    check("1 picture of the backup is in neither place" in said, f"restore without pictures says {said}")
    room.run("restore", whole, "--database", restored, "--media", place("restored"))
    room.run("verify", restored, "--media", place("restored"))
    passed("a backup says that its bucket has all pictures, or copies them; restore puts back those that are not there")


def check_archive(room):
    """Exported from a bucket, and imported into another through kills."""
    archive, other = room.folder / "story.tar", room.folder / "other.db"
    room.run("export", "pictures", "--with-media", archive, "--database", room.database, "--media", place("moved"))
    arguments = ["import", archive, "--database", other, "--media", place("imported"), "--slug"]

    def look():
        if other.exists():
            room.run("verify", other, "--quick", "--media", place("imported"))

    room.killed(*arguments, "killed", then=look)
    room.run(*arguments, "whole")
    said = room.run("verify", other, "--media", place("imported"))
    check(f"the files of {len(room.assets)} pictures" in said, f"after an import, verify says {said}")
    folder = room.folder / "imported-media"
    room.run("import", archive, "--database", room.folder / "third.db", "--media", folder)
    check(len(folders(folder)) == len(room.assets), "an import into a folder has other pictures")
    passed(f"an archive is made from a bucket, and imported into another through {KILLS} kills, and into a folder")


def check_all(storage, folder):
    room = Newsroom(storage, folder / "newsroom")
    room.fill()
    try:
        check_move(room)
        check_killed_moves(room)
        check_full_disk(room)
        check_verify(room)
        check_refused(room)
        check_backup(room)
        check_archive(room)
    finally:
        room.server.kill()
