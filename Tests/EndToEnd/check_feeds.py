# SPDX-License-Identifier: Apache-2.0
"""Third-party readers of feeds and linked data follow a story from its first update to its close.

JSON Feed is validated against a schema written from the specification; Atom is parsed by feedparser, its tombstones by an
XML parser; JSON-LD of the page and the file by extruct. Stored attacks stay text in all of them.
"""

import gzip
import html.parser
import json
import pathlib
import tempfile
import xml.etree.ElementTree

import extruct
import feedparser
import jsonschema_rs

from attacks import CONTROLS, HTML, MARKDOWN
from checks import check, passed, run
from wireroom import ADMIN_KEY, Client, Wireroom

STORY = "harbour"
SITE = "https://live.example.org"
SEED = pathlib.Path(__file__).resolve().parents[2] / "Samples" / "harbour-storm.txt"
SCHEMA = json.loads((pathlib.Path(__file__).parent / "json-feed-1.1.schema.json").read_text())
UPDATES = 70
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "form", "link", "meta", "base", "svg", "math", "input", "button"}


class Feeds:
    """All formats of one story, as their consumers get them."""

    def __init__(self, client, story):
        self.client = client
        self.story = story

    def body(self, name, **headers):
        answer = self.client.get(f"/stories/{self.story}/{name}", **headers)
        check(answer.status == 200, f"{name}: {answer.status} {answer.body[:300]!r}")
        return answer

    def json_feed(self, address=None):
        answer = self.client.get(address) if address else self.body("feed.json")
        check(answer.headers["Content-Type"] == "application/feed+json", f"feed.json is {answer.headers['Content-Type']}")
        faults = list(jsonschema_rs.validator_for(SCHEMA, validate_formats=True).iter_errors(answer.json))
        check(not faults, f"JSON Feed: {[f'{fault.instance_path}: {fault.message}' for fault in faults[:3]]}")
        return answer.json

    def atom(self, address=None):
        answer = self.client.get(address) if address else self.body("feed.atom")
        feed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers["Content-Type"]})
        check(not feed.bozo, f"feedparser finds fault with the Atom feed: {feed.get('bozo_exception')}")
        check(feed.version == "atom10", f"feedparser takes the Atom feed for {feed.version!r}")
        return feed, xml.etree.ElementTree.fromstring(answer.body)

    def linked_data(self):
        """Linked data of the page, as a search engine extracts it, and of the file."""
        page = self.client.get(f"/live/{self.story}", accept="text/html").body.decode()
        found = extruct.extract(page, base_url=f"{SITE}/live/{self.story}", syntaxes=["json-ld", "opengraph"])
        return found["json-ld"][0]["@graph"], found["opengraph"][0], self.body("liveblog.jsonld").json


def path(address):
    check(address.startswith(SITE + "/"), f"{address} does not begin with the public URL")
    return address.removeprefix(SITE)


def write_story(client):
    client.must_write("POST", "/stories", {
        "slug": STORY, "title": "Harbour & bridge", "summary": "What <is> known.", "byline": "Ines", "section": ["News", "Harbour"],
        "keyPoints": ["One"], "tags": ["weather"],
    })
    client.must_write("POST", f"/stories/{STORY}/updates", [{"body": f"Number *{number}*."} for number in range(UPDATES)])
    media = [
        {"type": "image", "url": "https://example.org/a.jpg", "alt": "A", "caption": "B", "credit": "C", "width": 640, "height": 480},
        {"type": "video", "url": "https://example.org/a.mp4?x=1", "alt": "V"},
        {"type": "audio", "url": "https://example.org/sound"},
        {"type": "link", "url": "https://example.org/page", "caption": "Page"},
    ]
    return client.must_write("POST", f"/stories/{STORY}/updates", {
        "title": "With <everything>", "body": "Text & *more*.", "author": "Ada", "media": media, "tags": ["storm"], "keyEvent": True,
        "pinned": True, "sources": [{"name": "Port", "url": "https://example.org/port"}],
    }).json["id"]


def check_forms(feeds, full):
    snapshot = feeds.client.whole(STORY)
    ids = [f"urn:uuid:{update['id']}" for update in snapshot["updates"]]
    document = feeds.json_feed()
    check([item["id"] for item in document["items"]] == ids[:50], "JSON Feed does not list the newest updates")
    item = document["items"][0]
    check(item["title"] == "With <everything>" and item["authors"] == [{"name": "Ada"}], f"the first item is {item}")
    kinds = {attachment["mime_type"] for attachment in item["attachments"]}
    check(kinds == {"video/mp4", "application/octet-stream"}, f"the attachments are {kinds}")
    feed, _ = feeds.atom()
    check([entry.id for entry in feed.entries] == ids[:50], "Atom does not list the newest updates")
    entry = feed.entries[0]
    check(entry.title == "With &lt;everything&gt;" or entry.title == "With <everything>", f"the first title is {entry.title!r}")
    check(entry.author == "Ada" and feed.entries[1].title == f"Number {UPDATES - 1}.", "authors or titles are missing")
    check(entry.link == f"{SITE}/live/{STORY}/{full}", f"the entry's link is {entry.link}")
    check(feeds.client.get(path(entry.link)).status == 200, "the entry's link leads nowhere")
    passed(f"JSON Feed fits its schema, feedparser reads Atom: {len(ids[:50])} of {len(ids)} updates, the newest first")
    check_walk(feeds, ids)


def check_walk(feeds, ids):
    """Following `next_url` and rel=next visits every update once."""
    found, page = [], feeds.json_feed()
    while True:
        found += [item["id"] for item in page["items"]]
        if "next_url" not in page:
            break
        page = feeds.json_feed(path(page["next_url"]))
    check(found == ids, f"the pages of JSON Feed hold {len(found)} of {len(ids)} updates")
    found, (feed, _) = [], feeds.atom()
    while True:
        found += [entry.id for entry in feed.entries]
        older = [link.href for link in feed.feed.links if link.rel == "next"]
        if not older:
            break
        feed, _ = feeds.atom(path(older[0]))
    check(found == ids, f"the pages of Atom hold {len(found)} of {len(ids)} updates")
    passed(f"the pages of both feeds hold all {len(ids)} updates, each once")


def check_linked_data(feeds, full):
    (of_page, article), graph, of_file = feeds.linked_data()
    check(article["@type"] == "NewsArticle" and article["publisher"]["logo"]["url"].endswith(".png"), f"the article is {article}")
    for data in (of_page, of_file):
        check(data["@type"] == "LiveBlogPosting" and data["headline"] == "Harbour & bridge", f"the posting is {data['@type']}")
        check(data["url"] == f"{SITE}/live/{STORY}" and data["description"] == "What <is> known.", "its members are wrong")
        first = data["liveBlogUpdate"][0]
        check(first["@type"] == "BlogPosting" and first["headline"] == "With <everything>", f"the first update is {first}")
        check(first["articleBody"] == "Text & more." and [image["url"] for image in first["image"]] == ["https://example.org/a.jpg"], f"it is {first}")
        check(first["url"] == f"{SITE}/live/{STORY}/{full}", f"its URL is {first['url']}")
    members = dict(graph["properties"])
    check(members["og:title"] == "Harbour & bridge" and members["og:url"] == f"{SITE}/live/{STORY}"
          and members["og:site_name"] == "live.example.org", f"Open Graph says {members}")
    passed("extruct reads the page's and the file's LiveBlogPosting, and the page's Open Graph")


def check_changes(client, feeds, full):
    """Edits, retractions and removals reach feed readers."""
    base = f"/stories/{STORY}/updates"
    victims = [update["id"] for update in client.read(base)["updates"][1:4]]
    before = {name: feeds.body(name).headers["ETag"] for name in ("feed.json", "feed.atom", "liveblog.jsonld")}
    for name, tag in before.items():
        check(client.get(f"/stories/{STORY}/{name}", if_none_match=tag).status == 304, f"{name} is not answered by 304")
    client.must_write("DELETE", f"{base}/{victims[0]}")
    client.must_write("POST", f"{base}/{victims[1]}/takedown", {"reason": "privacy"})
    client.must_write("POST", f"{base}/{full}/strike", {"reason": "It was <wrong>."})
    for name, tag in before.items():
        check(client.get(f"/stories/{STORY}/{name}", if_none_match=tag).status == 200, f"{name} has the tag of before")
    feed, tree = feeds.atom()
    gone = {entry.get("ref"): entry.get("when") for entry in tree.iter(TOMBSTONE)}
    check(set(gone) == {f"urn:uuid:{victim}" for victim in victims[:2]}, f"the deleted entries are {gone}")
    check(all(when.endswith("Z") and when >= feed.entries[5].published for when in gone.values()), f"they went at {gone}")
    held = {entry.id for entry in feed.entries} | {item["id"] for item in feeds.json_feed()["items"]}
    check(not held & set(gone), "what was removed is still in a feed")
    html_of = feeds.json_feed()["items"][0]["content_html"]
    check("Retracted" in html_of and "It was &lt;wrong&gt;." in html_of, f"a retraction reads {html_of!r}")
    check(feed.feed.updated >= max(gone.values()), "the feed is not newer than what was removed")
    passed("an edit changes every tag; deleted-entry tells of a deletion and a takedown; a retraction says why")


def check_coding(client):
    for name in ("feed.json", "feed.atom", "liveblog.jsonld"):
        plain = client.get(f"/stories/{STORY}/{name}")
        packed = client.get(f"/stories/{STORY}/{name}", accept_encoding="gzip")
        check(packed.headers["Content-Encoding"] == "gzip", f"{name} is not packed")
        check(gzip.decompress(packed.body) == plain.body, f"{name} is another when it is packed")
        check(packed.headers["ETag"] != plain.headers["ETag"], f"{name} has one tag for two codings")
        for accept in ("application/xml", "text/xml", "application/json", "text/html", "image/png"):
            check(client.get(f"/stories/{STORY}/{name}", accept=accept).status == 200, f"{name} is refused to {accept}")
        check(client.get(f"/stories/none/{name}").status == 404, f"{name} of no story is there")
    passed("feeds come packed for those who take it, each coding under a tag of its own")


class Elements(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def must_be_safe(text, where):
    for tag, attributes in Elements(text).found:
        check(tag not in FORBIDDEN, f"{where} holds <{tag}>: {text[:200]!r}")
        check(not any(name.startswith("on") for name in attributes), f"{where} holds a handler: {text[:200]!r}")
        for name in ("href", "src"):
            value = (attributes.get(name) or "").strip().lower()
            check(not value.startswith(("javascript:", "vbscript:", "data:text", "file:")), f"{where} leads to {value[:50]!r}")


def check_attacks(client):
    client.must_write("POST", "/stories", {"slug": "attacked", "title": HTML[1], "summary": HTML[3], "byline": HTML[4], "tags": ["]]>"]})
    feeds, taken = Feeds(client, "attacked"), 0
    for text in HTML + MARKDOWN + CONTROLS:
        line = " ".join(text.split())
        value = {"body": text, "title": line[:300], "author": line[:100], "tags": [line[:30]]}
        taken += client.write("POST", "/stories/attacked/updates", value).status == 201
    client.must_write("POST", "/stories/attacked/updates", {"body": "End of the range: \ufffe \uffff \U0010ffff."})
    document, (feed, tree) = feeds.json_feed(), feeds.atom()
    while True:
        for item in document["items"]:
            must_be_safe(item["content_html"], "JSON Feed")
        if "next_url" not in document:
            break
        document = feeds.json_feed(path(document["next_url"]))
    contents = [element.text for element in tree.iter(f"{ATOM}content")]
    check(len(contents) == len(feed.entries) == 50, f"Atom holds {len(contents)} contents")
    for text in contents:
        must_be_safe(text, "Atom")
    (of_page, _), _, of_file = feeds.linked_data()
    check(of_page["headline"] == HTML[1] and of_page["description"] == of_file["description"], "an attack has changed the page's head")
    check(len(of_page["liveBlogUpdate"]) == 25, f"the page's linked data has {len(of_page['liveBlogUpdate'])} updates")
    for mine, whole in zip(of_page["liveBlogUpdate"], of_file["liveBlogUpdate"]):
        # The page shows the whole text, so its linked data need not.
        check(whole["articleBody"].startswith(mine.pop("articleBody").removesuffix("…")), f"the page's linked data has {mine}")
        del whole["articleBody"]
        check(mine == whole, f"an attack has changed {mine}")
    passed(f"{taken} stored attacks are text in JSON Feed, Atom and JSON-LD")


def check_sample_and_close(client):
    """The feeds of the imported sample story are complete, and show its close."""
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "text/plain"}
    answer = client.ask("POST", "/import?slug=sample", SEED.read_bytes(), headers)
    check(answer.status == 201, f"the sample is not imported: {answer.body[:200]!r}")
    feeds = Feeds(client, "sample")
    document, (feed, _) = feeds.json_feed(), feeds.atom()
    check(len(document["items"]) == len(feed.entries) == answer.json["report"]["updates"], "the sample's feeds are not whole")
    check("expired" not in document, "a live story's feed has expired")
    client.must_write("PATCH", "/stories/sample", {"status": "closed"})
    check(feeds.json_feed()["expired"] is True, "a closed story's feed has not expired")
    check("coverageEndTime" in feeds.linked_data()[2], "the coverage of a closed story has no end")
    passed("the sample's feeds are whole, and its close is told")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name:
        wireroom = Wireroom(pathlib.Path(name), settings={"WIREROOM_PUBLIC_URL": SITE})
        wireroom.start()
        try:
            client = Client(wireroom.url)
            full = write_story(client)
            feeds = Feeds(client, STORY)
            check_forms(feeds, full)
            check_linked_data(feeds, full)
            check_changes(client, feeds, full)
            check_coding(client)
            check_attacks(client)
            check_sample_and_close(client)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("Feeds", main)
