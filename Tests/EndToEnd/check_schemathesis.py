# SPDX-License-Identifier: Apache-2.0
"""Schemathesis generates requests from openapi.yaml; every response must conform to it."""

import collections
import contextlib
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

from checks import Failure, Process, check, passed, run
from wireroom import ADMIN_KEY, Client, Wireroom

FOLDER = pathlib.Path(__file__).parent
STORY = "harbour-storm"
PHASES = ["examples", "coverage", "fuzzing", "stateful"]
# Hypothesis may end a stateful run early, depending on its seed: run several, and more until coverage suffices.
STATEFUL_RUNS = 2
MOST_STATEFUL_RUNS = 8
# For all phases beside what else runs.
SECONDS = 300
# Takes about a minute; `make schemathesis` sends many more.
LEAST_REQUESTS = int(os.environ.get("WIREROOM_SCHEMATHESIS_REQUESTS", "2000"))
# Of about 40 transitions between operations; which are followed depends on the seed.
LEAST_LINKS = 15


def prepare(client):
    """Creates a story with content of every kind, so that reads have content."""
    client.must_write("POST", "/stories", {"title": "Storm at the harbour", "slug": STORY, "tags": ["weather"]})
    client.must_write("POST", "/stories", {"title": "The ferry of last year", "status": "closed"})
    path = f"/stories/{STORY}/updates"
    for number in range(12):
        update = {"body": f"Report {number}: the harbour **stays** closed.", "pinned": number == 3, "keyEvent": number == 5}
        answer = client.must_write("POST", path, update)
        client.must_write("POST", answer.headers["Location"] + "/reactions/veryGood")
    client.must_write("POST", answer.headers["Location"] + "/strike", {"reason": "It is open."})
    client.must_write("POST", path, {"body": "To be checked.", "state": "draft"})
    client.must_write("PUT", f"/stories/{STORY}/links/related", [{"title": "Tides", "url": "https://tides.example/"}])


def configuration(seed):
    """The text of schemathesis.toml. With WIREROOM_SCHEMATHESIS_COVERAGE=half the phase that takes longest leaves out half of the
    operations, chosen by the seed; the other phases have all."""
    text = (FOLDER / "schemathesis.toml").read_text()
    if os.environ.get("WIREROOM_SCHEMATHESIS_COVERAGE") != "half":
        return text
    names = re.findall(r"^ +operationId: (\w+)$", (FOLDER / "../../openapi.yaml").read_text(), re.MULTILINE)
    left_out = random.Random(seed).sample(names, len(names) // 2)
    return f"{text}\n[[operations]]\ninclude-operation-id = {json.dumps(left_out)}\nphases.coverage.enabled = false\n"


class Run:
    """A run of Schemathesis, which fails if it finds a failure, with its statistics."""

    def __init__(self, wireroom, folder, phases, seed):
        self.folder = folder
        self.ask(f"{wireroom.url}/openapi.yaml", phases, seed)
        self.summary = json.loads((folder / "summary.json").read_text())
        self.requests, self.links = collections.Counter(), collections.Counter()
        with open(folder / "events.ndjson") as events:
            for event in events:
                self.count(json.loads(event).get("ScenarioFinished"))

    def ask(self, document, phases, seed):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(FOLDER),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WIREROOM_KEY": ADMIN_KEY,
            "WIREROOM_TEST_SEED": str(seed),
        }
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml"]
        command += ["run", document, "--checks", "all", "--phases", ",".join(phases), "--seed", str(seed), "--no-color"]
        command += ["--report-ndjson-path", "events.ndjson", "--report-json-path", "summary.json"]
        self.folder.mkdir()
        (self.folder / "schemathesis.toml").write_text(configuration(seed))
        log = self.folder / "schemathesis.log"
        schemathesis = Process(command, log, environment, self.folder)
        try:
            code = schemathesis.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            schemathesis.end()
            raise Failure(f"Schemathesis had not ended after {SECONDS} s, seed {seed}") from None
        check(code == 0, f"Schemathesis ended with exit code {code}, seed {seed}:\n{findings(log.read_text())}")

    def count(self, scenario):
        """Counts the answered requests of a scenario, and the links followed to them."""
        recorded = scenario["recorder"] if scenario else {}
        for name, case in recorded.get("cases", {}).items():
            if recorded["interactions"].get(name, {}).get("response"):
                self.requests[scenario["phase"]] += 1
                self.links.update([case["transition"]["id"]] if case.get("is_transition_applied") else [])


def findings(log):
    """What was found, without the progress before it and the advice after it."""
    start = log.find("= FAILURES =")
    return log[start:log.find("= WARNINGS =", start)][:60_000] if start >= 0 else log[-20_000:]


def main():
    seed = int(os.environ.get("WIREROOM_TEST_SEED") or random.getrandbits(32))
    print(f"  seed  WIREROOM_TEST_SEED={seed} makes up the same requests", flush=True)
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        wireroom = Wireroom(folder, settings={"WIREROOM_REACTION_RATE": "0"})
        wireroom.start()
        stack.callback(wireroom.kill)
        client = Client(wireroom.url)
        prepare(client)
        runs = ask(wireroom, folder, seed)
        wireroom.server.must_run()
        metrics = client.metrics()
        # Requests that violate HTTP itself are rejected before they are counted.
        judge(runs, metrics["wireroom_http_requests_total"] + metrics["wireroom_http_requests_refused_total"])


def ask(wireroom, folder, seed):
    """Runs all phases until there are enough requests, each run with its own seed."""
    runs = []
    while not runs or requests_of(runs).total() < LEAST_REQUESTS:
        first = seed + len(runs)
        runs.append(Run(wireroom, folder / f"single-{first}", PHASES[:-1], first))
        for number in range(first, first + MOST_STATEFUL_RUNS):
            if number >= first + STATEFUL_RUNS and len(links_of(runs)) >= LEAST_LINKS:
                break
            runs.append(Run(wireroom, folder / f"stateful-{number}", PHASES[-1:], number))
    return runs


def requests_of(runs):
    return sum((run.requests for run in runs), collections.Counter())


def links_of(runs):
    return sum((run.links for run in runs), collections.Counter())


def judge(runs, served):
    """Checks coverage: every operation, in each phase, along the links."""
    requests, links = requests_of(runs), links_of(runs)
    figures = ", ".join(f"{requests[phase]} {phase}" for phase in PHASES)
    operations = runs[0].summary["operations"]
    check(operations["tested"] == operations["total"] > 0, f"not all operations were looked at: {operations}")
    check(all(requests[phase] for phase in PHASES), f"a phase has asked nothing: {figures}")
    total = requests.total()
    check(LEAST_REQUESTS <= total <= served, f"{figures}, of which the server has counted {served:.0f}")
    check(len(links) >= LEAST_LINKS, f"only {len(links)} links were followed: {dict(links)}")
    passed(f"{total} requests to {operations['total']} operations were answered as openapi.yaml says ({figures})")
    passed(f"{len(links)} links of openapi.yaml were followed, {sum(links.values())} times")
    excused = sum(run.summary["filtered"] for run in runs)
    print(f"        {excused} refusals were by rules that openapi.yaml has in words alone", flush=True)


if __name__ == "__main__":
    run("Schemathesis asks", main)
