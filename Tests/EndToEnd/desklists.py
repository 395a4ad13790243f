# SPDX-License-Identifier: Apache-2.0
"""The desk's lists and forms: pinned updates, controls that stay visible, previews, and the bin."""

import http.server
import re
import threading

from checks import check, passed, wait_for
from deskpage import PHONE, Room
from frontends import must_be_accessible

LONG_TEXT = "\n".join(f"Line {number} of a long text." for number in range(80))


def check_pinned(room):
    """Also one that is not on a loaded page yet."""
    path = "/stories/pinned/updates"
    story = room.client.must_write("POST", "/stories", {"title": "Pinned", "slug": "pinned"}).json["id"]
    room.client.must_write("POST", path, {"body": "What to know.", "pinned": True})
    room.client.must_write("POST", path, [{"body": f"Later {number}."} for number in range(120)])
    desk = room.desk()
    desk.go(f"stories/{story}")
    section = desk.page.get_by_role("region", name="Pinned", exact=True)
    section.get_by_text("What to know.").wait_for()
    updates = desk.page.get_by_role("region", name="Updates", exact=True)
    check(updates.locator("article").count() == 50, "the pinned one takes the place of another")
    section.get_by_role("button", name="Unpin:").click()
    desk.page.mouse.move(0, 0)
    desk.composer.get_by_label("Title").focus()
    section.wait_for(state="hidden")
    desk.must_be_well("a pinned update")
    desk.close()
    passed("what is pinned stands above, however old it is")


def check_in_sight(room):
    """The buttons of composer and editor stay visible with any amount of text, on desktop and on a phone with its keyboard."""
    sizes = [{"viewport": {"width": 1440, "height": 900}}, {"viewport": {"width": 1280, "height": 720}}, PHONE,
             {**PHONE, "viewport": {"width": 360, "height": 400}}]
    for settings in sizes:
        narrow = Room(room.wireroom, room.browser, **settings)
        desk = narrow.story_desk()
        height = settings["viewport"]["height"]

        def must_see(form, name, where):
            box = form.get_by_role("button", name=name, exact=True).bounding_box()
            check(box and 0 <= box["y"] and box["y"] + box["height"] <= height, f"{where} at {settings}: {name} is at {box}")

        desk.composer.get_by_role("button", name="Add by address").click()
        must_see(desk.composer, "Publish", "with a medium")
        desk.composer.get_by_label("Text").fill(LONG_TEXT)
        desk.composer.get_by_label("Text").focus()
        must_see(desk.composer, "Publish", "with a long text")
        # What is rarely pressed is folded on phones.
        more = desk.composer.locator(".action-bar .more-actions")
        if more.is_visible():
            more.click()
        must_see(desk.composer, "Preview…", "with a long text")
        must_be_accessible(desk.page, f"a long text at {settings}")
        desk.composer.get_by_label("Text").fill("")
        desk.page.locator("article").nth(2).get_by_role("button", name="Edit:").click()
        desk.editor.get_by_label("Text").fill(LONG_TEXT)
        must_see(desk.editor, "Save", "an editor")
        desk.must_fit("a long text")
        desk.page.keyboard.press("Escape")
        desk.dialog("Discard your changes?").get_by_role("button", name="Discard").click()
        desk.editor.wait_for(state="detached")
        desk.must_be_well("long texts")
        narrow.context.close()
    passed(f"what publishes stays in sight in {len(sizes)} sizes; Escape leaves an editor, and asks where something is lost")


def check_preview(room):
    """Previews the reader's page of a draft story, with an unsaved update."""
    story = room.client.must_write("POST", "/stories", {"title": "Not yet", "slug": "not-yet", "status": "draft"}).json["id"]
    room.client.must_write("POST", "/stories/not-yet/updates", {"body": "Written ahead."})
    desk = room.desk()
    desk.go(f"stories/{story}")
    desk.composer.wait_for()

    def must_show(words):
        dialog = desk.dialog("As readers will see it")
        page = desk.page.frame_locator("iframe.page")
        page.get_by_text(words).first.wait_for()
        family = page.locator("h1").evaluate("node => getComputedStyle(node).fontFamily")
        check("Charter" in family, f"the page has not the style of readers' pages but {family}")
        must_be_accessible(desk.page, "a preview")
        dialog.get_by_role("button", name="As on a phone").click()
        check(desk.page.locator("iframe.page").bounding_box()["width"] <= 362, "it is not as wide as a phone")
        dialog.get_by_role("button", name="Done").click()

    desk.page.get_by_role("banner").first.wait_for()
    desk.page.locator(".story-head").get_by_role("button", name="Preview…").click()
    must_show("Written ahead.")
    desk.write("A body with *weight*.", "A headline")
    desk.composer.get_by_role("button", name="Preview…").click()
    must_show("A headline")
    check(len(room.client.write("GET", "/stories/not-yet/updates").json["updates"]) == 1, "a preview is kept")
    desk.write("", "")
    desk.must_be_well("a preview")
    desk.close()
    passed("a draft story and an unsaved update are shown as the page that readers will see")


def check_bin(room):
    """Restores deleted updates: from the message, from the list, and from the audit trail."""
    desk = room.story_desk()
    desk.publish("Deleted by mistake.")
    identifier = room.only("Deleted by mistake.")["id"]

    def delete(text="Deleted by mistake."):
        desk.act(text, "Delete…")
        desk.dialog("Delete this update?").get_by_role("button", name="Delete").click()
        desk.says("Deleted.")

    def must_be_back(where):
        desk.says("Restored.")
        check(room.only("Deleted by mistake.")["id"] == identifier, f"what is restored from {where} is another update")

    delete()
    check(not room.updates("Deleted by mistake."), "it is still there")
    desk.page.locator("#status").get_by_role("button", name="Undo").click()
    must_be_back("the message")
    desk.update("Deleted by mistake.").wait_for()
    delete()
    desk.page.get_by_role("link", name="Deleted", exact=True).click()
    region = desk.page.get_by_role("region", name="Deleted updates")
    deleted = region.locator("article", has_text="Deleted by mistake.")
    deleted.get_by_text("kept until").wait_for()
    must_be_accessible(desk.page, "the bin")
    deleted.get_by_role("button", name="Restore").click()
    deleted.wait_for(state="detached")
    must_be_back("the list")
    desk.page.get_by_role("link", name="Updates", exact=True).click()
    delete()
    desk.page.get_by_role("link", name="Trail").click()
    row = desk.page.get_by_role("row", name="deleted an update").first
    row.get_by_text("Deleted by mistake.").wait_for()
    row.get_by_role("button", name="Undo").click()
    must_be_back("the trail")
    desk.page.get_by_role("link", name="Updates", exact=True).click()
    desk.write("A draft that was not meant to go.")
    desk.button("Save as draft").click()
    desk.says("Saved as draft.")
    delete("A draft that was not meant to go.")
    desk.page.locator("#status").get_by_role("button", name="Undo").click()
    desk.says("Restored.")
    desk.page.get_by_role("region", name="Not published").get_by_text("not meant to go").wait_for()
    delete()
    desk.page.get_by_role("link", name="Deleted", exact=True).click()
    deleted.get_by_role("button", name="Take down…").click()
    dialog = desk.dialog("Take this update down")
    dialog.get_by_label("Reason").fill("It names a child.")
    dialog.get_by_label("Type “takedown”").fill("takedown")
    dialog.get_by_role("button", name="Take down").click()
    desk.dialog("Taken down").get_by_role("button", name="Done").click()
    deleted.wait_for(state="detached")
    desk.must_be_well("the bin")
    desk.close()
    passed("deleted updates are restored as what they were: from the message, the list of the deleted, and the trail")


class Gone(http.server.BaseHTTPRequestHandler):
    """A receiver of webhooks that wants no more of them."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(410)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def check_webhooks(room):
    """The server disables a webhook; admins are told so, editors are not."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gone) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{receiver.server_port}/hook"
        path = f"/webhooks/{room.client.must_write('POST', '/webhooks', {'url': url}).json['id']}"
        room.client.must_write("POST", f"{path}/test")
        wait_for(lambda: not room.read(path)["enabled"], 10, "the webhook is not disabled")
        receiver.shutdown()
    desk = room.desk()
    notice = desk.page.locator(".webhooks .notice")
    notice.wait_for()
    words = notice.inner_text()
    check(url in words and room.read(path)["disabledReason"] in words, f"the notice is {words!r}")
    must_be_accessible(desk.page, "a notice of a webhook")
    desk.must_be_well("a notice of a webhook")
    desk.close()
    key = re.search(r"\S{30,}", room.keys("create", "--name", "Day desk"))[0]
    desk = room.desk(key)
    desk.page.get_by_role("link", name="Marathon day").wait_for()
    check(not desk.page.locator(".webhooks .notice").count(), "an editor is told of webhooks")
    desk.must_be_well("an editor's list")
    desk.close()
    room.client.must_write("DELETE", path)
    passed("admins are told which webhook the server has disabled, and why; editors are not")


CHECKS = [check_in_sight, check_preview, check_bin, check_webhooks]
"""After those of deskwork, whose updates some of these look at."""
