// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What was typed and not yet saved, kept in the browser against a crash. Text only: the key is never here.

const DRAFT_PREFIX = "wireroom.desk.draft.";

/**
 * Drafts by slot: `<story>/new` is a story's composer, `<story>/update/<id>` an editor of an update, and so on.
 * Where the storage is full or forbidden, the desk works on without them.
 */
export class Drafts {
    /**
     * @param {KeptStorage} storage
     * @param {() => number} now Milliseconds since 1970.
     */
    constructor(storage, now = Date.now) {
        this.storage = storage;
        this.now = now;
        /** Slots written since the page was loaded: what stands there is no surprise to anybody. */
        this.fresh = new Set();
    }

    /**
     * @param {string} slot
     * @returns {Draft|null} The record with `at`, milliseconds since 1970.
     */
    read(slot) {
        return attempted(() => record(this.storage.getItem(DRAFT_PREFIX + slot)), null);
    }

    /**
     * Keeps a record in the place of the one before.
     * @param {string} slot
     * @param {Partial<Draft>} value
     * @returns {boolean} Whether it is kept.
     */
    write(slot, value) {
        this.fresh.add(slot);
        return attempted(() => {
            this.storage.setItem(DRAFT_PREFIX + slot, JSON.stringify({ ...value, at: this.now() }));
            return true;
        }, false);
    }

    /** @param {string} slot */
    remove(slot) {
        this.fresh.delete(slot);
        attempted(() => this.storage.removeItem(DRAFT_PREFIX + slot), undefined);
    }

    /**
     * @param {string} prefix Of slots.
     * @returns {{slot: string, draft: Draft}[]}
     */
    list(prefix = "") {
        return attempted(() => {
            const names = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
            const slots = names.flatMap(name =>
                name?.startsWith(DRAFT_PREFIX + prefix) ? [name.slice(DRAFT_PREFIX.length)] : []);
            return slots.sort().flatMap(slot => {
                const draft = this.read(slot);
                return draft ? [{ slot, draft }] : [];
            });
        }, []);
    }

    /**
     * Of what is erased everywhere nothing must live on here.
     * @param {string} story Id.
     * @param {string} update Id.
     */
    forgetUpdate(story, update) {
        for (const kind of ["update", "strike", "takedown"]) this.remove(`${story}/${kind}/${update}`);
    }
}

/**
 * A storage of the browser; where it is forbidden, one that lasts as long as the page.
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

/** @param {string|null} text */
function record(text) {
    const value = text === null ? null : JSON.parse(text);
    return value && typeof value === "object" ? value : null;
}

/**
 * What an action gives; where it fails, something else.
 * @template T
 * @param {() => T} action
 * @param {T} otherwise
 * @returns {T}
 */
function attempted(action, otherwise) {
    try {
        return action();
    } catch {
        return otherwise;
    }
}
