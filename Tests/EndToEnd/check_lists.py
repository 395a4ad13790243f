# SPDX-License-Identifier: Apache-2.0
"""The desk's lists while an editor points at them: whatever others do, nothing moves under the pointer.

Other editors' changes reach the desk by polls. The pages' clock is moved on, so that the polls are due at once.
"""

import pathlib
import tempfile

from checks import check, passed, run
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
    desk.says("Saved.")
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


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-lists-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        try:
            room = Room(wireroom, browser)
            room.context.clock.install()
            for part in (check_held, check_held_below, check_held_others):
                part(room)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("The desk's lists in use", main)
