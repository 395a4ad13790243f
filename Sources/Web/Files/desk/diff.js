// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Word-level diff of two texts.

// Bound on the quadratic comparison, above which it would be noticeably slow; such texts are shown replaced as a whole.
const MOST_CELLS = 2_000_000;

/**
 * Computes the word-level diff of two texts.
 * @param {string} before
 * @param {string} after
 * @returns {DiffPart[]} In order: `same` and `gone` parts make up `before`, `same` and `new` parts make up `after`.
 */
export function wordDiff(before, after) {
    const [old, young] = [tokens(before), tokens(after)];
    let start = 0;
    while (start < old.length && start < young.length && old[start] === young[start]) start += 1;
    let end = 0;
    while (end < old.length - start && end < young.length - start
        && old[old.length - 1 - end] === young[young.length - 1 - end]) end += 1;
    return joinedParts([
        ...partsOf("same", old.slice(0, start)),
        ...listDiff(old.slice(start, old.length - end), young.slice(start, young.length - end)),
        ...partsOf("same", old.slice(old.length - end)),
    ]);
}

/** @param {string} text */
function tokens(text) {
    // A number with its separators is one token.
    return text.match(/\s+|\p{N}+(?:[.,:]\p{N}+)+|[\p{L}\p{N}\p{M}_'’]+|./gsu) ?? [];
}

/** @param {DiffPart["kind"]} kind @param {string[]} words */
function partsOf(kind, words) {
    return words.map(text => ({ kind, text }));
}

/**
 * Computes the diff of two lists by their longest common subsequence.
 * @param {string[]} old
 * @param {string[]} young
 * @returns {DiffPart[]} In order.
 */
export function listDiff(old, young) {
    if (old.length * young.length > MOST_CELLS) return [...partsOf("gone", old), ...partsOf("new", young)];
    const lengths = commonLengths(old, young);
    const width = young.length + 1;
    /** @type {DiffPart[]} */
    const found = [];
    let [row, column] = [0, 0];
    while (row < old.length || column < young.length) {
        if (row < old.length && column < young.length && old[row] === young[column]) {
            found.push({ kind: "same", text: old[row] });
            row += 1;
            column += 1;
        } else if (column === young.length || (row < old.length
            && lengths[(row + 1) * width + column] >= lengths[row * width + column + 1])) {
            found.push({ kind: "gone", text: old[row] });
            row += 1;
        } else {
            found.push({ kind: "new", text: young[column] });
            column += 1;
        }
    }
    return found;
}

// The table of LCS lengths, row-major: entry (row, column) is for the suffixes that begin there.
/** @param {string[]} old @param {string[]} young */
function commonLengths(old, young) {
    const width = young.length + 1;
    const lengths = new Uint32Array((old.length + 1) * width);
    for (let row = old.length - 1; row >= 0; row -= 1) {
        for (let column = young.length - 1; column >= 0; column -= 1) {
            lengths[row * width + column] = old[row] === young[column]
                ? lengths[(row + 1) * width + column + 1] + 1
                : Math.max(lengths[(row + 1) * width + column], lengths[row * width + column + 1]);
        }
    }
    return lengths;
}

/** @param {DiffPart[]} list */
function joinedParts(list) {
    /** @type {DiffPart[]} */
    const joined = [];
    for (const part of list) {
        const last = joined.at(-1);
        if (last?.kind === part.kind) last.text += part.text;
        else joined.push({ ...part });
    }
    return joined;
}
