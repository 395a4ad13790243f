// SPDX-License-Identifier: Apache-2.0
// The words of the desk are in its catalogues, not in its modules.
import assert from "node:assert/strict";
import test from "node:test";
import { assertPluralForms, assertSameMessages } from "./Support/catalogues.js";
import { MODULES, textOf, treeOf, ts } from "./Support/syntax.js";
import { DESK_LANGUAGES, LANGUAGES, deskMessagesOf, messagesOf } from "./Support/words.js";

const DESK = MODULES.filter(path => path.startsWith("desk/"));
const originals = deskMessagesOf("en");
const shared = messagesOf("en");
/** What the server writes into the page. */
const OF_PAGE = ["needsScript"];

/** What is in quotes in code: classes, selectors, headers, keys, and what only programmers read. */
const CODE_CALLS = /\b(?:header|setRequestHeader|closest|querySelector|write|keyLabel|matchMedia|includes|mark)$/;
const CODE_PROPERTIES = /^(?:class|keys|pointer|"aria-keyshortcuts")$/;
const CODE_OPERANDS = /\b(?:className|key|pointer|attributeOf\(node, "class"\))$|^\($/;
const CODE_TEXT = /^(?:Arrow\w+|Home|End|Esc|Ctrl|Control|Ctrl\+K|Shift\+click|Bearer |#language select|application\/json, .*)$/;
/** The code that other sites embed. */
const CODE_MODULES = ["desk/embed-code.js"];

/** A text with a word in capitals, or with two words. */
const isProse = text => /(?:^|[^\w/])\p{Lu}\p{Ll}|\p{L}[,.:;]? \p{L}|\p{L}{3} $|^ \p{L}{2}/u.test(text);

/** Whether a literal is within what is code. */
function isCode(literal) {
    for (let [node, parent] = [literal, literal.parent]; parent; [node, parent] = [parent, parent.parent]) {
        if (ts.isStatement(parent) && !ts.isExpressionStatement(parent) || ts.isArrowFunction(parent)) return false;
        if (ts.isPropertyAssignment(parent)) return CODE_PROPERTIES.test(parent.name.getText());
        if (ts.isNewExpression(parent)) return parent.expression.getText().endsWith("Error");
        if (ts.isBinaryExpression(parent)) return CODE_OPERANDS.test(parent.left.getText());
        if (ts.isElementAccessExpression(parent)) return parent.argumentExpression === node;
        if (ts.isCallExpression(parent) && node !== parent.expression) {
            return CODE_CALLS.test(parent.expression.getText()) && node === parent.arguments[0];
        }
    }
    return false;
}

/** The texts in a module that are in no catalogue. */
function proseIn(text) {
    const found = [];
    const root = treeOf(text);
    const visit = node => {
        const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
        const isKey = isText && (node.text in originals || node.text in shared);
        if (isText && !isKey && isProse(node.text) && !CODE_TEXT.test(node.text) && !isCode(node)) found.push(node.text);
        ts.forEachChild(node, visit);
    };
    visit(root);
    return found;
}

const keysIn = text => [...text.matchAll(/\bphrase(?:Parts)?\(\s*"([^"]+)"/g)].map(([, key]) => key);
const isFamily = key => key.endsWith(".");

test("the desk has words in languages that pages have, too", () => {
    assert.deepEqual(DESK_LANGUAGES, LANGUAGES);
});

for (const language of DESK_LANGUAGES) {
    const messages = deskMessagesOf(language);

    test(`the desk in ${language} has each message of English, in its order, with the same placeholders`, () => {
        assertSameMessages(messages, originals);
    });

    test(`the desk in ${language} has the plural forms that its numbers need, and no others`, () => {
        assertPluralForms(messages, language);
    });

    test(`the word to confirm with in ${language} can be typed as it is compared`, () => {
        const word = messages.takedownWord;
        assert.equal(word, word.trim().toLowerCase());
    });
}

test("no message of the desk has the key of one for readers, whose scripts would have it", () => {
    assert.deepEqual(Object.keys(originals).filter(key => key in shared), []);
});

test("every message of the desk is used", () => {
    const text = DESK.map(textOf).join("\n");
    const isUsed = key => text.includes(`"${key}"`) || OF_PAGE.includes(key)
        || (key.includes(".") && text.includes(`"${key.split(".")[0]}."`));
    assert.deepEqual(Object.keys(originals).filter(key => !isUsed(key)), []);
});

test("every key that the desk names has a message", () => {
    const keys = DESK.flatMap(path => keysIn(textOf(path)));
    assert.ok(keys.length > 500);
    const all = { ...shared, ...originals };
    const isThere = key => (isFamily(key) ? Object.keys(all).some(other => other.startsWith(key)) : key in all);
    assert.deepEqual(keys.filter(key => !isThere(key)), []);
});

test("no module of the desk has words of its own", () => {
    const found = DESK.filter(path => !CODE_MODULES.includes(path)).map(path => [path, proseIn(textOf(path))]);
    assert.deepEqual(found.filter(([, texts]) => texts.length > 0), []);
});

test("words in a module are found", () => {
    for (const code of ['make("p", {}, "Saved.")', 'desk.say(`Moved ${count} updates.`)', 'make("p", { title: "two words" })',
        'fill(node, isLate ? "too late" : "")', '`${name} was lost`']) {
        assert.equal(proseIn(code).length > 0, true, code);
    }
});

test("the page has no words of its own", () => {
    const body = textOf("desk/desk.html").replace(/<title>.*<\/title>|<!--.*?-->/gs, "").replace("NEEDS SCRIPT", "");
    const texts = body.replace(/<[^>]*>/g, "\n").split("\n").map(text => text.trim()).filter(Boolean);
    assert.deepEqual(texts, ["Wireroom"]);
    assert.doesNotMatch(body, /\b(?:aria-label|title|placeholder|alt)=/);
});
