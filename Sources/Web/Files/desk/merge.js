// Two people have changed the same thing: where they differ, and what comes of it.
import { isSame, typedMembers, typedOf } from "./values.js";

/**
 * The members in which what I want differs from what stands.
 * @param {import("./values.js").Field[]} fields
 * @param {object|null} base What I began from, as of the API.
 * @param {object} mine What I want.
 * @param {object} theirs What stands now.
 * @returns {{field: Field, base: *, mine: *, theirs: *, by: "me"|"them"|"both"}[]} `by`: who has changed it since.
 */
export function differences(fields, base, mine, theirs) {
    const found = [];
    for (const field of fields) {
        const [was, my, their] = [base ?? {}, mine, theirs].map(thing => typedOf(field, thing[field.name]));
        if (isSame(my, their)) continue;
        const by = base && isSame(was, their) ? "me" : base && isSame(was, my) ? "them" : "both";
        const value = thing => thing?.[field.name] ?? null;
        found.push({ field, by, base: value(base), mine: value(mine), theirs: value(theirs) });
    }
    return found;
}

/**
 * What is to stand in the form after a choice has been made for each difference.
 * @param {Field[]} fields
 * @param {object} mine
 * @param {object} theirs
 * @param {Object<string, "mine"|"theirs"|{typed: *}>} choices By name of the member; `typed` is written by hand.
 * @returns {object} Typed, by name; the form is then of `theirs`.
 */
export function settled(fields, mine, theirs, choices) {
    const typed = typedMembers(fields, theirs);
    for (const field of fields) {
        const choice = choices[field.name];
        if (choice === "mine") typed[field.name] = typedOf(field, mine[field.name]);
        else if (choice && choice !== "theirs") typed[field.name] = choice.typed;
    }
    return typed;
}

/**
 * Whether a thing is already what a patch would make of it: then the patch was done, and only its answer was lost.
 * @param {object} thing
 * @param {object} patch Of values as of the API, all members of objects named.
 * @returns {boolean}
 */
export function isDone(thing, patch) {
    return Object.entries(patch).every(([name, value]) => isSame(sorted(thing[name] ?? null), sorted(value ?? null)));
}

// Without members that are null, and in one order: what a patch leaves out is null in an answer.
function sorted(value) {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== "object") return value;
    const members = Object.entries(value).filter(member => member[1] !== null);
    return Object.fromEntries(members.sort((one, other) => one[0] < other[0] ? -1 : 1));
}
