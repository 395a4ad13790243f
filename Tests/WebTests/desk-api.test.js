// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { DeskApi, Refusal, SignedOut, Unreached } from "../../Sources/Web/Files/desk/api.js";

/** An API whose server gives these answers in order; requests are recorded in `asked`. */
function apiOf(answers, { signIn = async () => {} } = {}) {
    const asked = [];
    const fetch = async (path, request) => {
        asked.push({ path, ...request });
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
    };
    return { asked, api: new DeskApi({ key: () => "the-key", signIn, fetch }) };
}

const json = (value, status = 200, headers = {}) => new Response(JSON.stringify(value), { status, headers });
const problem = (status, more = {}, headers = {}) =>
    json({ type: "/problems/x", title: "T", detail: "D", ...more }, status, headers);

test("A request carries the API key, If-Match and the idempotency key", async () => {
    const { api, asked } = apiOf([json({ id: 1 }, 201, { ETag: '"e-1"' })]);
    const answer = await api.once("POST", "/stories", { json: { title: "T" }, once: "k1", match: '"e-0"' });
    assert.deepEqual([answer.status, answer.value, answer.tag], [201, { id: 1 }, '"e-1"']);
    const { headers, body, credentials } = asked[0];
    assert.deepEqual([headers.Authorization, headers["Idempotency-Key"], headers["If-Match"], headers["Content-Type"]],
        ["Bearer the-key", "k1", '"e-0"', "application/json"]);
    assert.deepEqual([body, credentials], ['{"title":"T"}', "omit"]);
});

test("The key is never sent to another origin; only absolute paths are accepted", async () => {
    const { api, asked } = apiOf([]);
    for (const path of ["https://elsewhere.example/", "//elsewhere.example/", "stories"]) {
        await assert.rejects(api.once("GET", path), TypeError);
    }
    assert.equal(asked.length, 0);
});

test("A problem document becomes a Refusal with all its members", async () => {
    const errors = [{ pointer: "/title", detail: "must not be blank" }];
    const { api } = apiOf([problem(422, { type: "/problems/validation", errors, requestId: "r-1", current: { id: 1 } },
        { ETag: '"e-2"', "Retry-After": "7" })]);
    const failure = await api.once("POST", "/stories", { json: {} }).catch(thrown => thrown);
    assert.ok(failure instanceof Refusal);
    const { status, kind, message, requestId, current, tag, retryAfter } = failure;
    assert.deepEqual([status, kind, message, requestId], [422, "validation", "D", "r-1"]);
    assert.deepEqual([failure.errors, current, tag, retryAfter], [errors, { id: 1 }, '"e-2"', 7]);
});

test("An error response without a problem document, as of a proxy, is a Refusal too", async () => {
    const { api } = apiOf([new Response("<html>Bad gateway", { status: 502 })]);
    const failure = await api.once("GET", "/stories").catch(thrown => thrown);
    assert.deepEqual([failure.constructor, failure.status, failure.message], [Refusal, 502, "the server answered 502"]);
});

test("A network failure is distinguished from an error response", async () => {
    const { api } = apiOf([new TypeError("Failed to fetch")]);
    await assert.rejects(api.once("GET", "/stories"), Unreached);
});

test("A 200 response that is not JSON, as of a captive portal, counts as unreachable", async () => {
    const { api } = apiOf([new Response("<html>Welcome to the hotel", { status: 200 })]);
    await assert.rejects(api.once("GET", "/stories"), Unreached);
});

test("A 304 response has no value", async () => {
    const { api } = apiOf([new Response(null, { status: 304 })]);
    const { status, value } = await api.once("GET", "/stories", { noneMatch: '"e"' });
    assert.deepEqual([status, value], [304, null]);
});

test("A 401 asks for a new key and repeats the request", async () => {
    let asks = 0;
    const { api, asked } = apiOf([problem(401), json({ ok: true })], { signIn: async () => { asks += 1; } });
    assert.deepEqual((await api.ask("GET", "/stories")).value, { ok: true });
    assert.deepEqual([asks, asked.length], [1, 2]);
});

test("A 401 to a key that has been replaced meanwhile repeats without asking", async () => {
    let key = "old";
    const api = new DeskApi({
        key: () => key, signIn: () => assert.fail("somebody was asked"),
        fetch: async (path, { headers }) => {
            key = "new";
            return headers.Authorization === "Bearer new" ? json({ ok: true }) : problem(401);
        },
    });
    assert.deepEqual((await api.ask("GET", "/stories")).value, { ok: true });
});

test("Signing out instead of signing in rejects the waiting request", async () => {
    const { api } = apiOf([problem(401)], { signIn: async () => { throw new SignedOut("nobody"); } });
    await assert.rejects(api.ask("GET", "/stories"), SignedOut);
});

test("An aborted request rejects with the reason of its signal", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const fetch = (path, { signal }) => new Promise((resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)));
    const api = new DeskApi({ key: () => "k", signIn: async () => {}, fetch });
    const answer = api.once("GET", "/stories", { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(answer, reason);
});
