# SPDX-License-Identifier: Apache-2.0
"""Pictures at the desk, in a real browser: pasted, dropped, chosen and photographed, on lines that are slow, cut or gone.

On a desktop, by keyboard, and on a phone; with axe in every state.
"""

import base64
import contextlib
import pathlib
import tempfile

import uploadlines
from checks import check, passed, run, wait_for
from deskpage import PHONE, Room
from frontends import must_be_accessible
from pages import Browser
from samplepictures import file, png
from uploadpage import ALT, NEEDS_ALT, SMALL, STORY, choose, media, must_be_uploaded, open_desk, picture, publish, transfer
from wireroom import Wireroom


# --- ways to add pictures ---

COPY = """async content => {
    const bytes = Uint8Array.from(atob(content), character => character.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
}"""


def check_paste(room):
    room.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk = open_desk(room)
    desk.write("Pasted into the text.")
    desk.page.evaluate(COPY, base64.b64encode(SMALL).decode())
    desk.composer.get_by_label("Text").focus()
    desk.page.keyboard.press("Control+V")
    must_be_uploaded(desk.composer, 1)
    check(desk.composer.get_by_label("Text").input_value() == "Pasted into the text.", "the text has changed")
    check(desk.composer.get_by_label("Text").evaluate("node => node === document.activeElement"), "the focus has left the text")
    desk.page.evaluate("navigator.clipboard.writeText(' And words.')")
    desk.page.keyboard.press("End")
    desk.page.keyboard.press("Control+V")
    check(desk.composer.get_by_label("Text").input_value() == "Pasted into the text. And words.", "words are not pasted")
    picture(desk.composer, 1).get_by_label(ALT).fill("A harbour.")
    desk.button("Preview…").click()
    shown = desk.page.frame_locator("iframe.page").get_by_role("img", name="A harbour.")
    wait_for(lambda: shown.evaluate("image => image.complete && image.naturalWidth > 0"), 10, "the preview lacks the picture")
    desk.button("Done").click()
    publish(desk)
    desk.says("Published.")
    [medium] = media(room, "Pasted")
    check((medium["type"], medium["alt"], medium["width"], medium["height"]) == ("image", "A harbour.", 800, 600),
          f"the medium is {medium}")
    answer = room.client.get(medium["url"])
    check(answer.status == 200 and answer.headers["Content-Type"].startswith("image/"), f"the picture is {answer.status}")
    check(not desk.composer.locator(".row.picture").count(), "the picture stays in the composer")
    desk.update("Pasted into the text.").locator(".pictures img").wait_for()
    desk.must_be_well("a paste")
    desk.close()
    passed("a picture is pasted into the text, which stays, uploaded and published; words are pasted as ever")


def check_drop(room):
    desk = open_desk(room)
    desk.write("Dropped.")
    files = [file("one.png", SMALL), file("notes.pdf", b"%PDF-1.7", "application/pdf"), file("two.png", png(400, 300))]
    dropped = transfer(desk, files)
    desk.composer.dispatch_event("dragover", {"dataTransfer": dropped})
    check("dropping" in desk.composer.get_attribute("class"), "nothing shows where it can be dropped")
    desk.composer.dispatch_event("drop", {"dataTransfer": dropped})
    check("dropping" not in desk.composer.get_attribute("class"), "the drop does not end")
    desk.composer.get_by_text("notes.pdf is no picture.").wait_for()
    must_be_uploaded(desk.composer, 2)
    # Beside the form: nothing happens, and above all the desk is not left.
    desk.page.locator(".story-head").dispatch_event("drop", {"dataTransfer": transfer(desk, files)})
    check(desk.composer.locator(".row.picture").count() == 2, "a drop beside the form adds pictures")
    for number in (1, 2):
        picture(desk.composer, number).get_by_label("Decorative").check()
    publish(desk)
    desk.says("Published.")
    check([medium["alt"] for medium in media(room, "Dropped.")] == ["", ""], f"the media are {media(room, 'Dropped.')}")
    desk.act("Dropped.", "Edit")
    check(picture(desk.editor, 2).get_by_label("Decorative").is_checked(), "a decorative picture is not known again")
    desk.editor.get_by_role("button", name="Cancel").click()
    desk.must_be_well("a drop")
    desk.close()
    passed("several pictures are dropped, what is none is named, and decorative ones need no words")


def check_choose(room):
    """Several at once; what each of them shows, their order, their credit."""
    desk = open_desk(room)
    desk.write("Five pictures.")
    choose(desk, [file(f"{number}.png", png(400 + number, 300)) for number in range(5)])
    must_be_uploaded(desk.composer, 5)
    must_be_accessible(desk.page, "five pictures")
    publish(desk)
    faults = desk.composer.get_by_text(NEEDS_ALT)
    check(faults.count() == 5, f"{faults.count()} alternative texts are asked for")
    first = picture(desk.composer, 1).get_by_label(ALT)
    check(first.evaluate("node => node === document.activeElement"), "the focus is not where the text is missing")
    must_be_accessible(desk.page, "missing alternative texts")
    check(not room.updates("Five pictures.", STORY), "it is published without alternative texts")
    for number in range(5):
        picture(desk.composer, number + 1).get_by_label(ALT).fill(f"Number {number}.")
    check(not faults.count(), "the faults stay")
    picture(desk.composer, 1).get_by_label("Caption").fill("The first.")
    picture(desk.composer, 1).get_by_label("Credit").fill("Ana Ruiz")
    desk.composer.get_by_role("button", name="Down: Picture 1").press("Enter")
    focused = desk.page.evaluate("document.activeElement.getAttribute('aria-label')")
    check(focused == "Down: Picture 2", f"the focus goes to {focused}")
    desk.page.keyboard.press("Enter")
    desk.composer.get_by_role("button", name="Up: Picture 5").press("Enter")
    desk.composer.get_by_role("button", name="Remove: Picture 2").click()
    publish(desk)
    desk.says("Published.")
    found = [medium["alt"] for medium in media(room, "Five pictures.")]
    check(found == ["Number 1.", "Number 0.", "Number 4.", "Number 3."], f"the order is {found}")
    check(media(room, "Five pictures.")[1]["credit"] == "Ana Ruiz", "the credit is lost")
    choose(desk, [file("next.png", SMALL)])
    suggested = picture(desk.composer, 1).get_by_label("Credit").evaluate("node => [...node.list.options].map(one => one.value)")
    check(suggested == ["Ana Ruiz"], f"the suggested credits are {suggested}")
    must_be_uploaded(desk.composer, 1)
    desk.composer.get_by_role("button", name="Remove: Picture 1").click()
    desk.must_be_well("a choice")
    desk.close()
    passed("five pictures are chosen, described, put in order by keyboard and published; a credit is suggested again")


def check_refused(room):
    desk = open_desk(room)
    desk.write("Refused.")
    choose(desk, [file("page.png", b"<!doctype html><title>No picture</title>")])
    words = picture(desk.composer, 1).locator(".upload")
    wait_for(lambda: "page.png was not uploaded:" in words.inner_text(), 10, lambda: f"it says {words.inner_text()!r}")
    must_be_accessible(desk.page, "a refused picture")
    with desk.page.expect_file_chooser() as chooser:
        picture(desk.composer, 1).get_by_role("button", name="Choose again…").click()
    chooser.value.set_files([file("good.png", SMALL)])
    must_be_uploaded(desk.composer, 1)
    desk.composer.get_by_role("button", name="Remove: Picture 1").click()
    choose(desk, [file("huge.png", bytes(26_000_000)), file("drawing.svg", b"<svg/>", "image/svg+xml")])
    desk.composer.get_by_text("huge.png has 26 MB. A picture can have 25 MB at most.").wait_for()
    desk.composer.get_by_text("drawing.svg is a drawing (SVG).").wait_for()
    check(not desk.composer.locator(".row.picture").count(), "what cannot be uploaded is added")
    desk.composer.get_by_label("Text").fill("")
    desk.must_be_well("refusals")
    desk.close()
    passed("a refusal is told at the picture in the server's words; what is too large or no picture is not sent at all")


# --- the focus point, the editor, the story ---


def check_focus(room):
    desk = open_desk(room)
    desk.write("With a focus.")
    choose(desk, [file("wide.png", png(1200, 600))])
    picture(desk.composer, 1).get_by_role("button", name="Focus point: the centre").press("Enter")
    dialog = desk.dialog("Focus point")
    must_be_accessible(desk.page, "the focus point")
    for key in ["ArrowLeft", "ArrowLeft", "Shift+ArrowUp", "ArrowDown"]:
        desk.page.keyboard.press(key)
    dialog.get_by_text("48 % across, 41 % down").wait_for()
    crop = dialog.locator(".crop").first.evaluate("image => image.style.objectPosition")
    check(crop == "48% 41%", f"the crop is at {crop}")
    dialog.get_by_role("button", name="Set").click()
    picture(desk.composer, 1).get_by_role("button", name="Focus point: 48 % across, 41 % down").click()
    stage = dialog.locator(".stage img").bounding_box()
    desk.page.mouse.click(stage["x"] + stage["width"] / 4, stage["y"] + stage["height"] * .9)
    dialog.get_by_text("25 % across, 90 % down").wait_for()
    dialog.get_by_role("button", name="Set").click()
    picture(desk.composer, 1).get_by_label(ALT).fill("Wide.")
    must_be_uploaded(desk.composer, 1)
    publish(desk)
    desk.says("Published.")
    check(media(room, "With a focus.")[0]["focus"] == {"x": 25, "y": 90}, f"the media are {media(room, 'With a focus.')}")
    desk.must_be_well("a focus point")
    desk.close()
    passed("a focus point is set by keyboard and by pointer, with a preview of crops")


def check_editor(room):
    """A picture is added to a published update, beside a change by somebody else; media by address stay."""
    desk = open_desk(room)
    desk.write("To be illustrated.")
    desk.composer.get_by_role("button", name="Add by address").click()
    medium = desk.composer.get_by_role("group", name="Medium 1")
    medium.get_by_label("Kind").select_option("video")
    medium.get_by_label("Address").fill("https://video.example/1.mp4")
    publish(desk)
    desk.says("Published.")
    desk.act("To be illustrated.", "Edit")
    desk.editor.get_by_role("group", name="Medium 1").wait_for()
    choose(desk, [file("late.png", SMALL)], desk.editor)
    picture(desk.editor, 2).get_by_label(ALT).fill("Late.")
    room.client.must_write("PATCH", f"/stories/{STORY}/updates/{room.only('To be illustrated.', STORY)['id']}",
                           {"title": "Theirs"})
    must_be_uploaded(desk.editor, 1)
    desk.editor.get_by_role("button", name="Save").click()
    desk.dialog("WIREROOM_ADMIN_KEY has changed this meanwhile").get_by_role("button", name="Save this").click()
    desk.says("Saved.")
    update = room.only("To be illustrated.", STORY)
    check([one["type"] for one in update["media"]] == ["video", "image"] and update["title"] == "Theirs",
          f"the update is {update}")
    desk.must_be_well("the editor")
    desk.close()
    passed("a picture is added to a published update, beside a video by its address and somebody else's change")


def check_story_picture(room):
    desk = open_desk(room)
    desk.page.get_by_role("link", name="Story", exact=True).click()
    form = desk.page.get_by_role("form", name="The story")
    choose(desk, [file("head.png", png(1600, 900))], form, "Choose a picture…")
    must_be_uploaded(form, 1)
    check(form.get_by_role("button", name="Choose a picture…").is_hidden(), "a second picture is offered")
    form.get_by_role("button", name="Save").click()
    form.get_by_text(NEEDS_ALT).wait_for()
    must_be_accessible(desk.page, "the picture of a story")
    picture(form, 1).get_by_label(ALT).fill("The harbour at night.")
    form.get_by_role("button", name="Save").click()
    desk.says("Saved.")
    image = room.read(f"/stories/{STORY}")["image"]
    check((image["alt"], image["width"]) == ("The harbour at night.", 1600), f"the picture is {image}")
    form.get_by_role("button", name="Remove: Picture 1").click()
    form.get_by_role("button", name="Save").click()
    wait_for(lambda: room.read(f"/stories/{STORY}")["image"] is None, 10, "the picture of the story stays")
    desk.must_be_well("the picture of a story")
    desk.close()
    passed("a story is given a picture, which needs an alternative text, and loses it again")


# --- a phone ---


IN_SIGHT = """node => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    // Not covered by anything, at its edges either.
    return [top + 2, bottom - 2].every(y => node.contains(document.elementFromPoint((left + right) / 2, y)));
}"""


def check_phone(room):
    """From a photo to the reader, without leaving the screen."""
    phone = Room(room.wireroom, room.browser, **{**PHONE, "viewport": {"width": 390, "height": 844}, "color_scheme": "dark"})
    desk = open_desk(phone)
    desk.composer.get_by_label("Text").fill("From the quay.")
    with desk.page.expect_file_chooser() as chooser:
        desk.composer.get_by_role("button", name="Take a photo…").tap()
    check(chooser.value.element.get_attribute("capture") == "environment", "it is not the camera")
    chooser.value.set_files([file("IMG_0001.png", png(1200, 1600))])
    must_be_uploaded(desk.composer, 1)
    field = picture(desk.composer, 1).get_by_label(ALT)
    check(field.evaluate("node => node === document.activeElement"), "the focus is not at what it shows")
    field.fill("Smoke over the quay.")
    for name, found in [("what it shows", field), ("the picture", picture(desk.composer, 1).locator("button.thumb")),
                        ("the text", desk.composer.get_by_label("Text")),
                        ("Publish", desk.composer.get_by_role("button", name="Publish", exact=True))]:
        check(found.evaluate(IN_SIGHT), f"{name} is not in sight: {found.bounding_box()}")
    desk.must_fit("a picture on a phone")
    must_be_accessible(desk.page, "a picture on a phone")
    desk.composer.get_by_role("button", name="Publish", exact=True).tap()
    desk.says("Published.")
    check(media(room, "From the quay.")[0]["alt"] == "Smoke over the quay.", "the picture is not there")
    reader = phone.context.new_page()
    reader.goto(f"{room.wireroom.url}/live/{STORY}")
    shown = reader.locator("article", has_text="From the quay.").locator("img")
    wait_for(lambda: shown.evaluate("image => image.complete && image.naturalWidth > 0"), 10, "readers do not see it")
    desk.must_be_well("a phone")
    phone.context.close()
    passed("on a phone of 390 × 844 a photo is taken, described and published on one screen, and readers see it")


CHECKS = [check_paste, check_drop, check_choose, *uploadlines.CHECKS, check_refused, check_focus, check_editor,
          check_story_picture, check_phone]


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-uploads-") as name, contextlib.ExitStack() as stack:
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        stack.callback(wireroom.kill)
        room = Room(wireroom, stack.enter_context(Browser()))
        room.client.must_write("POST", "/stories", {"title": "Fire in the harbour", "slug": STORY, "status": "live"})
        for part in CHECKS:
            part(room)


if __name__ == "__main__":
    run("Pictures at the desk", main)
