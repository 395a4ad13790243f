// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { Refusal, Unreached } from "../../Sources/Web/Files/desk/api.js";
import { RetryPause } from "../../Sources/Web/Files/desk/retry.js";
import { lostLabel, MOST_AT_ONCE, uploadLabel, UploadQueue } from "../../Sources/Web/Files/desk/uploads.js";

const fileOf = name => ({ name });

/** A pause before a retry that only `poke` and `stop` end. */
class LongPause extends RetryPause {
    async wait() {
        await super.wait(2 ** 30);
    }
}

/** A queue whose attempts are recorded, and answered by the test. */
function queueOf() {
    const attempts = [];
    const send = upload => new Promise((resolve, reject) => {
        upload.patience.signal.addEventListener("abort", () => reject(upload.patience.signal.reason));
        attempts.push({ upload, once: upload.once, name: upload.file.name, resolve, reject });
    });
    return { attempts, queue: new UploadQueue({ send, patience: () => new LongPause() }) };
}

/** Lets everything finish that waits for no timer. */
const settle = () => new Promise(resolve => setImmediate(resolve));

const names = attempts => attempts.map(({ name }) => name);
const states = uploads => uploads.map(({ state }) => state);

test("Two pictures are sent at a time, the others in their order", async () => {
    const { attempts, queue } = queueOf();
    const uploads = ["a", "b", "c", "d"].map(name => queue.add(fileOf(name)));
    await settle();
    assert.equal(MOST_AT_ONCE, 2);
    assert.deepEqual([names(attempts), states(uploads)], [["a", "b"], ["sending", "sending", "queued", "queued"]]);
    attempts[1].resolve({ url: "/media/b" });
    await settle();
    assert.deepEqual([names(attempts), states(uploads)], [["a", "b", "c"], ["sending", "done", "sending", "queued"]]);
    assert.deepEqual(uploads[1].asset, { url: "/media/b" });
    assert.equal(queue.isBusy, true);
    for (const { resolve } of attempts) resolve({ url: "/media/x" });
    await settle();
    attempts[3].resolve({ url: "/media/x" });
    await settle();
    assert.deepEqual([states(uploads), queue.isBusy], [["done", "done", "done", "done"], false]);
});

test("After a lost connection the same key is sent again, at once when the connection is back", async () => {
    const { attempts, queue } = queueOf();
    const upload = queue.add(fileOf("a"));
    const seen = [];
    upload.onChange = () => seen.push(upload.state);
    await settle();
    attempts[0].reject(new Unreached("no answer came"));
    await settle();
    assert.deepEqual([upload.state, upload.isUnfinished, queue.isBusy], ["waiting", true, true]);
    assert.equal(uploadLabel(upload), "a. Not yet uploaded: trying again (no answer from the server).");
    queue.poke();
    await settle();
    attempts[1].resolve({ url: "/media/a" });
    await settle();
    assert.equal(attempts[0].once, attempts[1].once);
    assert.deepEqual(seen, ["waiting", "sending", "done"]);
});

test("A server that is busy, or has no room, is asked again", async () => {
    for (const status of [503, 507, 429]) {
        const { attempts, queue } = queueOf();
        const upload = queue.add(fileOf("a"));
        await settle();
        attempts[0].reject(new Refusal(status, { detail: "not now" }));
        await settle();
        assert.equal(upload.state, "waiting", status);
        queue.cancel(upload);
    }
});

test("A refusal is final, is told in the server's words, and makes room for the next", async () => {
    const { attempts, queue } = queueOf();
    const [first, , third] = ["a.heic", "b", "c"].map(name => queue.add(fileOf(name)));
    await settle();
    attempts[0].reject(new Refusal(415, { detail: "this is HEIC; send JPEG, PNG, WebP or GIF" }));
    await settle();
    assert.deepEqual([first.state, first.isUnfinished, third.state], ["refused", false, "sending"]);
    assert.equal(uploadLabel(first), "a.heic was not uploaded: this is HEIC; send JPEG, PNG, WebP or GIF");
});

test("An upload is cancelled while it is queued, sent, or waits for the next attempt", async () => {
    const { attempts, queue } = queueOf();
    const [sending, waiting, queued] = ["a", "b", "c"].map(name => queue.add(fileOf(name)));
    await settle();
    attempts[1].reject(new Unreached("no answer came"));
    await settle();
    for (const upload of [queued, sending, waiting]) queue.cancel(upload);
    await settle();
    assert.deepEqual(states([sending, waiting, queued]), ["cancelled", "cancelled", "cancelled"]);
    assert.deepEqual([queue.isBusy, names(attempts)], [false, ["a", "b"]]);
});

test("A cancelled upload is resumed with its key, after those that wait", async () => {
    const { attempts, queue } = queueOf();
    const uploads = ["a", "b", "c"].map(name => queue.add(fileOf(name)));
    await settle();
    queue.cancel(uploads[0]);
    await settle();
    queue.resume(uploads[0]);
    assert.deepEqual([names(attempts), uploads[0].state], [["a", "b", "c"], "queued"]);
    attempts[1].resolve({ url: "/media/b" });
    await settle();
    assert.deepEqual(names(attempts), ["a", "b", "c", "a"]);
    assert.equal(attempts[3].once, attempts[0].once);
});

test("An upload that is resumed twice, or still runs, is sent once", async () => {
    const { attempts, queue } = queueOf();
    const upload = queue.add(fileOf("a"));
    queue.resume(upload);
    await settle();
    assert.deepEqual(names(attempts), ["a"]);
});

test("Forms find their uploads by their keys; what is forgotten is stopped, and tells nobody", async () => {
    const { attempts, queue } = queueOf();
    const upload = queue.add(fileOf("a"));
    await settle();
    assert.equal(queue.find(upload.once), upload);
    assert.equal(queue.find("another"), null);
    upload.onChange = () => assert.fail("it is told");
    queue.forget(upload);
    await settle();
    assert.deepEqual([queue.find(upload.once), queue.isBusy], [null, false]);
    assert.equal(attempts[0].upload.patience.signal.aborted, true);
});

test("The progress is told in whole percent, and then that the server is at work", () => {
    const labelAt = sent => uploadLabel({ state: "sending", sent, trouble: null, file: fileOf("a.jpg") });
    assert.deepEqual([0, 0.509, 1].map(labelAt),
        ["a.jpg: 0 % uploaded", "a.jpg: 50 % uploaded", "a.jpg: the server prepares it…"]);
    assert.equal(lostLabel("a.jpg"), "a.jpg was not uploaded: choose it again.");
});
