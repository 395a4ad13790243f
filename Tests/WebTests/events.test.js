// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { EventParser } from "../../Sources/Web/Files/client/event-parser.js";
import { Refusal } from "../../Sources/Web/Files/client/events.js";

const stream = [
    "retry: 2718", "id: e-41", "", ":", "", "event: put", "id: e-42", "data: {\"a\":", "data: 1}", "",
    "event:reactions", "data:  x: y", "", "",
].join("\n");
const blocks = [
    { id: "e-41" }, { event: "put", id: "e-42", data: "{\"a\":\n1}" }, { event: "reactions", data: " x: y" },
];

test("parses events and skips comments", () => {
    assert.deepEqual(new EventParser().take(stream), blocks);
});

test("events are the same for any chunking and any line ending", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
        const text = stream.replaceAll("\n", end) + ":";
        for (let size = 1; size < 30; size += 1) {
            const parser = new EventParser();
            const found = [];
            for (let start = 0; start < text.length; start += size) {
                found.push(...parser.take(text.slice(start, start + size)));
            }
            assert.deepEqual(found, blocks, `${JSON.stringify(end)} by ${size}`);
        }
    }
});

test("an incomplete event is not returned", () => {
    assert.deepEqual(new EventParser().take("event: put\ndata: 1\n"), []);
});

test("Unicode line separators do not end a line", () => {
    assert.deepEqual(new EventParser().take("data: \"a\u2028b\"\n\n"), [{ data: "\"a\u2028b\"" }]);
});

test("a field without a colon has an empty value", () => {
    assert.deepEqual(new EventParser().take("data\n\n"), [{ data: "" }]);
});

test("a refusal has the Retry-After seconds of 429 and 503", () => {
    const after = (status, value) => {
        const headers = value && { "Retry-After": value };
        return new Refusal(new Response(null, { status, headers }), null).retryAfter;
    };
    assert.equal(after(429, "7"), 7);
    assert.equal(after(503, "7"), 7);
    assert.equal(after(500, "7"), 0);
    assert.equal(after(503), 0);
    // HTTP dates are not supported: the follower's own back-off applies.
    assert.equal(after(503, new Date().toUTCString()), 0);
});
