# SPDX-License-Identifier: Apache-2.0
"""The desk's lists while an editor points at them: whatever others do, nothing moves under the pointer.

Other editors' changes reach the desk by polls. The pages' clock is moved on, so that the polls are due at once.
"""

import pathlib
import re
import tempfile

from checks import check, passed, run, wait_for
from deskpage import Room
from deskwork import NOT_SAVED
from frontends import must_be_accessible
from pages import Browser
from wireroom import Wireroom

SEEN_MILLISECONDS = 4_500
"""Time within which the desk notices changes by others."""
LISTS_SEEN_MILLISECONDS = 10_000
"""The same of lists that are seldom open: stories, and the trail."""
DRAWN_MILLISECONDS = 400
"""Time within which the other polls of the same moment are answered, and what they brought is drawn."""
POINTED = "([x, y]) => document.elementFromPoint(x, y).closest('[data-id]')?.dataset.id ?? null"


def let_pass(page, milliseconds):
    """Moves the page's clock on, so that its polls are due, and waits until they are answered."""
    with page.expect_response(lambda response: response.request.method == "GET"):
        page.clock.fast_forward(milliseconds)
    page.wait_for_timeout(DRAWN_MILLISECONDS)


class Hand:
    """A pointer that rests on a button of the list."""

    def __init__(self, desk, button):
        self.desk = desk
        button.scroll_into_view_if_needed()
        button.hover()
        box = button.bounding_box()
        self.place = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        self.before = self.pointed()

    def pointed(self):
        return self.desk.page.evaluate(POINTED, self.place)

    def must_rest(self, after):
        let_pass(self.desk.page, SEEN_MILLISECONDS)
        check(self.pointed() == self.before, f"after {after} the pointer is on {self.pointed()}, not on {self.before}")


def check_held(room):
    """The update under the pointer does not move, whatever others change."""
    story = room.client.must_write("POST", "/stories", {"title": "Held", "slug": "held"}).json
    path = "/stories/held/updates"
    posted = room.client.must_write("POST", path, [{"body": f"Number {n}.\n\nMore of it."} for n in range(12)]).json
    ids = [update["id"] for update in posted][::-1]
    desk = room.desk()
    desk.go(f"stories/{story['id']}")
    desk.update("Number 9.").wait_for()
    hand = Hand(desk, desk.update("Number 9.").get_by_role("button", name="Pin:"))
    write = room.client.must_write
    write("POST", path, {"body": "A newcomer.\n\nWith much to say."})
    write("POST", path, {"body": "Somebody's draft.", "state": "draft"})
    hand.must_rest("a new update and a draft")
    check(not desk.page.get_by_text("A newcomer.").count(), "a newcomer pushes the list")
    check(desk.button("2 new").count() == 1, "nobody is told of the newcomers")
    covered = desk.page.evaluate("""() => { const news = document.querySelector(".news").getBoundingClientRect();
        return [...document.querySelectorAll("article")].some(node => { const box = node.getBoundingClientRect();
            return box.top < news.bottom && box.bottom > news.top && box.left < news.right && box.right > news.left; }); }""")
    check(not covered, "what tells of newcomers covers the list")
    must_be_accessible(desk.page, "newcomers that wait")
    write("PATCH", f"{path}/{ids[0]}", {"body": "Much longer.\n\n" * 12})
    hand.must_rest("an edit above")
    write("PATCH", f"{path}/{ids[0]}", {"body": "Short."})
    hand.must_rest("another edit above")
    write("DELETE", f"{path}/{ids[1]}")
    hand.must_rest("a deletion above")
    write("PATCH", f"{path}/{hand.before}", {"pinned": True})
    hand.must_rest("a pin")
    write("PATCH", f"{path}/{ids[6]}", {"state": "draft"})
    hand.must_rest("an update that is taken back")
    write("DELETE", f"{path}/{hand.before}")
    let_pass(desk.page, SEEN_MILLISECONDS)
    check(hand.pointed() == f"left-{hand.before}", f"what was pointed at has given way to {hand.pointed()}")
    # An unpublished update disappears first, then reappears as a draft.
    desk.button("3 new").click()
    desk.update("A newcomer.").wait_for()
    check(not desk.page.locator(".left").count(), "the places of what is gone stay")
    desk.must_be_well("a list in use")
    desk.close()
    passed("the update under the pointer stays, whatever others publish, edit, pin, take back or delete; newcomers wait")


def check_held_below(room):
    """Content that appears or disappears above the list does not move it."""
    story = room.read("/stories/held")["id"]
    desk = room.desk()
    desk.go(f"stories/{story}")
    desk.update("Number 6.").wait_for()
    desk.page.route("**/updates/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    hand = Hand(desk, desk.update("Number 6.").get_by_role("button", name="Key event:"))
    desk.page.mouse.down()
    desk.page.mouse.up()
    desk.page.get_by_text(NOT_SAVED).first.wait_for()
    hand.must_rest("a notice that something is not saved")
    room.client.must_write("PATCH", "/stories/held", {"title": "Held, with a title that takes more than a line " * 3})
    hand.must_rest("a longer title")
    desk.page.unroute("**/updates/*")
    desk.button("Try now").dispatch_event("click")
    desk.says("Marked as key event.")
    hand.must_rest("the notice is gone")
    desk.must_be_well("what stands above the list")
    desk.close()
    passed("notices and titles above the list that come, go and grow leave what is pointed at where it is")


def check_held_others(room):
    """The list of stories and the audit trail do not move under the pointer either."""
    story = room.read("/stories/held")["id"]
    desk = room.desk()
    row = desk.page.locator(".stories li", has_text="Held")
    row.wait_for()
    hand = Hand(desk, row)
    room.client.must_write("POST", "/stories", {"title": "A newcomer among the stories"})
    let_pass(desk.page, LISTS_SEEN_MILLISECONDS)
    hand.must_rest("a new story")
    desk.page.mouse.move(0, 0)
    desk.page.locator(".stories li", has_text="A newcomer among").wait_for()
    desk.go(f"stories/{story}/trail")
    entry = desk.page.locator("tbody tr").nth(2)
    entry.wait_for()
    hand = Hand(desk, entry)
    room.client.must_write("POST", "/stories/held/updates", {"body": "One for the trail."})
    hand.must_rest("a new entry of the trail")
    desk.button("1 new").click()
    check(hand.pointed() != hand.before, "the entry that waited does not come")
    desk.must_be_well("other lists in use")
    desk.close()
    passed("the list of stories and the trail hold still, too")


def check_colleagues(room, key):
    """Two editors with the same update open see each other; who saves is named to the other at once."""
    path = "/stories/held/updates"
    update = room.client.must_write("POST", path, {"body": "Both of us edit this."}).json
    story = room.read("/stories/held")["id"]
    mine, joels = room.desk(), Room(room.wireroom, room.browser).desk(key)
    for desk in (mine, joels):
        desk.go(f"stories/{story}")
        desk.act("Both of us edit this.", "Edit")
        desk.editor.get_by_label("Text").wait_for()
    joels.editor.get_by_text("Also editing this update: WIREROOM_ADMIN_KEY").wait_for()
    mine.page.clock.fast_forward(SEEN_MILLISECONDS)
    mine.editor.get_by_text("Also editing this update: Joel Brandt").wait_for()
    must_be_accessible(mine.page, "a colleague in the same update")
    mine.editor.get_by_label("Title").fill("By me")
    joels.editor.get_by_label("Text").fill("Joel wrote that.")
    joels.editor.get_by_role("button", name="Save").click()
    joels.says("Saved.")
    mine.page.clock.fast_forward(SEEN_MILLISECONDS)
    told = mine.editor.get_by_text("Joel Brandt saved this update at")
    told.wait_for()
    mine.editor.get_by_text("Also editing").wait_for(state="detached")
    must_be_accessible(mine.page, "a colleague has saved")
    mine.editor.get_by_role("button", name="Compare…").click()
    dialog = mine.dialog("Joel Brandt has changed this meanwhile")
    dialog.get_by_role("button", name="Save this").click()
    mine.says("Saved.")
    saved = room.read(f"{path}/{update['id']}")
    check((saved["title"], saved["body"]) == ("By me", "Joel wrote that."), f"after the comparison there is {saved}")
    mine.act("Joel wrote that.", "Edit")
    mine.editor.get_by_label("Text").wait_for()
    room.client.must_write("PATCH", f"{path}/{update['id']}", {"body": "Over the API."})
    mine.page.clock.fast_forward(SEEN_MILLISECONDS)
    mine.editor.get_by_role("button", name="Load it").click()
    wait_for(lambda: mine.editor.get_by_label("Text").input_value() == "Over the API.", 10, "it is not loaded")
    check(not mine.editor.get_by_text("saved this update at").count(), "what is loaded is still told of")
    for desk in (mine, joels):
        desk.must_be_well("two editors")
        desk.close()
    passed("two editors of an update see each other, and are told at once who saved; conflicts have names")


def check_trail(room, key):
    """Each entry shows the text of its own change, under filters; after a takedown no word of it is left."""
    path = "/stories/held/updates"
    story = room.read("/stories/held")["id"]
    update = room.client.must_write("POST", path, {"body": "Before Joel."}).json
    room.client.must_write("PATCH", f"{path}/{update['id']}", {"body": "Joel found words.", "keyEvent": True},
                           authorization=f"Bearer {key}")
    room.client.must_write("PATCH", f"{path}/{update['id']}", {"body": "UNSPEAKABLE things."})
    desk = room.desk()
    desk.go(f"stories/{story}/trail")
    row = desk.page.get_by_role("row", name="Joel Brandt").first
    row.get_by_text("edited an update (Text, Key event)").wait_for()
    row.get_by_role("link", name="Joel found words.").wait_for()
    words = row.inner_text()
    check("Before" in words and "UNSPEAKABLE" not in words, f"Joel's entry has {words!r}")
    must_be_accessible(desk.page, "the trail")
    row.get_by_role("button", name="History").click()
    version = desk.dialog("History").locator("li[aria-current]")
    version.get_by_text("Joel Brandt edited an update").wait_for()
    check("UNSPEAKABLE" not in version.inner_text(), "the history leads to another version")
    desk.page.keyboard.press("Escape")
    desk.page.get_by_label("Who", exact=True).select_option(label="Joel Brandt")
    rows = desk.page.locator("tbody tr")
    wait_for(lambda: set(rows.locator("td:nth-child(2)").all_inner_texts()) == {"Joel Brandt"}, 10, "the trail is not Joel's")
    desk.page.get_by_label("What", exact=True).select_option(label="deleted an update")
    desk.page.get_by_text("Nothing matches.").wait_for()
    desk.page.get_by_label("Who", exact=True).select_option(label="Everybody")
    desk.page.get_by_label("What", exact=True).select_option(label="edited an update")
    desk.page.get_by_text("UNSPEAKABLE").first.wait_for()
    room.client.must_write("POST", f"{path}/{update['id']}/takedown", {"reason": "Court"})
    desk.page.mouse.move(0, 0)
    desk.page.clock.fast_forward(LISTS_SEEN_MILLISECONDS)
    wait_for(lambda: "UNSPEAKABLE" not in desk.page.content(), 10, "the trail shows what was taken down")
    check("Joel found" not in desk.page.content(), "the trail shows an earlier version of what was taken down")
    row.get_by_text("an update that is gone").wait_for()
    moved = room.client.must_write("POST", path, {"body": "Off to another story."}).json
    to = room.client.must_write("POST", "/stories", {"title": "Elsewhere"}).json["id"]
    room.client.must_write("POST", f"{path}/move", {"ids": [moved["id"]], "to": to})
    desk.page.get_by_label("What", exact=True).select_option(label="moved an update")
    rows.get_by_role("link", name="Off to another story.").first.wait_for()
    desk.must_be_well("the trail")
    desk.close()
    passed("the trail shows what each change was, by person and kind; nothing is left of what was taken down")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-lists-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        try:
            room = Room(wireroom, browser)
            room.context.clock.install()
            for part in (check_held, check_held_below, check_held_others):
                part(room)
            key = re.search(r"\S{30,}", room.keys("create", "--name", "Joel Brandt"))[0]
            check_colleagues(room, key)
            check_trail(room, key)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("The desk's lists in use", main)
