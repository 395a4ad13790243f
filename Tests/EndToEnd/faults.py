# SPDX-License-Identifier: Apache-2.0
"""Injects a fault into a server under load, and checks it before, during and after."""

import contextlib
import dataclasses
import re
import sqlite3
import time

from checks import Failure, check
from ledger import must_be_refusal
from traffic import FEED, PATH, SECONDS, STORY, Line, Traffic
from wireroom import Client

# A single occurrence might be survived by chance.
ROUNDS = 3
# Writes of each kind to wait for, before, during and after a fault.
ENOUGH = 3
# Time until a fault affects all kinds of writes: a full disk does so only after the free space in the WAL is used.
TROUBLE_SECONDS = 30
HOLD_SECONDS = 1
# Editors back off for a second or two, and this machine may be busy.
RECOVERY_SECONDS = 3
# Log lines about the fault, while hundreds of requests are refused: the same message is logged at most once in 10 seconds.
MOST_LINES = 8


@dataclasses.dataclass
class Fault:
    name: str
    context: object
    """Returns a context manager that injects the fault."""
    words: str
    """Regular expression of the log message."""
    statuses: frozenset = frozenset({503})
    """Expected statuses of refused writes."""
    may_write: bool = False
    """Whether writes may also succeed during the fault."""
    comes_at_rest: bool = False
    """Whether no write may be in flight when the fault is injected."""


def transient_fault(server, fault):
    """Load before, during and after a transient fault; returns a summary."""
    process = server.server.process.pid
    with traffic_on(server, fault) as traffic:
        recovery = 0
        for _ in range(ROUNDS):
            with contextlib.ExitStack() as stack:
                inject(traffic, fault, stack)
            recovery = max(recovery, recover(traffic))
        check(server.server.process.pid == process, "the server is another process")
        compare(traffic)
    check_log(server, fault, traffic.ledger)
    server.stop()
    check_on_disk(server, traffic.ledger)
    return f"{summary(traffic, fault)}; written again after {recovery * 1000:.0f} ms at most, all as acknowledged"


def permanent_fault(server, fault, repair):
    """Load before and during a fault that outlasts the server, and is repaired before the next start; returns a summary."""
    with contextlib.ExitStack() as stack:
        with traffic_on(server, fault) as traffic:
            inject(traffic, fault, stack)
            compare(traffic)
        check_log(server, fault, traffic.ledger)
        server.stop()
    repair()
    check_on_disk(server, traffic.ledger)
    return f"{summary(traffic, fault)}; after a restart all is as acknowledged"


@contextlib.contextmanager
def traffic_on(server, fault):
    """Starts editors and readers, and waits until they have been active for a while."""
    traffic = Traffic(server)
    traffic.ledger.statuses = fault.statuses
    try:
        await_accepted(traffic, time.monotonic(), "before the fault")
        yield traffic
    except Failure:
        # If the server has ended, that is the reason.
        server.server.must_run()
        raise
    finally:
        traffic.stop()


def summary(traffic, fault):
    ledger = traffic.ledger
    refused, accepted = ledger.count([ledger.refusals]), ledger.count([ledger.accepted])
    problems = ", ".join(sorted(ledger.problems)) or "none"
    return (f"{fault.name}: {refused} of {refused + accepted} writes refused ({problems}), {traffic.polls()} polls"
            f" answered, the slowest answer after {traffic.slowest() * 1000:.0f} ms")


# --- a fault ---


def inject(traffic, fault, stack):
    """Injects the fault and checks its effect; it stays active until the stack exits."""
    traffic.ledger.may_refuse = True
    with traffic.editors_at_rest() if fault.comes_at_rest else contextlib.nullcontext():
        stack.enter_context(fault.context())
    await_effect(traffic, fault)
    hold(traffic, fault)


def await_effect(traffic, fault):
    """Waits for the effect: all kinds of writes are refused, or, if the fault allows, answered."""
    started, ledger, when = time.monotonic(), traffic.ledger, f"in the midst of {fault.name}"
    if fault.may_write:
        await_writes(traffic, [ledger.accepted, ledger.refusals], started, "answered", when)
        return
    await_writes(traffic, [ledger.refusals], started, "refused", when)
    # On a full disk, the free space in the WAL may suffice once more for this, the smallest write.
    traffic.wait_for(
        lambda: traffic.client.get("/readyz").status != 200, TROUBLE_SECONDS,
        f"/readyz says that all is well {when}")


def await_accepted(traffic, started, when):
    await_writes(traffic, [traffic.ledger.accepted], started, "accepted", when)


def await_writes(traffic, times, started, word, when):
    """Waits until there were enough writes of each kind."""

    def counts():
        return {kind: traffic.ledger.count(times, started, kind) for kind in traffic.kinds}

    traffic.wait_for(
        lambda: min(counts().values()) >= ENOUGH,
        TROUBLE_SECONDS,
        lambda: f"not all kinds of writes are {word} {when}: {counts()}",
    )


def hold(traffic, fault):
    """Checks for a while the responses to health checks and new readers."""
    line = Line(traffic.client)
    deadline = time.monotonic() + HOLD_SECONDS
    before = {reader: reader.steps for reader in traffic.readers}
    limit = 1
    while time.monotonic() < deadline:
        traffic.must_go_on()
        must_be_healthy(line)
        must_tell_readiness(line, fault)
        # An uncached page.
        limit += 1
        must_answer_or_refuse(line, f"{FEED}?limit={limit}")
        time.sleep(0.05)
    traffic.wait_for(
        lambda: all(reader.steps > before[reader] for reader in traffic.readers), SECONDS, "not all readers go on")


def must_be_healthy(line):
    answer = line.ask("GET", "/healthz")
    check(answer.status == 200, f"/healthz is answered {answer.status} {answer.body!r}")


def must_tell_readiness(line, fault):
    answer = line.ask("GET", "/readyz")
    if fault.may_write and answer.status == 200:
        return
    must_be_refusal(f"look at /readyz in the midst of {fault.name}", answer, {503})


def must_answer_or_refuse(line, path):
    answer = line.ask("GET", path)
    if answer.status != 200:
        must_be_refusal(f"GET {path}", answer)


def recover(traffic):
    """Waits until all writes succeed again; returns the seconds until the first did."""
    ledger, started = traffic.ledger, time.monotonic()
    traffic.wait_for(
        lambda: ledger.count([ledger.accepted], started), SECONDS,
        lambda: f"nothing can be written {SECONDS} s after the fault was over: {dict(ledger.problems)}")
    seconds = ledger.first([ledger.accepted], started) - started
    check(seconds <= RECOVERY_SECONDS, f"writes work only {seconds:.1f} s after the fault was over")
    await_accepted(traffic, started, "after the fault")
    ledger.may_refuse = False
    await_accepted(traffic, time.monotonic(), "some time after the fault")
    answer = traffic.client.get("/readyz")
    check(answer.status == 200, f"/readyz is answered {answer.status} {answer.body!r} after the fault")
    return seconds


# --- the result ---


def compare(traffic):
    """Every follower's copy equals a fresh snapshot, which equals the acknowledged state."""
    traffic.stop_editors()
    snapshot = traffic.client.whole(STORY)
    for follower in traffic.followers:
        traffic.wait_for(
            lambda follower=follower: follower.cursor == snapshot["cursor"], SECONDS,
            lambda follower=follower: f"who follows by deltas is at {follower.cursor}, not {snapshot['cursor']}")
    traffic.stop_readers()
    for follower in traffic.followers:
        follower.must_hold(snapshot)
    must_hold(traffic.client, traffic.ledger)


def must_hold(client, ledger):
    ledger.must_be(client.whole(STORY), client.read(PATH)["reactions"].get("veryGood", 0))


def check_log(server, fault, ledger):
    """The fault is logged once, besides request lines, whose rate is limited."""
    lines = [line for line in server.server.log.read_text().splitlines() if re.search(r"Z (error|warning) (?!requests? )", line)]
    named = [line for line in lines if re.search(fault.words, line)]
    check(named or fault.may_write, f"the log does not say {fault.words!r}: {lines[:5]}")
    refused = ledger.count([ledger.refusals])
    check(len(lines) <= MOST_LINES, f"the log has {len(lines)} lines about {refused} refused writes: {lines[:5]}")


def check_on_disk(server, ledger):
    """The database of a stopped server is intact, and the next server serves exactly the acknowledged state."""
    with contextlib.closing(sqlite3.connect(server.database)) as database:
        found = [database.execute(f"PRAGMA {name}_check").fetchall() for name in ("integrity", "foreign_key")]
    check(found == [[("ok",)], []], f"the database is damaged: {found}")
    server.start()
    try:
        must_hold(Client(server.url), ledger)
    except Failure as failure:
        raise Failure(f"after a restart {failure}") from None
