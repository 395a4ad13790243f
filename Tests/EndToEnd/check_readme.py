# SPDX-License-Identifier: Apache-2.0
"""Runs the API walk-through in README.md: every curl command, in order, against a server with the sample story.

- Every request must succeed, unless a comment after the command begins with the expected status.
- A block without a language directly below a block of commands is their output: `…` matches anything, white space is ignored.
- A comment such as `# 308, Location: /live/x` names what the response must contain.
"""

import os
import pathlib
import re
import subprocess
import tempfile

from checks import Failure, check, passed, run
from nginx import ROOT
from wireroom import ADMIN_KEY, Wireroom

SECTION = "Five minutes with curl"
BASE = "http://127.0.0.1:8080"
MARK = "--- end of block"
# Streams do not end by themselves; curl exits with 28 at its time limit.
CURL = """
curl() {
    command curl --max-time 3 --write-out '%{stderr}status %{http_code} %{method} %{url}\\n' "$@" || test $? -eq 28
}
"""


class Block:
    """Commands, and the output that README shows for them."""

    def __init__(self, commands):
        self.commands = commands
        self.shown = None

    def expected(self):
        """Comments that begin with a status: the status, and the rest of the comment."""
        return re.findall(r"# ([1-5]\d\d)(?:, (.*?))? *$", self.commands, re.M)


def section(text):
    found = re.search(rf"^## {SECTION}$(.*?)^## ", text, re.M | re.S)
    check(found, f"README.md has no section {SECTION}")
    return found[1]


def blocks(text):
    found = []
    for language, content in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
        if language == "sh":
            found.append(Block(content))
        else:
            check(language in ("", "json", "text") and found, f"README.md has a block of {language!r} without commands")
            found[-1].shown = content
    return found


def script(found, base, folder):
    """One shell for all blocks: later ones use variables of earlier ones."""
    text = "\n".join(f"{block.commands}\necho '{MARK}'; echo '{MARK}' >&2\n" for block in found)
    check(BASE in text, f"README.md does not begin at {BASE}")
    return CURL + text.replace(BASE, base).replace("/tmp/", f"{folder}/")


def walk(found, wireroom, folder):
    done = subprocess.run(
        ["bash", "-u", "-c", script(found, wireroom.url, folder)], cwd=folder, capture_output=True, text=True, timeout=120,
        check=False,
    )
    outputs, statuses = (text.split(f"{MARK}\n") for text in (done.stdout, done.stderr))
    check(len(outputs) == len(found) + 1, f"the walk ended in block {len(outputs)}:\n{done.stderr[-1000:]}")
    return zip(found, outputs, statuses)


def check_statuses(block, output, errors):
    expected = {status for status, _ in block.expected()}
    for status, request in re.findall(r"^status (\d+) (.*)$", errors, re.M):
        right = status in expected or status.startswith("2") or status == "000" and "stream" in request
        check(right, f"{request} is answered {status}:\n{block.commands}\n{output[:500]}")
    others = [line for line in errors.splitlines() if line and not line.startswith(("status ", "curl: (28)"))]
    check(not others, f"README's commands complain: {others}\n{block.commands}")
    for status, rest in block.expected():
        check(f" {status} " in output or f"status {status} " in errors, f"nothing is answered {status}:\n{block.commands}")
        check(squeezed(rest) in squeezed(output), f"the output has no {rest!r}:\n{block.commands}\n{output[:500]}")


def squeezed(text):
    return re.sub(r"\s+", "", text)


def shows(shown, output):
    """Whether the output matches README."""
    pattern = ".*".join(re.escape(part) for part in squeezed(shown).split("…"))
    return re.fullmatch(pattern, squeezed(output), re.S) is not None


def check_shown(block, output, base):
    if block.shown is None:
        return 0
    said = output.replace(base, BASE)
    check(shows(block.shown, said), f"README shows\n{block.shown}\nand not\n{said[:3000]}\nafter\n{block.commands}")
    return 1


def check_comparison():
    """The comparison detects a difference."""
    check(shows('{"a": 1, …}\n', '{"a":1,"b":[2]}'), "what is the same is taken for different")
    check(not shows('{"a": 1, …}', '{"a":2,"b":[2]}') and not shows('{"a": 1}', '{"a":1,"b":2}'), "a difference is not seen")


def command(*arguments):
    done = subprocess.run(
        [os.environ["WIREROOM_BINARY"], *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    check(done.returncode == 0, f"wireroom {arguments[0]}: {done.stderr}")


def main():
    check_comparison()
    found = blocks(section((ROOT / "README.md").read_text()))
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name:
        folder = pathlib.Path(name)
        # In the state in which scripts/run leaves it.
        (folder / "data").mkdir()
        (folder / "data/admin-key").write_text(f"{ADMIN_KEY}\n")
        (folder / "docs").symlink_to(ROOT / "docs")
        wireroom = Wireroom(folder)
        sample = ROOT / "Samples/harbour-storm.txt"
        command("import", str(sample), "--slug", "harbour-storm", "--database", str(wireroom.database))
        wireroom.start()
        try:
            requests, shown = 0, 0
            for block, output, errors in walk(found, wireroom, folder):
                check_statuses(block, output, errors)
                shown += check_shown(block, output, wireroom.url)
                requests += errors.count("status ")
        finally:
            wireroom.kill()
    if shown < 4 or requests < 30:
        raise Failure(f"README has {requests} requests and shows {shown} outputs")
    passed(f"{len(found)} blocks of README's walk: {requests} requests, {shown} outputs as shown")


if __name__ == "__main__":
    run("README's walk by curl", main)
