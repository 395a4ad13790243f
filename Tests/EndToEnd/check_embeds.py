# SPDX-License-Identifier: Apache-2.0
"""Cards, and content of third parties with consent: a browser whose every request to another host is counted."""

import contextlib
import pathlib
import tempfile
from urllib.parse import urlsplit

from check_safety import HostPage
from checks import check, passed, run, wait_for
from frontends import comes, must_be_accessible, settle
from pages import Browser
from samplepictures import png
from wireroom import Client, Wireroom

STORY = "harbour"
MAP = "https://www.openstreetmap.org/#map=12/53.55/9.99"
OTHER_MAP = "https://www.openstreetmap.org/#map=9/48.1/11.6"
FEED_TITLE = "Storm &amp; tide"
POST = "https://www.instagram.com/p/C1a-b_/"
# Of neither are texts looked up, so that nothing here asks a third party.
MAPS, POSTS = "www.openstreetmap.org", "www.instagram.com"

PAGE = """<title>Title</title><meta property="og:title" content="Storm &amp; tide"><meta property="og:site_name" content="The Paper">
<meta property="og:description" content="It <b>rises</b>."><meta property="og:image" content="/storm.png">"""
PICTURES = {"/storm.png": png(1_200, 630)}

SHIFTS = """() => { window.shifts = []; new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({type: "layout-shift", buffered: true}); }"""
BOXES = """() => [...document.querySelectorAll(".card, .frame, article")].map(element => {
    const { top, height } = element.getBoundingClientRect();
    return [element.className, Math.round(top + scrollY), Math.round(height)];
})"""


class Reader:
    """A browser profile that answers for all third parties, and counts what they are asked."""

    def __init__(self, browser, *own, **settings):
        self.context = browser.browser.new_context(**settings)
        self.asked, self.errors = [], []
        own = [urlsplit(url).netloc for url in own]

        def answer(route):
            host = urlsplit(route.request.url).netloc
            if host in own or route.request.url.startswith(("blob:", "data:")):
                return route.continue_()
            self.asked.append(host)
            return route.fulfill(content_type="text/html", body=f"<!doctype html><html lang=en><title>x</title><main><h1>{host}</h1></main>")

        self.context.route("**/*", answer)

    def open(self, url):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.goto(url)
        return page

    def must_ask(self, page):
        # Requests are answered while the browser is waited for.
        wait_for(lambda: page.wait_for_timeout(50) or self.asked, 5, "a frame is shown without its content")

    def remembered(self):
        items = [item for origin in self.context.storage_state()["origins"] for item in origin["localStorage"]]
        return [item["value"] for item in items if item["name"] == "wireroom.embeds"]

    def close(self):
        check(not self.errors, f"the page complains: {self.errors[:3]}")
        self.context.close()


def buttons(page, name):
    return page.get_by_role("button", name=name)


def asks(page, provider="OpenStreetMap", count=1):
    wait_for(lambda: buttons(page, f"Show content of {provider}").count() == count, 10,
             lambda: f"{provider} is asked for {buttons(page, f'Show content of {provider}').count()} times, not {count}")


def shows(page, provider="OpenStreetMap", count=1):
    wait_for(lambda: page.locator(f".frame[data-provider='{provider}'] iframe").count() == count, 10,
             lambda: f"{page.locator('iframe').count()} frames are shown, not {count} of {provider}")


def look_around(page):
    """Scrolls through the page, as frames and pictures are loaded lazily."""
    for height in range(0, page.evaluate("document.documentElement.scrollHeight"), 500):
        page.evaluate(f"scrollTo(0, {height})")
        page.wait_for_timeout(60)
    page.evaluate("scrollTo(0, 0)")


def check_nothing_before(browser, base, url):
    for settings in ({}, {"java_script_enabled": False}):
        reader = Reader(browser, base, **settings)
        page = reader.open(url)
        if not settings:
            asks(page)
            asks(page, "Instagram")
        look_around(page)
        check(not reader.asked, f"before consent {set(reader.asked)} are asked")
        link = page.locator(f".card a[href='{MAP}']")
        check(link.is_visible() and page.locator(".card .from", has_text="OpenStreetMap").is_visible(), "there is no link with its provider")
        check(page.get_by_text("Storm & tide").is_visible() and page.get_by_text("It <b>rises</b>.").is_visible(), "a page has no texts")
        hidden = page.locator(".frame:visible").count() == 0
        check(hidden == bool(settings), f"frames are {'hidden' if hidden else 'shown'} with {settings or 'a script'}")
        reader.close()
    passed("with and without a script nothing is asked of third parties, and cards are links with their texts")


THUMBNAILS = """root => [...root.querySelectorAll(".card img")].map(image => ({
    src: image.getAttribute("src"), alt: image.alt, loading: image.loading, natural: image.naturalWidth,
    width: image.width, height: image.height, given: [image.getAttribute("width"), image.getAttribute("height")],
}))"""


def must_have_thumbnail(found, path, where):
    check(len(found) == 1, f"{where} there are {len(found)} thumbnails")
    image = found[0]
    check(urlsplit(image["src"]).path == f"{path}/320.webp" and image["natural"] == 320, f"{where} the thumbnail is {image}")
    check(image["alt"] == "" and image["loading"] == "lazy" and image["given"] == ["640", "336"], f"{where} the thumbnail is {image}")
    check(abs(image["width"] / image["height"] - 16 / 9) < 0.05, f"{where} the thumbnail is {image['width']} × {image['height']}")


def check_thumbnails(browser, client, base, url):
    cards = [card for update in client.read(f"/stories/{STORY}/updates")["updates"] for card in update["cards"] if card["thumbnail"]]
    check(len(cards) == 1 and cards[0]["title"] == "Storm & tide", f"{len(cards)} cards have a thumbnail")
    path = cards[0]["thumbnail"]
    for settings in ({}, {"java_script_enabled": False}, {"viewport": {"width": 360, "height": 740}}):
        reader = Reader(browser, base, **settings)
        page = reader.open(url)
        if "java_script_enabled" not in settings:
            page.evaluate(SHIFTS)
        look_around(page)
        page.wait_for_timeout(300)
        must_have_thumbnail(page.locator("body").evaluate(THUMBNAILS), path, f"with {settings}")
        check("java_script_enabled" in settings or sum(page.evaluate("shifts")) == 0, "a thumbnail moves what is below")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(wide <= 0 and not reader.asked, f"the page is {wide} px too wide, and asks {reader.asked}")
        reader.close()
    tags = f'<main><h1>Host</h1><script src="{base}/embed.js" async></script><wireroom-feed story="{STORY}" src="{base}"></wireroom-feed></main>'
    with HostPage(tags) as host:
        reader = Reader(browser, base, host.url)
        page = reader.open(host.url)
        image = page.locator("wireroom-feed .card img")
        wait_for(lambda: image.count() == 1, 10, "the widget has no thumbnail")
        image.scroll_into_view_if_needed()
        wait_for(lambda: page.wait_for_timeout(50) or image.evaluate("image => image.naturalWidth") == 320, 10, "the widget does not load it")
        must_have_thumbnail(page.locator("wireroom-feed").evaluate(f"widget => ({THUMBNAILS})(widget.shadowRoot)"), path, "in the widget")
        check(image.get_attribute("src").startswith(base) and not reader.asked, f"the widget asks {reader.asked}")
        reader.close()
    passed("thumbnails come from this server, in a small file and with their size, also without a script and in the widget")


def check_consent(browser, client, base, url):
    reader = Reader(browser, base)
    page = reader.open(url)
    page.evaluate(SHIFTS)
    asks(page)
    page.wait_for_timeout(300)
    before = page.evaluate(BOXES)
    buttons(page, "Show content of OpenStreetMap").click()
    shows(page)
    reader.must_ask(page)
    check(set(reader.asked) == {MAPS}, f"consent to maps asks {set(reader.asked)}")
    frame = page.locator("iframe")
    found = {name: frame.get_attribute(name) for name in ("sandbox", "referrerpolicy", "loading", "title", "src")}
    check(found["sandbox"] == "allow-scripts allow-same-origin allow-popups allow-presentation"
          and found["referrerpolicy"] == "strict-origin-when-cross-origin" and found["loading"] == "lazy"
          and "OpenStreetMap" in found["title"] and found["src"].startswith(f"https://{MAPS}/export/embed.html?"), f"the frame is {found}")
    check(page.frame_locator("iframe").get_by_role("heading", name=MAPS).is_visible(), "the policy of the page hides the frame")
    check(page.evaluate("document.activeElement.localName") == "iframe", "the focus is lost")
    page.wait_for_timeout(500)
    check(page.evaluate(BOXES) == before, "something has moved")
    check(sum(page.evaluate("shifts")) == 0, f"layout shifts of {page.evaluate('shifts')}")
    check(reader.remembered() == [], f"it is remembered without being wished: {reader.remembered()}")
    # An edit of the update leaves the frame alone.
    frame.evaluate("frame => { frame.isOld = true; }")
    update = page.locator("article", has=frame).get_attribute("data-id")
    client.must_write("PATCH", f"/stories/{STORY}/updates/{update}", {"title": "Where it is"})
    comes(page, "Where it is")
    check(page.locator("iframe").evaluate("frame => frame.isOld === true"), "an edit loads the frame anew")
    page.reload()
    asks(page)
    check(page.locator("iframe").count() == 0, "consent for once is remembered")
    reader.close()
    passed("a press shows that content only, nothing moves (CLS 0), an edit leaves it, and a reload asks again")


def check_memory(browser, base, url):
    reader = Reader(browser, base)
    page = reader.open(url)
    asks(page)
    page.get_by_label("Always show content of OpenStreetMap").check()
    buttons(page, "Show content of OpenStreetMap").click()
    shows(page)
    check(reader.remembered() == ['["OpenStreetMap"]'], f"what is remembered is {reader.remembered()}")
    reader.asked.clear()
    other = reader.open(url)
    shows(other)
    asks(other, "Instagram")
    look_around(other)
    check(set(reader.asked) == {MAPS}, f"what is remembered for maps asks {set(reader.asked)}")
    buttons(other, "Stop showing content of OpenStreetMap").click()
    asks(other)
    check(other.evaluate("document.activeElement.textContent") == "Show content of OpenStreetMap", "the focus is lost")
    asks(page)
    check(page.locator("iframe").count() == 0, "another window still shows what was withdrawn")
    reader.asked.clear()
    other.reload()
    asks(other)
    look_around(other)
    check(not reader.asked, f"after the withdrawal {set(reader.asked)} are asked")
    check(reader.remembered() == [], f"something is still remembered: {reader.remembered()}")
    reader.close()
    passed("consent is remembered for one provider, in all windows, and withdrawn in all")


def check_arrivals(browser, client, base, url):
    """Cards of updates that are written while the page is open."""
    reader = Reader(browser, base)
    page = reader.open(url)
    asks(page)
    page.get_by_label("Always show content of OpenStreetMap").check()
    buttons(page, "Show content of OpenStreetMap").click()
    shows(page)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(200)
    made = client.must_write("POST", f"/stories/{STORY}/updates", {"body": f"Also there:\n\n{OTHER_MAP}"}).json
    comes(page, "Also there:")
    shows(page, count=2)
    client.must_write("DELETE", f"/stories/{STORY}/updates/{made['id']}")
    shows(page)
    buttons(page, "Stop showing content of OpenStreetMap").click()
    asks(page)
    reader.close()
    with HostPage(PAGE, PICTURES) as site:
        visit = Reader(browser, base, site.url)
        page = visit.open(url)
        made = client.must_write("POST", f"/stories/{STORY}/updates", {"body": f"A page:\n\n{site.url}late"}).json
        comes(page, "A page:")
        card = page.locator(f"#u-{made['id']} .card")
        wait_for(lambda: card.count() == 1, 10, "the card does not arrive on an open page")
        update = client.read(f"/stories/{STORY}/updates/{made['id']}")
        check(update["seq"] == made["seq"] + 1 and not update["edited"], f"the arrival is {update}")
        check(card.locator("strong").inner_text() == "Storm & tide", "the card has no title")
        check(card.locator("img").count() == 1, "the card arrives without its thumbnail")
        check(not visit.asked, f"a card of a page asks {set(visit.asked)}")
        visit.page, visit.must_be_well = page, lambda where: check(not visit.errors, f"{where}: {visit.errors}")
        client.must_write("POST", f"/stories/{STORY}/updates/{made['id']}/takedown", {"reason": "Court"})
        wait_for(lambda: page.locator(f"#u-{made['id']}").count() == 0, 10, "a takedown does not arrive")
        settle(browser, visit, "cards that came and went", url=url)
        visit.close()
    passed("cards arrive on open pages, at a number of their own; what is consented to is shown at once")


def check_widget(browser, client, base):
    tags = f'<main><h1>Host</h1><script src="{base}/embed.js" async></script><wireroom-feed story="{STORY}" src="{base}"></wireroom-feed></main>'
    with HostPage(tags) as host:
        reader = Reader(browser, base, host.url)
        page = reader.open(host.url)
        asks(page)
        look_around(page)
        check(not reader.asked, f"before consent the widget asks {set(reader.asked)}")
        page.evaluate(SHIFTS)
        page.wait_for_timeout(300)
        before = page.evaluate("shifts.length")
        buttons(page, "Show content of OpenStreetMap").click()
        shows(page)
        reader.must_ask(page)
        page.wait_for_timeout(300)
        check(page.evaluate("shifts.length") == before, "in the widget something moves")
        check(set(reader.asked) == {MAPS}, f"consent to maps asks {set(reader.asked)}")
        must_be_accessible(page, "the widget with a frame")
        reader.close()
    with HostPage(tags.replace("<wireroom-feed", "<wireroom-feed embeds=never")) as host:
        reader = Reader(browser, base, host.url)
        page = reader.open(host.url)
        wait_for(lambda: page.locator(".card").count() > 0, 10, "the widget shows no cards")
        check(page.locator(".frame").count() == 0 and not reader.asked, "embeds=never has frames")
        reader.close()
    passed("the widget asks in the same way, and not at all with embeds=never")


def check_access(browser, base, url):
    for scheme in ("light", "dark"):
        for width in (360, 1280):
            reader = Reader(browser, base, color_scheme=scheme, viewport={"width": width, "height": 740})
            page = reader.open(url)
            asks(page)
            must_be_accessible(page, f"asking in {scheme} at {width}")
            buttons(page, "Show content of OpenStreetMap").click()
            shows(page)
            must_be_accessible(page, f"a frame in {scheme} at {width}")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            check(wide <= 0, f"the page is {wide} px too wide at {width}")
            box, note = (page.locator(f".frame[data-provider=Instagram] {part}").bounding_box() for part in (".consent", ".consent p"))
            check(box["y"] <= note["y"] and note["y"] + note["height"] <= box["y"] + box["height"], f"at {width} the note is cut off")
            reader.close()
    passed("axe finds nothing before and after consent, light and dark, phone and desktop")


def check_policies(browser, wireroom, client, url):
    policy = client.get(f"/live/{STORY}").headers["Content-Security-Policy"]
    frames = next(part for part in policy.split("; ") if part.startswith("frame-src ")).split()[1:]
    check(f"https://{MAPS}" in frames and all(source.startswith("https://") and "*" not in source for source in frames), f"frames: {frames}")
    check("frame-src" not in client.get("/").headers["Content-Security-Policy"], "pages without cards may frame others")
    feed = client.read(f"/stories/{STORY}/feed.json")
    html = next(item["content_html"] for item in feed["items"] if FEED_TITLE in item["content_html"])
    check("<iframe" not in html and "(The Paper)</p>" in html, f"in feeds a card is {html}")
    for choice in ("never", "always"):
        wireroom.stop()
        wireroom.settings["WIREROOM_EMBEDS"] = choice
        wireroom.start()
        reader = Reader(browser, wireroom.url)
        page = reader.open(url)
        if choice == "never":
            look_around(page)
            check(not reader.asked and page.locator(".frame").count() == 0, "--embeds never has frames")
            check("frame-src" not in client.get(f"/live/{STORY}").headers["Content-Security-Policy"], "--embeds never may frame")
            check(b'"never"' in client.get("/embed.js").body, "--embeds never is not that of the widget")
        else:
            shows(page)
            check(buttons(page, "Show content of").count() == 0, "--embeds always asks")
        reader.close()
    passed(f"the policy of pages has {len(frames)} origins; --embeds never has none, always does not ask; feeds have a link")


def main():
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-"))
        browser = stack.enter_context(Browser())
        site = stack.enter_context(HostPage(PAGE, PICTURES))
        wireroom = Wireroom(pathlib.Path(folder), settings={"WIREROOM_OUTBOUND_ALLOW": "127.0.0.1", "WIREROOM_POLL_INTERVAL": "1-3"})
        wireroom.start()
        stack.callback(wireroom.kill)
        client, url = Client(wireroom.url), f"{wireroom.url}/live/{STORY}"
        client.must_write("POST", "/stories", {"slug": STORY, "title": "Storm at the harbour", "keyPoints": ["It comes."]})
        for body in (f"{site.url}storm", f"Before\n\n{POST}\n\nAfter", f"It is here:\n\n{MAP}"):
            client.must_write("POST", f"/stories/{STORY}/updates", {"body": body})
        wait_for(lambda: all(update["cards"] for update in client.read(f"/stories/{STORY}/updates")["updates"]), 20, "a card does not arrive")
        check_nothing_before(browser, wireroom.url, url)
        check_thumbnails(browser, client, wireroom.url, url)
        check_consent(browser, client, wireroom.url, url)
        check_memory(browser, wireroom.url, url)
        check_arrivals(browser, client, wireroom.url, url)
        check_widget(browser, client, wireroom.url)
        check_access(browser, wireroom.url, url)
        check_policies(browser, wireroom, client, url)


if __name__ == "__main__":
    run("Cards and consent", main)
