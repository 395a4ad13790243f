# SPDX-License-Identifier: Apache-2.0
"""The house's own site, in a real browser: three newsrooms made by settings alone, and their making at the desk.

Each is looked at light and dark, on a desktop and a phone, with axe, and for shifts of the layout. `python check_site.py pictures` also
retakes the pictures of the newsrooms in docs/.
"""

import base64
import json
import pathlib
import sys
import tempfile

from checks import check, passed, run, wait_for
from deskpage import DESKTOP, DeskPage
from frontends import Visit, must_be_accessible
from pages import Browser
from screenshots import STORY, prepare
from wireroom import ADMIN_KEY, Client, Wireroom

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEWSROOMS = {"broadsheet": "The Alder Courier", "sport": "Touchline", "charity": "عون الميناء"}
SIZES = {"a desktop": {"viewport": {"width": 1440, "height": 900}}, "a phone": {"viewport": {"width": 360, "height": 740}}}
SHIFTS = """() => new Promise(resolve => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { if (!entry.hadRecentInput) sum += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 500);
})"""
# On a slow machine, a page is painted before its script writes times in the reader's words: what stands beside them moves a little.
MOST_SHIFT = 0.01
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0 && document.querySelector('.foot') !== null"
SHEET = """<!doctype html><style>body {{ margin: 0; padding: 16px; width: 1300px; display: grid; gap: 16px; background: #8a8a8a;
grid-template-columns: 940px 344px }} img {{ display: block; width: 100%; height: 620px; object-fit: cover; object-position: top }}</style>
{pictures}"""


ARABIC = "harbour-aid"
ARABIC_STORY = {
    "title": "مباشر: العاصفة تغلق الميناء والعبّارة تصل بسلام وعلى متنها 214 راكباً", "slug": ARABIC, "status": "live",
    "summary": "فرقنا على الرصيف منذ الفجر. نوزّع البطانيات والحساء الساخن على الركاب وعلى من ينتظرونهم.",
    "keyPoints": ["أُغلق الميناء عند الفجر لأول مرة منذ تسعة عشر عاماً.", "وصل جميع الركاب إلى اليابسة.", "الطريق الساحلي مغلق حتى صباح الأحد."],
}
ARABIC_UPDATES = [
    {"title": "فتحنا قاعة المدرسة", "body": "القاعة مفتوحة لكل من لا يستطيع العودة إلى بيته الليلة. لدينا **ثمانون سريراً**.", "tags": ["مأوى"]},
    {"title": "وصلت القاطرات إلى العبّارة", "body": "تمسك قاطرتان بالعبّارة من مقدمتها ومؤخرتها، والريح تهدأ ببطء.", "keyEvent": True},
    {"body": "يحتاج المتطوعون إلى:\n\n- بطانيات\n- أحذية جافة\n- سائقين مع سياراتهم", "tags": ["تطوّع"]},
    {"title": "الجميع على اليابسة", "body": "نزل آخر الركاب قبل قليل، وبينهم كلبان وببغاء.", "keyEvent": True, "pinned": True},
]
STORIES = {"charity": ARABIC}
"""The story by which a newsroom is shown, if it is not that of the sample."""


def settings_of(name):
    return json.loads((ROOT / "Samples" / f"site-{name}.json").read_text())["settings"]


def check_newsroom(browser, server, client, name):
    answer = client.must_write("PUT", "/site", settings_of(name))
    for scheme in ("light", "dark"):
        for pair in answer.json["contrast"][scheme].values():
            check(pair["ratio"] >= 4.5, f"{name}: a contrast of {pair['ratio']}")
        for where, size in SIZES.items():
            for path in (f"/live/{STORIES.get(name, STORY)}", "/", "/live/none"):
                visit = Visit(browser, server.url + path, color_scheme=scheme, **size)
                page, place = visit.page, f"{name} {path} {scheme} on {where}"
                check(NEWSROOMS[name] in page.inner_text(".masthead").replace(NEWSROOMS[name].upper(), NEWSROOMS[name]), f"{place}: no name")
                check(page.locator(".foot").inner_text().strip(), f"{place}: no foot")
                must_be_accessible(page, place)
                width, most = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
                check(width <= most, f"{place} is {width} pixels wide on a screen of {most}")
                shift = page.evaluate(SHIFTS)
                check(shift < MOST_SHIFT, f"{place}: the layout shifts by {shift}")
                visit.must_be_well(place)
                visit.close()
    check_slow_line(browser, server, name)
    for zone in ("America/New_York", "Asia/Tokyo"):
        check_late_script(browser, server, name, zone)
    passed(f"{NEWSROOMS[name]}: light and dark, wide and narrow, with axe and without shifts, on a slow line and with a late script, too")


def check_slow_line(browser, server, name):
    """On a slow line a phone paints a page before the whole of it is there: what comes later moves nothing."""
    visit = Visit(browser, "about:blank", **SIZES["a phone"])
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 40, "downloadThroughput": 30 * 1024, "uploadThroughput": -1})
    visit.page.goto(f"{server.url}/live/{STORIES.get(name, STORY)}")
    shift = visit.page.evaluate(SHIFTS)
    check(shift < MOST_SHIFT, f"{name} on a phone with a slow line: the layout shifts by {shift}")
    visit.close()


def check_late_script(browser, server, name, zone):
    """A phone paints a page before its script is there: times in words of the script, which are longer or shorter, move nothing."""
    visit = Visit(browser, "about:blank", timezone_id=zone, **SIZES["a phone"])
    # The newest updates are not of this minute.
    visit.page.add_init_script("const { now } = Date; Date.now = () => now() + 25 * 60_000")
    held = []
    visit.page.route("**/assets/live-*.js", lambda route: held.append(route))
    visit.page.goto(f"{server.url}/live/{STORIES.get(name, STORY)}", wait_until="commit")
    wait_for(lambda: visit.page.evaluate(PAINTED), 10, f"{name} with a late script: nothing is painted")
    times = visit.page.locator(".update time").all_inner_texts()
    for route in held:
        route.continue_()
    visit.page.wait_for_load_state()
    shift = visit.page.evaluate(SHIFTS)
    check(visit.page.locator(".update time").all_inner_texts() != times, f"{name}: the script came before the page was painted")
    check(shift < MOST_SHIFT, f"{name} on a phone in {zone} with a late script: the layout shifts by {shift}")
    visit.close()


def check_open_page(browser, server, client):
    """A page that is open keeps its title and follows the story's look."""
    client.must_write("PUT", "/site", settings_of("sport"))
    visit = Visit(browser, f"{server.url}/live/{STORY}")
    title = visit.page.title()
    check(title.endswith(" – Touchline"), f"the title is {title!r}")
    client.must_write("POST", f"/stories/{STORY}/updates", {"body": "For the open page."})
    visit.page.get_by_text("For the open page.").first.wait_for()
    client.must_write("PATCH", f"/stories/{STORY}", {"theme": "sober"})
    wait_for(lambda: visit.page.evaluate("document.body.dataset.theme") == "sober", 10, "the look does not follow")
    check("Touchline" in visit.page.title(), f"the title became {visit.page.title()!r}")
    for scheme in ("light", "dark"):
        for theme in ("sober", "sport", "election"):
            client.must_write("PATCH", f"/stories/{STORY}", {"theme": theme})
            other = Visit(browser, f"{server.url}/live/{STORY}", color_scheme=scheme)
            must_be_accessible(other.page, f"the look {theme}, {scheme}")
            other.close()
    client.must_write("PATCH", f"/stories/{STORY}", {"theme": "none"})
    visit.must_be_well("an open page")
    visit.close()
    passed("an open page keeps the name of the site in its title, and follows the look of its story")


def check_consent(browser, server, client):
    """Nothing is asked of third parties before a reader consents, and their origins alone are allowed."""
    script = "https://statistics.example/count.js"
    client.must_write("PUT", "/site", {"name": "Courier", "slots": [{"name": "Statistics", "purpose": "analytics", "script": script}]})
    visit = Visit(browser, "about:blank")
    page = visit.page
    page.context.route("https://statistics.example/**", lambda route: route.fulfill(
        content_type="text/javascript", body="document.body.dataset.counted = 'yes'"))
    page.goto(f"{server.url}/live/{STORY}")
    page.get_by_role("button", name="Refuse all").wait_for()
    must_be_accessible(page, "the question for consent")
    foreign = lambda: [url for url in visit.requests if not url.startswith(server.url)]
    check(not [url for url in foreign() if "statistics" in url], f"before consent: {foreign()}")
    page.get_by_role("button", name="Refuse all").click()
    page.reload()
    page.get_by_role("button", name="Privacy choices").wait_for()
    check(page.locator("#consent").count() == 0, "a refusal is not remembered")
    check(not [url for url in foreign() if "statistics" in url], f"after a refusal: {foreign()}")
    page.get_by_role("button", name="Privacy choices").click()
    page.get_by_label("Statistics measures").check()
    page.get_by_role("button", name="Allow what is ticked").click()
    wait_for(lambda: page.evaluate("document.body.dataset.counted") == "yes", 5, "the script does not run after consent")
    check([url for url in foreign() if "statistics" in url] == [script], f"after consent: {foreign()}")
    visit.must_be_well("consent")
    visit.close()
    client.must_write("PUT", "/site", {})
    passed("scripts of third parties are loaded after consent, and not before")


def check_desk(browser, server, client):
    client.must_write("PUT", "/site", {})
    desk = DeskPage(browser.browser.new_context(**DESKTOP), server.url).sign_in(ADMIN_KEY)
    page = desk.page
    page.get_by_role("link", name="Appearance").click()
    form = page.get_by_role("form", name="Appearance")
    form.get_by_label("Name", exact=True).fill("The Alder Courier")
    light = form.get_by_role("group", name="Colours").get_by_role("group", name="On a light background")
    light.get_by_label("Accent", exact=True).fill("#ffcc00")
    check("Contrast 1.48:1, too low" in light.inner_text(), f"no contrast is shown: {light.inner_text()}")
    desk.button("Save").click()
    form.get_by_role("alert").get_by_text("Validation failed").wait_for()
    check("has a contrast of 1.48:1" in light.inner_text(), "the error is not beside its field")
    light.get_by_label("Accent", exact=True).fill("#0b5d3b")
    check("Contrast 7.82:1" in light.inner_text(), f"the contrast does not follow: {light.inner_text()}")
    frame = page.frame_locator("iframe.page")
    frame.locator(".masthead", has_text="The Alder Courier").wait_for()
    accent = "getComputedStyle(document.body).getPropertyValue('--accent')"
    handle = page.query_selector("iframe.page").content_frame()
    wait_for(lambda: handle.evaluate(accent) == "#0b5d3b", 10, lambda: f"the preview has the accent {handle.evaluate(accent)}")
    check(client.read("/site")["name"] is None, "the preview has saved something")
    must_be_accessible(page, "the appearance")
    desk.must_fit("the appearance")
    desk.button("Save").click()
    desk.says("Saved. Readers see it from now on.")
    form.get_by_label("Imprint").fill("Harbour Street 1")
    page.keyboard.press("Enter")
    wait_for(lambda: client.read("/site")["imprint"] == "Harbour Street 1", 5, "the second change is not saved")
    desk.says("Saved. Readers see it from now on.")
    desk.reload()
    desk.button("Former settings…").click()
    dialog = desk.dialog("Former settings")
    dialog.get_by_text("Changed: Imprint").wait_for()
    dialog.get_by_role("button", name="Restore").first.click()
    wait_for(lambda: client.read("/site")["imprint"] is None, 5, "the former settings are not restored")
    desk.must_be_well("the appearance")
    desk.close()
    passed("at the desk: contrasts as one types, errors beside their fields, a preview that saves nothing, revisions that are restored")


def take_pictures(browser, server, client):
    for name in NEWSROOMS:
        client.must_write("PUT", "/site", settings_of(name))
        taken = []
        for size, scheme in (({"viewport": {"width": 1100, "height": 726}}, "light"), ({"viewport": {"width": 380, "height": 685}}, "dark")):
            visit = Visit(browser, f"{server.url}/live/{STORIES.get(name, STORY)}", color_scheme=scheme, **size)
            visit.page.wait_for_timeout(900)
            taken.append(base64.b64encode(visit.page.screenshot()).decode())
            visit.close()
        sheet = browser.browser.new_page(viewport={"width": 1332, "height": 652})
        sheet.set_content(SHEET.format(pictures="".join(f'<img src="data:image/png;base64,{image}">' for image in taken)))
        file = ROOT / "docs" / f"site-{name}.jpg"
        sheet.screenshot(path=file, type="jpeg", quality=72, full_page=True)
        check(file.stat().st_size <= 120 * 1024, f"{file.name} has {file.stat().st_size} bytes")
        sheet.close()
    passed("the pictures are taken")


def main():
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        server = Wireroom(pathlib.Path(folder))
        server.start()
        try:
            client = Client(server.url)
            prepare(client)
            client.must_write("POST", "/stories", ARABIC_STORY)
            client.must_write("POST", f"/stories/{ARABIC}/updates", ARABIC_UPDATES)
            if "pictures" in sys.argv:
                take_pictures(browser, server, client)
            for name in NEWSROOMS:
                check_newsroom(browser, server, client, name)
            check_open_page(browser, server, client)
            check_consent(browser, server, client)
            check_desk(browser, server, client)
        finally:
            server.stop()


if __name__ == "__main__":
    run("The house's own site", main)
