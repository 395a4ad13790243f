# SPDX-License-Identifier: Apache-2.0
"""Torn reads: polls a story during writes; each body must parse, and its entity tag must identify its bytes.

usage: check_torn.py [--polls NUMBER], with WIREROOM_BINARY as the server

Half of the polls use gzip. A tag identifies one byte sequence, in every process and for the whole run; the sequence number in
the tag is the one in the body; and no reader sees it decrease.
"""

import argparse
import gzip
import hashlib
import http.client
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

KEY = "torn-answers-admin-key"
READERS = 2
UPDATES = 20
WRITES_A_SECOND = 50


def start(binary, folder):
    environment = {"WIREROOM_ADMIN_KEY": KEY}
    arguments = [binary, "serve", "--host", "127.0.0.1", "--port", "0", "--database", f"{folder}/torn.db"]
    server = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    for line in server.stdout:
        if found := re.search(r"ready at http://127\.0\.0\.1:(\d+)", line):
            threading.Thread(target=server.stdout.read, daemon=True).start()
            return server, int(found[1])
    sys.exit("check_torn: the server did not start")


class Writer:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, method, path, value):
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        self.connection.request(method, path, json.dumps(value), headers)
        answer = self.connection.getresponse()
        body = json.loads(answer.read())
        assert answer.status in (200, 201), body
        return body


def write(port, ids, is_over):
    """Edits the updates in turn, with varying length, until stopped."""
    writer, count = Writer(port), 0
    while not is_over.is_set():
        count += 1
        text = f"Version {count}. " + "The wind is **rising**. " * (count % 7)
        writer.send("PATCH", f"/stories/torn/updates/{ids[count % len(ids)]}", {"body": text})
        time.sleep(1 / WRITES_A_SECOND)
    return count


def check(answer, body, is_packed, last_seq):
    """Validates a response; returns its tag and sequence number."""
    tag = answer.getheader("ETag")
    assert (answer.getheader("Content-Encoding") == "gzip") == is_packed, "the wrong coding"
    page = json.loads(gzip.decompress(body) if is_packed else body)
    seq = page["story"]["seq"]
    assert tag.startswith(f'"{page["cursor"]}.') and page["cursor"].endswith(f"-{seq}"), f"{tag} is not of {seq}"
    assert len(page["updates"]) == UPDATES, "updates are missing"
    assert max(update["seq"] for update in page["updates"]) <= seq, "an update is ahead of its story"
    assert seq >= last_seq, f"{seq} after {last_seq}"
    return tag, seq


def read(port, polls, results):
    connection, tags, last_seq = http.client.HTTPConnection("127.0.0.1", port, timeout=30), {}, 0
    try:
        for number in range(polls):
            is_packed = number % 2 == 0
            connection.request("GET", "/stories/torn/updates", headers={"Accept-Encoding": "gzip"} if is_packed else {})
            answer = connection.getresponse()
            body = answer.read()
            tag, last_seq = check(answer, body, is_packed, last_seq)
            digest = hashlib.sha256(body).digest()
            assert tags.setdefault(tag, digest) == digest, f"other bytes for {tag}"
        results.put(tags)
    except (AssertionError, ValueError, OSError, http.client.HTTPException) as error:
        results.put(f"{type(error).__name__}: {error}")


def run(port, polls):
    writer = Writer(port)
    writer.send("POST", "/stories", {"title": "Torn", "slug": "torn"})
    ids = [writer.send("POST", "/stories/torn/updates", {"body": f"{n}"})["id"] for n in range(UPDATES)]
    is_over, results = threading.Event(), multiprocessing.Queue()
    editor = threading.Thread(target=write, args=(port, ids, is_over))
    readers = [
        multiprocessing.Process(target=read, args=(port, polls // READERS, results)) for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    editor.start()
    found = [results.get() for _ in readers]
    is_over.set()
    editor.join()
    return found


def compare(found):
    """Equal tags must have equal bytes for all readers."""
    known = {}
    for tags in found:
        if isinstance(tags, str):
            sys.exit(f"check_torn: {tags}")
        for tag, digest in tags.items():
            if known.setdefault(tag, digest) != digest:
                sys.exit(f"check_torn: two readers have other bytes for {tag}")
    return len(known)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polls", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wireroom-torn-") as folder:
        server, port = start(os.environ["WIREROOM_BINARY"], folder)
        try:
            states = compare(run(port, options.polls))
        finally:
            server.terminate()
            code = server.wait(15)
    if code != 0 or states < 10:
        sys.exit(f"check_torn: the server ended with {code}, {states} states were seen")
    print(f"torn answers: {options.polls:,} bodies of {states:,} states, none torn")


if __name__ == "__main__":
    main()
