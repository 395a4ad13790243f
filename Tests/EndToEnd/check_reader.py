# SPDX-License-Identifier: Apache-2.0
"""The reader's page in a real browser: it follows all changes to a story, also through a restart of the server, a time offline and
streams blocked by a proxy, and ends equal to a fresh page; without JavaScript; by keyboard alone."""

import pathlib
import tempfile

from checks import check, passed, run, wait_for
from accessibility import check_back, check_keyboard, check_phone, check_times, check_without_script
from frontends import Visit, comes, settle, shows
from newsroom import STORY, Newsroom
from pages import Browser
from readerway import check_way
from wireroom import Client, Wireroom

MOST_SHIFT_PIXELS = 2


# --- changes to a story ---


def check_changes(browser, newsroom, url):
    visit = Visit(browser, url)
    page, (first, second, third) = visit.page, newsroom.newest(3)
    wait_for(lambda: page.inner_text("#connection") == "Live", 10, lambda: f"it says {page.inner_text('#connection')!r}")

    def step(what, *actions):
        for action in actions:
            action()
        settle(browser, visit, what)

    media = [{"type": "image", "url": f"{url.partition('/live/')[0]}/none.png", "alt": "A", "caption": "B", "credit": "C", "width": 64, "height": 48},
             {"type": "link", "url": "https://example.org/x", "caption": "More"},
             {"type": "audio", "url": "https://example.org/a.mp3", "alt": "Sound"},
             {"type": "video", "url": "https://example.org/a.mp4", "width": 640, "height": 360}]
    step("a new update", lambda: newsroom.post("Fresh words.", title="Fresh", author="Ada", media=media, tags=["sea", "wind"],
                                               sources=[{"name": "Port", "url": "https://example.org/"}, {"name": "Crew", "url": None}],
                                               occurredAt="2026-11-01T09:00:00Z"))
    check(shows(page, "Fresh words."), "a reader at the top does not see what is new at once")
    step("an edit", lambda: newsroom.edit(first, body="Edited **words**.", title="Now with a title"))
    step("a strike", lambda: newsroom.client.must_write("POST", f"{newsroom.path}/updates/{second}/strike", {"reason": "It was wrong."}))
    step("a strike taken back", lambda: newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{second}/strike"))
    step("a pin", lambda: newsroom.edit(third, pinned=True))
    step("a second pin", lambda: newsroom.edit(first, pinned=True))
    step("a pin taken away", lambda: newsroom.edit(first, pinned=False))
    step("a key event", lambda: newsroom.edit(second, keyEvent=True, title="A turn"))
    step("a key event no more", lambda: newsroom.edit(second, keyEvent=False))
    step("a deletion", lambda: newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{second}"))
    step("a takedown", lambda: newsroom.client.must_write("POST", f"{newsroom.path}/updates/{third}/takedown", {"reason": "Court"}))
    step("a draft that is published and taken back", lambda: newsroom.edit(first, state="draft"), lambda: newsroom.edit(first, state="published"))
    step("another head", lambda: newsroom.story(title="Storm & flood", summary=None, byline="Ada", section=["Coast"],
                                                keyPoints=["One."], source=None))
    step("other links", lambda: newsroom.links("ranking", "A", "B"), lambda: newsroom.links("related"))
    step("reactions", lambda: newsroom.client.must_write("POST", f"{newsroom.path}/reactions/veryGood"),
         lambda: newsroom.client.must_write("POST", f"{newsroom.path}/updates/{first}/reactions/veryGood"))
    passed("a page follows 15 sorts of change as they happen, each time to what a fresh page shows")
    return visit


def check_outages(browser, wireroom, newsroom, visit):
    newsroom.post("Before the restart.")
    wireroom.stop()
    wireroom.start()
    newsroom.post("After the restart.")
    comes(visit.page, "After the restart.")
    settle(browser, visit, "a restart of the server")
    visit.context.set_offline(True)
    gone = newsroom.newest(1)[0]
    newsroom.post("While nobody heard.")
    newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{gone}")
    wait_for(lambda: visit.page.inner_text("#connection") != "Live", 60, "a page without a network says that it is live")
    said = visit.page.inner_text("#connection")
    visit.context.set_offline(False)
    comes(visit.page, "While nobody heard.")
    settle(browser, visit, "a spell without a network")
    passed(f"it comes through a restart and a spell without a network (it said {said!r}) without a loss")


def check_polls(browser, newsroom, url):
    """Falls back to polls where streams are blocked."""
    visit = Visit(browser, "about:blank")
    visit.page.route("**/stream?*", lambda route: route.abort())
    visit.page.goto(url)
    newsroom.post("By poll.")
    wait_for(lambda: shows(visit.page, "By poll."), 40, "without streams nothing comes")
    settle(browser, visit, "polls alone", url=url)
    visit.close()
    passed("without streams it polls")


# --- how changes are shown ---


TOPS = """() => [...document.querySelectorAll("#updates article")].filter(a => a.getBoundingClientRect().bottom > 0)
    .slice(0, 1).map(a => [a.id, a.getBoundingClientRect().top])[0]"""
WATCH_SHIFTS = """() => { window.shifts = 0; new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({type: "layout-shift"}); }"""


def check_reading(browser, newsroom, url):
    """The reader is not interrupted: new updates wait behind a button, and the scroll position stays."""
    visit = Visit(browser, url)
    page = visit.page
    page.locator("#updates article").nth(12).scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(800)
    page.evaluate(WATCH_SHIFTS)
    before, title = page.evaluate(TOPS), page.title()
    above = page.locator("#updates article").nth(2).get_attribute("data-id")
    for number in range(3):
        newsroom.post(f"Waiting {number}.")
    newsroom.edit(above, body="Shorter.")
    newsroom.edit(page.locator("#updates article").nth(4).get_attribute("data-id"), body="Much longer. " * 200)
    newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{page.locator('#updates article').nth(6).get_attribute('data-id')}")
    wait_for(lambda: page.inner_text("#news") == "3 new updates", 10, lambda: f"the button says {page.inner_text('#news')!r}")
    check(page.title() == f"(3) {title}", f"the title is {page.title()!r}")
    wait_for(lambda: not page.locator("#updates article").nth(4).inner_text().startswith("Number"), 5, "edits wait")
    page.wait_for_timeout(500)
    after = page.evaluate(TOPS)
    check(after[0] == before[0] and abs(after[1] - before[1]) <= MOST_SHIFT_PIXELS, f"what was read moved from {before} to {after}")
    shifts = page.evaluate("window.shifts")
    check(shifts < 0.1, f"the layout shifted by {shifts}")
    check(not shows(page, "Waiting 1."), "a reader within the page is shown what is new at once")
    page.click("#news")
    comes(page, "Waiting 2.")
    check(page.title() == title and page.evaluate("scrollY") < 800, f"the button leads to {page.evaluate('scrollY')}")
    settle(browser, visit, "the button")
    visit.close()
    passed(f"news waits behind a button; what is read moved by {abs(after[1] - before[1]):.1f} px, the layout by {shifts:.3f}")


def check_absences(browser, newsroom, url):
    """A story that is temporarily a draft, and unrelated 404s in between."""
    visit = Visit(browser, url)
    newsroom.story(status="draft")
    wait_for(lambda: "no longer available" in visit.page.inner_text("#connection"), 15, "the page does not say that the story is gone")
    check(visit.page.locator("#story > :visible, main:visible").count() == 1, "of a story that is gone more is shown than that it is")
    newsroom.post("Written meanwhile. " * 20)
    newsroom.story(status="live")
    visit.page.evaluate("dispatchEvent(new Event('pageshow'))")
    wait_for(lambda: visit.page.inner_text("#connection") == "Live", 10, "a story that was a draft for a while does not come back")
    comes(visit.page, "Written meanwhile.")
    check(visit.page.evaluate("scrollY") == 0, "a reader at the top is left below what was written meanwhile")
    settle(browser, visit, "a while as a draft")
    strange = {"status": 404, "content_type": "text/html", "body": "<h1>404 Not Found</h1>"}
    visit.page.route("**/stories/**", lambda route: route.fulfill(**strange))
    visit.context.set_offline(True)
    visit.context.set_offline(False)
    visit.page.wait_for_timeout(4_000)
    said = visit.page.inner_text("#connection")
    check(said == "Reconnecting…", f"after 404s of a proxy the page says {said!r}")
    visit.page.unroute("**/stories/**")
    newsroom.post("After the deploy.")
    wait_for(lambda: shows(visit.page, "After the deploy."), 20, "404s of a proxy end the page")
    settle(browser, visit, "404s of a proxy")
    visit.close()
    passed("a story that is gone is told as such, and comes back; 404s of a proxy are of no matter")


def check_rename(browser, newsroom, url):
    """The page continues after a change of the slug, and adopts the new URL."""
    single = newsroom.newest(1)[0]
    visits = [Visit(browser, f"{url}?only=key#updates"), Visit(browser, f"{url}/{single}"), Visit(browser, url)]
    newsroom.story(slug="renamed")
    for visit, rest in zip(visits, ["?only=key#updates", f"/{single}", ""]):
        wanted = url.removesuffix(STORY) + "renamed" + rest
        wait_for(lambda: visit.page.evaluate("location.href") == wanted, 10, lambda: f"the address is not {wanted}")
        links = visit.page.eval_on_selector_all(
            f"a[href*='/live/{STORY}'], link[href*='/live/{STORY}'], meta[property='og:url'][content*='/live/{STORY}']", "found => found.length")
        check(links == 0, f"{links} links lead to the former slug")
        settle(browser, visit, "another slug")
    newsroom.post("Under another name.")
    comes(visits[2].page, "Under another name.")
    newsroom.story(slug=STORY)
    settle(browser, visits[2], "the first slug again", url=url)
    for visit in visits:
        visit.close()
    passed("a page goes on under another slug, with its address, its links and its view")


def check_views(browser, newsroom, url):
    """Views filtered by key events, and permalinks, are followed too."""
    key, plain = newsroom.post("A key event.", title="Key", keyEvent=True), newsroom.post("No key event.")
    keys, single = Visit(browser, f"{url}?only=key"), Visit(browser, f"{url}/{plain}")
    check(shows(keys.page, "A key event.") and not shows(keys.page, "No key event."), "the filter lets the wrong ones through")
    newsroom.edit(plain, keyEvent=True)
    newsroom.edit(key, keyEvent=False)
    settle(browser, keys, "a change of what are key events")
    newsroom.edit(plain, body="Changed alone.")
    settle(browser, single, "an edit of the one update")
    check(single.page.locator("#updates article").count() == 1, "a page of one update shows more")
    newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{plain}")
    wait_for(lambda: "removed" in single.page.inner_text("main"), 10, "the page of an update that is gone does not say so")
    check(Client(url.rpartition("/live/")[0]).get(f"/live/{STORY}/{plain}").status == 404, "its page is still there")
    for visit in (keys, single):
        visit.must_be_well("another view")
        visit.close()
    passed("key events alone and one update alone are followed, to the removal")


def check_clock(browser, newsroom, url):
    newsroom.post("Just now.")
    visit = Visit(browser, "about:blank")
    visit.page.add_init_script("const now = Date.now; Date.now = () => now() + 2 * 3600_000")
    visit.page.goto(url)
    newest = visit.page.locator("#updates article time").first
    wait_for(lambda: newest.inner_text().endswith(("now", "1 min ago")), 10, lambda: f"by a clock that is ahead the newest is {newest.inner_text()!r}")
    visit.close()
    passed("times go by the server's clock where the reader's is two hours ahead")


def check_reactions(browser, newsroom, url):
    visit = Visit(browser, url)
    button = visit.page.locator("#updates article button.react").first
    update = visit.page.locator("#updates article").first.get_attribute("data-id")

    def count():
        return newsroom.client.read(f"{newsroom.path}/reactions")["updates"].get(update, {}).get("veryGood", 0)

    before = count()
    button.click()
    wait_for(lambda: count() == before + 1, 5, "a press is not counted")
    wait_for(lambda: button.get_attribute("aria-pressed") == "true", 5, "a press is not shown")
    visit.page.reload()
    button = visit.page.locator("#updates article button.react").first
    wait_for(lambda: button.get_attribute("aria-pressed") == "true", 5, "a press is forgotten")
    button.click()
    wait_for(lambda: count() == before, 5, "a press cannot be taken back")
    visit.must_be_well("reactions")
    visit.close()
    passed("a reaction counts once, is remembered, and can be taken back")


# --- the close ---


def check_close(browser, newsroom, visit):
    # The page may have seen the story as a draft, and so poll it rarely.
    visit.page.evaluate("dispatchEvent(new Event('pageshow'))")
    wait_for(lambda: visit.page.inner_text("#connection") == "Live", 10, "the page is not live")
    newsroom.story(status="closed")
    wait_for(lambda: "closed" in visit.page.inner_text("#connection").lower(), 10, "the page does not say that the story is closed")
    settle(browser, visit, "the close")
    visit.page.wait_for_timeout(500)
    visit.requests.clear()
    visit.page.wait_for_timeout(6_000)
    check(not visit.requests, f"after the close the page asks for {visit.requests}")
    newsroom.story(status="live")
    visit.page.evaluate("dispatchEvent(new Event('pageshow'))")
    wait_for(lambda: visit.page.inner_text("#connection") == "Live", 10, "a story that was reopened does not go on")
    settle(browser, visit, "the reopening")
    newsroom.story(status="closed")
    visit.close()
    passed("a closed story is told as such, asked for seldom, and goes on at once when the reader comes back after its reopening")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name), settings={"WIREROOM_POLL_INTERVAL": "1-3"})
        wireroom.start()
        try:
            client, url = Client(wireroom.url), f"{wireroom.url}/live/{STORY}"
            newsroom = Newsroom(client)
            newsroom.open()
            visit = check_changes(browser, newsroom, url)
            check_outages(browser, wireroom, newsroom, visit)
            check_polls(browser, newsroom, url)
            check_reading(browser, newsroom, url)
            check_absences(browser, newsroom, url)
            check_rename(browser, newsroom, url)
            check_views(browser, newsroom, url)
            check_clock(browser, newsroom, url)
            check_reactions(browser, newsroom, url)
            check_keyboard(browser, newsroom, url)
            check_phone(browser, url)
            check_times(browser, newsroom, url)
            check_back(browser, newsroom, url)
            check_way(browser, newsroom, url)
            check_close(browser, newsroom, visit)
            check_without_script(browser, newsroom, url)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("The reader's page", main)
