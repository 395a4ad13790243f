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
 * @param {Thing} thing
 * @param {Thing} patch Values as in the API; objects have all their members.
 * @returns {boolean}
 */
export function isDone(thing, patch) {
    // The tick is no member of what is published: it was done with the others.
    const members = Object.entries(patch).filter(([name]) => name !== "notify" || "notify" in thing);
    return members.length > 0
        && members.every(([name, value]) => isSame(sorted(thing[name] ?? null), sorted(value ?? null)));
}

// Canonical form for comparison: sorted members, without nulls, since what a patch omits is null in a response.
/**
 * @param {unknown} value
 * @returns {unknown}
 */
function sorted(value) {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== "object") return value;
    const members = Object.entries(value).filter(member => member[1] !== null);
    return Object.fromEntries(members.sort((one, other) => one[0] < other[0] ? -1 : 1));
}
