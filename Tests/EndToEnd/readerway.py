# SPDX-License-Identifier: Apache-2.0
"""The reader's way through a story: the first screen, the bar, jumps to key events, views, the line between old and new, sharing, print."""

from accessibility import PHONE
from checks import check, passed, wait_for
from frontends import Visit, comes, settle
from readersearch import check_search

SHIFTS = """window.shifts = []; new PerformanceObserver(list => { for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.shifts.push([entry.value, ...entry.sources.map(({node}) => node?.id || node?.className)]);
}).observe({type: "layout-shift", buffered: true});"""
FIRST = "() => document.querySelector('#pinned article, #updates article').getBoundingClientRect().top"
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
    pinned = newsroom.newest(1)[0]
    newsroom.edit(pinned, pinned=True)
    # A picture that folds because it cannot be loaded moves what is below it.
    for update in newsroom.newest(5):
        newsroom.edit(update, media=[])
    tops = []
    for settings, most in (({"viewport": {"width": 1440, "height": 900}}, 450), (PHONE, 740)):
        visit = watched(browser, url, **settings)
        tops.append(visit.page.evaluate(FIRST))
        check(tops[-1] < most, f"the first update is {tops[-1]:.0f} px below the top of {settings['viewport']}")
        # Folding is remembered, before the page is painted.
        visit.page.locator(".pinned-updates summary").click()
        visit.page.reload()
        visit.page.wait_for_timeout(500)
        check(visit.page.locator("#pinned").is_hidden(), "a folded part is open again")
        must_stand_still(visit, "a page with a folded part")
        visit.must_be_well("the first screen")
        visit.close()
    newsroom.edit(pinned, pinned=False)
    passed(f"the first update is {tops[0]:.0f} px below the top of a desktop's page, {tops[1]:.0f} of a phone's; nothing shifts, folded or not")


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
    page.locator(".here [href='#timeline']").click()
    check(page.locator("#timeline").is_visible(), "the bar does not lead to the key events")
    last = page.locator("#timeline li").last.get_attribute("data-id")
    check(page.locator(f"#u-{last}").count() == 0, "the last key event is loaded already")
    page.locator("#timeline li a").last.click()
    wait_for(lambda: page.locator(f"#u-{last}").count() == 1, 10, "a key event that is not on the page is not loaded")
    wait_for(lambda: page.evaluate("document.activeElement.closest('article')?.dataset.id") == last, 5, "the focus does not follow the jump")
    check(page.url == f"{url}#u-{last}" and not page.evaluate(COVERED), f"the jump leads to {page.url}, or below the bar")
    visit.close()
    fresh = Visit(browser, f"{url}#u-{last}")
    wait_for(lambda: fresh.page.locator(f"#u-{last}").count() == 1, 10, "an address within the page does not load what it names")
    fresh.must_be_well("an address within the page")
    fresh.close()
    passed("the bar says where one is, covers no focus, and leads to key events, which are loaded as it takes")


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
    update = newsroom.newest(3)[1]
    visit = Visit(browser, f"{url}/{update}", **PHONE)
    page = visit.page
    top = page.locator(f"#u-{update}").bounding_box()["y"]
    check(top < 300, f"the one update is {top:.0f} px below the top")
    check(page.locator("#around a").all_inner_texts() == ["Back to the live story", "Newer update", "Older update"], "its neighbours are missing")
    newsroom.client.must_write("DELETE", f"{newsroom.path}/updates/{newsroom.newest(1)[0]}")
    wait_for(lambda: page.locator("#around a").count() == 2, 10, "a link leads to an update that is gone")
    page.locator("#around a").first.click()
    page.wait_for_url(f"{url}#u-{update}")
    visit.must_be_well("one update")
    visit.close()
    passed(f"the page of one update has it {top:.0f} px below the top, with links to its neighbours")


def check_pictures(browser, newsroom, url):
    base = url.partition("/live/")[0]
    update = newsroom.post("With a picture.", media=[
        {"type": "image", "url": f"{base}/none.png", "alt": "The quay", "caption": "By night", "width": 800, "height": 1200}])
    visit = Visit(browser, url)
    figure = visit.page.locator(f"#u-{update} figure")
    figure.scroll_into_view_if_needed()
    wait_for(lambda: figure.bounding_box()["height"] < 120, 10, lambda: f"a broken picture keeps {figure.bounding_box()}")
    settle(browser, visit, "a broken picture")
    newsroom.edit(update, media=[{"type": "image", "url": f"{base}/apple-touch-icon.png", "alt": "The quay", "width": 180, "height": 180}])
    wait_for(lambda: figure.bounding_box()["height"] > 160, 10, lambda: f"a mended picture keeps {figure.bounding_box()}")
    visit.must_be_well("a mended picture")
    visit.close()
    passed("a broken picture folds to its text, and unfolds once it is mended")


def check_print(browser, url):
    visit = Visit(browser, url)
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    text = visit.page.inner_text("body")
    check(f"{url} · printed " in text and not visit.page.locator(".share").first.is_visible(), "on paper address or date is missing")
    visit.close()
    passed("on paper there are address and date, and no buttons")


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
    check_bar(browser, newsroom, url)
    check_views(browser, newsroom, url)
    check_return(browser, newsroom, url)
    check_share(browser, newsroom, url)
    check_one(browser, newsroom, url)
    check_pictures(browser, newsroom, url)
    check_print(browser, url)
    check_reaction_kinds(browser, newsroom, url)
    check_search(browser, newsroom, url)
