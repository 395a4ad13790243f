# SPDX-License-Identifier: Apache-2.0
"""Pictures to upload, made by hand: PNG files of any size."""

import random
import struct
import zlib


def png(width, height, color=(30, 90, 160), noise=None):
    """A picture of one color; with `noise`, a seed, every pixel is random, so that the file is about as large as its pixels."""
    source = random.Random(noise)
    rows = (source.randbytes(width * 3) if noise is not None else bytes(color) * width for _ in range(height))
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def file(name, content, kind="image/png"):
    """A file as Playwright hands it to a page."""
    return {"name": name, "mimeType": kind, "buffer": content}
