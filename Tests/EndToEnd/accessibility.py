# SPDX-License-Identifier: Apache-2.0
"""Accessibility and compatibility of the reader's page: without JavaScript, by keyboard alone, on a phone, and by axe."""

import re

from checks import check, passed, wait_for
from frontends import TARGET_SIZE, Visit, comes, must_be_accessible

PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


def check_without_script(browser, newsroom, url):
    visit = Visit(browser, url, java_script_enabled=False)
    snapshot = newsroom.client.whole(newsroom.slug)
    page, seen = visit.page, []
    while True:
        seen += [article.get_attribute("data-id") for article in page.locator("article.update").all()]
        older = page.locator("#older:not([hidden]) a")
        if not older.count():
            break
        older.click()
    check(set(seen) == {update["id"] for update in snapshot["updates"]}, "without a script the page does not read whole")
    page.goto(url)
    text = page.inner_text("body").lower()
    for part in ("Ada", "Coast", "One.", "Ranking", "Helpful", "Closed" if snapshot["story"]["status"] == "closed" else "Live"):
        check(part.lower() in text, f"without a script the page does not show {part!r}")
    visit.close()
    passed(f"without a script {len(set(seen))} updates read whole, by page")


def check_keyboard(browser, newsroom, url):
    """Everything that works by pointer works by keyboard."""
    visit = Visit(browser, url)
    page = visit.page
    wait_for(lambda: page.locator("button.react:not([disabled])").count() > 0, 5, "the script does not come to life")

    def focused():
        return page.evaluate("() => { const e = document.activeElement; return [e.id || e.className, e.closest('article')?.id] }")

    page.keyboard.press("Tab")
    check(focused()[0] == "skip", f"the first Tab goes to {focused()}")
    page.keyboard.press("Enter")
    check(focused()[0] == "updates", f"the skip link leads to {focused()}")
    for _ in range(6):
        page.keyboard.press("Tab")
        if focused()[0] == "react":
            break
    check(focused()[0] == "react", f"no reaction can be reached: {focused()}")
    update = focused()[1].removeprefix("u-")
    page.keyboard.press("Space")
    count = lambda: newsroom.client.read(f"{newsroom.path}/reactions")["updates"].get(update, {}).get("veryGood", 0)
    wait_for(lambda: count() == 1, 5, "a reaction by keyboard is not counted")
    page.keyboard.press("End")
    page.wait_for_timeout(600)
    newsroom.edit(update, body="Edited under the focus.")
    comes(page, "Edited under the focus.")
    check(focused() == ["react", f"u-{update}"], f"the focus is lost to an edit: {focused()}")
    newsroom.post("For the keyboard.")
    wait_for(lambda: page.inner_text("#news") == "1 new update", 10, "no button comes")
    page.locator("#news").focus()
    page.keyboard.press("Enter")
    comes(page, "For the keyboard.")
    visit.must_be_well("by keyboard")
    visit.close()
    passed("by keyboard: skip link, reaction, new updates; an edit leaves the focus where it is")


def check_phone(browser, url):
    """Content below the updates can be reached: older updates are loaded on request only."""
    visit = Visit(browser, url, **PHONE)
    page = visit.page
    page.wait_for_timeout(500)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(800)
    count = page.locator("#updates article").count()
    check(count == 50 and page.locator("#feeds").is_visible(), f"at the end of a phone's page there are {count} updates")
    page.get_by_role("link", name="Older updates").tap()
    wait_for(lambda: page.locator("#updates article").count() > 50, 5, "older updates do not come")
    visit.must_be_well("on a phone")
    visit.close()
    passed("on a phone the lists below the updates can be reached, and older updates come when asked for")


# The views that are not wholly in sight.
CUT = """() => [...document.querySelectorAll('.views a')].filter(each => {
    const [nav, it] = [each.parentElement.getBoundingClientRect(), each.getBoundingClientRect()];
    return it.left < nav.left - 1 || it.right > nav.right + 1;
}).map(each => each.textContent)"""


def check_views_fit(client, page, slug):
    """Beside search, bell and sound all views are wholly in sight on phones and tablets, in English and German."""
    for language in ("de", "en"):
        client.must_write("PATCH", f"/stories/{slug}", {"language": language})
        page.reload()
        page.locator("#bell .sound").wait_for()
        for width in (360, 412, 480, 481, 600, 641, 720, 768, 769, 833):
            page.set_viewport_size({"width": width, "height": 740})
            check(not page.evaluate(CUT), f"{width} px wide, in {language}, these views are cut: {page.evaluate(CUT)}")
    page.set_viewport_size({"width": 1280, "height": 720})
    passed("beside the bell all views are wholly in sight on phones and tablets")


TIMES = "() => [...document.querySelectorAll('time')].map(time => time.textContent)"


def check_times(browser, newsroom, url):
    """Clock times on screen; dates with time zone in print and without JavaScript."""
    newsroom.post("Of just now.")
    update = newsroom.newest(1)[0]
    for address in (url, f"{url}/{update}"):
        visit = Visit(browser, address, timezone_id="Asia/Tokyo")
        page = visit.page
        shown = lambda: page.locator(f"#u-{update} .permalink").inner_text()
        wait_for(lambda: re.fullmatch(r"\d\d:\d\d · (just now|\d+ min ago)", shown()), 5, lambda: f"a time is {shown()!r}")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        wrong = [time for time in page.evaluate(TIMES) if not re.search(r"\d{4}, \d\d:\d\d GMT\+9$", time)]
        check(not wrong, f"on paper {address} has the times {wrong[:3]}")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        check("·" in shown(), "after printing the times are as on paper")
        visit.close()
    visit = Visit(browser, url, java_script_enabled=False)
    times = [time.inner_text() for time in visit.page.locator("time:visible").all()]
    wrong = [time for time in times if not re.fullmatch(r"\d+ \w{3} \d{4}, \d\d:\d\d UTC", time)]
    check(times and not wrong, f"without a script there are the times {wrong[:3]}")
    visit.close()
    passed("times are clock times beside how long ago; on paper and without a script dates with their zone")


def check_back(browser, newsroom, url):
    """Going back shows what was seen before leaving, also if the browser restores the original HTML."""
    visit = Visit(browser, url)
    page = visit.page
    # Pages with a pending request are excluded from the back/forward cache; the browser uses its HTTP cache.
    newsroom.post("Seen before.")
    comes(page, "Seen before.")
    page.locator("#updates article").nth(10).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    page.locator("#updates article").nth(10).locator(".permalink").click()
    page.wait_for_url(f"{url}/*")
    page.go_back()
    page.wait_for_url(url)
    comes(page, "Seen before.")
    check(page.locator("#news").is_hidden(), f"what was seen is told as new: {page.inner_text('#news')!r}")
    newsroom.post("Not seen before.")
    wait_for(lambda: page.inner_text("#news") == "1 new update", 10, "what is new is not told")
    visit.must_be_well("going back")
    visit.close()
    passed("going back tells nothing as new that was seen")


def check_access(browser, url, base):
    count = 0
    for scheme in ("light", "dark"):
        for settings in ({}, PHONE):
            for address in (url, f"{url}?only=key", base + "/", base + "/live/none"):
                visit = Visit(browser, address, color_scheme=scheme, **settings)
                visit.page.wait_for_timeout(200)
                must_be_accessible(visit.page, f"{address} in {scheme}")
                wide = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                check(wide <= 0, f"{address} is {wide} px too wide for {settings or 'a desktop'}")
                visit.close()
                count += 1
    passed(f"axe finds nothing on {count} pages, light and dark, phone and desktop; none has to be moved sideways")


# 1,280 by 1,024 pixels at 400 percent.
ZOOMED = {"viewport": {"width": 320, "height": 256}}


def check_sight(browser, url, base):
    """At 400 percent, with the colours of the system, without motion: nothing is cut off, too small, unseen or moving."""
    for address in (url, f"{url}?only=key", f"{base}/", f"{base}/live/none"):
        visit = Visit(browser, address, forced_colors="active", reduced_motion="reduce", **ZOOMED)
        page = visit.page
        page.wait_for_timeout(300)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(wide <= 0, f"at 400 percent {address} is {wide} px too wide")
        must_be_accessible(page, f"{address} at 400 percent in forced colours", TARGET_SIZE)
        # Those of another timeline follow the reader's own scrolling.
        moving = page.evaluate("document.getAnimations().filter(each => each.timeline === document.timeline).map(each => each.animationName)")
        check(not moving, f"{address} moves although the reader wants no motion: {moving}")
        page.keyboard.press("Tab")
        outline = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        check(outline >= 2, f"in forced colours the focus on {address} has an outline of {outline} px")
        visit.close()
    passed("at 400 percent, in forced colours and without motion four pages read without moving sideways, with targets of 24 px")
