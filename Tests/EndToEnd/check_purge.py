# SPDX-License-Identifier: Apache-2.0
"""Purging nginx's cache, as deployed, removes all responses of a story, under all its names."""

import contextlib
import gzip
import pathlib
import tempfile

from checks import check, free_port, passed, run, wait_for
from nginx import Nginx, deployed
from wireroom import Client, Wireroom

STORY = "harbour-storm"
FEED = f"/stories/{STORY}/updates"
SECRET = "quicksilver"


def post(client, text):
    return client.must_write("POST", FEED, {"body": text}).json


def must_be_cached(nginx, path):
    wait_for(lambda: nginx.get(path).headers["X-Cache"] == "HIT", 5, f"nginx does not keep {path}")


def check_renamed(nginx, server, purge_url):
    """A story is purged under all its former and current names, by its cache key."""
    path, names = "/stories/first-name", ["first-name", "second-name", "third-name"]
    story = server.must_write("POST", "/stories", {"title": "Renamed twice", "slug": names[0]}).json["id"]
    server.must_write("POST", f"{path}/updates", {"body": f"The {SECRET} is in hold four."})
    # Responses of a closed story are cached for a minute.
    server.must_write("PATCH", path, {"status": "closed"})
    paths = []
    for name, following in zip(names, [*names[1:], None], strict=True):
        paths += [f"/stories/{name}/updates", f"/stories/{name}/updates?limit=5", f"/stories/{name}/feed.atom", f"/live/{name}"]
        for each in paths[-4:]:
            must_be_cached(nginx, each)
        if following:
            server.must_write("PATCH", f"/stories/{name}", {"slug": following})
    for each in paths:
        check(SECRET.encode() in nginx.get(each).body, f"{each} is not cached under its name of then")
    lists = ["/stories", "/api/v2/summary.json"]
    for each in lists:
        must_be_cached(nginx, each)
    done = Client(purge_url).ask("PURGE", f"/stories/{story}", headers={"Surrogate-Key": f"story-{story}"})
    check(done.status == 204, f"PURGE is answered {done.status}")
    for each in [*paths, *lists]:
        found = nginx.get(each).headers["X-Cache"]
        check(found not in ("HIT", "STALE", "UPDATING", "EXPIRED"), f"after a PURGE of the story {each} is {found}")
    passed(f"a purge of a story by its key reaches its {len(names)} names, former ones too, and the lists")


def check_reused(nginx, server):
    """A slug that now belongs to another story serves that one, and is purged with it."""
    for title in ("The first of the name", "The second of the name"):
        story = server.must_write("POST", "/stories", {"title": title, "slug": "shared-name"}).json["id"]
        path = "/stories/shared-name/updates"
        wait_for(lambda: nginx.get(path).status == 200 and nginx.read(path)["story"]["id"] == story, 8,
                 f"{path} does not show {title}")
        must_be_cached(nginx, path)
        update = server.must_write("POST", path, {"body": f"The {SECRET} is in hold five. {title}."}).json["id"]
        wait_for(lambda: SECRET.encode() in nginx.get(path).body, 8, f"{path} does not show what is new")
        server.must_write("POST", f"{path}/{update}/takedown", {"reason": "Not for print."})
        check(SECRET.encode() not in nginx.get(path).body, f"{path} shows the words after the takedown")
        server.must_write("DELETE", f"/stories/{story}")
    passed("a name that another story has taken over is cached and purged as that story's")


def check_takedown(nginx, server, wireroom, purge_url):
    """After the response to a takedown no cached response contains the text, under any URL, even while the server is down."""
    before = server.read(FEED)
    update = post(server, f"The {SECRET} is in hold three.")
    names = [STORY, before["story"]["id"], before["story"]["id"].upper()]
    paths = [
        f"/stories/{name}/updates{rest}"
        for name in names
        for rest in ("", "?limit=5", "?limit=200&order=newest", f"?cursor={before['cursor']}", f"/{update['id']}")
    ]
    paths += [f"/stories/{name}/{feed}" for name in names for feed in ("feed.json", "feed.atom", "liveblog.jsonld")]
    paths += [f"/live/{name}{rest}" for name in names for rest in ("", "?a=b", f"/{update['id']}")]
    asked = [(path, form) for path in paths for form in ("identity", "gzip")]

    def shows(path, form):
        answer = nginx.get(path, accept_encoding=form)
        body = gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body
        return SECRET.encode() in body

    # Twice: the first request for a name only registers its key.
    for _ in range(2):
        wait_for(lambda: all(shows(*one) for one in asked), 5, "the words cannot be read before the takedown")
    check(Client(purge_url).get(f"{FEED}").status == 405, "the port for purges answers a GET")
    outside = Client(purge_url, source="127.0.0.9").ask("PURGE", FEED)
    check(outside.status == 403, f"who is not the server may purge: {outside.status}")
    must_be_cached(nginx, FEED)
    answer = server.must_write("POST", f"{FEED}/{update['id']}/takedown", {"reason": "Not for print."}).json
    check(answer["purged"] is True, f"the takedown was not purged: {answer}")
    for path, form in asked:
        check(not shows(path, form), f"{path} ({form}) shows the words after the takedown")
    wireroom.stop()
    for path, form in asked:
        check(not shows(path, form), f"{path} ({form}) shows the words when the server is away")
    wireroom.start()
    passed(f"after a takedown none of {len(asked)} cached answers shows the words, nor while the server is away")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        purge_port = free_port()
        purge_url = f"http://127.0.0.1:{purge_port}"
        wireroom = Wireroom(folder, settings={"WIREROOM_TRUSTED_PROXIES": "127.0.0.1"})
        wireroom.start()
        stack.callback(wireroom.kill)
        nginx = Nginx(folder / "nginx", deployed, wireroom.url, purge_port)
        nginx.start()
        stack.callback(nginx.stop)
        server, reader = Client(wireroom.url), Client(nginx.url)
        server.must_write("POST", "/stories", {"title": "Storm at the harbour", "slug": STORY})
        for number in range(20):
            post(server, f"Report {number}: the harbour stays **closed** until the wind drops.")
        # Here the server does not purge by itself.
        check_renamed(reader, server, purge_url)
        wireroom.stop()
        wireroom.settings["WIREROOM_PURGE_URL"] = purge_url
        wireroom.start()
        check_reused(reader, server)
        check_takedown(reader, server, wireroom, purge_url)


if __name__ == "__main__":
    run("nginx and purges", main)
