# SPDX-License-Identifier: Apache-2.0
"""The widget, on a page of another origin: one line of HTML, one request to start, then it follows like the reader's page."""

import gzip
import pathlib
import tempfile

from checks import check, passed, run, wait_for
from check_safety import HostPage
from frontends import Visit, must_be_accessible
from pages import Browser
from wireroom import Client, Wireroom

STORY = "harbour"
MOST_BYTES = 15 * 1024

PAGE = """
<main style="max-width: 40rem">
<h1>A page of somebody else</h1>
<style>article {{ color: rgb(255, 0, 0); }} wireroom-feed {{ --wireroom-accent: rgb(1, 2, 3); }}
wireroom-feed::part(update) {{ border-top: 7px solid rgb(4, 5, 6); }}</style>
<script>
window.heard = [];
addEventListener("wireroom-update", event => heard.push(event.detail.change.op));
addEventListener("wireroom-state", event => heard.push(event.detail.state ?? event.detail));
</script>
<script src="{base}/embed.js" async></script>
<wireroom-feed story="{story}" {attributes}></wireroom-feed>
</main>
"""

SHOWN = """() => [...document.querySelector("wireroom-feed").shadowRoot.querySelectorAll("article.update")]
    .map(article => article.querySelector(".body").innerHTML)"""


def host(base, attributes="", story=STORY):
    return HostPage(PAGE.format(base=base, story=story, attributes=attributes or f'src="{base}"'))


def expected(client, query=""):
    """As on the reader's page: pinned updates first, without duplicates."""
    snapshot = client.read(f"/stories/{STORY}/updates{query}")
    rest = [update for update in snapshot["updates"] if not update["pinned"]]
    return [update["bodyHtml"].strip() for update in snapshot["pinned"] + rest]


def shown(visit):
    return [html.strip() for html in visit.page.evaluate(SHOWN)]


def follows(visit, client, what, query=""):
    wait_for(lambda: shown(visit) == expected(client, query), 10,
             lambda: f"after {what} the widget shows {shown(visit)[:3]} instead of {expected(client, query)[:3]}")
    visit.must_be_well(what)


def check_start(browser, client, base):
    with host(base) as page:
        visit = Visit(browser, page.url)
        follows(visit, client, "the start")
        check(visit.page.evaluate("scrollY") == 0, "the widget moves its page when it starts")
        asked = [url for url in visit.requests if "/stories/" in url]
        first = asked[0].removeprefix(base)
        check(first.startswith(f"/stories/{STORY}/updates"), f"the first request is {first}")
        snapshots = [url for url in asked if "/updates" in url and "cursor=" not in url]
        check(len(snapshots) == 1, f"it took more than one request to start: {asked}")
        check(not any(request.endswith(".css") for request in visit.requests), "it loads a style")
        visit.close()
    packed = client.get("/embed.js", accept_encoding="gzip").body
    check(len(packed) < MOST_BYTES, f"embed.js weighs {len(packed)} bytes as gzip")
    check(b"WIREROOM" not in gzip.decompress(packed), "embed.js holds a setting")
    passed(f"on another origin it starts with one request; embed.js weighs {len(packed) / 1024:.1f} KiB as gzip")


def check_following(browser, wireroom, client):
    with host(wireroom.url) as page:
        visit = Visit(browser, page.url)
        follows(visit, client, "the start")
        path = f"/stories/{STORY}/updates"
        update = client.must_write("POST", path, {"title": "A claim", "body": "Fresh *words*."}).json["id"]
        follows(visit, client, "a new update")
        client.must_write("PATCH", f"{path}/{update}", {"body": "Edited.", "pinned": True})
        follows(visit, client, "an edit and a pin")
        client.must_write("POST", f"{path}/{update}/strike", {"reason": "Wrong."})
        wait_for(lambda: visit.page.locator("wireroom-feed .retraction", has_text="Wrong.").count() == 1, 10, "a strike is not shown")
        struck = visit.page.locator("wireroom-feed .stricken h3").evaluate("title => getComputedStyle(title).textDecorationLine")
        check(struck == "line-through", f"the title of a retracted update is shown as {struck}")
        wireroom.stop()
        wireroom.start()
        client.must_write("POST", f"{path}/{update}/takedown", {"reason": "Court"})
        client.must_write("POST", path, {"body": "After the restart."})
        follows(visit, client, "a restart and a takedown")
        heard = visit.page.evaluate("heard")
        check({"put", "remove"} <= set(heard), f"the page heard {heard}")
        check("live" in heard, f"the page heard of the states {heard}")
        must_be_accessible(visit.page, "a page with the widget")
        visit.close()
    passed("it follows creations, edits, pins, strikes, takedowns and a restart, and tells its page")


def check_looks(browser, base):
    with host(base) as page:
        visit = Visit(browser, page.url)
        article = visit.page.locator("wireroom-feed article.update").first
        article.wait_for()
        style = "e => [getComputedStyle(e).color, getComputedStyle(e).borderTopColor, getComputedStyle(e).borderTopWidth]"
        color, border, width = article.evaluate(style)
        check(color != "rgb(255, 0, 0)", "the style of the page reaches into the widget")
        check((border, width) == ("rgb(4, 5, 6)", "7px"), f"a part cannot be styled: {border} {width}")
        accents = visit.page.evaluate("""() => [...document.querySelector("wireroom-feed").shadowRoot.querySelectorAll("*")]
            .some(e => ["color", "borderTopColor", "backgroundColor"].some(p => getComputedStyle(e)[p] == "rgb(1, 2, 3)"))""")
        check(accents, "the custom property --wireroom-accent has no effect")
        visit.close()
    passed("its page chooses colours by custom properties and parts, and no other way")


def check_edges(browser, base):
    """Rows have padding inside a visible border; without one they align with the page's column."""
    boxes = ["border: 1px solid", "height: 300px; overflow: auto", "border: 1px solid; padding: 2em", ""]
    tags = "".join(f'<wireroom-feed story="{STORY}" src="{base}" style="{style}"></wireroom-feed>' for style in boxes)
    with HostPage(f'<main><script src="{base}/embed.js" async></script>{tags}</main>') as page:
        visit = Visit(browser, page.url)
        visit.page.locator("wireroom-feed article").first.wait_for()
        insets = visit.page.evaluate("""() => [...document.querySelectorAll("wireroom-feed")]
            .map(feed => getComputedStyle(feed.shadowRoot.firstElementChild).paddingLeft)""")
        check([inset != "0px" for inset in insets] == [True, True, False, False], f"the rows are inset by {insets}")
        visit.close()
    passed("rows do not touch the edge of a box that the page puts around them")


def check_attributes(browser, client, base):
    """`src` is optional, `only` filters, changed attributes restart it, and a removed element makes no more requests."""
    with host(base, 'limit="3" only="key"') as page:
        visit = Visit(browser, page.url)
        follows(visit, client, "only=key", "?only=key&limit=3")
        visit.page.evaluate("document.querySelector('wireroom-feed').removeAttribute('only')")
        follows(visit, client, "a change of an attribute", "?limit=3")
        visit.page.evaluate("document.querySelector('wireroom-feed').setAttribute('story', 'none')")
        wait_for(lambda: visit.page.evaluate("heard").count("gone"), 10, "a story that is not there is not told")
        visit.page.evaluate("document.querySelector('wireroom-feed').setAttribute('story', 'harbour')")
        follows(visit, client, "a story that is there again", "?limit=3")
        visit.page.evaluate("document.querySelector('wireroom-feed').remove()")
        visit.page.wait_for_timeout(300)
        visit.requests.clear()
        client.must_write("POST", f"/stories/{STORY}/updates", {"body": "Unheard."})
        visit.page.wait_for_timeout(5_000)
        check(not visit.requests, f"a widget that is gone asks for {visit.requests}")
        visit.close()
    passed("limit, only and story are attributes; src is the script's origin; a widget that is gone is still")


def check_many(browser, client, base):
    """Browsers open six HTTP/1.1 connections per server: streams leave some for polls and reactions."""
    for number in range(8):
        client.must_write("POST", "/stories", {"slug": f"many-{number}", "title": f"Many {number}"})
        client.must_write("POST", f"/stories/many-{number}/updates", {"body": "First."})
    tags = "".join(f'<wireroom-feed story="many-{number}" src="{base}"></wireroom-feed>' for number in range(8))
    with HostPage(f'<main><script src="{base}/embed.js" async></script>{tags}</main>') as page:
        visit = Visit(browser, page.url)
        said = """() => [...document.querySelectorAll("wireroom-feed")]
            .map(feed => feed.shadowRoot?.querySelector(".connection")?.textContent ?? "")"""

        def states():
            return sorted(text.split(" ")[0] for text in visit.page.evaluate(said))

        wanted = ["Checking"] * 5 + ["Live"] * 3
        wait_for(lambda: states() == wanted, 15, lambda: f"eight widgets say {states()}")
        for number in range(8):
            client.must_write("POST", f"/stories/many-{number}/updates", {"body": "Second."})
        wait_for(lambda: visit.page.locator("wireroom-feed article").count() == 16, 10, "not all of eight widgets follow")
        last = visit.page.locator("wireroom-feed").nth(7)
        last.locator("button.react").first.click()
        wait_for(lambda: client.read("/stories/many-7/reactions")["updates"], 5, "a press among eight widgets is not counted")
        live = visit.page.evaluate(said).index("Live")
        client.must_write("PATCH", f"/stories/many-{live}", {"status": "closed"})
        wait_for(lambda: states() == ["Checking"] * 4 + ["Live"] * 3 + ["This"], 10, lambda: f"a free stream is not taken: {states()}")
        visit.close()
    passed("of eight widgets three stream, the others poll, all react; a stream that becomes free is taken")


# Streams of a live story: those of a closed one end at once, and check_many closes one of its eight.
HOLD = """address => { for (let count = 0; count < 6; count += 1) fetch(address).catch(() => {}); }"""


def check_no_connection(browser, client, base):
    """A reaction while the page itself occupies all connections shows an error and the actual state."""
    with HostPage(f'<main><script src="{base}/embed.js" async></script><wireroom-feed story="many-0" src="{base}"></wireroom-feed></main>') as page:
        visit = Visit(browser, page.url)
        button = visit.page.locator("wireroom-feed button.react").first
        button.wait_for()
        before = button.inner_text()
        visit.page.evaluate(HOLD, f"{base}/stories/{STORY}/stream")
        visit.page.wait_for_timeout(500)
        button.click()
        wait_for(lambda: button.get_attribute("aria-pressed") == "true", 2, "a press is not shown at once")
        wait_for(lambda: button.get_attribute("aria-pressed") == "false", 20, "a press that does not come through is not taken back")
        said = visit.page.locator("wireroom-feed .connection").inner_text()
        check("did not work" in said and button.inner_text() == before, f"it says {said!r}, and the button {button.inner_text()!r}")
        check(not client.read("/stories/many-0/reactions")["updates"], "a press that was taken back is counted")
        visit.close()
    passed("a reaction that finds no connection is taken back, with a word")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name), settings={"WIREROOM_POLL_INTERVAL": "1-3"})
        wireroom.start()
        try:
            client = Client(wireroom.url)
            client.must_write("POST", "/stories", {"slug": STORY, "title": "Storm at the harbour"})
            client.must_write("POST", f"/stories/{STORY}/updates",
                              [{"body": f"Number {number}.", "keyEvent": number % 3 == 0} for number in range(12)])
            check_start(browser, client, wireroom.url)
            check_following(browser, wireroom, client)
            check_looks(browser, wireroom.url)
            check_edges(browser, wireroom.url)
            check_attributes(browser, client, wireroom.url)
            check_many(browser, client, wireroom.url)
            check_no_connection(browser, client, wireroom.url)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("The widget", main)
