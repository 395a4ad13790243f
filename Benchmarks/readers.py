# SPDX-License-Identifier: Apache-2.0
"""Push delivery: event streams and parked long polls."""

import contextlib
import itertools
import json
import statistics

import bars
from generator import Held, request_bytes
from servers import start_nchan, start_wireroom
from stories import Client, event_with, post_update_request, snapshot_path

SLUG = "feed"
EVENT_STREAM = {"Accept": "text/event-stream"}
WAIT_SECONDS = 25
numbers = itertools.count(1)


def new_mark():
    """A unique marker of constant length."""
    return f"mark{next(numbers):06}"


def update_with(mark):
    text = f"Report {mark}: the harbour stays **closed** until the wind drops, the port authority said."
    return json.dumps({"title": "Report", "body": text}).encode()


def open_readers(bench, stack, kind, server, count):
    held = Held(bench.generator, kind, server, count)
    stack.callback(held.close)
    return held


# --- streams ---


class Wireroom:
    """The differences between the two servers: the URL of the stream, and how to publish."""

    path = f"/stories/{SLUG}/stream"

    def __init__(self, bench, options=()):
        self.server = start_wireroom(bench, options=options)
        self.client = Client(self.server)
        self.client.create_story(SLUG, updates=5)

    def sample(self):
        """An event's data, with the marker in it."""
        mark = new_mark()
        path = snapshot_path(SLUG)
        return mark, event_with(mark, self.server, self.path, lambda: self.client.post(path, update_with(mark)))

    def publishing(self, mark):
        return post_update_request(SLUG, update_with(mark))


class Nchan:
    path = "/stream"

    def __init__(self, bench, mark, data):
        self.server = start_nchan(bench)
        self.mark, self.data = mark.encode(), data

    def publishing(self, mark):
        headers = {"X-EventSource-Event": "put", "Content-Type": "application/json"}
        return request_bytes("/publish", headers, "POST", self.data.replace(self.mark, mark.encode()))


def streams(bench):
    readers = bench.sizes.readers
    wireroom = Wireroom(bench)
    nchan = Nchan(bench, *wireroom.sample())
    wireroom.server.wait_until_quiet()
    before = wireroom.server.resident_bytes()
    with contextlib.ExitStack() as stack:
        ours, theirs = (open_streams(bench, stack, hub, readers) for hub in (wireroom, nchan))
        resting = wireroom.server.resident_bytes()
        deliveries = deliver_in_turns(bench, (wireroom, ours), (nchan, theirs))
        after = wireroom.server.resident_bytes()
        report_streams(bench, readers, *deliveries)
    report_memory(bench, bars.STREAM_MEMORY, readers, before, resting, after)


def many_streams(bench):
    """As many streams as a node is said to hold."""
    readers = bench.sizes.crowd
    wireroom = Wireroom(bench, ("--connections", str(readers + 20)))
    wireroom.server.wait_until_quiet()
    before = wireroom.server.resident_bytes()
    with contextlib.ExitStack() as stack:
        held = open_streams(bench, stack, wireroom, readers)
        resting = wireroom.server.resident_bytes()
        (deliveries,) = deliver_in_turns(bench, (wireroom, held))
        after = wireroom.server.resident_bytes()
    cost = statistics.median(delivery["processor"] for delivery in deliveries) / readers * 1e6
    median = statistics.median(delivery["median"] for delivery in deliveries)
    note = f"the median reader after {median:.0f} ms; {cost:.1f} µs of processor time for a delivery"
    bench.result(bars.CROWD_LAST, [delivery["last"] for delivery in deliveries], note=note)
    report_memory(bench, bars.CROWD_MEMORY, readers, before, resting, after)


def report_memory(bench, bar, readers, before, *sizes):
    """The memory of the server per reader, from its sizes without readers, with them, and after deliveries."""
    memory = [(size - before) / readers / 1000 for size in sizes]
    note = f"{memory[0]:.2f} before anything was published, {memory[1]:.2f} after; the larger counts"
    bench.result(bar, [max(memory)], note=note)


def open_streams(bench, stack, hub, readers):
    held = open_readers(bench, stack, "streams", hub.server, readers)
    held.ask(request_bytes(hub.path, EVENT_STREAM))
    hub.server.wait_until_quiet()
    return held


def deliver_in_turns(bench, *hubs):
    """Interleaved deliveries of each server; the first of each is a warm-up and is discarded."""
    results = [[] for _ in hubs]
    for _ in range(bench.sizes.rounds + 1):
        for (hub, held), done in zip(hubs, results):
            mark = new_mark()
            done.append(held.publish(mark, hub.publishing(mark)))
            hub.server.wait_until_quiet(seconds=1)
    return [done[1:] for done in results]


def report_streams(bench, readers, ours, theirs):
    def for_each(field, deliveries, factor=1.0):
        return [delivery[field] * factor for delivery in deliveries]

    def from_sending(deliveries):
        return statistics.median(delivery["answer"] + delivery["last"] for delivery in deliveries)

    note = f"from the sending of the write: {from_sending(ours):.0f} ms, nchan {from_sending(theirs):.0f} ms"
    bench.result(bars.STREAM_LAST, for_each("last", ours), note=note)
    scale = 1e6 / readers
    sizes = [done[-1]["bytes"] / readers for done in (ours, theirs)]
    note = f"{sizes[0]:.0f} B a delivery on the wire, nchan {sizes[1]:.0f} B"
    ours, theirs = for_each("processor", ours, scale), for_each("processor", theirs, scale)
    bench.result(bars.STREAM_PROCESSOR, ours, theirs, note)


# --- long polls ---


def parked(bench):
    wireroom = start_wireroom(bench)
    client = Client(wireroom)
    client.create_story(SLUG, updates=5)
    with contextlib.ExitStack() as stack:
        held = open_readers(bench, stack, "parked", wireroom, bench.sizes.parked)
        deliveries = [publish_to_parked(held, client) for _ in range(bench.sizes.rounds + 1)][1:]
    lasts = [delivery["last"] for delivery in deliveries]
    cost = statistics.median(delivery["processor"] for delivery in deliveries) / bench.sizes.parked * 1e6
    bench.result(bars.PARKED_LAST, lasts, note=f"{cost:.1f} µs of processor time for each answered poll")


def publish_to_parked(held, client):
    held.ask(request_bytes(f"{snapshot_path(SLUG)}?cursor={client.cursor(SLUG)}&wait={WAIT_SECONDS}"))
    held.server.wait_until_quiet()
    mark = new_mark()
    return held.publish(mark, post_update_request(SLUG, update_with(mark)))
