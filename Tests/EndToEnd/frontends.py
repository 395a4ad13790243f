# SPDX-License-Identifier: Apache-2.0
"""Shared by the checks of front ends: the structure that a page shows, and axe."""

from axe_playwright_python.sync_playwright import Axe

from checks import check, wait_for
from pages import slow_down

# Everything that a page shows of so many updates, except what differs by reader or time: relative times, pressed and enabled
# states of buttons.
SHAPE = """count => {
    const shape = element => {
        const copy = element.cloneNode(true);
        if (element.id === "updates") for (const extra of [...copy.children].slice(count)) extra.remove();
        for (const time of [copy, ...copy.querySelectorAll("time")]) if (time.localName == "time") {
            time.textContent = "";
            time.removeAttribute("title");
        }
        // What the reader has opened.
        for (const details of copy.querySelectorAll("details")) details.removeAttribute("open");
        for (const button of copy.querySelectorAll("button.react, button.share"))
            for (const name of ["disabled", "aria-pressed", "title"]) button.removeAttribute(name);
        // Pictures are loaded when they come near: until then they have their colour, and are not known to be broken.
        for (const figure of copy.querySelectorAll("[data-broken]")) for (const name of ["data-broken", "data-note"]) figure.removeAttribute(name);
        for (const image of copy.querySelectorAll("img")) image.removeAttribute("style");
        // In which order attributes came is of no matter.
        for (const one of [copy, ...copy.querySelectorAll("*")]) {
            const attributes = [...one.attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
            for (const { name } of attributes) one.removeAttribute(name);
            for (const { name, value } of attributes) one.setAttribute(name, value);
        }
        return copy.outerHTML;
    };
    const parts = ["#story", ".here", "#pinned", "#empty", "#updates", "#timeline", "#links"];
    return Object.fromEntries(parts.map(part => [part, document.querySelector(part)]).filter(([, found]) => found)
        .map(([part, found]) => [part, shape(found)]));
}"""


class Visit:
    """An open page in its own browser profile, with all errors that occur on it."""

    def __init__(self, browser, url, **settings):
        self.context = browser.browser.new_context(**settings)
        self.page = self.context.new_page()
        self.errors = []
        self.requests = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self.note)
        self.page.on("request", lambda request: self.requests.append(request.url))
        slow_down(self.page)
        self.page.goto(url)

    def note(self, message):
        # Chromium logs failed requests itself, such as those during a restart.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def must_be_well(self, where):
        check(not self.errors, f"{where}: the page complains: {self.errors[:3]}")

    def close(self):
        self.context.close()


def shape(page, count):
    """`count`: how many updates to compare. A page that was open for long has more than a fresh one."""
    return page.evaluate(SHAPE, count)


def difference(shown, fresh):
    for part in fresh.keys() | shown.keys():
        mine, true = shown.get(part, ""), fresh.get(part, "")
        if mine != true:
            start = next((i for i, pair in enumerate(zip(mine, true)) if pair[0] != pair[1]), min(len(mine), len(true)))
            around = slice(max(start - 80, 0), start + 160)
            return f"{part} shows …{mine[around]}…\n        instead of …{true[around]}…"
    return "nothing"


def settle(browser, visit, after, seconds=15, url=None):
    """Waits until an open page equals a fresh one."""
    fresh = Visit(browser, url or visit.page.url)
    try:
        # The fresh page's script adopts its HTML without changing it; both are compared in their current state.
        def shapes():
            count = min(page.locator("#updates > *").count() for page in (visit.page, fresh.page))
            return shape(visit.page, count), shape(fresh.page, count)

        wait_for(
            lambda: len(set(map(str, shapes()))) == 1, seconds,
            lambda: f"after {after}, the open page differs from a fresh one: {difference(*shapes())}",
        )
        fresh.must_be_well("a fresh page")
    finally:
        fresh.close()
    visit.must_be_well(f"after {after}")


def shows(page, text):
    return page.locator("#updates article, #pinned article", has_text=text).count() > 0


def comes(page, text):
    wait_for(lambda: shows(page, text), 10, lambda: f"the page does not show {text!r}; it says {page.inner_text('#connection')!r}")


TARGET_SIZE = {"target-size": {"enabled": True}}

# Of what a rule has no objection to, axe is to work out nothing: that takes it twice as long.
RUN_AXE = """rules => axe.run(document, { resultTypes: ["violations"], rules }).then(({ violations }) => violations)"""


def must_be_accessible(page, where, rules={}):
    """Runs axe with the rules of WCAG 2.2 AA and its best practices; `TARGET_SIZE` adds that of 24 pixels, which it leaves out."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    faults = [
        f"{violation['id']} ({violation['help']}): {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in page.evaluate(RUN_AXE, rules)
    ]
    check(not faults, f"{where}: axe finds {faults}")
