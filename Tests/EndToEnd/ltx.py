# SPDX-License-Identifier: Apache-2.0
"""Decodes LTX files as written by Litestream 0.5: a header, database pages compressed by LZ4, an index."""

import struct

MAGIC = b"LTX1"
HEADER_BYTES = 100
# In a page's header: the compressed length precedes it.
HAS_SIZE = 1


def pages(file):
    """The pages in a file, by page number."""
    data = file.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError(f"{file} is no LTX file")
    [page_bytes] = struct.unpack_from(">I", data, 8)
    place = HEADER_BYTES
    found = {}
    while True:
        number, flags = struct.unpack_from(">IH", data, place)
        if number == 0:
            return found
        if flags != HAS_SIZE:
            raise ValueError(f"page {number} of {file} has the flags {flags}")
        [size] = struct.unpack_from(">I", data, place + 6)
        start = place + 10
        found[number] = unpacked(data[start : start + size])
        if len(found[number]) != page_bytes:
            raise ValueError(f"page {number} of {file} has {len(found[number])} bytes, not {page_bytes}")
        place = start + size


def unpacked(block):
    """Decodes an LZ4 block: alternating literals and back-references."""
    out = bytearray()
    place = 0
    while True:
        token = block[place]
        count, place = length(block, place + 1, token >> 4)
        out += block[place : place + count]
        place += count
        if place == len(block):
            return bytes(out)
        offset = block[place] | block[place + 1] << 8
        count, place = length(block, place + 2, token & 15)
        for _ in range(count + 4):
            out.append(out[-offset])


def length(block, place, count):
    if count == 15:
        while block[place] == 255:
            count, place = count + 255, place + 1
        count, place = count + block[place], place + 1
    return count, place
