// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, isDone, settled } from "../../Sources/Web/Files/desk/merge.js";

const FIELDS = [
    { name: "title", label: "Title", kind: "line" }, { name: "body", label: "Text", kind: "text" },
    { name: "tags", label: "Tags", kind: "words", separator: "," },
];
const BASE = { title: "T", body: "One.", tags: ["a"] };

const told = (mine, theirs, base = BASE) =>
    differences(FIELDS, base, { ...BASE, ...mine }, { ...BASE, ...theirs })
        .map(({ field, by }) => `${field.name} ${by}`);

test("What both want alike is no difference", () => {
    assert.deepEqual(told({ title: "X" }, { title: "X" }), []);
});

test("It is told who has changed a member", () => {
    assert.deepEqual(told({ title: "X" }, { body: "Two." }), ["title me", "body them"]);
    assert.deepEqual(told({ tags: ["a", "b"] }, { tags: ["a", "c"] }), ["tags both"]);
});

test("Without a beginning nobody is right by himself", () => {
    assert.deepEqual(told({ title: "X" }, {}, null), ["title both"]);
});

test("Line ends that only a text area has changed are no difference", () => {
    assert.deepEqual(told({ body: "One.\nTwo." }, { body: "One.\r\nTwo." }), []);
});

test("What was chosen is what stands in the form", () => {
    const mine = { title: "Mine", body: "Mine.", tags: ["m"] };
    const theirs = { title: "Theirs", body: "Theirs.", tags: ["t", "u"] };
    assert.deepEqual(settled(FIELDS, mine, theirs, { title: "mine", tags: "theirs", body: { typed: "By hand." } }),
        { title: "Mine", body: "By hand.", tags: "t, u" });
});

test("What is not chosen is theirs", () => {
    assert.equal(settled(FIELDS, BASE, { ...BASE, title: "Theirs" }, { title: null }).title, "Theirs");
});

test("A patch is done where the thing says all that it says", () => {
    const thing = { title: "T", tags: [], source: { name: "N", url: null, date: null }, seq: 4, state: "published" };
    assert.equal(isDone(thing, { title: "T", state: "published" }), true);
    assert.equal(isDone(thing, { source: { date: null, name: "N", url: null } }), true);
    assert.equal(isDone(thing, { title: "U" }), false);
    assert.equal(isDone(thing, { byline: null }), true);
});
