// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What is pasted from elsewhere holds characters that nobody sees and that no text may have: the line break of Word and
// of PowerPoint (U+000B), the page break of a PDF (U+000C), C1 characters of old pages.

/**
 * A text without control characters: those that end a line are line ends, or spaces where there is one line; a tab is a
 * space where a tab may not be; the others are left out.
 * @param {string} text
 * @param {{hasLines: boolean, hasTabs: boolean}} field What it may have.
 * @returns {string}
 */
export function cleanText(text, { hasLines, hasTabs }) {
    return text.replace(/[\u000b\u000c\u0085\u2028\u2029]/g, hasLines ? "\n" : " ")
        .replace(/\t/g, hasTabs ? "\t" : " ")
        .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, "");
}

/**
 * Cleans the text of a field as it comes in, by whatever way, and leaves the caret where it was.
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
