# SPDX-License-Identifier: Apache-2.0
"""The state of a database after a restore, and the program's commands for it."""

import os
import re
import resource
import subprocess
from urllib.parse import urlsplit

from checks import check, passed
from editor import Editor
from ledger import Ledger
from traffic import FEED, STORY, Follower

EDITS = 60


def command(*arguments, code=0, settings=None, largest=None):
    """Runs the program, which must exit as expected (`None`: in any way); returns its output.

    `settings` are environment variables; `largest` is how many bytes a file that it writes can have.

    """
    done = subprocess.run(
        [os.environ["WIREROOM_BINARY"], *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, **(settings or {})}, restore_signals=largest is None,
        preexec_fn=largest and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))),
    )
    text = done.stdout + done.stderr
    check(code is None or done.returncode == code, f"wireroom {' '.join(map(str, arguments))} ended with {done.returncode}: {text}")
    return text


def updates_in(file):
    """Verifies a database; returns its number of updates."""
    return int(re.search(r"is in order: .* ([0-9]+) updates?,", command("verify", file))[1])


def start_again(client, cursor):
    """Restarts as front ends do when their cursor has expired: from the snapshot URL in the response."""
    answer = client.get(f"{FEED}?cursor={cursor}")
    check(answer.status == 410, f"a cursor from before the restore is answered {answer.status} {answer.body[:300]!r}")
    address = urlsplit(answer.json["snapshot"])
    snapshot = client.get(f"{address.path}?{address.query}")
    check(snapshot.status == 200 and snapshot.json["cursor"] != cursor, f"the address {address} has no fresh snapshot")
    return Follower(client, Ledger(), 0)


def check_law(client, cursor, what):
    """The cursor expires once; from then on nothing is missed."""
    page = start_again(client, cursor)
    editor = Editor(client, STORY, os.environ.get("WIREROOM_TEST_SEED", what))
    for _ in range(EDITS):
        editor.write()
        if editor.random.random() < 0.3:
            page.step()
    fresh = client.whole(STORY)
    while page.cursor != fresh["cursor"]:
        page.step()
    page.must_hold(fresh)
    passed(f"{what}, old cursors are answered 410; who starts again holds what a snapshot shows, through {EDITS} edits")


def held_by(client):
    snapshot = client.whole(STORY)
    return {update["id"]: update for update in snapshot["updates"]}, snapshot["links"], snapshot["cursor"]
