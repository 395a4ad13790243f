// SPDX-License-Identifier: Apache-2.0
// @ts-check

/**
 * The words of our own that this script uses, in the language that it is served in: the server replaces the object by
 * them (words/*.json).
 * @type {Catalogue}
 */
export const CATALOGUE = { language: "", dir: "ltr", messages: {} };
