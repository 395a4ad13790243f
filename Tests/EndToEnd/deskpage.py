# SPDX-License-Identifier: Apache-2.0
"""Page object of the desk, with an editor's actions, and its environment."""

import os
import subprocess

from checks import check, wait_for
from pages import slow_down
from wireroom import ADMIN_KEY, Client

STORY = "marathon-day"
ZONE = "America/New_York"
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "timezone_id": ZONE}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "timezone_id": ZONE}

# Whether the page would ask before it is left, by the answer of its own listeners.
ASKS_BEFORE_LEAVING = "!dispatchEvent(new Event('beforeunload', {cancelable: true}))"
STORAGE = "storage => Object.entries(storage == 'local' ? localStorage : sessionStorage)"


class DeskPage:
    """A browser tab with the desk. Records errors: exceptions, CSP violations, executed attacks."""

    def __init__(self, context, url, fragment=""):
        self.url = url
        self.errors = []
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self.dismiss)
        self.page.on("console", self.note)
        slow_down(self.page)
        self.page.goto(f"{url}/desk{fragment}")

    def note(self, message):
        # Refused requests and broken connections are expected.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def dismiss(self, dialog):
        self.errors.append(f"a dialog of the page: {dialog.message}")
        dialog.dismiss()

    def sign_in(self, key):
        """Signs in, unless another tab has done so."""
        self.page.locator("#signin[open], #who button").first.wait_for()
        if self.page.locator("#signin[open]").count():
            self.page.get_by_label("Key", exact=True).fill(key)
            self.page.keyboard.press("Enter")
        self.page.locator("#who button").first.wait_for()
        return self

    # --- reading the page ---

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def says(self, words):
        """Waits until the status line shows a text."""
        wait_for(lambda: words in self.page.inner_text("#status"), 10,
                 lambda: f"the desk does not say {words!r} but {self.page.inner_text('#status')!r}")

    def dialog(self, title):
        found = self.page.get_by_role("dialog", name=title)
        found.wait_for()
        return found

    @property
    def composer(self):
        return self.page.get_by_role("form", name="New update")

    @property
    def editor(self):
        return self.page.get_by_role("form", name="Edit update")

    def update(self, text):
        """The newest update that shows a text."""
        return self.page.locator("article", has_text=text).first

    def kept(self, storage="local"):
        """The browser's stored data, as one text."""
        return str(self.page.evaluate(STORAGE, storage))

    def must_be_well(self, where):
        check(not self.errors, f"{where}: {self.errors[:3]}")

    def must_fit(self, where):
        width, most = self.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        check(width <= most, f"{where} is {width} pixels wide on a screen of {most}")

    # --- actions ---

    def reload(self):
        """Loads the page anew once no request is out: until then the desk asks before it lets go of it."""
        wait_for(lambda: not self.page.evaluate(ASKS_BEFORE_LEAVING), 10, "the desk does not let go of its page")
        self.page.reload()

    def go(self, fragment):
        self.page.goto(f"{self.url}/desk#/{fragment}")

    def write(self, text, title=""):
        self.composer.get_by_label("Title").fill(title)
        self.composer.get_by_label("Text").fill(text)

    def publish(self, text, title=""):
        self.write(text, title)
        self.composer.get_by_role("button", name="Publish", exact=True).click()
        self.update(text).wait_for()

    def act(self, text, action):
        """Clicks a button of an update, in the "More" menu if it is there."""
        update = self.update(text)
        found = update.get_by_role("button", name=f"{action}:")
        if not found.count():
            update.get_by_role("button", name="More:").click()
        found.click()

    def close(self):
        self.page.close()


class Room:
    """A server, a browser, and an editor's profile, whose tabs share storage."""

    def __init__(self, wireroom, browser, **settings):
        self.wireroom = wireroom
        self.browser = browser
        self.client = Client(wireroom.url)
        self.context = browser.browser.new_context(**{**DESKTOP, **settings})
        self.context.set_default_timeout(10_000)

    def desk(self, key=ADMIN_KEY):
        desk = DeskPage(self.context, self.wireroom.url)
        return desk.sign_in(key) if key else desk

    def story_desk(self, story=STORY):
        desk = self.desk()
        desk.go(f"stories/{self.read(f'/stories/{story}')['id']}")
        desk.composer.wait_for()
        return desk

    def read(self, path):
        """Reads a path with the admin key."""
        answer = self.client.write("GET", path)
        check(answer.status == 200, f"GET {path}: {answer.status}")
        return answer.json

    def updates(self, text, story=STORY):
        return [update for update in self.client.whole(story)["updates"] if text in update["body"]]

    def only(self, text, story=STORY):
        """The update with a text; fails if there is not exactly one."""
        found = self.updates(text, story)
        check(len(found) == 1, f"there are {len(found)} updates with {text!r}")
        return found[0]

    def drafts(self):
        return self.read(f"/stories/{STORY}/drafts")["drafts"]

    def edit(self, update, **members):
        """Edits an update through the API, as another editor."""
        return self.client.must_write("PATCH", f"/stories/{STORY}/updates/{update['id']}", members)

    def keys(self, *arguments):
        """Runs the command `keys` next to the server."""
        command = [os.environ["WIREROOM_BINARY"], "keys", *arguments, "--database", str(self.wireroom.database)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
