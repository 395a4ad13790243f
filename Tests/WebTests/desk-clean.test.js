// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { cleanField, cleanText } from "../../Sources/Web/Files/desk/clean.js";

const lines = { hasLines: true, hasTabs: true };
const line = { hasLines: false, hasTabs: false };

test("other line separators become line feeds or spaces; control characters are removed", () => {
    assert.equal(cleanText("One\u000btwo\u000cthree\u0085four\u2028five", lines), "One\ntwo\nthree\nfour\nfive");
    assert.equal(cleanText("a\u0000b\u0008c\u001b[0m\u007f\u0080\u009f", lines), "abc[0m");
    assert.equal(cleanText("a\tb\r\nc", lines), "a\tb\r\nc");
    assert.equal(cleanText("a\tb\u000bc\u0085d\u0001", line), "a b c d");
    assert.equal(cleanText("a\tb\u2029c", { hasLines: true, hasTabs: false }), "a b\nc");
    assert.equal(cleanText("مرحبا 👩‍🚀 \u00ad\u200d", line), "مرحبا 👩‍🚀 \u00ad\u200d");
});

test("cleaned text has no character that the server refuses", () => {
    for (let code = 0; code < 0xa0; code += 1) {
        const text = String.fromCharCode(code);
        assert.match(cleanText(text, lines), /^[\t\n\r\x20-\x7e]?$/);
    }
});

// Stubs of the browser's form fields, with only the members that are used.
class Field {
    constructor(value, selectionStart, place = null) {
        Object.assign(this, { type: "text", value, selectionStart, closest: () => place });
    }

    setSelectionRange(start) {
        this.selectionStart = start;
    }
}
globalThis.HTMLTextAreaElement = class extends Field {};
globalThis.HTMLInputElement = class extends Field {};

test("a text field is cleaned on input, and the caret keeps its place", () => {
    const area = new HTMLTextAreaElement("a\u0001b\u000bc", 4);
    cleanField({ target: area });
    assert.deepEqual([area.value, area.selectionStart], ["ab\nc", 3]);
    const input = new HTMLInputElement("a\u000bb", 2);
    cleanField({ target: input });
    assert.deepEqual([input.value, input.selectionStart], ["a b", 2]);
    const points = new HTMLTextAreaElement("a\tb", 1, {});
    cleanField({ target: points });
    assert.equal(points.value, "a b");
    const clean = Object.freeze(new HTMLInputElement("a b", 1));
    cleanField({ target: clean });
    cleanField({ target: Object.freeze(Object.assign(new HTMLInputElement("a\u0001", 1), { type: "checkbox" })) });
});
