// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { wordDiff } from "../../Sources/Web/Files/desk/diff.js";

const shown = diff =>
    diff.map(({ kind, text }) => ({ same: text, gone: `[-${text}-]`, new: `[+${text}+]` })[kind]).join("");

test("Equal texts have no differences", () => {
    assert.deepEqual(wordDiff("One two.", "One two."), [{ kind: "same", text: "One two." }]);
    assert.deepEqual(wordDiff("", ""), []);
});

test("A change replaces whole words", () => {
    assert.equal(shown(wordDiff("The bridge is closed.", "The bridge is open.")), "The bridge is [-closed-][+open+].");
});

test("Punctuation is separate from words", () => {
    assert.equal(shown(wordDiff("All is well", "All is well, today")), "All is well[+, today+]");
});

test("Words of any script are recognized", () => {
    assert.equal(shown(wordDiff("Éire não", "Éire não é")), "Éire não[+ é+]");
    assert.equal(shown(wordDiff("ещё раз", "ещё нет")), "ещё [-раз-][+нет+]");
});

test("Both texts can be reconstructed from the diff", () => {
    const words = ["a", "b", "c", " ", "\n", ", ", "🚢", "don’t", "**"];
    let seed = 7;
    const random = most => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
    const text = () => Array.from({ length: random(40) }, () => words[random(words.length)]).join("");
    for (let round = 0; round < 500; round += 1) {
        const [before, after] = [text(), text()];
        const diff = wordDiff(before, after);
        assert.equal(diff.filter(part => part.kind !== "new").map(part => part.text).join(""), before);
        assert.equal(diff.filter(part => part.kind !== "gone").map(part => part.text).join(""), after);
    }
});

test("Very long texts are compared within two seconds", () => {
    const [before, after] = ["one two three ".repeat(4600), "four five six ".repeat(4600)];
    const started = Date.now();
    wordDiff(before, after);
    assert.ok(Date.now() - started < 2000);
});
