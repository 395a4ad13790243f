# SPDX-License-Identifier: Apache-2.0
"""The pictures that the server draws for other sites: what pages name, what is drawn, and what is not."""

import io
import pathlib
import re
import tempfile

from PIL import Image, ImageDraw

from checks import check, passed, wait_for
from pictures import upload
from wireroom import Client, Wireroom

STORY = "/stories/social"
MOST_BYTES = 150_000
TITLES = {
    "en": "Storm surge reaches the old harbour as thousands leave their homes",
    "ar": "عاصفة بحرية تبلغ الميناء القديم وآلاف السكان يغادرون منازلهم",
    "he": "הסערה מגיעה לנמל הישן ואלפים עוזבים את בתיהם",
    "ja": "台風が旧港に接近、数千人の住民が夕方までに自宅から避難",
    "zh": "风暴潮抵达旧港，数千人离开家园",
    "de": "Oberflächenwasserentnahmegenehmigung " * 8,
    "fr": "Résultats 🗳️🎉 en direct",
}


def named(client, page):
    """The path of the picture that a page names; none: None."""
    page = client.get(page).body.decode()
    found = re.search(r'<meta property="og:image" content="(?:https?://[^/"]*)?(/[^"]*)">', page)
    check(found is None or re.search(r'name="twitter:image" content="[^"]*' + re.escape(found[1]), page), "twitter:image is another")
    return found and found[1]


def drawn(client, path):
    """The picture at a path, which must be one."""
    answer = client.get(path)
    check(answer.status == 200 and answer.headers["Content-Type"] == "image/png", f"{path}: {answer.status} {answer.body[:200]!r}")
    check("immutable" in answer.headers["Cache-Control"] and len(answer.body) < MOST_BYTES, f"{path}: {len(answer.body)} bytes, {answer.headers}")
    picture = Image.open(io.BytesIO(answer.body)).convert("RGB")
    check(picture.size == (1200, 630), f"{path} has {picture.size}")
    return picture


def logo():
    picture, file = Image.new("RGBA", (600, 120), (0, 0, 0, 0)), io.BytesIO()
    ImageDraw.Draw(picture).ellipse((0, 0, 119, 119), fill=(0, 120, 60, 255))
    picture.save(file, "PNG")
    return file.getvalue()


def check_scripts(client):
    pictures = {}
    for language, title in TITLES.items():
        client.must_write("PATCH", STORY, {"title": title, "language": language, "timeZone": "Europe/Berlin"})
        pictures[language] = drawn(client, named(client, "/live/social"))
    check(len({picture.tobytes() for picture in pictures.values()}) == len(TITLES), "two titles have one picture")
    for language, picture in pictures.items():
        bar = picture.getpixel((1190 if language in ("ar", "he") else 10, 300))
        check(bar == (163, 22, 13), f"the bar of {language} is {bar}")
    passed(f"titles in {', '.join(TITLES)} are drawn, each in less than {MOST_BYTES // 1000} kB, mirrored where they are read from right to left")


def check_addresses(client):
    former = named(client, "/live/social")
    whole, head = client.get(former), client.ask("HEAD", former)
    check((head.status, head.body) == (200, b"") and head.headers["ETag"] == whole.headers["ETag"], f"HEAD: {head.status}")
    check(client.get(former, if_none_match=whole.headers["ETag"]).status == 304, "an unchanged picture is sent again")
    client.must_write("PATCH", STORY, {"title": "Another title"})
    present = named(client, "/live/social")
    moved = client.get(former)
    check(moved.status == 307 and moved.headers["Location"] == present != former, f"the former address: {moved.status}")
    zeros = "0" * 32
    for path in (f"{STORY}/social/x.png", f"{STORY}/social/{zeros}", f"{STORY}/social/{zeros}.jpg", f"/stories/none/social/{zeros}.png",
                 f"/stories/hidden/social/{zeros}.png", f"{STORY}/updates/x/social/{zeros}.png"):
        check(client.get(path).status == 404, f"{path}: {client.get(path).status}")
    passed("an edit makes another address, to which the former one leads; addresses that no page names are 404")


def check_states(client):
    update = client.must_write("POST", f"{STORY}/updates", {"title": "Mayor dead", "body": "He is dead."}).json["id"]
    page, path = f"/live/social/{update}", f"{STORY}/updates/{update}"
    plain = drawn(client, named(client, page))
    media = [{"type": "image", "url": "https://pictures.example/a.jpg", "alt": "A"}]
    client.must_write("PATCH", path, {"media": media})
    check("pictures.example" in client.get(page).body.decode() and named(client, page) is not None, "its own picture is not named")
    client.must_write("POST", f"{path}/strike", {"reason": "He is alive."})
    address = named(client, page)
    retracted = drawn(client, address)
    check(retracted.tobytes() != plain.tobytes() and retracted.getpixel((1000, 72)) == (28, 27, 25), "a retraction is not marked")
    taken = client.must_write("POST", f"{path}/takedown", {"reason": "Court"}).json
    check(address in taken["purge"], f"{address} is not purged: {taken['purge']}")
    check(client.get(address).status in (404, 410), f"after the takedown: {client.get(address).status}")
    live = drawn(client, named(client, "/live/social"))
    client.must_write("PATCH", STORY, {"status": "closed"})
    address = named(client, "/live/social")
    check(drawn(client, address).tobytes() != live.tobytes(), "a closed story looks as if it were live")
    client.must_write("PATCH", STORY, {"status": "draft"})
    check(client.get(address).status == 404, "a hidden story has a picture")
    client.must_write("PATCH", STORY, {"status": "live"})
    passed("a retracted update is marked, whatever picture it has; live and closed can be told apart; what is taken down or hidden has none")


def check_house(client):
    before = drawn(client, named(client, "/live/social"))
    asset = upload(client, logo()).json
    light = {"accent": "#ffc94d", "background": "#0b1d2e", "text": "#f2f6fa"}
    site = {"name": "The Courier", "logo": {"light": asset["url"]}, "colors": {"light": light}, "fonts": {"heading": "sans"}}
    client.must_write("PUT", "/site", site)
    after = drawn(client, named(client, "/live/social"))
    check(after.getpixel((10, 300)) == (255, 201, 77) and after.getpixel((600, 20)) == (11, 29, 46), "the colours are not the site's")
    check(after.getpixel((118, 90)) == (0, 120, 60), f"the logo is not there: {after.getpixel((118, 90))}")
    check(before.tobytes() != after.tobytes(), "the settings change nothing")
    client.must_write("PUT", "/site", site | {"defaultImage": {"url": "https://courier.example/default.jpg"}})
    check("courier.example/default.jpg" in client.get("/live/social").body.decode(), "the default picture is not named")
    client.must_write("PUT", "/site", site)
    passed("pictures have the logo, the colours and the name of the site, whose default picture comes first")


def check_switch():
    with tempfile.TemporaryDirectory(prefix="wireroom-social-") as name:
        server = Wireroom(pathlib.Path(name), settings={"WIREROOM_SOCIAL_IMAGES": "off"})
        server.start()
        try:
            client = Client(server.url)
            client.must_write("POST", "/stories", {"title": "Off", "slug": "social"})
            page = client.get("/live/social").body.decode()
            check("og:image" not in page and 'name="twitter:card" content="summary"' in page, "pages name pictures that are not drawn")
            check(client.get(f"{STORY}/social/{'0' * 32}.png").status == 404, "a picture is drawn")
        finally:
            server.kill()
    passed("where it is switched off, pages are as they were")


def check_social_images(client):
    client.must_write("POST", "/stories", {"title": "Social", "slug": "social", "status": "live"})
    client.must_write("POST", "/stories", {"title": "Hidden", "slug": "hidden", "status": "draft"})
    wait_for(lambda: named(client, "/live/social"), 10, lambda: "pages name no picture")
    check_scripts(client)
    check_addresses(client)
    check_states(client)
    check_house(client)
    check_switch()
