# SPDX-License-Identifier: Apache-2.0
"""A long night at the desk, in a real browser: the palette, keys, finding updates, the outline, key points beside the composer, several
updates at once, moves, closing and reopening, the note for colleagues, and stories side by side."""

import pathlib
import tempfile

from checks import check, passed, run, wait_for
from deskpage import PHONE, Room
from frontends import must_be_accessible
from pages import Browser
from wireroom import Wireroom

SLUG = "night"
PATH = f"/stories/{SLUG}/updates"


def prepare(room):
    write = room.client.must_write
    write("POST", "/stories", {"title": "The long night", "slug": SLUG, "keyPoints": ["One", "Two"]})
    write("POST", "/stories", {"title": "Bridge works", "slug": "bridge"})
    write("POST", PATH, {"body": "The very first line.", "author": "Ana Ruiz", "tags": ["port alder"], "keyEvent": True})
    write("POST", "/stories/bridge/updates", {"body": "> **Keystone** of the bridge"})
    write("POST", PATH, [{"body": f"Line {number} of many.", "author": "Joel"} for number in range(130)])


def open_night(room):
    desk = room.desk()
    desk.go(f"stories/{room.read(f'/stories/{SLUG}')['id']}")
    desk.composer.wait_for()
    desk.update("Line 129").wait_for()
    return desk


def focused(desk):
    return desk.page.evaluate("document.activeElement.closest('article')?.innerText ?? document.activeElement.outerHTML")


def choose(desk, typed, words):
    desk.page.keyboard.press("Control+k")
    palette = desk.page.get_by_role("dialog", name="Go to")
    palette.wait_for()
    palette.get_by_role("combobox").fill(typed)
    palette.get_by_role("option").filter(has_text=words).first.wait_for()
    return palette


def check_palette(room):
    desk = open_night(room)
    palette = choose(desk, "very first", "The very first line.")
    must_be_accessible(desk.page, "the palette")
    desk.page.keyboard.press("Enter")
    palette.wait_for(state="hidden")
    wait_for(lambda: "The very first line." in focused(desk), 10, lambda: f"the palette leads to {focused(desk)[:80]}")
    check(desk.page.locator(".updates article").count() == 131, "what lies between is not loaded")
    palette = choose(desk, "brdg", "Bridge works")
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowUp")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_role("heading", name="Bridge works").wait_for()
    desk.composer.get_by_label("Text").focus()
    desk.page.keyboard.press("Control+k")
    check(not desk.page.get_by_role("dialog", name="Go to").count(), "the palette takes Ctrl+K from the text")
    desk.composer.get_by_label("Title").focus()
    palette = choose(desk, "new story", "New story")
    desk.page.keyboard.press("Escape")
    palette.wait_for(state="hidden")
    check_palette_order(desk)
    desk.must_be_well("the palette")
    desk.close()
    passed("Ctrl+K finds stories by a few letters, updates that are not loaded, exact ones first, and those of other stories")


def check_palette_order(desk):
    """What has the words as typed is first; matches of other stories are last, after the way to all of this one."""
    # At the bridge: the other story is named, and its exact match comes first.
    palette = choose(desk, "line 7 of", "Line 7 of many.")
    words = palette.get_by_role("option").first.inner_text()
    check("Line 7 of many." in words and "The long night" in words, f"the first match is {words!r}")
    desk.page.keyboard.press("Enter")
    wait_for(lambda: "Line 7 of many." in focused(desk), 10, lambda: f"the palette leads to {focused(desk)[:80]}")
    desk.page.get_by_role("heading", name="The long night").wait_for()
    palette = choose(desk, "keystone", "Keystone of the bridge")
    check("*" not in palette.inner_text(), "the palette shows marks of Markdown")
    desk.page.keyboard.press("Escape")
    palette = choose(desk, "line 7 of", "All matches in this story")
    check("Line 7 of many." in palette.get_by_role("option").first.inner_text(), "an exact match is not the first")
    palette.get_by_role("option").filter(has_text="All matches in this story").click()
    found = desk.page.get_by_role("region", name="Found updates").locator("article").first
    found.get_by_text("Line 7 of many.").wait_for()


def check_keys(room):
    desk = open_night(room)
    press = desk.page.keyboard.press
    desk.page.get_by_role("heading", name="The long night").click()
    press("j")
    check("Line 129" in focused(desk), f"j leads to {focused(desk)[:80]}")
    press("j")
    press("j")
    press("k")
    check("Line 128" in focused(desk), f"j j k lead to {focused(desk)[:80]}")
    press("p")
    desk.says("Pinned.")
    check(room.only("Line 128 ", SLUG)["pinned"], "p pins nothing")
    press("p")
    wait_for(lambda: not room.only("Line 128 ", SLUG)["pinned"], 10, "p does not unpin")
    press("e")
    # Which waits for the form to be filled; a press of a key does not.
    desk.editor.get_by_label("Text").click()
    desk.editor.get_by_label("Text").press("j")
    check("j" in desk.editor.get_by_label("Text").input_value(), "a letter is not typed")
    press("Escape")
    desk.dialog("Discard your changes?").get_by_role("button", name="Discard").click()
    desk.editor.wait_for(state="detached")
    press("n")
    check("textarea" in focused(desk), "n does not lead to the text")
    desk.page.get_by_role("heading", name="The long night").click()
    press("?")
    keys = desk.dialog("Keys and sound")
    must_be_accessible(desk.page, "the keys")
    keys.get_by_label("Single keys are shortcuts").uncheck()
    keys.get_by_role("button", name="Done").click()
    desk.page.get_by_role("heading", name="The long night").click()
    press("n")
    check("textarea" not in focused(desk), "single keys cannot be switched off")
    desk.button("Shortcuts").click()
    desk.dialog("Keys and sound").get_by_label("Single keys are shortcuts").check()
    press("Escape")
    desk.must_be_well("keys")
    desk.close()
    passed("j, k, p, e, n and ? do what they say, never while one types, and can be switched off")


def check_find(room):
    desk = open_night(room)
    desk.page.get_by_role("heading", name="The long night").click()
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("author:ruiz LINE")
    desk.page.get_by_text("Found 1 update.").wait_for()
    found = desk.page.get_by_role("region", name="Found updates")
    must_be_accessible(desk.page, "what was found")
    found.get_by_role("link", name="port alder").click()
    wait_for(lambda: "port%20alder" in desk.page.url, 10, lambda: f"a tag leads to {desk.page.url}")
    found.get_by_text("The very first line.").wait_for()
    desk.reload()
    found.get_by_text("The very first line.").wait_for()
    desk.act("The very first line.", "Pin")
    desk.says("Pinned.")
    desk.page.get_by_label("Find in this story").press("Escape")
    found.wait_for(state="hidden")
    desk.page.get_by_role("region", name="Pinned", exact=True).get_by_text("The very first line.").wait_for()
    check("find" not in desk.page.url, f"the address still searches: {desk.page.url}")
    # The words as they were typed come first, however old the update is.
    desk.page.get_by_label("Find in this story").fill("line 7 of")
    first = found.locator("article").first
    first.get_by_text("Line 7 of many.").wait_for()
    desk.page.get_by_label("Find in this story").fill('"line 7 of"')
    desk.page.get_by_text("Found 1 update.").wait_for()
    desk.must_be_well("a search")
    desk.close()
    passed("an update is found by words, phrase, author and tag, under an address of its own; Esc shows the list again")


def check_outline(room):
    desk = open_night(room)
    outline = desk.page.get_by_role("navigation", name="Outline")
    if outline.locator("details").get_attribute("open") is None:
        outline.locator("summary").click()
    outline.get_by_role("button").filter(has_text="The very first line.").click()
    wait_for(lambda: "The very first line." in focused(desk), 10, lambda: f"the outline leads to {focused(desk)[:80]}")
    must_be_accessible(desk.page, "the outline")
    desk.must_be_well("the outline")
    desk.close()
    passed("the outline jumps to a key event, and loads what lies between")


def check_colleague(room, desk, top):
    """A colleague's key points are told of, merged line by line, and asked about where both changed the same."""
    path = f"/stories/{SLUG}"
    first = top.get_by_role("group", name="Key point 1").get_by_role("textbox")
    first.fill("Mine")
    room.client.must_write("PATCH", path, {"keyPoints": ["Two", "Theirs", "Three"]})
    top.get_by_text("WIREROOM_ADMIN_KEY saved the top at").wait_for()
    top.get_by_role("button", name="Merge with mine").click()
    wait_for(lambda: top.get_by_role("textbox").evaluate_all("nodes => nodes.map(node => node.value)") == ["Mine", "Theirs", "Three"],
             10, "the form does not have both")
    check(not top.get_by_text("saved the top").count(), "what was merged is still told of")
    room.client.must_write("PATCH", path, {"keyPoints": ["Two", "Theirs", "Three", "Four"]})
    top.get_by_role("button", name="Update the top").click()
    wait_for(lambda: room.read(path)["keyPoints"] == ["Mine", "Theirs", "Three", "Four"], 10, "what does not conflict is not merged")
    first.fill("Mine again")
    room.client.must_write("PATCH", path, {"keyPoints": ["Theirs again", "Theirs", "Three"]})
    top.get_by_role("button", name="Compare…").click()
    dialog = desk.dialog("WIREROOM_ADMIN_KEY has changed this meanwhile")
    check(dialog.get_by_role("group").count() == 1, "more is asked about than what both have changed")
    dialog.get_by_role("group", name="Key point 1").get_by_label("Edit by hand").check()
    dialog.get_by_role("textbox").fill("Both")
    must_be_accessible(desk.page, "a conflict of key points")
    dialog.get_by_role("button", name="Save this").click()
    wait_for(lambda: room.read(path)["keyPoints"] == ["Both", "Theirs", "Three"], 10, "what was settled is not saved")
    first.fill("Mine")
    room.client.must_write("PATCH", path, {"keyPoints": ["Theirs"]})
    top.get_by_role("button", name="Update the top").click()
    dialog.get_by_label("Take theirs").check()
    dialog.get_by_role("button", name="Save this").click()
    wait_for(lambda: top.get_by_role("textbox").count() == 1, 10, "the choice is not shown")
    check(room.read(path)["keyPoints"] == ["Theirs"], "their key points are overwritten")


def check_top(room):
    desk = open_night(room)
    desk.page.get_by_text("The top: key points").click()
    top = desk.page.get_by_role("form", name="The top")
    top.get_by_role("button", name="Up: Key point 2").click()
    top.get_by_role("button", name="Add a key point").click()
    top.get_by_role("group", name="Key point 3").get_by_role("textbox").fill("Three")
    must_be_accessible(desk.page, "the top")
    room.client.must_write("PATCH", f"/stories/{SLUG}", {"byline": "Ana Ruiz"})
    top.get_by_role("button", name="Update the top").click()
    desk.says("The top is updated.")
    story = room.read(f"/stories/{SLUG}")
    check((story["keyPoints"], story["byline"]) == (["Two", "One", "Three"], "Ana Ruiz"), f"the story is {story}")
    check_colleague(room, desk, top)
    handle = top.locator(".handle").first
    top.get_by_role("button", name="Add a key point").click()
    top.get_by_role("group", name="Key point 2").get_by_role("textbox").fill("Dragged up")
    last = top.locator(".handle").nth(1).bounding_box()
    desk.page.mouse.move(last["x"] + 5, last["y"] + 5)
    desk.page.mouse.down()
    first = top.get_by_role("group", name="Key point 1").bounding_box()
    desk.page.mouse.move(first["x"] + 5, first["y"] + 2, steps=6)
    desk.page.mouse.up()
    check(top.get_by_role("textbox").first.input_value() == "Dragged up", "dragging moves nothing")
    check(handle.count() == 1, "the handle is gone")
    top.get_by_role("button", name="Discard").click()
    desk.must_be_well("the top")
    desk.close()
    passed("key points are edited beside the composer, ordered by keyboard and by drag, and merged with others'")


def select(desk, *texts):
    for text in texts:
        desk.update(text).get_by_role("checkbox", name="Select:").check()


def check_bulk(room):
    desk = open_night(room)
    select(desk, "Line 120 ")
    desk.update("Line 118 ").get_by_role("checkbox", name="Select:").click(modifiers=["Shift"])
    bar = desk.page.get_by_role("region", name="Selected updates")
    bar.get_by_text("3 updates selected").wait_for()
    must_be_accessible(desk.page, "a selection")
    bar.get_by_role("button", name="Tag…").click()
    desk.dialog("Tag").get_by_label("Add these tags").fill("night, Late")
    desk.page.keyboard.press("Enter")
    desk.says("Tagged 3 updates.")
    check(room.only("Line 119 ", SLUG)["tags"] == ["night", "Late"], "the tags are not there")
    select(desk, "Line 117 ", "Line 116 ")
    bar.get_by_role("button", name="Delete…").click()
    desk.dialog("Delete 2 updates?").get_by_role("button", name="Delete").click()
    desk.says("Deleted 2 updates.")
    check(not room.updates("Line 117 ", SLUG), "it is not deleted")
    desk.button("Undo: 2 updates").click()
    desk.says("Restored.")
    room.only("Line 116 ", SLUG)
    desk.must_be_well("bulk")
    desk.close()
    passed("several updates are selected by a range, tagged, deleted and brought back at once")


def check_move(room):
    moved = room.only("Line 115 ", SLUG)
    reader = room.context.new_page()
    reader.goto(f"{room.wireroom.url}/live/{SLUG}")
    reader.get_by_text("Line 115 ").wait_for()
    desk = open_night(room)
    select(desk, "Line 115 ", "Line 114 ")
    bar = desk.page.get_by_role("region", name="Selected updates")
    bar.get_by_role("button", name="Move…").click()
    dialog = desk.dialog("Move 2 updates")
    must_be_accessible(desk.page, "where to move")
    check(dialog.get_by_role("button", name="Move").is_disabled(), "they can be moved before a story is chosen")
    check(not dialog.get_by_role("radio", checked=True).count(), "a story is chosen already")
    desk.page.keyboard.type("brdg")
    desk.page.keyboard.press("Enter")
    dialog.get_by_role("radio", name="Bridge works", checked=True).wait_for()
    dialog.get_by_role("button", name="Move to “Bridge works”").click()
    desk.says("Moved 2 updates to “Bridge works”.")
    room.only("Line 115 ", "bridge")
    reader.get_by_text("Line 115 ").wait_for(state="detached")
    answer = reader.goto(f"{room.wireroom.url}/live/{SLUG}/{moved['id']}")
    check(answer.status == 200 and "/live/bridge/" in reader.url, f"its old address leads to {reader.url}")
    reader.close()
    desk.button("Undo: 2 updates").click()
    desk.says("Moved back.")
    room.only("Line 115 ", SLUG)
    desk.update("Line 115 ").wait_for()
    desk.act("Line 112 ", "Move…")
    dialog = desk.dialog("Move 1 update")
    dialog.get_by_role("radio", name="Bridge works").check()
    dialog.get_by_role("button", name="Move to “Bridge works”").click()
    desk.says("Moved 1 update to “Bridge works”.")
    room.only("Line 112 ", "bridge")
    desk.button("Undo: 1 update").click()
    desk.says("Moved back.")
    desk.update("Line 112 ").wait_for()
    select(desk, "Line 113 ")
    bar.get_by_role("button", name="Split off…").click()
    dialog = desk.dialog("Split off 1 update")
    dialog.get_by_label("Its title").fill("Off it goes")
    dialog.get_by_role("button", name="Split off").click()
    desk.says("Moved 1 update to “Off it goes”.")
    room.only("Line 113 ", "off-it-goes")
    desk.must_be_well("moves")
    desk.close()
    passed("updates move to another story and back, and are split off; open pages and old addresses follow")


def check_note_and_close(room):
    desk = open_night(room)
    desk.button("Leave a note…").click()
    dialog = desk.dialog("Note for colleagues")
    dialog.get_by_label("What whoever takes over").fill("Joel waits for the list.")
    dialog.get_by_role("button", name="Save").click()
    note = desk.page.get_by_role("region", name="Note for colleagues")
    note.get_by_text("Joel waits for the list.").wait_for()
    must_be_accessible(desk.page, "a note")
    desk.button("Close…").click()
    dialog = desk.dialog("Close the story?")
    dialog.get_by_label("How it ended").fill("All are safe.")
    must_be_accessible(desk.page, "closing")
    desk.page.keyboard.press("Enter")
    desk.says("Closed.")
    page = room.client.get(f"/live/{SLUG}").body.decode()
    check("All are safe." in page and "Joel waits" not in page, "readers do not see how it ended, or see the note")
    desk.button("Reopen…").click()
    dialog = desk.dialog("Reopen the story?")
    dialog.get_by_label("Keep the line").uncheck()
    dialog.get_by_role("button", name="Reopen").click()
    desk.says("Live.")
    story = room.read(f"/stories/{SLUG}")
    check((story["status"], story["ending"]) == ("live", None), f"the story is {story['status']}, {story['ending']}")
    desk.page.get_by_role("link", name="Trail").click()
    desk.page.get_by_text("reopened the story").wait_for()
    must_be_accessible(desk.page, "the trail")
    desk.page.locator("tbody tr", has_text="pinned").get_by_role("link").first.click()
    wait_for(lambda: "/updates/" in desk.page.url, 10, lambda: f"the trail leads to {desk.page.url}")
    desk.must_be_well("a note and a closing")
    desk.close()
    passed("a note is left for colleagues, closing says how it ended, and the trail links to what it names")


def check_columns(room):
    desk = room.desk()
    ids = [room.read(f"/stories/{slug}")["id"] for slug in (SLUG, "bridge")]
    desk.go(f"columns/{','.join(ids)}")
    column = desk.page.get_by_role("region", name="Bridge works", exact=True)
    column.wait_for()
    room.client.must_write("POST", "/stories/bridge/updates", {"body": "From elsewhere."})
    column.get_by_text("From elsewhere.").wait_for()
    must_be_accessible(desk.page, "columns")
    column.get_by_role("button", name="Close: Bridge works").click()
    column.wait_for(state="detached")
    desk.must_be_well("columns")
    desk.close()
    passed("stories are followed side by side")


def check_phone(room):
    phone = Room(room.wireroom, room.browser, **PHONE)
    desk = open_night(phone)
    select(desk, "Line 110 ")
    desk.must_fit("a story with a selection")
    must_be_accessible(desk.page, "a selection on a phone")
    desk.go(f"columns/{room.read('/stories/bridge')['id']}")
    desk.page.get_by_role("region", name="Bridge works", exact=True).wait_for()
    desk.must_fit("columns")
    desk.must_be_well("a phone")
    phone.context.close()
    passed("all of it fits on a screen of 360 pixels")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-night-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        try:
            room = Room(wireroom, browser)
            prepare(room)
            for part in (check_palette, check_keys, check_find, check_outline, check_top, check_bulk, check_move,
                         check_note_and_close, check_columns, check_phone):
                part(room)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("A long night at the desk", main)
