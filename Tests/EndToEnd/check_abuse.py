"""The server under attack, while healthy clients poll, come anew and post: they must hardly notice.

usage: check_abuse.py [ATTACK ...], with WIREROOM_BINARY as the server; an attack by the beginning of its name

Each attack meets a server of its own. Under each of them all answers to the healthy client come, and come in time; the server's
memory is bounded; and when it is over descriptors are back, no processor time is burnt, and the log has not been flooded.

Attackers give way to everybody else. Beside the server an echo between two other processes is timed, and a small write to the
disk, and what strangers take of the processors. Where the echo or the disk is slow too, or strangers take much, the machine may
be to blame, and the attack is made again;
a server that is late on a machine that has time has failed at once.

A line for each attack: what the attackers got, the healthy client's times (half of the answers, 99 %, all), the server's memory
before, at its most, and after, and its descriptors.
"""

import dataclasses
import pathlib
import re
import resource
import sys
import tempfile
import time

import attackers as a
import bombs
import leavers
from attackers import Attackers, head
from checks import check, run
from healthy import YARDSTICKS
from siege import (
    Material, Siege, leave_few_descriptors, look_on, publish_much, serve_others, store_bombs, use_the_database)
from traffic import FEED, STORY
from wireroom import ADMIN_KEY, Client

MEBIBYTE = 1 << 20
MOST_MEBIBYTES = 320
"""Of the server, whatever comes, so that a container of 512 MiB has room to spare."""
MOST_EVENT_BYTES = 1 << 10
"""Of an event of reactions, however many updates have some."""
TRIES = 3
LAST_TRY_SECONDS = 240
"""After that long nothing is tried again."""
IDLE_SECONDS = 60
"""After which the server closes a connection on which nothing comes."""
CONNECTIONS = 10_000
"""That the server takes."""


@dataclasses.dataclass
class Attack:
    name: str
    parts: list
    """Each a function of attackers.py and its values, in a process of its own."""
    mebibytes: int = 64
    """By how much the server's memory may grow at most."""
    seconds: float = 2
    newcomers: bool = True
    """Whether healthy clients can also connect anew meanwhile."""
    before: object = None
    """What is done before it, with the siege."""
    during: object = look_on
    """What is done in its midst, with the siege and the seconds."""
    has_come: object = lambda told: True
    """Whether what the attackers tell shows that the attack took place."""
    prefix: tuple = ()
    """A command that starts the server."""
    settings: dict = dataclasses.field(default_factory=dict)
    """Variables of its environment."""
    fault: object = lambda told: None
    """What the attackers tell that must not be, if it is so."""


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
               has_come=lambda told: answers(told) > 500),
        # 128 MiB for clients, 64 MiB of cache, and what lies between.
        Attack("large pages unread", [(a.never_reading, 1_000, material.pages)], mebibytes=320),
        Attack("polls unread", [(a.flood_unread, 200, poll)], has_come=lambda told: told["bytes sent"] > MEBIBYTE),
        Attack("imports without a key", [(a.flood, 20, [head("POST", "/import", MEBIBYTE) + body], 1)], mebibytes=128,
               has_come=lambda told: answers(told) > 500),
        Attack("bodies nearly whole", [(a.nearly_whole, 400, without_key), (a.nearly_whole, 400, with_key)],
               mebibytes=256),
        Attack("heads nearly whole", [(a.nearly_whole, 5_000, head("GET", FEED, filling=15_000)[:-2])], mebibytes=128),
        Attack("few descriptors", [(a.idle, 400, [FEED])], prefix=("prlimit", "--nofile=256"), newcomers=False,
               during=use_the_database, has_come=lambda told: told["503"] > 50),
        Attack("no descriptors", [(a.idle, 400, [FEED])], newcomers=False, before=leave_few_descriptors,
               during=use_the_database, has_come=lambda told: told["200"] < 50),
        Attack("streams unread", [(a.waiting, 1_000, stream, True)], mebibytes=128, during=publish_much),
        Attack("streams and long polls", [(a.waiting, 2_000, stream), (a.waiting, 2_000, parked)],
               has_come=lambda told: told["200"] >= 4_000),
    ]


def later_attacks(material):
    """Those that succeeded against versions up to 1.0."""
    half = head("POST", f"/stories/{STORY}/reactions/veryGood", 16_384) + b" " * 16_300
    cut = head("POST", FEED, MEBIBYTE, ADMIN_KEY) + b'{"body": "' + b"x" * 600_000
    liked = [f"{path}/reactions/veryGood" for path in ["/stories/liked", *material.reacted[::300]]]
    bound = material.bound_key
    return [
        Attack("half-sent posts", [(leavers.half_sent, 4_300, 0.0005, half, resets) for resets in (False, True)],
               has_come=lambda told: told["left"] >= 8_600),
        # No more than a network of a gigabit brings.
        Attack("cut uploads", [(leavers.half_sent, 150, 0.01, cut, resets) for resets in (False, True)], mebibytes=256,
               has_come=lambda told: told["left"] >= 300),
        Attack("leaving readers", [(leavers.leave_midway, 40, material.pages, resets) for resets in (False, True)],
               mebibytes=256, has_come=lambda told: told["left midway"] >= 600),
        Attack("Unicode in heads", [(leavers.one_each, 24, bombs.unicode_heads())], settings=bombs.ORIGINS,
               has_come=lambda told: answers(told) > 100),
        Attack("Unicode in members", [(a.flood, 4, bombs.unicode_members("/stories/long", bound), 1)], mebibytes=128,
               has_come=lambda told: answers(told) > 10),
        Attack("Markdown bombs", [(a.flood, 4, bombs.rendered("/stories/long", bound), 1)], mebibytes=128,
               has_come=lambda told: answers(told) > 30),
        Attack("stored bombs", [(a.flood, 12, [head("GET", f"/stories/long/updates?limit={limit}")
                                               for limit in range(189, 201)], 1)], mebibytes=256, before=store_bombs,
               has_come=lambda told: answers(told) > 12),
        Attack("one address", [(leavers.one_network, CONNECTIONS, f"/stories/{STORY}/stream")], during=serve_others,
               has_come=lambda told: told["connections"] >= CONNECTIONS,
               fault=lambda told: told["503"] + told["closed"] < CONNECTIONS - 2_000 and "it had what it wanted"),
        Attack("reactions", [(leavers.follow_reactions, 50, "/stories/liked/stream"),
                             (leavers.one_each, 50, [head("POST", path, 0) for path in liked])], seconds=6,
               has_come=lambda told: told["events"] >= 100 and answers(told) > 1_000, fault=large_events),
    ]


def large_events(told):
    size = told["event bytes"] / max(told["events"], 1)
    return size > MOST_EVENT_BYTES and f"an event of reactions has {size:,.0f} bytes"


def answers(told):
    return sum(count for word, count in told.items() if word.isdigit())


# --- one attack ---


def make(attack, material, folder, deadline):
    """Makes an attack on a server of its own, again where the machine was slow. Gives whether all holds."""
    for number in range(TRIES):
        siege = Siege(
            material.server(folder / f"{attack.name}-{number}", attack.prefix, attack.settings), attack.newcomers,
            material.pages)
        try:
            told = siege.suffer(attack)
            siege.recover()
        finally:
            siege.end()
        if not siege.late() or not siege.is_machine_busy or time.monotonic() > deadline:
            break
    return judge(attack, siege, told)


def judge(attack, siege, told):
    growth = (siege.peak - siege.before) / MEBIBYTE
    siege.must(growth <= attack.mebibytes, f"memory grows by {growth:.0f} MiB, more than {attack.mebibytes}")
    siege.must(siege.peak <= MOST_MEBIBYTES * MEBIBYTE, f"memory is more than {MOST_MEBIBYTES} MiB")
    siege.must(attack.has_come(told), "the attack did not take place")
    if fault := attack.fault(told):
        siege.faults.append(fault)
    siege.faults += siege.late()
    print(f"  {'FAIL' if siege.faults else 'ok  '}  {line(attack.name, siege, told)}", flush=True)
    for fault in siege.faults:
        print(f"          {fault}", flush=True)
    return not siege.faults


def line(name, siege, told):
    told = ", ".join(f"{told[word]:,} {word}" for word in sorted(told) if told[word])
    times = ", ".join(f"{kind} {times}" for kind, times in sorted(siege.times.items()) if times.values)
    count = sum(len(times.values) for kind, times in siege.times.items() if kind not in YARDSTICKS)
    memory = "/".join(f"{value / MEBIBYTE:.0f}" for value in (siege.before, siege.peak, siege.after))
    return (f"{name}: {told or 'no attackers'} | {count} healthy, ms {times} | MiB {memory}"
            f" | descriptors {siege.descriptors}/{siege.left} | strangers {siege.strangers:.0%}")


# --- connections that stay: as many as the server takes, for as long as it lets them ---


class Idle:
    """They come at the start and are looked at again when their time is over, so that others can attack meanwhile."""

    attack = Attack("idle connections", [], has_come=lambda told: told["200"] > CONNECTIONS - 100)

    def __init__(self, server):
        """They come; who has a connection is served, and one more is told that there are too many."""
        self.siege = siege = Siege(server, newcomers=False)
        siege.healthy.begin()
        self.crowd = Attackers(a.idle, server.port, CONNECTIONS, [FEED, f"/stories/{STORY}"])
        self.crowd.must_be_ready()
        self.began = time.monotonic()
        time.sleep(1)
        metrics = siege.ask(200, "GET", "/metrics").body.decode()
        count = int(re.search(r"^wireroom_http_connections (\d+)", metrics, re.MULTILINE)[1])
        siege.must(count == CONNECTIONS, f"{count} connections are open, not {CONNECTIONS}")
        answer = Client(server.url).get(FEED)
        siege.must(answer.status == 503, f"one more is answered {answer.status}")
        siege.must(answer.headers["Connection"] == "close", "one more is not told that its connection closes")
        siege.end_healthy()

    def end(self):
        """They are closed nearly at once, while healthy clients are served. Gives whether all holds."""
        first, siege = self.siege, Siege(self.siege.server, newcomers=False)
        siege.before, siege.descriptors = first.before, first.descriptors
        siege.lines, siege.began = first.lines, first.began
        siege.faults, siege.posted_by_others = first.faults, first.posted
        time.sleep(max(0, self.began + IDLE_SECONDS - 4 - time.monotonic()))
        siege.healthy.begin()
        time.sleep(6)
        # It has been idle as long as they have.
        first.line.connection.close()
        siege.recover()
        told = self.crowd.stop()
        siege.must(not told["left open"], f"{told['left open']} are open after {IDLE_SECONDS} s of silence")
        siege.end()
        return judge(self.attack, siege, told)

    def kill(self):
        self.crowd.kill()
        self.siege.server.kill()


# --- all of them ---


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def is_wanted(attack):
        return not sys.argv[1:] or any(attack.name.startswith(name) for name in sys.argv[1:])

    with tempfile.TemporaryDirectory(prefix="wireroom-abuse-") as name:
        folder = pathlib.Path(name)
        material = Material(folder)
        idle = Idle(material.server(folder / "idle")) if is_wanted(Idle.attack) else None
        deadline = time.monotonic() + LAST_TRY_SECONDS
        wanted = [each for each in [*attacks(material), *later_attacks(material)] if is_wanted(each)]
        failed = [each.name for each in wanted if not make(each, material, folder, deadline)]
        if idle and not idle.end():
            failed.append(idle.attack.name)
    check(not failed, f"{len(failed)} attacks: {', '.join(failed)}")


if __name__ == "__main__":
    run("abuse", main)
