# SPDX-License-Identifier: Apache-2.0
"""A picture, as readers get it."""

import json
import random
import struct
import zlib

import bars
from polls import compare
from servers import check, start_file_server, start_wireroom
from stories import WRITING, Client, plain_request

SIDE = 224
"""Pixels; of noise, which cannot be compressed, so that the file has about 150 KB."""


def noise():
    """A PNG file (RFC 2083) of random pixels."""
    pixels = random.Random(7)
    lines = b"".join(b"\0" + pixels.randbytes(3 * SIDE) for _ in range(SIDE))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def picture(bench):
    client, nginx = Client(start_wireroom(bench)), Client(start_file_server(bench))
    headers = WRITING | {"Content-Type": "image/png"}
    path = json.loads(client.ask("POST", "/media", noise(), headers, 201)[1])["url"]
    body = client.get(path)[1]
    check(140_000 < len(body) < 170_000, f"the picture has {len(body)} bytes")
    (nginx.server.files / "picture.png").write_bytes(body)
    check(nginx.get("/picture.png")[1] == body, "nginx answers other bytes")
    ours, theirs = plain_request(client, path), plain_request(nginx, "/picture.png")
    compare(bench, bars.PICTURE_SENT, "picture", (client.server, ours), (nginx.server, theirs))
