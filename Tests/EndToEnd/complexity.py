# SPDX-License-Identifier: Apache-2.0
"""Complexity attacks: small requests that are expensive to normalize (Unicode) or to render (Markdown)."""

import json

from attackers import head
from traffic import FEED, STORY

MARKS = "\u0301\u0316"
"""Combining marks out of canonical order: normalization has to sort each run."""
HEAD_BYTES = 15_000
MEMBER_BYTES = 256 << 10
TEXT_CHARACTERS = 64 << 10
"""The server's limit of an update's Markdown."""
ORIGINS = {"WIREROOM_ORIGINS": "https://news.example"}
"""The Origin header is only checked if origins are configured."""


def marked(count):
    """A single grapheme of this many bytes."""
    return "a" + MARKS * (count // len(MARKS.encode()))


def unicode_heads():
    """Request heads that anyone can send."""
    bomb = marked(HEAD_BYTES)
    react = f"/stories/{STORY}/reactions/veryGood"
    return [
        head("POST", react, 0, X_Forwarded_For=bomb),
        head("POST", react, 0, Forwarded=f'for="{bomb}"'),
        head("GET", f"/stories/{STORY}/stream", Last_Event_ID=bomb),
        head("OPTIONS", FEED, Origin="https://news.example", Access_Control_Request_Method=bomb),
        head("GET", FEED, Origin=bomb),
        head("GET", "/stories/nowhere", traceparent=bomb),
        head("GET", FEED, If_None_Match=f'"{bomb}"'),
        head("GET", FEED, Accept_Encoding=bomb),
        head("GET", "/", Accept=bomb),
        head("POST", react, Content_Length=0, Content_Type=f"application/{bomb}"),
        head("POST", react, 0, Idempotency_Key=bomb),
        head("GET", FEED, Authorization=f"Bearer {bomb}"),
    ]


def written(method, path, key, value):
    body = json.dumps(value, ensure_ascii=False).encode()
    return head(method, path, len(body), key) + body


def unicode_members(path, key):
    """JSON members of short texts, which need a key."""
    bomb = marked(MEMBER_BYTES)
    return [
        written("PATCH", path, key, {"status": bomb}),
        written("POST", f"{path}/updates", key, {"body": "The wind drops.", "state": bomb}),
        written("POST", f"{path}/updates", key, {bomb: 1, "body": bomb}),
        written("PUT", f"{path}/links/related", key, [{"title": "More", "rel": bomb, "url": bomb}]),
    ]


def markdown():
    """Markdown of about 64 KiB: nested lists before blank lines, nested quotes, and unclosed delimiters."""
    half = TEXT_CHARACTERS // 2
    lists = half // 2
    return [
        "- " * lists + "x" + "\n" * (half - 10),
        "- " * (lists * 5 // 8) + "x" + "\n" * (half * 5 // 8),
        "1. " * (half // 3) + "x" + "\n" * (half - 10),
        "> - " * (half // 4) + "x" + "\n" * (half - 10),
        "> " * half,
        "".join("  " * depth + "- x\n" for depth in range(240)),
        "[" * (TEXT_CHARACTERS - 1),
        "[a](" * (TEXT_CHARACTERS // 4),
        "*a_ " * (TEXT_CHARACTERS // 4),
        "`" + "``".join(str(number) for number in range(9_000)),
    ]


def rendered(path, key):
    """Each text as a preview, as a post, and in a batch of as many as fit."""
    texts = markdown()
    previews = [
        head("POST", "/preview", key=key, Content_Type="text/markdown", Content_Length=len(text)) + text.encode()
        for text in texts]
    updates = [written("POST", f"{path}/updates", key, {"body": text}) for text in texts]
    batches = [written("POST", f"{path}/updates", key, [{"body": text}] * 8) for text in texts[:4]]
    return previews + updates + batches
