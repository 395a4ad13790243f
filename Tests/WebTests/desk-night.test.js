// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { bestMatches, matchScore } from "../../Sources/Web/Files/desk/fuzzy.js";
import { NewsSignal, titleWithNews } from "../../Sources/Web/Files/desk/news-signal.js";
import { outlineEntries } from "../../Sources/Web/Files/desk/outline-entries.js";
import { conditionText, hasPhraseMarks, searchParameters, searchPath } from "../../Sources/Web/Files/desk/search-query.js";
import { changedTags, Selection } from "../../Sources/Web/Files/desk/selection.js";
import { DeskSettings } from "../../Sources/Web/Files/desk/settings.js";
import { opensPalette, shortcutOf } from "../../Sources/Web/Files/desk/shortcuts.js";

const NO_MODIFIERS = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, defaultPrevented: false };

test("The start of a text beats the start of a word, that a part of one, and that single letters in order", () => {
    const things = ["A harbour", "The ha-ha", "Ashore", "Harbour", "Hit a raft"];
    assert.deepEqual(bestMatches(things, "har", text => text).map(({ thing }) => thing),
        ["Harbour", "A harbour", "Hit a raft"]);
    assert.equal(matchScore("hr", "Ashore") !== null, true);
    assert.equal(matchScore("zq", "Ashore"), null);
    assert.equal(matchScore("sao floods", "Floods in São Paulo") !== null, true);
    const lines = ["Line 297 of many", "Line 70 of many", "Many of line 7", "Line 7 often", "Line 7 of many"];
    assert.deepEqual(bestMatches(lines, "line 7 of", text => text).map(({ thing }) => thing),
        ["Line 7 of many", "Line 7 often", "Many of line 7", "Line 70 of many", "Line 297 of many"]);
    assert.deepEqual(bestMatches(lines, "7", text => text).slice(0, 3).map(({ thing }) => thing), lines.slice(2));
    assert.deepEqual(bestMatches(["b", "a"], "", text => text).map(({ thing }) => thing), ["b", "a"]);
});

test("What is typed into the search is words, an author and a tag", () => {
    assert.deepEqual(searchParameters("  bridge   open "), { q: "bridge open", author: null, tag: null });
    assert.deepEqual(searchParameters('tug author:"Ana Ruiz" tag:port'), { q: "tug", author: "Ana Ruiz", tag: "port" });
    assert.deepEqual(searchParameters('Author:ruiz tag:"unfinished wo'),
        { q: null, author: "ruiz", tag: "unfinished wo" });
    assert.deepEqual(searchParameters("co-author:x tag:"), { q: "co-author:x", author: null, tag: null });
    for (const [name, value] of [["tag", "port alder"], ["author", "Ruiz"]]) {
        assert.equal(searchParameters(conditionText(name, value))[name], value);
    }
    assert.equal(searchPath("a1", "où tag:x"), "/stories/a1/search?q=o%C3%B9&tag=x");
    assert.equal(searchPath("a1", "  "), null);
    assert.equal(searchPath(null, '"line 7"'), "/updates/search?q=%22line%207%22");
    assert.deepEqual(["line 7", "„line 7“", "「橋」"].map(hasPhraseMarks), [false, true, true]);
});

test("A range goes from what was toggled last, in the order shown, and does what the last press does", () => {
    let calls = 0;
    const selection = new Selection(() => { calls += 1; });
    const order = ["a", "b", "c", "d", "e"];
    selection.set("d");
    selection.extend("b", order, true);
    assert.deepEqual(selection.ids.sort(), ["b", "c", "d"]);
    selection.extend("c", order, false);
    assert.deepEqual(selection.ids, ["d"]);
    selection.extend("nowhere", order, true);
    assert.equal(selection.has("nowhere"), true);
    selection.keep(id => id === "d");
    assert.deepEqual([selection.ids, selection.count], [["d"], 1]);
    selection.clear();
    assert.equal(selection.count, 0);
    const before = calls;
    selection.clear();
    assert.equal(calls, before);
});

test("Tags are added once and taken off whatever their case, and keep their spelling", () => {
    assert.deepEqual(changedTags(["Port", "a"], ["port", "new", "NEW"], ["A"]), ["Port", "new"]);
    assert.deepEqual(changedTags([], ["x"], ["X"]), []);
});

test("Keys are shortcuts only while nobody types and without a modifier", () => {
    const press = (key, more = {}) => ({ ...NO_MODIFIERS, key, ...more });
    assert.equal(shortcutOf(press("j"), false), "j");
    assert.equal(shortcutOf(press("?", { shiftKey: true }), false), "?");
    for (const [event, isTyping] of [[press("j"), true], [press("j", { ctrlKey: true }), false], [press("q"), false],
        [press("j", { isComposing: true }), false], [press("j", { defaultPrevented: true }), false]]) {
        assert.equal(shortcutOf(event, isTyping), null);
    }
    assert.equal(opensPalette(press("k", { ctrlKey: true }), false), true);
    assert.equal(opensPalette(press("K", { metaKey: true }), false), true);
    assert.equal(opensPalette(press("k", { ctrlKey: true }), true), false);
    assert.equal(opensPalette(press("k"), false), false);
});

test("Settings are kept in the browser, and damaged ones are ignored", () => {
    const items = new Map();
    const storage = { getItem: name => items.get(name) ?? null, setItem: (name, text) => items.set(name, text) };
    const settings = new DeskSettings(storage);
    assert.deepEqual([settings.get("keys"), settings.get("sound")], [true, false]);
    settings.set("keys", false);
    assert.equal(new DeskSettings(storage).get("keys"), false);
    for (const text of ["{", "null", '{"keys": 1}']) {
        items.set("wireroom.desk.settings", text);
        assert.equal(new DeskSettings(storage).get("keys"), true);
    }
});

test("Each key event is below its hour, and a day is named where it begins", () => {
    const event = (id, publishedAt) => ({ id, publishedAt });
    const hours = [
        { start: "2026-11-29T01:00:00.000Z", count: 2, latest: "c" },
        { start: "2026-11-28T23:00:00.000Z", count: 1, latest: "a" },
    ];
    const events = [event("x", "2026-11-29T02:30:00.000Z"), event("c", "2026-11-29T01:40:00.000Z"),
        event("a", "2026-11-28T23:00:00.000Z"), event("0", "2026-11-28T05:00:00.000Z")];
    const entries = outlineEntries(hours, events, instant => instant.slice(0, 10));
    assert.deepEqual(entries.map(entry => entry.kind === "hour" ? [entry.day, entry.count] : entry.id),
        ["x", ["2026-11-29", 2], "c", ["2026-11-28", 1], "a", "0"]);
});

test("Only colleagues' new updates count, only while the page is hidden, and sound only if it is wanted", () => {
    const page = Object.assign(new EventTarget(), { hidden: false, title: "" });
    let [sound, tones] = [false, 0];
    const signal = new NewsSignal({ settings: { get: () => sound }, page, play: () => { tones += 1; } });
    signal.title = "Harbour";
    signal.know([{ id: "old" }]);
    const put = id => ({ op: "put", update: { id } });
    const note = (...ids) => signal.note(ids.map(put), id => id === "mine");
    note("seen");
    page.hidden = true;
    note("old", "seen", "mine", "new", "other");
    note("new");
    assert.deepEqual([page.title, tones], ["(2) Harbour", 0]);
    sound = true;
    note("third");
    assert.deepEqual([page.title, tones], ["(3) Harbour", 1]);
    page.hidden = false;
    page.dispatchEvent(new Event("visibilitychange"));
    assert.equal(page.title, "Harbour");
    assert.equal(titleWithNews("x", 0), "x");
    signal.close();
});
