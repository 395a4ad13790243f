// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { foundSnippets, snippetEdit, snippetQuery } from "../../Sources/Web/Files/desk/snippets.js";

const query = marked => snippetQuery(marked.replace("|", ""), marked.indexOf("|"));
const names = (own, text) => foundSnippets(own, text).map(({ name }) => name);

test("a slash that begins a line asks for a snippet, any other is text", () => {
    assert.equal(query("/|"), "");
    assert.equal(query("One\n/what we|\nTwo"), "what we");
    assert.deepEqual(["a/|", "One/|", "/cor|rection", "/ https://|", "//|", "|"].map(query), Array(6).fill(null));
});

test("snippets are found by the start of their name or of a word in it; the site's own come first and win", () => {
    const own = [{ name: "Übergabe", text: "x" }, { name: "quote", text: "own" }];
    assert.deepEqual(names([], ""), ["What we know", "Timeline", "Correction", "Quote"]);
    assert.deepEqual(names(own, ""), ["Übergabe", "quote", "What we know", "Timeline", "Correction"]);
    assert.deepEqual(names(own, "uber"), ["Übergabe"]);
    assert.deepEqual(names(own, "KNOW"), ["What we know"]);
    assert.deepEqual(names(own, "whatwe"), ["What we know"]);
    assert.deepEqual(names(own, "nothing"), []);
});

test("a snippet replaces what was typed, and its first gap is selected", () => {
    const text = "One\n/corr\nTwo";
    const edit = snippetEdit(text, 9, { name: "", text: "**{time}:** … and …" }, "03:12");
    assert.deepEqual([edit.start, edit.end, edit.text], [4, 9, "**03:12:** … and …"]);
    assert.deepEqual([edit.from, edit.to], [15, 16]);
    const whole = snippetEdit("/x", 2, { name: "", text: "Words" }, "");
    assert.deepEqual([whole.from, whole.to], [5, 5]);
});
