# SPDX-License-Identifier: Apache-2.0
"""The reader's page, the widget and the desk in Firefox, the first two in WebKit, too: that what Chromium is checked for at length holds
in the other engines."""

import pathlib
import tempfile

from checks import check, passed, run, wait_for
from check_safety import HostPage
from engines import Display, Tab, firefox, webkit
from wireroom import ADMIN_KEY, Client, Wireroom

STORY = "harbour"
UPDATES = 30
MOST_SHIFT_PIXELS = 1

SHOWN = "[...document.querySelectorAll('#updates article, #pinned article')].some(article => article.textContent.includes(arguments[0]))"
WIDGET = "[...document.querySelectorAll('wireroom-feed')].every(feed => feed.shadowRoot.textContent.includes(arguments[0]))"
STARTED = "[...document.querySelectorAll('wireroom-feed')].every(feed => feed.shadowRoot.querySelector('article'))"
# The first update that is wholly in the window, and where it is.
LANDMARK = """const seen = [...document.querySelectorAll('#updates article')].find(article => article.getBoundingClientRect().top >= 0);
return [seen.id, seen.getBoundingClientRect().top];"""
PLACE = "return document.getElementById(arguments[0]).getBoundingClientRect().top;"
FOCUSED = """let element = document.activeElement;
while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
const style = getComputedStyle(element);
return [element.className || element.localName, style.outlineStyle != 'none' && parseFloat(style.outlineWidth) > 0];"""


class Newsroom:
    def __init__(self, client):
        self.client = client
        self.path = f"/stories/{STORY}"

    def open(self):
        self.client.must_write("POST", "/stories", {
            "slug": STORY, "title": "Storm at the harbour", "summary": "What is known so far.", "keyPoints": ["Ferries wait."]})
        bodies = [{"title": f"Hour {number}", "body": "The wind grows. " * 20, "keyEvent": number % 10 == 0} for number in range(UPDATES)]
        self.client.must_write("POST", f"{self.path}/updates", bodies)

    def post(self, body, **members):
        return self.client.must_write("POST", f"{self.path}/updates", {"body": body, **members}).json["id"]

    def edit(self, update, **members):
        self.client.must_write("PATCH", f"{self.path}/updates/{update}", members)

    def take_down(self, update):
        self.client.must_write("POST", f"{self.path}/updates/{update}/takedown", {"reason": "Court"})


def check_reader(tab, newsroom, base):
    tab.open(f"{base}/live/{STORY}")
    tab.comes("document.getElementById('connection').textContent == 'Live'", "the page does not stream")
    words = f"Seen at the top in {tab.name}."
    update = newsroom.post(words)
    tab.comes(SHOWN, "a new update does not come", words)
    tab.run("document.querySelectorAll('#updates article')[12].scrollIntoView();")
    seen, before = tab.run(LANDMARK)
    newsroom.post(f"Not to push in {tab.name}. " * 30)
    tab.comes("!document.getElementById('news').hidden", "a reader further down is not told of a new update")
    moved = abs(tab.run(PLACE, seen) - before)
    check(moved <= MOST_SHIFT_PIXELS, f"{tab.name}: a new update moves what is read by {moved} pixels")
    newsroom.edit(update, body=f"Edited for {tab.name}. " * 20)
    tab.comes(SHOWN, "an edit does not come", f"Edited for {tab.name}.")
    moved = abs(tab.run(PLACE, seen) - before)
    check(moved <= MOST_SHIFT_PIXELS, f"{tab.name}: an edit above moves what is read by {moved} pixels")
    newsroom.take_down(update)
    tab.comes(f"!({SHOWN})", "what was taken down stays", f"Edited for {tab.name}.")
    tab.first("#news").click()
    tab.comes(SHOWN, "the button for new updates does not show them", f"Not to push in {tab.name}.")
    check_keys(tab)
    event = tab.first("#timeline a")
    place = "#u-" + event.find_element("xpath", "./..").get_attribute("data-id")
    tab.run("arguments[0].click();", event)
    tab.comes("location.hash == arguments[0] && document.activeElement.closest(arguments[0]) !== null", "a key event leads nowhere", place)
    passed(f"{tab.name}: the page follows a new update, an edit and a takedown in place; key events lead to their updates")


def check_keys(tab):
    """The first stop is the link past the header, and each stop is seen."""
    tab.open(tab.driver.current_url)
    stops = []
    for _ in range(4):
        tab.press("TAB")
        stops.append(tab.run(FOCUSED))
    check(stops[0][0] == "skip" and all(isseen for _, isseen in stops), f"{tab.name}: by keyboard the focus is at {stops}")


def check_widget(tab, newsroom, base):
    tags = "".join(f'<wireroom-feed story="{STORY}" form="{form}" theme="dark"></wireroom-feed>' for form in ["ticker", "compact", "full"])
    frame = f'<iframe src="{base}/embed/{STORY}?form=compact" title="Storm" width="100%" height="50"></iframe>'
    scripts = "".join(f'<script src="{base}/{name}.js" async></script>' for name in ["embed", "embed-frame"])
    with HostPage(f"<main>{scripts}{frame}{tags}</main>") as page:
        tab.open(page.url)
        # Those below the window start when they are nearly seen.
        tab.run("document.querySelector('wireroom-feed:last-of-type').scrollIntoView();")
        tab.comes(STARTED, "the widgets show nothing")
        # Above what is read, new updates wait behind a button.
        tab.run("scrollTo(0, 0);")
        words = f"A widget in {tab.name}"
        newsroom.post("Words.", title=words)
        tab.comes(WIDGET, "the widgets do not follow", words)
        tab.comes("document.querySelector('iframe').clientHeight > 150", "the frame is not as high as its content")
        tab.driver.switch_to.frame(tab.first("iframe"))
        tab.comes(WIDGET, "the frame does not follow", words)
        tab.driver.switch_to.default_content()
    passed(f"{tab.name}: widgets of three forms and a frame follow, and the frame has the height of its content")


def check_desk(tab, newsroom, base):
    tab.open(f"{base}/desk")
    tab.comes("document.querySelector('#signin').open", "the desk does not ask for a key")
    tab.first("#signin-key").send_keys(ADMIN_KEY)
    tab.press("ENTER")
    story = newsroom.client.read(newsroom.path)["id"]
    tab.comes("document.querySelector('#signin').offsetParent === null", "the key is not taken")
    tab.open(f"{base}/desk#/stories/{story}")
    tab.comes("document.querySelector('form textarea') !== null", "there is no form for an update")
    words = f"Written in {tab.name}."
    tab.first("form textarea").send_keys(words)
    tab.run("[...document.querySelectorAll('form button')].find(button => button.textContent == 'Publish').click();")

    def newest():
        return newsroom.client.read(f"{newsroom.path}/updates?limit=1")["updates"][0]["body"]

    wait_for(lambda: newest() == words, 10, lambda: f"{tab.name}: the newest update is {newest()!r}")
    passed(f"{tab.name}: an editor signs in at the desk and publishes")


def check_engine(start, name, newsroom, base, *parts):
    driver = start()
    try:
        tab = Tab(driver, name)
        for part in parts:
            part(tab, newsroom, base)
    finally:
        driver.quit()


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, Display():
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        try:
            newsroom = Newsroom(Client(wireroom.url))
            newsroom.open()
            check_engine(firefox, "Firefox", newsroom, wireroom.url, check_reader, check_widget, check_desk)
            check_engine(webkit, "WebKit", newsroom, wireroom.url, check_reader, check_widget)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("Other engines", main)
