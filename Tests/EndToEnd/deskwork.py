# SPDX-License-Identifier: Apache-2.0
"""Daily work at the desk: writing updates, and editing published ones."""

import contextlib

from playwright.sync_api import Error

from checks import check, passed, wait_for
from deskpage import STORY
from frontends import must_be_accessible

NOT_SAVED = "Not yet saved: trying again"


# --- writing ---


def check_publish(room):
    desk = room.story_desk()
    form = desk.composer
    desk.write("They are **off**.", "The start")
    form.get_by_label("Preview").get_by_text("off").wait_for()
    check(form.get_by_label("Preview").locator("strong").inner_text() == "off", "the preview does not render Markdown")
    form.get_by_label("Key event").check()
    form.locator(".more > summary").click()
    form.get_by_label("Author").fill("Ines")
    form.get_by_label("Tags").fill("start, bridge")
    form.get_by_label("Happened at").fill("2026-05-04T09:30")
    form.get_by_role("button", name="Add a source").click()
    form.get_by_role("group", name="Source 1").get_by_label("Name").fill("Race office")
    form.get_by_role("button", name="Add by address").click()
    form.get_by_role("group", name="Medium 1").get_by_label("Address").fill("https://pictures.example/start.jpg")
    form.get_by_role("group", name="Medium 1").get_by_label("Width").fill("1600")
    form.get_by_label("Text").press("Control+Enter")
    desk.says("Published.")
    desk.update("They are off.").wait_for()
    update = room.only("They are")
    check(update["occurredAt"] == "2026-05-04T13:30:00.000Z", f"it happened at {update['occurredAt']}")
    check((update["title"], update["author"], update["tags"], update["keyEvent"]) ==
          ("The start", "Ines", ["start", "bridge"], True), f"the update is {update}")
    check(update["sources"][0]["name"] == "Race office", f"the sources are {update['sources']}")
    check(update["media"][0]["width"] == 1600, f"the media are {update['media']}")
    check(form.get_by_label("Text").input_value() == "" and form.get_by_label("Author").input_value() == "Ines",
          "the composer is not ready for the next")
    desk.must_be_well("publishing")
    desk.close()
    passed("an update is written with a preview, and published by Ctrl+Enter with all its members")


def check_crash(room):
    """The tab crashes; the next one restores what was typed."""
    desk = room.story_desk()
    desk.write("The leaders pass ten kilo", "Half written")
    with desk.page.expect_event("crash"), contextlib.suppress(Error):
        desk.page.goto("chrome://crash")
    desk.close()
    desk = room.story_desk()
    desk.composer.get_by_text("Restored").wait_for()
    check(desk.composer.get_by_label("Text").input_value() == "The leaders pass ten kilo", "the text is lost")
    desk.composer.get_by_label("Text").fill("The leaders pass ten kilometres.")
    desk.composer.get_by_role("button", name="Publish", exact=True).click()
    desk.update("ten kilometres").wait_for()
    room.only("ten kilometres")
    desk.write("Not meant.")
    desk.reload()
    desk.composer.get_by_role("button", name="Discard").click()
    check(desk.composer.get_by_label("Text").input_value() == "", "what was discarded stands there")
    desk.must_be_well("a crash")
    desk.close()
    passed("what was typed before the tab crashed is restored, and published once; or discarded")


@contextlib.contextmanager
def answers_lost(desk, path, most=1):
    """Lets the server process requests, but drops their responses."""
    left = [most]

    def lose(route):
        if route.request.method != "POST" or not left[0]:
            return route.continue_()
        left[0] -= 1
        route.fetch()
        return route.abort()

    desk.page.route(f"**{path}", lose)
    yield
    desk.page.unroute(f"**{path}")


def check_lost_answers(room):
    desk = room.story_desk()
    with answers_lost(desk, "/updates"):
        desk.write("The answer was lost.")
        desk.composer.get_by_role("button", name="Publish", exact=True).click()
        desk.composer.get_by_text(NOT_SAVED).wait_for()
        desk.says("Published.")
    room.only("The answer was lost.")
    with answers_lost(desk, "/updates", most=99):
        desk.write("Lost, and reloaded.")
        desk.composer.get_by_role("button", name="Publish", exact=True).click()
        desk.composer.get_by_text(NOT_SAVED).wait_for()
        must_be_accessible(desk.page, "what waits")
        desk.reload()
        desk.composer.get_by_text(NOT_SAVED).wait_for()
    desk.says("Published.")
    room.only("Lost, and reloaded.")
    with answers_lost(desk, "/updates", most=99):
        desk.write("Lost, and changed.")
        desk.composer.get_by_role("button", name="Publish", exact=True).click()
        desk.page.get_by_role("button", name="Stop trying").click()
    desk.composer.get_by_text("Stopped").wait_for()
    desk.write("Lost, changed, and whole.")
    desk.composer.get_by_role("button", name="Publish", exact=True).click()
    desk.update("Lost, changed, and whole.").wait_for()
    room.only("Lost, changed, and whole.")
    check(not room.updates("Lost, and changed."), "what was changed after a lost answer is there twice")
    desk.must_be_well("lost answers")
    desk.close()
    passed("a lost answer doubles nothing: tried again, over a reload, and with a text that was changed meanwhile")


def check_server_away(room):
    desk = room.story_desk()
    room.wireroom.stop()
    desk.write("Written while the server was away.")
    desk.composer.get_by_role("button", name="Publish", exact=True).click()
    desk.composer.get_by_text(NOT_SAVED).wait_for()
    room.wireroom.start()
    desk.says("Published.")
    room.only("while the server was away")
    desk.must_be_well("a server that is away")
    desk.close()
    passed("what was sent while the server was away is published when it is back")


# --- editing ---


def check_conflict(room):
    update = room.only("ten kilometres")
    desk = room.story_desk()
    desk.act("ten kilometres", "Edit")
    desk.editor.get_by_label("Text").fill("Mine: **eleven** kilometres.")
    room.edit(update, title="Theirs", body="Theirs: ten kilometres and a half.", tags=["theirs"])
    desk.editor.get_by_role("button", name="Save").click()
    dialog = desk.dialog("WIREROOM_ADMIN_KEY has changed this meanwhile")
    must_be_accessible(desk.page, "a conflict")
    dialog.get_by_role("button", name="Save this").click()
    dialog.get_by_text("Choose for “Text”.").wait_for()
    text = dialog.get_by_role("group", name="Text")
    check("eleven" in text.inner_text() and "and a half" in text.inner_text(), "not both texts are shown")
    text.get_by_label("Keep mine").check()
    check(dialog.get_by_role("group", name="Tags").get_by_label("Take theirs").is_checked(), "their tags are not taken")
    dialog.get_by_role("button", name="Save this").click()
    desk.says("Saved.")
    update = room.only("Mine")
    check((update["body"], update["title"], update["tags"]) == ("Mine: **eleven** kilometres.", "Theirs", ["theirs"]),
          f"after the conflict there is {update}")
    check_editor_restored(room, desk, update)
    desk.must_be_well("a conflict")
    desk.close()
    passed("a conflict is shown member by member and settled, also after a reload of the editor")


def check_editor_restored(room, desk, update):
    desk.act("eleven", "Edit")
    desk.editor.get_by_label("Title").fill("By me")
    room.edit(update, body="Theirs: twelve kilometres.")
    desk.reload()
    desk.editor.get_by_text("Restored").wait_for()
    desk.editor.get_by_role("button", name="Save").click()
    dialog = desk.dialog("WIREROOM_ADMIN_KEY has changed this meanwhile")
    dialog.get_by_role("group", name="Title").get_by_label("Edit by hand").check()
    dialog.get_by_label("Title, by hand").fill("By hand")
    dialog.get_by_role("button", name="Save this").click()
    desk.says("Saved.")
    check(room.only("twelve")["title"] == "By hand", "what was written by hand is not there")


def check_discarded(room):
    """What is typed between a press of `Discard` and the answer that shows what was saved meanwhile stays."""
    update = room.only("twelve")
    desk = room.story_desk()
    desk.act("twelve", "Edit")
    desk.editor.get_by_label("Text").fill("Not meant.")
    room.edit(update, title="By a colleague")
    desk.reload()
    discard = desk.editor.get_by_role("button", name="Discard")
    discard.wait_for()
    held = []
    desk.page.route(f"**/updates/{update['id']}", lambda route: held.append(route))
    discard.click()
    text = desk.editor.get_by_label("Text")
    wait_for(lambda: desk.page.wait_for_timeout(20) or held, 10, "the update is not read again")
    check(text.input_value() == "Theirs: twelve kilometres.", f"at once there is {text.input_value()!r}")
    text.fill("Written meanwhile.")
    with desk.page.expect_response(f"**/updates/{update['id']}"):
        held[0].continue_()
    desk.page.unroute(f"**/updates/{update['id']}")
    desk.editor.get_by_role("button", name="Save").click()
    desk.dialog("has changed this meanwhile").get_by_role("button", name="Save this").click()
    desk.says("Saved.")
    saved = room.only("Written meanwhile.")
    check(saved["title"] == "By a colleague", f"their title is {saved['title']!r}")
    desk.act("Written meanwhile.", "Edit")
    desk.editor.get_by_label("Text").fill("Theirs: twelve kilometres.")
    desk.editor.get_by_role("button", name="Save").click()
    desk.update("twelve").wait_for()
    desk.must_be_well("what is discarded")
    desk.close()
    passed("what is discarded is gone at once, and what is typed until the saved text has been read stays")


def check_marks(room):
    desk = room.story_desk()
    desk.act("They are off", "Pin")
    desk.update("They are off").get_by_text("Pinned").wait_for()
    desk.act("They are off", "Not a key event")
    wait_for(lambda: not room.only("They are")["keyEvent"], 10, "it is still marked")
    check(room.only("They are")["pinned"], "it is not pinned")
    desk.act("They are off", "Retract…")
    desk.page.keyboard.type("They were not.")
    must_be_accessible(desk.page, "the reason")
    desk.page.keyboard.press("Enter")
    desk.update("They are off").get_by_text("They were not.").wait_for()
    desk.act("They are off", "Take the retraction back")
    wait_for(lambda: room.only("They are")["stricken"] is None, 10, "the retraction stands")
    desk.act("They are off", "Take back to draft…")
    desk.dialog("Take it back to draft?").get_by_role("button", name="Take back").click()
    wait_for(lambda: not room.updates("They are"), 10, "it is not taken back")
    desk.page.get_by_role("region", name="Not published").get_by_text("They are").wait_for()
    desk.act("They are off", "Publish")
    wait_for(lambda: room.updates("They are"), 10, "it is not published again")
    desk.act("They are off", "History")
    desk.dialog("History").get_by_text("the first version that is kept").wait_for()
    must_be_accessible(desk.page, "the history")
    desk.page.keyboard.press("Escape")
    desk.must_be_well("marks")
    desk.close()
    passed("an update is pinned, marked, retracted, taken back and published again, and its history is shown")


def check_delete_and_takedown(room):
    desk = room.story_desk()
    desk.publish("To be deleted.")
    desk.act("To be deleted.", "Delete…")
    deletion = desk.dialog("Delete this update?")
    deletion.get_by_text("It goes to the bin").wait_for()
    deletion.get_by_role("button", name="Delete").click()
    desk.update("To be deleted.").wait_for(state="detached")
    desk.publish("A name that must go.")
    desk.act("A name that must go.", "Edit")
    desk.editor.get_by_label("Text").fill("A name that must go, edited.")
    desk.reload()
    desk.editor.get_by_role("button", name="Discard").click()
    desk.editor.get_by_role("button", name="Cancel").click()
    desk.act("A name that must go.", "Take down…")
    dialog = desk.dialog("Take this update down")
    for words in ["At once: text, media", "168 hours", "What somebody has copied"]:
        dialog.get_by_text(words).wait_for()
    must_be_accessible(desk.page, "the takedown")
    dialog.get_by_label("Reason").fill("A minor.")
    dialog.get_by_role("button", name="Take down").click()
    dialog.get_by_text("Type “takedown” first.").wait_for()
    dialog.get_by_label("Type “takedown”").fill("takedown")
    desk.page.keyboard.press("Enter")
    purge = desk.dialog("Taken down")
    check(not purge.get_by_text(f"/stories/{STORY}/updates", exact=True).is_visible(), "an editor is shown paths of the API")
    purge.get_by_text("Addresses in caches").click()
    purge.get_by_text(f"/stories/{STORY}/updates", exact=True).wait_for()
    must_be_accessible(desk.page, "the addresses to purge")
    purge.get_by_role("button", name="Done").click()
    check("must go" not in desk.kept(), "the browser keeps what was taken down")
    check(not room.updates("must go"), "it is still there")
    desk.must_be_well("a takedown")
    desk.close()
    passed("a takedown takes a reason and a word, lists what to purge, and leaves nothing in the browser")


def check_schedule(room):
    desk = room.story_desk()
    desk.write("Good night.")
    desk.button("Schedule…").click()
    desk.composer.get_by_label("Publish at").fill("2020-01-01T00:00")
    desk.button("Schedule").click()
    desk.composer.get_by_text("This time has passed.").wait_for()
    desk.composer.get_by_label("Publish at").fill("2036-07-04T21:00")
    check(not desk.composer.get_by_text("This time has passed.").count(), "a fault stays when its text is changed")
    desk.composer.get_by_text("America/New_York, UTC−4").wait_for()
    desk.button("Schedule").click()
    desk.says("Scheduled for")
    at = room.drafts()[0]["publishAt"]
    check(at == "2036-07-05T01:00:00.000Z", f"it is scheduled for {at}")
    desk.act("Good night.", "Edit")
    # The Swedish locale formats times as the input field does.
    soon = desk.page.evaluate("new Date(Date.now() + 4000).toLocaleString('sv').replace(' ', 'T')")
    desk.editor.get_by_role("button", name="Schedule…").click()
    desk.editor.get_by_label("Publish at").fill(soon)
    desk.editor.get_by_role("button", name="Schedule", exact=True).click()
    desk.page.get_by_role("region", name="Updates", exact=True).get_by_text("Good night.").wait_for()
    room.only("Good night.")
    desk.write("Perhaps.")
    desk.button("Save as draft").click()
    desk.says("Saved as draft.")
    check([draft["body"] for draft in room.drafts()] == ["Perhaps."], f"the drafts are {room.drafts()}")
    desk.must_be_well("a schedule")
    desk.close()
    passed("an update is scheduled in local time, published when its time has come, and another kept as a draft")


def check_old_update(room):
    """Edits an update that is not on a loaded page yet, and one that another editor deletes meanwhile."""
    room.client.must_write("POST", f"/stories/{STORY}/updates", [{"body": f"Kilometre no. {n}."} for n in range(60)])
    desk = room.story_desk()
    desk.button("Older updates").click()
    desk.act("twelve kilometres", "Edit")
    desk.editor.get_by_label("Title").fill("Counted again")
    desk.reload()
    desk.page.get_by_text("were not saved").wait_for()
    desk.button("Go on").click()
    desk.editor.get_by_role("button", name="Save").click()
    wait_for(lambda: room.only("twelve")["title"] == "Counted again", 10, "the change is not saved")
    # The form closes on the response, not on the change.
    desk.says("Saved.")
    desk.act("Kilometre no. 59.", "Edit")
    desk.editor.get_by_label("Text").fill("Kilometre no. 59, at last.")
    room.client.must_write("DELETE", f"/stories/{STORY}/updates/{room.only('no. 59')['id']}")
    desk.editor.get_by_text("Somebody else has removed this update").wait_for()
    check(desk.editor.get_by_label("Text").input_value() == "Kilometre no. 59, at last.", "the text is lost")
    desk.editor.get_by_role("button", name="Cancel").click()
    desk.dialog("Discard your changes?").get_by_role("button", name="Discard").click()
    desk.must_be_well("old updates")
    desk.close()
    passed("changes of an update on no page so far come back; who edits what is deleted is told, and keeps the text")


CHECKS = [check_publish, check_crash, check_lost_answers, check_server_away, check_conflict, check_discarded, check_marks,
          check_delete_and_takedown, check_schedule, check_old_update]
"""In this order: each continues from the state left by the previous ones."""
