# SPDX-License-Identifier: Apache-2.0
"""Webhooks, received and verified by PyPI's standardwebhooks, and by cryptography for Ed25519, as README.md shows."""

import base64
import http.server
import pathlib
import queue
import tempfile
import threading
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from checks import Failure, check, passed, run, wait_for
from wireroom import Client, Wireroom

SLUG = "harbour-storm"
UPDATES = f"/stories/{SLUG}/updates"


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps each request; answers with the codes in `answers` in turn, then 204."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received, self.answers, self.seconds = queue.Queue(), [], 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"

    def next(self, seconds=5):
        try:
            return self.received.get(timeout=seconds)
        except queue.Empty:
            raise Failure("no delivery came") from None

    def is_quiet(self, seconds=0.5):
        try:
            return self.received.get(timeout=seconds) is None
        except queue.Empty:
            return True


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.seconds)
        code = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(code)
        self.send_header("Content-Length", "0")
        if code == 503:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.server.received.put((dict(self.headers.items()), body, code))

    def log_message(self, *_):
        pass


def headers_of(delivery):
    return {name.lower(): value for name, value in delivery[0].items()}


def verified(delivery, secret):
    """The payload, if the library takes it, and only as it was sent."""
    _, body, _ = delivery
    hook = Webhook(secret)
    payload = hook.verify(body, headers_of(delivery))
    try:
        hook.verify(body + b" ", headers_of(delivery))
    except WebhookVerificationError:
        return payload
    raise Failure("a changed body is verified")


def check_asymmetric(delivery, public_key):
    headers = headers_of(delivery)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + delivery[1]
    for signature in headers["webhook-signature"].split():
        version, value = signature.split(",")
        if version == "v1a":
            try:
                return key.verify(base64.b64decode(value), signed)
            except InvalidSignature:
                continue
    raise Failure("no v1a signature is valid")


def check_events(client, receiver):
    hook = client.must_write("POST", "/webhooks", {"url": receiver.url, "payload": "full"}).json
    check(hook["secret"].startswith("whsec_") and hook["publicKey"].startswith("whpk_"), f"keys: {hook}")
    check("secret" not in client.write("GET", f"/webhooks/{hook['id']}").json, "the secret is shown again")
    client.must_write("POST", "/stories", {"title": "Storm", "slug": SLUG})
    update = client.must_write("POST", UPDATES, {"body": "It blows."}).json
    path = f"{UPDATES}/{update['id']}"
    client.must_write("PATCH", path, {"body": "It blew."})
    client.must_write("POST", f"{path}/strike", {"reason": "It did not."})
    client.must_write("DELETE", path)
    client.must_write("POST", f"{path}/takedown", {"reason": "Court"})
    client.must_write("PATCH", f"/stories/{SLUG}", {"title": "The storm"})
    client.must_write("PATCH", f"/stories/{SLUG}", {"status": "closed"})
    kinds, seqs = [], []
    for _ in range(8):
        delivery = receiver.next()
        payload = verified(delivery, hook["secret"])
        check_asymmetric(delivery, hook["publicKey"])
        kinds.append(payload["type"])
        seqs.append(payload["data"]["seq"])
        check(payload["data"]["epoch"] == client.read(UPDATES)["cursor"].split("-")[0], "the epoch is another")
        check("It bl" not in str(payload) or kinds[-1] != "update.taken_down", "what was taken down is sent")
    check(kinds == [
        "story.opened", "update.published", "update.edited", "update.edited", "update.removed", "update.taken_down",
        "story.edited", "story.closed",
    ], f"events: {kinds}")
    check(seqs == sorted(seqs), f"they came in the order {seqs}")
    check(payload["data"]["current"]["story"]["title"] == "The storm", "a full payload has not the story")
    passed("each event is delivered once, in order, with a v1 that standardwebhooks and a v1a that cryptography verifies")
    return hook


def check_retries(client, receiver, hook):
    receiver.answers = [503, 302]
    client.must_write("PATCH", f"/stories/{SLUG}", {"status": "live"})
    tries = [receiver.next(), receiver.next(10)]

    def listed(status):
        page = client.write("GET", f"/webhooks/{hook['id']}/deliveries?limit=1").json
        return page["deliveries"][0]["code"] == status and page

    delivery = wait_for(lambda: listed(302), 5, "the redirect is not listed")["deliveries"][0]
    client.must_write("POST", f"/webhooks/{hook['id']}/deliveries/{delivery['id']}/retry")
    tries.append(receiver.next())
    check([code for _, _, code in tries] == [503, 302, 204], "it was not tried until it was taken")
    check(len({headers_of(delivery)["webhook-id"] for delivery in tries}) == 1, "each attempt has another id")
    check(len({verified(delivery, hook["secret"])["timestamp"] for delivery in tries}) == 1, "the event was dated anew")
    page = wait_for(lambda: listed(204), 5, "the delivery is not listed as delivered")
    last = page["deliveries"][0]
    check(last["status"] == "delivered" and last["attempts"] == 3 and page["older"], f"the list: {page}")
    passed("503 and a redirect are failures; an attempt by hand is made at once, all under one id")


def check_rotation(client, receiver, hook):
    new = client.must_write("POST", f"/webhooks/{hook['id']}/rotate").json
    client.must_write("POST", f"/webhooks/{hook['id']}/test")
    delivery = receiver.next()
    for keys in (hook, new):
        check(verified(delivery, keys["secret"])["type"] == "webhook.test", "it is no test")
        check_asymmetric(delivery, keys["publicKey"])
    versions = [part.split(",")[0] for part in headers_of(delivery)["webhook-signature"].split()]
    check(versions == ["v1", "v1a", "v1", "v1a"], f"signatures: {versions}")
    passed("after a rotation, receivers with the old and with the new secret verify the same delivery")
    return new


def check_kill(wireroom, client, receiver, hook):
    """None is lost with the process, wherever it was killed; repeats have the same id."""
    receiver.seconds = 0.1
    expected = []
    for number in range(15):
        expected.append(client.must_write("POST", UPDATES, {"body": f"Note {number}."}).json["id"])
        if number % 5 == 4:
            wireroom.kill()
            wireroom.start()
            client = Client(wireroom.url)
    taken, ids = [], {}
    while len(set(taken)) < len(expected):
        delivery = receiver.next(25)
        payload = verified(delivery, hook["secret"])
        if delivery[2] == 204:
            taken.append(payload["data"]["update"])
            ids.setdefault(payload["data"]["update"], set()).add(headers_of(delivery)["webhook-id"])
    receiver.seconds = 0
    check([*dict.fromkeys(taken)] == expected, "they came in another order")
    check(all(len(of) == 1 for of in ids.values()), "a repeat has another id")
    passed(f"through three kills, {len(expected)} deliveries came in order, {len(taken) - len(expected)} twice")
    return client


def check_gone(wireroom, client, receiver, hook):
    receiver.answers = [410]
    client.must_write("PATCH", f"/stories/{SLUG}", {"title": "Gone"})
    receiver.next()

    def disabled():
        found = client.write("GET", f"/webhooks/{hook['id']}").json
        return not found["enabled"] and found

    found = wait_for(disabled, 5, "it is enabled")
    check("410" in found["disabledReason"], f"the reason: {found}")
    client.must_write("PATCH", f"/stories/{SLUG}", {"title": "Gone for good"})
    check(receiver.is_quiet(), "a disabled webhook is told of events")
    passed("410 disables a webhook")
    text = "".join(path.read_text() for path in wireroom.folder.glob("*.log"))
    check(hook["secret"] not in text and "/hook" not in text, "the log has a secret or an address")
    figures = client.metrics()
    check(figures['wireroom_webhook_deliveries_total{result="delivered"}'] > 0, "/metrics does not count")
    passed("neither secrets nor addresses are logged; /metrics counts attempts")


def check_guard(folder):
    """Without --outbound-allow, loopback addresses are refused."""
    wireroom, receiver = Wireroom(folder), Receiver()
    folder.mkdir()
    wireroom.start()
    try:
        client = Client(wireroom.url)
        hook = client.must_write("POST", "/webhooks", {"url": receiver.url}).json
        client.must_write("POST", f"/webhooks/{hook['id']}/test")

        def refused():
            return client.write("GET", f"/webhooks/{hook['id']}/deliveries").json["deliveries"][0]["error"]

        error = wait_for(refused, 5, "no attempt has failed")
        check("loopback" in error and receiver.is_quiet(0.1), f"the error: {error}")
        passed("a webhook cannot reach the server's own network unless that is allowed")
    finally:
        wireroom.kill()


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name:
        folder = pathlib.Path(name)
        wireroom = Wireroom(folder, settings={"WIREROOM_OUTBOUND_ALLOW": "127.0.0.1"})
        receiver = Receiver()
        wireroom.start()
        try:
            client = Client(wireroom.url)
            hook = check_events(client, receiver)
            check_retries(client, receiver, hook)
            hook = check_rotation(client, receiver, hook)
            client = check_kill(wireroom, client, receiver, hook)
            check_gone(wireroom, client, receiver, hook)
        finally:
            wireroom.kill()
        check_guard(folder / "guarded")


if __name__ == "__main__":
    run("webhooks, by standardwebhooks", main)
