// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Where in a form the server's words belong.

/**
 * The field that a fault is about.
 * @param {string} pointer JSON Pointer into the body, such as `/sources/1/url`.
 * @param {Iterable<string>} known The pointers of fields, such as `/sources` or `/sources/1/url`.
 * @returns {string|null} The nearest one; null where the fault is about none of them.
 */
export function nearestPointer(pointer, known) {
    const all = new Set(known);
    for (let place = pointer; place; place = place.slice(0, place.lastIndexOf("/"))) {
        if (all.has(place)) return place;
    }
    return null;
}

/**
 * What a refusal says, sorted by fields.
 * @param {{pointer: string, detail: string}[]} errors
 * @param {Iterable<string>} known
 * @returns {{fields: Map<string, string[]>, rest: string[]}} `rest`: what is about no field.
 */
export function sortedFaults(errors, known) {
    const pointers = [...known];
    const fields = new Map();
    const rest = [];
    for (const { pointer, detail } of errors) {
        const place = nearestPointer(pointer, pointers);
        if (place === null) {
            rest.push(pointer ? `${pointer} ${detail}` : detail);
        } else {
            const inner = pointer.slice(place.length + 1);
            const words = inner ? `${placeLabel(inner)} ${detail}` : detail;
            fields.set(place, [...fields.get(place) ?? [], words]);
        }
    }
    return { fields, rest };
}

// People count from one.
/** @param {string} inner */
function placeLabel(inner) {
    return inner.split("/").map(part => /^\d+$/.test(part) ? `no. ${Number(part) + 1}` : part).join(", ");
}
