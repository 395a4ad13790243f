// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Key points that a colleague has changed meanwhile: merged line by line, and asked about where both changed the same.
import { resolveConflict } from "./conflict.js";
import { mergeLines } from "./merge-lines.js";
import { phrase } from "./phrases.js";

/** @typedef {import("./merge-lines.js").LineConflict} LineConflict */

/** @param {string|LineConflict} part @returns {part is LineConflict} */
function isConflict(part) {
    return typeof part === "object";
}

/**
 * Whether both have changed a line, each in another way.
 * @param {string[]} was
 * @param {string[]} mine
 * @param {string[]} theirs
 */
export function hasConflict(was, mine, theirs) {
    return mergeLines(was, mine, theirs).some(isConflict);
}

/**
 * Merges key points, asking about each that both have changed.
 * @param {string[]} was The common ancestor.
 * @param {string[]} mine
 * @param {string[]} theirs
 * @param {() => Promise<string|null>} askName Who has made theirs, if that is known.
 * @returns {Promise<{texts: string[], isFinal: boolean}|null>} `isFinal`: to be saved without another look. Null if
 *   the editor cancelled.
 */
export async function resolveKeyPoints(was, mine, theirs, askName) {
    const parts = mergeLines(was, mine, theirs);
    const fields = parts.flatMap((part, index) => isConflict(part) ? [fieldAt(index)] : []);
    /** @param {"mine"|"theirs"} side @returns {Thing} */
    const version = side => Object.fromEntries(parts.flatMap((part, index) =>
        isConflict(part) ? [[fieldAt(index).name, part[side]]] : []));
    const decision = !fields.length ? { typed: {}, isFinal: true }
        : await resolveConflict(fields, {}, version("mine"), version("theirs"), await askName());
    if (!decision) return null;
    const texts = parts.map((part, index) => isConflict(part) ? decision.typed[fieldAt(index).name] : part);
    return { texts: texts.filter(text => text.trim()), isFinal: decision.isFinal };
}

/** @param {number} index @returns {Field} */
function fieldAt(index) {
    const label = phrase("rowName", { kind: phrase("keyPoint"), number: index + 1 });
    return { name: `point-${index}`, label, kind: "text" };
}
