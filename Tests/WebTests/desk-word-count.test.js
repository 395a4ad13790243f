// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { wordCount, wordsLabel } from "../../Sources/Web/Files/desk/word-count.js";
import { nextIndex } from "../../Sources/Web/Files/desk/toolbar.js";

test("words are counted as they are read: no marks, no addresses", () => {
    assert.equal(wordCount("**Two** people’s [boats](https://example.org/a/b?c=d) are *lost*.\n\n- one\n- 2.5 m"), 8);
    assert.equal(wordCount("https://example.org/one/two"), 0);
    assert.equal(wordCount(" \n--- "), 0);
});

test("languages without spaces are segmented", () => {
    assert.ok(wordCount("東京で大きな地震がありました。") > 3);
});

test("a browser without a segmenter counts what spaces part", context => {
    const { Segmenter } = Intl;
    context.after(() => Object.assign(Intl, { Segmenter }));
    Object.assign(Intl, { Segmenter: undefined });
    assert.equal(wordCount("Two people’s boats, at 2.5 m: lost."), 7);
});

test("the count is in words", () => {
    assert.deepEqual([0, 1, 1234].map(wordsLabel), ["", "1 word", "1,234 words"]);
});

test("arrow keys go round a toolbar", () => {
    assert.deepEqual(["ArrowRight", "ArrowLeft", "Home", "End", "Tab"].map(key => nextIndex(key, 0, 3)), [1, 2, 0, 2, null]);
    assert.equal(nextIndex("ArrowRight", 2, 3), 0);
});
