// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { continuedLine, insertedBlocks, pastedLink } from "../../Sources/Web/Files/desk/markdown-edit.js";
import { toggledEmphasis, toggledLines, toggledLink } from "../../Sources/Web/Files/desk/markdown-edit.js";

// A text in which `‹` and `›` stand for the selection's ends, or `|` for the caret.
function field(marked) {
    const [from, to] = marked.includes("|") ? [marked.indexOf("|"), marked.indexOf("|")]
        : [marked.indexOf("‹"), marked.indexOf("›") - 1];
    return [marked.replace(/[‹›|]/g, ""), from, to];
}

function shown(text, edit) {
    if (!edit) return null;
    const result = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
    const { from, to } = edit;
    return from === to ? `${result.slice(0, from)}|${result.slice(from)}`
        : `${result.slice(0, from)}‹${result.slice(from, to)}›${result.slice(to)}`;
}

const applied = (action, marked, ...rest) => shown(field(marked)[0], action(...field(marked), ...rest));
const bold = marked => applied(toggledEmphasis, marked, "bold");
const italic = marked => applied(toggledEmphasis, marked, "italic");
const lines = (marked, kind) => applied(toggledLines, marked, kind);
const link = marked => applied(toggledLink, marked);

test("bold and italic are set and taken back, also within each other", () => {
    assert.equal(bold("the ‹wind› blows"), "the **‹wind›** blows");
    assert.equal(bold("the **‹wind›** blows"), "the ‹wind› blows");
    assert.equal(bold("the ‹**wind**› blows"), "the ‹wind› blows");
    assert.equal(italic("the **‹wind›** blows"), "the ***‹wind›*** blows");
    assert.equal(bold("the ***‹wind›*** blows"), "the *‹wind›* blows");
    assert.equal(italic("the *‹wind›* blows"), "the ‹wind› blows");
});

test("white space at the ends of a selection stays outside", () => {
    assert.equal(bold("the‹ wind ›blows"), "the **‹wind›** blows");
});

test("a caret in a word stands for it, elsewhere marks are made ready, and unused ones taken back", () => {
    assert.equal(bold("the wi|nd blows"), "the **‹wind›** blows");
    assert.equal(italic("the |"), "the *|*");
    assert.equal(italic("the *|*"), "the |");
    assert.equal(bold("|"), "**|**");
    assert.equal(bold("**|**"), "|");
});

test("each line of a selection is marked by itself, after its bullet", () => {
    assert.equal(bold("‹- one\n\n> two\nthree›"), "- ‹**one**\n\n> **two**\n**three**›");
    assert.equal(bold("- ‹**one**\n\n> **two**\n**three**›"), "- ‹one\n\n> two\nthree›");
    assert.equal(bold("‹**one**\ntwo›"), "‹**one**\n**two**›");
});

test("lines become a list, a quotation or a heading, and ordinary again", () => {
    assert.equal(lines("‹one\ntwo›\nthree", "list"), "‹- one\n- two›\nthree");
    assert.equal(lines("‹- one\n- two›\nthree", "list"), "‹one\ntwo›\nthree");
    assert.equal(lines("‹- one\n\n- two›", "numbers"), "‹1. one\n\n2. two›");
    assert.equal(lines("‹one\n\ntwo›", "quote"), "‹> one\n>\n> two›");
    assert.equal(lines("o|ne", "heading"), "# o|ne");
    assert.equal(lines("# o|ne", "heading"), "o|ne");
    assert.equal(lines("one\n|", "list"), "one\n- |");
    assert.equal(lines("- |", "list"), "|");
    assert.equal(lines("‹one\n›two", "list"), "- ‹one\n›two");
});

test("a selection becomes a link whose missing part has the caret, and a link its words", () => {
    assert.equal(link("see ‹the report›."), "see [the report](|).");
    assert.equal(link("see ‹https://e.org/a_(b)›."), "see [|](https://e.org/a_%28b%29).");
    assert.equal(link("see |"), "see [|]()");
    assert.equal(link("see rep|ort"), "see [report](|)");
    assert.equal(link("see [the re|port](https://e.org/)."), "see ‹the report›.");
    assert.equal(link("see |[the report](https://e.org/)."), "see [|]()[the report](https://e.org/).");
});

test("an address pasted over words makes them a link", () => {
    const paste = (marked, address) => applied(pastedLink, marked, address);
    assert.equal(paste("see ‹the report›.", " https://e.org/x\n"), "see [the report](https://e.org/x)|.");
    assert.equal(paste("see ‹[1]›.", "https://e.org/x"), "see [\\[1\\]](https://e.org/x)|.");
    assert.equal(paste("see |", "https://e.org/x"), null);
    assert.equal(paste("‹https://old.org/›", "https://e.org/x"), null);
    assert.equal(paste("‹one\ntwo›", "https://e.org/x"), null);
    assert.equal(paste("‹words›", "more words"), null);
    assert.equal(paste("[‹words›](https://a.org)", "https://e.org/x"), null);
});

test("a new line continues a list or a quotation, and an empty item ends it", () => {
    const enter = marked => shown(field(marked)[0], continuedLine(...field(marked).slice(0, 2)));
    assert.equal(enter("- one|"), "- one\n- |");
    assert.equal(enter("- o|ne"), "- o\n- |ne");
    assert.equal(enter("9. nine|"), "9. nine\n10. |");
    assert.equal(enter("  * [x] done|"), "  * [x] done\n  * [ ] |");
    assert.equal(enter("> said|"), "> said\n> |");
    assert.equal(enter("- one\n- |"), "- one\n|");
    assert.equal(enter("plain|"), null);
    assert.equal(enter("|- one"), null);
});

test("inserted blocks are set off by empty lines, words are not", () => {
    const insert = (marked, text) => applied(insertedBlocks, marked, text);
    assert.equal(insert("one|two", "- a\n- b"), "one\n\n- a\n- b|\n\ntwo");
    assert.equal(insert("one\n|", "# Head"), "one\n\n# Head|");
    assert.equal(insert("one ‹x› two", "**y**"), "one **y**| two");
    assert.equal(insert("|", "a\n\nb"), "a\n\nb|");
});
