# SPDX-License-Identifier: Apache-2.0
"""Web Push: messages decrypted and verified by PyPI's cryptography; the bell, the service worker and the desk's tick in Chromium.

Chromium's own push service is not reached from here: `PushManager.subscribe` is replaced by one that names ours.
"""

import base64
import http.server
import json
import pathlib
import queue
import tempfile
import threading
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from accessibility import check_views_fit
from checks import Failure, check, passed, run, wait_for
from deskpage import DESKTOP, DeskPage
from frontends import Visit, must_be_accessible
from pages import Browser
from wireroom import ADMIN_KEY, Client, Wireroom

SLUG = "harbour-storm"
CONTACT = "mailto:ops@news.example"
OFF, ON = "Notify me of key events", "Stop notifying me"

# What the page's browser answers in place of one that reaches a push service.
STUB = """
window.stub = { subscription: null, prompts: 0, answer: null };
PushManager.prototype.getSubscription = async () => stub.subscription;
PushManager.prototype.subscribe = async function ({ applicationServerKey, userVisibleOnly }) {
    if (!userVisibleOnly) throw new Error("not visible");
    const bytes = Uint8Array.from(atob(applicationServerKey.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));
    stub.subscription = {
        endpoint: %(endpoint)s, options: { applicationServerKey: bytes.buffer },
        toJSON() { return { endpoint: this.endpoint, expirationTime: null, keys: %(keys)s }; },
        async unsubscribe() { stub.subscription = null; return true; },
    };
    return stub.subscription;
};
const ask = Notification.requestPermission.bind(Notification);
Notification.requestPermission = async () => {
    stub.prompts += 1;
    const answer = stub.answer ?? await ask();
    sessionStorage.setItem("permission", answer);
    return answer;
};
// Without a window Chromium says "denied" whatever was granted.
Object.defineProperty(Notification, "permission", { get: () => sessionStorage.getItem("permission") ?? "default" });
"""


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Subscriber:
    """A browser that reads messages as RFC 8291 has it."""

    def __init__(self, service, name):
        self.path = f"/{name}"
        self.endpoint = service.url + self.path
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        self.secret = AESGCM.generate_key(128)

    @property
    def keys(self):
        return {"p256dh": encoded(self.point), "auth": encoded(self.secret)}

    def json(self):
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": self.keys}

    def read(self, body):
        salt, size, point, sealed = body[:16], body[16:21], body[21:86], body[86:]
        check(size == (4096).to_bytes(4, "big") + bytes([65]), f"record size and length of the key: {size}")
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = self.key.exchange(ec.ECDH(), sender)
        secret = derived(shared, self.secret, b"WebPush: info\0" + self.point + point, 32)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        opened = AESGCM(key).decrypt(nonce, sealed, None)
        check(opened.endswith(b"\x02"), "the record has no delimiter")
        return json.loads(opened[:-1])


def derived(secret, salt, info, count):
    return HKDF(hashes.SHA256(), count, salt, info).derive(secret)


class PushService(http.server.ThreadingHTTPServer):
    """Keeps each message; answers 201, or the codes in `answers` of a path in turn."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received, self.answers, self.seconds = queue.Queue(), {}, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def next(self, seconds=5):
        try:
            return self.received.get(timeout=seconds)
        except queue.Empty:
            raise Failure("no message came") from None

    def is_quiet(self, seconds=0.7, seen=None):
        """Whether no message comes; the path of one that does is added to `seen`."""
        try:
            path = self.received.get(timeout=seconds)[0]
        except queue.Empty:
            return True
        if seen is not None:
            seen.append(path)
        return False


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.seconds)
        answers = self.server.answers.get(self.path)
        self.send_response(answers.pop(0) if answers else 201)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.received.put((self.path, {name.lower(): value for name, value in self.headers.items()}, body))

    def log_message(self, *_):
        pass


def check_identity(headers, service, key):
    """RFC 8292: the token is signed by the key that browsers subscribed with, for this push service, for less than a day."""
    scheme, fields = headers["authorization"].split(" ", 1)
    fields = dict(field.strip().split("=", 1) for field in fields.split(","))
    check(scheme == "vapid" and fields["k"] == key, f"the scheme is {scheme}, the key {fields['k']}")
    signed, signature = fields["t"].rsplit(".", 1)
    r, s = (int.from_bytes(half, "big") for half in (decoded(signature)[:32], decoded(signature)[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    public.verify(utils.encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    header, claims = (json.loads(decoded(part)) for part in signed.split("."))
    check(header == {"typ": "JWT", "alg": "ES256"}, f"the header is {header}")
    check(claims["aud"] == service.url and claims["sub"] == CONTACT, f"the claims are {claims}")
    check(0 < claims["exp"] - time.time() <= 86_400, f"it ends in {claims['exp'] - time.time()} s")


def notify(client, body, **members):
    return client.must_write(
        "POST", f"/stories/{SLUG}/updates", {"body": body, "keyEvent": True, "notify": True, **members}).json


def check_messages(client, service):
    key = client.read("/push/key")["key"]
    subscribers = [Subscriber(service, name) for name in ("a", "b", "c")]
    for subscriber in subscribers:
        client.must_write("POST", f"/stories/{SLUG}/push-subscriptions", subscriber.json())
    update = notify(client, "The **bridge** is shut.")
    client.must_write("POST", f"/stories/{SLUG}/updates", {"body": "Quiet.", "keyEvent": True})
    found = {}
    for _ in subscribers:
        path, headers, body = service.next()
        found[path] = next(one for one in subscribers if one.path == path).read(body)
        check_identity(headers, service, key)
        check(headers["content-encoding"] == "aes128gcm" and headers["urgency"] == "high", f"fields: {headers}")
        check(0 < int(headers["ttl"]) <= 4 * 3600 and len(headers["topic"]) <= 32, f"fields: {headers}")
    check(len(found) == 3 and service.is_quiet(), f"messages came to {sorted(found)}, and more")
    for text in found.values():
        check(text["title"] == "Storm" and "bridge" in text["body"], f"the text is {text}")
        check(text["url"].endswith(f"/live/{SLUG}/{update['id']}"), f"it leads to {text['url']}")
    passed("each follower gets a message that cryptography decrypts, with a token that it verifies; other updates are quiet")
    service.answers["/a"] = [410]
    notify(client, "Gone.")
    for _ in subscribers:
        service.next()
    wait_for(lambda: followers(client) == 2, 5, lambda: f"{followers(client)} followers are left after 410")
    passed("410 removes a subscription")


def followers(client):
    return client.write("GET", f"/stories/{SLUG}/push-subscriptions").json["count"]


def check_kill(wireroom, client, service):
    """A server that is killed while it sends goes on where it was."""
    names = [f"k{number}" for number in range(120)]
    for name in names:
        client.must_write("POST", f"/stories/{SLUG}/push-subscriptions", Subscriber(service, name).json())
    service.seconds = 0.02
    notify(client, "Killed.")
    seen = [service.next()[0] for _ in range(70)]
    wireroom.kill()
    wireroom.start()
    wait_for(lambda: drained(service, seen) and {f"/{name}" for name in names} <= set(seen), 20,
             lambda: f"{len(set(seen))} of {len(names)} were notified")
    service.seconds = 0
    while len(seen) < 1000 and not service.is_quiet(1, seen):
        pass
    check(len(seen) <= len(names) + 2 + 64, f"{len(seen)} messages came to {len(set(seen))} followers")
    passed(f"a kill loses no follower of {len(set(seen))}, and repeats {len(seen) - len(set(seen))} messages")
    return Client(wireroom.url)


def drained(service, seen):
    while True:
        try:
            seen.append(service.received.get_nowait()[0])
        except queue.Empty:
            return True


def check_bell(browser, client, service, url):
    subscriber = Subscriber(service, "browser")
    visit = Visit(browser, "about:blank")
    page = visit.page
    # The browser has replaced the subscription after each load, as it may at any time.
    page.add_init_script(STUB % {"endpoint": json.dumps(subscriber.endpoint), "keys": json.dumps(subscriber.keys)})
    address = f"{url}/live/{SLUG}"
    page.goto(address)
    bell = page.locator("#bell button:not(.sound)")

    def says(words):
        wait_for(lambda: words in page.inner_text("#bell [role=status]"), 10,
                 lambda: f"the bell says {page.inner_text('#bell')!r} instead of {words!r}")

    bell.wait_for()
    check_views_fit(client, page, SLUG)
    check(bell.inner_text() == OFF and page.evaluate("stub.prompts") == 0, "permission is asked for without a press")
    check(not any("push" in request for request in visit.requests), f"before a press: {visit.requests}")
    bell.click()
    says("Without your permission")
    page.evaluate("stub.answer = 'denied'")
    bell.click()
    says("Your browser blocks notifications")
    must_be_accessible(page, "a blocked bell")
    check(page.evaluate("document.activeElement.matches('#bell button')"), "the press has lost the focus")
    page.evaluate("stub.answer = null")
    visit.context.grant_permissions(["notifications"], origin=url)
    before = followers(client)
    bell.click()
    says("is notified")
    check(bell.inner_text() == ON and followers(client) == before + 1, "the server has no subscription")
    must_be_accessible(page, "a bell that is on")
    page.reload()
    bell.wait_for()
    check(bell.inner_text() == ON, "after a reload the bell is off")
    update = notify(client, "For the browser.")
    text = next(text for path, _, body in iter(service.next, None) if path == subscriber.path
                for text in [subscriber.read(body)])
    check(text["url"].endswith(f"/{update['id']}"), f"the browser gets {text}")
    check_worker(visit, text, url)
    bell.click()
    says("no longer notified")
    check(bell.inner_text() == OFF and followers(client) == before, "the subscription was not ended")
    check(page.evaluate("stub.subscription") is None, "the browser's subscription was not ended")
    check_sound(client, page)
    client.must_write("PATCH", f"/stories/{SLUG}", {"status": "closed"})
    wait_for(lambda: not page.locator("#bell").is_visible(), 10, "a closed story has a bell")
    client.must_write("PATCH", f"/stories/{SLUG}", {"status": "live"})
    # An open page asks for a closed story seldom.
    page.reload()
    wait_for(lambda: page.locator("#bell").is_visible(), 10, "a story that is open again has no bell")
    visit.must_be_well("the bell")
    visit.close()
    passed("the bell asks after a press only, explains a denial, is on after a reload, ends, hides; the tone is heard; axe finds no fault")


def check_sound(client, page):
    """A tone for new updates, once it is switched on; remembered after a reload, when it waits for the first press."""
    count = """() => { window.tones = 0; const make = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); }; }"""
    page.evaluate(count)
    sound = page.locator("#bell .sound")
    check(sound.get_attribute("aria-pressed") == "false", "sound is on before anybody has asked for it")
    sound.click()
    wait_for(lambda: page.evaluate("tones") == 1, 5, "the switch gives no example of the tone")
    client.must_write("POST", f"/stories/{SLUG}/updates", {"body": "To be heard."})
    wait_for(lambda: page.evaluate("tones") == 2, 10, "a new update is not heard")
    page.reload()
    sound.wait_for()
    check(sound.get_attribute("aria-pressed") == "true", "the switch is not remembered")
    page.evaluate(count)
    sound.click()
    client.must_write("POST", f"/stories/{SLUG}/updates", {"body": "In silence."})
    page.locator("#updates article", has_text="In silence.").wait_for()
    page.wait_for_timeout(1_500)
    check(page.evaluate("tones") == 0, "sound that is off is heard")


def check_worker(visit, text, url):
    """The service worker shows what a push service delivers, here by the DevTools protocol."""
    session, found = visit.context.new_cdp_session(visit.page), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    wait_for(lambda: visit.page.evaluate("1") and found, 5, "the service worker is not registered")
    worker = visit.context.service_workers[0]
    # Without a window Chromium shows none: what it would show is kept instead.
    worker.evaluate("""() => {
        self.shown = [];
        self.registration.showNotification = async (title, { body, tag, data }) =>
            void self.shown.push({ title, body, tag, url: data.url });
    }""")
    session.send("ServiceWorker.deliverPushMessage", {
        "origin": url, "registrationId": found[0]["registrationId"], "data": json.dumps(text)})
    wait_for(lambda: worker.evaluate("self.shown") == [text], 5,
             lambda: f"the worker shows {worker.evaluate('self.shown')} instead of {text}")
    passed("the service worker shows the notification")


def check_desk(browser, client, url):
    """The tick is for key events only, and is off after it was used."""
    context = browser.browser.new_context(**DESKTOP)
    desk = DeskPage(context, url).sign_in(ADMIN_KEY)
    desk.page.goto(f"{url}/desk#/stories/{client.read(f'/stories/{SLUG}')['id']}")
    form = desk.page.get_by_role("form", name="New update")
    tick = form.get_by_label("Notify followers")
    tick.wait_for()
    label = form.locator("label[data-field=notify]")
    wait_for(lambda: f"({followers(client)})" in label.inner_text(), 5, lambda: f"the tick says {label.inner_text()}")
    check(tick.is_disabled(), "an update that is no key event can be ticked")
    form.get_by_label("Key event").check()
    tick.check()
    form.get_by_label("Key event").uncheck()
    check(tick.is_disabled() and not tick.is_checked(), "the tick outlasts the key event")
    form.get_by_label("Key event").check()
    tick.check()
    must_be_accessible(desk.page, "the desk's tick")
    form.get_by_label("Text").fill("From the desk.")
    with desk.page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/updates")) as sent:
        form.get_by_role("button", name="Publish", exact=True).click()
    check(json.loads(sent.value.post_data)["notify"] is True, f"the desk has sent {sent.value.post_data}")
    wait_for(lambda: not tick.is_checked(), 5, "the tick stays for the next update")
    check(not desk.errors, f"the desk complains: {desk.errors}")
    context.close()
    passed("the desk's tick is for key events, says how many follow, and is used once")


def check_off(folder, browser):
    """Without a contact there is no trace of push."""
    folder.mkdir()
    wireroom = Wireroom(folder)
    wireroom.start()
    try:
        client = Client(wireroom.url)
        story = client.must_write("POST", "/stories", {"title": "Storm", "slug": SLUG}).json["id"]
        check(client.get("/push/key").status == 404, "a key without --push-contact")
        visit = Visit(browser, f"{wireroom.url}/live/{SLUG}")
        check(visit.page.locator("#bell").count() == 0, "a bell without --push-contact")
        visit.close()
        desk = DeskPage(browser.browser.new_context(**DESKTOP), wireroom.url).sign_in(ADMIN_KEY)
        desk.page.goto(f"{wireroom.url}/desk#/stories/{story}")
        desk.page.get_by_role("form", name="New update").get_by_label("Key event").wait_for()
        check(not desk.page.get_by_label("Notify followers").is_visible(), "a tick without --push-contact")
        desk.page.context.close()
        passed("without --push-contact there is neither bell nor tick")
    finally:
        wireroom.kill()


def main():
    with tempfile.TemporaryDirectory(prefix="wireroom-end-to-end-") as name, Browser() as browser:
        folder, service = pathlib.Path(name), PushService()
        wireroom = Wireroom(folder, settings={
            "WIREROOM_OUTBOUND_ALLOW": "127.0.0.1", "WIREROOM_PUSH_CONTACT": CONTACT})
        wireroom.start()
        try:
            client = Client(wireroom.url)
            client.must_write("POST", "/stories", {"title": "Storm", "slug": SLUG})
            check_messages(client, service)
            client = check_kill(wireroom, client, service)
            check_bell(browser, client, service, wireroom.url)
            check_desk(browser, client, wireroom.url)
        finally:
            wireroom.kill()
        check_off(folder / "off", browser)


if __name__ == "__main__":
    run("web push, by cryptography and Chromium", main)
