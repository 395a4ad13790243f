# SPDX-License-Identifier: Apache-2.0
"""Regression tests of reported faults, each by the request that revealed it.

Each case has stories of its own. All cases run, also after one that fails, so that a run against an older binary shows which of
them it has.
"""

import json
import pathlib
import re
import tempfile
import time

from checks import Failure, check, passed, run
from newsdesk import Desk
from wireroom import Client, Wireroom

SITE = "https://news.example"
CASES = []


def case(description):
    """Registers a test function of a `Desk` under the description of the fault that must not recur."""

    def register(body):
        CASES.append((description, body))
        return body

    return register


def equal(found, wanted, what):
    check(found == wanted, f"{what}: {found!r}, not {wanted!r}")


@case("titles, cards, feeds and the timeline state a retracted update as fact")
def retraction(desk):
    story = desk.story()
    update = desk.update(story, "The mayor has died.", title="Mayor dead", keyEvent=True)["id"]
    desk.client.must_write("POST", f"/stories/{story}/updates/{update}/strike", {"reason": "The mayor is alive."})
    wanted = "Retracted: Mayor dead"
    equal(re.findall("<title>([^<]*)", desk.text(f"/stories/{story}/feed.atom"))[-1], wanted, "Atom's title")
    equal(json.loads(desk.text(f"/stories/{story}/feed.json"))["items"][0]["title"], wanted, "JSON Feed's title")
    equal(desk.postings(story)[0]["headline"], wanted, "the headline of JSON-LD")
    page = desk.text(f"/live/{story}/{update}")
    check(f"<title>{wanted}" in page, "the permalink's title is not that of a retraction")
    equal(re.findall('og:title" content="([^"]*)', page), [wanted], "the card's title")
    description = re.findall('(?:name="|og:)description" content="([^"]*)', page)
    check(description, "the permalink has no description")
    check(all("has died" not in text or text.startswith("Retracted") for text in description), f"{description}")
    timeline = re.search('id="timeline".*?</nav>', desk.text(f"/live/{story}"), re.S)[0]
    check("Retracted" in timeline and "<s>" in timeline, f"the timeline: {timeline}")


@case("text in angle brackets vanishes")
def raw_html(desk):
    text = "Statement from <name withheld> of <Ministry>: no comment. Use <code> here. <!-- todo --> <?php ?>"
    html = desk.post_text("/preview", text, "text/markdown").json["bodyHtml"]
    for shown in ("&lt;name withheld&gt;", "&lt;Ministry&gt;", "&lt;code&gt;", "&lt;!-- todo --&gt;", "&lt;?php"):
        check(shown in html, f"{shown} is not shown: {html}")


@case("an update of which readers see nothing is accepted, or its text is dropped")
def blank(desk):
    story = desk.story()
    embed = '<blockquote class="twitter-tweet">x</blockquote><script src=y></script>'
    for body in ("&nbsp;", "\u200b", "<iframe src=x></iframe>", embed):
        equal(desk.status(story, body), 422, f"POST of {body!r}")
        equal(desk.status(story, body, state="draft"), 422, f"POST of the draft {body!r}")
    for body in ("[Update]: https://example.org", "<b></b>"):
        check(re.sub("<[^>]*>", "", desk.html(body)).strip(), f"{body!r} shows nothing")
    answer = desk.client.write("POST", f"/stories/{story}/updates", {"body": "<iframe src=x></iframe>"})
    check("embed code" in answer.json["detail"], answer.json["detail"])


@case("a new slug breaks every address of the story")
def slug(desk):
    story = desk.story()
    desk.client.must_write("PATCH", f"/stories/{story}", {"slug": f"{story}-new"})
    moved = desk.client.get(f"/live/{story}")
    equal((moved.status, moved.headers["Location"]), (308, f"/live/{story}-new"), "the page's former address")
    for path in (f"/stories/{story}", f"/stories/{story}/updates", f"/stories/{story}/links"):
        equal(desk.client.get(path).status, 200, path)
    taken = desk.client.write("POST", "/stories", {"slug": story, "title": "Another"})
    equal(taken.status, 409, "a former slug taken by another story")


@case("relative addresses in bodies lead elsewhere in feeds and on other sites")
def relative(desk):
    story = desk.story()
    html = desk.update(story, "See [more](/live/x), ![p](/p.jpg), said[^1].\n\n[^1]: Reuters")["bodyHtml"]
    item = json.loads(desk.text(f"/stories/{story}/feed.json"))["items"][0]["content_html"]
    for face in (html, item):
        equal(re.findall('(?:href|src)="([^"]*)', face), [f"{SITE}/live/x", f"{SITE}/p.jpg"], "addresses")
        check("[^1]: Reuters" in face, f"the footnote is lost: {face}")


@case("an import loses a date without a word")
def import_date(desk):
    page = "Current:Home > CoastStorm\nStorm\nView\nDate:2026-02-14 18:42:07\nLead.\n___\nOne.\n"
    report = desk.post_text("/import?slug=import-date", page).json["report"]
    equal([warning["line"] for warning in report["warnings"]], [4], "lines with warnings")


@case("an invisible character refuses a whole import")
def import_invisible(desk):
    for name, page, line in (
        ("zero-width", "Current:Home > XT -S\nT\n___\nOne.\n___\n\u200b\n___\nTwo.\n", 5),
        ("control", "Current:Home > XT -S\nT\n___\nOne\x0btwo.\n", 4),
    ):
        answer = desk.post_text(f"/import?slug=import-{name}", page)
        equal(answer.status, 201, name)
        equal([warning["line"] for warning in answer.json["report"]["warnings"]], [line], f"{name}: lines with warnings")


@case("an update that is a picture has no name")
def picture(desk):
    story = desk.story()
    desk.update(story, "![The bridge at dawn](https://example.org/b.jpg)")
    name = "The bridge at dawn"
    equal(re.findall("<title>([^<]*)", desk.text(f"/stories/{story}/feed.atom"))[-1], name, "Atom's title")
    equal((desk.postings(story)[0]["headline"], desk.postings(story)[0]["articleBody"]), (name, name), "JSON-LD")
    desk.update(story, "```\ncode\n```")
    check(all(posting["headline"] for posting in desk.postings(story)), "code has no headline")


@case("every story claims to be English and runs left to right")
def language(desk):
    story = desk.story(title="مباشر: انفجار في ميناء بيروت!")
    desk.update(story, "انفجار")
    check(re.search('<h1 dir="auto" lang="">', desk.text(f"/live/{story}")), "the title has no direction of its own")
    check('xml:lang="en"' not in desk.text(f"/stories/{story}/feed.atom"), "Atom claims English")
    check("language" not in json.loads(desk.text(f"/stories/{story}/feed.json")), "JSON Feed claims a language")


@case("--origins takes what no browser sends")
def origins(desk):
    refused = ("https://news.example/", "https://News.Example", "news.example", "https://news.example:443")
    for number, origin in enumerate(refused):
        server = Wireroom(desk.folder, desk.folder / f"origins-{number}.db", settings={"WIREROOM_ORIGINS": origin})
        try:
            server.start()
        except Failure as refusal:
            check("--origins" in str(refusal), f"{origin}: {refusal}")
            continue
        try:
            answer = Client(server.url).get("/stories", Origin="https://news.example")
            check(answer.headers["Access-Control-Allow-Origin"], f"{origin} is accepted and matches nothing")
        finally:
            server.kill()


@case("headings in a body rival those of the page")
def headings(desk):
    equal(re.findall("<(h[1-6])>", desk.html("# A\n\n## B\n\n### C\n\n#### D")), ["h4", "h5", "h6", "h6"], "headings")


@case("slugs lose letters")
def slug_letters(desk):
    for title, wanted in {
        "Straße": "strasse", "Œuvre": "oeuvre", "Ærø": "aero", "Þór": "thor", "Iğdır": "igdir", "ﬁnal": "final",
        "Nach\u00adrichten": "nachrichten", "hawaiʻi": "hawaii", "Ｗｉｄｅ": "wide",
    }.items():
        equal(desk.client.must_write("POST", "/stories", {"title": title}).json["slug"], wanted, title)


@case("short forms of texts are cut at the wrong place")
def short_forms(desk):
    story = desk.story()
    for body in ("快讯 " + "中" * 150, "x" * 109 + "🇩🇪🇫🇷", "# Goal!\n\nReds 1–0 up.", "a  \nb", "One.\n\nTwo."):
        desk.update(story, body)
    two, broken, goal, flags, news = desk.postings(story)
    equal([posting["headline"] for posting in (two, broken, goal)], ["One. Two.", "a b", "Goal! Reds 1–0 up."], "headlines")
    equal([posting["articleBody"] for posting in (two, broken)], ["One.\n\nTwo.", "a\nb"], "texts")
    check(len(news["headline"]) > 60, f"cut at the only space: {news['headline']}")
    check(sum(letter in "🇩🇪🇫🇷" for letter in flags["headline"]) % 2 == 0, f"half a flag is left: {flags['headline'][-4:]}")


@case("coverage ends again when a closed story is corrected")
def coverage(desk):
    story = desk.story()
    update = desk.update(story, "x")["id"]
    desk.client.must_write("PATCH", f"/stories/{story}", {"status": "closed"})
    ended = desk.coverage_end(story)
    time.sleep(0.1)
    desk.client.must_write("PATCH", f"/stories/{story}/updates/{update}", {"body": "x."})
    equal(desk.coverage_end(story), ended, "the end of coverage after a correction")


@case("pictures are rendered that the page's own policy blocks")
def data_pictures(desk):
    html = desk.html("![A chart][i] and text\n\n[i]: <data:image/png;base64,iVBORw0KGgo=>")
    check("data:" not in re.sub(">[^<]*<", "><", html) and "A chart" in html, html)


@case("a request body with an unknown content coding is taken for what it is not")
def content_coding(desk):
    story = desk.story()
    for coding in ("gzip", "br", "zstd"):
        answer = desk.client.write("POST", f"/stories/{story}/updates", {"body": "a"}, Content_Encoding=coding)
        equal((answer.status, answer.headers["Accept-Encoding"]), (415, "identity"), coding)


@case("addresses that no browser can follow are accepted")
def addresses(desk):
    story = desk.story()
    for url in ("https://x.org:99999/", "https://x.org:abc/", "https://[bad/x", "https://x..org/"):
        equal(desk.status(story, "m", media=[{"type": "link", "url": url}]), 422, url)


@case("followers of a closed story are told to stop")
def closed(desk):
    story = desk.story(status="closed")
    equal(desk.client.read(f"/stories/{story}/updates")["pollAfter"], 300, "pollAfter of a closed story")


@case("plain text is read as Markdown")
def plain_text(desk):
    answer = desk.post_text(f"/stories/{desk.story()}/updates", "# not a heading\n  *two*\n<b>")
    html = answer.json["bodyHtml"]
    check("<h" not in html and "<em>" not in html and html.count("<br") == 2 and "&lt;b&gt;" in html, html)


@case("line breaks, bare addresses, tables and strikethrough are not what editors typed")
def github_markdown(desk):
    for body, wanted in {
        "A\nB": "<br", "See https://example.org/x.": '<a href="https://example.org/x">', "~~gone~~": "<del>gone</del>",
        "|a|b|\n|-|-|\n|1|2|": "<td>1</td>", "- [x] done": 'type="checkbox"',
    }.items():
        check(wanted in desk.html(body), f"{body!r} is {desk.html(body)!r}")


@case("a feed is refused to those who accept its plainer media type")
def feed_types(desk):
    story = desk.story()
    for name, media in (
        ("feed.atom", "application/xml"),
        ("feed.atom", "text/xml"),
        ("feed.json", "application/json"),
        ("liveblog.jsonld", "application/json"),
    ):
        equal(desk.client.get(f"/stories/{story}/{name}", Accept=media).status, 200, f"{name} as {media}")


@case("a stream ignores the last event that polyfills send in the query")
def last_event(desk):
    story = desk.story()
    cursor = desk.client.read(f"/stories/{story}/updates")["cursor"]
    desk.update(story, "In the gap.")
    for name in ("lastEventId", "evs_last_event_id"):
        desk.impatient.stream_until(f"/stories/{story}/stream?{name}={cursor}", b'data: {"op":"put"')


@case("the slug of a deleted story goes to the next story without Latin letters")
def freed_slug(desk):
    title = {"title": "عاجل"}
    first, second = (desk.client.must_write("POST", "/stories", title).json["slug"] for _ in range(2))
    desk.client.must_write("DELETE", f"/stories/{second}")
    third = desk.client.must_write("POST", "/stories", title).json["slug"]
    check(len({first, second, third}) == 3, f"{first}, {second} and {third}")


@case("key events without a title have no name")
def key_events(desk):
    story = desk.story()
    desk.update(story, "First words of it.", keyEvent=True)
    timeline = re.search('id="timeline".*?</nav>', desk.text(f"/live/{story}"), re.S)[0]
    check(">First words of it.<" in timeline, timeline)


@case("a misspelled parameter is ignored")
def parameters(desk):
    answer = desk.client.get(f"/stories/{desk.story()}/updates?curser=1")
    equal(answer.status, 400, "?curser=")
    check('did you mean "cursor"' in answer.json["detail"], answer.json["detail"])


@case("a path with a slash at its end is not found")
def slashes(desk):
    story = desk.story()
    for path in (f"/live/{story}", "/desk", "/metrics"):
        answer = desk.client.get(f"{path}/", Accept="text/html")
        equal((answer.status, answer.headers["Location"]), (308, path), f"{path}/")


@case("linked data names no publisher")
def publisher(desk):
    story = desk.story()
    desk.update(story, "x")
    linked = json.loads(desk.text(f"/stories/{story}/liveblog.jsonld"))
    equal(linked.get("publisher", {}).get("@type"), "Organization", "the publisher")


@case("spellings of a tag are different tags")
def tags(desk):
    story = desk.story()
    desk.update(story, "One", tags=[" lead", "Storm"])
    desk.update(story, "Two", tags=["storm", "e\u0301"])
    for tag, count in {"storm": 2, "Storm": 2, "lead": 1, "%C3%A9": 1}.items():
        equal(len(desk.client.read(f"/stories/{story}/updates?tag={tag}")["updates"]), count, f"updates with {tag}")


@case("a wrong offset of the publication time breaks an embargo")
def embargo(desk):
    equal(desk.status(desk.story(), "x", state="scheduled", publishAt="2020-01-01T00:00:00Z"), 422, "a time that has passed")


@case("an unsafe link leads to the page itself")
def unsafe_links(desk):
    check("href" not in desk.html("[x](javascript:alert(1))"), desk.html("[x](javascript:alert(1))"))


@case("a byte order mark stays in a body")
def byte_order_mark(desk):
    story = desk.story()
    equal(desk.post_text(f"/stories/{story}/updates", "\ufeffHello", "text/markdown").json["body"], "Hello", "the body")


@case("a preflight refuses fields that polyfills and tracing send")
def preflight(desk):
    allowed = desk.client.ask("OPTIONS", "/stories", headers={
        "Origin": "https://x.example", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "traceparent"})
    fields = (allowed.headers["Access-Control-Allow-Headers"] or "").lower()
    check("traceparent" in fields and "cache-control" in fields, fields)


@case("an HTML file sent as text becomes a story")
def html_import(desk):
    page = "<!DOCTYPE html><html><body><h1>X</h1></body></html>"
    equal(desk.post_text("/import?slug=import-html", page).status, 415, "the import")


@case("deleting an update destroys it at once")
def bin_(desk):
    story = desk.story()
    update = desk.update(story, "x")["id"]
    desk.client.must_write("DELETE", f"/stories/{story}/updates/{update}")
    equal(desk.client.write("GET", f"/stories/{story}/updates/{update}/revisions").status, 200, "revisions after it")
    desk.client.must_write("POST", f"/stories/{story}/updates/{update}/restore")
    equal(len(desk.client.read(f"/stories/{story}/updates")["updates"]), 1, "updates after it was restored")


@case("reactions cannot be switched off")
def reactions(desk):
    server = Wireroom(desk.folder, desk.folder / "reactions.db", settings={"WIREROOM_REACTIONS": "none"})
    server.start()
    try:
        other = Desk(server.url, desk.folder)
        story = other.story()
        other.update(story, "x")
        check('class="react"' not in other.text(f"/live/{story}"), "the page has buttons")
    finally:
        server.kill()


def main():
    failures = []
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name:
        folder = pathlib.Path(name)
        wireroom = Wireroom(folder, settings={"WIREROOM_PUBLIC_URL": SITE})
        wireroom.start()
        try:
            desk = Desk(wireroom.url, folder)
            for description, body in CASES:
                try:
                    body(desk)
                except (Failure, KeyError, IndexError, OSError, TypeError, ValueError) as failure:
                    failures.append(description)
                    print(f"  FAIL  {description}\n        {str(failure)[:400]}", flush=True)
        finally:
            wireroom.kill()
    check(not failures, f"{len(failures)} of {len(CASES)} reported faults are there again")
    passed(f"none of {len(CASES)} reported faults is there again")


if __name__ == "__main__":
    run("Reported faults", main)
