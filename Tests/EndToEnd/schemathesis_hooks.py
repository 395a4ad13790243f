"""What Schemathesis must know of Wireroom beyond openapi.yaml. It loads this file by itself; see schemathesis.toml."""

import itertools
import json
import os
import re

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

numbers = itertools.count(1)

# Refusals of requests that fit openapi.yaml, each by a rule that no schema of one parameter or member can state. They are
# told by the place that the problem names and by what it says of it; openapi.yaml has each rule in words.
UNSPOKEN_RULES = [
    # Cursors are opaque: a schema for them would make their form a promise.
    r"/(cursor|Last-Event-ID|lastEventId|evs_last_event_id) must be a cursor of a snapshot or a delta, given once and unchanged",
    r"/before cannot be read; take it from the address of the page before",
    # Text of nothing but what Unicode does not show, such as a soft hyphen: the property has no name in all patterns.
    r"/\S+ must not be blank",
    # One parameter that needs or excludes another.
    r"/wait needs a cursor.*",
    r"/before .*cursor.*",
    # Two times in their order.
    r"(/story)?/coverageEnd must not be before coverageStart",
    # A member of the body that must not contradict the path.
    r"/slug must be the slug of the path.*",
    # What is there, and in what state.
    r"/\d+/story does not name an existing story",
    r"(/\S+)?/pinned a story can have 20 pinned updates.*",
    # Hosts as browsers read them: numbers of IPv4 and groups of IPv6.
    r"(/\S+)?/(url|image) must be a URL (with a valid host name or IP address|without a user name.*|whose port.*)",
    # Bounds on the markup within a text.
    r"(/\S+)?/body must (nest quotes and lists|hold) at most .*",
    r"/source/name is required",
    r"(/\S+)?/publishAt (is required: when is it to be published\?|cannot be set on a published update.*|lies in the (past|future).*)",
    # Lengths of what stands on the lines of a page.
    r" breaks a rule in line \d+: .*",
    r" this Idempotency-Key came with another request before.*",
]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Changes what would keep a request from meeting what it is for. No bad value turns good, and no good one bad."""
    query, headers = case.query or {}, case.headers or {}
    # A wait takes as long as it says where the cursor is good and nothing moves. One second shows all that thirty would.
    if str(query.get("wait")).isdecimal() and 1 < int(query["wait"]) <= 30:
        query["wait"] = 1
    # Under the slug of the example, which most imports have, all but the first would be 409. So would all that is exported.
    if query.get("slug") == "harbour-bridge-copy" or "slug" not in query and is_export(case):
        case.query = {**query, "slug": f"harbour-bridge-copy-{new_name()}"}
    # So would all but the first under an Idempotency-Key be 422; most that are made up are the shortest, "0".
    key = headers.get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch("[!-~]{1,255}", key):
        headers["Idempotency-Key"] = f"{key}-{new_name()}"[-255:]
    # And nothing is in the state of the example, so that all under its tag would be 412. Others will do to be stale.
    if headers.get("If-Match") == '"0f6c8e2d91b7a354-41"':
        headers["If-Match"] = "*"


def is_export(case):
    """Whether the body is one that the server has made, or like it: it has the id of a story."""
    story = case.body.get("story") if isinstance(case.body, dict) else None
    return case.path == "/import" and isinstance(story, dict) and isinstance(story.get("id"), str)


def new_name():
    """One that no request to the same server had, also of an earlier run."""
    return f"{os.environ['WIREROOM_TEST_SEED']}-{next(numbers)}"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure is one."""
    if isinstance(failure, RejectedPositiveData):
        return not all(any(re.fullmatch(rule, fault) for rule in UNSPOKEN_RULES) for fault in faults(response))
    if isinstance(failure, AcceptedNegativeData):
        # Schemathesis takes a value of another type for a fault. Sent as text it is text like any other.
        return not ((case.media_type or "").startswith("text/") and not isinstance(case.body, (str, bytes)))
    return True


def faults(response):
    """What a problem says is wrong, each fault behind its place."""
    try:
        problem = json.loads(response.content)
    except ValueError:
        return ["the answer is no problem"]
    errors = problem.get("errors") or [{"pointer": "", "detail": problem.get("detail")}]
    return [f"{error['pointer']} {error['detail']}" for error in errors]
