// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Three-way merge of concurrent edits.
import { isSame, typedMembers, typedOf } from "./values.js";

/**
 * Returns the members in which my version differs from the current one.
 * @param {Field[]} fields
 * @param {Thing|null} base The common ancestor, as in the API; null for a two-way comparison.
 * @param {Thing} mine My version.
 * @param {Thing} theirs The current version.
 * @returns {Difference[]} `by`: who has changed it since `base`; `both` without one.
 */
export function differences(fields, base, mine, theirs) {
    /** @type {Difference[]} */
    const found = [];
    for (const field of fields) {
        const [was, my, their] = [base, mine, theirs].map(thing => typedOf(field, thing?.[field.name]));
        if (isSame(my, their)) continue;
        const by = base && isSame(was, their) ? "me" : base && isSame(was, my) ? "them" : "both";
        /** @param {Thing|null} thing */
        const value = thing => thing?.[field.name] ?? null;
        found.push({ field, by, base: value(base), mine: value(mine), theirs: value(theirs) });
    }
    return found;
}

/**
 * Returns the merged input, given a choice for each difference.
 * @param {Field[]} fields
 * @param {Thing} mine
 * @param {Thing} theirs
 * @param {Record<string, string|null|{typed: any}>} choices By member name; `typed` was edited by hand.
 * @returns {Typed} By member name; the base state of the form is then `theirs`.
 */
export function settled(fields, mine, theirs, choices) {
    const typed = typedMembers(fields, theirs);
    for (const field of fields) {
        const choice = choices[field.name];
        if (choice === "mine") typed[field.name] = typedOf(field, mine[field.name]);
        else if (choice && typeof choice === "object") typed[field.name] = choice.typed;
    }
    return typed;
}

/**
 * Returns whether a patch has already been applied, and only its response was lost.
 * @param {any} thing May have more members than the patch: those that only the server sets.
 * @param {any} patch Values as in the API.
 * @returns {boolean}
 */
export function isDone(thing, patch) {
    // The tick is no member of what is published: it was done with the others.
    const { notify: _, ...others } = patch;
    const members = "notify" in thing ? patch : others;
    return Object.keys(members).length > 0 && holds(thing, members);
}

/**
 * @param {any} thing May have more members than the patch: those that only the server sets.
 * @param {any} patch
 * @returns {boolean}
 */
function holds(thing, patch) {
    if (patch === null || typeof patch !== "object") return (thing ?? null) === (patch ?? null);
    if (thing === null || typeof thing !== "object") return false;
    if (Array.isArray(patch) && thing.length !== patch.length) return false;
    return Object.entries(patch).every(([name, value]) => holds(thing[name], value));
}
