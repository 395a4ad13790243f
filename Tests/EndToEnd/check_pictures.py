# SPDX-License-Identifier: Apache-2.0
"""Pictures of a story in a real browser: in sizes that fit, without moving what is read, in galleries and the lightbox, by keyboard, by
touch and without a script; edits and takedowns reach pages that are open; the widget shows them on other sites."""

import pathlib
import tempfile

from accessibility import PHONE
from check_safety import HostPage
from checks import check, passed, run, wait_for
from frontends import Visit, must_be_accessible, settle
from pages import Browser
from storypictures import image, png
from wireroom import Client, Wireroom

STORY = "harbour"
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
ELSEWHERE = "https://pictures.example/boat.png"

# Set before the page begins: layout shifts that follow no input.
SHIFTS = """window.shifts = []; new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts.push([entry.value, entry.sources.map(source => source.node?.className)]);
}).observe({type: "layout-shift", buffered: true});"""
SCROLL = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 300) {
        scrollTo({ top: y, behavior: "instant" });
        await new Promise(resolve => setTimeout(resolve, 60));
    }
}"""
LOADED = "() => [...document.images].every(image => image.complete && image.naturalWidth > 0)"
DIALOG = """() => {
    const host = [...document.body.children].find(element => element.shadowRoot?.querySelector("dialog"));
    const dialog = host?.shadowRoot.querySelector("dialog");
    if (!dialog?.open) return null;
    const box = dialog.querySelector("img").getBoundingClientRect();
    const focused = document.activeElement === host ? host.shadowRoot.activeElement : null;
    return {
        label: dialog.getAttribute("aria-label"), words: dialog.querySelector(".words").innerText, focus: focused?.className ?? null,
        source: dialog.querySelector("img").currentSrc, alt: dialog.querySelector("img").alt, full: dialog.querySelector(".full").href,
        fits: box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight && box.width > 100,
    };
}"""
FOCUSED = "() => document.activeElement.getAttribute('href')"


class Newsroom:
    """A story with a picture of its own, and updates with a portrait, a gallery of three, and a small picture."""

    def __init__(self, client):
        self.client, self.path = client, f"/stories/{STORY}"
        lead = image(client, 2400, 1350, alt="The harbour from above", caption="The harbour.", credit="Ines", focus={"x": 20, "y": 40})
        del lead["type"]
        client.must_write("POST", "/stories", {"slug": STORY, "title": "Storm at the harbour", "summary": "What is known.", "image": lead})
        self.filler(12)
        self.small = self.post("A small one.", [image(client, 120, 90, (9, 9, 9), alt="A sign")])
        self.portrait = self.post("A portrait.", [image(client, 1000, 2400, (90, 9, 9), alt="A mast", credit="Ada")])
        self.filler(3)
        self.three = [
            image(client, 1600, 900, (9, 90, 9), alt="The pier", caption="The pier at noon.", credit="Ines", focus={"x": 90, "y": 10}),
            image(client, 700, 700, (9, 9, 90), caption="הסירה בנמל"),
            image(client, 3000, 1000, (90, 90, 9), alt="The bridge"),
        ]
        self.gallery = self.post("A gallery.", self.three)

    def post(self, body, media=()):
        return self.client.must_write("POST", f"{self.path}/updates", {"body": body, "media": list(media)}).json["id"]

    def edit(self, update, **members):
        self.client.must_write("PATCH", f"{self.path}/updates/{update}", members)

    def filler(self, count):
        for number in range(count):
            self.post(f"Number {number}. {'The wind grows. ' * 20}")


def visit_pictures(browser, url, **settings):
    visit = Visit(browser, "about:blank", **settings)
    visit.page.add_init_script(SHIFTS)
    visit.page.goto(url)
    return visit


def must_not_shift(visit, where):
    shifts = visit.page.evaluate("shifts")
    check(not shifts, f"{where}: the layout shifts: {shifts}")


# --- on the page ---


def check_layout(browser, url, base):
    for name, settings in (("a desktop", DESKTOP), ("a phone", PHONE)):
        visit = visit_pictures(browser, url, **settings)
        page = visit.page
        page.evaluate(SCROLL)
        wait_for(lambda: page.evaluate(LOADED), 10, f"on {name} not all pictures are loaded")
        must_not_shift(visit, name)
        sizes = page.evaluate("""() => [...document.images].map(image => [image.currentSrc.split("/media/")[1], image.clientWidth,
            image.naturalWidth, devicePixelRatio])""")
        for source, shown, has, ratio in sizes:
            check(has >= min(shown * ratio, 120) * 0.8, f"on {name} {source} is shown {shown} px wide and has {has}")
            check("/" in source or has <= 700, f"on {name} {source} is loaded in full size")
        tall = page.evaluate("""() => Math.max(...[...document.images].map(image => image.clientHeight)) / innerHeight""")
        check(tall <= 0.81, f"on {name} a picture takes {tall:.0%} of the window's height")
        styled = page.locator("img").evaluate_all("all => all.map(image => image.style.cssText).filter(Boolean)")
        check(not styled, f"on {name} placeholders stay: {styled}")
        strange = [request for request in visit.requests if not request.startswith((base, "data:", "about:"))]
        check(not strange, f"on {name} the page asks others: {strange}")
        check(not any("lightbox" in request for request in visit.requests), "the lightbox is loaded before it is used")
        visit.must_be_well(name)
        visit.close()
    passed(f"on desktop and phone {len(sizes)} pictures come in sizes that fit, and nothing shifts; nobody else is asked")


def check_crops(browser, url, base):
    visit = visit_pictures(browser, url, **DESKTOP)
    tiles = visit.page.locator(".gallery img").evaluate_all(
        "all => all.map(image => [getComputedStyle(image).objectFit, getComputedStyle(image).objectPosition])")
    check(tiles == [["cover", "90% 10%"], ["cover", "50% 50%"], ["cover", "50% 50%"]], f"tiles are cropped as {tiles}")
    turned = visit.page.locator(".gallery figcaption", has_text="הסירה").evaluate("caption => getComputedStyle(caption).direction")
    check(turned == "rtl", f"a Hebrew caption runs {turned}")
    visit.page.goto(base + "/")
    lead = visit.page.locator(".stories img").evaluate("image => [getComputedStyle(image).objectPosition, image.clientWidth]")
    check(lead == ["20% 40%", 128], f"in the list of stories the picture is {lead}")
    visit.page.emulate_media(media="print")
    visit.page.goto(url)
    check(visit.page.locator(".gallery img").first.is_visible(), "on paper there is no gallery")
    visit.close()
    passed("tiles and the list's pictures keep the point that matters; captions run as they are written")


def check_reading(browser, newsroom, url):
    """A picture that comes above what is read does not move it, neither when it is inserted nor when it loads."""
    visit = visit_pictures(browser, url, **DESKTOP)
    page = visit.page
    anchor = page.locator("#updates article").nth(9)
    anchor.scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(800)
    place = "element => element.getBoundingClientRect().top"
    before, above = anchor.evaluate(place), page.locator("#updates article").nth(2).get_attribute("data-id")
    page.evaluate("shifts.length = 0")
    newsroom.edit(above, media=[image(newsroom.client, 1300, 1000, (1, 2, 3), alt="A late one")])
    wait_for(lambda: page.locator(f"#u-{above} img").count() == 1, 10, "the picture does not come")
    page.wait_for_timeout(1_000)
    moved = abs(anchor.evaluate(place) - before)
    check(moved <= 2, f"what is read moves by {moved} px")
    settle(browser, visit, "a picture above")
    visit.close()
    passed(f"a picture that is added above what is read moves it by {moved:.1f} px")


def check_without_script(browser, url):
    visit = Visit(browser, url, java_script_enabled=False, **DESKTOP)
    link = visit.page.locator(".gallery a").nth(1)
    address = link.get_attribute("href")
    with visit.page.expect_response(lambda response: response.url.endswith(address)) as response:
        link.click()
    check(response.value.ok and response.value.headers["content-type"].startswith("image/"), "without a script a picture leads nowhere")
    visit.close()
    passed("without a script a picture is a link to its full size")


# --- the lightbox ---


def opened(page, press):
    press()
    return wait_for(lambda: page.evaluate(DIALOG), 5, "the lightbox does not open")


def check_keyboard(browser, url):
    visit = visit_pictures(browser, url, **DESKTOP)
    page = visit.page
    links = page.locator(".gallery a")
    wait_for(lambda: page.locator("button.react:not([disabled])").count() > 0, 5, "the script does not come to life")
    links.nth(0).focus()
    page.keyboard.press("Tab")
    check(page.evaluate(FOCUSED) == links.nth(1).get_attribute("href"), "Tab does not go from tile to tile")
    page.keyboard.press("Shift+Tab")
    place = page.evaluate("scrollY")
    shown = opened(page, lambda: page.keyboard.press("Enter"))
    check(shown["label"] == "Picture 1 of 3" and shown["alt"] == "The pier", f"the lightbox shows {shown}")
    said = [line for line in shown["words"].splitlines() if line]
    check(said == ["1 of 3", "The pier at noon. · Ines"], f"the lightbox says {said}: a caption stands in for the alternative text")
    wait_for(lambda: page.evaluate(DIALOG)["fits"], 5, "the picture does not fit into the window")
    focuses = []
    for _ in range(8):
        page.keyboard.press("Tab")
        focuses.append(page.evaluate(FOCUSED) or page.evaluate(DIALOG)["focus"])
    check({"full", "previous", "next", "close"} <= set(focuses), f"the focus goes to {focuses}")
    check(not any(focus and focus.startswith("/") for focus in focuses), f"the focus leaves the lightbox: {focuses}")
    page.keyboard.press("ArrowRight")
    shown = page.evaluate(DIALOG)
    check(shown["label"] == "Picture 2 of 3" and "הסירה בנמל" in shown["words"], f"the right arrow leads to {shown}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    shown = page.evaluate(DIALOG)
    check(shown["label"] == "Picture 3 of 3" and "1920.webp" not in shown["full"], f"the left arrow leads to {shown}")
    check("The bridge" in shown["words"], f"without a caption the lightbox says {shown['words']!r}, not the alternative text")
    page.mouse.wheel(0, 500)
    page.keyboard.press("PageDown")
    page.wait_for_timeout(300)
    check(page.evaluate("scrollY") == place, "the page behind scrolls")
    must_be_accessible(page, "the lightbox")
    page.keyboard.press("Escape")
    wait_for(lambda: page.evaluate(DIALOG) is None, 5, "Escape does not close the lightbox")
    check(page.evaluate(FOCUSED) == links.nth(0).get_attribute("href"), f"the focus returns to {page.evaluate(FOCUSED)}")
    page.mouse.wheel(0, 500)
    wait_for(lambda: page.evaluate("scrollY") != place, 5, "the page does not scroll any more")
    must_not_shift(visit, "the lightbox")
    visit.must_be_well("the lightbox")
    visit.close()
    passed("by keyboard: Enter opens, arrows move, Tab stays within, Escape closes and returns; the page behind stands still")


def swipe(page, start, end):
    session = page.context.new_cdp_session(page)
    height = page.viewport_size["height"] // 2
    for kind, x in (("touchStart", start), ("touchMove", (start + end) // 2), ("touchMove", end), ("touchEnd", None)):
        points = [] if x is None else [{"x": x, "y": height}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def check_touch(browser, url):
    visit = visit_pictures(browser, url, **PHONE)
    page = visit.page
    wait_for(lambda: page.locator("button.react:not([disabled])").count() > 0, 5, "the script does not come to life")
    opened(page, lambda: page.locator(".gallery a").nth(0).tap())
    for start, end, label in ((300, 60, "Picture 2 of 3"), (60, 300, "Picture 1 of 3")):
        swipe(page, start, end)
        wait_for(lambda: page.evaluate(DIALOG)["label"] == label, 3, lambda: f"a swipe leads to {page.evaluate(DIALOG)['label']}")
    wait_for(lambda: page.evaluate(DIALOG)["fits"], 5, "the picture does not fit into a phone")
    page.get_by_role("button", name="Close").tap()
    wait_for(lambda: page.evaluate(DIALOG) is None, 5, "a tap does not close the lightbox")
    shown = opened(page, lambda: page.locator("#story a.enlarge").tap())
    check(shown["label"] == "Picture" and "The harbour. · Ines" in shown["words"], f"the story's picture is {shown}")
    visit.must_be_well("touch")
    visit.close()
    passed("by touch: a tap opens, swipes move, a tap closes; the story's picture opens, too")


def check_elsewhere(browser, newsroom, url):
    update = newsroom.post("From elsewhere.", [{"type": "image", "url": ELSEWHERE, "caption": "A boat"}])
    visit = Visit(browser, "about:blank", **DESKTOP)
    visit.page.route(ELSEWHERE, lambda route: route.fulfill(body=png(900, 600, (1, 1, 1), (9, 9, 9)), content_type="image/png"))
    visit.page.goto(url)
    wait_for(lambda: visit.page.locator("button.react:not([disabled])").count() > 0, 5, "the script does not come to life")
    shown = opened(visit.page, lambda: visit.page.locator(f"#u-{update} a.enlarge").click())
    check(shown["full"] == ELSEWHERE and shown["words"] == "A boat", f"of a picture elsewhere the lightbox shows {shown}")
    visit.must_be_well("a picture elsewhere")
    visit.close()
    newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{update}")
    passed("pictures that lie elsewhere open as well")


def check_changes(browser, newsroom, url, base):
    """Edits reach an open lightbox; a takedown closes it, and takes the pictures from page and server."""
    visit = visit_pictures(browser, url, **DESKTOP)
    page = visit.page
    wait_for(lambda: page.inner_text("#connection") == "Live", 10, "the page is not live")
    opened(page, lambda: page.locator(f"#u-{newsroom.gallery} a.enlarge").nth(0).click())
    changed = [{**newsroom.three[0], "caption": "The pier at one."}, newsroom.three[2]]
    newsroom.edit(newsroom.gallery, media=changed)
    wait_for(lambda: "The pier at one." in page.evaluate(DIALOG)["words"], 10, "an edit does not reach the lightbox")
    check(page.evaluate(DIALOG)["label"] == "Picture 1 of 2", "a picture that is gone is still counted")
    settle(browser, visit, "a picture less")
    newsroom.client.must_write("POST", f"{newsroom.path}/updates/{newsroom.gallery}/takedown", {"reason": "A court said so."})
    wait_for(lambda: page.evaluate(DIALOG) is None, 10, "a picture that was taken down is still shown")
    check(page.locator(".gallery").count() == 0, "its tile is still there")
    status = Client(base).get(newsroom.three[0]["url"]).status
    check(status == 404, f"a picture that was taken down is answered {status}")
    newsroom.client.must_write("PATCH", newsroom.path, {"image": None})
    wait_for(lambda: page.locator("#story img").count() == 0, 10, "the story's picture stays")
    settle(browser, visit, "a takedown")
    visit.close()
    passed("edits and takedowns reach page and lightbox")


# --- the widget ---


def check_widget(browser, url, base):
    with HostPage(f'<main><h1>Theirs</h1><script src="{base}/embed.js" async></script><wireroom-feed story="{STORY}" src="{base}"></wireroom-feed></main>') as host:
        visit = visit_pictures(browser, host.url, **DESKTOP)
        page = visit.page
        tile = page.locator("wireroom-feed .gallery a").nth(0)
        tile.scroll_into_view_if_needed()
        wait_for(lambda: tile.locator("img").evaluate("image => image.complete && image.naturalWidth > 0"), 10, "the widget shows no picture")
        source = tile.locator("img").evaluate("image => image.currentSrc")
        check(source.startswith(f"{base}/media/"), f"the widget's picture is {source}")
        shown = opened(page, lambda: tile.press("Enter"))
        check(shown["label"] == "Picture 1 of 3" and "The pier" in shown["words"], f"the widget's lightbox shows {shown}")
        must_be_accessible(page, "the widget's lightbox")
        page.keyboard.press("Escape")
        wait_for(lambda: page.evaluate(DIALOG) is None, 5, "Escape does not close the widget's lightbox")
        focus = page.evaluate("() => document.querySelector('wireroom-feed').shadowRoot.activeElement?.href")
        check(focus == tile.evaluate("link => link.href"), f"the focus returns to {focus}")
        visit.must_be_well("the widget")
        visit.close()
    passed("the widget shows pictures and lightbox on other sites")


def check_access(browser, url, base):
    count = 0
    for scheme in ("light", "dark"):
        for settings in (DESKTOP, PHONE):
            for address in (url, base + "/"):
                visit = visit_pictures(browser, address, color_scheme=scheme, reduced_motion="reduce", **settings)
                visit.page.wait_for_timeout(300)
                must_be_accessible(visit.page, f"{address} in {scheme}")
                wide = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                check(wide <= 0, f"{address} is {wide} px too wide for {settings}")
                visit.close()
                count += 1
    passed(f"axe finds nothing on {count} pages with pictures, light and dark, phone and desktop")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name), settings={"WIREROOM_POLL_INTERVAL": "1-3"})
        wireroom.start()
        try:
            newsroom, base = Newsroom(Client(wireroom.url)), wireroom.url
            url = f"{base}/live/{STORY}"
            check_layout(browser, url, base)
            check_crops(browser, url, base)
            check_access(browser, url, base)
            check_without_script(browser, url)
            check_keyboard(browser, url)
            check_touch(browser, url)
            check_widget(browser, url, base)
            check_elsewhere(browser, newsroom, url)
            check_reading(browser, newsroom, url)
            check_changes(browser, newsroom, url, base)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("Pictures", main)
