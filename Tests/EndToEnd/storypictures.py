# SPDX-License-Identifier: Apache-2.0
"""Pictures of two colours, uploaded for stories."""

import struct
import zlib

from checks import check
from wireroom import ADMIN_KEY


def png(width, height, left, right):
    """A PNG whose halves have these colours, as (red, green, blue)."""
    row = b"\0" + bytes(left) * (width // 2) + bytes(right) * (width - width // 2)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height, 1)) + chunk(b"IEND", b"")


def upload(client, picture):
    """Uploads a picture and returns its address, `/media/<id>`."""
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "image/png"}
    answer = client.ask("POST", "/media", picture, headers)
    check(answer.status == 201, f"POST /media: {answer.status} {answer.body[:300]!r}")
    return answer.json["url"]


def image(client, width, height, left=(30, 90, 140), right=(200, 160, 60), **members):
    """Uploads a picture and returns the medium of an update that shows it."""
    return {"type": "image", "url": upload(client, png(width, height, left, right)), **members}
