# SPDX-License-Identifier: Apache-2.0
"""The reader's page for everybody: by axe, light and dark, on phone and desktop; at 400 percent, in forced colours, without motion;
on slow lines, by what it weighs; with five thousand updates."""

import pathlib
import random
import tempfile

from accessibility import check_access, check_sight
from checks import check, passed, run
from frontends import Visit
from newsroom import STORY, Newsroom
from pages import Browser
from wireroom import ADMIN_KEY, Client, Wireroom

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "Samples" / "harbour-storm.txt"
MANY = 5_000
MOST_PAGE_BYTES = 40 * 1024
FRAME_MILLISECONDS = 1000 / 60
# Ratio of frame times at the end and the beginning of a long page; absolute times depend on the machine.
MOST_SLOWER = 3


def write_of_every_kind(newsroom, base):
    """Updates of every kind, so that axe sees them."""
    picture = {"type": "image", "url": f"{base}/none.png", "alt": "A", "caption": "B", "credit": "C", "width": 64, "height": 48}
    newsroom.post("Fresh words.", title="Fresh", author="Ada", media=[picture, {"type": "link", "url": "https://example.org/x", "caption": "More"}],
                  tags=["sea", "wind"], sources=[{"name": "Port", "url": "https://example.org/"}], occurredAt="2026-11-01T09:00:00Z")
    first, second, third = newsroom.newest(3)
    newsroom.edit(first, body="Edited **words**.")
    newsroom.client.must_write("POST", f"{newsroom.path}/updates/{second}/strike", {"reason": "It was wrong."})
    newsroom.edit(third, pinned=True, keyEvent=True, title="A turn")
    newsroom.links("ranking", "A", "B")


def check_weight(client, browser, base):
    """Transfer size of the sample page with fifty updates of typical length. Its words are shuffled, so that repetition
    does not help compression."""
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "text/plain"}
    client.ask("POST", "/import?slug=weight", SAMPLE.read_bytes(), headers)
    texts = [update["body"] for update in client.whole("weight")["updates"]]
    words, chance = " ".join(texts).split(), random.Random(1)
    length = len(words) // len(texts)
    client.must_write("POST", "/stories/weight/updates", [
        {"body": " ".join(chance.choices(words, k=length)), "title": " ".join(chance.choices(words, k=7))}
        for _ in range(50 - len(texts))
    ])
    visit = Visit(browser, f"{base}/live/weight")
    visit.page.wait_for_timeout(500)
    check(visit.page.locator("article.update").count() == 50, "the page has not fifty updates")
    files = [url for url in visit.requests if "/stories/" not in url]
    sizes = {url.removeprefix(base): len(client.get(url.removeprefix(base), accept_encoding="gzip").body) for url in files}
    total = sum(sizes.values())
    check(total <= MOST_PAGE_BYTES, f"the page weighs {total} bytes as gzip: {sizes}")
    visit.close()
    bare = Visit(browser, "about:blank")
    bare.page.route("**/assets/**", lambda route: route.abort())
    bare.page.goto(f"{base}/live/weight")
    style = bare.page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize")
    check(float(style.removesuffix("px")) > 20 and bare.page.locator("link[rel=stylesheet]").count() == 0, "it is not painted by itself")
    bare.close()
    passed(f"with fifty updates it weighs {total / 1024:.1f} KiB as gzip in {len(sizes)} files, and is painted without the second")


SCROLL = """async () => {
    const frames = [];
    let last = performance.now(), quiet = 0, height = 0;
    while (quiet < 90) {
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        frames.push(now - last);
        last = now;
        scrollBy({top: 1000, behavior: "instant"});
        const present = document.documentElement.scrollHeight;
        quiet = present == height && scrollY + innerHeight >= present - 2 ? quiet + 1 : 0;
        height = present;
    }
    const middle = part => part.sort((a, b) => a - b)[part.length >> 1];
    const fifth = Math.floor((frames.length - quiet) / 5);
    return [frames.length, middle(frames.slice(0, fifth)), middle(frames.slice(4 * fifth, 5 * fifth))];
}"""


def check_many(client, browser, base):
    client.must_write("POST", "/stories", {"slug": "many", "title": "Many"})
    for start in range(0, MANY, 500):
        client.must_write("POST", "/stories/many/updates", [
            {"body": f"Number {number}. {'Something has happened. ' * (number % 7 + 1)}"} for number in range(start, start + 500)
        ])
    visit = Visit(browser, f"{base}/live/many")
    visit.page.set_default_timeout(120_000)
    count, first, last = visit.page.evaluate(SCROLL)
    shown = visit.page.locator("#updates article").count()
    check(shown == MANY, f"{shown} of {MANY} updates were scrolled by")
    check(last <= MOST_SLOWER * max(first, FRAME_MILLISECONDS), f"frames took {first:.0f} ms at the beginning, {last:.0f} ms at the end")
    visit.must_be_well("five thousand updates")
    visit.close()
    passed(f"{MANY} updates scrolled through in {count} frames, of {first:.0f} ms at the beginning and {last:.0f} ms at the end")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        try:
            client, base = Client(wireroom.url), wireroom.url
            newsroom = Newsroom(client)
            newsroom.open()
            write_of_every_kind(newsroom, base)
            check_access(browser, f"{base}/live/{STORY}", base)
            check_sight(browser, f"{base}/live/{STORY}", base)
            check_weight(client, browser, base)
            check_many(client, browser, base)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("The reader's page for everybody", main)
