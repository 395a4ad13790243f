# SPDX-License-Identifier: Apache-2.0
"""Every front end, action, story state and transport: each open front end must end equal to a fresh one.

{reader's page, permalink, widget, client.js, feed reader} × ACTIONS × STATES × {stream, poll, long poll}. To add an action, add a row to
ACTIONS. Some cells coincide: a closed story has no stream, so streaming front ends fall back to slow polls, and return to the stream
after; pages and widgets never use long polls, client.js's `Feed` does; feed readers only make conditional requests; to reopen a live
story, it is closed first.

WIREROOM_MATRIX=short opens each page and permalink by one transport instead of by each in turn: every action meets every state and both
transports, drawn anew each time.
"""

import json
import os
import pathlib
import random
import tempfile
from dataclasses import dataclass
from typing import Callable

from check_safety import HostPage
from checks import check, passed, run, wait_for
from frontends import SHAPE, difference
from pages import Browser
from wireroom import Client, Wireroom

SECONDS = 15
# The poll interval of closed stories in this test.
SETTINGS = {"WIREROOM_POLL_INTERVAL": "1-2", "WIREROOM_CLOSED_POLL_INTERVAL": "1-2"}
FORMS = ["feed.atom", "feed.json", "liveblog.jsonld"]
STATES = ["live", "closed", "closed-before"]
WAYS = ["stream", "poll"]
IS_SHORT = os.environ.get("WIREROOM_MATRIX") == "short"


@dataclass
class Action:
    """An editor's action; `perform(story)` applies it to the story's first update, or to the story."""

    name: str
    perform: Callable
    removes: bool = False
    reopens: bool = False


ACTIONS = [
    Action("retract", lambda story: story.write("POST", "/strike", {"reason": "It was wrong."})),
    Action("edit", lambda story: story.write("PATCH", "", {"title": "Corrected", "body": "Other **words**."})),
    Action("picture", lambda story: story.write("PATCH", "", {"media": story.pictures()})),
    Action("delete", lambda story: story.write("DELETE", ""), removes=True),
    Action("takedown", lambda story: story.write("POST", "/takedown", {"reason": "A court said so."}), removes=True),
    Action("reopen", lambda story: [story.set("closed"), story.set("live")], reopens=True),
]


class Story:
    """One story per action and state."""

    def __init__(self, client, action, state):
        self.client, self.action, self.state = client, action, state
        self.slug = f"{action.name}-{state}"
        client.must_write("POST", "/stories", {"slug": self.slug, "title": f"To {action.name}, {state}", "summary": "What is known."})
        bodies = [{"title": f"Report {number}", "body": f"Words of report {number}.", "keyEvent": number == 0} for number in range(3)]
        answer = client.must_write("POST", f"/stories/{self.slug}/updates", bodies)
        self.update = answer.json[0]["id"]

    def pictures(self):
        """Pictures of sizes that are known and unknown."""
        url = f"http://{self.client.address}/favicon.ico"
        return [{"type": "image", "url": url, "alt": "A sign", "caption": "The sign.", "width": 64, "height": 64, "focus": {"x": 10, "y": 90}},
                {"type": "image", "url": url, "credit": "Ines"}]

    @property
    def is_open_at_the_end(self):
        return self.action.reopens or self.state == "live"

    def write(self, method, path, value=None):
        self.client.must_write(method, f"/stories/{self.slug}/updates/{self.update}{path}", value)

    def set(self, status):
        self.client.must_write("PATCH", f"/stories/{self.slug}", {"status": status})


class Site:
    """The server under one host name per front end, since browsers limit connections per host.

    Under a name that begins with "poll", streams are blocked.

    """

    def __init__(self, port):
        self.port = port

    def origin(self, way, frontend, story):
        return f"http://{way}-{frontend}-{story.slug}.localhost:{self.port}"

    block = """(() => {
        const send = window.fetch;
        window.fetch = (address, init) => {
            const { hostname, pathname } = new URL(address, location);
            const isBlocked = hostname.startsWith("poll") && pathname.endsWith("/stream");
            return isBlocked ? Promise.reject(new TypeError("blocked")) : send(address, init);
        };
    })()"""


# --- front ends: each returns its current state, and that of a fresh one ---


class Page:
    """The reader's page, or the permalink of an update."""

    def __init__(self, profiles, site, story, frontend, way):
        self.profiles, self.story, self.way = profiles, story, way
        self.name = f"{frontend} by {way}"
        path = f"/live/{story.slug}" + (f"/{story.update}" if frontend == "permalink" else "")
        self.url = site.origin(way, frontend, story) + path
        self.page = self.open(profiles[0])

    def open(self, profile):
        page = profile.new_page()
        page.goto(self.url, wait_until="commit")
        return page

    @staticmethod
    def look(page):
        # The URL of a removed update is a 404 for a fresh page.
        if page.locator("body.refusal, #updates > .removed").count():
            return {"page": "gone"}
        return page.evaluate(SHAPE, 1000) | {"title": page.title()}

    def shown(self):
        return self.look(self.page)

    def fresh(self):
        page = self.open(self.profiles[1])
        page.wait_for_load_state()
        shape = self.look(page)
        page.close()
        return shape

    def says(self):
        return self.page.inner_text("#connection")


WIDGETS = """() => Object.fromEntries([...document.querySelectorAll("wireroom-feed")].map(widget => {
    const root = widget.shadowRoot.firstElementChild.cloneNode(true);
    for (const time of root.querySelectorAll("time")) { time.textContent = ""; time.removeAttribute("title"); }
    for (const button of root.querySelectorAll(".react")) for (const name of ["disabled", "aria-pressed"]) button.removeAttribute(name);
    for (const image of root.querySelectorAll("img")) image.removeAttribute("style");
    const says = root.querySelector(".connection")?.textContent;
    for (const part of root.querySelectorAll(".connection, .quiet, .bar")) part.remove();
    return [widget.getAttribute("story"), [root.outerHTML.replaceAll(widget.getAttribute("src"), ""), says]];
}))"""


class Widgets:
    """A third-party page with a widget for each story."""

    def __init__(self, profile, site, stories, way):
        self.site, self.stories, self.way = site, stories, way
        self.page = self.open(profile)

    def open(self, profile):
        tags = "".join(
            f'<wireroom-feed story="{story.slug}" src="{self.site.origin(self.way, "widget", story)}"></wireroom-feed>'
            for story in self.stories
        )
        script = f'<script src="http://embed.localhost:{self.site.port}/embed.js" async></script>'
        # All in view: those below it would not start.
        style = "<style>wireroom-feed { position: absolute; inset: 0 }</style>"
        with HostPage(f"<main>{style}{script}{tags}</main>") as host:
            page = profile.new_page()
            page.goto(host.url)
            wait_for(lambda: all(says for _, says in page.evaluate(WIDGETS).values()), SECONDS, "a widget does not begin")
        return page


class Widget:
    def __init__(self, widgets, story):
        self.widgets, self.story = widgets, story
        self.way, self.name = widgets.way, f"widget by {widgets.way}"

    def shown(self):
        return {"widget": self.widgets.page.evaluate(WIDGETS)[self.story.slug][0]}

    def fresh(self):
        return {"widget": self.widgets.fresh[self.story.slug][0]}

    def says(self):
        return self.widgets.page.evaluate(WIDGETS)[self.story.slug][1]


CLIENTS = """async ([own, places]) => {
    const { follow, Feed } = await import(`${own}/client.js`);
    const held = window.held = {}, states = window.states = {};
    const read = async address => (await fetch(address)).json();
    async function wait(path, key) {
        const feed = Feed.of(await read(`${path}/updates`));
        held[key] = feed;
        for (;;) feed.applyDelta(await read(`${path}/updates?cursor=${feed.cursor}&wait=20`));
    }
    for (const [way, base, story] of places) {
        const key = `${way} ${story}`;
        if (way === "long") wait(`${base}/stories/${story}`, key);
        else follow({ base, story, onRestart: feed => (held[key] = feed), onState: state => (states[key] = state) });
    }
}"""


class Follower:
    """A third-party front end based on client.js."""

    def __init__(self, page, client, story, way):
        self.page, self.client, self.story, self.way = page, client, story, way
        self.name, self.key = f"client.js by {way} poll" if way == "long" else f"client.js by {way}", f"{way} {story.slug}"

    @staticmethod
    def parts(feed):
        story = {name: value for name, value in feed["story"].items() if name not in ("seq", "updateCount")}
        return {"story": json.dumps(story), "updates": json.dumps(feed["updates"]), "pinned": json.dumps(feed["pinned"])}

    def shown(self):
        return self.parts(self.page.evaluate("key => { const { story, updates, pinned } = held[key]; return { story, updates, pinned }; }", self.key))

    def fresh(self):
        return self.parts(self.client.read(f"/stories/{self.story.slug}/updates"))

    def says(self):
        return self.page.evaluate("key => states[key] ?? held[key].story.status", self.key)


class FeedReader:
    """Holds a feed, and polls it conditionally."""

    way = "poll"

    def __init__(self, client, story, form):
        self.client, self.story, self.form = client, story, form
        self.name, self.tag, self.body = f"feed reader of {form}", None, None
        self.shown()

    def shown(self):
        answer = self.client.get(f"/stories/{self.story.slug}/{self.form}", **({"if_none_match": self.tag} if self.tag else {}))
        check(answer.status in (200, 304), f"{self.name}: {answer.status}")
        if answer.status == 200:
            self.tag, self.body = answer.headers["ETag"], answer.body.decode()
        return {"feed": self.body}

    def fresh(self):
        return {"feed": self.client.get(f"/stories/{self.story.slug}/{self.form}").body.decode()}

    def says(self):
        return "live" if self.story.is_open_at_the_end else "closed"


# --- the matrix ---


def ways_of_pages(stories):
    """The transports of each story's page and permalink; in the short form one of them, in turn."""
    first = random.randrange(2)
    return [(story, frontend, way) for number, story in enumerate(stories) for place, frontend in enumerate(("page", "permalink"))
            for turn, way in enumerate(WAYS) if not IS_SHORT or (number + place + turn + first) % 2 == 0]


def open_all(profiles, site, client, stories):
    frontends = [Page(profiles, site, *each) for each in ways_of_pages(stories)]
    widgets = [Widgets(profiles[0], site, stories, way) for way in WAYS]
    frontends += [Widget(each, story) for each in widgets for story in stories]
    with HostPage() as host:
        page = profiles[0].new_page()
        page.goto(host.url)
        ways = ("stream", "poll", "long")
        places = [[way, site.origin(way, "client", story), story.slug] for story in stories for way in ways]
        page.evaluate(CLIENTS, [f"http://embed.localhost:{site.port}", places])
        wait_for(lambda: page.evaluate("Object.keys(held).length") == len(places), SECONDS, "a client does not begin")
    frontends += [Follower(page, client, story, way) for story in stories for way in ways]
    frontends += [FeedReader(client, story, form) for story in stories for form in FORMS]
    return frontends, widgets


def is_fitting(frontend, is_open):
    """Whether the connection status that the front end shows is correct."""
    says = frontend.says().lower()
    if not is_open:
        return "closed" in says
    return says == "live" if frontend.way == "stream" else "closed" not in says and "available" not in says


def compare(frontend, before, fresh):
    """Waits until the front end's state equals a fresh one's."""
    story = frontend.story
    wait_for(lambda: frontend.shown() == fresh and (frontend.shown().get("page") == "gone" or is_fitting(frontend, story.is_open_at_the_end)), SECONDS,
             lambda: f"{frontend.name}, {story.slug}: it says {frontend.says()!r}, and {difference(frontend.shown(), fresh)}")
    is_moved = not (story.action.reopens and (story.state == "live" or isinstance(frontend, FeedReader)))
    check(before != fresh or not is_moved, f"{frontend.name}, {story.slug}: nothing has happened that could be seen")


def check_matrix(profiles, site, client):
    stories = [Story(client, action, state) for action in ACTIONS for state in STATES]
    by_state = {state: [story for story in stories if story.state == state] for state in STATES}
    for story in by_state["closed-before"]:
        story.set("closed")
    frontends, widgets = open_all(profiles, site, client, stories)
    for story in by_state["closed"]:
        story.set("closed")
    for frontend in frontends:
        wait_for(lambda: isinstance(frontend, FeedReader) or is_fitting(frontend, frontend.story.state == "live"), SECONDS,
                 lambda: f"{frontend.name}, {frontend.story.slug}: before anything is done it says {frontend.says()!r}")
    before = {id(frontend): frontend.shown() for frontend in frontends}
    for story in stories:
        story.action.perform(story)
    for each in widgets:
        page = each.open(profiles[1])
        each.fresh = page.evaluate(WIDGETS)
        page.close()
    cells = {}
    for frontend in frontends:
        compare(frontend, before[id(frontend)], frontend.fresh())
        cells[frontend.name] = cells.get(frontend.name, 0) + 1
    for name, count in sorted(cells.items()):
        passed(f"{name}: {count} cells of {len(ACTIONS)} actions and {len(STATES)} states")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name), settings=SETTINGS)
        wireroom.start()
        try:
            # Fresh front ends use a new profile: a browser may reuse its cached copy of a closed story for a minute.
            profiles = [browser.browser.new_context() for _ in range(2)]
            for profile in profiles:
                profile.add_init_script(Site.block)
            check_matrix(profiles, Site(wireroom.port), Client(wireroom.url))
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("The matrix", main)
