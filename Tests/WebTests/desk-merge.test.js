// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { differences, isDone, settled } from "../../Sources/Web/Files/desk/merge.js";

const FIELDS = [
    { name: "title", label: "Title", kind: "line" }, { name: "body", label: "Text", kind: "text" },
    { name: "tags", label: "Tags", kind: "words", separator: "," },
];
const BASE = { title: "T", body: "One.", tags: ["a"] };

const told = (mine, theirs, base = BASE) =>
    differences(FIELDS, base, { ...BASE, ...mine }, { ...BASE, ...theirs })
        .map(({ field, by }) => `${field.name} ${by}`);

test("The same change by both is no difference", () => {
    assert.deepEqual(told({ title: "X" }, { title: "X" }), []);
});

test("Each difference names who changed the member", () => {
    assert.deepEqual(told({ title: "X" }, { body: "Two." }), ["title me", "body them"]);
    assert.deepEqual(told({ tags: ["a", "b"] }, { tags: ["a", "c"] }), ["tags both"]);
});

test("Without a base version every difference is a conflict", () => {
    assert.deepEqual(told({ title: "X" }, {}, null), ["title both"]);
});

test("Line endings that a text area has normalized are no difference", () => {
    assert.deepEqual(told({ body: "One.\nTwo." }, { body: "One.\r\nTwo." }), []);
});

test("The chosen values fill the form", () => {
    const mine = { title: "Mine", body: "Mine.", tags: ["m"] };
    const theirs = { title: "Theirs", body: "Theirs.", tags: ["t", "u"] };
    assert.deepEqual(settled(FIELDS, mine, theirs, { title: "mine", tags: "theirs", body: { typed: "By hand." } }),
        { title: "Mine", body: "By hand.", tags: "t, u" });
});

test("Undecided members default to theirs", () => {
    assert.equal(settled(FIELDS, BASE, { ...BASE, title: "Theirs" }, { title: null }).title, "Theirs");
});

test("A patch counts as applied if the resource has all its values", () => {
    const thing = { title: "T", tags: [], source: { name: "N", url: null, date: null }, seq: 4, state: "published" };
    assert.equal(isDone(thing, { title: "T", state: "published" }), true);
    assert.equal(isDone(thing, { source: { date: null, name: "N", url: null } }), true);
    assert.equal(isDone(thing, { title: "U" }), false);
    assert.equal(isDone(thing, { byline: null }), true);
    // The tick is no member of what is published: alone, nothing tells whether it was done.
    assert.equal(isDone(thing, { title: "T", notify: true }), true);
    assert.equal(isDone(thing, { notify: true }), false);
    assert.equal(isDone({ ...thing, notify: false }, { title: "T", notify: true }), false);
});

test("What only the server sets is no sign that a patch was not applied", () => {
    const thing = { media: [{ url: "/media/a", focus: { x: 1, y: 2 }, alt: "", color: "#aabbcc" }] };
    const medium = { url: "/media/a", focus: { y: 2, x: 1 }, alt: "", caption: null };
    assert.equal(isDone(thing, { media: [medium] }), true);
    for (const media of [[], [medium, medium], [{ ...medium, focus: null }], [{ ...medium, alt: null }], null]) {
        assert.equal(isDone(thing, { media }), false, JSON.stringify(media));
    }
});
