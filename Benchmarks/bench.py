# SPDX-License-Identifier: Apache-2.0
"""Benchmarks Wireroom against its thresholds, side by side with nginx and nchan. README.md explains the figures.

Started by scripts/bench; needs nginx with nchan, the load generator in load/, and only Python's standard library.
"""

import argparse
import contextlib
import dataclasses
import datetime
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import bars
import cluster
import history
import media
import pictures
import polls
import readers
import writes
from bars import Result
from generator import Generator
from report import HERE, report
from servers import Failed

BUDGET_SECONDS = 520
"""No case begins later than that, so that the whole ends within ten minutes; as a rule it takes seven or eight."""

WANTED_DESCRIPTORS = 60_000
"""For the readers of many-streams, in the server and in the load generator."""


@dataclasses.dataclass(frozen=True)
class Sizes:
    """The size of each measurement."""

    rounds: int = 7
    """Of publishes, starts and paced polls."""
    load_rounds: int = 13
    """Of requests as fast as they are answered: short ones, because the machine changes its pace every few seconds."""
    seconds: float = 1
    paced_seconds: float = 3
    many: int = 10_000
    updates: int = 1_000_000
    readers: int = 9_990
    """As many as nchan is compared at; some of 10,000 connections are the bench's own."""
    parked: int = 5_000
    crowd: int = 50_000
    """Of streams that one node has at most; fewer where the limit on descriptors allows no more."""

    @property
    def named(self):
        return dataclasses.asdict(self)


QUICK = Sizes(
    rounds=1, load_rounds=1, seconds=0.5, paced_seconds=1, many=1_000, updates=100_000, readers=1_000, parked=500, crowd=2_000
)


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    run: object
    bars: tuple


CASES = [
    Case("not-modified", polls.not_modified, (bars.NOT_MODIFIED,)),
    Case("plain", polls.plain, (bars.PLAIN,)),
    Case("gzip", polls.packed, (bars.GZIP,)),
    Case("page", polls.page, (bars.PAGE,)),
    Case("picture", media.picture, (bars.PICTURE_SENT,)),
    Case("empty-delta", polls.empty_delta, (bars.EMPTY_DELTA,)),
    Case("many-stories", polls.many_stories, (bars.MANY_STORIES,)),
    Case("cold", polls.cold, (bars.COLD,)),
    Case("history-cold", history.cold_history, (bars.LARGE_SNAPSHOT, bars.LARGE_DELTA)),
    Case("history-held", history.held_history, (bars.LARGE_NOT_MODIFIED,)),
    Case("streams", readers.streams, (bars.STREAM_LAST, bars.STREAM_PROCESSOR, bars.STREAM_MEMORY)),
    Case("many-streams", readers.many_streams, (bars.CROWD_LAST, bars.CROWD_MEMORY)),
    Case("parked", readers.parked, (bars.PARKED_LAST,)),
    Case("busy", polls.busy, (bars.BUSY,)),
    Case("posts", writes.posts, (bars.POSTS, bars.POSTS_TIME)),
    Case("reactions", writes.reactions, (bars.REACTIONS, bars.REACTIONS_SPREAD)),
    Case("reactions-burst", writes.reactions_burst, (bars.REACTIONS_BURST,)),
    Case("start", history.start, (bars.START, bars.IDLE)),
    Case("pictures", pictures.pictures, (bars.PICTURE, bars.PICTURE_RATIO)),
]

# Of nodes on PostgreSQL, with --engine postgres.
CLUSTER_CASES = [
    Case("node-posts", cluster.posts, (bars.NODE_POSTS,)),
    Case("distant-posts", cluster.distant, (bars.DISTANT_POSTS,)),
    Case("cluster-posts", cluster.three_nodes, (bars.CLUSTER_POSTS, bars.CLUSTER_POSTS_TIME)),
    Case("node-polls", cluster.polls, (bars.NODE_POLLS,)),
    Case("dump", cluster.dump, (bars.DUMP_POSTS,)),
    Case("heard", cluster.heard, (bars.HEARD,)),
    Case("heard-by-polls", cluster.heard_by_polls, (bars.HEARD_BY_POLLS,)),
    Case("node-idle", cluster.idle, (bars.NODE_IDLE,)),
]


@dataclasses.dataclass(frozen=True)
class Figure:
    case: str
    server: str
    length: int
    connections: int
    rounds: list


@dataclasses.dataclass
class Bench:
    """The context of a case, and its results."""

    binary: str
    folder: pathlib.Path
    sizes: Sizes
    generator: Generator
    descriptors: int
    stack: contextlib.ExitStack
    """Of the present case: its servers end with it."""
    results: list = dataclasses.field(default_factory=list)
    figures: list = dataclasses.field(default_factory=list)
    databases: dict = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, binary, folder, options):
        """A bench of a binary, with a folder of its own."""
        folder.mkdir()
        # nginx reads its files as another user.
        folder.chmod(0o755)
        descriptors = raise_descriptor_limit()
        sizes = fitting(QUICK if options.quick else Sizes(), descriptors)
        generator = Generator(os.path.abspath(options.load), folder)
        return cls(os.path.abspath(binary), folder, sizes, generator, descriptors, None)

    def with_stack(self, stack):
        return dataclasses.replace(self, stack=stack)

    def result(self, bar, values, yardstick=(), note=""):
        self.results.append(Result(bar, list(values), list(yardstick), note))

    def figure(self, *values):
        self.figures.append(Figure(*values))

    def fail(self, case, reason):
        """Marks the bars of the case that have no result yet as failed."""
        have = {result.bar for result in self.results}
        self.results += [Result(bar, failure=reason) for bar in case.bars if bar not in have]


def run_case(bench, case, deadline):
    began = time.monotonic()
    outcome = "done"
    try:
        if began > deadline:
            raise Failed("there was no time left")
        with contextlib.ExitStack() as stack:
            case.run(bench.with_stack(stack))
    except (Failed, OSError, LookupError, ValueError, sqlite3.Error, subprocess.SubprocessError) as failure:
        reason = " ".join(f"{failure if isinstance(failure, Failed) else repr(failure)}".split())[:300]
        outcome = f"failed: {reason}"
        bench.fail(case, reason)
    print(f"{case.name}: {outcome} ({time.monotonic() - began:.0f} s)", file=sys.stderr)


def raise_descriptor_limit():
    """Raises the limit for this process and its children: above the hard limit, too, where that is allowed."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in (max(most, WANTED_DESCRIPTORS), most):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
            return limit
    return most


def fitting(sizes, descriptors):
    """The number of readers, reduced to what the descriptor limit allows; the table shows it."""
    most = descriptors - 100
    # A server with many descriptors keeps some for connections that it refuses.
    crowd = min(sizes.crowd, descriptors - 1_000)
    return dataclasses.replace(
        sizes, readers=min(sizes.readers, most), parked=min(sizes.parked, most), crowd=max(crowd, 100)
    )


def record(text, engine):
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    file = results / f"{datetime.date.today()}{'' if engine == 'sqlite' else '-' + engine}.md"
    file.write_text(text)
    print(f"\nrecorded in {file.relative_to(HERE.parent)}")


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the wireroom to measure")
    parser.add_argument("--load", required=True, help="the load generator")
    parser.add_argument("--quick", action="store_true", help="everything short and small; nothing is recorded")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite", help="postgres: nodes in a cluster")
    parser.add_argument("--beside", metavar="BINARY", help="another wireroom, to run each case with both, one after the other")
    parser.add_argument("--only", metavar="NAME", help="the cases with this in their name; nothing is recorded")
    options = parser.parse_args()
    cases = CASES if options.engine == "sqlite" else CLUSTER_CASES
    options.cases = [case for case in cases if not options.only or options.only in case.name]
    if not options.cases:
        parser.error(f"no such case; there are {', '.join(case.name for case in cases)}")
    return options


def run(options, folder):
    bench = Bench.of(options.binary, folder / "bench", options)
    other = Bench.of(options.beside, folder / "beside", options) if options.beside else None
    began, load_before = time.monotonic(), os.getloadavg()[0]
    for number, case in enumerate(options.cases):
        # Each of the two begins every other case, so that neither always finds the machine warm.
        benches = [each for each in (other, bench) if each]
        for each in benches if number % 2 else reversed(benches):
            run_case(each, case, began + BUDGET_SECONDS * len(benches))
    return bench, report(bench, time.monotonic() - began, load_before, other)


def main():
    options = read_options()
    # Unwinds the stack on a signal too, so that the servers are stopped.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-bench-"))
    folder.chmod(0o755)
    try:
        bench, text = run(options, folder)
    finally:
        shutil.rmtree(folder)
    print(text)
    if not options.quick and options.only is None:
        record(text, options.engine)
    if not all(result.is_met for result in bench.results):
        sys.exit("bench: not every bar is met")


if __name__ == "__main__":
    main()
