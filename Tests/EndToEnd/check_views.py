# SPDX-License-Identifier: Apache-2.0
"""Every view of the desk, with axe, on phone and desktop, in light and dark mode; none has to be moved sideways."""

import pathlib
import tempfile

from checks import passed, run
from deskpage import PHONE, Room
from frontends import must_be_accessible
from pages import Browser
from screenshots import STORY, prepare
from wireroom import Client, Wireroom

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3


def check_views(wireroom, browser):
    """Every view is accessible, on phone and desktop, in light and dark mode."""
    views = 0
    for settings in [{"color_scheme": "light"}, {"color_scheme": "dark"}, {**PHONE, "color_scheme": "dark"}]:
        room = Room(wireroom, browser, **settings)
        story = room.read(f"/stories/{STORY}")["id"]
        room.client.must_write("POST", f"/stories/{STORY}/updates", {"body": "To be looked at."})
        desk = room.desk()
        parts = [f"stories/{story}{part}" for part in ["", "/about", "/links", "/trail"]]
        for fragment in ["", "new", "import", *parts]:
            desk.go(fragment)
            desk.page.wait_for_timeout(400)
            closed = desk.page.locator("details:not([open]) > summary:visible")
            while closed.count():
                closed.first.click()
            desk.must_fit(f"/desk#/{fragment}")
            must_be_accessible(desk.page, f"/desk#/{fragment} with {settings}")
            views += 1
        desk.go(f"stories/{story}")
        desk.act("To be looked at.", "Edit")
        desk.editor.locator(".more > summary").click()
        desk.editor.get_by_role("button", name="Add by address").click()
        desk.must_fit("an editor")
        desk.go(f"stories/{room.read('/stories/long-words')['id']}")
        desk.page.locator("article").nth(1).wait_for()
        desk.must_fit("a story of long words")
        desk.go(f"stories/{story}")
        desk.editor.wait_for()
        must_be_accessible(desk.page, f"an editor with {settings}")
        desk.must_be_well("views")
        room.context.close()
    passed(f"axe has nothing to say about {views} views, and all of them fit on a screen of 360 pixels")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-views-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        try:
            client = Client(wireroom.url)
            prepare(client)
            client.must_write("POST", "/stories", {"title": LONG[:200], "slug": "long-words"})
            client.must_write("POST", "/stories/long-words/updates", [
                {"title": LONG, "body": LONG, "author": LONG[:100]}, {"body": f"`{LONG}`\n\n> {LONG}", "tags": [LONG[:40]]}])
            check_views(wireroom, browser)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("The desk's views", main)
