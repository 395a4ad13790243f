# SPDX-License-Identifier: Apache-2.0
"""Signing in to the desk, and what it answers to an editor: on a phone, in messages with Undo, in previews and refusals, and at the key
points."""

import contextlib
import pathlib
import tempfile

import signingin
from checks import check, passed, run, wait_for
from desklanguages import sign_in
from desklists import check_pinned
from deskpage import PHONE, STORY, DeskPage, Room
from frontends import must_be_accessible
from pages import Browser
from wireroom import Wireroom

# Links, buttons and folds that are lower than 24 pixels, but for links in texts.
SMALL_TARGETS = """[...document.querySelectorAll('a, button, summary')].filter(node => node.offsetParent && !node.closest('.body, .skip')
    && node.getBoundingClientRect().height < 24).map(node => node.textContent)"""

EMBED_CODE = """<blockquote class="twitter-tweet"><p>Words</p><a href="https://twitter.com/a/status/1">1</a></blockquote>
<script async src="https://platform.twitter.com/widgets.js"></script>"""


def check_phone(room):
    """On a phone the text comes first: two rows are above it, and what is rarely pressed is folded."""
    phone = Room(room.wireroom, room.browser, **PHONE)
    desk = phone.story_desk("pinned")
    most = 260
    top = desk.composer.get_by_label("Text").bounding_box()["y"]
    check(top <= most, f"on a phone the text begins at {top}, below {most}")
    name = desk.page.locator("#who .name")
    check(name.evaluate("node => node.scrollHeight <= node.clientHeight + 1 && node.scrollWidth <= node.clientWidth + 1"),
          f"the name of the key is cut: {name.inner_text()!r}")
    small = desk.page.evaluate(SMALL_TARGETS)
    check(not small, f"targets are too small for a finger: {small[:5]}")
    check(not desk.button("Close…").is_visible(), "the actions of the story are not folded")
    desk.page.locator(".story-head .more-actions").click()
    desk.button("Close…").wait_for()
    must_be_accessible(desk.page, "the actions of a story on a phone")
    desk.must_fit("the actions of a story on a phone")
    check_action_bar(desk)
    desk.must_be_well("a phone")
    phone.context.close()
    german = Room(room.wireroom, room.browser, **PHONE, locale="de-DE")
    desk = DeskPage(german.context, room.wireroom.url, f"#/stories/{room.read('/stories/pinned')['id']}")
    sign_in(desk)
    desk.page.locator(".compose textarea").first.wait_for()
    check_action_bar(desk)
    german.context.close()
    passed(f"on a phone the text begins within {most} pixels, below the whole name of the key, and above one row of actions")


def check_action_bar(desk):
    """On a phone the composer's action bar is one row, which unfolds, and the buttons of media are another."""
    bar = desk.page.locator(".compose .action-bar")
    height = bar.bounding_box()["height"]
    check(height < 64, f"the action bar is {height} pixels high")
    tops = desk.page.locator(".compose .adders > button:not(.add)").evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().y)")
    add, field = (desk.page.locator(f".compose .media {part}").bounding_box() for part in (".add", "legend"))
    check(len(set(tops)) == 1 and add["y"] < tops[0] - 20 and add["x"] > field["x"] + 50, f"the buttons of media are at {tops} and {add}")
    others = bar.locator(".others")
    check(not others.is_visible(), "what is rarely pressed is not folded")
    bar.locator(".more-actions").click()
    others.wait_for()
    check(others.get_by_role("button").count() == 3, "not all actions are unfolded")
    must_be_accessible(desk.page, "the action bar on a phone")
    desk.must_fit("the action bar on a phone")


def check_feedback(room):
    """A message names what it is about, undoes it, and is not read as one of another story."""
    said = "Feedback names its update."
    desk = room.story_desk("pinned")
    path = "/stories/pinned"
    desk.publish(said)
    desk.says("Published.")
    quoted = desk.page.locator("#status q")
    check(quoted.inner_text() == said, f"the message names {quoted.inner_text()!r}")
    desk.page.locator("#status .undo").click()
    desk.editor.get_by_role("heading", name="Edit draft").wait_for()
    check(not desk.page.locator("article", has_text=said).count(), "what was taken back is in two places")
    desk.editor.get_by_role("button", name="Cancel").click()
    desk.update(said).wait_for()
    desk.act("Later 119.", "Edit")
    desk.editor.get_by_text("Saving changes what readers see.").wait_for()
    desk.editor.get_by_role("button", name="Cancel").click()
    desk.page.locator(".top > summary").click()
    top = desk.page.get_by_role("form", name="The top")
    top.get_by_role("button", name="Add a key point").click()
    top.get_by_role("textbox", name="Key point").last.fill("What is certain.")
    top.get_by_role("button", name="Update the top").click()
    wait_for(lambda: room.read(path)["keyPoints"] == ["What is certain."], 10, "the top is not updated")
    desk.page.locator("#status .undo").click()
    wait_for(lambda: room.read(path)["keyPoints"] == [], 10, "the top is not taken back")
    desk.button("Close…").click()
    desk.dialog("Close the story?").get_by_role("button", name="Close the story").click()
    desk.says("Closed.")
    desk.page.locator("#status .undo").click()
    wait_for(lambda: room.read(path)["status"] == "live", 10, "the story is not reopened")
    desk.says("Undone.")
    desk.go(f"stories/{room.read(f'/stories/{STORY}')['id']}")
    wait_for(lambda: not desk.page.inner_text("#status"), 10, "a message of one story is shown over another")
    desk.must_be_well("feedback")
    desk.close()
    passed("messages name their update; publication, top and close are undone, and no message follows to another story")


def check_undo_after_failure(room):
    """What was done can be undone also after the next attempt has failed."""
    desk = room.story_desk("pinned")
    desk.publish("To be deleted.")
    desk.act("To be deleted.", "Delete…")
    desk.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    desk.says("Deleted.")
    desk.page.mouse.move(0, 0)
    desk.composer.get_by_role("button", name="Publish", exact=True).press("Enter")
    fault = desk.composer.get_by_text("An update needs a text.")
    fault.wait_for()
    check(not desk.page.inner_text("#status"), "an earlier success stands above a refusal")
    desk.page.keyboard.press("Control+z")
    desk.update("To be deleted.").wait_for()
    desk.says("Restored.")
    fault.wait_for(state="hidden")
    desk.must_be_well("undo after a failure")
    desk.close()
    passed("Ctrl+Z undoes a deletion also after an attempt to publish nothing, whose fault ends with the next success")


def check_refused(room):
    """A text that the server refuses: without a stale preview, without a check of its links, and with a way out."""
    desk = room.story_desk("pinned")
    preview = desk.composer.get_by_role("region", name="Preview")
    text = desk.composer.get_by_label("Text")
    text.fill("ok")
    preview.get_by_text("ok", exact=True).wait_for()
    text.fill(EMBED_CODE)
    preview.get_by_text("No preview: must not be an embed code of X").wait_for()
    check(not preview.get_by_text("ok", exact=True).count(), "the preview shows an older text")
    asked = []
    desk.page.on("request", lambda request: asked.append(request.url) if "link-check" in request.url else None)
    desk.composer.get_by_role("button", name="Publish", exact=True).click()
    fault = desk.composer.locator(".action-bar").get_by_role("alert")
    fault.get_by_role("button", name="Use the address instead").wait_for()
    must_be_accessible(desk.page, "a refused embed code")
    check(not asked, "the links of a refused text are checked")
    fault.get_by_role("button", name="Use the address instead").click()
    check(text.input_value() == "https://twitter.com/a/status/1", f"the text is {text.input_value()!r}")
    preview.get_by_role("link", name="https://twitter.com/a/status/1").wait_for()
    text.fill(EMBED_CODE)
    preview.get_by_role("button", name="Use the address instead").wait_for()
    text.fill("")
    preview.wait_for(state="hidden")
    desk.must_be_well("a refused text")
    desk.close()
    passed("a refused text has no stale preview, its links are not checked, and the address replaces an embed code")


def check_preview_times(room):
    """Times in a preview are those of the story's zone."""
    room.client.must_write("POST", "/stories", {"title": "In Tokyo", "slug": "in-tokyo", "timeZone": "Asia/Tokyo"})
    room.client.must_write("POST", "/stories/in-tokyo/updates", {"body": "Before.", "occurredAt": "2026-01-05T20:30:00Z"})
    desk = room.story_desk("in-tokyo")
    desk.write("A preview of times.")
    desk.composer.get_by_role("button", name="Preview…").click()
    page = desk.dialog("As readers will see it").frame_locator("iframe")
    times = page.locator("article time")
    times.first.wait_for()
    wait_for(lambda: all("GMT+9" in text for text in times.all_inner_texts()), 10, lambda: f"times are {times.all_inner_texts()}")
    desk.must_be_well("times in a preview")
    desk.close()
    passed("a preview has times of the story's zone, as readers see them")


def check_key_points(room):
    """By keyboard: Enter goes on to the next key point, Ctrl+Enter updates the top."""
    desk = room.story_desk("pinned")
    desk.page.locator(".top > summary").click()
    top = desk.page.get_by_role("form", name="The top")
    top.get_by_role("button", name="Add a key point").click()
    keys = desk.page.keyboard
    for text in ["The bridge is closed.", "Trains run.", "Schools open at ten."]:
        keys.type(text)
        keys.press("Enter")
    update = top.get_by_role("button", name="Update the top")
    box = update.bounding_box()
    check(0 <= box["y"] and box["y"] + box["height"] <= 900, f"what updates the top is out of sight: {box}")
    keys.press("Control+Enter")
    wanted = ["The bridge is closed.", "Trains run.", "Schools open at ten."]
    wait_for(lambda: room.read("/stories/pinned")["keyPoints"] == wanted, 10, lambda: "the key points are not saved")
    wait_for(lambda: desk.page.evaluate("document.activeElement.matches('.top > summary')"), 10, "the focus is lost after saving the top")
    desk.page.locator("#status .undo").click()
    wait_for(lambda: not room.read("/stories/pinned")["keyPoints"], 10, "the top is not taken back")
    desk.must_be_well("key points")
    desk.close()
    passed("key points are written one after the other by Enter, and saved by Ctrl+Enter")


def check_author(room):
    """Who signs in with a key that is not a person's is asked for a name, once."""
    room = Room(room.wireroom, room.browser, permissions=["clipboard-read", "clipboard-write"])
    desk = room.story_desk("pinned")
    desk.page.get_by_label("Name for your updates").fill("Ines Akinyi")
    must_be_accessible(desk.page, "the question for a name")
    desk.button("Use this name").click()
    desk.publish("It has a name.")
    check(room.only("It has a name.", "pinned")["author"] == "Ines Akinyi", "the update has no author")
    desk.act("It has a name.", "Copy link")
    desk.says("Copied.")
    address = desk.page.evaluate("navigator.clipboard.readText()")
    wanted = f"{room.wireroom.url}/live/pinned/{room.only('It has a name.', 'pinned')['id']}"
    check(address == wanted, f"the link is {address}")
    desk.go(f"stories/{room.read(f'/stories/{STORY}')['id']}")
    desk.page.locator(".compose .more .summary").get_by_text("Ines Akinyi").wait_for()
    check(not desk.page.get_by_label("Name for your updates").count(), "the editor is asked again")
    desk.must_be_well("an author")
    room.context.close()
    passed("an editor whose key has no person's name is asked for one, once; the link of an update is copied")


def check_restored_edit(room):
    """An edit that is restored far down the list is announced at the top, until it is left."""
    desk = room.story_desk("pinned")
    desk.act("Later 80.", "Edit")
    desk.editor.get_by_label("Text").fill("Later 80, corrected.")
    desk.reload()
    announced = desk.page.locator(".compose").get_by_text("Changes to “Later 80, corrected.”")
    announced.wait_for()
    desk.page.locator(".compose .notice").get_by_role("button", name="Go on").click()
    wait_for(lambda: desk.editor.bounding_box()["y"] < 400, 10, "the editor is not shown")
    check(not announced.count(), "the announcement stays")
    desk.reload()
    announced.wait_for()
    desk.editor.get_by_role("button", name="Cancel").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    announced.wait_for(state="detached")
    desk.must_be_well("a restored edit")
    desk.close()
    passed("an edit restored far down the list is announced at the top")


def check_counts(room):
    """What is counted is what is shown."""
    desk = room.story_desk("pinned")
    counts = desk.page.locator(".list-bar .facts")
    counts.get_by_text("The newest 50 updates").wait_for()
    desk.page.locator("article").nth(3).hover()
    room.client.must_write("POST", "/stories/pinned/updates", {"body": "It waits."})
    desk.button("1 new").wait_for()
    check("The newest 50 updates" in counts.inner_text(), f"with one that waits, the desk counts {counts.inner_text()!r}")
    find = desk.page.get_by_label("Find in this story")
    find.fill("It waits")
    desk.page.get_by_text("Found 1 update.").wait_for()
    desk.page.locator(".found article").get_by_role("button", name="More:").click()
    desk.page.locator(".found article").get_by_role("button", name="Delete…").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    desk.page.locator(".found").get_by_text("Nothing found.").wait_for()
    desk.must_be_well("counts")
    desk.close()
    passed("updates that wait are not counted as shown, nor one that was found and has gone")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-feedback-") as name, contextlib.ExitStack() as stack:
        wireroom = Wireroom(pathlib.Path(name), settings={"WIREROOM_OUTBOUND_ALLOW": "127.0.0.1"})
        wireroom.start()
        stack.callback(wireroom.kill)
        room = Room(wireroom, stack.enter_context(Browser()))
        room.client.must_write("POST", "/stories", {"title": "Marathon day", "slug": STORY})
        # It leaves the story of pinned updates that most of the others use.
        for part in [*signingin.CHECKS, check_pinned, check_phone, check_feedback, check_undo_after_failure, check_refused, check_preview_times, check_key_points,
                     check_author, check_restored_edit, check_counts]:
            part(room)


if __name__ == "__main__":
    run("The desk's answers", main)
