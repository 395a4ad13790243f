# SPDX-License-Identifier: Apache-2.0
"""The desk in other languages: chosen by the browser, then by the editor; and none of its words is in English alone."""

import json
import pathlib
import re

from checks import check, passed, wait_for
from deskpage import PHONE, DeskPage
from frontends import must_be_accessible
from wireroom import ADMIN_KEY

CATALOGUES = pathlib.Path(__file__).parents[2] / "Sources/Web/Files/words"
VIEWS = ("", "new", "import", "appearance", "columns")
# What Intl writes; letters of keys, such as Ctrl+K; the key's name.
NO_WORD = re.compile(r"UTC|[A-Z][a-z]{2} \d+ [A-Z][a-z]{2,3}|[λ+ (]*[A-Za-z]\)?|WIREROOM_ADMIN_KEY")
PARTS = ("", "/about", "/links", "/bin", "/trail")


def words_in(language):
    return {key: text for folder in ("", "desk/")
            for key, text in json.loads((CATALOGUES / f"{folder}{language}.json").read_text("utf-8")).items()}


def context_in(browser, locale, **settings):
    """The profile of a browser in a language."""
    context = browser.browser.new_context(locale=locale, **settings)
    context.set_default_timeout(10_000)
    return context


def sign_in(desk):
    desk.page.locator("#signin-key").fill(ADMIN_KEY)
    desk.page.keyboard.press("Enter")
    desk.page.locator("#signin").wait_for(state="hidden")


def root_of(desk):
    return desk.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")


def check_desk_in(browser, base, story, locale, language, direction):
    words = words_in(language)
    text = {"ltr": "98 76", "rtl": "98 54"}[direction]
    desk = DeskPage(context_in(browser, locale, **PHONE), base)
    heading = desk.page.get_by_role("heading", name=words["deskTitle"], exact=True)
    heading.wait_for()
    check(root_of(desk) == [language, direction], f"the desk in a browser of {locale} is {root_of(desk)}")
    must_be_accessible(desk.page, f"the sign-in in {language}")
    sign_in(desk)
    desk.go(f"stories/{story}")
    composer = desk.page.get_by_role("form", name=words["newUpdate"], exact=True)
    composer.locator("textarea").first.fill(text)
    composer.get_by_role("button", name=words["publish"], exact=True).click()
    desk.update(text).wait_for()
    desk.says(words["publishedSaid"])
    title = words["pageTitle"].format(name="123 456")
    check(desk.page.title() == title, f"in {language} the title is {desk.page.title()!r}, not {title!r}")
    desk.must_fit(f"the desk in {language}")
    must_be_accessible(desk.page, f"the desk in {language}")
    desk.must_be_well(f"the desk in {language}")
    return desk


def choose(desk, language):
    """Chooses a language at the foot, by the name that it has for itself."""
    with desk.page.expect_navigation():
        desk.page.locator("#language select").select_option(language)
    wait_for(lambda: root_of(desk)[0] == language, 10, f"the desk does not change its language to {language}")


def check_languages_of_desk(browser, base, story):
    check_desk_in(browser, base, story, "de-AT", "de", "ltr").page.context.close()
    desk = check_desk_in(browser, base, story, "ar-EG", "ar", "rtl")
    passed("the desk is in German and in Arabic in browsers of these languages: an update is published, axe has nothing to say")
    choose(desk, "en")
    desk.composer.wait_for()
    desk.reload()
    desk.composer.wait_for()
    check(root_of(desk) == ["en", "ltr"], f"after a reload the desk is {root_of(desk)}")
    desk.must_be_well("a change of the language")
    desk.page.context.close()
    passed("an editor's own choice of the language comes first, and is kept")


def check_made_up_desk(browser, base, story, made_up, texts):
    """With a made-up catalogue, whose messages have no Latin letters, no view of the desk has any."""
    context = context_in(browser, "en")
    context.route("**/assets/desk-en.*.js", lambda route: route.fulfill(
        body=made_up(route.fetch().body()), content_type="text/javascript"))
    desk = DeskPage(context, base)
    page = desk.page
    sign_in(desk)
    for fragment in (*VIEWS, *(f"stories/{story}{part}" for part in PARTS)):
        desk.go(fragment)
        page.locator("main h1").wait_for()
        # Names of languages, months, the editor and the program are in no catalogue.
        page.wait_for_timeout(200)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        page.evaluate("for (const part of document.querySelectorAll('script, time, #language, #signin, .brand, #who > span')) part.remove()")
        left = [text for text in page.evaluate(f"({texts})(document.body)") if not NO_WORD.fullmatch(text)]
        check(not left, f"/desk#/{fragment} has words that are in no catalogue: {left[:9]}")
    desk.must_be_well("the desk in made-up words")
    page.context.close()
    passed(f"{len(VIEWS) + len(PARTS)} views of the desk have no word that is in no catalogue")
