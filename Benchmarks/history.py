# SPDX-License-Identifier: Apache-2.0
"""The cost of a long history: cold reads of a story with a million updates, and starting with it."""

import contextlib
import http.client
import time

import bars
from generator import Flow, request_bytes
from large import SLUG, database_with
from servers import Server, check, free_port, new_folder, start_wireroom, wireroom_command, wireroom_environment
from stories import Client, plain_request, snapshot_path, unchanged_request, update_body

FEW = 100
RECENT = 10
IDLE_SECONDS = 2


def cold_history(bench):
    """A single connection: several would read the same page at the same time and share the read (single flight)."""
    servers = [start_wireroom(bench, database_with(bench, n), cache_bytes=0) for n in (bench.sizes.updates, FEW)]
    clients = [Client(server) for server in servers]
    deltas = [recent_request(client) for client in clients]
    snapshots = [plain_request(client, snapshot_path(SLUG)) for client in clients]
    compare_sizes(bench, bars.LARGE_SNAPSHOT, "cold snapshot", servers, snapshots, connections=1)
    compare_sizes(bench, bars.LARGE_DELTA, "cold delta of 10 changes", servers, deltas, connections=1)


def recent_request(client):
    cursor = client.cursor(SLUG)
    for number in range(RECENT):
        client.post(snapshot_path(SLUG), update_body(number))
    request = plain_request(client, f"{snapshot_path(SLUG)}?cursor={cursor}")
    body = client.get(f"{snapshot_path(SLUG)}?cursor={cursor}")[1]
    check(body.count(b'"op":"put"') == RECENT, f"not {RECENT} changes in the delta: {body[:300]!r}")
    return request


def held_history(bench):
    servers = [start_wireroom(bench, database_with(bench, n)) for n in (bench.sizes.updates, FEW)]
    requests = [unchanged_request(Client(server), snapshot_path(SLUG)) for server in servers]
    compare_sizes(bench, bars.LARGE_NOT_MODIFIED, "304", servers, requests, connections=64)


def compare_sizes(bench, bar, case, servers, requests, connections):
    subjects = [(server, Flow([request], connections)) for server, request in zip(servers, requests)]
    results = bench.generator.alternate(subjects, bench.sizes.load_rounds, bench.sizes.seconds)
    for updates, request, rounds in zip((bench.sizes.updates, FEW), requests, results):
        bench.figure(f"{case}, story of {updates:,}", "wireroom", request.body_length, connections, rounds)
    bench.result(bar, *([r.microseconds for r in rounds] for rounds in results))


# --- start-up ---


def start(bench):
    """The file is in the page cache: it has just been written, and a first start is not counted."""
    database = database_with(bench, bench.sizes.updates)
    starts = [start_once(bench, database) for _ in range(bench.sizes.rounds + 1)][1:]
    bench.result(bars.START, [milliseconds for milliseconds, _ in starts])
    bench.result(bars.IDLE, [resident / 1e6 for _, resident in starts], note=f"{IDLE_SECONDS} s after the answer")


def start_once(bench, database):
    """Milliseconds from the start of the process to the first complete response, and the resident set size some time later."""
    port = free_port()
    command = wireroom_command(bench.binary, database, port)
    folder = new_folder(bench)
    with contextlib.ExitStack() as stack:
        begin = time.monotonic()
        server = Server("wireroom", command, folder, wireroom_environment())
        stack.callback(server.stop)
        server.url = f"http://127.0.0.1:{port}"
        first_answer(server, begin + 10)
        taken = time.monotonic() - begin
        time.sleep(IDLE_SECONDS)
        return taken * 1000, server.resident_bytes()


def first_answer(server, deadline):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    while True:
        try:
            connection.connect()
            break
        except ConnectionRefusedError:
            check(server.process.poll() is None and time.monotonic() < deadline,
                  f"wireroom did not start: {server.last_words()}")
            time.sleep(0.0005)
    connection.request("GET", snapshot_path(SLUG))
    answer = connection.getresponse()
    check(answer.status == 200 and len(answer.read()) > 0, f"the first answer was {answer.status}")
    connection.close()
