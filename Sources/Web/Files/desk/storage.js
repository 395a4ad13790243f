// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Storages of the browser, which may be forbidden.

/**
 * Returns a browser storage, or an in-memory substitute where it is forbidden.
 * @param {() => Storage} find
 * @returns {KeptStorage}
 */
export function storageOf(find) {
    /** @type {KeptStorage|null} */
    const found = attempted(find, null);
    if (found) return found;
    /** @type {Map<string, string>} */
    const items = new Map();
    return {
        get length() {
            return items.size;
        },
        key: index => [...items.keys()][index] ?? null,
        getItem: name => items.get(name) ?? null,
        setItem: (name, text) => void items.set(name, text),
        removeItem: name => void items.delete(name),
    };
}

/**
 * Returns the result of an action, or a fallback if it throws.
 * @template T
 * @param {() => T} action
 * @param {T} otherwise
 * @returns {T}
 */
export function attempted(action, otherwise) {
    try {
        return action();
    } catch {
        return otherwise;
    }
}
