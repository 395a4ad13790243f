# SPDX-License-Identifier: Apache-2.0
"""Pictures: uploaded in each format, read, deleted, taken down, backed up and moved; through kills; drawn for other sites; and many at once."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import time

from checks import check, passed, run, wait_for
from pictures import FORMATS, WIDTHS, animated, encoded, folders, must_be, paths, upload, uploaded
from restored import command
from socialimages import check_social_images
from wireroom import ADMIN_KEY, Client, Wireroom

STORY = "/stories/pictures"
DAYS = 2 * 86_400
AT_ONCE = 50
MOST_BYTES = 64 << 20
"""Memory of the server, beyond what it has at rest, for that many uploads."""


# --- reading ---


def check_formats(client):
    for form, kind in FORMATS.items():
        body = encoded(form)
        asset = upload(client, body).json
        check((asset["type"], asset["width"], asset["height"]) == (kind, 2000, 1200), f"of {form} it says {asset}")
        check(asset["widths"] == list(WIDTHS) and not asset["animated"], f"of {form} it says {asset}")
        for path, variant in paths(asset).items():
            width = int((re.search(r"/(\d+)\.", path) or [0, 2000])[1])
            must_be(client.get(path), path, variant, width)
        again = upload(client, body, 200).json
        check(again == asset == client.read(f"{asset['url']}/metadata"), f"the second upload of {form} says {again}")
    moving = upload(client, animated()).json
    check(moving["animated"] and moving["widths"] == [320], f"of an animation it says {moving}")
    passed(f"{', '.join(FORMATS)} and an animation are uploaded, and each file of them is as it says and without metadata")


def check_reads(client):
    asset = upload(client, encoded("JPEG", seed=1)).json
    for path in paths(asset):
        whole = client.get(path)
        head = client.ask("HEAD", path)
        check((head.status, head.body) == (200, b""), f"HEAD {path}: {head.status}, {len(head.body)} bytes")
        check(head.headers["Content-Length"] == str(len(whole.body)), f"HEAD {path}: {head.headers['Content-Length']}")
        part = client.get(path, range="bytes=100-299")
        check((part.status, part.body) == (206, whole.body[100:300]), f"a part of {path}: {part.status}")
        check(part.headers["Content-Range"] == f"bytes 100-299/{len(whole.body)}", f"{part.headers['Content-Range']}")
        last = client.get(path, range="bytes=-50")
        check((last.status, last.body) == (206, whole.body[-50:]), f"the end of {path}: {last.status}")
        beyond = client.get(path, range=f"bytes={len(whole.body)}-")
        check(beyond.status == 416, f"beyond {path}: {beyond.status}")
        known = client.get(path, if_none_match=whole.headers["ETag"])
        check((known.status, known.body) == (304, b""), f"an unchanged {path}: {known.status}")
        check(client.get(path, if_match='"other"').status == 412, f"If-Match of {path}")
    passed("HEAD, parts, 304, 412 and 416 of every file are as the standard has them")


def check_refusals(client):
    cases = {
        415: [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!DOCTYPE html><p>", b"\0\0\0\x18ftypheic" + b"\0" * 40, b"words"],
        422: [encoded("JPEG")[:2000], encoded("PNG")[:2000], b""],
    }
    for status, bodies in cases.items():
        for body in bodies:
            problem = upload(client, body, status).json
            check(problem["detail"], f"{body[:40]!r}: {problem}")
    upload(client, encoded("PNG", 64, 64), 401, Authorization="Bearer nobody")
    check_too_large(client)
    passed("drawings, pages, HEIC, words, damaged and too large pictures are refused, each by what it is")


def check_too_large(client):
    """Refused by its head: the body is not even sent."""
    connection = client.connection()
    try:
        connection.putrequest("POST", "/media")
        connection.putheader("Authorization", f"Bearer {ADMIN_KEY}")
        connection.putheader("Content-Length", "25000001")
        connection.endheaders()
        response = connection.getresponse()
        text = response.read()
        check(response.status == 413 and b"25000000" in text, f"what is too large: {response.status} {text!r}")
    finally:
        connection.close()


# --- removal ---


def check_deletion(client, media):
    before = folders(media)
    asset = upload(client, encoded("PNG", seed=2)).json
    for path in paths(asset):
        client.get(path)
    client.must_write("POST", f"{STORY}/updates", {"body": "One.", "media": [{"type": "image", "url": asset["url"]}]})
    used = client.write("DELETE", asset["url"])
    check(used.status == 409 and "pictures" in used.json["detail"], f"a picture in use: {used.status} {used.body!r}")
    update = client.read(f"{STORY}/updates")["updates"][0]
    check(update["media"][0]["width"] == 2000 and update["media"][0]["color"] == asset["color"], f"the update has {update['media']}")
    free = upload(client, encoded("PNG", seed=3)).json
    for path in paths(free):
        client.get(path)
    client.must_write("DELETE", free["url"])
    for path in [*paths(free), f"{free['url']}/metadata"]:
        check(client.get(path).status == 404, f"after DELETE, {path} is there")
    check(len(folders(media)) == len(before) + 1, f"after DELETE there are {folders(media)}")
    passed("a picture in use is not deleted, and the answer says by what; of one that is deleted nothing is left")


def check_takedown(server, client, media):
    """Its files are gone before the answer, also from the disk's blocks: no process has them open."""
    asset, shared = (upload(client, encoded("JPEG", seed=seed)).json for seed in (4, 5))
    entries = [{"type": "image", "url": each["url"]} for each in (asset, shared)]
    update = client.must_write("POST", f"{STORY}/updates", {"body": "Wrong.", "media": entries}).json
    client.must_write("POST", f"{STORY}/updates", {"body": "Right.", "media": entries[1:]})
    for path in [*paths(asset), *paths(shared)]:
        client.get(path)
    before = set(folders(media))
    down = f"{STORY}/updates/{update['id']}/takedown"
    answer = client.must_write("POST", down, {"reason": "Rights."}, Idempotency_Key="down").json
    expected = {*paths(asset), f"{asset['url']}/metadata"}
    listed = {path for path in answer["purge"] if path.startswith("/media/")}
    check(listed == expected, f"a takedown lists {listed}")
    check(len(before - set(folders(media))) == 1, "the files of the picture are on the disk")
    for path in expected:
        check(client.get(path).status == 404, f"after a takedown, {path} is there")
    held = [link for link in open_files(server.server.process.pid) if "(deleted)" in link and str(media) in link]
    check(not [link for link in held if "/#" not in link], f"the server has files open that are taken down: {held}")
    check(all(client.get(path).status == 200 for path in paths(shared)), "a picture that another update uses is gone")
    again = client.must_write("POST", down, {"reason": "Rights."}, Idempotency_Key="down").json
    check({path for path in again["purge"] if path.startswith("/media/")} == expected, "a repeated takedown lists others")
    passed("a takedown removes the files of pictures that nothing else uses before its answer, which lists all their paths")


def open_files(pid):
    found = []
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(os.readlink(link))
        except FileNotFoundError:
            continue
    return found


# --- kills ---


def check_kills(server, media):
    """Killed amid uploads: what was answered is there, and of the others nothing is, after a start and a day."""
    body, answered = encoded("JPEG"), []
    for number in range(6):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            jobs = [pool.submit(try_upload, server.url, body + bytes([number, job])) for job in range(8)]
            time.sleep(0.15 * (number + 1))
            server.kill()
            answered += [asset for job in jobs if (asset := job.result())]
        server.start()
    client = Client(server.url)
    for asset in answered:
        check(client.get(asset["url"]).status == 200, f"{asset['url']} was answered, and is not there")
    # What a kill between the files and the row leaves: a folder without a row.
    stray = media / "stray"
    shutil.copytree(media / folders(media)[-1], stray)
    said = command("verify", server.database)
    check(f"{stray} belongs to no picture" in said, f"verify says {said}")
    server.stop()
    for path in media.iterdir():
        old = time.time() - DAYS
        os.utime(path, (old, old))
    server.start()
    wait_for(lambda: not [name for name in folders(media) if name.startswith(".")], 10, "drafts are left")
    # Nothing else goes at the first look: the database may be the wrong one.
    check(stray.exists(), "a folder without a row is removed at once")
    for asset in answered:
        check(client.get(asset["url"]).status == 200, f"{asset['url']} was swept")
    passed(f"through 6 kills amid uploads {len(answered)} that were answered are there; verify names what is left of others, and a start removes drafts")


def try_upload(url, body):
    """The asset, or nothing if the server was killed before its answer."""
    try:
        return uploaded(url, body)
    except OSError:
        return None


# --- copies ---


def check_copies(server, folder, client):
    """Backup, verify, restore and move, with the pictures."""
    backup, media = folder / "backup.db", pathlib.Path(f"{server.database}-media")
    asset = upload(client, encoded("WEBP", seed=6)).json
    bodies = {path: client.get(path).body for path in paths(asset)}
    check("the files of" in command("backup", backup, "--database", server.database), "backup does not say what it has copied")
    check("-media has the files of" in command("verify", backup), "verify does not say what it has read")
    client.must_write("DELETE", asset["url"])
    server.stop()
    said = command("restore", backup, "--database", server.database)
    check("Its pictures are in" in said, f"restore says {said}")
    server.start()
    for path, body in bodies.items():
        check(client.get(path).body == body, f"after a restore, {path} is another")
    server.stop()
    moved = folder / "moved.db"
    command("move", server.database, moved)
    check("-media has the files of" in command("verify", moved), "after move, verify does not say what it has read")
    damage(pathlib.Path(f"{moved}-media"))
    said = command("verify", moved, code=1)
    check("other bytes" in said and "is missing" in said, f"of damaged pictures verify says {said}")
    command("verify", server.database)
    server.start()
    check_archive(server, folder)
    passed("backup, restore, move, and export and import keep every picture; verify names files that are missing or changed")


def check_archive(server, folder):
    """A story in an archive with its pictures, which another server imports."""
    archive, other = folder / "story.tar", folder / "other.db"
    used = Client(server.url).read(f"{STORY}/updates")["updates"]
    urls = {medium["url"] for update in used for medium in update["media"]}
    check(urls, "the story has no pictures")
    command("export", "pictures", "--with-media", archive, "--database", server.database)
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    check(names[0] == "story.json", f"an archive begins with {names[0]}")
    check({f"{url[1:]}/original" for url in urls} < set(names), f"an archive has {names}")
    command("import", archive, "--database", other)
    said = command("verify", other)
    check(f"the files of {len(urls)} picture" in said, f"after an import, verify says {said}")
    place = folder / "other"
    place.mkdir()
    importer = Wireroom(place, other)
    importer.start()
    try:
        for url in urls:
            for path in (url, f"{url}/metadata", f"{url}/640.webp"):
                mine, theirs = (Client(each.url).get(path) for each in (server, importer))
                check(theirs.status == 200, f"after an import, {path} is {theirs.status}")
                check("metadata" in path or mine.body == theirs.body, f"after an import, {path} has other bytes")
    finally:
        importer.kill()


def damage(media):
    """Changes a byte of a file, and removes another; of copies, as files may be links to those of the source."""
    first, second = sorted(media.glob("*/original"))[:2]
    body = bytearray(first.read_bytes())
    body[len(body) // 2] ^= 1
    first.unlink()
    first.write_bytes(body)
    second.unlink()


# --- many at once ---


def check_crowd(folder):
    """Many uploads at once take little of the server's memory; each is decoded in a process of its own."""
    place = folder / "crowd"
    place.mkdir()
    server = Wireroom(place)
    server.start()
    try:
        # Many bytes and few pixels: were the bodies in memory, they would exceed the limit, and the encoders have little to do.
        bodies = [encoded("JPEG", 1200, 900, seed, grain=2, quality=100) for seed in range(AT_ONCE)]
        check(sum(map(len, bodies)) > MOST_BYTES, f"the uploads have only {sum(map(len, bodies)) >> 20} MiB")
        pid = server.server.process.pid
        uploaded(server.url, encoded("PNG", seed=99))
        idle, most, children = resident(pid), 0, 0
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(uploaded, server.url, body) for body in bodies]
            while not all(job.done() for job in jobs):
                most = max(most, resident(pid))
                children = max(children, sum(map(resident, children_of(pid))))
                time.sleep(0.02)
            assets = [job.result() for job in jobs]
        seconds = time.monotonic() - started
        check(len({asset["id"] for asset in assets}) == AT_ONCE, "some uploads are not there")
        check(most - idle < MOST_BYTES, f"{AT_ONCE} uploads take {(most - idle) >> 20} MiB more than the {idle >> 20} MiB at rest")
        stored = sum(file.stat().st_size for file in pathlib.Path(f"{server.database}-media").rglob("*") if file.is_file())
        passed(f"{AT_ONCE} uploads at once, {sum(map(len, bodies)) >> 20} MiB that become {stored >> 20} MiB of files, take {seconds:.1f} s and {(most - idle) / (1 << 20):.1f} MiB"
               f" more than the {idle / (1 << 20):.1f} MiB at rest; the decoders take {children / (1 << 20):.0f} MiB beside it")
    finally:
        server.kill()


def resident(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(re.search(r"^Rss:\s+(\d+) kB", text, re.M)[1]) * 1024
    except (OSError, TypeError):
        return 0


def children_of(pid):
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in done.stdout.split()]


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-media-") as name:
        folder = pathlib.Path(name)
        server = Wireroom(folder)
        media = pathlib.Path(f"{server.database}-media")
        server.start()
        try:
            client = Client(server.url, seconds=60)
            client.must_write("POST", "/stories", {"title": "Pictures", "slug": "pictures", "status": "live"})
            check_formats(client)
            check_reads(client)
            check_refusals(client)
            check_deletion(client, media)
            check_takedown(server, client, media)
            check_kills(server, media)
            check_copies(server, folder, client)
            check_social_images(client)
        finally:
            server.kill()
        check_crowd(folder)


if __name__ == "__main__":
    run("Pictures", main)
