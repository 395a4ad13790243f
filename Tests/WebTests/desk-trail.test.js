// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { cut, entryTexts, shortDiff } from "../../Sources/Web/Files/desk/trail-texts.js";

const STORY = "story";

/** A version of an update, as the API has it. */
function version(seq, body, at, more = {}) {
    return { id: "u", seq, title: null, body, modifiedAt: `2026-11-30T20:${at}:00.000Z`, state: "published", ...more };
}

/** An entry of the trail. */
function entry(number, action, seq, at, members = [], story = STORY) {
    return { number, action, seq, at: `2026-11-30T20:${at}:00.000Z`, members, story, update: "u" };
}

/** What each entry stands for: the text, the one before it, and whether the entry made it. */
function told(entries, versions) {
    const texts = entryTexts(entries, versions, STORY);
    return entries.map(({ number }) => {
        const text = texts.get(number);
        return text ? [text.version.body, text.before?.body ?? null, text.isExact] : null;
    });
}

test("Each entry has the text of its own change, not the present one", () => {
    const versions = [version(7, "The admin's", "07"), version(5, "Joel's", "05"), version(2, "First", "02")];
    const entries = [
        entry(12, "update.edit", 7, "07", ["body"]), entry(10, "update.edit", 5, "05", ["body"]),
        entry(4, "update.publish", 2, "02"),
    ];
    assert.deepEqual(told(entries, versions),
        [["The admin's", "Joel's", true], ["Joel's", "First", true], ["First", null, true]]);
});

test("An edit of a draft that is not kept has no text, rather than a later one", () => {
    const versions = [version(null, "Third", "09", { state: "draft" })];
    const entries = [
        entry(9, "update.edit", null, "09", ["body"]), entry(8, "update.edit", null, "08", ["tags"]),
        entry(7, "update.edit", null, "07", ["body"]), entry(6, "update.draft", null, "06"),
    ];
    assert.deepEqual(told(entries, versions), [["Third", null, true], null, null, null]);
});

test("A deletion, a move or a pin stands for the text that it found", () => {
    const versions = [version(5, "Second", "05"), version(2, "First", "02")];
    const entries = [
        entry(9, "update.delete", 9, "09"), entry(5, "update.edit", 5, "05", ["body"]),
        entry(3, "update.edit", 4, "04", ["pinned"]), entry(2, "update.publish", 2, "02"),
    ];
    // Of the pin no version is left; what it found may have been changed with the next one, which names the body.
    assert.deepEqual(told(entries, versions),
        [["Second", null, false], ["Second", "First", true], null, ["First", null, true]]);
    const moved = [version(3, "Second", "09"), version(1, "First", "02"), version(1, "Nil", "01")];
    const trail = [
        entry(9, "update.move", 3, "09", []), entry(8, "update.move", 8, "09", [], "other"),
        entry(7, "update.edit", 5, "05", ["body"], "other"), entry(6, "update.edit", 1, "02", ["body"], "other"),
    ];
    assert.deepEqual(told(trail, moved), [
        ["Second", "First", true], ["Second", "First", true], ["Second", null, false], ["First", "Nil", true],
    ]);
});

test("Numbers of another story, and ambiguous ones, are not taken for those of this one", () => {
    const versions = [version(5, "Here", "09"), version(1, "Was 3", "03"), version(1, "Was 1", "01")];
    const entries = [entry(9, "update.edit", 5, "04", ["body"], "other"), entry(8, "update.edit", 1, "03", ["body"])];
    assert.deepEqual(told(entries, versions), [null, ["Was 3", "Was 1", true]]);
});

test("Cards that arrived since do not hide who made the present version", () => {
    const versions = [version(8, "Second", "05"), version(2, "First", "02")];
    const entries = [entry(5, "update.edit", 5, "04", ["body"]), entry(2, "update.publish", 2, "02")];
    assert.deepEqual(told(entries, versions), [["Second", "First", true], ["First", null, true]]);
});

test("A comparison is cut to what is around the changes", () => {
    const [long, other] = ["same ".repeat(40), "last ".repeat(40)];
    const parts = shortDiff(`${long}old ${other}`, `${long}new ${other}`);
    assert.deepEqual(parts.map(({ kind }) => kind), ["same", "gone", "new", "same"]);
    assert.match(parts[0].text, /^….{40}$/su);
    assert.match(parts[3].text, /^.{40}…$/su);
    assert.equal(cut("🚢🚢🚢", 2), "🚢🚢…");
});
