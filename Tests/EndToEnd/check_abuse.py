# SPDX-License-Identifier: Apache-2.0
"""The server under attack, while healthy clients poll, reconnect and post: they must hardly be affected.

usage: check_abuse.py [ATTACK ...], with WIREROOM_BINARY as the server; an attack by a prefix of its name. With
WIREROOM_ATTACKS=half it makes every second one.

Each attack gets a server of its own. Under attack, all responses to the healthy client arrive, and in time; the server's memory
is bounded; and afterwards descriptors are released, the server is idle, and the log has not been flooded.

Attackers run at low priority. Baselines are an echo between two other processes, a small disk write, and the CPU time of
unrelated processes. If the echo or the disk is slow too, or other processes use much CPU, the machine may be the cause, and the
attack is repeated; a server that is late on an idle machine fails at once.

Prints a line per attack: the attackers' findings, the healthy client's response times (median, 99 %, maximum), the server's
memory before, at its peak and after, and its descriptors.
"""

import dataclasses
import os
import pathlib
import random
import resource
import sys
import tempfile
import time

import attackers as a
import complexity
import disconnects
from attackers import head
from checks import check, run
from healthy import BASELINES
from underattack import (
    Material, AttackRun, leave_few_descriptors, look_on, publish_much, serve_others, store_bombs, use_the_database)
from traffic import FEED, STORY
from wireroom import ADMIN_KEY

MEBIBYTE = 1 << 20
MOST_MEBIBYTES = 320
"""Upper bound of the server's memory under any attack, for containers of 512 MiB."""
MOST_EVENT_BYTES = 1 << 10
"""Upper bound of the size of a reactions event, however many updates have reactions."""
TRIES = 3
LAST_TRY_SECONDS = 240
"""Attacks are not repeated after this time."""
CONNECTIONS = 10_000
"""That one address asks for."""


@dataclasses.dataclass
class Attack:
    name: str
    parts: list
    """Functions of attackers.py with their arguments; each runs in its own process."""
    mebibytes: int = 64
    """Upper bound of the growth of the server's memory."""
    seconds: float = float(os.environ.get("WIREROOM_ATTACK_SECONDS", "1"))
    newcomers: bool = True
    """Whether healthy clients can open new connections during the attack."""
    before: object = None
    """Called before the attack, with the attack_run."""
    during: object = look_on
    """Called during the attack, with the attack_run and the duration in seconds."""
    has_come: object = lambda told: True
    """Whether the attackers' findings show that the attack took place."""
    prefix: tuple = ()
    """A command that starts the server."""
    settings: dict = dataclasses.field(default_factory=dict)
    """Environment variables of the server."""
    fault: object = lambda told: None
    """A message if the attackers' findings show a fault of the server."""


def attacks(material):
    poll = head("GET", f"{FEED}?limit=50")
    post = head("POST", FEED, 20) + b'{"body": "Believe."}'
    react = head("POST", f"/stories/{STORY}/reactions/veryGood", 0)
    missing = [head("GET", f"/stories/no-{number}") for number in range(997)]
    by_tag = [head("GET", f"/stories?tag=weather&limit={limit}") for limit in range(1, 200)]
    body = b'{"body": "' + b"x" * (MEBIBYTE - 12) + b'"}'
    without_key, with_key = (head("POST", FEED, MEBIBYTE, key) + body[:-1] for key in (None, ADMIN_KEY))
    stream, parked = f"/stories/{STORY}/stream", f"{FEED}?cursor={material.cursor}&wait=30"
    return [
        Attack("nobody", []),
        Attack("slow heads", [(a.slow_heads, 2_000)], seconds=11, has_come=lambda told: told["closed"] >= 2_000),
        Attack("slow bodies", [(a.slow_bodies, 1_000), (a.slow_bodies, 1_000, ADMIN_KEY)]),
        Attack("comings and goings", [(a.storm, reset, first) for reset in (False, True) for first in (b"", poll)],
               has_come=lambda told: told["connections"] > 2_000),
        Attack("not HTTP", [(a.hellos, 2_000), (a.garbage,)], has_come=lambda told: answers(told) > 2_000),
        Attack("cheap requests", [(a.flood, 50, [post]), (a.flood, 50, missing), (a.flood, 50, [react])],
               has_come=lambda told: answers(told) > 2_000),
        Attack("stories by tag", [(a.flood, 50, by_tag)], has_come=lambda told: answers(told) > 1_000),
        Attack("large pages", [(a.flood, 50, [head("GET", path) for path in material.pages], 4)], mebibytes=256,
               has_come=lambda told: answers(told) > 250),
        # 128 MiB for clients, 64 MiB of cache, and overhead.
        Attack("large pages unread", [(a.never_reading, 1_000, material.pages)], mebibytes=320),
        Attack("polls unread", [(a.flood_unread, 200, poll)], has_come=lambda told: told["bytes sent"] > MEBIBYTE),
        Attack("imports without a key", [(a.flood, 20, [head("POST", "/import", MEBIBYTE) + body], 1)], mebibytes=128,
               has_come=lambda told: answers(told) > 250),
        Attack("bodies nearly whole", [(a.nearly_whole, 400, without_key), (a.nearly_whole, 400, with_key)],
               mebibytes=256),
        Attack("heads nearly whole", [(a.nearly_whole, 5_000, head("GET", FEED, filling=15_000)[:-2])], mebibytes=128),
        Attack("few descriptors", [(a.idle, 400, [FEED])], prefix=("prlimit", "--nofile=256"), newcomers=False,
               during=use_the_database, has_come=lambda told: told["503"] > 50),
        Attack("no descriptors", [(a.idle, 400, [FEED])], newcomers=False, before=leave_few_descriptors,
               during=use_the_database, has_come=lambda told: told["200"] < 50),
        Attack("streams unread", [(a.waiting, 1_000, stream, True)], mebibytes=128, seconds=2, during=publish_much),
        Attack("streams and long polls", [(a.waiting, 2_000, stream), (a.waiting, 2_000, parked)],
               has_come=lambda told: told["200"] >= 4_000),
    ]


def later_attacks(material):
    """Regression tests: attacks that succeeded against versions up to 1.0."""
    half = head("POST", f"/stories/{STORY}/reactions/veryGood", 16_384) + b" " * 16_300
    cut = head("POST", FEED, MEBIBYTE, ADMIN_KEY) + b'{"body": "' + b"x" * 600_000
    liked = [f"{path}/reactions/veryGood" for path in ["/stories/liked", *material.reacted[::300]]]
    bound = material.bound_key
    return [
        Attack("half-sent posts", [(disconnects.half_sent, 4_300, 0.0005, half, resets) for resets in (False, True)],
               has_come=lambda told: told["left"] >= 8_600),
        # At most the rate of a gigabit network.
        Attack("cut uploads", [(disconnects.half_sent, 150, 0.01, cut, resets) for resets in (False, True)], mebibytes=256,
               has_come=lambda told: told["left"] >= 300),
        Attack("leaving readers", [(disconnects.leave_midway, 40, material.pages, resets) for resets in (False, True)],
               mebibytes=256, has_come=lambda told: told["left midway"] >= 600),
        Attack("Unicode in heads", [(disconnects.one_each, 24, complexity.unicode_heads())], settings=complexity.ORIGINS,
               has_come=lambda told: answers(told) > 100),
        Attack("Unicode in members", [(a.flood, 4, complexity.unicode_members("/stories/long", bound), 1)], mebibytes=128,
               has_come=lambda told: answers(told) > 10),
        Attack("Markdown bombs", [(a.flood, 4, complexity.rendered("/stories/long", bound), 1)], mebibytes=128,
               has_come=lambda told: answers(told) > 30),
        Attack("stored bombs", [(a.flood, 12, [head("GET", f"/stories/long/updates?limit={limit}")
                                               for limit in range(189, 201)], 1)], mebibytes=256, before=store_bombs,
               has_come=lambda told: answers(told) > 12),
        Attack("one address", [(disconnects.one_network, CONNECTIONS, f"/stories/{STORY}/stream")], during=serve_others,
               has_come=lambda told: told["connections"] >= CONNECTIONS,
               fault=lambda told: told["503"] + told["closed"] < CONNECTIONS - 2_000 and "it had what it wanted"),
        Attack("reactions", [(disconnects.follow_reactions, 50, "/stories/liked/stream"),
                             (disconnects.one_each, 50, [head("POST", path, 0) for path in liked])], seconds=6,
               has_come=lambda told: told["events"] >= 100 and answers(told) > 1_000, fault=large_events),
    ]


def large_events(told):
    size = told["event bytes"] / max(told["events"], 1)
    return size > MOST_EVENT_BYTES and f"an event of reactions has {size:,.0f} bytes"


def answers(told):
    return sum(count for word, count in told.items() if word.isdigit())


# --- one attack ---


def make(attack, material, folder, deadline):
    """Runs an attack on a new server, and repeats it if the machine was slow, for longer if too little came of it. Returns whether all
    checks passed."""
    for number in range(TRIES):
        attack_run = AttackRun(
            material.server(folder / f"{attack.name}-{number}", attack.prefix, attack.settings), attack.newcomers,
            material.pages)
        try:
            told = attack_run.execute(attack)
            attack_run.recover()
        finally:
            attack_run.end()
        has_come = attack.has_come(told)
        is_settled = has_come and not (attack_run.late() and attack_run.is_machine_busy)
        if is_settled or time.monotonic() > deadline:
            break
        # A busy machine is slow for the attackers, too.
        if not has_come:
            attack = dataclasses.replace(attack, seconds=2 * attack.seconds)
    return judge(attack, attack_run, told)


def judge(attack, attack_run, told):
    growth = (attack_run.peak - attack_run.before) / MEBIBYTE
    attack_run.must(growth <= attack.mebibytes, f"memory grows by {growth:.0f} MiB, more than {attack.mebibytes}")
    attack_run.must(attack_run.peak <= MOST_MEBIBYTES * MEBIBYTE, f"memory is more than {MOST_MEBIBYTES} MiB")
    attack_run.must(attack.has_come(told), "the attack did not take place")
    if fault := attack.fault(told):
        attack_run.faults.append(fault)
    attack_run.faults += attack_run.late()
    print(f"  {'FAIL' if attack_run.faults else 'ok  '}  {line(attack.name, attack_run, told)}", flush=True)
    for fault in attack_run.faults:
        print(f"          {fault}", flush=True)
    return not attack_run.faults


def line(name, attack_run, told):
    told = ", ".join(f"{told[word]:,} {word}" for word in sorted(told) if told[word])
    times = ", ".join(f"{kind} {times}" for kind, times in sorted(attack_run.times.items()) if times.values)
    count = sum(len(times.values) for kind, times in attack_run.times.items() if kind not in BASELINES)
    memory = "/".join(f"{value / MEBIBYTE:.0f}" for value in (attack_run.before, attack_run.peak, attack_run.after))
    return (f"{name}: {told or 'no attackers'} | {count} healthy, ms {times} | MiB {memory}"
            f" | descriptors {attack_run.descriptors}/{attack_run.left} | strangers {attack_run.strangers:.0%}")


# --- all attacks ---


def chosen(each):
    """All attacks, or with WIREROOM_ATTACKS=half every second one; with which it begins depends on the seed."""
    if os.environ.get("WIREROOM_ATTACKS") != "half":
        return each
    seed = int(os.environ.get("WIREROOM_TEST_SEED") or random.getrandbits(32))
    print(f"  seed  WIREROOM_TEST_SEED={seed} chooses the same half of the attacks", flush=True)
    return each[seed % 2::2]


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def is_wanted(attack):
        return not sys.argv[1:] or any(attack.name.startswith(name) for name in sys.argv[1:])

    with tempfile.TemporaryDirectory(prefix="wireroom-abuse-") as name:
        folder = pathlib.Path(name)
        material = Material(folder)
        deadline = time.monotonic() + LAST_TRY_SECONDS
        wanted = [each for each in chosen([*attacks(material), *later_attacks(material)]) if is_wanted(each)]
        failed = [each.name for each in wanted if not make(each, material, folder, deadline)]
    check(not failed, f"{len(failed)} attacks: {', '.join(failed)}")


if __name__ == "__main__":
    run("abuse", main)
