// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { reversePatch } from "../../Sources/Web/Files/desk/undo.js";

const NOW = Date.parse("2026-05-04T09:00:00Z");
const update = {
    title: "The start", body: "They are off.", author: null, tags: ["start"], sources: [], media: [], occurredAt: null,
    pinned: false, keyEvent: false, state: "published", publishAt: null,
};
const reverse = (before, after) => reversePatch({ ...update, ...before }, { ...update, ...after }, NOW);

test("an edit is taken back in what it changed, and in nothing else", () => {
    assert.deepEqual(reverse({}, { title: null, tags: [] }), { title: "The start", tags: ["start"] });
    assert.deepEqual(reverse({ pinned: true }, { pinned: false }), { pinned: true });
    assert.deepEqual(reverse({}, {}), {});
});

test("what was published goes back to where it was: a draft, or a time that is still ahead", () => {
    const later = "2026-05-04T10:00:00.000Z";
    assert.deepEqual(reverse({ state: "draft" }, {}), { state: "draft" });
    assert.deepEqual(reverse({ state: "scheduled", publishAt: later }, {}), { state: "scheduled", publishAt: later });
    assert.deepEqual(reverse({ state: "scheduled", publishAt: "2026-05-04T08:00:00.000Z" }, {}), { state: "draft" });
    assert.deepEqual(reverse({ state: "draft" }, { state: "scheduled", publishAt: later }), { state: "draft" });
});

test("what was withdrawn is published again, and nobody is notified twice", () => {
    assert.deepEqual(reverse({ notify: false }, { state: "draft", notify: true }), { state: "published" });
});
