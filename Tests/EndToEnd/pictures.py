# SPDX-License-Identifier: Apache-2.0
"""Pictures to upload, made by Pillow, and what is checked of those that come back."""

import io
import random

from PIL import Image

from checks import check
from wireroom import ADMIN_KEY, Client

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
WIDTHS = 320, 640, 1280, 1920
PLACE = "Wireroom4711"
"""Stands in the metadata of a picture, and must not come back."""


def drawn(width, height, seed=0, grain=8):
    """An image of coloured noise; with the usual grain, as large as a photograph of that size when it is compressed."""
    pixels = random.Random(seed)
    small = Image.frombytes("RGB", (width // grain, height // grain), pixels.randbytes(width // grain * (height // grain) * 3))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def encoded(form, width=2000, height=1200, seed=0, grain=8, **options):
    """The bytes of a picture, with metadata where the format has some; and options of the encoder."""
    image, file = drawn(width, height, seed, grain), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE
    more = {"exif": exif} if form in ("JPEG", "WEBP", "PNG") else {"comment": PLACE.encode()}
    image.save(file, form, **more, **options)
    return file.getvalue()


def animated(width=400, height=300, frames=5):
    images, file = [drawn(width, height, seed) for seed in range(frames)], io.BytesIO()
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=100)
    return file.getvalue()


def upload(client, body, status=201, **headers):
    """Uploads a picture; returns the answer."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "application/octet-stream"} | headers
    answer = client.ask("POST", "/media", body, headers)
    check(answer.status == status, f"POST /media: {answer.status} {answer.body[:300]!r}")
    return answer


def uploaded(url, body, **headers):
    """The asset of an upload to the server at an address."""
    return upload(Client(url, seconds=60), body, **headers).json


def paths(asset):
    """The paths of the files of an asset, with their media types."""
    smaller = {f"{asset['url']}/{width}.{end}": FORMATS[form]
               for width in asset["widths"] for end, form in (("webp", "WEBP"), ("jpg", "JPEG"))}
    return {asset["url"]: asset["type"], **smaller}


def folders(media):
    """The names in a folder of pictures."""
    return sorted(path.name for path in media.iterdir()) if media.exists() else []


def must_be(answer, path, kind, width):
    """The answer is a picture of that kind and width, with nothing but its pixels."""
    check(answer.status == 200, f"GET {path}: {answer.status} {answer.body[:200]!r}")
    found = answer.headers
    for name, value in {
        "Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable", "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
        "Access-Control-Allow-Origin": "*", "Content-Length": str(len(answer.body)),
    }.items():
        check(found[name] == value, f"GET {path}: {name}: {found[name]}")
    check(PLACE.encode() not in answer.body, f"GET {path} has the metadata that was uploaded")
    with Image.open(io.BytesIO(answer.body)) as image:
        image.load()
        check(FORMATS[image.format] == kind and image.width == width, f"GET {path}: {image.format} of {image.size}")
        check(not image.getexif(), f"GET {path} has metadata: {dict(image.getexif())}")
