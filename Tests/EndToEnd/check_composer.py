# SPDX-License-Identifier: Apache-2.0
"""An editor writes at the desk: toolbar, shortcuts, paste, undo, in a real browser."""

import contextlib
import pathlib
import re
import tempfile

from checks import check, passed, run, wait_for
from deskpage import PHONE, STORY, Room
from frontends import must_be_accessible
from pages import Browser
from wireroom import Wireroom

PASTE = """([html, text]) => {
    const clipboardData = new DataTransfer();
    if (html) clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    if (document.activeElement.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""
SELECT = "([area, words]) => { const at = area.value.indexOf(words); area.setSelectionRange(at, at + words.length); }"

SAVED = re.compile(r"^Saved \d\d:\d\d$")

MAIL = """<html><head><style>p { color: red }</style></head><body><!--StartFragment-->
<h1>What we know</h1><p class=MsoNormal>The <b>bridge</b> is <a href="https://example.org/bridge?utm_source=x">closed</a>.<o:p></o:p></p>
<ul><li>One</li><li>Two <i>people</i></li></ul><img src="https://pictures.example/a.jpg"><img src="https://pictures.example/b.jpg">
<iframe src="https://video.example/1"></iframe><!--EndFragment--></body></html>"""
MAIL_AS_MARKDOWN = """# What we know

The **bridge** is [closed](https://example.org/bridge).

- One
- Two *people*"""


class Text:
    """The text field of the composer."""

    def __init__(self, desk):
        self.desk = desk
        self.node = desk.composer.get_by_label("Text")
        self.keys = desk.page.keyboard

    def select(self, words):
        self.node.focus()
        self.desk.page.evaluate(SELECT, [self.node.element_handle(), words])

    def paste(self, text, html=""):
        self.desk.page.evaluate(PASTE, [html, text])

    def must_be(self, wanted, where):
        wait_for(lambda: self.node.input_value() == wanted, 5,
                 lambda: f"{where}: the text is {self.node.input_value()!r} instead of {wanted!r}")


def check_formatting(room):
    desk = room.story_desk()
    text = Text(desk)
    text.node.fill("The wind blows hard")
    text.select("wind")
    text.keys.press("Control+b")
    text.must_be("The **wind** blows hard", "Ctrl+B")
    text.keys.press("Control+i")
    text.must_be("The ***wind*** blows hard", "Ctrl+I")
    text.keys.press("Control+z")
    text.keys.press("Control+z")
    text.must_be("The wind blows hard", "the browser's undo")
    text.select("blows")
    text.keys.press("Control+k")
    text.keys.type("https://example.org/")
    text.must_be("The wind [blows](https://example.org/) hard", "Ctrl+K")
    text.select("hard")
    text.paste("https://example.org/hard")
    text.must_be("The wind [blows](https://example.org/) [hard](https://example.org/hard)", "an address pasted over a word")
    text.node.fill("")
    text.keys.press("Control+Shift+Digit8")
    text.keys.type("one")
    text.keys.press("Enter")
    text.keys.type("two")
    text.keys.press("Enter")
    text.keys.press("Enter")
    text.keys.type("end")
    text.must_be("- one\n- two\nend", "a list")
    desk.composer.get_by_text("3 words").wait_for()
    # By keyboard: one stop of the Tab key, and arrow keys within.
    text.keys.press("Shift+Tab")
    for _ in range(5):
        text.keys.press("ArrowRight")
    check(desk.page.evaluate("document.activeElement.textContent") == "Quote", "the arrow keys do not move in the toolbar")
    text.keys.press("Enter")
    text.must_be("- one\n- two\n> end", "the toolbar by keyboard")
    check(text.node.evaluate("node => node === document.activeElement"), "the toolbar keeps the focus")
    must_be_accessible(desk.page, "the composer with a text")
    text.node.fill("")
    desk.must_be_well("formatting")
    desk.close()
    passed("text is formatted by shortcuts and toolbar, and the browser's undo takes it back")


def check_paste(room):
    desk = room.story_desk()
    text = Text(desk)
    text.node.fill("Begin.")
    text.keys.press("Control+End")
    text.paste("What we know\nThe bridge is closed.", MAIL)
    text.must_be(f"Begin.\n\n{MAIL_AS_MARKDOWN}", "a mail that was pasted")
    note = desk.composer.get_by_text("Left out: 1 embed, 2 pictures.")
    note.wait_for()
    must_be_accessible(desk.page, "a paste")
    desk.composer.get_by_role("button", name="Paste as plain text").click()
    text.must_be("Begin.What we know\nThe bridge is closed.", "the same as plain text")
    note.wait_for(state="hidden")
    text.keys.press("Control+z")
    text.must_be(f"Begin.\n\n{MAIL_AS_MARKDOWN}", "undo of the plain text")
    text.node.fill("")
    text.paste("Only *words*", "<p><span style='color: red'>Only *words*</span></p>")
    text.must_be("Only *words*", "plain text in a style")
    text.node.fill("")
    desk.must_be_well("a paste")
    desk.close()
    passed("paste keeps headings, lists, links and emphasis, says what it left out, and is plain text by one press")


def check_undo(room):
    desk = room.story_desk()
    desk.publish("The slip is public.")
    update = room.only("The slip is public.")
    link = desk.page.locator("#status").get_by_role("link", name="See it")
    must_be_accessible(desk.page, "a message with a link")
    with desk.page.context.expect_page() as opened:
        link.click()
    opened.value.get_by_text("The slip is public.").first.wait_for()
    opened.value.close()
    desk.composer.get_by_label("Text").focus()
    desk.page.keyboard.press("Control+z")
    desk.says("Undone.")
    desk.editor.wait_for()
    check(not room.updates("The slip"), "what was published is still there")
    wait_for(lambda: desk.editor.get_by_label("Text").input_value() == "The slip is public.", 5, "the text is not back")
    desk.editor.get_by_label("Text").fill("The slip is mended.")
    desk.editor.get_by_label("Text").press("Control+Enter")
    desk.says("Published.")
    check(room.only("The slip is mended.")["id"] == update["id"], "it was published as another update")
    desk.composer.wait_for()
    for action, member, said in [("Pin", "pinned", "Pinned."), ("Key event", "keyEvent", "Marked as key event.")]:
        desk.update("The slip is mended.").get_by_role("button", name=f"{action}:").click()
        desk.says(said)
        check(room.only("The slip")[member], f"{action} does nothing")
        desk.page.locator("#status").get_by_role("button", name="Undo").click()
        desk.says("Undone.")
        check(not room.only("The slip")[member], f"{action} is not undone")
    desk.act("The slip is mended.", "Edit")
    desk.editor.get_by_label("Text").fill("The slip is worse.")
    desk.editor.get_by_role("button", name="Save").click()
    desk.says("Saved.")
    desk.page.locator("#status").get_by_role("button", name="Undo").click()
    desk.says("Undone.")
    room.only("The slip is mended.")
    check_typing(room, desk)
    desk.must_be_well("undo")
    desk.close()
    passed("what was published is taken back into the text, unless one has typed since; a pin, a key event and an edit are undone")


def check_typing(room, desk):
    """Who takes typing back does not take back what was published before; a refusal does not stand below a success."""
    desk.publish("Not to be undone.")
    text = desk.composer.get_by_label("Text")
    text.press_sequentially("No")
    text.press("Control+a")
    text.press("Delete")
    text.press("Control+z")
    desk.page.wait_for_timeout(300)
    room.only("Not to be undone.")
    text.fill("")
    desk.page.mouse.move(0, 0)
    desk.button("Publish").press("Enter")
    desk.composer.get_by_text("An update needs a text.").wait_for()
    check("Published." not in desk.page.inner_text("#status"), "an earlier success stands above a refusal")


def check_snippets(room):
    """A slash at the start of a line offers texts; the site's own are changed from there."""
    desk = room.story_desk()
    text = Text(desk)
    menu = desk.composer.get_by_role("listbox", name="Snippets")
    text.node.fill("Begin.\n")
    text.keys.press("Control+End")
    text.keys.type("/corr")
    menu.get_by_role("option", name="Correction").wait_for()
    check(menu.get_by_role("option").count() == 2, "the menu is not filtered")
    must_be_accessible(desk.page, "the menu of snippets")
    text.keys.press("Enter")
    check("**Correction, " in text.node.input_value(), "the snippet is not inserted")
    text.keys.type("it rained")
    check("said that it rained. In fact" in text.node.input_value(), f"the gap is not selected: {text.node.input_value()!r}")
    text.node.fill("")
    text.keys.type("/")
    text.keys.press("Escape")
    menu.wait_for(state="hidden")
    text.must_be("/", "Escape")
    text.keys.press("Backspace")
    text.keys.type("/")
    text.keys.press("ArrowUp")
    text.keys.press("Enter")
    dialog = desk.dialog("Snippets")
    dialog.get_by_role("button", name="Add a snippet").click()
    row = dialog.get_by_role("group", name="Snippet 1")
    row.get_by_label("Name").fill("Tip line")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("alert").wait_for()
    must_be_accessible(desk.page, "the snippets")
    row.get_by_label("Text").fill("Call us: …")
    dialog.get_by_role("button", name="Save").click()
    desk.says("Saved.")
    text.node.fill("")
    text.keys.type("/tip")
    menu.get_by_role("option", name="Tip line").click()
    text.must_be("Call us: …", "the site's own snippet")
    text.node.fill("")
    desk.must_be_well("snippets")
    desk.close()
    passed("snippets are found by a slash, inserted by keyboard or pointer, and changed for all")


def check_devices(room, other):
    """A text is saved on the server, continued on another device, and published once."""
    desk, phone = room.story_desk(), None
    desk.write("Written at the desk", "Half")
    desk.composer.get_by_text(SAVED).wait_for()
    phone = other.story_desk()
    phone.composer.get_by_text("“Half”, written on another device").wait_for()
    must_be_accessible(phone.page, "an offer")
    phone.must_fit("an offer")
    phone.composer.get_by_role("button", name="Continue").click()
    wait_for(lambda: phone.composer.get_by_label("Text").input_value() == "Written at the desk", 5, "the text is not continued")
    phone.composer.get_by_label("Text").fill("Written at the desk, and on the phone.")
    wait_for(lambda: "and on the phone" in str(room.read(f"/stories/{STORY}/autosaves")), 10, "the phone does not save it")
    desk.composer.get_by_label("Title").fill("Whole")
    dialog = desk.dialog("Somebody else has changed this meanwhile")
    dialog.get_by_role("button", name="Save this").click()
    wait_for(lambda: "Whole" in str(room.read(f"/stories/{STORY}/autosaves")), 10, "what was settled is not saved")
    check(desk.composer.get_by_label("Text").input_value().endswith("on the phone."), "the desk lacks what the phone wrote")
    check(len(room.read(f"/stories/{STORY}/autosaves")["autosaves"]) == 1, "there are copies of the copy")
    desk.composer.get_by_label("Text").press("Control+Enter")
    desk.says("Published.")
    room.only("and on the phone")
    check(not room.read(f"/stories/{STORY}/autosaves")["autosaves"], "publishing leaves the copy")
    # The phone has not been touched since: it learns of it by what it follows.
    phone.composer.get_by_text("This text was published or discarded on another device.").wait_for()
    check(not phone.composer.get_by_text(SAVED).count(), "what is published stands as saved")
    must_be_accessible(phone.page, "a text that was published elsewhere")
    phone.composer.get_by_label("Text").fill("Written on, too late")
    phone.page.wait_for_timeout(500)
    check(phone.composer.get_by_label("Text").input_value() == "Written on, too late", "what was typed since is lost")
    phone.composer.get_by_role("button", name="Discard").click()
    desk.composer.get_by_label("Text").fill("Away")
    room.wireroom.stop()
    desk.composer.get_by_text("in this browser").wait_for()
    room.wireroom.start()
    desk.reload()
    wait_for(lambda: desk.composer.count() and desk.composer.get_by_label("Text").input_value() == "Away", 20, "a word is lost")
    wait_for(lambda: "Away" in str(room.read(f"/stories/{STORY}/autosaves")), 40, "it is not saved when the server is back")
    desk.composer.get_by_role("button", name="Discard").click()
    wait_for(lambda: not room.read(f"/stories/{STORY}/autosaves")["autosaves"], 10, "what was discarded is kept")
    desk.must_be_well("a text on two devices")
    phone.must_be_well("a text on the phone")
    desk.close()
    phone.close()
    passed("a text follows the editor to the phone, is settled where both were at it, and is published once")


def check_warnings(room):
    """A dead link, and an address that the story has just had, are asked about once."""
    desk = room.story_desk()
    there, gone = f"{room.wireroom.url}/healthz", f"{room.wireroom.url}/nothing"

    # The server asks public addresses only.
    def answer(route):
        links = [{"url": url, "dead": url == gone, "status": 404 if url == gone else 200} for url in route.request.post_data_json["urls"]]
        route.fulfill(json={"links": links})

    desk.page.route("**/link-check", answer)
    desk.publish(f"Look at {there}")
    desk.write(f"See {there} and [this]({gone}).")
    desk.composer.get_by_label("Text").press("Control+Enter")
    dialog = desk.dialog("Before it is published")
    dialog.get_by_text(f"{there} was published at").wait_for()
    dialog.get_by_text(f"{gone} leads nowhere: the server answers 404.").wait_for()
    must_be_accessible(desk.page, "warnings")
    dialog.get_by_role("button", name="Cancel").click()
    check(not room.updates("See "), "it is published in spite of the warnings")
    desk.composer.get_by_role("button", name="Publish", exact=True).click()
    desk.update("See ").wait_for()
    room.only("See ")
    desk.must_be_well("warnings")
    desk.close()
    passed("dead links and repeated addresses are asked about before publishing, and only once")


def check_preview(room, other):
    """What is not published is shown as readers will see it, also to somebody without a key, for an hour."""
    desk = room.story_desk()
    desk.write("Not **yet** public.", "Soon")
    desk.composer.get_by_role("button", name="Preview…").click()
    dialog = desk.dialog("As readers will see it")
    frame = dialog.frame_locator("iframe")
    frame.get_by_role("heading", name="Soon").wait_for()
    dialog.get_by_role("button", name="As on a phone").click()
    width = dialog.locator("iframe").bounding_box()["width"]
    check(width < 450, f"the page is {width} pixels wide as on a phone")
    check(not dialog.get_by_role("button", name="Link for an hour").count(), "a text that is nowhere has an address")
    dialog.get_by_role("button", name="Done").click()
    desk.composer.get_by_role("button", name="Save as draft").click()
    desk.says("Saved as draft.")
    desk.update("Not yet public.").get_by_role("button", name="Preview…").click()
    dialog.get_by_role("button", name="Link for an hour").click()
    link = dialog.get_by_role("link", name="/preview/")
    link.wait_for()
    must_be_accessible(desk.page, "a preview with its address")
    page = other.context.new_page()
    page.goto(link.get_attribute("href"))
    page.get_by_role("heading", name="Soon").wait_for()
    dialog.get_by_role("button", name="Done").click()
    room.client.must_write("DELETE", f"/stories/{STORY}/updates/{room.drafts()[0]['id']}")
    check(page.reload().status == 404, "the address shows what was deleted")
    page.close()
    desk.must_be_well("a preview")
    desk.close()
    passed("a preview is the reader's page, as on a phone and by an address that ends with the draft")


def check_reach(wireroom, browser):
    """Publish and the text are in sight at any length."""
    for size in [{"viewport": {"width": 1440, "height": 900}}, {"viewport": {"width": 1024, "height": 600}},
                 {**PHONE, "viewport": {"width": 390, "height": 740}}]:
        room = Room(wireroom, browser, **size)
        desk = room.story_desk()
        desk.composer.locator(".more > summary").click()
        for _ in range(3):
            desk.composer.get_by_role("button", name="Add by address").click()
        desk.composer.get_by_label("Text").fill("A long line of text.\n" * 60)
        desk.composer.get_by_label("Text").focus()
        publish = desk.composer.get_by_role("button", name="Publish", exact=True)
        box, most = publish.bounding_box(), size["viewport"]["height"]
        check(box["y"] > 0 and box["y"] + box["height"] <= most, f"Publish is at {box} with {size}")
        fold = desk.page.locator(".top > summary").bounding_box()
        if "is_mobile" not in size:
            check(box["y"] + box["height"] <= fold["y"] <= most - fold["height"], f"the fold of key points is at {fold} with {size}")
        desk.must_fit(f"the composer with {size}")
        small = desk.composer.locator("button").evaluate_all(
            "nodes => nodes.map(node => node.getBoundingClientRect()).filter(box => box.width && (box.width < 24 || box.height < 24)).length")
        check(small == 0, f"{small} targets are smaller than 24 pixels with {size}")
        desk.composer.get_by_label("Text").fill("")
        desk.must_be_well("a long text")
        room.context.close()
    passed("Publish stays in sight beside a long text and several media on three screens, and the key points on wide ones")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-composer-") as name, contextlib.ExitStack() as stack:
        wireroom = Wireroom(pathlib.Path(name), settings={"WIREROOM_OUTBOUND_ALLOW": "127.0.0.1"})
        wireroom.start()
        stack.callback(wireroom.kill)
        browser = stack.enter_context(Browser())
        room = Room(wireroom, browser)
        room.client.must_write("POST", "/stories", {"title": "Marathon day", "slug": STORY})
        for part in [check_formatting, check_paste, check_undo, check_snippets, check_warnings]:
            part(room)
        phone = Room(wireroom, browser, **PHONE)
        check_devices(room, phone)
        check_preview(room, phone)
        check_reach(wireroom, browser)


if __name__ == "__main__":
    run("The composer", main)
