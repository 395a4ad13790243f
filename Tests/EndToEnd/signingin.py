# SPDX-License-Identifier: Apache-2.0
"""Editors sign in to the desk: by a form that password managers fill, once for all tabs, and for longer only if they want to."""

import re

from checks import check, passed
from deskpage import STORY, DeskPage, Room
from frontends import must_be_accessible
from wireroom import ADMIN_KEY

FORM = """Object.fromEntries([...document.querySelectorAll('#signin input:not([type=checkbox])')]
    .map(input => [input.autocomplete, input.type]))"""
FOCUS = "document.activeElement.localName"


def other_profile(room, **settings):
    return Room(room.wireroom, room.browser, **settings)


def must_ask(desk):
    desk.page.locator("#signin[open]").wait_for()


def must_be_in(desk):
    desk.button("Sign out").wait_for()


def new_tab(room, fragment=""):
    """A tab that is opened by an address, such as a link in a chat."""
    return DeskPage(room.context, room.wireroom.url, fragment)


def check_sign_in(room):
    desk = room.desk(key=None)
    must_ask(desk)
    must_be_accessible(desk.page, "the sign-in")
    form = desk.page.evaluate(FORM)
    check(form == {"username": "text", "current-password": "password"}, f"password managers find {form}")
    field = desk.page.get_by_label("Key", exact=True)
    field.fill("not-a-key-of-this-server")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_text("The server does not know this key").wait_for()
    desk.button("Show").click()
    check(field.get_attribute("type") == "text", "the key is not shown")
    field.fill(f"  {ADMIN_KEY[:7]} {ADMIN_KEY[7:]} ")
    field.press("Enter")
    must_be_in(desk)
    check(desk.page.evaluate(FOCUS) == "h1", "after signing in the focus is not in the heading")
    check(field.get_attribute("type") == "password" and not field.input_value(), "the key is left in the form")
    check(ADMIN_KEY in desk.kept("session"), "the key is not kept for the session")
    check(ADMIN_KEY not in desk.kept(), "without being asked to, the browser keeps the key")
    desk.reload()
    must_be_in(desk)
    desk.button("Sign out").click()
    must_ask(desk)
    check(ADMIN_KEY not in desk.kept("session"), "the key is kept after signing out")
    desk.must_be_well("the sign-in")
    desk.close()
    passed("a bad key is refused, a good one may be pasted with blanks, lasts over a reload, and is forgotten on signing out")


def check_tabs(room):
    """A second tab asks the first one; signing out ends both."""
    room = other_profile(room)
    first = room.desk()
    story = room.read(f"/stories/{STORY}")["id"]
    second = new_tab(room, f"#/stories/{story}/links")
    must_be_in(second)
    second.page.get_by_role("form", name="Related").wait_for()
    check(second.page.evaluate(FOCUS) == "h1", "in a new tab the focus is not in the heading")
    check(ADMIN_KEY not in second.kept(), "a tab that is signed in by another one keeps the key where it stays")
    first.button("Sign out").click()
    must_ask(first)
    must_ask(second)
    check(ADMIN_KEY not in second.kept("session"), "signing out leaves the key in the other tab")
    second.sign_in(ADMIN_KEY)
    must_be_in(first)
    check(second.page.url.endswith("/links"), "signing in loses the address")
    stranger = other_profile(room)
    other = stranger.desk(key=None)
    must_ask(other)
    for desk in [first, second, other]:
        desk.must_be_well("tabs")
    stranger.context.close()
    room.context.close()
    passed("tabs of one browser sign each other in and out, also by a deep link; another browser is asked")


def check_stay(room):
    """With the box ticked the browser keeps the key until its editor signs out or the server refuses it."""
    room = other_profile(room)
    key = re.search(r"\S{30,}", room.keys("create", "--name", "Ines Akinyi"))[0]
    desk = room.desk(key=None)
    desk.page.get_by_label("Stay signed in on this device").check()
    desk.sign_in(key)
    desk.page.locator("#who").get_by_text("Ines Akinyi").wait_for()
    desk.close()
    desk = new_tab(room, "#/new")
    must_be_in(desk)
    check(key in desk.kept(), "the key is not kept")
    desk.close()
    room.keys("revoke", key)
    desk = new_tab(room, "#/new")
    desk.page.get_by_text("it has expired or was revoked").wait_for()
    must_be_accessible(desk.page, "a key that was revoked")
    check(key not in desk.kept() + desk.kept("session"), "a key that the server refuses is kept")
    desk.page.get_by_label("Stay signed in on this device").check()
    desk.sign_in(ADMIN_KEY)
    desk.page.get_by_role("heading", name="New story").wait_for()
    check(ADMIN_KEY in desk.kept(), "the key is not kept")
    desk.button("Sign out").click()
    must_ask(desk)
    check(ADMIN_KEY not in desk.kept() + desk.kept("session"), "signing out leaves the key in the browser")
    desk.must_be_well("staying signed in")
    room.context.close()
    passed("who wants to stay signed in does so, until signing out or until the key is revoked, which is said")


def check_revoked(room):
    """The key is revoked during editing: the editor signs in again and continues."""
    key = re.search(r"\S{30,}", room.keys("create", "--name", "Night desk", "--story", STORY))[0]
    desk = room.desk(key)
    check(not desk.page.get_by_role("link", name="New story").count(), "a bound key is offered a new story")
    desk.page.get_by_role("link", name="Marathon day").click()
    check(desk.page.locator(".stories li").count() <= 1, "a bound key sees other stories")
    desk.composer.wait_for()
    desk.write("Written under a key that ends.")
    room.keys("revoke", key)
    # Another request may have noticed before: then the dialog covers the button.
    desk.composer.get_by_role("button", name="Publish", exact=True).dispatch_event("click")
    desk.page.get_by_text("Your key is no longer valid.").wait_for()
    must_be_accessible(desk.page, "signing in again")
    desk.sign_in(ADMIN_KEY)
    desk.says("Published.")
    room.only("under a key that ends")
    desk.must_be_well("a revoked key")
    desk.close()
    passed("when a key is revoked its editor signs in again, and what was typed is published")


CHECKS = [check_sign_in, check_tabs, check_stay, check_revoked]
