# SPDX-License-Identifier: Apache-2.0
"""The widget, on a page of another origin: one line of HTML, one request to start, then it follows like the reader's page."""

import gzip
import pathlib
import tempfile

from checks import check, passed, run, wait_for
from check_safety import HostPage
from frontends import Visit, must_be_accessible
from gauges import figures
from pages import Browser
from wireroom import Client, Wireroom

STORY = "harbour"
MOST_BYTES = 14 * 1024

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
        scripts = [url for url in visit.requests[:visit.requests.index(asked[0])] if url != page.url]
        check(scripts == [f"{base}/embed.js"], f"before the updates it loads {scripts}")
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


def check_fallback(browser, base):
    """Where there is no story, what is inside the element stays."""
    tags = "".join(f'<wireroom-feed story="no-such-story" src="{base}">{inside}</wireroom-feed>'
                   for inside in ['<a href="https://news.example/storm">The storm</a>', ""])
    with HostPage(f'<main><script src="{base}/embed.js" async></script>{tags}</main>') as page:
        visit = Visit(browser, page.url)
        visit.page.get_by_text("no longer available").last.wait_for()
        check(visit.page.get_by_role("link", name="The storm").is_visible(), "the link inside the element is gone")
        visit.must_be_well("no story")
        visit.close()
    passed("without a story the element shows what is inside it, or says so")


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


FORMS = {"full": "Number 11.", "compact": "Number 11.", "ticker": "Number 11.", "keypoints": "Ferries stay in port.",
         "headline": "Storm at the harbour"}


def lines_of(page, form):
    """What the element of a form shows, with how many updates."""
    feed = page.locator(f"wireroom-feed[form={form}]")
    return feed.evaluate("feed => feed.shadowRoot?.firstElementChild?.innerText ?? ''"), feed.locator("article:visible").count()


def check_forms(browser, client, base):
    """All forms on a page; what is inside an element is shown until it starts, and those far below ask for nothing."""
    tags = "".join(f'<wireroom-feed story="{STORY}" src="{base}" form="{form}" theme="dark"></wireroom-feed>' for form in FORMS)
    far = f'<div style="height: 9000px"></div><wireroom-feed id="far" story="{STORY}" src="{base}">Read it <a href="/">here</a>.</wireroom-feed>'
    client.must_write("PATCH", f"/stories/{STORY}", {"summary": "A night of wind.", "keyPoints": ["Ferries stay in port."]})
    client.must_write("POST", f"/stories/{STORY}/updates", {"body": "Number 11."})
    with HostPage(f'<main><h1>Front page</h1><script src="{base}/embed.js" async></script>{tags}{far}</main>') as page:
        visit = Visit(browser, page.url, viewport={"width": 400, "height": 900})
        for form, words in FORMS.items():
            wait_for(lambda: words in lines_of(visit.page, form)[0], 10, lambda: f"{form} shows {lines_of(visit.page, form)}")
        counts = {form: lines_of(visit.page, form)[1] for form in FORMS}
        check({**counts, "full": 0} == {"full": 0, "compact": 5, "ticker": 1, "keypoints": 0, "headline": 0}, f"forms show {counts} updates")
        must_be_accessible(visit.page, "a page with widgets of all forms")
        client.must_write("POST", f"/stories/{STORY}/updates", {"title": "A second wave", "body": "Words that only the full form has."})
        for form in ["full", "compact", "ticker"]:
            wait_for(lambda: "A second wave" in lines_of(visit.page, form)[0], 10, lambda: f"{form} does not follow: {lines_of(visit.page, form)}")
        check(lines_of(visit.page, "ticker")[1] == 1 and lines_of(visit.page, "compact")[1] == 5, "a form grows with the story")
        check("only the full" not in lines_of(visit.page, "compact")[0], "the compact form shows a body below a title")
        started = "document.querySelector('#far').shadowRoot.querySelector('article') !== null"
        check(not visit.page.evaluate(started) and visit.page.locator("#far").inner_text() == "Read it here.",
              "an element far below has started")
        visit.page.locator("#far").scroll_into_view_if_needed()
        wait_for(lambda: visit.page.evaluate(started), 10, "an element does not start when it is seen")
        check("Read it here" not in visit.page.locator("#far").inner_text(), "what was inside an element is still shown")
        visit.must_be_well("all forms")
        visit.close()
    passed("five forms, in dark colours: each follows its part; far below nothing is fetched, and its content stands in")


SHIFTS = """addEventListener("load", () => { window.shifts = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts += entry.value))
        .observe({ type: "layout-shift", buffered: true }); });"""


def check_frame(browser, client, base):
    """A frame reads without a script, is the widget with one, and as high as what is in it."""
    frame = f'<iframe src="{base}/embed/{STORY}?form=compact" title="Storm" width="100%" height="50"></iframe>'
    with HostPage(f'<main><h1>Front page</h1>{frame}<script src="{base}/embed-frame.js" async></script></main>') as page:
        visit = Visit(browser, page.url, java_script_enabled=False)
        still = visit.page.frame_locator("iframe")
        still.locator("article").first.wait_for()
        check(still.locator("article").count() == 5, "without a script the frame does not show the latest updates")
        visit.close()
        visit = Visit(browser, page.url)
        inner = visit.page.frame_locator("iframe")
        client.must_write("POST", f"/stories/{STORY}/updates", {"title": "In a frame", "body": "Words."})
        inner.locator("wireroom-feed article", has_text="In a frame").wait_for()
        height = "document.querySelector('iframe').clientHeight"
        content = "document.documentElement.getBoundingClientRect().height"
        wait_for(lambda: abs(visit.page.evaluate(height) - visit.page.frames[1].evaluate(content)) <= 1, 10,
                 lambda: f"the frame is {visit.page.evaluate(height)} pixels high")
        visit.page.evaluate("postMessage({ type: 'wireroom-height', height: 7 }, '*')")
        visit.page.frames[1].evaluate("parent.postMessage({ type: 'wireroom-height', height: -5 }, '*')")
        visit.page.wait_for_timeout(200)
        check(visit.page.evaluate(height) > 100, "a message of the page itself or an impossible height is heeded")
        link = inner.get_by_role("link", name="Read on")
        with visit.context.expect_page() as opened:
            link.click()
        check(opened.value.url == f"{base}/live/{STORY}", f"the link leads to {opened.value.url}")
        must_be_accessible(visit.page, "a page with a frame")
        visit.must_be_well("a frame")
        visit.close()
    visit = Visit(browser, "about:blank")
    visit.page.add_init_script(SHIFTS)
    visit.page.goto(f"{base}/embed/{STORY}")
    visit.page.locator("wireroom-feed button.react:not(:disabled)").first.wait_for()
    shifts = visit.page.evaluate("shifts")
    check(shifts < 0.05, f"when the widget takes over, the page of a frame moves by {shifts}")
    visit.must_be_well("the page of a frame")
    visit.close()
    passed("a frame reads without a script, follows with one, is as high as its content, and does not move")


def check_missing_frame(browser, base):
    """The frame of a story that is not there says so in a box that fits, with a way to all stories beside the host's page."""
    frame = f'<iframe src="{base}/embed/nosuch" title="Storm" width="100%" height="600"></iframe>'
    with HostPage(f'<main><h1>Front page</h1>{frame}<script src="{base}/embed-frame.js" async></script></main>') as page:
        visit = Visit(browser, page.url)
        visit.page.frame_locator("iframe").get_by_role("heading", name="This story is not here").wait_for()
        wait_for(lambda: 50 < visit.page.evaluate("document.querySelector('iframe').clientHeight") < 300, 10,
                 "the frame of a story that is not there is as high as before")
        with visit.context.expect_page() as opened:
            visit.page.frame_locator("iframe").get_by_role("link", name="All stories").click()
        check(opened.value.url == f"{base}/", f"the link in a frame leads to {opened.value.url}")
        must_be_accessible(visit.page, "a page with a frame of a story that is not there")
        visit.close()
    passed("the frame of a story that is not there says so, fits, and leads to all stories")


# As the desk measures it: the height that the page of a frame tells, in a dialog of about this width.
DESK_WIDTH = 640
MOST_SHIFT = 0.1


def room(browser, base, form):
    visit = Visit(browser, "about:blank", viewport={"width": DESK_WIDTH, "height": 800})
    visit.page.goto(f"{base}/embed/{STORY}?form={form}")
    visit.page.wait_for_function("() => document.querySelector('wireroom-feed').shadowRoot?.querySelector('article')")
    visit.page.wait_for_timeout(500)
    height = visit.page.evaluate("document.documentElement.getBoundingClientRect().height")
    visit.close()
    return min(1200, -(-int(height) // 10) * 10)


def check_room(browser, base):
    """The code of the desk keeps so much room that two frames, or two elements, hardly move the page around them."""
    height = room(browser, base, "compact")
    text = "<p>Words of the page around it, which are read while the rest is loaded.</p>" * 6
    frame = f'<iframe src="{base}/embed/{STORY}?form=compact" title="Storm" width="100%" height="{height}" style="border:0" loading="lazy"></iframe>'
    element = f'<wireroom-feed story="{STORY}" form="compact" style="display:block;min-height:{height}px"><a href="{base}/live/{STORY}">Storm</a></wireroom-feed>'
    shifts = []
    for part, script in ((frame, "embed-frame.js"), (element, "embed.js")):
        body = f'<main><h1>Front page</h1>{part}{text}{part}{text}<script src="{base}/{script}" async></script></main>'
        for width, window in ((360, 740), (1280, 900)):
            with HostPage(body) as page:
                visit = Visit(browser, "about:blank", viewport={"width": width, "height": window})
                visit.page.add_init_script(SHIFTS)
                visit.page.goto(page.url)
                visit.page.wait_for_timeout(2_000)
                shifts.append(visit.page.evaluate("shifts"))
                visit.close()
    check(max(shifts) < MOST_SHIFT, f"two frames, and two elements, move the page by {shifts}")
    passed(f"with the room that the desk's code keeps, frames and elements move the page by at most {max(shifts):.3f}")


# Streams of a live story: those of a closed one end at once, and check_many closes one of its eight.
CONNECTIONS = 6
HOLD = """([address, most]) => { for (let count = 0; count < most; count += 1) fetch(address).catch(() => {}); }"""


def check_no_connection(browser, client, base):
    """A reaction while the page itself occupies all connections shows an error and the actual state."""
    with HostPage(f'<main><script src="{base}/embed.js" async></script><wireroom-feed story="many-0" src="{base}"></wireroom-feed></main>') as page:
        visit = Visit(browser, page.url)
        button = visit.page.locator("wireroom-feed button.react").first
        wait_for(button.is_enabled, 10, "a button of reactions does not work")
        before = button.inner_text()
        visit.page.evaluate(HOLD, [f"{base}/stories/{STORY}/stream", CONNECTIONS])
        streams = lambda: figures(client.get("/metrics").body.decode())["wireroom_streams"]
        wait_for(lambda: streams() == CONNECTIONS, 10, lambda: f"there are {streams()} streams")
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
            check_fallback(browser, wireroom.url)
            check_attributes(browser, client, wireroom.url)
            check_forms(browser, client, wireroom.url)
            check_frame(browser, client, wireroom.url)
            check_missing_frame(browser, wireroom.url)
            check_room(browser, wireroom.url)
            check_many(browser, client, wireroom.url)
            check_no_connection(browser, client, wireroom.url)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    run("The widget", main)
