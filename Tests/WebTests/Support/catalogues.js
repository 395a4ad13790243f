// SPDX-License-Identifier: Apache-2.0
// What must hold of the catalogue of each language.
import assert from "node:assert/strict";

const COUNTS = [...Array(201).keys()];

const textsOf = message => (typeof message === "string" ? [message] : Object.values(message));
const placeholdersOf = text => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();
/** A form for one or two may have the number as a word. */
const namesOf = (text, isForm) => (isForm ? [...new Set([...placeholdersOf(text), "count"])].sort() : placeholdersOf(text));

/** Messages are those of the original, in its order, with the same placeholders. */
export function assertSameMessages(messages, originals) {
    assert.deepEqual(Object.keys(messages), Object.keys(originals));
    for (const [key, original] of Object.entries(originals)) {
        const isForm = typeof original !== "string";
        assert.equal(typeof messages[key], typeof original, key);
        const wanted = namesOf(textsOf(original).join(), isForm);
        for (const text of textsOf(messages[key])) {
            assert.ok(text.trim(), key);
            assert.deepEqual(namesOf(text, isForm), wanted, `${key}: ${text}`);
        }
    }
}

/** Messages have the plural forms that the numbers of a language need, and no others. */
export function assertPluralForms(messages, language) {
    const rules = new Intl.PluralRules(language);
    const needed = [...new Set([...COUNTS.map(count => rules.select(count)), "other"])].sort();
    const plurals = Object.entries(messages).filter(([, message]) => typeof message !== "string");
    assert.ok(plurals.length >= 5);
    for (const [key, message] of plurals) assert.deepEqual(Object.keys(message).sort(), needed, key);
}
