// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The number of words in a Markdown text.
import { phrase } from "./phrases.js";

/**
 * Counts words. Languages that are written without spaces are segmented by the browser, where it can.
 * @param {string} text Markdown.
 * @returns {number}
 */
export function wordCount(text) {
    // Addresses are not read.
    const read = text.replace(/\]\((?:<[^>\n]*>|[^()\s]*)\)/g, "] ").replace(/\b(?:https?|mailto):\S+/gi, " ");
    const segmenter = wordSegmenter();
    if (!segmenter) return read.match(/[\p{L}\p{N}]+(?:[\p{M}'’.,-]?[\p{L}\p{N}])*/gu)?.length ?? 0;
    let count = 0;
    for (const { isWordLike } of segmenter.segment(read)) if (isWordLike) count += 1;
    return count;
}

/**
 * @param {number} count
 * @returns {string} Such as `128 words`; empty for none.
 */
export function wordsLabel(count) {
    return count === 0 ? "" : phrase("wordCount", { count });
}

/** @returns {{segment(text: string): Iterable<{isWordLike?: boolean}>}|null} Null in browsers that have none. */
function wordSegmenter() {
    const { Segmenter } = (
        /** @type {{Segmenter?: new (language: undefined, options: {granularity: "word"}) => any}} */
        (Intl)
    );
    return Segmenter ? new Segmenter(undefined, { granularity: "word" }) : null;
}
