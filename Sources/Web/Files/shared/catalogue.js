// SPDX-License-Identifier: Apache-2.0
// @ts-check

/**
 * The words of our own that this script uses, in the language that it is served in: the server replaces the text by
 * them (words/*.json).
 */
export const CATALOGUE = (
    /** @type {Catalogue} */
    (/** @type {unknown} */ ("WORDS"))
);
