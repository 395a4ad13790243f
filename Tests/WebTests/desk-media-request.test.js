// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { Refusal, Unreached } from "../../Sources/Web/Files/desk/api.js";
import { sendPicture } from "../../Sources/Web/Files/desk/media-request.js";

/** An `XMLHttpRequest` that the test answers. */
class FakeRequest {
    headers = {};
    upload = {};
    answerHeaders = {};

    open(method, path) {
        this.line = `${method} ${path}`;
    }

    setRequestHeader(name, value) {
        this.headers[name] = value;
    }

    getResponseHeader(name) {
        return this.answerHeaders[name] ?? null;
    }

    send(body) {
        this.body = body;
        this.onSent?.();
    }

    abort() {
        this.onabort();
        this.onloadend();
    }

    fail() {
        this.onerror();
        this.onloadend();
    }

    answer(status, value, headers = {}) {
        this.status = status;
        this.responseText = typeof value === "string" ? value : JSON.stringify(value);
        this.answerHeaders = headers;
        this.onload();
        this.onloadend();
    }
}

/** Sends a file; `run` answers the request once it is sent. */
async function sent(run, { file = new File(["JPEG"], "a.jpg", { type: "image/jpeg" }), ...options } = {}) {
    const request = new FakeRequest();
    const progress = [];
    request.onSent = () => run(request);
    const answer = sendPicture(file, {
        key: "the-key", once: "k1", signal: new AbortController().signal, onProgress: part => progress.push(part),
        makeRequest: () => request, ...options,
    });
    return { request, progress, asset: await answer };
}

const thrownBy = promise => promise.then(() => assert.fail("it succeeded"), failure => failure);

test("A picture is sent as it is, with its type, the API key and the idempotency key", async () => {
    const { request, asset } = await sent(one => one.answer(201, { id: "a", url: "/media/a", width: 8, height: 6 }));
    assert.deepEqual([request.line, request.body.name], ["POST /media", "a.jpg"]);
    assert.deepEqual([request.headers.Authorization, request.headers["Idempotency-Key"],
        request.headers["Content-Type"]], ["Bearer the-key", "k1", "image/jpeg"]);
    assert.deepEqual([asset.url, asset.width], ["/media/a", 8]);
});

test("A file of an unknown type is sent as bytes", async () => {
    const file = new File(["?"], "a.heic");
    const { request } = await sent(one => one.answer(200, { url: "/media/a" }), { file });
    assert.equal(request.headers["Content-Type"], "application/octet-stream");
});

test("The progress is the part that is sent", async () => {
    const { progress } = await sent(one => {
        one.upload.onprogress({ loaded: 1, total: 4 });
        one.upload.onprogress({ loaded: 4, total: 4 });
        one.answer(201, { url: "/media/a" });
    });
    assert.deepEqual(progress, [0.25, 1]);
});

test("A problem document becomes a Refusal", async () => {
    const problem = { type: "/problems/busy", detail: "the queue is full" };
    const failure = await thrownBy(sent(one => one.answer(503, problem, { "Retry-After": "3" })));
    assert.ok(failure instanceof Refusal);
    assert.deepEqual([failure.status, failure.message, failure.retryAfter], [503, "the queue is full", 3]);
});

test("No answer, and an answer that is no picture, count as unreachable", async () => {
    const answers = ["<html>Welcome to the hotel", {}].map(value => one => one.answer(200, value));
    for (const run of [one => one.fail(), ...answers]) {
        assert.ok(await thrownBy(sent(run)) instanceof Unreached);
    }
});

test("A connection without progress is given up", async () => {
    assert.ok(await thrownBy(sent(() => {}, { stallSeconds: 0.01 })) instanceof Unreached);
});

test("Cancelling ends the request with the reason of the cancelling", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped");
    assert.equal(await thrownBy(sent(() => controller.abort(reason), { signal: controller.signal })), reason);
    assert.equal(await thrownBy(sent(() => assert.fail("it is sent"), { signal: controller.signal })), reason);
});

test("A file that has been changed or removed since is not retried", async () => {
    const arrayBuffer = async () => {
        throw new Error("gone");
    };
    const file = { name: "a.jpg", type: "image/jpeg", slice: () => ({ arrayBuffer }) };
    const failure = await thrownBy(sent(() => assert.fail("it is sent"), { file }));
    assert.equal(failure instanceof Unreached, false);
    assert.match(failure.message, /Choose it again/);
});
