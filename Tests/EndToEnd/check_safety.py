# SPDX-License-Identifier: Apache-2.0
"""Stored XSS and log injection: attacks in stories, updates and links do nothing in a browser, and no request can forge log
lines."""

import contextlib
import http.server
import json
import pathlib
import re
import tempfile
import threading
import time
from urllib.parse import quote, urlsplit

from attacks import CONTROLS, HEAVY, HTML, LINKS, MARKDOWN, PROBE
from checks import check, passed, run
from pages import Browser
from wireroom import ADMIN_KEY, Client, Wireroom

STORY = "harbour"
MOST_WRITE_SECONDS = 2
VISITOR = "visitor-of-the-attacks"
ELEMENTS = {"P", "H1", "H2", "H3", "H4", "H5", "H6", "EM", "STRONG", "BLOCKQUOTE", "PRE", "CODE", "UL", "OL", "LI", "A", "IMG",
            "HR", "BR", "DEL", "INPUT", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD"}
ATTRIBUTES = {"href", "title", "src", "alt", "start", "class", "type", "checked", "disabled", "align"}


# --- storing attacks ---


class Attacker:
    """A hostile editor who stores attacks; counts what was accepted."""

    def __init__(self, client):
        self.client = client
        self.taken = self.refused = 0
        self.slowest = 0

    def write(self, method, path, value):
        started = time.monotonic()
        answer = self.client.write(method, path, value)
        self.slowest = max(self.slowest, time.monotonic() - started)
        if answer.status // 100 == 2:
            self.taken += 1
            return answer.json
        check(answer.status in (400, 413, 422), f"{method} {path} with {value!r:.200}: {answer.status}")
        problem = answer.json
        check(problem["detail"] or problem["errors"], f"a refusal without a reason: {problem}")
        for error in problem.get("errors", []):
            check(error["pointer"].startswith("/") and error["detail"], f"a fault without its place: {error}")
        self.refused += 1
        return None

    def stories(self):
        for number, text in enumerate(HTML + CONTROLS):
            self.write("POST", "/stories", {
                "slug": f"attack-{number}", "title": text, "summary": text, "byline": text, "section": [text],
                "keyPoints": [text], "tags": [text], "source": {"name": text, "url": "https://example.org/"},
            })

    def updates(self):
        path = f"/stories/{STORY}/updates"
        for text in HTML + MARKDOWN + CONTROLS:
            line = " ".join(text.split())
            self.write("POST", path, {"body": text})
            self.write("POST", path, {"body": f"Before {text} after", "title": line, "author": line[:100], "tags": [line[:30]]})
        for link in LINKS:
            self.write("POST", path, {"body": "x", "media": [{"type": "image", "url": link, "alt": link}]})
            self.write("POST", path, {"body": "x", "sources": [{"name": link, "url": link}]})

    def links(self):
        for link in LINKS:
            self.write("PUT", f"/stories/{STORY}/links/related", [{"title": link, "url": link, "image": link}])
        self.write("PUT", f"/stories/{STORY}/links/related", [{"title": text} for text in HTML[:10]])

    def heavy(self):
        for text in HEAVY.values():
            self.write("POST", f"/stories/{STORY}/updates", {"body": text})


def check_writes(client):
    client.must_write("POST", "/stories", {"title": "Harbour", "slug": STORY})
    attacker = Attacker(client)
    for write in (attacker.stories, attacker.updates, attacker.links, attacker.heavy):
        write()
    check(attacker.taken > 100 and attacker.refused > 20, f"{attacker.taken} taken, {attacker.refused} refused")
    check(attacker.slowest < MOST_WRITE_SECONDS, f"a write took {attacker.slowest:.1f} s")
    passed(f"{attacker.taken} attacks are taken as text, {attacker.refused} refused with their place, each within "
           f"{attacker.slowest * 1000:.0f} ms")


def check_addresses(client):
    """No URL is accepted that is not http or https."""
    whole = client.whole(STORY)
    lists = whole["links"]
    kept = [link[name] for links in lists.values() for link in links for name in ("url", "image")]
    kept += [item["url"] for update in whole["updates"] for item in update["media"] + update["sources"]]
    wrong = [url for url in kept if url and not re.match(r"(https?://|/(?!/))", url)]
    check(not wrong, f"addresses that are kept: {wrong[:5]}")
    passed("no javascript:, data:, file: or other such address is kept as a link, a source or a picture")


# --- in a browser ---


class Watch:
    """A browser page, and everything it does besides rendering."""

    def __init__(self, browser, allowed):
        self.page = browser.browser.new_context().new_page()
        self.allowed = allowed
        self.done = []
        self.page.on("dialog", lambda dialog: (self.done.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("download", lambda download: self.done.append(f"a download of {download.url}"))
        self.page.route("**/*", self.look)

    def look(self, route):
        request, place = route.request, urlsplit(route.request.url)
        is_ours = place.netloc in self.allowed
        # Images from other sites may be requested: that is what images do.
        if (is_ours and PROBE in place.path and not request.is_navigation_request()) or (
            not is_ours and request.resource_type != "image"
        ):
            self.done.append(f"a request for {request.url}")
        return route.continue_() if is_ours else route.abort()

    def must_be_calm(self, where):
        check(not self.done, f"{where}: {self.done[:3]}")


def check_answers(browser, client, base):
    """Every response that contains stored content, opened as a page of its own."""
    watch = Watch(browser, {urlsplit(base).netloc})
    update = client.read(f"/stories/{STORY}/updates")["updates"][0]["id"]
    paths = ["/stories", "/stories?limit=100", f"/stories/{STORY}", f"/stories/{STORY}/updates?limit=200",
             f"/stories/{STORY}/links", f"/stories/{STORY}/updates/{update}", "/metrics"]
    paths += [f"/stories/attack-{number}" for number in range(len(HTML))]
    # Errors that echo the request.
    paths += [f"/stories/{quote(text, safe='')}/updates" for text in HTML[:8]]
    paths += [f"/stories?status={quote(text)}&{quote(text)}=1" for text in HTML[:8]]
    for path in paths:
        answer = client.get(path)
        check(answer.headers["X-Content-Type-Options"] == "nosniff", f"{path} may be sniffed")
        check("default-src 'none'" in answer.headers["Content-Security-Policy"], f"{path} has no policy")
        check(not answer.headers["Content-Type"].startswith("text/html"), f"{path} is HTML")
        watch.page.goto(base + path)
        watch.page.wait_for_load_state()
        watch.must_be_calm(path)
    passed(f"{len(paths)} answers with attacks, opened in Chromium: none of them does anything")


# Hovers over everything, and clicks what does not navigate away; also in the widget.
TOUCH = """() => {
    const all = root => [...root.querySelectorAll("*")].flatMap(e => e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]);
    const elements = all(document);
    for (const element of elements) for (const type of ["mouseover", "focus", "toggle", "load", "error"])
        element.dispatchEvent(new MouseEvent(type, {bubbles: true, cancelable: true}));
    return elements.flatMap(e => [...e.attributes].map(a => [e.localName, a.name, a.value])).filter(([, name, value]) =>
        name.startsWith("on") || ["href", "src"].includes(name) && /^\\s*(javascript|vbscript|data:text|file):/i.test(value)
        || name == "srcdoc" || name == "style");
}"""
DESK_STORIES = 8


def touch(watch, where):
    watch.page.wait_for_timeout(150)
    found = watch.page.evaluate(TOUCH)
    check(not found, f"{where} holds {found[:3]}")
    watch.page.wait_for_timeout(100)
    watch.must_be_calm(where)


def check_front_ends(browser, client, base):
    """The readers' front ends, opened fresh, and receiving the attacks while open."""
    watch = Watch(browser, {urlsplit(base).netloc})
    stories = [story["slug"] for story in client.read("/stories?limit=100")["stories"]]
    paths = ["/", f"/live/{STORY}", f"/live/{STORY}?only=key"] + [f"/live/{slug}" for slug in stories]
    paths += [f"/live/{STORY}/{update['id']}" for update in client.read(f"/stories/{STORY}/updates?limit=20")["updates"]]
    paths += [f"/live/{quote(text, safe='')}" for text in HTML] + [f"/live/{STORY}?before={quote(text)}" for text in HTML]
    for path in paths:
        watch.page.goto(base + path)
        touch(watch, path)
    check_open_page(watch, client, base)
    passed(f"{len(paths)} pages with attacks, and one that was open when they were written: none of them does anything")


def check_open_page(watch, client, base):
    client.must_write("POST", "/stories", {"title": "Open", "slug": "open"})
    watch.page.goto(f"{base}/live/open")
    attacker = Attacker(client)
    for text in HTML + MARKDOWN[:40]:
        line = " ".join(text.split())
        attacker.write("POST", "/stories/open/updates", {"body": text, "title": line, "author": line[:100], "tags": [line[:30]],
                                                       "sources": [{"name": line[:100], "url": "https://example.org/"}],
                                                       "keyEvent": True, "pinned": len(line) % 5 == 0})
        attacker.write("PATCH", "/stories/open", {"title": line, "summary": text, "byline": line[:100], "section": [line[:50]],
                                                  "keyPoints": [line]})
        attacker.write("PUT", "/stories/open/links/ranking", [{"title": line}])
    last = client.read("/stories/open/updates?limit=1")["updates"][0]["id"]
    watch.page.wait_for_selector(f"#u-{last}", state="attached", timeout=10_000)
    touch(watch, "the page that was open")


def check_widget(browser, client, base):
    with HostPage(f"<script src='{base}/embed.js'></script><wireroom-feed story={STORY} src='{base}'></wireroom-feed>") as host:
        watch = Watch(browser, {urlsplit(host.url).netloc, urlsplit(base).netloc})
        watch.page.goto(host.url)
        watch.page.wait_for_function("document.querySelector('wireroom-feed').shadowRoot.querySelectorAll('article').length > 5")
        touch(watch, "the widget")
    passed("a widget with attacks, on a page without a policy: it does nothing")


def check_desk(browser, client, base):
    """An editor opens what others have written."""
    watch = Watch(browser, {urlsplit(base).netloc})
    watch.page.goto(base + "/desk")
    watch.page.get_by_label("Key", exact=True).fill(ADMIN_KEY)
    watch.page.keyboard.press("Enter")
    watch.page.wait_for_selector("text=Harbour")
    touch(watch, "the desk's list")
    stories = [STORY, "open"] + [story["slug"] for story in client.read("/stories?limit=100")["stories"]][:DESK_STORIES]
    for slug in stories:
        watch.page.goto(f"{base}/desk#/stories/{slug}")
        watch.page.wait_for_timeout(400)
        touch(watch, f"the desk at {slug}")
    passed(f"the desk shows {len(stories)} stories with attacks: none of them does anything")


class HostPage:
    """A third-party front end without a Content Security Policy: it embeds the server's HTML."""

    def __init__(self, body="<main></main>", files=None):
        self.files = files or {}
        self.body = f"<!doctype html><html lang=en><meta charset=utf-8><title>Host</title>{body}".encode()

    def __enter__(self):
        body, files = self.body, self.files

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "image/png" if self.path in files else "text/html")
                self.end_headers()
                # A browser that has navigated away ignores the response.
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(files.get(self.path, body))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


SHOW = """html => {
    const main = document.querySelector("main");
    main.innerHTML = html;
    const all = [...main.querySelectorAll("*")];
    for (const element of all) for (const type of ["mouseover", "focus", "toggle", "load", "click"])
        if (type != "click" || !/^https?:/.test(element.href ?? ""))
            element.dispatchEvent(new MouseEvent(type, {bubbles: true, cancelable: true}));
    return all.map(element => [element.tagName, [...element.attributes].map(({name}) => name), element.href ?? element.src ?? ""]);
}"""


def check_html(browser, client):
    """The HTML of every update, in a page that trusts it."""
    with HostPage() as host:
        watch = Watch(browser, {urlsplit(host.url).netloc})
        watch.page.goto(host.url)
        updates = client.whole(STORY)["updates"]
        for update in updates:
            what = f"the HTML of {update['body']!r:.100}"
            for tag, names, link in watch.page.evaluate(SHOW, update["bodyHtml"]):
                check(tag in ELEMENTS, f"{what} has {tag}")
                check(set(names) <= ATTRIBUTES, f"{what} has the attributes {names}")
                check(not re.match(r"\s*(javascript|vbscript|file|data)", link, re.I), f"{what} leads to {link}")
            watch.must_be_calm(what)
        watch.page.wait_for_timeout(300)
        watch.must_be_calm("all of them")
        check(watch.page.url == host.url, f"the page has gone to {watch.page.url}")
        watch.page.evaluate(SHOW, HTML[5])
        watch.page.wait_for_timeout(300)
        check(watch.done, "an attack that was put into the page as it is was not noticed")
    passed(f"the HTML of {len(updates)} updates, put into a page without a policy and clicked: none of it does anything")


# --- the log ---


FORGED = "2026-01-01T00:00:00.000Z error forged"


def check_log(folder, form):
    folder.mkdir()
    wireroom = Wireroom(folder, settings={"WIREROOM_LOG_FORMAT": form, "WIREROOM_ACCESS_LOG": "1"})
    wireroom.start()
    try:
        client = Client(wireroom.url)
        client.must_write("POST", "/stories", {"title": "Log", "slug": "log"})
        asked = 1 + send_forgeries(client)
    finally:
        wireroom.stop()
    text = wireroom.server.log.read_bytes().decode()
    raw = [character for character in text if (ord(character) < 32 and character != "\n") or 127 <= ord(character) < 160]
    check(not raw, f"{form}: control characters in the log: {raw[:5]}")
    lines = text.splitlines()
    check(lines == text.split("\n")[:-1], f"{form}: something in the log ends lines")
    requests = [line for line in lines if is_request(line, form)]
    check(len(requests) == asked, f"{form}: {len(requests)} lines for {asked} requests")
    check(not any(line.startswith(FORGED) for line in lines), f"{form}: a line was forged")
    for secret in (ADMIN_KEY, VISITOR, "127.0.0.1"):
        check(not any(secret in line for line in requests), f"{form}: the log shows {secret!r}")
    check(len(lines) < asked + 5, f"{form}: {len(lines)} lines for {asked} requests")
    passed(f"{asked} requests that would forge it are {asked} lines of the log as {form}, without keys, visitors and addresses")


def send_forgeries(client):
    evils = [f"%0A{quote(FORGED)}", f"%0D%0A{quote(FORGED)}", "%1B%5B31m", "%22%7D%0A%7B%22level%22:%22error%22", "%00", "%E2%80%A8x",
             "\" status=200 x=\"", "%C2%9B31m", "%FF"]
    count = 0
    for evil in evils:
        evil = evil.replace(" ", "%20").replace("\"", "%22")
        for path in (f"/stories/{evil}", f"/{evil}", f"/stories?cursor={evil}"):
            client.get(path)
            count += 1
    for value in ("a\" b=\"c", "\x1b[31m", "a\tb", "{\"a\":1}", "é\xff", "x" * 300):
        headers = {name: value.encode("latin-1") for name in ("User-Agent", "Referer", "X-Request-Id", "traceparent", "X-Forwarded-For")}
        client.ask("GET", "/stories/log", headers=headers)
        count += 1
    client.ask("GET", "/stories", headers={"Authorization": f"Bearer {ADMIN_KEY}-wrong"})
    body = json.dumps({"visitor": VISITOR}).encode()
    client.ask("POST", "/stories/log/reactions/veryGood", body, {"Content-Type": "application/json"})
    client.ask("GET", f"/stories?key={quote(ADMIN_KEY)}")
    return count + 3


def is_request(line, form):
    if form == "json":
        record = json.loads(line)
        check({"time", "level", "message"} <= set(record), f"a line is no record: {line}")
        return record["message"] == "request"
    check(re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z (info|warning|error) ", line), f"a line is no record: {line!r}")
    return re.match(r"\S+ \w+ request id=", line) is not None


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name:
        folder = pathlib.Path(name)
        wireroom = Wireroom(folder)
        wireroom.start()
        try:
            client = Client(wireroom.url)
            check_writes(client)
            check_addresses(client)
            with Browser() as browser:
                check_answers(browser, client, wireroom.url)
                check_html(browser, client)
                check_front_ends(browser, client, wireroom.url)
                check_widget(browser, client, wireroom.url)
                check_desk(browser, client, wireroom.url)
        finally:
            wireroom.kill()
        for form in ("text", "json"):
            check_log(folder / form, form)


if __name__ == "__main__":
    run("Stored attacks and forged logs", main)
