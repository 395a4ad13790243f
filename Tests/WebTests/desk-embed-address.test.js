// SPDX-License-Identifier: Apache-2.0
// The address in place of an embed code, and the preview of what is refused.
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { addressEdit, refusedAddress } from "../../Sources/Web/Files/desk/embed-address.js";

const DETAIL = "must not be an embed code of X: paste the address alone: https://x.com/a/status/1"
    + " (code between backticks is shown as it is)";
const CODE = "<blockquote class=\"twitter-tweet\"><p>Words</p></blockquote>\n<script src=\"//x.com/w.js\"></script>";

const edited = (text, address) => {
    const edit = addressEdit(text, address);
    return edit && text.slice(0, edit.start) + edit.text + text.slice(edit.end);
};

test("the refusal of an embed code names its address; others, and codes without one, do not", () => {
    assert.equal(refusedAddress({ errors: [{ pointer: "/body", detail: DETAIL }] }), "https://x.com/a/status/1");
    const without = "must not be an embed code: paste the address alone (code between backticks is shown as it is)";
    for (const detail of [without, "must not be blank", "must be an address such as https://example.org/"]) {
        assert.equal(refusedAddress({ errors: [{ pointer: "/body", detail }] }), null);
    }
    assert.equal(refusedAddress({}), null);
});

test("the address stands alone in place of the code, and the words around it stay", () => {
    assert.equal(edited(CODE, "https://x.com/1"), "https://x.com/1");
    assert.equal(edited(`Before.\n${CODE}\nAfter.`, "https://x.com/1"), "Before.\n\nhttps://x.com/1\n\nAfter.");
    assert.equal(edited("See <iframe src=\"https://e.org/\"></iframe>", "https://e.org/"), "See\n\nhttps://e.org/");
    assert.equal(edited("Words <embed src=\"https://e.org/\">.", "https://e.org/"), null);
});
