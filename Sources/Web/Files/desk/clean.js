// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Pasted text may contain invisible control characters that the API rejects: vertical tabs from Word and PowerPoint
// (U+000B), form feeds from PDFs (U+000C), C1 controls from old pages.

/**
 * Returns a text without control characters: line separators become line feeds, or spaces in a single-line field; tabs
 * become spaces where tabs are not allowed; all others are dropped.
 * @param {string} text
 * @param {{hasLines: boolean, hasTabs: boolean}} field What the field allows.
 * @returns {string}
 */
export function cleanText(text, { hasLines, hasTabs }) {
    return text.replace(/[\u000b\u000c\u0085\u2028\u2029]/g, hasLines ? "\n" : " ")
        .replace(/\t/g, hasTabs ? "\t" : " ")
        .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, "");
}

/**
 * Cleans the text of a field on each input (typed, pasted or dropped) and preserves the caret.
 * @param {Event} event An `input` event.
 */
export function cleanField({ target }) {
    const hasLines = target instanceof HTMLTextAreaElement;
    if (!hasLines && !(target instanceof HTMLInputElement && target.type === "text")) return;
    const allowed = { hasLines, hasTabs: hasLines && !target.closest(".lines") };
    const { value, selectionStart } = target;
    const cleaned = cleanText(value, allowed);
    if (cleaned === value) return;
    target.value = cleaned;
    const caret = cleanText(value.slice(0, selectionStart ?? value.length), allowed).length;
    target.setSelectionRange(caret, caret);
}
