# SPDX-License-Identifier: Apache-2.0
"""REDbot, an HTTP linter, finds no fault in the responses that front ends poll."""

import configparser
import contextlib
import pathlib
import tempfile

import thor
from httplint.note import levels
from redbot.resource import HttpResource

from checks import check, passed, run
from wireroom import Client, Wireroom

STORY = "harbour-storm"
SECONDS = 30

# Notes of level warning that are not faults, by class name.
ALLOWED = {
    # "Cache-Control: public is probably not necessary." True for requests without Authorization. But a read may carry an
    # invalid key, and is answered as if it had none: `public` lets caches share that response (RFC 9111 §3.5).
    "STORE_PUBLIC_UNNECESSARY",
}


class Report:
    """REDbot's findings about one URL, with the probe requests that it sends itself."""

    def __init__(self, name, url, headers, status):
        self.name = name
        self.status = status
        configuration = configparser.ConfigParser()
        # Required for private addresses.
        configuration.read_dict({"redbot": {"enable_local_access": "True"}})
        self.resource = HttpResource(configuration["redbot"])
        self.resource.set_request(url, headers=headers)

    def parts(self):
        """The names and responses of the main request and of the probes."""
        probes = [(f", {kind}", probe) for kind, probe in self.resource.subreqs.items() if probe.fetch_started]
        return [("", self.resource), *probes]

    def notes(self):
        """Yields each note with the name of its request."""
        for part, fetch in self.parts():
            for note in [*fetch.request.notes, *fetch.response.notes]:
                yield self.name + part, note

    def must_have_answers(self):
        for part, fetch in self.parts():
            check(fetch.fetch_error is None, f"{self.name}{part}: {fetch.fetch_error}")
        status = self.resource.response.status_code
        check(status == self.status, f"{self.name}: {status} instead of {self.status}")


def judge(found):
    """Prints each note once, with its count, or with its subjects if it is a fault."""
    about = {}
    for report in found:
        for name, note in report.notes():
            about.setdefault((note.level, type(note).__name__, str(note.summary)), []).append(name)
    faults = 0
    for (level, kind, summary), names in sorted(about.items(), key=lambda item: item[0][0].value):
        is_allowed = level == levels.WARN and kind in ALLOWED
        is_fault = level in (levels.BAD, levels.WARN) and not is_allowed
        faults += is_fault
        where = "; ".join(names) if is_fault else f"{len(names)} times{', allowed' if is_allowed else ''}"
        print(f"        {level.value}: {summary} [{kind}, {where}]")
    check(faults == 0, f"{faults} sorts of notes are of the level bad or warning")


def examine(reports):
    """Runs all reports in one run of REDbot's event loop, which cannot be restarted."""
    left = set(reports)

    def finish(report):
        left.discard(report)
        if not left:
            thor.stop()

    for report in reports:
        report.resource.once("check_done", lambda report=report: finish(report))
        thor.schedule(0, report.resource.check)
    thor.schedule(SECONDS, thor.stop)
    thor.run()
    check(not left, f"REDbot had not finished {[report.name for report in left]} after {SECONDS} s")


def prepare(client):
    """Creates a story large enough for compression. Returns the cursor before its last update."""
    client.must_write("POST", "/stories", {"title": "Storm at the harbour", "slug": STORY})
    path = f"/stories/{STORY}/updates"
    for number in range(20):
        cursor = client.read(path)["cursor"]
        body = f"Report {number}: the harbour stays **closed** until the wind drops."
        client.must_write("POST", path, {"body": body})
    client.must_write("POST", f"/stories/{STORY}/reactions/veryGood")
    return cursor


def reports(wireroom, client):
    cursor = prepare(client)
    feed = f"/stories/{STORY}/updates"
    tag = client.get(feed).headers["ETag"]
    rows = [
        ("snapshot", feed, [], 200),
        ("snapshot that is held already", feed, [("If-None-Match", tag)], 304),
        ("delta", f"{feed}?cursor={cursor}", [], 200),
        ("empty delta", f"{feed}?cursor={client.read(feed)['cursor']}", [], 200),
        ("long poll", f"{feed}?cursor={cursor}&wait=5", [], 200),
        ("shared long poll", f"{feed}?cursor={cursor}&wait=20&tick=0", [], 200),
        ("reactions", f"/stories/{STORY}/reactions", [], 200),
        ("links", f"/stories/{STORY}/links", [], 200),
        ("story", f"/stories/{STORY}", [], 200),
        ("list of stories", "/stories", [], 200),
        ("list of stories for people", "/", [], 200),
        ("status page", "/api/v2/summary.json", [], 200),
        ("reader's page", f"/live/{STORY}", [], 200),
        ("JSON Feed", f"/stories/{STORY}/feed.json", [], 200),
        ("Atom feed", f"/stories/{STORY}/feed.atom", [], 200),
        ("linked data", f"/stories/{STORY}/liveblog.jsonld", [], 200),
        ("widget", "/embed.js", [], 200),
        ("frames of cards", "/cards.js", [], 200),
        ("words of the widget", "/words/de", [], 200),
        ("desk", "/desk", [], 200),
    ]
    return [Report(name, wireroom.url + path, headers, status) for name, path, headers, status in rows]


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        stack.callback(wireroom.kill)
        found = reports(wireroom, Client(wireroom.url))
        examine(found)
        for report in found:
            report.must_have_answers()
        judge(found)
        passed(f"REDbot holds nothing against {', '.join(report.name for report in found)}")


if __name__ == "__main__":
    run("REDbot examines", main)
