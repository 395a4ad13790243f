# SPDX-License-Identifier: Apache-2.0
"""/metrics, parsed by Prometheus' own client: names, types and labels follow its conventions, and values are correct."""

import json
import pathlib
import re
import tempfile
import threading
import uuid

from prometheus_client.parser import text_string_to_metric_families

from checks import check, passed, run, wait_for
from wireroom import ADMIN_KEY, Client, Wireroom

SLUG = "figures-of-the-storm"
FEED = f"/stories/{SLUG}/updates"
FEED_ROUTE = "/stories/{story}/updates"
REACTIONS = 3
UNITS = ("_seconds", "_bytes", "_info", "_fds")
SECRETS = {"visitor": f"visitor-{uuid.uuid4().hex}", "address": "203.0.113.77"}


class Scrape:
    """The result of one scrape."""

    def __init__(self, client):
        answer = client.get("/metrics")
        check(answer.status == 200, f"/metrics is answered {answer.status}")
        kind = answer.headers["Content-Type"]
        check(kind == "text/plain; version=0.0.4; charset=utf-8", f"/metrics has the type {kind}")
        self.text = answer.body.decode()
        self.families = list(text_string_to_metric_families(self.text))
        self.samples = {}
        for family in self.families:
            for sample in family.samples:
                series = (sample.name, *sorted(sample.labels.items()))
                check(series not in self.samples, f"{series} is there twice")
                self.samples[series] = sample.value

    def value(self, name, **labels):
        return self.samples.get((name, *sorted(labels.items())), 0)

    def total(self, name):
        return sum(value for series, value in self.samples.items() if series[0] == name)

    def responses(self, method, route, status):
        return self.value("wireroom_http_responses_total", method=method, route=route, status=str(status))


# --- conventions ---


def check_families(scrape):
    names = [family.name for family in scrape.families]
    check(len(names) == len(set(names)), "a family is there twice")
    for family in scrape.families:
        check(family.documentation.endswith("."), f"{family.name} has no sentence for HELP")
        check(family.type in ("counter", "gauge", "histogram"), f"{family.name} has the type {family.type}")
        check(re.fullmatch(r"(wireroom|process)_[a-z_]+", family.name), f"{family.name} is no name of ours")
        words = family.name.split("_")
        wrong = {"ms", "milliseconds", "kb", "mb", "kilobytes", "minutes", "percent"} & set(words)
        check(not wrong, f"{family.name} is not in base units")
    typed = re.findall(r"^# TYPE (\S+) (\S+)$", scrape.text, re.M)
    for name, kind in typed:
        check((kind == "counter") == name.endswith("_total"), f"{name} is a {kind}")
        check(scrape.text.index(f"# HELP {name} ") < scrape.text.index(f"# TYPE {name} "), f"{name} has HELP behind TYPE")
        check(kind != "histogram" or name.endswith(UNITS), f"{name} has no unit")
    passed(f"{len(typed)} families with HELP and TYPE, named by the conventions of Prometheus")


def check_histograms(scrape):
    count = 0
    for family in scrape.families:
        if family.type != "histogram":
            continue
        for labels in {tuple(sorted(sample.labels.items())) for sample in family.samples if sample.name.endswith("_count")}:
            buckets = [
                (float(sample.labels["le"]), sample.value)
                for sample in family.samples
                if sample.name.endswith("_bucket")
                and tuple(sorted((k, v) for k, v in sample.labels.items() if k != "le")) == labels
            ]
            bounds, counts = [bound for bound, _ in buckets], [value for _, value in buckets]
            check(bounds == sorted(bounds) and bounds[-1] == float("inf"), f"{labels}: the buckets are {bounds}")
            check(counts == sorted(counts), f"{labels}: the buckets do not grow: {counts}")
            check(counts[-1] == scrape.value(f"{family.name}_count", **dict(labels)), f"{labels}: +Inf is not the count")
            # A stream has a response, but no meaningful latency.
            check(scrape.value(f"{family.name}_sum", **dict(labels)) > 0 or not counts[-1], f"{labels}: no time has passed")
            count += 1
    check(count > 5, f"only {count} histograms")
    passed(f"{count} histograms are cumulative, up to +Inf, which is their count")


def check_labels(scrape, secrets):
    """Labels have low cardinality and no personal data."""
    for secret in secrets:
        check(secret not in scrape.text, f"/metrics shows {secret!r}")
    routes = {dict(series[1:]).get("route") for series in scrape.samples} - {None}
    stray = [route for route in routes if route != "none" and re.search(r"[0-9a-f]{8}|storm", route)]
    check(not stray, f"routes are told by what was asked for: {stray}")
    check(len(scrape.samples) < 2_000, f"{len(scrape.samples)} series")
    passed(f"{len(scrape.samples)} series; no id, slug, address, key or visitor is in them")


# --- values ---


def use(client):
    """Makes requests of every kind; returns the expected counts by method, route and status."""
    asked = []

    def ask(method, path, route, status, value=None, **headers):
        desk = headers.pop("desk", False)
        answer = client.write(method, path, value, **headers) if desk else client.get(path, **headers)
        check(answer.status == status, f"{method} {path}: {answer.status} {answer.body[:200]!r}")
        asked.append((method, route, status))
        return answer

    story = ask("POST", "/stories", "/stories", 201, {"title": "Storm", "slug": SLUG}, desk=True).json
    update = ask("POST", FEED, FEED_ROUTE, 201, {"body": "It blows."}, desk=True).json
    ask("PATCH", f"{FEED}/{update['id']}", f"{FEED_ROUTE}/{{update}}", 200, {"body": "It blew."}, desk=True)
    for _ in range(5):
        page = ask("GET", FEED, FEED_ROUTE, 200)
    for _ in range(3):
        ask("GET", FEED, FEED_ROUTE, 304, if_none_match=page.headers["ETag"])
    ask("GET", f"{FEED}?limit=0", FEED_ROUTE, 400)
    ask("GET", "/stories/nowhere", "/stories/{story}", 404)
    ask("GET", "/no/such/thing", "none", 404)
    asked[-1] = ("none", "none", 404)
    ask("POST", "/stories", "/stories", 422, {"title": ""}, desk=True)
    return story, update, asked


def check_counts(client, before, asked):
    now = Scrape(client)
    for method, route, status in sorted(set(asked)):
        count = now.responses(method, route, status) - before.responses(method, route, status)
        check(count == asked.count((method, route, status)), f"{method} {route} {status}: {count}, not {asked.count((method, route, status))}")
    writes = now.value("wireroom_writes_total") - before.value("wireroom_writes_total")
    check(writes >= 3, f"3 writes are counted as {writes}")
    check(1 <= now.value("wireroom_commits_total") <= now.value("wireroom_writes_total"), "commits are not as many as writes at most")
    check(now.value("wireroom_commit_seconds_total") > 0, "commits took no time")
    check(now.value("wireroom_database_bytes") > 10_000, "the database has no size")
    check(now.value("wireroom_database_log_bytes") > 0, "the log has no size")
    check(now.total("wireroom_cache_hits_total") > 0, "no poll was answered from memory")
    passed(f"{len(asked)} requests are counted by method, route and status as they were made")


def check_reactions(client):
    kind = "veryGood"
    path = f"/stories/{SLUG}/reactions/{kind}"
    answers = [client.ask("POST", path).status for _ in range(REACTIONS - 1)]
    body = json.dumps({"visitor": SECRETS["visitor"]}).encode()
    answers.append(client.ask("POST", path, body, {"Content-Type": "application/json"}).status)
    answers += [client.ask("POST", path).status for _ in range(2)]
    check(answers == [200] * REACTIONS + [429] * 2, f"reactions are answered {answers}")
    now = Scrape(client)
    check(now.value("wireroom_reactions_total", outcome="counted") == REACTIONS, "reactions are not counted")
    check(now.value("wireroom_rate_limited_total") == 2, "those over the limit are not counted")
    passed("reactions and those over the limit are counted")


def check_waiting(client):
    cursor = client.read(FEED)["cursor"]
    poll = threading.Thread(target=lambda: client.get(f"{FEED}?cursor={cursor}&wait=20"))
    poll.start()
    connection = client.connection()
    connection.request("GET", f"/stories/{SLUG}/stream")
    connection.getresponse().readline()
    wait_for(lambda: Scrape(client).value("wireroom_parked_polls") == 1, 5, "a poll that waits is not shown")
    check(Scrape(client).value("wireroom_streams") == 1, "an open stream is not shown")
    check(Scrape(client).value("wireroom_http_connections") >= 2, "open connections are not shown")
    client.must_write("POST", FEED, {"body": "It is over."})
    poll.join(10)
    connection.close()
    wait_for(lambda: Scrape(client).value("wireroom_streams") == 0, 5, "a stream that has ended is shown")
    check(Scrape(client).value("wireroom_parked_polls") == 0, "a poll that was answered is shown")
    check(Scrape(client).responses("GET", "/stories/{story}/stream", 200) == 1, "a stream is not counted by its route")
    passed("a poll that waits and an open stream are shown as long as they are there")


def check_monotone(first, last):
    falling = [
        series for series, value in first.samples.items()
        if series[0].endswith(("_total", "_count", "_bucket", "_sum")) and last.samples[series] < value
    ]
    check(not falling, f"counters that fell: {falling}")
    passed("no counter has ever fallen")


def check_health(wireroom, client):
    for path, status in (("/healthz", "ok"), ("/readyz", "ready")):
        answer = client.get(path)
        check(answer.status == 200 and answer.json["status"] == status, f"{path}: {answer.status} {answer.body!r}")
    passed("/healthz and /readyz say that all is well; check_disk.py holds them to the truth when it is not")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name:
        wireroom = Wireroom(pathlib.Path(name), settings={
            "WIREROOM_REACTION_RATE": str(REACTIONS), "WIREROOM_TRUSTED_PROXIES": "192.0.2.1",
        })
        wireroom.start()
        try:
            client = Client(wireroom.url)
            before = Scrape(client)
            story, update, asked = use(client)
            client.get("/stories", x_forwarded_for=SECRETS["address"])
            check_counts(client, before, asked)
            check_reactions(client)
            check_waiting(client)
            last = Scrape(client)
            check_families(last)
            check_histograms(last)
            check_labels(last, [*SECRETS.values(), ADMIN_KEY, SLUG, story["id"], update["id"], "127.0.0.1"])
            check_monotone(before, last)
            check_health(wireroom, client)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("/metrics, by Prometheus' parser", main)
