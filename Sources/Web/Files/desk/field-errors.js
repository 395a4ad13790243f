// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Assigns validation errors of the server to form fields.
import { phrase } from "./phrases.js";

/**
 * Returns the field that an error belongs to.
 * @param {string} pointer JSON Pointer (RFC 6901) into the body, such as `/sources/1/url`.
 * @param {Iterable<string>} known The pointers of fields, such as `/sources` or `/sources/1/url`.
 * @returns {string|null} The longest matching prefix; null if there is none.
 */
export function nearestPointer(pointer, known) {
    const all = new Set(known);
    for (let place = pointer; place; place = place.slice(0, place.lastIndexOf("/"))) {
        if (all.has(place)) return place;
    }
    return null;
}

/**
 * Groups the errors of a problem by field.
 * @param {{pointer: string, detail: string}[]} errors
 * @param {Iterable<string>} known
 * @returns {{fields: Map<string, string[]>, rest: string[]}} `rest`: errors that match no field.
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

// A relative pointer in words; indices count from one.
/** @param {string} inner */
function placeLabel(inner) {
    return inner.split("/").map(part => /^\d+$/.test(part) ? phrase("numbered", { number: Number(part) + 1 }) : part)
        .join(", ");
}
