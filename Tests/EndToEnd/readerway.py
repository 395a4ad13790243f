# SPDX-License-Identifier: Apache-2.0
"""The reader's way through a story: the first screen, the bar, jumps to key events, views, the line between old and new, sharing, print."""

import pathlib

from accessibility import PHONE
from checks import check, passed, wait_for
from frontends import Visit, comes, must_be_accessible, settle
from readersearch import check_search
from storypictures import image
from wireroom import ADMIN_KEY

SHIFTS = """window.shifts = []; new PerformanceObserver(list => { for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.shifts.push([entry.value, ...entry.sources.map(({node}) => node?.id || node?.className)]);
}).observe({type: "layout-shift", buffered: true});"""
# The upper edge of the title of the first update that is not pinned, or of its text.
FIRST = "() => document.querySelector('#updates article :is(h3, .body)').getBoundingClientRect().top"
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "Samples" / "harbour-storm.txt"
# Whether the bar lies over the focused element.
COVERED = """() => {
    const [bar, it] = [document.querySelector('#bar'), document.activeElement];
    const [above, below] = [bar, it].map(each => each.getBoundingClientRect());
    return !it.closest('#bar, .skip') && it !== document.body && below.top < above.bottom && below.bottom > above.top;
}"""
LEAST_TARGET_PIXELS = 24
# Times of the reader are shorter than those in UTC that they take the place of, so that words beside them in a line move.
MOST_SHIFT = 0.001
# For longer than pages are fresh.
FRESH_MILLISECONDS = 1_500


def watched(browser, address, **settings):
    """Opens a page that records the shifts of its layout."""
    visit = Visit(browser, "about:blank", **settings)
    visit.page.add_init_script(SHIFTS)
    visit.page.goto(address)
    visit.page.wait_for_timeout(500)
    return visit


def must_stand_still(visit, where):
    shifts = visit.page.evaluate("window.shifts")
    check(sum(shift[0] for shift in shifts) < MOST_SHIFT, f"{where}: the layout shifts: {shifts}")


def check_first_screen(browser, newsroom, url):
    """News on the first screen, also below a lead picture, a standfirst, key points, key events and a long pinned update."""
    base, client = url.partition("/live/")[0], newsroom.client
    client.must_write("POST", "/stories", {
        "slug": "first-screen", "title": "Earthquake in the Alder valley: rescue goes on through the night", "byline": "Ines Marlow and Ada Moor",
        "summary": "A quake has struck the valley. " * 8, "keyPoints": ["The road to Alderbridge is closed. " * 3] * 3, "section": ["News", "Valley"],
        "source": {"name": "Valley Press", "url": "https://example.org/", "date": "2026-11-01T08:00:00Z"},
        "image": {"url": image(client, 1600, 1000)["url"], "alt": "The old town", "caption": "The old town before the quake.", "credit": "A. Moor"}})
    client.must_write("POST", "/stories/first-screen/updates", [
        {"title": "The mayor will speak at eleven, before the rescue services", "body": "He said so. " * 20, "keyEvent": number % 2 == 0} for number in range(9)])
    client.must_write("POST", "/stories/first-screen/updates", {"title": "How to help", "body": "Do not drive to the valley. " * 40, "pinned": True, "keyEvent": True})
    client.ask("POST", "/import?slug=sample", SAMPLE.read_bytes(), {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "text/plain"})
    client.must_write("PATCH", f"/stories/sample/updates/{client.whole('sample')['updates'][0]['id']}", {"title": "All ashore", "pinned": True, "keyEvent": True})
    tops = {}
    for name, settings, most in (("desktop", {"viewport": {"width": 1280, "height": 900}}, 820), ("phone", PHONE, 700)):
        for story in ("first-screen", "sample"):
            visit = watched(browser, f"{base}/live/{story}", **settings)
            tops[name, story] = visit.page.evaluate(FIRST)
            check(tops[name, story] < most, f"on a {name} the first update of {story} is {tops[name, story]:.0f} px below the top")
            check_pin(visit)
            visit.close()
    check_return_height(browser, f"{base}/live/first-screen", tops["phone", "first-screen"])
    passed(f"the title of the first update is at most {max(tops.values()):.0f} px below the top, {tops}; nothing shifts, folded or not")


def check_pin(visit):
    """A pinned update is folded to its beginning, and unfolded it stays so, before the page is painted."""
    page = visit.page
    must_stand_still(visit, "the first screen")
    folded = page.locator("#pinned").bounding_box()["height"]
    check(page.locator("#pinned .body").is_visible() and folded < 170, f"of a pinned update {folded:.0f} px are shown")
    for is_open in (True, False):
        page.locator(".pinned-updates summary").click()
        page.reload()
        page.wait_for_timeout(500)
        height = page.locator("#pinned").bounding_box()["height"]
        check((height > folded) == is_open, f"what the reader has {'opened' if is_open else 'folded'} is {height:.0f} px high")
        must_stand_still(visit, "what the reader has folded or opened")
    visit.must_be_well("the first screen")


def check_return_height(browser, url, first):
    visit = watched(browser, url, **PHONE)
    visit.page.goto("about:blank")
    visit.page.goto(url)
    again = visit.page.evaluate(FIRST)
    check(again < first - 40, f"who comes back finds the first update {again:.0f} px below the top, not {first:.0f}")
    visit.close()


def check_points(browser, newsroom, url):
    """On a phone the key points are folded, and of a closed story open, as they are its result."""
    path = f"{url.partition('/live/')[0]}/live/points"
    newsroom.client.must_write("POST", "/stories", {"slug": "points", "title": "Storm", "keyPoints": ["It is over."]})
    for status, is_open in (("live", False), ("closed", True)):
        newsroom.client.must_write("PATCH", "/stories/points", {"status": status})
        visit = watched(browser, path, **PHONE)
        check(visit.page.locator(".key-points li").is_visible() == is_open, f"of a {status} story the key points are {'folded' if is_open else 'open'}")
        must_stand_still(visit, f"a {status} story")
        visit.close()
    passed("on a phone the key points are folded, and of a closed story open")


REOPEN_MILLISECONDS = 600
"""After that time a press opens the list of key events again."""


def check_bar(browser, newsroom, url):
    """The bar stays in sight, covers nothing that has the focus, and leads to key events, also those that are not loaded."""
    visit = watched(browser, url, **PHONE)
    page = visit.page
    check(page.locator(".here").is_hidden() and page.locator(".views").is_visible(), "the bar begins without the views")
    page.evaluate("scrollTo(0, 3000)")
    wait_for(lambda: page.locator(".here").is_visible(), 5, "the bar does not say where one is")
    check("Live" in page.inner_text(".here") and page.evaluate("document.querySelector('#bar').getBoundingClientRect().top") == 0, "the bar goes")
    for key in ["Tab"] * 12 + ["Shift+Tab"] * 24:
        page.keyboard.press(key)
        check(not page.evaluate(COVERED), "the bar covers what has the focus")
    # The keys may have led to the top, where the bar has the views.
    page.evaluate("scrollTo(0, 3000)")
    left = list_key_events(page)
    last = page.locator("#jump li").last.get_attribute("data-id")
    check(page.locator(f"#u-{last}").count() == 0, "the last key event is loaded already")
    page.locator("#jump li a").last.click()
    wait_for(lambda: page.locator(f"#u-{last}").count() == 1, 10, "a key event that is not on the page is not loaded")
    wait_for(lambda: page.evaluate("document.activeElement.closest('article')?.dataset.id") == last, 5, "the focus does not follow the jump")
    check(page.url == f"{url}#u-{last}" and not page.evaluate(COVERED), f"the jump leads to {page.url}, or below the bar")
    check(page.locator("#jump").count() == 0 and page.evaluate("scrollY") > left, "the jump leaves the list open, or the reader where they were")
    page.go_back()
    wait_for(lambda: page.evaluate("scrollY") == left, 5, lambda: f"the way back leads to {page.evaluate('scrollY')}, not to {left}")
    list_key_events(page)
    page.keyboard.press("Escape")
    wait_for(lambda: page.locator("#jump").count() == 0, 5, "Escape does not close the list")
    page.wait_for_timeout(REOPEN_MILLISECONDS)
    list_key_events(page)
    press_key_events(page)
    wait_for(lambda: page.locator("#jump").count() == 0, 5, "a second press does not close the list")
    check(page.evaluate("scrollY") == left, "closing the list moves the page")
    visit.close()
    fresh = Visit(browser, f"{url}#u-{last}")
    wait_for(lambda: fresh.page.locator(f"#u-{last}").count() == 1, 10, "an address within the page does not load what it names")
    fresh.must_be_well("an address within the page")
    fresh.close()
    passed("the bar says where one is, covers no focus, and leads to key events, which are loaded as it takes")


def press_key_events(page):
    """Presses the link to the key events in the bar, by its place, since a click of Playwright may scroll."""
    link = page.locator(".here .to-events").bounding_box()
    page.mouse.click(link["x"] + link["width"] / 2, link["y"] + link["height"] / 2)


def list_key_events(page):
    """Opens the list of key events from the bar, and returns where the page is, which that does not change."""
    left = page.evaluate("scrollY")
    press_key_events(page)
    wait_for(lambda: page.locator("#jump a").count() > 1, 5, "the bar does not list the key events")
    check(page.evaluate("scrollY") == left and page.evaluate("document.activeElement.closest('#jump') !== null"), "the list moves the page, or has no focus")
    return left


def check_views(browser, newsroom, url):
    update = newsroom.post("With a tag.", author="Ada Moor", tags=["Tide & wind"])
    for scripts in (True, False):
        visit = Visit(browser, url, java_script_enabled=scripts)
        page = visit.page
        for link in (f"#u-{update} .tags a", f"#u-{update} .author a"):
            page.locator(link).first.click()
            page.wait_for_load_state()
            shown = page.eval_on_selector_all("#updates article", "all => all.map(each => each.dataset.id)")
            check(update in shown and len(shown) < 5 and page.locator("meta[name=robots]").count() == 1, f"{link} leads to {shown}")
            page.get_by_role("link", name="All updates", exact=True).click()
            page.wait_for_load_state()
        page.get_by_role("link", name="Oldest first").click()
        page.wait_for_load_state()
        times = page.eval_on_selector_all("#updates article", "all => all.map(each => each.dataset.published)")
        check(len(times) > 10 and times == sorted(times), f"the oldest are not first: {times[:3]}")
        if scripts:
            check_end(browser, newsroom, visit)
        visit.close()
    passed("views by tag, by author and with the oldest first are links, and lead back; what is new is told at the end")


def check_end(browser, newsroom, visit):
    page = visit.page
    wait_for(lambda: page.inner_text("#connection") == "Live", 10, "the oldest updates are not followed")
    first = page.locator("#updates article").first.get_attribute("data-id")
    newsroom.edit(first, body="The first, edited.")
    newest = newsroom.post("New at the end.")
    wait_for(lambda: page.inner_text("#news") == "1 new update at the end", 10, lambda: f"the button says {page.inner_text('#news')!r}")
    comes(page, "The first, edited.")
    page.locator("#news").click()
    wait_for(lambda: page.locator("#updates article").last.get_attribute("data-id") == newest, 10, "the end is not loaded")
    check(page.locator("#news").is_hidden(), "what was shown is still told")
    settle(browser, visit, "news at the end")


def check_return(browser, newsroom, url):
    visit = watched(browser, url)
    page = visit.page
    wait_for(lambda: page.inner_text("#connection") == "Live", 10, "the page does not come alive")
    check(page.locator("[data-here]").count() == 0, "a first visit is told as a return")
    page.goto("about:blank")
    newsroom.post("While away, one.")
    newsroom.post("While away, two.")
    # So long the browser shows what it has.
    page.wait_for_timeout(FRESH_MILLISECONDS)
    page.goto(url)
    wait_for(lambda: page.locator("[data-here]").count() == 1, 5, "a reader who comes back is not told where they were")
    words = page.locator("[data-here]").get_attribute("data-here")
    check(words.startswith("2 new updates since you were here at "), f"it says {words!r}")
    page.wait_for_timeout(500)
    must_stand_still(visit, "coming back")
    visit.close()
    passed(f"who comes back is told {words[:35]!r}…, and nothing shifts")


def check_share(browser, newsroom, url):
    visit = Visit(browser, url, permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    button = page.locator("#updates article .share").first
    wait_for(button.is_enabled, 5, "the button that shares stays dead")
    box = button.bounding_box()
    check(min(box["width"], box["height"]) >= LEAST_TARGET_PIXELS, f"it is {box}")
    page.evaluate("navigator.share = undefined")
    button.focus()
    page.keyboard.press("Enter")
    wait_for(lambda: page.inner_text("#connection") == "Link copied.", 5, "that a link was copied is not said")
    link = page.locator("#updates article .permalink").first.get_attribute("href")
    check(page.evaluate("navigator.clipboard.readText()") == url.partition("/live/")[0] + link, "another link was copied")
    visit.must_be_well("sharing")
    visit.close()
    passed("the link of an update is copied by keyboard, and that is said")


def check_one(browser, newsroom, url):
    newer, update, older = newsroom.newest(3)
    newsroom.edit(newer, title="The next")
    newsroom.client.must_write("POST", f"{newsroom.path}/updates/{older}/strike", {"reason": "It was wrong."})
    visit = Visit(browser, f"{url}/{update}", **PHONE)
    page = visit.page
    top = page.locator(f"#u-{update}").bounding_box()["y"]
    check(top < 300, f"the one update is {top:.0f} px below the top")
    must_be_accessible(page, "the page of one update")
    around = page.locator("#around a").all_inner_texts()
    check(len(around) == 3 and around[0] == "Back to the live story" and around[1] == "Newer update\nThe next"
          and around[2].startswith("Older update\nRetracted: "), f"around it there are {around}")
    newsroom.edit(newer, title="The next, edited")
    wait_for(lambda: page.locator("#around a").nth(1).inner_text() == "Newer update\nThe next, edited", 10, "a neighbour keeps its former title")
    newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{newer}")
    wait_for(lambda: page.locator("#around a").count() == 2, 10, "a link leads to an update that is gone")
    page.locator("#around a").first.click()
    page.wait_for_url(f"{url}#u-{update}")
    visit.must_be_well("one update")
    visit.close()
    newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{older}/strike")
    passed(f"the page of one update has it {top:.0f} px below the top, with its neighbours by title, and axe finds nothing")


def check_pictures(browser, newsroom, url):
    base = url.partition("/live/")[0]
    update = newsroom.post("With a picture.", media=[
        {"type": "image", "url": f"{base}/none.png", "alt": "The quay", "width": 800, "height": 1200}])
    visit = Visit(browser, url)
    figure = visit.page.locator(f"#u-{update} figure")
    figure.scroll_into_view_if_needed()
    wait_for(lambda: figure.bounding_box()["height"] < 30, 10, lambda: f"a broken picture keeps {figure.bounding_box()}")
    said = figure.evaluate("figure => getComputedStyle(figure, '::before').content")
    check("This picture could not be loaded. The quay" in said, f"of a broken picture it says {said}")
    check(not figure.locator("a").is_visible(), "a broken picture is still a link")
    settle(browser, visit, "a broken picture")
    newsroom.edit(update, media=[{"type": "image", "url": f"{base}/apple-touch-icon.png", "alt": "The quay", "width": 180, "height": 180}])
    wait_for(lambda: figure.bounding_box()["height"] > 160, 10, lambda: f"a mended picture keeps {figure.bounding_box()}")
    small = {"type": "image", "url": f"{base}/apple-touch-icon.png", "alt": "Small", "width": 180, "height": 90}
    newsroom.edit(update, media=[small, small])
    wait_for(lambda: visit.page.locator(f"#u-{update} .gallery img").count() == 2, 10, "the gallery does not come")
    fit = visit.page.locator(f"#u-{update} .gallery img").first.evaluate("image => getComputedStyle(image).objectFit")
    check(fit == "scale-down", f"a small picture in a gallery is fitted by {fit}")
    visit.must_be_well("a mended picture")
    visit.close()
    passed("a broken picture folds to a line, and unfolds once it is mended; a small one stays as small in a gallery")


def check_print(browser, url):
    visit = Visit(browser, url)
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    text = visit.page.inner_text("body")
    check(f"{url} · printed " in text and not visit.page.locator(".share").first.is_visible(), "on paper address or date is missing")
    check(not visit.page.locator(".update > footer").first.is_visible(), "on paper there is room for buttons")
    markers = visit.page.eval_on_selector_all("summary", "all => all.map(each => getComputedStyle(each).listStyleType)")
    check(set(markers) == {"none"}, f"on paper what folds is marked by {markers}")
    visit.close()
    passed("on paper there are address and date, and neither buttons nor fold arrows")


def check_empty(browser, newsroom, url):
    """What waits for its first update says so, since when, and offers no views of nothing."""
    base = url.partition("/live/")[0]
    made = newsroom.client.must_write("POST", "/stories", {"slug": "empty", "title": "The vote"}).json
    visit = watched(browser, f"{base}/live/empty", **PHONE)
    page = visit.page
    wait_for(lambda: page.inner_text("#connection") == "Live", 10, "an empty story is not followed")
    clip = page.evaluate("getComputedStyle(document.querySelector('#connection')).clipPath")
    check(clip == "inset(50%)", f"that all is well is shown at the end of the list, clipped by {clip}")
    said = page.inner_text("#empty")
    check(said.startswith("No updates yet. This story has been followed since "), f"it says {said!r}")
    check(page.locator("#empty time").get_attribute("datetime") == made["publishedAt"], "it names another time")
    check(not page.locator(".views a").first.is_visible(), "an empty story has views")
    must_stand_still(visit, "an empty story")
    newsroom.client.must_write("PATCH", "/stories/empty", {"status": "closed"})
    wait_for(lambda: page.inner_text("#empty") == "This story was closed without an update.", 10, "a close is not told")
    visit.close()
    newsroom.client.must_write("PATCH", "/stories/empty", {"status": "live"})
    newsroom.client.must_write("POST", "/stories/empty/updates", {"body": "It begins."})
    visit = Visit(browser, f"{base}/live/empty", **PHONE)
    check(visit.page.locator(".views a").first.is_visible() and not visit.page.locator("#empty").is_visible(), "a story that has begun is shown as empty")
    visit.close()
    passed("an empty story says since when it waits, without views, and \"Live\" stands at no end of a list")


def check_reaction_kinds(browser, newsroom, url):
    visit = Visit(browser, url)
    wait_for(lambda: visit.page.inner_text("#connection") == "Live", 10, "the page is not live")
    for kinds, shown in ([], 0), (None, 1):
        newsroom.story(reactionKinds=kinds)
        wait_for(lambda: min(visit.page.locator(".react").count(), 1) == shown, 10, f"of {kinds} the page shows {visit.page.locator('.react').count()}")
        settle(browser, visit, f"the kinds of reaction {kinds}")
    visit.close()
    passed("a story without reactions has no buttons, and gets them back, on open pages too")


def check_way(browser, newsroom, url):
    check_first_screen(browser, newsroom, url)
    check_points(browser, newsroom, url)
    check_bar(browser, newsroom, url)
    check_views(browser, newsroom, url)
    check_return(browser, newsroom, url)
    check_share(browser, newsroom, url)
    check_one(browser, newsroom, url)
    check_pictures(browser, newsroom, url)
    check_print(browser, url)
    check_empty(browser, newsroom, url)
    check_reaction_kinds(browser, newsroom, url)
    check_search(browser, newsroom, url)
