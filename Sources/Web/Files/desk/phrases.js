// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The words of the desk, in the editor's language: they are within its script, and so are there before all else.
import { CATALOGUE } from "../shared/catalogue.js";
import { Words } from "../shared/words.js";

const deskWords = new Words(CATALOGUE);

/** The locale of dates and numbers. English without a region has the form that the server writes. */
export const DESK_LOCALE = CATALOGUE.language === "en" ? "en-GB" : CATALOGUE.language;

const lists = new Intl.ListFormat(DESK_LOCALE, { type: "unit", style: "short" });

/**
 * Formats a number.
 * @param {number} value
 * @param {number} [digits] After the decimal point.
 */
export function numberText(value, digits) {
    return value.toLocaleString(DESK_LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param {string} key */
export function hasPhrase(key) {
    return deskWords.has(key);
}

/**
 * A message with values in place of its placeholders; `count` chooses its plural form.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 */
export function phrase(key, values) {
    return phraseParts(key, values).join("");
}

/**
 * The parts of a message, with nodes in place of its placeholders.
 * @template {Content|number} Value
 * @param {string} key
 * @param {Record<string, Value>} [values]
 */
export function phraseParts(key, values) {
    return deskWords.parts(key, values).map(part => typeof part === "number" ? numberText(part) : part);
}

/**
 * Lists texts.
 * @param {string[]} items
 */
export function phraseList(items) {
    return lists.format(items);
}

/**
 * Lists nodes.
 * @param {Content[]} items
 * @returns {Content[]}
 */
export function phraseListParts(items) {
    let index = 0;
    return lists.formatToParts(items.map(() => "-")).map(({ type, value }) => {
        index += type === "element" ? 1 : 0;
        return type === "element" ? items[index - 1] : value;
    });
}
