# SPDX-License-Identifier: Apache-2.0
"""An editor's actions with pictures at the desk."""

import base64

from checks import wait_for
from samplepictures import png

STORY = "harbour-fire"
SMALL = png(800, 600)
PHOTO = png(1000, 700, noise=1)
"""About 2 MB."""
NEEDS_ALT = "Say what the picture shows"
ALT = "What it shows"


def open_desk(room):
    return room.story_desk(STORY)


def picture(form, number):
    return form.get_by_role("group", name=f"Picture {number}", exact=True)


def publish(desk):
    desk.composer.get_by_role("button", name="Publish", exact=True).click()


def choose(desk, files, form=None, button="Add pictures…"):
    with desk.page.expect_file_chooser() as chooser:
        (form or desk.composer).get_by_role("button", name=button).click()
    # Large ones take their time on a busy machine.
    chooser.value.set_files(files, timeout=60_000)


def must_be_uploaded(form, count):
    """Waits until so many pictures are there, and all of them uploaded."""
    rows = form.locator(".row.picture")
    wait_for(lambda: rows.count() == count and not form.locator(".upload:visible").count(), 20,
             lambda: f"there are {rows.count()} pictures: {form.locator('.upload').all_inner_texts()}")


def media(room, text):
    return room.only(text, STORY)["media"]


class Line:
    """The line of a page. What a session emulates holds until it ends, so each page has one."""

    def __init__(self, desk):
        self.session = desk.page.context.new_cdp_session(desk.page)
        self.session.send("Network.enable")

    def slow(self):
        """Half a minute for a photo: an upload is under way until the line is mended, however busy the machine is."""
        self.set(upload=60 * 1024)

    def cut(self):
        self.set(offline=True)

    def mend(self):
        self.set()

    def set(self, offline=False, upload=-1):
        conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload}
        self.session.send("Network.emulateNetworkConditions", conditions)


TRANSFER = """files => {
    const transfer = new DataTransfer();
    for (const [name, type, content] of files) {
        const bytes = Uint8Array.from(atob(content), character => character.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
}"""


def transfer(desk, files):
    """A `DataTransfer` with files, as of a drop."""
    sent = [[one["name"], one["mimeType"], base64.b64encode(one["buffer"]).decode()] for one in files]
    return desk.page.evaluate_handle(TRANSFER, sent)
