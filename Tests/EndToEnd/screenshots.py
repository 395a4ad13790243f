# SPDX-License-Identifier: Apache-2.0
"""Takes the screenshots of docs/: each front end light and dark, on desktop and phone, combined in one picture; and a drawn picture of a
link."""

import base64
import pathlib
import sys
import tempfile

from checks import check, wait_for
from frontends import Visit
from pages import Browser
from check_safety import HostPage
from socialimages import named
from wireroom import ADMIN_KEY, Client, Wireroom

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "Samples" / "harbour-storm.txt"
STORY = "harbour-storm"
DESKTOP = {"viewport": {"width": 1100, "height": 900}}
PHONE = {"viewport": {"width": 380, "height": 900}, "device_scale_factor": 1, "is_mobile": True}
WIDGET = """<meta name=viewport content="width=device-width"><style>:root {{ color-scheme: light dark }}
body {{ font: 17px/1.5 Georgia, serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.5rem }}</style><h1>A page of somebody else</h1><p>With two lines of HTML:</p>
<script src="{base}/embed.js"></script><wireroom-feed story="{story}" src="{base}" limit="5"></wireroom-feed>"""
SHEET = """<!doctype html><style>body {{ margin: 0; padding: 20px; width: 1480px; display: grid; gap: 20px; background: #8a8a8a;
grid-template-columns: 1100px 360px }} img {{ display: block; width: 100%; height: 800px; object-fit: cover; object-position: top }}</style>
{pictures}"""


def prepare(client):
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "text/plain"}
    answer = client.ask("POST", f"/import?slug={STORY}", SAMPLE.read_bytes(), headers)
    check(answer.status == 201, "the sample is not imported")
    path = f"/stories/{STORY}/updates"
    first, second, third = [update["id"] for update in client.read(f"{path}?limit=3")["updates"]]
    client.must_write("PATCH", f"{path}/{first}", {"title": "All ashore", "keyEvent": True, "pinned": True, "author": "Ines", "tags": ["ferry"]})
    client.must_write("POST", f"{path}/{second}/strike", {"reason": "She was still in the narrows at that time."})
    client.must_write("PATCH", f"{path}/{third}", {"title": "Tugs reach the ferry", "keyEvent": True,
                                                  "sources": [{"name": "Port authority", "url": "https://example.org/"}]})
    for _ in range(7):
        client.must_write("POST", f"{path}/{first}/reactions/veryGood")
    client.must_write("POST", path, {"body": "The *mayor* speaks at eight.", "state": "draft"})
    client.must_write("POST", "/stories", {"slug": "regatta", "title": "The spring regatta", "summary": "Forty boats, one buoy.", "status": "closed"})


def sign_in(page):
    page.get_by_label("Key", exact=True).fill(ADMIN_KEY)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Storm")


def picture(browser, url, settings, scheme, act=None):
    visit = Visit(browser, url, color_scheme=scheme, **settings)
    if act:
        act(visit.page)
    visit.page.wait_for_timeout(900)
    visit.must_be_well(url)
    taken = base64.b64encode(visit.page.screenshot()).decode()
    visit.close()
    return f'<img src="data:image/png;base64,{taken}">'


def sheet(browser, folder, name, url, act=None):
    pictures = [picture(browser, url, settings, scheme, act) for scheme in ("light", "dark") for settings in (DESKTOP, PHONE)]
    page = browser.browser.new_page(viewport={"width": 1520, "height": 1660}, device_scale_factor=0.6)
    page.set_content(SHEET.format(pictures="".join(pictures)))
    page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=72)
    page.close()


def main():
    folder = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, Browser() as browser:
        wireroom = Wireroom(pathlib.Path(name))
        wireroom.start()
        try:
            client = Client(wireroom.url)
            prepare(client)

            def write(page):
                sign_in(page)
                page.goto(f"{wireroom.url}/desk#/stories/{STORY}")
                page.wait_for_timeout(500)

            sheet(browser, folder, "reader", f"{wireroom.url}/live/{STORY}")
            sheet(browser, folder, "index", f"{wireroom.url}/")
            sheet(browser, folder, "desk", f"{wireroom.url}/desk", write)
            with HostPage(WIDGET.format(base=wireroom.url, story=STORY)) as host:
                sheet(browser, folder, "widget", host.url)
            client.must_write("PUT", "/site", {"name": "Skerry Lantern"})
            drawn = wait_for(lambda: named(client, f"/live/{STORY}"), 10, lambda: "the page names no drawn picture")
            (folder / "social.png").write_bytes(client.get(drawn).body)
        finally:
            wireroom.kill()


if __name__ == "__main__":
    main()
