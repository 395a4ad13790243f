# SPDX-License-Identifier: Apache-2.0
"""Languages: the Arabic page is the mirror of the English one, nothing is too wide on a phone, and page and widget speak the language of
the story. With a made-up catalogue, whose messages have no Latin letters, no word of theirs is left in English."""

import json
import pathlib
import re
import tempfile

from checks import check, passed, run, wait_for
from check_safety import HostPage
from desklanguages import check_languages_of_desk, check_made_up_desk
from frontends import Visit
from pages import Browser
from pictures import encoded, upload
from wireroom import Client, Wireroom

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
CATALOGUE = re.compile(rb'\{"language":"en","dir":"ltr","messages":\{.*?\}\}(?=;)', re.S)

# Where the boxes of a page begin, from the edge at which its lines begin, and how wide they are.
BOXES = """selector => {
    const isRight = document.documentElement.dir === "rtl";
    const width = document.documentElement.clientWidth;
    // What is folded has none.
    const shown = [...document.querySelectorAll(selector)].filter(element => element.getClientRects().length > 0);
    return shown.map(element => {
        const { left, right } = element.getBoundingClientRect();
        return [element.localName + "." + element.className, Math.round(isRight ? width - right : left), Math.round(right - left)];
    });
}"""
# Not the breadcrumb, which shares its line with words of our own.
BLOCKS = """#story, #story h1, .standfirst, .key-points, .key-points li, .columns, main, aside, .update, .update > header, .update h3,
    .body, .body > p, .body > ul, .body > blockquote, figure, figcaption, .retraction, .tags, #timeline, #timeline li, #links section, #feeds"""
# What is seen, or heard, of a shadow root or document: texts and labels.
TEXTS = """root => {
    const texts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === 3) texts.push(node.data);
        else for (const name of ["aria-label", "alt", "title"]) texts.push(node.getAttribute(name) ?? "");
    }
    return texts.filter(text => /[A-Za-z]/.test(text));
}"""
WIDGET = "document.querySelector('wireroom-feed').shadowRoot"

HOST = """<main style="max-width: 40rem"><script src="{base}/embed.js" async></script>
<wireroom-feed story="{story}" {attributes}></wireroom-feed></main>"""


def story(client, slug, **members):
    """A story with everything that has a box, in the same words whatever its language is."""
    # Neutral words, so that boxes differ by the words of our own alone.
    client.must_write("POST", "/stories", {
        "title": "123 456", "slug": slug, "status": "live", "summary": "1234 5678 " * 8, "section": ["1", "2"],
        "keyPoints": ["12 34", "56 78"], "source": {"name": "123", "date": "2026-11-29T10:00:00Z"}, **members,
    })
    path = f"/stories/{slug}/updates"
    picture = {"type": "image", "url": upload(client, encoded("JPEG", 640, 360, seed=slug)).json["url"], "alt": "1", "caption": "12"}
    for number in range(4):
        body = "12 34 " * 30 + "\n\n* 1\n* 2\n\n> 12 34"
        client.must_write("POST", path, {
            "title": "12 34", "body": body, "keyEvent": number == 1, "tags": ["1"], "media": [picture] if number == 2 else [],
        })
    struck = client.must_write("POST", path, {"body": "12 34"}).json["id"]
    client.must_write("POST", f"{path}/{struck}/strike", {"reason": "12"})
    client.must_write("PUT", f"/stories/{slug}/links/related", [{"title": "12 34", "url": "https://example.org/"}])


def boxes(browser, url, size):
    visit = Visit(browser, url, viewport=size)
    found = visit.page.evaluate(BOXES, BLOCKS)
    visit.must_be_well(url)
    visit.close()
    return found


def check_mirror(browser, base):
    for name, size in (("on a phone", PHONE), ("on a desktop", DESKTOP)):
        english, arabic = (boxes(browser, f"{base}/live/{slug}", size) for slug in ("english", "arabic"))
        check(len(english) > 40, f"only {len(english)} boxes are compared")
        check([box[0] for box in english] == [box[0] for box in arabic], f"{name} the pages have other boxes")
        wrong = [(left, right) for left, right in zip(english, arabic)
                 if any(abs(one - other) > 1 for one, other in zip(left[1:], right[1:]))]
        check(not wrong, f"{name} these are not mirrored (English, Arabic): {wrong[:5]}")
        passed(f"{name} each of {len(english)} boxes of the Arabic page is where the mirror of the English one has it")


def check_widths(browser, base):
    for path in ("/live/german", "/live/arabic", "/", "/live/none"):
        visit = Visit(browser, base + path, viewport=PHONE)
        width = visit.page.evaluate("document.documentElement.scrollWidth")
        check(width <= PHONE["width"], f"{path} is {width} pixels wide on a phone of {PHONE['width']}")
        visit.close()
    passed("nothing is wider than a phone, in German and Arabic")


def check_page(browser, client, base):
    visit = Visit(browser, f"{base}/live/german", viewport=PHONE)
    root = visit.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    check(root == ["de-AT", "ltr"], f"the page says that it is {root}")
    wait_for(lambda: visit.page.text_content("#connection") == "Live", 10, "the page is not live")
    visit.page.evaluate("scrollTo(0, 900)")
    client.must_write("POST", "/stories/german/updates", {"body": "12 34"})
    wait_for(lambda: visit.page.text_content("#news") == "1 neue Meldung", 10,
             lambda: f"of a new update the page says {visit.page.text_content('#news')!r}")
    times = visit.page.evaluate("[...document.querySelectorAll('.permalink time')].map(time => time.textContent)")
    check(all("gerade eben" in time or "vor" in time for time in times), f"times are {times}")
    # The story's zone is named where it is not the reader's.
    title = visit.page.get_attribute(".permalink time", "title")
    check("GMT+9" in title or "JST" in title, f"the exact time is {title}")
    visit.must_be_well("the German page")
    visit.close()
    passed("a page of a German story in Tokyo speaks German, and shows times of Tokyo")


def widget_of(browser, base, slug, attributes=""):
    return HostPage(HOST.format(base=base, story=slug, attributes=f'src="{base}" {attributes}'))


def check_widget(browser, base):
    for slug, attributes, language, dir, words in (
        ("arabic", "", "ar", "rtl", "مباشر"), ("english", "", "en", "ltr", "Live"), ("arabic", "lang=ja", "ja", "ltr", "ライブ"),
        ("english", "lang=zh-TW", "en", "ltr", "Live"),
    ):
        with widget_of(browser, base, slug, attributes) as host:
            visit = Visit(browser, host.url)
            wait_for(lambda: visit.page.evaluate(f"{WIDGET}?.querySelector('.status')?.textContent") == words, 10,
                     f"the widget of {slug} {attributes} does not say {words}")
            root = visit.page.evaluate(f"(feed => [feed.lang, feed.dir])({WIDGET}.firstElementChild)")
            check(root == [language, dir], f"the widget of {slug} {attributes} is {root}")
            visit.close()
    passed("a widget speaks the language of its story, or the one that its page asks for, if there is a catalogue")


def made_up(script):
    """A script whose messages have Greek letters for Latin ones."""
    def greek(message):
        if isinstance(message, dict):
            return {form: greek(text) for form, text in message.items()}
        return "".join(part if part.startswith("{") else re.sub("[A-Za-z]", "λ", part) for part in re.split(r"(\{\w+\})", message))

    found = CATALOGUE.search(script)
    check(found is not None, "a script has no catalogue")
    catalogue = json.loads(found[0])
    catalogue["messages"] = {key: greek(message) for key, message in catalogue["messages"].items()}
    return script.replace(found[0], json.dumps(catalogue).encode())


def check_made_up(browser, client, base):
    with widget_of(browser, base, "english", "lang=en") as host:
        visit = Visit(browser, "about:blank")
        script = made_up(client.get("/embed.js").body)
        visit.page.route("**/embed.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
        visit.page.route("**/words/**", lambda route: route.abort())
        visit.page.goto(host.url)
        wait_for(lambda: visit.page.evaluate(f"{WIDGET}?.querySelectorAll('article').length") > 4, 10, "the widget has no updates")
        # Dates have the names of months, and the server's messages come later.
        visit.page.evaluate(f"for (const time of {WIDGET}.querySelectorAll('time')) time.remove()")
        left = visit.page.evaluate(f"({TEXTS})({WIDGET})")
        check(not left, f"the widget has words that are in no catalogue: {left[:5]}")
        visit.close()
    passed("the widget has no word that is in no catalogue")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as folder:
        wireroom = Wireroom(pathlib.Path(folder))
        wireroom.start()
        try:
            client = Client(wireroom.url)
            story(client, "english", language="en")
            story(client, "arabic", language="ar")
            story(client, "german", language="de-AT", timeZone="Asia/Tokyo")
            with Browser() as browser:
                check_mirror(browser, wireroom.url)
                check_widths(browser, wireroom.url)
                check_page(browser, client, wireroom.url)
                check_widget(browser, wireroom.url)
                check_made_up(browser, client, wireroom.url)
                id = client.get("/stories/english").json["id"]
                check_languages_of_desk(browser, wireroom.url, id)
                check_made_up_desk(browser, wireroom.url, id, made_up, TEXTS)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("Languages", main)
