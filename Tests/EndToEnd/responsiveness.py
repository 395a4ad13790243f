# SPDX-License-Identifier: Apache-2.0
"""How fast the reader's page answers: the time from input to the next frame (Event Timing), with 500 updates loaded, on a processor that
is slowed down four times. The longest of a visit is its INP. Started by scripts/responsiveness.

Figures of a machine that does other work differ: compare the least and the median of several rounds.
"""

import argparse
import pathlib
import statistics
import tempfile

from checks import run, wait_for
from frontends import Visit
from pages import Browser
from storypictures import image
from wireroom import Client, Wireroom

STORY = "marathon"
UPDATES = 500
SLOWDOWN = 4
SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
}
OBSERVER = """
window.events = [];
new PerformanceObserver(list => events.push(...list.getEntries().filter(({ interactionId }) => interactionId > 0)
    .map(({ interactionId, duration }) => [interactionId, duration]))).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
# Two frames, so that what came before is painted and reported.
PAINTED = "() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50))))"


def fill(client):
    client.must_write("POST", "/stories", {"slug": STORY, "title": "The marathon", "summary": "Forty thousand runners."})
    picture = image(client, 1200, 800, alt="Runners")
    for number in range(UPDATES):
        client.must_write("POST", f"/stories/{STORY}/updates", {
            "title": f"Kilometre {number % 42}" if number % 2 else None,
            "body": f"Update {number}: the leaders pass the *bridge* in a group of five.\n\n"
                    "The crowd is [three rows deep](https://example.org/) along the quay, and it has begun to rain.",
            "author": "Ines" if number % 3 == 0 else None, "tags": ["race", f"group-{number % 5}"],
            "keyEvent": number % 10 == 0, "sources": [{"name": "Race control", "url": "https://example.org/"}],
            "media": [picture] if number % 20 == 5 else [],
        })


class Reading:
    """An open page that has all updates."""

    def __init__(self, browser, base, screen):
        self.visit = Visit(browser, f"{base}/live/{STORY}", **SCREENS[screen])
        self.page = self.visit.page
        self.has_touch = "has_touch" in SCREENS[screen]
        wait_for(self.has_all, 30, "the older updates do not come")
        self.page.evaluate(OBSERVER)
        session = self.visit.context.new_cdp_session(self.page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})

    def has_all(self):
        """Presses the link to older updates, and tells whether all are there."""
        return self.page.evaluate("""() => {
            const older = document.querySelector("#older");
            if (!older.hidden) older.querySelector("a").click();
            return document.querySelectorAll("#updates > article").length;
        }""") >= UPDATES

    def press(self, selector, index=0):
        """Presses what is at some place of the page, as a finger or a mouse does."""
        x, y = self.page.evaluate("""([selector, index]) => {
            const target = document.querySelectorAll(selector)[index];
            target.scrollIntoView({ block: "center", behavior: "instant" });
            const { x, y, width, height } = target.getBoundingClientRect();
            return [x + width / 2, y + height / 2];
        }""", [selector, index])
        self.page.evaluate(PAINTED)
        (self.page.touchscreen.tap if self.has_touch else self.page.mouse.click)(x, y)

    def times(self, act):
        """How long each interaction took until its frame, in milliseconds; without those of less than 16."""
        self.page.evaluate(PAINTED)
        self.page.evaluate("events.length = 0")
        act()
        self.page.evaluate(PAINTED)
        longest = {}
        for interaction, duration in self.page.evaluate("events"):
            longest[interaction] = max(duration, longest.get(interaction, 0))
        return list(longest.values())

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)
            self.page.evaluate(PAINTED)

    def close(self):
        self.visit.must_be_well("the page that is measured")
        self.visit.close()


def interactions(reading, client):
    def begin_at(place):
        reading.page.evaluate("place => scrollTo({ top: place * document.body.scrollHeight, behavior: 'instant' })", place)

    def while_updates_come():
        reading.press("#updates > article .react", 30)
        for number in range(3):
            client.must_write("POST", f"/stories/{STORY}/updates", {"body": f"And {number} more."})
            reading.keys("ArrowDown")
            reading.press("#updates > article .react", 40 + number)

    def open_picture():
        reading.press("#updates .enlarge", 8)
        reading.page.wait_for_selector("dialog[open]")

    def close_picture():
        reading.keys("Escape")
        wait_for(lambda: reading.page.locator("dialog[open]").count() == 0, 5, "the picture does not close")

    for number in range(4):
        yield "react", lambda: reading.press("#updates > article .react", 250 + number)
        yield "share", lambda: reading.press("#updates > article .share", 240 + number)
    # The first time the script is loaded.
    for again in "", " again":
        yield "open a picture" + again, open_picture
        yield "close it" + again, close_picture
    yield "follow a key event", lambda: reading.press("#timeline a", 3)
    begin_at(0)
    yield "tab from the top", lambda: reading.keys(*["Tab"] * 8)
    begin_at(0.5)
    yield "tab in the middle", lambda: reading.keys(*["Tab"] * 8)
    yield "scroll by keys", lambda: reading.keys("PageDown", "PageDown", "Home", "End", "PageUp", "ArrowUp", "Space")
    yield "while updates come", while_updates_come


def measure(screens, rounds):
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(folder))
        wireroom.start()
        client = Client(wireroom.url)
        fill(client)
        for screen in screens:
            found = {}
            for _ in range(rounds):
                reading = Reading(browser, wireroom.url, screen)
                for name, act in interactions(reading, client):
                    found.setdefault(name, []).extend(reading.times(act))
                reading.close()
            print(f"  {screen}: milliseconds from input to frame in {rounds} rounds: least, median, most", flush=True)
            for name, times in found.items():
                print(f"    {name:22}" + "".join(f"{each(times or [0]):6.0f}" for each in (min, statistics.median, max)), flush=True)
        wireroom.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screen", choices=SCREENS, action="append", help="one of them; by default each")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    run("responsiveness", lambda: measure(arguments.screen or SCREENS, arguments.rounds))


if __name__ == "__main__":
    main()
