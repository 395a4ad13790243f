# SPDX-License-Identifier: Apache-2.0
"""Pictures in an object storage: moto's S3, which verifies the signature of each request, and is stopped, refused and emptied."""

import io
import pathlib
import tempfile

from PIL import Image

import bucketcopies
from checks import check, passed, run
from objectstorage import BUCKET, Storage
from wireroom import ADMIN_KEY, Client, Wireroom


def picture(width, height, color):
    file = io.BytesIO()
    Image.new("RGB", (width, height), color).save(file, "JPEG")
    return file.getvalue()


def upload(server, body):
    return Client(server.url).ask("POST", "/media", body, {
        "Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "image/jpeg"})


def must_upload(server, body):
    answer = upload(server, body)
    check(answer.status == 201, f"POST /media: {answer.status} {answer.body[:300]!r}")
    return answer.json


def files(asset):
    widths = [f"/{width}.{format}" for width in asset["widths"] for format in ("webp", "jpg")]
    return [asset["url"] + name for name in ["", *widths]]


def must_serve(server, asset):
    client = Client(server.url)
    for path in files(asset):
        answer = client.get(path)
        check(answer.status == 200, f"GET {path}: {answer.status}")
        check(Image.open(io.BytesIO(answer.body)).size[0] in [asset["width"], *asset["widths"]], f"{path} is not it")


def check_stored(storage, server):
    asset = must_upload(server, picture(700, 500, "teal"))
    keys = storage.keys()
    check(len(keys) == 5 and all(key.startswith("live/") for key in keys), f"the bucket has {keys}")
    must_serve(server, asset)
    passed("a picture is five objects below the prefix, by signed requests, and is served")
    return asset


def check_healed(storage, server, asset):
    """An object that somebody has removed comes back with the next upload of the same bytes."""
    lost = next(key for key in storage.keys("live/") if key.endswith("/320.webp"))
    storage.s3.delete_object(Bucket=BUCKET, Key=lost)
    answer = upload(server, picture(700, 500, "teal"))
    check(answer.status == 200 and answer.json["url"] == asset["url"], f"the same bytes again: {answer.status} {answer.body[:300]!r}")
    keys = storage.keys("live/")
    check(len(keys) == 5 and not {key.split("/")[1] for key in keys} & {lost.split("/")[1]}, f"the bucket has {keys}")
    must_serve(server, asset)
    passed("an object that is gone from the bucket is there again when the same bytes are uploaded again")


def check_fetched(storage, server, asset):
    server.stop()
    server.start()
    check(not list((server.folder / "cache").iterdir()), "the cache is not empty after a start")
    must_serve(server, asset)
    storage.process.end()
    must_serve(server, asset)
    answer = upload(server, picture(400, 300, "navy"))
    check(answer.status == 503 and answer.headers["Retry-After"], f"without a storage: {answer.status}")
    check(Client(server.url).get("/stories").status == 200, "the feed needs the storage")
    passed("after a restart files are fetched once; without the storage copies are served, an upload is 503")


def check_refused(storage, folder):
    (folder / "refused").mkdir()
    server = Wireroom(folder / "refused", settings=storage.settings(folder / "refused", secret="wrong" * 8))
    server.start()
    answer = upload(server, picture(400, 300, "red"))
    log = "".join(path.read_text() for path in server.folder.glob("*.log"))
    server.stop()
    check(answer.status == 503, f"with a wrong secret: {answer.status}")
    check("403" in log and "SignatureDoesNotMatch" in log, f"the log does not say why:\n{log}")
    check(b"Signature" not in answer.body, "clients are told of the storage")
    passed("a wrong secret is 503 for clients, and in the log with the storage's reason")


def check_takedown(storage, server):
    client = Client(server.url)
    client.must_write("POST", "/stories", {"slug": "bucket", "title": "Bucket"})
    asset = must_upload(server, picture(1000, 600, "olive"))
    update = client.must_write("POST", "/stories/bucket/updates", {
        "body": "A picture", "media": [{"type": "image", "url": asset["url"], "alt": "Olive"}]}).json
    count = len(storage.keys())
    answer = client.must_write("POST", f"/stories/bucket/updates/{update['id']}/takedown", {"reason": "court"}).json
    check(set(files(asset)) <= set(answer["purge"]), f"the takedown lists {answer['purge']}")
    check(len(storage.keys()) == count - 5, "the objects are still there")
    check(all(client.get(path).status == 404 for path in files(asset)), "the picture is still served")
    passed("a takedown removes the objects and their copies before it is answered")


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-bucket-") as name:
        folder = pathlib.Path(name)
        storage = Storage(folder)
        server = Wireroom(folder, settings=storage.settings(folder))
        server.start()
        try:
            check_takedown(storage, server)
            check_refused(storage, folder)
            asset = check_stored(storage, server)
            bucketcopies.check_all(storage, folder)
            check_healed(storage, server, asset)
            check_fetched(storage, server, asset)
        finally:
            server.kill()
            storage.process.end()


if __name__ == "__main__":
    run("bucket", main)
