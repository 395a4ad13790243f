// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Two people have changed the same thing: where they differ, and what comes of it.
import { isSame, typedMembers, typedOf } from "./values.js";

/**
 * The members in which what I want differs from what stands.
 * @param {Field[]} fields
 * @param {Thing|null} base What I began from, as of the API.
 * @param {Thing} mine What I want.
 * @param {Thing} theirs What stands now.
 * @returns {Difference[]} `by`: who has changed it since.
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
 * What is to stand in the form after a choice has been made for each difference.
 * @param {Field[]} fields
 * @param {Thing} mine
 * @param {Thing} theirs
 * @param {Record<string, string|null|{typed: any}>} choices By name of the member; `typed` is written by hand.
 * @returns {Typed} Typed, by name; the form is then of `theirs`.
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
 * Whether a thing is already what a patch would make of it: then the patch was done, and only its answer was lost.
 * @param {Thing} thing
 * @param {Thing} patch Of values as of the API, all members of objects named.
 * @returns {boolean}
 */
export function isDone(thing, patch) {
    return Object.entries(patch).every(([name, value]) => isSame(sorted(thing[name] ?? null), sorted(value ?? null)));
}

// Without members that are null, and in one order: what a patch leaves out is null in an answer.
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
