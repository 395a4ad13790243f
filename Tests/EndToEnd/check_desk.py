# SPDX-License-Identifier: Apache-2.0
"""Editors at the desk, in a real browser: a story from its creation to its close, through the user interface only.

Through a crash of the tab, lost responses, reloads, and concurrent edits by others; by keyboard alone, on a
phone, in dark mode; with stored attacks in every field, and with axe on every view.
"""

import contextlib
import json
import pathlib
import tempfile

from playwright.sync_api import Error

import desklists
import deskwork
from attacks import EMBED, HTML, LINKS, PROBE
from checks import check, passed, run, wait_for
from deskpage import STORY, Room
from frontends import must_be_accessible
from pages import Browser
from wireroom import ADMIN_KEY, Wireroom

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "Samples" / "harbour-storm.txt"


def check_create(room):
    desk = room.desk()
    desk.page.get_by_role("link", name="New story").click()
    form = desk.page.get_by_role("form", name="New story")
    form.get_by_label("Title").fill("Marathon day")
    form.get_by_label("Key points").fill("11,204 runners.\n\nThe course is new.")
    form.locator(".more > summary").click()
    form.get_by_label("Slug").fill("Not a slug")
    form.get_by_role("group", name="First published by").get_by_label("Address").fill("javascript:alert(1)")
    form.get_by_label("Breadcrumb").fill("Home > Sport")
    form.get_by_role("button", name="Create the story").click()
    form.get_by_role("alert").get_by_text("Request").wait_for()
    wrong = form.locator("[aria-invalid=true]").evaluate_all("fields => fields.map(field => field.name)")
    check({"slug", "url"} <= set(wrong), f"faults are shown at {wrong}")
    must_be_accessible(desk.page, "a form with faults")
    form.get_by_label("Slug").fill(STORY)
    form.get_by_role("group", name="First published by").get_by_label("Address").fill("")
    form.get_by_role("button", name="Create the story").click()
    desk.page.get_by_role("heading", name="Marathon day").wait_for()
    story = room.read(f"/stories/{STORY}")
    check(story["keyPoints"] == ["11,204 runners.", "The course is new."] and story["section"] == ["Home", "Sport"],
          f"the story is {story}")
    desk.must_be_well("a new story")
    desk.close()
    passed("a story is created; faults are shown at their fields, all at once, with the id of the request")


# --- everything but updates ---


def check_links(room):
    def titles():
        return [link["title"] for link in room.read(f"/stories/{STORY}/links")["related"]]

    desk = room.story_desk()
    desk.page.get_by_role("link", name="Links").click()
    form = desk.page.get_by_role("form", name="Related")
    for number, title in enumerate(["First", "Second", "Third"], 1):
        form.get_by_role("button", name="Add a link").click()
        form.get_by_role("group", name=f"Link {number}").get_by_label("Title").fill(title)
    form.get_by_role("group", name="Link 3").get_by_label("Address", exact=True).fill("not an address")
    form.get_by_role("button", name="Save").click()
    form.get_by_role("alert").wait_for()
    wrong = form.get_by_role("group", name="Link 3").locator("[aria-invalid=true]")
    check(wrong.count() == 1, "the fault is not at its link")
    form.get_by_role("group", name="Link 3").get_by_label("Address", exact=True).fill("https://example.org/")
    form.get_by_role("button", name="Up: Link 3").press("Enter")
    desk.page.keyboard.press("Enter")
    form.get_by_role("button", name="Remove: Link 3").click()
    form.get_by_role("button", name="Save").click()
    desk.says("Saved.")
    check(titles() == ["Third", "First"], f"the links are {titles()}")
    form.get_by_role("group", name="Link 1").get_by_label("Title").fill("Mine")
    room.client.must_write("PUT", f"/stories/{STORY}/links/related", [{"title": "Theirs"}])
    form.get_by_role("button", name="Save").click()
    dialog = desk.dialog("Somebody else has changed this meanwhile")
    dialog.get_by_label("Keep mine").check()
    dialog.get_by_role("button", name="Save this").click()
    wait_for(lambda: titles() == ["Mine", "First"], 10, lambda: f"after the conflict the links are {titles()}")
    desk.must_be_well("links")
    desk.close()
    passed("links are added, moved by keyboard, taken out and saved; a conflict is settled")


def check_story(room):
    desk = room.story_desk()
    desk.page.get_by_role("link", name="Story", exact=True).click()
    form = desk.page.get_by_role("form", name="The story")
    form.get_by_label("Standfirst").fill("All runners, all day.")
    form.get_by_label("Coverage ends").fill("2026-05-04T18:00")
    room.client.must_write("PATCH", f"/stories/{STORY}", {"byline": "Tunde"})
    form.get_by_role("button", name="Save").click()
    dialog = desk.dialog("Somebody else has changed this meanwhile")
    dialog.get_by_text("You have changed different things.").wait_for()
    dialog.get_by_role("button", name="Save this").click()
    desk.says("Saved.")
    story = room.read(f"/stories/{STORY}")
    check((story["summary"], story["byline"], story["coverageEnd"]) ==
          ("All runners, all day.", "Tunde", "2026-05-04T22:00:00.000Z"), f"the story is {story}")
    desk.page.get_by_role("link", name="Trail").click()
    desk.button("Older").click()
    desk.page.get_by_role("cell", name="took an update down").first.wait_for()
    desk.must_be_well("the story's own members")
    desk.close()
    passed("the story's own members are edited beside somebody else's change; the trail tells who did what")


def must_reserve(desk, code, address):
    """Waits until the code reserves the height of what the preview shows, whose address has that part."""
    def height():
        frame = desk.page.frames[-1]
        with contextlib.suppress(Error):  # It is just being loaded.
            return address in frame.url and frame.evaluate("Math.ceil(Math.ceil(document.documentElement.getBoundingClientRect().height) / 10) * 10")

    wait_for(lambda: f'height="{min(1200, height() or 0)}"' in code.input_value(), 10,
             lambda: f"the preview of {address} takes {height()} pixels: {code.input_value()}")


def check_embed_code(room):
    desk = room.story_desk()
    desk.button("Embed…").click()
    dialog = desk.dialog("Show this story on another site")
    code = dialog.get_by_label("Code")
    check(code.input_value().startswith(f'<iframe src="{room.wireroom.url}/embed/{STORY}" '), f"the code is {code.input_value()}")
    must_reserve(desk, code, "/embed/")
    dialog.get_by_label("What is shown").select_option("Latest updates")
    must_reserve(desk, code, "compact")
    dialog.get_by_label("What is shown").select_option("Latest update in a line")
    dialog.get_by_label("Kind").select_option("Script: takes on the look of the page")
    dialog.get_by_label("Colours").select_option("Dark")
    check(f'<wireroom-feed story="{STORY}" form="ticker" theme="dark" style="display:block;min-height:' in code.input_value(), f"the code is {code.input_value()}")
    must_be_accessible(desk.page, "the code for another site")
    desk.must_fit("the code for another site")
    dialog.get_by_role("button", name="Copy").click()
    dialog.get_by_role("status").get_by_text("Cop").wait_for()
    dialog.get_by_role("button", name="Close").click()
    desk.must_be_well("the code for another site")
    desk.close()
    passed("the code by which another site shows the story is made at the desk")


def check_import(room):
    desk = room.desk()
    desk.page.get_by_role("link", name="Import").click()
    desk.page.get_by_label("Choose a file").set_input_files(SAMPLE)
    desk.page.get_by_text("This is taken for a live page as text.").wait_for()
    desk.page.get_by_label("Status").select_option("draft")
    desk.page.get_by_label("Slug").fill("harbour-storm")
    desk.button("Import").click()
    report = desk.page.get_by_role("region", name="Report")
    for words in ["7 updates", "3 key points", "5 links (related)", "Line 44:"]:
        report.get_by_text(words).wait_for()
    must_be_accessible(desk.page, "the report of an import")
    report.get_by_role("link").click()
    desk.update("The Maid of Tarn is alongside.").wait_for()
    with desk.page.expect_download() as download:
        desk.button("Export").click()
    document = json.loads(pathlib.Path(download.value.path()).read_text())
    check(document["story"]["slug"] == "harbour-storm" and len(document["updates"]) == 7, "the export is not the story")
    desk.go("import")
    desk.page.get_by_label("Or paste it here").fill(json.dumps(document))
    desk.page.get_by_text("This is an export of Wireroom.").wait_for()
    desk.page.get_by_label("Slug").fill("harbour-copy")
    desk.button("Import").click()
    report.get_by_text("7 updates").wait_for()
    check(len(room.read("/stories/harbour-copy/updates")["updates"]) == 7, "the copy is not whole")
    desk.must_be_well("an import")
    desk.close()
    passed("a live page is imported with a report, exported, and the export imported again")


def check_others(room):
    """Changes by others appear without interaction, and the search covers the loaded updates."""
    desk = room.story_desk()
    room.client.must_write("POST", f"/stories/{STORY}/updates", {"body": "By somebody else."})
    desk.update("By somebody else.").wait_for()
    room.client.must_write("DELETE", f"/stories/{STORY}/updates/{room.only('By somebody')['id']}")
    desk.update("By somebody else.").wait_for(state="detached")
    desk.go("")
    desk.page.get_by_label("Search the titles").fill("HARBOUR storm")
    wait_for(lambda: desk.page.locator(".stories li").count() == 2, 10, "the search does not find the two")
    desk.button("Drafts").click()
    wait_for(lambda: desk.page.locator(".stories li").count() == 2, 10, "the drafts are not found")
    desk.button("Closed").click()
    desk.page.get_by_text("There is none.").wait_for()
    desk.must_be_well("what others do")
    desk.close()
    passed("what others do is shown; stories are searched and sorted by their status")


# --- attacks ---


def check_attacks(room):
    """Stored attacks stay text, also in the editor."""
    path = "/stories/attacked/updates"
    links = [link for link in LINKS if link.isprintable()]
    room.client.must_write("POST", "/stories", {
        "slug": "attacked", "title": HTML[5], "summary": HTML[0], "byline": HTML[6], "section": [HTML[7][:100]],
        "keyPoints": HTML[:5], "tags": [HTML[19][:50]],
    })
    for text in HTML:
        line = " ".join(text.split())
        source = {"name": line, "url": f"https://example.org/{line.encode().hex()}"}
        room.client.write("POST", path, {
            "body": text, "title": line, "author": line[:100], "tags": [line[:30]], "sources": [source],
        })
    room.client.must_write("POST", path, {
        "body": "x" * 5000, "title": "y" * 300, "author": "z" * 200, "tags": ["t" * 50],
    })
    # Embed codes are rejected.
    shown, pointed = ([text for text in texts if not EMBED.search(text)] for texts in (HTML, links))
    room.client.must_write("POST", path, {"body": "\n\n".join(f"[x]({link}) <{link}>" for link in pointed)})
    room.client.must_write("PUT", "/stories/attacked/links/related", [{"title": text} for text in HTML])
    desk = room.desk()
    ran = []
    desk.page.on("request", lambda request: ran.append(request.url) if PROBE in request.url else None)
    story = room.read("/stories/attacked")["id"]
    for part in ["", "/about", "/links", "/trail"]:
        desk.go(f"stories/{story}{part}")
        desk.page.wait_for_timeout(500)
    desk.go(f"stories/{story}")
    desk.composer.wait_for()
    desk.write("\n\n".join([*shown, *(f"[x]({link})" for link in pointed)]), HTML[5])
    desk.composer.get_by_label("Preview").get_by_text("x").first.wait_for()
    desk.page.locator("article").nth(3).get_by_role("button", name="Edit:").click()
    desk.editor.get_by_label("Preview").wait_for()
    addresses = desk.page.locator("main a[href]").evaluate_all("links => links.map(link => link.href)")
    wrong = [address for address in addresses if not address.startswith(("http://", "https://"))]
    check(not wrong and not ran, f"attacks got through: {wrong[:3]} {ran[:3]}")
    desk.must_be_well("attacks")
    desk.composer.get_by_label("Text").fill("")
    desk.close()
    passed(f"{len(HTML) + len(links)} attacks do nothing in the desk, shown, previewed and edited")


# --- accessibility ---


def check_keyboard(room):
    """Signs in and publishes an update by keyboard alone."""
    desk = room.desk(key=None)
    keys = desk.page.keyboard

    def walk(name, role="button"):
        """Presses Tab until the element has the focus."""
        for _ in range(60):
            keys.press("Tab")
            if desk.page.get_by_role(role, name=name).first.evaluate("node => node === document.activeElement"):
                return
        check(False, f"{role} {name!r} is not reached by Tab")

    desk.page.locator("#signin[open]").wait_for()
    keys.type(ADMIN_KEY)
    keys.press("Enter")
    desk.button("Sign out").wait_for()
    walk("New story", "link")
    keys.press("Enter")
    desk.page.get_by_role("heading", name="New story").wait_for()
    keys.type("By keyboard alone")
    keys.press("Enter")
    desk.dialog("Go live?")
    check(room.client.get("/stories/by-keyboard-alone").status == 404, "Enter in a field makes a story public")
    keys.press("Enter")
    desk.composer.wait_for()
    wait_for(lambda: desk.page.evaluate("document.activeElement.name") == "body", 10,
             "after a story is created, the focus is not in the text")
    keys.type("No pointer was *needed*.")
    walk("Pinned", "checkbox")
    keys.press("Space")
    keys.press("Control+Enter")
    desk.update("No pointer was needed.").wait_for()
    walk("Edit:")
    keys.press("Enter")
    desk.editor.wait_for()
    desk.editor.get_by_role("button", name="Save").wait_for()
    keys.press("End")
    keys.type(" At all.")
    keys.press("Control+Enter")
    desk.update("At all.").wait_for()
    check(desk.page.evaluate("document.activeElement.textContent") == "Edit", "the focus is lost after saving")
    walk("More:")
    keys.press("Enter")
    walk("Delete…")
    keys.press("Enter")
    dialog = desk.dialog("Delete this update?")
    check(dialog.get_by_role("button", name="Cancel").evaluate("node => node === document.activeElement"),
          "the dialog does not begin at the safe button")
    keys.press("Escape")
    focused = desk.page.evaluate("document.activeElement.textContent")
    check(focused == "Delete…", f"after a dialog the focus is at {focused}")
    update = room.only("No pointer", "by-keyboard-alone")
    check(update["pinned"] and update["body"].endswith("At all."), f"the update is {update}")
    desk.must_be_well("the keyboard")
    desk.close()
    passed("a story is begun, and an update published and edited, by keyboard alone")


def check_close(room):
    desk = room.story_desk()
    desk.button("Close…").click()
    desk.dialog("Close the story?").get_by_role("button", name="Cancel").click()
    check(room.read(f"/stories/{STORY}")["status"] == "live", "it is closed without being meant")
    desk.button("Close…").click()
    desk.dialog("Close the story?").get_by_role("button", name="Close the story").click()
    desk.says("Closed.")
    desk.page.get_by_text("This story is closed. Readers still see it").wait_for()
    check(room.read(f"/stories/{STORY}")["status"] == "closed", "it is not closed")
    desk.button("Reopen…").click()
    reopening = desk.dialog("Reopen the story?")
    check("Everybody can read" not in reopening.inner_text(), "reopening is said to begin what was so all the time")
    reopening.get_by_role("button", name="Cancel").click()
    kept = desk.kept()
    check(ADMIN_KEY not in kept, "the key is kept where it stays")
    desk.must_be_well("the close")
    desk.close()
    passed("the story is closed, after a question; and nothing that stays in the browser holds the key")


def check_delete(room):
    """An administrator deletes a story, after typing its name."""
    desk = room.story_desk()
    desk.page.get_by_role("link", name="Story", exact=True).click()
    desk.button("Delete the story…").click()
    dialog = desk.dialog("Delete the story?")
    dialog.get_by_role("button", name="Delete").click()
    check(room.read(f"/stories/{STORY}")["id"], "it is deleted without its name")
    dialog.get_by_role("textbox").fill(STORY)
    dialog.get_by_role("button", name="Delete").click()
    desk.says("Deleted.")
    check(room.client.get(f"/stories/{STORY}").status == 404, "it is still there")
    desk.must_be_well("the deletion")
    desk.close()
    passed("a story is deleted by an admin who types its name, and not before")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-desk-") as name, contextlib.ExitStack() as stack:
        wireroom = Wireroom(pathlib.Path(name), settings={"WIREROOM_OUTBOUND_ALLOW": "127.0.0.1"})
        wireroom.start()
        stack.callback(wireroom.kill)
        browser = stack.enter_context(Browser())
        room = Room(wireroom, browser)
        for part in [check_create, *deskwork.CHECKS, *desklists.CHECKS, check_links, check_story, check_embed_code, check_import, check_others,
                     check_attacks, check_keyboard]:
            part(room)
        check_close(room)
        check_delete(room)


if __name__ == "__main__":
    run("Editors at the desk", main)
