# SPDX-License-Identifier: Apache-2.0
"""nginx as deployed, with a cache of one second: it absorbs the load without changing what clients get."""

import concurrent.futures
import contextlib
import gzip
import http.client
import json
import pathlib
import re
import tempfile
import threading
import time

from checks import check, passed, run, wait_for
from nginx import Nginx, deployed
from wireroom import Client, Wireroom

STORY = "harbour-storm"
FEED = f"/stories/{STORY}/updates"
CLIENTS = 200
ROUNDS = 8
SECONDS_BETWEEN = 0.4
WAITING = 20
MOST_LATENCY_SECONDS = 1
# The server's max-age of one second, up to two in nginx, which counts whole seconds, plus a margin.
FRESH_SECONDS = 3


def post(client, text):
    return client.must_write("POST", FEED, {"body": text}).json


def cursor_of(answer):
    return answer.json["cursor"]


def number_of(cursor):
    return int(cursor.rpartition("-")[2])


# --- load ---


@contextlib.contextmanager
def writes(client):
    """Posts ten updates per second in parallel to the body of the `with`; yields the growing list of them."""
    over = threading.Event()
    done = []

    def work():
        while not over.wait(0.1):
            done.append(post(client, f"Report {len(done)}."))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield done
    over.set()
    thread.join(10)


def polls(cache, together):
    """Polls snapshots, once per round simultaneously with all clients; returns the sequence numbers of the cursors."""
    connection = http.client.HTTPConnection(cache.address, timeout=10)
    numbers = []
    for _ in range(ROUNDS):
        together.wait(20)
        connection.request("GET", f"{FEED}?limit=20")
        response = connection.getresponse()
        body = response.read()
        check(response.status == 200, f"a poll is answered {response.status} {body[:300]!r}")
        numbers.append(number_of(json.loads(body)["cursor"]))
        time.sleep(SECONDS_BETWEEN)
    connection.close()
    return numbers


def requests(client):
    return client.metrics()["wireroom_http_requests_total"]


def check_many(client, cache):
    together = threading.Barrier(CLIENTS)
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool, writes(client) as written:
        started, before = time.monotonic(), requests(client) - len(written)
        seen = list(pool.map(lambda _: polls(cache, together), range(CLIENTS)))
        seconds, after = time.monotonic() - started, requests(client) - len(written) - 1
    reached = after - before
    # One per second, one at the start, and a margin for a write counted on one side only.
    most = seconds + 3
    check(reached <= most, f"{reached:.0f} of {CLIENTS * ROUNDS} polls in {seconds:.1f} s reached the server")
    for numbers in seen:
        check(numbers == sorted(numbers), f"a client's cursor went back: {numbers}")
        check(numbers[0] < numbers[-1], f"the cache kept its first answer: {numbers}")
    passed(f"{reached:.0f} of {CLIENTS * ROUNDS} polls by {CLIENTS} clients in {seconds:.1f} s reached the server,"
           f" during {len(written)} writes")


def check_cold(client, cache):
    """Concurrent misses for one URL cause a single upstream request (cache lock)."""
    before = requests(client)
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: cache.get(f"{FEED}?limit=7"), range(50)))
    reached = requests(client) - before - 1
    check(len({answer.body for answer in answers}) == 1 and answers[0].status == 200, "the answers differ")
    check(reached <= 2, f"{reached:.0f} of 50 requests at once for the same cold page reached the server")
    passed(f"{reached:.0f} of 50 requests at once for the same cold page reached the server")


# --- responses ---


def check_fresh(client, cache):
    """A change is visible through the cache after max-age."""
    update = post(client, "Seen soon.")
    started = time.monotonic()
    wait_for(
        lambda: cache.read(f"{FEED}?limit=20")["updates"][0]["id"] == update["id"],
        FRESH_SECONDS,
        f"a change cannot be seen through the cache after {FRESH_SECONDS} s",
    )
    passed(f"a change is seen through the cache after {time.monotonic() - started:.1f} s")


def held(cache, path, **headers):
    """Repeats a request until it is a cache hit, and returns the response."""
    found = []

    def is_hit():
        found.append(cache.get(path, **headers))
        return found[-1].headers["X-Cache"] == "HIT"

    wait_for(is_hit, 3, f"nginx does not keep {path}")
    return found[-1]


def check_conditional(client, cache):
    for encoding in ("identity", "gzip"):
        answer = held(cache, FEED, accept_encoding=encoding)
        tag = answer.headers["ETag"]
        again = cache.get(FEED, accept_encoding=encoding, if_none_match=tag)
        check(again.status == 304 and not again.body, f"If-None-Match {tag} ({encoding}): {again.status}")
        check(again.headers["ETag"] == tag, f"the 304 has the tag {again.headers['ETag']}, not {tag}")
        post(client, "Something new.")
        wait_for(
            lambda: cache.get(FEED, accept_encoding=encoding, if_none_match=tag).status == 200,
            FRESH_SECONDS,
            f"{tag} ({encoding}) is still answered 304 {FRESH_SECONDS} s after a change",
        )
    passed("If-None-Match is answered 304 by the cache, and 200 after a change, plain and in gzip")


def check_forms(cache):
    """Each client gets a representation that it accepts, whichever was cached first (Vary)."""
    plain = held(cache, f"{FEED}?limit=30", accept_encoding="identity")
    packed = held(cache, f"{FEED}?limit=30", accept_encoding="gzip")
    bare = held(cache, f"{FEED}?limit=30")
    check(plain.headers["Content-Encoding"] is None, f"a plain client got {plain.headers['Content-Encoding']}")
    check(bare.headers["Content-Encoding"] is None, f"a client of no wish got {bare.headers['Content-Encoding']}")
    check(packed.headers["Content-Encoding"] == "gzip", "a gzip client got no gzip")
    check(gzip.decompress(packed.body) == plain.body == bare.body, "the forms differ in what they say")
    check(packed.headers["ETag"] != plain.headers["ETag"], "both forms have the same tag")
    passed(f"plain and gzip clients get their own forms ({len(plain.body)} and {len(packed.body)} bytes)")


def must_be_held(what, answer):
    """Checks for a hit at the first attempt: repeating it could fetch an expired entry again."""
    found = answer.headers["X-Cache"]
    check(found in ("HIT", "STALE", "UPDATING", "EXPIRED"), f"{what} is a {found} in the cache")


def check_shared(cache):
    """Ignored parts of requests do not fragment the cache: other origins, unknown parameters, parameter order or encoding."""
    path = f"{FEED}?limit=33&order=newest"
    for other in (f"{path}&zz=1", f"{FEED}?zz=2&limit=33&order=newest&utm_source=a", f"{FEED}?order=newest&limit=33",
                  f"{FEED}?%6Cimit=%33%33&order=newest"):
        body = held(cache, path).body
        must_be_held(other, cache.get(other))
        check(cache.get(other).body == body, f"{other} is not answered as {path}")
    for query in ("curser=a", "Cursor=a", "limt=33", "tags=a", "onyl=key", "befroe=a", "limit=33&utm_source=a&oder=oldest"):
        answer = cache.get(f"{FEED}?{query}")
        check(answer.status == 400 and "did you mean" in answer.json["detail"], f"?{query} is answered {answer.status}")
    for number in range(3):
        origin = f"https://site-{number}.example"
        answer = cache.get(path, origin=origin)
        must_be_held(f"{path} for {origin}", answer)
        allowed = answer.headers["Access-Control-Allow-Origin"]
        check(allowed == "*", f"{origin} may not read, but {allowed}")
    passed("other origins, unknown parameters and other spellings are answered out of the same entry")


def check_apart(cache):
    """Requests that Wireroom distinguishes have separate cache entries."""
    held(cache, f"{FEED}?limit=33")
    for query, count in (("limit=8", 8), ("zz=limit=33&limit=4", 4), ("zz&limit=5", 5), ("=limit=33&limit=6", 6)):
        got = len(cache.read(f"{FEED}?{query}")["updates"])
        check(got == count, f"?{query} is answered with {got} updates")
    for query in ("limit=33&limit=33", "limit=33&x=%zz", "limit=33%00", "limit=0"):
        status = cache.get(f"{FEED}?{query}").status
        check(status == 400, f"?{query} is answered {status}")
    for path in (f"{FEED}%3Flimit=33", f"/stories/{STORY}%2Fupdates", f"/{FEED}", f"/stories/{STORY.upper()}/updates"):
        check(cache.get(path).status == 404, f"{path} is answered {cache.get(path).status}")
    page = cache.read(f"{FEED}?limit=1")
    story, update = page["story"]["id"], page["updates"][0]["id"]
    for path in (f"/stories/{story.upper()}/updates", f"/stories/{STORY}/updates/{update.upper()}", f"/live/{story.upper()}"):
        answer = cache.get(path)
        check(answer.status == 200, f"{path} is answered {answer.status}")
        check(answer.headers["X-Cache"] == "BYPASS", f"{path} is {answer.headers['X-Cache']} in the cache")
    passed("other values, and what is no address of the server, are not answered out of the cache")


def check_widgets(cache):
    """Widgets and oEmbed have parameters of their own, by which their entries are apart; all others are left out."""
    for path in (f"/embed/{STORY}", f"/stories/{STORY}/fragment.html"):
        full = held(cache, f"{path}?limit=20").body
        compact = held(cache, f"{path}?form=headline&limit=20").body
        check(full != compact, f"{path} has one entry for all forms")
        same = f"{path}?utm_source=a&limit=20&form=headline"
        check(cache.get(same).body == compact, f"{same} is not answered in its form")
        must_be_held(same, cache.get(same))
        check(cache.get(f"{path}?form=square").status == 400, f"{path} takes any form")
    light, dark = (held(cache, f"/embed/{STORY}?theme={theme}").body for theme in ("light", "dark"))
    check(light != dark, "one entry for all themes")
    # What other sites add to addresses of pages is no mistyped `form`.
    page = held(cache, f"/live/{STORY}")
    must_be_held("?from=timeline", cache.get(f"/live/{STORY}?from=timeline"))
    check(page.status == 200, f"the page is answered {page.status}")
    missing = cache.get("/oembed?url=https%3A%2F%2Fnobody.example%2Flive%2Fx")
    check(missing.status == 404, f"oEmbed for another site is answered {missing.status}, not as its address asks")
    passed("widgets and oEmbed get what their parameters ask for, each out of an entry of its own")


def check_ids(cache):
    """Each response carries the reader's request id, or a new one, also from the cache."""
    path = f"{FEED}?limit=12"
    held(cache, path, x_request_id="the-first-reader")
    for own in ("reader-1", "reader_2.b", "r" * 128):
        found = held(cache, path, x_request_id=own).headers.get_all("X-Request-Id")
        check(found == [own], f"a HIT for {own} has the id {found}")
    made = [held(cache, path, **sent).headers["X-Request-Id"] for sent in (
        {}, {}, {"x_request_id": "not well formed"}, {"x_request_id": "r" * 129})]
    check(len(set(made)) == len(made), f"answers for readers without an id of their own share one: {made}")
    check(all(re.fullmatch("[0-9a-f]{32}", each) for each in made), f"nginx makes the ids {made}")
    for sent in ({}, {"x_request_id": "reader-3"}):
        problem = cache.get("/stories/nowhere", **sent)
        check(problem.json["requestId"] == problem.headers["X-Request-Id"], f"a problem has two ids: {problem.body!r}")
    passed("a cached answer has the id of the reader who gets it; a problem has it in its body, too")


def check_links(client, cache):
    """Links requested with a cursor are never older than it, even if the cache has older ones."""
    links = f"/stories/{STORY}/links"
    held(cache, links)
    client.must_write("PUT", f"{links}/related", [{"title": "How the bridge was built"}])
    cursor = cursor_of(cache.get(f"{FEED}?limit=40"))
    lists, delta = cache.read(f"{links}?since={cursor}"), cache.read(f"{FEED}?cursor={cursor}")
    check(lists["related"] or delta["changes"], f"the lists asked for with {cursor} are older than it")
    passed("lists of links asked for with a cursor are as new as that")


# --- push ---


def long_poll(cache, cursor):
    """Long-polls for a change; returns when it arrived."""
    delta = cache.read(f"{FEED}?cursor={cursor}&wait=20")
    check(delta["changes"], "a long poll came back without the change")
    return time.monotonic()


def stream(cache, cursor):
    """Streams until the first put event; returns when it arrived."""
    cache.stream_until(f"/stories/{STORY}/stream?cursor={cursor}", b"event: put")
    return time.monotonic()


def check_waiting(name, gauge, wait, client, cache):
    cursor = cursor_of(client.get(FEED))
    with concurrent.futures.ThreadPoolExecutor(WAITING) as pool:
        futures = [pool.submit(wait, cache, cursor) for _ in range(WAITING)]
        wait_for(lambda: client.metrics()[gauge] == WAITING, 5, lambda: f"{client.metrics()[gauge]} {name} wait")
        post(client, "What they wait for.")
        answered = time.monotonic()
        late = sorted(future.result(20) - answered for future in futures)
    check(late[-1] < MOST_LATENCY_SECONDS, f"one of {WAITING} {name} heard of a change {late[-1]:.1f} s late")
    passed(f"{WAITING} {name} of one address hear of a change through the cache, the last after"
           f" {max(late[-1], 0) * 1000:.0f} ms")


def check_outage(wireroom, cache):
    """While the server is down, readers get stale responses (stale-if-error, RFC 5861)."""
    held(cache, FEED)
    wireroom.stop()
    time.sleep(FRESH_SECONDS)
    answer = cache.get(FEED)
    check(answer.status == 200, f"without the server the cache answers {answer.status}")
    passed(f"while the server is away, the cache answers ({answer.headers['X-Cache']})")
    check(cache.get(f"{FEED}?limit=3").status == 502, "what the cache does not hold is not answered 502")
    wireroom.start()
    update = post(Client(wireroom.url), "Back again.")
    wait_for(
        lambda: cache.read(FEED)["updates"][0]["id"] == update["id"],
        FRESH_SECONDS,
        f"{FRESH_SECONDS} s after its return the cache does not give what the server has",
    )
    passed("when it is back, the cache gives what is new")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        wireroom = Wireroom(folder)
        wireroom.start()
        stack.callback(wireroom.kill)
        nginx = Nginx(folder / "nginx", deployed, wireroom.url)
        nginx.start()
        stack.callback(nginx.stop)
        client, cache = Client(wireroom.url), Client(nginx.url)
        client.must_write("POST", "/stories", {"title": "Storm at the harbour", "slug": STORY})
        for number in range(40):
            post(client, f"Report {number}: the harbour stays **closed** until the wind drops.")
        check_cold(client, cache)
        check_many(client, cache)
        check_fresh(client, cache)
        check_conditional(client, cache)
        check_forms(cache)
        check_shared(cache)
        check_apart(cache)
        check_widgets(cache)
        check_ids(cache)
        check_links(client, cache)
        check_waiting("long polls", "wireroom_parked_polls", long_poll, client, cache)
        check_waiting("streams", "wireroom_streams", stream, client, cache)
        check_outage(wireroom, cache)


if __name__ == "__main__":
    run("nginx caches", main)
