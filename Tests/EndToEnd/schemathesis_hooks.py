# SPDX-License-Identifier: Apache-2.0
"""Hooks for what openapi.yaml cannot express about Wireroom. Loaded by Schemathesis; see schemathesis.toml."""

import itertools
import json
import os
import re

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

numbers = itertools.count(1)

# Rejections of requests that conform to openapi.yaml, by rules that no schema of a single parameter or member can express.
# Identified by the problem's pointer and detail; openapi.yaml describes each rule in prose.
UNSPOKEN_RULES = [
    # Cursors are opaque: a schema would promise their format.
    r"/(cursor|Last-Event-ID|lastEventId|evs_last_event_id) must be a cursor of a snapshot or a delta, given once and unchanged",
    r"/before cannot be read; take it from the address of the page before",
    # Text of only invisible characters, such as a soft hyphen: not all regular expressions can express that.
    r"/\S+ must not be blank(: only an image can be decorative)?",
    # A parameter that requires or excludes another.
    r"/wait needs a cursor.*",
    r"/tick needs wait.*",
    r"/before .*cursor.*",
    # The order of two times.
    r"(/story)?/coverageEnd must not be before coverageStart",
    r"/q is required, unless there is an author or a tag",
    # A member of the body that must not contradict the path.
    r"/slug must be the slug of the path.*",
    # The existence and state of resources.
    r"/(\d+/story|to) does not name an existing story",
    r"/story must be the id or slug of a story",
    r"/ids/\d+ does not name an update of the story",
    r"(/\S+)?/reactionKinds/\d+ must be one of this server's kinds: .*",
    r"/slug is the story's present slug: give the story another one first",
    r"(/\S+)?/pinned a story can have 20 pinned updates.*",
    # Hosts as browsers parse them: IPv4 numbers and IPv6 groups.
    r"(/\S+)?/(url|image|urls/\d+) must be a URL (with a valid host name or IP address|without a user name.*|whose port.*)",
    # The order of a language tag's subtags; the names of time zones.
    r"(/\S+)?/language must be a language tag.*",
    r"(/\S+)?/timeZone must be the name of a time zone.*",
    # Limits on the markup in a text.
    r"(/\S+)?/body must (nest quotes and lists|hold) at most .*",
    r"/source/name is required",
    r"/image/url is required",
    # Pictures that exist, and what they are.
    r"(/\S+)?/url does not name a picture that was uploaded here",
    r"(/\S+)?/url is a picture: its type must be image",
    # What a server without Web Push, or an update that is no key event, cannot do.
    r"(/\S+)?/notify must be false or left out.*",
    r"(/\S+)?/publishAt (is required: when is it to be published\?|cannot be set on a published update.*|lies in the (past|future).*)",
    # The settings of the site: contrasts, what a logo needs, lists of names, and what would leave its place in a page or a policy.
    r"/colors/(light|dark)/(accent|background|text|link) has a contrast of .*",
    r"/name is required with a logo.*",
    r"/logo/(light|dark) does not name a picture that was uploaded here",
    r"/fonts/(heading|body|interface) does not name a font that was uploaded here",
    r"/snippets/\d+/name must be unlike those before it",
    r"/css must (not contain|be at most 32768 bytes long) .*",
    r"/(logo/(light|dark)|slots/\d+/script) must be a URL (with a valid host name or IP address|without a user name.*|whose port.*)",
    r"/slots/\d+/script must name a host of letters, digits, dots and hyphens",
    # Lengths of texts on the lines of a page.
    r" breaks a rule in line \d+: .*",
    r" this Idempotency-Key was used for another request.*",
]


# A GIF of one pixel.
PICTURE = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")


@schemathesis.serializer("font/woff2")
def serialize_font(context, value):
    """Bytes as they are, and of anything else its text: neither is a font."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Changes values that would keep requests from reaching their target. Valid values stay valid, invalid ones invalid."""
    query, headers = case.query or {}, case.headers or {}
    # With a valid cursor and no changes, a long poll takes its full time: one second is enough.
    if str(query.get("wait")).isdecimal() and 1 < int(query["wait"]) <= 30:
        query["wait"] = 1
    # With a high tick it takes longer still, whatever it is to wait.
    if str(query.get("tick")).isdecimal() and 0 < int(query["tick"]) < 2**53 - 1:
        query["tick"] = 0
    # With the example's slug, as in most imports, all but the first would be 409, and so would all exports.
    if query.get("slug") == "harbour-bridge-copy" or "slug" not in query and is_export(case):
        case.query = {**query, "slug": f"harbour-bridge-copy-{new_name()}"}
    # Likewise, all but the first with an Idempotency-Key would be 422; most generated keys are the shortest, "0".
    key = headers.get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch("[!-~]{1,255}", key):
        headers["Idempotency-Key"] = f"{key}-{new_name()}"[-255:]
    # Bytes that are made up are no picture; every other time they are one.
    if case.method == "POST" and case.path == "/media" and isinstance(case.body, bytes) and next(numbers) % 2:
        case.body = kwargs["data"] = PICTURE
    # No resource has the example's tag, so all requests with it would be 412. Other tags test staleness.
    if headers.get("If-Match") == '"0f6c8e2d91b7a354-41"':
        headers["If-Match"] = "*"


def is_export(case):
    """Whether the body is an export of the server, or like one: it has a story id."""
    story = case.body.get("story") if isinstance(case.body, dict) else None
    return case.path == "/import" and isinstance(story, dict) and isinstance(story.get("id"), str)


def new_name():
    """A name that no earlier request to the same server has used, in any run."""
    return f"{os.environ['WIREROOM_TEST_SEED']}-{next(numbers)}"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure is not a false positive."""
    if isinstance(failure, RejectedPositiveData) and case.path in ("/media", "/site/fonts"):
        # What a picture or a font is, no schema can say.
        return response.status_code not in (400, 415, 422)
    if isinstance(failure, RejectedPositiveData):
        return not all(any(re.fullmatch(rule, fault) for rule in UNSPOKEN_RULES) for fault in faults(response))
    if isinstance(failure, AcceptedNegativeData):
        # Schemathesis reports values of another type as faults, but in a query every value is text.
        return not ((case.media_type or "").startswith("text/") and not isinstance(case.body, (str, bytes)))
    return True


def faults(response):
    """The errors in a problem, each as its pointer and detail."""
    try:
        problem = json.loads(response.content)
    except ValueError:
        return ["the answer is no problem"]
    errors = problem.get("errors") or [{"pointer": "", "detail": problem.get("detail")}]
    return [f"{error['pointer']} {error['detail']}" for error in errors]
