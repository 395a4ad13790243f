// SPDX-License-Identifier: Apache-2.0
// @ts-check

/**
 * Formats a count of reactions; empty for zero.
 * @param {number|undefined} count
 */
export function countText(count) {
    return count && count > 0 ? String(count) : "";
}
