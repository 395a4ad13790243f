// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The updates that are selected for an action on all of them.

/** Selected ids; the one that was toggled last is where a range begins. */
export class Selection {
    /** @type {Set<string>} */
    #ids = new Set();
    /** @type {string|null} */
    #anchor = null;

    /** @param {() => void} onChange */
    constructor(onChange = () => {}) {
        this.onChange = onChange;
    }

    /** In the order in which they were selected. */
    get ids() {
        return [...this.#ids];
    }

    get count() {
        return this.#ids.size;
    }

    /** @param {string} id */
    has(id) {
        return this.#ids.has(id);
    }

    /**
     * Selects an update, or takes it out.
     * @param {string} id
     * @param {boolean} isOn
     */
    set(id, isOn = !this.has(id)) {
        this.#anchor = id;
        this.#change([id], isOn);
    }

    /**
     * Does to all from the one that was toggled last up to this one what is done to this one.
     * @param {string} id
     * @param {string[]} order All ids, as they are shown.
     * @param {boolean} isOn
     */
    extend(id, order, isOn) {
        const [from, to] = [order.indexOf(this.#anchor ?? id), order.indexOf(id)];
        if (from < 0 || to < 0) return this.set(id, isOn);
        this.#anchor = id;
        this.#change(order.slice(Math.min(from, to), Math.max(from, to) + 1), isOn);
    }

    /**
     * Takes out those that are gone.
     * @param {(id: string) => boolean} isThere
     */
    keep(isThere) {
        this.#change(this.ids.filter(id => !isThere(id)), false);
    }

    clear() {
        this.#change(this.ids, false);
    }

    /** @param {string[]} ids @param {boolean} isOn */
    #change(ids, isOn) {
        const before = this.count;
        for (const id of ids) {
            if (isOn) this.#ids.add(id);
            else this.#ids.delete(id);
        }
        if (this.count !== before) this.onChange();
    }
}

/**
 * Returns the tags of an update after some were added and some taken off; those that it has keep their spelling.
 * @param {string[]} tags
 * @param {string[]} added
 * @param {string[]} removed
 */
export function changedTags(tags, added, removed) {
    const keyOf = (/** @type {string} */ tag) => tag.normalize("NFC").toLowerCase();
    const gone = new Set(removed.map(keyOf));
    const kept = tags.filter(tag => !gone.has(keyOf(tag)));
    const known = new Set(kept.map(keyOf));
    return [...kept, ...added.filter(tag => !gone.has(keyOf(tag)) && !known.has(keyOf(tag)) && known.add(keyOf(tag)))];
}
