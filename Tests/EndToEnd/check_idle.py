# SPDX-License-Identifier: Apache-2.0
"""Idle connections, up to the connection limit, until the idle timeout; healthy clients are served meanwhile.

It takes a minute and hardly any processor time, so that it can run beside what computes. check_abuse.py has the other attacks.
"""

import pathlib
import re
import resource
import tempfile
import time

import attackers
from attackers import Attackers
from check_abuse import CONNECTIONS, Attack, judge
from checks import check, run
from traffic import FEED, STORY
from underattack import AttackRun, Material
from wireroom import Client

IDLE_SECONDS = 60
"""The server's idle timeout."""
LEFT = 60
"""Connections that the crowd leaves to healthy clients."""
ATTACK = Attack("idle connections", [], has_come=lambda told: told["200"] == CONNECTIONS - LEFT)


def crowd_of(count, server):
    """As many idle clients, connected."""
    crowd = Attackers(attackers.idle, server.port, count, [FEED, f"/stories/{STORY}"])
    crowd.must_be_ready()
    return crowd


def fill(attack_run):
    """Opens all connections, of which others are closed again; connected clients are served, and one more gets a 503. Returns the idle clients."""
    attack_run.healthy.begin()
    crowd = crowd_of(CONNECTIONS - LEFT, attack_run.server)
    others = crowd_of(LEFT, attack_run.server)
    time.sleep(1)
    metrics = attack_run.ask(200, "GET", "/metrics").body.decode()
    count = int(re.search(r"^wireroom_http_connections (\d+)", metrics, re.MULTILINE)[1])
    attack_run.must(count == CONNECTIONS, f"{count} connections are open, not {CONNECTIONS}")
    answer = Client(attack_run.server.url).get(FEED)
    attack_run.must(answer.status == 503, f"one more is answered {answer.status}")
    attack_run.must(answer.headers["Connection"] == "close", "one more is not told that its connection closes")
    attack_run.end_healthy()
    others.kill()
    return crowd


def time_out(first, crowd, began):
    """They time out almost simultaneously, while healthy clients are served. Returns whether all checks passed."""
    time.sleep(began + IDLE_SECONDS - 4 - time.monotonic())
    attack_run = AttackRun(first.server, newcomers=False)
    attack_run.before, attack_run.descriptors = first.before, first.descriptors
    attack_run.lines, attack_run.began = first.lines, first.began
    attack_run.faults, attack_run.posted_by_others = first.faults, first.posted
    attack_run.healthy.begin()
    time.sleep(6)
    # It has been idle for just as long.
    first.line.connection.close()
    attack_run.recover()
    told = crowd.stop()
    attack_run.must(not told["left open"], f"{told['left open']} are open after {IDLE_SECONDS} s of silence")
    attack_run.end()
    return judge(ATTACK, attack_run, told)


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="wireroom-idle-") as name:
        folder = pathlib.Path(name)
        server = Material(folder).server(folder / "idle", settings={"WIREROOM_CONNECTIONS": str(CONNECTIONS)})
        attack_run = AttackRun(server, newcomers=False)
        crowd = fill(attack_run)
        try:
            check(time_out(attack_run, crowd, time.monotonic() - 1), "idle connections")
        finally:
            crowd.kill()
            server.kill()


if __name__ == "__main__":
    run("idle", main)
