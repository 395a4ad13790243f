# SPDX-License-Identifier: Apache-2.0
"""nginx and Caddy as deployed: they pass the server's responses to clients and editors unchanged.

nginx's cache is covered by check_cache.py and check_purge.py.
"""

import concurrent.futures
import contextlib
import gzip
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time
from urllib.parse import urlsplit

from caddy import Caddy
from checks import check, passed, run, wait_for
from nginx import Nginx, deployed
from wireroom import ADMIN_KEY, Answer, Client, Wireroom

STORY = "harbour-storm"
FEED = f"/stories/{STORY}/updates"
STREAM = f"/stories/{STORY}/stream"
KEY = {"Authorization": f"Bearer {ADMIN_KEY}"}
REACTIONS = 10
MOST_LATENCY_SECONDS = 1
MOST_BODY_BYTES = 1 << 20
STREAMS_AT_ONCE = 8
# As in deploy/nginx.conf.
MOST_STREAMS, MOST_REQUESTS = 100, 200
# Per address: above nginx's limit, so that nginx refuses the excess; behind Caddy the server does.
MOST_STREAMS_AT_SERVER = 110


def post(client, text):
    return client.must_write("POST", FEED, {"body": text}).json


# --- both proxies ---


def without_coding(client, path):
    """A GET without Accept-Encoding, which http.client adds by default; some proxies add their own."""
    connection = client.connection()
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.endheaders()
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def check_forms(proxy, server):
    fresh = {}
    for form in ("identity", "gzip"):
        answer, own = (one.get(f"{FEED}?limit=9", accept_encoding=form) for one in (proxy, server))
        check(answer.headers["Content-Encoding"] == own.headers["Content-Encoding"], f"{form} came as another form")
        check(answer.headers["ETag"] == own.headers["ETag"], f"{form} has the tag {answer.headers['ETag']}")
        check(answer.body == own.body, f"{form} came changed")
        again = proxy.get(f"{FEED}?limit=9", accept_encoding=form, if_none_match=own.headers["ETag"])
        check(again.status == 304 and not again.body, f"If-None-Match ({form}) is answered {again.status}")
        fresh[form] = answer.body
    bare = without_coding(proxy, f"{FEED}?limit=9")
    check(bare.headers["ETag"] == server.get(f"{FEED}?limit=9").headers["ETag"], "who takes no coding got another's tag")
    check(bare.headers["Content-Encoding"] is None, "who takes no coding got one")
    check(gzip.decompress(fresh["gzip"]) == fresh["identity"] == bare.body, "the forms differ in what they say")
    passed("plain and gzip answers and their tags are the server's own; If-None-Match is answered 304")


def check_methods(proxy, server):
    """Errors come from the server, also for methods that proxies handle specially."""
    for method, path, status in [
        ("GET", "/stories/nowhere/updates", 404),
        ("GET", f"{FEED}?limit=0", 400),
        ("POST", "/stories", 401),
        ("PUT", FEED, 405),
        ("PURGE", FEED, 405),
        ("OPTIONS", FEED, 204),
        ("HEAD", FEED, 200),
    ]:
        answer, own = proxy.ask(method, path), server.ask(method, path)
        check(answer.status == own.status == status, f"{method} {path}: {answer.status}, from the server {own.status}")
        for name in ("Content-Type", "Allow", "WWW-Authenticate"):
            check(answer.headers[name] == own.headers[name], f"{method} {path}: {name} is {answer.headers[name]}")
        if status >= 400:
            check(answer.json["status"] == status, f"{method} {path}: not the server's problem")
    passed("HEAD, OPTIONS and errors are answered as by the server")


def check_inside(proxy, server):
    check(server.get("/metrics").status == 200, "the server itself has no /metrics")
    for path in ("/metrics", "/metrics?a=b", "/%6detrics", "//metrics", "/./metrics", "/metrics/", "/stories/../metrics"):
        answer = proxy.get(path)
        check(answer.status in (400, 404), f"{path} is answered {answer.status}")
        check(b"wireroom_" not in answer.body, f"{path} shows figures")
    check(proxy.get("/readyz").status == 200, "/readyz cannot be reached")
    passed("/metrics cannot be reached from outside, however it is spelled")


def check_stream(proxy, server):
    """Each event is received before the next is published (no buffering)."""
    connection = proxy.connection()
    connection.request("GET", STREAM)
    response = connection.getresponse()
    slowest = 0
    for number in range(4):
        body = f"Event {number} of the stream."
        post(server, body)
        started = time.monotonic()
        while body.encode() not in (line := response.readline()):
            check(line, "the stream ended")
        slowest = max(slowest, time.monotonic() - started)
    connection.close()
    check(slowest < MOST_LATENCY_SECONDS, f"an event came {slowest:.1f} s late")
    passed(f"events come one by one, within {slowest * 1000:.0f} ms")


def check_wait(proxy, server):
    cursor = server.read(FEED)["cursor"]
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        future = pool.submit(proxy.read, f"{FEED}?cursor={cursor}&wait=20")
        wait_for(lambda: server.metrics()["wireroom_parked_polls"] == 1, 5, "the poll does not wait at the server")
        post(server, "What it waits for.")
        started = time.monotonic()
        delta = future.result(20)
    late = time.monotonic() - started
    check(delta["changes"] and late < MOST_LATENCY_SECONDS, f"a long poll was answered {late:.1f} s late: {delta}")
    passed(f"a long poll is answered {late * 1000:.0f} ms after the change")


def opened(client, path, count):
    """Opens requests without waiting for their responses."""
    connections = [client.connection() for _ in range(count)]
    for each in connections:
        each.request("GET", path)
    return connections


def check_gone(proxy, server):
    """A long poll ends when its reader disconnects, and its quota is released at once."""
    connections = opened(proxy, f"{FEED}?cursor={server.read(FEED)['cursor']}&wait=20", 5)
    wait_for(lambda: server.metrics()["wireroom_parked_polls"] == 5, 5, "the polls do not wait at the server")
    for each in connections:
        each.close()
    wait_for(lambda: server.metrics()["wireroom_parked_polls"] == 0, 3, "polls outlive their readers")
    passed("polls that wait end with their readers")


def check_uploads(proxy, server, name):
    document = server.ask("GET", f"/stories/{STORY}/export", headers=KEY).body
    document += b" " * (MOST_BODY_BYTES - len(document))
    json_type = {**KEY, "Content-Type": "application/json"}
    answer = proxy.ask("POST", f"/import?slug={name}-copy", document, json_type)
    check(answer.status == 201, f"an import of 1 MiB is answered {answer.status} {answer.body[:200]!r}")
    parts = [b"In *parts* ", b"as they ", b"came."]
    # A body that is an iterator is sent chunked.
    answer = proxy.ask("POST", FEED, iter(parts), {**KEY, "Content-Type": "text/markdown"})
    check(answer.status == 201, f"a chunked upload is answered {answer.status} {answer.body[:200]!r}")
    check(answer.json["body"] == b"".join(parts).decode(), f"the chunks became {answer.json['body']!r}")
    passed("an import of 1 MiB and a chunked upload pass")


def statuses(client, path, number, **headers):
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return [client.ask("POST", path, headers=sent).status for _ in range(number)]


def check_clients(proxy, first, second, others):
    """Clients have separate limits, and cannot spoof another's address."""
    path = f"/stories/{STORY}/reactions/veryGood"
    got = statuses(first, path, REACTIONS + 1)
    check(got == [200] * REACTIONS + [429], f"one client's reactions are answered {got}")
    for number in range(5):
        for field, value in (("x_forwarded_for", f"203.0.113.{number}"), ("forwarded", f"for=203.0.113.{number}")):
            got = statuses(first, path, 1, **{field: value})
            check(got == [429], f"with {field}: {value} a limited client is answered {got}")
    got = statuses(second, path, REACTIONS // 2, x_forwarded_for=others)
    check(got == [200] * (REACTIONS // 2), f"another client's reactions are answered {got}")
    # To the server the proxy's own address is a trusted hop, so an address before it would be trusted.
    got = [statuses(proxy, path, 1, x_forwarded_for=f"203.0.113.{number}")[0] for number in range(REACTIONS + 1)]
    check(got[-1] == 429, f"a client of the proxy's own address can say that it is others: {got}")
    passed("reactions are limited for each client, and X-Forwarded-For of a client has no effect")


def check_proxy(name, proxy, client, server, addresses):
    print(f"  {name}", flush=True)
    check_forms(proxy, server)
    check_methods(proxy, server)
    check_inside(proxy, server)
    check_stream(proxy, server)
    check_wait(proxy, server)
    check_gone(proxy, server)
    check_uploads(proxy, server, name)
    first, second = addresses
    check_clients(proxy, client(first), client(second), first)


# --- HTTP/2 ---


def check_http2(name, url, authority, server):
    """As a browser: eight and more streams and polls over one HTTP/2 connection negotiated by ALPN."""
    check_negotiation(url, authority)
    paths = [STREAM] * STREAMS_AT_ONCE + [f"{FEED}?cursor={server.read(FEED)['cursor']}&wait=20"]
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as folder:
        files = [pathlib.Path(folder) / str(number) for number in range(len(paths))]
        with contextlib.closing(Curl([url + path for path in paths], files, authority)) as curl:
            wait_for(lambda: server.metrics()["wireroom_streams"] == STREAMS_AT_ONCE, 10, "the streams do not open at once")
            wait_for(lambda: server.metrics()["wireroom_parked_polls"] == 1, 5, "no poll waits beside the streams")
            for number in range(3):
                body = f"Event {number} over HTTP/2, by {name}."
                post(server, body)
                started = time.monotonic()
                last = files if number == 0 else files[:-1]
                wait_for(lambda: all(body.encode() in file.read_bytes() for file in last), MOST_LATENCY_SECONDS,
                         f"{body} does not come to all within {MOST_LATENCY_SECONDS} s", 0.01)
                late = time.monotonic() - started
            check(curl.connections() == 1, f"curl needs {curl.connections()} connections")
            check(all(file.read_bytes().startswith(b"HTTP/2 200") for file in files), "some answers are not HTTP/2")
    wait_for(lambda: server.metrics()["wireroom_streams"] == 0, 5, "the server's streams outlive the readers'")
    passed(f"{STREAMS_AT_ONCE} streams and a poll share one connection by HTTP/2, and have each event within {late * 1000:.0f} ms")


def check_negotiation(url, authority):
    """ALPN (RFC 7301): HTTP/2 for clients that support it, otherwise HTTP/1.1; at least TLS 1.2."""
    address = urlsplit(url)
    for offered, wanted in ((["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1")):
        context = ssl.create_default_context(cafile=authority)
        context.set_alpn_protocols(offered)
        with socket.create_connection((address.hostname, address.port), 5) as plain:
            with context.wrap_socket(plain, server_hostname=address.hostname) as secure:
                found = secure.selected_alpn_protocol()
        check(found == wanted, f"of {offered} ALPN chooses {found}")


class Curl:
    """Fetches all URLs in parallel, each into a file with its head, over as few connections as possible."""

    def __init__(self, urls, files, authority):
        self.port = urlsplit(urls[0]).port
        arguments = ["curl", "--silent", "--show-error", "--no-buffer", "--no-progress-meter", "--http2", "--include", "--parallel", "--max-time", "30"]
        arguments += ["--cacert", str(authority)]
        for url, file in zip(urls, files, strict=True):
            file.touch()
            arguments += ["--output", str(file), url]
        self.process = subprocess.Popen(arguments)

    def connections(self):
        """The number of curl's connections to the proxy, from the kernel's table."""
        links = [os.readlink(link) for link in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()]
        rows = [row.split() for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        to_proxy = {f"socket:[{row[9]}]" for row in rows if int(row[2].partition(":")[2], 16) == self.port}
        return len(to_proxy & set(links))

    def close(self):
        self.process.terminate()
        self.process.wait(5)


# --- nginx ---


def check_plain(nginx):
    """Plain HTTP only redirects to HTTPS, keeping the method and the URL."""
    plain = Client(f"http://127.0.0.1:{nginx.bare_port}")
    answer = plain.ask("POST", f"{FEED}?limit=9")
    check(answer.status == 308, f"without TLS a POST is answered {answer.status}")
    check(answer.headers["Location"] == f"https://127.0.0.1{FEED}?limit=9", f"and sent to {answer.headers['Location']}")
    passed("without TLS all are sent to where it is")


def check_large(nginx):
    answer = nginx.ask("POST", "/import", b" " * (MOST_BODY_BYTES + 1), {**KEY, "Content-Type": "application/json"})
    check(answer.status == 413 and answer.json["status"] == 413, f"1 MiB and a byte: {answer.status}")
    passed("what is over 1 MiB is refused by the server's own 413")


def check_keys(nginx):
    """Responses to authenticated requests are neither cached nor answered from the cache."""
    path = f"{FEED}?limit=11"
    for _ in range(2):
        desk = nginx.ask("GET", path, headers=KEY)
        check("state" in desk.json["updates"][0], "with a key the answer is that for readers")
        check(desk.headers["X-Cache"] == "BYPASS", f"an answer to a key is {desk.headers['X-Cache']} in the cache")
    for _ in range(2):
        reader = nginx.get(path)
        check("state" not in reader.json["updates"][0], "a reader got the answer to a key")
    check(reader.headers["X-Cache"] == "HIT", f"a reader's answer is {reader.headers['X-Cache']}")
    check("state" in nginx.ask("GET", path, headers=KEY).json["updates"][0], "who shows a key got a reader's answer")
    passed("answers to keys are not cached")


def check_share(by_nginx, server):
    """Per-address limits of streams and concurrent requests: excess is refused, and other addresses are not affected."""
    one, another = by_nginx("127.0.0.6"), by_nginx("127.0.0.7")
    connections = opened(one, STREAM, MOST_STREAMS)
    wait_for(lambda: server.metrics()["wireroom_streams"] == MOST_STREAMS, 5, "the streams of one address do not open")
    [more] = opened(one, STREAM, 1)
    response = more.getresponse()
    check(response.status == 503, f"a stream over the share is answered {response.status}")
    refused = Answer(response)
    check(int(refused.headers["Retry-After"]) > 0 and refused.headers["X-Request-Id"], f"it is told {refused.headers}")
    check(refused.json["requestId"] == refused.headers["X-Request-Id"], f"it is told {refused.body!r}")
    another.stream_until(STREAM, b"id: ")
    check(one.get(FEED).status == 200, "who has all its streams cannot read")
    poll = f"{FEED}?cursor={server.read(FEED)['cursor']}&wait=20"
    connections += opened(one, poll, MOST_REQUESTS - MOST_STREAMS)
    most = MOST_REQUESTS - MOST_STREAMS
    wait_for(lambda: server.metrics()["wireroom_parked_polls"] == most, 5, "the polls of one address do not wait")
    for client, status in ((one, 503), (another, 200)):
        check((found := client.get(FEED).status) == status, f"{client.source} is answered {found}, not {status}")
    for each in connections:
        each.close()
    wait_for(lambda: one.get(FEED).status == 200, 5, "who has closed all is not served")
    passed(f"of one address {MOST_STREAMS} streams and {MOST_REQUESTS} requests are open at most, others are served meanwhile")


# --- Caddy ---


def check_heads(caddy):
    """Heads that the server accepts pass, and others are rejected without being buffered."""
    for count, statuses in ((14_000, {200}), (60_000, {431})):
        status = caddy.get(FEED, x_filling="x" * count).status
        check(status in statuses, f"a head of {count} bytes is answered {status}")
    passed("heads of 14 KB pass, and of 60 KB are refused")


def check_share_of_server(by_caddy, server):
    """The server's client quota applies to the reader's address, not Caddy's."""
    one, another = by_caddy("127.0.0.8"), by_caddy("127.0.0.9")
    connections = opened(one, STREAM, MOST_STREAMS_AT_SERVER)
    wait_for(lambda: server.metrics()["wireroom_streams"] == MOST_STREAMS_AT_SERVER, 10, "the streams do not open")
    connections += opened(one, STREAM, 1)
    status = connections[-1].getresponse().status
    check(status == 503, f"a stream over the share is answered {status}")
    another.stream_until(STREAM, b"id: ")
    check(one.get(FEED).status == 200, "who has all its streams cannot read")
    for each in connections:
        each.close()
    wait_for(lambda: server.metrics()["wireroom_streams"] == 0, 5, "the server's streams outlive the readers'")
    passed(f"of one address {MOST_STREAMS_AT_SERVER} streams are open at most, others are served meanwhile")


def check_restart(caddy, wireroom):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        wireroom.stop()
        future = pool.submit(caddy.get, FEED)
        time.sleep(1)
        check(not future.done(), "Caddy does not wait for a server that is being restarted")
        wireroom.start()
        check(future.result(10).status == 200, f"after a restart Caddy answers {future.result().status}")
    passed("a request during a restart is answered after it")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        settings = {
            "WIREROOM_TRUSTED_PROXIES": "127.0.0.1",
            "WIREROOM_REACTION_RATE": str(REACTIONS),
            "WIREROOM_STREAMS_PER_CLIENT": str(MOST_STREAMS_AT_SERVER),
        }
        wireroom = Wireroom(folder, settings=settings)
        wireroom.start()
        stack.callback(wireroom.kill)
        nginx = Nginx(folder / "nginx", deployed, wireroom.url)
        nginx.start()
        stack.callback(nginx.stop)
        caddy = Caddy(folder / "caddy", wireroom.url)
        caddy.start()
        stack.callback(caddy.stop)
        server = Client(wireroom.url)
        server.must_write("POST", "/stories", {"title": "Storm at the harbour", "slug": STORY})
        for number in range(20):
            post(server, f"Report {number}: the harbour stays **closed** until the wind drops.")

        def by_nginx(source=None):
            return Client(nginx.url, source=source)

        def by_caddy(source=None):
            return Client(caddy.url, tls=caddy.tls(), source=source)

        check_proxy("nginx", by_nginx(), by_nginx, server, ["127.0.0.2", "127.0.0.3"])
        check_large(by_nginx())
        check_keys(by_nginx())
        check_http2("nginx", nginx.tls_url, nginx.authority, server)
        check_share(by_nginx, server)
        check_plain(nginx)
        check_proxy("caddy", by_caddy(), by_caddy, server, ["127.0.0.4", "127.0.0.5"])
        check_http2("Caddy", caddy.url, caddy.authority, server)
        check_heads(by_caddy())
        check_share_of_server(by_caddy, server)
        check_restart(by_caddy(), wireroom)


if __name__ == "__main__":
    run("nginx and Caddy before the server", main)
