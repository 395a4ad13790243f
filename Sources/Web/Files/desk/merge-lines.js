// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Three-way merge of lists of lines, such as key points.
import { listDiff } from "./diff.js";

/**
 * What an edit made of a list.
 * @typedef {{lines: (string|null)[], added: string[][]}} LineEdits `lines`: what became of each line, null where it was
 *   removed; `added`: what was put before the line of that index, and last what was put at the end.
 */

/**
 * A line that both have changed, each in another way; null where it was removed.
 * @typedef {{mine: string|null, theirs: string|null}} LineConflict
 */

/**
 * Merges two edits of a list line by line. What was added by either is kept.
 * @param {string[]} base The common ancestor.
 * @param {string[]} mine
 * @param {string[]} theirs
 * @returns {(string|LineConflict)[]} In order.
 */
export function mergeLines(base, mine, theirs) {
    const [my, their] = [lineEdits(base, mine), lineEdits(base, theirs)];
    return [...base, null].flatMap((was, index) => {
        const added = their.added[index];
        const both = [...added, ...my.added[index].filter(line => !added.includes(line))];
        return was === null ? both : [...both, ...mergedLine(was, my.lines[index], their.lines[index])];
    });
}

/**
 * @param {string} was
 * @param {string|null} mine
 * @param {string|null} theirs
 * @returns {(string|LineConflict)[]}
 */
function mergedLine(was, mine, theirs) {
    if (mine !== theirs && mine !== was && theirs !== was) return [{ mine, theirs }];
    const line = mine === was ? theirs : mine;
    return line === null ? [] : [line];
}

/** @param {string[]} base @param {string[]} other @returns {LineEdits} */
function lineEdits(base, other) {
    /** @type {(string|null)[]} */
    const lines = [];
    const added = [...base, ""].map(() => /** @type {string[]} */ ([]));
    let gone = 0;
    /** @type {string[]} */
    let young = [];
    // Lines that were removed and added in one place are changed ones, in order.
    const close = () => {
        for (let index = 0; index < gone; index += 1) lines.push(young[index] ?? null);
        added[lines.length].push(...young.slice(gone));
        [gone, young] = [0, []];
    };
    for (const { kind, text } of listDiff(base, other)) {
        if (kind === "gone") gone += 1;
        else if (kind === "new") young.push(text);
        else {
            close();
            lines.push(text);
        }
    }
    close();
    return { lines, added };
}
