# SPDX-License-Identifier: Apache-2.0
"""How readers find things: the search in a story and among stories, and pages of some updates, with scripts and without."""

from accessibility import PHONE
from checks import check, passed, wait_for
from frontends import Visit, must_be_accessible, settle

SHOWN = "() => [...document.querySelectorAll('#updates article')].map(each => each.dataset.id)"
TOP = "() => document.querySelector('#updates article').getBoundingClientRect().top"
# The first of what was found is to be seen at once, on a phone 740 pixels high.
MOST_TOP = 400


def searched(page, words):
    field = page.locator("#search input")
    field.focus()
    field.fill(words)
    field.press("Enter")
    page.wait_for_load_state()
    return page.evaluate(SHOWN)


def check_search(browser, newsroom, url):
    first = newsroom.post("The school in **Harbour Street** is closed.", title="A school")
    second = newsroom.post("All schools are open again.")
    tops = []
    for settings in (PHONE, {**PHONE, "java_script_enabled": False}, {}):
        visit = Visit(browser, url, **settings)
        page = visit.page
        check(searched(page, "school") == [second, first], f"a search finds {page.evaluate(SHOWN)}")
        tops.append(page.evaluate(TOP))
        check(page.inner_text("#part h2") == "2 updates with “school”", f"it says {page.inner_text('#part h2')!r}")
        check(page.input_value("#search input") == "school" and "“school”" in page.title(), "the search is not kept")
        check(searched(page, "no such word") == [], "something is found by words that are nowhere")
        check(page.inner_text("#part h2") == "No updates with “no such word”", "nothing is found, in silence")
        page.get_by_role("link", name="Show all updates").click()
        page.wait_for_load_state()
        check(len(page.evaluate(SHOWN)) > 10, "the way back to all updates leads elsewhere")
        if "java_script_enabled" not in settings:
            page.goto(f"{url}?q=school")
            must_be_accessible(page, "what a search has found")
            marks = page.locator("#updates mark").all_inner_texts()
            check(marks == ["school", "school", "school"], f"what was found is marked as {marks}")
            page.locator(f"#u-{first} .share:not(:disabled)").wait_for()
            visit.must_be_well("a search")
        visit.close()
    check(max(tops) < MOST_TOP, f"the first of what is found is {max(tops):.0f} px below the top")
    check_views_of_some(browser, newsroom, url)
    check_stories(browser, url)
    passed(f"a search finds updates and stories, with scripts and without; on a phone the first is {tops[0]:.0f} px below the top")


def check_views_of_some(browser, newsroom, url):
    """Views of some updates say how many they are, also as they change."""
    newsroom.post("One.", tags=["Sluice"])
    visit = Visit(browser, f"{url}?tag=sluice", **PHONE)
    page = visit.page
    top = page.evaluate(TOP)
    check(top < MOST_TOP, f"the first update of a tag is {top:.0f} px below the top")
    wait_for(lambda: page.inner_text("#connection") == "Live", 10, "a view of a tag is not live")
    check(page.inner_text("#part").startswith("#Sluice") and page.inner_text("#count") == "1 update", page.inner_text("#part"))
    newsroom.post("Two.", tags=["sluice"])
    wait_for(lambda: page.inner_text("#count") == "2 updates", 10, lambda: f"it says {page.inner_text('#count')!r}")
    newsroom.story(title="Storm at the sluice")
    wait_for(lambda: "sluice" in page.inner_text("#story h1"), 10, "the short head does not follow the story")
    settle(browser, visit, "a view of a tag")
    must_be_accessible(page, "a view of a tag")
    visit.close()


def check_stories(browser, url):
    front = url.partition("/live/")[0]
    for scripts in (True, False):
        visit = Visit(browser, front, java_script_enabled=scripts)
        page = visit.page
        for words, count in (("sluice", 1), ("no such word", 0)):
            searched(page, words)
            check(page.locator(".stories > li").count() == count, f"{words!r} finds {page.locator('.stories > li').count()} stories")
        page.get_by_role("link", name="Show all stories").click()
        page.wait_for_load_state()
        check(page.locator("#part").count() == 0 and page.locator(".stories > li").count() > 0, "the way back leads elsewhere")
        if scripts:
            must_be_accessible(page, "the list of stories")
        visit.close()
