# SPDX-License-Identifier: Apache-2.0
"""Polls: cache hits, cache misses and cold reads."""

import gzip
import json

import bars
from generator import ANY_LENGTH, Flow, Request, request_bytes
from servers import check, start_file_server, start_wireroom
from stories import (
    MIDDLE_BODY, UPDATES, Client, create_copies, entity_tag, plain_request, post_update_request, snapshot_path,
    unchanged_request, update_body,
)

SLUG = "feed"
GZIP = {"Accept-Encoding": "gzip"}
LARGE_CACHE_BYTES = 1 << 30
COLD_STORIES = 500
COLD_CONNECTIONS = 8
LONG_BODY = 700
LARGE_BODIES = 420, 1750
"""Of an update: they make snapshots of about 62 KB and 200 KB."""
WRITES_PER_SECOND = 50
POLLS_PER_SECOND = 2000


def microseconds(rounds):
    return [r.microseconds for r in rounds]


def compare(bench, bar, case, ours, theirs, connections=64):
    """Interleaved rounds of two (server, request), for the bar (None: informational only)."""
    flows = [(server, Flow([request], connections)) for server, request in (ours, theirs)]
    results = bench.generator.alternate(flows, bench.sizes.load_rounds, bench.sizes.seconds)
    for (server, flow), rounds in zip(flows, results):
        request = flow.requests[0]
        name = f"{case}, {request.status}"
        bench.figure(name, server.name, request.body_length, connections, rounds)
    if bar:
        bench.result(bar, microseconds(results[0]), microseconds(results[1]))


def start_feed(bench):
    """Starts Wireroom with one story of 50 updates, and nginx; returns a client of each."""
    wireroom, nginx = start_wireroom(bench), start_file_server(bench)
    client = Client(wireroom)
    client.create_story(SLUG)
    return client, Client(nginx)


def share_bytes(client, nginx, headers=None, name="/feed.json", slug=SLUG):
    """Gives nginx the bytes of Wireroom's response as a static file, and checks that both answer the same."""
    fields, body = client.get(snapshot_path(slug), headers)
    packed = (fields["Content-Encoding"] or "") == "gzip"
    check(packed == bool(headers), f"Content-Encoding of the snapshot: {fields['Content-Encoding']}")
    plain = gzip.decompress(body) if packed else body
    check(len(json.loads(plain)["updates"]) == UPDATES, "the snapshot has not 50 updates")
    file = nginx.server.files / name[1:]
    file.write_bytes(plain)
    if packed:
        file.with_suffix(".json.gz").write_bytes(body)
    check(nginx.get(name, headers)[1] == body, "nginx answers other bytes")


def not_modified(bench):
    client, nginx = start_feed(bench)
    share_bytes(client, nginx)
    ours = client.server, unchanged_request(client, snapshot_path(SLUG))
    theirs = nginx.server, unchanged_request(nginx, "/feed.json")
    compare(bench, bars.NOT_MODIFIED, "snapshot", ours, theirs)
    compare(bench, None, "snapshot", ours, theirs, connections=4)


def plain(bench):
    client, nginx = start_feed(bench)
    share_bytes(client, nginx)
    ours = client.server, plain_request(client, snapshot_path(SLUG))
    compare(bench, bars.PLAIN, "snapshot", ours, (nginx.server, plain_request(nginx, "/feed.json")))
    # Larger ones, informational.
    for length in LARGE_BODIES:
        slug, name = f"feed-{length}", f"/feed-{length}.json"
        client.create_story(slug, length=length)
        share_bytes(client, nginx, name=name, slug=slug)
        ours = client.server, plain_request(client, snapshot_path(slug))
        compare(bench, None, "snapshot", ours, (nginx.server, plain_request(nginx, name)))


def packed(bench):
    client, nginx = start_feed(bench)
    name = "/packed/feed.json"
    share_bytes(client, nginx, GZIP, name)
    ours = client.server, plain_request(client, snapshot_path(SLUG), GZIP)
    theirs = nginx.server, plain_request(nginx, name, GZIP)
    compare(bench, bars.GZIP, "snapshot, gzip", ours, theirs)


def page(bench):
    client, nginx = start_feed(bench)
    path, name = f"/live/{SLUG}", "/packed/page.html"
    body = client.get(path, GZIP)[1]
    file = nginx.server.files / name[1:]
    file.write_bytes(gzip.decompress(body))
    file.with_suffix(".html.gz").write_bytes(body)
    check(nginx.get(name, GZIP)[1] == body, "nginx answers other bytes")
    ours, theirs = plain_request(client, path, GZIP), plain_request(nginx, name, GZIP)
    compare(bench, bars.PAGE, "page, gzip", (client.server, ours), (nginx.server, theirs))


def empty_delta(bench):
    wireroom = start_wireroom(bench)
    client = Client(wireroom)
    client.create_story(SLUG)
    path = f"{snapshot_path(SLUG)}?cursor={client.cursor(SLUG)}"
    answer = json.loads(client.get(path)[1])
    check(answer["changes"] == [] and not answer["more"], "the delta is not empty")
    request = plain_request(client, path)
    own = wireroom, unchanged_request(client, snapshot_path(SLUG))
    compare(bench, bars.EMPTY_DELTA, "empty delta and snapshot", (wireroom, request), own)


def many_stories(bench):
    """All cached: fetching each ETag filled the cache, and a pass over all precedes the rounds."""
    wireroom = start_wireroom(bench, cache_bytes=LARGE_CACHE_BYTES)
    client = Client(wireroom)
    slugs = create_copies(bench.generator, client, bench.sizes.many, updates=1, length=90)
    requests = [unchanged_request(client, snapshot_path(slug)) for slug in slugs]
    bench.generator.once(wireroom, requests)
    flows = [(wireroom, Flow(requests)), (wireroom, Flow(requests[:1]))]
    many, one = bench.generator.alternate(flows, bench.sizes.load_rounds, bench.sizes.seconds)
    bench.figure(f"304 of {len(slugs):,} stories", "wireroom", 0, 64, many)
    bench.figure("304 of one of them", "wireroom", 0, 64, one)
    bench.result(bars.MANY_STORIES, microseconds(many), microseconds(one))


def cold(bench):
    """Without a cache, and different stories in turn, so that no two readers share a read (single flight)."""
    for length in (MIDDLE_BODY, LONG_BODY):
        wireroom = start_wireroom(bench, cache_bytes=0)
        client = Client(wireroom)
        slugs = create_copies(bench.generator, client, COLD_STORIES, UPDATES, length)
        requests = [plain_request(client, snapshot_path(slug)) for slug in slugs]
        flow = Flow(requests, COLD_CONNECTIONS)
        [rounds] = bench.generator.alternate([(wireroom, flow)], bench.sizes.load_rounds, bench.sizes.seconds)
        snapshot = json.loads(client.get(snapshot_path(slugs[0]))[1])
        size = len(json.dumps(snapshot["updates"][0], separators=(",", ":")))
        case = f"cold snapshot, 50 updates of {size} B ({length} B of Markdown)"
        bench.figure(case, "wireroom", requests[0].body_length, COLD_CONNECTIONS, rounds)
        if length == MIDDLE_BODY:
            bench.result(bars.COLD, microseconds(rounds), note=f"an update is {size} B of JSON")


def busy(bench):
    """Readers at a steady pace, each with its last ETag, while an editor writes quickly or rests."""
    wireroom = start_wireroom(bench)
    client = Client(wireroom)
    client.create_story(SLUG)
    check(entity_tag(client, snapshot_path(SLUG)), "no ETag")
    poll = Request(request_bytes(snapshot_path(SLUG), {"If-None-Match": "{etag}"}), 0)
    writing = Request(post_update_request(SLUG, update_body(1)), 201)
    polls, writes = Flow([poll], pace=POLLS_PER_SECOND), Flow([writing], 2, WRITES_PER_SECOND)
    quiet, busy = bench.generator.prepare(polls=polls), bench.generator.prepare(polls=polls, writes=writes)
    bench.generator.run(wireroom, busy, 0.5)
    results = {"nobody writes": [], f"{WRITES_PER_SECOND} writes a second": []}
    for _ in range(bench.sizes.rounds):
        for rounds, prepared in zip(results.values(), (quiet, busy)):
            rounds.append(bench.generator.measure(wireroom, prepared, bench.sizes.paced_seconds))
    for name, rounds in results.items():
        bench.figure(f"paced polls, {name}", "wireroom", ANY_LENGTH, 64, rounds)
    quiet_rounds, busy_rounds = results.values()
    unchanged = sum(r.unchanged for r in busy_rounds) / sum(r.requests for r in busy_rounds)
    note = f"{POLLS_PER_SECOND:,} polls a second; while written to, {unchanged:.0%} of them were 304"
    bench.result(bars.BUSY, [r.p99 for r in busy_rounds], [r.p99 for r in quiet_rounds], note)
